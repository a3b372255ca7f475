//! Looking ahead, so that a reader can be asked before something is decided.
//!
//! A run is determined: a copy of it goes on until a decision of a chosen kind, and what the copy
//! comes to is what the run will come to, unless the reader acts.

use super::Lab;
use crate::client::session::State;
use crate::sim::link::PacketType;
use crate::sim::trace::{EventKind, Note, NoteKind, Trace};
use crate::types::{Actor, ClientId, ServerId, ServerState, Time, Vote, Zxid};
use crate::why::{SyncKind, Why};
use crate::wire::{Message, Packet};

/// How far it looks: events.
const MOST_EVENTS: u32 = 3000;
/// How far it looks: microseconds.
const LONGEST_US: u64 = 60_000_000;

/// What can be asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// Whether a server adopts another's vote.
    Vote,
    /// Who wins an election.
    Winner,
    /// How a learner is synchronized.
    Sync,
    /// Whether an ACK commits.
    Commit,
    /// Whether a session expires.
    Expiry,
}

impl Subject {
    /// All.
    pub const ALL: [Subject; 5] =
        [Subject::Vote, Subject::Winner, Subject::Sync, Subject::Commit, Subject::Expiry];
}

/// What is asked, with the facts that are known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Question {
    /// Does the server adopt this vote?
    Vote {
        /// Who has to decide.
        server: ServerId,
        /// Whose vote reaches it.
        voter: ServerId,
        /// Its own.
        mine: Vote,
        /// The other.
        theirs: Vote,
    },
    /// Who wins?
    Winner,
    /// How is the learner synchronized?
    Sync {
        /// Who.
        learner: ServerId,
        /// Its last zxid.
        peer: Zxid,
        /// The oldest transaction of the leader's committed log in memory.
        min: Zxid,
        /// The newest.
        max: Zxid,
    },
    /// Is the transaction committed with this ACK?
    Commit {
        /// Who leads.
        leader: ServerId,
        /// Whose ACK.
        from: ServerId,
        /// Of what.
        zxid: Zxid,
    },
    /// Does the session of a client that lost its connection expire?
    Expiry {
        /// Whose.
        client: ClientId,
    },
}

/// An answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Guess {
    /// Yes.
    Yes,
    /// No.
    No,
    /// This server.
    Server(ServerId),
    /// DIFF, TRUNC or SNAP.
    Kind(SyncKind),
}

/// A question, and what will be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prediction {
    /// It is asked after so many events.
    pub stop: u32,
    /// The moment of the next one.
    pub until: Time,
    /// The event in which it is decided.
    pub decided: u32,
    /// What is asked.
    pub question: Question,
    /// What can be answered.
    pub options: Vec<Guess>,
    /// What is right.
    pub right: Guess,
}

impl Lab {
    /// The next decision of these kinds after the cursor, of those whose question comes after the
    /// first `after` events. Nothing if none comes soon; the second value is how far was looked.
    pub fn predict(&self, subjects: &[Subject], after: u32) -> (Option<Prediction>, u32) {
        let from = self.world().events;
        let limit = self.world().now.plus_us(LONGEST_US);
        let mut ahead = self.timeline.clone();
        while ahead.len() < from + MOST_EVENTS && ahead.extend(limit) {}
        let trace = ahead.trace();
        let up: Vec<ServerId> = self
            .world()
            .servers
            .iter()
            .filter_map(|(id, slot)| slot.process.as_ref().map(|_| *id))
            .collect();
        let found = trace.notes_from(from).find_map(|note| {
            let asks = |subject| subjects.contains(&subject);
            let found = match &note.what {
                NoteKind::Decision(why) => decision(&note, why, asks, trace, &up),
                NoteKind::ClientState(State::Connecting) if asks(Subject::Expiry) => {
                    expiry(&note, trace)
                }
                NoteKind::ClientState(_)
                | NoteKind::StateChanged { .. }
                | NoteKind::Exited
                | NoteKind::Completed { .. }
                | NoteKind::Watch(_)
                | NoteKind::Told { .. }
                | NoteKind::Violated(_) => None,
            };
            found.filter(|found| from.max(after) <= found.stop)
        });
        let ack =
            if subjects.contains(&Subject::Commit) { commit(trace, from.max(after)) } else { None };
        let next = [found, ack].into_iter().flatten().min_by_key(|found| found.stop);
        (next, ahead.len())
    }
}

/// Asked before an event, or right after it.
fn asked(
    trace: &Trace,
    stop: u32,
    decided: u32,
    question: Question,
    (options, right): (Vec<Guess>, Guess),
) -> Option<Prediction> {
    let until = trace.events.get(stop as usize)?.at;
    Some(Prediction { stop, until, decided, question, options, right })
}

fn yes_or_no(is_so: bool) -> (Vec<Guess>, Guess) {
    (vec![Guess::Yes, Guess::No], if is_so { Guess::Yes } else { Guess::No })
}

fn decision(
    note: &Note,
    why: &Why,
    asks: impl Fn(Subject) -> bool,
    trace: &Trace,
    up: &[ServerId],
) -> Option<Prediction> {
    let Actor::Server(server) = note.actor else { return None };
    let vote = |voter, mine: Vote, theirs: Vote, adopts| {
        let question = Question::Vote { server, voter, mine, theirs };
        asked(trace, note.event, note.event, question, yes_or_no(adopts))
    };
    match why {
        Why::AdoptedBetterVote { voter, mine, theirs } if asks(Subject::Vote) => {
            vote(*voter, *mine, *theirs, true)
        }
        Why::KeptVote { voter, mine, theirs } if asks(Subject::Vote) && mine != theirs => {
            vote(*voter, *mine, *theirs, false)
        }
        Why::StartedElection { .. } if asks(Subject::Winner) => {
            let (decided, winner) =
                trace.notes_from(note.event).find_map(|note| match (&note.what, note.actor) {
                    (
                        NoteKind::Decision(Why::Elected { state: ServerState::Leading, .. }),
                        Actor::Server(id),
                    ) => Some((note.event, id)),
                    _ => None,
                })?;
            let mut servers = up.to_vec();
            servers.push(winner);
            servers.sort();
            servers.dedup();
            let options = servers.into_iter().map(Guess::Server).collect();
            let options = (options, Guess::Server(winner));
            asked(trace, note.event + 1, decided, Question::Winner, options)
        }
        Why::Synchronizing { learner, peer, min, max, kind, .. } if asks(Subject::Sync) => {
            let question = Question::Sync { learner: *learner, peer: *peer, min: *min, max: *max };
            let options = [SyncKind::Diff, SyncKind::Trunc, SyncKind::Snap].map(Guess::Kind);
            let options = (options.to_vec(), Guess::Kind(*kind));
            asked(trace, note.event, note.event, question, options)
        }
        _ => None,
    }
}

/// A client has lost its connection: what comes next, a new one or the end of its session?
fn expiry(note: &Note, trace: &Trace) -> Option<Prediction> {
    let Actor::Client(client) = note.actor else { return None };
    let outcome = trace
        .notes_from(note.event + 1)
        .filter(|next| next.actor == note.actor)
        .find_map(|next| match next.what {
            NoteKind::ClientState(State::Connected | State::ConnectedReadOnly) => {
                Some((next.event, false))
            }
            NoteKind::ClientState(State::Expired) => Some((next.event, true)),
            _ => None,
        });
    let (decided, expires) = outcome?;
    asked(trace, note.event + 1, decided, Question::Expiry { client }, yes_or_no(expires))
}

/// The next ACK of something that is not committed yet.
fn commit(trace: &Trace, from: u32) -> Option<Prediction> {
    let commits = |first: u32, zxid: Zxid| {
        let of = move |note: &Note| match &note.what {
            NoteKind::Decision(Why::CommittedByQuorum { zxid: committed, .. }) => {
                *committed == zxid
            }
            _ => false,
        };
        trace.notes_from(first).find(of).map(|note| note.event)
    };
    trace.events.iter_from(from as usize).zip(from..).find_map(|(event, index)| {
        let EventKind::Delivered { from: sender, to, message, .. } = &event.kind else {
            return None;
        };
        if PacketType::of(message) != PacketType::Ack {
            return None;
        }
        let Message::Quorum(Packet::Ack { zxid, .. }) = &**message else { return None };
        let (Actor::Server(from), Actor::Server(leader)) = (*sender, *to) else { return None };
        // Only before it is committed, by this or by a later one.
        let decided = commits(index.saturating_sub(MOST_EVENTS), *zxid)?;
        if decided < index || zxid.is_new_epoch() {
            return None;
        }
        let question = Question::Commit { leader, from, zxid: *zxid };
        asked(trace, index, index, question, yes_or_no(decided == index))
    })
}

//! Fast Leader Election: which server should lead.
//!
//! # The problem
//!
//! Servers that have lost their leader must agree on a new one without a leader to ask. It should
//! be one whose log lacks nothing that was committed, so that nothing has to be copied *to* it.
//!
//! # The idea
//!
//! Everyone tells everyone its [`Vote`]: at first for itself. Whoever hears a better one — larger
//! epoch, then larger zxid, then larger id — adopts it and tells everyone again. Votes only get
//! better, so they converge on the best server that can be heard.
//!
//! ```text
//!   LOOKING ──better vote──▶ adopt it, tell everyone
//!      │
//!      ├──a quorum votes as I do──▶ wait finalizeWait (200 ms)
//!      │                               ├─ a better vote ─▶ go on
//!      │                               └─ silence ──▶ LEADING if it is me, else FOLLOWING
//!      └──a quorum follows a leader that says it leads──▶ FOLLOWING it
//! ```
//!
//! # Why it is safe
//!
//! It need not be: FLE may end with two servers that both think they lead. Only ZAB's discovery
//! and synchronization, which need a quorum each, make a leader. FLE has to be *live*, and to pick
//! well: a committed transaction is in the logs of a quorum, every quorum that votes meets that one,
//! and the best vote of it is at least as new.
//!
//! # Rounds
//!
//! Votes of different elections must not be mixed. Every election has a round, `logicalclock`; a
//! vote of a newer round voids all votes held, a vote of an older one does not count. The round is
//! in memory only.
//!
//! # Simplified
//!
//! A server's own vote is recorded at once instead of travelling through a loopback queue.
//!
//! ZooKeeper: `FastLeaderElection`, `Vote`. The connections below are in [`cnx`].

pub mod cnx;

use crate::config::Views;
use crate::mistake::{Mistake, Mistakes};
use crate::sorted::{Map, Set};
use crate::types::{ServerId, ServerState, Vote, Zxid};
use crate::why::{QuorumCheck, Why, quorum_facts};
use crate::wire::Notification;

/// Milliseconds of silence that end an election once a quorum agrees: `finalizeWait`.
pub const FINALIZE_WAIT_MS: u64 = 200;

/// What can happen to an election.
#[derive(Clone, Debug)]
pub enum Input {
    /// The server has no leader: begin a new round with this vote for itself.
    Start(Vote),
    /// A server told its vote.
    Notification {
        /// Which.
        from: ServerId,
        /// What it said.
        notification: Notification,
    },
    /// Nothing was heard for a while.
    Silence {
        /// Whether at least one peer has been sent everything (`haveDelivered`).
        has_delivered: bool,
    },
    /// Nothing was heard for `finalizeWait` after a quorum agreed.
    Finalize,
}

/// What an election asks for. Carried out in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Tell every other voter.
    Broadcast(Notification),
    /// Tell one server.
    Send {
        /// Which.
        to: ServerId,
        /// What.
        notification: Notification,
    },
    /// Try to connect to those that could not be told.
    ConnectAll,
    /// Call [`Input::Silence`] after that many milliseconds, instead of any call asked for before.
    WaitForNotification(u64),
    /// Call [`Input::Finalize`] after that many milliseconds instead of [`Input::Silence`].
    WaitForBetter(u64),
    /// No more waiting.
    StopWaiting,
    /// The election is over.
    Elected {
        /// For whom.
        vote: Vote,
        /// What this server does now.
        state: ServerState,
    },
    /// A decision.
    Explain(Why),
}

/// A vote as it was received.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Ballot {
    vote: Vote,
    round: u64,
    state: ServerState,
}

impl Ballot {
    /// `Vote.equals`: between servers that have settled only leader and epoch count, since they
    /// may have settled in different rounds and with different zxids.
    fn agrees_with(&self, other: &Ballot) -> bool {
        let is_looking = |ballot: &Ballot| ballot.state == ServerState::Looking;
        if is_looking(self) || is_looking(other) {
            self.vote == other.vote && self.round == other.round
        } else {
            self.vote.leader == other.vote.leader && self.vote.peer_epoch == other.vote.peer_epoch
        }
    }
}

/// One server's part in elections.
#[derive(Clone, Debug)]
pub struct Election {
    id: ServerId,
    views: Views,
    state: ServerState,
    /// The round: `logicalclock`.
    round: u64,
    /// Nothing was elected since it was made or made anew.
    is_fresh: bool,
    /// The vote for itself that this round began with.
    initial: Vote,
    /// The vote it casts now.
    proposal: Vote,
    /// The vote that ended the last election, and its round: `currentVote`.
    current: (Vote, u64),
    /// Votes of this round: `recvset`.
    received: Map<ServerId, Ballot>,
    /// Votes of servers that have settled, of any round: `outofelection`.
    settled: Map<ServerId, Ballot>,
    next_wait_ms: u64,
    longest_wait_ms: u64,
    first_wait_ms: u64,
    is_finalizing: bool,
    mistakes: Mistakes,
}

impl Election {
    /// An election machine that has not begun. Waits in milliseconds.
    pub fn new(id: ServerId, views: Views, first_wait_ms: u64, longest_wait_ms: u64) -> Election {
        Election {
            id,
            views,
            state: ServerState::Looking,
            round: 0,
            is_fresh: true,
            initial: Vote::NOBODY,
            proposal: Vote::NOBODY,
            current: (Vote::NOBODY, 0),
            received: Map::new(),
            settled: Map::new(),
            next_wait_ms: first_wait_ms,
            longest_wait_ms,
            first_wait_ms,
            is_finalizing: false,
            mistakes: Mistakes::NONE,
        }
    }

    /// The same, making these mistakes.
    pub fn with_mistakes(self, mistakes: Mistakes) -> Election {
        Election { mistakes, ..self }
    }

    /// The vote it casts, or cast last.
    pub fn vote(&self) -> Vote {
        match self.state {
            ServerState::Looking => self.proposal,
            ServerState::Following | ServerState::Leading | ServerState::Observing => {
                self.current.0
            }
        }
    }

    /// Its round: `logicalclock`.
    pub fn round(&self) -> u64 {
        self.round
    }

    /// The votes of this round, its own included.
    pub fn received(&self) -> impl Iterator<Item = (ServerId, Vote)> + '_ {
        self.received.iter().map(|(id, ballot)| (*id, ballot.vote))
    }

    /// Servers synchronized in an epoch answer later voters with that epoch
    /// (`QuorumPeer.updateElectionVote`).
    pub fn update_epoch(&mut self, epoch: u32) {
        self.current.0.peer_epoch = epoch;
    }

    /// The server goes by other configurations now.
    pub fn set_views(&mut self, views: Views) {
        self.views = views;
    }

    /// Forgets rounds and votes (`QuorumPeer.restartLeaderElection`): the members are others.
    pub fn restart(&mut self) {
        self.round = 0;
        self.received.clear();
        self.settled.clear();
        self.is_finalizing = false;
        self.is_fresh = self.state == ServerState::Looking;
    }

    /// A reconfiguration says who leads: no election is needed (`QuorumPeer.updateVote`,
    /// `updateServerState`). Simplified: ZooKeeper's vote then has epoch and round −1.
    pub fn appoint(&mut self, leader: ServerId, zxid: Zxid) {
        if self.current.0.leader != leader {
            self.current = (Vote { peer_epoch: 0, zxid, leader }, 0);
        }
    }

    /// What it does under the leader of its vote, without an election.
    pub fn resume(&mut self) -> (Vote, ServerState) {
        let vote = self.current.0;
        self.state = self.state_under(vote.leader);
        (vote, self.state)
    }

    /// Takes one input and appends what it leads to.
    pub fn step(&mut self, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Start(vote) => self.on_start(vote, effects),
            Input::Notification { from, notification } => {
                self.on_notification(from, notification, effects);
            }
            Input::Silence { has_delivered } => self.on_silence(has_delivered, effects),
            Input::Finalize => self.on_finalize(effects),
        }
    }

    fn on_start(&mut self, vote: Vote, effects: &mut Vec<Effect>) {
        self.state = ServerState::Looking;
        if std::mem::take(&mut self.is_fresh) {
            self.current = (vote, 0);
        }
        self.round += 1;
        self.initial = vote;
        self.received.clear();
        self.settled.clear();
        self.is_finalizing = false;
        self.next_wait_ms = self.first_wait_ms;
        effects.push(Effect::Explain(Why::StartedElection { round: self.round, vote }));
        self.propose(vote, effects);
        effects.push(Effect::WaitForNotification(self.next_wait_ms));
        if vote.zxid != Zxid::UNKNOWN {
            self.check_quorum(effects);
        }
    }

    /// Doubles the wait each time, so that a lonely server does not flood the network.
    fn on_silence(&mut self, has_delivered: bool, effects: &mut Vec<Effect>) {
        if self.state != ServerState::Looking {
            return;
        }
        if has_delivered {
            effects.push(Effect::Broadcast(self.notification()));
        } else {
            effects.push(Effect::ConnectAll);
        }
        self.next_wait_ms = (self.next_wait_ms * 2).min(self.longest_wait_ms);
        effects.push(Effect::Explain(Why::ResentVote { next_wait_ms: self.next_wait_ms }));
        effects.push(Effect::WaitForNotification(self.next_wait_ms));
    }

    fn on_finalize(&mut self, effects: &mut Vec<Effect>) {
        if self.state != ServerState::Looking || !self.is_finalizing {
            return;
        }
        let state = self.state_under(self.proposal.leader);
        let vote = self.proposal;
        effects.push(Effect::Explain(Why::Elected { vote, state }));
        self.settle(vote, self.round, state, effects);
    }

    /// What the receiver thread of `FastLeaderElection` does, then `lookForLeader`.
    fn on_notification(&mut self, from: ServerId, theirs: Notification, effects: &mut Vec<Effect>) {
        assert_ne!(from, self.id, "own votes are recorded by propose");
        if !self.views.is_voter(from) {
            self.answer(from, effects);
            return;
        }
        if self.state != ServerState::Looking {
            if theirs.state == ServerState::Looking {
                self.answer(from, effects);
            }
            return;
        }
        // An older round can't count towards our quorum, but its sender can be brought up to date.
        if theirs.state == ServerState::Looking && theirs.election_epoch < self.round {
            effects.push(Effect::Send { to: from, notification: self.notification() });
        }
        if self.is_finalizing {
            // Whatever is no better is consumed unread, whatever its round or its sender's state.
            self.admit(theirs.vote, self.proposal, effects);
            if !self.beats(theirs.vote, self.proposal) {
                effects.push(Effect::WaitForBetter(FINALIZE_WAIT_MS));
                return;
            }
            let mine = self.proposal;
            effects.push(Effect::Explain(Why::BetterVoteInTime { mine, theirs: theirs.vote }));
            self.is_finalizing = false;
        }
        effects.push(Effect::WaitForNotification(self.next_wait_ms));
        if !self.views.is_voter(theirs.vote.leader) {
            let leader = theirs.vote.leader;
            effects.push(Effect::Explain(Why::IgnoredNonVoter { voter: from, leader }));
            return;
        }
        match theirs.state {
            ServerState::Looking => self.on_looking_vote(from, theirs, effects),
            ServerState::Following | ServerState::Leading => {
                self.on_settled_vote(from, theirs, effects);
            }
            // Observers have no say.
            ServerState::Observing => {}
        }
    }

    fn on_looking_vote(&mut self, from: ServerId, theirs: Notification, effects: &mut Vec<Effect>) {
        // Who may have lost its data neither chooses nor is chosen.
        if self.initial.zxid == Zxid::UNKNOWN || theirs.vote.zxid == Zxid::UNKNOWN {
            let is_ours = self.initial.zxid == Zxid::UNKNOWN;
            effects.push(Effect::Explain(Why::IgnoredBlankVote { voter: from, is_ours }));
            return;
        }
        if theirs.election_epoch < self.round {
            effects.push(Effect::Explain(Why::IgnoredOlderRound {
                voter: from,
                theirs: theirs.election_epoch,
                mine: self.round,
            }));
            return;
        }
        let mine = self.proposal;
        if theirs.election_epoch == self.round {
            self.admit(theirs.vote, mine, effects);
        }
        // A newer round voids every vote we hold: they answer an older question.
        if self.round < theirs.election_epoch {
            let before = self.round;
            self.round = theirs.election_epoch;
            self.received.clear();
            self.admit(theirs.vote, self.initial, effects);
            let is_theirs_better = self.beats(theirs.vote, self.initial);
            let vote = if is_theirs_better { theirs.vote } else { self.initial };
            effects.push(Effect::Explain(Why::JoinedNewerRound {
                voter: from,
                from: before,
                to: self.round,
                vote,
            }));
            self.propose(vote, effects);
        } else if self.beats(theirs.vote, mine) {
            effects.push(Effect::Explain(Why::AdoptedBetterVote {
                voter: from,
                mine,
                theirs: theirs.vote,
            }));
            self.propose(theirs.vote, effects);
        } else if theirs.vote != mine {
            effects.push(Effect::Explain(Why::KeptVote { voter: from, mine, theirs: theirs.vote }));
        }
        let ballot =
            Ballot { vote: theirs.vote, round: theirs.election_epoch, state: ServerState::Looking };
        self.received.insert(from, ballot);
        self.check_quorum(effects);
    }

    /// A server that has settled: perhaps there is a leader to join.
    fn on_settled_vote(&mut self, from: ServerId, theirs: Notification, effects: &mut Vec<Effect>) {
        let ballot =
            Ballot { vote: theirs.vote, round: theirs.election_epoch, state: theirs.state };
        if theirs.election_epoch == self.round {
            self.received.insert(from, ballot);
            let voters = voters_for(&self.received, &ballot);
            if self.views.is_quorum(&voters) && self.is_leader_confirmed(&self.received, &ballot) {
                self.join(ballot, &voters, effects);
                return;
            }
        }
        self.settled.insert(from, ballot);
        let voters = voters_for(&self.settled, &ballot);
        if self.views.is_quorum(&voters) && self.is_leader_confirmed(&self.settled, &ballot) {
            self.round = theirs.election_epoch;
            self.join(ballot, &voters, effects);
        }
    }

    /// `checkLeader`: followers may still believe in a leader that is dead, so its own word counts.
    fn is_leader_confirmed(&self, votes: &Map<ServerId, Ballot>, ballot: &Ballot) -> bool {
        let leader = ballot.vote.leader;
        if leader == self.id {
            return self.round == ballot.round;
        }
        votes.get(&leader).is_some_and(|own| own.state == ServerState::Leading)
    }

    fn join(&mut self, ballot: Ballot, voters: &Set<ServerId>, effects: &mut Vec<Effect>) {
        let state = self.state_under(ballot.vote.leader);
        effects.push(Effect::Explain(Why::JoinedEstablishedLeader {
            vote: ballot.vote,
            round: ballot.round,
            voters: voters.iter().copied().collect(),
            state,
        }));
        self.settle(ballot.vote, ballot.round, state, effects);
    }

    fn settle(&mut self, vote: Vote, round: u64, state: ServerState, effects: &mut Vec<Effect>) {
        self.state = state;
        self.current = (vote, round);
        self.is_finalizing = false;
        effects.push(Effect::StopWaiting);
        effects.push(Effect::Elected { vote, state });
    }

    fn state_under(&self, leader: ServerId) -> ServerState {
        if leader == self.id {
            ServerState::Leading
        } else if self.views.current.is_observer(self.id) {
            ServerState::Observing
        } else {
            // Also who is no member: it follows, and has no vote.
            ServerState::Following
        }
    }

    fn propose(&mut self, vote: Vote, effects: &mut Vec<Effect>) {
        self.proposal = vote;
        if self.views.is_voter(self.id) {
            let ballot = Ballot { vote, round: self.round, state: ServerState::Looking };
            self.received.insert(self.id, ballot);
        }
        effects.push(Effect::Broadcast(self.notification()));
    }

    fn check_quorum(&mut self, effects: &mut Vec<Effect>) {
        let proposal =
            Ballot { vote: self.proposal, round: self.round, state: ServerState::Looking };
        let voters = voters_for(&self.received, &proposal);
        if !self.views.is_quorum(&voters) {
            return;
        }
        self.is_finalizing = true;
        effects.push(Effect::Explain(Why::QuorumAgrees {
            vote: self.proposal,
            voters: voters.iter().copied().collect(),
            needed: self.views.current.majority(),
        }));
        let check = QuorumCheck::Vote(self.proposal);
        effects.extend(quorum_facts(check, &self.views, &voters).map(Effect::Explain));
        effects.push(Effect::WaitForBetter(FINALIZE_WAIT_MS));
    }

    /// Tells who asks the vote of the last election. A voter is told the round of then, which it
    /// may join; an observer the present one.
    fn answer(&self, to: ServerId, effects: &mut Vec<Effect>) {
        let (vote, round) = self.current;
        let election_epoch = if self.views.is_voter(to) { round } else { self.round };
        let config = self.views.current.clone();
        effects.push(Effect::Explain(Why::AnsweredLooking { to, vote }));
        let notification = Notification { vote, election_epoch, state: self.state, config };
        effects.push(Effect::Send { to, notification });
    }

    /// `totalOrderPredicate`.
    fn beats(&self, challenger: Vote, champion: Vote) -> bool {
        challenger.zxid != Zxid::UNKNOWN
            && self.views.current.may_win(challenger.leader)
            && self.compared(champion) < self.compared(challenger)
    }

    /// What of a vote is compared: all of it, but for a mistake.
    fn compared(&self, vote: Vote) -> Vote {
        Vote {
            peer_epoch: if self.mistakes.has(Mistake::VoteIgnoresEpoch) {
                0
            } else {
                vote.peer_epoch
            },
            zxid: if self.mistakes.has(Mistake::VoteIgnoresZxid) { Zxid::ZERO } else { vote.zxid },
            leader: vote.leader,
        }
    }

    /// Says so if a mistake makes another vote win.
    fn admit(&self, challenger: Vote, champion: Vote, effects: &mut Vec<Effect>) {
        if (champion < challenger) != (self.compared(champion) < self.compared(challenger)) {
            let made = [Mistake::VoteIgnoresEpoch, Mistake::VoteIgnoresZxid];
            let made = made.into_iter().filter(|mistake| self.mistakes.has(*mistake));
            effects.extend(made.map(|mistake| Effect::Explain(Why::Mistaken { mistake })));
        }
    }

    fn notification(&self) -> Notification {
        Notification {
            vote: self.proposal,
            election_epoch: self.round,
            state: ServerState::Looking,
            config: self.views.current.clone(),
        }
    }
}

fn voters_for(votes: &Map<ServerId, Ballot>, ballot: &Ballot) -> Set<ServerId> {
    votes.iter().filter(|(_, other)| ballot.agrees_with(other)).map(|(id, _)| *id).collect()
}

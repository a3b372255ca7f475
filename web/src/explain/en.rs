//! The sentences in English.

pub use crate::explain::invariants::en as invariant;

use crate::explain::{Deciding, Names, Sentence, deciding, list, millis, mistakes};
use zklab_core::sim::action::Action;
use zklab_core::sim::check::Violation;
use zklab_core::types::{Actor, Phase, ServerId, ServerState, Vote, Zxid};
use zklab_core::why::{SyncKind, SyncRule, Why};

/// What an actor is called.
pub fn actor(names: &Names, actor: Actor) -> String {
    match actor {
        Actor::Server(id) => id.to_string(),
        Actor::Client(id) => format!("client {}", names.client(id)),
    }
}

fn servers(ids: &[ServerId]) -> String {
    if ids.is_empty() { "nobody".to_owned() } else { list(ids, ", ") }
}

fn plural(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn watches(count: usize) -> String {
    if count == 1 { "1 watch".to_owned() } else { format!("{count} watches") }
}

fn of_needed(present: usize, needed: usize) -> String {
    format!("{present}, with {needed} needed for a quorum")
}

fn vote_text(vote: Vote) -> String {
    format!("epoch {}, zxid {}", vote.peer_epoch, vote.zxid)
}

fn for_whom(voter: ServerId, vote: Vote) -> String {
    format!("{voter}’s vote for {}", vote.leader)
}

/// Why `better` wins over `worse`.
fn better(better: Vote, worse: Vote) -> String {
    if worse == Vote::NOBODY {
        return format!("any vote beats a vote for nobody; {}", vote_text(better));
    }
    if better < worse {
        let (better, worse) = (vote_text(better), vote_text(worse));
        return format!("{better} wins over {worse}, against the order of votes");
    }
    match deciding(better, worse) {
        Deciding::Epoch => format!("newer epoch {} > {}", better.peer_epoch, worse.peer_epoch),
        Deciding::Zxid => {
            format!("same epoch {}, newer zxid {} > {}", better.peer_epoch, better.zxid, worse.zxid)
        }
        Deciding::Id => format!(
            "same epoch {}, same zxid {}, larger id {} > {}",
            better.peer_epoch, better.zxid, better.leader, worse.leader
        ),
        Deciding::Nothing => format!("the same vote: {}", vote_text(better)),
    }
}

/// Which history is newer: first the epochs count, then the zxids.
fn newer_history(newer: (u32, Zxid), older: (u32, Zxid)) -> String {
    if newer.0 == older.0 {
        format!("same epoch {}, newer zxid {} > {}", newer.0, newer.1, older.1)
    } else {
        format!("newer epoch {} > {}", newer.0, older.0)
    }
}

fn doing(state: ServerState, leader: ServerId) -> String {
    match state {
        ServerState::Looking => "it goes on looking".to_owned(),
        ServerState::Following => format!("it follows {leader}"),
        ServerState::Leading => "it leads".to_owned(),
        ServerState::Observing => format!("it observes {leader}"),
    }
}

fn rule(rule: SyncRule, peer: Zxid, min: Zxid, max: Zxid) -> String {
    match rule {
        SyncRule::SameZxid => format!("both end with {peer}"),
        SyncRule::AheadOfCommittedLog => {
            format!("its {peer} is beyond {max}, the last that was committed")
        }
        SyncRule::InCommittedLog => {
            format!("its {peer} lies within the leader’s committed log, {min} to {max}")
        }
        SyncRule::DivergedInCommittedLog => format!(
            "its {peer} falls into the leader’s committed log, {min} to {max}, but is not in it: \
             back to the last common one"
        ),
        SyncRule::InDiskLog => format!(
            "its {peer} is older than the committed log in memory, which begins at {min}, but the \
             log on disk reaches back to it"
        ),
        SyncRule::DivergedInDiskLog => format!(
            "its {peer} is older than the committed log and is not the leader’s, and the log on \
             disk reaches back to the last common one"
        ),
        SyncRule::TooOld => {
            format!("its {peer} is older than anything the leader can replay, {min} to {max}")
        }
        SyncRule::GapInDiskLog => format!(
            "the log on disk has {peer}, but there is a gap before the committed log at {min}"
        ),
        SyncRule::DiskLogTooLarge => {
            format!("from {peer} the log on disk is too large: a snapshot is cheaper")
        }
        SyncRule::DivergedAcrossEpochs => format!(
            "its {peer} is not the leader’s, and the leader’s next transaction is of another epoch: \
             TRUNC may not cross epochs"
        ),
        SyncRule::NotCompared => format!("it ends with {peer}, and nothing is compared"),
        SyncRule::DivergenceOverlooked => {
            format!("its {peer} is not the leader’s, which is overlooked")
        }
        SyncRule::NewEpochBeyondLog => format!(
            "its {peer} only begins an epoch, no transaction carries it; the committed log ends \
             at {max}"
        ),
    }
}

/// Why a machine did what it did. `who` is the machine.
pub fn why(who: &str, why: &Why) -> Sentence {
    match why {
        Why::Mistaken { mistake } => {
            Sentence::new(format!("{who} goes wrong on purpose"), mistakes::en(*mistake).sentence)
        }
        Why::StartedElection { round, vote } if *vote == Vote::NOBODY => Sentence::new(
            format!("{who} looks for a leader"),
            format!("round {round}; an observer, it votes for nobody"),
        ),
        Why::StartedElection { round, vote } => Sentence::new(
            format!("{who} looks for a leader"),
            format!("round {round}, its first vote is for {}: {}", vote.leader, vote_text(*vote)),
        ),
        Why::ResentVote { next_wait_ms } => Sentence::new(
            format!("{who} sends its vote again"),
            format!("it has heard nothing; now it waits {}", millis(*next_wait_ms)),
        ),
        Why::JoinedNewerRound { voter, from, to, vote } => Sentence::new(
            format!("{who} joins {voter}’s round {to}"),
            format!(
                "newer than its own: {to} > {from}, so the votes it held are void; it now votes \
                 for {} ({})",
                vote.leader,
                vote_text(*vote)
            ),
        ),
        Why::IgnoredOlderRound { voter, theirs, mine } => Sentence::new(
            format!("{who} does not count {voter}’s vote"),
            format!("it is of an older round: {theirs} < {mine}"),
        ),
        Why::AdoptedBetterVote { voter, mine, theirs } => Sentence::new(
            format!("{who} adopts {}", for_whom(*voter, *theirs)),
            better(*theirs, *mine),
        ),
        Why::KeptVote { voter, mine, theirs } if mine == theirs => Sentence::new(
            format!("{who} hears that {voter} votes as it does"),
            format!("for {}: {}", mine.leader, vote_text(*mine)),
        ),
        Why::KeptVote { voter, mine, theirs } => Sentence::new(
            format!(
                "{who} keeps its vote for {} against {}",
                mine.leader,
                for_whom(*voter, *theirs)
            ),
            better(*mine, *theirs),
        ),
        Why::IgnoredNonVoter { voter, leader } => Sentence::new(
            format!("{who} ignores {voter}’s vote for {leader}"),
            "only participants vote and can be voted for",
        ),
        Why::QuorumAgrees { vote, voters, needed } => Sentence::new(
            format!("{who} sees a quorum for {}", vote.leader),
            format!(
                "{} vote so: {}; it waits finalizeWait for a better vote",
                servers(voters),
                of_needed(voters.len(), *needed)
            ),
        ),
        Why::IgnoredBlankVote { voter, is_ours: true } => Sentence::new(
            format!("{who} ignores the vote of {voter}"),
            "its own zxid is −1: it may have lost its data, and so chooses nobody",
        ),
        Why::IgnoredBlankVote { voter, is_ours: false } => Sentence::new(
            format!("{who} ignores the vote of {voter}"),
            "with zxid −1 it says that it may have lost its data",
        ),
        Why::BetterVoteInTime { mine, theirs } => Sentence::new(
            format!("{who} goes on electing: a better vote came in time"),
            better(*theirs, *mine),
        ),
        Why::Elected { vote, state } => Sentence::new(
            format!("{who}’s election is over: {}", doing(*state, vote.leader)),
            format!("no better vote came within finalizeWait; {}", vote_text(*vote)),
        ),
        Why::JoinedEstablishedLeader { vote, round, voters, state } => Sentence::new(
            format!("{who} finds {} leading already: {}", vote.leader, doing(*state, vote.leader)),
            format!("{} say so, the leader among them; round {round}", servers(voters)),
        ),
        Why::AnsweredLooking { to, vote } => Sentence::new(
            format!("{who} answers {to}, which is still looking"),
            format!("its vote is for {}: {}", vote.leader, vote_text(*vote)),
        ),
        Why::DialledBack { peer } => Sentence::new(
            format!("{who} closes {peer}’s connection and dials back"),
            format!("of two servers the larger id dials: {who} > {peer}"),
        ),
        Why::ProposedEpoch { epoch, reported, largest } => Sentence::new(
            format!("{who} proposes epoch {epoch}"),
            format!(
                "{} have reported; the largest acceptedEpoch among them is {largest}",
                servers(reported)
            ),
        ),
        Why::PromisedEpoch { epoch, before, last_zxid } => Sentence::new(
            format!("{who} promises epoch {epoch}"),
            format!("newer than {before}, its promise before; its last zxid is {last_zxid}"),
        ),
        Why::PromisedEpochBefore { epoch } => Sentence::new(
            format!("{who} has promised epoch {epoch} before"),
            "so it is not counted again",
        ),
        Why::RefusedOldEpoch { offered, accepted } => Sentence::new(
            format!("{who} refuses epoch {offered}"),
            format!("older than the one it has promised: {offered} < {accepted}"),
        ),
        Why::EpochQuorum { epoch, acked } => Sentence::new(
            format!("{who} has a quorum for epoch {epoch}"),
            format!("{} have promised it", servers(acked)),
        ),
        Why::FollowerAhead { follower, theirs, mine } => Sentence::new(
            format!("{who} may not lead: {follower}’s history is newer"),
            newer_history(*theirs, *mine),
        ),
        Why::RefusedNewerConfig { learner, theirs, mine } => Sentence::new(
            format!("{who} refuses {learner}"),
            format!("it knows a newer configuration: version {theirs} > {mine}"),
        ),
        Why::Synchronizing {
            learner,
            peer,
            min,
            max,
            last_processed: _,
            rule: row,
            kind,
            zxid,
            txns,
        } => {
            let what = match (kind, txns) {
                (SyncKind::Diff, 0) => format!("{who} sends {learner} an empty DIFF"),
                (SyncKind::Diff, _) => {
                    format!("{who} sends {learner} a DIFF of {}", plural(*txns, "transaction"))
                }
                (SyncKind::Trunc, 0) => format!("{who} has {learner} cut its log to {zxid}: TRUNC"),
                (SyncKind::Trunc, _) => format!(
                    "{who} has {learner} cut its log to {zxid}, TRUNC, and sends {}",
                    plural(*txns, "transaction")
                ),
                (SyncKind::Snap, _) => {
                    format!("{who} sends {learner} everything: SNAP of {zxid}")
                }
            };
            Sentence::new(what, rule(*row, *peer, *min, *max))
        }
        Why::SyncThrottled { learner, is_snap, limit } => {
            let kind = if *is_snap { "SNAP" } else { "DIFF or TRUNC" };
            Sentence::new(
                format!("{who} sends observer {learner} away"),
                format!("{limit} synchronizations by {kind} are under way, as many as may be"),
            )
        }
        Why::Truncated { to, from } => {
            Sentence::new(format!("{who} cuts its log"), format!("from {from} back to {to}"))
        }
        Why::LoadedSnapshot { zxid, before } => Sentence::new(
            format!("{who} replaces its whole state"),
            format!("by the snapshot of {zxid}; it had {before}"),
        ),
        Why::EnteredEpoch { epoch, last_logged } => Sentence::new(
            format!("{who} enters epoch {epoch}"),
            format!("its disk holds the history up to {last_logged}, and only then the epoch"),
        ),
        Why::NewLeaderQuorum { epoch, acked, needed } => Sentence::new(
            format!("{who} has established epoch {epoch} and may serve"),
            format!("{} have its history: {}", servers(acked), of_needed(acked.len(), *needed)),
        ),
        Why::MayServe { epoch } => {
            Sentence::new(format!("{who} may serve clients"), format!("UPTODATE in epoch {epoch}"))
        }
        Why::Proposed { zxid, to } => {
            Sentence::new(format!("{who} proposes {zxid}"), format!("to {}", servers(to)))
        }
        Why::CommittedByQuorum { zxid, acked, needed } => Sentence::new(
            format!("{who} commits {zxid}"),
            format!("{} have it on disk: {}", servers(acked), of_needed(acked.len(), *needed)),
        ),
        Why::LostQuorum { heard, needed, sync_limit } => Sentence::new(
            format!("{who} gives up leading"),
            format!(
                "within syncLimit, {sync_limit} ticks, it heard {}: {}",
                servers(heard),
                of_needed(heard.len(), *needed)
            ),
        ),
        Why::NoQuorumInTime { present, needed, init_limit } => Sentence::new(
            format!("{who} gives up leading"),
            format!(
                "within initLimit, {init_limit} ticks, there came {}: {}",
                servers(present),
                of_needed(present.len(), *needed)
            ),
        ),
        Why::LeaderUnreachable { leader, tries } => Sentence::new(
            format!("{who} gives up {leader}"),
            format!("it could not connect in {}", plural(*tries as usize, "attempt")),
        ),
        Why::LeaderGone { leader } => {
            Sentence::new(format!("{who} loses its leader {leader}"), "the connection ended")
        }
        Why::LeaderSilent { leader, silent_ms } => Sentence::new(
            format!("{who} gives up its leader {leader}"),
            format!("it has said nothing for {}", millis(*silent_ms)),
        ),
        Why::LearnerGone { learner } => {
            Sentence::new(format!("{who} loses {learner}"), "the connection ended")
        }
        Why::LearnerSilent { learner, silent_ms } => Sentence::new(
            format!("{who} gives up {learner}"),
            format!(
                "for {} it sent nothing, or left a proposal without its ACK",
                millis(*silent_ms)
            ),
        ),
        Why::CounterRolledOver { zxid } => Sentence::new(
            format!("{who} gives up leading"),
            format!("the counter is used up at {zxid}: a new epoch is needed"),
        ),
        Why::FastForwarded { from, to } => Sentence::new(
            format!("{who} applies all that it has logged"),
            format!("from {from} to {to}, committed or not: its next vote tells its whole log"),
        ),
        Why::OutOfOrder { found, expected } => Sentence::new(
            format!("{who} exits"),
            format!("{found} came where {expected} was due: it stops rather than diverge"),
        ),
        Why::UnexpectedPacket { packet, is_fatal: true } => Sentence::new(
            format!("{who} ends the connection"),
            format!("{packet} is not due at this stage: packets were lost or overtaken"),
        ),
        Why::UnexpectedPacket { packet, is_fatal: false } => Sentence::new(
            format!("{who} passes {packet} over"),
            "it is not due at this stage: packets were lost or overtaken",
        ),
        Why::Members(why) => super::members::en(who, why),
        Why::Recipe(why) => super::recipe::en(who, why),
        Why::Recovered { snapshot, last_logged, replayed, current_epoch, accepted_epoch } => {
            Sentence::new(
                format!("{who} reads its disk"),
                format!(
                    "snapshot {snapshot}, {} replayed up to {last_logged}; currentEpoch \
                     {current_epoch}, acceptedEpoch {accepted_epoch}",
                    plural(*replayed, "transaction")
                ),
            )
        }
        Why::RefusedToStart { current_epoch, accepted_epoch, last_logged } => Sentence::new(
            format!("{who} refuses to start"),
            format!(
                "its files contradict each other: currentEpoch {current_epoch}, acceptedEpoch \
                 {accepted_epoch}, last logged {last_logged}"
            ),
        ),
        Why::Disk(why) => super::disk::en(who, why),
        Why::OpeningSession { session, asked_ms, granted_ms } => Sentence::new(
            format!("{who} opens session {session}"),
            format!(
                "timeout asked {}, granted {}",
                millis(u64::from(*asked_ms)),
                millis(u64::from(*granted_ms))
            ),
        ),
        Why::SessionBucket { session, timeout_ms, deadline, via, .. } => Sentence::new(
            format!(
                "{} heard from session {session}",
                via.map_or(who.to_owned(), |id| id.to_string())
            ),
            format!(
                "with its timeout of {} it lives until {}, the end of its bucket, at least",
                millis(u64::from(*timeout_ms)),
                millis(deadline.ms())
            ),
        ),
        Why::SessionExpired { session, timeout_ms, deadline } => Sentence::new(
            format!("{who} expires session {session}"),
            format!(
                "nothing heard for its timeout of {}, until {}",
                millis(u64::from(*timeout_ms)),
                millis(deadline.ms())
            ),
        ),
        Why::RefusedBehindClient { client_saw, server_has } => Sentence::new(
            format!("{who} sends a client away"),
            format!(
                "the client has seen {client_saw}, this server has {server_has}: it would go back \
                 in time"
            ),
        ),
        Why::SessionOpened { session } => Sentence::new(
            format!("{who} tells the client that session {session} is open"),
            "a session is a transaction, and this server has applied it",
        ),
        Why::SessionReattached { session } => Sentence::new(
            format!("{who} serves session {session} from now on"),
            "the session is alive",
        ),
        Why::SessionUnknown { session } => Sentence::new(
            format!("{who} turns session {session} down"),
            "it is unknown, or closing, or the password is wrong",
        ),
        Why::SessionMoved { session } => Sentence::new(
            format!("{who} refuses a request of session {session}"),
            "it came through a server that the session has left",
        ),
        Why::LocalSessionOpened { session, granted_ms } => Sentence::new(
            format!("{who} opens local session {session}"),
            format!("timeout {}; no other server knows of it", millis(u64::from(*granted_ms))),
        ),
        Why::UpgradingSession { session } => Sentence::new(
            format!("{who} asks for session {session} to become global"),
            "a local session cannot own an ephemeral znode",
        ),
        Why::SessionUpgraded { session } => Sentence::new(
            format!("{who} has made session {session} global"),
            "every server knows it now",
        ),
        Why::EphemeralOnLocalSession { session } => Sentence::new(
            format!("{who} refuses session {session} an ephemeral znode"),
            "the session is local and localSessionsUpgradingEnabled is false",
        ),
        Why::ReadOnlyStarted { looked_ms } => Sentence::new(
            format!("{who} begins to serve reads only"),
            format!("it has looked for a leader for {}", millis(*looked_ms)),
        ),
        Why::ReadOnlyRefusedClient => Sentence::new(
            format!("{who} sends a client away"),
            "it is read-only, and the client did not allow that",
        ),
        Why::ReadOnlyRefusedNewSession => Sentence::new(
            format!("{who} sends a new client away"),
            "a read-only server cannot make a global session",
        ),
        Why::ReadOnlyRefusedSession { session } => Sentence::new(
            format!("{who} sends session {session} away"),
            "a read-only server cannot keep a global session alive",
        ),
        Why::ReadOnlyRefusedRequest { session, path } => {
            let subject = path.as_ref().map_or_else(String::new, |path| format!(" on {path}"));
            Sentence::new(
                format!("{who} refuses a request{subject} of session {session}"),
                "a read-only server only reads",
            )
        }
        Why::TooManyConnections { limit, is_total } => Sentence::new(
            format!("{who} refuses a connection"),
            if *is_total {
                format!("maxCnxns allows {limit} altogether")
            } else {
                format!("maxClientCnxns allows {limit} from one address")
            },
        ),
        Why::RequestTooLarge { bytes, limit } => Sentence::new(
            format!("{who} closes a client’s connection"),
            format!("its request has {bytes} bytes, and jute.maxbuffer allows {limit}"),
        ),
        Why::Throttled { in_process, limit } => Sentence::new(
            format!("{who} stops reading from a client"),
            format!("{in_process} requests in process > {limit}, by globalOutstandingLimit"),
        ),
        Why::Unthrottled { in_process, limit } => Sentence::new(
            format!("{who} reads from a client again"),
            format!("{in_process} requests in process, limit {limit}"),
        ),
        Why::QuotaWarning { zxid, prefix, is_bytes, would_be, limit } => {
            let unit = if *is_bytes { "bytes" } else { "znodes" };
            Sentence::new(
                format!("{who} warns: {zxid} exceeds the soft quota of {prefix}"),
                format!("{would_be} {unit} > {limit}; the write goes on"),
            )
        }
        Why::SessionsInherited { count } => Sentence::new(
            format!("{who} takes over {}", plural(*count, "session")),
            "each starts with a full timeout",
        ),
        Why::NotServing => {
            Sentence::new(format!("{who} sends a client away"), "it does not serve now")
        }
        Why::Refused { zxid, error, path } => {
            let subject = path.as_ref().map_or_else(String::new, |path| format!(" on {path}"));
            Sentence::new(
                format!("{who} refuses a write{subject}: {}", error.text()),
                format!("a refused write takes a zxid all the same: {zxid}"),
            )
        }
        Why::SyncWaits { zxid } => Sentence::new(
            format!("{who} lets a sync wait"),
            format!("until the last proposal, {zxid}, is committed"),
        ),
        Why::WatchesFired { zxid, path, count } => Sentence::new(
            format!("{who} fires {} on {path}", watches(*count)),
            format!("because of {zxid}"),
        ),
        Why::SnapshotDue { zxid, logged } => Sentence::new(
            format!("{who} begins a snapshot of {zxid}"),
            format!("{} logged since the last", plural(*logged as usize, "transaction")),
        ),
        Why::ClientTries { server } => Sentence::new(format!("{who} tries {server}"), ""),
        Why::ClientFoundReadWrite { server } => Sentence::new(
            format!("{who} leaves its read-only server for {server}"),
            "that one answered that it writes, too",
        ),
        Why::ClientHeardNothing { server, silent_ms } => Sentence::new(
            format!("{who} gives up {server}"),
            format!(
                "it has heard nothing for {}; it waits for two thirds of its timeout",
                millis(*silent_ms)
            ),
        ),
        Why::OutcomeUnknown { requests } => Sentence::new(
            format!("{who} cannot know what became of {}", plural(*requests, "request")),
            "the connection ended before the reply: ConnectionLoss",
        ),
    }
}

/// What somebody outside did.
pub fn act(names: &Names, action: &Action) -> Sentence {
    match action {
        Action::Start(ids) => Sentence::new(format!("You start {}", servers(ids)), ""),
        Action::Kill(ids) => Sentence::new(
            format!("You kill {}", servers(ids)),
            "what is not on disk is lost; peers see connections end",
        ),
        Action::AddServer { server, members } => {
            Sentence::new(format!("You set up {server}"), format!("its configuration: {members}"))
        }
        Action::Pause(ids) => Sentence::new(
            format!("You pause {}", servers(ids)),
            "as a long garbage collection does; connections stay",
        ),
        Action::Resume(ids) => Sentence::new(format!("You let {} go on", servers(ids)), ""),
        Action::Partition(groups) => {
            let sides: Vec<String> = groups.iter().map(|group| servers(group)).collect();
            let what = match sides.as_slice() {
                [one] => format!("You cut {one} off from the others"),
                several => format!("You cut the network: {}", several.join(" | ")),
            };
            Sentence::new(what, "packets between the sides die")
        }
        Action::Heal => Sentence::new("You heal the network", "no partition, no way that is cut"),
        Action::Network(action) => super::network::en(names, action),
        Action::Disk(action) => super::disk::act_en(action),
        Action::Connect { name, servers: known, timeout_ms, can_be_read_only: _, library: _ } => {
            Sentence::new(
                format!("Client {name} starts"),
                format!(
                    "it knows {}; session timeout {}",
                    servers(known),
                    millis(u64::from(*timeout_ms))
                ),
            )
        }
        Action::Submit { client, op, line } => {
            let text = line.as_ref().map_or_else(|| op.to_string(), |line| line.to_string());
            Sentence::new(format!("Client {} asks: {text}", names.client(*client)), "")
        }
        Action::CloseSession(client) => {
            Sentence::new(format!("Client {} closes its session", names.client(*client)), "")
        }
        Action::MoveClient { client, servers: known } => Sentence::new(
            format!("Client {} is sent to {}", names.client(*client), servers(known)),
            "its list of servers changes; its session goes with it",
        ),
        Action::Vanish(client) => Sentence::new(
            format!("Client {} dies without a word", names.client(*client)),
            "its session lives until it expires",
        ),
        Action::PauseClient(client) => Sentence::new(
            format!("You pause client {}", names.client(*client)),
            "as a long garbage collection does",
        ),
        Action::ResumeClient(client) => {
            Sentence::new(format!("You let client {} go on", names.client(*client)), "")
        }
        Action::Recipe { client, ask, line: _ } => super::recipe::ask_en(names, *client, ask),
        Action::Contend(contest) => super::recipe::contend_en(contest),
    }
}

/// A server's state or phase changed.
pub fn state_changed(who: &str, from: (ServerState, Phase), to: (ServerState, Phase)) -> Sentence {
    let change = |from: &str, to: &str| format!("{from} → {to}");
    if from.0 == to.0 {
        return Sentence::new(
            format!("{who} enters {}", to.1.name()),
            change(from.1.name(), to.1.name()),
        );
    }
    let now = match to.0 {
        ServerState::Looking => format!("{who} looks for a leader"),
        ServerState::Following => format!("{who} becomes a follower"),
        ServerState::Leading => format!("{who} becomes the leader"),
        ServerState::Observing => format!("{who} becomes an observer"),
    };
    Sentence::new(now, change(from.0.name(), to.0.name()))
}

/// A packet died on its way.
pub fn lost(from: &str, to: &str, label: &str) -> Sentence {
    Sentence::new(format!("{label} from {from} to {to} is lost"), "")
}

/// An invariant broke.
pub fn violated(violation: &Violation) -> Sentence {
    Sentence::new(
        format!("Broken: {}", invariant(violation.invariant).0),
        format!("{} — but {}", violation.one, violation.other),
    )
}

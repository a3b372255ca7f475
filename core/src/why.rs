//! Every reason a state machine can give for what it decided, with the facts it compared.
//!
//! The machines say *that* and *why* as values; sentences in the reader's language are made of them
//! in the page (`web/src/explain.rs`). A test asserts that each of them occurs in a golden script.

pub mod disk;
mod members;
mod names;
mod recipe;

pub use disk::{DiskError, DiskFile, DiskWhy};
pub use members::{GroupFact, MembersWhy, QuorumCheck, QuorumFact, quorum_facts};
pub use recipe::RecipeWhy;

use crate::error::KeeperError;
use crate::mistake::Mistake;
use crate::txn::Path;
use crate::types::{ServerId, ServerState, SessionId, Time, Vote, Zxid};
use std::rc::Rc;

/// A set of servers, in ascending order.
pub type Servers = Rc<[ServerId]>;

/// Which row of the synchronization table applied (`LearnerHandler.syncFollower`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SyncRule {
    /// The learner has exactly what the leader has.
    SameZxid,
    /// The learner has more than was ever committed, in an epoch that had transactions.
    AheadOfCommittedLog,
    /// The learner's last transaction lies in the leader's committed log in memory.
    InCommittedLog,
    /// It lies in the committed log's range, but is not the leader's: cut back to the last common
    /// one.
    DivergedInCommittedLog,
    /// It is older than the committed log, and the leader's disk log reaches back to it.
    InDiskLog,
    /// Older than the committed log, diverged, and the disk log reaches back to it.
    DivergedInDiskLog,
    /// Older than anything the leader can replay.
    TooOld,
    /// The disk log could have served, but there is a gap between it and the committed log.
    GapInDiskLog,
    /// The disk log is larger than a good part of a snapshot.
    DiskLogTooLarge,
    /// It diverged and the last common transaction is in another epoch: TRUNC may not cross epochs.
    DivergedAcrossEpochs,
    /// The learner ends with an epoch's `(e, 0)`, which no transaction carries, beyond the
    /// committed log.
    NewEpochBeyondLog,
    /// By mistake nothing was compared ([`Mistake::SkipSync`]).
    NotCompared,
    /// By mistake a divergence was seen and made nothing of ([`Mistake::DivergedGetsDiff`]).
    DivergenceOverlooked,
}

impl SyncRule {
    /// The mistake without which another row had decided.
    pub const fn mistake(self) -> Option<Mistake> {
        match self {
            SyncRule::NotCompared => Some(Mistake::SkipSync),
            SyncRule::DivergenceOverlooked => Some(Mistake::DivergedGetsDiff),
            SyncRule::SameZxid
            | SyncRule::AheadOfCommittedLog
            | SyncRule::InCommittedLog
            | SyncRule::DivergedInCommittedLog
            | SyncRule::InDiskLog
            | SyncRule::DivergedInDiskLog
            | SyncRule::TooOld
            | SyncRule::GapInDiskLog
            | SyncRule::DiskLogTooLarge
            | SyncRule::DivergedAcrossEpochs
            | SyncRule::NewEpochBeyondLog => None,
        }
    }
}

/// DIFF, TRUNC or SNAP.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SyncKind {
    /// Send what is missing.
    Diff,
    /// Cut what is too much, then send what is missing.
    Trunc,
    /// Send everything.
    Snap,
}

impl SyncKind {
    /// The packet's name.
    pub const fn name(self) -> &'static str {
        match self {
            SyncKind::Diff => "DIFF",
            SyncKind::Trunc => "TRUNC",
            SyncKind::Snap => "SNAP",
        }
    }
}

/// Why a machine did what it did.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Why {
    /// The next decision is wrong on purpose: without this mistake of the scenario it would have
    /// been another.
    Mistaken {
        /// Which.
        mistake: Mistake,
    },
    // --- Election: FastLeaderElection, QuorumCnxManager
    /// It began to look for a leader, with a vote for itself (or, an observer, for nobody).
    StartedElection {
        /// The round it begins: `logicalclock`.
        round: u64,
        /// Its first vote.
        vote: Vote,
    },
    /// It heard nothing new and sends its vote again, waiting longer each time.
    ResentVote {
        /// How long it now waits, in milliseconds.
        next_wait_ms: u64,
    },
    /// A vote of a newer round: its own round's votes are void, it joins the newer one.
    JoinedNewerRound {
        /// Whose vote.
        voter: ServerId,
        /// Its round before.
        from: u64,
        /// The newer round.
        to: u64,
        /// What it votes now: the better of the other's vote and its own first one.
        vote: Vote,
    },
    /// A vote of an older round does not count.
    IgnoredOlderRound {
        /// Whose vote.
        voter: ServerId,
        /// Its round.
        theirs: u64,
        /// Ours.
        mine: u64,
    },
    /// Another's vote is better: it votes so too.
    AdoptedBetterVote {
        /// Whose vote.
        voter: ServerId,
        /// Its own vote before.
        mine: Vote,
        /// The better one.
        theirs: Vote,
    },
    /// Another's vote is no better than its own.
    KeptVote {
        /// Whose vote.
        voter: ServerId,
        /// Its own.
        mine: Vote,
        /// The other.
        theirs: Vote,
    },
    /// A vote from or for a server that has no vote in the ensemble.
    IgnoredNonVoter {
        /// Whose vote.
        voter: ServerId,
        /// For whom.
        leader: ServerId,
    },
    /// A vote with zxid −1 does not count, and who has no zxid but −1 counts no vote: its disk was
    /// empty, and it may have lost what it had.
    IgnoredBlankVote {
        /// Whose vote.
        voter: ServerId,
        /// Whether it is this server whose zxid is −1.
        is_ours: bool,
    },
    /// A quorum votes as it does: it waits `finalizeWait` for a better vote.
    QuorumAgrees {
        /// The vote.
        vote: Vote,
        /// Who votes so.
        voters: Servers,
        /// How many votes a majority needs.
        needed: usize,
    },
    /// Within `finalizeWait` a better vote came: the election goes on.
    BetterVoteInTime {
        /// The vote that had a quorum.
        mine: Vote,
        /// The better one.
        theirs: Vote,
    },
    /// No better vote came: the election is over for this server.
    Elected {
        /// The winning vote.
        vote: Vote,
        /// What this server does from now on.
        state: ServerState,
    },
    /// It found a leader already there, confirmed by a quorum and by the leader itself.
    JoinedEstablishedLeader {
        /// The leader's vote.
        vote: Vote,
        /// The leader's round.
        round: u64,
        /// Who confirms.
        voters: Servers,
        /// What this server does from now on.
        state: ServerState,
    },
    /// It answered a server that is still looking.
    AnsweredLooking {
        /// Which server.
        to: ServerId,
        /// The vote it answered with.
        vote: Vote,
    },
    /// The smaller id dialled: the connection is closed and dialled back by the larger id.
    DialledBack {
        /// Who dialled.
        peer: ServerId,
    },

    // --- Discovery: Leader.getEpochToPropose, waitForEpochAck, Learner.registerWithLeader
    /// A quorum has told its accepted epochs: the new one is larger than all.
    ProposedEpoch {
        /// The new epoch.
        epoch: u32,
        /// Who has reported.
        reported: Servers,
        /// The largest accepted epoch among them.
        largest: u32,
    },
    /// It promises to accept no older epoch.
    PromisedEpoch {
        /// The new epoch.
        epoch: u32,
        /// What it had promised before.
        before: u32,
        /// The last transaction it reports.
        last_zxid: Zxid,
    },
    /// It had promised this very epoch before, and so is not counted again.
    PromisedEpochBefore {
        /// The epoch.
        epoch: u32,
    },
    /// The leader's epoch is older than one it has promised: not its leader.
    RefusedOldEpoch {
        /// The leader's.
        offered: u32,
        /// The one it promised.
        accepted: u32,
    },
    /// A quorum has promised the epoch.
    EpochQuorum {
        /// The epoch.
        epoch: u32,
        /// Who.
        acked: Servers,
    },
    /// A follower's history is newer than the leader's: it may not lead.
    FollowerAhead {
        /// Which follower.
        follower: ServerId,
        /// The follower's `currentEpoch` and last zxid.
        theirs: (u32, Zxid),
        /// The leader's.
        mine: (u32, Zxid),
    },
    /// The learner knows a newer configuration than the leader.
    RefusedNewerConfig {
        /// Which learner.
        learner: ServerId,
        /// The learner's version.
        theirs: Zxid,
        /// The leader's.
        mine: Zxid,
    },

    // --- Synchronization: LearnerHandler.syncFollower, Learner.syncWithLeader
    /// How the leader makes a learner's history equal to its own.
    Synchronizing {
        /// Which learner.
        learner: ServerId,
        /// The learner's last zxid.
        peer: Zxid,
        /// The oldest transaction of the leader's committed log in memory.
        min: Zxid,
        /// The newest.
        max: Zxid,
        /// The leader's last processed zxid.
        last_processed: Zxid,
        /// The row of the table that applied.
        rule: SyncRule,
        /// What is sent.
        kind: SyncKind,
        /// The zxid in that packet.
        zxid: Zxid,
        /// How many transactions follow it.
        txns: usize,
    },
    /// As many learners are being synchronized as may be: an observer has to come again.
    SyncThrottled {
        /// Which.
        learner: ServerId,
        /// Whether it would have been sent a snapshot; else a DIFF or a TRUNC.
        is_snap: bool,
        /// How many may be.
        limit: u32,
    },
    /// The learner cut its log.
    Truncated {
        /// To this transaction.
        to: Zxid,
        /// From this one.
        from: Zxid,
    },
    /// The learner replaced its whole state.
    LoadedSnapshot {
        /// The snapshot's.
        zxid: Zxid,
        /// What it had before.
        before: Zxid,
    },
    /// The history is on its disk: it is now in the new epoch.
    EnteredEpoch {
        /// The epoch.
        epoch: u32,
        /// The last transaction on disk.
        last_logged: Zxid,
    },
    /// A quorum has the leader's history: the epoch is established, the leader may serve.
    NewLeaderQuorum {
        /// The epoch.
        epoch: u32,
        /// Who has it.
        acked: Servers,
        /// How many a quorum needs.
        needed: usize,
    },
    /// The learner may serve clients.
    MayServe {
        /// The epoch.
        epoch: u32,
    },

    // --- Broadcast: Leader.propose, tryToCommit
    /// A write was given its place in the order and sent to the followers.
    Proposed {
        /// Its place.
        zxid: Zxid,
        /// To whom.
        to: Servers,
    },
    /// A quorum has it on disk, and everything before it is committed.
    CommittedByQuorum {
        /// Which.
        zxid: Zxid,
        /// Who has it on disk.
        acked: Servers,
        /// How many a quorum needs.
        needed: usize,
    },
    /// The leader has heard from too few for too long.
    LostQuorum {
        /// From whom it has heard within `syncLimit`.
        heard: Servers,
        /// How many a quorum needs.
        needed: usize,
        /// `syncLimit`, in ticks.
        sync_limit: u32,
    },
    /// No quorum came together within `initLimit`.
    NoQuorumInTime {
        /// Who did come.
        present: Servers,
        /// How many a quorum needs.
        needed: usize,
        /// `initLimit`, in ticks.
        init_limit: u32,
    },
    /// The learner could not reach the leader it had elected.
    LeaderUnreachable {
        /// The leader.
        leader: ServerId,
        /// How often it tried.
        tries: u32,
    },
    /// The connection to the leader ended.
    LeaderGone {
        /// The leader.
        leader: ServerId,
    },
    /// The leader said nothing for too long.
    LeaderSilent {
        /// The leader.
        leader: ServerId,
        /// For how many milliseconds.
        silent_ms: u64,
    },
    /// The connection to a learner ended.
    LearnerGone {
        /// The learner.
        learner: ServerId,
    },
    /// A learner said nothing, or acknowledged nothing, for too long.
    LearnerSilent {
        /// The learner.
        learner: ServerId,
        /// For how many milliseconds.
        silent_ms: u64,
    },
    /// The 32-bit counter is used up: a new epoch is needed.
    CounterRolledOver {
        /// The last zxid.
        zxid: Zxid,
    },
    /// On leaving its role it applies everything it has logged, committed or not, so that its next
    /// vote tells its whole log.
    FastForwarded {
        /// What it had applied.
        from: Zxid,
        /// The last in its log.
        to: Zxid,
    },
    /// A COMMIT or PROPOSAL that cannot be: the process exits rather than diverge.
    OutOfOrder {
        /// What came.
        found: Zxid,
        /// What had to come.
        expected: Zxid,
    },

    /// A packet that makes no sense at this stage. It happens only on a network that is unsafe.
    UnexpectedPacket {
        /// Its name, as in `UPTODATE`.
        packet: Rc<str>,
        /// Whether the connection ends for it. If not, it is passed over.
        is_fatal: bool,
    },

    // --- Members: QuorumHierarchical, Leader, QuorumPeer.processReconfig
    /// About who belongs to the ensemble.
    Members(MembersWhy),

    // --- Boot: QuorumPeer.loadDataBase
    /// It read its disk.
    Recovered {
        /// The snapshot it started from.
        snapshot: Zxid,
        /// The last transaction replayed.
        last_logged: Zxid,
        /// How many were replayed, committed or not.
        replayed: usize,
        /// The epoch it was last synchronized in.
        current_epoch: u32,
        /// The epoch it has promised.
        accepted_epoch: u32,
    },
    /// Its files contradict each other: it refuses to start.
    RefusedToStart {
        /// The epoch it was last synchronized in.
        current_epoch: u32,
        /// The epoch it has promised.
        accepted_epoch: u32,
        /// The last transaction in its log.
        last_logged: Zxid,
    },

    /// What it found on its disk, or what became of a write.
    Disk(DiskWhy),

    // --- Sessions: SessionTrackerImpl, ZooKeeperServer
    /// A new session was asked for.
    OpeningSession {
        /// Its id.
        session: SessionId,
        /// What the client asked for, in milliseconds.
        asked_ms: u32,
        /// What it gets.
        granted_ms: u32,
    },
    /// The leader has heard from a session and puts it into the bucket in which its timeout ends
    /// (`ExpiryQueue.update`). Told when that is another bucket than before.
    SessionBucket {
        /// Which.
        session: SessionId,
        /// Its timeout.
        timeout_ms: u32,
        /// The end of the bucket it was in; `None` if it is new.
        from: Option<Time>,
        /// The end of its bucket now: until then it lives.
        deadline: Time,
        /// The learner whose touch table told, in its answer to a PING or in a REVALIDATE.
        via: Option<ServerId>,
    },
    /// Nothing was heard from the session for its timeout, rounded up to the next tick.
    SessionExpired {
        /// Which.
        session: SessionId,
        /// Its timeout.
        timeout_ms: u32,
        /// The end of its bucket.
        deadline: Time,
    },
    /// The client has seen a newer state than this server has: it would go back in time.
    RefusedBehindClient {
        /// What the client has seen.
        client_saw: Zxid,
        /// What the server has.
        server_has: Zxid,
    },
    /// The session is agreed on and the server it was asked for at has applied it.
    SessionOpened {
        /// Its id.
        session: SessionId,
    },
    /// A known session moved here.
    SessionReattached {
        /// Which.
        session: SessionId,
    },
    /// The session is unknown, or closing, or the password is wrong.
    SessionUnknown {
        /// Which.
        session: SessionId,
    },
    /// A request came through a server that the session has left.
    SessionMoved {
        /// Which.
        session: SessionId,
    },
    /// A new session is local: no transaction, no other server knows it.
    LocalSessionOpened {
        /// Its id.
        session: SessionId,
        /// What it gets, in milliseconds.
        granted_ms: u32,
    },
    /// A local session is about to own an ephemeral znode: it becomes a global one first.
    UpgradingSession {
        /// Which.
        session: SessionId,
    },
    /// The upgrade is committed: every server knows the session now.
    SessionUpgraded {
        /// Which.
        session: SessionId,
    },
    /// A local session wants an ephemeral znode, and may not be upgraded.
    EphemeralOnLocalSession {
        /// Which.
        session: SessionId,
    },
    /// It has looked for a leader for long enough: it serves reads meanwhile.
    ReadOnlyStarted {
        /// For how many milliseconds it has looked.
        looked_ms: u64,
    },
    /// A read-only server: the client did not say that one will do.
    ReadOnlyRefusedClient,
    /// A read-only server cannot make a global session.
    ReadOnlyRefusedNewSession,
    /// A read-only server cannot keep a global session alive.
    ReadOnlyRefusedSession {
        /// Which.
        session: SessionId,
    },
    /// A read-only server only reads.
    ReadOnlyRefusedRequest {
        /// Whose.
        session: SessionId,
        /// Of which znode, if of one.
        path: Option<Path>,
    },
    /// There are as many connections as there may be.
    TooManyConnections {
        /// How many there may be.
        limit: u32,
        /// Whether altogether; else from one address.
        is_total: bool,
    },
    /// A request is larger than `jute.maxbuffer`: the connection is closed.
    RequestTooLarge {
        /// How large, in bytes.
        bytes: u64,
        /// How large it may be.
        limit: u32,
    },
    /// Too many requests are in process: it reads nothing more from a connection.
    Throttled {
        /// How many.
        in_process: usize,
        /// How many there may be: this server's share of `globalOutstandingLimit`.
        limit: usize,
    },
    /// It reads from that connection again.
    Unthrottled {
        /// How many are in process.
        in_process: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A write exceeds a soft quota: a warning, no more.
    QuotaWarning {
        /// The write's place.
        zxid: Zxid,
        /// The znode that has the quota.
        prefix: Path,
        /// Whether it is about bytes; else about the number of znodes.
        is_bytes: bool,
        /// How much there would be.
        would_be: i64,
        /// How much there should be.
        limit: i64,
    },
    /// The leader starts to track the sessions of the epoch before, each with a full timeout.
    SessionsInherited {
        /// How many.
        count: usize,
    },
    /// The server does not serve: clients are sent away.
    NotServing,

    // --- Requests: PrepRequestProcessor, FinalRequestProcessor
    /// The leader refused a write. It takes a zxid all the same.
    Refused {
        /// The zxid it took.
        zxid: Zxid,
        /// The reason.
        error: KeeperError,
        /// Of which znode, if of one.
        path: Option<Path>,
    },
    /// A sync had to wait for the last proposal to commit.
    SyncWaits {
        /// Which.
        zxid: Zxid,
    },
    /// Watches fired.
    WatchesFired {
        /// By which transaction.
        zxid: Zxid,
        /// On which znode.
        path: Path,
        /// How many.
        count: usize,
    },
    /// A snapshot was begun: enough has been logged since the last.
    SnapshotDue {
        /// As of.
        zxid: Zxid,
        /// Transactions since the last one.
        logged: u32,
    },

    // --- Clients: ClientCnxn
    /// The client tries another server.
    ClientTries {
        /// Which.
        server: ServerId,
    },
    /// The client, content with a read-only server so far, has found one that writes.
    ClientFoundReadWrite {
        /// Which.
        server: ServerId,
    },
    /// The client has heard nothing for two thirds of its timeout and gives the connection up.
    ClientHeardNothing {
        /// From which server.
        server: ServerId,
        /// For how many milliseconds.
        silent_ms: u64,
    },
    /// Requests were in flight when the connection ended: their outcome is unknown.
    OutcomeUnknown {
        /// How many.
        requests: usize,
    },
    // --- Recipes
    /// A client follows a recipe.
    Recipe(RecipeWhy),
}

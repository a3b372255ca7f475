//! The shapes of the vocabulary.

use super::{Pack, Packer, Unpacker, pack_enum, pack_refused, pack_struct};
use crate::config::ensemble::{Ensemble, Member, Role};
use crate::error::KeeperError;
use crate::image::Image;
use crate::mistake::Mistake;
use crate::txn::*;
use crate::types::*;
use crate::why::*;
use crate::wire::*;

pack_struct!(ServerId(_));
pack_struct!(ClientId(_));
pack_struct!(SessionId(_));
pack_struct!(Xid(_));
impl Pack for Zxid {
    // Two small numbers take less room than one large one.
    fn pack(&self, to: &mut Packer<'_>) {
        self.epoch().pack(to);
        self.counter().pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Zxid {
        let epoch = u32::unpack(from);
        Zxid::new(epoch, u32::unpack(from))
    }
}
pack_struct!(Time(_));
pack_enum!(Actor { Server(a), Client(a) });
pack_struct!(ConnId(_));
pack_enum!(Port { Election, Quorum, Client });
pack_enum!(ServerState { Looking, Following, Leading, Observing });
pack_enum!(Phase { Election, Discovery, Synchronization, Broadcast });
pack_struct!(Vote { peer_epoch, zxid, leader });

pack_enum!(KeeperError {
    SystemError,
    RuntimeInconsistency,
    ConnectionLoss,
    MarshallingError,
    Unimplemented,
    OperationTimeout,
    BadArguments,
    NewConfigNoQuorum,
    ReconfigInProgress,
    NoNode,
    NoAuth,
    BadVersion,
    NoChildrenForEphemerals,
    NodeExists,
    NotEmpty,
    SessionExpired,
    InvalidAcl,
    AuthFailed,
    SessionMoved,
    NotReadOnly,
    EphemeralOnLocalSession,
    NoWatcher,
    RequestTimeout,
    ReconfigDisabled,
    QuotaExceeded,
    ThrottledOp
});

pack_enum!(Mistake {
    HalfQuorum,
    AckBeforeFsync,
    VoteIgnoresZxid,
    VoteIgnoresEpoch,
    OldEpochLeader,
    CommitOutOfOrder,
    SkipSync,
    DivergedGetsDiff,
    EpochBeforeLog,
    LogAfterUptodate,
    NoFastForward,
    EarlyServe,
    ObserverInQuorum,
    FollowerExpires,
    WatchFiresTwice,
    SequenceFromChildren,
    TruncKeepsSnapshots,
    SnapKeepsLog,
    OldAcksCount
});

pack_enum!(CreateMode {
    Persistent,
    Ephemeral,
    PersistentSequential,
    EphemeralSequential,
    Container,
    PersistentWithTtl,
    PersistentSequentialWithTtl
});
pack_enum!(Owner { None, Session(a), Container, Ttl(a) });
pack_struct!(Perms(_));
pack_struct!(Acl { perms, scheme, id });
pack_struct!(AuthInfo { scheme, id });
pack_enum!(WatchKind { Data, Exist, Child, Persistent, PersistentRecursive });
pack_enum!(WatcherType { Children, Data, Any, Persistent, PersistentRecursive });
pack_enum!(EventType {
    NodeCreated,
    NodeDeleted,
    NodeDataChanged,
    NodeChildrenChanged,
    DataWatchRemoved,
    ChildWatchRemoved,
    PersistentWatchRemoved
});
pack_struct!(WatchEvent { event, path });
pack_enum!(Op { Create { path, data, acl, mode, ttl_ms }, Delete { path, version }, SetData { path, data, version }, Check { path, version }, Exists { path, watch }, GetData { path, watch }, GetChildren { path, watch }, GetAllChildrenNumber { path }, GetEphemerals { path }, GetAcl { path }, SetAcl { path, acl, version }, Sync { path }, Multi(a), MultiRead(a), AddWatch { path, is_recursive }, RemoveWatches { path, kind }, SetWatches { relative_zxid, watches }, WhoAmI, AddAuth { scheme, auth }, Reconfig(a), CreateSession { timeout_ms }, CloseSession, DeleteContainer { path } });
pack_struct!(ReconfigRequest { joining, leaving, new_members, from_config });
pack_struct!(Request { session, cxid, op, auth });
pack_struct!(Txn { zxid, session, cxid, time, body });
pack_enum!(TxnBody { Create { path, data, acl, owner, parent_cversion }, Delete { path }, SetData { path, data, version }, SetAcl { path, acl, version }, Check { path }, CreateSession { timeout_ms }, CloseSession { paths }, DeleteContainer { path }, Multi(a), Error(a), MultiError(a), Reconfig { config } });
pack_struct!(Stat {
    czxid,
    mzxid,
    pzxid,
    ctime,
    mtime,
    version,
    cversion,
    aversion,
    ephemeral_owner,
    data_length,
    num_children
});
pack_enum!(Reply { Done, Created { path, stat }, Stat(a), Data { data, stat }, Children { children, stat }, Acl { acl, stat }, Multi(a), Number(a), Paths(a), Auth(a), Config { config, stat } });

pack_enum!(Role { Participant, Observer });
pack_struct!(Member { role, address, client, group, weight });
pack_struct!(Ensemble { members, is_hierarchical, version });

pack_enum!(Message { Hello(a), Notification(a), Quorum(a), Connect(a), Connected(a), Request { xid, op }, Reply { xid, zxid, result }, Watch(a), IsReadOnly, IsReadOnlyAnswer { is_read_write }, ClientPing, ClientPong { zxid } });
pack_struct!(Notification { vote, election_epoch, state, config });
pack_enum!(Packet { FollowerInfo { accepted_epoch, sid, config_version }, ObserverInfo { accepted_epoch, sid, config_version }, LeaderInfo { epoch }, AckEpoch { last_zxid, current_epoch }, Diff { zxid }, Trunc { zxid }, Snap { image }, NewLeader { zxid, config, activates }, UpToDate, Proposal(a), Ack { zxid }, Commit { zxid }, Inform(a), CommitAndActivate { zxid, designated }, InformAndActivate { txn, designated }, Ping { zxid, touched }, Revalidate { session, timeout_ms, is_valid }, Sync { session, cxid }, Request(a) });
pack_struct!(ConnectRequest { session, password, timeout_ms, last_zxid_seen, can_be_read_only });
pack_struct!(ConnectResponse { session, password, timeout_ms, is_read_only });

pack_enum!(SyncRule {
    SameZxid,
    AheadOfCommittedLog,
    InCommittedLog,
    DivergedInCommittedLog,
    InDiskLog,
    DivergedInDiskLog,
    TooOld,
    GapInDiskLog,
    DiskLogTooLarge,
    DivergedAcrossEpochs,
    NewEpochBeyondLog,
    NotCompared,
    DivergenceOverlooked
});
pack_enum!(SyncKind { Diff, Trunc, Snap });
pack_enum!(Why { Mistaken { mistake }, StartedElection { round, vote }, ResentVote { next_wait_ms }, JoinedNewerRound { voter, from, to, vote }, IgnoredOlderRound { voter, theirs, mine }, AdoptedBetterVote { voter, mine, theirs }, KeptVote { voter, mine, theirs }, IgnoredNonVoter { voter, leader }, IgnoredBlankVote { voter, is_ours }, QuorumAgrees { vote, voters, needed }, BetterVoteInTime { mine, theirs }, Elected { vote, state }, JoinedEstablishedLeader { vote, round, voters, state }, AnsweredLooking { to, vote }, DialledBack { peer }, ProposedEpoch { epoch, reported, largest }, PromisedEpoch { epoch, before, last_zxid }, PromisedEpochBefore { epoch }, RefusedOldEpoch { offered, accepted }, EpochQuorum { epoch, acked }, FollowerAhead { follower, theirs, mine }, RefusedNewerConfig { learner, theirs, mine }, Synchronizing { learner, peer, min, max, last_processed, rule, kind, zxid, txns }, SyncThrottled { learner, is_snap, limit }, Truncated { to, from }, LoadedSnapshot { zxid, before }, EnteredEpoch { epoch, last_logged }, NewLeaderQuorum { epoch, acked, needed }, MayServe { epoch }, Proposed { zxid, to }, CommittedByQuorum { zxid, acked, needed }, LostQuorum { heard, needed, sync_limit }, NoQuorumInTime { present, needed, init_limit }, LeaderUnreachable { leader, tries }, LeaderGone { leader }, LeaderSilent { leader, silent_ms }, LearnerGone { learner }, LearnerSilent { learner, silent_ms }, CounterRolledOver { zxid }, FastForwarded { from, to }, OutOfOrder { found, expected }, UnexpectedPacket { packet, is_fatal }, Members(a), Recovered { snapshot, last_logged, replayed, current_epoch, accepted_epoch }, RefusedToStart { current_epoch, accepted_epoch, last_logged }, Disk(a), OpeningSession { session, asked_ms, granted_ms }, SessionBucket { session, timeout_ms, from, deadline, via }, SessionExpired { session, timeout_ms, deadline }, RefusedBehindClient { client_saw, server_has }, SessionOpened { session }, SessionReattached { session }, SessionUnknown { session }, SessionMoved { session }, LocalSessionOpened { session, granted_ms }, UpgradingSession { session }, SessionUpgraded { session }, EphemeralOnLocalSession { session }, ReadOnlyStarted { looked_ms }, ReadOnlyRefusedClient, ReadOnlyRefusedNewSession, ReadOnlyRefusedSession { session }, ReadOnlyRefusedRequest { session, path }, TooManyConnections { limit, is_total }, RequestTooLarge { bytes, limit }, Throttled { in_process, limit }, Unthrottled { in_process, limit }, QuotaWarning { zxid, prefix, is_bytes, would_be, limit }, SessionsInherited { count }, NotServing, Refused { zxid, error, path }, SyncWaits { zxid }, WatchesFired { zxid, path, count }, SnapshotDue { zxid, logged }, ClientTries { server }, ClientFoundReadWrite { server }, ClientHeardNothing { server, silent_ms }, OutcomeUnknown { requests }, Recipe(a) });

pack_enum!(DiskError { Io, Full });
pack_enum!(DiskFile { Log, Snapshot, AcceptedEpoch, CurrentEpoch });
pack_enum!(DiskWhy { StartedEmpty { may_vote, is_initialized }, SnapshotUnreadable { zxid, instead }, NoValidSnapshot { tried }, LogWithoutSnapshot { last_logged }, TrustedEmptySnapshot { last_logged }, TornRecord { file, last_whole }, CorruptRecord { file, zxid }, EpochFileMissing { file, epoch }, EpochFromTmp { current_epoch, tmp, last_logged }, SlowFsync { took_ms, threshold_ms, txns }, SyncNotForced, UnsyncedLost { from, to }, WriteFailed { file, error, zxids }, SnapshotFailed { zxid, error }, TruncateFailed { to, error }, SnapshotSkipped { zxid }, SnapshotDueBySize { zxid, bytes }, LogRolledBySize { bytes, limit }, Purged { snapshots, logs, oldest } });

pack_enum!(MembersWhy { QuorumChecked { check, facts }, ReconfigProposed { from, to, voters, observers }, ConfigActivated { from, to, voters, observers }, DesignatedLeader { leader, zxid, acked }, RoleChanged { version, leader, is_observer }, NoMember { version }, PeerTypeIgnored, ConfigFileLost, ConfigLearned { from, mine, theirs } });
pack_enum!(QuorumCheck { Vote(a), NewLeader(a), Commit(a), Heard, Reconfig(a) });
pack_struct!(GroupFact { group, present, total });
pack_struct!(QuorumFact { version, present, voters, needed, groups, is_quorum });

pack_enum!(RecipeWhy { JoinedLine { node }, CreateUncertain { path, is_protected }, FoundOwnNode { node }, OwnNodeMissing { parent }, Granted { node, token, line }, WaitsBehind { node, watched, before }, HerdWaits { node }, Woken { watched }, WatchedGone { watched }, Released { node }, GaveUp { path }, Suspended { path, trusts }, StillHolds { path }, LostHold { path, ignores }, Reentered { path, count }, LeftOnce { path, count }, TwoBelieve { path, older, newer, is_expired }, ResourceWritten { path, token, largest }, ResourceRefused { path, token, largest }, Downgraded { path }, RevokeAsked { node }, Revoked { node }, HoldsSome { path, held, of }, NoLease { path, leases, most }, GaveUpLead { path }, BarrierUp { path }, BarrierGone { path }, CountedIn { path, present, needed }, AllArrived { path, needed }, LeavesAfter { path, watched }, Added { node }, QueueEmpty { path }, Took { node }, TakenByOther { node }, Present { node }, MembersSeen { path, members }, ConfigSeen { path, version }, NothingYet { path }, Picked { node }, Counted { path, value }, CountedMeanwhile { path, version }, Voted { path, is_commit }, VoteCame { path, is_commit, votes, of }, Decided { path, is_commit, votes, of }, RecipeFailed { path, error }, DeleteUncertain { node }, DeletesAgain { node } });

pack_refused!(Image);

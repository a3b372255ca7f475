//! Names of reasons, for scripts: each list and its `match` are one, so neither can forget any.

use super::{DiskWhy, MembersWhy, RecipeWhy, SyncRule, Why};

macro_rules! names {
    ($type:ty, $($variant:ident)*) => {
        impl $type {
            /// The names of its variants.
            const VARIANTS: &'static [&'static str] = &[$(stringify!($variant)),*];

            const fn variant(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => stringify!($variant),)*
                }
            }
        }
    };
}

impl SyncRule {
    /// Every name.
    pub fn names() -> Vec<&'static str> {
        SyncRule::VARIANTS.to_vec()
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.variant()
    }
}

impl Why {
    /// Every name. Reasons about disks, members and recipes are named like the others.
    pub fn names() -> Vec<&'static str> {
        const PARTS: [&str; 3] = ["Disk", "Members", "Recipe"];
        let own = Why::VARIANTS.iter().filter(|name| !PARTS.contains(name));
        let parts = DiskWhy::VARIANTS.iter().chain(MembersWhy::VARIANTS).chain(RecipeWhy::VARIANTS);
        own.chain(parts).copied().collect()
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        match self {
            Why::Disk(why) => why.variant(),
            Why::Members(why) => why.variant(),
            Why::Recipe(why) => why.variant(),
            other => other.variant(),
        }
    }
}

names! {
    SyncRule,
    SameZxid
    AheadOfCommittedLog
    InCommittedLog
    DivergedInCommittedLog
    InDiskLog
    DivergedInDiskLog
    TooOld
    GapInDiskLog
    DiskLogTooLarge
    DivergedAcrossEpochs
    NewEpochBeyondLog
    NotCompared
    DivergenceOverlooked
}

// In the order of `Why`.
names! {
    Why,
    Mistaken
    StartedElection
    ResentVote
    JoinedNewerRound
    IgnoredOlderRound
    AdoptedBetterVote
    KeptVote
    IgnoredNonVoter
    IgnoredBlankVote
    QuorumAgrees
    BetterVoteInTime
    Elected
    JoinedEstablishedLeader
    AnsweredLooking
    DialledBack
    ProposedEpoch
    PromisedEpoch
    PromisedEpochBefore
    RefusedOldEpoch
    EpochQuorum
    FollowerAhead
    RefusedNewerConfig
    Synchronizing
    SyncThrottled
    Truncated
    LoadedSnapshot
    EnteredEpoch
    NewLeaderQuorum
    MayServe
    Proposed
    CommittedByQuorum
    LostQuorum
    NoQuorumInTime
    LeaderUnreachable
    LeaderGone
    LeaderSilent
    LearnerGone
    LearnerSilent
    CounterRolledOver
    FastForwarded
    OutOfOrder
    UnexpectedPacket
    Members
    Recovered
    RefusedToStart
    Disk
    OpeningSession
    SessionBucket
    SessionExpired
    RefusedBehindClient
    SessionOpened
    SessionReattached
    SessionUnknown
    SessionMoved
    LocalSessionOpened
    UpgradingSession
    SessionUpgraded
    EphemeralOnLocalSession
    ReadOnlyStarted
    ReadOnlyRefusedClient
    ReadOnlyRefusedNewSession
    ReadOnlyRefusedSession
    ReadOnlyRefusedRequest
    TooManyConnections
    RequestTooLarge
    Throttled
    Unthrottled
    QuotaWarning
    SessionsInherited
    NotServing
    Refused
    SyncWaits
    WatchesFired
    SnapshotDue
    ClientTries
    ClientFoundReadWrite
    ClientHeardNothing
    OutcomeUnknown
    Recipe
}

names! {
    DiskWhy,
    StartedEmpty
    SnapshotUnreadable
    NoValidSnapshot
    LogWithoutSnapshot
    TrustedEmptySnapshot
    TornRecord
    CorruptRecord
    EpochFileMissing
    EpochFromTmp
    SlowFsync
    SyncNotForced
    UnsyncedLost
    WriteFailed
    SnapshotFailed
    TruncateFailed
    SnapshotSkipped
    SnapshotDueBySize
    LogRolledBySize
    Purged
}

names! {
    MembersWhy,
    QuorumChecked
    ReconfigProposed
    ConfigActivated
    DesignatedLeader
    RoleChanged
    NoMember
    PeerTypeIgnored
    ConfigFileLost
    ConfigLearned
}

names! {
    RecipeWhy,
    JoinedLine
    CreateUncertain
    FoundOwnNode
    OwnNodeMissing
    Granted
    WaitsBehind
    HerdWaits
    Woken
    WatchedGone
    Released
    GaveUp
    Suspended
    StillHolds
    LostHold
    Reentered
    LeftOnce
    TwoBelieve
    ResourceWritten
    ResourceRefused
    Downgraded
    RevokeAsked
    Revoked
    HoldsSome
    NoLease
    GaveUpLead
    BarrierUp
    BarrierGone
    CountedIn
    AllArrived
    LeavesAfter
    Added
    QueueEmpty
    Took
    TakenByOther
    Present
    MembersSeen
    ConfigSeen
    NothingYet
    Picked
    Counted
    CountedMeanwhile
    Voted
    VoteCame
    Decided
    RecipeFailed
    DeleteUncertain
    DeletesAgain
}

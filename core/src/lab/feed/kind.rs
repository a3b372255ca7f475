//! Which rows of the feed are about the same thing, so that a reader can leave some out.

use crate::lab::view::FeedItem;
use crate::sim::action::Action;
use crate::why::Why;

/// What a row of the feed is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FeedKind {
    /// Votes, and who leads.
    Elections,
    /// Discovery, synchronization, membership.
    Sync,
    /// Requests, proposals, commits.
    Transactions,
    /// Sessions and clients.
    Sessions,
    /// Watches.
    Watches,
    /// Disks, logs, snapshots.
    Disk,
    /// Connections and lost packets.
    Network,
    /// What was done from outside, and what is broken.
    Faults,
}

impl FeedKind {
    /// All, in the order in which they are shown.
    pub const ALL: [FeedKind; 8] = [
        FeedKind::Elections,
        FeedKind::Sync,
        FeedKind::Transactions,
        FeedKind::Sessions,
        FeedKind::Watches,
        FeedKind::Disk,
        FeedKind::Network,
        FeedKind::Faults,
    ];

    /// Its name in attributes.
    pub const fn name(self) -> &'static str {
        match self {
            FeedKind::Elections => "elections",
            FeedKind::Sync => "sync",
            FeedKind::Transactions => "transactions",
            FeedKind::Sessions => "sessions",
            FeedKind::Watches => "watches",
            FeedKind::Disk => "disk",
            FeedKind::Network => "network",
            FeedKind::Faults => "faults",
        }
    }

    /// What a row is about.
    pub fn of(item: &FeedItem) -> FeedKind {
        match item {
            FeedItem::Decision(why) => of_why(why),
            FeedItem::Act(action) => of_action(action),
            FeedItem::StateChanged { .. } => FeedKind::Elections,
            FeedItem::Lost { .. } => FeedKind::Network,
            FeedItem::Violated(_) => FeedKind::Faults,
        }
    }
}

fn of_action(action: &Action) -> FeedKind {
    match action {
        Action::Submit { .. } | Action::Recipe { .. } | Action::Contend(_) => {
            FeedKind::Transactions
        }
        Action::Connect { .. } | Action::CloseSession(_) | Action::MoveClient { .. } => {
            FeedKind::Sessions
        }
        Action::Start(_)
        | Action::AddServer { .. }
        | Action::Kill(_)
        | Action::Pause(_)
        | Action::Resume(_)
        | Action::Partition(_)
        | Action::Heal
        | Action::Network(_)
        | Action::Disk(_)
        | Action::Vanish(_)
        | Action::PauseClient(_)
        | Action::ResumeClient(_) => FeedKind::Faults,
    }
}

fn of_why(why: &Why) -> FeedKind {
    match why {
        Why::StartedElection { .. }
        | Why::ResentVote { .. }
        | Why::JoinedNewerRound { .. }
        | Why::IgnoredOlderRound { .. }
        | Why::AdoptedBetterVote { .. }
        | Why::KeptVote { .. }
        | Why::IgnoredNonVoter { .. }
        | Why::IgnoredBlankVote { .. }
        | Why::QuorumAgrees { .. }
        | Why::BetterVoteInTime { .. }
        | Why::Elected { .. }
        | Why::JoinedEstablishedLeader { .. }
        | Why::AnsweredLooking { .. }
        | Why::LostQuorum { .. }
        | Why::NoQuorumInTime { .. } => FeedKind::Elections,
        Why::ProposedEpoch { .. }
        | Why::PromisedEpoch { .. }
        | Why::PromisedEpochBefore { .. }
        | Why::RefusedOldEpoch { .. }
        | Why::EpochQuorum { .. }
        | Why::FollowerAhead { .. }
        | Why::RefusedNewerConfig { .. }
        | Why::Synchronizing { .. }
        | Why::SyncThrottled { .. }
        | Why::Truncated { .. }
        | Why::LoadedSnapshot { .. }
        | Why::EnteredEpoch { .. }
        | Why::NewLeaderQuorum { .. }
        | Why::MayServe { .. }
        | Why::FastForwarded { .. }
        | Why::Members(_) => FeedKind::Sync,
        Why::Proposed { .. }
        | Why::CommittedByQuorum { .. }
        | Why::CounterRolledOver { .. }
        | Why::OutOfOrder { .. }
        | Why::RequestTooLarge { .. }
        | Why::Throttled { .. }
        | Why::Unthrottled { .. }
        | Why::QuotaWarning { .. }
        | Why::NotServing
        | Why::Refused { .. }
        | Why::SyncWaits { .. }
        | Why::ReadOnlyRefusedRequest { .. }
        | Why::Recipe(_)
        | Why::OutcomeUnknown { .. } => FeedKind::Transactions,
        Why::OpeningSession { .. }
        | Why::SessionExpired { .. }
        | Why::RefusedBehindClient { .. }
        | Why::SessionOpened { .. }
        | Why::SessionReattached { .. }
        | Why::SessionUnknown { .. }
        | Why::SessionMoved { .. }
        | Why::LocalSessionOpened { .. }
        | Why::UpgradingSession { .. }
        | Why::SessionUpgraded { .. }
        | Why::EphemeralOnLocalSession { .. }
        | Why::ReadOnlyStarted { .. }
        | Why::ReadOnlyRefusedClient
        | Why::ReadOnlyRefusedNewSession
        | Why::ReadOnlyRefusedSession { .. }
        | Why::TooManyConnections { .. }
        | Why::SessionsInherited { .. }
        | Why::SessionBucket { .. }
        | Why::ClientTries { .. }
        | Why::ClientFoundReadWrite { .. }
        | Why::ClientHeardNothing { .. } => FeedKind::Sessions,
        Why::WatchesFired { .. } => FeedKind::Watches,
        Why::Recovered { .. }
        | Why::RefusedToStart { .. }
        | Why::Disk(_)
        | Why::SnapshotDue { .. } => FeedKind::Disk,
        Why::DialledBack { .. }
        | Why::LeaderUnreachable { .. }
        | Why::LeaderGone { .. }
        | Why::LeaderSilent { .. }
        | Why::LearnerGone { .. }
        | Why::LearnerSilent { .. }
        | Why::UnexpectedPacket { .. } => FeedKind::Network,
        Why::Mistaken { .. } => FeedKind::Faults,
    }
}

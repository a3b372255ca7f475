//! Deliberate mistakes in the protocol: what a scenario may break, to see what it was good for.
//!
//! Each is one small change in one place, of the kind that a programmer makes. Some are ZooKeeper's
//! own history and bear its number; the last three are what ZooKeeper does to this day, and this lab
//! does not unless asked. Without mistakes nothing here has any effect.
//!
//! A machine asks where it decides: `config.mistakes.has(Mistake::HalfQuorum)`.

use std::fmt;
use std::str::FromStr;

/// One way to get the protocol wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mistake {
    /// `Leader.tryToCommit` takes half of a quorum's ACKs for enough.
    HalfQuorum,
    /// A follower sends the ACK of a proposal when it arrives, not when it is on disk.
    AckBeforeFsync,
    /// `totalOrderPredicate` compares epochs and ids only.
    VoteIgnoresZxid,
    /// `totalOrderPredicate` compares zxids and ids only.
    VoteIgnoresEpoch,
    /// A follower takes a LEADERINFO with an epoch older than the one it has promised.
    OldEpochLeader,
    /// A follower applies the newest pending proposal at a COMMIT, not the oldest.
    CommitOutOfOrder,
    /// A leader answers every learner's ACKEPOCH with an empty DIFF.
    SkipSync,
    /// Where `syncFollower` finds that a learner must be cut or needs a snapshot, it sends a DIFF.
    DivergedGetsDiff,
    /// ZOOKEEPER-4643: at NEWLEADER `currentEpoch` is written before the history is on disk.
    EpochBeforeLog,
    /// ZOOKEEPER-3911: what a DIFF brought is logged after UPTODATE, the ACK of NEWLEADER is sent
    /// before.
    LogAfterUptodate,
    /// ZOOKEEPER-2845: a server that leaves a role votes with what it has applied, not with what it
    /// has logged.
    NoFastForward,
    /// A leader serves as soon as it has an epoch, without waiting for the ACKs of NEWLEADER.
    EarlyServe,
    /// ZOOKEEPER-1294: a leader counts observers when it asks whether a quorum has its history, and
    /// whether one is still with it.
    ObserverInQuorum,
    /// A follower keeps its own time for the sessions it hears from, and closes them.
    FollowerExpires,
    /// A one-shot watch stays after it has fired.
    WatchFiresTwice,
    /// A sequential znode's number is its parent's number of children, not its cversion.
    SequenceFromChildren,
    /// ZOOKEEPER-1549: TRUNC leaves newer snapshots.
    TruncKeepsSnapshots,
    /// ZOOKEEPER-2846 and 4352: SNAP leaves the old log and its snapshots.
    SnapKeepsLog,
    /// What a learner acknowledged before it came back still counts for outstanding proposals.
    OldAcksCount,
}

impl Mistake {
    /// All of them.
    pub const ALL: [Mistake; 19] = [
        Mistake::HalfQuorum,
        Mistake::AckBeforeFsync,
        Mistake::VoteIgnoresZxid,
        Mistake::VoteIgnoresEpoch,
        Mistake::OldEpochLeader,
        Mistake::CommitOutOfOrder,
        Mistake::SkipSync,
        Mistake::DivergedGetsDiff,
        Mistake::EpochBeforeLog,
        Mistake::LogAfterUptodate,
        Mistake::NoFastForward,
        Mistake::EarlyServe,
        Mistake::ObserverInQuorum,
        Mistake::FollowerExpires,
        Mistake::WatchFiresTwice,
        Mistake::SequenceFromChildren,
        Mistake::TruncKeepsSnapshots,
        Mistake::SnapKeepsLog,
        Mistake::OldAcksCount,
    ];

    /// Its name in scenarios and on the command line. It never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Mistake::HalfQuorum => "half-quorum",
            Mistake::AckBeforeFsync => "ack-before-fsync",
            Mistake::VoteIgnoresZxid => "vote-ignores-zxid",
            Mistake::VoteIgnoresEpoch => "vote-ignores-epoch",
            Mistake::OldEpochLeader => "old-epoch-leader",
            Mistake::CommitOutOfOrder => "commit-out-of-order",
            Mistake::SkipSync => "skip-sync",
            Mistake::DivergedGetsDiff => "diverged-gets-diff",
            Mistake::EpochBeforeLog => "epoch-before-log",
            Mistake::LogAfterUptodate => "log-after-uptodate",
            Mistake::NoFastForward => "no-fast-forward",
            Mistake::EarlyServe => "early-serve",
            Mistake::ObserverInQuorum => "observer-in-quorum",
            Mistake::FollowerExpires => "follower-expires",
            Mistake::WatchFiresTwice => "watch-fires-twice",
            Mistake::SequenceFromChildren => "sequence-from-children",
            Mistake::TruncKeepsSnapshots => "trunc-keeps-snapshots",
            Mistake::SnapKeepsLog => "snap-keeps-log",
            Mistake::OldAcksCount => "old-acks-count",
        }
    }

    /// One line for lists of commands.
    pub const fn description(self) -> &'static str {
        match self {
            Mistake::HalfQuorum => "a leader commits with the ACKs of half a quorum",
            Mistake::AckBeforeFsync => "a follower ACKs a proposal before it is on disk",
            Mistake::VoteIgnoresZxid => "an election compares epochs and ids, not zxids",
            Mistake::VoteIgnoresEpoch => "an election compares zxids and ids, not epochs",
            Mistake::OldEpochLeader => "a follower follows an epoch older than it has promised",
            Mistake::CommitOutOfOrder => "a follower applies the newest pending proposal first",
            Mistake::SkipSync => "a leader sends every learner an empty DIFF",
            Mistake::DivergedGetsDiff => "a diverged learner gets DIFF instead of TRUNC or SNAP",
            Mistake::EpochBeforeLog => {
                "currentEpoch is written before the history (ZOOKEEPER-4643)"
            }
            Mistake::LogAfterUptodate => "a DIFF is logged only after UPTODATE (ZOOKEEPER-3911)",
            Mistake::NoFastForward => {
                "a server that leaves a role votes without its log (ZOOKEEPER-2845)"
            }
            Mistake::EarlyServe => "a leader serves before a quorum has acknowledged NEWLEADER",
            Mistake::ObserverInQuorum => {
                "a leader counts observers as if they were voters (ZOOKEEPER-1294)"
            }
            Mistake::FollowerExpires => "a follower expires sessions by its own clock",
            Mistake::WatchFiresTwice => "a one-shot watch stays after it has fired",
            Mistake::SequenceFromChildren => "a sequence number is the parent's number of children",
            Mistake::TruncKeepsSnapshots => {
                "TRUNC leaves newer snapshots, as ZooKeeper does (ZOOKEEPER-1549)"
            }
            Mistake::SnapKeepsLog => {
                "SNAP leaves the old log, as ZooKeeper does (ZOOKEEPER-2846, 4352)"
            }
            Mistake::OldAcksCount => "ACKs from before a learner came back count, as in ZooKeeper",
        }
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no mistake has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownMistake(pub String);

impl fmt::Display for UnknownMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Mistake::ALL.map(Mistake::name).join(", ");
        write!(f, "there is no mistake {:?}; there are {names}", self.0)
    }
}

impl std::error::Error for UnknownMistake {}

impl FromStr for Mistake {
    type Err = UnknownMistake;

    fn from_str(name: &str) -> Result<Mistake, UnknownMistake> {
        let found = Mistake::ALL.into_iter().find(|mistake| mistake.name() == name);
        found.ok_or_else(|| UnknownMistake(name.to_owned()))
    }
}

/// The mistakes of a run. None is the default.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Mistakes(u32);

impl Mistakes {
    /// The protocol as it should be.
    pub const NONE: Mistakes = Mistakes(0);

    /// Whether this one is made.
    pub const fn has(self, mistake: Mistake) -> bool {
        self.0 & mistake.bit() != 0
    }

    /// Whether none is made.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// This one as well.
    pub const fn with(self, mistake: Mistake) -> Mistakes {
        Mistakes(self.0 | mistake.bit())
    }

    /// All but this one.
    pub const fn without(self, mistake: Mistake) -> Mistakes {
        Mistakes(self.0 & !mistake.bit())
    }

    /// Those that are made, in the order of [`Mistake::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Mistake> {
        Mistake::ALL.into_iter().filter(move |mistake| self.has(*mistake))
    }
}

impl FromIterator<Mistake> for Mistakes {
    fn from_iter<I: IntoIterator<Item = Mistake>>(mistakes: I) -> Mistakes {
        mistakes.into_iter().fold(Mistakes::NONE, Mistakes::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_names_one_mistake() {
        for mistake in Mistake::ALL {
            assert_eq!(mistake.name().parse(), Ok(mistake));
            let others = Mistake::ALL.into_iter().filter(|other| *other != mistake);
            let others: Mistakes = others.collect();
            assert!(!others.has(mistake));
            assert_eq!(others.with(mistake).without(mistake), others);
            assert_eq!(Mistakes::NONE.with(mistake).iter().collect::<Vec<_>>(), [mistake]);
        }
    }

    #[test]
    fn an_unknown_name_is_told_with_the_known_ones() {
        let error = "half".parse::<Mistake>().map_err(|error| error.to_string());
        let text = error.expect_err("there is no such mistake");
        assert!(text.starts_with("there is no mistake \"half\"; there are half-quorum, "));
    }
}

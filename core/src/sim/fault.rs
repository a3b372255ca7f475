//! What can happen to a disk from outside.
//!
//! A disk that is slow, fails or is full stays so until it is mended. Damage to files is done to
//! servers that are down: it is found when the files are read, at the next start.

use crate::types::{ServerId, Zxid};
use crate::why::DiskError;
use std::rc::Rc;

/// The longest that a write may be made to take more, in microseconds: an hour.
pub const LONGEST_ADDED_US: u64 = 3_600_000_000;
/// How many times as long a write may be made to take.
pub const LARGEST_FACTOR: u32 = 1_000_000;

/// Something that happens to disks.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct DiskAction {
    /// Whose.
    pub servers: Rc<[ServerId]>,
    /// What.
    pub fault: DiskFault,
}

/// What happens to a disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DiskFault {
    /// Writes begun from now on take longer.
    Slow {
        /// That many times as long.
        factor: u32,
        /// And that much more, in microseconds.
        added_us: u64,
    },
    /// Writes fail.
    Failing,
    /// No space is left.
    Full,
    /// It is fast, works and has space again.
    Mended,
    /// The last record of the log is cut in its middle.
    TornTail,
    /// A bit flips in a record: in this one, or in the last.
    CorruptRecord(Option<Zxid>),
    /// A bit flips in a snapshot: in this one, or in the newest.
    CorruptSnapshot(Option<Zxid>),
    /// All snapshots are gone.
    LostSnapshots,
    /// The data directory is empty.
    LostData,
    /// An epoch file is gone.
    LostEpoch(EpochFile),
    /// The last writing of `currentEpoch` stopped between `currentEpoch.tmp` and its renaming.
    UnfinishedEpoch,
    /// A dynamic configuration file is gone.
    LostConfig(ConfigFile),
    /// The configuration file is the one that the server was first started with, as from an old
    /// backup; there is no `.next`.
    OldConfig,
    /// The dynamic configuration file is a copy of the newest that any server has.
    CopiedConfig,
}

impl DiskFault {
    /// Whether it changes files, and so is done only while their server is down.
    pub const fn is_damage(self) -> bool {
        match self {
            DiskFault::Slow { .. } | DiskFault::Failing | DiskFault::Full | DiskFault::Mended => {
                false
            }
            DiskFault::TornTail
            | DiskFault::CorruptRecord(_)
            | DiskFault::CorruptSnapshot(_)
            | DiskFault::LostSnapshots
            | DiskFault::LostData
            | DiskFault::LostEpoch(_)
            | DiskFault::UnfinishedEpoch
            | DiskFault::LostConfig(_)
            | DiskFault::OldConfig
            | DiskFault::CopiedConfig => true,
        }
    }
}

/// One of the two epoch files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EpochFile {
    /// `acceptedEpoch`.
    Accepted,
    /// `currentEpoch`.
    Current,
}

/// One of the two dynamic configuration files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ConfigFile {
    /// `zoo.cfg.dynamic.VERSION`: the last configuration known to be committed.
    Dynamic,
    /// `zoo.cfg.dynamic.next`: the last one seen proposed.
    Next,
}

/// How a disk works.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DiskHealth {
    /// Writes take that many times as long.
    pub factor: u32,
    /// And that much more, in microseconds.
    pub added_us: u64,
    /// Writes fail.
    pub error: Option<DiskError>,
    /// Whether it ever failed or was full.
    pub has_failed: bool,
    /// How long the last fsync of the log took, in microseconds.
    pub last_fsync_us: Option<u64>,
}

impl Default for DiskHealth {
    /// As new.
    fn default() -> DiskHealth {
        DiskHealth { factor: 1, added_us: 0, error: None, has_failed: false, last_fsync_us: None }
    }
}

impl DiskHealth {
    /// Whether it is slower than it was.
    pub const fn is_slow(&self) -> bool {
        1 < self.factor || 0 < self.added_us
    }
}

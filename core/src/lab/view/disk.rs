//! What is on a server's disk and on its way to it.

use crate::types::Zxid;
use crate::why::DiskError;
use std::rc::Rc;

/// The disk of a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DiskView {
    /// Log files, oldest first.
    pub logs: Vec<LogFileView>,
    /// Snapshots, oldest first.
    pub snapshots: Vec<SnapshotView>,
    /// Writes that have not reached the disk, oldest first.
    pub pending: Vec<PendingWriteView>,
    /// Transactions that the log's writer has not passed on yet.
    pub queued: usize,
    /// With `forceSync=no`: what the operating system has and the disk has not, after the first
    /// zxid up to the second.
    pub unsynced: Option<(Zxid, Zxid)>,
    /// The `acceptedEpoch` file, if there is one.
    pub accepted_epoch: Option<u32>,
    /// The `currentEpoch` file, if there is one.
    pub current_epoch: Option<u32>,
    /// `currentEpoch.tmp`, if there is one.
    pub current_epoch_tmp: Option<u32>,
    /// How long the last fsync of the log took, in microseconds.
    pub last_fsync_us: Option<u64>,
    /// How many times as long as usual a write takes.
    pub slow_factor: u32,
    /// And how much more, in microseconds.
    pub slow_added_us: u64,
    /// Why writes fail, if they do.
    pub error: Option<DiskError>,
    /// Whether files were ever damaged from outside.
    pub is_damaged: bool,
}

/// A log file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogFileView {
    /// As in `log.100000001`.
    pub name: Rc<str>,
    /// The first transaction in it.
    pub first: Zxid,
    /// The last whole one, if there is one.
    pub last: Option<Zxid>,
    /// How many whole records it has.
    pub records: usize,
    /// The length of its records, in bytes.
    pub bytes: u64,
    /// Its length with padding, in bytes.
    pub size: u64,
    /// Whether its last record breaks off.
    pub is_torn: bool,
    /// The first record whose checksum is wrong.
    pub corrupt: Option<Zxid>,
}

/// A snapshot file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SnapshotView {
    /// As in `snapshot.100000003`.
    pub name: Rc<str>,
    /// The last transaction that is wholly in it.
    pub zxid: Zxid,
    /// How many znodes it has.
    pub znodes: usize,
    /// Its length, in bytes.
    pub bytes: u64,
    /// Whether it holds effects of later transactions too.
    pub is_fuzzy: bool,
    /// Whether its checksum is wrong.
    pub is_corrupt: bool,
}

/// A write on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PendingWriteView {
    /// To the log.
    Append {
        /// The first transaction.
        first: Zxid,
        /// The last one.
        last: Zxid,
        /// How many.
        txns: usize,
    },
    /// A snapshot.
    Snapshot {
        /// As of.
        zxid: Zxid,
        /// How long it will be, in bytes.
        bytes: u64,
    },
}

//! What a server found on its disk and what it made of it.

use crate::types::Zxid;
use std::rc::Rc;

/// Why a write did not succeed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DiskError {
    /// The device failed: EIO.
    Io,
    /// No space is left on it: ENOSPC.
    Full,
}

impl DiskError {
    /// The system's message.
    pub const fn text(self) -> &'static str {
        match self {
            DiskError::Io => "Input/output error",
            DiskError::Full => "No space left on device",
        }
    }
}

/// What was to be written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DiskFile {
    /// The transaction log.
    Log,
    /// A snapshot.
    Snapshot,
    /// `acceptedEpoch`.
    AcceptedEpoch,
    /// `currentEpoch`.
    CurrentEpoch,
}

/// Decisions about the disk: `QuorumPeer.loadDataBase`, `FileTxnSnapLog.restore`,
/// `SyncRequestProcessor`, `PurgeTxnLog`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum DiskWhy {
    // --- Boot
    /// Its data directory is empty. With `db.autocreate` or an `initialize` file it takes that for
    /// the truth and votes; otherwise its zxid is −1 and it waits to be synchronized.
    StartedEmpty {
        /// Whether it votes.
        may_vote: bool,
        /// Whether whoever made the directory said that it is rightly empty.
        is_initialized: bool,
    },
    /// A snapshot's checksum is wrong: it takes an older one.
    SnapshotUnreadable {
        /// Which.
        zxid: Zxid,
        /// The one it takes instead.
        instead: Option<Zxid>,
    },
    /// There are snapshots, and none can be read: it refuses to start.
    NoValidSnapshot {
        /// How many there are.
        tried: usize,
    },
    /// There is a log but no snapshot: part of the history may be missing, and it refuses to start.
    LogWithoutSnapshot {
        /// The last transaction in the log.
        last_logged: Zxid,
    },
    /// There is a log but no snapshot, and `snapshot.trust.empty` says that the log is all.
    TrustedEmptySnapshot {
        /// The last transaction in the log.
        last_logged: Zxid,
    },
    /// The last record of a log file breaks off: the log ends before it.
    TornRecord {
        /// The zxid in the file's name.
        file: Zxid,
        /// The last whole record of the file.
        last_whole: Option<Zxid>,
    },
    /// The checksum of a record is wrong. Nobody can tell what was there, so it refuses to start.
    CorruptRecord {
        /// The zxid in the file's name.
        file: Zxid,
        /// The record's.
        zxid: Zxid,
    },
    /// An epoch file is missing: it takes the epoch of the last transaction.
    EpochFileMissing {
        /// Which.
        file: DiskFile,
        /// What it takes.
        epoch: u32,
    },
    /// `currentEpoch` is older than the last transaction, but `currentEpoch.tmp` was written and
    /// only not renamed.
    EpochFromTmp {
        /// What `currentEpoch` says.
        current_epoch: u32,
        /// What `currentEpoch.tmp` says.
        tmp: u32,
        /// The last transaction.
        last_logged: Zxid,
    },

    // --- Writing
    /// An fsync took longer than `fsync.warningthresholdms`.
    SlowFsync {
        /// How long it took, in milliseconds.
        took_ms: u64,
        /// The threshold, in milliseconds.
        threshold_ms: u64,
        /// How many transactions it covered.
        txns: usize,
    },
    /// `forceSync=no`: it acknowledges before the disk has anything.
    SyncNotForced,
    /// The machine went down: what was acknowledged but never fsynced is gone.
    UnsyncedLost {
        /// The first that is gone comes after this.
        from: Zxid,
        /// The last that is gone.
        to: Zxid,
    },
    /// The log's writer, or the writing of an epoch, failed: the server leaves its role.
    WriteFailed {
        /// What was to be written.
        file: DiskFile,
        /// Why it failed.
        error: DiskError,
        /// Transactions that did not get to the disk.
        zxids: Rc<[Zxid]>,
    },
    /// A snapshot could not be written: the process exits.
    SnapshotFailed {
        /// As of.
        zxid: Zxid,
        /// Why it failed.
        error: DiskError,
    },
    /// The log could not be cut as the leader demands: the process exits rather than go on with
    /// what nobody else has (ZOOKEEPER-3701).
    TruncateFailed {
        /// Where it was to be cut.
        to: Zxid,
        /// Why the disk failed, if it did; otherwise a record on the way there is corrupt.
        error: Option<DiskError>,
    },
    /// A snapshot was due while the one before was still being written: it is left out.
    SnapshotSkipped {
        /// As of.
        zxid: Zxid,
    },
    /// A snapshot was begun: the log has grown enough since the last.
    SnapshotDueBySize {
        /// As of.
        zxid: Zxid,
        /// The length of the log file, in bytes.
        bytes: u64,
    },
    /// The log file has reached `txnLogSizeLimitInKb`: the next transaction begins a new one.
    LogRolledBySize {
        /// Its length, in bytes.
        bytes: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// Old files were removed.
    Purged {
        /// How many snapshots.
        snapshots: usize,
        /// How many log files.
        logs: usize,
        /// The oldest snapshot that stays.
        oldest: Zxid,
    },
}

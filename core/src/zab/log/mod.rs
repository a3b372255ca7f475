//! What a server keeps on disk: the transaction log, snapshots, and two epochs.
//!
//! ```text
//!   version-2/ log.100000001   ├1·1┼1·2┼1·3┤          one file per roll, named by its first zxid
//!              log.100000004   ├1·4┼2·1┤
//!              snapshot.100000003                     the tree as of 1·3
//!              acceptedEpoch 2, currentEpoch 2
//! ```
//!
//! A write is *pending* until its fsync has finished; a crash loses what is pending. Recovery loads
//! the newest snapshot that can be read and replays everything in the log after it, committed or
//! not: the log does not know what was committed. What may be wrong with the files, and what reading
//! makes of it, is in [`files`]; how long they are, in [`size`].
//!
//! With `forceSync=no` a write is done when the operating system has it, and is *unsynced* until the
//! system has written it back.
//!
//! ZooKeeper: `FileTxnLog`, `FileSnap`, `FileTxnSnapLog`. Simplified: the two epoch files and
//! truncation are written at once; snapshots that the log's writer asks for are fuzzy, others are
//! not; a snapshot and the log share one queue to the disk; after a failed write the next one begins
//! a new file. Two differences, without which committed transactions can be lost or uncommitted ones
//! come back: ZooKeeper's TRUNC leaves snapshots alone, so one that was taken of an uncommitted
//! transaction is loaded again (ZOOKEEPER-1549), while here a cut removes them; and its SNAP leaves
//! the old log, with a hole or with what nobody committed, which a later leader may send
//! (ZOOKEEPER-2846, -4352), while here the history begins anew with a received snapshot.

pub mod files;
pub mod size;

pub use files::{BadRecord, Files, LogFile, SnapshotFile};

use crate::image::Image;
use crate::mistake::{Mistake, Mistakes};
use crate::txn::Txn;
use crate::types::Zxid;
use crate::why::DiskError;
use crate::zab::database::Apply;
use crate::zab::snapshot;
use size::Position;
use std::collections::VecDeque;
use std::rc::Rc;

/// A write on its way to the disk.
#[derive(Clone, Debug)]
pub enum Write {
    /// Append to the log and fsync.
    Append {
        /// What, in order.
        txns: Rc<[Rc<Txn>]>,
        /// Whether a new file is begun.
        is_new_file: bool,
        /// How long the file's records are after it, and the file, in bytes.
        length: (u64, u64),
    },
    /// Save a snapshot and fsync.
    Snapshot {
        /// Of what.
        file: SnapshotFile,
        /// Whether a leader sent it.
        is_received: bool,
        /// What was applied to the tree since it was begun, if that gets into the file.
        since: Option<Vec<Rc<Txn>>>,
    },
}

/// A data directory and what is on its way to it.
#[derive(Clone, Debug, Default)]
pub struct Storage {
    /// What would survive a crash now, but for what is unsynced.
    pub files: Files,
    pending: VecDeque<Write>,
    /// The next append begins a new file: after boot, a snapshot by the log's own thread, or a cut.
    is_new_file_due: bool,
    /// What log files are padded by, in bytes.
    prealloc: u64,
    /// Where the current log file ends.
    position: Option<Position>,
    /// The last transaction that the operating system has written back, while it has others.
    synced: Option<Zxid>,
    mistakes: Mistakes,
}

impl Storage {
    /// The directory as a process finds it at boot. Log files are padded by `prealloc` bytes.
    pub fn open(files: Files, prealloc: u64) -> Storage {
        Storage { files, prealloc, is_new_file_due: true, ..Storage::default() }
    }

    /// The same, making these mistakes.
    pub fn with_mistakes(self, mistakes: Mistakes) -> Storage {
        Storage { mistakes, ..self }
    }

    /// Begins to append. The write is durable after as many calls of [`Storage::complete`] as there
    /// are writes pending with it.
    pub fn append(&mut self, txns: Rc<[Rc<Txn>]>) {
        let is_new_file = std::mem::take(&mut self.is_new_file_due) || self.position.is_none();
        if is_new_file {
            self.position = Some(Position::default());
        }
        let prealloc = self.prealloc.max(1);
        let length = self.position.as_mut().map_or((0, 0), |position| {
            txns.iter().for_each(|txn| position.append(size::record(txn), prealloc));
            position.flush()
        });
        self.pending.push_back(Write::Append { txns, is_new_file, length });
    }

    /// Begins to save a snapshot, which a leader sent or which is of the server's own making.
    pub fn save(&mut self, file: SnapshotFile, is_received: bool) {
        self.pending.push_back(Write::Snapshot { file, is_received, since: None });
    }

    /// Begins to save a fuzzy snapshot: what [`Storage::applied`] is told of until it is complete
    /// gets into it in part.
    pub fn save_fuzzy(&mut self, file: SnapshotFile) {
        let since = Some(Vec::new());
        self.pending.push_back(Write::Snapshot { file, is_received: false, since });
    }

    /// Whether a fuzzy snapshot is on its way.
    pub fn is_snapshotting(&self) -> bool {
        let is_fuzzy = |write: &Write| matches!(write, Write::Snapshot { since: Some(_), .. });
        self.pending.iter().any(is_fuzzy)
    }

    /// The tree has changed.
    pub fn applied(&mut self, txn: &Rc<Txn>) {
        for write in &mut self.pending {
            if let Write::Snapshot { since: Some(since), .. } = write {
                since.push(txn.clone());
            }
        }
    }

    /// The next append begins a new file (`rollLog`).
    pub fn roll(&mut self) {
        self.is_new_file_due = true;
    }

    /// How long the log file is that is being written, with its padding; 0 if the next append
    /// begins a new one.
    pub fn current_log_size(&self) -> u64 {
        if self.is_new_file_due {
            return 0;
        }
        self.position.map_or(0, |mut position| position.flush().1)
    }

    /// The oldest pending write has reached the disk, or, with `forceSync=no`, the operating system.
    pub fn complete(&mut self, is_synced: bool, apply: Apply<'_>) -> Option<Write> {
        let write = self.pending.pop_front()?;
        match &write {
            Write::Append { txns, .. } if txns.is_empty() => {}
            Write::Append { txns, is_new_file, length } => {
                if !is_synced && self.synced.is_none() {
                    self.synced = Some(self.files.last_logged().unwrap_or_default());
                }
                self.files.append(txns, *is_new_file, *length);
            }
            Write::Snapshot { file, is_received, since } => {
                if *is_received && !self.mistakes.has(Mistake::SnapKeepsLog) {
                    // What is older may lack transactions, or hold what nobody committed.
                    self.files.logs.clear();
                    self.files.snapshots.clear();
                    self.files.history_begins = file.image.zxid;
                    self.is_new_file_due = true;
                    self.synced = None;
                }
                let since = since.as_deref().unwrap_or_default();
                let file = match snapshot::fuzzy(&file.image, since, apply) {
                    Some(image) => SnapshotFile { is_fuzzy: true, ..SnapshotFile::of(&image) },
                    None => file.clone(),
                };
                self.files.snapshots.insert(file.image.zxid, file);
            }
        }
        Some(write)
    }

    /// The oldest pending write has failed. A full disk took the beginning of its first record. The
    /// next append begins a new file. What else the log's writer had is not written: it has ended.
    pub fn fail(&mut self, error: DiskError) -> Option<Write> {
        let write = self.pending.pop_front()?;
        if let Write::Append { txns, is_new_file, .. } = &write {
            if error == DiskError::Full {
                self.files.append_part(txns, *is_new_file);
            }
            self.is_new_file_due = true;
            for later in &mut self.pending {
                if let Write::Append { txns, .. } = later {
                    *txns = Rc::new([]);
                }
            }
        }
        Some(write)
    }

    /// The operating system has written back everything up to `zxid`.
    pub fn written_back(&mut self, zxid: Zxid) {
        let last = self.files.last_logged().unwrap_or_default();
        self.synced = self.synced.map(|synced| synced.max(zxid)).filter(|synced| *synced < last);
    }

    /// What is in the log but not on the disk: after this zxid, up to the last one.
    pub fn unsynced(&self) -> Option<(Zxid, Zxid)> {
        let last = self.files.last_logged()?;
        self.synced.filter(|synced| *synced < last).map(|synced| (synced, last))
    }

    /// The process is gone; what is left. If the operating system crashed with it, what was unsynced
    /// is lost.
    pub fn into_files(mut self, is_system_crash: bool) -> Files {
        if let (Some((synced, _)), true) = (self.unsynced(), is_system_crash) {
            self.files.cut_log(synced);
        }
        self.files
    }

    /// What is being appended.
    pub fn pending_txns(&self) -> impl Iterator<Item = &Rc<Txn>> + '_ {
        self.pending.iter().flat_map(|write| match write {
            Write::Append { txns, .. } => txns.iter(),
            Write::Snapshot { .. } => [].iter(),
        })
    }

    /// The writes that have not reached the disk, oldest first.
    pub fn pending_writes(&self) -> impl Iterator<Item = &Write> + '_ {
        self.pending.iter()
    }

    /// How many writes have not reached the disk.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The last transaction appended, durable or not.
    pub fn last_appended(&self) -> Option<Zxid> {
        let pending = self.pending.iter().rev().find_map(|write| match write {
            Write::Append { txns, .. } => txns.last().map(|txn| txn.zxid),
            Write::Snapshot { .. } => None,
        });
        pending.or_else(|| self.files.last_logged())
    }

    /// Cuts the log after `zxid` (`FileTxnLog.truncate`). Nothing may be pending.
    ///
    /// # Errors
    /// If a record on the way to `zxid` cannot be read; then nothing is cut.
    pub fn truncate(&mut self, zxid: Zxid) -> Result<(), BadRecord> {
        assert!(self.pending.is_empty(), "the log is cut only after its writer has stopped");
        let file = self.files.logs_after(zxid).first().filter(|log| log.first <= zxid);
        let bad = file.and_then(|log| log.corrupt_zxid().map(|bad| (log.first, bad)));
        if let Some((file, bad)) = bad.filter(|(_, bad)| *bad <= zxid) {
            return Err(BadRecord { file, zxid: bad });
        }
        self.is_new_file_due = true;
        self.files.truncate(zxid, self.mistakes.has(Mistake::TruncKeepsSnapshots));
        Ok(())
    }
}

/// The tree that a directory's snapshots give, and the snapshots that had to be passed over, newest
/// first (`FileSnap.deserialize`).
pub fn newest_readable(files: &Files) -> (Option<&Image>, Vec<Zxid>) {
    let newest_first = files.snapshots.iter().rev();
    let corrupt = newest_first.clone().take_while(|(_, file)| file.is_corrupt);
    let passed_over: Vec<Zxid> = corrupt.map(|(zxid, _)| *zxid).collect();
    let readable = newest_first.map(|(_, file)| file).find(|file| !file.is_corrupt);
    (readable.map(|file| &*file.image), passed_over)
}

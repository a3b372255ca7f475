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
//! the newest snapshot and replays everything in the log after it, committed or not: the log does
//! not know what was committed.
//!
//! ZooKeeper: `FileTxnLog`, `FileSnap`, `FileTxnSnapLog`. Simplified: the two epoch files and
//! truncation are written at once; snapshots are not fuzzy. Two differences, without which
//! committed transactions can be lost or uncommitted ones come back: ZooKeeper's TRUNC leaves
//! snapshots alone, so one that was taken of an uncommitted transaction is loaded again
//! (ZOOKEEPER-1549), while here a cut removes them; and its SNAP leaves the old log, with a hole or
//! with what nobody committed, which a later leader may send (ZOOKEEPER-2846, -4352), while here
//! the history begins anew with a received snapshot.

use crate::chunks::Chunks;
use crate::config::Ensemble;
use crate::image::Image;
use crate::mistake::{Mistake, Mistakes};
use crate::txn::Txn;
use crate::types::Zxid;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// One `log.*` file.
#[derive(Clone, Debug, Default)]
pub struct LogFile {
    /// In the order in which they were appended.
    pub txns: Chunks<Rc<Txn>>,
}

impl LogFile {
    /// The zxid in its name.
    pub fn first(&self) -> Option<Zxid> {
        self.txns.get(0).map(|txn| txn.zxid)
    }
}

/// One `snapshot.*` file.
#[derive(Clone, Debug)]
pub struct SnapshotFile {
    /// What it holds.
    pub image: Rc<Image>,
    /// Its size.
    pub bytes: u64,
}

impl SnapshotFile {
    /// The file that `image` would be written to.
    pub fn of(image: &Image) -> SnapshotFile {
        SnapshotFile { image: Rc::new(image.clone()), bytes: image.snapshot_bytes() }
    }
}

/// The durable contents of a data directory.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// In the order of their first zxids.
    pub logs: Vec<LogFile>,
    /// By zxid.
    pub snapshots: BTreeMap<Zxid, SnapshotFile>,
    /// The `acceptedEpoch` file.
    pub accepted_epoch: Option<u32>,
    /// The `currentEpoch` file.
    pub current_epoch: Option<u32>,
    /// The dynamic configuration file: the last configuration known to be committed. `None` until
    /// one is: then the server goes by the configuration it was started with.
    pub config: Option<Rc<Ensemble>>,
    /// The same with `.next`: a newer one that was proposed.
    pub next_config: Option<Rc<Ensemble>>,
    /// The last snapshot that a leader sent: everything here begins with it.
    pub history_begins: Zxid,
}

impl Files {
    /// The last transaction in the log.
    pub fn last_logged(&self) -> Option<Zxid> {
        self.logs.iter().rev().find_map(|log| log.txns.last()).map(|txn| txn.zxid)
    }

    /// The newest snapshot.
    pub fn newest_snapshot(&self) -> Option<&SnapshotFile> {
        self.snapshots.values().next_back()
    }

    /// The last zxid that a restart would recover to.
    pub fn last_zxid(&self) -> Zxid {
        let snapshot = self.snapshots.keys().next_back().copied().unwrap_or_default();
        snapshot.max(self.last_logged().unwrap_or_default())
    }

    /// Every logged transaction after `zxid`, oldest first.
    pub fn after(&self, zxid: Zxid) -> impl Iterator<Item = &Rc<Txn>> + '_ {
        self.logs.iter().flat_map(move |log| {
            let skip = log.txns.partition_point(|txn| txn.zxid <= zxid);
            log.txns.iter_from(skip)
        })
    }

    fn append(&mut self, txns: &[Rc<Txn>], is_new_file: bool) {
        if is_new_file || self.logs.is_empty() {
            self.logs.push(LogFile::default());
        }
        if let Some(log) = self.logs.last_mut() {
            txns.iter().for_each(|txn| log.txns.push(txn.clone()));
        }
    }

    /// Cuts everything after `zxid`, snapshots included, unless they are kept by mistake.
    fn truncate(&mut self, zxid: Zxid, are_snapshots_kept: bool) {
        let begin = self.history_begins;
        self.snapshots.retain(|newer, _| *newer <= zxid || *newer == begin || are_snapshots_kept);
        for log in &mut self.logs {
            log.txns.truncate(log.txns.partition_point(|txn| txn.zxid <= zxid));
        }
        self.logs.retain(|log| !log.txns.is_empty());
    }
}

/// A write on its way to the disk.
#[derive(Clone, Debug)]
pub enum Write {
    /// Append to the log and fsync.
    Append {
        /// What, in order.
        txns: Rc<[Rc<Txn>]>,
        /// Whether a new file is begun.
        is_new_file: bool,
    },
    /// Save a snapshot and fsync.
    Snapshot {
        /// Of what.
        file: SnapshotFile,
        /// Whether a leader sent it.
        is_received: bool,
    },
}

/// A data directory and what is on its way to it.
#[derive(Clone, Debug, Default)]
pub struct Storage {
    /// What would survive a crash now.
    pub files: Files,
    pending: VecDeque<Write>,
    /// The next append begins a new file: after boot, a snapshot by the log's own thread, or a cut.
    is_new_file_due: bool,
    mistakes: Mistakes,
}

impl Storage {
    /// The directory as a process finds it at boot.
    pub fn open(files: Files) -> Storage {
        let mistakes = Mistakes::NONE;
        Storage { files, pending: VecDeque::new(), is_new_file_due: true, mistakes }
    }

    /// The same, making these mistakes.
    pub fn with_mistakes(self, mistakes: Mistakes) -> Storage {
        Storage { mistakes, ..self }
    }

    /// Begins to append. The write is durable after as many calls of [`Storage::complete`] as there
    /// are writes pending with it.
    pub fn append(&mut self, txns: Rc<[Rc<Txn>]>) {
        let is_new_file = std::mem::take(&mut self.is_new_file_due);
        self.pending.push_back(Write::Append { txns, is_new_file });
    }

    /// Begins to save a snapshot, which a leader sent or which is of the server's own making.
    pub fn save(&mut self, file: SnapshotFile, is_received: bool) {
        self.pending.push_back(Write::Snapshot { file, is_received });
    }

    /// The next append begins a new file (`rollLog`).
    pub fn roll(&mut self) {
        self.is_new_file_due = true;
    }

    /// The oldest pending write has reached the disk.
    pub fn complete(&mut self) -> Option<Write> {
        let write = self.pending.pop_front()?;
        match &write {
            Write::Append { txns, is_new_file } => self.files.append(txns, *is_new_file),
            Write::Snapshot { file, is_received } => {
                if *is_received && !self.mistakes.has(Mistake::SnapKeepsLog) {
                    // What is older may lack transactions, or hold what nobody committed.
                    self.files.logs.clear();
                    self.files.snapshots.clear();
                    self.files.history_begins = file.image.zxid;
                    self.is_new_file_due = true;
                }
                self.files.snapshots.insert(file.image.zxid, file.clone());
            }
        }
        Some(write)
    }

    /// What is being appended.
    pub fn pending_txns(&self) -> impl Iterator<Item = &Rc<Txn>> + '_ {
        self.pending.iter().flat_map(|write| match write {
            Write::Append { txns, .. } => txns.iter(),
            Write::Snapshot { .. } => [].iter(),
        })
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
    pub fn truncate(&mut self, zxid: Zxid) {
        assert!(self.pending.is_empty(), "the log is cut only after its writer has stopped");
        self.is_new_file_due = true;
        self.files.truncate(zxid, self.mistakes.has(Mistake::TruncKeepsSnapshots));
    }
}

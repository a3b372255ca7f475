//! The files of a data directory: what is in them, and what may be wrong with them.

use super::size;
use crate::config::Ensemble;
use crate::image::Image;
use crate::sorted::Map;
use crate::txn::Txn;
use crate::txn::list::{Shelf, TxnList};
use crate::types::Zxid;
use std::rc::Rc;

/// One `log.*` file.
#[derive(Clone, Debug)]
pub struct LogFile {
    /// The zxid in its name: that of its first record.
    pub first: Zxid,
    /// Whole records, in the order in which they were appended.
    pub txns: TxnList,
    /// The length of the records, in bytes.
    pub bytes: u64,
    /// The length of the file, with its padding, in bytes.
    pub size: u64,
    /// Whether another record begins after the last whole one and breaks off.
    pub is_torn: bool,
    /// The first record whose checksum is wrong.
    pub corrupt: Option<usize>,
}

impl LogFile {
    fn new(first: Zxid) -> LogFile {
        LogFile {
            first,
            txns: TxnList::default(),
            bytes: 0,
            size: size::FILE_HEADER,
            is_torn: false,
            corrupt: None,
        }
    }

    /// Its name (`Util.makeLogName`).
    pub fn name(&self) -> String {
        format!("log.{:x}", self.first.0)
    }

    /// The zxid of the record with the wrong checksum.
    pub fn corrupt_zxid(&self) -> Option<Zxid> {
        self.corrupt.and_then(|at| self.txns.get(at)).map(|txn| txn.zxid)
    }
}

/// One `snapshot.*` file.
#[derive(Clone, Debug)]
pub struct SnapshotFile {
    /// What it holds.
    pub image: Rc<Image>,
    /// Its size.
    pub bytes: u64,
    /// Whether it holds effects of transactions after the one it is named for.
    pub is_fuzzy: bool,
    /// Whether its checksum is wrong.
    pub is_corrupt: bool,
}

impl SnapshotFile {
    /// The file that `image` would be written to.
    pub fn of(image: &Image) -> SnapshotFile {
        let bytes = image.snapshot_bytes();
        SnapshotFile { image: Rc::new(image.clone()), bytes, is_fuzzy: false, is_corrupt: false }
    }

    /// Its name (`Util.makeSnapshotName`).
    pub fn name(&self) -> String {
        format!("snapshot.{:x}", self.image.zxid.0)
    }
}

/// A record whose checksum is wrong: reading ends there with an error (`FileTxnIterator.next`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadRecord {
    /// The zxid in the name of its file.
    pub file: Zxid,
    /// Its own.
    pub zxid: Zxid,
}

/// The durable contents of a data directory.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// In the order of their first zxids.
    pub logs: Vec<LogFile>,
    /// By zxid.
    pub snapshots: Map<Zxid, SnapshotFile>,
    /// The `acceptedEpoch` file.
    pub accepted_epoch: Option<u32>,
    /// The `currentEpoch` file.
    pub current_epoch: Option<u32>,
    /// What `currentEpoch` was before it was last written.
    pub epoch_before: Option<u32>,
    /// `currentEpoch.tmp`: written, but not yet renamed to `currentEpoch`.
    pub epoch_tmp: Option<u32>,
    /// The `initialize` file: who made the directory says that it is rightly empty.
    pub is_initialized: bool,
    /// The dynamic configuration file: the last configuration known to be committed. `None` until
    /// one is: then the server goes by the configuration it was started with. It does not lie in the
    /// data directory.
    pub config: Option<Rc<Ensemble>>,
    /// The same with `.next`: a newer one that was proposed.
    pub next_config: Option<Rc<Ensemble>>,
    /// The dynamic configuration file was there, and is gone: `zoo.cfg` names what does not exist.
    pub is_config_lost: bool,
    /// The last snapshot that a leader sent: everything here begins with it.
    pub history_begins: Zxid,
}

impl Files {
    /// The directory of a server that has never run, made by `zkServer-initialize.sh`.
    pub fn initialized() -> Files {
        Files { is_initialized: true, ..Files::default() }
    }

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
    pub fn after(&self, zxid: Zxid) -> impl Iterator<Item = Rc<Txn>> + '_ {
        self.logs.iter().flat_map(move |log| {
            let skip = log.txns.partition_point(|txn| txn.zxid <= zxid);
            log.txns.iter_from(skip)
        })
    }

    /// The files that may hold what follows `zxid`: those named after it, and the one before
    /// (`FileTxnIterator.init`).
    pub fn logs_after(&self, zxid: Zxid) -> &[LogFile] {
        let later = self.logs.partition_point(|log| log.first <= zxid);
        &self.logs[later.saturating_sub(1)..]
    }

    /// Reads every transaction after `zxid` as recovery does: a record that breaks off ends its
    /// file, and the next file is read.
    ///
    /// # Errors
    /// At a record whose checksum is wrong, even one before `zxid` in a file that is read.
    pub fn read_after(&self, zxid: Zxid) -> Result<Vec<Rc<Txn>>, BadRecord> {
        let mut txns = Vec::new();
        for log in self.logs_after(zxid) {
            if let Some(bad) = log.corrupt_zxid() {
                return Err(BadRecord { file: log.first, zxid: bad });
            }
            let skip = log.txns.partition_point(|txn| txn.zxid <= zxid);
            txns.extend(log.txns.iter_from(skip));
        }
        Ok(txns)
    }

    /// Writes the `currentEpoch` file: first `currentEpoch.tmp`, which is then renamed
    /// (`AtomicFileOutputStream`).
    pub fn set_current_epoch(&mut self, epoch: u32) {
        self.epoch_before = self.current_epoch;
        self.current_epoch = Some(epoch);
        self.epoch_tmp = None;
    }

    /// What a purge removes: the zxids in the names of snapshots and of logs. The newest `retain`
    /// snapshots stay, and all logs that may hold what follows the oldest of them
    /// (`PurgeTxnLog.purgeOlderSnapshots`).
    pub fn purgeable(&self, retain: usize) -> (Vec<Zxid>, Vec<Zxid>) {
        let Some(oldest) = self.snapshots.keys().rev().take(retain).next_back().copied() else {
            return (Vec::new(), Vec::new());
        };
        let kept = self.logs_after(oldest).first().map_or(oldest, |log| log.first.min(oldest));
        let snapshots = self.snapshots.keys().copied().filter(|zxid| *zxid < oldest).collect();
        let logs = self.logs.iter().map(|log| log.first).filter(|first| *first < kept).collect();
        (snapshots, logs)
    }

    /// Removes these snapshots and logs.
    pub fn purge(&mut self, snapshots: &[Zxid], logs: &[Zxid]) {
        self.snapshots.retain(|zxid, _| !snapshots.contains(zxid));
        self.logs.retain(|log| !logs.contains(&log.first));
    }

    /// The file to append to: the last one, or a new one of that name. A file of that name can only
    /// be one in which nothing is whole; it is written over.
    fn log_for(&mut self, first: Zxid, is_new_file: bool) -> &mut LogFile {
        if is_new_file || self.logs.is_empty() {
            self.logs.retain(|log| log.first != first);
            self.logs.push(LogFile::new(first));
        }
        let last = self.logs.len() - 1;
        &mut self.logs[last]
    }

    pub(super) fn append(&mut self, txns: &[Rc<Txn>], is_new_file: bool, length: (u64, u64)) {
        let Some(first) = txns.first() else { return };
        let log = self.log_for(first.zxid, is_new_file);
        txns.iter().for_each(|txn| log.txns.push(txn.clone()));
        (log.bytes, log.size) = length;
    }

    /// Keeps old records in less memory. Returns whether there were new ones.
    pub fn pack(&mut self, shelf: &mut Shelf) -> bool {
        // Only the last file grows.
        let mut is_fresh = false;
        for log in self.logs.iter_mut().rev().take(2) {
            is_fresh |= log.txns.pack(shelf);
        }
        is_fresh
    }

    /// The first of these records was begun, then the disk was full.
    pub(super) fn append_part(&mut self, txns: &[Rc<Txn>], is_new_file: bool) {
        let Some(first) = txns.first() else { return };
        self.log_for(first.zxid, is_new_file).is_torn = true;
    }

    /// Cuts everything after `zxid`, snapshots included, unless they are kept by mistake.
    pub(super) fn truncate(&mut self, zxid: Zxid, are_snapshots_kept: bool) {
        let begin = self.history_begins;
        self.snapshots.retain(|newer, _| *newer <= zxid || *newer == begin || are_snapshots_kept);
        self.cut_log(zxid);
    }

    /// Cuts the log after `zxid`.
    pub(super) fn cut_log(&mut self, zxid: Zxid) {
        self.logs.retain(|log| log.first <= zxid);
        let Some(log) = self.logs.last_mut() else { return };
        let keep = log.txns.partition_point(|txn| txn.zxid <= zxid);
        if keep < log.txns.len() || log.is_torn {
            log.txns.truncate(keep);
            log.bytes = log.txns.iter().map(|txn| size::record(&txn)).sum();
            log.size = size::FILE_HEADER + log.bytes;
            log.is_torn = false;
        }
        if log.corrupt.is_some_and(|at| keep <= at) {
            log.corrupt = None;
        }
        self.logs.retain(|log| !log.txns.is_empty());
    }

    // --- Damage from outside

    /// Cuts the last record of the log in its middle. Returns its zxid.
    pub fn tear_tail(&mut self) -> Option<Zxid> {
        let log = self.logs.iter_mut().rev().find(|log| !log.txns.is_empty())?;
        let torn = log.txns.last()?;
        log.txns.truncate(log.txns.len() - 1);
        log.bytes -= size::record(&torn).min(log.bytes);
        log.is_torn = true;
        if log.corrupt.is_some_and(|at| log.txns.len() <= at) {
            log.corrupt = None;
        }
        Some(torn.zxid)
    }

    /// Flips a bit in the record of `zxid`; without one, in the last record. Returns its zxid.
    pub fn corrupt_record(&mut self, zxid: Option<Zxid>) -> Option<Zxid> {
        let zxid = zxid.or_else(|| self.last_logged())?;
        let (file, at) = self.record(zxid)?;
        let log = self.logs.get_mut(file)?;
        log.corrupt = Some(log.corrupt.map_or(at, |other| other.min(at)));
        Some(zxid)
    }

    /// Where the record of `zxid` is: which file, and which record of it.
    pub fn record(&self, zxid: Zxid) -> Option<(usize, usize)> {
        self.logs.iter().enumerate().find_map(|(file, log)| {
            let at = log.txns.partition_point(|txn| txn.zxid < zxid);
            log.txns.get(at).is_some_and(|txn| txn.zxid == zxid).then_some((file, at))
        })
    }

    /// Flips a bit in the snapshot of `zxid`; without one, in the newest. Returns its zxid.
    pub fn corrupt_snapshot(&mut self, zxid: Option<Zxid>) -> Option<Zxid> {
        let zxid = zxid.or_else(|| self.snapshots.keys().next_back().copied())?;
        self.snapshots.get_mut(&zxid)?.is_corrupt = true;
        Some(zxid)
    }
}

//! A server's state in memory: the tree, and the last committed transactions.
//!
//! The *committed log* lets a leader bring a learner that is only a little behind up to date
//! without touching the disk.
//!
//! ZooKeeper: `ZKDatabase`. How a transaction changes the tree is not known here: whoever loads
//! passes a function for it.

use crate::image::Image;
use crate::txn::Txn;
use crate::types::Zxid;
use crate::zab::log::{BadRecord, Files, SnapshotFile, newest_readable};
use std::collections::VecDeque;
use std::rc::Rc;

/// Applies a transaction to an image, as replay does.
pub type Apply<'a> = &'a dyn Fn(&mut Image, &Txn);

/// How a server's tree is read from disk: what is not known here.
#[derive(Clone, Copy)]
pub struct Replay<'a> {
    /// Applies a transaction.
    pub apply: Apply<'a>,
    /// Corrects a tree that was read from a snapshot.
    pub restore: &'a dyn Fn(&mut Image),
}

/// The tree and the committed log.
#[derive(Clone, Debug)]
pub struct Database {
    /// Znodes and sessions, as of `image.zxid`.
    pub image: Image,
    /// The last committed transactions, oldest first: `committedLog`.
    committed_log: VecDeque<Rc<Txn>>,
    commit_log_count: usize,
}

/// What [`Database::load`] found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Loaded {
    /// The snapshot it began with.
    pub snapshot: Zxid,
    /// How many transactions were replayed.
    pub replayed: usize,
}

impl Database {
    /// Nothing yet.
    pub fn new(image: Image, commit_log_count: u32) -> Database {
        let commit_log_count = commit_log_count as usize;
        Database { image, committed_log: VecDeque::new(), commit_log_count }
    }

    /// Loads the newest snapshot that can be read, or `empty`, and replays the log after it,
    /// committed or not.
    ///
    /// # Errors
    /// At a record whose checksum is wrong.
    pub fn load(
        &mut self,
        files: &Files,
        empty: &Image,
        replay: Replay<'_>,
    ) -> Result<Loaded, BadRecord> {
        let (readable, _) = newest_readable(files);
        self.image = readable.unwrap_or(empty).clone();
        let snapshot = self.image.zxid;
        (replay.restore)(&mut self.image);
        self.committed_log.clear();
        Ok(Loaded { snapshot, replayed: self.fast_forward(files, replay.apply)? })
    }

    /// Applies every logged transaction after what is applied (`fastForwardDataBase`). Returns how
    /// many.
    ///
    /// # Errors
    /// At a record whose checksum is wrong; then nothing is applied.
    pub fn fast_forward(&mut self, files: &Files, apply: Apply<'_>) -> Result<usize, BadRecord> {
        let txns = files.read_after(self.image.zxid)?;
        for txn in &txns {
            apply(&mut self.image, txn);
            self.add_committed(txn.clone());
        }
        Ok(txns.len())
    }

    /// Replaces everything by a leader's snapshot.
    pub fn replace(&mut self, image: &Image) {
        self.image = image.clone();
        self.committed_log.clear();
    }

    /// Remembers a transaction for learners that lag (`addCommittedProposal`).
    pub fn add_committed(&mut self, txn: Rc<Txn>) {
        // ZooKeeper removes before it adds, so one more than commitLogCount is kept.
        if self.commit_log_count < self.committed_log.len() {
            self.committed_log.pop_front();
        }
        self.committed_log.push_back(txn);
    }

    /// The last transaction the tree reflects: `lastProcessedZxid`.
    pub fn last_processed(&self) -> Zxid {
        self.image.zxid
    }

    /// The committed log, oldest first.
    pub fn committed_log(&self) -> &VecDeque<Rc<Txn>> {
        &self.committed_log
    }

    /// `minCommittedLog`: zero if the committed log is empty.
    pub fn min_committed(&self) -> Zxid {
        self.committed_log.front().map(|txn| txn.zxid).unwrap_or_default()
    }

    /// `maxCommittedLog`: zero if the committed log is empty.
    pub fn max_committed(&self) -> Zxid {
        self.committed_log.back().map(|txn| txn.zxid).unwrap_or_default()
    }

    /// The file a snapshot taken now would make.
    pub fn snapshot(&self) -> SnapshotFile {
        SnapshotFile::of(&self.image)
    }
}

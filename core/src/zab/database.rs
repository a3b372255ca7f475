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
use crate::zab::log::{Files, SnapshotFile};
use std::collections::VecDeque;
use std::rc::Rc;

/// Applies a transaction to an image, as replay does.
pub type Apply<'a> = &'a dyn Fn(&mut Image, &Txn);

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

    /// Loads the newest snapshot and replays the log after it, committed or not.
    pub fn load(&mut self, files: &Files, empty: &Image, apply: Apply<'_>) -> Loaded {
        let image = files.newest_snapshot().map_or_else(|| empty.clone(), |s| (*s.image).clone());
        let snapshot = image.zxid;
        self.image = image;
        self.committed_log.clear();
        Loaded { snapshot, replayed: self.fast_forward(files, apply) }
    }

    /// Applies every logged transaction after what is applied (`fastForwardDataBase`). Returns how
    /// many.
    pub fn fast_forward(&mut self, files: &Files, apply: Apply<'_>) -> usize {
        let txns: Vec<Rc<Txn>> = files.after(self.image.zxid).cloned().collect();
        for txn in &txns {
            apply(&mut self.image, txn);
            self.add_committed(txn.clone());
        }
        txns.len()
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

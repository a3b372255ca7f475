//! What the leader has promised but not yet applied.
//!
//! ZooKeeper: `ZooKeeperServer.outstandingChanges` with its `ChangeRecord`s. A request is checked
//! against the tree as it *will* be, so that a client may send a second write before the first is
//! answered. The tree itself only moves once a quorum has agreed:
//!
//! ```text
//!   tree (applied)  ◀── zxid 7 ── zxid 8 ── zxid 9     one record per znode touched
//!                                          ▲
//!                       the latest record of a path is its znode, as of then
//! ```

use crate::error::KeeperError;
use crate::image::Image;
use crate::sorted::Map;
use crate::txn::{Acl, Bytes, Owner, Path};
use crate::types::Zxid;
use std::collections::VecDeque;
use std::rc::Rc;

/// A znode as it will be, as far as checks ask.
#[derive(Clone, Debug)]
pub(super) struct NodeRecord {
    pub owner: Owner,
    pub version: i32,
    /// The stored one, as in [`crate::image::DataNode`].
    pub cversion: i32,
    pub aversion: i32,
    pub children: u32,
    pub acl: Rc<[Acl]>,
    pub data: Option<Bytes>,
}

/// One znode after one transaction: `ChangeRecord`.
#[derive(Clone, Debug)]
struct ChangeRecord {
    zxid: Zxid,
    path: Path,
    /// `None` is a deletion.
    node: Option<NodeRecord>,
}

/// The records, oldest first, and the latest of each path.
#[derive(Clone, Debug, Default)]
pub(super) struct Outstanding {
    changes: VecDeque<Rc<ChangeRecord>>,
    latest: Map<Path, Rc<ChangeRecord>>,
}

impl Outstanding {
    /// The znode as it will be (`getRecordForPath`).
    pub fn node(&self, image: &Image, path: &str) -> Result<NodeRecord, KeeperError> {
        if let Some(change) = self.latest.get(path) {
            return change.node.clone().ok_or(KeeperError::NoNode);
        }
        let node = image.node(path).ok_or(KeeperError::NoNode)?;
        Ok(NodeRecord {
            owner: node.owner,
            version: node.version,
            cversion: node.cversion,
            aversion: node.aversion,
            children: node.children.len() as u32,
            acl: node.acl.clone(),
            data: node.data.clone(),
        })
    }

    /// Notes what `zxid` makes of a znode; `None` is a deletion.
    pub fn add(&mut self, zxid: Zxid, path: &str, node: Option<NodeRecord>) {
        let path: Path = path.into();
        let change = Rc::new(ChangeRecord { zxid, path: path.clone(), node });
        self.changes.push_back(change.clone());
        self.latest.insert(path, change);
    }

    /// Takes back everything noted for `zxid`, the newest (`rollbackPendingChanges`).
    pub fn roll_back(&mut self, zxid: Zxid) {
        while self.changes.back().is_some_and(|change| change.zxid == zxid) {
            let Some(change) = self.changes.pop_back() else {
                return;
            };
            let before = self.changes.iter().rev().find(|older| older.path == change.path);
            match before {
                Some(older) => self.latest.insert(change.path.clone(), older.clone()),
                None => self.latest.remove(&change.path),
            };
        }
    }

    /// Forgets what is in the tree now that `zxid` is applied.
    pub fn applied(&mut self, zxid: Zxid) {
        while self.changes.front().is_some_and(|change| change.zxid <= zxid) {
            let Some(change) = self.changes.pop_front() else {
                return;
            };
            // A later transaction may have a newer record of the same path.
            if self.latest.get(&change.path).is_some_and(|latest| Rc::ptr_eq(latest, &change)) {
                self.latest.remove(&change.path);
            }
        }
    }

    /// Each znode that is created, changed or deleted, with its owner; oldest first.
    pub fn owners(&self) -> impl Iterator<Item = (&Path, Option<Owner>)> {
        self.changes
            .iter()
            .map(|change| (&change.path, change.node.as_ref().map(|node| node.owner)))
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.changes.len()
    }
}

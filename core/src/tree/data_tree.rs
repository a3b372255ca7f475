//! Applying agreed transactions to the znodes and sessions of one server.
//!
//! ZooKeeper: `DataTree.processTxn` and the methods it calls. Nothing is decided here: whether a
//! create may happen, and under which name, the leader has settled in [`super::prep`]. All that a
//! server does is write down the outcome, and every server writes down the same.
//!
//! ```text
//!   Txn ──▶ apply ──▶ Image     znodes, ephemerals by session, sessions
//!                └──▶ Applied   the reply, if the client is ours; and what watches care about
//! ```
//!
//! **Replay.** A snapshot may hold effects of transactions after the one it is named for, and those
//! are then applied a second time. So a create that finds its znode, and a delete that does not,
//! only correct the parent: its cversion and pzxid never go back.
//!
//! **Simplified.** The root has one key, `/`; ZooKeeper also knows it as the empty string. An
//! `Image` holds no ACL cache, no digest and no quota trie: the last is read off the tree.

use super::{path, quota};
use crate::error::KeeperError;
use crate::image::{DataNode, Image};
use crate::sorted::LargeSet;
use crate::txn::{Acl, Bytes, Owner, Path, Perms, Reply, Txn, TxnBody, open_acl};
use crate::types::{SessionId, Time, Zxid};
use std::rc::Rc;

/// The root.
pub const ROOT: &str = "/";
/// ZooKeeper's own corner of the tree: `procZookeeper`.
pub const ZOOKEEPER: &str = "/zookeeper";
/// Limits and statistics of quotas.
pub const QUOTA: &str = "/zookeeper/quota";
/// The membership, as text.
pub const CONFIG: &str = "/zookeeper/config";

/// Whether a znode must not be deleted (`DataTree.isSpecialPath`).
pub fn is_special(path: &str) -> bool {
    matches!(path, ROOT | ZOOKEEPER | QUOTA | CONFIG)
}

/// A change that watches may be waiting for. What happens to the parent follows from it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Change {
    /// A znode came to be.
    Created(Path),
    /// Its data was written.
    DataChanged(Path),
    /// It went.
    Deleted(Path),
}

/// What came of a transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Applied {
    /// What the client is answered. `Err` also when a replayed transaction had its effect before.
    pub outcome: Result<Reply, KeeperError>,
    /// In the order in which watches are to fire.
    pub changes: Vec<Change>,
}

/// The tree of a server that has never applied anything, with the text of its configuration.
///
/// The four znodes are attached without counting: a fresh root shows cversion −1 and one child.
/// **Simplified.** `/zookeeper/config` gets mtime 0 instead of the time the server started.
pub fn empty(config: Option<&str>) -> Image {
    let node = |children: &[&str]| DataNode {
        data: Some(Rc::new([])),
        acl: open_acl(),
        owner: Owner::None,
        czxid: Zxid::ZERO,
        mzxid: Zxid::ZERO,
        pzxid: Zxid::ZERO,
        ctime: Time::ZERO,
        mtime: Time::ZERO,
        version: 0,
        cversion: 0,
        aversion: 0,
        children: children.iter().map(|&name| Rc::from(name)).collect(),
    };
    let mut config_node = node(&[]);
    config_node.acl =
        Rc::new([Acl { perms: Perms::READ, scheme: "world".into(), id: "anyone".into() }]);
    config_node.aversion = -1;
    if let Some(text) = config {
        config_node.data = Some(text.as_bytes().into());
        config_node.version = -1;
    }
    let nodes = [
        (ROOT, node(&["zookeeper"])),
        (ZOOKEEPER, node(&["config", "quota"])),
        (QUOTA, node(&[])),
        (CONFIG, config_node),
    ];
    Image {
        zxid: Zxid::ZERO,
        nodes: Rc::new(
            nodes.into_iter().map(|(path, node)| (path.into(), Rc::new(node))).collect(),
        ),
        ephemerals: Rc::default(),
        sessions: Rc::default(),
    }
}

/// Writes the configuration a server goes by where clients see it (`initConfigInZKDatabase`): the
/// first one is in no transaction, and one may be learned before its transaction is.
/// **Simplified.** mtime stays what it is; ZooKeeper takes each server's own clock.
pub fn set_config(image: &mut Image, text: &str, version: Zxid) {
    let nodes = Rc::make_mut(&mut image.nodes);
    if let Some(node) = nodes.get_mut(CONFIG).map(Rc::make_mut) {
        node.data = Some(text.as_bytes().into());
        node.version = -1;
        node.mzxid = version;
    }
}

/// Applies one transaction. Also the second time: see the module's comment.
pub fn apply(image: &mut Image, txn: &Txn) -> Applied {
    let mut tree = Applying { image, zxid: txn.zxid, time: txn.time, changes: Vec::new() };
    let outcome = tree.body(txn.session, &txn.body);
    let changes = tree.changes;
    // Only now: a snapshot must not be named after a multi of which it holds a part.
    image.zxid = image.zxid.max(txn.zxid);
    Applied { outcome, changes }
}

/// One transaction on its way into the image.
struct Applying<'a> {
    image: &'a mut Image,
    zxid: Zxid,
    time: Time,
    changes: Vec<Change>,
}

impl Applying<'_> {
    fn body(&mut self, session: SessionId, body: &TxnBody) -> Result<Reply, KeeperError> {
        match body {
            TxnBody::Create { path, data, acl, owner, parent_cversion } => {
                let child = self.new_node(data.clone(), acl.clone(), *owner);
                self.create(path, child, *parent_cversion)
            }
            TxnBody::Delete { path } | TxnBody::DeleteContainer { path } => self.delete(path),
            TxnBody::SetData { path, data, version } => self.set_data(path, data.clone(), *version),
            TxnBody::SetAcl { path, acl, version } => self.set_acl(path, acl, *version),
            TxnBody::Check { path: _ } => Ok(Reply::Done),
            TxnBody::CreateSession { timeout_ms } => {
                Rc::make_mut(&mut self.image.sessions).insert(session, *timeout_ms);
                Ok(Reply::Done)
            }
            TxnBody::CloseSession { paths } => self.close_session(session, paths),
            TxnBody::Multi(bodies) => {
                Ok(Reply::Multi(bodies.iter().map(|body| self.body(session, body)).collect()))
            }
            TxnBody::Error(error) => Err(*error),
            TxnBody::MultiError(errors) => Ok(Reply::Multi(
                errors.iter().map(|error| error.map_or(Ok(Reply::Done), Err)).collect(),
            )),
            TxnBody::Reconfig { config } => {
                let path = CONFIG.into();
                match self.set_data(&path, Some(config.as_bytes().into()), -1)? {
                    Reply::Stat(stat) => Ok(Reply::Config { config: config.clone(), stat }),
                    other => Ok(other),
                }
            }
        }
    }

    fn new_node(&self, data: Option<Bytes>, acl: Rc<[Acl]>, owner: Owner) -> DataNode {
        DataNode {
            data,
            acl,
            owner,
            czxid: self.zxid,
            mzxid: self.zxid,
            pzxid: self.zxid,
            ctime: self.time,
            mtime: self.time,
            version: 0,
            cversion: 0,
            aversion: 0,
            children: LargeSet::new(),
        }
    }

    /// `DataTree.createNode`.
    fn create(
        &mut self,
        path: &Path,
        child: DataNode,
        parent_cversion: i32,
    ) -> Result<Reply, KeeperError> {
        let parent_path = path::parent(path).ok_or(KeeperError::NoNode)?;
        let parent = self.node_mut(parent_path)?;
        // The parent's list decides, not the map: in replay, a delete of the parent may have left
        // znodes below it that this transaction and its successors put back.
        let is_new = parent.children.insert(path::name(path).into());
        // A create of a child that is there corrects the parent, unless it is one of a container or
        // a TTL znode: `processTxn` asks for `OpCode.create`.
        let is_corrected = match child.owner {
            Owner::None | Owner::Session(_) => true,
            Owner::Container | Owner::Ttl(_) => is_new,
        };
        // In replay the parent may be ahead of this transaction already.
        if is_corrected && parent.cversion < parent_cversion {
            parent.cversion = parent_cversion;
            parent.pzxid = child.czxid;
        }
        if !is_new {
            return Err(KeeperError::NodeExists);
        }
        if let Owner::Session(session) = child.owner {
            let ephemerals = Rc::make_mut(&mut self.image.ephemerals);
            ephemerals.entry(session).or_default().insert(path.clone());
        }
        let stat = child.stat();
        let bytes = data_bytes(&child.data);
        Rc::make_mut(&mut self.image.nodes).insert(path.clone(), Rc::new(child));
        quota::on_created(self.image, path, bytes);
        self.changes.push(Change::Created(path.clone()));
        Ok(Reply::Created { path: path.clone(), stat })
    }

    /// `DataTree.deleteNode`.
    fn delete(&mut self, path: &Path) -> Result<Reply, KeeperError> {
        let parent_path = path::parent(path).ok_or(KeeperError::NoNode)?;
        let zxid = self.zxid;
        let parent = self.node_mut(parent_path)?;
        parent.children.remove(path::name(path));
        // Even if the child is gone: the snapshot may have been taken of the parent before, and of
        // the child's place after this transaction.
        parent.pzxid = parent.pzxid.max(zxid);
        if !self.image.nodes.contains_key(path) {
            return Err(KeeperError::NoNode);
        }
        let node = Rc::make_mut(&mut self.image.nodes).remove(path).ok_or(KeeperError::NoNode)?;
        if let Owner::Session(session) = node.owner {
            self.forget_ephemeral(session, path);
        }
        quota::on_deleted(self.image, path, data_bytes(&node.data));
        self.changes.push(Change::Deleted(path.clone()));
        Ok(Reply::Done)
    }

    /// `DataTree.setData`.
    fn set_data(
        &mut self,
        path: &Path,
        data: Option<Bytes>,
        version: i32,
    ) -> Result<Reply, KeeperError> {
        let (zxid, time) = (self.zxid, self.time);
        let node = self.node_mut(path)?;
        let bytes_before = data_bytes(&node.data);
        let bytes_after = data_bytes(&data);
        node.data = data;
        node.version = version;
        node.mzxid = zxid;
        node.mtime = time;
        let stat = node.stat();
        quota::on_written(self.image, path, bytes_after - bytes_before);
        self.changes.push(Change::DataChanged(path.clone()));
        Ok(Reply::Stat(stat))
    }

    /// `DataTree.setACL`.
    fn set_acl(
        &mut self,
        path: &Path,
        acl: &Rc<[Acl]>,
        version: i32,
    ) -> Result<Reply, KeeperError> {
        let node = self.node_mut(path)?;
        node.acl = acl.clone();
        node.aversion = version;
        Ok(Reply::Stat(node.stat()))
    }

    /// `DataTree.killSession`: what the leader listed, then what else the session owns here.
    fn close_session(&mut self, session: SessionId, paths: &[Path]) -> Result<Reply, KeeperError> {
        if self.image.sessions.contains_key(&session) {
            Rc::make_mut(&mut self.image.sessions).remove(&session);
        }
        for path in paths {
            // In replay it may be gone already.
            let _ = self.delete(path);
        }
        if self.image.ephemerals.contains_key(&session) {
            let unlisted = Rc::make_mut(&mut self.image.ephemerals).remove(&session);
            for path in unlisted.unwrap_or_default().iter() {
                let _ = self.delete(path);
            }
        }
        Ok(Reply::Done)
    }

    fn forget_ephemeral(&mut self, session: SessionId, path: &Path) {
        if !self.image.ephemerals.contains_key(&session) {
            return;
        }
        let ephemerals = Rc::make_mut(&mut self.image.ephemerals);
        if let Some(paths) = ephemerals.get_mut(&session) {
            paths.remove(path);
            if paths.is_empty() {
                ephemerals.remove(&session);
            }
        }
    }

    /// The znode to change. Looks before it touches what is shared, so that a miss copies nothing.
    fn node_mut(&mut self, path: &str) -> Result<&mut DataNode, KeeperError> {
        if Rc::get_mut(&mut self.image.nodes).is_none() && !self.image.nodes.contains_key(path) {
            return Err(KeeperError::NoNode);
        }
        let nodes = Rc::make_mut(&mut self.image.nodes);
        nodes.get_mut(path).map(Rc::make_mut).ok_or(KeeperError::NoNode)
    }
}

/// The length of data, as quotas count it; null is 0.
pub(super) fn data_bytes(data: &Option<Bytes>) -> i64 {
    data.as_ref().map_or(0, |data| data.len() as i64)
}

#[cfg(test)]
mod tests;

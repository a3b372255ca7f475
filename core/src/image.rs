//! What a snapshot holds: the znodes and the sessions, as of a zxid.
//!
//! This is pure data that the tree changes (`tree`), that ZAB stores and sends whole (`zab`), and
//! that views read. ZooKeeper: the contents of `DataTree` and of `sessionsWithTimeouts` in
//! `ZKDatabase`, which `SerializeUtils.serializeSnapshot` writes to a snapshot file.

use crate::sorted::{LargeMap, LargeSet, Map};
use crate::txn::{Acl, Bytes, Owner, Path, Stat};
use crate::types::{SessionId, Time, Zxid};
use std::rc::Rc;

/// One znode: `DataNode`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct DataNode {
    /// `None` is the null of the wire protocol.
    pub data: Option<Bytes>,
    /// Who may do what.
    pub acl: Rc<[Acl]>,
    /// Its kind.
    pub owner: Owner,
    /// The zxid that created it.
    pub czxid: Zxid,
    /// The zxid that last wrote its data.
    pub mzxid: Zxid,
    /// The zxid that last changed its set of children.
    pub pzxid: Zxid,
    /// When it was created, by the leader's clock.
    pub ctime: Time,
    /// When it was last written.
    pub mtime: Time,
    /// Data writes.
    pub version: i32,
    /// The *stored* cversion: children created. Clients see `2 × stored − children`.
    pub cversion: i32,
    /// ACL writes.
    pub aversion: i32,
    /// Names of the direct children.
    pub children: LargeSet<Rc<str>>,
}

impl DataNode {
    /// What clients see of it (`DataNode.copyStat`).
    pub fn stat(&self) -> Stat {
        let children = self.children.len() as i32;
        Stat {
            czxid: self.czxid,
            mzxid: self.mzxid,
            pzxid: self.pzxid,
            ctime: self.ctime,
            mtime: self.mtime,
            version: self.version,
            cversion: self.cversion.wrapping_mul(2).wrapping_sub(children),
            aversion: self.aversion,
            ephemeral_owner: match self.owner {
                Owner::Session(session) => session,
                Owner::None | Owner::Container | Owner::Ttl(_) => SessionId(0),
            },
            data_length: self.data.as_ref().map_or(0, |data| data.len() as u32),
            num_children: children as u32,
        }
    }
}

/// All znodes and sessions of one server. Cloning shares what is not changed afterwards.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Image {
    /// The last transaction it reflects: `lastProcessedZxid`.
    pub zxid: Zxid,
    /// By path.
    pub nodes: Rc<LargeMap<Path, Rc<DataNode>>>,
    /// Ephemerals by owner, as in `DataTree.ephemerals`.
    pub ephemerals: Rc<Map<SessionId, LargeSet<Path>>>,
    /// Timeout of each session, in milliseconds: `sessionsWithTimeouts`.
    pub sessions: Rc<Map<SessionId, u32>>,
}

impl Image {
    /// The znode at `path`.
    pub fn node(&self, path: &str) -> Option<&DataNode> {
        self.nodes.get(path).map(|node| &**node)
    }

    /// About how many bytes ZooKeeper would need for it in a snapshot file. Decides whether the
    /// disk log is short enough to be sent instead (`calculateTxnLogSizeLimit`).
    /// Simplified: without the ACL cache and the digest.
    pub fn snapshot_bytes(&self) -> u64 {
        const HEADER: u64 = 16 + 8 + 4;
        const PER_NODE: u64 = 4 + 4 + 8 + 68;
        const PER_SESSION: u64 = 8 + 4;
        let data = |node: &DataNode| node.data.as_ref().map_or(0, |data| data.len() as u64);
        let nodes: u64 =
            self.nodes.iter().map(|(path, node)| PER_NODE + path.len() as u64 + data(node)).sum();
        HEADER + nodes + PER_SESSION * self.sessions.len() as u64
    }
}

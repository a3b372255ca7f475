//! Quotas: how many znodes and bytes a subtree may hold.
//!
//! ZooKeeper: `Quotas`, `StatsTrack`, and the quota parts of `DataTree` and `ZooKeeperServer`. A
//! quota on `/a` is two znodes that any client may write:
//!
//! ```text
//!   /zookeeper/quota/a/zookeeper_limits   count=3,bytes=-1=;byteHardLimit=-1;countHardLimit=5
//!   /zookeeper/quota/a/zookeeper_stats    count=2,bytes=17
//! ```
//!
//! The second is kept up to date by every server as it applies transactions, in place: neither its
//! version nor its mzxid moves, and no watch fires. The count includes `/a` itself. The limit of
//! the deepest znode with a quota on the way up is the one that counts.
//!
//! A soft limit only earns a warning in the leader's log. A hard limit refuses the write. Either is
//! looked at only with `enforceQuota`, and against what has been *applied*: requests in flight are
//! not counted, so a burst may overshoot.
//!
//! **Simplified.** `PathTrie` is read off the tree. Text that ZooKeeper cannot parse throws there;
//! here it counts as no limit.

use super::data_tree::{QUOTA, data_bytes};
use super::path;
use crate::image::{DataNode, Image};
use crate::sorted::Map;
use crate::txn::{Bytes, Path};
use std::fmt::Write;
use std::rc::Rc;

/// Name of the znode with the limits.
pub const LIMITS: &str = "zookeeper_limits";
/// Name of the znode with the statistics.
pub const STATS: &str = "zookeeper_stats";

/// The text of a limits or a stats znode: `StatsTrack`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StatsTrack {
    values: Map<String, i64>,
}

impl StatsTrack {
    /// Reads `key=number` pairs between commas and semicolons.
    pub fn parse(data: Option<&Bytes>) -> StatsTrack {
        let text = data.map(|data| String::from_utf8_lossy(data)).unwrap_or_default();
        let values = text.split([',', ';']).filter_map(|pair| {
            // `bytes=5=` is ZooKeeper's own: the second = hides what follows from old clients.
            let mut parts = pair.split('=');
            let (key, value) = (parts.next()?, parts.next()?);
            Some((key.to_owned(), value.parse().ok()?))
        });
        StatsTrack { values: values.collect() }
    }

    /// Znodes: the soft limit, or how many there are. −1 is none.
    pub fn count(&self) -> i64 {
        self.get("count")
    }

    /// Bytes of data: the soft limit, or how many there are. −1 is none.
    pub fn bytes(&self) -> i64 {
        self.get("bytes")
    }

    /// The hard limit of znodes. −1 is none.
    pub fn count_hard_limit(&self) -> i64 {
        self.get("countHardLimit")
    }

    /// The hard limit of bytes. −1 is none.
    pub fn byte_hard_limit(&self) -> i64 {
        self.get("byteHardLimit")
    }

    /// Sets the number of a key, such as `countHardLimit`.
    pub fn set(&mut self, key: &str, value: i64) {
        self.values.insert(key.to_owned(), value);
    }

    /// The text. Count and bytes come first, whatever is set.
    pub fn text(&self) -> String {
        let mut text = format!("count={},bytes={}", self.count(), self.bytes());
        let others: Vec<_> =
            self.values.iter().filter(|(key, _)| *key != "count" && *key != "bytes").collect();
        if !others.is_empty() {
            text.push('=');
        }
        for (key, value) in others {
            // Writing to a String cannot fail.
            let _ = write!(text, ";{key}={value}");
        }
        text
    }

    fn get(&self, key: &str) -> i64 {
        self.values.get(key).copied().unwrap_or(-1)
    }
}

/// What a limit limits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Resource {
    /// Znodes.
    Count,
    /// Bytes of data.
    Bytes,
}

/// A write that would exceed a limit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excess {
    /// The znode that has the quota.
    pub prefix: Path,
    /// Of what.
    pub resource: Resource,
    /// How much there would be.
    pub would_be: i64,
    /// How much there may be.
    pub limit: i64,
    /// Whether the write is refused. Otherwise the leader's log has a warning, and that is all.
    pub is_hard: bool,
}

/// The limits that a write at `path` would exceed (`ZooKeeperServer.checkQuota`).
///
/// `added_count` is 1 for a create and 0 for setData; `added_bytes` may be negative. A hard limit
/// hides a soft one of the same resource.
pub fn excesses(image: &Image, path: &str, added_count: i64, added_bytes: i64) -> Vec<Excess> {
    let Some(prefix) = prefix_with_quota(image, path) else {
        return Vec::new();
    };
    let track =
        |name| image.node(&quota_path(prefix, name)).map(|n| StatsTrack::parse(n.data.as_ref()));
    let (Some(limits), Some(stats)) = (track(LIMITS), track(STATS)) else {
        return Vec::new();
    };
    let excess = |resource, added: i64, now: i64, soft: i64, hard: i64| {
        let is_hard = hard > -1;
        let limit = if is_hard { hard } else { soft };
        let would_be = now + added;
        (added != 0 && limit > -1 && limit < would_be).then(|| Excess {
            prefix: prefix.into(),
            resource,
            would_be,
            limit,
            is_hard,
        })
    };
    let count = excess(
        Resource::Count,
        added_count,
        stats.count(),
        limits.count(),
        limits.count_hard_limit(),
    );
    let bytes = excess(
        Resource::Bytes,
        added_bytes,
        stats.bytes(),
        limits.bytes(),
        limits.byte_hard_limit(),
    );
    count.into_iter().chain(bytes).collect()
}

/// A znode was created; its bytes are counted where a quota applies.
pub(super) fn on_created(image: &mut Image, path: &str, bytes: i64) {
    if path::name(path) == STATS
        && let Some(prefix) = path::parent(path).and_then(|parent| parent.strip_prefix(QUOTA))
    {
        recount(image, prefix);
    }
    update(image, path, 1, bytes);
}

/// A znode with that many bytes was deleted.
pub(super) fn on_deleted(image: &mut Image, path: &str, bytes: i64) {
    update(image, path, -1, -bytes);
}

/// The data of a znode was replaced.
pub(super) fn on_written(image: &mut Image, path: &str, added_bytes: i64) {
    update(image, path, 0, added_bytes);
}

/// The deepest znode on the way to `path` that has a quota (`getMaxPrefixWithQuota`). A quota on
/// the root is not kept.
fn prefix_with_quota<'a>(image: &Image, path: &'a str) -> Option<&'a str> {
    // Almost always there is no quota at all, and this runs for every write.
    if image.node(QUOTA)?.children.is_empty() {
        return None;
    }
    let mut prefix = path;
    while prefix != "/" {
        if image.nodes.contains_key(quota_path(prefix, LIMITS).as_str()) {
            return Some(prefix);
        }
        prefix = path::parent(prefix)?;
    }
    None
}

/// `updateQuotaStat`.
fn update(image: &mut Image, path: &str, added_count: i64, added_bytes: i64) {
    let Some(prefix) = prefix_with_quota(image, path) else {
        return;
    };
    let stats_path = quota_path(prefix, STATS);
    // Between the creation of limits and of stats there is nothing to update.
    let Some(node) = image.node(&stats_path) else {
        return;
    };
    let mut stats = StatsTrack::parse(node.data.as_ref());
    stats.set("count", stats.count() + added_count);
    stats.set("bytes", stats.bytes() + added_bytes);
    overwrite(image, &stats_path, &stats);
}

/// Counts anew below every quota, after a snapshot was read: it may have been fuzzy
/// (`DataTree.setupQuota`).
pub fn recount_all(image: &mut Image) {
    if image.node(QUOTA).is_none_or(|quota| quota.children.is_empty()) {
        return;
    }
    let prefix_of = |path: &str| {
        let (parent, name) = path.rsplit_once('/')?;
        (name == STATS).then_some(parent.strip_prefix(QUOTA)?.to_owned())
    };
    let prefixes: Vec<String> = image.nodes.keys().filter_map(|path| prefix_of(path)).collect();
    prefixes.iter().for_each(|prefix| recount(image, prefix));
}

/// `updateQuotaForPath`: counts a subtree anew.
fn recount(image: &mut Image, prefix: &str) {
    let root = if prefix.is_empty() { "/" } else { prefix };
    let own = image.nodes.get_key_value(root);
    let below = format!("{prefix}/");
    let descendants = image.nodes.after(below.as_str());
    let subtree = descendants.take_while(|(path, _)| path.starts_with(&below));
    let (mut count, mut bytes) = (0, 0);
    for (_, node) in own.into_iter().chain(subtree) {
        count += 1;
        bytes += data_bytes(&node.data);
    }
    let mut stats = StatsTrack::default();
    stats.set("count", count);
    stats.set("bytes", bytes);
    overwrite(image, &quota_path(prefix, STATS), &stats);
}

/// Replaces the data of a stats znode and nothing else of it.
fn overwrite(image: &mut Image, path: &str, stats: &StatsTrack) {
    if let Some(node) = Rc::make_mut(&mut image.nodes).get_mut(path) {
        let node: &mut DataNode = Rc::make_mut(node);
        node.data = Some(stats.text().as_bytes().into());
    }
}

fn quota_path(prefix: &str, name: &str) -> String {
    format!("{QUOTA}{prefix}/{name}")
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::txn::CreateMode;

    const STATS_OF_A: &str = "/zookeeper/quota/a/zookeeper_stats";

    /// Sets a quota on `/a` the way zkCli does.
    fn set_quota(rig: &mut Rig, limits: &str) {
        let open = all_but(crate::txn::Perms(0));
        rig.run(create("/zookeeper/quota/a")).unwrap();
        rig.run(create_with("/zookeeper/quota/a/zookeeper_limits", limits, &open)).unwrap();
        rig.run(create_with(STATS_OF_A, "count=0,bytes=0", &open)).unwrap();
    }

    #[test]
    fn text_is_read_and_written() {
        let parse = |text: &str| StatsTrack::parse(bytes(text).as_ref());
        let track = parse("count=3,bytes=-1=;byteHardLimit=9;countHardLimit=5");
        assert_eq!((track.count(), track.bytes()), (3, -1));
        assert_eq!((track.count_hard_limit(), track.byte_hard_limit()), (5, 9));
        assert_eq!(track.text(), "count=3,bytes=-1=;byteHardLimit=9;countHardLimit=5");
        assert_eq!(parse("").text(), "count=-1,bytes=-1");
        assert_eq!(parse("nonsense,count=x;bytes=4").text(), "count=-1,bytes=4");
        assert_eq!(StatsTrack::parse(None), StatsTrack::default());
    }

    #[test]
    fn a_new_quota_counts_what_is_there() {
        let mut rig = Rig::with(&["/a", "/a/b", "/a/b/c", "/ab", "/a-"]);
        rig.run(set_data("/a/b", "1234", -1)).unwrap();
        set_quota(&mut rig, "count=9,bytes=9");
        assert_eq!(rig.text(STATS_OF_A), "count=3,bytes=6", "with /a itself");
    }

    #[test]
    fn every_change_below_is_counted() {
        let mut rig = Rig::with(&["/a"]);
        set_quota(&mut rig, "count=9,bytes=9");
        rig.run(create("/a/b")).unwrap();
        rig.run(create_as("/a/b/c", CreateMode::Ephemeral)).unwrap();
        rig.run(create("/elsewhere")).unwrap();
        assert_eq!(rig.text(STATS_OF_A), "count=3,bytes=3");
        rig.run(set_data("/a/b", "12345", -1)).unwrap();
        assert_eq!(rig.text(STATS_OF_A), "count=3,bytes=7");
        rig.run(set_data("/a", "", -1)).unwrap();
        assert_eq!(rig.text(STATS_OF_A), "count=3,bytes=6");
        rig.run(crate::txn::Op::CloseSession).unwrap();
        assert_eq!(rig.text(STATS_OF_A), "count=2,bytes=5");
        rig.run(delete("/a/b", -1)).unwrap();
        assert_eq!(rig.text(STATS_OF_A), "count=1,bytes=0");
    }

    #[test]
    fn counting_leaves_the_stat_alone() {
        let mut rig = Rig::with(&["/a"]);
        set_quota(&mut rig, "count=9,bytes=9");
        let before = rig.node(STATS_OF_A).clone();
        rig.run(create("/a/b")).unwrap();
        let after = rig.node(STATS_OF_A);
        assert_ne!(after.data, before.data);
        assert_eq!(DataNode { data: before.data.clone(), ..after.clone() }, before);
    }

    #[test]
    fn the_deepest_quota_counts() {
        let mut rig = Rig::with(&["/a", "/a/b"]);
        set_quota(&mut rig, "count=9,bytes=9");
        let open = all_but(crate::txn::Perms(0));
        rig.run(create("/zookeeper/quota/a/b")).unwrap();
        rig.run(create_with("/zookeeper/quota/a/b/zookeeper_limits", "count=1", &open)).unwrap();
        rig.run(create_with("/zookeeper/quota/a/b/zookeeper_stats", "", &open)).unwrap();
        rig.run(create("/a/b/c")).unwrap();
        assert_eq!(rig.text("/zookeeper/quota/a/b/zookeeper_stats"), "count=2,bytes=2");
        assert_eq!(rig.text(STATS_OF_A), "count=2,bytes=2");
        rig.run(delete("/zookeeper/quota/a/b/zookeeper_limits", -1)).unwrap();
        rig.run(create("/a/b/d")).unwrap();
        assert_eq!(rig.text(STATS_OF_A), "count=3,bytes=3", "without limits it is no quota");
    }

    #[test]
    fn limits_without_stats_are_survived() {
        let mut rig = Rig::with(&["/a", "/zookeeper/quota/a"]);
        rig.run(create("/zookeeper/quota/a/zookeeper_limits")).unwrap();
        rig.run(create("/a/b")).unwrap();
        assert_eq!(excesses(&rig.image, "/a/c", 1, 99), []);
    }

    #[test]
    fn a_hard_limit_hides_a_soft_one() {
        let mut rig = Rig::with(&["/a"]);
        set_quota(&mut rig, "count=1,bytes=5=;byteHardLimit=8");
        let found = |count, bytes| -> Vec<(Resource, i64, i64, bool)> {
            let all = excesses(&rig.image, "/a/x", count, bytes);
            assert!(all.iter().all(|excess| &*excess.prefix == "/a"));
            all.iter().map(|e| (e.resource, e.would_be, e.limit, e.is_hard)).collect()
        };
        assert_eq!(found(0, 7), [], "one byte is there");
        assert_eq!(found(0, 8), [(Resource::Bytes, 9, 8, true)]);
        assert_eq!(found(1, 0), [(Resource::Count, 2, 1, false)]);
        assert_eq!(found(1, 8).len(), 2);
        assert_eq!(excesses(&rig.image, "/b", 1, 99), [], "no quota there");
    }
}

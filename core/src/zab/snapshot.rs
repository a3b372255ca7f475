//! Fuzzy snapshots: the tree keeps changing while it is written to a file.
//!
//! ```text
//!   1·3 begun        1·4          1·5         done
//!    ├── /, /a, /a/x ─┼─ /b, /b/y ─┼─ /c … ────┤     each znode as it is when the writer comes to it
//! ```
//!
//! The file is named for the last transaction applied when it was begun, and the sessions in it are
//! those of that moment. Its znodes may already show the effects of later transactions; replay meets
//! those again and must leave things as they are (`tree::data_tree`).
//!
//! ZooKeeper: `DataTree.serialize`, `SerializeUtils.serializeSnapshot`. Simplified: the transactions
//! of that time come at even distances, counted in znodes.

use crate::image::{DataNode, Image};
use crate::sorted::{LargeMap, LargeSet, Map};
use crate::txn::{Owner, Path, Txn};
use crate::types::SessionId;
use crate::zab::database::Apply;
use std::rc::Rc;

/// What a snapshot begun with `begun` holds if `since` was applied while it was written; nothing if
/// nothing was.
pub fn fuzzy(begun: &Image, since: &[Rc<Txn>], apply: Apply<'_>) -> Option<Image> {
    if since.is_empty() {
        return None;
    }
    let mut writer = Writer {
        tree: begun.clone(),
        since,
        applied: 0,
        written: 0,
        nodes: LargeMap::new(),
        apply,
    };
    writer.expected(begun.nodes.len());
    writer.serialize("/", begun.nodes.len().max(1));
    Some(loaded(begun, writer.nodes))
}

struct Writer<'a> {
    /// The tree as the writer meets it.
    tree: Image,
    since: &'a [Rc<Txn>],
    applied: usize,
    written: usize,
    nodes: LargeMap<Path, Rc<DataNode>>,
    apply: Apply<'a>,
}

impl Writer<'_> {
    /// Lets happen what happens before the next znode is written. `total` is how many there were at
    /// the beginning.
    fn expected(&mut self, total: usize) {
        let due = (self.written * (self.since.len() + 1) / total.max(1)).min(self.since.len());
        for txn in &self.since[self.applied.min(due)..due] {
            (self.apply)(&mut self.tree, txn);
        }
        self.applied = self.applied.max(due);
    }

    /// A znode, then its children as they were when it was written; who has gone is left out
    /// (`DataTree.serializeNode`).
    fn serialize(&mut self, root: &str, total: usize) {
        let mut to_write: Vec<Path> = vec![root.into()];
        while let Some(path) = to_write.pop() {
            self.expected(total);
            let Some(node) = self.tree.nodes.get(&path).cloned() else { continue };
            self.written += 1;
            let prefix = if &*path == "/" { "" } else { &*path };
            let children = node.children.iter().rev();
            to_write.extend(children.map(|child| Path::from(format!("{prefix}/{child}"))));
            self.nodes.insert(path, node);
        }
    }
}

/// The tree that such a file gives when it is read: who is whose child follows from the paths
/// (`DataTree.deserialize`).
fn loaded(begun: &Image, nodes: LargeMap<Path, Rc<DataNode>>) -> Image {
    let mut children: LargeMap<Path, LargeSet<Rc<str>>> = LargeMap::new();
    let mut ephemerals: Map<SessionId, LargeSet<Path>> = Map::new();
    for (path, node) in nodes.iter() {
        if let Owner::Session(session) = node.owner {
            ephemerals.entry(session).or_default().insert(path.clone());
        }
        if let Some((parent, name)) = path.rsplit_once('/').filter(|(_, name)| !name.is_empty()) {
            let parent = if parent.is_empty() { "/" } else { parent };
            children.or_default(parent).insert(name.into());
        }
    }
    let with_children = nodes.iter().map(|(path, node)| {
        let there = children.get(path).cloned().unwrap_or_default();
        let mut node = node.clone();
        if node.children != there {
            Rc::make_mut(&mut node).children = there;
        }
        (path.clone(), node)
    });
    Image {
        zxid: begun.zxid,
        nodes: Rc::new(with_children.collect()),
        ephemerals: Rc::new(ephemerals),
        sessions: begun.sessions.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::data_tree;
    use crate::tree::testing::{Rig, create, create_as, delete, multi, set_data};
    use crate::txn::{CreateMode, Op};
    use crate::types::SessionId;

    fn apply(image: &mut Image, txn: &Txn) {
        data_tree::apply(image, txn);
    }

    /// Commits some of these, so that parents, children and siblings come and go.
    fn op(rig: &mut Rig, random: u64) -> Op {
        const PATHS: [&str; 8] = ["/a", "/a/x", "/a/x/p", "/a/y", "/b", "/b/z", "/b/z/q", "/c"];
        let path = PATHS[(random >> 8) as usize % PATHS.len()];
        rig.session = SessionId(0x100 + (random >> 16) as i64 % 2);
        match random % 12 {
            0..=3 => create(path),
            4 => create_as(path, CreateMode::Ephemeral),
            5 => create_as(path, CreateMode::PersistentSequential),
            6 | 7 => delete(path, -1),
            8 | 9 => set_data(path, &random.to_string(), -1),
            10 => multi(&[delete(path, -1), create(path)]),
            _ => Op::CloseSession,
        }
    }

    fn next(random: &mut u64) -> u64 {
        *random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        *random >> 24
    }

    #[test]
    fn replay_over_a_fuzzy_snapshot_gives_the_same_tree() {
        let mut fuzzy_ones = 0;
        for seed in 0..400_u64 {
            let mut random = seed;
            let mut rig = Rig::new();
            for _ in 0..30 {
                let op = op(&mut rig, next(&mut random));
                let txn = rig.prepare(op);
                rig.commit(&txn);
            }
            let begun = rig.image.clone();
            let since: Vec<Rc<Txn>> = (0..1 + seed % 12)
                .map(|_| {
                    let op = op(&mut rig, next(&mut random));
                    let txn = Rc::new(rig.prepare(op));
                    rig.commit(&txn);
                    txn
                })
                .collect();
            let mut image = fuzzy(&begun, &since, &apply).expect("something was applied");
            assert_eq!(image.zxid, begun.zxid);
            fuzzy_ones += usize::from(image != begun);
            since.iter().for_each(|txn| apply(&mut image, txn));
            assert_eq!(image, rig.image, "seed {seed}");
        }
        assert!(100 < fuzzy_ones, "{fuzzy_ones} snapshots held something later");
    }

    #[test]
    fn what_comes_before_the_writer_does_gets_in_and_what_comes_after_does_not() {
        let mut rig = Rig::with(&["/a", "/b", "/c", "/d", "/e", "/f"]);
        let begun = rig.image.clone();
        let txns = [set_data("/f", "late", -1), set_data("/a", "late", -1)];
        let since = txns.map(|op| {
            let txn = Rc::new(rig.prepare(op));
            rig.commit(&txn);
            txn
        });
        let image = fuzzy(&begun, &since, &apply).expect("something was applied");
        let data =
            |path| image.node(path).and_then(|node| node.data.as_deref().map(<[u8]>::to_vec));
        assert_eq!(data("/f"), Some(b"late".to_vec()), "the writer came to it afterwards");
        assert_eq!(data("/a"), Some(b"x".to_vec()), "it had been written already");
    }
}

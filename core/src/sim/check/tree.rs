//! The tree against the history: Tree, and the digests that Determinism compares.
//!
//! The checker keeps books of its own: of each znode that ever had a child, how many were created
//! and how many there are; and of each ephemeral, whose it is. Whoever delivers a transaction first
//! is measured by them, everybody else by what the first one made of it. What one znode alone shows
//! is looked at on every server.

use super::history::Delivery;
use super::{Found, Invariant};
use crate::image::{DataNode, Image};
use crate::sorted::{LargeMap, LargeSet, Map};
use crate::txn::{CreateMode, Op, Owner, Path, Txn, TxnBody};
use crate::types::{ServerId, SessionId, Xid, Zxid};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// The children of one znode.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Children {
    /// Created since it is there: the stored cversion.
    created: i32,
    /// How many there are.
    present: i32,
}

/// The books.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// Of those that ever had a child.
    children: Rc<LargeMap<Path, Children>>,
    /// Whose each ephemeral is, and back.
    owners: Rc<LargeMap<Path, SessionId>>,
    owned: Rc<Map<SessionId, LargeSet<Path>>>,
    /// Sequential creates that clients have asked for, by whom.
    asked: Map<(SessionId, Xid), Op>,
}

impl Default for Tree {
    fn default() -> Tree {
        // `/zookeeper`, and `config` and `quota` below it, are there without having been created.
        let initial = |present| Children { created: 0, present };
        let children = [("/", initial(1)), ("/zookeeper", initial(2))];
        let children = children.map(|(path, counts)| (Path::from(path), counts));
        Tree {
            children: Rc::new(children.into_iter().collect()),
            owners: Rc::default(),
            owned: Rc::default(),
            asked: Map::new(),
        }
    }
}

/// A transaction and the server that delivers it.
struct Case<'a> {
    id: ServerId,
    zxid: Zxid,
    found: &'a mut Found,
}

impl Case<'_> {
    fn clash(&mut self, one: String, other: String) {
        self.found.clash(Invariant::Tree, &[self.id], Some(self.zxid), one, other);
    }
}

impl Tree {
    /// A client asks for something.
    pub(super) fn asked(&mut self, session: SessionId, xid: Xid, op: &Op) {
        if op.creates(CreateMode::is_sequential) {
            self.asked.insert((session, xid), op.clone());
        }
    }

    /// A server has delivered something; `image` is its tree after it.
    pub(super) fn follow(
        &mut self,
        id: ServerId,
        delivery: &Delivery,
        image: &Image,
        found: &mut Found,
    ) {
        if delivery.has_hole {
            self.begin_again(image);
        } else {
            for txn in &delivery.fresh {
                let mut case = Case { id, zxid: txn.zxid, found: &mut *found };
                self.check_names(txn, &mut case);
                self.note(txn.session, &txn.body, &mut case);
                self.forget_asked(txn);
            }
            for txn in &delivery.fresh {
                let case = &mut Case { id, zxid: txn.zxid, found: &mut *found };
                each_path(&txn.body, &mut |path| self.compare(parent(path), image, case));
            }
        }
        for txn in &delivery.txns {
            let case = &mut Case { id, zxid: txn.zxid, found: &mut *found };
            each_path(&txn.body, &mut |path| check_place(path, image, case));
            if let TxnBody::CloseSession { .. } = txn.body
                && let Some(left) = image.ephemerals.get(&txn.session)
                && let Some(path) = left.first()
            {
                let one = format!("{id} has closed session {}", txn.session);
                case.clash(one, format!("its ephemeral {path} is still there"));
            }
        }
    }

    /// Something was in a snapshot that nobody was seen to deliver: begins with what is there.
    fn begin_again(&mut self, image: &Image) {
        let counted =
            image.nodes.iter().filter(|(_, node)| node.cversion != 0 || !node.children.is_empty());
        let counted = counted.map(|(path, node)| {
            let present = node.children.len() as i32;
            (path.clone(), Children { created: node.cversion, present })
        });
        self.children = Rc::new(counted.collect());
        let owned = image.nodes.iter().filter_map(|(path, node)| Some((path, owner(node)?)));
        self.owners = Rc::new(owned.map(|(path, session)| (path.clone(), session)).collect());
        let mut by_session: Map<SessionId, LargeSet<Path>> = Map::new();
        for (path, session) in self.owners.iter() {
            by_session.entry(*session).or_default().insert(path.clone());
        }
        self.owned = Rc::new(by_session);
    }

    // --- Names

    /// The suffix of a sequential name is what the parent has counted before.
    fn check_names(&mut self, txn: &Txn, case: &mut Case<'_>) {
        let Some(op) = self.asked.get(&(txn.session, txn.cxid)) else { return };
        match (op, &txn.body) {
            (Op::Multi(ops), TxnBody::Multi(bodies)) => {
                for (op, body) in ops.iter().zip(bodies.iter()) {
                    check_name(op, body, case);
                }
            }
            (op, body) => check_name(op, body, case),
        }
    }

    /// What a session asked before this is answered or lost.
    fn forget_asked(&mut self, txn: &Txn) {
        if self.asked.is_empty() {
            return;
        }
        let last = match txn.body {
            TxnBody::CloseSession { .. } => Xid(i32::MAX),
            _ => txn.cxid,
        };
        let range = (txn.session, Xid(i32::MIN))..=(txn.session, last);
        let done: Vec<_> = self.asked.range(range).map(|(key, _)| *key).collect();
        for key in done {
            self.asked.remove(&key);
        }
    }

    // --- The books

    fn note(&mut self, session: SessionId, body: &TxnBody, case: &mut Case<'_>) {
        match body {
            TxnBody::Create { path, owner, parent_cversion, .. } => {
                let parent = parent(path);
                let counts = self.children.get(parent).copied().unwrap_or_default();
                let created = counts.created.wrapping_add(1);
                if *parent_cversion != created {
                    let one = format!("{path} is created as number {parent_cversion} of {parent}");
                    let before = counts.created;
                    case.clash(one, format!("{before} were created there before"));
                }
                let created = counts.created.max(*parent_cversion);
                let counts = Children { created, present: counts.present + 1 };
                Rc::make_mut(&mut self.children).insert(parent.into(), counts);
                if let Owner::Session(owner) = owner {
                    Rc::make_mut(&mut self.owners).insert(path.clone(), *owner);
                    let owned = Rc::make_mut(&mut self.owned);
                    owned.entry(*owner).or_default().insert(path.clone());
                }
            }
            TxnBody::Delete { path } | TxnBody::DeleteContainer { path } => self.note_gone(path),
            TxnBody::CloseSession { paths } => {
                let owned = self.owned.get(&session).cloned().unwrap_or_default();
                let unlisted = owned.iter().find(|path| !paths.contains(path));
                if let Some(path) = unlisted {
                    let one = format!("closeSession of {session} removes {}", paths.len());
                    case.clash(one, format!("{path} is its ephemeral, too"));
                }
                owned.iter().for_each(|path| self.note_gone(path));
            }
            TxnBody::Multi(bodies) => {
                bodies.iter().for_each(|body| self.note(session, body, case));
            }
            TxnBody::SetData { .. }
            | TxnBody::SetAcl { .. }
            | TxnBody::Check { .. }
            | TxnBody::CreateSession { .. }
            | TxnBody::Error(_)
            | TxnBody::MultiError(_)
            | TxnBody::Reconfig { .. } => {}
        }
    }

    fn note_gone(&mut self, path: &Path) {
        let children = Rc::make_mut(&mut self.children);
        children.remove(path);
        if let Some(counts) = children.get_mut(parent(path)) {
            counts.present -= 1;
        }
        if !self.owners.contains_key(path) {
            return;
        }
        let Some(session) = Rc::make_mut(&mut self.owners).remove(path) else { return };
        let owned = Rc::make_mut(&mut self.owned);
        if let Some(paths) = owned.get_mut(&session) {
            paths.remove(path);
            if paths.is_empty() {
                owned.remove(&session);
            }
        }
    }

    /// A parent against the books.
    fn compare(&self, path: &str, image: &Image, case: &mut Case<'_>) {
        let Some(node) = image.node(path) else { return };
        let counts = self.children.get(path).copied().unwrap_or_default();
        let visible = node.stat().cversion;
        let expected = counts.created.wrapping_mul(2).wrapping_sub(counts.present);
        if visible != expected {
            let one = format!("{}: cversion of {path} is {visible}", case.id);
            let Children { created, present } = counts;
            case.clash(one, format!("{created} were created there, {present} are left"));
        }
        if node.children.len() as i32 != counts.present {
            let one = format!("{}: numChildren of {path} is {}", case.id, node.children.len());
            case.clash(one, format!("{} were created and not deleted", counts.present));
        }
    }
}

fn check_name(op: &Op, body: &TxnBody, case: &mut Case<'_>) {
    let (Op::Create { path: prefix, mode, .. }, TxnBody::Create { path, parent_cversion, .. }) =
        (op, body)
    else {
        return;
    };
    if !mode.is_sequential() {
        return;
    }
    let before = parent_cversion.wrapping_sub(1);
    let expected = format!("{prefix}{before:010}");
    if **path != *expected {
        let one = format!("{prefix} becomes {path}");
        case.clash(one, format!("{} has counted {before} creates before", parent(path)));
    }
}

/// A znode that was touched, and its parent, as they are now: what holds of each alone.
fn check_place(path: &Path, image: &Image, case: &mut Case<'_>) {
    let id = case.id;
    let node = image.node(path);
    let up = parent(path);
    let above = image.node(up);
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_listed = above.is_some_and(|above| above.children.contains(name));
    if node.is_some() != is_listed {
        let there = if node.is_some() { "is there" } else { "is not there" };
        let listed = if is_listed { "a child of" } else { "no child of" };
        case.clash(format!("{id}: {path} {there}"), format!("it is {listed} {up}"));
    }
    if let Some(above) = above {
        check_owner_of_children(up, above, case);
        check_pzxid(up, above, case);
    }
    let Some(node) = node else { return };
    check_owner_of_children(path, node, case);
    check_pzxid(path, node, case);
    if let Some(session) = owner(node) {
        if !image.sessions.contains_key(&session) {
            let one = format!("{id}: {path} belongs to session {session}");
            case.clash(one, format!("there is no session {session}"));
        }
        let is_known = image.ephemerals.get(&session).is_some_and(|paths| paths.contains(path));
        if !is_known {
            let one = format!("{id}: {path} belongs to session {session}");
            case.clash(one, "it is not among the ephemerals of that session".to_owned());
        }
    }
}

fn check_owner_of_children(path: &str, node: &DataNode, case: &mut Case<'_>) {
    if let (Some(session), Some(child)) = (owner(node), node.children.first()) {
        let one = format!("{}: {path} is an ephemeral of session {session}", case.id);
        case.clash(one, format!("it has a child, {child}"));
    }
}

fn check_pzxid(path: &str, node: &DataNode, case: &mut Case<'_>) {
    if node.pzxid < node.czxid {
        let one = format!("{}: pzxid of {path} is {}", case.id, node.pzxid);
        case.clash(one, format!("its czxid is {}", node.czxid));
    }
}

fn owner(node: &DataNode) -> Option<SessionId> {
    match node.owner {
        Owner::Session(session) => Some(session),
        Owner::None | Owner::Container | Owner::Ttl(_) => None,
    }
}

fn parent(path: &str) -> &str {
    path.rfind('/').map_or("/", |at| &path[..at.max(1)])
}

/// The znodes that a transaction makes or removes or writes.
fn each_path(body: &TxnBody, visit: &mut dyn FnMut(&Path)) {
    match body {
        TxnBody::Create { path, .. }
        | TxnBody::Delete { path }
        | TxnBody::SetData { path, .. }
        | TxnBody::SetAcl { path, .. }
        | TxnBody::DeleteContainer { path } => visit(path),
        TxnBody::CloseSession { paths } => paths.iter().for_each(visit),
        TxnBody::Multi(bodies) => bodies.iter().for_each(|body| each_path(body, visit)),
        TxnBody::Check { .. }
        | TxnBody::CreateSession { .. }
        | TxnBody::Error(_)
        | TxnBody::MultiError(_)
        | TxnBody::Reconfig { .. } => {}
    }
}

/// A digest of the znodes that a transaction touches, as they are now. Never 0.
pub(super) fn effect(image: &Image, txn: &Txn) -> u64 {
    let mut hasher = Fnv::default();
    each_path(&txn.body, &mut |path| {
        image.node(path).map(facts).hash(&mut hasher);
        let parent = image.node(parent(path));
        parent.map(|node| (node.cversion, node.pzxid, node.children.len())).hash(&mut hasher);
    });
    image.sessions.get(&txn.session).hash(&mut hasher);
    hasher.finish() | 1
}

/// What a znode is, but for the names of its children.
fn facts(node: &DataNode) -> impl Hash + '_ {
    let zxids = (node.czxid, node.mzxid, node.pzxid);
    let times = (node.ctime, node.mtime);
    let counts = (node.version, node.cversion, node.aversion, node.children.len());
    (&node.data, &node.acl, node.owner, zxids, times, counts)
}

/// FNV-1a over the same bytes on every platform, eight at a time where there are eight.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let word = chunk.try_into().map_or(0, u64::from_le_bytes);
            self.write_u64(word);
        }
        for byte in chunks.remainder() {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x0100_0000_01b3);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }
}

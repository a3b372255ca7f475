//! Watches: who wants to hear of which znode, on one server.
//!
//! The problem: a client that polls learns late and costs much. The idea: the server it is
//! connected to remembers what it has read, and sends one small event when that is no longer true.
//! The event says *that* something changed, never what it is now; the client reads again.
//!
//! ZooKeeper: `WatchManager`, of which `DataTree` has two, and the watch methods of `DataTree`.
//!
//! ```text
//!                     data table                     child table
//!   getData, exists   one shot
//!   getChildren                                      one shot
//!   PERSISTENT        stays                          stays
//!   RECURSIVE         stays, matches below too
//!
//!   create /p/c       NodeCreated /p/c          then NodeChildrenChanged /p
//!   setData /p/c      NodeDataChanged /p/c
//!   delete /p/c       NodeDeleted /p/c          then NodeDeleted /p/c, to whom it is news
//!                                               then NodeChildrenChanged /p
//! ```
//!
//! # Why it can be trusted
//!
//! A server applies transactions one at a time, triggers after each, and writes the events to a
//! connection before any reply that shows the change. So a client sees the event before the new
//! data. Between the event and the next read further changes may happen; they are one event.
//! Nothing of this is replicated: watches belong to a connection, and end with it. A client that
//! moves brings its watches along, with the zxid it had seen ([`WatchManager::set_watches`]).
//!
//! **Simplified.** Connections are notified in the order of their ids; ZooKeeper's hash sets have
//! none. The kinds one connection has on one path add up, as since ZOOKEEPER-4466; in 3.8.0 the
//! last one replaced the others.
//!
//! **Left out.** `WatchManagerOptimized`; events withheld from clients without READ, and zxids in
//! events, both of which came after 3.8.

use crate::error::KeeperError;
use crate::image::Image;
use crate::sorted::{LargeMap, LargeSet, Map, Set};
use crate::txn::{EventType, Path, WatchEvent, WatchKind, WatcherType};
use crate::types::Zxid;

/// The watches of one server. `K` is the connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WatchManager<K> {
    /// getData and exists, and persistent ones of both kinds.
    data: Table<K>,
    /// getChildren, and persistent ones that are not recursive.
    child: Table<K>,
}

impl<K: Copy + Ord> Default for WatchManager<K> {
    fn default() -> Self {
        WatchManager { data: Table::default(), child: Table::default() }
    }
}

impl<K: Copy + Ord> WatchManager<K> {
    /// Nobody watches anything. By mistake one-shot watches may stay after they have fired.
    pub fn new(are_fired_kept: bool) -> WatchManager<K> {
        let table = || Table { are_fired_kept, ..Table::default() };
        WatchManager { data: table(), child: table() }
    }

    /// Leaves a watch. Leaving it again changes nothing.
    pub fn add(&mut self, path: &Path, kind: WatchKind, connection: K) {
        match kind {
            WatchKind::Data | WatchKind::Exist => self.data.add(path, Mode::Standard, connection),
            WatchKind::Child => self.child.add(path, Mode::Standard, connection),
            WatchKind::Persistent => {
                self.data.add(path, Mode::Persistent, connection);
                self.child.add(path, Mode::Persistent, connection);
            }
            WatchKind::PersistentRecursive => {
                self.data.add(path, Mode::Recursive, connection);
            }
        }
    }

    /// A znode came to be: those who wait for it, then those who watch its parent's children.
    pub fn trigger_created(&mut self, path: &Path) -> Vec<(K, WatchEvent)> {
        let created = self.data.trigger(path);
        let mut events = Vec::new();
        push(&mut events, created, EventType::NodeCreated, path);
        self.trigger_children_of_parent(path, &mut events);
        events
    }

    /// The data of a znode was written.
    pub fn trigger_data_changed(&mut self, path: &Path) -> Vec<(K, WatchEvent)> {
        let changed = self.data.trigger(path);
        let mut events = Vec::new();
        push(&mut events, changed, EventType::NodeDataChanged, path);
        events
    }

    /// A znode went: each connection that watches it in either table hears once, then those who
    /// watch its parent's children.
    pub fn trigger_deleted(&mut self, path: &Path) -> Vec<(K, WatchEvent)> {
        let notified = self.data.trigger(path);
        // Their child watches are spent as well, silently.
        let mut others = self.child.trigger(path);
        others.retain(|connection| !notified.contains(connection));
        let mut events = Vec::new();
        push(&mut events, notified, EventType::NodeDeleted, path);
        push(&mut events, others, EventType::NodeDeleted, path);
        self.trigger_children_of_parent(path, &mut events);
        events
    }

    fn trigger_children_of_parent(&mut self, path: &str, events: &mut Vec<(K, WatchEvent)>) {
        let Some(parent) = parent(path) else { return };
        let watching = self.child.trigger(parent);
        if !watching.is_empty() {
            push(events, watching, EventType::NodeChildrenChanged, &parent.into());
        }
    }

    /// Removes watches a connection has on a path (`DataTree.removeWatch`), and says which events
    /// the client makes of it. NOWATCHER if there is none of that type.
    pub fn remove(
        &mut self,
        path: &str,
        watcher_type: WatcherType,
        connection: K,
    ) -> Result<Vec<EventType>, KeeperError> {
        let modes: &[Mode] = match watcher_type {
            WatcherType::Children | WatcherType::Data => &[Mode::Standard],
            WatcherType::Persistent => &[Mode::Persistent],
            WatcherType::PersistentRecursive => &[Mode::Recursive],
            WatcherType::Any => &[Mode::Standard, Mode::Persistent, Mode::Recursive],
        };
        let (is_child, is_data) = match watcher_type {
            WatcherType::Children => (true, false),
            WatcherType::Data => (false, true),
            WatcherType::Any | WatcherType::Persistent | WatcherType::PersistentRecursive => {
                (true, true)
            }
        };
        let mut removed = Set::new();
        for &mode in modes {
            if is_child && self.child.remove(path, mode, connection) {
                removed.insert(mode.removal_event(EventType::ChildWatchRemoved));
            }
            if is_data && self.data.remove(path, mode, connection) {
                removed.insert(mode.removal_event(EventType::DataWatchRemoved));
            }
        }
        if removed.is_empty() {
            return Err(KeeperError::NoWatcher);
        }
        Ok(removed.into_iter().collect())
    }

    /// A connection ended, and its watches with it.
    pub fn remove_connection(&mut self, connection: K) {
        self.data.remove_connection(connection);
        self.child.remove_connection(connection);
    }

    /// Takes over the watches of a client that was connected elsewhere (`DataTree.setWatches`).
    ///
    /// `relative` is the newest zxid the client has seen in a reply. What has happened since is
    /// answered with an event at once, and the watch is spent; otherwise it is left again.
    /// Persistent watches are left again without catching up. Not everything can be seen: a znode
    /// created and deleted in the meantime leaves no trace, and one deleted and created again looks
    /// as if its data had changed.
    pub fn set_watches(
        &mut self,
        image: &Image,
        relative: Zxid,
        watches: &[(Path, WatchKind)],
        connection: K,
    ) -> Vec<WatchEvent> {
        // On the wire there is one list of paths for each kind.
        const ORDER: [WatchKind; 5] = [
            WatchKind::Data,
            WatchKind::Exist,
            WatchKind::Child,
            WatchKind::Persistent,
            WatchKind::PersistentRecursive,
        ];
        let mut events = Vec::new();
        for kind in ORDER {
            for (path, _) in watches.iter().filter(|(_, theirs)| *theirs == kind) {
                match missed(image, relative, path, kind) {
                    Some(event) => events.push(WatchEvent { event, path: path.clone() }),
                    None => self.add(path, kind, connection),
                }
            }
        }
        events
    }

    /// Who watches a path itself, and how. The server cannot tell exists from getData: both are
    /// [`WatchKind::Data`]. Recursive watches on ancestors are theirs.
    pub fn on_path(&self, path: &str) -> Vec<(K, WatchKind)> {
        let mut watches = Set::new();
        for (table, standard) in self.tables() {
            for (&connection, modes) in table.by_path.get(path).into_iter().flatten() {
                watches.extend(modes.kinds(standard).map(|kind| (connection, kind)));
            }
        }
        watches.into_iter().collect()
    }

    /// What a connection watches, and how.
    pub fn of_connection(&self, connection: K) -> Vec<(Path, WatchKind)> {
        let mut watches = Set::new();
        for (table, standard) in self.tables() {
            for path in table.by_connection.get(&connection).into_iter().flat_map(LargeSet::iter) {
                let modes = table.modes(path, connection);
                watches.extend(modes.kinds(standard).map(|kind| (path.clone(), kind)));
            }
        }
        watches.into_iter().collect()
    }

    /// The paths that are watched.
    pub fn paths(&self) -> Set<&Path> {
        self.tables().into_iter().flat_map(|(table, _)| table.by_path.keys()).collect()
    }

    /// Both tables, each with what its one-shot watches are called.
    fn tables(&self) -> [(&Table<K>, WatchKind); 2] {
        [(&self.data, WatchKind::Data), (&self.child, WatchKind::Child)]
    }

    /// How many watches there are: entries in the two tables, as `mntr` counts them.
    pub fn len(&self) -> usize {
        self.data.len() + self.child.len()
    }

    /// Whether nobody watches anything.
    pub fn is_empty(&self) -> bool {
        self.data.by_path.is_empty() && self.child.by_path.is_empty()
    }
}

/// What a watch missed while its client was away.
fn missed(image: &Image, relative: Zxid, path: &str, kind: WatchKind) -> Option<EventType> {
    let node = image.node(path);
    match (kind, node) {
        (WatchKind::Data | WatchKind::Child, None) => Some(EventType::NodeDeleted),
        (WatchKind::Data, Some(node)) => {
            (relative < node.mzxid).then_some(EventType::NodeDataChanged)
        }
        (WatchKind::Child, Some(node)) => {
            (relative < node.pzxid).then_some(EventType::NodeChildrenChanged)
        }
        (WatchKind::Exist, Some(_)) => Some(EventType::NodeCreated),
        (WatchKind::Exist, None) => None,
        (WatchKind::Persistent | WatchKind::PersistentRecursive, _) => None,
    }
}

fn push<K>(events: &mut Vec<(K, WatchEvent)>, to: Set<K>, event: EventType, path: &Path) {
    events.extend(to.into_iter().map(|k| (k, WatchEvent { event, path: path.clone() })));
}

fn parent(path: &str) -> Option<&str> {
    match path.rfind('/')? {
        0 => (path != "/").then_some("/"),
        slash => Some(&path[..slash]),
    }
}

/// `WatcherMode`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    Standard,
    Persistent,
    Recursive,
}

impl Mode {
    const ALL: [Mode; 3] = [Mode::Standard, Mode::Persistent, Mode::Recursive];

    /// What a client makes of the removal of such a watch; `standard` from this table.
    fn removal_event(self, standard: EventType) -> EventType {
        match self {
            Mode::Standard => standard,
            Mode::Persistent | Mode::Recursive => EventType::PersistentWatchRemoved,
        }
    }
}

/// The modes a connection has on one path in one table: `WatchStats`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Modes {
    is_standard: bool,
    is_persistent: bool,
    is_recursive: bool,
}

impl Modes {
    fn slot(&mut self, mode: Mode) -> &mut bool {
        match mode {
            Mode::Standard => &mut self.is_standard,
            Mode::Persistent => &mut self.is_persistent,
            Mode::Recursive => &mut self.is_recursive,
        }
    }

    fn is_empty(self) -> bool {
        self == Modes::default()
    }

    fn kinds(self, standard: WatchKind) -> impl Iterator<Item = WatchKind> {
        [
            (self.is_standard, standard),
            (self.is_persistent, WatchKind::Persistent),
            (self.is_recursive, WatchKind::PersistentRecursive),
        ]
        .into_iter()
        .filter_map(|(is_set, kind)| is_set.then_some(kind))
    }
}

/// One `WatchManager` of ZooKeeper: `watchTable` and `watch2Paths`.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Table<K> {
    by_path: LargeMap<Path, Map<K, Modes>>,
    by_connection: Map<K, LargeSet<Path>>,
    /// How many entries are recursive. Without any there is no need to walk up.
    recursive: usize,
    /// A mistake: one-shot watches stay.
    are_fired_kept: bool,
}

impl<K: Copy + Ord> Default for Table<K> {
    fn default() -> Self {
        Table {
            by_path: LargeMap::new(),
            by_connection: Map::new(),
            recursive: 0,
            are_fired_kept: false,
        }
    }
}

impl<K: Copy + Ord> Table<K> {
    fn len(&self) -> usize {
        self.by_connection.values().map(LargeSet::len).sum()
    }

    fn modes(&self, path: &str, connection: K) -> Modes {
        let modes = self.by_path.get(path).and_then(|at| at.get(&connection));
        modes.copied().unwrap_or_default()
    }

    fn add(&mut self, path: &Path, mode: Mode, connection: K) {
        let connections = self.by_path.or_default(&**path);
        let is_set = connections.entry(connection).or_default().slot(mode);
        if mode == Mode::Recursive && !*is_set {
            self.recursive += 1;
        }
        *is_set = true;
        self.by_connection.entry(connection).or_default().insert(path.clone());
    }

    /// Takes one mode away; whether it was there.
    fn remove(&mut self, path: &str, mode: Mode, connection: K) -> bool {
        let Some(modes) = self.by_path.get_mut(path).and_then(|at| at.get_mut(&connection)) else {
            return false;
        };
        if !std::mem::take(modes.slot(mode)) {
            return false;
        }
        if mode == Mode::Recursive {
            self.recursive -= 1;
        }
        if modes.is_empty() {
            self.forget(path, connection);
        }
        true
    }

    fn remove_connection(&mut self, connection: K) {
        let paths = self.by_connection.get(&connection).cloned().unwrap_or_default();
        for path in paths.iter() {
            for mode in Mode::ALL {
                self.remove(path, mode, connection);
            }
        }
    }

    /// Drops an entry that has no mode left.
    fn forget(&mut self, path: &str, connection: K) {
        if let Some(connections) = self.by_path.get_mut(path) {
            connections.remove(&connection);
            if connections.is_empty() {
                self.by_path.remove(path);
            }
        }
        if let Some(paths) = self.by_connection.get_mut(&connection) {
            paths.remove(path);
            if paths.is_empty() {
                self.by_connection.remove(&connection);
            }
        }
    }

    /// The connections to notify of an event at `path`: all that watch it, and those that watch an
    /// ancestor recursively. One-shot watches on it are spent.
    fn trigger(&mut self, path: &str) -> Set<K> {
        let here = self.by_path.get(path).into_iter().flat_map(Map::keys);
        let mut notified: Set<K> = here.copied().collect();
        let spent = if self.are_fired_kept { Set::new() } else { notified.clone() };
        for connection in spent {
            self.remove(path, Mode::Standard, connection);
        }
        let mut above = if self.recursive == 0 { None } else { parent(path) };
        while let Some(ancestor) = above {
            let watching = self.by_path.get(ancestor).into_iter().flatten();
            notified.extend(watching.filter(|(_, modes)| modes.is_recursive).map(|(k, _)| *k));
            above = parent(ancestor);
        }
        notified
    }
}

#[cfg(test)]
mod tests;

use super::*;
use crate::image::DataNode;
use crate::txn::{Owner, open_acl};
use crate::types::Time;
use EventType::*;
use std::rc::Rc;

type Manager = WatchManager<u32>;

fn manager(watches: &[(&str, WatchKind, u32)]) -> Manager {
    let mut manager = Manager::default();
    for &(path, kind, connection) in watches {
        manager.add(&path.into(), kind, connection);
    }
    manager
}

/// Events as `connection event path`.
fn shown(events: Vec<(u32, WatchEvent)>) -> Vec<String> {
    let show = |(k, event): (u32, WatchEvent)| format!("{k} {} {}", event.event.name(), event.path);
    events.into_iter().map(show).collect()
}

fn created(manager: &mut Manager, path: &str) -> Vec<String> {
    shown(manager.trigger_created(&path.into()))
}

fn changed(manager: &mut Manager, path: &str) -> Vec<String> {
    shown(manager.trigger_data_changed(&path.into()))
}

fn deleted(manager: &mut Manager, path: &str) -> Vec<String> {
    shown(manager.trigger_deleted(&path.into()))
}

const NONE: [&str; 0] = [];

/// One connection for each column of the trigger table, with the number of the column.
fn columns() -> Manager {
    manager(&[
        ("/p/c", WatchKind::Data, 1),
        ("/p/c", WatchKind::Exist, 2),
        ("/p/c", WatchKind::Child, 3),
        ("/p", WatchKind::Data, 4),
        ("/p", WatchKind::Child, 5),
        ("/p/c", WatchKind::Persistent, 6),
        ("/p", WatchKind::Persistent, 7),
        ("/p", WatchKind::PersistentRecursive, 8),
        ("/p/c", WatchKind::PersistentRecursive, 9),
    ])
}

#[test]
fn a_create_goes_to_the_znode_and_to_the_children_of_its_parent() {
    // A data watch on an absent znode cannot be told from an exist watch: it is one.
    assert_eq!(
        created(&mut columns(), "/p/c"),
        [
            "1 NodeCreated /p/c",
            "2 NodeCreated /p/c",
            "6 NodeCreated /p/c",
            "8 NodeCreated /p/c",
            "9 NodeCreated /p/c",
            "5 NodeChildrenChanged /p",
            "7 NodeChildrenChanged /p",
        ]
    );
}

#[test]
fn new_data_goes_to_the_znode() {
    assert_eq!(
        changed(&mut columns(), "/p/c"),
        [
            "1 NodeDataChanged /p/c",
            "2 NodeDataChanged /p/c",
            "6 NodeDataChanged /p/c",
            "8 NodeDataChanged /p/c",
            "9 NodeDataChanged /p/c",
        ]
    );
}

#[test]
fn a_delete_goes_to_all_who_watch_the_znode_and_to_the_children_of_its_parent() {
    assert_eq!(
        deleted(&mut columns(), "/p/c"),
        [
            "1 NodeDeleted /p/c",
            "2 NodeDeleted /p/c",
            "6 NodeDeleted /p/c",
            "8 NodeDeleted /p/c",
            "9 NodeDeleted /p/c",
            "3 NodeDeleted /p/c",
            "5 NodeChildrenChanged /p",
            "7 NodeChildrenChanged /p",
        ]
    );
}

#[test]
fn a_grandchild_concerns_child_watches_and_recursive_ones() {
    assert_eq!(
        created(&mut columns(), "/p/c/x"),
        [
            "8 NodeCreated /p/c/x",
            "9 NodeCreated /p/c/x",
            "3 NodeChildrenChanged /p/c",
            "6 NodeChildrenChanged /p/c",
        ]
    );
    assert_eq!(
        changed(&mut columns(), "/p/c/x"),
        ["8 NodeDataChanged /p/c/x", "9 NodeDataChanged /p/c/x"]
    );
    assert_eq!(
        deleted(&mut columns(), "/p/c/x"),
        [
            "8 NodeDeleted /p/c/x",
            "9 NodeDeleted /p/c/x",
            "3 NodeChildrenChanged /p/c",
            "6 NodeChildrenChanged /p/c",
        ]
    );
}

#[test]
fn one_shot_watches_are_spent() {
    let mut manager = columns();
    deleted(&mut manager, "/p/c");
    let left = [(6, WatchKind::Persistent), (9, WatchKind::PersistentRecursive)];
    assert_eq!(manager.on_path("/p/c"), left);
    assert_eq!(manager.on_path("/p").len(), 3, "data, and two that stay");
    assert_eq!(deleted(&mut manager, "/p/c").len(), 3 + 1);
}

#[test]
fn a_connection_hears_of_a_deletion_once() {
    let mut manager = manager(&[
        ("/a", WatchKind::Data, 1),
        ("/a", WatchKind::Child, 1),
        ("/a", WatchKind::Child, 2),
        ("/a", WatchKind::Persistent, 3),
    ]);
    let expected = ["1 NodeDeleted /a", "3 NodeDeleted /a", "2 NodeDeleted /a"];
    assert_eq!(deleted(&mut manager, "/a"), expected);
    assert_eq!(manager.of_connection(1), [], "its child watch is spent, silently");
}

#[test]
fn several_deletions_under_one_parent() {
    let mut manager = manager(&[("/p", WatchKind::Child, 1), ("/p", WatchKind::Persistent, 2)]);
    let first = deleted(&mut manager, "/p/a");
    assert_eq!(first, ["1 NodeChildrenChanged /p", "2 NodeChildrenChanged /p"]);
    assert_eq!(deleted(&mut manager, "/p/b"), ["2 NodeChildrenChanged /p"]);
}

#[test]
fn the_root_is_a_parent_and_an_ancestor() {
    let mut manager =
        manager(&[("/", WatchKind::Child, 1), ("/", WatchKind::PersistentRecursive, 2)]);
    assert_eq!(created(&mut manager, "/a"), ["2 NodeCreated /a", "1 NodeChildrenChanged /"]);
    assert_eq!(changed(&mut manager, "/"), ["2 NodeDataChanged /"]);
    assert_eq!(changed(&mut manager, "/a/b/c"), ["2 NodeDataChanged /a/b/c"]);
}

#[test]
fn names_are_matched_whole() {
    let mut manager = manager(&[("/a", WatchKind::PersistentRecursive, 1)]);
    assert_eq!(changed(&mut manager, "/ab"), NONE);
    assert_eq!(changed(&mut manager, "/b/a"), NONE);
}

#[test]
fn kinds_add_up() {
    let mut manager = manager(&[
        ("/a", WatchKind::Data, 1),
        ("/a", WatchKind::Persistent, 1),
        ("/a", WatchKind::PersistentRecursive, 1),
        ("/a", WatchKind::Child, 1),
        ("/a", WatchKind::Data, 1),
    ]);
    assert_eq!(manager.len(), 2, "an entry in each table");
    assert_eq!(changed(&mut manager, "/a"), ["1 NodeDataChanged /a"], "one event");
    let left =
        [WatchKind::Child, WatchKind::Persistent, WatchKind::PersistentRecursive].map(|k| (1, k));
    assert_eq!(manager.on_path("/a"), left);
    assert_eq!(created(&mut manager, "/a/b"), ["1 NodeCreated /a/b", "1 NodeChildrenChanged /a"]);
}

#[test]
fn removal_takes_one_type_or_any() {
    let all =
        [WatchKind::Data, WatchKind::Child, WatchKind::Persistent, WatchKind::PersistentRecursive];
    let remove = |watcher_type| {
        let mut manager = manager(&all.map(|kind| ("/a", kind, 1)));
        manager.add(&"/a".into(), WatchKind::Data, 2);
        let events = manager.remove("/a", watcher_type, 1).unwrap();
        let again = manager.remove("/a", watcher_type, 1);
        assert_eq!(again, Err(KeeperError::NoWatcher));
        assert!(manager.on_path("/a").contains(&(2, WatchKind::Data)), "not theirs");
        let left: Vec<_> = manager.of_connection(1).into_iter().map(|(_, kind)| kind).collect();
        (events, left)
    };
    let without = |kind| all.into_iter().filter(|other| *other != kind).collect::<Vec<_>>();
    assert_eq!(remove(WatcherType::Data), (vec![DataWatchRemoved], without(WatchKind::Data)));
    assert_eq!(remove(WatcherType::Children), (vec![ChildWatchRemoved], without(WatchKind::Child)));
    assert_eq!(
        remove(WatcherType::Persistent),
        (vec![PersistentWatchRemoved], without(WatchKind::Persistent))
    );
    assert_eq!(
        remove(WatcherType::PersistentRecursive),
        (vec![PersistentWatchRemoved], without(WatchKind::PersistentRecursive))
    );
    let events = vec![DataWatchRemoved, ChildWatchRemoved, PersistentWatchRemoved];
    assert_eq!(remove(WatcherType::Any), (events, vec![]));
}

#[test]
fn removal_is_of_one_path() {
    let mut manager = manager(&[("/a", WatchKind::PersistentRecursive, 1)]);
    let missing = Err(KeeperError::NoWatcher);
    assert_eq!(manager.remove("/a/b", WatcherType::Any, 1), missing);
    assert_eq!(manager.remove("/a", WatcherType::Data, 1), missing);
    assert_eq!(manager.remove("/a", WatcherType::Any, 2), missing);
    assert_eq!(manager.len(), 1);
}

#[test]
fn watches_end_with_their_connection() {
    let mut manager = columns();
    manager.remove_connection(8);
    manager.remove_connection(99);
    assert_eq!(changed(&mut manager, "/p/c/x"), ["9 NodeDataChanged /p/c/x"]);
    for connection in 1..=9 {
        manager.remove_connection(connection);
    }
    assert!(manager.is_empty());
    assert_eq!(manager, Manager::default(), "no residue");
}

#[test]
fn views_list_watches_both_ways() {
    let manager = columns();
    assert!(manager.paths().iter().map(|path| &***path).eq(["/p", "/p/c"]));
    assert_eq!(manager.of_connection(6), [("/p/c".into(), WatchKind::Persistent)]);
    assert_eq!(manager.of_connection(2), [("/p/c".into(), WatchKind::Data)]);
    assert_eq!(manager.on_path("/n"), []);
    assert_eq!(manager.len(), 9 + 2, "persistent ones are in both tables");
}

/// An image with one znode: data written at 5, children changed at 7.
fn image_with(path: &str) -> Image {
    let node = DataNode {
        data: None,
        acl: open_acl(),
        owner: Owner::None,
        czxid: Zxid(3),
        mzxid: Zxid(5),
        pzxid: Zxid(7),
        ctime: Time::ZERO,
        mtime: Time::ZERO,
        version: 0,
        cversion: 0,
        aversion: 0,
        children: LargeSet::new(),
    };
    Image {
        zxid: Zxid(9),
        nodes: Rc::new([(path.into(), Rc::new(node))].into_iter().collect()),
        ephemerals: Rc::default(),
        sessions: Rc::default(),
    }
}

#[test]
fn a_client_that_moves_catches_up() {
    let image = image_with("/a");
    let missed = |path: &str, kind, relative| {
        let mut manager = Manager::default();
        let events = manager.set_watches(&image, Zxid(relative), &[(path.into(), kind)], 1);
        let is_left = !manager.is_empty();
        let events: Vec<_> = events.into_iter().map(|event| event.event).collect();
        assert_eq!(events.is_empty(), is_left, "either an event or a watch");
        events
    };
    assert_eq!(missed("/a", WatchKind::Data, 4), [NodeDataChanged]);
    assert_eq!(missed("/a", WatchKind::Data, 5), []);
    assert_eq!(missed("/n", WatchKind::Data, 9), [NodeDeleted]);
    assert_eq!(missed("/a", WatchKind::Exist, 9), [NodeCreated]);
    assert_eq!(missed("/n", WatchKind::Exist, 0), []);
    assert_eq!(missed("/a", WatchKind::Child, 6), [NodeChildrenChanged]);
    assert_eq!(missed("/a", WatchKind::Child, 7), []);
    assert_eq!(missed("/n", WatchKind::Child, 9), [NodeDeleted]);
    for kind in [WatchKind::Persistent, WatchKind::PersistentRecursive] {
        assert_eq!(missed("/a", kind, 0), [], "no catching up");
        assert_eq!(missed("/n", kind, 0), []);
    }
}

#[test]
fn catching_up_goes_kind_by_kind() {
    let watches = [
        ("/n".into(), WatchKind::Child),
        ("/a".into(), WatchKind::Exist),
        ("/m".into(), WatchKind::Data),
        ("/a".into(), WatchKind::Data),
        ("/a".into(), WatchKind::Persistent),
    ];
    let mut manager = Manager::default();
    let events = manager.set_watches(&image_with("/a"), Zxid(5), &watches, 1);
    assert_eq!(
        shown(events.into_iter().map(|event| (1, event)).collect()),
        ["1 NodeDeleted /m", "1 NodeCreated /a", "1 NodeDeleted /n"]
    );
    let left = [("/a".into(), WatchKind::Data), ("/a".into(), WatchKind::Persistent)];
    assert_eq!(manager.of_connection(1), left);
}

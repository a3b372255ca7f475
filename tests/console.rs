//! The console of a client: zkCli's commands and what it prints.

use std::rc::Rc;
use zklab_core::client::session::Library;
use zklab_core::lab::view::ConsoleKind;
use zklab_core::lab::{Lab, Scenario};
use zklab_core::sim::action::Action;
use zklab_core::types::{ClientId, ServerId};

const C1: ClientId = ClientId(1);

/// One server, one client, connected.
fn console() -> Lab {
    let mut lab = Lab::new(&Scenario { participants: 1, ..Scenario::default() }).unwrap();
    let servers: Rc<[ServerId]> = Rc::new([ServerId(1)]);
    lab.act(Action::Start(servers.clone())).unwrap();
    lab.advance(2_000_000);
    lab.act(Action::Connect {
        name: "c1".into(),
        servers,
        timeout_ms: 30_000,
        can_be_read_only: false,
        library: Library::Java,
    })
    .unwrap();
    lab.advance(500_000);
    lab
}

/// What the line adds to the console, without the line itself.
fn ask(lab: &mut Lab, line: &str) -> Vec<(ConsoleKind, String)> {
    let before = lab.console(C1).len();
    lab.command(C1, line);
    lab.advance(200_000);
    let lines = lab.console(C1);
    let told = lines[before..].iter().filter(|line| line.kind != ConsoleKind::Input);
    told.map(|line| (line.kind, line.text.to_string())).collect()
}

fn output(text: &str) -> Vec<(ConsoleKind, String)> {
    vec![(ConsoleKind::Output, text.to_owned())]
}

fn error(text: &str) -> Vec<(ConsoleKind, String)> {
    vec![(ConsoleKind::Error, text.to_owned())]
}

#[test]
fn a_persistent_watch_stays_until_it_is_removed() {
    let mut lab = console();
    ask(&mut lab, "create /a x");
    assert_eq!(ask(&mut lab, "addWatch -m PERSISTENT /a"), []);
    for data in ["y", "z"] {
        let told = ask(&mut lab, &format!("set /a {data}"));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].1.contains("type:NodeDataChanged path:/a"), "{told:?}");
    }
    assert!(ask(&mut lab, "removewatches /a")[0].1.contains("WatchRemoved"));
    assert_eq!(ask(&mut lab, "set /a w"), []);
    assert_eq!(
        ask(&mut lab, "removewatches /a"),
        error("KeeperErrorCode = No such watcher for /a")
    );
}

#[test]
fn a_watch_is_recursive_unless_something_else_is_said() {
    let mut lab = console();
    ask(&mut lab, "create /a");
    ask(&mut lab, "addWatch /a");
    let told = ask(&mut lab, "create /a/b");
    assert!(told.iter().any(|(_, text)| text.contains("type:NodeCreated path:/a/b")), "{told:?}");
    let (kind, text) = &ask(&mut lab, "addWatch -m SOMETIMES /a")[0];
    assert_eq!(*kind, ConsoleKind::Error);
    assert!(text.starts_with("addWatch [-m mode] path"), "{text}");
}

#[test]
fn a_line_is_asked_again_by_its_number() {
    let mut lab = console();
    ask(&mut lab, "create -s /n");
    assert_eq!(ask(&mut lab, "redo 0"), output("Created /n0000000001"));
    assert_eq!(ask(&mut lab, "redo 7"), error("Command index out of range"));
    // The line before is number 2.
    assert_eq!(ask(&mut lab, "redo 2"), error("No redoing redos"));
    assert_eq!(ask(&mut lab, "version"), output("ZooKeeper CLI version: 3.8.0"));
}

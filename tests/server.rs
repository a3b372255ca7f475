//! What a server lets in, and what its clients see of it: throttling, read-only mode, queues,
//! local sessions. What a recording can say is in `conformance`.

#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;
use zklab_core::client::session::{Library, State};
use zklab_core::lab::view::FeedItem;
use zklab_core::lab::{Lab, Scenario};
use zklab_core::server::queues::Processor;
use zklab_core::sim::action::Action;
use zklab_core::txn::{CreateMode, Op, open_acl};
use zklab_core::types::{ClientId, ServerId, SessionId};
use zklab_core::why::Why;

const SECOND_US: u64 = 1_000_000;

fn servers(ids: &[u8]) -> Rc<[ServerId]> {
    ids.iter().copied().map(ServerId).collect()
}

fn act(lab: &mut Lab, action: Action) {
    lab.act(action).expect("the action can be");
}

/// Lets that much time pass, in which no invariant may break.
fn run(lab: &mut Lab, us: u64) {
    let end = lab.world().now.plus_us(us);
    while lab.world().now < end {
        lab.advance(end.0 - lab.world().now.0);
    }
    let view = lab.view();
    let broken: Vec<_> = view.invariants.iter().filter_map(|i| i.violation.as_ref()).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

/// Three servers that serve, the third leading.
fn ensemble(settings: &[(&str, &str)]) -> Lab {
    let config = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let tick = ("tickTime".to_owned(), "500".to_owned());
    let config = std::iter::once(tick).chain(config).collect();
    let scenario =
        Scenario { participants: 3, observers: 0, seed: 5, config, ..Scenario::default() };
    let mut lab = Lab::new(&scenario).expect("the scenario can be");
    act(&mut lab, Action::Start(servers(&[1, 2, 3])));
    run(&mut lab, 5 * SECOND_US);
    lab
}

fn connect(lab: &mut Lab, name: &str, ids: &[u8]) -> ClientId {
    let connect = Action::Connect {
        name: name.into(),
        servers: servers(ids),
        timeout_ms: 6000,
        can_be_read_only: true,
        library: Library::Java,
    };
    act(lab, connect);
    run(lab, 2 * SECOND_US);
    lab.world().client_named(name).expect("it was made")
}

fn create(path: &str, mode: CreateMode) -> Op {
    Op::Create { path: path.into(), data: None, acl: open_acl(), mode, ttl_ms: 0 }
}

fn submit(lab: &mut Lab, client: ClientId, op: Op) {
    let line = Some(op.name().into());
    act(lab, Action::Submit { client, op, line });
}

fn state(lab: &Lab, client: ClientId) -> State {
    lab.world().clients[&client].process.state()
}

fn session(lab: &Lab, client: ClientId) -> SessionId {
    lab.world().clients[&client].process.session()
}

fn has(lab: &Lab, server: u8, path: &str) -> bool {
    let server = lab.world().server(ServerId(server)).expect("it runs");
    server.database().image.node(path).is_some()
}

#[test]
fn a_throttled_connection_is_read_on_and_nothing_is_lost() {
    let mut lab = ensemble(&[("globalOutstandingLimit", "2")]);
    let client = connect(&mut lab, "c", &[1]);
    for n in 0..40 {
        submit(&mut lab, client, create(&format!("/n{n}"), CreateMode::Persistent));
    }
    let mut most = 0;
    let end = lab.world().now.plus_us(5 * SECOND_US);
    while lab.world().now < end {
        lab.advance(200);
        let view = lab.view();
        let follower = view.servers.iter().find(|server| server.id == ServerId(1));
        let stages = &follower.expect("it is there").pipeline;
        let commit = stages.iter().find(|stage| stage.processor == Processor::CommitProcessor);
        most = most.max(commit.expect("a follower has one").requests.len());
    }
    // Its share is 2 / (3 - 1). One more may be in process before it looks, and one as it does.
    assert!((2..=3).contains(&most), "{most} in process");
    assert!((0..40).all(|n| has(&lab, 1, &format!("/n{n}"))), "all are carried out");
}

#[test]
fn without_throttling_all_of_them_wait_for_their_commits() {
    let mut lab = ensemble(&[]);
    let client = connect(&mut lab, "c", &[1]);
    for n in 0..40 {
        submit(&mut lab, client, create(&format!("/n{n}"), CreateMode::Persistent));
    }
    let (mut most, mut known) = (0, false);
    let end = lab.world().now.plus_us(SECOND_US);
    while lab.world().now < end {
        lab.advance(200);
        let view = lab.view();
        let stages = &view.servers[0].pipeline;
        let commit = stages.iter().find(|stage| stage.processor == Processor::CommitProcessor);
        let requests = &commit.expect("a follower has one").requests;
        most = most.max(requests.len());
        known |= requests.iter().any(|request| request.zxid.is_some());
    }
    assert!(10 < most, "only {most} waited");
    assert!(known, "a proposal tells the zxid before the commit");
}

#[test]
fn a_read_only_client_finds_the_quorum_and_gets_a_real_session() {
    let settings = [("localSessionsEnabled", "true"), ("readonlymode.enabled", "true")];
    let mut lab = ensemble(&settings);
    act(&mut lab, Action::Kill(servers(&[2, 3])));
    run(&mut lab, 12 * SECOND_US);
    let client = connect(&mut lab, "r", &[1, 2, 3]);
    run(&mut lab, 8 * SECOND_US);
    assert_eq!(state(&lab, client), State::ConnectedReadOnly);
    let fake = session(&lab, client);
    // It hears of the others although its own server stays without a leader.
    act(&mut lab, Action::Partition(Rc::from([servers(&[1]), servers(&[2, 3])])));
    act(&mut lab, Action::Start(servers(&[2, 3])));
    run(&mut lab, 100 * SECOND_US);
    assert_eq!(state(&lab, client), State::Connected);
    assert_ne!(session(&lab, client), fake);
    let server = lab.world().clients[&client].process.server();
    assert!(matches!(server, Some(ServerId(2 | 3))), "{server:?}");
}

#[test]
fn an_upgraded_session_keeps_its_id_and_is_known_everywhere() {
    let settings = [("localSessionsEnabled", "true"), ("localSessionsUpgradingEnabled", "true")];
    let mut lab = ensemble(&settings);
    let client = connect(&mut lab, "c", &[1]);
    let id = session(&lab, client);
    let knows = |lab: &Lab, server: u8| {
        let server = lab.world().server(ServerId(server)).expect("it runs");
        server.database().image.sessions.contains_key(&id)
    };
    assert!((1..=3).all(|server| !knows(&lab, server)), "local");
    assert!(lab.world().server(ServerId(1)).expect("it runs").is_local(id));
    submit(&mut lab, client, create("/e", CreateMode::Ephemeral));
    run(&mut lab, SECOND_US);
    assert_eq!(session(&lab, client), id);
    assert!((1..=3).all(|server| knows(&lab, server) && has(&lab, server, "/e")), "global");
    assert!(!lab.world().server(ServerId(1)).expect("it runs").is_local(id));
}

#[test]
fn containers_go_one_by_one() {
    let settings = [
        ("znode.container.checkIntervalMs", "1000"),
        ("znode.container.maxPerMinute", "60"),
        ("znode.container.maxNeverUsedIntervalMs", "1"),
    ];
    let mut lab = ensemble(&settings);
    let client = connect(&mut lab, "c", &[1]);
    for n in 0..4 {
        submit(&mut lab, client, create(&format!("/c{n}"), CreateMode::Container));
    }
    let left = |lab: &Lab| (0..4).filter(|n| has(lab, 1, &format!("/c{n}"))).count();
    let mut seen = Vec::new();
    for _ in 0..80 {
        run(&mut lab, SECOND_US / 10);
        seen.push(left(&lab));
    }
    assert_eq!(seen.last(), Some(&0));
    assert!(seen.windows(2).all(|pair| pair[0] <= pair[1] + 1), "one a second: {seen:?}");
}

#[test]
fn observers_are_synchronized_one_after_the_other() {
    let config = [("tickTime", "500"), ("leader.maxConcurrentSnapSyncs", "1")];
    let config = config.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
    let scenario =
        Scenario { participants: 3, observers: 4, seed: 5, config, ..Scenario::default() };
    let mut lab = Lab::new(&scenario).expect("the scenario can be");
    act(&mut lab, Action::Start(servers(&[1, 2, 3, 4, 5, 6, 7])));
    run(&mut lab, 10 * SECOND_US);
    act(&mut lab, Action::Kill(servers(&[4, 5, 6, 7])));
    let client = connect(&mut lab, "c", &[1]);
    for n in 0..20 {
        submit(&mut lab, client, create(&format!("/n{n}"), CreateMode::Persistent));
    }
    run(&mut lab, 2 * SECOND_US);
    // They come at the same time, and each takes as long as its disk.
    act(&mut lab, Action::Start(servers(&[4, 5, 6, 7])));
    run(&mut lab, 30 * SECOND_US);
    let rows = lab.feed(10_000);
    let sent_away = rows
        .iter()
        .filter(|row| matches!(row.what, FeedItem::Decision(Why::SyncThrottled { limit: 1, .. })))
        .count();
    assert!(0 < sent_away, "all came at once");
    assert!(lab.view().servers.iter().all(|server| server.is_serving), "and all got in");
}

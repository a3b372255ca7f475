//! Each promise of a recipe can be seen to be broken.

use super::Invariant;
use super::recipes::Hearer;
use super::testing::{Bench, S1, create, only};
use crate::client::session::Library;
use crate::recipe::{Ask, Terms, Told, Use, What};
use crate::sim::action::Action;
use crate::sim::check::Violation;
use crate::txn::{CreateMode, Op, Path};
use crate::types::{ClientId, SessionId, Zxid};
use std::rc::Rc;

const C1: ClientId = ClientId(1);
const C2: ClientId = ClientId(2);

fn wanted(what: What) -> Rc<Use> {
    Rc::new(Use { what, path: "/r".into(), terms: Terms::default() })
}

/// A bench with a path for recipes.
fn bench() -> Bench {
    let mut bench = Bench::new();
    bench.submit(create("/r", CreateMode::Persistent));
    bench
}

/// Somebody in the session of the bench's client that has seen everything.
fn hearer(bench: &Bench, client: ClientId) -> Hearer {
    let seen = bench.world.checker.last_delivered();
    Hearer { client, number: 1, session: bench.session(), seen }
}

fn fresh(bench: &mut Bench) -> Vec<Violation> {
    let now = bench.world.now;
    bench.checker().fresh(9, now)
}

fn asks(client: ClientId, ask: Ask) -> Action {
    Action::Recipe { client, ask, line: "".into() }
}

fn delete(path: &str) -> Op {
    Op::Delete { path: path.into(), version: -1 }
}

fn granted(node: &str, counter: u32) -> Told {
    Told::Granted { node: node.into(), token: Zxid::new(1, counter) }
}

fn done(text: &str) -> Told {
    Told::Done(text.into())
}

/// Two clients that want the lock: c1 holds it, c2 waits.
fn line() -> Bench {
    let mut bench = bench();
    bench.act(Action::Connect {
        name: "c2".into(),
        servers: Rc::new([S1]),
        timeout_ms: 10_000,
        can_be_read_only: false,
        library: Library::Java,
    });
    bench.run(100);
    for client in [C1, C2] {
        bench.act(asks(client, Ask::Use(wanted(What::Lock))));
        bench.run(200);
    }
    assert_eq!(bench.violations(), []);
    bench
}

#[test]
fn a_grant_out_of_order_is_seen() {
    let mut bench = bench();
    let (c1, lock) = (hearer(&bench, C1), wanted(What::Lock));
    bench.checker().use_hears(c1, &lock, &granted("/r/lock-0000000001", 6));
    bench.checker().use_hears(c1, &lock, &granted("/r/lock-0000000002", 7));
    // A line elsewhere has an order of its own.
    bench.checker().use_hears(c1, &lock, &granted("/q/lock-0000000000", 5));
    assert_eq!(fresh(&mut bench), []);
    bench.checker().use_hears(c1, &lock, &granted("/r/lock-0000000000", 5));
    let (one, other) = (
        "c1 holds by /r/lock-0000000000, created at 0x100000005",
        "/r/lock-0000000002, created at 0x100000007, has held before it",
    );
    assert_eq!(only(&fresh(&mut bench), Invariant::Recipe), (one, other));
}

#[test]
fn readers_among_themselves_have_no_order_but_writers_have() {
    let mut bench = bench();
    let (c1, read, write) = (hearer(&bench, C1), wanted(What::ReadLock), wanted(What::WriteLock));
    bench.checker().use_hears(c1, &read, &granted("/r/__READ__0000000002", 7));
    bench.checker().use_hears(c1, &read, &granted("/r/__READ__0000000001", 6));
    assert_eq!(fresh(&mut bench), []);
    bench.checker().use_hears(c1, &write, &granted("/r/__WRIT__0000000000", 5));
    assert_eq!(fresh(&mut bench).len(), 1);
}

#[test]
fn a_grant_after_the_session_is_over_is_not_judged() {
    let mut bench = bench();
    let (c1, lock) = (hearer(&bench, C1), wanted(What::Lock));
    bench.checker().use_hears(c1, &lock, &granted("/r/lock-0000000001", 6));
    let dead = Hearer { session: SessionId(7), ..c1 };
    bench.checker().use_hears(dead, &lock, &granted("/r/lock-0000000000", 5));
    assert_eq!(fresh(&mut bench), []);
}

#[test]
fn who_passes_a_barrier_that_is_there_is_seen() {
    let mut bench = bench();
    let (c1, waiting) = (hearer(&bench, C1), wanted(What::AwaitBarrier));
    bench.submit(delete("/r"));
    let lifted = hearer(&bench, C1);
    bench.checker().use_hears(lifted, &waiting, &done("passed"));
    assert_eq!(fresh(&mut bench), []);
    bench.checker().use_hears(c1, &waiting, &done("passed"));
    let (one, other) = ("c1 has passed /r at 0x100000004", "it is there since 0x100000004");
    assert_eq!(only(&fresh(&mut bench), Invariant::Recipe), (one, other));
}

#[test]
fn who_enters_before_all_have_come_is_seen() {
    let mut bench = bench();
    bench.submit(create("/r/p-", CreateMode::EphemeralSequential));
    let double = wanted(What::DoubleBarrier(2));
    let entered = granted("/r/p-0000000000", 5);
    let c1 = hearer(&bench, C1);
    bench.submit(create("/r/p-", CreateMode::EphemeralSequential));
    bench.submit(create("/r/ready", CreateMode::Persistent));
    let all = hearer(&bench, C1);
    bench.checker().use_hears(all, &double, &entered);
    assert_eq!(fresh(&mut bench), []);
    bench.checker().use_hears(c1, &wanted(What::DoubleBarrier(3)), &entered);
    let (one, other) =
        ("c1 has entered /r, which needs 3", "no more than 2 stood there when it was opened");
    assert_eq!(only(&fresh(&mut bench), Invariant::Recipe), (one, other));
}

#[test]
fn who_leaves_before_all_are_done_is_seen() {
    let mut bench = bench();
    for _ in 0..2 {
        bench.submit(create("/r/p-", CreateMode::EphemeralSequential));
    }
    bench.submit(create("/r/ready", CreateMode::Persistent));
    let double = wanted(What::DoubleBarrier(2));
    for (client, node, counter) in [(C1, "/r/p-0000000000", 5), (C2, "/r/p-0000000001", 6)] {
        let here = hearer(&bench, client);
        bench.checker().use_hears(here, &double, &granted(node, counter));
        bench.checker().use_ends(here);
    }
    // Who comes after that is waited for by nobody.
    bench.submit(create("/r/p-", CreateMode::EphemeralSequential));
    bench.submit(delete("/r/p-0000000000"));
    let early = hearer(&bench, C1);
    bench.submit(delete("/r/p-0000000001"));
    let late = hearer(&bench, C2);
    bench.checker().use_hears(late, &double, &Told::Released);
    assert_eq!(fresh(&mut bench), []);
    bench.checker().use_hears(early, &double, &Told::Released);
    let (one, other) = ("c1 has left /r", "/r/p-0000000001 is still in");
    assert_eq!(only(&fresh(&mut bench), Invariant::Recipe), (one, other));
}

#[test]
fn who_takes_what_it_has_not_deleted_is_seen() {
    let mut bench = bench();
    bench.submit(create("/r/qn-", CreateMode::PersistentSequential));
    let (session, node) = (bench.session(), "/r/qn-0000000000".into());
    bench.checker().took(C1, session, &node);
    let (one, other) = ("c1 takes /r/qn-0000000000", "it has not deleted it");
    assert_eq!(only(&fresh(&mut bench), Invariant::Recipe), (one, other));
}

#[test]
fn who_takes_out_of_order_is_seen() {
    let mut bench = bench();
    for part in ["qn-05-", "qn-01-", "qn-01-"] {
        bench.submit(create(&format!("/r/{part}"), CreateMode::PersistentSequential));
    }
    let (session, c1) = (bench.session(), hearer(&bench, C1));
    bench.checker().use_begins(c1, &wanted(What::Take));
    bench.submit(delete("/r/qn-01-0000000001"));
    bench.checker().took(C1, session, &"/r/qn-01-0000000001".into());
    // What came after it had begun to look may come first, but need not.
    bench.submit(create("/r/qn-00-", CreateMode::PersistentSequential));
    bench.submit(delete("/r/qn-01-0000000002"));
    bench.checker().took(C1, session, &"/r/qn-01-0000000002".into());
    assert_eq!(fresh(&mut bench), []);
    let later = hearer(&bench, C1);
    bench.checker().use_hears(later, &wanted(What::Take), &done("a"));
    bench.submit(delete("/r/qn-05-0000000000"));
    bench.checker().took(C1, session, &"/r/qn-05-0000000000".into());
    let (one, other) =
        ("c1 takes /r/qn-05-0000000000", "/r/qn-00-0000000003 comes before it, and was there");
    assert_eq!(only(&fresh(&mut bench), Invariant::Recipe), (one, other));
}

#[test]
fn what_a_take_has_seen_does_not_count_for_another_one() {
    let mut bench = bench();
    bench.submit(create("/r/qn-01-", CreateMode::PersistentSequential));
    let take = wanted(What::Take);
    // The second one lists, and then something comes that stands before what it takes.
    let two = Hearer { number: 2, ..hearer(&bench, C1) };
    bench.submit(create("/r/qn-00-", CreateMode::PersistentSequential));
    let one = hearer(&bench, C1);
    bench.checker().use_hears(one, &take, &done("a"));
    bench.checker().use_is_over(C1, 1);
    bench.checker().use_hears(two, &take, &Told::Lost);
    let (session, node): (_, Path) = (bench.session(), "/r/qn-01-0000000000".into());
    bench.submit(delete(&node));
    bench.checker().took(C1, session, &node);
    assert_eq!(fresh(&mut bench), []);
    // A third one begins now, alone.
    bench.checker().use_is_over(C1, 2);
    bench.submit(create("/r/qn-01-", CreateMode::PersistentSequential));
    let three = Hearer { number: 3, ..hearer(&bench, C1) };
    bench.checker().use_begins(three, &take);
    let node: Path = "/r/qn-01-0000000002".into();
    bench.submit(delete(&node));
    bench.checker().took(C1, session, &node);
    assert_eq!(fresh(&mut bench).len(), 1);
}

#[test]
fn what_is_lost_from_a_queue_is_seen() {
    let mut bench = bench();
    let queue = "/r".into();
    for number in 0..4 {
        bench.submit(create("/r/qn-", CreateMode::PersistentSequential));
        bench.submit(delete(&format!("/r/qn-000000000{number}")));
    }
    let taken = ["/r/qn-0000000000".into()];
    // The answer to the second never came, that to the third was lost.
    bench.checker().takes_away(C1, 1, &"/r/qn-0000000001".into());
    bench.checker().takes_away(C1, 2, &"/r/qn-0000000002".into());
    let lost = crate::error::KeeperError::ConnectionLoss;
    bench.checker().is_answered(C1, 2, Some(lost));
    bench.checker().check_nothing_lost(&queue, &taken);
    let (one, other) = ("/r/qn-0000000003 has gone from the queue", "nobody has taken it");
    assert_eq!(only(&fresh(&mut bench), Invariant::Recipe), (one, other));
}

#[test]
fn two_decisions_and_a_commit_against_a_vote_are_seen() {
    let commit = wanted(What::Commit(Rc::new(["a".into()])));
    let mut one = bench();
    let c1 = hearer(&one, C1);
    one.checker().use_hears(c1, &commit, &done("committed"));
    assert_eq!(fresh(&mut one), []);
    one.checker().use_hears(c1, &commit, &done("aborted"));
    assert_eq!(fresh(&mut one).len(), 1);
    let mut two = bench();
    two.checker().voted(&"/r".into(), false);
    two.checker().use_hears(c1, &commit, &done("committed"));
    assert_eq!(fresh(&mut two).len(), 1);
}

#[test]
fn a_name_that_is_given_twice_is_seen() {
    let mut bench = bench();
    let (c1, name) = (hearer(&bench, C1), wanted(What::Name));
    bench.checker().use_hears(c1, &name, &done("name-0000000000"));
    bench.checker().use_hears(c1, &name, &done("name-0000000001"));
    assert_eq!(fresh(&mut bench), []);
    bench.checker().use_hears(c1, &name, &done("name-0000000000"));
    assert_eq!(fresh(&mut bench).len(), 1);
}

#[test]
fn a_lost_wake_up_is_seen() {
    let mut bench = line();
    let waits = |bench: &Bench| {
        let recipes = bench.world.clients[&C2].recipes.as_ref().expect("it waits");
        let standing = recipes.running().next().expect("for the lock").1.standing();
        standing.watches.first().cloned()
    };
    let watched = waits(&bench).expect("it waits for the holder");
    // The server forgets its watch.
    drop(bench.server(S1).watches.trigger_data_changed(&watched));
    bench.act(asks(C1, Ask::Unlock("/r".into())));
    bench.run(9_000);
    assert_eq!(bench.violations(), []);
    bench.run(6_000);
    let found = bench.violations();
    let (one, other) = only(&found, Invariant::Recipe);
    assert!(one.starts_with(&format!("c2 waits for {watched}, ")), "{one}");
    assert_eq!(other, "its server has what it waits for, and it asks nothing");
}

#[test]
fn two_that_believe_although_both_sessions_live_are_seen() {
    // c1 deletes its own node and goes on as if it held.
    let mut bench = line();
    let node = bench.world.books["/r"].granted[0].node.clone();
    bench.submit(delete(&node));
    bench.run(500);
    let found = bench.violations();
    let (one, other) = only(&found, Invariant::Recipe);
    assert!(one.starts_with("c2 believes from now on that it holds by /r/_c_"), "{one}");
    assert_eq!(other, format!("so does c1 by {node}, and its session lives"));
}

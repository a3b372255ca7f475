//! Every checker can fail: an ensemble that serves is broken a little, and seen.

use super::Invariant as I;
use super::testing::{Bench, S1, S2, S3, among, create, only, txn, write};
use crate::image::{DataNode, Image};
use crate::sim::action::Action;
use crate::txn::{CreateMode, Owner, TxnBody};
use crate::types::{Phase, ServerId, ServerState, SessionId, Zxid};
use std::rc::Rc;

const Z4: Zxid = Zxid::new(1, 4);
const Z5: Zxid = Zxid::new(1, 5);

/// Changes a znode behind a server's back.
fn corrupt(image: &mut Image, path: &str, change: impl FnOnce(&mut DataNode)) {
    let node = Rc::make_mut(&mut image.nodes).get_mut(path).expect("it is there");
    change(Rc::make_mut(node));
}

/// `/a` is written, in the ordinary way.
fn write_a(bench: &mut Bench) {
    bench.submit(crate::txn::Op::SetData { path: "/a".into(), data: None, version: -1 });
}

#[test]
fn two_leaders_of_an_epoch() {
    let mut bench = Bench::new();
    // A second process that is the first one's image.
    let leader = bench.server(S3).clone();
    *bench.server(S2) = leader;
    let found = bench.look(S2);
    assert_eq!(among(&found, I::Leadership1), ("s2 leads epoch 1", "s3 leads epoch 1"));
    assert_eq!(among(&found, I::Leadership2), ("s2 leads epoch 1", "s3 led epoch 1"));
    assert_eq!(found[0].servers[..], [S2, S3]);
}

#[test]
fn one_after_the_other_is_one_too_many() {
    let mut bench = Bench::new();
    let leader = bench.server(S3).clone();
    bench.act(Action::Kill(Rc::new([S3])));
    *bench.server(S2) = leader;
    let found = bench.look(S2);
    assert_eq!(only(&found, I::Leadership2), ("s2 leads epoch 1", "s3 led epoch 1"));
}

#[test]
fn an_epoch_without_the_promise_of_a_quorum() {
    let mut bench = Bench::new();
    for id in [S1, S2] {
        bench.server(id).storage.files.accepted_epoch = Some(0);
    }
    bench.checker().leadership = Default::default();
    let found = bench.look(S3);
    let facts = ("s3 leads epoch 1", "acceptedEpoch is 1 or more only at [s3]");
    assert_eq!(among(&found, I::InitialHistory), facts);
}

#[test]
fn a_leader_that_serves_before_a_quorum_has_its_history() {
    let mut bench = Bench::new();
    for id in [S1, S2] {
        bench.server(id).storage.files.current_epoch = Some(0);
    }
    bench.checker().leadership = Default::default();
    let found = bench.look(S3);
    let facts = ("s3 begins to serve in epoch 1", "currentEpoch is 1 or more only at [s3]");
    assert_eq!(among(&found, I::InitialHistory), facts);
}

#[test]
fn a_leader_without_what_was_delivered() {
    let mut bench = Bench::new();
    bench.act(Action::Kill(Rc::new([S1])));
    let mut usurper = bench.server(S3).clone();
    bench.act(Action::Kill(Rc::new([S3])));
    usurper.storage.truncate(Zxid::new(1, 2)).expect("it can be read");
    *bench.server(S2) = usurper;
    let checker = &mut bench.world.checker;
    let look = super::Look {
        id: S2,
        at: bench.world.now,
        ensemble: &bench.world.ensemble,
        configs: &Default::default(),
        servers: &bench.world.servers,
        slot: &bench.world.servers[&S2],
    };
    checker.history.check_initial(2, &look, &mut checker.found);
    let found = checker.fresh(0, bench.world.now);
    let facts = ("s2 leads epoch 2 without 0x100000003", "0x100000003 was delivered in epoch 1");
    assert_eq!(only(&found, I::InitialHistory), facts);
}

#[test]
fn a_vote_that_tells_less_than_the_log() {
    let mut bench = Bench::new();
    bench.act(Action::Kill(Rc::new([S1, S3])));
    bench.run(30_000);
    assert_eq!(bench.server(S2).state(), ServerState::Looking);
    assert_eq!(bench.server(S2).phase(), Phase::Election);
    bench.log(S2, &[write(Z4, 1)]);
    let found = bench.look(S2);
    let one = "s2 votes for s2 with epoch 1, zxid 0x100000003";
    let facts = (one, "its own epoch is 1, its log ends with 0x100000004");
    assert_eq!(only(&found, I::InitialHistory), facts);
}

#[test]
fn equal_zxids_of_different_transactions_in_logs() {
    let mut bench = Bench::new();
    write_a(&mut bench);
    let mut other = bench.server(S2).clone();
    other.storage.truncate(Zxid::new(1, 3)).expect("it can be read");
    *bench.server(S2) = other;
    bench.look(S2);
    bench.log(S2, &[write(Z4, 9)]);
    let found = bench.look(S2);
    let (one, other) = only(&found, I::InitialHistory);
    assert!(one.starts_with("s2 logged 0x100000004") && other.starts_with("proposed was"));
}

#[test]
fn another_transaction_in_the_same_place() {
    let mut bench = Bench::new();
    bench.act(Action::Pause(Rc::new([S2])));
    write_a(&mut bench);
    bench.log(S2, &[write(Z4, 1)]);
    bench.apply(S2, &write(Z4, 9));
    let found = bench.look(S2);
    let (one, other) = among(&found, I::PrefixConsistency);
    assert!(one.starts_with("s2 delivers 0x100000004 SetData"), "{one}");
    assert!(other.starts_with("others delivered 0x100000004 SetData"), "{other}");
    let (one, _) = among(&found, I::Determinism);
    assert!(one.starts_with("s2 after 0x100000004: digest"), "{one}");
}

#[test]
fn delivered_but_never_proposed_nor_on_disks() {
    let mut bench = Bench::new();
    bench.apply(S2, &write(Z4, 1));
    let found = bench.look(S2);
    let (one, other) = among(&found, I::Integrity);
    assert!(one.starts_with("s2 delivers 0x100000004"), "{one}");
    assert_eq!(other, "nobody proposed 0x100000004");
    let facts = ("s2 delivers 0x100000004", "it is on the disks of [] only");
    assert_eq!(among(&found, I::Committedness), facts);
    let (one, other) = among(&found, I::Apply);
    assert_eq!(one, "s2 has processed 0x100000004");
    assert_eq!(other, "the last transaction it was given to log is 0x100000003");
}

#[test]
fn on_the_disks_of_less_than_a_quorum() {
    let mut bench = Bench::new();
    bench.log(S2, &[write(Z4, 1)]);
    bench.apply(S2, &write(Z4, 1));
    let found = bench.look(S2);
    let facts = ("s2 delivers 0x100000004", "it is on the disks of [s2] only");
    assert_eq!(among(&found, I::Committedness), facts);
}

#[test]
fn delivered_twice() {
    let mut bench = Bench::new();
    write_a(&mut bench);
    let again = bench.server(S2).db.committed_log().back().cloned().expect("it was written");
    bench.apply(S2, &again);
    let found = bench.look(S2);
    let facts = ("s2 delivers 0x100000004 after 0x100000004", "0x100000004 was delivered before");
    assert_eq!(only(&found, I::Integrity), facts);
}

#[test]
fn one_left_out() {
    let mut bench = Bench::new();
    bench.act(Action::Pause(Rc::new([S2])));
    write_a(&mut bench);
    write_a(&mut bench);
    let last = bench.server(S3).db.committed_log().back().cloned().expect("it was written");
    bench.log(S2, &[write(Z4, 1), last.clone()]);
    bench.apply(S2, &last);
    let found = bench.look(S2);
    let one = "s2 delivers 0x100000005 after 0x100000003";
    assert_eq!(among(&found, I::TotalOrder), (one, "0x100000004 lies between"));
    let before = (one, "0x100000004 was proposed before 0x100000005");
    assert_eq!(among(&found, I::LocalPrimaryOrder), before);
}

#[test]
fn two_ways_to_go_on() {
    let mut bench = Bench::new();
    bench.act(Action::Pause(Rc::new([S2])));
    write_a(&mut bench);
    bench.checker().history.forget(Z4);
    let fork = write(Z5, 5);
    bench.log(S2, std::slice::from_ref(&fork));
    bench.apply(S2, &fork);
    let found = bench.look(S2);
    among(&found, I::Integrity);
    // s3 goes on with 1·4, which s2 has left out.
    let left_out = bench.server(S3).db.committed_log().back().cloned().expect("it was written");
    bench.apply(S3, &left_out);
    let found = bench.look(S3);
    let facts = ("s3 delivers 0x100000004", "others went on with 0x100000005");
    assert_eq!(among(&found, I::TotalOrder), facts);
    let facts =
        ("s3 delivered 0x100000004, not 0x100000005", "s2 delivered 0x100000005, not 0x100000004");
    assert_eq!(among(&found, I::Agreement), facts);
}

#[test]
fn an_older_epoch_after_a_newer_one() {
    let mut bench = Bench::new();
    let (newer, older) = (write(Zxid::new(2, 1), 1), write(Z4, 2));
    bench.apply(S2, &newer);
    bench.look(S2);
    bench.apply(S2, &older);
    let found = bench.look(S2);
    let facts = ("s2 delivers 0x100000004 after 0x200000001", "epoch 1 comes before 2");
    assert_eq!(among(&found, I::GlobalPrimaryOrder), facts);
}

#[test]
fn a_leader_that_has_not_delivered_what_others_have() {
    let mut bench = Bench::new();
    // Epoch 0 is older than the leader's.
    let unknown = write(Zxid::new(0, 7), 1);
    bench.checker().history.insert_delivered(unknown);
    bench.server(S3).storage.files.snapshots.clear();
    write_a(&mut bench);
    let found = bench.violations();
    let facts = ("s3 proposes 0x100000004", "it has not delivered 0x7, others have");
    assert_eq!(among(&found, I::PrimaryIntegrity), facts);
}

#[test]
fn what_a_leader_has_in_a_snapshot_counts_before_others_are_seen_to_deliver_it() {
    let mut bench = Bench::new();
    let all: Rc<[ServerId]> = Rc::new([S1, S2, S3]);
    write_a(&mut bench);
    for _ in 0..2 {
        // The second time s3 has the snapshot it took when it began to lead, and no log.
        bench.act(Action::Kill(all.clone()));
        let files = &mut bench.world.servers.get_mut(&S3).expect("it is a member").files;
        if files.snapshots.contains_key(&Z4) {
            files.logs.clear();
            bench.checker().history.forget(Z4);
        }
        bench.act(Action::Start(all.clone()));
        bench.run(2000);
    }
    assert_eq!(bench.server(S3).db.last_processed(), Zxid::new(3, 0));
    // The others have it in their logs.
    assert_eq!(bench.world.checker.last_delivered(), Z4);
    bench.run(2000);
    write_a(&mut bench);
    assert_eq!(bench.world.checker.last_delivered(), Zxid::new(3, 1));
    assert_eq!(bench.violations(), []);
}

#[test]
fn serving_without_what_was_delivered() {
    let mut bench = Bench::new();
    write_a(&mut bench);
    let mut behind = bench.server(S2).clone();
    behind.storage.truncate(Zxid::new(1, 3)).expect("it can be read");
    let (id, image) = (S2, behind.db.image.clone());
    behind.db.replace(&image);
    *bench.server(id) = behind;
    bench.checker().booted(id);
    bench.checker().applied(id, Z4);
    let found = bench.look(id);
    let one = "s2 serves with everything up to 0x100000004";
    let other = "it does not have 0x100000004, which was delivered";
    assert_eq!(among(&found, I::PrefixConsistency), (one, other));
}

#[test]
fn epochs_that_fall_or_lag_behind_the_log() {
    let mut bench = Bench::new();
    bench.server(S1).storage.files.current_epoch = Some(0);
    let facts = ("s1: acceptedEpoch 1, currentEpoch 0", "its log ends in epoch 1");
    assert_eq!(only(&bench.look(S1), I::Epochs), facts);
    let mut bench = Bench::new();
    bench.server(S1).storage.files.accepted_epoch = Some(5);
    assert_eq!(bench.look(S1), []);
    bench.server(S1).storage.files.accepted_epoch = Some(4);
    let facts = ("s1: acceptedEpoch 4, currentEpoch 1", "before they were 5 and 1");
    assert_eq!(only(&bench.look(S1), I::Epochs), facts);
}

#[test]
fn a_gap_in_a_log() {
    let mut bench = Bench::new();
    bench.log(S1, &[write(Z5, 1)]);
    let facts =
        ("s1 logged 0x100000005 after 0x100000003", "zxids increase, without gaps inside an epoch");
    assert_eq!(only(&bench.look(S1), I::Log), facts);
}

#[test]
fn a_tree_that_goes_back() {
    let mut bench = Bench::new();
    bench.server(S1).db.image.zxid = Zxid::new(1, 2);
    let facts = ("s1 has processed 0x100000002", "it had processed 0x100000003");
    assert_eq!(only(&bench.look(S1), I::Apply), facts);
}

#[test]
fn a_tree_that_differs() {
    let mut bench = Bench::new();
    let image = &mut bench.server(S1).db.image;
    corrupt(image, "/a", |node| node.version = 7);
    bench.checker().booted(S1);
    bench.checker().applied(S1, Zxid::new(1, 3));
    let facts = ("s1 at 0x100000003", "s2 at 0x100000003, another tree or other sessions");
    let found = bench.look(S1);
    assert_eq!(only(&found, I::Determinism), facts);
    assert_eq!(found[0].servers[..], [S1, S2]);
}

#[test]
fn counters_that_do_not_follow_from_the_history() {
    let mut bench = Bench::new();
    for id in [S1, S2, S3] {
        corrupt(&mut bench.server(id).db.image, "/", |node| node.cversion = 9);
    }
    bench.submit(create("/b", CreateMode::Persistent));
    let found = bench.violations();
    let (one, other) = only(&found, I::Tree);
    assert_eq!(one, "/b is created as number 10 of /");
    assert_eq!(other, "2 were created there before");
}

#[test]
fn children_that_were_not_created() {
    let mut bench = Bench::new();
    for id in [S1, S2, S3] {
        corrupt(&mut bench.server(id).db.image, "/", |node| {
            node.children.insert("ghost".into());
        });
    }
    bench.submit(create("/b", CreateMode::Persistent));
    let found = bench.violations();
    let (one, other) = only(&found, I::Tree);
    assert!(one.ends_with(": cversion of / is 1"), "{one}");
    assert_eq!(other, "3 were created there, 4 are left");
}

#[test]
fn a_sequential_name_that_is_not_the_parents_counter() {
    let mut bench = Bench::new();
    let session = bench.session();
    let asked = create("/a/q-", CreateMode::PersistentSequential);
    let cxid = crate::types::Xid(77);
    bench.checker().tree.asked(session, cxid, &asked);
    let body = TxnBody::Create {
        path: "/a/q-0000000004".into(),
        data: None,
        acl: crate::txn::open_acl(),
        owner: Owner::None,
        parent_cversion: 1,
    };
    let mut wrong = (*txn(Z4, body)).clone();
    (wrong.session, wrong.cxid) = (session, cxid);
    bench.apply(S1, &Rc::new(wrong));
    let found = bench.look(S1);
    let facts = ("/a/q- becomes /a/q-0000000004", "/a has counted 0 creates before");
    assert_eq!(among(&found, I::Tree), facts);
}

#[test]
fn an_ephemeral_without_its_session_or_with_a_child() {
    let mut bench = Bench::new();
    let body = |path: &str, owner| TxnBody::Create {
        path: path.into(),
        data: None,
        acl: crate::txn::open_acl(),
        owner,
        parent_cversion: 3,
    };
    bench.apply(S1, &txn(Z4, body("/x", Owner::Session(SessionId(5)))));
    let found = bench.look(S1);
    let facts = ("s1: /x belongs to session 0x5", "there is no session 0x5");
    assert_eq!(among(&found, I::Tree), facts);

    let mut bench = Bench::new();
    let mut below = body("/e/x", Owner::None);
    if let TxnBody::Create { parent_cversion, .. } = &mut below {
        *parent_cversion = 1;
    }
    let session = bench.session();
    bench.apply(S1, &txn(Z4, below));
    let found = bench.look(S1);
    let (one, other) = among(&found, I::Tree);
    assert_eq!(one, format!("s1: /e is an ephemeral of session {session}"));
    assert_eq!(other, "it has a child, x");
}

#[test]
fn a_pzxid_before_the_czxid() {
    let mut bench = Bench::new();
    corrupt(&mut bench.server(S1).db.image, "/a", |node| node.pzxid = Zxid::ZERO);
    bench.apply(S1, &write(Z4, 1));
    let found = bench.look(S1);
    assert_eq!(among(&found, I::Tree), ("s1: pzxid of /a is 0x0", "its czxid is 0x100000002"));
}

#[test]
fn an_ephemeral_that_outlives_its_session() {
    let mut bench = Bench::new();
    let session = bench.session();
    let mut close = (*txn(Z4, TxnBody::CloseSession { paths: Rc::new([]) })).clone();
    close.session = session;
    bench.apply(S1, &Rc::new(close));
    let found = bench.look(S1);
    let (one, other) = among(&found, I::Tree);
    assert_eq!(one, format!("closeSession of {session} removes 0"));
    assert_eq!(other, "/e is its ephemeral, too");
}

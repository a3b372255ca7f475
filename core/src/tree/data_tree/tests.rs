use super::super::testing::*;
use super::*;
use crate::txn::{CreateMode, Op, Stat};
use crate::types::Xid;

#[test]
fn a_fresh_tree_has_four_znodes() {
    let image = empty(Some("server.1=…"));
    let stat = |path| image.node(path).unwrap().stat();
    assert_eq!((stat("/").cversion, stat("/").num_children), (-1, 1));
    assert_eq!((stat("/zookeeper").cversion, stat("/zookeeper").num_children), (-2, 2));
    assert_eq!(stat("/zookeeper/quota"), Stat::default());
    let config = image.node("/zookeeper/config").unwrap();
    assert_eq!((config.version, config.aversion), (-1, -1));
    assert_eq!(config.data.as_deref(), Some("server.1=…".as_bytes()));
    assert_eq!(config.acl[0].perms, Perms::READ);
    assert_eq!(empty(None).node("/zookeeper/config").unwrap().data.as_deref(), Some(&[][..]));
}

#[test]
fn a_create_counts_at_the_parent() {
    let mut rig = Rig::with(&["/p"]);
    let before = rig.node("/p").stat();
    let reply = rig.run(create("/p/c"));
    let zxid = rig.zxid;
    let time = Time::from_ms(zxid.0);
    let stat = Stat {
        czxid: zxid,
        mzxid: zxid,
        pzxid: zxid,
        ctime: time,
        mtime: time,
        data_length: 1,
        ..Stat::default()
    };
    assert_eq!(reply, Ok(Reply::Created { path: "/p/c".into(), stat }));
    let after = Stat { pzxid: zxid, cversion: 1, num_children: 1, ..before };
    assert_eq!(rig.node("/p").stat(), after, "and touches nothing else there");
}

#[test]
fn a_delete_counts_at_the_parent_for_clients_only() {
    let mut rig = Rig::with(&["/p", "/p/c"]);
    let before = rig.node("/p").stat();
    assert_eq!(rig.run(delete("/p/c", -1)), Ok(Reply::Done));
    let after = Stat { pzxid: rig.zxid, cversion: 2, num_children: 0, ..before };
    assert_eq!(rig.node("/p").stat(), after);
    assert_eq!(rig.node("/p").cversion, 1, "the stored one counts creates");
}

#[test]
fn writing_data_counts_even_if_it_is_the_same() {
    let mut rig = Rig::with(&["/p", "/p/c"]);
    let parent = rig.node("/p").stat();
    let before = rig.node("/p/c").stat();
    let reply = rig.run(set_data("/p/c", "x", 0));
    let time = Time::from_ms(rig.zxid.0);
    let after = Stat { mzxid: rig.zxid, mtime: time, version: 1, ..before };
    assert_eq!(reply, Ok(Reply::Stat(after)));
    assert_eq!(rig.node("/p").stat(), parent);
    rig.run(Op::SetData { path: "/p/c".into(), data: None, version: -1 }).unwrap();
    assert_eq!(rig.node("/p/c").stat().data_length, 0, "null");
}

#[test]
fn a_new_acl_counts_and_touches_nothing_else() {
    let mut rig = Rig::with(&["/a"]);
    let before = rig.node("/a").stat();
    let reply = rig.run(set_acl("/a", &all_but(Perms::DELETE), 0));
    assert_eq!(reply, Ok(Reply::Stat(Stat { aversion: 1, ..before })));
    assert_eq!(rig.node("/a").acl[0].perms, Perms(23));
}

#[test]
fn only_ephemerals_show_an_owner() {
    let mut rig = Rig::new();
    rig.settings.are_extended_types_enabled = true;
    for mode in CreateMode::ALL {
        let path = rig.created(create_as(&format!("/{}", mode.name()), mode));
        let owner = if mode.is_ephemeral() { SESSION } else { SessionId(0) };
        assert_eq!(rig.node(&path).stat().ephemeral_owner, owner, "{mode:?}");
    }
    assert_eq!(rig.image.ephemerals[&SESSION].len(), 2);
    rig.run(delete("/EPHEMERAL", -1)).unwrap();
    assert_eq!(rig.image.ephemerals[&SESSION].len(), 1);
    rig.run(delete("/EPHEMERAL_SEQUENTIAL0000000003", -1)).unwrap();
    assert!(rig.image.ephemerals.is_empty(), "no empty sets: images of servers compare");
}

#[test]
fn closing_a_session_is_one_transaction() {
    let mut rig = Rig::with(&["/p"]);
    rig.run(Op::CreateSession { timeout_ms: 4000 }).unwrap();
    assert_eq!(rig.image.sessions[&SESSION], 4000);
    for path in ["/p/b", "/p/a"] {
        rig.run(create_as(path, CreateMode::Ephemeral)).unwrap();
    }
    let txn = rig.prepare(Op::CloseSession);
    let applied = rig.commit(&txn);
    assert_eq!(applied.outcome, Ok(Reply::Done));
    let deleted = |path: &str| Change::Deleted(path.into());
    assert_eq!(applied.changes, [deleted("/p/a"), deleted("/p/b")]);
    assert_eq!(rig.node("/p").pzxid, txn.zxid);
    assert!(rig.image.sessions.is_empty() && rig.image.ephemerals.is_empty());
}

#[test]
fn a_server_also_deletes_what_the_leader_did_not_list() {
    let mut rig = Rig::new();
    rig.run(create_as("/e", CreateMode::Ephemeral)).unwrap();
    let body = TxnBody::CloseSession { paths: ["/gone".into()].into() };
    let applied = apply(&mut rig.image, &txn(9, body));
    assert_eq!(applied.changes, [Change::Deleted("/e".into())]);
    assert!(rig.image.ephemerals.is_empty());
}

#[test]
fn a_multi_answers_one_by_one() {
    let mut rig = Rig::with(&["/a"]);
    let ops = [create("/b"), set_data("/a", "y", 0), check("/a", 1), delete("/b", 0)];
    let txn = rig.prepare(multi(&ops));
    let Applied { outcome, changes } = rig.commit(&txn);
    match outcome {
        Ok(Reply::Multi(results)) => assert!(matches!(
            &*results,
            [Ok(Reply::Created { .. }), Ok(Reply::Stat(_)), Ok(Reply::Done), Ok(Reply::Done)]
        )),
        other => panic!("{other:?}"),
    }
    let expected = [
        Change::Created("/b".into()),
        Change::DataChanged("/a".into()),
        Change::Deleted("/b".into()),
    ];
    assert_eq!(changes, expected);
    assert_eq!(rig.node("/a").mzxid, rig.node("/").pzxid, "one zxid for all");
    assert_eq!(rig.image.zxid, txn.zxid);
}

#[test]
fn errors_change_nothing_but_the_zxid() {
    let mut image = empty(None);
    let before = image.clone();
    let refused = apply(&mut image, &txn(5, TxnBody::Error(KeeperError::NoNode)));
    assert_eq!(refused, Applied { outcome: Err(KeeperError::NoNode), changes: Vec::new() });
    let errors = [None, Some(KeeperError::BadVersion), Some(KeeperError::RuntimeInconsistency)];
    let refused = apply(&mut image, &txn(6, TxnBody::MultiError(errors.into())));
    let results =
        [Ok(Reply::Done), Err(KeeperError::BadVersion), Err(KeeperError::RuntimeInconsistency)];
    assert_eq!(refused.outcome, Ok(Reply::Multi(results.into())));
    assert_eq!(image, Image { zxid: Zxid(6), ..before });
}

#[test]
fn a_reconfiguration_rewrites_the_config_znode() {
    let mut image = empty(Some("old"));
    let applied = apply(&mut image, &txn(7, TxnBody::Reconfig { config: "new".into() }));
    let stat = image.node(CONFIG).unwrap().stat();
    assert_eq!(applied.outcome, Ok(Reply::Config { config: "new".into(), stat }));
    assert_eq!(applied.changes, [Change::DataChanged("/zookeeper/config".into())]);
    let config = image.node("/zookeeper/config").unwrap();
    assert_eq!((config.version, config.mzxid), (-1, Zxid(7)));
}

#[test]
fn replay_corrects_the_parent_of_a_znode_that_is_there() {
    let mut rig = Rig::with(&["/p", "/p/c", "/p/d"]);
    let body = |owner, parent_cversion| TxnBody::Create {
        path: "/p/c".into(),
        data: None,
        acl: open_acl(),
        owner,
        parent_cversion,
    };
    let older = apply(&mut rig.image, &txn(7, body(Owner::None, 1)));
    assert_eq!(older.outcome, Err(KeeperError::NodeExists));
    assert_eq!((rig.node("/p").cversion, rig.node("/p").pzxid), (2, Zxid(3)), "never goes back");
    // In 3.8 what is no plain create corrects nothing.
    for owner in [Owner::Container, Owner::Ttl(1000)] {
        let newer = apply(&mut rig.image, &txn(7, body(owner, 4)));
        assert_eq!(newer.outcome, Err(KeeperError::NodeExists));
        assert_eq!(rig.node("/p").cversion, 2);
    }
    let newer = apply(&mut rig.image, &txn(8, body(Owner::Session(SessionId(5)), 4)));
    assert_eq!(newer, Applied { outcome: Err(KeeperError::NodeExists), changes: Vec::new() });
    assert_eq!((rig.node("/p").cversion, rig.node("/p").pzxid), (4, Zxid(8)));
    assert_eq!(rig.node("/p/c").czxid, Zxid(2));
}

#[test]
fn replay_corrects_the_parent_of_a_znode_that_is_gone() {
    let mut rig = Rig::with(&["/p"]);
    let delete = TxnBody::Delete { path: "/p/c".into() };
    let gone = apply(&mut rig.image, &txn(9, delete.clone()));
    assert_eq!(gone, Applied { outcome: Err(KeeperError::NoNode), changes: Vec::new() });
    assert_eq!(rig.node("/p").pzxid, Zxid(9));
    apply(&mut rig.image, &txn(3, delete));
    assert_eq!(rig.node("/p").pzxid, Zxid(9), "never goes back");
    assert_eq!(rig.image.zxid, Zxid(9));
}

/// Whatever part of a history a snapshot holds already, replaying it from any earlier point ends in
/// the same tree.
#[test]
fn replay_is_idempotent() {
    let mut rig = Rig::new();
    let ephemeral = |path| create_as(path, CreateMode::Ephemeral);
    let sequential = |path| create_as(path, CreateMode::PersistentSequential);
    let history: Vec<Op> = vec![
        Op::CreateSession { timeout_ms: 4000 },
        create("/a"),
        create("/a/b"),
        sequential("/a/s"),
        ephemeral("/a/e"),
        set_data("/a", "1", -1),
        delete("/a/b", -1),
        delete("/a/s0000000001", -1),
        delete("/a/e", -1),
        delete("/a", -1),
        create("/a"),
        multi(&[create("/a/b"), set_data("/a/b", "2", 0), create("/c"), check("/c", 0)]),
        create("/a/b/deep"),
        sequential("/a/s"),
        set_acl("/a", &all_but(Perms::DELETE), -1),
        create("/a/b"),
        ephemeral("/a/e"),
        multi(&[delete("/c", -1), create("/a")]),
        Op::CloseSession,
        Op::CreateSession { timeout_ms: 6000 },
        ephemeral("/a/e"),
        set_data("/a/b", "3", -1),
    ];
    let mut txns = Vec::new();
    let mut snapshots = vec![rig.image.clone()];
    for op in history {
        let txn = rig.prepare(op);
        rig.commit(&txn);
        txns.push(txn);
        snapshots.push(rig.image.clone());
    }
    for (held, snapshot) in snapshots.iter().enumerate() {
        for named in 0..=held {
            let mut image = Image { zxid: snapshots[named].zxid, ..snapshot.clone() };
            for txn in &txns[named..] {
                apply(&mut image, txn);
            }
            assert_eq!(image, rig.image, "holds {held}, named after {named}");
        }
    }
}

#[test]
fn what_does_not_change_stays_shared() {
    let mut rig = Rig::with(&["/a", "/a/b", "/c"]);
    let before = rig.image.clone();
    rig.run(set_data("/a", "y", -1)).unwrap();
    let is_shared =
        |path| Rc::ptr_eq(rig.image.nodes.get(path).unwrap(), before.nodes.get(path).unwrap());
    assert!(is_shared("/") && is_shared("/a/b") && is_shared("/c"));
    assert!(!is_shared("/a"));
    assert!(Rc::ptr_eq(&rig.image.sessions, &before.sessions));
    assert!(Rc::ptr_eq(&rig.image.ephemerals, &before.ephemerals));
}

fn txn(zxid: u64, body: TxnBody) -> Txn {
    Txn { zxid: Zxid(zxid), session: SESSION, cxid: Xid(1), time: Time::from_ms(zxid), body }
}

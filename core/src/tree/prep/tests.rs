use super::super::testing::*;
use super::*;
use KeeperError as E;

/// Each row mends the first thing that is wrong with the row before.
#[test]
fn create_checks_in_order() {
    let mut rig = Rig::with(&["/a", "/a/old", "/q"]);
    rig.run(create_as("/e", CreateMode::Ephemeral)).unwrap();
    rig.run(create_with("/zookeeper/quota/q", "", &open())).unwrap();
    let limits = "count=-1,bytes=-1=;countHardLimit=1";
    rig.run(create_with("/zookeeper/quota/q/zookeeper_limits", limits, &open())).unwrap();
    rig.run(create_with("/zookeeper/quota/q/zookeeper_stats", "", &open())).unwrap();
    rig.settings.is_quota_enforced = true;
    rig.run(set_acl("/a", &all_but(Perms::CREATE), -1)).unwrap();
    let ttl = CreateMode::PersistentWithTtl;
    let op = |path: &str, mode, ttl_ms, acl: &[Acl]| Op::Create {
        path: path.into(),
        data: None,
        acl: acl.into(),
        mode,
        ttl_ms,
    };

    assert_eq!(rig.refusal(op("x", ttl, 0, &[])), Some(E::Unimplemented));
    rig.settings.are_extended_types_enabled = true;
    assert_eq!(rig.refusal(op("x", ttl, 0, &[])), Some(E::BadArguments), "ttl");
    assert_eq!(rig.refusal(op("x", ttl, 1, &[])), Some(E::BadArguments), "no slash");
    assert_eq!(rig.refusal(op("/n/\0", ttl, 1, &[])), Some(E::BadArguments), "null character");
    assert_eq!(rig.refusal(op("/n/..", ttl, 1, &[])), Some(E::InvalidAcl));
    assert_eq!(rig.refusal(op("/n/..", ttl, 1, &open())), Some(E::NoNode), "parent");
    assert_eq!(rig.refusal(op("/a/..", ttl, 1, &open())), Some(E::NoAuth));
    assert_eq!(rig.refusal(op("/a/old", ttl, 1, &open())), Some(E::NoAuth));
    assert_eq!(rig.refusal(op("/e/..", ttl, 1, &open())), Some(E::BadArguments), "whole path");
    assert_eq!(rig.refusal(op("/q", ttl, 1, &open())), Some(E::NodeExists));
    assert_eq!(rig.refusal(op("/e/n", ttl, 1, &open())), Some(E::NoChildrenForEphemerals));
    assert_eq!(rig.refusal(op("/q/n", ttl, 1, &open())), Some(E::QuotaExceeded));
    assert_eq!(rig.refusal(op("/n", ttl, 1, &open())), None);
    assert_eq!(rig.refusal(op("/", ttl, 1, &open())), Some(E::NodeExists), "the root");
}

#[test]
fn delete_checks_in_order() {
    let mut rig = Rig::with(&["/locked", "/locked/a", "/p", "/p/a"]);
    rig.run(set_acl("/locked", &all_but(Perms::DELETE), -1)).unwrap();
    for special in ["/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"] {
        assert_eq!(rig.refusal(delete(special, 9)), Some(E::BadArguments), "{special}");
    }
    assert_eq!(rig.refusal(delete("x", -1)), Some(E::BadArguments));
    assert_eq!(rig.refusal(delete("/n/a", 9)), Some(E::NoNode), "parent");
    assert_eq!(rig.refusal(delete("/locked/n", 9)), Some(E::NoAuth), "before the znode itself");
    assert_eq!(rig.refusal(delete("/n", 9)), Some(E::NoNode));
    assert_eq!(rig.refusal(delete("/p", 9)), Some(E::BadVersion));
    assert_eq!(rig.refusal(delete("/p", 0)), Some(E::NotEmpty));
    assert_eq!(rig.refusal(delete("/p/a", 0)), None);
    assert_eq!(rig.refusal(delete("/p", -1)), None, "its child is about to go");
    assert_eq!(rig.refusal(delete("/locked", -1)), Some(E::NotEmpty), "asks the root, not it");
}

#[test]
fn set_data_checks_in_order() {
    let mut rig = Rig::with(&["/locked", "/q", "/zookeeper/quota/q"]);
    rig.run(set_acl("/locked", &all_but(Perms::WRITE), -1)).unwrap();
    let limits = "count=-1,bytes=-1=;byteHardLimit=3";
    rig.run(create_with("/zookeeper/quota/q/zookeeper_limits", limits, &open())).unwrap();
    rig.run(create_with("/zookeeper/quota/q/zookeeper_stats", "", &open())).unwrap();
    rig.settings.is_quota_enforced = true;
    assert_eq!(rig.refusal(set_data("/n/", "", 9)), Some(E::BadArguments));
    assert_eq!(rig.refusal(set_data("/n", "", 9)), Some(E::NoNode));
    assert_eq!(rig.refusal(set_data("/locked", "", 9)), Some(E::NoAuth));
    assert_eq!(rig.refusal(set_data("/q", "1234", 9)), Some(E::QuotaExceeded));
    assert_eq!(rig.refusal(set_data("/q", "123", 9)), Some(E::BadVersion));
    assert_eq!(rig.refusal(set_data("/q", "123", 0)), None);
    assert_eq!(rig.refusal(set_data("/", "root", 0)), None);
}

#[test]
fn set_acl_and_check_check_in_order() {
    let mut rig = Rig::with(&["/locked", "/a"]);
    let nothing = all_but(Perms(Perms::ADMIN.0 | Perms::READ.0));
    rig.run(set_acl("/locked", &nothing, -1)).unwrap();
    assert_eq!(rig.refusal(set_acl("n", &[], 9)), Some(E::BadArguments));
    assert_eq!(rig.refusal(set_acl("/n", &[], 9)), Some(E::InvalidAcl));
    assert_eq!(rig.refusal(set_acl("/n", &open(), 9)), Some(E::NoNode));
    assert_eq!(rig.refusal(set_acl("/locked", &open(), 9)), Some(E::NoAuth));
    assert_eq!(rig.refusal(set_acl("/a", &open(), 9)), Some(E::BadVersion));
    assert_eq!(rig.refusal(set_acl("/a", &open(), 0)), None);

    assert_eq!(rig.refusal(check("n", 9)), Some(E::BadArguments));
    assert_eq!(rig.refusal(check("/n", 9)), Some(E::NoNode));
    assert_eq!(rig.refusal(check("/locked", 9)), Some(E::NoAuth));
    assert_eq!(rig.refusal(check("/a", 9)), Some(E::BadVersion));
    assert_eq!(rig.refusal(check("/a", 0)), None);
    assert_eq!(rig.refusal(check("/a", -1)), None);
}

#[test]
fn the_time_to_live_has_bounds() {
    let mut rig = Rig::new();
    rig.settings.are_extended_types_enabled = true;
    let mut owner = |ttl_ms| {
        let (acl, mode) = (open().into(), CreateMode::PersistentSequentialWithTtl);
        match rig.prepare(Op::Create { path: "/t".into(), data: None, acl, mode, ttl_ms }).body {
            TxnBody::Create { owner, .. } => Ok(owner),
            TxnBody::Error(error) => Err(error),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(owner(-1), Err(E::BadArguments));
    assert_eq!(owner(0), Err(E::BadArguments));
    assert_eq!(owner(1), Ok(Owner::Ttl(1)));
    assert_eq!(owner(0xff_ffff_ffff), Ok(Owner::Ttl(0xff_ffff_ffff)));
    assert_eq!(owner(0x100_0000_0000), Err(E::BadArguments));
}

#[test]
fn a_suffix_counts_creates_and_nothing_else() {
    let mut rig = Rig::with(&["/q"]);
    let sequential = |path| create_as(path, CreateMode::PersistentSequential);
    assert_eq!(rig.created(sequential("/q/")), "/q/0000000000");
    assert_eq!(rig.created(create("/q/plain")), "/q/plain");
    assert_eq!(rig.created(sequential("/q/n-")), "/q/n-0000000002", "a plain create counts");
    rig.run(delete("/q/plain", -1)).unwrap();
    rig.run(set_data("/q", "y", -1)).unwrap();
    assert_eq!(rig.run(create("/q/n-0000000002")), Err(E::NodeExists));
    assert_eq!(rig.created(sequential("/q/n-")), "/q/n-0000000003", "nothing else does");
    assert_eq!(rig.created(sequential("/")), "/0000000001", "/q was the root's first");
}

#[test]
fn a_suffix_wraps_like_a_java_int() {
    let mut rig = Rig::with(&["/q"]);
    let nodes = Rc::make_mut(&mut rig.image.nodes);
    Rc::make_mut(nodes.get_mut("/q").unwrap()).cversion = i32::MAX;
    let mut suffix = || match rig.prepare(create_as("/q/", CreateMode::EphemeralSequential)).body {
        TxnBody::Create { path, .. } => path.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(suffix(), "/q/2147483647");
    assert_eq!(suffix(), "/q/-2147483648");
    assert_eq!(suffix(), "/q/-2147483647");
}

#[test]
fn requests_see_those_before_them() {
    let mut rig = Rig::new();
    let txns = [
        rig.prepare(create("/a")),
        rig.prepare(create_as("/a/s", CreateMode::PersistentSequential)),
        rig.prepare(create_as("/a/s", CreateMode::PersistentSequential)),
        rig.prepare(set_data("/a", "y", 0)),
        rig.prepare(set_data("/a", "z", 1)),
        rig.prepare(delete("/a/s0000000000", -1)),
    ];
    assert!(txns.iter().all(|txn| !matches!(txn.body, TxnBody::Error(_))), "{txns:?}");
    assert_eq!(rig.refusal(create("/a/s0000000001")), Some(E::NodeExists));
    assert_eq!(rig.refusal(delete("/a/s0000000000", -1)), Some(E::NoNode));
    assert_eq!(rig.refusal(delete("/a", -1)), Some(E::NotEmpty));
    assert!(rig.image.node("/a").is_none(), "nothing is applied yet");
    assert_eq!(rig.prep.outstanding(), 2 + 2 + 2 + 1 + 1 + 2);

    rig.commit(&txns[0]);
    assert_eq!(rig.prep.outstanding(), 2 + 2 + 1 + 1 + 2);
    assert_eq!(rig.refusal(set_data("/a", "", 0)), Some(E::BadVersion), "later records stay");
    for txn in &txns[1..] {
        rig.commit(txn).outcome.unwrap();
    }
    assert_eq!(rig.prep.outstanding(), 0);
    assert_eq!(rig.node("/a").version, 2);
}

#[test]
fn a_new_leader_has_promised_nothing() {
    let mut rig = Rig::new();
    rig.prepare(create("/a"));
    assert_eq!(rig.refusal(create("/a")), Some(E::NodeExists));
    rig.prep.clear();
    assert_eq!(rig.prep.outstanding(), 0);
    assert_eq!(rig.refusal(create("/a")), None);
}

#[test]
fn operations_of_a_multi_see_those_before_them() {
    let mut rig = Rig::with(&["/a"]);
    let ops = [
        create("/a/b"),
        set_data("/a/b", "y", 0),
        check("/a/b", 1),
        delete("/a/b", 1),
        create_as("/a/b", CreateMode::PersistentSequential),
    ];
    match rig.prepare(multi(&ops)).body {
        TxnBody::Multi(bodies) => assert!(matches!(
            &*bodies,
            [
                TxnBody::Create { parent_cversion: 1, .. },
                TxnBody::SetData { version: 1, .. },
                TxnBody::Check { .. },
                TxnBody::Delete { .. },
                TxnBody::Create { path, parent_cversion: 2, .. },
            ] if &**path == "/a/b0000000001"
        )),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_failed_multi_leaves_no_trace() {
    let mut rig = Rig::with(&["/a"]);
    let pending = rig.prepare(set_data("/a", "pending", 0));
    let before = rig.prep.outstanding();
    let ops = [
        set_data("/a", "y", 1),
        create_as("/a/s", CreateMode::PersistentSequential),
        check("/a", 7),
        create("/a/b"),
    ];
    let txn = rig.prepare(multi(&ops));
    let inconsistent = Some(E::RuntimeInconsistency);
    let expected = [None, None, Some(E::BadVersion), inconsistent];
    assert_eq!(txn.body, TxnBody::MultiError(expected.into()));
    assert_eq!(rig.prep.outstanding(), before);

    // What was pending before still is, and no name was used up.
    assert_eq!(rig.refusal(set_data("/a", "", 0)), Some(E::BadVersion));
    match rig.prepare(create_as("/a/s", CreateMode::PersistentSequential)).body {
        TxnBody::Create { path, .. } => assert_eq!(&*path, "/a/s0000000000"),
        other => panic!("{other:?}"),
    }
    rig.commit(&pending);
    let applied = rig.commit(&txn);
    assert!(applied.changes.is_empty());
    assert_eq!(rig.image.zxid, txn.zxid, "it has burnt a zxid");
}

#[test]
fn a_session_error_in_a_multi_is_one_error_per_operation() {
    let mut rig = Rig::with(&["/a"]);
    let lost = Err(E::SessionExpired);
    rig.check = SessionCheck { any: lost, global: lost };
    let txn = rig.prepare(multi(&[set_data("/a", "y", 9), create("/b"), check("/a", 0)]));
    let inconsistent = Some(E::RuntimeInconsistency);
    let expected = [Some(E::SessionExpired), inconsistent, inconsistent];
    assert_eq!(txn.body, TxnBody::MultiError(expected.into()), "before versions are looked at");
    assert_eq!(rig.prepare(multi(&[])).body, TxnBody::Multi([].into()), "nothing asks for it");
}

#[test]
fn a_time_to_live_is_checked_before_the_session() {
    let mut rig = Rig::new();
    let lost = Err(E::SessionExpired);
    rig.check = SessionCheck { any: lost, global: lost };
    let ttl = create_as("/t", CreateMode::PersistentWithTtl);
    assert_eq!(rig.refusal(ttl.clone()), Some(E::Unimplemented));
    rig.settings.are_extended_types_enabled = true;
    assert_eq!(rig.refusal(ttl), Some(E::SessionExpired));
}

#[test]
fn another_servers_local_session_may_write_and_own_nothing() {
    let mut rig = Rig::new();
    rig.check = SessionCheck { any: Ok(()), global: Err(E::SessionExpired) };
    assert_eq!(rig.refusal(create("/a")), None);
    assert_eq!(rig.refusal(create_as("/e", CreateMode::Ephemeral)), Some(E::SessionExpired));
}

#[test]
fn a_soft_quota_only_warns() {
    let mut rig = Rig::with(&["/q"]);
    rig.run(create("/zookeeper/quota/q")).unwrap();
    rig.run(create("/zookeeper/quota/q/zookeeper_limits")).unwrap();
    rig.run(set_data("/zookeeper/quota/q/zookeeper_limits", "count=1,bytes=-1", -1)).unwrap();
    rig.run(create("/zookeeper/quota/q/zookeeper_stats")).unwrap();
    assert_eq!(rig.refusal(create("/q/a")), None);
    assert!(rig.prep.warnings().is_empty(), "without enforceQuota nobody looks");
    rig.settings.is_quota_enforced = true;
    assert_eq!(rig.refusal(create("/q/b")), None);
    assert!(matches!(rig.prep.warnings(), [excess] if excess.limit == 1 && !excess.is_hard));
    assert_eq!(rig.refusal(set_data("/q", "", -1)), None);
    assert!(rig.prep.warnings().is_empty(), "of the last request only");
}

#[test]
fn a_multi_takes_four_operations_only() {
    let mut rig = Rig::with(&["/a"]);
    assert_eq!(rig.prepare(multi(&[])).body, TxnBody::Multi([].into()), "empty is fine");
    for op in [set_acl("/a", &open(), -1), Op::CloseSession, multi(&[]), Op::WhoAmI] {
        assert_eq!(rig.refusal(multi(&[create("/b"), op])), Some(E::MarshallingError));
    }
    assert_eq!(rig.prep.outstanding(), 0);
}

#[test]
fn closing_takes_what_the_session_will_own() {
    let ephemeral = |path| create_as(path, CreateMode::Ephemeral);
    let mut rig = Rig::with(&["/p"]);
    rig.run(ephemeral("/p/kept")).unwrap();
    rig.run(ephemeral("/p/deleted")).unwrap();
    rig.session = SessionId(0x200);
    rig.run(ephemeral("/theirs")).unwrap();
    rig.session = SESSION;
    let pending = [
        rig.prepare(delete("/p/deleted", -1)),
        rig.prepare(ephemeral("/p/pending")),
        rig.prepare(ephemeral("/p/passing")),
        rig.prepare(delete("/p/passing", -1)),
        rig.prepare(create("/p/persistent")),
    ];
    let close = rig.prepare(Op::CloseSession);
    let paths: Rc<[Path]> = Rc::new(["/p/kept".into(), "/p/pending".into()]);
    assert_eq!(close.body, TxnBody::CloseSession { paths });
    assert_eq!(rig.refusal(set_data("/p/kept", "", -1)), Some(E::NoNode), "already gone");
    for txn in pending.iter().chain([&close]) {
        rig.commit(txn).outcome.unwrap();
    }
    assert_eq!(rig.node("/p").children.len(), 1);
    assert!(rig.image.node("/theirs").is_some());
    assert!(rig.image.ephemerals.keys().eq([&SessionId(0x200)]));
}

#[test]
fn a_container_is_checked_again() {
    let mut rig = Rig::with(&["/p"]);
    rig.run(create_as("/c", CreateMode::Container)).unwrap();
    rig.run(create_as("/e", CreateMode::Ephemeral)).unwrap();
    let remove = |path: &str| Op::DeleteContainer { path: path.into() };
    assert_eq!(rig.refusal(remove("/e")), Some(E::BadVersion));
    assert_eq!(rig.refusal(remove("/n")), Some(E::NoNode));
    assert_eq!(rig.refusal(remove("/zookeeper")), Some(E::BadArguments));
    rig.prepare(create("/c/late"));
    assert_eq!(rig.refusal(remove("/c")), Some(E::NotEmpty));
    rig.prepare(delete("/c/late", -1));
    assert_eq!(rig.prepare(remove("/c")).body, TxnBody::DeleteContainer { path: "/c".into() });
    assert_eq!(rig.refusal(create("/c/later")), Some(E::NoNode));
}

#[test]
fn containers_may_have_children_and_ephemerals_may_not() {
    let mut rig = Rig::new();
    rig.settings.are_extended_types_enabled = true;
    for mode in CreateMode::ALL {
        let path = rig.created(create_as(&format!("/{}", mode.name()), mode));
        let expected = mode.is_ephemeral().then_some(E::NoChildrenForEphemerals);
        assert_eq!(rig.refusal(create(&format!("{path}/child"))), expected, "{mode:?}");
    }
}

#[test]
fn quotas_bind_if_hard_and_enforced_and_applied() {
    let mut rig = Rig::with(&["/q", "/zookeeper/quota/q"]);
    let limits = "count=1,bytes=1=;countHardLimit=2";
    rig.run(create_with("/zookeeper/quota/q/zookeeper_limits", limits, &open())).unwrap();
    rig.run(create_with("/zookeeper/quota/q/zookeeper_stats", "", &open())).unwrap();
    rig.settings.is_quota_enforced = true;
    // Nothing in flight is counted: the burst overshoots.
    let burst = [rig.prepare(create("/q/1")), rig.prepare(create("/q/2"))];
    for txn in &burst {
        rig.commit(txn).outcome.unwrap();
    }
    assert_eq!(rig.refusal(create("/q/3")), Some(E::QuotaExceeded));
    assert_eq!(rig.refusal(set_data("/q", "soft", -1)), None, "bytes have a soft limit only");
    rig.settings.is_quota_enforced = false;
    assert_eq!(rig.refusal(create("/q/3")), None);
}

#[test]
fn other_requests_are_not_for_prep() {
    let mut rig = Rig::new();
    assert_eq!(rig.refusal(Op::Reconfig(Rc::default())), Some(E::Unimplemented));
    assert_eq!(rig.refusal(Op::WhoAmI), Some(E::Unimplemented));
    let begin = rig.prepare(Op::CreateSession { timeout_ms: 4000 });
    assert_eq!(begin.body, TxnBody::CreateSession { timeout_ms: 4000 });
}

fn open() -> Vec<Acl> {
    all_but(Perms(0))
}

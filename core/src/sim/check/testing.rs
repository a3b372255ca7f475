//! An ensemble that serves, to be broken.

use super::{Checker, Invariant, Violation};
use crate::client::session::Library;
use crate::config::{Config, Ensemble};
use crate::server::{Moment, Server};
use crate::sim::action::Action;
use crate::sim::trace::Trace;
use crate::sim::world::{Delays, World};
use crate::txn::{CreateMode, Op, Txn, TxnBody, open_acl};
use crate::types::{ClientId, ServerId, SessionId, Time, Xid, Zxid};
use std::rc::Rc;

/// The first server.
pub const S1: ServerId = ServerId(1);
/// The second.
pub const S2: ServerId = ServerId(2);
/// The third, which leads.
pub const S3: ServerId = ServerId(3);

/// Three servers, of which s3 leads epoch 1 and s1 has a client; `/a` and an ephemeral `/e` are
/// there, at 1·2 and 1·3.
pub struct Bench {
    /// With its checker.
    pub world: World,
    trace: Trace,
}

impl Bench {
    /// Nothing is broken.
    pub fn new() -> Bench {
        let (ensemble, config) = (Ensemble::new(3, 0), Config::default());
        let world = World::new(ensemble, config, Delays::default(), 1);
        let mut bench = Bench { world, trace: Trace::default() };
        bench.act(Action::Start(Rc::new([S1, S2, S3])));
        bench.run(2000);
        bench.act(Action::Connect {
            name: "c1".into(),
            servers: Rc::new([S1]),
            timeout_ms: 10_000,
            can_be_read_only: false,
            library: Library::Java,
        });
        bench.run(100);
        bench.submit(create("/a", CreateMode::Persistent));
        bench.submit(create("/e", CreateMode::Ephemeral));
        let leader = bench.server(S3);
        assert!(leader.as_leader().is_some() && leader.is_serving(), "s3 leads");
        assert_eq!(bench.world.checker.last_delivered(), Zxid::new(1, 3));
        assert_eq!(bench.violations(), []);
        bench
    }

    /// Does something and lets it sink in.
    pub fn act(&mut self, action: Action) {
        self.world.act(&action, &mut self.trace);
    }

    /// Lets that many milliseconds pass.
    pub fn run(&mut self, ms: u64) {
        let end = self.world.now.plus_ms(ms);
        self.world.run_until(end, &mut self.trace);
    }

    /// The client asks and is answered.
    pub fn submit(&mut self, op: Op) {
        self.act(Action::Submit { client: ClientId(1), op, line: None });
        self.run(100);
    }

    /// A running server.
    pub fn server(&mut self, id: ServerId) -> &mut Server {
        let slot = self.world.servers.get_mut(&id).expect("it is a member");
        slot.process.as_mut().expect("it runs")
    }

    /// The session of the client.
    pub fn session(&self) -> SessionId {
        self.world.clients[&ClientId(1)].process.session()
    }

    /// Lets the checkers look at a server as it is now, and returns what is broken.
    pub fn look(&mut self, id: ServerId) -> Vec<Violation> {
        let World { checker, ensemble, servers, now, .. } = &mut self.world;
        checker.look(id, 9, *now, ensemble, servers)
    }

    /// What is broken.
    pub fn violations(&self) -> Vec<Violation> {
        self.world.checker.violations().cloned().collect()
    }

    /// Puts a transaction into a server's tree and committed log, as if it had been committed.
    pub fn apply(&mut self, id: ServerId, txn: &Rc<Txn>) {
        let database = &mut self.server(id).db;
        crate::tree::data_tree::apply(&mut database.image, txn);
        database.add_committed(txn.clone());
        self.world.checker.applied(id, txn.zxid);
    }

    /// Lets the leader propose.
    pub fn propose(&mut self, id: ServerId, txn: &Rc<Txn>) {
        let mut next_conn = 0;
        let (now, disk_error) = (self.world.now, None);
        let mut moment = Moment { now, next_conn: &mut next_conn, disk_error };
        let input = crate::zab::leader::Input::Propose(txn.clone());
        self.server(id).leader_step(input, &mut moment, &mut Vec::new());
    }

    /// Puts transactions on a disk.
    pub fn log(&mut self, id: ServerId, txns: &[Rc<Txn>]) {
        let storage = &mut self.server(id).storage;
        storage.append(txns.into());
        while storage.complete(true, &|_, _| {}).is_some() {}
    }

    /// The checker.
    pub fn checker(&mut self) -> &mut Checker {
        &mut self.world.checker
    }
}

/// A transaction of nobody.
pub fn txn(zxid: Zxid, body: TxnBody) -> Rc<Txn> {
    Rc::new(Txn { zxid, session: SessionId(0), cxid: Xid(0), time: Time::ZERO, body })
}

/// One that writes to `/a`.
pub fn write(zxid: Zxid, version: i32) -> Rc<Txn> {
    let data: Rc<[u8]> = Rc::new([version as u8]);
    txn(zxid, TxnBody::SetData { path: "/a".into(), data: Some(data), version })
}

/// A client's request for a znode.
pub fn create(path: &str, mode: CreateMode) -> Op {
    Op::Create { path: path.into(), data: None, acl: open_acl(), mode, ttl_ms: -1 }
}

/// The one violation of an invariant among those found.
#[track_caller]
pub fn only(found: &[Violation], invariant: Invariant) -> (&str, &str) {
    let [violation] = found else { panic!("exactly one, not {found:#?}") };
    assert_eq!(violation.invariant, invariant);
    (&violation.one, &violation.other)
}

/// The violation of an invariant, among others that follow from it.
#[track_caller]
pub fn among(found: &[Violation], invariant: Invariant) -> (&str, &str) {
    let violation = found.iter().find(|violation| violation.invariant == invariant);
    let violation = violation.unwrap_or_else(|| panic!("{invariant:?} is not in {found:#?}"));
    (&violation.one, &violation.other)
}

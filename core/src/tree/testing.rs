//! A leader and a server in one, for the tests of this folder.

use super::data_tree::{Applied, apply, empty};
use super::prep::{Prep, SessionCheck, Settings};
use crate::error::KeeperError;
use crate::image::{DataNode, Image};
use crate::txn::{
    Acl, AuthInfo, Bytes, CreateMode, Op, Perms, Reply, Request, Txn, TxnBody, open_acl,
};
use crate::types::{SessionId, Time, Xid, Zxid};
use std::rc::Rc;

/// The session that requests come from unless a test says otherwise.
pub const SESSION: SessionId = SessionId(0x100);

pub struct Rig {
    pub image: Image,
    pub prep: Prep,
    pub settings: Settings,
    pub session: SessionId,
    /// What the session tracker says.
    pub check: SessionCheck,
    pub auth: Vec<AuthInfo>,
    /// Of the last transaction. It is also the leader's clock, in milliseconds.
    pub zxid: Zxid,
}

impl Rig {
    pub fn new() -> Rig {
        Rig {
            image: empty(None),
            prep: Prep::default(),
            settings: Settings::default(),
            session: SESSION,
            check: SessionCheck::PASSED,
            auth: Vec::new(),
            zxid: Zxid::ZERO,
        }
    }

    /// A tree with these znodes, created in this order.
    pub fn with(paths: &[&str]) -> Rig {
        let mut rig = Rig::new();
        for path in paths {
            rig.run(create(path)).unwrap();
        }
        rig
    }

    /// Decides, and applies nothing.
    pub fn prepare(&mut self, op: Op) -> Txn {
        self.zxid = self.zxid.next();
        let (zxid, session, cxid) = (self.zxid, self.session, Xid(1));
        let time = Time::from_ms(zxid.0);
        let request = Request { session, cxid, op, auth: self.auth.clone().into() };
        let body = self.prep.prepare(&self.image, &request, self.check, zxid, time, &self.settings);
        Txn { zxid, session, cxid, time, body }
    }

    /// What the leader makes of it: an error, or nothing to complain about.
    pub fn refusal(&mut self, op: Op) -> Option<KeeperError> {
        match self.prepare(op).body {
            TxnBody::Error(error) => Some(error),
            body => {
                assert!(!matches!(body, TxnBody::MultiError(_)), "look at the body instead");
                None
            }
        }
    }

    pub fn commit(&mut self, txn: &Txn) -> Applied {
        let applied = apply(&mut self.image, txn);
        self.prep.applied(txn.zxid);
        applied
    }

    pub fn run(&mut self, op: Op) -> Result<Reply, KeeperError> {
        let txn = self.prepare(op);
        self.commit(&txn).outcome
    }

    /// Runs a create and says under which name.
    pub fn created(&mut self, op: Op) -> String {
        match self.run(op) {
            Ok(Reply::Created { path, .. }) => path.to_string(),
            other => panic!("not created: {other:?}"),
        }
    }

    pub fn node(&self, path: &str) -> &DataNode {
        self.image.node(path).unwrap()
    }

    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.node(path).data.as_ref().unwrap().to_vec()).unwrap()
    }
}

pub fn bytes(text: &str) -> Option<Bytes> {
    Some(text.as_bytes().into())
}

pub fn create(path: &str) -> Op {
    create_as(path, CreateMode::Persistent)
}

pub fn create_as(path: &str, mode: CreateMode) -> Op {
    Op::Create { path: path.into(), data: bytes("x"), acl: open_acl(), mode, ttl_ms: 1000 }
}

pub fn create_with(path: &str, data: &str, acl: &[Acl]) -> Op {
    let mode = CreateMode::Persistent;
    Op::Create { path: path.into(), data: bytes(data), acl: acl.into(), mode, ttl_ms: -1 }
}

pub fn delete(path: &str, version: i32) -> Op {
    Op::Delete { path: path.into(), version }
}

pub fn set_data(path: &str, data: &str, version: i32) -> Op {
    Op::SetData { path: path.into(), data: bytes(data), version }
}

pub fn set_acl(path: &str, acl: &[Acl], version: i32) -> Op {
    Op::SetAcl { path: path.into(), acl: acl.into(), version }
}

pub fn check(path: &str, version: i32) -> Op {
    Op::Check { path: path.into(), version }
}

pub fn multi(ops: &[Op]) -> Op {
    Op::Multi(Rc::from(ops))
}

pub fn acl(perms: Perms, scheme: &str, id: &str) -> Acl {
    Acl { perms, scheme: scheme.into(), id: id.into() }
}

pub fn auth(scheme: &str, id: &str) -> AuthInfo {
    AuthInfo { scheme: scheme.into(), id: id.into() }
}

/// An ACL that allows everything but some permissions.
pub fn all_but(perms: Perms) -> Vec<Acl> {
    vec![acl(Perms(Perms::ALL.0 & !perms.0), "world", "anyone")]
}

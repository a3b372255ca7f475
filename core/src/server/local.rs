//! Local sessions: on one server, unknown to all others, gone with it.
//!
//! ```text
//!   new client ──▶ local ──an ephemeral create──▶ upgrading ──createSession committed──▶ global
//!                    └──silence, or the server's role ends──▶ gone
//! ```
//!
//! No transaction opens or closes one. It reads and writes like any other, but owns no ephemeral
//! znodes and cannot move: to every other server its id is unknown. An upgrade is an ordinary
//! createSession with the id it has, put before the create that needs it.
//!
//! ZooKeeper: `LocalSessionTracker`, `UpgradeableSessionTracker`,
//! `QuorumZooKeeperServer.checkUpgradeSession`.

use crate::error::KeeperError;
use crate::server::{Effect, Moment, Server};
use crate::session::{Owner, SessionTracker};
use crate::tree::prep::SessionCheck;
use crate::txn::{CreateMode, Op, Request};
use crate::types::{ConnId, SessionId, Time, Xid};
use crate::why::Why;
use crate::zab::learner;
use std::rc::Rc;

/// What has to happen before a request may enter the pipeline.
pub(crate) enum Upgrade {
    /// Nothing.
    None,
    /// The session's upgrade goes first.
    First(Rc<Request>),
    /// The session is local and must stay so: the request fails.
    Refused,
}

impl Server {
    /// A server that begins to serve has no local sessions yet.
    pub(crate) fn reset_locals(&mut self, now: Time) {
        let tick_ms = self.config.tick_time_ms;
        let is_enabled = self.config.are_local_sessions_enabled;
        self.locals = is_enabled.then(|| SessionTracker::new(now, tick_ms, [].into_iter()));
        self.upgrading.clear();
    }

    /// Whether the session is local to this server.
    pub fn is_local(&self, session: SessionId) -> bool {
        self.locals.as_ref().is_some_and(|locals| locals.is_tracking(session))
    }

    /// Opens a local session, if new sessions are local.
    pub(crate) fn open_local(
        &mut self,
        conn: ConnId,
        session: SessionId,
        granted_ms: u32,
        now: Time,
        out: &mut Vec<Effect>,
    ) -> bool {
        let Some(locals) = &mut self.locals else { return false };
        locals.track(now, session, granted_ms);
        self.arm_expiry(now, out);
        out.push(Effect::Explain(Why::LocalSessionOpened { session, granted_ms }));
        self.answer_connect(conn, true, out);
        true
    }

    /// Something was heard from a session: whether it is a local one of ours, and alive.
    pub(crate) fn touch_local(
        &mut self,
        session: SessionId,
        timeout_ms: u32,
        now: Time,
        out: &mut Vec<Effect>,
    ) -> bool {
        let Some(locals) = &mut self.locals else { return false };
        let is_alive = locals.touch(now, session, timeout_ms);
        if is_alive {
            self.arm_expiry(now, out);
        }
        is_alive
    }

    /// `checkUpgradeSession`: an ephemeral create of a local session, alone or in a multi.
    pub(crate) fn upgrade(&mut self, request: &Request, out: &mut Vec<Effect>) -> Upgrade {
        let session = request.session;
        if !self.is_local(session) || !request.op.creates(CreateMode::is_ephemeral) {
            return Upgrade::None;
        }
        if !self.config.is_local_upgrade_enabled {
            out.push(Effect::Explain(Why::EphemeralOnLocalSession { session }));
            return Upgrade::Refused;
        }
        let timeout_ms = self.locals.as_ref().and_then(|locals| locals.timeout_ms(session));
        let Some(timeout_ms) = timeout_ms else { return Upgrade::None };
        if !self.upgrading.insert(session) {
            return Upgrade::None;
        }
        out.push(Effect::Explain(Why::UpgradingSession { session }));
        let op = Op::CreateSession { timeout_ms };
        let request = Request { session, cxid: Xid(0), op, auth: Rc::new([]) };
        Upgrade::First(Rc::new(request))
    }

    /// Sends an upgrade ahead of the request that needs it. Nobody waits for its answer.
    pub(crate) fn order_upgrade(
        &mut self,
        request: &Rc<Request>,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        if self.is_leading() {
            self.order(request, None, None, moment, out);
        } else {
            self.learner_step(learner::Input::Forward(request.clone()), moment, out);
        }
    }

    /// `commitSession`: a createSession is committed. If it was an upgrade, the session is global.
    pub(crate) fn on_session_committed(&mut self, session: SessionId, out: &mut Vec<Effect>) {
        let Some(locals) = &mut self.locals else { return };
        locals.remove(session);
        if self.upgrading.remove(&session) {
            out.push(Effect::Explain(Why::SessionUpgraded { session }));
        }
    }

    /// Ends the local sessions whose time is over.
    pub(crate) fn expire_locals(&mut self, now: Time, out: &mut Vec<Effect>) {
        let Some(locals) = &mut self.locals else { return };
        for expired in locals.expire(now) {
            let session = expired.session;
            let (timeout_ms, deadline) = (expired.timeout_ms, expired.deadline);
            out.push(Effect::Explain(Why::SessionExpired { session, timeout_ms, deadline }));
            self.end_local(session, out);
        }
    }

    /// A local session is closed: no transaction, no other server hears of it.
    pub(crate) fn end_local(&mut self, session: SessionId, out: &mut Vec<Effect>) {
        if let Some(locals) = &mut self.locals {
            locals.remove(session);
        }
        self.upgrading.remove(&session);
        if let Some(conn) = self.client_of(session) {
            self.close_client(conn, out);
        }
    }

    /// `LeaderSessionTracker.checkSession` and `checkGlobalSession`, at the leader.
    pub(crate) fn check_session(
        &mut self,
        session: SessionId,
        owner: Owner,
        refusal: Option<KeeperError>,
    ) -> SessionCheck {
        let is_global = self.tracker.is_tracking(session);
        let global = self.tracker.check(session, owner);
        // The other server answers for its own local sessions; nothing of them is known here.
        let is_elsewhere = self.locals.is_some()
            && !is_global
            && !self.is_local(session)
            && session.0 as u64 >> 56 != u64::from(self.id.0);
        let is_local = owner == Owner::Leader && self.is_local(session) && !is_global;
        let any = if is_local || is_elsewhere { Ok(()) } else { global };
        SessionCheck { any, global: refusal.map_or(global, Err) }
    }
}

//! Connections of clients and their sessions: `NIOServerCnxn`, `ZooKeeperServer`.
//!
//! A new session is a transaction like any other: the client hears of it when the server it is
//! connected to has applied it. A known session that moves here is confirmed by the leader first.

use crate::mistake::Mistake;
use crate::server::pipeline::Waiting;
use crate::server::{Effect, Moment, Role, Server, Timer};
use crate::session::{Owner, SessionTracker, password};
use crate::txn::{AuthInfo, Op, Request};
use crate::types::{ConnId, ServerId, SessionId, Time, Xid, Zxid};
use crate::why::Why;
use crate::wire::{ConnectRequest, ConnectResponse, Message, Packet};
use crate::zab::learner;
use std::collections::VecDeque;
use std::rc::Rc;

/// One client's connection: `ServerCnxn`.
#[derive(Clone, Debug)]
pub struct ClientConnection {
    /// 0 until the client has said which.
    pub session: SessionId,
    /// Negotiated.
    pub timeout_ms: u32,
    /// Whether the client has been told that its session stands.
    pub is_established: bool,
    /// What the client has proved.
    pub auth: Rc<[AuthInfo]>,
    /// Requests read and not answered.
    pub outstanding: u32,
    /// Whether the connection is not read for the moment.
    pub is_throttled: bool,
    /// What the client has sent meanwhile: it waits in the kernel.
    pub unread: VecDeque<Message>,
}

impl Server {
    pub(crate) fn on_client_accepted(&mut self, conn: ConnId, out: &mut Vec<Effect>) {
        if !self.has_room(out) {
            out.push(Effect::Close(conn));
            return;
        }
        let ip = AuthInfo { scheme: "ip".into(), id: "127.0.0.1".into() };
        let connection = ClientConnection {
            session: SessionId(0),
            timeout_ms: 0,
            is_established: false,
            auth: Rc::new([ip]),
            outstanding: 0,
            is_throttled: false,
            unread: VecDeque::new(),
        };
        self.clients.insert(conn, connection);
    }

    /// The connection is gone; the session lives on.
    pub(crate) fn forget_client(&mut self, conn: ConnId) {
        self.clients.remove(&conn);
        self.watches.remove_connection(conn);
        self.revalidating.retain(|_, waiting| *waiting != conn);
    }

    pub(crate) fn close_client(&mut self, conn: ConnId, out: &mut Vec<Effect>) {
        self.forget_client(conn);
        out.push(Effect::Close(conn));
    }

    pub(crate) fn client_of(&self, session: SessionId) -> Option<ConnId> {
        self.clients.iter().find(|(_, client)| client.session == session).map(|(conn, _)| *conn)
    }

    pub(crate) fn on_client_message(
        &mut self,
        conn: ConnId,
        message: &Message,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        if !self.clients.contains_key(&conn) {
            return;
        }
        if let Message::IsReadOnly = message {
            self.on_is_read_only(conn, out);
            return;
        }
        if !self.accepts_clients() && !self.is_read_only {
            out.push(Effect::Explain(Why::NotServing));
            self.close_client(conn, out);
            return;
        }
        if let Some(client) = self.clients.get_mut(&conn)
            && client.is_throttled
        {
            client.unread.push_back(message.clone());
            return;
        }
        match message {
            Message::Connect(request) => self.on_connect(conn, request, moment, out),
            Message::Request { xid, op } => self.on_request(conn, *xid, op, moment, out),
            Message::ClientPing => self.on_client_ping(conn, moment.now, out),
            Message::Hello(_)
            | Message::Notification(_)
            | Message::Quorum(_)
            | Message::Connected(_)
            | Message::Reply { .. }
            | Message::Watch(_)
            | Message::IsReadOnly
            | Message::IsReadOnlyAnswer { .. }
            | Message::ClientPong { .. } => unreachable!("no client sends this"),
        }
    }

    /// `processConnectRequest`.
    fn on_connect(
        &mut self,
        conn: ConnId,
        request: &ConnectRequest,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        if let Some(why) = self.read_only_refusal(request) {
            out.push(Effect::Explain(why));
            self.close_client(conn, out);
            return;
        }
        let server_has = self.db.last_processed();
        if server_has < request.last_zxid_seen {
            let client_saw = request.last_zxid_seen;
            out.push(Effect::Explain(Why::RefusedBehindClient { client_saw, server_has }));
            self.close_client(conn, out);
            return;
        }
        let timeout_ms = self.config.negotiate_timeout(request.timeout_ms);
        let is_new = request.session == SessionId(0);
        let session = if is_new { self.give_out_session() } else { request.session };
        // A session speaks through one connection at a time.
        if let Some(old) = self.client_of(session) {
            self.close_client(old, out);
        }
        let Some(client) = self.clients.get_mut(&conn) else { return };
        client.session = session;
        client.timeout_ms = timeout_ms;
        if is_new && self.open_local(conn, session, timeout_ms, moment.now, out) {
            return;
        }
        if is_new && self.is_read_only {
            out.push(Effect::Explain(Why::ReadOnlyRefusedNewSession));
            self.close_client(conn, out);
        } else if is_new {
            let asked_ms = request.timeout_ms;
            let granted_ms = timeout_ms;
            out.push(Effect::Explain(Why::OpeningSession { session, asked_ms, granted_ms }));
            self.submit(conn, Xid(0), Op::CreateSession { timeout_ms }, moment, out);
        } else if request.password != password(session) {
            self.answer_connect(conn, false, out);
        } else {
            self.reopen(conn, session, timeout_ms, moment, out);
        }
    }

    fn give_out_session(&mut self) -> SessionId {
        let session = self.next_session;
        self.next_session = SessionId(session.0.wrapping_add(1));
        session
    }

    /// `reopenSession`: only the leader knows whether the session is alive.
    fn reopen(
        &mut self,
        conn: ConnId,
        session: SessionId,
        timeout_ms: u32,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        if self.touch_local(session, timeout_ms, moment.now, out) {
            out.push(Effect::Explain(Why::SessionReattached { session }));
            self.answer_connect(conn, true, out);
            return;
        }
        match self.role {
            Role::Leading(_) => {
                let is_valid = self.heard_from(session, timeout_ms, None, moment.now, out);
                if is_valid {
                    self.tracker.set_owner(session, Owner::Leader);
                    self.arm_expiry(moment.now, out);
                    out.push(Effect::Explain(Why::SessionReattached { session }));
                }
                self.answer_connect(conn, is_valid, out);
            }
            Role::Learning(_) => {
                self.revalidating.insert(session, conn);
                let input = learner::Input::Revalidate { session, timeout_ms };
                self.learner_step(input, moment, out);
            }
            // Read-only: without local sessions nothing tells a live session from a dead one.
            Role::Leaving | Role::Looking => self.answer_connect(conn, self.locals.is_none(), out),
        }
    }

    /// The leader's answer to REVALIDATE.
    pub(crate) fn on_revalidated(
        &mut self,
        session: SessionId,
        is_valid: bool,
        out: &mut Vec<Effect>,
    ) {
        if let Some(conn) = self.revalidating.remove(&session) {
            if is_valid {
                out.push(Effect::Explain(Why::SessionReattached { session }));
            }
            self.answer_connect(conn, is_valid, out);
        }
    }

    /// A learner asks on behalf of a client: REVALIDATE at the leader.
    pub(crate) fn on_revalidate(
        &mut self,
        conn: ConnId,
        session: SessionId,
        timeout_ms: u32,
        now: Time,
        out: &mut Vec<Effect>,
    ) {
        let learner = match &self.role {
            Role::Leading(leader) => leader.learner(conn),
            Role::Learning(_) | Role::Leaving | Role::Looking => None,
        };
        let is_valid = self.heard_from(session, timeout_ms, learner, now, out);
        if is_valid {
            self.tracker.set_owner(session, Owner::Learner(conn));
            self.arm_expiry(now, out);
        }
        let packet = Packet::Revalidate { session, timeout_ms, is_valid: Some(is_valid) };
        out.push(Effect::Send { conn, message: Message::Quorum(packet) });
    }

    /// `finishSessionInit`.
    pub(crate) fn answer_connect(&mut self, conn: ConnId, is_valid: bool, out: &mut Vec<Effect>) {
        let Some(client) = self.clients.get_mut(&conn) else { return };
        let session = client.session;
        client.is_established = is_valid;
        let response = if is_valid {
            ConnectResponse {
                session,
                password: password(session),
                timeout_ms: client.timeout_ms,
                is_read_only: self.is_read_only,
            }
        } else {
            ConnectResponse {
                session: SessionId(0),
                password: 0,
                timeout_ms: 0,
                is_read_only: false,
            }
        };
        if !is_valid {
            out.push(Effect::Explain(Why::SessionUnknown { session }));
        }
        out.push(Effect::Send { conn, message: Message::Connected(response) });
        if !is_valid {
            self.close_client(conn, out);
        }
    }

    fn on_request(
        &mut self,
        conn: ConnId,
        xid: Xid,
        op: &Op,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        if self.is_too_large(op, out) {
            self.close_client(conn, out);
            return;
        }
        let Some(client) = self.clients.get(&conn) else { return };
        let (session, timeout_ms) = (client.session, client.timeout_ms);
        self.touch(session, timeout_ms, moment.now, out);
        self.count_request(conn, xid, out);
        self.submit(conn, xid, op.clone(), moment, out);
    }

    fn on_client_ping(&mut self, conn: ConnId, now: Time, out: &mut Vec<Effect>) {
        let Some(client) = self.clients.get(&conn) else { return };
        let (session, timeout_ms) = (client.session, client.timeout_ms);
        self.touch(session, timeout_ms, now, out);
        if let Some(Waiting::Ping(conn)) = self.commits.submit(session, Waiting::Ping(conn)) {
            self.answer_ping(conn, out);
        }
    }

    pub(crate) fn answer_ping(&self, conn: ConnId, out: &mut Vec<Effect>) {
        if self.clients.contains_key(&conn) {
            let zxid = self.db.last_processed();
            out.push(Effect::Send { conn, message: Message::ClientPong { zxid } });
        }
    }

    /// Something was heard from a client: the leader notes it now, a learner tells it later.
    fn touch(&mut self, session: SessionId, timeout_ms: u32, now: Time, out: &mut Vec<Effect>) {
        if self.touch_local(session, timeout_ms, now, out) {
            return;
        }
        match self.role {
            Role::Leading(_) => {
                self.heard_from(session, timeout_ms, None, now, out);
                self.arm_expiry(now, out);
            }
            Role::Learning(_) => {
                self.touched.insert(session, timeout_ms);
                if self.config.mistakes.has(Mistake::FollowerExpires) {
                    self.tracker.track(now, session, timeout_ms);
                    self.arm_expiry(now, out);
                }
            }
            Role::Leaving | Role::Looking => {}
        }
    }

    /// The leader begins to track a session.
    pub(crate) fn track(
        &mut self,
        session: SessionId,
        timeout_ms: u32,
        now: Time,
        out: &mut Vec<Effect>,
    ) {
        let from = self.tracker.deadline(session);
        self.tracker.track(now, session, timeout_ms);
        if let Some(deadline) = self.tracker.deadline(session).filter(|_| from.is_none()) {
            let why = Why::SessionBucket { session, timeout_ms, from, deadline, via: None };
            out.push(Effect::Explain(why));
        }
    }

    /// The leader has heard from a session, itself or via a learner. Returns whether it is alive.
    pub(crate) fn heard_from(
        &mut self,
        session: SessionId,
        timeout_ms: u32,
        via: Option<ServerId>,
        now: Time,
        out: &mut Vec<Effect>,
    ) -> bool {
        let from = self.tracker.deadline(session);
        let is_alive = self.tracker.touch(now, session, timeout_ms);
        let deadline = self.tracker.deadline(session).filter(|_| is_alive);
        if let Some(deadline) = deadline.filter(|deadline| from != Some(*deadline)) {
            let why = Why::SessionBucket { session, timeout_ms, from, deadline, via };
            out.push(Effect::Explain(why));
        }
        is_alive
    }

    /// Answers the leader's ping with the sessions heard from since the last.
    pub(crate) fn pong(&mut self, zxid: Zxid, out: &mut Vec<Effect>) {
        let touched = std::mem::take(&mut self.touched).into_iter().collect();
        let message = Message::Quorum(Packet::Ping { zxid, touched });
        out.extend(self.leader_conn.map(|conn| Effect::Send { conn, message }));
    }

    /// Only the leader, but for a mistake.
    fn expires_globals(&self) -> bool {
        self.is_leading() || self.config.mistakes.has(Mistake::FollowerExpires)
    }

    pub(crate) fn arm_expiry(&mut self, now: Time, out: &mut Vec<Effect>) {
        let global = if self.expires_globals() { self.tracker.next_deadline() } else { None };
        let local = self.locals.as_mut().and_then(SessionTracker::next_deadline);
        if let Some(deadline) = [global, local].into_iter().flatten().min() {
            let after_us = deadline.since_us(now);
            out.push(Effect::SetTimer { timer: Timer::SessionExpiry, after_us });
        }
    }

    pub(crate) fn on_session_expiry(&mut self, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        self.expire_locals(moment.now, out);
        let expired =
            if self.expires_globals() { self.tracker.expire(moment.now) } else { Vec::new() };
        for expired in expired {
            out.push(Effect::Explain(Why::SessionExpired {
                session: expired.session,
                timeout_ms: expired.timeout_ms,
                deadline: expired.deadline,
            }));
            if self.is_leading() {
                self.submit_own(expired.session, Op::CloseSession, moment, out);
            } else {
                out.push(Effect::Explain(Why::Mistaken { mistake: Mistake::FollowerExpires }));
                let (session, op) = (expired.session, Op::CloseSession);
                let request = Request { session, cxid: Xid(0), op, auth: Rc::new([]) };
                self.learner_step(learner::Input::Forward(Rc::new(request)), moment, out);
            }
        }
        self.arm_expiry(moment.now, out);
    }

    pub(crate) fn on_containers(&mut self, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        use crate::tree::container;
        let interval_us = self.config.container_check_interval_ms * 1000;
        if self.due_containers.1.is_empty() {
            let never_used_ms = self.config.container_max_never_used_ms;
            let due = container::candidates(&self.db.image, moment.now, never_used_ms);
            self.due_containers = (moment.now, due.into());
        }
        let next = self.due_containers.1.pop_front();
        let after_us = if self.due_containers.1.is_empty() {
            interval_us.saturating_sub(moment.now.since_us(self.due_containers.0)).max(1)
        } else {
            60_000 / u64::from(self.config.container_max_per_minute) * 1000
        };
        out.push(Effect::SetTimer { timer: Timer::Containers, after_us });
        if let Some(path) = next {
            self.submit_own(SessionId(0), Op::DeleteContainer { path }, moment, out);
        }
    }

    /// A request that the leader makes itself.
    fn submit_own(
        &mut self,
        session: SessionId,
        op: Op,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        let request = Request { session, cxid: Xid(0), op, auth: Rc::new([]) };
        self.order(&Rc::new(request), None, None, moment, out);
    }

    /// Closes all clients; the sessions live on.
    pub(crate) fn stop_serving(&mut self, out: &mut Vec<Effect>) {
        self.is_serving = false;
        for conn in self.clients.keys().copied().collect::<Vec<_>>() {
            self.close_client(conn, out);
        }
        self.prep.clear();
        self.commits = Default::default();
        self.touched.clear();
        self.locals = None;
        self.upgrading.clear();
        self.throttled.clear();
        self.due_containers.1.clear();
        self.revalidating.clear();
    }
}

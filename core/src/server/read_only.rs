//! Read-only mode: a server that finds no quorum answers reads meanwhile.
//!
//! It looks for a leader all the while. Two seconds after it began to look, or a tick if that is
//! longer, it lets in clients that said that reading will do. They see its last state, however old.
//! What is not a read is refused with NOTREADONLY. A global session needs a leader, so a new client
//! gets in only with a local session, and one that has a global session is sent away. When the
//! election ends, all are.
//!
//! ZooKeeper: `ReadOnlyZooKeeperServer`, `ReadOnlyRequestProcessor`, `QuorumPeer`. Simplified: a new
//! client that gets no session is hung up on; ZooKeeper sends it an answer that it cannot read.

use crate::error::KeeperError;
use crate::server::peer::set_timer;
use crate::server::pipeline::Waiting;
use crate::server::{Effect, Role, Server, Timer};
use crate::session::first_session_id;
use crate::txn::{Op, Request};
use crate::types::{ConnId, Time};
use crate::why::Why;
use crate::wire::{ConnectRequest, Message};
use std::rc::Rc;

/// The least time it looks before it serves reads, in milliseconds.
const LEAST_GRACE_MS: u64 = 2000;

impl Server {
    fn grace_ms(&self) -> u64 {
        self.config.tick_time_ms.max(LEAST_GRACE_MS)
    }

    /// It begins to look for a leader.
    pub(crate) fn await_read_only(&mut self, out: &mut Vec<Effect>) {
        if self.config.is_read_only_mode_enabled {
            set_timer(Timer::ReadOnly, self.grace_ms(), out);
        }
    }

    pub(crate) fn start_read_only(&mut self, now: Time, out: &mut Vec<Effect>) {
        if !matches!(self.role, Role::Looking) {
            return;
        }
        self.is_read_only = true;
        self.reset_locals(now);
        self.next_session = first_session_id(self.id, now);
        out.push(Effect::Explain(Why::ReadOnlyStarted { looked_ms: self.grace_ms() }));
    }

    /// The election is over.
    pub(crate) fn stop_read_only(&mut self, out: &mut Vec<Effect>) {
        if !self.config.is_read_only_mode_enabled {
            return;
        }
        out.push(Effect::CancelTimer(Timer::ReadOnly));
        if std::mem::take(&mut self.is_read_only) {
            out.push(Effect::CancelTimer(Timer::SessionExpiry));
            self.stop_serving(out);
        }
    }

    /// Whether it answers reads although it has no leader.
    pub fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Why a read-only server would not let a client in, if so.
    pub(crate) fn read_only_refusal(&self, request: &ConnectRequest) -> Option<Why> {
        if !self.is_read_only {
            None
        } else if !request.can_be_read_only {
            Some(Why::ReadOnlyRefusedClient)
        } else if self.db.image.sessions.contains_key(&request.session) {
            Some(Why::ReadOnlyRefusedSession { session: request.session })
        } else {
            None
        }
    }

    /// `isro`: four letters, one word in answer, and the connection ends.
    pub(crate) fn on_is_read_only(&mut self, conn: ConnId, out: &mut Vec<Effect>) {
        let message = Message::IsReadOnlyAnswer { is_read_write: self.accepts_clients() };
        out.push(Effect::Send { conn, message });
        self.close_client(conn, out);
    }

    /// `ReadOnlyRequestProcessor`.
    pub(crate) fn submit_read_only(
        &mut self,
        conn: ConnId,
        request: Rc<Request>,
        out: &mut Vec<Effect>,
    ) {
        let session = request.session;
        let is_local = self.is_local(session);
        let is_closing = request.op == Op::CloseSession;
        let is_sync = matches!(request.op, Op::Sync { .. });
        if is_sync || request.op.is_write() && !(is_closing && is_local) {
            let path = request.op.path().cloned();
            out.push(Effect::Explain(Why::ReadOnlyRefusedRequest { session, path }));
            self.reply(conn, request.cxid, Err(KeeperError::NotReadOnly), out);
        } else if self.locals.is_some() && !is_local {
            self.reply(conn, request.cxid, Err(KeeperError::SessionExpired), out);
        } else {
            let waiting = Waiting::Request { conn, request, needs_commit: false, refusal: None };
            self.finish(waiting, out);
        }
    }
}

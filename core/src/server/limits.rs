//! How much a server takes on: connections, the size of a request, requests in process.
//!
//! ZooKeeper: `NIOServerCnxnFactory`, `NIOServerCnxn`, `ZooKeeperServer.shouldThrottle`.
//!
//! A connection with requests of its own in process is not read while the server has more in
//! process than its share of `globalOutstandingLimit`: what the client sends waits in the kernel.
//! It is read again when one of its own requests is answered and there are fewer.
//!
//! Simplified: all clients have one address. What a request takes until its answer it spends in
//! `CommitProcessor`, so that is where requests in process are counted. `RequestThrottler` is off,
//! as it is by default.

use crate::server::{Effect, Moment, Role, Server};
use crate::txn::Op;
use crate::types::{ConnId, ServerState, Xid};
use crate::why::Why;
use crate::wire::Message;

impl Server {
    /// Whether there is room for another connection.
    pub(crate) fn has_room(&self, out: &mut Vec<Effect>) -> bool {
        let limits = [(self.config.max_cnxns, true), (self.config.max_client_cnxns, false)];
        for (limit, is_total) in limits {
            if 0 < limit && limit as usize <= self.clients.len() {
                out.push(Effect::Explain(Why::TooManyConnections { limit, is_total }));
                return false;
            }
        }
        true
    }

    /// Whether a request is larger than `jute.maxbuffer`: `NIOServerCnxn.readLength`.
    pub(crate) fn is_too_large(&self, op: &Op, out: &mut Vec<Effect>) -> bool {
        let (bytes, limit) = (op.wire_bytes(), self.config.jute_max_buffer);
        if bytes <= u64::from(limit) {
            return false;
        }
        out.push(Effect::Explain(Why::RequestTooLarge { bytes, limit }));
        true
    }

    /// This server's share: `getGlobalOutstandingLimit` of leader and follower.
    fn outstanding_limit(&self) -> usize {
        let limit = self.config.global_outstanding_limit as usize;
        let voters = self.views.current.voters().count();
        let shares = match self.state {
            ServerState::Leading | ServerState::Following if 2 < voters => voters - 1,
            ServerState::Leading
            | ServerState::Following
            | ServerState::Observing
            | ServerState::Looking => 1,
        };
        limit / shares
    }

    /// `incrOutstandingAndCheckThrottle`: a request of this connection has been read.
    pub(crate) fn count_request(&mut self, conn: ConnId, xid: Xid, out: &mut Vec<Effect>) {
        if xid.0 <= 0 {
            return;
        }
        let (in_process, limit) = (self.commits.len(), self.outstanding_limit());
        let Some(client) = self.clients.get_mut(&conn) else { return };
        client.outstanding += 1;
        if limit < in_process && !client.is_throttled {
            client.is_throttled = true;
            self.throttled.insert(conn);
            out.push(Effect::Explain(Why::Throttled { in_process, limit }));
        }
    }

    /// `sendResponse`: a request of this connection has been answered.
    pub(crate) fn count_reply(&mut self, conn: ConnId, xid: Xid, out: &mut Vec<Effect>) {
        if xid.0 <= 0 {
            return;
        }
        let (in_process, limit) = (self.commits.len(), self.outstanding_limit());
        let Some(client) = self.clients.get_mut(&conn) else { return };
        client.outstanding = client.outstanding.saturating_sub(1);
        let may_read = in_process <= limit || client.outstanding == 0;
        if client.is_throttled && may_read {
            client.is_throttled = false;
            out.push(Effect::Explain(Why::Unthrottled { in_process, limit }));
        }
    }

    /// Reads what waited in the kernel, on connections that are read again.
    pub(crate) fn read_on(&mut self, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        while let Some((conn, message)) = self.next_unread() {
            self.on_client_message(conn, &message, moment, out);
        }
    }

    fn next_unread(&mut self) -> Option<(ConnId, Message)> {
        for conn in self.throttled.clone() {
            match self.clients.get_mut(&conn) {
                Some(client) if client.is_throttled => {}
                Some(client) => match client.unread.pop_front() {
                    Some(message) => return Some((conn, message)),
                    None => {
                        self.throttled.remove(&conn);
                    }
                },
                None => {
                    self.throttled.remove(&conn);
                }
            }
        }
        None
    }

    /// Whether the leader takes part in what it orders.
    pub(crate) fn is_leading(&self) -> bool {
        matches!(self.role, Role::Leading(_))
    }
}

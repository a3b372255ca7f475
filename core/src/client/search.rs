//! The search for a server that writes, while a client is content with one that only reads.
//!
//! The client dials the next server of its list beside its session, sends `isro` and reads `rw` or
//! something else. ZooKeeper's library asks after 100 ms, then waits twice as long each time, at
//! most a minute. kazoo asks at its pings, and only ever the first server of its list.
//!
//! ZooKeeper: `ClientCnxn.SendThread.pingRwServer`. Simplified: the session goes on while the
//! answer is awaited; an answer that takes longer than the next wait is given up.

use super::session::{Client, Effect, Library, State, Timer};
use crate::types::{ConnId, ServerId, Time};
use crate::why::Why;
use crate::wire::Message;

/// `minPingRwTimeout`, in microseconds.
const FIRST_WAIT_US: u64 = 100_000;
/// `maxPingRwTimeout`, in microseconds.
const LONGEST_WAIT_US: u64 = 60_000_000;
/// How long kazoo waits between two questions at least, in microseconds.
const KAZOO_WAIT_US: u64 = 500_000;

/// Where the search stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    /// The connection on which a server is being asked, and which.
    pub(super) asked: Option<(ConnId, ServerId)>,
    wait_us: u64,
    last: Time,
}

impl Search {
    pub(super) fn is_on(&self, conn: ConnId) -> bool {
        self.asked.is_some_and(|(asked, _)| asked == conn)
    }
}

impl Client {
    pub(super) fn begin_search(&mut self, now: Time, out: &mut Vec<Effect>) {
        self.search = Search { asked: None, wait_us: FIRST_WAIT_US, last: now };
        if self.library == Library::Java {
            out.push(Effect::SetTimer { timer: Timer::Search, after_us: FIRST_WAIT_US });
        }
    }

    pub(super) fn stop_search(&mut self, out: &mut Vec<Effect>) {
        if self.search.wait_us == 0 {
            return;
        }
        out.extend(self.search.asked.map(|(conn, _)| Effect::Close(conn)));
        out.push(Effect::CancelTimer(Timer::Search));
        self.search = Search::default();
    }

    pub(super) fn on_search_timer(
        &mut self,
        fresh: &mut dyn FnMut() -> ConnId,
        out: &mut Vec<Effect>,
    ) {
        if self.state != State::ConnectedReadOnly {
            return;
        }
        let next = self.next_server % self.servers.len().max(1);
        self.next_server += 1;
        self.ask(next, fresh, out);
        self.search.wait_us = (2 * self.search.wait_us).min(LONGEST_WAIT_US);
        out.push(Effect::SetTimer { timer: Timer::Search, after_us: self.search.wait_us });
    }

    pub(super) fn search_at_ping(
        &mut self,
        now: Time,
        fresh: &mut dyn FnMut() -> ConnId,
        out: &mut Vec<Effect>,
    ) {
        if self.library == Library::Java || self.state != State::ConnectedReadOnly {
            return;
        }
        let jitter_us = self.draw(1000) * 1000;
        if KAZOO_WAIT_US + jitter_us <= now.since_us(self.search.last) {
            self.search.last = now;
            self.ask(0, fresh, out);
        }
    }

    fn ask(&mut self, index: usize, fresh: &mut dyn FnMut() -> ConnId, out: &mut Vec<Effect>) {
        out.extend(self.search.asked.take().map(|(conn, _)| Effect::Close(conn)));
        let Some(to) = self.servers.get(index).copied() else { return };
        let conn = fresh();
        self.search.asked = Some((conn, to));
        out.push(Effect::Dial { conn, to });
    }

    /// `RWServerFoundException`: it lets its server go and tries that one next.
    pub(super) fn on_search_answer(
        &mut self,
        conn: ConnId,
        message: &Message,
        out: &mut Vec<Effect>,
    ) {
        let Some((_, server)) = self.search.asked.take() else { return };
        out.push(Effect::Close(conn));
        if !matches!(message, Message::IsReadOnlyAnswer { is_read_write: true }) {
            return;
        }
        out.push(Effect::Explain(Why::ClientFoundReadWrite { server }));
        if let Some(index) = self.servers.iter().position(|id| *id == server) {
            self.next_server = index;
        }
        out.extend(self.conn.take().map(Effect::Close));
        self.on_disconnected(out);
    }
}

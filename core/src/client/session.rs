//! A client's session: connect, ping, reconnect, and requests answered in order.
//!
//! ```text
//!   Connecting ──ConnectResponse──▶ Connected ──silence, or the connection ends──▶ Connecting
//!       │                              │
//!       └──"your session is gone"──▶ Expired                 closeSession ──▶ Closed
//! ```
//!
//! When a connection ends, every request in flight fails with CONNECTIONLOSS: it may have been
//! carried out or not, the client cannot know. Only a server can tell that a session has expired.
//!
//! ZooKeeper: `ClientCnxn`. Libraries differ in small things; [`Library`] names two of them.
//! Simplified: the list of servers is not shuffled.

use super::search::Search;
use crate::error::KeeperError;
use crate::pack::pack_enum;
use crate::sorted::Set;
use crate::txn::{Op, Path, Reply, WatchEvent, WatchKind};
use crate::types::{ConnId, ServerId, SessionId, Time, Xid, Zxid};
use crate::why::Why;
use crate::wire::{ConnectRequest, ConnectResponse, Message};
use std::collections::VecDeque;
use std::rc::Rc;

/// Whose habits a client has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Library {
    /// ZooKeeper's own. Waits less than a second between attempts, sends its watches again after a
    /// reconnect, and is dead once its session has expired.
    Java,
    /// Python's kazoo. Waits twice as long each time, forgets its watches when the connection ends,
    /// keeps what is asked of it until there is a connection, and begins a new session by itself.
    Kazoo,
}

/// How a client stands with the ensemble: `ZooKeeper.States`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// Looking for a server.
    Connecting,
    /// In session.
    Connected,
    /// In session with a server that only reads.
    ConnectedReadOnly,
    /// Told that its session has expired.
    Expired,
    /// Closed by itself.
    Closed,
}

impl State {
    /// Whether it has a session with a server that it is connected to.
    pub const fn is_connected(self) -> bool {
        matches!(self, State::Connected | State::ConnectedReadOnly)
    }
}

/// What can happen to a client.
#[derive(Clone, Debug)]
pub enum Input {
    /// The process begins.
    Start,
    /// The connection it dialled is up.
    Connected(ConnId),
    /// A connection ended, or could not be had.
    Closed(ConnId),
    /// Something came.
    Received {
        /// On which connection.
        conn: ConnId,
        /// What.
        message: Rc<Message>,
    },
    /// A timer ran out.
    Timer(Timer),
    /// The application asks for something.
    Submit(Op),
    /// The application gives another list of servers.
    UpdateServers(Rc<[ServerId]>),
}

/// The timers of a client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// Time to try the next server.
    Reconnect,
    /// Nothing was heard for two thirds of the session timeout, or an attempt took too long.
    Read,
    /// Time to show that it lives.
    Ping,
    /// Time to look for a server that writes, while its own only reads.
    Search,
}

/// What a client asks for. Carried out in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Dial a server's client port.
    Dial {
        /// The new connection.
        conn: ConnId,
        /// Whom.
        to: ServerId,
    },
    /// Send on the connection.
    Send {
        /// Which.
        conn: ConnId,
        /// What.
        message: Message,
    },
    /// Close the connection.
    Close(ConnId),
    /// Call with [`Input::Timer`] after that many microseconds, instead of any call asked for
    /// before.
    SetTimer {
        /// Which timer.
        timer: Timer,
        /// After how long.
        after_us: u64,
    },
    /// Never mind.
    CancelTimer(Timer),
    /// A request has its answer.
    Completed {
        /// Which: the number [`Client::submitted`] gave it.
        number: u32,
        /// What was asked.
        op: Op,
        /// The answer.
        result: Result<Reply, KeeperError>,
    },
    /// A watch fired.
    Watch(WatchEvent),
    /// The state changed.
    StateChanged(State),
    /// A decision.
    Explain(Why),
}

/// A request that has no answer yet.
#[derive(Clone, Debug)]
struct Asked {
    number: u32,
    xid: Xid,
    op: Op,
}

/// A client process.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) library: Library,
    pub(super) servers: Rc<[ServerId]>,
    pub(super) next_server: usize,
    asked_timeout_ms: u32,
    can_be_read_only: bool,
    pub(super) state: State,
    pub(super) conn: Option<ConnId>,
    /// The server it is connected to, or tries.
    server: Option<ServerId>,
    session: SessionId,
    password: u64,
    timeout_ms: u32,
    last_zxid: Zxid,
    next_xid: i32,
    submitted: u32,
    /// Not sent yet.
    outgoing: VecDeque<Asked>,
    /// Sent, not answered.
    pending: VecDeque<Asked>,
    /// Left on servers, to be left again after a reconnect.
    pub(super) watches: Set<(Path, WatchKind)>,
    auth: Vec<(Rc<str>, Rc<str>)>,
    last_heard: Time,
    /// kazoo's next delay between attempts, in microseconds.
    backoff_us: u64,
    has_tried: bool,
    random: u32,
    /// Whether any server that it was in session with could write: before that its session id is
    /// worth nothing elsewhere.
    has_seen_writer: bool,
    pub(super) search: Search,
}

/// Session 0 has no password.
const NO_SESSION: SessionId = SessionId(0);
/// kazoo's first delay between attempts.
const KAZOO_FIRST_DELAY_US: u64 = 100_000;
/// kazoo's longest.
const KAZOO_LONGEST_DELAY_US: u64 = 60_000_000;

impl Client {
    /// A client process that has not begun. `seed` decides what it draws at random.
    pub fn new(
        library: Library,
        servers: Rc<[ServerId]>,
        asked_timeout_ms: u32,
        can_be_read_only: bool,
        seed: u32,
    ) -> Client {
        Client {
            library,
            servers,
            next_server: 0,
            asked_timeout_ms,
            can_be_read_only,
            state: State::Connecting,
            conn: None,
            server: None,
            session: NO_SESSION,
            password: 0,
            timeout_ms: asked_timeout_ms,
            last_zxid: Zxid::ZERO,
            next_xid: 1,
            submitted: 0,
            outgoing: VecDeque::new(),
            pending: VecDeque::new(),
            watches: Set::new(),
            auth: Vec::new(),
            last_heard: Time::ZERO,
            backoff_us: KAZOO_FIRST_DELAY_US,
            has_tried: false,
            random: seed | 1,
            has_seen_writer: false,
            search: Search::default(),
        }
    }

    /// Whose habits it has.
    pub fn library(&self) -> Library {
        self.library
    }

    /// The servers it knows, in the order it tries them.
    pub fn servers(&self) -> Rc<[ServerId]> {
        self.servers.clone()
    }

    /// The session timeout it asks for, in milliseconds.
    pub fn asked_timeout_ms(&self) -> u32 {
        self.asked_timeout_ms
    }

    /// Whether a read-only server will do.
    pub fn can_be_read_only(&self) -> bool {
        self.can_be_read_only
    }

    /// How it stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// The server it is connected to, or tries.
    pub fn server(&self) -> Option<ServerId> {
        self.server
    }

    /// Its session, 0 if none.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// The negotiated session timeout, in milliseconds.
    pub fn timeout_ms(&self) -> u32 {
        self.timeout_ms
    }

    /// The largest zxid it has seen.
    pub fn last_zxid(&self) -> Zxid {
        self.last_zxid
    }

    /// Requests without an answer.
    pub fn pending(&self) -> usize {
        self.pending.len() + self.outgoing.len()
    }

    /// How many requests were submitted; the last one's number.
    pub fn submitted(&self) -> u32 {
        self.submitted
    }

    /// Takes one input and appends what it leads to. `fresh` gives out new connection ids.
    pub fn step(
        &mut self,
        now: Time,
        input: Input,
        fresh: &mut dyn FnMut() -> ConnId,
        out: &mut Vec<Effect>,
    ) {
        match input {
            Input::Start => self.attempt(now, fresh, out),
            Input::Connected(conn) if self.conn == Some(conn) => self.on_connected(out),
            Input::Closed(conn) if self.conn == Some(conn) => {
                self.conn = None;
                self.on_disconnected(out);
            }
            Input::Received { conn, message } if self.conn == Some(conn) => {
                self.on_message(now, &message, out);
            }
            Input::Connected(conn) if self.search.is_on(conn) => {
                out.push(Effect::Send { conn, message: Message::IsReadOnly });
            }
            Input::Closed(conn) if self.search.is_on(conn) => self.search.asked = None,
            Input::Received { conn, message } if self.search.is_on(conn) => {
                self.on_search_answer(conn, &message, out);
            }
            // Of a connection that was given up.
            Input::Connected(_) | Input::Closed(_) | Input::Received { .. } => {}
            Input::Timer(timer) => self.on_timer(now, timer, fresh, out),
            Input::Submit(op) => self.on_submit(op, out),
            Input::UpdateServers(servers) => self.update_servers(servers, out),
        }
    }

    // --- Connecting

    fn attempt(&mut self, now: Time, fresh: &mut dyn FnMut() -> ConnId, out: &mut Vec<Effect>) {
        if self.state == State::Expired {
            // Only a library that begins again by itself gets here.
            self.session = NO_SESSION;
            self.password = 0;
            self.set_state(State::Connecting, out);
        }
        let Some(to) = self.servers.get(self.next_server % self.servers.len().max(1)).copied()
        else {
            return;
        };
        self.next_server += 1;
        self.has_tried = true;
        self.last_heard = now;
        let conn = fresh();
        self.conn = Some(conn);
        self.server = Some(to);
        out.push(Effect::Explain(Why::ClientTries { server: to }));
        out.push(Effect::Dial { conn, to });
        let after_us = match self.library {
            Library::Java => self.share_us(),
            // kazoo gives the connection the whole timeout, and the answer then a share of it.
            Library::Kazoo => u64::from(self.asked_timeout_ms) * 1000,
        };
        out.push(Effect::SetTimer { timer: Timer::Read, after_us });
    }

    /// Of the timeout, what one server of the list may take.
    fn share_us(&self) -> u64 {
        u64::from(self.timeout_ms) * 1000 / self.servers.len().max(1) as u64
    }

    fn on_connected(&mut self, out: &mut Vec<Effect>) {
        let Some(conn) = self.conn else { return };
        let is_worthless = self.library == Library::Java && !self.has_seen_writer;
        let request = ConnectRequest {
            session: if is_worthless { NO_SESSION } else { self.session },
            password: self.password,
            timeout_ms: self.asked_timeout_ms,
            last_zxid_seen: self.last_zxid,
            can_be_read_only: self.can_be_read_only,
        };
        out.push(Effect::Send { conn, message: Message::Connect(request) });
        if self.library == Library::Kazoo {
            out.push(Effect::SetTimer { timer: Timer::Read, after_us: self.share_us() });
        }
    }

    /// The connection is gone: what was in flight has an unknown outcome.
    pub(super) fn on_disconnected(&mut self, out: &mut Vec<Effect>) {
        out.push(Effect::CancelTimer(Timer::Ping));
        out.push(Effect::CancelTimer(Timer::Read));
        self.stop_search(out);
        if matches!(self.state, State::Closed | State::Expired) {
            return;
        }
        let was_connected = self.state.is_connected();
        if was_connected {
            self.set_state(State::Connecting, out);
        }
        // kazoo keeps what was asked while there was no connection.
        if was_connected || self.library == Library::Java {
            self.fail_all(KeeperError::ConnectionLoss, out);
        }
        if was_connected && self.library == Library::Kazoo {
            self.watches.clear();
        }
        let after_us = self.delay_us();
        out.push(Effect::SetTimer { timer: Timer::Reconnect, after_us });
    }

    /// `ZooKeeper.updateServerList`. Simplified: a server that is still on the list is kept; there is
    /// no balancing of the load.
    fn update_servers(&mut self, servers: Rc<[ServerId]>, out: &mut Vec<Effect>) {
        self.servers = servers;
        self.next_server = 0;
        let is_kept = self.server.is_some_and(|server| self.servers.contains(&server));
        if !is_kept && let Some(conn) = self.conn.take() {
            out.push(Effect::Close(conn));
            self.on_disconnected(out);
        }
    }

    fn delay_us(&mut self) -> u64 {
        match self.library {
            Library::Java => self.draw(1_000_000),
            // It waits only when it has tried all.
            Library::Kazoo if !self.next_server.is_multiple_of(self.servers.len().max(1)) => 0,
            Library::Kazoo => {
                let jitter = 600 + self.draw(800);
                let delay = self.backoff_us * jitter / 1000;
                self.backoff_us = (delay * 2).min(KAZOO_LONGEST_DELAY_US);
                delay
            }
        }
    }

    /// A number below `below`: xorshift, seeded at birth.
    pub(super) fn draw(&mut self, below: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        u64::from(self.random) % below
    }

    fn fail_all(&mut self, error: KeeperError, out: &mut Vec<Effect>) {
        let in_flight = self.pending.len();
        if 0 < in_flight && error == KeeperError::ConnectionLoss {
            out.push(Effect::Explain(Why::OutcomeUnknown { requests: in_flight }));
        }
        let pending = std::mem::take(&mut self.pending);
        let outgoing = std::mem::take(&mut self.outgoing);
        for asked in pending.into_iter().chain(outgoing) {
            let Asked { number, op, .. } = asked;
            out.push(Effect::Completed { number, op, result: Err(error) });
        }
    }

    fn set_state(&mut self, state: State, out: &mut Vec<Effect>) {
        self.state = state;
        out.push(Effect::StateChanged(state));
    }

    // --- What comes

    fn on_message(&mut self, now: Time, message: &Message, out: &mut Vec<Effect>) {
        self.last_heard = now;
        match message {
            Message::Connected(response) => self.on_response(now, response, out),
            Message::Reply { xid, zxid, result } => self.on_reply(*xid, *zxid, result, out),
            Message::Watch(event) => {
                // kazoo has a table for data and one for children, and tells each of a deletion.
                let is_told_twice = self.forget_fired(event) && self.library == Library::Kazoo;
                let times = if is_told_twice { 2 } else { 1 };
                out.extend(std::iter::repeat_n(Effect::Watch(event.clone()), times));
            }
            Message::ClientPong { .. } => {}
            Message::Hello(_)
            | Message::Notification(_)
            | Message::Quorum(_)
            | Message::Connect(_)
            | Message::Request { .. }
            | Message::IsReadOnly
            | Message::IsReadOnlyAnswer { .. }
            | Message::ClientPing => unreachable!("no server sends this to a client"),
        }
        if self.state.is_connected() {
            let after_us = self.read_timeout_us();
            out.push(Effect::SetTimer { timer: Timer::Read, after_us });
        }
    }

    fn read_timeout_us(&self) -> u64 {
        u64::from(self.timeout_ms) * 1000 * 2 / 3
    }

    fn on_response(&mut self, now: Time, response: &ConnectResponse, out: &mut Vec<Effect>) {
        if response.timeout_ms == 0 {
            self.on_expired(out);
            return;
        }
        self.session = response.session;
        self.password = response.password;
        self.timeout_ms = response.timeout_ms;
        self.backoff_us = KAZOO_FIRST_DELAY_US;
        if response.is_read_only {
            self.set_state(State::ConnectedReadOnly, out);
            self.begin_search(now, out);
        } else {
            self.has_seen_writer = true;
            self.set_state(State::Connected, out);
        }
        self.prime(out);
        for mut asked in std::mem::take(&mut self.outgoing) {
            asked.xid = self.xid_for(&asked.op);
            self.send(asked, out);
        }
        self.arm_ping(out);
    }

    /// After a reconnect: who it is, and its watches (`primeConnection`).
    fn prime(&mut self, out: &mut Vec<Effect>) {
        let Some(conn) = self.conn else { return };
        for (scheme, auth) in &self.auth {
            let op = Op::AddAuth { scheme: scheme.clone(), auth: auth.clone() };
            out.push(Effect::Send { conn, message: Message::Request { xid: Xid::AUTH, op } });
        }
        if !self.watches.is_empty() {
            let watches = self.watches.iter().cloned().collect();
            let op = Op::SetWatches { relative_zxid: self.last_zxid, watches };
            let message = Message::Request { xid: Xid::SET_WATCHES, op };
            out.push(Effect::Send { conn, message });
        }
    }

    fn on_expired(&mut self, out: &mut Vec<Effect>) {
        self.stop_search(out);
        out.extend(self.conn.take().map(Effect::Close));
        out.push(Effect::CancelTimer(Timer::Read));
        self.set_state(State::Expired, out);
        self.fail_all(KeeperError::SessionExpired, out);
        self.watches.clear();
        if self.library == Library::Kazoo {
            self.backoff_us = KAZOO_FIRST_DELAY_US;
            self.next_server = 0;
            let after_us = self.delay_us();
            out.push(Effect::SetTimer { timer: Timer::Reconnect, after_us });
        }
    }

    fn on_reply(
        &mut self,
        xid: Xid,
        zxid: Zxid,
        result: &Result<Reply, KeeperError>,
        out: &mut Vec<Effect>,
    ) {
        self.last_zxid = self.last_zxid.max(zxid);
        if xid == Xid::SET_WATCHES {
            return;
        }
        // A server answers an auth packet at once, whatever it was asked before.
        let index = match xid == Xid::AUTH {
            true => self.pending.iter().position(|asked| asked.xid == Xid::AUTH),
            false => self.pending.iter().position(|asked| asked.xid != Xid::AUTH),
        };
        let Some(asked) = index.and_then(|index| self.pending.remove(index)) else { return };
        assert_eq!(asked.xid, xid, "replies come in the order of requests");
        self.remember_watch(&asked.op, result);
        let Asked { number, op, .. } = asked;
        let is_close = op == Op::CloseSession;
        if let (Op::RemoveWatches { path, kind }, Library::Java, Ok(_)) =
            (&op, self.library, result)
        {
            self.forget_removed(path, *kind, out);
        }
        out.push(Effect::Completed { number, op, result: result.clone() });
        if is_close {
            self.stop_search(out);
            out.extend(self.conn.take().map(Effect::Close));
            out.push(Effect::CancelTimer(Timer::Ping));
            out.push(Effect::CancelTimer(Timer::Read));
            self.set_state(State::Closed, out);
        }
    }

    // --- Timers

    fn on_timer(
        &mut self,
        now: Time,
        timer: Timer,
        fresh: &mut dyn FnMut() -> ConnId,
        out: &mut Vec<Effect>,
    ) {
        match timer {
            Timer::Reconnect => self.attempt(now, fresh, out),
            Timer::Ping => {
                let Some(conn) = self.conn else { return };
                out.push(Effect::Send { conn, message: Message::ClientPing });
                self.arm_ping(out);
                self.search_at_ping(now, fresh, out);
            }
            Timer::Search => self.on_search_timer(fresh, out),
            Timer::Read => {
                if let Some(server) = self.server {
                    let silent_ms = now.since_us(self.last_heard) / 1000;
                    out.push(Effect::Explain(Why::ClientHeardNothing { server, silent_ms }));
                }
                out.extend(self.conn.take().map(Effect::Close));
                self.on_disconnected(out);
            }
        }
    }

    /// Half the read timeout after the last word of ours, a second earlier if that is long.
    fn arm_ping(&self, out: &mut Vec<Effect>) {
        let half_us = self.read_timeout_us() / 2;
        let early_us = if 2_000_000 < half_us { 1_000_000 } else { 0 };
        let after_us = (half_us - early_us).min(10_000_000);
        out.push(Effect::SetTimer { timer: Timer::Ping, after_us });
    }

    // --- What the application asks

    fn on_submit(&mut self, op: Op, out: &mut Vec<Effect>) {
        self.submitted += 1;
        let number = self.submitted;
        // `ClientCnxn.queuePacket`: nothing is sent after closeSession. kazoo sends it.
        let is_refused = self.library == Library::Java && self.is_closing();
        let refusal = match self.state {
            State::Expired => Some(KeeperError::SessionExpired),
            State::Closed => Some(KeeperError::ConnectionLoss),
            State::Connecting | State::Connected | State::ConnectedReadOnly => {
                is_refused.then_some(KeeperError::ConnectionLoss)
            }
        };
        if let Some(error) = refusal {
            out.push(Effect::Completed { number, op, result: Err(error) });
            return;
        }
        if let Op::AddAuth { scheme, auth } = &op {
            self.auth.push((scheme.clone(), auth.clone()));
        }
        let xid = if self.state.is_connected() { self.xid_for(&op) } else { Xid(0) };
        let asked = Asked { number, xid, op };
        if self.state.is_connected() {
            self.send(asked, out);
            self.arm_ping(out);
        } else if asked.op == Op::CloseSession && self.session == NO_SESSION {
            let Asked { number, op, .. } = asked;
            self.set_state(State::Closed, out);
            out.extend(self.conn.take().map(Effect::Close));
            out.push(Effect::Completed { number, op, result: Ok(Reply::Done) });
        } else {
            self.outgoing.push_back(asked);
        }
    }

    fn is_closing(&self) -> bool {
        let mut asked = self.pending.iter().chain(&self.outgoing);
        asked.any(|asked| asked.op == Op::CloseSession)
    }

    fn xid_for(&mut self, op: &Op) -> Xid {
        if let Op::AddAuth { .. } = op { Xid::AUTH } else { self.take_xid() }
    }

    fn take_xid(&mut self) -> Xid {
        let xid = Xid(self.next_xid);
        self.next_xid = self.next_xid.checked_add(1).unwrap_or(1);
        xid
    }

    fn send(&mut self, asked: Asked, out: &mut Vec<Effect>) {
        let Some(conn) = self.conn else { return };
        let message = Message::Request { xid: asked.xid, op: asked.op.clone() };
        self.pending.push_back(asked);
        out.push(Effect::Send { conn, message });
    }
}

pack_enum!(Library { Java, Kazoo });
pack_enum!(State { Connecting, Connected, ConnectedReadOnly, Expired, Closed });
pack_enum!(Timer { Reconnect, Read, Ping, Search });

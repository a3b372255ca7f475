//! What happened, in order: every event with its moment, its actor and its cause, and the decisions
//! taken in it.
//!
//! An *event* is one delivered packet, fired timer, finished disk write or outside action. Its
//! *cause* is the event in which the packet was sent, the timer set, the write begun.

use crate::client;
use crate::error::KeeperError;
use crate::pack::{pack_enum, pack_refused, pack_struct};
use crate::recipe;
use crate::server;
use crate::sim::action::Action;
use crate::sim::check::Violation;
use crate::sim::packed::Packed;
use crate::txn::{Op, Path, Reply, WatchEvent};
use crate::types::{Actor, ClientId, ConnId, Phase, Port, ServerId, ServerState, Time};
use crate::why::{DiskError, Why};
use crate::wire::{Message, Packet};
use std::fmt;
use std::rc::Rc;

/// No cause: done from outside.
pub const NO_CAUSE: u32 = u32::MAX;

/// One event.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: Time,
    /// The index of the event that caused it, or [`NO_CAUSE`].
    pub cause: u32,
    /// What.
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum EventKind {
    /// Somebody outside did something.
    Act(Rc<Action>),
    /// A message arrived.
    Delivered {
        /// On which connection.
        conn: ConnId,
        /// From.
        from: Actor,
        /// To.
        to: Actor,
        /// What.
        message: Rc<Message>,
    },
    /// A packet died: at a partition, or because nobody held the connection any more.
    Lost {
        /// On which connection.
        conn: ConnId,
        /// From.
        from: Actor,
        /// To.
        to: Actor,
        /// What, unless it was only about the connection itself.
        message: Option<Rc<Message>>,
        /// Why, and for good or not.
        loss: Loss,
    },
    /// Somebody dialled.
    Accepted {
        /// The connection.
        conn: ConnId,
        /// Who.
        from: Actor,
        /// Whom.
        to: Actor,
        /// Which port.
        port: Port,
    },
    /// A dialled connection is up.
    Connected {
        /// The connection.
        conn: ConnId,
        /// Who dialled.
        from: Actor,
        /// Whom.
        to: Actor,
    },
    /// A connection ended for one side.
    Closed {
        /// The connection.
        conn: ConnId,
        /// Who learns it.
        at: Actor,
        /// The other side.
        peer: Actor,
    },
    /// A server's timer fired.
    ServerTimer(ServerId, server::Timer),
    /// A client's timer fired.
    ClientTimer(ClientId, client::session::Timer),
    /// A write became durable.
    Written(ServerId, server::WriteKind),
    /// A write failed.
    WriteFailed(ServerId, server::WriteKind, DiskError),
    /// A timer of a recipe fired.
    RecipeTimer(ClientId, recipe::Timer),
}

/// How a packet died.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Loss {
    /// At a partition. TCP will send it again.
    Cut,
    /// At a partition, and who sent it is dead.
    CutForGood,
    /// Nobody holds the connection any more.
    NobodyThere,
    /// Its connection was broken from outside.
    Broken,
    /// By an unsafe network.
    Unsafe,
}

impl EventKind {
    /// To whom it happened.
    pub fn actor(&self) -> Option<Actor> {
        match self {
            EventKind::Act(_) => None,
            EventKind::Delivered { to, .. }
            | EventKind::Lost { to, .. }
            | EventKind::Accepted { to, .. } => Some(*to),
            EventKind::Connected { from, .. } => Some(*from),
            EventKind::Closed { at, .. } => Some(*at),
            EventKind::ServerTimer(id, _)
            | EventKind::Written(id, _)
            | EventKind::WriteFailed(id, _, _) => Some(Actor::Server(*id)),
            EventKind::ClientTimer(id, _) | EventKind::RecipeTimer(id, _) => {
                Some(Actor::Client(*id))
            }
        }
    }

    /// The message that arrived: from whom, to whom, and what.
    pub fn delivered(&self) -> Option<(Actor, Actor, &Message)> {
        match self {
            EventKind::Delivered { from, to, message, .. } => Some((*from, *to, message)),
            EventKind::Act(_)
            | EventKind::Lost { .. }
            | EventKind::Accepted { .. }
            | EventKind::Connected { .. }
            | EventKind::Closed { .. }
            | EventKind::ServerTimer(..)
            | EventKind::ClientTimer(..)
            | EventKind::RecipeTimer(..)
            | EventKind::Written(..)
            | EventKind::WriteFailed(..) => None,
        }
    }
}

/// Something that an event led to and that is worth telling.
#[derive(Clone, Debug)]
pub struct Note {
    /// The event.
    pub event: u32,
    /// Whose.
    pub actor: Actor,
    /// What.
    pub what: NoteKind,
}

/// What is told.
#[derive(Clone, Debug)]
pub enum NoteKind {
    /// A decision and its reason.
    Decision(Why),
    /// A server's state or phase changed.
    StateChanged {
        /// Before.
        from: (ServerState, Phase),
        /// After.
        to: (ServerState, Phase),
    },
    /// A server's process ended by itself.
    Exited,
    /// A client's request has its answer.
    Completed {
        /// The client's number for it.
        number: u32,
        /// What was asked.
        op: Op,
        /// The answer.
        result: Result<Reply, KeeperError>,
    },
    /// A client was told of a change.
    Watch(WatchEvent),
    /// A client's session state changed.
    ClientState(client::session::State),
    /// An invariant broke.
    Violated(Violation),
    /// A recipe tells its application.
    Told {
        /// Of which path.
        path: Path,
        /// What.
        told: recipe::Told,
    },
}

/// Everything that happened.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// In order; the index is the position.
    pub events: Packed<Event>,
    /// In order of their events.
    pub notes: Packed<Note>,
    is_unkept: bool,
    /// The digest of what is forgotten.
    forgotten: Fnv,
}

/// A 64-bit FNV-1a digest of text.
#[derive(Clone, Copy, Debug)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl fmt::Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

impl Trace {
    /// A trace that keeps nothing, for runs that nobody reads.
    pub fn unkept() -> Trace {
        Trace { is_unkept: true, ..Trace::default() }
    }

    /// Adds an event.
    pub fn happened(&mut self, event: Event) {
        if !self.is_unkept {
            self.events.push(event);
        }
    }

    /// Adds a note of the last event.
    pub fn noted(&mut self, note: Note) {
        if !self.is_unkept {
            self.notes.push(note);
        }
    }

    /// How many events.
    pub fn len(&self) -> u32 {
        self.events.len() as u32
    }

    /// Whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Forgets everything from event `len` on.
    pub fn truncate(&mut self, len: u32) {
        self.events.truncate(len as usize);
        let keep = self.notes.partition_point(|note| note.event < len);
        self.notes.truncate(keep);
    }

    /// The notes of the events from `from` on.
    pub fn notes_from(&self, from: u32) -> impl Iterator<Item = Note> + '_ {
        self.notes.iter_from(self.notes.partition_point(|note| note.event < from))
    }

    /// The first event that is kept: those before it are forgotten, but still count.
    pub fn kept_from(&self) -> u32 {
        self.events.kept_from() as u32
    }

    /// Forgets what happened before event `index`, or a little less. The digest stays that of the
    /// whole.
    pub fn forget(&mut self, index: u32) {
        let from = self.kept_from();
        if !self.events.may_forget(index as usize) {
            return;
        }
        let mut events = self.events.clone();
        events.forget(index as usize);
        let mut digest = self.forgotten;
        // Writing to a digest cannot fail.
        let _ = self.write(from, events.kept_from() as u32, &mut digest);
        self.events = events;
        self.forgotten = digest;
        let notes = self.notes.partition_point(|note| note.event < self.kept_from());
        self.notes.forget(notes);
    }

    /// Writes events `from..` and their notes, a line each, as far as they are kept.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_from(&self, from: u32, out: &mut dyn fmt::Write) -> fmt::Result {
        self.write(from, self.len(), out)
    }

    fn write(&self, from: u32, end: u32, out: &mut dyn fmt::Write) -> fmt::Result {
        let from = from.max(self.kept_from());
        let mut notes = self.notes_from(from).peekable();
        for (index, event) in (from..end).zip(self.events.iter_from(from as usize)) {
            writeln!(out, "{index} {event}")?;
            while let Some(note) = notes.next_if(|note| note.event == index) {
                writeln!(out, "  {note}")?;
            }
        }
        Ok(())
    }

    /// A digest of the whole trace as text: 64-bit FNV-1a. Equal natively and in wasm.
    pub fn hash(&self) -> u64 {
        let mut digest = self.forgotten;
        // Writing to a digest cannot fail.
        let _ = self.write_from(0, &mut digest);
        digest.0
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.at)?;
        if self.cause != NO_CAUSE {
            write!(f, "<{} ", self.cause)?;
        }
        match &self.kind {
            EventKind::Act(action) => write!(f, "act {action:?}"),
            EventKind::Delivered { from, to, message, .. } => {
                write!(f, "{from} → {to}  {}", MessageLine(message))
            }
            EventKind::Lost { from, to, message, loss, .. } => {
                write!(f, "{from} ↛ {to}  ")?;
                match message {
                    Some(message) => MessageLine(message).fmt(f)?,
                    None => f.write_str("connection")?,
                }
                f.write_str(match loss {
                    Loss::Cut => "  cut off, TCP sends it again",
                    Loss::CutForGood => "  cut off",
                    Loss::NobodyThere => "  nobody there",
                    Loss::Broken => "  its connection breaks",
                    Loss::Unsafe => "  lost by an unsafe network",
                })
            }
            EventKind::Accepted { conn, from, to, port } => {
                write!(f, "{from} → {to}  dials {port:?} {conn}")
            }
            EventKind::Connected { conn, from, to } => write!(f, "{from} ↔ {to}  connected {conn}"),
            EventKind::Closed { conn, at, peer } => write!(f, "{at} ✕ {peer}  closed {conn}"),
            EventKind::ServerTimer(id, timer) => write!(f, "{id} timer {timer:?}"),
            EventKind::ClientTimer(id, timer) => write!(f, "{id} timer {timer:?}"),
            EventKind::RecipeTimer(id, timer) => write!(f, "{id} timer {timer:?}"),
            EventKind::Written(id, kind) => write!(f, "{id} wrote {kind:?}"),
            EventKind::WriteFailed(id, kind, error) => {
                write!(f, "{id} failed to write {kind:?}: {}", error.text())
            }
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actor = self.actor;
        match &self.what {
            NoteKind::Decision(why) => write!(f, "{actor} why {why:?}"),
            NoteKind::StateChanged { from, to } => {
                let (from_state, from_phase) = (from.0.name(), from.1.name());
                let (to_state, to_phase) = (to.0.name(), to.1.name());
                write!(f, "{actor} {from_state} {from_phase} ⇒ {to_state} {to_phase}")
            }
            NoteKind::Exited => write!(f, "{actor} exits"),
            NoteKind::Completed { number, op, result } => match result {
                Ok(reply) => write!(f, "{actor} {number} {op} ⇒ {reply:?}"),
                Err(error) => write!(f, "{actor} {number} {op} ⇒ {}", error.name()),
            },
            NoteKind::Watch(event) => write!(f, "{actor} {} {}", event.event.name(), event.path),
            NoteKind::ClientState(state) => write!(f, "{actor} {state:?}"),
            NoteKind::Violated(violation) => write!(f, "VIOLATION {violation:?}"),
            NoteKind::Told { path, told } => write!(f, "{actor} {path} {told:?}"),
        }
    }
}

/// A message in a line.
struct MessageLine<'a>(&'a Message);

impl fmt::Display for MessageLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Message::Hello(id) => write!(f, "Hello {id}"),
            Message::Notification(n) => {
                let (round, vote, state) = (n.election_epoch, n.vote, n.state.name());
                write!(f, "Notification round={round} vote={vote} {state}")
            }
            Message::Quorum(packet) => {
                f.write_str(packet.name())?;
                packet_fields(packet, f)
            }
            Message::Connect(request) => write!(f, "ConnectRequest {}", request.session),
            Message::Connected(response) => {
                write!(f, "ConnectResponse {} {} ms", response.session, response.timeout_ms)
            }
            Message::Request { xid, op } => write!(f, "request {xid} {op}"),
            Message::Reply { xid, zxid, result } => match result {
                Ok(_) => write!(f, "reply {xid} {zxid} OK"),
                Err(error) => write!(f, "reply {xid} {zxid} {}", error.name()),
            },
            Message::Watch(event) => write!(f, "event {} {}", event.event.name(), event.path),
            Message::IsReadOnly => f.write_str("isro"),
            Message::IsReadOnlyAnswer { is_read_write: true } => f.write_str("rw"),
            Message::IsReadOnlyAnswer { is_read_write: false } => f.write_str("ro"),
            Message::ClientPing => f.write_str("ping"),
            Message::ClientPong { zxid } => write!(f, "pong {zxid}"),
        }
    }
}

fn packet_fields(packet: &Packet, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match packet {
        Packet::FollowerInfo { accepted_epoch, .. }
        | Packet::ObserverInfo { accepted_epoch, .. } => {
            write!(f, " acceptedEpoch={accepted_epoch}")
        }
        Packet::LeaderInfo { epoch } => write!(f, " epoch={epoch}"),
        Packet::AckEpoch { last_zxid, current_epoch } => match current_epoch {
            Some(epoch) => write!(f, " {last_zxid} currentEpoch={epoch}"),
            None => write!(f, " {last_zxid} currentEpoch=-1"),
        },
        Packet::Diff { zxid }
        | Packet::Trunc { zxid }
        | Packet::NewLeader { zxid, .. }
        | Packet::Ack { zxid }
        | Packet::Commit { zxid } => write!(f, " {zxid}"),
        Packet::Snap { image } => write!(f, " {} {} znodes", image.zxid, image.nodes.len()),
        Packet::Proposal(txn) | Packet::Inform(txn) => {
            write!(f, " {} {}", txn.zxid, body_line(&txn.body))
        }
        Packet::CommitAndActivate { zxid, designated } => write!(f, " {zxid} {designated}"),
        Packet::InformAndActivate { txn, designated } => write!(f, " {} {designated}", txn.zxid),
        Packet::Ping { zxid, touched } => write!(f, " {zxid} sessions={}", touched.len()),
        Packet::Revalidate { session, is_valid, .. } => match is_valid {
            Some(is_valid) => write!(f, " {session} {is_valid}"),
            None => write!(f, " {session}"),
        },
        Packet::Sync { session, cxid } => write!(f, " {session} {cxid}"),
        Packet::Request(request) => {
            write!(f, " {} {} {}", request.session, request.cxid, request.op)
        }
        Packet::UpToDate => Ok(()),
    }
}

/// A transaction in a few words, as in `create /a`.
pub fn body_line(body: &crate::txn::TxnBody) -> String {
    use crate::txn::TxnBody as B;
    match body {
        B::Create { path, .. } => format!("create {path}"),
        B::Delete { path } => format!("delete {path}"),
        B::SetData { path, version, .. } => format!("setData {path} v{version}"),
        B::SetAcl { path, version, .. } => format!("setACL {path} v{version}"),
        B::Check { path } => format!("check {path}"),
        B::CreateSession { timeout_ms } => format!("createSession {timeout_ms} ms"),
        B::CloseSession { paths } => format!("closeSession {} ephemerals", paths.len()),
        B::DeleteContainer { path } => format!("deleteContainer {path}"),
        B::Multi(bodies) => format!("multi of {}", bodies.len()),
        B::Error(error) => format!("error {}", error.name()),
        B::MultiError(results) => format!("multi of {} refused", results.len()),
        B::Reconfig { .. } => "reconfig".to_owned(),
    }
}

pack_struct!(Event { at, cause, kind });
pack_enum!(EventKind { Act(a), Delivered { conn, from, to, message }, Lost { conn, from, to, message, loss }, Accepted { conn, from, to, port }, Connected { conn, from, to }, Closed { conn, at, peer }, ServerTimer(a, b), ClientTimer(a, b), Written(a, b), WriteFailed(a, b, c), RecipeTimer(a, b) });
pack_enum!(Loss { Cut, CutForGood, NobodyThere, Broken, Unsafe });
pack_struct!(Note { event, actor, what });
pack_enum!(NoteKind { Decision(a), StateChanged { from, to }, Exited, Completed { number, op, result }, Watch(a), ClientState(a), Violated(a), Told { path, told } });
pack_refused!(Action);
pack_refused!(Violation);

//! Conditions: what can be awaited and expected.
//!
//! Most are about the moment: who leads, what a server has. Some are about what has happened: a
//! decision, a packet, a synchronization, a watch that fired. `until` counts those from its own
//! beginning, `expect` from the last `mark`.

use super::network::packet_type;
use super::ops::{path, zxid};
use super::text::{Cursor, quoted, word};
use super::verbs::{client_at, client_name, server_at, some_servers, write_servers};
use super::{Scope, ScriptError};
use crate::lab::view::ClientState;
use crate::sim::check::Invariant;
use crate::sim::link::PacketType;
use crate::txn::{Bytes, EventType, Path};
use crate::types::{Actor, ClientId, ServerId, ServerState, Zxid};
use crate::why::{SyncKind, SyncRule, Why};
use std::rc::Rc;

/// Something that can be so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// Somebody leads and may serve; this server, if one is named.
    Leader(Option<ServerId>),
    /// These servers serve; all that run, if none are named.
    Serving(Option<Rc<[ServerId]>>),
    /// These servers serve and have processed what the leader has; all that run, if none are named.
    Synchronized(Option<Rc<[ServerId]>>),
    /// Nothing but pings is on its way, and no client waits for an answer.
    Quiet,
    /// A server's state; `None` is a process that does not run.
    State(ServerId, Option<ServerState>),
    /// The epoch of the leader, or a server's `currentEpoch` on disk.
    Epoch {
        /// The epoch.
        epoch: u32,
        /// Whose.
        on: Option<ServerId>,
    },
    /// The last transaction a server has processed.
    Zxid {
        /// The transaction.
        zxid: Zxid,
        /// Which server.
        on: ServerId,
    },
    /// A client's state.
    Session(ClientId, ClientState),
    /// A decision was taken for this reason.
    Why {
        /// The reason's name: one of [`Why::names`].
        name: &'static str,
        /// By whom.
        by: Option<Actor>,
    },
    /// A packet arrived.
    Packet {
        /// Which.
        packet: PacketType,
        /// From whom.
        from: Option<Actor>,
        /// To whom.
        to: Option<Actor>,
    },
    /// The last time a learner was synchronized, it was so.
    Sync {
        /// Which learner.
        learner: ServerId,
        /// DIFF, TRUNC or SNAP.
        kind: SyncKind,
        /// The row of the table: one of [`SyncRule::names`].
        rule: Option<&'static str>,
    },
    /// An invariant broke.
    Violation(Option<Invariant>),
    /// A znode is there; on all servers that serve, if none is named.
    Znode {
        /// Which.
        path: Path,
        /// With this data.
        data: Option<Bytes>,
        /// On which server.
        on: Option<ServerId>,
    },
    /// The digest of the whole trace.
    Hash(u64),
    /// The last answer in a client's console.
    Answer {
        /// Whose.
        client: ClientId,
        /// What it says.
        text: Rc<str>,
        /// Whether it may say more.
        is_part: bool,
    },
    /// Who holds, believes or waits on a recipe's path.
    Recipe {
        /// Which of these.
        role: Role,
        /// Where.
        path: Path,
        /// They and nobody else; who waits in this order.
        clients: Rc<[ClientId]>,
    },
    /// A client was told of a change.
    Event {
        /// Which client.
        client: ClientId,
        /// What happened.
        event: EventType,
        /// To which znode.
        path: Path,
    },
}

impl Condition {
    /// Whether it is about what has happened so far, not about the moment.
    pub fn is_about_the_past(&self) -> bool {
        match self {
            Condition::Why { .. }
            | Condition::Packet { .. }
            | Condition::Sync { .. }
            | Condition::Hash(_)
            | Condition::Event { .. } => true,
            Condition::Leader(_)
            | Condition::Serving(_)
            | Condition::Synchronized(_)
            | Condition::Quiet
            | Condition::State(..)
            | Condition::Epoch { .. }
            | Condition::Zxid { .. }
            | Condition::Session(..)
            | Condition::Violation(_)
            | Condition::Znode { .. }
            | Condition::Answer { .. }
            | Condition::Recipe { .. } => false,
        }
    }
}

/// How clients stand with a recipe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Its node comes first.
    Holder,
    /// It goes on as if it held.
    Believer,
    /// It waits.
    Waiter,
}

impl Role {
    /// All of them, as they are written.
    const ALL: [(&str, Role); 3] =
        [("holder", Role::Holder), ("believer", Role::Believer), ("waiting", Role::Waiter)];
}

/// What conditions begin with.
const EXPECTED: &str = "a condition such as leader, serving, why or c1 answer";

/// States of servers, by ZooKeeper's names.
const STATES: [ServerState; 4] =
    [ServerState::Looking, ServerState::Following, ServerState::Leading, ServerState::Observing];

/// States of clients.
const SESSIONS: [ClientState; 6] = [
    ClientState::Connecting,
    ClientState::Connected,
    ClientState::ConnectedReadOnly,
    ClientState::Expired,
    ClientState::Closed,
    ClientState::Vanished,
];

/// A client's state as it is written.
pub const fn session_name(state: ClientState) -> &'static str {
    match state {
        ClientState::Connecting => "connecting",
        ClientState::Connected => "connected",
        ClientState::ConnectedReadOnly => "connected-read-only",
        ClientState::Expired => "expired",
        ClientState::Closed => "closed",
        ClientState::Vanished => "vanished",
    }
}

/// Events of watches.
const EVENTS: [EventType; 7] = [
    EventType::NodeCreated,
    EventType::NodeDeleted,
    EventType::NodeDataChanged,
    EventType::NodeChildrenChanged,
    EventType::DataWatchRemoved,
    EventType::ChildWatchRemoved,
    EventType::PersistentWatchRemoved,
];

/// An invariant's name.
pub fn invariant_name(invariant: Invariant) -> String {
    format!("{invariant:?}")
}

/// Reads a condition.
///
/// # Errors
/// If it is none.
pub fn read(cursor: &mut Cursor, scope: &Scope) -> Result<Condition, ScriptError> {
    let at = cursor.at();
    let word = cursor.word()?.filter(|word| !word.is_quoted);
    let keyword = word.as_ref().and_then(|word| std::str::from_utf8(&word.bytes).ok());
    Ok(match keyword {
        Some("leader") => match cursor.is_over() {
            true => Condition::Leader(None),
            false => Condition::Leader(optional_server(cursor, scope)?),
        },
        Some("serving") => Condition::Serving(some_servers(cursor, scope)?),
        Some("synchronized") => Condition::Synchronized(some_servers(cursor, scope)?),
        Some("quiet") => Condition::Quiet,
        Some("state") => {
            let id = server_at(cursor, scope)?;
            let state = if cursor.takes("DOWN") { None } else { Some(state(cursor)?) };
            Condition::State(id, state)
        }
        Some("epoch") => {
            Condition::Epoch { epoch: cursor.number("an epoch")?, on: on(cursor, scope)? }
        }
        Some("zxid") => {
            let (zxid, at) = (zxid(cursor)?, cursor.at());
            let on = on(cursor, scope)?;
            Condition::Zxid {
                zxid,
                on: on.ok_or_else(|| cursor.expected_at(at, "on and a server"))?,
            }
        }
        Some("session") => {
            let client = client_at(cursor, scope)?;
            let known = |word: &str| SESSIONS.into_iter().find(|s| session_name(*s) == word);
            let expected =
                "connecting, connected, connected-read-only, expired, closed or vanished";
            Condition::Session(client, cursor.read(expected, known)?)
        }
        Some("why") => {
            let name = name(cursor, &Why::names(), "a reason such as Elected")?;
            let is_over = cursor.is_over() || cursor.is_next("within");
            Condition::Why { name, by: if is_over { None } else { Some(actor(cursor, scope)?) } }
        }
        Some("packet") => {
            let packet = packet_type(cursor)?;
            let from = if cursor.takes("from") { Some(actor(cursor, scope)?) } else { None };
            let to = if cursor.takes("to") { Some(actor(cursor, scope)?) } else { None };
            Condition::Packet { packet, from, to }
        }
        Some("sync") => {
            let learner = server_at(cursor, scope)?;
            let kinds = [SyncKind::Diff, SyncKind::Trunc, SyncKind::Snap];
            let known = |word: &str| kinds.into_iter().find(|kind| kind.name() == word);
            let kind = cursor.read("DIFF, TRUNC or SNAP", known)?;
            let is_over = cursor.is_over() || cursor.is_next("within");
            let expected = "a rule such as InCommittedLog";
            let rule =
                if is_over { None } else { Some(name(cursor, &SyncRule::names(), expected)?) };
            Condition::Sync { learner, kind, rule }
        }
        Some("violation") => match cursor.is_over() || cursor.is_next("within") {
            true => Condition::Violation(None),
            false => {
                let known = |word: &str| {
                    Invariant::ALL.into_iter().find(|known| invariant_name(*known) == word)
                };
                let expected = "an invariant such as Leadership1";
                Condition::Violation(Some(cursor.read(expected, known)?))
            }
        },
        Some("znode") => {
            let path = path(cursor)?;
            let data = if cursor.takes("data") {
                Some(cursor.some_word("data in quotes")?.bytes.into())
            } else {
                None
            };
            Condition::Znode { path, data, on: on(cursor, scope)? }
        }
        Some("hash") => {
            let hex = |word: &str| {
                let is_hex = word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
                u64::from_str_radix(word, 16).ok().filter(|_| is_hex)
            };
            Condition::Hash(cursor.read("16 hex digits", hex)?)
        }
        Some(word) if Role::ALL.iter().any(|(name, _)| *name == word) => {
            let role = Role::ALL.into_iter().find(|(name, _)| *name == word);
            let role = role.map_or(Role::Holder, |(_, role)| role);
            let path = path(cursor)?;
            Condition::Recipe { role, path, clients: clients(cursor, scope)? }
        }
        Some(_) | None => {
            cursor.back_to(at);
            of_client(cursor, scope)?
        }
    })
}

/// `c1 answer "…"`, `c1 NodeDeleted /x`.
fn of_client(cursor: &mut Cursor, scope: &Scope) -> Result<Condition, ScriptError> {
    let at = cursor.at();
    let Ok(client) = client_at(cursor, scope) else {
        cursor.back_to(at);
        let expected = format!("{EXPECTED}, with a client that there is");
        return Err(cursor.expected_at(at, &expected));
    };
    if cursor.takes("answer") {
        let is_part = cursor.takes("has");
        let text = cursor.text("an answer in quotes")?.into();
        return Ok(Condition::Answer { client, text, is_part });
    }
    let known = |word: &str| EVENTS.into_iter().find(|event| event.name() == word);
    let event = cursor.read("answer, or an event such as NodeDeleted", known)?;
    Ok(Condition::Event { client, event, path: path(cursor)? })
}

/// Clients that must be named, or `none`.
fn clients(cursor: &mut Cursor, scope: &Scope) -> Result<Rc<[ClientId]>, ScriptError> {
    if cursor.takes("none") {
        return Ok(Rc::from([]));
    }
    let mut clients = vec![client_at(cursor, scope)?];
    while !cursor.is_over() && !cursor.is_next("within") {
        clients.push(client_at(cursor, scope)?);
    }
    Ok(clients.into())
}

fn state(cursor: &mut Cursor) -> Result<ServerState, ScriptError> {
    let known = |word: &str| STATES.into_iter().find(|state| state.name() == word);
    cursor.read("LOOKING, FOLLOWING, LEADING, OBSERVING or DOWN", known)
}

fn name(
    cursor: &mut Cursor,
    names: &[&'static str],
    expected: &str,
) -> Result<&'static str, ScriptError> {
    let at = cursor.at();
    let found = cursor.read(expected, |word| Some(word.to_owned()))?;
    names.iter().find(|known| **known == found).copied().ok_or_else(|| {
        match crate::config::near(&found, names.iter().copied()) {
            Some(near) => cursor.expected_at(at, &format!("{expected}; did you mean {near}?")),
            None => cursor.expected_at(at, expected),
        }
    })
}

fn optional_server(cursor: &mut Cursor, scope: &Scope) -> Result<Option<ServerId>, ScriptError> {
    if cursor.is_next("within") { Ok(None) } else { server_at(cursor, scope).map(Some) }
}

fn on(cursor: &mut Cursor, scope: &Scope) -> Result<Option<ServerId>, ScriptError> {
    if cursor.takes("on") { server_at(cursor, scope).map(Some) } else { Ok(None) }
}

/// A server or a client.
pub fn actor(cursor: &mut Cursor, scope: &Scope) -> Result<Actor, ScriptError> {
    let at = cursor.at();
    let word = cursor.word()?.filter(|word| !word.is_quoted);
    cursor.back_to(at);
    let digits = word.as_ref().and_then(|word| word.bytes.strip_prefix(b"s"));
    match digits.is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)) {
        true => server_at(cursor, scope).map(Actor::Server),
        false => client_at(cursor, scope).map(Actor::Client),
    }
}

/// A server or a client as it is written.
pub fn write_actor(actor: Actor, scope: &Scope) -> String {
    match actor {
        Actor::Server(id) => id.to_string(),
        Actor::Client(id) => client_name(scope.name(id)),
    }
}

/// Clients as they are written.
pub fn write_clients(clients: &[ClientId], scope: &Scope) -> String {
    let names = clients.iter().map(|client| client_name(scope.name(*client)));
    if clients.is_empty() { "none".to_owned() } else { names.collect::<Vec<_>>().join(" ") }
}

/// A condition as it is written.
pub fn write(condition: &Condition, scope: &Scope) -> String {
    let server = |id: &ServerId| format!(" {id}");
    let on = |id: &Option<ServerId>| id.map_or_else(String::new, |id| format!(" on {id}"));
    let servers = |ids: &Option<Rc<[ServerId]>>| {
        ids.as_ref().map_or_else(String::new, |ids| format!(" {}", write_servers(ids, scope)))
    };
    match condition {
        Condition::Leader(id) => format!("leader{}", id.as_ref().map_or_else(String::new, server)),
        Condition::Serving(ids) => format!("serving{}", servers(ids)),
        Condition::Synchronized(ids) => format!("synchronized{}", servers(ids)),
        Condition::Quiet => "quiet".to_owned(),
        Condition::State(id, state) => {
            format!("state {id} {}", state.map_or("DOWN", ServerState::name))
        }
        Condition::Epoch { epoch, on: id } => format!("epoch {epoch}{}", on(id)),
        Condition::Zxid { zxid, on } => format!("zxid {zxid} on {on}"),
        Condition::Session(client, state) => {
            format!("session {} {}", client_name(scope.name(*client)), session_name(*state))
        }
        Condition::Why { name, by } => {
            let by = by.map_or_else(String::new, |by| format!(" {}", write_actor(by, scope)));
            format!("why {name}{by}")
        }
        Condition::Packet { packet, from, to } => {
            let end = |keyword: &str, end: &Option<Actor>| {
                end.map_or_else(String::new, |end| {
                    format!(" {keyword} {}", write_actor(end, scope))
                })
            };
            format!("packet {}{}{}", packet.name(), end("from", from), end("to", to))
        }
        Condition::Sync { learner, kind, rule } => {
            let rule = rule.map_or_else(String::new, |rule| format!(" {rule}"));
            format!("sync {learner} {}{rule}", kind.name())
        }
        Condition::Violation(None) => "violation".to_owned(),
        Condition::Violation(Some(invariant)) => {
            format!("violation {}", invariant_name(*invariant))
        }
        Condition::Znode { path, data, on: id } => {
            let data =
                data.as_ref().map_or_else(String::new, |data| format!(" data {}", quoted(data)));
            format!("znode {}{data}{}", word(path), on(id))
        }
        Condition::Hash(hash) => format!("hash {hash:016x}"),
        Condition::Answer { client, text, is_part } => {
            let has = if *is_part { " has" } else { "" };
            let name = client_name(scope.name(*client));
            format!("{name} answer{has} {}", quoted(text.as_bytes()))
        }
        Condition::Recipe { role, path, clients } => {
            let role = Role::ALL.iter().find(|(_, known)| known == role).map_or("", |(n, _)| n);
            format!("{role} {} {}", word(path), write_clients(clients, scope))
        }
        Condition::Event { client, event, path } => {
            format!("{} {} {}", client_name(scope.name(*client)), event.name(), word(path))
        }
    }
}

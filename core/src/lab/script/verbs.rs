//! Verbs: how each [`Action`] is written.
//!
//! To add one: a row of [`VERBS`] with the function that reads it, an arm of [`write`]. The round
//! trip of `tests/scenarios.rs` shows the rest.

use super::text::{Cursor, quoted, time};
use super::{MOST_CLIENTS, Scope, ScriptError, disk, network, ops, recipes};
use crate::client::session::Library;
use crate::lab::scenario::MOST_SERVERS;
use crate::sim::action::Action;
use crate::types::{ClientId, ServerId};
use std::rc::Rc;

type Read = fn(&mut Cursor, &mut Scope) -> Result<Action, ScriptError>;

/// Every verb: its name, what follows it, and how that is read.
pub const VERBS: [(&str, &str, Read); 27] = [
    ("start", "[SERVERS]", |cursor, scope| servers_or_all(cursor, scope).map(Action::Start)),
    ("add-server", "SERVER MEMBERS", add_server),
    ("kill", "SERVERS", |cursor, scope| servers(cursor, scope).map(Action::Kill)),
    ("pause", "SERVERS", |cursor, scope| servers(cursor, scope).map(Action::Pause)),
    ("resume", "SERVERS", |cursor, scope| servers(cursor, scope).map(Action::Resume)),
    ("partition", "SERVERS | SERVERS …", partition),
    ("heal", "", |_, _| Ok(Action::Heal)),
    ("disk", "FAULT SERVERS", disk::read),
    ("client", "NAME [java|kazoo] [timeout TIME] [read-only] [servers SERVERS]", connect),
    ("send", "CLIENT REQUEST", send),
    ("close", "CLIENT", |cursor, scope| client_at(cursor, scope).map(Action::CloseSession)),
    ("vanish", "CLIENT", |cursor, scope| client_at(cursor, scope).map(Action::Vanish)),
    ("move", "CLIENT SERVERS", move_client),
    ("pause-client", "CLIENT", |cursor, scope| client_at(cursor, scope).map(Action::PauseClient)),
    ("resume-client", "CLIENT", |cursor, scope| client_at(cursor, scope).map(Action::ResumeClient)),
    (
        "contend",
        "NAME COUNT [java|kazoo] [timeout TIME] [servers SERVERS] > RECIPE",
        recipes::contend,
    ),
    ("cut", "FROM TO", network::cut),
    ("mend", "FROM TO", network::mend),
    ("latency", "FROM TO default|TIME|TIME TIME|TIME TIME long-tail", network::latency),
    ("bandwidth", "FROM TO unlimited|BYTES", network::bandwidth),
    ("hold", "FROM TO PACKET|all", network::hold),
    ("release", "FROM TO PACKET|all", network::release),
    ("hold-packet", "NUMBER", network::hold_packet),
    ("release-packet", "NUMBER", network::release_packet),
    ("deliver-packet", "NUMBER", network::deliver_packet),
    ("lose-packet", "NUMBER", network::lose_packet),
    ("unsafe", "off|LOSS REORDER DUPLICATE", network::unsafety),
];

/// Keywords with which other steps begin.
const STEPS: [&str; 9] = ["at", "after", "run", "until", "expect", "mark", "ask", "type", "end"];

/// Reads an action; nothing if no verb comes next.
///
/// # Errors
/// If what follows the verb is not what should.
pub fn read(cursor: &mut Cursor, scope: &mut Scope) -> Result<Option<Action>, ScriptError> {
    match VERBS.iter().find(|(verb, _, _)| cursor.takes(verb)) {
        Some((_, _, read)) => read(cursor, scope).map(Some),
        None => Ok(None),
    }
}

/// What is expected where a statement should begin: a near one if there is one.
pub fn expected(cursor: &Cursor, at: usize) -> String {
    let mut ahead = cursor.clone();
    ahead.back_to(at);
    let found = ahead.word().ok().flatten().filter(|word| !word.is_quoted);
    let found = found.map(|word| String::from_utf8_lossy(&word.bytes).into_owned());
    let known = VERBS.iter().map(|(verb, _, _)| *verb).chain(STEPS);
    match found.and_then(|found| crate::config::near(&found, known)) {
        Some(near) => format!("a statement such as {near}"),
        None => "a statement such as start, until, expect or c1>".to_owned(),
    }
}

/// An action as it is written.
pub fn write(action: &Action, scope: &Scope) -> String {
    match action {
        Action::Start(ids) if **ids == *scope.servers => "start".to_owned(),
        Action::Start(ids) => format!("start {}", write_servers(ids, scope)),
        Action::AddServer { server, members } => {
            format!("add-server {server} {}", quoted(members.as_bytes()))
        }
        Action::Kill(ids) => format!("kill {}", write_servers(ids, scope)),
        Action::Pause(ids) => format!("pause {}", write_servers(ids, scope)),
        Action::Resume(ids) => format!("resume {}", write_servers(ids, scope)),
        Action::Partition(groups) => {
            let groups: Vec<String> =
                groups.iter().map(|ids| write_servers(ids, &Scope::default())).collect();
            format!("partition {}", groups.join(" | ")).trim_end().to_owned()
        }
        Action::Heal => "heal".to_owned(),
        Action::Network(action) => network::write(action, scope),
        Action::Disk(action) => disk::write(action, scope),
        Action::Connect { name, servers, timeout_ms, can_be_read_only, library } => {
            let handle = write_handle(*library, *timeout_ms, *can_be_read_only, servers, scope);
            format!("client {}{handle}", client_name(name))
        }
        Action::Submit { client, line: Some(line), .. } => {
            let name = client_name(scope.name(*client));
            match is_plain(line) {
                true => format!("{name}>> {line}"),
                false => format!("type {name} {}", quoted(line.as_bytes())),
            }
        }
        Action::Submit { client, op, line: None } => {
            format!("send {} {}", client_name(scope.name(*client)), ops::write(op))
        }
        Action::CloseSession(client) => format!("close {}", client_name(scope.name(*client))),
        Action::Vanish(client) => format!("vanish {}", client_name(scope.name(*client))),
        Action::MoveClient { client, servers } => {
            let servers = write_servers(servers, scope);
            format!("move {} {servers}", client_name(scope.name(*client)))
        }
        Action::PauseClient(client) => {
            format!("pause-client {}", client_name(scope.name(*client)))
        }
        Action::ResumeClient(client) => {
            format!("resume-client {}", client_name(scope.name(*client)))
        }
        Action::Recipe { client, ask, line: _ } => {
            recipes::write_ask(&client_name(scope.name(*client)), ">>", ask)
        }
        Action::Contend(contest) => recipes::write_contest(contest, scope),
    }
}

/// How a client is made, as it is written after its name.
pub fn write_handle(
    library: Library,
    timeout_ms: u32,
    can_be_read_only: bool,
    servers: &[ServerId],
    scope: &Scope,
) -> String {
    let library = match library {
        Library::Java => "",
        Library::Kazoo => " kazoo",
    };
    let timeout = time(u64::from(timeout_ms) * 1000);
    let read_only = if can_be_read_only { " read-only" } else { "" };
    let servers = match *servers == *scope.servers {
        true => String::new(),
        false => format!(" servers {}", write_servers(servers, scope)),
    };
    format!("{library} timeout {timeout}{read_only}{servers}")
}

/// What zkCli says, in one line.
pub fn in_a_line(text: &str) -> String {
    text.replace('\n', "; usage: ").chars().take(400).collect()
}

/// Whether a typed line can stand after `c1>` as it is.
pub fn is_plain(line: &str) -> bool {
    let is_odd = |c: char| c.is_control() && c != '\t';
    !line.is_empty() && line.trim() == line && !line.starts_with('>') && !line.contains(is_odd)
}

// --- Servers

fn server(cursor: &mut Cursor, scope: &Scope) -> Result<Option<ServerId>, ScriptError> {
    let at = cursor.at();
    let word = cursor.word()?.filter(|word| !word.is_quoted);
    let number = word.as_ref().and_then(|word| std::str::from_utf8(&word.bytes).ok());
    let number = number.and_then(|word| word.strip_prefix('s'));
    let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some(number) = number.filter(is_number) else {
        cursor.back_to(at);
        return Ok(None);
    };
    let id = number.parse().ok().map(ServerId).filter(|id| scope.servers.contains(id));
    let shown: String = number.chars().take(10).collect();
    id.map(Some).ok_or_else(|| cursor.error_at(at, format!("there is no server s{shown}")))
}

/// A server that must be there.
pub fn server_at(cursor: &mut Cursor, scope: &Scope) -> Result<ServerId, ScriptError> {
    let at = cursor.at();
    server(cursor, scope)?.ok_or_else(|| cursor.expected_at(at, "a server such as s1"))
}

/// Servers, if any are named.
pub fn some_servers(
    cursor: &mut Cursor,
    scope: &Scope,
) -> Result<Option<Rc<[ServerId]>>, ScriptError> {
    if cursor.takes("all") {
        return Ok(Some(scope.servers.clone().into()));
    }
    if cursor.takes("none") {
        return Ok(Some(Rc::from([])));
    }
    let mut ids = Vec::new();
    while let Some(id) = server(cursor, scope)? {
        ids.push(id);
    }
    Ok((!ids.is_empty()).then(|| ids.into()))
}

fn servers_or_all(cursor: &mut Cursor, scope: &Scope) -> Result<Rc<[ServerId]>, ScriptError> {
    let named = some_servers(cursor, scope)?;
    Ok(named.unwrap_or_else(|| scope.servers.clone().into()))
}

/// Servers that must be named.
pub fn servers(cursor: &mut Cursor, scope: &Scope) -> Result<Rc<[ServerId]>, ScriptError> {
    let at = cursor.at();
    let expected = "servers such as s1 s2, or all";
    some_servers(cursor, scope)?.ok_or_else(|| cursor.expected_at(at, expected))
}

/// Servers as they are written. All of the scope's are `all`.
pub fn write_servers(ids: &[ServerId], scope: &Scope) -> String {
    match ids {
        [] => "none".to_owned(),
        _ if *ids == *scope.servers => "all".to_owned(),
        _ => ids.iter().map(ServerId::to_string).collect::<Vec<_>>().join(" "),
    }
}

fn add_server(cursor: &mut Cursor, scope: &mut Scope) -> Result<Action, ScriptError> {
    let number = |word: &str| word.strip_prefix('s')?.parse().ok();
    let is_possible = |id: &u8| (1..=MOST_SERVERS).contains(id);
    let expected = "a server from s1 to s99";
    let id = cursor.read(expected, |word| number(word).filter(is_possible)).map(ServerId)?;
    let members = cursor.text("its configuration in quotes: server.N=… lines with commas")?;
    scope.add_server(id);
    Ok(Action::AddServer { server: id, members: members.into() })
}

fn partition(cursor: &mut Cursor, scope: &mut Scope) -> Result<Action, ScriptError> {
    let mut groups = Vec::new();
    if !cursor.is_over() {
        groups.push(servers(cursor, scope)?);
    }
    while !groups.is_empty() && cursor.takes_symbol('|') {
        groups.push(servers(cursor, scope)?);
    }
    Ok(Action::Partition(groups.into()))
}

// --- Clients

/// Words that a bare client name may not be, since they begin something else.
const RESERVED: [&str; 24] = [
    "all",
    "any",
    "servers",
    "clients",
    "leader",
    "serving",
    "synchronized",
    "quiet",
    "state",
    "epoch",
    "zxid",
    "session",
    "why",
    "packet",
    "sync",
    "violation",
    "znode",
    "hash",
    "no",
    "none",
    "holder",
    "believer",
    "waiting",
    "within",
];

/// A client's name, bare or quoted.
pub fn read_client_name(cursor: &mut Cursor) -> Result<String, ScriptError> {
    let at = cursor.at();
    let word = cursor.some_word("the name of a client")?;
    let name = String::from_utf8(word.bytes);
    let name = name.map_err(|_| cursor.error_at(at, "a name must be UTF-8 text"))?;
    if name.is_empty() {
        return Err(cursor.error_at(at, "a name must have a letter"));
    }
    if !word.is_quoted && !is_bare_name(&name) {
        let message = "a name such as c1; in quotes it may be anything";
        return Err(cursor.expected_at(at, message));
    }
    Ok(name)
}

fn is_bare_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_server =
        name.strip_prefix('s').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    name.chars().all(is_letter)
        && name.chars().next().is_some_and(char::is_alphabetic)
        && !is_server
        && !RESERVED.contains(&name)
}

/// A client's name as it is written.
pub fn client_name(name: &str) -> String {
    if is_bare_name(name) { name.to_owned() } else { quoted(name.as_bytes()) }
}

/// A client that must be there.
pub fn client_at(cursor: &mut Cursor, scope: &Scope) -> Result<ClientId, ScriptError> {
    let at = cursor.at();
    let name = read_client_name(cursor)?;
    let shown: String = name.chars().take(40).collect();
    scope
        .client(&name)
        .ok_or_else(|| cursor.error_at(at, format!("there is no client {shown:?} yet")))
}

fn connect(cursor: &mut Cursor, scope: &mut Scope) -> Result<Action, ScriptError> {
    let at = cursor.at();
    let name: Rc<str> = read_client_name(cursor)?.into();
    // Even if something else of the line is wrong, later lines may name it.
    scope.add_client(&name);
    if MOST_CLIENTS < scope.clients.len() {
        return Err(cursor.error_at(at, format!("more than {MOST_CLIENTS} clients")));
    }
    let library = library(cursor);
    let timeout_ms = timeout_ms(cursor)?;
    let can_be_read_only = cursor.takes("read-only");
    let servers = known_servers(cursor, scope)?;
    Ok(Action::Connect { name, servers, timeout_ms, can_be_read_only, library })
}

/// Whose habits a client has.
pub fn library(cursor: &mut Cursor) -> Library {
    match cursor.takes("kazoo") {
        true => Library::Kazoo,
        false => {
            cursor.takes("java");
            Library::Java
        }
    }
}

/// The session timeout a client asks for, if it is said.
pub fn timeout_ms(cursor: &mut Cursor) -> Result<u32, ScriptError> {
    if !cursor.takes("timeout") {
        return Ok(10_000);
    }
    let at = cursor.at();
    let us = cursor.time()?;
    let ms = u32::try_from(us / 1000).ok().filter(|_| us.is_multiple_of(1000));
    let wrong = "a session timeout is a whole number of milliseconds, at most 49 days";
    ms.ok_or_else(|| cursor.error_at(at, wrong))
}

/// The servers a client knows: all, if it is not said.
pub fn known_servers(cursor: &mut Cursor, scope: &Scope) -> Result<Rc<[ServerId]>, ScriptError> {
    if !cursor.takes("servers") {
        return Ok(scope.servers.clone().into());
    }
    named_servers(cursor, scope)
}

fn named_servers(cursor: &mut Cursor, scope: &Scope) -> Result<Rc<[ServerId]>, ScriptError> {
    let at = cursor.at();
    let known = servers(cursor, scope)?;
    if known.is_empty() {
        return Err(cursor.error_at(at, "a client must know at least one server"));
    }
    Ok(known)
}

fn move_client(cursor: &mut Cursor, scope: &mut Scope) -> Result<Action, ScriptError> {
    let client = client_at(cursor, scope)?;
    let servers = named_servers(cursor, scope)?;
    Ok(Action::MoveClient { client, servers })
}

fn send(cursor: &mut Cursor, scope: &mut Scope) -> Result<Action, ScriptError> {
    let client = client_at(cursor, scope)?;
    let op = ops::read(cursor)?;
    Ok(Action::Submit { client, op, line: None })
}

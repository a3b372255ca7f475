//! zkCli for each client: what a typed line leads to, and what stands on the screen.
//!
//! ZooKeeper: `ZooKeeperMain`. Simplified: zkCli waits for an answer before it takes the next line,
//! here several may be on their way.

use super::{Lab, zkcli};
use crate::client::session::State;
use crate::lab::view::{ConsoleKind, ConsoleLine};
use crate::sim::action::Action;
use crate::sim::transcript::Entry;
use crate::sim::world::ClientSlot;
use crate::types::{ClientId, ServerId};
use std::rc::Rc;
use zkcli::Command;

/// Lines of a console that never became requests. They belong to no moment of the run, but are
/// shown where they were typed.
#[derive(Clone, Debug)]
pub(super) struct Aside {
    client: ClientId,
    /// How many entries its transcript had.
    after: usize,
    lines: Vec<ConsoleLine>,
    /// Whether events are shown from here on, if that changes.
    prints_watches: Option<bool>,
}

impl Lab {
    /// Obeys a line of a client's console. What is wrong with it is told there.
    pub fn command(&mut self, client: ClientId, line: &str) {
        match zkcli::parse(line) {
            Ok(command) => self.obey(client, line, command),
            Err(error) => self.aside(client, line, ConsoleKind::Error, &error.to_string()),
        }
    }

    /// An answer that is given without asking a server, to a line that was typed.
    pub fn answer(&mut self, client: ClientId, line: &str, text: &str) {
        self.aside(client, line, ConsoleKind::Output, text);
    }

    fn obey(&mut self, client: ClientId, line: &str, command: Command) {
        let Some(slot) = self.world().clients.get(&client) else { return };
        let is_over = matches!(slot.process.state(), State::Expired | State::Closed);
        let has_vanished = slot.has_vanished;
        let error = |lab: &mut Lab, text: &str| lab.aside(client, line, ConsoleKind::Error, text);
        match command {
            Command::Blank => {}
            Command::Ask(_) | Command::Recipe(_) | Command::Quit if has_vanished => {
                error(self, "this client's process is dead");
            }
            Command::Ask(_) | Command::Quit if is_over => {
                self.answer(client, line, "Not connected");
            }
            Command::Ask(op) => {
                self.do_it(Action::Submit { client, op, line: Some(line.trim().into()) });
            }
            Command::Recipe(ask) => self.do_it(zkcli::recipes::action(client, ask)),
            Command::Quit => {
                self.answer(client, line, "");
                self.do_it(Action::CloseSession(client));
            }
            Command::Help(None) => self.answer(client, line, &zkcli::usage()),
            Command::Help(Some(about)) => self.answer(client, line, &zkcli::usage_of(about)),
            Command::Version => self.answer(client, line, "ZooKeeper CLI version: 3.8.0"),
            Command::History => {
                let mut typed = self.typed(client);
                typed.push(line.trim().into());
                // The last ten, and this one.
                let lines = typed.iter().enumerate().skip(typed.len().saturating_sub(11));
                let lines: Vec<String> = lines.map(|(n, line)| format!("{n} - {line}")).collect();
                self.answer(client, line, &lines.join("\n"));
            }
            Command::Redo(number) => match self.typed(client).get(number) {
                None => error(self, "Command index out of range"),
                Some(again) if again.split_whitespace().next() == Some("redo") => {
                    error(self, "No redoing redos")
                }
                Some(again) => self.command(client, &again.clone()),
            },
            Command::PrintWatches(None) => {
                let is_on = if self.prints_watches(client) { "on" } else { "off" };
                self.answer(client, line, &format!("printwatches is {is_on}"));
            }
            Command::PrintWatches(is_on @ Some(_)) => {
                self.answer(client, line, "");
                if let Some(aside) = self.asides.last_mut() {
                    aside.prints_watches = is_on;
                }
            }
            Command::Connect(hosts) => match self.connection(again(slot), hosts.as_deref()) {
                Ok(connect) => {
                    self.answer(client, line, "");
                    if !is_over && !has_vanished {
                        self.do_it(Action::CloseSession(client));
                    }
                    self.do_it(connect);
                }
                Err(problem) => error(self, &problem),
            },
        }
    }

    /// What `connect` does for this client.
    fn connection(&self, old: Action, hosts: Option<&str>) -> Result<Action, String> {
        let Some(hosts) = hosts else { return Ok(old) };
        let server = |host: &str| {
            let name = host.split_once(':').map_or(host, |(name, _)| name);
            let id = name.strip_prefix('s').and_then(|id| id.parse().ok()).map(ServerId);
            let is_known = |id: &ServerId| self.world().has_server(*id);
            let shown: String = name.chars().take(40).collect();
            id.filter(is_known).ok_or_else(|| format!("there is no server {shown}: s1:2181 is one"))
        };
        let servers: Rc<[ServerId]> = hosts.split(',').map(server).collect::<Result<_, _>>()?;
        match old {
            Action::Connect { name, timeout_ms, can_be_read_only, library, .. } => {
                Ok(Action::Connect { name, servers, timeout_ms, can_be_read_only, library })
            }
            other => Ok(other),
        }
    }

    fn aside(&mut self, client: ClientId, line: &str, kind: ConsoleKind, text: &str) {
        let Some(slot) = self.world().clients.get(&client) else { return };
        let after = slot.transcript.entries.len();
        let mut lines = vec![ConsoleLine { kind: ConsoleKind::Input, text: line.trim().into() }];
        if !text.is_empty() {
            lines.push(ConsoleLine { kind, text: text.into() });
        }
        self.asides.push(Aside { client, after, lines, prints_watches: None });
    }

    fn asides_of(&self, client: ClientId, slot: &ClientSlot) -> impl Iterator<Item = &Aside> {
        let end = slot.transcript.entries.len();
        self.asides.iter().filter(move |aside| aside.client == client && aside.after <= end)
    }

    /// Whether a client's console shows events.
    fn prints_watches(&self, client: ClientId) -> bool {
        let Some(slot) = self.world().clients.get(&client) else { return true };
        self.asides_of(client, slot).filter_map(|aside| aside.prints_watches).last().unwrap_or(true)
    }

    /// Every line that was typed, the first one first.
    fn typed(&self, client: ClientId) -> Vec<Rc<str>> {
        let lines = self.console(client);
        let typed = lines.into_iter().filter(|line| line.kind == ConsoleKind::Input);
        typed.map(|line| line.text).collect()
    }

    /// The console of a client at the cursor.
    pub fn console(&self, client: ClientId) -> Vec<ConsoleLine> {
        self.console_end(client, usize::MAX)
    }

    /// The end of a client's console at the cursor: what the last `most` requests, answers and events have
    /// left there.
    pub fn console_end(&self, client: ClientId, most: usize) -> Vec<ConsoleLine> {
        let Some(slot) = self.world().clients.get(&client) else { return Vec::new() };
        let entries = &slot.transcript.entries;
        let first = entries.len().saturating_sub(most);
        let mut lines = Vec::new();
        let mut prints_watches = true;
        let mut asides = self.asides_of(client, slot).peekable();
        while let Some(aside) = asides.next_if(|aside| aside.after < first) {
            prints_watches = aside.prints_watches.unwrap_or(prints_watches);
        }
        for (n, entry) in entries.iter_from(first).enumerate() {
            while let Some(aside) = asides.next_if(|aside| aside.after <= first + n) {
                prints_watches = aside.prints_watches.unwrap_or(prints_watches);
                lines.extend(aside.lines.iter().cloned());
            }
            let line = entry_line(&entry);
            lines.extend(line.filter(|line| prints_watches || line.kind != ConsoleKind::Event));
        }
        asides.for_each(|aside| lines.extend(aside.lines.iter().cloned()));
        lines
    }

    /// The prompt of a client's console: `[zk: s1(CONNECTED) 3] `.
    pub fn prompt(&self, client: ClientId) -> String {
        let Some(slot) = self.world().clients.get(&client) else { return String::new() };
        let host = slot.process.server().map_or_else(String::new, |id| id.to_string());
        let state = match slot.process.state() {
            State::Connecting => "CONNECTING",
            State::Connected => "CONNECTED",
            State::ConnectedReadOnly => "CONNECTEDREADONLY",
            State::Expired | State::Closed => "CLOSED",
        };
        let typed = slot.transcript.typed as usize + self.asides_of(client, slot).count();
        format!("[zk: {host}({state}) {typed}] ")
    }
}

/// A new handle like the one that a client has.
fn again(slot: &ClientSlot) -> Action {
    Action::Connect {
        name: slot.name.clone(),
        servers: slot.process.servers(),
        timeout_ms: slot.process.asked_timeout_ms(),
        can_be_read_only: slot.process.can_be_read_only(),
        library: slot.process.library(),
    }
}

fn entry_line(entry: &Entry) -> Option<ConsoleLine> {
    let line = |kind, text: String| Some(ConsoleLine { kind, text: Rc::from(text) });
    match entry {
        Entry::Typed(text) => Some(ConsoleLine { kind: ConsoleKind::Input, text: text.clone() }),
        Entry::Answered { op, line: typed, result } => match zkcli::print(typed, op, result) {
            Ok(text) if text.is_empty() => None,
            Ok(text) => line(ConsoleKind::Output, text),
            Err(text) => line(ConsoleKind::Error, text),
        },
        Entry::Watch(event) => line(ConsoleKind::Event, zkcli::print_watch(event)),
        Entry::Told(path, told) => match zkcli::recipes::print(path, told) {
            Ok(text) => line(ConsoleKind::Output, text),
            Err(text) => line(ConsoleKind::Error, text),
        },
        Entry::State(state) => {
            let name = match state {
                State::Connecting => "Disconnected",
                State::Connected => "SyncConnected",
                State::ConnectedReadOnly => "ConnectedReadOnly",
                State::Expired => "Expired",
                State::Closed => "Closed",
            };
            line(ConsoleKind::Event, zkcli::print_state(name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Scenario;

    /// A lab in which client 1 is connected to s1.
    fn connected() -> (Lab, ClientId) {
        let mut lab = Lab::new(&Scenario { participants: 3, ..Scenario::default() }).unwrap();
        let servers: Rc<[ServerId]> = [ServerId(1), ServerId(2), ServerId(3)].into();
        lab.act(Action::Start(servers.clone())).unwrap();
        lab.advance(5_000_000);
        let connect = Action::Connect {
            name: "a".into(),
            servers: servers[..1].into(),
            timeout_ms: 10_000,
            can_be_read_only: false,
            library: crate::client::session::Library::Java,
        };
        lab.act(connect).unwrap();
        lab.advance(2_000_000);
        (lab, ClientId(1))
    }

    /// Types a line and gives what is said after it.
    fn said(lab: &mut Lab, client: ClientId, line: &str) -> String {
        let before = lab.console(client).len();
        lab.command(client, line);
        lab.advance(1_000_000);
        let lines = lab.console(client);
        let said: Vec<&str> = lines[before + 1..].iter().map(|line| &*line.text).collect();
        said.join("\n")
    }

    #[test]
    fn lines_are_answered_as_zkcli_does() {
        let (mut lab, a) = connected();
        let mut say = |line: &str| said(&mut lab, a, line);
        assert_eq!(say("create"), "create [-s] [-e] [-c] [-t ttl] path [data] [acl]");
        assert_eq!(say("create /a 1"), "Created /a");
        assert_eq!(say("create -e -t 5 /x"), "TTLs cannot be used with Ephemeral znodes");
        assert_eq!(
            say("ls -z /"),
            "org.apache.commons.cli.UnrecognizedOptionException: Unrecognized option: -z"
        );
        assert_eq!(say("addWatch -m PERSISTENT /a"), "");
        assert!(say("set /a 2").ends_with("type:NodeDataChanged path:/a"));
        assert_eq!(
            say("removewatches /a"),
            "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:PersistentWatchRemoved path:/a"
        );
        assert_eq!(say("removewatches /b"), "KeeperErrorCode = No such watcher for /b");
        assert_eq!(say("redo 1"), "Node already exists: /a");
        assert_eq!(say("redo 99"), "Command index out of range");
        assert_eq!(say("printwatches"), "printwatches is on");
        assert_eq!(say("printwatches off"), "");
        assert_eq!(say("get -w /a"), "2");
        assert_eq!(say("set /a 3"), "", "the event is not shown");
        assert!(say("help create").starts_with("create [-s]"));
        assert!(say("history").ends_with("14 - help create\n15 - history"));
        assert_eq!(lab.prompt(a), "[zk: s1(CONNECTED) 16] ");
    }

    #[test]
    fn a_closed_console_says_so_and_can_connect_elsewhere() {
        let (mut lab, a) = connected();
        said(&mut lab, a, "close");
        assert_eq!(said(&mut lab, a, "ls /"), "Not connected");
        assert!(said(&mut lab, a, "connect s9:2181").starts_with("there is no server s9"));
        assert!(said(&mut lab, a, "connect s2:2181").contains("state:SyncConnected"));
        assert_eq!(said(&mut lab, a, "ls /"), "[zookeeper]");
        assert!(lab.prompt(a).starts_with("[zk: s2(CONNECTED)"));
    }

    #[test]
    fn a_long_console_shows_its_end() {
        let (mut lab, a) = connected();
        (0..30).for_each(|n| drop(said(&mut lab, a, &format!("create /n{n}"))));
        let all = lab.console(a);
        let end = lab.console_end(a, 10);
        assert_eq!(end.len(), 10);
        assert_eq!(end, all[all.len() - 10..]);
    }
}

//! Consoles: which clients are seen, what was typed, new clients.

use super::{CLIENT_TIMEOUT_MS, Chores, State};
use crate::components::console::history::{self, History};
use crate::moment::CLIENT;
use crate::ui_action::console::ConsoleAction;
use std::rc::Rc;
use zklab_core::client::session::Library;
use zklab_core::lab::view::View;
use zklab_core::lab::zkcli::{self, Command};
use zklab_core::sim::action::Action;
use zklab_core::types::{ClientId, ServerId};

/// Which clients' consoles are seen, and what was typed in all of them.
#[derive(Clone, Debug)]
pub struct Consoles {
    /// One, or two side by side.
    shown: Vec<ClientId>,
    /// Which of them has the word.
    active: usize,
    /// What was typed, kept between visits.
    pub history: History,
}

impl Consoles {
    /// With what was typed on earlier visits.
    pub fn new(history: &str) -> Consoles {
        Consoles { shown: Vec::new(), active: 0, history: history::parse(history) }
    }

    /// The clients whose consoles are seen, of those that there are: one at least, if there is any.
    pub fn shown(&self, view: &View) -> Vec<ClientId> {
        let is_there = |id: &&ClientId| view.clients.iter().any(|client| client.id == **id);
        let mut shown: Vec<ClientId> = self.shown.iter().filter(is_there).copied().collect();
        if shown.is_empty() {
            shown.extend(view.clients.first().map(|client| client.id));
        }
        shown
    }

    /// The client that has the word, if there is any.
    pub fn active(&self, view: &View) -> Option<ClientId> {
        let shown = self.shown(view);
        shown.get(self.active.min(shown.len().saturating_sub(1))).copied()
    }

    fn show(&mut self, id: ClientId, view: &View) {
        self.shown = self.shown(view);
        match self.shown.iter().position(|shown| *shown == id) {
            Some(place) => self.active = place,
            None if self.shown.is_empty() => self.shown.push(id),
            None => {
                self.active = self.active.min(self.shown.len() - 1);
                self.shown[self.active] = id;
            }
        }
    }

    fn split(&mut self, view: &View) {
        let active = self.active(view);
        self.shown = self.shown(view);
        if 1 < self.shown.len() {
            self.shown = active.into_iter().collect();
            self.active = 0;
            return;
        }
        let other = view.clients.iter().map(|client| client.id).find(|id| Some(*id) != active);
        self.shown.extend(other);
    }
}

impl State {
    /// Does something with the consoles.
    pub(super) fn on_console(&mut self, action: ConsoleAction) -> Chores {
        let view = self.moment.view.clone();
        match action {
            ConsoleAction::Command(client, line) => self.command(client, &line),
            ConsoleAction::Show(client) => {
                self.consoles.show(client, &view);
                self.read_consoles();
                Chores::NONE
            }
            ConsoleAction::Split => {
                self.consoles.split(&view);
                self.read_consoles();
                Chores::NONE
            }
            ConsoleAction::Add { servers, timeout_ms, can_be_read_only } => {
                let name = free_name(&view);
                let library = Library::Java;
                let chores = self.act(Action::Connect {
                    name: name.clone(),
                    servers,
                    timeout_ms,
                    can_be_read_only,
                    library,
                });
                let clients = &self.moment.view.clients;
                if let Some(id) = clients.iter().find(|c| c.name == name).map(|client| client.id) {
                    let view = self.moment.view.clone();
                    self.consoles.show(id, &view);
                    self.read_consoles();
                }
                chores
            }
            ConsoleAction::Connect(id) => {
                let client = view.clients.iter().find(|client| client.id == id);
                self.act(client.map_or_else(
                    || connect(&view),
                    |client| Action::Connect {
                        name: client.name.clone(),
                        servers: client.servers.clone(),
                        timeout_ms: CLIENT_TIMEOUT_MS,
                        can_be_read_only: false,
                        library: Library::Java,
                    },
                ))
            }
        }
    }

    /// Reads off the lab what the consoles show.
    pub(super) fn read_consoles(&mut self) {
        let shown = self.consoles.shown(&self.moment.view);
        self.moment.read_consoles(&self.lab, &shown);
        self.unread.consoles = false;
    }

    /// A line typed in a client's console.
    pub(super) fn command(&mut self, client: ClientId, line: &str) -> Chores {
        self.consoles.history = history::with(&self.consoles.history, &Rc::from(line));
        let before = self.future();
        match zkcli::parse(line) {
            // In the reader's language, which the command line does not know.
            Ok(Command::Help(Some(about))) => {
                let says = (self.strings().on_console.command)(about);
                self.lab.answer(client, line, &format!("{}\n{says}", zkcli::usage_of(about)));
            }
            _ => self.lab.command(client, line),
        }
        self.after_change(before)
    }

    /// The name that a new client would get.
    pub fn next_client(&self) -> Rc<str> {
        free_name(&self.moment.view)
    }
}

/// The first letter that no client is called by; with a number when there are no letters left.
fn free_name(view: &View) -> Rc<str> {
    let is_free = |name: &Rc<str>| !view.clients.iter().any(|client| client.name == *name);
    let letters = ('a'..='z').map(|letter| Rc::from(letter.to_string()));
    let numbered = (27..).map(|n| Rc::from(format!("c{n}")));
    letters.chain(numbered).find(is_free).unwrap_or_else(|| CLIENT.into())
}

/// The first client, of a fresh start.
pub(super) fn connect(view: &View) -> Action {
    Action::Connect {
        name: CLIENT.into(),
        servers: view.servers.iter().map(|server| server.id).collect(),
        timeout_ms: CLIENT_TIMEOUT_MS,
        can_be_read_only: false,
        library: Library::Java,
    }
}

/// All servers, in an order in which the `nth` client begins with another one than the client
/// before: ZooKeeper shuffles the list.
pub fn any_server(servers: &[ServerId], nth: usize) -> Rc<[ServerId]> {
    let first = nth % servers.len().max(1);
    servers[first..].iter().chain(&servers[..first]).copied().collect()
}

//! What comes from outside: every [`Action`].

use super::{ClientSlot, Down, Due, ServerSlot, World};
use crate::client::session as client;
use crate::config::{Ensemble, Member, Role, text};
use crate::server::{Moment, Server};
use crate::sim::action::Action;
use crate::sim::network::Link;
use crate::sim::timers::Timers;
use crate::sim::trace::{EventKind, NO_CAUSE, Trace};
use crate::sim::transcript::Transcript;
use crate::txn::Op;
use crate::types::{Actor, ClientId, ConnId, ServerId, Zxid};
use std::collections::VecDeque;
use std::rc::Rc;

impl World {
    /// Does something from outside, now. It is an event like any other.
    pub fn act(&mut self, action: &Action, trace: &mut Trace) {
        self.act_shared(&Rc::new(action.clone()), trace);
    }

    /// The same, for who keeps the action too.
    pub fn act_shared(&mut self, action: &Rc<Action>, trace: &mut Trace) {
        self.record(NO_CAUSE, EventKind::Act(action.clone()), trace);
        match &**action {
            Action::Start(ids) => ids.iter().for_each(|id| self.start(*id, trace)),
            Action::AddServer { server, members } => self.add_server(*server, members),
            Action::Kill(ids) => {
                for id in ids.iter() {
                    self.note_unsynced(*id, trace);
                    self.end_process(*id, Down::Killed);
                }
            }
            Action::Pause(ids) => {
                for id in ids.iter() {
                    if let Some(slot) = self.servers.get_mut(id) {
                        slot.is_paused = slot.process.is_some();
                    }
                }
            }
            Action::Resume(ids) => ids.iter().for_each(|id| self.resume(*id)),
            Action::Partition(groups) => {
                let members = groups.iter().enumerate();
                let group = |(n, ids): (usize, &Rc<[ServerId]>)| {
                    ids.iter().map(move |id| (*id, n as u8)).collect::<Vec<_>>()
                };
                self.network.groups = Some(members.flat_map(group).collect());
            }
            Action::Heal => {
                self.network.groups = None;
                self.network.cuts.clear();
            }
            Action::Disk(action) => self.disk_fault(action),
            Action::Network(action) => self.tamper(*action),
            Action::Connect { name, servers, timeout_ms, can_be_read_only, library } => {
                let seed = self.rng.any();
                let servers = servers.clone();
                let process =
                    client::Client::new(*library, servers, *timeout_ms, *can_be_read_only, seed);
                self.add_client(name, process, trace);
            }
            Action::Submit { client, op, line } => {
                self.submit(*client, op, line.as_ref(), trace);
            }
            Action::CloseSession(client) => self.submit(*client, &Op::CloseSession, None, trace),
            Action::Vanish(client) => self.vanish(*client),
            Action::MoveClient { client, servers } => {
                let is_alive = self.clients.get(client).is_some_and(|slot| !slot.has_vanished);
                if is_alive {
                    let input = client::Input::UpdateServers(servers.clone());
                    self.step_client(*client, input, trace);
                }
            }
            Action::PauseClient(client) => self.pause_client(*client),
            Action::ResumeClient(client) => self.resume_client(*client),
            Action::Recipe { client, ask, line } => {
                if let Some(slot) = self.clients.get_mut(client).filter(|slot| !slot.has_vanished) {
                    slot.transcript.typed(line);
                }
                self.ask_recipe(*client, ask, trace);
            }
            Action::Contend(contest) => self.contend(contest, trace),
        }
        for id in self.servers.keys().copied().collect::<Vec<_>>() {
            self.check(id, trace);
        }
    }

    /// A machine with an empty disk and a configuration file. Nothing runs there yet.
    fn add_server(&mut self, id: ServerId, members: &str) {
        if let Ok(initial) = text::parse(members)
            && !self.servers.contains_key(&id)
        {
            self.place_server(id, Rc::new(initial));
        }
    }

    /// The same, with the configuration read.
    pub fn place_server(&mut self, id: ServerId, initial: Rc<Ensemble>) {
        self.checker.add_server(id);
        self.servers.insert(id, ServerSlot::new(initial));
    }

    /// The configuration file that a new server is to be started with: the members there are, and
    /// itself. It is not one of them before a reconfiguration says so.
    pub fn joiner_config(&self, id: ServerId, role: Role) -> Ensemble {
        let mut config = Ensemble { version: Zxid::ZERO, ..(*self.ensemble).clone() };
        let group = config.members.values().find_map(|member| member.group);
        let weight = group.map(|_| 1);
        let member = Member { group, weight, ..Member::new(id, role) };
        config.members.entry(id).or_insert(member);
        config
    }

    fn start(&mut self, id: ServerId, trace: &mut Trace) {
        let seed = self.rng.any();
        let Some(slot) = self.servers.get_mut(&id) else { return };
        if slot.process.is_some() {
            return;
        }
        slot.life += 1;
        let files = std::mem::take(&mut slot.files);
        let mut out = Vec::new();
        let disk_error = slot.disk_health.error;
        let mut moment = Moment { now: self.now, next_conn: &mut self.next_conn, disk_error };
        let (ensemble, config) = (slot.initial.clone(), self.config.clone());
        let server = Server::boot(id, ensemble, config, files, seed, &mut moment, &mut out);
        slot.process = Some(server);
        self.checker.booted(id);
        self.carry_out(id, out, trace);
    }

    /// The process is gone: memory, timers and unfinished writes with it. Its kernel closes its
    /// connections.
    pub(super) fn end_process(&mut self, id: ServerId, down: Down) {
        let Some(slot) = self.servers.get_mut(&id) else { return };
        let Some(server) = slot.process.take() else { return };
        // Who is killed here goes down with its machine; who exits leaves the machine as it is.
        slot.files = server.into_files(down == Down::Killed);
        slot.down = down;
        slot.timers.clear();
        slot.deferred.clear();
        slot.writing.clear();
        slot.is_paused = false;
        let actor = Actor::Server(id);
        let conns: Vec<ConnId> = self
            .network
            .links
            .iter()
            .filter(|(_, link)| link.ends.iter().any(|end| end.actor == actor && end.is_open))
            .map(|(conn, _)| *conn)
            .collect();
        conns.into_iter().for_each(|conn| self.close(actor, conn));
    }

    fn resume(&mut self, id: ServerId) {
        let Some(slot) = self.servers.get_mut(&id) else { return };
        if std::mem::replace(&mut slot.is_paused, false) && !slot.deferred.is_empty() {
            let life = slot.life;
            self.push(self.now, Due::Deferred(id, life));
        }
    }

    pub(super) fn add_client(
        &mut self,
        name: &Rc<str>,
        process: client::Client,
        trace: &mut Trace,
    ) {
        let id = match self.client_named(name) {
            // A new handle: whatever the old one still holds goes as if its process had died.
            Some(id) => {
                self.vanish(id);
                id
            }
            None => ClientId(self.clients.len() as u16 + 1),
        };
        let slot = self.clients.entry(id).or_insert_with(|| ClientSlot {
            name: name.clone(),
            process: process.clone(),
            has_vanished: false,
            transcript: Transcript::default(),
            timers: Timers::default(),
            recipes: None,
            is_paused: false,
            deferred: VecDeque::new(),
            recipe_timers: Timers::default(),
        });
        slot.process = process;
        slot.recipes = None;
        slot.recipe_timers.clear();
        slot.is_paused = false;
        slot.deferred.clear();
        slot.has_vanished = false;
        if self.is_checked {
            self.checker.client_begins(id);
        }
        self.step_client(id, client::Input::Start, trace);
    }

    fn submit(&mut self, id: ClientId, op: &Op, line: Option<&Rc<str>>, trace: &mut Trace) {
        let Some(slot) = self.clients.get_mut(&id) else { return };
        if slot.has_vanished || slot.is_paused {
            return;
        }
        slot.transcript.submitted(slot.process.submitted() + 1, line);
        self.step_client(id, client::Input::Submit(op.clone()), trace);
    }

    fn vanish(&mut self, id: ClientId) {
        let Some(slot) = self.clients.get_mut(&id) else { return };
        slot.has_vanished = true;
        slot.timers.clear();
        slot.recipes = None;
        slot.recipe_timers.clear();
        slot.is_paused = false;
        slot.deferred.clear();
        let actor = Actor::Client(id);
        let is_its = |link: &Link| link.ends[0].actor == actor && link.ends[0].is_open;
        let conns: Vec<ConnId> =
            self.network.links.iter().filter(|(_, l)| is_its(l)).map(|(conn, _)| *conn).collect();
        conns.into_iter().for_each(|conn| self.close(actor, conn));
    }

    /// Whether a server or a client has anything to do with it: what the outside may name.
    pub fn has_server(&self, id: ServerId) -> bool {
        self.servers.contains_key(&id)
    }
}

//! The world: servers, clients, network, disks and clock, one event at a time.
//!
//! A queue holds what will happen, by time and, within a moment, in the order in which it was
//! decided. [`World::step`] takes the first and lets it happen: the actor's machine is called with
//! an input, its effects are carried out in order, and the checkers look. Nothing else makes
//! anything happen, so a seed and the actions decide every byte of the trace.
//!
//! Packets are moved in [`delivery`], writes in [`disk`], and what comes from outside is in [`actions`],
//! that which is done to the network in [`tamper`]; clients that follow recipes are in [`recipes`].

mod actions;
mod delivery;
mod disk;
mod pause;
mod recipes;
mod tamper;
mod waits;

use crate::client::session as client;
use crate::config::{Config, Ensemble};
use crate::recipe::{self, Recipes};
use crate::server::{self, Effect, Input, Moment, Server};
use crate::sim::books::Book;
use crate::sim::check::Checker;
use crate::sim::fault::DiskHealth;
use crate::sim::network::{Network, Payload};
use crate::sim::rng::Rng;
use crate::sim::timers::{Found, Timers};
use crate::sim::trace::{Event, EventKind, Note, NoteKind, Trace};
use crate::sim::transcript::Transcript;
use crate::sorted::Map;
use crate::txn::Path;
use crate::txn::list::Shelf;
use crate::types::{Actor, ClientId, ConnId, Phase, Port, ServerId, Time, Zxid};
use crate::why::Why;
use crate::wire::Message;
use crate::zab::log::Files;
use disk::Writing;
use recipes::Heard;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::rc::Rc;

/// How long things take, in microseconds: a fixed part and a part left to chance.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Delays {
    /// One way between two servers.
    pub server: (u32, u32),
    /// One way between a client and a server.
    pub client: (u32, u32),
    /// An append with its fsync.
    pub fsync: (u32, u32),
    /// An append without: with `forceSync=no`.
    pub page_cache: (u32, u32),
    /// A snapshot.
    pub snapshot: (u32, u32),
    /// How long a server waits for a connection to come up.
    pub dial_limit: u64,
}

impl Default for Delays {
    fn default() -> Delays {
        Delays {
            server: (1500, 1500),
            client: (1000, 1000),
            fsync: (1000, 2000),
            page_cache: (20, 40),
            snapshot: (4000, 2000),
            dial_limit: 5_000_000,
        }
    }
}

/// What will happen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Due {
    /// The first packet of a lane arrives.
    Arrival(ConnId, u8),
    /// TCP sends the first packet of a stalled lane again.
    Resend(ConnId, u8),
    /// A dial has taken too long.
    DialLimit(ConnId),
    ServerTimer(ServerId, u32, server::Timer),
    ClientTimer(ClientId, client::Timer),
    RecipeTimer(ClientId, recipe::Timer),
    /// What waited for a paused client.
    ClientDeferred(ClientId),
    Written(ServerId, u32),
    WrittenBack(ServerId, u32, Zxid),
    /// What waited for a paused process.
    Deferred(ServerId, u32),
    /// A packet is lost.
    Wreck,
    /// One end of a connection finds it broken.
    Broken(ConnId, u8),
}

/// Something that a paused process will find when it goes on.
#[derive(Clone, Debug)]
struct Deferred {
    kind: EventKind,
    cause: u32,
    input: Input,
}

/// Why a process does not run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Down {
    /// It was never started.
    NotStarted,
    /// It was killed.
    Killed,
    /// It ended by itself, for this reason if it gave one.
    Exited(Option<Why>),
}

/// A server's place: its disk is always there, its process sometimes.
#[derive(Clone, Debug)]
pub struct ServerSlot {
    /// The process, if it runs.
    pub process: Option<Server>,
    /// The disk, while the process does not run.
    pub files: Files,
    /// The configuration file it is started with.
    pub initial: Rc<Ensemble>,
    /// Whether the process is stopped for a while.
    pub is_paused: bool,
    /// Timers that run.
    pub timers: Timers<server::Timer>,
    deferred: VecDeque<Deferred>,
    /// Writes on their way, with the event in which they began.
    writing: VecDeque<Writing>,
    /// How its disk works.
    pub disk_health: DiskHealth,
    /// Whether files were damaged from outside, ever.
    pub is_damaged: bool,
    /// Why the process does not run, if it does not.
    pub down: Down,
    life: u32,
}

impl ServerSlot {
    /// An empty disk and a configuration file.
    fn new(initial: Rc<Ensemble>) -> ServerSlot {
        ServerSlot {
            process: None,
            files: Files::initialized(),
            initial,
            is_paused: false,
            timers: Timers::default(),
            deferred: VecDeque::new(),
            writing: VecDeque::new(),
            disk_health: DiskHealth::default(),
            is_damaged: false,
            down: Down::NotStarted,
            life: 0,
        }
    }

    /// The disk as it would survive a crash.
    pub fn disk(&self) -> &Files {
        self.process.as_ref().map_or(&self.files, |server| &server.storage().files)
    }

    /// A timer that ran out during a pause is set anew or cancelled before the process has come to
    /// it: then it will not hear of it. What waited in a socket was there in time.
    fn forget_call(&mut self, timer: server::Timer) {
        let is_it = |input: &Input| matches!(input, Input::Timer(fired) if *fired == timer);
        self.deferred.retain(|deferred| !is_it(&deferred.input));
    }
}

/// A client's place.
#[derive(Clone, Debug)]
pub struct ClientSlot {
    /// Its name in the scenario.
    pub name: Rc<str>,
    /// The process. It stays when it has vanished, to be looked at.
    pub process: client::Client,
    /// Whether the process has died without a word.
    pub has_vanished: bool,
    /// What was asked and answered.
    pub transcript: Transcript,
    timers: Timers<client::Timer>,
    /// The recipes it follows, once it has been asked to.
    pub recipes: Option<Recipes>,
    recipe_timers: Timers<recipe::Timer>,
    /// Whether the process is stopped for a while.
    pub is_paused: bool,
    deferred: VecDeque<pause::Deferred>,
}

/// A whole ensemble and its surroundings, at one moment.
#[derive(Clone, Debug)]
pub struct World {
    /// The moment.
    pub now: Time,
    /// How many events have happened.
    pub events: u32,
    /// The ensemble's members: the newest configuration that is committed.
    pub ensemble: Rc<Ensemble>,
    /// The ensemble's settings.
    pub config: Rc<Config>,
    /// By id.
    pub servers: Map<ServerId, ServerSlot>,
    /// By id.
    pub clients: Map<ClientId, ClientSlot>,
    /// What is known of each path on which a recipe was followed.
    pub books: Map<Path, Book>,
    /// All connections.
    pub network: Network,
    /// What has been checked.
    pub checker: Checker,
    /// Whether the checkers look. Off, a run is the same but that nobody watches it: for measuring.
    pub is_checked: bool,
    delays: Delays,
    queue: BinaryHeap<Reverse<(Time, u64, Due)>>,
    next_seq: u64,
    next_conn: u32,
    rng: Rng,
    /// An empty list, for what a server asks for: to be filled and emptied in one step.
    space: Vec<Effect>,
    /// Lets servers and checkers share what is old.
    shelf: Shelf,
}

impl World {
    /// Servers that do not run yet.
    pub fn new(ensemble: Ensemble, config: Config, delays: Delays, seed: u64) -> World {
        let ensemble = Rc::new(ensemble);
        let slot = |id: &ServerId| (*id, ServerSlot::new(ensemble.clone()));
        World {
            now: Time::ZERO,
            events: 0,
            servers: ensemble.members.keys().map(slot).collect(),
            checker: Checker::new(ensemble.members.keys().copied()).under(&config),
            is_checked: true,
            ensemble,
            config: Rc::new(config),
            clients: Map::new(),
            books: Map::new(),
            network: Network::default(),
            delays,
            queue: BinaryHeap::new(),
            next_seq: 0,
            next_conn: 1,
            rng: Rng::new(seed),
            space: Vec::new(),
            shelf: Shelf::default(),
        }
    }

    /// The running process of a server.
    pub fn server(&self, id: ServerId) -> Option<&Server> {
        self.servers.get(&id)?.process.as_ref()
    }

    /// The client of that name.
    pub fn client_named(&self, name: &str) -> Option<ClientId> {
        self.clients.iter().find(|(_, slot)| &*slot.name == name).map(|(id, _)| *id)
    }

    /// When the next thing is due, if anything is.
    pub fn next_due(&self) -> Option<Time> {
        self.queue.peek().map(|Reverse((time, _, _))| *time)
    }

    /// Lets the next event happen, if there is one no later than `limit`. Returns whether one did.
    pub fn step(&mut self, limit: Time, trace: &mut Trace) -> bool {
        while let Some(Reverse((time, seq, due))) = self.queue.peek().copied() {
            if limit < time {
                return false;
            }
            self.queue.pop();
            self.now = self.now.max(time);
            let before = self.events;
            self.happen(seq, due, trace);
            if before < self.events {
                return true;
            }
        }
        false
    }

    /// Lets everything happen up to `limit`, and the clock reach it.
    pub fn run_until(&mut self, limit: Time, trace: &mut Trace) {
        while self.step(limit, trace) {}
        self.now = self.now.max(limit);
    }

    /// Something will happen. Returns the number of its entry in the queue.
    fn push(&mut self, time: Time, due: Due) -> u64 {
        let seq = self.next_seq;
        self.queue.push(Reverse((time.max(self.now), seq, due)));
        self.next_seq += 1;
        seq
    }

    fn record(&mut self, cause: u32, kind: EventKind, trace: &mut Trace) {
        trace.happened(Event { at: self.now, cause, kind });
        self.events += 1;
    }

    /// The event that is happening.
    fn current(&self) -> u32 {
        self.events.saturating_sub(1)
    }

    fn note(&self, actor: Actor, what: NoteKind, trace: &mut Trace) {
        trace.noted(Note { event: self.current(), actor, what });
    }

    fn happen(&mut self, seq: u64, due: Due, trace: &mut Trace) {
        match due {
            Due::Arrival(conn, lane) => self.on_arrival(conn, usize::from(lane), seq, trace),
            Due::Resend(conn, lane) => self.on_resend(conn, usize::from(lane), seq, trace),
            Due::DialLimit(conn) => self.on_dial_limit(conn, trace),
            Due::ServerTimer(id, life, timer) => self.on_server_timer(id, life, timer, trace),
            Due::ClientTimer(id, timer) => self.on_client_timer(id, timer, trace),
            Due::ClientDeferred(id) => self.on_client_deferred(id, trace),
            Due::RecipeTimer(id, timer) => self.on_recipe_timer(id, timer, trace),
            Due::Written(id, life) => self.on_written(id, life, trace),
            Due::WrittenBack(id, life, zxid) => self.on_written_back(id, life, zxid),
            Due::Deferred(id, life) => self.on_deferred(id, life, trace),
            Due::Wreck => self.on_wreck(trace),
            Due::Broken(conn, side) => {
                let cause = self.current();
                self.on_end(conn, usize::from(side), cause, trace);
            }
        }
    }

    // --- Actors

    /// Calls a server, or keeps the input until it goes on.
    fn call_server(
        &mut self,
        id: ServerId,
        cause: u32,
        kind: EventKind,
        input: Input,
        trace: &mut Trace,
    ) {
        let Some(slot) = self.servers.get_mut(&id) else { return };
        let Some(server) = slot.process.as_mut() else { return };
        if slot.is_paused {
            slot.deferred.push_back(Deferred { kind, cause, input });
            return;
        }
        let mut out = std::mem::take(&mut self.space);
        let disk_error = slot.disk_health.error;
        let mut moment = Moment { now: self.now, next_conn: &mut self.next_conn, disk_error };
        server.step(input, &mut moment, &mut out);
        if self.is_checked
            && let Some(slot) = self.servers.get(&id)
        {
            self.checker.server_hears(id, &kind, self.now, slot);
        }
        self.record(cause, kind, trace);
        self.carry_out(id, out, trace);
        self.check(id, trace);
    }

    fn check(&mut self, id: ServerId, trace: &mut Trace) {
        if !self.is_checked {
            return;
        }
        let index = self.current();
        let violations = self.checker.look(id, index, self.now, &self.ensemble, &self.servers);
        for violation in violations {
            self.note(Actor::Server(id), NoteKind::Violated(violation), trace);
        }
    }

    fn check_client(&mut self, id: ClientId, trace: &mut Trace) {
        if !self.is_checked {
            return;
        }
        self.check_waits(id);
        for violation in self.checker.fresh(self.current(), self.now) {
            self.note(Actor::Client(id), NoteKind::Violated(violation), trace);
        }
    }

    /// A server goes by a configuration from now on.
    fn on_config(&mut self, config: Rc<Ensemble>) {
        if self.ensemble.version < config.version {
            self.ensemble = config.clone();
        }
        self.checker.configured(config);
    }

    fn carry_out(&mut self, id: ServerId, mut effects: Vec<Effect>, trace: &mut Trace) {
        let actor = Actor::Server(id);
        let ends = effects.iter().any(|effect| matches!(effect, Effect::Exit));
        let mut last_why = None;
        for effect in effects.drain(..) {
            match effect {
                Effect::Dial { conn, to, port } => self.dial(actor, conn, to, port),
                Effect::Send { conn, message } => self.send_from_server(id, conn, message),
                Effect::Close(conn) => self.close(actor, conn),
                Effect::SetTimer { timer, after_us } => self.set_server_timer(id, timer, after_us),
                Effect::CancelTimer(timer) => {
                    if let Some(slot) = self.servers.get_mut(&id) {
                        slot.forget_call(timer);
                        slot.timers.cancel(timer);
                    }
                }
                Effect::Write(kind) => self.write(id, kind),
                Effect::StateChanged { from, to } => {
                    if from.1 == Phase::Broadcast {
                        self.checker.left_broadcast(id);
                    }
                    self.note(actor, NoteKind::StateChanged { from, to }, trace);
                }
                Effect::Applied(zxid) if self.is_checked => self.checker.applied(id, zxid),
                Effect::Applied(_) => {}
                Effect::ConfigActivated(config) => self.on_config(config),
                Effect::Exit => {
                    self.note(actor, NoteKind::Exited, trace);
                    self.end_process(id, Down::Exited(last_why));
                    return;
                }
                Effect::Explain(why) => {
                    if ends {
                        last_why = Some(why.clone());
                    }
                    self.note(actor, NoteKind::Decision(why), trace);
                }
            }
        }
        self.space = effects;
    }

    fn call_client(
        &mut self,
        id: ClientId,
        cause: u32,
        kind: EventKind,
        input: client::Input,
        trace: &mut Trace,
    ) {
        let Some(slot) = self.clients.get_mut(&id).filter(|slot| !slot.has_vanished) else {
            return;
        };
        if slot.is_paused {
            slot.deferred.push_back(pause::Deferred::Client { kind, cause, input });
            return;
        }
        if self.is_checked {
            self.checker.client_hears(id, &kind);
        }
        self.record(cause, kind, trace);
        self.step_client(id, input, trace);
        self.check_client(id, trace);
    }

    fn step_client(&mut self, id: ClientId, input: client::Input, trace: &mut Trace) {
        let Some(slot) = self.clients.get_mut(&id) else { return };
        let mut out = Vec::new();
        let disk_error = None;
        let mut moment = Moment { now: self.now, next_conn: &mut self.next_conn, disk_error };
        let now = moment.now;
        slot.process.step(now, input, &mut || moment.fresh_conn(), &mut out);
        let actor = Actor::Client(id);
        let mut heard = Vec::new();
        for effect in out {
            match effect {
                client::Effect::Dial { conn, to } => self.dial(actor, conn, to, Port::Client),
                client::Effect::Send { conn, message } => {
                    let message = Rc::new(message);
                    if self.is_checked {
                        self.checker.client_sends(id, conn, &message);
                    }
                    self.send(actor, conn, Payload::Message(message));
                }
                client::Effect::Close(conn) => self.close(actor, conn),
                client::Effect::SetTimer { timer, after_us } => {
                    self.set_client_timer(id, timer, after_us);
                }
                client::Effect::CancelTimer(timer) => {
                    if let Some(slot) = self.clients.get_mut(&id) {
                        slot.timers.cancel(timer);
                    }
                }
                client::Effect::Completed { number, op, result } => {
                    if let Some(slot) = self.clients.get_mut(&id) {
                        slot.transcript.completed(number, &op, &result);
                    }
                    if self.follows_recipes(id) {
                        heard.push(Heard::Answered(number, result.clone()));
                    }
                    self.note(actor, NoteKind::Completed { number, op, result }, trace);
                }
                client::Effect::Watch(event) => {
                    let is_of_recipe = self.recipe_watch(id, &event);
                    if let Some(slot) = self.clients.get_mut(&id).filter(|_| !is_of_recipe) {
                        slot.transcript.watch(&event);
                    }
                    heard.push(Heard::Watch(event.clone()));
                    self.note(actor, NoteKind::Watch(event), trace);
                }
                client::Effect::StateChanged(state) => {
                    let Some(slot) = self.clients.get_mut(&id) else { return };
                    slot.transcript.state(state);
                    let session = slot.process.session();
                    self.note(actor, NoteKind::ClientState(state), trace);
                    heard.push(Heard::State(state, session));
                }
                client::Effect::Explain(why) => self.note(actor, NoteKind::Decision(why), trace),
            }
        }
        self.tell_recipes(id, heard, trace);
    }

    fn send_from_server(&mut self, id: ServerId, conn: ConnId, message: Message) {
        if self.is_checked
            && let Some(slot) = self.servers.get(&id)
        {
            self.checker.server_sends(id, conn, &message, self.now, slot, &self.network);
        }
        self.send(Actor::Server(id), conn, Payload::Message(Rc::new(message)));
    }

    // --- Timers and disks

    fn set_server_timer(&mut self, id: ServerId, timer: server::Timer, after_us: u64) {
        let (now, cause) = (self.now, self.current());
        let Some(slot) = self.servers.get_mut(&id) else { return };
        slot.forget_call(timer);
        let life = slot.life;
        if let Some(due) = slot.timers.set(timer, now, after_us, cause) {
            self.push(due, Due::ServerTimer(id, life, timer));
        }
    }

    fn on_server_timer(
        &mut self,
        id: ServerId,
        life: u32,
        timer: server::Timer,
        trace: &mut Trace,
    ) {
        let now = self.now;
        let Some(slot) = self.servers.get_mut(&id) else { return };
        if slot.life != life {
            return;
        }
        match slot.timers.look(timer, now) {
            Found::Fires(cause) => {
                let kind = EventKind::ServerTimer(id, timer);
                self.call_server(id, cause, kind, Input::Timer(timer), trace);
            }
            Found::Moved(due) => {
                self.push(due, Due::ServerTimer(id, life, timer));
            }
            Found::Nothing => {}
        }
    }

    fn set_client_timer(&mut self, id: ClientId, timer: client::Timer, after_us: u64) {
        let (now, cause) = (self.now, self.current());
        let Some(slot) = self.clients.get_mut(&id) else { return };
        if let Some(due) = slot.timers.set(timer, now, after_us, cause) {
            self.push(due, Due::ClientTimer(id, timer));
        }
    }

    fn on_client_timer(&mut self, id: ClientId, timer: client::Timer, trace: &mut Trace) {
        let now = self.now;
        let Some(slot) = self.clients.get_mut(&id) else { return };
        match slot.timers.look(timer, now) {
            Found::Fires(cause) => {
                let kind = EventKind::ClientTimer(id, timer);
                self.call_client(id, cause, kind, client::Input::Timer(timer), trace);
            }
            Found::Moved(due) => {
                self.push(due, Due::ClientTimer(id, timer));
            }
            Found::Nothing => {}
        }
    }

    fn on_deferred(&mut self, id: ServerId, life: u32, trace: &mut Trace) {
        let Some(slot) = self.servers.get_mut(&id) else { return };
        if slot.life != life || slot.is_paused {
            return;
        }
        let Some(Deferred { kind, cause, input }) = slot.deferred.pop_front() else { return };
        if !slot.deferred.is_empty() {
            self.push(self.now, Due::Deferred(id, life));
        }
        // Who closed a connection meanwhile is not interested in what came on it.
        if self.holds(id, &input) {
            if let Input::Closed(conn) = input {
                self.forget_end(id, conn);
            }
            self.call_server(id, cause, kind, input, trace);
        }
    }

    /// The process has come to the end of what the other side sent before it closed.
    fn forget_end(&mut self, id: ServerId, conn: ConnId) {
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        let side = link.side_of(Actor::Server(id));
        link.ends[side].is_open = false;
        if link.is_dead() {
            self.network.links.remove(&conn);
        }
    }

    fn holds(&self, id: ServerId, input: &Input) -> bool {
        let conn = match input {
            Input::Accepted { conn, .. }
            | Input::Connected(conn)
            | Input::Received { conn, .. }
            | Input::Closed(conn) => *conn,
            Input::Timer(_) | Input::Written { .. } | Input::WriteFailed(_) => return true,
        };
        let link = self.network.links.get(&conn);
        link.is_some_and(|link| link.ends[link.side_of(Actor::Server(id))].is_open)
    }
}

//! Invariant checkers: what must hold at every moment of every run.
//!
//! They look at the servers from outside, after every event, and hear what is sent, what arrives
//! and what is applied. They remember what no server may: who led which epoch, what was proposed,
//! the one order in which transactions were delivered, what every connection has carried. They share
//! no code with the protocol.
//!
//! ```text
//!   events ──▶ streams    each connection between a learner and its leader
//!          ──▶ session    whom the leader has heard from, and through whom
//!          ──▶ client     what each client has asked, seen and waits for
//!          ──▶ recipes    what those that follow recipes are told
//!   states ──▶ leadership who leads, with whose promise and which history
//!          ──▶ disk       epochs and logs as they would survive a crash
//!          ──▶ history    what was proposed, and in which order it is delivered ──▶ tree, session
//! ```
//!
//! Only what an event may have changed is looked at, and what grows with a run is shared between
//! copies of the world.

mod client;
mod disk;
mod history;
mod leadership;
mod quorum;
pub mod recipes;
#[cfg(test)]
mod recipes_tests;
mod session;
mod streams;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tree;

use self::quorum::Configs;
use crate::config::{Config, Ensemble};
use crate::sim::network::Network;
use crate::sim::trace::EventKind;
use crate::sim::world::ServerSlot;
use crate::sorted::{Map, Set};
use crate::txn::Txn;
use crate::txn::list::Shelf;
use crate::types::{Actor, ClientId, ConnId, Port, ServerId, SessionId, Time, Zxid};
use crate::wire::Message;
use std::rc::Rc;

/// What is checked, in the order of ZooKeeper's TLA+ specification, and after it what the
/// specification leaves out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Invariant {
    /// No two servers lead the same epoch at the same time.
    Leadership1,
    /// Over the whole run at most one server leads an epoch.
    Leadership2,
    /// Any two servers' committed histories agree as far as both go.
    PrefixConsistency,
    /// Whatever is delivered was proposed, and is delivered once.
    Integrity,
    /// If one server delivered a and another b, one of them delivered both.
    Agreement,
    /// Servers deliver in the same order.
    TotalOrder,
    /// What a leader proposed first is delivered first, by everybody.
    LocalPrimaryOrder,
    /// What an older leader proposed is delivered before what a newer one did.
    GlobalPrimaryOrder,
    /// A leader that proposes has delivered everything of older epochs that anybody delivered.
    PrimaryIntegrity,
    /// Packets between leader and learner come in the phases, in the order and from the side they
    /// belong to.
    ProcessConsistency,
    /// An epoch begins with the promise of a quorum and with everything committed before it, and
    /// equal zxids mean equal transactions.
    InitialHistory,
    /// What is committed is on the disks of a quorum.
    Committedness,
    /// On each disk acceptedEpoch ≥ currentEpoch ≥ the epoch of the last logged transaction, and
    /// neither ever falls.
    Epochs,
    /// Zxids in a log strictly increase, without gaps inside an epoch.
    Log,
    /// A server applies only what it was given to log, and never goes back while it serves.
    Apply,
    /// Servers that have processed the same zxid have the same tree and sessions.
    Determinism,
    /// Ephemerals have a live owner and no children; counters and names follow from the history.
    Tree,
    /// A session speaks through one server, does nothing after its end, and does not end early.
    Session,
    /// Replies come in order, time does not go back, and a watch fires once, before the change is
    /// seen.
    Client,
    /// An ACK means that it is on disk: first the history, then currentEpoch, then the ACK.
    AckDiscipline,
    /// What recipes promise, as long as sessions live: nobody is granted what others hold, lines move
    /// in order, nothing is taken twice.
    Recipe,
}

impl Invariant {
    /// All of them.
    pub const ALL: [Invariant; 21] = [
        Invariant::Leadership1,
        Invariant::Leadership2,
        Invariant::PrefixConsistency,
        Invariant::Integrity,
        Invariant::Agreement,
        Invariant::TotalOrder,
        Invariant::LocalPrimaryOrder,
        Invariant::GlobalPrimaryOrder,
        Invariant::PrimaryIntegrity,
        Invariant::ProcessConsistency,
        Invariant::InitialHistory,
        Invariant::Committedness,
        Invariant::Epochs,
        Invariant::Log,
        Invariant::Apply,
        Invariant::Determinism,
        Invariant::Tree,
        Invariant::Session,
        Invariant::Client,
        Invariant::AckDiscipline,
        Invariant::Recipe,
    ];
}

/// A broken guarantee, and the facts that clash.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// The event after which it was seen.
    pub index: u32,
    /// When.
    pub at: Time,
    /// Who is involved.
    pub servers: Rc<[ServerId]>,
    /// The client it happened to, if it did to one.
    pub client: Option<ClientId>,
    /// One fact, in words of the protocol.
    pub one: Rc<str>,
    /// The fact that clashes with it.
    pub other: Rc<str>,
    /// The zxid it is about, if about one.
    pub zxid: Option<Zxid>,
}

/// Facts that clash.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Clash {
    invariant: Invariant,
    servers: Vec<ServerId>,
    client: Option<ClientId>,
    zxid: Option<Zxid>,
    one: String,
    other: String,
}

/// What was found in one event.
#[derive(Clone, Debug, Default)]
struct Found(Vec<Clash>);

impl Found {
    fn clash(
        &mut self,
        invariant: Invariant,
        servers: &[ServerId],
        zxid: Option<Zxid>,
        one: String,
        other: String,
    ) {
        let servers = servers.to_vec();
        self.0.push(Clash { invariant, servers, client: None, zxid, one, other });
    }

    fn of_client(&mut self, client: ClientId, zxid: Option<Zxid>, one: String, other: String) {
        let (invariant, servers) = (Invariant::Client, Vec::new());
        self.0.push(Clash { invariant, servers, client: Some(client), zxid, one, other });
    }
}

/// A look at one server after an event.
#[derive(Clone, Copy)]
struct Look<'a> {
    id: ServerId,
    at: Time,
    ensemble: &'a Ensemble,
    configs: &'a Configs,
    servers: &'a Map<ServerId, ServerSlot>,
    slot: &'a ServerSlot,
}

impl<'a> Look<'a> {
    /// Whether these are a quorum for what this server does with a zxid.
    fn is_quorum(&self, zxid: Zxid, servers: &[ServerId]) -> bool {
        let leader = self.process().and_then(|server| server.as_leader());
        let is_its_leader = leader.is_some_and(|leader| leader.epoch() == zxid.epoch());
        self.configs.is_quorum(self.ensemble, zxid, is_its_leader, servers)
    }

    /// The running process.
    fn process(&self) -> Option<&'a crate::server::Server> {
        self.slot.process.as_ref()
    }

    /// The servers whose disk is as asked.
    fn those(&self, is_it: impl Fn(&crate::zab::log::Files) -> bool) -> Vec<ServerId> {
        let those = self.servers.iter().filter(|(_, slot)| is_it(slot.disk()));
        those.map(|(id, _)| *id).collect()
    }
}

/// Looks after every event, and remembers.
#[derive(Clone, Debug)]
pub struct Checker {
    leadership: leadership::Leadership,
    history: history::History,
    disks: disk::Disks,
    streams: streams::Streams,
    tree: tree::Tree,
    sessions: session::Sessions,
    clients: client::Clients,
    recipes: recipes::Recipes,
    configs: Configs,
    found: Found,
    broken: Map<Invariant, Violation>,
    /// Servers whose disks were damaged from outside: a violation names them.
    damaged: Set<ServerId>,
}

impl Checker {
    /// Nothing has happened.
    pub fn new(servers: impl Iterator<Item = ServerId>) -> Checker {
        let servers: Vec<ServerId> = servers.collect();
        Checker {
            leadership: leadership::Leadership::default(),
            history: history::History::new(&servers),
            disks: disk::Disks::default(),
            streams: streams::Streams::default(),
            tree: tree::Tree::default(),
            sessions: session::Sessions::default(),
            clients: client::Clients::default(),
            recipes: recipes::Recipes::default(),
            configs: Configs::default(),
            found: Found::default(),
            broken: Map::new(),
            damaged: Set::new(),
        }
    }

    /// The same for an ensemble with this configuration, as far as it changes what is right.
    #[must_use]
    pub fn under(mut self, config: &Config) -> Checker {
        self.history.initial_counter = config.initial_counter;
        self.streams.initial_counter = config.initial_counter;
        if config.are_local_sessions_enabled {
            self.sessions.allow_locals();
        }
        self
    }

    /// The first violation of an invariant, if there was one.
    pub fn violation(&self, invariant: Invariant) -> Option<&Violation> {
        self.broken.get(&invariant)
    }

    /// The first violation of each broken invariant.
    pub fn violations(&self) -> impl Iterator<Item = &Violation> + '_ {
        self.broken.values()
    }

    /// The last transaction in the order of delivery.
    pub fn last_delivered(&self) -> Zxid {
        self.history.last_delivered()
    }

    /// The transactions that were delivered, in their one order.
    pub fn delivered(&self) -> impl Iterator<Item = Rc<Txn>> + '_ {
        self.history.delivered()
    }

    /// Keeps what is old in less memory.
    pub fn pack(&mut self, shelf: &mut Shelf) {
        self.history.pack(shelf);
    }

    // --- What happens

    /// There is one server more.
    pub fn add_server(&mut self, id: ServerId) {
        self.history.add_server(id);
    }

    /// A server goes by this configuration from now on.
    pub fn configured(&mut self, config: Rc<Ensemble>) {
        let proposed = self.history.last_proposed(config.version.epoch());
        self.configs.add(config, proposed);
    }

    /// A server does not serve any more. It may again before it is looked at.
    pub fn left_broadcast(&mut self, id: ServerId) {
        self.history.forget_place(id);
    }

    /// A server has processed a transaction, or begins to serve with everything up to it.
    pub fn applied(&mut self, id: ServerId, zxid: Zxid) {
        self.history.applied(id, zxid);
    }

    /// A server's disk was damaged from outside: what it held before counts no more.
    pub fn damaged(&mut self, id: ServerId) {
        self.damaged.insert(id);
        self.disks.damaged(id);
    }

    /// A server's process has begun anew.
    pub fn booted(&mut self, id: ServerId) {
        self.history.forget_place(id);
        self.disks.booted(id);
    }

    /// Something has happened to a server, and it has taken it in.
    pub fn server_hears(&mut self, id: ServerId, kind: &EventKind, now: Time, slot: &ServerSlot) {
        let EventKind::Delivered { conn, from, message, .. } = kind else { return };
        match &**message {
            Message::Quorum(packet) => {
                let delivered = self.history.delivered_by(id);
                self.streams.hears(id, *conn, packet, (slot.disk(), delivered), &mut self.found);
                if let Actor::Server(from) = *from {
                    self.sessions.server_hears_packet(id, from, packet, now);
                }
            }
            Message::Request { .. } | Message::ClientPing | Message::Connect(_) => {
                self.sessions.server_hears_client(id, *conn, message, now);
            }
            Message::Hello(_)
            | Message::Notification(_)
            | Message::Connected(_)
            | Message::Reply { .. }
            | Message::Watch(_)
            | Message::IsReadOnly
            | Message::IsReadOnlyAnswer { .. }
            | Message::ClientPong { .. } => {}
        }
    }

    /// A server sends.
    pub fn server_sends(
        &mut self,
        id: ServerId,
        conn: ConnId,
        message: &Message,
        now: Time,
        slot: &ServerSlot,
        network: &Network,
    ) {
        match message {
            Message::Quorum(packet) => {
                let Some(link) = network.links.get(&conn) else { return };
                if let (Port::Quorum, Actor::Server(learner), Actor::Server(leader)) =
                    (link.port, link.ends[0].actor, link.ends[1].actor)
                {
                    let is_open = |conn: &ConnId| network.links.contains_key(conn);
                    self.streams.open(conn, learner, leader, &is_open);
                    self.streams.sends(id, conn, packet, slot.disk(), &mut self.found);
                    let to = if id == learner { leader } else { learner };
                    self.sessions.server_sends_packet(id, to, packet, &mut self.found);
                }
            }
            Message::Connected(response) => {
                let is_open = |conn: &ConnId| network.links.contains_key(conn);
                self.sessions.server_answers(id, conn, response, now, &is_open, &mut self.found);
            }
            Message::Hello(_)
            | Message::Notification(_)
            | Message::Connect(_)
            | Message::Request { .. }
            | Message::Reply { .. }
            | Message::Watch(_)
            | Message::ClientPing
            | Message::IsReadOnly
            | Message::IsReadOnlyAnswer { .. }
            | Message::ClientPong { .. } => {}
        }
    }

    /// A client's process begins.
    pub fn client_begins(&mut self, id: ClientId) {
        self.clients.begins(id);
    }

    /// A client sends.
    pub fn client_sends(&mut self, id: ClientId, conn: ConnId, message: &Rc<Message>) {
        self.clients.sends(id, conn, message);
        if let Message::Request { xid, op } = &**message
            && let Some(session) = self.clients.session(id)
        {
            self.tree.asked(session, *xid, op);
        }
    }

    /// Something arrives at a client, which has not taken it in yet.
    pub fn client_hears(&mut self, id: ClientId, kind: &EventKind) {
        if let EventKind::Delivered { conn, message, .. } = kind {
            self.clients.hears(id, *conn, message, &mut self.found);
        }
    }

    /// Whether a session lives, by the history of all servers.
    pub fn is_session_alive(&self, session: SessionId) -> bool {
        self.sessions.is_alive(session)
    }

    /// A recipe does not keep what it promises.
    pub fn recipe_broken(&mut self, client: ClientId, one: String, other: String) {
        self.broken(Some(client), one, other);
    }

    fn broken(&mut self, client: Option<ClientId>, one: String, other: String) {
        let (invariant, servers) = (Invariant::Recipe, Vec::new());
        self.found.0.push(Clash { invariant, servers, client, zxid: None, one, other });
    }

    // --- What is then

    /// Looks at a server after an event. Returns violations of invariants that held so far.
    pub fn look(
        &mut self,
        id: ServerId,
        index: u32,
        at: Time,
        ensemble: &Ensemble,
        servers: &Map<ServerId, ServerSlot>,
    ) -> Vec<Violation> {
        if let Some(slot) = servers.get(&id) {
            let configs = std::mem::take(&mut self.configs);
            let look = Look { id, at, ensemble, configs: &configs, servers, slot };
            self.look_at(&look);
            self.configs = configs;
        }
        self.fresh(index, at)
    }

    fn look_at(&mut self, look: &Look<'_>) {
        let found = &mut self.found;
        self.leadership.look(look, &mut self.history, found);
        let proposals = self.history.note_proposals(look, found);
        self.sessions.look(look, &proposals, found);
        let delivery = self.history.look(look, found);
        if let Some(process) = look.process()
            && !delivery.is_empty()
        {
            let image = &process.database().image;
            self.tree.follow(look.id, &delivery, image, found);
            self.sessions.follow(look.id, &delivery, image, found);
        }
        self.disks.look(look, &self.history, &self.streams, found);
    }

    /// What was found since the last call. Returns violations of invariants that held so far.
    pub fn fresh(&mut self, index: u32, at: Time) -> Vec<Violation> {
        let mut fresh = Vec::new();
        for clash in self.found.0.drain(..) {
            let Clash { invariant, servers, client, zxid, one, mut other } = clash;
            if !self.damaged.is_empty() {
                let damaged: Vec<String> = self.damaged.iter().map(ServerId::to_string).collect();
                other = format!("{other}; disks damaged: {}", damaged.join(", "));
            }
            if !self.broken.contains_key(&invariant) {
                let servers = servers.into();
                let (one, other) = (one.into(), other.into());
                let violation =
                    Violation { invariant, index, at, servers, client, one, other, zxid };
                self.broken.insert(invariant, violation.clone());
                fresh.push(violation);
            }
        }
        fresh
    }
}

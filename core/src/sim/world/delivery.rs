//! Packets on their way: dialling, sending, arriving, dying.
//!
//! What the network is, is told in [`crate::sim::network`]; here is what happens in it.

use super::{Due, World};
use crate::client::session as client;
use crate::server::Input;
use crate::sim::link::Unsafety;
use crate::sim::network::{FIRST_RTO_US, InFlight, LONGEST_RTO_US, Lane, Link, Payload};
use crate::sim::trace::{EventKind, Loss, Trace};
use crate::types::{Actor, ConnId, Port, ServerId, Time};
use crate::wire::Message;
use std::rc::Rc;

impl World {
    pub(super) fn life_of(&self, actor: Actor) -> Option<u32> {
        match actor {
            Actor::Server(id) => {
                let slot = self.servers.get(&id)?;
                slot.process.as_ref().map(|_| slot.life)
            }
            Actor::Client(_) => Some(0),
        }
    }

    pub(super) fn dial(&mut self, from: Actor, conn: ConnId, to: ServerId, port: Port) {
        let to = Actor::Server(to);
        let life = self.life_of(from).unwrap_or_default();
        self.network.links.insert(conn, Link::new(port, (from, life), (to, 0)));
        self.transmit(conn, 0, Payload::Syn);
        // A client has a limit of its own.
        if let Actor::Server(_) = from {
            self.push(self.now.plus_us(self.delays.dial_limit), Due::DialLimit(conn));
        }
    }

    pub(super) fn send(&mut self, from: Actor, conn: ConnId, payload: Payload) {
        let Some(link) = self.network.links.get(&conn) else { return };
        let side = link.side_of(from);
        if link.ends[side].is_open {
            let way = (from, link.ends[1 - side].actor);
            self.transmit_on(way, conn, side, payload);
        }
    }

    pub(super) fn close(&mut self, by: Actor, conn: ConnId) {
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        let side = link.side_of(by);
        if !std::mem::replace(&mut link.ends[side].is_open, false) {
            return;
        }
        self.transmit(conn, side, Payload::Fin);
    }

    pub(super) fn transmit(&mut self, conn: ConnId, lane: usize, payload: Payload) {
        let Some(link) = self.network.links.get(&conn) else { return };
        let way = (link.ends[lane].actor, link.ends[1 - lane].actor);
        self.transmit_on(way, conn, lane, payload);
    }

    /// The same, for who knows already from whom to whom.
    fn transmit_on(
        &mut self,
        (from, to): (Actor, Actor),
        conn: ConnId,
        lane: usize,
        payload: Payload,
    ) {
        let takes = self.latency(from, to);
        let id = self.network.fresh_packet();
        let bytes = payload.bytes();
        let departs = self.network.departure(from, to, bytes, self.now);
        let packet = InFlight {
            id,
            payload,
            bytes,
            sent: self.now,
            departs,
            arrives: departs.plus_us(takes),
            cause: self.current(),
            held_us: None,
            is_late: false,
        };
        if self.network.unsafety == Unsafety::OFF {
            self.put((from, to), conn, lane, packet);
        } else {
            self.transmit_unsafely(conn, lane, packet);
        }
    }

    /// How long a packet takes from one to the other, in microseconds.
    fn latency(&mut self, from: Actor, to: Actor) -> u64 {
        if let Some(latency) = self.network.latencies.of(from, to) {
            return latency.draw(&mut self.rng);
        }
        let between_servers = matches!((from, to), (Actor::Server(_), Actor::Server(_)));
        let (least, spread) = if between_servers { self.delays.server } else { self.delays.client };
        u64::from(least) + u64::from(self.rng.below(spread.max(1)))
    }

    /// Puts a packet on its way.
    pub(super) fn put(
        &mut self,
        (from, to): (Actor, Actor),
        conn: ConnId,
        lane: usize,
        mut packet: InFlight,
    ) {
        if self.network.is_held(from, to, &packet.payload) {
            packet.held_us = Some(packet.arrives.since_us(self.now));
        }
        let wake = self.next_seq;
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        if link.lanes[lane].put(packet) == 0 {
            let due = wake_lane(&mut link.lanes[lane], wake);
            self.push_arrival(due, conn, lane);
        }
    }

    /// The first packet of a lane will arrive when it is due. If it is held, nothing will.
    pub(super) fn wake(&mut self, conn: ConnId, lane: usize) {
        let wake = self.next_seq;
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        let due = wake_lane(&mut link.lanes[lane], wake);
        self.push_arrival(due, conn, lane);
    }

    fn push_arrival(&mut self, due: Option<Time>, conn: ConnId, lane: usize) {
        if let Some(due) = due {
            self.push(due, Due::Arrival(conn, lane as u8));
        }
    }

    /// Takes up what an entry of the queue was for. An entry that is out of date is for nothing.
    fn take_wake(&mut self, conn: ConnId, lane: usize, seq: u64) -> bool {
        let Some(link) = self.network.links.get_mut(&conn) else { return false };
        let wake = &mut link.lanes[lane].wake;
        let is_it = *wake == Some(seq);
        if is_it {
            *wake = None;
        }
        is_it
    }

    pub(super) fn on_arrival(&mut self, conn: ConnId, lane: usize, seq: u64, trace: &mut Trace) {
        let Some(link) = self.network.links.get(&conn) else { return };
        if link.lanes[lane].wake != Some(seq) {
            return;
        }
        let (from, to) = (link.ends[lane].actor, link.ends[1 - lane].actor);
        let is_cut = self.network.is_cut(from, to) || self.is_in_vain(link, lane);
        let wake = self.next_seq;
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        let state = &mut link.lanes[lane];
        state.wake = None;
        if is_cut {
            self.on_cut(conn, lane, trace);
            return;
        }
        let Some(packet) = state.queue.pop_front() else { return };
        state.stalled_rto_us = None;
        let due = wake_lane(state, wake);
        let is_open = link.ends[1 - lane].is_open;
        self.push_arrival(due, conn, lane);
        self.arrive(conn, lane, (from, to, is_open), packet, trace);
        self.bury(conn);
    }

    /// Forgets a connection that is dead.
    fn bury(&mut self, conn: ConnId) {
        if self.network.links.get(&conn).is_some_and(Link::is_dead) {
            self.network.links.remove(&conn);
        }
    }

    /// The first packet of a lane met a partition or a cut.
    fn on_cut(&mut self, conn: ConnId, lane: usize, trace: &mut Trace) {
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        let (from, to) = (link.ends[lane], link.ends[1 - lane]);
        let state = &mut link.lanes[lane];
        let Some(first) = state.queue.front() else { return };
        let message = message_of(&first.payload);
        let cause = first.cause;
        let is_first_loss = state.stalled_rto_us.is_none();
        let rto = state.stalled_rto_us.map_or(FIRST_RTO_US, |rto| (rto * 2).min(LONGEST_RTO_US));
        state.stalled_rto_us = Some(rto);
        let is_resent = self.life_of(from.actor) == Some(from.life);
        if is_resent {
            let wake = self.push(self.now.plus_us(rto), Due::Resend(conn, lane as u8));
            if let Some(link) = self.network.links.get_mut(&conn) {
                link.lanes[lane].wake = Some(wake);
            }
        } else if let Some(link) = self.network.links.get_mut(&conn) {
            // The process has died: what could not leave is lost with it.
            link.lanes[lane].queue.clear();
            self.bury(conn);
        }
        if is_first_loss {
            let (from, to) = (from.actor, to.actor);
            let loss = if is_resent { Loss::Cut } else { Loss::CutForGood };
            let kind = EventKind::Lost { conn, from, to, message, loss };
            self.record(cause, kind, trace);
        }
    }

    /// Whether a dead server is dialled whose machine died with it. The comparison is recorded that
    /// way, and its clients are kazoo's: nobody refuses the connection, they wait in vain.
    fn is_in_vain(&self, link: &Link, lane: usize) -> bool {
        let (Actor::Client(id), Actor::Server(server)) =
            (link.ends[lane].actor, link.ends[1 - lane].actor)
        else {
            return false;
        };
        let is_dial = |packet: &InFlight| matches!(packet.payload, Payload::Syn);
        self.server(server).is_none()
            && link.lanes[lane].queue.front().is_some_and(is_dial)
            && self.clients.get(&id).is_some_and(|c| c.process.library() == client::Library::Kazoo)
    }

    pub(super) fn on_resend(&mut self, conn: ConnId, lane: usize, seq: u64, trace: &mut Trace) {
        if !self.take_wake(conn, lane, seq) {
            return;
        }
        let Some(link) = self.network.links.get(&conn) else { return };
        let (from, to) = (link.ends[lane], link.ends[1 - lane]);
        if link.lanes[lane].queue.is_empty() {
            return;
        }
        let is_cut = self.network.is_cut(from.actor, to.actor) || self.is_in_vain(link, lane);
        if is_cut || self.life_of(from.actor) != Some(from.life) {
            self.on_cut(conn, lane, trace);
            return;
        }
        let arrives = self.now.plus_us(self.resend_latency(from.actor, to.actor));
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        let state = &mut link.lanes[lane];
        state.stalled_rto_us = None;
        for packet in &mut state.queue {
            packet.arrives = packet.arrives.max(arrives);
        }
        state.last_arrival = state.last_arrival.max(arrives);
        self.wake(conn, lane);
    }

    /// How long a packet takes that TCP sends again.
    fn resend_latency(&mut self, from: Actor, to: Actor) -> u64 {
        if let Some(latency) = self.network.latencies.of(from, to) {
            return latency.draw(&mut self.rng);
        }
        let (least, spread) = self.delays.server;
        u64::from(least) + u64::from(self.rng.below(spread.max(1)))
    }

    /// A packet arrives at an end that is still held, or not any more.
    fn arrive(
        &mut self,
        conn: ConnId,
        lane: usize,
        (from, to, is_open): (Actor, Actor, bool),
        packet: InFlight,
        trace: &mut Trace,
    ) {
        let cause = packet.cause;
        match packet.payload {
            Payload::Syn => self.on_syn(conn, from, to, cause, trace),
            Payload::SynAck => self.on_syn_ack(conn, from, to, cause, trace),
            Payload::Message(message) => {
                if is_open {
                    let kind = EventKind::Delivered { conn, from, to, message: message.clone() };
                    self.deliver(to, cause, kind, conn, message, trace);
                } else {
                    let message = Some(message);
                    let loss = Loss::NobodyThere;
                    let kind = EventKind::Lost { conn, from, to, message, loss };
                    self.record(cause, kind, trace);
                    self.reset(conn, 1 - lane);
                }
            }
            Payload::Fin | Payload::Rst => self.on_end(conn, 1 - lane, cause, trace),
        }
    }

    fn deliver(
        &mut self,
        to: Actor,
        cause: u32,
        kind: EventKind,
        conn: ConnId,
        message: Rc<Message>,
        trace: &mut Trace,
    ) {
        match to {
            Actor::Server(id) => {
                self.call_server(id, cause, kind, Input::Received { conn, message }, trace);
            }
            Actor::Client(id) => {
                let input = client::Input::Received { conn, message };
                self.call_client(id, cause, kind, input, trace);
            }
        }
    }

    fn on_syn(&mut self, conn: ConnId, from: Actor, to: Actor, cause: u32, trace: &mut Trace) {
        let Actor::Server(id) = to else { return };
        let Some(link) = self.network.links.get(&conn) else { return };
        let port = link.port;
        let is_listening = self.server(id).is_some_and(|server| server.listens(port));
        if !is_listening {
            self.reset(conn, 1);
            return;
        }
        let life = self.life_of(to).unwrap_or_default();
        if let Some(link) = self.network.links.get_mut(&conn) {
            link.ends[1].is_open = true;
            link.ends[1].life = life;
        }
        self.transmit(conn, 1, Payload::SynAck);
        let kind = EventKind::Accepted { conn, from, to, port };
        self.call_server(id, cause, kind, Input::Accepted { conn, port }, trace);
    }

    fn on_syn_ack(&mut self, conn: ConnId, from: Actor, to: Actor, cause: u32, trace: &mut Trace) {
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        link.is_up = true;
        if !link.ends[0].is_open {
            return;
        }
        let kind = EventKind::Connected { conn, from: to, to: from };
        match to {
            Actor::Server(id) => {
                self.call_server(id, cause, kind, Input::Connected(conn), trace);
            }
            Actor::Client(id) => {
                self.call_client(id, cause, kind, client::Input::Connected(conn), trace);
            }
        }
    }

    /// Tells the other side that there is no such connection.
    fn reset(&mut self, conn: ConnId, lane: usize) {
        let Some(link) = self.network.links.get(&conn) else { return };
        if link.ends[1 - lane].is_open {
            self.transmit(conn, lane, Payload::Rst);
        }
    }

    /// The connection ends for `side`.
    pub(super) fn on_end(&mut self, conn: ConnId, side: usize, cause: u32, trace: &mut Trace) {
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        if !link.ends[side].is_open {
            return;
        }
        let (at, peer) = (link.ends[side].actor, link.ends[1 - side].actor);
        let is_paused = |id| self.servers.get(&id).is_some_and(|slot| slot.is_paused);
        // A paused process will read what waits in its sockets before it finds that they ended.
        link.ends[side].is_open = matches!(at, Actor::Server(id) if is_paused(id));
        let kind = EventKind::Closed { conn, at, peer };
        match at {
            Actor::Server(id) => self.call_server(id, cause, kind, Input::Closed(conn), trace),
            Actor::Client(id) => {
                self.call_client(id, cause, kind, client::Input::Closed(conn), trace);
            }
        }
    }

    pub(super) fn on_dial_limit(&mut self, conn: ConnId, trace: &mut Trace) {
        let Some(link) = self.network.links.get_mut(&conn) else { return };
        if link.is_up || !link.ends[0].is_open {
            return;
        }
        link.lanes[0].queue.clear();
        let cause = self.current();
        self.on_end(conn, 0, cause, trace);
        self.bury(conn);
    }
}

/// An entry of the queue with this number will move the lane's first packet, if there is one that is
/// not held. Returns when.
fn wake_lane(lane: &mut Lane, wake: u64) -> Option<Time> {
    let due = lane.first_due();
    lane.wake = due.map(|_| wake);
    due
}

pub(super) fn message_of(payload: &Payload) -> Option<Rc<Message>> {
    match payload {
        Payload::Message(message) => Some(message.clone()),
        Payload::Syn | Payload::SynAck | Payload::Fin | Payload::Rst => None,
    }
}

//! Makes views of a world.

mod disk;
pub mod recipes;
pub mod tree;

use crate::client::session::State;
use crate::lab::view::{
    ClientState, ClientView, ConnectionView, InvariantView, LogEntryView, NetworkView, PacketKind,
    PacketView, QueuedView, ServerView, StageView, TimerKind, TimerView, View,
};
use crate::server::queues::{Processor, Queued};
use crate::server::{Server, Timer};
use crate::sim::check::Invariant;
use crate::sim::link::{PacketType, Way};
use crate::sim::network::{InFlight, Lane, Payload};
use crate::sim::trace::body_line;
use crate::sim::world::{ClientSlot, ServerSlot, World};
use crate::types::{Actor, ClientId, Phase, ServerId, ServerState, Time, Vote, Xid, Zxid};
use crate::wire::{Message, Packet};
use std::rc::Rc;

/// How much of a log is shown.
const LOG_ENTRIES: usize = 24;

/// Everything to be seen of a world. `end` and `end_time` are those of its run.
pub fn view(world: &World, end: u32, end_time: Time) -> View {
    let servers: Vec<Rc<ServerView>> =
        world.servers.iter().map(|(id, slot)| Rc::new(server(world, *id, slot))).collect();
    let leader = servers
        .iter()
        .filter(|s| s.is_up && s.state == ServerState::Leading && s.phase == Phase::Broadcast)
        .max_by_key(|s| s.current_epoch);
    let quorum_present = match leader {
        Some(leader) => servers
            .iter()
            .filter(|s| s.is_serving && !s.is_observer && s.leader == Some(leader.id))
            .filter(|s| s.current_epoch == leader.current_epoch)
            .count(),
        None => 0,
    };
    let largest = servers.iter().map(|s| s.accepted_epoch).max().unwrap_or_default();
    View {
        index: world.events,
        end,
        now: world.now,
        end_time,
        leader: leader.map(|leader| leader.id),
        epoch: leader.map_or(largest, |leader| leader.current_epoch),
        quorum_present,
        quorum_needed: world.ensemble.majority(),
        committed: world.checker.last_delivered(),
        clients: world.clients.iter().map(|(id, slot)| Rc::new(client(*id, slot))).collect(),
        packets: packets(world),
        recipes: recipes::recipes(world).into_iter().map(Rc::new).collect(),
        partition: partition(world),
        network: network(world),
        invariants: Invariant::ALL
            .iter()
            .map(|invariant| InvariantView {
                invariant: *invariant,
                violation: world.checker.violation(*invariant).cloned(),
            })
            .collect(),
        servers,
    }
}

fn server(world: &World, id: ServerId, slot: &ServerSlot) -> ServerView {
    let disk = slot.disk();
    let process = slot.process.as_ref();
    let last_durable = disk.last_zxid();
    ServerView {
        id,
        is_up: process.is_some(),
        down: process.is_none().then(|| slot.down.clone()),
        is_paused: slot.is_paused,
        is_observer: world.ensemble.is_observer(id),
        state: process.map_or(ServerState::Looking, Server::state),
        phase: process.map_or(Phase::Election, Server::phase),
        is_serving: process.is_some_and(Server::is_serving),
        leader: process.and_then(Server::leader),
        last_processed: process.map_or(last_durable, |s| s.database().last_processed()),
        last_logged: process
            .and_then(|s| s.storage().last_appended())
            .map_or(last_durable, |appended| appended.max(last_durable)),
        last_durable,
        accepted_epoch: disk.accepted_epoch.unwrap_or_default(),
        current_epoch: disk.current_epoch.unwrap_or_default(),
        vote: process.map_or(Vote::NOBODY, Server::vote),
        round: process.map_or(0, |s| s.election().round()),
        votes: match process {
            Some(s) if s.state() == ServerState::Looking => s.election().received().collect(),
            Some(_) | None => Vec::new(),
        },
        timers: slot
            .timers
            .iter()
            .map(|(timer, running)| TimerView {
                kind: timer_kind(timer),
                set_at: running.set_at,
                due: running.due,
            })
            .collect(),
        log: log(slot),
        committed_log: process.map(Server::database).and_then(|database| {
            let log = database.committed_log();
            Some((log.front()?.zxid, log.back()?.zxid, log.len()))
        }),
        connections: process.map_or(0, Server::client_count),
        is_read_only: process.is_some_and(Server::is_read_only),
        pipeline: process.map_or_else(Vec::new, pipeline),
        disk: disk::view(slot),
    }
}

fn pipeline(server: &Server) -> Vec<StageView> {
    let queued = |queued: Queued<'_>| match queued {
        Queued::Request(request, zxid) => {
            let path = request.op.path().map_or_else(String::new, |path| format!(" {path}"));
            QueuedView {
                session: request.session,
                xid: request.cxid,
                summary: format!("{}{path}", request.op.name()).into(),
                zxid,
            }
        }
        Queued::Ping(session) => {
            QueuedView { session, xid: Xid::PING, summary: "ping".into(), zxid: None }
        }
        Queued::Txn(txn) => QueuedView {
            session: txn.session,
            xid: txn.cxid,
            summary: body_line(&txn.body).into(),
            zxid: Some(txn.zxid),
        },
    };
    let stage = |processor: &Processor| StageView {
        processor: *processor,
        requests: server.queued(*processor).into_iter().map(queued).collect(),
    };
    server.processors().iter().map(stage).collect()
}

fn timer_kind(timer: Timer) -> TimerKind {
    match timer {
        Timer::Silence => TimerKind::Notification,
        Timer::Finalize => TimerKind::Finalize,
        Timer::HalfTick => TimerKind::Ping,
        Timer::LeaderRead | Timer::Gate => TimerKind::Limit,
        Timer::LearnerRead(_)
        | Timer::Retry
        | Timer::SessionExpiry
        | Timer::Containers
        | Timer::ReadOnly
        | Timer::Flush
        | Timer::Purge => TimerKind::Other,
    }
}

/// The end of a server's log: what is durable, then what is on its way.
fn log(slot: &ServerSlot) -> Vec<LogEntryView> {
    let applied = slot.process.as_ref().map_or(Zxid::ZERO, |s| s.database().last_processed());
    let mut entries = Vec::new();
    let mut add = |txn: &crate::txn::Txn, is_durable| {
        entries.push(LogEntryView {
            zxid: txn.zxid,
            summary: body_line(&txn.body).into(),
            is_applied: txn.zxid <= applied,
            is_durable,
        });
    };
    let disk = slot.disk();
    let total: usize = disk.logs.iter().map(|log| log.txns.len()).sum();
    let mut skip = total.saturating_sub(LOG_ENTRIES);
    for log in &disk.logs {
        let here = skip.min(log.txns.len());
        skip -= here;
        log.txns.iter_from(here).for_each(|txn| add(&txn, true));
    }
    if let Some(server) = &slot.process {
        server.storage().pending_txns().for_each(|txn| add(txn, false));
    }
    entries.drain(..entries.len().saturating_sub(LOG_ENTRIES));
    entries
}

fn client(id: ClientId, slot: &ClientSlot) -> ClientView {
    let process = &slot.process;
    ClientView {
        is_paused: slot.is_paused,
        id,
        name: slot.name.clone(),
        state: client_state(slot),
        server: process.server(),
        servers: process.servers(),
        session: process.session(),
        timeout_ms: process.timeout_ms(),
        last_zxid_seen: process.last_zxid(),
        pending: process.pending(),
    }
}

/// How a client stands with the ensemble.
pub fn client_state(slot: &ClientSlot) -> ClientState {
    match slot.process.state() {
        _ if slot.has_vanished => ClientState::Vanished,
        State::Connecting => ClientState::Connecting,
        State::Connected => ClientState::Connected,
        State::ConnectedReadOnly => ClientState::ConnectedReadOnly,
        State::Expired => ClientState::Expired,
        State::Closed => ClientState::Closed,
    }
}

fn packets(world: &World) -> Vec<PacketView> {
    let mut packets = Vec::new();
    for link in world.network.links.values() {
        for side in 0..2 {
            let lane = &link.lanes[side];
            if lane.queue.is_empty() {
                continue;
            }
            let (from, to) = (link.ends[side].actor, link.ends[1 - side].actor);
            let is_cut = world.network.is_cut(from, to);
            let is_stalled = lane.stalled_rto_us.is_some();
            let mut is_behind = false;
            for packet in &lane.queue {
                packets.push(PacketView {
                    from,
                    to,
                    is_stalled,
                    is_cut,
                    is_behind,
                    ..packet_view(packet, from, to)
                });
                is_behind |= packet.held_us.is_some();
            }
        }
    }
    packets.sort_by_key(|packet| packet.id);
    packets
}

fn packet_view(packet: &InFlight, from: Actor, to: Actor) -> PacketView {
    let (text, epoch) = match &packet.payload {
        Payload::Message(message) => label(message),
        Payload::Syn => ("SYN".to_owned(), 0),
        Payload::SynAck => ("SYN ACK".to_owned(), 0),
        Payload::Fin => ("FIN".to_owned(), 0),
        Payload::Rst => ("RST".to_owned(), 0),
    };
    let packet_type = packet.payload.packet_type();
    PacketView {
        id: packet.id,
        from,
        to,
        label: text.into(),
        packet_type,
        kind: family(packet_type),
        epoch,
        bytes: packet.bytes,
        sent: packet.sent,
        departs: packet.departs,
        arrives: packet.arrives,
        held_us: packet.held_us,
        is_stalled: false,
        is_cut: false,
        is_behind: false,
    }
}

/// The family of a packet.
pub fn family(packet: PacketType) -> PacketKind {
    match packet {
        PacketType::Syn
        | PacketType::SynAck
        | PacketType::Fin
        | PacketType::Rst
        | PacketType::Hello => PacketKind::Connection,
        PacketType::IsReadOnly | PacketType::IsReadOnlyAnswer => PacketKind::Client,
        PacketType::Notification => PacketKind::Election,
        PacketType::FollowerInfo
        | PacketType::ObserverInfo
        | PacketType::LeaderInfo
        | PacketType::AckEpoch
        | PacketType::Diff
        | PacketType::Trunc
        | PacketType::Snap
        | PacketType::NewLeader
        | PacketType::UpToDate => PacketKind::Recovery,
        PacketType::Proposal
        | PacketType::Ack
        | PacketType::Commit
        | PacketType::Inform
        | PacketType::CommitAndActivate
        | PacketType::InformAndActivate => PacketKind::Broadcast,
        PacketType::Ping | PacketType::ClientPing | PacketType::ClientPong => PacketKind::Ping,
        PacketType::Revalidate | PacketType::Sync | PacketType::Request => PacketKind::Forward,
        PacketType::Connect
        | PacketType::Connected
        | PacketType::ClientRequest
        | PacketType::Reply
        | PacketType::Watch => PacketKind::Client,
    }
}

/// Whether nothing moves that is worth being seen.
pub fn is_quiet(world: &World, shows_pings: bool) -> bool {
    let is_shown = |packet: &InFlight| match family(packet.payload.packet_type()) {
        PacketKind::Ping => shows_pings,
        PacketKind::Connection => false,
        PacketKind::Election
        | PacketKind::Recovery
        | PacketKind::Broadcast
        | PacketKind::Forward
        | PacketKind::Client => true,
    };
    // What waits at a cut, is held, or is behind something that is held, stands still.
    let is_still = |lane: &Lane| {
        let mut moving = lane.queue.iter().take_while(|packet| packet.held_us.is_none());
        lane.stalled_rto_us.is_some() || !moving.any(is_shown)
    };
    world.network.links.values().all(|link| link.lanes.iter().all(is_still))
}

/// A message in a word or two, and the epoch it speaks of.
pub fn label(message: &Message) -> (String, u32) {
    match message {
        Message::Hello(id) => (format!("hello {id}"), 0),
        Message::Notification(n) if n.vote.leader == Vote::NOBODY.leader => {
            ("vote –".to_owned(), 0)
        }
        Message::Notification(n) => (format!("vote {}", n.vote.leader), n.vote.peer_epoch),
        Message::Quorum(packet) => packet_label(packet),
        Message::Connect(_) => ("connect".to_owned(), 0),
        Message::Connected(response) if response.timeout_ms == 0 => ("expired".to_owned(), 0),
        Message::Connected(_) => ("connected".to_owned(), 0),
        Message::Request { op, .. } => (op.name().to_owned(), 0),
        Message::Reply { result: Ok(_), .. } => ("OK".to_owned(), 0),
        Message::Reply { result: Err(error), .. } => (error.name().to_owned(), 0),
        Message::Watch(event) => (event.event.name().to_owned(), 0),
        Message::IsReadOnly => ("isro".to_owned(), 0),
        Message::IsReadOnlyAnswer { is_read_write } => {
            let text = if *is_read_write { "rw" } else { "ro" };
            (text.to_owned(), 0)
        }
        Message::ClientPing => ("ping".to_owned(), 0),
        Message::ClientPong { .. } => ("pong".to_owned(), 0),
    }
}

fn packet_label(packet: &Packet) -> (String, u32) {
    let name = packet.name();
    let counted = |zxid: Zxid| (format!("{name} {}", zxid.counter()), zxid.epoch());
    match packet {
        Packet::FollowerInfo { accepted_epoch, .. }
        | Packet::ObserverInfo { accepted_epoch, .. } => (name.to_owned(), *accepted_epoch),
        Packet::LeaderInfo { epoch } => (format!("{name} {epoch}"), *epoch),
        Packet::AckEpoch { current_epoch, .. } => {
            (name.to_owned(), current_epoch.unwrap_or_default())
        }
        Packet::Diff { zxid } | Packet::Trunc { zxid } | Packet::NewLeader { zxid, .. } => {
            (name.to_owned(), zxid.epoch())
        }
        Packet::Snap { image } => (name.to_owned(), image.zxid.epoch()),
        Packet::Proposal(txn) | Packet::Inform(txn) | Packet::InformAndActivate { txn, .. } => {
            counted(txn.zxid)
        }
        Packet::Ack { zxid } | Packet::Commit { zxid } | Packet::CommitAndActivate { zxid, .. } => {
            counted(*zxid)
        }
        Packet::Ping { zxid, .. } => (name.to_owned(), zxid.epoch()),
        Packet::UpToDate | Packet::Revalidate { .. } | Packet::Sync { .. } => (name.to_owned(), 0),
        Packet::Request(request) => (format!("{name} {}", request.op.name()), 0),
    }
}

/// What was done to the network and still matters.
fn network(world: &World) -> NetworkView {
    let network = &world.network;
    let servers = world.servers.keys().map(|id| Actor::Server(*id));
    let everybody: Vec<Actor> =
        servers.chain(world.clients.keys().map(|id| Actor::Client(*id))).collect();
    let mut cuts = Vec::new();
    // Most of the time nothing is cut.
    if !network.cuts.is_empty() {
        for from in &everybody {
            let to = everybody.iter().filter(|to| Way::between(*from, **to).is_real());
            let is_cut = |to: &&Actor| network.cuts.of(*from, **to).is_some();
            cuts.extend(to.filter(is_cut).map(|to| (*from, *to)));
        }
    }
    let connections = network.links.iter().map(|(conn, link)| ConnectionView {
        id: *conn,
        port: link.port,
        dialler: link.ends[0].actor,
        listener: link.ends[1].actor,
        is_up: link.is_up && link.ends.iter().all(|end| end.is_open),
    });
    NetworkView {
        connections: connections.collect(),
        cuts,
        latencies: network.latencies.iter().map(|(rule, latency)| (rule.way, latency)).collect(),
        bandwidths: network.bandwidths.iter().map(|(rule, limit)| (rule.way, limit)).collect(),
        holds: network.holds.iter().map(|(traffic, held)| (traffic, held.is_some())).collect(),
        unsafety: network.unsafety,
    }
}

fn partition(world: &World) -> Vec<Vec<ServerId>> {
    let Some(groups) = &world.network.groups else { return Vec::new() };
    let mut sides: crate::sorted::Map<Option<u8>, Vec<ServerId>> = Default::default();
    for id in world.servers.keys() {
        sides.entry(groups.get(id).copied()).or_default().push(*id);
    }
    sides.into_values().collect()
}

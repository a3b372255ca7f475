//! Makes views of a world.

use crate::client::session::State;
use crate::lab::view::{
    ClientState, ClientView, InvariantView, LogEntryView, PacketKind, PacketView, ServerView,
    TimerKind, TimerView, View, ZnodeView,
};
use crate::server::{Server, Timer};
use crate::sim::check::Invariant;
use crate::sim::network::{InFlight, Link, Payload};
use crate::sim::trace::body_line;
use crate::sim::world::{ClientSlot, ServerSlot, World};
use crate::types::{ClientId, Phase, ServerId, ServerState, Time, Vote, Zxid};
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
        partition: partition(world),
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
        connections: process.map_or(0, Server::client_count),
    }
}

fn timer_kind(timer: Timer) -> TimerKind {
    match timer {
        Timer::Silence => TimerKind::Notification,
        Timer::Finalize => TimerKind::Finalize,
        Timer::HalfTick => TimerKind::Ping,
        Timer::LeaderRead | Timer::Gate => TimerKind::Limit,
        Timer::LearnerRead(_) | Timer::Retry | Timer::SessionExpiry | Timer::Containers => {
            TimerKind::Other
        }
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
        log.txns.iter_from(here).for_each(|txn| add(txn, true));
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
        id,
        name: slot.name.clone(),
        state: match process.state() {
            _ if slot.has_vanished => ClientState::Vanished,
            State::Connecting => ClientState::Connecting,
            State::Connected => ClientState::Connected,
            State::Expired => ClientState::Expired,
            State::Closed => ClientState::Closed,
        },
        server: process.server(),
        session: process.session(),
        timeout_ms: process.timeout_ms(),
        last_zxid_seen: process.last_zxid(),
        pending: process.pending(),
    }
}

fn packets(world: &World) -> Vec<PacketView> {
    let mut packets = Vec::new();
    for link in world.network.links.values() {
        for side in 0..2 {
            let is_stalled = link.lanes[side].stalled_rto_us.is_some();
            let queue = link.lanes[side].queue.iter();
            packets.extend(queue.map(|packet| packet_view(link, side, packet, is_stalled)));
        }
    }
    packets.sort_by_key(|packet| packet.id);
    packets
}

fn packet_view(link: &Link, side: usize, packet: &InFlight, is_stalled: bool) -> PacketView {
    let (label, kind, epoch) = match &packet.payload {
        Payload::Message(message) => label(message),
        Payload::Syn => ("SYN".to_owned(), PacketKind::Connection, 0),
        Payload::SynAck => ("SYN ACK".to_owned(), PacketKind::Connection, 0),
        Payload::Fin => ("FIN".to_owned(), PacketKind::Connection, 0),
        Payload::Rst => ("RST".to_owned(), PacketKind::Connection, 0),
    };
    PacketView {
        id: packet.id,
        from: link.ends[side].actor,
        to: link.ends[1 - side].actor,
        label: label.into(),
        kind,
        epoch,
        sent: packet.sent,
        arrives: packet.arrives,
        is_stalled,
    }
}

/// A message in a word or two, its family, and the epoch it speaks of.
pub fn label(message: &Message) -> (String, PacketKind, u32) {
    match message {
        Message::Hello(id) => (format!("hello {id}"), PacketKind::Connection, 0),
        Message::Notification(n) if n.vote == Vote::NOBODY => {
            ("vote –".to_owned(), PacketKind::Election, 0)
        }
        Message::Notification(n) => {
            (format!("vote {}", n.vote.leader), PacketKind::Election, n.vote.peer_epoch)
        }
        Message::Quorum(packet) => packet_label(packet),
        Message::Connect(_) => ("connect".to_owned(), PacketKind::Client, 0),
        Message::Connected(response) if response.timeout_ms == 0 => {
            ("expired".to_owned(), PacketKind::Client, 0)
        }
        Message::Connected(_) => ("connected".to_owned(), PacketKind::Client, 0),
        Message::Request { op, .. } => (op.name().to_owned(), PacketKind::Client, 0),
        Message::Reply { result, .. } => {
            let text = match result {
                Ok(_) => "OK",
                Err(error) => error.name(),
            };
            (text.to_owned(), PacketKind::Client, 0)
        }
        Message::Watch(event) => (event.event.name().to_owned(), PacketKind::Client, 0),
        Message::ClientPing => ("ping".to_owned(), PacketKind::Ping, 0),
        Message::ClientPong { .. } => ("pong".to_owned(), PacketKind::Ping, 0),
    }
}

fn packet_label(packet: &Packet) -> (String, PacketKind, u32) {
    let name = packet.name();
    let counted = |zxid: Zxid| format!("{name} {}", zxid.counter());
    match packet {
        Packet::FollowerInfo { accepted_epoch, .. }
        | Packet::ObserverInfo { accepted_epoch, .. } => {
            (name.to_owned(), PacketKind::Recovery, *accepted_epoch)
        }
        Packet::LeaderInfo { epoch } => (format!("{name} {epoch}"), PacketKind::Recovery, *epoch),
        Packet::AckEpoch { current_epoch, .. } => {
            (name.to_owned(), PacketKind::Recovery, current_epoch.unwrap_or_default())
        }
        Packet::Diff { zxid } | Packet::Trunc { zxid } | Packet::NewLeader { zxid } => {
            (name.to_owned(), PacketKind::Recovery, zxid.epoch())
        }
        Packet::Snap { image } => (name.to_owned(), PacketKind::Recovery, image.zxid.epoch()),
        Packet::UpToDate => (name.to_owned(), PacketKind::Recovery, 0),
        Packet::Proposal(txn) | Packet::Inform(txn) => {
            (counted(txn.zxid), PacketKind::Broadcast, txn.zxid.epoch())
        }
        Packet::Ack { zxid } | Packet::Commit { zxid } => {
            (counted(*zxid), PacketKind::Broadcast, zxid.epoch())
        }
        Packet::Ping { zxid, .. } => (name.to_owned(), PacketKind::Ping, zxid.epoch()),
        Packet::Revalidate { .. } | Packet::Sync { .. } => {
            (name.to_owned(), PacketKind::Forward, 0)
        }
        Packet::Request(request) => {
            (format!("{name} {}", request.op.name()), PacketKind::Forward, 0)
        }
    }
}

fn partition(world: &World) -> Vec<Vec<ServerId>> {
    let Some(groups) = &world.network.groups else { return Vec::new() };
    let mut sides: std::collections::BTreeMap<Option<u8>, Vec<ServerId>> = Default::default();
    for id in world.servers.keys() {
        sides.entry(groups.get(id).copied()).or_default().push(*id);
    }
    sides.into_values().collect()
}

/// The znodes as a server has them, parents before children.
pub fn znodes(world: &World, id: ServerId) -> Vec<ZnodeView> {
    let Some(server) = world.server(id) else { return Vec::new() };
    let image = &server.database().image;
    image
        .nodes
        .iter()
        .map(|(path, node)| ZnodeView {
            path: path.clone(),
            data: node.data.as_ref().map(|data| String::from_utf8_lossy(data).into()),
            stat: node.stat(),
            owner: node.owner,
        })
        .collect()
}

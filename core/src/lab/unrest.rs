//! Random things that a network does, for swarms: nothing that TCP would not do.

use crate::sim::link::{Latency, LinkEnd, NetworkAction, PacketType, Traffic, Way};
use crate::sim::rng::Rng;
use crate::sim::world::World;
use crate::types::Actor;

/// What makes the network plain again; `Action::Heal` mends the cuts.
pub const END: [NetworkAction; 4] = [
    NetworkAction::Unsafe(crate::sim::link::Unsafety::OFF),
    NetworkAction::Latency(Way::EVERY, None),
    NetworkAction::Bandwidth(Way::EVERY, None),
    NetworkAction::Release(Traffic { way: Way::EVERY, only: None }),
];

/// Packets that are worth being held: those that decide something.
const HELD: [PacketType; 8] = [
    PacketType::Notification,
    PacketType::AckEpoch,
    PacketType::NewLeader,
    PacketType::UpToDate,
    PacketType::Proposal,
    PacketType::Ack,
    PacketType::Commit,
    PacketType::Ping,
];

/// The next thing.
pub fn draw(rng: &mut Rng, world: &World) -> NetworkAction {
    let way = way(rng, world);
    match rng.below(20) {
        0..=2 => NetworkAction::Cut(way),
        3 => NetworkAction::Mend(way),
        4 | 5 => NetworkAction::Mend(Way::EVERY),
        6 | 7 => NetworkAction::Latency(way, latency(rng)),
        8 => NetworkAction::Latency(Way::EVERY, None),
        9 => NetworkAction::Bandwidth(way, Some(1000 + u64::from(rng.below(1_000_000)))),
        10 => NetworkAction::Bandwidth(Way::EVERY, None),
        11 | 12 => {
            let only = Some(HELD[rng.below(HELD.len() as u32) as usize]);
            NetworkAction::Hold(Traffic { way, only })
        }
        13 | 14 => NetworkAction::Release(Traffic::all(Way::EVERY)),
        of_packet => match packet(rng, world) {
            None => NetworkAction::Release(Traffic::all(way)),
            Some(id) => match of_packet {
                15 => NetworkAction::HoldPacket(id),
                16 => NetworkAction::ReleasePacket(id),
                17 => NetworkAction::DeliverPacket(id),
                _ => NetworkAction::LosePacket(id),
            },
        },
    }
}

/// Between two servers, or a client and a server; now and then from or to all of them.
fn way(rng: &mut Rng, world: &World) -> Way {
    let mut one = |among: Vec<Actor>| among[rng.below(among.len() as u32) as usize].into();
    let servers = || world.servers.keys().map(|id| Actor::Server(*id));
    let clients = world.clients.keys().map(|id| Actor::Client(*id));
    let from: LinkEnd = one(servers().collect());
    let to: LinkEnd = one(servers().chain(clients).collect());
    let way = Way { from, to };
    match rng.below(8) {
        _ if !way.is_real() => Way { from, to: LinkEnd::Anyone },
        0 => Way { from: LinkEnd::Anyone, to },
        1 | 2 => way.back(),
        _ => way,
    }
}

fn latency(rng: &mut Rng) -> Option<Latency> {
    let least_us = 1 + rng.below(20_000);
    let most_us = least_us + rng.below(200_000);
    match rng.below(4) {
        0 => Some(Latency::Fixed { us: least_us }),
        1 => Some(Latency::Uniform { least_us, most_us }),
        2 => Some(Latency::LongTail { least_us, most_us }),
        _ => None,
    }
}

/// A packet that is on its way.
fn packet(rng: &mut Rng, world: &World) -> Option<u64> {
    let lanes = world.network.links.values().flat_map(|link| &link.lanes);
    let ids: Vec<u64> = lanes.flat_map(|lane| lane.queue.iter().map(|packet| packet.id)).collect();
    if ids.is_empty() { None } else { Some(ids[rng.below(ids.len() as u32) as usize]) }
}

//! What is done to the network, as it is written: `cut s1 s2`, `latency servers servers 1ms 5ms`.

use super::text::{Cursor, time};
use super::verbs::client_name;
use super::{Scope, ScriptError};
use crate::sim::action::Action;
use crate::sim::link::{Latency, LinkEnd, NetworkAction, PacketType, Traffic, Unsafety, Way};

/// An action as it is written.
pub fn write(action: &NetworkAction, scope: &Scope) -> String {
    let end = |end: &LinkEnd| match end {
        LinkEnd::Server(id) => id.to_string(),
        LinkEnd::Client(id) => client_name(scope.name(*id)),
        LinkEnd::Servers => "servers".to_owned(),
        LinkEnd::Clients => "clients".to_owned(),
        LinkEnd::Anyone => "any".to_owned(),
    };
    let way = |way: &Way| format!("{} {}", end(&way.from), end(&way.to));
    let traffic = |traffic: &Traffic| {
        format!("{} {}", way(&traffic.way), traffic.only.map_or("all", PacketType::name))
    };
    let us = |us: u32| time(u64::from(us));
    match action {
        NetworkAction::Cut(on) => format!("cut {}", way(on)),
        NetworkAction::Mend(on) => format!("mend {}", way(on)),
        NetworkAction::Latency(on, latency) => {
            let latency = match latency {
                None => "default".to_owned(),
                Some(Latency::Fixed { us: fixed }) => us(*fixed),
                Some(Latency::Uniform { least_us, most_us }) => {
                    format!("{} {}", us(*least_us), us(*most_us))
                }
                Some(Latency::LongTail { least_us, most_us }) => {
                    format!("{} {} long-tail", us(*least_us), us(*most_us))
                }
            };
            format!("latency {} {latency}", way(on))
        }
        NetworkAction::Bandwidth(on, Some(limit)) => format!("bandwidth {} {limit}", way(on)),
        NetworkAction::Bandwidth(on, None) => format!("bandwidth {} unlimited", way(on)),
        NetworkAction::Hold(what) => format!("hold {}", traffic(what)),
        NetworkAction::Release(what) => format!("release {}", traffic(what)),
        NetworkAction::HoldPacket(id) => format!("hold-packet {id}"),
        NetworkAction::ReleasePacket(id) => format!("release-packet {id}"),
        NetworkAction::DeliverPacket(id) => format!("deliver-packet {id}"),
        NetworkAction::LosePacket(id) => format!("lose-packet {id}"),
        NetworkAction::Unsafe(Unsafety::OFF) => "unsafe off".to_owned(),
        NetworkAction::Unsafe(Unsafety { loss, reorder, duplicate }) => {
            format!("unsafe {loss} {reorder} {duplicate}")
        }
    }
}

type Read = Result<Action, ScriptError>;

fn end(cursor: &mut Cursor, scope: &Scope) -> Result<LinkEnd, ScriptError> {
    for (keyword, end) in
        [("servers", LinkEnd::Servers), ("clients", LinkEnd::Clients), ("any", LinkEnd::Anyone)]
    {
        if cursor.takes(keyword) {
            return Ok(end);
        }
    }
    let at = cursor.at();
    if cursor.is_over() {
        return Err(cursor.expected_at(at, "s1, c1, servers, clients or any"));
    }
    super::expect::actor(cursor, scope).map(LinkEnd::from)
}

fn way(cursor: &mut Cursor, scope: &Scope) -> Result<Way, ScriptError> {
    let at = cursor.at();
    let way = Way { from: end(cursor, scope)?, to: end(cursor, scope)? };
    if way.is_real() { Ok(way) } else { Err(cursor.error_at(at, "no packet ever goes this way")) }
}

fn traffic(cursor: &mut Cursor, scope: &Scope) -> Result<Traffic, ScriptError> {
    let way = way(cursor, scope)?;
    let only = if cursor.takes("all") { None } else { Some(packet_type(cursor)?) };
    Ok(Traffic { way, only })
}

/// A type of packet, under ZooKeeper's name.
pub fn packet_type(cursor: &mut Cursor) -> Result<PacketType, ScriptError> {
    let known = |word: &str| PacketType::ALL.iter().copied().find(|known| known.name() == word);
    cursor.read("a type of packet such as COMMIT", known)
}

fn packet(cursor: &mut Cursor) -> Result<u64, ScriptError> {
    cursor.number("the number of a packet")
}

pub fn cut(cursor: &mut Cursor, scope: &mut Scope) -> Read {
    Ok(Action::Network(NetworkAction::Cut(way(cursor, scope)?)))
}

pub fn mend(cursor: &mut Cursor, scope: &mut Scope) -> Read {
    Ok(Action::Network(NetworkAction::Mend(way(cursor, scope)?)))
}

pub fn latency(cursor: &mut Cursor, scope: &mut Scope) -> Read {
    let way = way(cursor, scope)?;
    if cursor.takes("default") {
        return Ok(Action::Network(NetworkAction::Latency(way, None)));
    }
    let least_us = short_time(cursor)?;
    let latency = match cursor.is_over() {
        true => Latency::Fixed { us: least_us },
        false => {
            let most_us = short_time(cursor)?;
            match cursor.takes("long-tail") {
                true => Latency::LongTail { least_us, most_us },
                false => Latency::Uniform { least_us, most_us },
            }
        }
    };
    Ok(Action::Network(NetworkAction::Latency(way, Some(latency))))
}

fn short_time(cursor: &mut Cursor) -> Result<u32, ScriptError> {
    let at = cursor.at();
    let us = cursor.time()?;
    u32::try_from(us).map_err(|_| cursor.error_at(at, "a latency is at most an hour"))
}

pub fn bandwidth(cursor: &mut Cursor, scope: &mut Scope) -> Read {
    let way = way(cursor, scope)?;
    let is_free = cursor.takes("unlimited");
    let limit = if is_free { None } else { Some(cursor.number("bytes a second, or unlimited")?) };
    Ok(Action::Network(NetworkAction::Bandwidth(way, limit)))
}

pub fn hold(cursor: &mut Cursor, scope: &mut Scope) -> Read {
    Ok(Action::Network(NetworkAction::Hold(traffic(cursor, scope)?)))
}

pub fn release(cursor: &mut Cursor, scope: &mut Scope) -> Read {
    Ok(Action::Network(NetworkAction::Release(traffic(cursor, scope)?)))
}

pub fn hold_packet(cursor: &mut Cursor, _: &mut Scope) -> Read {
    Ok(Action::Network(NetworkAction::HoldPacket(packet(cursor)?)))
}

pub fn release_packet(cursor: &mut Cursor, _: &mut Scope) -> Read {
    Ok(Action::Network(NetworkAction::ReleasePacket(packet(cursor)?)))
}

pub fn deliver_packet(cursor: &mut Cursor, _: &mut Scope) -> Read {
    Ok(Action::Network(NetworkAction::DeliverPacket(packet(cursor)?)))
}

pub fn lose_packet(cursor: &mut Cursor, _: &mut Scope) -> Read {
    Ok(Action::Network(NetworkAction::LosePacket(packet(cursor)?)))
}

pub fn unsafety(cursor: &mut Cursor, _: &mut Scope) -> Read {
    if cursor.takes("off") {
        return Ok(Action::Network(NetworkAction::Unsafe(Unsafety::OFF)));
    }
    let mut share = |what| -> Result<u16, ScriptError> {
        let at = cursor.at();
        let share = cursor.number::<u16>(what)?;
        let most = crate::sim::link::PER_MILLE;
        if share <= most { Ok(share) } else { Err(cursor.expected_at(at, "at most 1000")) }
    };
    let loss = share("off, or how many of a thousand packets are lost")?;
    let reorder = share("how many of a thousand packets are late")?;
    let duplicate = share("how many of a thousand packets come twice")?;
    Ok(Action::Network(NetworkAction::Unsafe(Unsafety { loss, reorder, duplicate })))
}

//! Whether a condition holds, and what is there instead.

use super::Condition;
use super::expect::{Role, invariant_name, session_name};
use crate::lab::view::{ClientState, PacketKind};
use crate::lab::{look, zkcli};
use crate::server::Server;
use crate::sim::link::PacketType;
use crate::sim::network::InFlight;
use crate::sim::trace::{EventKind, Note, NoteKind, Trace};
use crate::sim::transcript::Entry;
use crate::sim::world::World;
use crate::sorted::Map;
use crate::types::{Actor, ClientId, Phase, ServerId, ServerState};
use crate::why::Why;
use std::rc::Rc;

/// The most characters of a fact.
const MOST_SHOWN: usize = 400;

/// From where on what happened counts.
#[derive(Clone, Default, Debug)]
pub struct Since {
    /// The first event.
    event: u32,
    /// How many entries each client's console had.
    entries: Map<ClientId, usize>,
}

impl Since {
    /// From now on.
    pub fn now(world: &World) -> Since {
        let entries = world.clients.iter();
        let entries = entries.map(|(id, slot)| (*id, slot.transcript.entries.len())).collect();
        Since { event: world.events, entries }
    }
}

/// A moment of a run, looked at.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The moment.
    pub world: &'a World,
    /// What happened up to it.
    pub trace: &'a Trace,
}

impl Facts<'_> {
    /// Whether it holds, of what happened since.
    pub fn hold(&self, condition: &Condition, since: &Since) -> bool {
        match condition {
            Condition::Leader(id) => {
                self.leader().is_some_and(|leader| id.is_none_or(|id| id == leader.id()))
            }
            Condition::Serving(ids) => self.all(ids.as_deref(), Server::is_serving),
            Condition::Synchronized(ids) => self.leader().is_some_and(|leader| {
                let last = leader.database().last_processed();
                let epoch = leader.storage().files.current_epoch;
                self.all(ids.as_deref(), |server| {
                    let processed = server.database().last_processed();
                    // No transaction carries `(epoch, 0)`: to serve in the epoch is enough.
                    let has_all = last.is_new_epoch() || processed == last;
                    let is_in_it = server.storage().files.current_epoch == epoch;
                    server.is_serving() && is_in_it && has_all
                })
            }),
            Condition::Quiet => self.in_flight() == 0 && self.waiting() == 0,
            Condition::State(id, state) => self.world.server(*id).map(Server::state) == *state,
            Condition::Epoch { epoch, on } => self.epoch(*on) == Some(*epoch),
            Condition::Zxid { zxid, on } => {
                let server = self.world.server(*on);
                server.is_some_and(|server| server.database().last_processed() == *zxid)
            }
            Condition::Session(client, state) => self.session(*client) == Some(*state),
            Condition::Why { .. } | Condition::Packet { .. } => {
                self.has_happened_from(condition, since.event)
            }
            Condition::Sync { learner, kind, rule } => {
                self.last_sync(*learner, since).is_some_and(|why| match why {
                    Why::Synchronizing { kind: found, rule: row, .. } => {
                        found == *kind && rule.is_none_or(|rule| rule == row.name())
                    }
                    _ => false,
                })
            }
            Condition::Violation(None) => self.world.checker.violations().next().is_some(),
            Condition::Violation(Some(invariant)) => {
                self.world.checker.violation(*invariant).is_some()
            }
            Condition::Znode { path, data, on } => {
                let has = |server: &Server| {
                    let node = server.database().image.nodes.get(path);
                    node.is_some_and(|node| data.is_none() || node.data == *data)
                };
                match on {
                    Some(id) => self.world.server(*id).is_some_and(has),
                    None => self.any_serves() && self.serving().all(has),
                }
            }
            Condition::Hash(hash) => self.trace.hash() == *hash,
            Condition::Answer { client, text, is_part } => {
                self.last_answer(*client, since).is_some_and(|answer| match is_part {
                    true => answer.contains(&**text),
                    false => answer == **text,
                })
            }
            Condition::Recipe { role, path, clients } => {
                self.of_recipe(*role, path).unwrap_or_default() == **clients
            }
            Condition::Event { client, event, path } => {
                self.entries(*client, since).any(|entry| match &*entry {
                    Entry::Watch(told) => told.event == *event && told.path == *path,
                    Entry::Typed(_)
                    | Entry::Answered { .. }
                    | Entry::State(_)
                    | Entry::Told(..) => false,
                })
            }
        }
    }

    /// Whether it has happened in an event from `event` on; for conditions about the moment, no.
    fn has_happened_from(&self, condition: &Condition, event: u32) -> bool {
        match condition {
            Condition::Why { name, by } => {
                self.trace.notes_from(event).any(|note| is_decision(&note, name, *by))
            }
            Condition::Packet { packet, from, to } => {
                let is_it = |kind: &EventKind| {
                    kind.delivered().is_some_and(|(sender, receiver, message)| {
                        PacketType::of(message) == *packet
                            && from.is_none_or(|from| from == sender)
                            && to.is_none_or(|to| to == receiver)
                    })
                };
                self.trace.events.iter_from(event as usize).any(|event| is_it(&event.kind))
            }
            _ => false,
        }
    }

    /// Whether the last event brought it about: what [`Facts::hold`] would find, without looking
    /// at everything that happened before again.
    pub fn hold_now(&self, condition: &Condition, since: &Since, event: u32) -> bool {
        match condition {
            Condition::Why { .. } | Condition::Packet { .. } => {
                self.has_happened_from(condition, event.max(since.event))
            }
            Condition::Sync { .. } => {
                let is_sync = |note: &Note| match &note.what {
                    NoteKind::Decision(why) => matches!(why, Why::Synchronizing { .. }),
                    _ => false,
                };
                self.trace.notes_from(event).any(|note| is_sync(&note))
                    && self.hold(condition, since)
            }
            _ => self.hold(condition, since),
        }
    }

    /// What is there, in a few words.
    pub fn found(&self, condition: &Condition, since: &Since) -> String {
        let found = match condition {
            Condition::Leader(_) => match self.leader() {
                Some(leader) => format!("{} leads", leader.id()),
                None => format!("nobody leads: {}", self.states()),
            },
            Condition::Serving(_) => self.states(),
            Condition::Synchronized(_) | Condition::Zxid { .. } => self.zxids(),
            Condition::Quiet => {
                let (packets, requests) = (self.in_flight(), self.waiting());
                format!("{packets} packets on their way, {requests} requests without an answer")
            }
            Condition::State(id, _) => match self.world.server(*id) {
                Some(server) => server.state().name().to_owned(),
                None => "DOWN".to_owned(),
            },
            Condition::Epoch { on, .. } => match self.epoch(*on) {
                Some(epoch) => format!("epoch {epoch}"),
                None => format!("nobody leads: {}", self.states()),
            },
            Condition::Session(client, _) => match self.session(*client) {
                Some(state) => session_name(state).to_owned(),
                None => "no such client".to_owned(),
            },
            Condition::Why { name, .. } => {
                let decision =
                    |note: &Note| is_decision(note, name, None).then(|| note.to_string());
                match self.trace.notes_from(since.event).filter_map(|note| decision(&note)).last() {
                    Some(other) => format!("only others, such as {other}"),
                    None => "no such decision".to_owned(),
                }
            }
            Condition::Packet { .. } => "no such packet arrived".to_owned(),
            Condition::Sync { learner, .. } => match self.last_sync(*learner, since) {
                Some(why) => format!("{why:?}"),
                None => format!("{learner} was not synchronized"),
            },
            Condition::Violation(_) => {
                let broken = self.world.checker.violations().map(|violation| {
                    let (name, at) = (invariant_name(violation.invariant), violation.at);
                    format!("{name} at {at}: {} against {}", violation.one, violation.other)
                });
                none_or(broken.collect::<Vec<_>>().join("; "), "no invariant broke")
            }
            Condition::Znode { path, on, .. } => {
                let ids =
                    on.map_or_else(|| self.serving().map(Server::id).collect(), |id| vec![id]);
                let of = |id: &ServerId| {
                    let node = self.world.server(*id).map(|server| {
                        server.database().image.nodes.get(path).map(|node| match &node.data {
                            Some(data) => super::text::quoted(data),
                            None => "null".to_owned(),
                        })
                    });
                    let node = node.unwrap_or_else(|| Some("does not run".to_owned()));
                    format!("{id}: {}", node.unwrap_or_else(|| "no such znode".to_owned()))
                };
                let found: Vec<String> = ids.iter().map(of).collect();
                none_or(found.join(", "), "no server serves")
            }
            Condition::Hash(_) => format!("{:016x}", self.trace.hash()),
            Condition::Answer { client, .. } => match self.last_answer(*client, since) {
                Some(answer) => super::text::quoted(answer.as_bytes()),
                None => "no answer".to_owned(),
            },
            Condition::Recipe { role, path, .. } => match self.of_recipe(*role, path) {
                None => "no recipe was followed there".to_owned(),
                Some(clients) => {
                    let name = |id| self.world.clients.get(id).map_or("", |slot| &*slot.name);
                    let names: Vec<&str> = clients.iter().map(name).collect();
                    none_or(names.join(" "), "none")
                }
            },
            Condition::Event { client, .. } => {
                let told = self.entries(*client, since).filter_map(|entry| match &*entry {
                    Entry::Watch(told) => Some(format!("{} {}", told.event.name(), told.path)),
                    Entry::Typed(_)
                    | Entry::Answered { .. }
                    | Entry::State(_)
                    | Entry::Told(..) => None,
                });
                none_or(told.collect::<Vec<_>>().join(", "), "no event")
            }
        };
        match found.char_indices().nth(MOST_SHOWN) {
            Some((end, _)) => format!("{}…", &found[..end]),
            None => found,
        }
    }

    /// Who stands so, in order.
    fn of_recipe(&self, role: Role, path: &str) -> Option<Vec<ClientId>> {
        let view = look::recipes::recipe(self.world, path)?;
        Some(match role {
            Role::Holder => view.holders,
            Role::Believer => view.believers,
            Role::Waiter => view.waiters,
        })
    }

    fn leader(&self) -> Option<&Server> {
        let servers = self.world.servers.values().filter_map(|slot| slot.process.as_ref());
        servers
            .filter(|s| s.state() == ServerState::Leading && s.phase() == Phase::Broadcast)
            .max_by_key(|server| server.storage().files.current_epoch)
    }

    fn serving(&self) -> impl Iterator<Item = &Server> + '_ {
        let servers = self.world.servers.values().filter_map(|slot| slot.process.as_ref());
        servers.filter(|server| server.is_serving())
    }

    fn any_serves(&self) -> bool {
        self.serving().next().is_some()
    }

    /// Whether it is so with all of these servers, or with all that run, of which there is one.
    fn all(&self, ids: Option<&[ServerId]>, is_so: impl Fn(&Server) -> bool) -> bool {
        match ids {
            Some(ids) => ids.iter().all(|id| self.world.server(*id).is_some_and(&is_so)),
            None => {
                let running = || self.world.servers.values().filter_map(|s| s.process.as_ref());
                running().next().is_some() && running().all(is_so)
            }
        }
    }

    fn epoch(&self, on: Option<ServerId>) -> Option<u32> {
        match on {
            Some(id) => self.world.servers.get(&id)?.disk().current_epoch,
            None => self.leader()?.storage().files.current_epoch,
        }
    }

    fn in_flight(&self) -> usize {
        let lanes = self.world.network.links.values().flat_map(|link| &link.lanes);
        let kind = |packet: &InFlight| look::family(packet.payload.packet_type());
        let packets = lanes.flat_map(|lane| &lane.queue);
        packets.filter(|packet| kind(packet) != PacketKind::Ping).count()
    }

    fn waiting(&self) -> usize {
        let alive = self.world.clients.values().filter(|slot| !slot.has_vanished);
        alive.map(|slot| slot.process.pending()).sum()
    }

    fn session(&self, client: ClientId) -> Option<ClientState> {
        self.world.clients.get(&client).map(look::client_state)
    }

    fn states(&self) -> String {
        let state = |id: &ServerId| match self.world.server(*id) {
            Some(server) => {
                let serves = if server.is_serving() { " serving" } else { "" };
                format!("{id} {}{serves}", server.state().name())
            }
            None => format!("{id} DOWN"),
        };
        self.world.servers.keys().map(state).collect::<Vec<_>>().join(", ")
    }

    fn zxids(&self) -> String {
        let zxid = |id: &ServerId| match self.world.server(*id) {
            Some(server) => {
                let (state, zxid) = (server.state().name(), server.database().last_processed());
                format!("{id} {state} {zxid}")
            }
            None => format!("{id} DOWN"),
        };
        self.world.servers.keys().map(zxid).collect::<Vec<_>>().join(", ")
    }

    fn last_sync(&self, learner: ServerId, since: &Since) -> Option<Why> {
        let syncs = self.trace.notes_from(since.event).filter_map(|note| match note.what {
            NoteKind::Decision(why @ Why::Synchronizing { learner: of, .. }) if of == learner => {
                Some(why)
            }
            _ => None,
        });
        syncs.last()
    }

    fn entries(&self, client: ClientId, since: &Since) -> impl Iterator<Item = Rc<Entry>> + '_ {
        let from = since.entries.get(&client).copied().unwrap_or(0);
        let slot = self.world.clients.get(&client);
        slot.into_iter().flat_map(move |slot| slot.transcript.entries.iter_from(from))
    }

    fn last_answer(&self, client: ClientId, since: &Since) -> Option<String> {
        let answers = self.entries(client, since).filter_map(|entry| match &*entry {
            Entry::Answered { op, line, result } => Some(zkcli::print(line, op, result)),
            Entry::Told(path, told) => Some(zkcli::recipes::print(path, told)),
            Entry::Typed(_) | Entry::Watch(_) | Entry::State(_) => None,
        });
        answers.last().map(|(Ok(text) | Err(text))| text)
    }
}

fn none_or(text: String, none: &str) -> String {
    if text.is_empty() { none.to_owned() } else { text }
}

fn is_decision(note: &Note, name: &str, by: Option<Actor>) -> bool {
    match &note.what {
        NoteKind::Decision(why) => why.name() == name && by.is_none_or(|by| by == note.actor),
        _ => false,
    }
}

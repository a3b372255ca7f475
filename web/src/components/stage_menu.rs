//! The actions that the stage offers for a server, a link, a packet or a client.

use crate::components::menu::Item;
use crate::explain::Names;
use crate::i18n::Strings;
use crate::ui_action::{Selection, UiAction};
use std::rc::Rc;
use zklab_core::lab::view::{ClientView, PacketView, ServerView, View};
use zklab_core::sim::action::Action;
use zklab_core::sim::fault::{DiskAction, DiskFault};
use zklab_core::sim::link::{Latency, NetworkAction, Way};
use zklab_core::types::{Actor, ServerId};
use zklab_core::why::DiskError;

/// How much longer each write of a slow disk takes, in microseconds.
pub const SLOW_DISK_US: u64 = 500_000;
/// How long packets take on a slow link.
pub const SLOW_LINK: Latency = Latency::Fixed { us: 200_000 };

/// What is known where a menu opens.
pub struct Around<'a> {
    /// The words.
    pub t: &'static Strings,
    /// The moment.
    pub view: &'a View,
    /// What clients are called.
    pub names: &'a Names,
    /// The side that a partition would cut off.
    pub side: &'a [ServerId],
}

impl Around<'_> {
    /// What something on the stage is called; `None` if it is not there any more.
    pub fn title(&self, of: Selection) -> Option<String> {
        let t = self.t;
        match of {
            Selection::Server(id) => self.server(id).map(|server| server.id.to_string()),
            Selection::Client(id) => {
                self.client(of).map(|_| (t.actor)(self.names, Actor::Client(id)))
            }
            Selection::Packet(_) => self.packet(of).map(|packet| self.name_packet(packet)),
            Selection::Link(one, other) => {
                let name = |actor| (t.actor)(self.names, actor);
                Some((t.on_stage.link)(&name(one), &name(other)))
            }
        }
    }

    /// What a packet is called.
    pub fn name_packet(&self, packet: &PacketView) -> String {
        let name = |actor| (self.t.actor)(self.names, actor);
        (self.t.on_stage.packet)(&packet.label, &name(packet.from), &name(packet.to))
    }

    /// Its actions.
    pub fn items(&self, of: Selection) -> Vec<Item> {
        match of {
            Selection::Server(id) => self.server(id).map(|server| self.of_server(server)),
            Selection::Client(_) => self.client(of).map(|client| self.of_client(client)),
            Selection::Packet(_) => self.packet(of).map(|packet| self.of_packet(packet)),
            Selection::Link(one, other) => Some(self.of_link(one, other)),
        }
        .unwrap_or_default()
    }

    fn server(&self, id: ServerId) -> Option<&Rc<ServerView>> {
        self.view.servers.iter().find(|server| server.id == id)
    }

    fn client(&self, of: Selection) -> Option<&Rc<ClientView>> {
        self.view.clients.iter().find(|client| Selection::Client(client.id) == of)
    }

    fn packet(&self, of: Selection) -> Option<&PacketView> {
        self.view.packets.iter().find(|packet| Selection::Packet(packet.id) == of)
    }

    fn of_server(&self, server: &ServerView) -> Vec<Item> {
        let (t, id) = (self.t, server.id);
        let one: Rc<[ServerId]> = Rc::new([id]);
        let act = |name, action, label: &'static str| {
            Item::new(name, UiAction::Act(action), label).target(id)
        };
        let mut items = vec![match server.is_up {
            true => act("kill", Action::Kill(one.clone()), t.kill),
            false => act("restart", Action::Start(one.clone()), t.restart),
        }];
        items.push(match server.is_paused {
            false => act("pause", Action::Pause(one.clone()), t.pause).enabled(server.is_up),
            true => act("resume", Action::Resume(one.clone()), t.resume),
        });
        let isolate = UiAction::Partition(Some(id));
        items.push(Item::new("isolate", isolate, t.on_stage.isolate).target(id));
        let side = UiAction::ToggleMember(id);
        let is_member = self.side.contains(&id);
        let side = Item::new("toggle-side", side, t.on_stage.on_side);
        items.push(side.target(id).checked(is_member));
        // Switches: off again means that the disk is mended.
        let disk = &server.disk;
        let is_slow = 1 < disk.slow_factor || 0 < disk.slow_added_us;
        let slow = DiskFault::Slow { factor: 1, added_us: SLOW_DISK_US };
        let w = t.on_stage;
        let is_full = matches!(disk.error, Some(DiskError::Full));
        let is_failing = disk.error.is_some() && !is_full;
        let faults = [
            ("disk-slow", slow, w.slow_disk, is_slow),
            ("disk-full", DiskFault::Full, w.full_disk, is_full),
            ("disk-failing", DiskFault::Failing, w.failing_disk, is_failing),
        ];
        items.extend(faults.map(|(name, fault, label, is_on)| {
            let fault = if is_on { DiskFault::Mended } else { fault };
            let action = Action::Disk(DiskAction { servers: one.clone(), fault });
            act(name, action, label).checked(is_on)
        }));
        items
    }

    fn of_link(&self, one: Actor, other: Actor) -> Vec<Item> {
        let (t, network) = (self.t, &self.view.network);
        let name = |actor| (t.actor)(self.names, actor);
        let together = |name, actions: &[NetworkAction], label: &'static str| {
            let actions: Rc<[Action]> = actions.iter().copied().map(Action::Network).collect();
            Item::new(name, UiAction::Together(actions), label)
        };
        let ways = [(one, other), (other, one)];
        let are_cut = ways.map(|way| network.cuts.contains(&way));
        let are_slow = ways.map(|(from, to)| {
            let way = Way::between(from, to);
            network.latencies.iter().any(|(on, set)| *on == way && set.is_some())
        });
        let [there, back] = ways.map(|(from, to)| Way::between(from, to));
        let one_way = |nth: usize, id| {
            let (from, to) = ways[nth];
            let way = Way::between(from, to);
            let action =
                if are_cut[nth] { NetworkAction::Mend(way) } else { NetworkAction::Cut(way) };
            let label = (t.on_stage.cut_one)(&name(from), &name(to));
            Item::new(id, UiAction::Act(Action::Network(action)), label).checked(are_cut[nth])
        };
        let is_slow = are_slow == [true, true];
        let latency = if is_slow { None } else { Some(SLOW_LINK) };
        let cut = [NetworkAction::Cut(there), NetworkAction::Cut(back)];
        let slow = [NetworkAction::Latency(there, latency), NetworkAction::Latency(back, latency)];
        let mut heal: Vec<NetworkAction> = Vec::new();
        for (nth, way) in [there, back].into_iter().enumerate() {
            heal.extend(are_cut[nth].then_some(NetworkAction::Mend(way)));
            heal.extend(are_slow[nth].then_some(NetworkAction::Latency(way, None)));
        }
        let is_ill = !heal.is_empty();
        vec![
            together("cut-link", &cut, t.on_stage.cut_both).enabled(are_cut != [true, true]),
            one_way(0, "cut-there"),
            one_way(1, "cut-back"),
            together("slow-link", &slow, t.on_stage.slow_link).checked(is_slow),
            together("heal-link", &heal, t.on_stage.heal_link).enabled(is_ill),
        ]
    }

    fn of_packet(&self, packet: &PacketView) -> Vec<Item> {
        let (t, id) = (self.t, packet.id);
        let act = |name, action, label: &'static str| {
            Item::new(name, UiAction::Act(Action::Network(action)), label)
        };
        vec![
            match packet.held_us {
                None => act("hold", NetworkAction::HoldPacket(id), t.hold),
                Some(_) => act("release", NetworkAction::ReleasePacket(id), t.release),
            },
            act("deliver", NetworkAction::DeliverPacket(id), t.deliver_now)
                .enabled(!packet.is_cut)
                .hint(t.deliver_hint),
            act("lose", NetworkAction::LosePacket(id), t.on_stage.lose).hint(t.lose_hint),
        ]
    }

    fn of_client(&self, client: &ClientView) -> Vec<Item> {
        let t = self.t;
        let is_alive = client.state.is_alive();
        let act = |name, action, label: &'static str| {
            Item::new(name, UiAction::Act(action), label).enabled(is_alive)
        };
        let pause = match client.is_paused {
            false => act("pause-client", Action::PauseClient(client.id), t.pause),
            true => act("resume-client", Action::ResumeClient(client.id), t.resume),
        };
        let mut items = vec![
            pause,
            act("crash-client", Action::Vanish(client.id), t.on_stage.crash).hint(t.crash_hint),
            act("close-session", Action::CloseSession(client.id), t.on_stage.close_session),
        ];
        let others = self.view.servers.iter().filter(|server| Some(server.id) != client.server);
        items.extend(others.map(|server| {
            let action = Action::MoveClient { client: client.id, servers: Rc::new([server.id]) };
            let label = (t.on_stage.move_to)(server.id);
            Item::new("move-client", UiAction::Act(action), label)
                .target(server.id)
                .enabled(is_alive)
        }));
        items
    }
}

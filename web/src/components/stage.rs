//! The stage: servers on a ring, clients outside it, packets on their way, the wall between sides.

use crate::components::client_node::{client_node, wire};
use crate::components::geometry::{Layout, Point, tenths};
use crate::components::packet::{self, Lanes, shortened};
use crate::components::server_node::{Drawing, server_node};
use crate::components::ui::{Ui, use_ui};
use crate::components::wall::wall;
use crate::moment::Shared;
use crate::platform::size::use_size;
use crate::ui_action::{Selection, UiAction};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::{Html, Properties, component, html, use_memo, use_node_ref};
use zklab_core::lab::view::{
    ClientState, ClientView, FeedItem, FeedRow, PacketKind, PacketView, View,
};
use zklab_core::types::{Actor, ServerId};

/// On a small stage, more packets than this get short labels.
const CROWD: usize = 6;

/// Props of [`Stage`].
#[derive(PartialEq, Properties)]
pub struct StageProps {
    /// The moment.
    pub view: Shared<View>,
    /// The feed, for what was lost just now.
    pub feed: Shared<[FeedRow]>,
    /// What is chosen.
    pub selected: Option<Selection>,
    /// Whether pings are drawn.
    pub shows_pings: bool,
    /// How long, in virtual microseconds, the mark of a lost packet stays.
    pub recent_us: u64,
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    let pixels = use_size(&node).unwrap_or((860.0, 400.0));
    let ids: Vec<ServerId> = props.view.servers.iter().map(|server| server.id).collect();
    let layout = use_memo((pixels, ids), |(pixels, ids)| Layout::new(*pixels, ids.clone()));
    let view = &props.view;
    let view_box = format!("0 0 {} {}", tenths(layout.width), tenths(layout.height));
    let servers = view.servers.iter().filter_map(|server| {
        let at = layout.server(server.id)?;
        let drawing = Drawing {
            at,
            words: layout.words(server.id),
            now: view.now,
            needed: view.quorum_needed,
            is_selected: props.selected == Some(Selection::Server(server.id)),
            shows_pings: props.shows_pings,
        };
        Some(server_node(&ui, server, drawing))
    });
    html! {
        <section class="stage" ref={node} aria-label={ui.t().stage}>
            <svg class="stage__drawing" viewBox={view_box} role="group" aria-label={ui.t().stage}>
                { links(&ui, &layout, view) }
                { wall(&layout, &view.partition, ui.t().partition) }
                // Each kind in a group of its own: within it keys hold, so that what stays is kept.
                <g>{ for clients(&ui, &layout, view) }</g>
                <g>{ for servers }</g>
                <g>{ for packets(&ui, &layout, props) }</g>
                <g>{ for lost(&layout, props) }</g>
            </svg>
        </section>
    }
}

/// A faint line between any two servers; broken where the network is cut.
fn links(ui: &Ui, layout: &Layout, view: &View) -> Html {
    let mut targets: Vec<Html> = Vec::new();
    let mut whole = String::new();
    let mut cut = String::new();
    let group_of = |id: &ServerId| view.partition.iter().position(|group| group.contains(id));
    let ids = layout.ids();
    for (i, one) in ids.iter().enumerate() {
        for other in ids.iter().skip(i + 1) {
            let (Some(from), Some(to)) = (layout.server(*one), layout.server(*other)) else {
                continue;
            };
            let path = format!("M{}L{}", from.path(), to.path());
            let link = Selection::Link(Actor::Server(*one), Actor::Server(*other));
            targets.push(html! {
                <path class="links__target" d={path.clone()} onclick={ui.on(UiAction::Select(link))} />
            });
            if group_of(one) == group_of(other) { &mut whole } else { &mut cut }.push_str(&path);
        }
    }
    html! {
        <g class="links" aria-hidden="true">
            <path d={whole} />
            <path class="links--cut" d={cut} />
            { for one_way_cuts(layout, view) }
            { for targets }
        </g>
    }
}

/// A cross and an arrow's head on each direction that is cut: where packets die.
fn one_way_cuts(layout: &Layout, view: &View) -> Vec<Html> {
    let clients = client_points(layout, view);
    let draw = view.network.cuts.iter().filter_map(|(from, to)| {
        let (from, to) = (point_of(layout, &clients, *from)?, point_of(layout, &clients, *to)?);
        let length = from.distance(to).max(1.0);
        let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
        // Packets keep right; so does what stops them.
        let at = from.towards(to, 0.42).shifted(-dy * 9.0, dx * 9.0);
        let tail = at.shifted(-dx * 26.0, -dy * 26.0);
        let sign = format!("M{}L{}", tail.path(), at.path());
        let wall = format!(
            "M{}L{}",
            at.shifted(-dy * 9.0, dx * 9.0).path(),
            at.shifted(dy * 9.0, -dx * 9.0).path()
        );
        Some(html! { <path class="links__one-way" d={format!("{sign}{wall}")} /> })
    });
    draw.collect()
}

fn client_points(layout: &Layout, view: &View) -> Vec<(Rc<ClientView>, Point)> {
    let mut points: Vec<(Rc<ClientView>, Point)> = Vec::new();
    for client in &view.clients {
        let is_gone = |state| matches!(state, ClientState::Vanished | ClientState::Closed);
        if is_gone(client.state) {
            continue;
        }
        let nth = points.iter().filter(|(other, _)| other.server == client.server).count();
        points.push((client.clone(), layout.client(client.server, nth)));
    }
    points
}

fn clients(ui: &Ui, layout: &Layout, view: &View) -> Vec<Html> {
    let points = client_points(layout, view);
    let draw = points.into_iter().map(|(client, at)| {
        let server = client.server.and_then(|id| layout.server(id));
        html! {
            <g key={client.id.0}>
                { for server.map(|to| wire(at, to, client.state)) }
                { client_node(ui, &client, at) }
            </g>
        }
    });
    draw.collect()
}

fn point_of(layout: &Layout, clients: &[(Rc<ClientView>, Point)], actor: Actor) -> Option<Point> {
    match actor {
        Actor::Server(id) => layout.server(id),
        Actor::Client(id) => {
            clients.iter().find(|(client, _)| client.id == id).map(|(_, point)| *point)
        }
    }
}

fn packets(ui: &Ui, layout: &Layout, props: &StageProps) -> Vec<Html> {
    let view = &props.view;
    let clients = client_points(layout, view);
    let mut lanes = Lanes::default();
    let is_shown = |packet: &&PacketView| match packet.kind {
        PacketKind::Ping => props.shows_pings,
        PacketKind::Connection => false,
        PacketKind::Election
        | PacketKind::Recovery
        | PacketKind::Broadcast
        | PacketKind::Forward
        | PacketKind::Client => true,
    };
    // What waits at a wall is drawn once for each way, with its number.
    let mut waiting: BTreeMap<(Actor, Actor), usize> = BTreeMap::new();
    for packet in view.packets.iter().filter(|packet| packet.is_stalled).filter(is_shown) {
        *waiting.entry((packet.from, packet.to)).or_default() += 1;
    }
    let shown: Vec<&PacketView> = view.packets.iter().filter(is_shown).collect();
    let is_crowded = layout.is_narrow && shown.len() > CROWD;
    let draw = shown.into_iter().filter_map(|packet| {
        let from = point_of(layout, &clients, packet.from)?;
        let to = point_of(layout, &clients, packet.to)?;
        let mut packet = packet.clone();
        if is_crowded {
            packet.label = shortened(&packet.label).into();
        }
        if packet.is_stalled {
            let count = waiting.remove(&(packet.from, packet.to))?;
            if count > 1 {
                packet.label = format!("{} ×{count}", packet.label).into();
            }
        }
        let place = lanes.place(&packet, from, to, view.now);
        Some(packet::draw(ui, &packet, place))
    });
    draw.collect()
}

fn lost(layout: &Layout, props: &StageProps) -> Vec<Html> {
    let view = &props.view;
    let clients = client_points(layout, view);
    let is_recent =
        |row: &FeedRow| row.index + 1 == view.index || view.now.since_us(row.at) <= props.recent_us;
    let recent = props.feed.iter().rev().take(24).filter(|row| is_recent(row));
    let is_waiting = |from: Actor, to: Actor| {
        view.packets
            .iter()
            .any(|packet| packet.is_stalled && (packet.from, packet.to) == (from, to))
    };
    let draw = recent.enumerate().filter_map(|(nth, row)| match &row.what {
        FeedItem::Lost { from, to, .. } if is_waiting(*from, *to) => None,
        FeedItem::Lost { from, to, label } => {
            let from = point_of(layout, &clients, *from)?;
            let to = point_of(layout, &clients, *to)?;
            Some(packet::draw_lost(format!("lost-{}-{nth}", row.index), from, to, label))
        }
        FeedItem::Decision(_)
        | FeedItem::Act(_)
        | FeedItem::StateChanged { .. }
        | FeedItem::Violated(_) => None,
    });
    draw.collect()
}

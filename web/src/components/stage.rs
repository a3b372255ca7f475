//! The stage: servers on a ring, clients outside it, packets on their way, the wall between sides.

use crate::components::client_node::{ClientNode, ClientWire};
use crate::components::geometry::{Layout, Point};
use crate::components::packet::{Lanes, LostMark, Packet, shortened};
use crate::components::server_node::ServerNode;
use crate::components::ui::use_ui;
use crate::components::wall::Wall;
use crate::platform::size::use_size;
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
    pub view: Rc<View>,
    /// The feed, for what was lost just now.
    pub feed: Rc<[FeedRow]>,
    /// The server whose details are shown.
    pub selected: Option<ServerId>,
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
    let view_box = format!("0 0 {:.1} {:.1}", layout.width, layout.height);
    let servers = view.servers.iter().filter_map(|server| {
        let at = layout.server(server.id)?;
        Some(html! {
            <ServerNode
                key={server.id.0}
                server={server.clone()}
                {at}
                words={layout.words(server.id)}
                now={view.now}
                needed={view.quorum_needed}
                is_selected={props.selected == Some(server.id)}
                shows_pings={props.shows_pings}
            />
        })
    });
    html! {
        <section class="stage" ref={node} aria-label={ui.t().stage}>
            <svg class="stage__drawing" viewBox={view_box} role="group" aria-label={ui.t().stage}>
                { links(&layout, view) }
                <Wall view={view.clone()} layout={layout.clone()} name={ui.t().partition} />
                { for clients(&layout, view) }
                { for servers }
                { for packets(&layout, props) }
                { for lost(&layout, props) }
            </svg>
        </section>
    }
}

/// A faint line between any two servers; broken where the network is cut.
fn links(layout: &Layout, view: &View) -> Html {
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
            if group_of(one) == group_of(other) { &mut whole } else { &mut cut }.push_str(&path);
        }
    }
    html! {
        <g class="links" aria-hidden="true">
            <path d={whole} />
            <path class="links--cut" d={cut} />
        </g>
    }
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

fn clients(layout: &Layout, view: &View) -> Vec<Html> {
    let points = client_points(layout, view);
    let draw = points.into_iter().map(|(client, at)| {
        let server = client.server.and_then(|id| layout.server(id));
        html! {
            <g key={client.id.0}>
                if let Some(to) = server {
                    <ClientWire from={at} {to} state={client.state} />
                }
                <ClientNode {client} {at} />
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

fn packets(layout: &Layout, props: &StageProps) -> Vec<Html> {
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
    let shown: Vec<&PacketView> = view.packets.iter().filter(is_shown).collect();
    let is_crowded = layout.is_narrow && shown.len() > CROWD;
    let draw = shown.into_iter().filter_map(|packet| {
        let from = point_of(layout, &clients, packet.from)?;
        let to = point_of(layout, &clients, packet.to)?;
        let mut packet = packet.clone();
        if is_crowded {
            packet.label = shortened(&packet.label).into();
        }
        let place = lanes.place(&packet, from, to, view.now);
        Some(html! { <Packet key={packet.id.to_string()} packet={packet.clone()} {place} /> })
    });
    draw.collect()
}

fn lost(layout: &Layout, props: &StageProps) -> Vec<Html> {
    let view = &props.view;
    let clients = client_points(layout, view);
    let is_recent =
        |row: &FeedRow| row.index + 1 == view.index || view.now.since_us(row.at) <= props.recent_us;
    let recent = props.feed.iter().rev().take(24).filter(|row| is_recent(row));
    let draw = recent.enumerate().filter_map(|(nth, row)| match &row.what {
        FeedItem::Lost { from, to, label } => {
            let from = point_of(layout, &clients, *from)?;
            let to = point_of(layout, &clients, *to)?;
            Some(html! {
                <LostMark key={format!("{}-{nth}", row.index)} {from} {to} label={label.clone()} />
            })
        }
        FeedItem::Decision(_)
        | FeedItem::Act(_)
        | FeedItem::StateChanged { .. }
        | FeedItem::Violated(_) => None,
    });
    draw.collect()
}

//! Packets on their way, those that wait at a wall, and the marks of those that died.

use crate::components::geometry::Point;
use crate::components::packet::{self, Cloud, Colours, Lanes, Looks, Place, is_drawn, shortened};
use crate::components::scene::Scene;
use crate::components::stage_menu::Around;
use crate::moment::Shared;
use crate::ui_action::Selection;
use std::rc::Rc;
use yew::{Html, html};
use zklab_core::lab::view::{FeedItem, FeedRow, PacketView, View};
use zklab_core::sorted::{Map, Set};
use zklab_core::types::Actor;

/// On a small stage, more packets than this get short labels.
const CROWD: usize = 6;
/// While it plays, more packets than this are dots: nobody could read them.
const SWARM: usize = 28;
/// Even on a stage that stands still.
const LARGE_SWARM: usize = 44;
/// While it plays, of more packets than this all but one are drawn together, as clouds of dots: each for
/// itself would cost more than a frame has.
const CLOUD: usize = 60;

/// What decides how packets are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Watching {
    /// Whether pings are drawn.
    pub shows_pings: bool,
    /// Whether it plays.
    pub is_playing: bool,
    /// The packet that Tab leads to.
    pub rover: Option<Selection>,
    /// How long, in virtual microseconds, the mark of a lost packet stays.
    pub recent_us: u64,
}

/// A packet that is drawn.
struct Drawn<'a> {
    packet: &'a PacketView,
    /// What is written on it; without it is a dot.
    label: Option<Rc<str>>,
    place: Place,
}

/// The packets that are drawn of a moment.
struct Traffic<'a> {
    /// In the order in which they were sent. Of those that wait at a wall one for each way, with their number.
    drawn: Vec<Drawn<'a>>,
    /// How many there are.
    count: usize,
}

impl Traffic<'_> {
    fn of<'a>(scene: &Scene, view: &'a View, watching: Watching) -> Traffic<'a> {
        let is_shown = |packet: &&PacketView| is_drawn(packet.kind, watching.shows_pings);
        let shown: Vec<&PacketView> = view.packets.iter().filter(is_shown).collect();
        let count = shown.len();
        let are_dots = (watching.is_playing && SWARM < count) || LARGE_SWARM < count;
        let mut waiting: Map<(Actor, Actor), usize> = Map::new();
        for packet in shown.iter().filter(|packet| packet.is_stalled) {
            *waiting.entry((packet.from, packet.to)).or_default() += 1;
        }
        let label = |packet: &PacketView| -> Rc<str> {
            let is_short = SWARM < count || (scene.layout.is_narrow && CROWD < count);
            let text =
                if is_short { shortened(&packet.label).into() } else { packet.label.clone() };
            match waiting.get(&(packet.from, packet.to)) {
                Some(together) if packet.is_stalled && 1 < *together => {
                    format!("{text} ×{together}").into()
                }
                Some(_) | None => text,
            }
        };
        let place = |without: &Set<(Actor, Actor)>| {
            let size = (scene.layout.width, scene.layout.height);
            let (mut lanes, mut waited) = (Lanes::on(size), Set::new());
            let drawn = shown.iter().filter_map(|packet| {
                let way = (packet.from, packet.to);
                let (from, to) = (scene.point_of(packet.from)?, scene.point_of(packet.to)?);
                if packet.is_stalled && !waited.insert(way) {
                    return None;
                }
                let is_dot = are_dots || without.contains(&way);
                let label = (!is_dot).then(|| label(packet));
                let place = lanes.place(packet, label.as_deref(), (from, to), view.now);
                Some(Drawn { packet, label, place })
            });
            (drawn.collect(), lanes.full)
        };
        let (drawn, full) = place(&Set::new());
        // Where there is no room for labels there are dots.
        let drawn = if are_dots || full.is_empty() { drawn } else { place(&full).0 };
        Traffic { drawn, count }
    }

    /// The one that Tab leads to.
    fn stop(&self, rover: Option<Selection>) -> Option<u64> {
        let mut ids = self.drawn.iter().map(|drawn| drawn.packet.id);
        let first = ids.clone().next();
        ids.find(|id| Some(Selection::Packet(*id)) == rover).or(first)
    }
}

/// The packets.
pub fn packets(scene: &Scene, around: &Around, watching: Watching) -> Html {
    let traffic = Traffic::of(scene, around.view, watching);
    let is_cloud = watching.is_playing && CLOUD < traffic.count;
    let stop = traffic.stop(watching.rover);
    let count = is_cloud.then(|| traffic.count.to_string());
    let mut clouds: Map<Colours, Cloud> = Map::new();
    let mut single = Vec::new();
    for Drawn { packet, label, place } in traffic.drawn {
        let is_stop = stop == Some(packet.id);
        if is_cloud && !is_stop {
            clouds.entry(Colours::of(packet)).or_default().add(packet, place);
            continue;
        }
        let name = around.name_packet(packet);
        let looks = Looks { name, label, is_stop, has_arrow: !watching.is_playing };
        single.push(packet::draw(packet, place, looks));
    }
    let clouds = clouds.into_iter().map(|(colours, cloud)| cloud.draw(colours));
    html! {
        <>
            <g aria-hidden="true" data-cloud={count}>{ for clouds }</g>
            <g data-group="packets">{ for single }</g>
        </>
    }
}

/// The packet of a cloud that is nearest to this point.
pub fn nearest(scene: &Scene, view: &View, watching: Watching, at: Point) -> Option<Selection> {
    let distance = |drawn: &Drawn| drawn.place.at.distance(at);
    let all = Traffic::of(scene, view, watching).drawn.into_iter();
    let found = all.min_by(|one, other| distance(one).total_cmp(&distance(other)));
    found.map(|drawn| Selection::Packet(drawn.packet.id))
}

/// The marks of packets that died just now.
pub fn lost(
    scene: &Scene,
    around: &Around,
    feed: &Shared<[FeedRow]>,
    watching: Watching,
) -> Vec<Html> {
    let view = around.view;
    let is_recent = |row: &FeedRow| {
        row.index + 1 == view.index || view.now.since_us(row.at) <= watching.recent_us
    };
    let recent = feed.iter().rev().take(24).filter(|row| is_recent(row));
    let is_waiting = |from: Actor, to: Actor| {
        view.packets
            .iter()
            .any(|packet| packet.is_stalled && (packet.from, packet.to) == (from, to))
    };
    let draw = recent.enumerate().filter_map(|(nth, row)| match &row.what {
        FeedItem::Lost { from, to, .. } if is_waiting(*from, *to) => None,
        FeedItem::Lost { from, to, label } => {
            let (from, to) = (scene.point_of(*from)?, scene.point_of(*to)?);
            Some(packet::draw_lost(format!("lost-{}-{nth}", row.index), from, to, label))
        }
        FeedItem::Decision(_)
        | FeedItem::Act(_)
        | FeedItem::StateChanged { .. }
        | FeedItem::Violated(_) => None,
    });
    draw.collect()
}

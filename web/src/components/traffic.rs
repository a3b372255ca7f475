//! Packets on their way, those that wait at a wall, and the marks of those that died.

use crate::components::packet::{self, Lanes, Looks, is_drawn, shortened};
use crate::components::scene::Scene;
use crate::components::stage_menu::Around;
use crate::moment::Shared;
use crate::ui_action::Selection;
use yew::Html;
use zklab_core::lab::view::{FeedItem, FeedRow, PacketView};
use zklab_core::sorted::Map;
use zklab_core::types::Actor;

/// On a small stage, more packets than this get short labels.
const CROWD: usize = 6;
/// While it plays, more packets than this are dots: nobody could read them.
const SWARM: usize = 28;
/// Even on a stage that stands still.
const LARGE_SWARM: usize = 44;

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

/// The packets.
pub fn packets(scene: &Scene, around: &Around, watching: Watching) -> Vec<Html> {
    let view = around.view;
    let mut lanes = Lanes::default();
    let is_shown = |packet: &&PacketView| is_drawn(packet.kind, watching.shows_pings);
    // What waits at a wall is drawn once for each way, with its number.
    let mut waiting: Map<(Actor, Actor), usize> = Map::new();
    for packet in view.packets.iter().filter(|packet| packet.is_stalled).filter(is_shown) {
        *waiting.entry((packet.from, packet.to)).or_default() += 1;
    }
    let shown: Vec<&PacketView> = view.packets.iter().filter(is_shown).collect();
    let is_crowded = scene.layout.is_narrow && shown.len() > CROWD;
    let is_swarm = shown.len() > SWARM;
    let is_rover = |packet: &&&PacketView| Some(Selection::Packet(packet.id)) == watching.rover;
    let count = shown.len();
    let stop = shown.iter().find(is_rover).or(shown.first()).map(|packet| packet.id);
    let draw = shown.into_iter().filter_map(|packet| {
        let (from, to) = (scene.point_of(packet.from)?, scene.point_of(packet.to)?);
        let name = around.name_packet(packet);
        let mut packet = packet.clone();
        if is_crowded || is_swarm {
            packet.label = shortened(&packet.label).into();
        }
        if packet.is_stalled {
            let count = waiting.remove(&(packet.from, packet.to))?;
            if count > 1 {
                packet.label = format!("{} ×{count}", packet.label).into();
            }
        }
        let looks = Looks {
            name,
            is_stop: stop == Some(packet.id),
            is_dot: (is_swarm && watching.is_playing) || LARGE_SWARM < count,
            has_arrow: !watching.is_playing,
        };
        let place = lanes.place(&packet, from, to, view.now);
        Some(packet::draw(&packet, place, looks))
    });
    draw.collect()
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

//! A packet on its way, and the mark of one that was lost.

use crate::components::geometry::{Point, RADIUS, tenths};
use crate::components::ui::epoch_class;
use crate::ui_action::Selection;
use std::rc::Rc;
use yew::{Classes, Html, classes, html};
use zklab_core::lab::view::{PacketKind, PacketView};
use zklab_core::sorted::{Map, Set};
use zklab_core::types::{Actor, Time};

/// Width of a letter of a label.
const LETTER: f64 = 7.3;
/// Half the height of a label.
const HALF: f64 = 11.0;
/// Packets leave and arrive this far to the right of the straight line.
const KEEP_RIGHT: f64 = 7.0;
/// The farthest that a packet bends away from the straight line to let others pass.
const WIDEST_BEND: f64 = 64.0;
/// As far aside there is always room for those that are sent together, however short their way.
const MOST_ASIDE: f64 = 130.0;
/// The same for dots: a stream of them.
const DOTS_ASIDE: f64 = 36.0;
/// Half the size of a client's box.
const CLIENT_HALF: (f64, f64) = (46.0, 19.0);
/// How near to the edge of the stage a packet comes.
const EDGE: f64 = 2.0;
/// The radius of a packet without words.
const DOT: f64 = 5.0;
/// The cross above a packet, from its middle.
const CROSS: &str = "m-5 -24l10 10m0 -10l-10 10";
/// As far as a packet comes that waits at a wall.
const WALL_AT: f64 = 0.42;

/// Whether packets of this family are drawn.
pub fn is_drawn(kind: PacketKind, shows_pings: bool) -> bool {
    match kind {
        PacketKind::Ping => shows_pings,
        PacketKind::Connection => false,
        PacketKind::Election
        | PacketKind::Recovery
        | PacketKind::Broadcast
        | PacketKind::Forward
        | PacketKind::Client => true,
    }
}

/// Where a packet is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Place {
    /// Where its way begins.
    pub from: Point,
    /// Where it is.
    pub at: Point,
    /// Where its way ends.
    pub to: Point,
}

/// How a packet is drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Looks {
    /// What it is called.
    pub name: String,
    /// What is written on it; without it is a dot.
    pub label: Option<Rc<str>>,
    /// Whether Tab leads to it.
    pub is_stop: bool,
    /// Whether an arrow's head says where it goes: on a stage that stands still nothing else does.
    pub has_arrow: bool,
}

/// Counts the packets on each way, so that those sent together don't cover one another.
pub struct Lanes {
    /// The width and height of the stage.
    size: (f64, f64),
    /// How far those that are drawn have come.
    drawn: Map<(Actor, Actor), Vec<f64>>,
    /// Where so many were sent together that there is no room for their labels.
    pub full: Set<(Actor, Actor)>,
}

impl Lanes {
    /// On a stage of this width and height.
    pub fn on(size: (f64, f64)) -> Lanes {
        Lanes { size, drawn: Map::new(), full: Set::new() }
    }

    /// Where to draw `packet` with this label, or as a dot, on its way between these two points.
    ///
    /// Packets keep right, and bend away from the straight line in the middle, just enough to let
    /// those pass that come towards them; one sent together with another bends farther, as far as there
    /// is room. The bend is nothing at both ends, so that nothing jumps when a packet arrives.
    pub fn place(
        &mut self,
        packet: &PacketView,
        label: Option<&str>,
        (from, to): (Point, Point),
        now: Time,
    ) -> Place {
        let length = from.distance(to).max(1.0);
        let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
        let aside = |point: Point, far: f64| point.shifted(-dy * far, dx * far);
        let (half, half_height, room, most_aside) = match label {
            Some(label) => (width(label) / 2.0, HALF, 24.0, MOST_ASIDE.max(length * 0.6)),
            None => (DOT, DOT, DOT, DOTS_ASIDE),
        };
        // From where the label has just left the one to where it touches the other.
        let edge = |actor: Actor| match actor {
            Actor::Server(_) => RADIUS,
            Actor::Client(_) => extent(CLIENT_HALF.0, CLIENT_HALF.1, dx, dy),
        };
        let reach = |actor: Actor| {
            (edge(actor) + extent(half, half_height, dx, dy) + 3.0).min(length * 0.4)
        };
        let start = aside(from.towards(to, reach(packet.from) / length), KEEP_RIGHT);
        let end = aside(to.towards(from, reach(packet.to) / length), KEEP_RIGHT);
        let part = progress(packet, now);
        let is_near = |other: f64| (other - part).abs() * length < 2.0 * half * dx.abs() + room;
        let drawn = self.drawn.entry((packet.from, packet.to)).or_default();
        let rank = drawn.iter().filter(|other| is_near(**other)).count();
        drawn.push(part);
        let beside = extent(half, half_height, dy, dx) * 1.25 + 2.0;
        let most = (most_aside / (2.0 * beside)) as usize;
        if most < rank {
            self.full.insert((packet.from, packet.to));
        }
        let rank = (rank % (most + 1)) as f64;
        let bend = (beside - KEEP_RIGHT).clamp(0.0, WIDEST_BEND) + 2.0 * beside * rank;
        let edge = aside(from.towards(to, edge(packet.from) / length), KEEP_RIGHT);
        let at = aside(start.towards(end, part), bend * 4.0 * part * (1.0 - part));
        // What is farthest aside would leave the stage at its edges.
        let (width, height) = self.size;
        let x = at.x.min(width - half - EDGE).max(half + EDGE);
        let y = at.y.min(height - half_height - EDGE).max(half_height + EDGE);
        let at = Point::new(x, y);
        Place { from: edge, at, to: aside(to.towards(from, RADIUS / length), KEEP_RIGHT) }
    }
}

/// How far it is from the middle of a box to its edge, in the direction `dx`, `dy`.
fn extent(half_width: f64, half_height: f64, dx: f64, dy: f64) -> f64 {
    (half_width / dx.abs().max(0.01)).min(half_height / dy.abs().max(0.01))
}

fn progress(packet: &PacketView, now: Time) -> f64 {
    let whole = packet.arrives.since_us(packet.departs).max(1);
    let gone = match packet.held_us {
        // It stands where it was when it was taken hold of.
        Some(left) => whole.saturating_sub(left),
        None => now.since_us(packet.departs),
    };
    let part = (gone as f64 / whole as f64).clamp(0.0, 1.0);
    if packet.is_stalled { part.min(1.0) * WALL_AT } else { part }
}

/// A label short enough for a crowd on a small stage: `vote s3` becomes `s3`, `PROPOSAL 5` `PROP 5`.
pub fn shortened(label: &str) -> String {
    let label = label.strip_prefix("vote ").unwrap_or(label);
    let (word, rest) = label.split_once(' ').unwrap_or((label, ""));
    let word: String = word.chars().take(4).collect();
    format!("{word} {rest}").trim_end().to_owned()
}

fn width(label: &str) -> f64 {
    label.chars().count() as f64 * LETTER + 18.0
}

/// What a packet's colours say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Colours {
    kind: PacketKind,
    epoch: &'static str,
    is_back: bool,
    is_stalled: bool,
    is_held: bool,
}

impl Colours {
    /// Of this packet.
    pub fn of(packet: &PacketView) -> Colours {
        Colours {
            kind: packet.kind,
            epoch: epoch_class(packet.epoch),
            is_back: packet.label.starts_with("ACK"),
            is_stalled: packet.is_stalled,
            is_held: packet.held_us.is_some(),
        }
    }

    fn classes(self) -> Classes {
        let family = match self.kind {
            PacketKind::Election => "packet--election",
            PacketKind::Recovery => "packet--recovery",
            PacketKind::Broadcast => "packet--broadcast",
            PacketKind::Ping => "packet--ping",
            PacketKind::Forward => "packet--forward",
            PacketKind::Client => "packet--client",
            PacketKind::Connection => "packet--connection",
        };
        let back = self.is_back.then_some("packet--back");
        let state = self.is_stalled.then_some("packet--stalled");
        let held = self.is_held.then_some("packet--held");
        classes!("packet", family, back, state, held, self.epoch)
    }
}

/// Packets of the same colours, drawn as one: so many that they would cost too many elements. Their
/// trails would hide everything else.
#[derive(Default)]
pub struct Cloud {
    dots: String,
    crosses: String,
}

impl Cloud {
    /// Puts one more into it.
    pub fn add(&mut self, packet: &PacketView, place: Place) {
        // From the left of the dot, half around and half around.
        self.dots.push('M');
        place.at.shifted(-DOT, 0.0).write(&mut self.dots);
        self.dots.push_str("a5 5 0 1 0 10 0a5 5 0 1 0-10 0");
        if packet.is_stalled && packet.is_cut {
            self.crosses.push('M');
            place.at.write(&mut self.crosses);
            self.crosses.push_str(CROSS);
        }
    }

    /// All of them.
    pub fn draw(self, colours: Colours) -> Html {
        let classes = colours.classes();
        html! {
            <g key={classes.to_string()} class={classes}>
                <path class="packet__pill" d={self.dots} />
                if !self.crosses.is_empty() { <path class="packet__cross" d={self.crosses} /> }
            </g>
        }
    }
}

/// A packet at its place. One that waits at a cut dies again and again: it has a cross.
pub fn draw(packet: &PacketView, place: Place, looks: Looks) -> Html {
    let trail = format!("M{}L{}", place.from.path(), place.at.path());
    let cross = (packet.is_stalled && packet.is_cut).then(cross);
    let reach = looks.label.as_ref().map_or(2.0 * DOT, |label| width(label));
    let arrow = (looks.has_arrow && !packet.is_stalled).then(|| {
        html! { <path class="packet__arrow" d={arrow(reach, place)} /> }
    });
    let body = match &looks.label {
        None => html! {
            <><title>{ looks.name.clone() }</title><circle class="packet__pill" r={tenths(DOT)} /></>
        },
        Some(text) => label(text),
    };
    html! {
        <g key={packet.id.to_string()} data-packet={format!("{} {}", packet.from, packet.to)}
            class={Colours::of(packet).classes()}
            role="button" tabindex={if looks.is_stop { "0" } else { "-1" }} aria-haspopup="menu"
            aria-label={looks.name} data-focus={Selection::Packet(packet.id).key()}>
            <path class="packet__trail" d={trail} />
            { arrow.unwrap_or_default() }
            <g transform={place.at.translate()}>{ body }{ for cross }</g>
        </g>
    }
}

/// The head of an arrow before a label, towards where the packet goes.
fn arrow(width: f64, place: Place) -> String {
    let Place { at, to, .. } = place;
    let length = at.distance(to).max(1.0);
    let (dx, dy) = ((to.x - at.x) / length, (to.y - at.y) / length);
    let far = extent(width / 2.0, HALF, dx, dy);
    let (base, tip) =
        (at.shifted(dx * far, dy * far), at.shifted(dx * (far + 9.0), dy * (far + 9.0)));
    let (one, other) = (base.shifted(-dy * 5.5, dx * 5.5), base.shifted(dy * 5.5, -dx * 5.5));
    format!("M{}L{}L{}Z", one.path(), tip.path(), other.path())
}

fn label(text: &str) -> Html {
    let width = width(text);
    html! {
        <>
            <rect class="packet__pill" x={tenths(-width / 2.0)} y={tenths(-HALF)}
                width={tenths(width)} height={tenths(2.0 * HALF)} rx={tenths(HALF)} />
            <text class="packet__label" y="4.2">{ text }</text>
        </>
    }
}

fn cross() -> Html {
    html! { <path class="packet__cross" d={format!("M0 0{CROSS}")} /> }
}

/// The mark of a packet that was lost on its way.
pub fn draw_lost(key: String, from: Point, to: Point, text: &str) -> Html {
    let at = from.towards(to, WALL_AT);
    html! {
        <g {key} class="packet packet--lost" transform={at.translate()}>
            { label(text) }{ cross() }
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crowded_labels_keep_what_matters() {
        assert_eq!(shortened("vote s3"), "s3");
        assert_eq!(shortened("PROPOSAL 5"), "PROP 5");
        assert_eq!(shortened("UPTODATE"), "UPTO");
        assert_eq!(shortened("ACK"), "ACK");
    }

    #[test]
    fn a_box_is_left_through_its_nearer_edge() {
        assert_eq!(extent(40.0, 10.0, 1.0, 0.0), 40.0);
        assert_eq!(extent(40.0, 10.0, 0.0, 1.0), 10.0);
    }
}

//! A packet on its way, and the mark of one that was lost.

use crate::components::geometry::{Point, RADIUS};
use crate::components::ui::epoch_class;
use std::rc::Rc;
use yew::{AttrValue, Html, Properties, classes, component, html};
use zklab_core::lab::view::{PacketKind, PacketView};
use zklab_core::types::{Actor, Time};

/// Width of a letter of a label.
const LETTER: f64 = 7.3;
/// Half the height of a label.
const HALF: f64 = 11.0;
/// How far from the straight line packets keep, to their right, so that those that come towards
/// them pass by.
const KEEP_RIGHT: f64 = 9.0;
/// As far as a packet comes that waits at a wall.
const WALL_AT: f64 = 0.42;

/// Where a packet is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Place {
    /// Where its way begins.
    pub from: Point,
    /// Where it is.
    pub at: Point,
}

/// Remembers where packets are, so that labels on the same way don't cover one another.
#[derive(Default)]
pub struct Lanes {
    taken: Vec<(Point, f64)>,
}

impl Lanes {
    /// Where to draw `packet`, on its way between these two.
    pub fn place(&mut self, packet: &PacketView, from: Point, to: Point, now: Time) -> Place {
        let length = from.distance(to).max(1.0);
        let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
        let aside = |point: Point, far: f64| point.shifted(-dy * far, dx * far);
        let start = aside(from.shifted(dx * RADIUS, dy * RADIUS), KEEP_RIGHT);
        let end = aside(to.shifted(-dx * RADIUS, -dy * RADIUS), KEEP_RIGHT);
        let mut at = start.towards(end, progress(packet, now));
        let half_width = width(&packet.label) / 2.0;
        let is_free = |point: Point, taken: &[(Point, f64)]| {
            taken.iter().all(|(other, other_half)| {
                (point.x - other.x).abs() > half_width + other_half + 2.0
                    || (point.y - other.y).abs() > 2.0 * HALF + 1.0
            })
        };
        // Up to three places: beside the way, farther aside, on the other side.
        for far in [0.0, 24.0, -24.0, 48.0] {
            let candidate = aside(at, far);
            if is_free(candidate, &self.taken) {
                at = candidate;
                break;
            }
        }
        self.taken.push((at, half_width));
        Place { from: start, at }
    }
}

fn progress(packet: &PacketView, now: Time) -> f64 {
    let whole = packet.arrives.since_us(packet.sent).max(1) as f64;
    let part = (now.since_us(packet.sent) as f64 / whole).clamp(0.0, 1.0);
    if packet.is_stalled { part.min(1.0) * WALL_AT } else { part }
}

fn width(label: &str) -> f64 {
    label.chars().count() as f64 * LETTER + 18.0
}

/// Props of [`Packet`].
#[derive(PartialEq, Properties)]
pub struct PacketProps {
    /// The packet.
    pub packet: PacketView,
    /// Where it is drawn.
    pub place: Place,
}

/// A packet.
#[component]
pub fn Packet(props: &PacketProps) -> Html {
    let PacketProps { packet, place } = props;
    let family = match packet.kind {
        PacketKind::Election => "packet--election",
        PacketKind::Recovery => "packet--recovery",
        PacketKind::Broadcast => "packet--broadcast",
        PacketKind::Ping => "packet--ping",
        PacketKind::Forward => "packet--forward",
        PacketKind::Client => "packet--client",
        PacketKind::Connection => "packet--connection",
    };
    let to_leader = packet.label.starts_with("ACK");
    let state = packet.is_stalled.then_some("packet--stalled");
    let back = to_leader.then_some("packet--back");
    let trail = format!("M{}L{}", place.from.path(), place.at.path());
    html! {
        <g class={classes!("packet", family, back, state, epoch_class(packet.epoch))}
            data-packet={actors(packet.from, packet.to)}>
            <path class="packet__trail" d={trail} />
            <g transform={place.at.translate()}>
                <Label text={packet.label.clone()} />
                if packet.is_stalled {
                    <path class="packet__cross" d="M-5 -5L5 5M5 -5L-5 5" transform="translate(0 -19)" />
                }
            </g>
        </g>
    }
}

fn actors(from: Actor, to: Actor) -> String {
    format!("{from} {to}")
}

/// Props of [`Label`].
#[derive(PartialEq, Properties)]
struct LabelProps {
    text: Rc<str>,
}

#[component]
fn Label(props: &LabelProps) -> Html {
    let width = width(&props.text);
    html! {
        <>
            <rect class="packet__pill" x={(-width / 2.0).to_string()} y={(-HALF).to_string()}
                width={width.to_string()} height={(2.0 * HALF).to_string()} rx={HALF.to_string()} />
            <text class="packet__label" y="4.2">{ AttrValue::from(props.text.clone()) }</text>
        </>
    }
}

/// Props of [`LostMark`].
#[derive(PartialEq, Properties)]
pub struct LostMarkProps {
    /// Whence it came.
    pub from: Point,
    /// Where it will not arrive.
    pub to: Point,
    /// What it was.
    pub label: Rc<str>,
}

/// The mark of a packet that was lost on its way.
#[component]
pub fn LostMark(props: &LostMarkProps) -> Html {
    let at = props.from.towards(props.to, WALL_AT);
    html! {
        <g class="packet packet--lost" transform={at.translate()}>
            <Label text={props.label.clone()} />
            <path class="packet__cross" d="M-6 -6L6 6M6 -6L-6 6" transform="translate(0 -20)" />
        </g>
    }
}

//! The space-time diagram: a lane for each server and client, an arrow for each packet, bands for
//! epochs. Time goes to the right.
//!
//! Arrows of one kind are one path: however many there are, the page has few elements.

use crate::components::buttons::Button;
use crate::components::geometry::{Point, tenths};
use crate::components::icons::Icon;
use crate::components::packet::is_drawn;
use crate::components::timeline::bands;
use crate::components::ui::{Ui, epoch_class, use_ui};
use crate::explain::{Names, millis, shortened};
use crate::i18n::seconds;
use crate::moment::Shared;
use crate::platform::pointer::{capture, is_pressed, place_in, visible_height};
use crate::platform::size::use_size;
use crate::stretch::Stretch;
use crate::ui_action::{Selection, UiAction};
use std::ops::Range;
use std::rc::Rc;
use yew::{
    Callback, Html, PointerEvent, Properties, WheelEvent, classes, component, html, use_mut_ref,
    use_node_ref,
};
use zklab_core::lab::view::{ClientState, EventView, EventWhat, PacketKind, View};
use zklab_core::lab::{Mark, MarkKind};
use zklab_core::sorted::Map;
use zklab_core::types::{Actor, ServerId, Time};

/// Room for the names at the left.
const GUTTER: f64 = 46.0;
/// As far from the right as the tools reach: an epoch's name stands at the foot instead.
const TOOLS: f64 = 270.0;
/// And the note beside them that says that some events are left out.
const NOTE: f64 = 110.0;
/// Room for the epochs above.
const HEAD: f64 = 20.0;
/// Room for the time below.
const FOOT: f64 = 20.0;
/// A lane is at least so high; if there are more, the diagram scrolls.
const LOWEST: f64 = 19.0;
/// With more arrows than this in sight, none is labelled.
const MOST_LABELS: usize = 26;
/// A crowd of marks would hide what it marks.
const MOST_MARKS: usize = 120;
/// Room for a letter of what is written in the diagram.
const LETTER: (f64, f64) = (6.6, 12.0);
/// How near the pointer must be to an arrow, in pixels.
const NEAR: f64 = 9.0;

/// What is drawn: read off the lab.
#[derive(Clone, PartialEq, Debug)]
pub struct Drawn {
    /// From when to when.
    pub during: Range<Time>,
    /// Packets and actions.
    pub packets: Vec<EventView>,
    /// 1 if these are all; else only one of so many events was looked at.
    pub stride: usize,
    /// Causes and effects of the event under the pointer.
    pub lit: Vec<EventView>,
}

/// Props of [`Lanes`].
#[derive(PartialEq, Properties)]
pub struct LanesProps {
    /// The moment.
    pub view: Shared<View>,
    /// Marks of the whole timeline.
    pub marks: Shared<[Mark]>,
    /// What clients are called.
    pub names: Shared<Names>,
    /// What is drawn.
    pub drawn: Rc<Drawn>,
    /// The stretch of time.
    pub stretch: Stretch,
    /// Whether pings are drawn.
    pub shows_pings: bool,
    /// What is chosen.
    pub selected: Option<Selection>,
    /// The event under the pointer.
    pub hovered: Option<u32>,
}

/// Where things are.
struct Grid {
    during: Range<Time>,
    width: f64,
    height: f64,
    lanes: Vec<Actor>,
}

impl Grid {
    fn new(props: &LanesProps, (width, height): (f64, f64)) -> Grid {
        let view = &props.view;
        let is_there = |state| !matches!(state, ClientState::Closed | ClientState::Vanished);
        let servers = view.servers.iter().map(|server| Actor::Server(server.id));
        let clients = view.clients.iter().filter(|client| is_there(client.state));
        let lanes: Vec<Actor> =
            servers.chain(clients.map(|client| Actor::Client(client.id))).collect();
        let needed = HEAD + FOOT + LOWEST * lanes.len() as f64;
        Grid { during: props.drawn.during.clone(), width, height: height.max(needed), lanes }
    }

    fn x(&self, time: Time) -> f64 {
        let span = self.during.end.since_us(self.during.start).max(1) as f64;
        let since = time.0 as f64 - self.during.start.0 as f64;
        GUTTER + since / span * (self.width - GUTTER)
    }

    /// How far along the time it is, from 0 to 1.
    fn part(&self, x: f64) -> f64 {
        ((x - GUTTER) / (self.width - GUTTER).max(1.0)).clamp(0.0, 1.0)
    }

    fn time(&self, x: f64) -> Time {
        let span = self.during.end.since_us(self.during.start) as f64;
        Time((self.during.start.0 as f64 + self.part(x) * span) as u64)
    }

    fn y(&self, actor: Actor) -> Option<f64> {
        let place = self.lanes.iter().position(|lane| *lane == actor)?;
        let step = (self.height - HEAD - FOOT) / self.lanes.len().max(1) as f64;
        Some(HEAD + step * (place as f64 + 0.5))
    }

    /// From where to where the arrow of a packet goes.
    fn arrow(&self, event: &EventView) -> Option<(Point, Point)> {
        let EventWhat::Packet { from, to, .. } = &event.what else { return None };
        let sent = event.sent.unwrap_or(event.at);
        let from = Point::new(self.x(sent), self.y(*from)?);
        Some((from, Point::new(self.x(event.at), self.y(*to)?)))
    }
}

/// The lanes.
#[component]
pub fn Lanes(props: &LanesProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    let grid = Rc::new(Grid::new(props, use_size(&node).unwrap_or((600.0, 200.0))));
    // Where the pointer went down, how the stretch was then, and whether it has moved since.
    let grip = use_mut_ref(|| None::<(f64, Stretch, bool)>);
    let now = props.view.now;

    let onpointerdown = {
        let (node, grip, stretch) = (node.clone(), grip.clone(), props.stretch);
        Callback::from(move |event: PointerEvent| {
            // In the gutter are names to click on.
            if let Some((x, _)) = place_in(&event, &node).filter(|(x, _)| *x > GUTTER) {
                capture(&event, &node);
                *grip.borrow_mut() = Some((x, stretch, false));
            }
        })
    };
    let onpointermove = {
        let (node, grip, dispatch) = (node.clone(), grip.clone(), ui.dispatch.clone());
        let (grid, drawn, hovered) = (grid.clone(), props.drawn.clone(), props.hovered);
        Callback::from(move |event: PointerEvent| {
            let Some((x, y)) = place_in(&event, &node) else { return };
            let gripped = *grip.borrow();
            match gripped {
                Some((from, stretch, has_moved)) if is_pressed(&event) => {
                    if has_moved || (x - from).abs() > 4.0 {
                        *grip.borrow_mut() = Some((from, stretch, true));
                        let part = (from - x) / (grid.width - GUTTER).max(1.0);
                        dispatch.emit(UiAction::Lanes(stretch.moved(part, now)));
                    }
                }
                Some(_) | None => {
                    let found = nearest(&grid, &drawn.packets, Point::new(x, y));
                    if found != hovered {
                        dispatch.emit(UiAction::Hover(found));
                    }
                }
            }
        })
    };
    let onpointerup = {
        let (node, grip, dispatch) = (node.clone(), grip.clone(), ui.dispatch.clone());
        let (grid, drawn) = (grid.clone(), props.drawn.clone());
        Callback::from(move |event: PointerEvent| {
            let gripped = grip.borrow_mut().take();
            let Some((x, y)) = place_in(&event, &node) else { return };
            if let Some((_, _, false)) = gripped {
                dispatch.emit(match nearest(&grid, &drawn.packets, Point::new(x, y)) {
                    Some(index) => UiAction::Seek(index + 1),
                    None => UiAction::SeekTime(grid.time(x)),
                });
            }
        })
    };
    let onpointerleave = {
        let (dispatch, hovered) = (ui.dispatch.clone(), props.hovered);
        Callback::from(move |_: PointerEvent| {
            if hovered.is_some() {
                dispatch.emit(UiAction::Hover(None));
            }
        })
    };
    let onwheel = {
        let (node, dispatch) = (node.clone(), ui.dispatch.clone());
        let (grid, stretch) = (grid.clone(), props.stretch);
        Callback::from(move |event: WheelEvent| {
            let (x, y) = (event.delta_x(), event.delta_y());
            // A wheel zooms; two fingers sideways, or Shift, move. A diagram that is too high for
            // its place scrolls, and zooms with Ctrl.
            let has_room = grid.height <= visible_height(&node);
            let stretch = if x.abs() > y.abs() || event.shift_key() {
                let far = if x == 0.0 { y } else { x };
                stretch.moved(far / (grid.width - GUTTER).max(1.0), now)
            } else if event.ctrl_key() || has_room {
                let part = place_in(&event, &node).map_or(0.5, |(x, _)| grid.part(x));
                stretch.zoomed(y < 0.0, part, now)
            } else {
                return;
            };
            event.prevent_default();
            dispatch.emit(UiAction::Lanes(stretch));
        })
    };
    let (width, height) = (tenths(grid.width), tenths(grid.height));
    html! {
        <section id="lanes" class="panel panel--lanes" role="tabpanel" tabindex="-1"
            aria-label={ui.t().lanes}>
            { tools(&ui, props) }
            <div class="lanes" ref={node} data-lanes="" data-span={props.stretch.span_us.to_string()}
                {onpointerdown} {onpointermove} {onpointerup} {onpointerleave} {onwheel}>
                <svg class="lanes__drawing" {height} viewBox={format!("0 0 {width} {}", tenths(grid.height))}
                    role="group" aria-label={ui.t().lanes}>
                    { epochs(&ui, &grid, props) }
                    { baselines(&ui, &grid, props) }
                    { arrows(&grid, props) }
                    { marks(&ui, &grid, props) }
                    { lit(&ui, &grid, props) }
                    { cursor(&grid, now) }
                </svg>
            </div>
        </section>
    }
}

/// The same on paper: so wide, and each lane so high. Nothing in it can be pressed.
pub fn still(ui: &Ui, props: &LanesProps, width: f64, lane: f64) -> Html {
    let lanes = Grid::new(props, (width, 0.0)).lanes.len();
    let grid = Grid::new(props, (width, HEAD + FOOT + lane * lanes as f64));
    let view_box = format!("0 0 {} {}", tenths(grid.width), tenths(grid.height));
    html! {
        <svg class="lanes__drawing" viewBox={view_box} role="img" aria-label={ui.t().lanes}>
            { epochs(ui, &grid, props) }
            { baselines(ui, &grid, props) }
            // What was sent before is cut off at the edge.
            <svg x={tenths(GUTTER)} width={tenths(width - GUTTER)} viewBox={format!("{GUTTER} 0 {} {}",
                tenths(width - GUTTER), tenths(grid.height))}>{ arrows(&grid, props) }</svg>
            { marks(ui, &grid, props) }
        </svg>
    }
}

fn tools(ui: &Ui, props: &LanesProps) -> Html {
    let t = ui.t();
    let (stretch, now) = (props.stretch, props.view.now);
    let zoom = |is_closer| UiAction::Lanes(stretch.zoomed(is_closer, 5.0 / 6.0, now));
    let pan = |part| UiAction::Lanes(stretch.moved(part, now));
    let follow = Button::new("lanes-follow", UiAction::Lanes(stretch.following()), t.lanes_follow);
    let small = |name, action, label: &'static str, icon| {
        Button::new(name, action, label).icon_only(icon).draw(ui)
    };
    html! {
        <div class="lanes__tools">
            if props.drawn.stride > 1 {
                <span class="lanes__note">{ (t.lanes_thinned)(props.drawn.stride) }</span>
            }
            <span class="lanes__span">{ millis(stretch.span_us / 1000) }</span>
            { small("lanes-earlier", pan(-0.5), t.lanes_earlier, Icon::Back) }
            { small("lanes-later", pan(0.5), t.lanes_later, Icon::Step) }
            { small("lanes-wider", zoom(false), t.lanes_wider, Icon::Minus) }
            { small("lanes-closer", zoom(true), t.lanes_closer, Icon::Plus) }
            { follow.pressed(stretch.start.is_none()).class("toggle").draw(ui) }
        </div>
    }
}

/// The packet whose arrow passes nearest to the pointer, if it is near.
fn nearest(grid: &Grid, packets: &[EventView], at: Point) -> Option<u32> {
    let distance = |event: &EventView| {
        let (from, to) = grid.arrow(event)?;
        let length = from.distance(to).max(1.0);
        let along = ((at.x - from.x) * (to.x - from.x) + (at.y - from.y) * (to.y - from.y))
            / (length * length);
        Some(from.towards(to, along.clamp(0.0, 1.0)).distance(at))
    };
    let near = packets.iter().filter_map(|event| Some((event.index, distance(event)?)));
    let (index, distance) = near.min_by(|(_, one), (_, other)| one.total_cmp(other))?;
    (distance <= NEAR).then_some(index)
}

/// Where a word stands that is about all lanes and ends there: above them, or at the foot if tools are above.
fn line_of(grid: &Grid, props: &LanesProps, end: f64) -> f64 {
    let tools = if 1 < props.drawn.stride { TOOLS + NOTE } else { TOOLS };
    if grid.width - tools < end { grid.height - 6.0 } else { 14.0 }
}

fn epochs(ui: &Ui, grid: &Grid, props: &LanesProps) -> Html {
    let bands = bands(&props.marks, props.view.end_time).into_iter();
    let seen = bands.filter_map(|(epoch, from, to)| {
        let (x, end) = (grid.x(from).max(GUTTER), grid.x(to).min(grid.width));
        if end <= x {
            return None;
        }
        Some(html! {
            <g class={classes!("lanes__epoch", epoch_class(epoch))}>
                <rect x={tenths(x)} y="0" width={tenths(end - x)} height={tenths(grid.height)} />
                if end - x > 60.0 {
                    <text x={tenths(x + 7.0)} y={tenths(line_of(grid, props, x + 60.0))}>{ format!("{} {epoch}", ui.t().epoch_word) }</text>
                }
            </g>
        })
    });
    html! { <g aria-hidden="true">{ for seen }</g> }
}

/// The lanes themselves: faint, thick while a server runs.
fn baselines(ui: &Ui, grid: &Grid, props: &LanesProps) -> Html {
    let view = &props.view;
    let end = grid.x(view.end_time).clamp(GUTTER, grid.width.max(GUTTER));
    let draw = grid.lanes.iter().filter_map(|lane| {
        let y = tenths(grid.y(*lane)?);
        let name = match lane {
            Actor::Server(id) => id.to_string(),
            Actor::Client(id) => shortened(&props.names.client(*id), 5),
        };
        let lives = match lane {
            Actor::Server(id) => lives(&props.marks, *id, view.end_time),
            Actor::Client(_) => vec![(Time::ZERO, view.end_time)],
        };
        let mut path = String::new();
        for (from, to) in lives {
            let (x, to) = (grid.x(from).max(GUTTER), grid.x(to).min(end));
            if x < to {
                path.push_str(&format!("M{} {y}H{}", tenths(x), tenths(to)));
            }
        }
        let (kind, selection) = match lane {
            Actor::Server(id) => ("lane--server", Selection::Server(*id)),
            Actor::Client(id) => ("lane--client", Selection::Client(*id)),
        };
        let is_selected = (props.selected == Some(selection)).then_some("lane--selected");
        let base = format!("M{} {y}H{}", tenths(GUTTER), tenths(grid.width));
        Some(html! {
            <g key={lane.to_string()} class={classes!("lane", kind, is_selected)} data-lane={name.clone()}>
                <path class="lane__base" d={base} />
                <path class="lane__life" d={path} />
                <text class="lane__name" x={tenths(GUTTER - 9.0)} {y}
                    onclick={ui.on(UiAction::Select(selection))}>{ name }</text>
            </g>
        })
    });
    html! { <>{ for draw }</> }
}

/// From when to when a server ran.
fn lives(marks: &[Mark], id: ServerId, end: Time) -> Vec<(Time, Time)> {
    let mut lives = Vec::new();
    let mut since = None;
    for mark in marks {
        match mark.kind {
            MarkKind::Restart(server) if server == id => since = since.or(Some(mark.at)),
            MarkKind::Crash(server) if server == id => {
                lives.extend(since.take().map(|since| (since, mark.at)));
            }
            _other => {}
        }
    }
    lives.extend(since.map(|since| (since, end)));
    lives
}

/// A line with a head, for a path.
fn draw_arrow(path: &mut String, from: Point, to: Point) {
    let length = from.distance(to).max(0.1);
    let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
    let barb = |side: f64| to.shifted(-6.0 * dx - side * 3.0 * dy, -6.0 * dy + side * 3.0 * dx);
    let points = [('M', from), ('L', to), ('M', barb(1.0)), ('L', to), ('L', barb(-1.0))];
    for (how, point) in points {
        path.push(how);
        point.write(path);
    }
}

fn arrows(grid: &Grid, props: &LanesProps) -> Html {
    let now = props.view.now;
    let mut paths: Map<(&'static str, &'static str), String> = Map::new();
    let mut labels: Vec<(Point, Rc<str>, &'static str)> = Vec::new();
    for event in &props.drawn.packets {
        let EventWhat::Packet { label, kind, epoch, is_lost, .. } = &event.what else { continue };
        let Some((from, to)) = grid.arrow(event) else { continue };
        let class = match (is_lost, kind) {
            (_, _) if event.at > now => "arrows--later",
            (true, _) => "arrows--lost",
            (false, PacketKind::Ping) => "arrows--ping",
            (false, PacketKind::Election) => "arrows--election",
            (false, PacketKind::Client) => "arrows--client",
            (false, PacketKind::Recovery | PacketKind::Broadcast) => "arrows--zab",
            (false, PacketKind::Forward | PacketKind::Connection) => "arrows--zab",
        };
        draw_arrow(paths.entry((class, epoch_class(*epoch))).or_default(), from, to);
        let middle = from.towards(to, 0.5);
        if !label.is_empty() && (GUTTER..grid.width).contains(&middle.x) {
            labels.push((middle, label.clone(), epoch_class(*epoch)));
        }
    }
    let paths = paths.into_iter().map(|((class, epoch), d)| {
        html! { <path class={classes!("arrows", class, epoch)} {d} /> }
    });
    let has_room = labels.len() <= MOST_LABELS;
    let mut words = Words::between(GUTTER, grid.width);
    let labels = labels.into_iter().filter(|_| has_room).filter_map(|(at, label, epoch)| {
        let half = Words::width(&label) / 2.0;
        words.fit(at.shifted(-half, -3.0), &label).then(|| {
            html! {
                <text class={classes!("lanes__label", epoch)} x={tenths(at.x)} y={tenths(at.y - 3.0)}>
                    { label.to_string() }
                </text>
            }
        })
    });
    html! {
        <g class="lanes__arrows" data-arrows={props.drawn.packets.len().to_string()} aria-hidden="true">
            { for paths }
            <path class="arrows arrows--on-way" d={on_their_way(grid, props)} />
            { for labels }
        </g>
    }
}

/// Words that have been placed: none is written over another, over the names at the left, or
/// beyond the edge.
struct Words {
    from: f64,
    to: f64,
    placed: Vec<(Point, f64)>,
}

impl Words {
    fn between(from: f64, to: f64) -> Words {
        Words { from, to, placed: Vec::new() }
    }

    /// How wide a text is, about.
    fn width(text: &str) -> f64 {
        // Chinese letters are twice as wide.
        text.chars().map(|letter| if letter.is_ascii() { 1.0 } else { 1.8 }).sum::<f64>() * LETTER.0
    }

    /// Places a text that begins there, unless something is in its way.
    fn fit(&mut self, at: Point, text: &str) -> bool {
        let width = Words::width(text);
        let is_inside = self.from <= at.x && at.x + width <= self.to;
        let is_clear = is_inside
            && self.placed.iter().all(|(other, its_width)| {
                at.x + width <= other.x
                    || other.x + its_width <= at.x
                    || LETTER.1 <= (at.y - other.y).abs()
            });
        if is_clear {
            self.placed.push((at, width));
        }
        is_clear
    }
}

/// Packets that have not arrived: as far as they have come.
fn on_their_way(grid: &Grid, props: &LanesProps) -> String {
    let now = props.view.now;
    let mut path = String::new();
    let is_shown = |kind| is_drawn(kind, props.shows_pings);
    for packet in props.view.packets.iter().filter(|packet| is_shown(packet.kind)) {
        let (Some(from), Some(to)) = (grid.y(packet.from), grid.y(packet.to)) else { continue };
        let whole = packet.arrives.since_us(packet.sent).max(1) as f64;
        let part = (now.since_us(packet.sent) as f64 / whole).clamp(0.0, 1.0);
        let at = Point::new(grid.x(now), from + (to - from) * part);
        path.push_str(&format!("M{} {}L{}", tenths(grid.x(packet.sent)), tenths(from), at.path()));
    }
    path
}

/// What happened to a server itself, and to the network.
fn marks(ui: &Ui, grid: &Grid, props: &LanesProps) -> Html {
    let t = ui.t();
    let seen = props.marks.iter().filter(|mark| props.drawn.during.contains(&mark.at));
    let mut words = Words::between(GUTTER, grid.width);
    let draw = seen.take(MOST_MARKS).map(|mark| {
        let x = grid.x(mark.at);
        let of_server = |id| grid.y(Actor::Server(id));
        let (class, y, word, sign) = match mark.kind {
            MarkKind::Elected(id, _) => {
                let crown = "M-6 4L-7 -4L-3 -1L0 -6L3 -1L7 -4L6 4Z";
                ("lanes__mark--elected", of_server(id), t.mark_leads, crown)
            }
            MarkKind::Crash(id) => {
                ("lanes__mark--crash", of_server(id), t.mark_crash, "M-5 -5L5 5M5 -5L-5 5")
            }
            MarkKind::Restart(id) => {
                ("lanes__mark--restart", of_server(id), "", "M-4 -6L6 0L-4 6Z")
            }
            MarkKind::LostLeader(id) => {
                ("lanes__mark--lost", of_server(id), t.mark_gives_up, "M0 -6V6")
            }
            MarkKind::Partition => ("lanes__mark--partition", None, t.partition, ""),
            MarkKind::Heal => ("lanes__mark--heal", None, t.mark_heal, ""),
            MarkKind::Disk(id) => {
                ("lanes__mark--disk", of_server(id), t.mark_disk, "M-5 -4H5V4H-5ZM-5 0H5")
            }
            MarkKind::Violation => ("lanes__mark--violation", None, t.mark_violation, ""),
        };
        let (sign, at, text) = match y {
            Some(y) => (sign.to_owned(), Point::new(x, y), Point::new(9.0, -7.0)),
            None => {
                let line = line_of(grid, props, x + 5.0 + Words::width(word));
                let sign = format!("M0 0V{}", tenths(grid.height));
                (sign, Point::new(x, 0.0), Point::new(5.0, line))
            }
        };
        let word = if words.fit(at.shifted(text.x, text.y), word) { word } else { "" };
        html! {
            <g class={classes!("lanes__mark", class)} transform={at.translate()}>
                <path d={sign} /><text x={tenths(text.x)} y={tenths(text.y)}>{ word }</text>
            </g>
        }
    });
    html! { <g aria-hidden="true">{ for draw }</g> }
}

/// Causes and effects of the event under the pointer, and what it is.
fn lit(ui: &Ui, grid: &Grid, props: &LanesProps) -> Html {
    let t = ui.t();
    let mut path = String::new();
    for event in &props.drawn.lit {
        if let Some((from, to)) = grid.arrow(event) {
            draw_arrow(&mut path, from, to);
        }
    }
    let said = props.drawn.lit.first().and_then(|event| match &event.what {
        EventWhat::Packet { from, to, label, is_lost, .. } => {
            let who = |actor: &Actor| (t.actor)(&props.names, *actor);
            let said = (t.delivered)(&who(from), &who(to), label, *is_lost);
            Some(format!("{} · {said}", seconds(event.at)))
        }
        EventWhat::Timer | EventWhat::Written | EventWhat::WriteFailed | EventWhat::Act(_) => None,
    });
    let (x, y) = (tenths(GUTTER + 6.0), tenths(grid.height - 6.0));
    html! {
        <g aria-hidden="true">
            <path class="arrows arrows--lit" d={path} />
            { for said.map(|said| html! { <text class="lanes__said" {x} {y}>{ said }</text> }) }
        </g>
    }
}

fn cursor(grid: &Grid, now: Time) -> Html {
    let x = grid.x(now);
    if !(GUTTER..=grid.width).contains(&x) {
        return html! {};
    }
    let text = seconds(now);
    let width = 7.0 * text.len() as f64 + 8.0;
    let left = (x - width / 2.0).min(grid.width - width).max(GUTTER);
    let foot = grid.height - FOOT;
    html! {
        <g class="lanes__now" aria-hidden="true">
            <path d={format!("M{} 0V{}", tenths(x), tenths(foot))} />
            <rect x={tenths(left)} y={tenths(foot)} width={tenths(width)} height="17" rx="4" />
            <text x={tenths(left + width / 2.0)} y={tenths(foot + 12.5)}>{ text }</text>
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let lanes = (1..=2).map(|id| Actor::Server(ServerId(id))).collect();
        let during = Time::from_ms(100)..Time::from_ms(200);
        Grid { during, width: GUTTER + 1000.0, height: HEAD + FOOT + 200.0, lanes }
    }

    fn packet(index: u32, sent: u64, at: u64) -> EventView {
        let (from, to) = (Actor::Server(ServerId(1)), Actor::Server(ServerId(2)));
        let (kind, label) = (PacketKind::Broadcast, Rc::from("ACK 1"));
        EventView {
            index,
            at: Time::from_ms(at),
            cause: Some(0),
            sent: Some(Time::from_ms(sent)),
            actor: Some(to),
            what: EventWhat::Packet { from, to, label, kind, epoch: 1, is_lost: false },
        }
    }

    #[test]
    fn time_goes_to_the_right() {
        let grid = grid();
        assert_eq!(grid.x(Time::from_ms(100)), GUTTER);
        assert_eq!(grid.x(Time::from_ms(150)), GUTTER + 500.0);
        assert_eq!(grid.time(GUTTER + 500.0).ms(), 150);
    }

    #[test]
    fn the_pointer_finds_the_arrow_it_is_on() {
        let grid = grid();
        let packets = [packet(7, 110, 120), packet(9, 160, 170)];
        let middle = |from: f64| Point::new(GUTTER + from, HEAD + 100.0);
        assert_eq!(nearest(&grid, &packets, middle(150.0)), Some(7));
        assert_eq!(nearest(&grid, &packets, middle(650.0)), Some(9));
        assert_eq!(nearest(&grid, &packets, middle(400.0)), None);
    }

    #[test]
    fn no_words_are_written_over_others() {
        let mut words = Words::between(0.0, 500.0);
        assert!(words.fit(Point::new(10.0, 20.0), "COMMIT: 11"));
        assert!(!words.fit(Point::new(60.0, 25.0), "PROPOSAL: 12"));
        assert!(words.fit(Point::new(60.0, 33.0), "PROPOSAL: 12"));
        let end = 10.0 + Words::width("COMMIT: 11");
        assert!(!words.fit(Point::new(end - 1.0, 20.0), "ACK 1"));
        assert!(words.fit(Point::new(end, 20.0), "ACK 1"));
    }

    #[test]
    fn no_words_are_written_over_the_names_or_beyond_the_edge() {
        let mut words = Words::between(GUTTER, GUTTER + 200.0);
        assert!(!words.fit(Point::new(GUTTER - 1.0, 20.0), "FOLLOWERINFO"));
        assert!(words.fit(Point::new(GUTTER, 20.0), "FOLLOWERINFO"));
        let last = GUTTER + 200.0 - Words::width("FOLLOWERINFO");
        assert!(!words.fit(Point::new(last + 1.0, 40.0), "FOLLOWERINFO"));
        assert!(words.fit(Point::new(last, 40.0), "FOLLOWERINFO"));
    }

    #[test]
    fn a_server_lives_from_its_start_to_its_crash() {
        let mark = |ms, kind| Mark { index: 0, at: Time::from_ms(ms), kind };
        let id = ServerId(1);
        let marks = [
            mark(0, MarkKind::Restart(id)),
            mark(5, MarkKind::Crash(id)),
            mark(6, MarkKind::Crash(ServerId(2))),
            mark(8, MarkKind::Restart(id)),
        ];
        let ms = Time::from_ms;
        assert_eq!(lives(&marks, id, ms(9)), [(ms(0), ms(5)), (ms(8), ms(9))]);
    }
}

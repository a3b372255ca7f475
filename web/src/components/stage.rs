//! The stage: servers on a ring, clients outside it, packets on their way, the wall between sides.
//!
//! What can be taken hold of carries its key in `data-focus`; the drawing itself hears of clicks and
//! keys, and looks there. Each kind of thing is one stop of Tab, and arrow keys walk within it.

use crate::components::client_node::Clients;
use crate::components::geometry::{Layout, Point, is_inside, tenths};
use crate::components::links::{Cut, Links};
use crate::components::menu::Menu;
use crate::components::scene::{Scene, is_crowded};
use crate::components::server_node::{self, server_node, vote_marks};
use crate::components::stage_menu::Around;
use crate::components::stage_tools::{camera_tools, lasso_bar};
use crate::components::traffic::{Watching, lost, nearest, packets};
use crate::components::ui::{Ui, use_ui};
use crate::components::wall::wall;
use crate::explain::Names;
use crate::moment::Shared;
use crate::platform::pointer::{
    MenuKey, attribute_around, capture, focus_on, middle_of, part_of, walk,
};
use crate::platform::size::use_size;
use crate::state::StageState;
use crate::ui_action::stage::{Camera, StageAction};
use crate::ui_action::{Selection, UiAction};
use std::rc::Rc;
use yew::{
    AttrValue, Callback, Event, FocusEvent, Html, KeyboardEvent, MouseEvent, PointerEvent,
    Properties, WheelEvent, component, html, use_memo, use_mut_ref, use_node_ref, use_state_eq,
};
use zklab_core::lab::view::{FeedRow, View};
use zklab_core::sorted::Map;
use zklab_core::types::{Actor, ClientId, ServerId};

/// A pointer that moves less, in pixels, was only pressed.
const STILL: f64 = 8.0;

/// Props of [`Stage`].
#[derive(PartialEq, Properties)]
pub struct StageProps {
    /// The moment.
    pub view: Shared<View>,
    /// The feed, for what was lost just now.
    pub feed: Shared<[FeedRow]>,
    /// What clients are called.
    pub names: Shared<Names>,
    /// What is chosen.
    pub selected: Option<Selection>,
    /// The piece that is seen, and what is open.
    pub stage: StageState,
    /// The side that a partition would cut off.
    pub side: Vec<ServerId>,
    /// What a lesson is about.
    pub lit: Vec<Actor>,
    /// Whether it plays.
    pub is_playing: bool,
    /// Whether pings are drawn.
    pub shows_pings: bool,
    /// How long, in virtual microseconds, the mark of a lost packet stays.
    pub recent_us: u64,
}

/// Pointers that are down, and what they do.
#[derive(Default)]
struct Gesture {
    /// Where they are: parts of the stage's width and height.
    pointers: Map<i32, (f64, f64)>,
    /// Where the lasso has been, if one is drawn.
    lasso: Vec<Point>,
    /// Whether the stage is moved and no lasso drawn.
    is_pan: bool,
    /// Whether the pointer has moved far enough to mean it.
    has_moved: bool,
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let ui = use_ui();
    let node = use_node_ref();
    let drawing = use_node_ref();
    let pixels = use_size(&node).unwrap_or((860.0, 400.0));
    let view = &props.view;
    let ids: Vec<ServerId> = view.servers.iter().map(|server| server.id).collect();
    let layout = use_memo((pixels, ids, is_crowded(view)), |(pixels, ids, is_crowded)| {
        Layout::new(*pixels, ids.clone(), *is_crowded)
    });
    // What Tab leads to, of each kind.
    let rovers = use_state_eq(Vec::<Selection>::new);
    let gesture = use_mut_ref(Gesture::default);
    let lasso = use_state_eq(String::new);
    let scene = Scene::new(layout.clone(), view);
    let around = Around { t: ui.t(), view, names: &props.names, side: &props.side };
    let camera = props.stage.camera;
    let view_box = format!(
        "{} {} {} {}",
        tenths(camera.left * layout.width),
        tenths(camera.top * layout.height),
        tenths(layout.width / camera.zoom),
        tenths(layout.height / camera.zoom)
    );

    let rover = |is: fn(&Selection) -> bool| rovers.iter().copied().find(is);
    let packet_rover = rover(|of| matches!(of, Selection::Packet(_)));
    let link_rover = rover(|of| matches!(of, Selection::Link(..)));
    let client_rover = rover(|of| matches!(of, Selection::Client(_)));
    let client = |actor: &Actor| match actor {
        Actor::Client(id) => Some(*id),
        Actor::Server(_) => None,
    };
    let lit: Vec<ClientId> = props.lit.iter().filter_map(client).collect();
    let watching = Watching {
        shows_pings: props.shows_pings,
        is_playing: props.is_playing,
        rover: packet_rover,
        recent_us: props.recent_us,
    };

    let onpointerdown = {
        let (gesture, node) = (gesture.clone(), node.clone());
        let lasso = lasso.setter();
        Callback::from(move |event: PointerEvent| {
            let Some(at) = part_of(&event, &node) else { return };
            let mut gesture = gesture.borrow_mut();
            gesture.pointers.insert(event.pointer_id(), at);
            gesture.is_pan = 1 < gesture.pointers.len() || event.button() == 1 || event.shift_key();
            gesture.has_moved = false;
            gesture.lasso.clear();
            lasso.set(String::new());
        })
    };
    let onpointermove = {
        let (gesture, node, dispatch) = (gesture.clone(), node.clone(), ui.dispatch.clone());
        let (layout, lasso, drawing) = (layout.clone(), lasso.setter(), drawing.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(at) = part_of(&event, &node) else { return };
            let mut gesture = gesture.borrow_mut();
            let Some(before) = gesture.pointers.insert(event.pointer_id(), at) else {
                // A pointer that only passes.
                gesture.pointers.remove(&event.pointer_id());
                return;
            };
            let other = gesture.pointers.iter().find(|(id, _)| **id != event.pointer_id());
            if let Some((_, other)) = other {
                let camera = pinched(camera, *other, before, at, pixels);
                dispatch.emit(UiAction::Stage(StageAction::Look(camera)));
            } else if gesture.is_pan {
                let camera = camera.moved(before.0 - at.0, before.1 - at.1);
                dispatch.emit(UiAction::Stage(StageAction::Look(camera)));
            } else {
                let at = seen_at(camera, &layout, at);
                gesture.lasso.push(at);
                let far = gesture.lasso[0].distance(at) * camera.zoom;
                if !gesture.has_moved && STILL < far {
                    gesture.has_moved = true;
                    capture(&event, &drawing);
                }
                if gesture.has_moved {
                    lasso.set(outline(&gesture.lasso));
                }
            }
        })
    };
    let onpointerup = {
        let (gesture, dispatch) = (gesture.clone(), ui.dispatch.clone());
        let (layout, lasso) = (layout.clone(), lasso.setter());
        Callback::from(move |event: PointerEvent| {
            let mut gesture = gesture.borrow_mut();
            gesture.pointers.remove(&event.pointer_id());
            let around = std::mem::take(&mut gesture.lasso);
            if !gesture.pointers.is_empty() || !gesture.has_moved {
                return;
            }
            lasso.set(String::new());
            let is_in =
                |id: &&ServerId| layout.server(**id).is_some_and(|at| is_inside(at, &around));
            let side = layout.ids().iter().filter(is_in).copied().collect();
            dispatch.emit(UiAction::Stage(StageAction::Lasso(side)));
        })
    };
    let onwheel = {
        let (node, dispatch) = (node.clone(), ui.dispatch.clone());
        Callback::from(move |event: WheelEvent| {
            let Some(at) = part_of(&event, &node) else { return };
            event.prevent_default();
            let (x, y) = (event.delta_x(), event.delta_y());
            // As in the lanes: a wheel zooms, sideways or with Shift it moves.
            let camera = if x.abs() > y.abs() || event.shift_key() {
                camera.moved(x / pixels.0, if event.shift_key() { y / pixels.1 } else { 0.0 })
            } else {
                camera.zoomed(if y < 0.0 { 1.2 } else { 1.0 / 1.2 }, at)
            };
            dispatch.emit(UiAction::Stage(StageAction::Look(camera)));
        })
    };
    let open = {
        let dispatch = ui.dispatch.clone();
        move |selection, at| dispatch.emit(UiAction::Stage(StageAction::Menu(selection, at)))
    };
    let open_at = {
        let open = open.clone();
        move |event: &Event, at: Option<(f64, f64)>| {
            let found =
                attribute_around(event, "data-focus").or(attribute_around(event, "data-of"));
            let Some((element, key)) = found else { return false };
            let Some(selection) = Selection::of_key(&key) else { return false };
            open(selection, at.unwrap_or_else(|| middle_of(&element)));
            true
        }
    };
    // The dots of a cloud are no elements: the one that was meant is the nearest.
    let open_in_cloud = {
        let (node, layout, view) = (node.clone(), layout.clone(), view.clone());
        move |event: &MouseEvent| {
            let at =
                part_of(event, &node).filter(|_| attribute_around(event, "data-cloud").is_some());
            let found = at.and_then(|at| {
                let scene = Scene::new(layout.clone(), &view);
                nearest(&scene, &view, watching, seen_at(camera, &layout, at))
            });
            if let Some(selection) = found {
                open(selection, place_of(event));
            }
            found.is_some()
        }
    };
    let onclick = {
        let (open_at, open_in_cloud) = (open_at.clone(), open_in_cloud.clone());
        Callback::from(move |event: MouseEvent| {
            let _ = open_at(&event, Some(place_of(&event))) || open_in_cloud(&event);
        })
    };
    let oncontextmenu = {
        let open_at = open_at.clone();
        Callback::from(move |event: MouseEvent| {
            if open_at(&event, None) || open_in_cloud(&event) {
                event.prevent_default();
            }
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let is_done = match event.key().as_str() {
            "Enter" | " " => open_at(&event, None),
            "ArrowDown" => walk(&event, MenuKey::Next),
            "ArrowUp" => walk(&event, MenuKey::Previous),
            _other => false,
        };
        if is_done {
            event.prevent_default();
        }
    });
    let onfocusin = {
        let rovers = rovers.clone();
        Callback::from(move |event: FocusEvent| {
            let found = attribute_around(&event, "data-focus");
            let Some(selection) = found.and_then(|(_, key)| Selection::of_key(&key)) else {
                return;
            };
            let is_other = |other: &&Selection| !is_same_kind(**other, selection);
            let mut all: Vec<Selection> = rovers.iter().filter(is_other).copied().collect();
            all.push(selection);
            rovers.set(all);
        })
    };

    html! {
        <section class="stage" ref={node} aria-label={ui.t().stage}>
            <svg class="stage__drawing" ref={drawing} viewBox={view_box} role="group" aria-label={ui.t().stage}
                {onpointerdown} {onpointermove} onpointerup={onpointerup.clone()}
                onpointercancel={onpointerup} {onwheel} {onclick} {oncontextmenu} {onkeydown}
                {onfocusin}>
                // Each kind in a group of its own: within it keys hold, so that what stays is kept.
                // What is more important comes first for Tab, and below what is drawn after it.
                { wall(&scene.layout, &view.partition, ui.t().partition) }
                <Links layout={layout.clone()} clients={scene.clients.clone()}
                    names={props.names.clone()} partition={view.partition.clone()}
                    cuts={cuts(&scene, view)} rover={link_rover} />
                <Clients layout={layout.clone()} clients={scene.clients.clone()}
                    more={scene.more.clone()} rover={client_rover.and_then(Selection::client)}
                    selected={props.selected.and_then(Selection::client)} lit={lit} />
                { servers(&ui, &scene, props, &rovers) }
                { packets(&scene, &around, watching) }
                <g>{ for lost(&scene, &around, &props.feed, watching) }</g>
                if !lasso.is_empty() { <path class="lasso" d={(*lasso).clone()} /> }
            </svg>
            { camera_tools(&ui, camera) }
            if props.stage.has_lasso { { lasso_bar(&ui, &props.side) } }
            // Always one child: the drawing before it must stay, and with it the focus.
            { menu(&ui, &around, props.stage).unwrap_or_default() }
        </section>
    }
}

/// The stage as two fingers move: one stays at `other`, the other goes from `before` to `at`.
fn pinched(
    camera: Camera,
    other: (f64, f64),
    before: (f64, f64),
    at: (f64, f64),
    pixels: (f64, f64),
) -> Camera {
    let point = |(x, y): (f64, f64)| Point::new(x * pixels.0, y * pixels.1);
    let far = |from: (f64, f64)| point(from).distance(point(other)).max(1.0);
    let middle = ((at.0 + other.0) / 2.0, (at.1 + other.1) / 2.0);
    let moved = camera.moved((before.0 - at.0) / 2.0, (before.1 - at.1) / 2.0);
    moved.zoomed(far(at) / far(before), middle)
}

/// The point of the stage that is seen at these parts of its width and height.
fn seen_at(camera: Camera, layout: &Layout, at: (f64, f64)) -> Point {
    let x = (camera.left + at.0 / camera.zoom) * layout.width;
    let y = (camera.top + at.1 / camera.zoom) * layout.height;
    Point::new(x, y)
}

/// Where the pointer is, in CSS pixels of the window.
fn place_of(event: &MouseEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

fn is_same_kind(one: Selection, other: Selection) -> bool {
    std::mem::discriminant(&one) == std::mem::discriminant(&other)
}

fn outline(points: &[Point]) -> String {
    let mut path = String::new();
    for point in points {
        path.push_str(if path.is_empty() { "M" } else { "L" });
        path.push_str(&point.path());
    }
    path.push('Z');
    path
}

fn servers(ui: &Ui, scene: &Scene, props: &StageProps, rovers: &[Selection]) -> Html {
    let view = &props.view;
    let all = || view.servers.iter().map(|server| Selection::Server(server.id));
    let stop = all().find(|server| rovers.contains(server)).or(all().next());
    let draw = view.servers.iter().filter_map(|server| {
        let this = Selection::Server(server.id);
        let drawing = server_node::Drawing {
            at: scene.layout.server(server.id)?,
            words: scene.layout.words(server.id),
            lines_below: scene.layout.lines_below,
            now: view.now,
            needed: view.quorum_needed,
            is_selected: props.selected == Some(this),
            is_lit: props.lit.contains(&Actor::Server(server.id)),
            is_encircled: props.stage.has_lasso && props.side.contains(&server.id),
            is_stop: stop == Some(this),
            shows_pings: props.shows_pings,
        };
        Some(server_node(ui, server, drawing))
    });
    html! { <><g data-group="servers">{ for draw }</g>{ vote_marks(&scene.layout, view) }</> }
}

fn cuts(scene: &Scene, view: &View) -> Vec<Cut> {
    let cut = |way: &(Actor, Actor)| {
        let points = scene.point_of(way.0).zip(scene.point_of(way.1));
        Cut { way: *way, points }
    };
    view.network.cuts.iter().map(cut).collect()
}

fn menu(ui: &Ui, around: &Around, stage: StageState) -> Option<Html> {
    let (of, at) = stage.menu?;
    let title = around.title(of)?;
    let name = (ui.t().on_stage.actions_of)(&title);
    let items: Rc<[_]> = around.items(of).into();
    let dispatch = ui.dispatch.clone();
    let on_close = Callback::from(move |has_focus: bool| {
        dispatch.emit(UiAction::Stage(StageAction::CloseMenu));
        if has_focus {
            focus_on(&format!("[data-focus={}]", of.key()));
        }
    });
    Some(html! {
        <Menu title={AttrValue::from(title)} name={AttrValue::from(name)} {items} {at}
            on_choose={ui.dispatch.clone()} {on_close} />
    })
}

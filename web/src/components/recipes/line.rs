//! The line: who holds, who waits behind whom, who watches what.
//!
//! ```text
//!   ┌────┐   ┌────┐   ┌────┐   ┌──────┐   ┌──────┐
//!   │ c1 │ ◀─│ c2 │ ◀─│ c3 │   │ +183 │   │ c200 │     boxes: buttons; arrows: an SVG behind them
//!   └────┘   └────┘   └────┘   └──────┘   └──────┘
//! ```

use crate::components::ui::Ui;
use crate::explain::{Names, millis};
use crate::platform::pointer::reveal;
use crate::ui_action::{Panel, Selection, UiAction};
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use yew::{Callback, Html, MouseEvent, classes, html};
use zklab_core::lab::view::{
    ClientState, ClientView, MemberView, RecipeNodeView, RecipePhase, RecipeView, View,
};
use zklab_core::types::ClientId;

/// More places than this are grouped.
const MOST: usize = 8;
/// Of a group, how many are drawn before and behind it.
const BEFORE: usize = 5;
const BEHIND: usize = 2;

/// From one box to the next, in CSS pixels, as `recipes.css` has it.
const PITCH: usize = 70;
/// The width of a box there.
const BOX: usize = 56;
/// Where the boxes begin: below the arcs, or below the flags alone.
const TOP: usize = 26;
const FLAT_TOP: usize = 12;
/// Half the height of a box.
const HALF: usize = 20;

/// A place in the line.
struct Place<'a> {
    node: Option<&'a RecipeNodeView>,
    member: Option<&'a MemberView>,
    client: Option<ClientId>,
}

/// What is drawn: a place, or so many that are not.
enum Drawn {
    Place(usize),
    Group(usize),
}

/// Those that believe to hold without a znode come first, then the znodes in their order, then
/// those that have none yet.
fn places(recipe: &RecipeView) -> Vec<Place<'_>> {
    let of_node = |node: &RecipeNodeView| {
        recipe.members.iter().find(|member| member.node.as_ref() == Some(&node.path))
    };
    let is_noded = |member: &&MemberView| {
        let node = member.node.as_ref();
        node.is_some_and(|path| recipe.nodes.iter().any(|node| node.path == *path))
    };
    let nodes = recipe.nodes.iter().map(|node| {
        let member = of_node(node);
        Place { node: Some(node), member, client: member.map(|m| m.client).or(node.client) }
    });
    let without = || recipe.members.iter().filter(|member| !is_noded(member));
    let bare = |member| Place { node: None, member: Some(member), client: Some(member.client) };
    let believes = |member: &&MemberView| member.phase == RecipePhase::Holds;
    let ghosts = without().filter(believes).map(bare);
    let rest = without().filter(|member| !believes(member)).map(bare);
    ghosts.chain(nodes).chain(rest).collect()
}

/// The drawing.
pub fn line(
    ui: &Ui,
    view: &View,
    recipe: &RecipeView,
    names: &Names,
    selected: Option<ClientId>,
) -> Html {
    let t = ui.t().recipes;
    let places = places(recipe);
    if places.is_empty() {
        return html! { <p class="panel__empty">{ "–" }</p> };
    }
    let count = places.len();
    let drawn: Vec<Drawn> = if MOST < count {
        let hidden = count - BEFORE - BEHIND;
        let first = (0..BEFORE).map(Drawn::Place);
        let last = (count - BEHIND..count).map(Drawn::Place);
        first.chain([Drawn::Group(hidden)]).chain(last).collect()
    } else {
        (0..count).map(Drawn::Place).collect()
    };
    let watching = watching(&places, &drawn);
    let boxes = drawn.iter().map(|one| match one {
        Drawn::Place(n) => place(ui, view, &places[*n], names, selected),
        Drawn::Group(hidden) => html! {
            <li class="place place--group" data-hidden={hidden.to_string()} title={(t.more)(*hidden)}>
                <span class="place__box" aria-label={(t.more)(*hidden)}>{ format!("+{hidden}") }</span>
            </li>
        },
    });
    html! {
        <div class="line__frame" tabindex="0" role="group" aria-label={recipe.path.to_string()}>
            <div class={classes!("line", has_arcs(&watching).then_some("line--arcs"))}>
                { arrows(&watching, drawn.len()) }
                <ol class="line__places" data-line={recipe.path.to_string()}
                    data-count={count.to_string()}>{ for boxes }</ol>
            </div>
        </div>
    }
}

/// How a client's connection stands, as a sign that needs no colour.
fn sign(client: &ClientView) -> &'static str {
    match client.state {
        ClientState::Connected if client.is_paused => "❚❚",
        ClientState::Connected => "●",
        ClientState::ConnectedReadOnly => "◐",
        ClientState::Connecting => "○",
        ClientState::Expired | ClientState::Closed => "✕",
        ClientState::Vanished => "✝",
    }
}

fn place(
    ui: &Ui,
    view: &View,
    place: &Place<'_>,
    names: &Names,
    selected: Option<ClientId>,
) -> Html {
    let page = ui.t();
    let t = page.recipes;
    let client = place.client.and_then(|id| view.clients.iter().find(|client| client.id == id));
    let who = place.client.map_or_else(|| "?".to_owned(), |id| names.client(id));
    let asked = place.member.map_or("", |member| &*member.asked);
    let holds = place.node.is_some_and(|node| node.is_holding);
    let phase = place.member.map(|member| member.phase);
    let believes = phase == Some(RecipePhase::Holds);
    let phase_word = match (phase, client.map(|client| client.state)) {
        (Some(phase), _) => (t.phase)(phase),
        (None, Some(state)) => (page.client_state)(state),
        (None, None) => t.no_client,
    };
    let since = place.member.and_then(|member| member.since);
    let held = since.map(|since| millis(view.now.since_us(since) / 100_000 * 100));
    let state = client.map_or(t.no_client, |client| (page.client_state)(client.state));
    let node = place.node.map_or_else(|| t.no_znode.to_owned(), |node| node.path.to_string());
    let is_selected = selected.is_some() && selected == place.client;
    let class = classes!(
        "place",
        holds.then_some("place--holds"),
        believes.then_some("place--believes"),
        place.node.is_none().then_some("place--bare"),
        asked.starts_with("read-lock").then_some("place--read"),
        asked.starts_with("write-lock").then_some("place--write"),
        is_selected.then_some("place--selected"),
    );
    let mut label = format!("{who}, {phase_word}, {state}, {node}");
    for (is_so, word) in [(holds, t.by_znode), (believes, t.by_belief)] {
        if is_so {
            label = format!("{label}, {word}");
        }
    }
    let onclick = place.client.map(|id| ui.on(UiAction::Select(Selection::Client(id))));
    let phase_name = phase.map(|phase| format!("{phase:?}").to_lowercase());
    html! {
        <li key={format!("{who} {node}")} {class} data-place={who.clone()}
            data-phase={phase_name} data-holds={holds.to_string()}>
            <button type="button" class="place__box" aria-label={label.clone()} title={label}
                aria-pressed={is_selected.to_string()} disabled={onclick.is_none()} {onclick}>
                <b>{ who }</b>
                <span class="place__sign" aria-hidden="true">
                    { for client.map(|client| sign(client)) }{ " " }
                    { if asked.starts_with("read") { "R" } else if asked.starts_with("write") { "W" } else { "" } }
                </span>
            </button>
            { for place.node.map(|node| node_button(ui, node)) }
            <span class="place__phase">{ phase_word }</span>
            { for held.map(|held| html! { <span class="place__phase" data-held="">{ held }</span> }) }
        </li>
    }
}

/// The znode: a click shows it in the trees.
fn node_button(ui: &Ui, node: &RecipeNodeView) -> Html {
    let name = node.path.rsplit('/').next().unwrap_or_default();
    let short = node.number.map_or_else(|| name.to_owned(), |number| format!("…{number:03}"));
    let label = (ui.t().recipes.show_znode)(&node.path);
    let (dispatch, path): (_, Rc<str>) = (ui.dispatch.clone(), node.path.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.emit(UiAction::Show(Panel::Znodes));
        // Once the trees are seen.
        let path = path.clone();
        Timeout::new(60, move || reveal("data-znode", &path)).forget();
    });
    html! {
        <button type="button" class="place__node" aria-label={label.clone()} title={label} {onclick}>
            { short }
        </button>
    }
}

/// Who watches whose znode, by their places in the drawing.
fn watching(places: &[Place<'_>], drawn: &[Drawn]) -> Vec<(usize, usize)> {
    let column = |wanted: usize| {
        let is_it = |one: &Drawn| matches!(one, Drawn::Place(n) if *n == wanted);
        // Who is not drawn stands in the group.
        drawn
            .iter()
            .position(is_it)
            .or_else(|| drawn.iter().position(|one| matches!(one, Drawn::Group(_))))
    };
    let mut paths: Vec<(usize, usize)> = Vec::new();
    for (n, place) in places.iter().enumerate() {
        let watches = place.member.map(|member| &*member.watches).unwrap_or_default();
        for watched in watches {
            let at = places
                .iter()
                .position(|other| other.node.is_some_and(|node| node.path == *watched));
            if let (Some(from), Some(to)) = (column(n), at.and_then(column))
                && from != to
                && !paths.contains(&(from, to))
            {
                paths.push((from, to));
            }
        }
    }
    paths
}

/// Whether somebody watches another than its neighbour.
fn has_arcs(watching: &[(usize, usize)]) -> bool {
    watching.iter().any(|(from, to)| to + 1 != *from)
}

/// Straight to the neighbour, in an arc to all others.
fn arrows(watching: &[(usize, usize)], columns: usize) -> Html {
    let width = columns * PITCH;
    let middle = HALF + if has_arcs(watching) { TOP } else { FLAT_TOP };
    let draw = watching.iter().map(|&(from, to)| {
        let gap = PITCH - BOX;
        let path = if to + 1 == from {
            let (tip, start) = (to * PITCH + BOX + 3, from * PITCH);
            format!("M{start} {middle}H{tip}m5 -4l-5 4l5 4")
        } else if to < from {
            let (tip, start) = (to * PITCH + BOX / 2 + gap / 2, from * PITCH + BOX / 2 - gap / 2);
            let top = (TOP - 4).saturating_sub(4 * (from - to)).max(1);
            format!("M{start} {TOP}C{start} {top} {tip} {top} {tip} {}m-4 -5l4 5l4 -5", TOP - 2)
        } else {
            let (tip, start) = (to * PITCH + BOX / 2, from * PITCH + BOX / 2);
            format!("M{start} {TOP}C{start} 4 {tip} 4 {tip} {}m-4 -5l4 5l4 -5", TOP - 2)
        };
        html! { <path d={path} /> }
    });
    html! {
        <svg class="line__arrows" width={width.to_string()} height="70" aria-hidden="true"
            data-arrows={watching.len().to_string()}>{ for draw }</svg>
    }
}

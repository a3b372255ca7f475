//! The line: who holds, who waits behind whom, who watches what.
//!
//! ```text
//!   ┌────┐   ┌────┐   ┌────┐   ┌──────┐   ┌──────┐
//!   │ c1 │ ◀─│ c2 │ ◀─│ c3 │   │ +183 │   │ c200 │     boxes: buttons; arrows: an SVG behind them
//!   └────┘   └────┘   └────┘   └──────┘   └──────┘
//! ```

use super::parts::{Around, MOST};
use crate::explain::millis;
use crate::ui_action::{Selection, UiAction};
use yew::{Html, classes, html};
use zklab_core::lab::view::{MemberView, RecipeKind, RecipeNodeView, RecipePhase, RecipeView};
use zklab_core::recipe::What;
use zklab_core::types::ClientId;

/// Of a group, how many are drawn before and behind it: with it, as many as the panel has room for.
const BEFORE: usize = 3;
const BEHIND: usize = 1;
/// Leases that are free are drawn one by one up to so many.
const MOST_FREE: usize = 3;

/// From one box to the next, in CSS pixels, as `recipes.css` has it.
const PITCH: usize = 70;
/// The width of a box there.
const BOX: usize = 56;
/// Where the boxes begin: below the arcs, or below the flags alone.
const TOP: usize = 26;
const FLAT_TOP: usize = 12;
/// Half the height of a box.
const HALF: usize = 20;
/// The crown of who leads.
const CROWN: &str = "M-14 0L-16 -15L-7.500 -9L0 -19L7.500 -9L16 -15L14 0Z";

/// A place in the line.
struct Place<'a> {
    node: Option<&'a RecipeNodeView>,
    member: Option<&'a MemberView>,
    client: Option<ClientId>,
    /// How many stand before it, if it has a znode.
    before: Option<usize>,
}

/// What is drawn: a place, or so many that are not, or leases that nobody has.
#[derive(Clone, Copy)]
enum Drawn {
    Place(usize),
    Group(usize),
    Free(usize),
}

/// Those that believe to hold without a znode come first, then the znodes in their order, then
/// those that have none yet. Also answers with how many the first are.
fn places(recipe: &RecipeView) -> (Vec<Place<'_>>, usize) {
    let nodes = recipe.nodes.iter().enumerate().map(|(before, node)| {
        let member = node.member.and_then(|number| recipe.members.get(number));
        let client = member.map(|member| member.client).or(node.client);
        Place { node: Some(node), member, client, before: Some(before) }
    });
    let mut is_noded = vec![false; recipe.members.len()];
    for number in recipe.nodes.iter().filter_map(|node| node.member) {
        is_noded[number] = true;
    }
    let without = |believes: bool| {
        let all = recipe.members.iter().zip(&is_noded).filter(|(_, is_noded)| !**is_noded);
        let those = all.map(|(member, _)| member).filter(move |member| {
            member.wanted.what != What::Revoke && believes == (member.phase == RecipePhase::Holds)
        });
        those.map(|member| Place {
            node: None,
            member: Some(member),
            client: Some(member.client),
            before: None,
        })
    };
    let first = without(true).count();
    (without(true).chain(nodes).chain(without(false)).collect(), first)
}

/// What is drawn of so many places.
fn drawn(recipe: &RecipeView, count: usize, first: usize) -> Vec<Drawn> {
    let mut drawn: Vec<Drawn> = if MOST < count {
        let hidden = count - BEFORE - BEHIND;
        let first = (0..BEFORE).map(Drawn::Place);
        let last = (count - BEHIND..count).map(Drawn::Place);
        first.chain([Drawn::Group(hidden)]).chain(last).collect()
    } else {
        (0..count).map(Drawn::Place).collect()
    };
    if let RecipeKind::Semaphore(leases) = recipe.kind {
        let held = recipe.nodes.iter().filter(|node| node.is_holding).count();
        let free = (leases as usize).saturating_sub(held);
        let at = (first + held).min(drawn.len());
        let free = match free {
            0..=MOST_FREE => vec![Drawn::Free(1); free],
            _many => vec![Drawn::Free(free)],
        };
        drawn.splice(at..at, free);
    }
    drawn
}

/// The drawing.
pub fn line(around: &Around<'_>) -> Html {
    let t = around.ui.t().recipes;
    let recipe = around.recipe;
    let (places, first) = places(recipe);
    let count = places.len();
    let drawn = drawn(recipe, count, first);
    if drawn.is_empty() {
        return html! { <p class="panel__empty">{ "–" }</p> };
    }
    let watching = watching(&places, first, &drawn);
    let boxes = drawn.iter().enumerate().map(|(column, one)| match one {
        Drawn::Place(n) => place(around, &places[*n]),
        Drawn::Group(hidden) => html! {
            <li key="more" class="place place--group" data-hidden={hidden.to_string()} title={(t.more)(*hidden)}>
                <span class="place__box" role="img" aria-label={(t.more)(*hidden)}>{ format!("+{hidden}") }</span>
            </li>
        },
        Drawn::Free(count) => html! {
            <li key={format!("free {column}")} class="place place--free" data-free={count.to_string()}>
                <span class="place__box">{ if *count == 1 { String::new() } else { format!("{count}×") } }</span>
                <span class="place__phase">{ t.drawn.free }</span>
            </li>
        },
    });
    let election = (recipe.kind == RecipeKind::Election).then_some("line--election");
    html! {
        <div class="line__frame" tabindex="0" role="group" aria-label={recipe.path.to_string()}
            data-drawing={drawing(recipe.kind)}>
            <div class={classes!("line", election, has_arcs(&watching).then_some("line--arcs"))}>
                { arrows(&watching, drawn.len()) }
                <ol class="line__places" data-line={recipe.path.to_string()}
                    data-count={count.to_string()}>{ for boxes }</ol>
            </div>
        </div>
    }
}

/// The name of the drawing.
fn drawing(kind: RecipeKind) -> &'static str {
    match kind {
        RecipeKind::Election => "election",
        RecipeKind::ReadWriteLock => "read-write-lock",
        RecipeKind::Semaphore(_) => "semaphore",
        RecipeKind::Lock
        | RecipeKind::HerdLock
        | RecipeKind::Barrier
        | RecipeKind::DoubleBarrier(_)
        | RecipeKind::Gather(_)
        | RecipeKind::Queue
        | RecipeKind::Group
        | RecipeKind::Config
        | RecipeKind::Naming
        | RecipeKind::Counter
        | RecipeKind::TwoPhaseCommit => "lock",
    }
}

fn place(around: &Around<'_>, place: &Place<'_>) -> Html {
    let page = around.ui.t();
    let t = page.recipes;
    let client = place.client.and_then(|id| around.client(id));
    let who = place.client.map_or_else(|| "?".to_owned(), |id| around.names.client(id));
    let what = place.member.map(|member| &member.wanted.what);
    let (is_read, is_write) = (what == Some(&What::ReadLock), what == Some(&What::WriteLock));
    let holds = place.node.is_some_and(|node| node.is_holding);
    let phase = place.member.map(|member| member.phase);
    let believes = phase == Some(RecipePhase::Holds);
    let is_election = around.recipe.kind == RecipeKind::Election;
    let phase_word = match (phase, client.map(|client| client.state)) {
        (Some(RecipePhase::Holds), _) if is_election => t.drawn.leads,
        (Some(RecipePhase::Waits), _) if is_election && place.before == Some(1) => t.drawn.next,
        (Some(RecipePhase::Waits), _) if is_election => t.drawn.candidate,
        (Some(phase), _) => (t.phase)(phase),
        (None, Some(state)) => (page.client_state)(state),
        (None, None) => t.no_client,
    };
    let since = place.member.and_then(|member| member.since);
    let held = since.map(|since| millis(around.view.now.since_us(since) / 100_000 * 100));
    let state = client.map_or(t.no_client, |client| (page.client_state)(client.state));
    let node = place.node.map_or_else(|| t.no_znode.to_owned(), |node| node.path.to_string());
    let is_selected = around.selected.is_some() && around.selected == place.client;
    let class = classes!(
        "place",
        holds.then_some("place--holds"),
        believes.then_some("place--believes"),
        place.node.is_none().then_some("place--bare"),
        is_read.then_some("place--read"),
        is_write.then_some("place--write"),
        is_selected.then_some("place--selected"),
    );
    let mut label = format!("{who}, {phase_word}, {state}, {node}");
    let said = [
        (is_read, t.drawn.reads),
        (is_write, t.drawn.writes),
        (holds, t.by_znode),
        (believes, t.by_belief),
    ];
    for (is_so, word) in said {
        if is_so {
            label = format!("{label}, {word}");
        }
    }
    let onclick = place.client.map(|id| around.ui.on(UiAction::Select(Selection::Client(id))));
    let phase_name = phase.map(|phase| format!("{phase:?}").to_lowercase());
    let shape = if is_read { "read" } else { "write" };
    html! {
        <li key={format!("{who} {node}")} {class} data-place={who.clone()}
            data-phase={phase_name} data-holds={holds.to_string()}
            data-shape={(is_read || is_write).then_some(shape)}>
            if is_election && holds {
                <svg class="place__crown" viewBox="-17 -20 34 21" aria-hidden="true"><path d={CROWN} /></svg>
            }
            <button type="button" class="place__box" aria-label={label.clone()} title={label}
                aria-pressed={is_selected.to_string()} disabled={onclick.is_none()} {onclick}>
                { place.client.map_or_else(|| html! { <b>{ who.clone() }</b> }, |id| around.signed(id)) }
                if is_read { <small aria-hidden="true">{ "R" }</small> }
                if is_write { <small aria-hidden="true">{ "W" }</small> }
            </button>
            { for place.node.map(|node| around.znode(&node.path, node.number)) }
            <span class="place__phase">{ phase_word }</span>
            { for held.map(|held| html! { <span class="place__phase" data-held="">{ held }</span> }) }
        </li>
    }
}

/// Who watches whose znode, by their places in the drawing.
fn watching(places: &[Place<'_>], first: usize, drawn: &[Drawn]) -> Vec<(usize, usize)> {
    let mut columns: Vec<Option<usize>> = vec![None; places.len()];
    let mut group = None;
    for (column, one) in drawn.iter().enumerate() {
        match one {
            Drawn::Place(n) => columns[*n] = Some(column),
            Drawn::Group(_) => group = Some(column),
            Drawn::Free(_) => {}
        }
    }
    let mut arrows: Vec<(usize, usize)> = Vec::new();
    for (n, place) in places.iter().enumerate() {
        // Who is not drawn stands in the group.
        let Some(from) = columns[n].or(group) else { continue };
        for watched in place.member.map(|member| &*member.watched).unwrap_or_default() {
            let to = columns.get(first + watched).copied().flatten().or(group);
            if let Some(to) = to.filter(|to| *to != from)
                && !arrows.contains(&(from, to))
            {
                arrows.push((from, to));
            }
        }
    }
    arrows
}

/// Whether somebody watches another than its neighbour.
fn has_arcs(watching: &[(usize, usize)]) -> bool {
    watching.iter().any(|(from, to)| to + 1 != *from)
}

/// Straight to the neighbour, in an arc to all others.
fn arrows(watching: &[(usize, usize)], columns: usize) -> Html {
    let width = columns * PITCH - (PITCH - BOX);
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

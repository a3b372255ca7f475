//! Barriers: a gate, and who stands on which side of it.

use super::parts::{Around, name};
use yew::{Html, html};
use zklab_core::lab::view::{MemberView, RecipeNodeView, RecipePhase};
use zklab_core::recipe::What;
use zklab_core::types::ClientId;
use zklab_core::why::RecipeWhy;

/// Places that are still to be taken: no more of them are drawn.
const MOST_FREE: usize = 6;

/// A gate with a count above it, and a word below: open or closed.
fn gate(around: &Around<'_>, is_open: bool, count: &str) -> Html {
    let t = around.t();
    let word = if is_open { t.open } else { t.closed };
    let bar = if is_open { "M10 34L24 6" } else { "M10 34H54" };
    html! {
        <div class="gate" data-open={is_open.to_string()}>
            <b class="gate__count">{ count.to_owned() }</b>
            <svg viewBox="0 0 64 52" aria-hidden="true">
                <path class="gate__post" d="M10 50V28M54 50V28M2 50H18M46 50H62" />
                <path class="gate__bar" d={bar} />
            </svg>
            <span>{ word }</span>
        </div>
    }
}

/// Those who came of it lately, the last ones first, but for those who are here again.
fn gone_on(around: &Around<'_>, is_it: fn(&RecipeWhy) -> bool) -> Vec<ClientId> {
    let mut gone: Vec<ClientId> = Vec::new();
    for outcome in around.recipe.lately.iter().rev().filter(|outcome| is_it(&outcome.why)) {
        let is_here = around.recipe.members.iter().any(|member| member.client == outcome.client);
        if !is_here && !gone.contains(&outcome.client) {
            gone.push(outcome.client);
        }
    }
    gone
}

/// A simple barrier: who waits before it, who has passed.
pub fn barrier(around: &Around<'_>) -> Html {
    let t = around.t();
    let waiting = around.chips(around.asking(|what| *what == What::AwaitBarrier));
    let passed = gone_on(around, |why| matches!(why, RecipeWhy::BarrierGone { .. }));
    let passed = passed.into_iter().map(|id| around.chip(id, "", false)).collect();
    let is_up = around.recipe.itself.is_some();
    let count = waiting.len().to_string();
    html! {
        <div class="zones" data-drawing="barrier" data-up={is_up.to_string()}>
            { around.zone("waits", t.waits, waiting) }
            { gate(around, !is_up, &count) }
            { around.zone("passed", t.passed, passed) }
        </div>
    }
}

/// A double barrier: who has entered, who is inside, who leaves and whom it waits for. Who only
/// gathers goes on instead.
pub fn double(around: &Around<'_>, needed: u32, is_gathering: bool) -> Html {
    let t = around.t();
    let recipe = around.recipe;
    let is_ready = recipe.nodes.iter().any(|node| name(&node.path) == "ready");
    let is_numbered = |node: &&RecipeNodeView| node.number.is_some();
    let come = recipe.nodes.iter().filter(is_numbered).count();
    let of_phase = |is_it: fn(RecipePhase) -> bool| {
        let those: Vec<&MemberView> =
            recipe.members.iter().filter(|member| is_it(member.phase)).collect();
        around.chips(those)
    };
    let mut entered = of_phase(|phase| matches!(phase, RecipePhase::Begins | RecipePhase::Waits));
    let mut inside = of_phase(|phase| matches!(phase, RecipePhase::Holds | RecipePhase::Doubts));
    let leaving = of_phase(|phase| phase == RecipePhase::Ends);
    // Nodes of clients that have died, until their sessions expire.
    let left_behind = recipe.nodes.iter().filter(is_numbered).filter(|node| node.member.is_none());
    for id in left_behind.filter_map(|node| node.client) {
        let has_died = around.client(id).is_none_or(|client| !client.state.is_alive());
        if has_died {
            let those = if is_ready { &mut inside } else { &mut entered };
            those.push(around.chip(id, "", false));
        }
    }
    let counts = [entered.len(), inside.len(), leaving.len()].map(|count| count.to_string());
    let free = (needed as usize).saturating_sub(come);
    if !is_ready {
        entered.extend((0..free.min(MOST_FREE)).map(|n| {
            html! { <span key={n} class="who who--free" data-free="" aria-hidden="true"></span> }
        }));
    }
    let passed = gone_on(around, |why| matches!(why, RecipeWhy::AllArrived { .. }));
    let gathered = passed.into_iter().map(|id| around.chip(id, "", false)).collect::<Vec<_>>();
    let [is_entering, is_inside, is_leaving] = counts;
    html! {
        <div class="zones" data-drawing={if is_gathering { "gather" } else { "double-barrier" }} data-come={come.to_string()}
            data-ready={is_ready.to_string()} data-entering={is_entering} data-inside={is_inside}
            data-leaving={is_leaving} aria-label={(around.ui.t().recipes.come)(come, needed)}>
            { around.zone("waits", if is_gathering { t.waits } else { t.entered }, entered) }
            { gate(around, is_ready, &format!("{come}/{needed}")) }
            if is_gathering {
                { around.zone("passed", t.passed, gathered) }
            } else {
                { around.zone("inside", t.inside, inside) }
                { around.zone("leaving", t.leaving, leaving) }
            }
        </div>
    }
}

//! What clients build on znodes: who holds, who waits for whom, what it costs.

mod cost;
mod form;
mod gates;
mod items;
mod line;
mod parts;
mod prepared;
mod tables;

use crate::components::buttons::Button;
use crate::components::ui::Ui;
use crate::explain::Names;
use crate::state::State;
use crate::ui_action::recipes::{Part, RecipeAction};
use crate::ui_action::{Selection, UiAction};
use parts::Around;
use yew::{Html, classes, html};
use zklab_core::lab::view::{Counts, RecipeKind, RecipePhase, RecipeView, View};
use zklab_core::sim::action::Action;
use zklab_core::types::ClientId;

/// The parts, with their names in attributes.
const PARTS: [(Part, &str); 4] = [
    (Part::Line, "line"),
    (Part::Start, "start"),
    (Part::Cost, "cost"),
    (Part::Prepared, "prepared"),
];

/// The panel.
pub fn recipes_panel(ui: &Ui, state: &State) -> Html {
    let t = ui.t().recipes;
    let view = &state.moment.view;
    let front = state.recipes.part(view);
    let parts = PARTS.iter().zip(t.parts).map(|((part, name), label)| {
        let action = UiAction::Recipe(RecipeAction::Show(*part));
        html! {
            <button type="button" class="part" data-part={*name}
                aria-pressed={(*part == front).to_string()} onclick={ui.on(action)}>{ label }</button>
        }
    });
    html! {
        <section id="recipes" class="panel panel--recipes" role="tabpanel" tabindex="-1"
            aria-label={t.title}>
            <div class="parts" role="group" aria-label={t.title}>{ for parts }</div>
            { match front {
                Part::Line => now(ui, state),
                Part::Start => form::form(ui, &state.recipes.order, state.refused_contenders()),
                Part::Cost => cost::cost(ui, &state.recipes),
                Part::Prepared => html! { <prepared::Prepared list={state.recipes.list.clone()} /> },
            } }
        </section>
    }
}

/// What goes on at one path.
fn now(ui: &Ui, state: &State) -> Html {
    let t = ui.t().recipes;
    let (view, names) = (&*state.moment.view, &*state.moment.names);
    let Some(recipe) = state.recipes.recipe(view) else {
        return html! { <p class="panel__empty">{ t.nothing }</p> };
    };
    let selected = state.selected.and_then(Selection::client);
    let znode = state.recipes.znode.as_ref();
    let around = Around { ui, view, recipe, names, selected, znode };
    html! {
        <>
            { paths(ui, view, recipe) }
            { drawing(&around) }
            if holds(recipe.kind) { { holders(ui, recipe, names) } }
            { tools(&around) }
            { counts(ui, recipe) }
        </>
    }
}

/// Each recipe is drawn as what it is.
fn drawing(around: &Around<'_>) -> Html {
    match around.recipe.kind {
        RecipeKind::Lock
        | RecipeKind::HerdLock
        | RecipeKind::ReadWriteLock
        | RecipeKind::Semaphore(_)
        | RecipeKind::Election => line::line(around),
        RecipeKind::Barrier => gates::barrier(around),
        RecipeKind::DoubleBarrier(needed) => gates::double(around, needed, false),
        RecipeKind::Gather(needed) => gates::double(around, needed, true),
        RecipeKind::Queue => items::queue(around),
        RecipeKind::Group => tables::registry(around),
        RecipeKind::Config => tables::configuration(around),
        RecipeKind::Naming => items::names(around),
        RecipeKind::Counter => items::counter(around),
        RecipeKind::TwoPhaseCommit => tables::commit(around),
    }
}

/// Whether one can hold by a znode and believe it: two things, of which each may be without the other.
fn holds(kind: RecipeKind) -> bool {
    match kind {
        RecipeKind::Lock
        | RecipeKind::HerdLock
        | RecipeKind::ReadWriteLock
        | RecipeKind::Semaphore(_)
        | RecipeKind::Election => true,
        RecipeKind::Barrier
        | RecipeKind::DoubleBarrier(_)
        | RecipeKind::Gather(_)
        | RecipeKind::Queue
        | RecipeKind::Group
        | RecipeKind::Config
        | RecipeKind::Naming
        | RecipeKind::Counter
        | RecipeKind::TwoPhaseCommit => false,
    }
}

/// The path that is looked at, and the others.
fn paths(ui: &Ui, view: &View, shown: &RecipeView) -> Html {
    let t = ui.t().recipes;
    let paths = view.recipes.iter().map(|recipe| {
        let action = UiAction::Recipe(RecipeAction::Look(recipe.path.clone()));
        html! {
            <button type="button" class="path" data-recipe={recipe.path.to_string()}
                aria-pressed={(recipe.path == shown.path).to_string()} onclick={ui.on(action)}>
                <code>{ recipe.path.to_string() }</code>{ " " }
                <span class="dim">{ (t.kind)(recipe.kind) }</span>
            </button>
        }
    });
    html! { <div class="paths">{ for paths }</div> }
}

/// What can be done to the chosen client, or to the one that holds.
fn tools(around: &Around<'_>) -> Html {
    let Around { ui, recipe, names, selected, .. } = *around;
    let t = ui.t().recipes;
    let is_here = |id: &ClientId| {
        recipe.members.iter().any(|member| member.client == *id) || recipe.holders.contains(id)
    };
    let holder = recipe.holders.first().or(recipe.believers.first()).copied();
    let holder = holder.or(recipe.members.first().map(|member| member.client));
    let Some(id) = selected.filter(is_here).or(holder) else { return html! {} };
    let who = names.client(id);
    let member = recipe.members.iter().find(|member| member.client == id);
    let waits = member
        .is_some_and(|member| matches!(member.phase, RecipePhase::Begins | RecipePhase::Waits));
    let label = if waits { (t.give_up)(&who) } else { (t.release)(&who) };
    let release = UiAction::Recipe(RecipeAction::Release(id, recipe.path.clone()));
    let client = around.client(id);
    let is_alive = client.is_some_and(|client| client.state.is_alive());
    let act = |name, action, label| Button::new(name, UiAction::Act(action), label);
    let crash = act("crash-holder", Action::Vanish(id), (t.crash)(&who));
    let pause = match client.is_some_and(|client| client.is_paused) {
        false => act("pause-holder", Action::PauseClient(id), (t.pause)(&who)),
        true => act("resume-holder", Action::ResumeClient(id), (t.resume)(&who)),
    };
    html! {
        <div class="recipe__tools" data-acts-on={who.clone()}>
            { Button::new("release-holder", release, label).enabled(member.is_some()).draw(ui) }
            { pause.enabled(is_alive).draw(ui) }
            { crash.enabled(is_alive).hint(t.crash_hint).draw(ui) }
        </div>
    }
}

/// Who holds by znode, and who believes it: two things.
fn holders(ui: &Ui, recipe: &RecipeView, names: &Names) -> Html {
    let t = ui.t().recipes;
    let list = |ids: &[ClientId]| match ids {
        [] => "–".to_owned(),
        ids => ids.iter().map(|id| names.client(*id)).collect::<Vec<_>>().join(", "),
    };
    let differ = (recipe.holders != recipe.believers).then_some("holders--differ");
    html! {
        <>
            <dl class={classes!("holders", differ)}>
                <div data-by-znode={list(&recipe.holders)}>
                    <dt><i class="mark mark--znode"></i>{ t.by_znode }</dt>
                    <dd>{ list(&recipe.holders) }</dd>
                </div>
                <div data-by-belief={list(&recipe.believers)}>
                    <dt><i class="mark mark--belief"></i>{ t.by_belief }</dt>
                    <dd>{ list(&recipe.believers) }</dd>
                </div>
                <div><dt><i class="mark mark--watch"></i>{ t.watches }</dt></div>
                <div><dt>{ (t.turns)(recipe.tally.grants, recipe.tally.releases) }</dt></div>
            </dl>
            if let Some(two) = &recipe.tally.two_believers {
                <p class="recipe__alarm" role="alert" data-two-believe="">
                    { (t.two)(&names.client(two.older.0), &names.client(two.newer.0), two.at) }
                    { Button::new("go-two", UiAction::Seek(two.index + 1), t.go).draw(ui) }
                </p>
            }
            if let Some(guarded) = &recipe.tally.guarded {
                <p class="recipe__note">
                    { (t.guarded)(guarded.taken, guarded.stale, guarded.refused) }
                </p>
            }
        </>
    }
}

/// What it cost.
fn counts(ui: &Ui, recipe: &RecipeView) -> Html {
    let t = ui.t().recipes;
    let row = |label: &'static str, name: &'static str, counts: &Counts| {
        html! {
            <tr data-counts={name}>
                <th scope="row">{ label }</th>
                <td data-notifications="">{ counts.notifications }</td>
                <td>{ counts.reads }</td>
                <td>{ counts.writes }</td>
            </tr>
        }
    };
    let [since, last, all] = t.spans;
    html! {
        <table class="counts">
            <thead><tr>
                <th scope="col">{ t.costs }</th>
                { for t.counts.map(|name| html! { <th scope="col">{ name }</th> }) }
            </tr></thead>
            <tbody>
                if holds(recipe.kind) {
                    { row(since, "since", &recipe.tally.since_release) }
                    { row(last, "last", &recipe.tally.last_release) }
                }
                { row(all, "total", &recipe.tally.total) }
            </tbody>
        </table>
    }
}

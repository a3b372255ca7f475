//! Herd against queue: what one release costs, measured.

use crate::components::buttons::Button;
use crate::components::ui::Ui;
use crate::state::RecipeState;
use crate::state::recipes::SIZES;
use crate::ui_action::UiAction;
use crate::ui_action::recipes::RecipeAction;
use yew::{Html, classes, html};
use zklab_core::lab::view::Counts;
use zklab_core::recipe::What;

/// The width of the longest bar.
const WIDTH: u64 = 200;

/// The classes that give the bars and their names their colours.
const KEYS: [&str; 3] = ["bar--notifications", "bar--reads", "bar--writes"];

/// The table, and in it the chart.
pub fn cost(ui: &Ui, state: &RecipeState) -> Html {
    let t = ui.t().recipes;
    let known = |size: u16, what: &What| {
        let found = state.measured.iter().find(|(n, of, _)| *n == size && of == what);
        found.and_then(|(_, _, counts)| *counts)
    };
    let sum = |counts: &Counts| counts.notifications + counts.reads + counts.writes;
    let most = state.measured.iter().filter_map(|(_, _, counts)| counts.as_ref().map(sum)).max();
    let most = most.unwrap_or(1).max(1);
    let [herd, queue] = t.herd_queue;
    let rows = SIZES.into_iter().flat_map(|size| {
        [(size, What::HerdLock, herd, "herd"), (size, What::Lock, queue, "queue")]
    });
    let rows = rows.map(|(size, what, label, name)| {
        let counts = known(size, &what);
        let cell = |value: fn(&Counts) -> u64| {
            html! { <td>{ counts.as_ref().map_or_else(|| "–".to_owned(), |c| value(c).to_string()) }</td> }
        };
        html! {
            <tr class={format!("cost--{name}")} data-cost={format!("{name}-{size}")}>
                <th scope="row">{ size }</th>
                <td class="cost__name">{ label }</td>
                { cell(|c| c.notifications) }{ cell(|c| c.reads) }{ cell(|c| c.writes) }
                <td class="cost__bars">{ for counts.as_ref().map(|counts| bars(counts, most)) }</td>
            </tr>
        }
    });
    let action = UiAction::Recipe(RecipeAction::Measure);
    let label = if state.is_measuring() { t.measuring } else { t.measure };
    let measure = Button::new("measure", action, label).enabled(!state.is_measuring());
    let [clients, recipe] = t.cost_columns;
    html! {
        <div class="cost">
            <div class="cost__head">
                <p class="recipe__note">{ t.cost_hint }</p>
                { measure.class("button--primary").draw(ui) }
            </div>
            <table class="counts">
                <thead><tr>
                    <th scope="col">{ clients }</th><th scope="col">{ recipe }</th>
                    { for t.counts.iter().zip(KEYS).map(|(name, key)| html! {
                        <th scope="col"><i class={classes!("key", key)}></i>{ *name }</th>
                    }) }
                    <td></td>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

/// Notifications, reads and writes, one behind the other.
fn bars(counts: &Counts, most: u64) -> Html {
    let mut x = 0;
    let parts = [counts.notifications, counts.reads, counts.writes];
    let bars = parts.into_iter().zip(KEYS).map(|(count, key)| {
        let class = classes!("bar", key);
        let width = (count * WIDTH).div_ceil(most).max(1);
        let at = x;
        x += width;
        html! { <rect {class} x={at.to_string()} y="0" width={width.to_string()} height="12" /> }
    });
    let view_box = format!("0 0 {} 12", WIDTH + 3);
    html! {
        <svg class="cost__bar" viewBox={view_box} preserveAspectRatio="none" aria-hidden="true">
            { for bars }
        </svg>
    }
}

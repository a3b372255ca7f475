//! What must always hold: one pill for all, and a list behind it.

use crate::components::strip::sign;
use crate::components::ui::Ui;
use crate::ui_action::UiAction;
use yew::{Html, classes, html};
use zklab_core::lab::view::InvariantView;
use zklab_core::sim::check::Violation;

/// The invariants.
pub fn invariants(ui: &Ui, all: &[InvariantView], is_open: bool) -> Html {
    let t = ui.t();
    let broken = all.iter().filter(|invariant| invariant.violation.is_some()).count();
    let text = match broken {
        0 => (t.invariants_hold)(all.len()),
        broken => (t.invariants_broken)(broken),
    };
    let class = classes!("pill", "pill--button", (broken > 0).then_some("pill--bad"));
    html! {
        <div class="invariants">
            <button type="button" {class} data-action="invariants" title={text.clone()}
                aria-expanded={is_open.to_string()} aria-controls="invariants"
                onclick={ui.on(UiAction::ToggleInvariants)}>
                { sign(broken == 0) }
                <span class="pill__text">{ text }</span>
            </button>
            <ul id="invariants" tabindex="0" class="invariants__list" hidden={!is_open}>
                { for all.iter().map(|invariant| row(ui, invariant)) }
            </ul>
        </div>
    }
}

fn row(ui: &Ui, invariant: &InvariantView) -> Html {
    let InvariantView { invariant, violation } = invariant;
    let (name, says) = (ui.t().invariant)(*invariant);
    html! {
        <li class="invariants__row" data-invariant={format!("{invariant:?}")}
            data-ok={violation.is_none().to_string()}>
            { sign(violation.is_none()) }
            <div>
                <strong>{ name }</strong>
                <p>{ says }</p>
                { for violation.as_ref().map(|violation| witness(ui, violation)) }
            </div>
        </li>
    }
}

/// The facts that clash, and the way to the moment.
fn witness(ui: &Ui, violation: &Violation) -> Html {
    let t = ui.t();
    let after = violation.index + 1;
    html! {
        <p class="invariants__witness">
            { (t.broken_at)(violation.at) }{ t.colon }{ (t.violated)(violation).why }{ " " }
            <button type="button" class="button" data-event={after.to_string()}
                onclick={ui.on(UiAction::Seek(after))}>{ "→" }</button>
        </p>
    }
}

//! What must always hold: one pill for all, and a list behind it.

use crate::components::ui::use_ui;
use crate::state::UiAction;
use std::rc::Rc;
use yew::{Html, Properties, classes, component, html};
use zklab_core::lab::view::{InvariantView, View};

/// Props of [`Invariants`].
#[derive(PartialEq, Properties)]
pub struct InvariantsProps {
    /// The moment.
    pub view: Rc<View>,
    /// Whether the list is open.
    pub is_open: bool,
}

/// The invariants.
#[component]
pub fn Invariants(props: &InvariantsProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let all = &props.view.invariants;
    let broken = all.iter().filter(|invariant| invariant.violation.is_some()).count();
    let (sign, sign_class, text) = if broken == 0 {
        ("✓", "sign--good", (t.invariants_hold)(all.len()))
    } else {
        ("✗", "sign--bad", (t.invariants_broken)(broken))
    };
    html! {
        <div class="invariants">
            <button type="button" class={classes!("pill", "pill--button", (broken > 0).then_some("pill--bad"))}
                data-action="invariants" aria-expanded={props.is_open.to_string()}
                aria-controls="invariants" onclick={ui.on(UiAction::ToggleInvariants)}>
                <span class={classes!("sign", sign_class)}>{ sign }</span>
                <span class="pill__text">{ text }</span>
            </button>
            <ul id="invariants" class="invariants__list" hidden={!props.is_open}>
                { for all.iter().map(|invariant| html! { <Row invariant={invariant.clone()} /> }) }
            </ul>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct RowProps {
    invariant: InvariantView,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let InvariantView { invariant, violation } = &props.invariant;
    let (name, says) = (t.invariant)(*invariant);
    let sign = if violation.is_none() { ("✓", "sign--good") } else { ("✗", "sign--bad") };
    html! {
        <li class="invariants__row" data-invariant={format!("{invariant:?}")}
            data-ok={violation.is_none().to_string()}>
            <span class={classes!("sign", sign.1)}>{ sign.0 }</span>
            <div>
                <strong>{ name }</strong>
                <p>{ says }</p>
                if let Some(violation) = violation {
                    <p class="invariants__witness">
                        { (t.broken_at)(violation.at) }{ t.colon }{ (t.violated)(violation).why }
                        <button type="button" class="button" data-event={(violation.index + 1).to_string()}
                            onclick={ui.on(UiAction::Seek(violation.index + 1))}>{ "→" }</button>
                    </p>
                }
            </div>
        </li>
    }
}

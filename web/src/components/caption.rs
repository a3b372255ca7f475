//! The sentence below the stage: the last decision, large enough for a projector. Beside it what is
//! shown and how playback goes.

use crate::components::buttons::Button;
use crate::components::term::{joined, marked};
use crate::components::ui::{Ui, epoch_class};
use crate::explain::Sentence;
use crate::prefs::Preferences;
use crate::ui_action::UiAction;
use yew::{Html, classes, html};

/// The caption: the last decision if there is one, with the epoch of who took it.
pub fn caption(ui: &Ui, decision: Option<(Sentence, u32)>, prefs: &Preferences) -> Html {
    let t = ui.t();
    let sentence = match decision {
        None => html! { <p class="caption__text caption__text--none">{ t.nothing_yet }</p> },
        Some((decision, epoch)) => said(ui, decision, epoch),
    };
    let toggle = |name, action, label: &'static str, is_on| {
        Button::new(name, action, label).pressed(is_on).class("toggle").draw(ui)
    };
    html! {
        <div class="caption" data-caption="">
            { sentence }
            <div class="caption__toggles">
                { toggle("skip-idle", UiAction::ToggleSkipIdle, t.skip_idle, prefs.skips_idle) }
                { toggle("pings", UiAction::TogglePings, t.show_pings, prefs.shows_pings) }
            </div>
        </div>
    }
}

fn said(ui: &Ui, decision: Sentence, epoch: u32) -> Html {
    let mut seen = Vec::new();
    html! {
        <p class="caption__text">
            <span class={classes!("dot", epoch_class(epoch))}></span>
            <strong>{ marked(ui, &decision.what, &mut seen) }</strong>
            if !decision.why.is_empty() {
                <span class="caption__why">{ joined(ui.t().colon, true, false) }{ marked(ui, &decision.why, &mut seen) }</span>
            }
        </p>
    }
}

//! The sentence below the stage: the last decision, large enough for a projector. Beside it what is
//! shown and how playback goes.

use crate::components::ui::{epoch_class, use_ui};
use crate::explain::{Sentence, server_of};
use crate::state::UiAction;
use std::rc::Rc;
use yew::{Html, Properties, classes, component, html};
use zklab_core::lab::view::{FeedRow, View};

/// Props of [`Caption`].
#[derive(PartialEq, Properties)]
pub struct CaptionProps {
    /// The last decision, and its sentence.
    pub decision: Option<(FeedRow, Sentence)>,
    /// The moment.
    pub view: Rc<View>,
    /// Whether pings are drawn.
    pub shows_pings: bool,
    /// Whether playback hurries where nothing is in flight.
    pub skips_idle: bool,
}

/// The caption.
#[component]
pub fn Caption(props: &CaptionProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let sentence = match &props.decision {
        None => html! { <p class="caption__text caption__text--none">{ t.nothing_yet }</p> },
        Some((row, sentence)) => {
            let id = server_of(row);
            let server = props.view.servers.iter().find(|server| Some(server.id) == id);
            let epoch = server.map_or(0, |server| server.current_epoch);
            html! {
                <p class="caption__text">
                    <span class={classes!("dot", epoch_class(epoch))}></span>
                    <strong>{ sentence.what.clone() }</strong>
                    if !sentence.why.is_empty() {
                        <span class="caption__why">{ t.colon }{ sentence.why.clone() }</span>
                    }
                </p>
            }
        }
    };
    html! {
        <div class="caption" data-caption="">
            { sentence }
            <div class="caption__toggles">
                <button class="toggle" data-action="skip-idle" aria-pressed={props.skips_idle.to_string()}
                    onclick={ui.on(UiAction::ToggleSkipIdle)}>{ t.skip_idle }</button>
                <button class="toggle" data-action="pings" aria-pressed={props.shows_pings.to_string()}
                    onclick={ui.on(UiAction::TogglePings)}>{ t.show_pings }</button>
            </div>
        </div>
    }
}

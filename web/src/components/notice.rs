//! A message above the stage. It covers, it never moves anything.

use crate::components::ui::use_ui;
use crate::state::{Notice, UiAction};
use yew::{Callback, Html, Properties, component, html};

/// Props of [`NoticeBar`].
#[derive(PartialEq, Properties)]
pub struct NoticeBarProps {
    /// The message, if there is one.
    pub notice: Option<Notice>,
    /// Where actions go.
    pub on_action: Callback<UiAction>,
}

/// The message.
#[component]
pub fn NoticeBar(props: &NoticeBarProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let bar = props.notice.as_ref().map(|notice| {
        html! {
            <div class="notice__bar">
                <span data-notice="">{ notice.kind.text(t) }</span>
                if notice.can_undo {
                    <button class="button" data-action="undo"
                        onclick={props.on_action.reform(|_| UiAction::Undo)}>{ t.undo }</button>
                }
                <button class="button button--icon" data-action="dismiss" aria-label={t.close}
                    onclick={props.on_action.reform(|_| UiAction::Dismiss)}>{ "×" }</button>
            </div>
        }
    });
    html! { <div class="notice" role="status">{ for bar }</div> }
}

//! The head of a panel. On a wide page it is a heading that leads into its panel; on a phone the
//! four heads are a row of tabs.

use crate::components::ui::Ui;
use crate::i18n::Strings;
use crate::platform::pointer::focus_on;
use crate::ui_action::{Panel, UiAction};
use yew::{Callback, Html, MouseEvent, classes, html};

/// The head of `panel`, when a phone shows `shown`.
pub fn panel_head(ui: &Ui, panel: Panel, shown: Panel) -> Html {
    let (name, text, field) = describe(panel, ui.t());
    let is_shown = panel == shown;
    let dispatch = ui.dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.emit(UiAction::Show(panel));
        focus_on(field);
    });
    html! {
        <h2 class={classes!("head", format!("head--{name}"), is_shown.then_some("head--shown"))}>
            <button type="button" class="head__button" data-tab={name} aria-controls={name}
                aria-current={is_shown.to_string()} {onclick}>{ text }</button>
        </h2>
    }
}

/// Its name in attributes, its heading, and what gets the focus.
fn describe(panel: Panel, t: &Strings) -> (&'static str, &'static str, &'static str) {
    match panel {
        Panel::Servers => ("servers", t.servers, "#servers"),
        Panel::Feed => ("feed", t.feed, "#feed"),
        Panel::Console => ("console", t.console, "#console-input"),
        Panel::Znodes => ("znodes", t.znodes, "#znodes"),
    }
}

//! The head of a panel. On a wide page it is a heading that leads into its panel; on a phone the
//! four heads are a row of tabs.

use crate::components::ui::use_ui;
use crate::i18n::Strings;
use crate::platform::pointer::focus_on;
use crate::state::{Panel, UiAction};
use yew::{Callback, Html, MouseEvent, Properties, classes, component, html};

/// Props of [`PanelHead`].
#[derive(PartialEq, Properties)]
pub struct PanelHeadProps {
    /// Which panel.
    pub panel: Panel,
    /// The one that a phone shows.
    pub shown: Panel,
}

/// The head of a panel.
#[component]
pub fn PanelHead(props: &PanelHeadProps) -> Html {
    let ui = use_ui();
    let (name, text, field) = describe(props.panel, ui.t());
    let is_shown = props.panel == props.shown;
    let dispatch = ui.dispatch.clone();
    let panel = props.panel;
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.emit(UiAction::Show(panel));
        focus_on(field);
    });
    html! {
        <h2 class={classes!("head", format!("head--{name}"), is_shown.then_some("head--shown"))}>
            <button class="head__button" data-tab={name} aria-controls={name} {onclick}
                aria-current={is_shown.to_string()}>{ text }</button>
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

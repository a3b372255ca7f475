//! The top of the page: whose it is, the strip, and what concerns the page itself.

use crate::components::icons::{Icon, logo};
use crate::components::strip::Strip;
use crate::components::ui::use_ui;
use crate::i18n::Language;
use crate::platform::document::prefers_dark;
use crate::state::UiAction;
use std::rc::Rc;
use yew::{Callback, Html, MouseEvent, Properties, component, html};
use zklab_core::lab::view::View;

/// Props of [`TopBar`].
#[derive(PartialEq, Properties)]
pub struct TopBarProps {
    /// The moment.
    pub view: Rc<View>,
    /// Whether the list of invariants is open.
    pub shows_invariants: bool,
}

/// The top of the page.
#[component]
pub fn TopBar(props: &TopBarProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let dispatch = ui.dispatch.clone();
    let on_theme = Callback::from(move |_: MouseEvent| {
        dispatch.emit(UiAction::ToggleTheme { is_system_dark: prefers_dark() });
    });
    let other: Language = ui.language.other();
    html! {
        <header class="top">
            <h1 class="logo">{ logo() }{ "ZK Lab" }</h1>
            <Strip view={props.view.clone()} shows_invariants={props.shows_invariants} />
            <div class="top__tools">
                <button type="button" class="button" data-action="language" lang={other.tag()}
                    title={t.switch_language} onclick={ui.on(UiAction::ToggleLanguage)}>
                    { t.other_language }
                </button>
                <button type="button" class="button button--icon" data-action="theme"
                    aria-label={t.switch_theme} title={t.switch_theme} onclick={on_theme}>
                    { Icon::Theme.draw() }
                </button>
                <button type="button" class="button button--icon" data-action="help"
                    aria-label={t.help} title={format!("{} (?)", t.help)}
                    onclick={ui.on(UiAction::ToggleHelp)}>{ "?" }</button>
            </div>
        </header>
    }
}

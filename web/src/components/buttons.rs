//! A button with a name, and perhaps a key that does the same.

use crate::components::icons::Icon;
use crate::components::ui::use_ui;
use crate::state::UiAction;
use yew::{AttrValue, Classes, Html, Properties, classes, component, html};
use zklab_core::types::ServerId;

/// Props of [`ActionButton`].
#[derive(PartialEq, Properties)]
pub struct ActionButtonProps {
    /// The value of `data-action`.
    pub name: &'static str,
    /// What it does.
    pub action: UiAction,
    /// Its words. Without [`Self::icon_only`] they are seen, else only read out and shown on hover.
    pub label: AttrValue,
    /// Its drawing.
    #[prop_or_default]
    pub icon: Option<Icon>,
    /// Whether the drawing alone is seen.
    #[prop_or_default]
    pub icon_only: bool,
    /// The key that does the same.
    #[prop_or_default]
    pub shortcut: Option<&'static str>,
    /// The server it is for: the value of `data-target`.
    #[prop_or_default]
    pub target: Option<ServerId>,
    /// Whether it cannot be pressed now.
    #[prop_or_default]
    pub disabled: bool,
    /// For a switch: whether it is on.
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// More words on hover.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
}

/// A button.
#[component]
pub fn ActionButton(props: &ActionButtonProps) -> Html {
    let ui = use_ui();
    let label = match props.target {
        Some(id) => AttrValue::from(format!("{} {id}", props.label)),
        None => props.label.clone(),
    };
    let title = props.hint.clone().unwrap_or_else(|| label.clone());
    let title = match props.shortcut {
        Some(key) => AttrValue::from(format!("{title} ({key})")),
        None => title,
    };
    let named = props.icon_only || props.target.is_some();
    html! {
        <button type="button"
            class={classes!("button", props.icon_only.then_some("button--icon"), props.class.clone())}
            data-action={props.name} data-target={props.target.map(|id| id.0.to_string())}
            aria-label={named.then_some(label)} {title} disabled={props.disabled}
            aria-pressed={props.pressed.map(|is| is.to_string())}
            aria-keyshortcuts={props.shortcut}
            onclick={ui.on(props.action.clone())}>
            { for props.icon.map(Icon::draw) }
            if !props.icon_only { <span>{ props.label.clone() }</span> }
            if let Some(key) = props.shortcut.filter(|_| !props.icon_only) {
                <kbd aria-hidden="true">{ key }</kbd>
            }
        </button>
    }
}

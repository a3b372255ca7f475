//! A button with a name, and perhaps a key that does the same.

use crate::components::icons::Icon;
use crate::components::ui::Ui;
use crate::ui_action::UiAction;
use yew::{AttrValue, Html, classes, html};
use zklab_core::types::ServerId;

/// A button. A value with a drawing, not a component: there are many, and none has a state.
#[derive(Clone, Debug)]
pub struct Button {
    name: &'static str,
    action: UiAction,
    label: AttrValue,
    icon: Option<Icon>,
    is_icon_only: bool,
    shortcut: Option<&'static str>,
    target: Option<ServerId>,
    is_disabled: bool,
    is_pressed: Option<bool>,
    hint: Option<AttrValue>,
    class: &'static str,
}

impl Button {
    /// A button whose `data-action` is `name`.
    pub fn new(name: &'static str, action: UiAction, label: impl Into<AttrValue>) -> Button {
        Button {
            name,
            action,
            label: label.into(),
            icon: None,
            is_icon_only: false,
            shortcut: None,
            target: None,
            is_disabled: false,
            is_pressed: None,
            hint: None,
            class: "",
        }
    }

    /// With a drawing beside its words.
    pub fn icon(self, icon: Icon) -> Button {
        Button { icon: Some(icon), ..self }
    }

    /// With a drawing alone; the words are read out, and shown on hover.
    pub fn icon_only(self, icon: Icon) -> Button {
        Button { icon: Some(icon), is_icon_only: true, ..self }
    }

    /// With the key that does the same.
    pub fn key(self, shortcut: &'static str) -> Button {
        Button { shortcut: Some(shortcut), ..self }
    }

    /// For one server: its `data-target`.
    pub fn target(self, id: ServerId) -> Button {
        Button { target: Some(id), ..self }
    }

    /// Whether it can be pressed now.
    pub fn enabled(self, is_enabled: bool) -> Button {
        Button { is_disabled: !is_enabled, ..self }
    }

    /// A switch, and whether it is on.
    pub fn pressed(self, is_pressed: bool) -> Button {
        Button { is_pressed: Some(is_pressed), ..self }
    }

    /// With other words on hover.
    pub fn hint(self, hint: impl Into<AttrValue>) -> Button {
        Button { hint: Some(hint.into()), ..self }
    }

    /// With more classes.
    pub fn class(self, class: &'static str) -> Button {
        Button { class, ..self }
    }

    /// The button.
    pub fn draw(self, ui: &Ui) -> Html {
        let label = match self.target {
            Some(id) => AttrValue::from(format!("{} {id}", self.label)),
            None => self.label.clone(),
        };
        let title = self.hint.unwrap_or_else(|| label.clone());
        let title = match self.shortcut {
            Some(key) => AttrValue::from(format!("{title} ({key})")),
            None => title,
        };
        let icon_class = self.is_icon_only.then_some("button--icon");
        html! {
            <button type="button" class={classes!("button", icon_class, self.class)}
                data-action={self.name} data-target={self.target.map(|id| id.0.to_string())}
                aria-label={self.is_icon_only.then_some(label)} {title} disabled={self.is_disabled}
                aria-pressed={self.is_pressed.map(|is| is.to_string())}
                aria-keyshortcuts={self.shortcut} onclick={ui.on(self.action)}>
                { for self.icon.map(Icon::draw) }
                if !self.is_icon_only {
                    <span>{ self.label }</span>
                    { for self.shortcut.map(|key| html! { <kbd aria-hidden="true">{ key }</kbd> }) }
                }
            </button>
        }
    }
}

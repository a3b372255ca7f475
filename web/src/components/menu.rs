//! A menu of actions, as ARIA wants it: arrow keys, Home and End, Escape, letters; the focus comes
//! back to where it was. On a phone it is a sheet at the bottom.

use crate::platform::pointer::{MenuKey, focus_in, menu_key, place_within, type_ahead};
use crate::ui_action::UiAction;
use std::rc::Rc;
use yew::{
    AttrValue, Callback, FocusEvent, Html, KeyboardEvent, MouseEvent, Properties, classes,
    component, html, use_effect_with, use_node_ref,
};
use zklab_core::types::ServerId;

/// One action of a menu.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// Its `data-action`.
    pub name: &'static str,
    /// Its `data-target`.
    pub target: Option<ServerId>,
    /// Its words.
    pub label: AttrValue,
    /// What it does.
    pub action: UiAction,
    /// Of a switch: whether it is on.
    pub is_checked: Option<bool>,
    /// Whether it can be done now.
    pub is_enabled: bool,
    /// What it means, if the words don't say it all.
    pub hint: Option<&'static str>,
}

impl Item {
    /// An action that can be done.
    pub fn new(name: &'static str, action: UiAction, label: impl Into<AttrValue>) -> Item {
        let (target, is_checked, hint) = (None, None, None);
        Item { name, target, label: label.into(), action, is_checked, is_enabled: true, hint }
    }

    /// Whether it can be done now.
    pub fn enabled(self, is_enabled: bool) -> Item {
        Item { is_enabled, ..self }
    }

    /// A switch, and whether it is on.
    pub fn checked(self, is_checked: bool) -> Item {
        Item { is_checked: Some(is_checked), ..self }
    }

    /// What it means.
    pub fn hint(self, hint: &'static str) -> Item {
        Item { hint: Some(hint), ..self }
    }

    /// For one server.
    pub fn target(self, id: ServerId) -> Item {
        Item { target: Some(id), ..self }
    }
}

/// Props of [`Menu`].
#[derive(PartialEq, Properties)]
pub struct MenuProps {
    /// Whose actions these are.
    pub title: AttrValue,
    /// Its accessible name.
    pub name: AttrValue,
    /// The actions.
    pub items: Rc<[Item]>,
    /// Where it opens, in CSS pixels of the window.
    pub at: (f64, f64),
    /// Called with the chosen action.
    pub on_choose: Callback<UiAction>,
    /// Called when it is to be closed, with whether the focus goes back.
    pub on_close: Callback<bool>,
}

/// A menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), props.at, props.name.clone()), |(node, at, _)| {
        place_within(node, *at);
        focus_in(node, MenuKey::First);
    });
    let onkeydown = {
        let (node, on_close) = (node.clone(), props.on_close.clone());
        Callback::from(move |event: KeyboardEvent| {
            match menu_key(&event) {
                Some(MenuKey::Close) => on_close.emit(true),
                Some(key) => focus_in(&node, key),
                None if type_ahead(&event, &node) => {}
                None => return,
            }
            event.prevent_default();
        })
    };
    let onfocusout = {
        let (node, on_close) = (node.clone(), props.on_close.clone());
        Callback::from(move |event: FocusEvent| {
            if !crate::platform::pointer::stays_in(&event, &node) {
                on_close.emit(false);
            }
        })
    };
    html! {
        <div class="menu" ref={node} role="menu" aria-label={props.name.clone()} tabindex="-1"
            {onkeydown} {onfocusout}>
            <p class="menu__title" role="presentation">{ props.title.clone() }</p>
            { for props.items.iter().map(|item| draw(item, props)) }
        </div>
    }
}

fn draw(item: &Item, props: &MenuProps) -> Html {
    let (role, checked) = match item.is_checked {
        None => ("menuitem", None),
        Some(is) => ("menuitemcheckbox", Some(is.to_string())),
    };
    let (choose, close, action) =
        (props.on_choose.clone(), props.on_close.clone(), item.action.clone());
    let is_enabled = item.is_enabled;
    let onclick = Callback::from(move |_: MouseEvent| {
        if is_enabled {
            close.emit(true);
            choose.emit(action.clone());
        }
    });
    let off = (!is_enabled).then_some("menu__item--off");
    html! {
        <button type="button" class={classes!("menu__item", off)} {role} tabindex="-1"
            data-action={item.name} data-target={item.target.map(|id| id.0.to_string())}
            aria-checked={checked} aria-disabled={(!is_enabled).then_some("true")}
            title={item.hint} {onclick}>
            <span class="menu__check" aria-hidden="true">
                { if item.is_checked == Some(true) { "✓" } else { "" } }
            </span>
            <span>{ item.label.clone() }</span>
        </button>
    }
}

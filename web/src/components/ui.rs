//! What every component may need and what rarely changes: the language, and where actions go.

use crate::components::term::named;
use crate::i18n::{Language, Strings};
use crate::ui_action::UiAction;
use std::rc::Rc;
use yew::{Callback, Html, hook, html, use_context};
use zklab_core::lab::glossary::Glossary;

/// The context of all components.
#[derive(Clone, PartialEq)]
pub struct Ui {
    /// The language in use.
    pub language: Language,
    /// Where actions go.
    pub dispatch: Callback<UiAction>,
    /// What the words mean; empty until it has come.
    pub glossary: Rc<Glossary>,
}

impl Ui {
    /// The words.
    pub fn t(&self) -> &'static Strings {
        self.language.strings()
    }

    /// A callback that always does the same.
    pub fn on<E: 'static>(&self, action: UiAction) -> Callback<E> {
        self.dispatch.reform(move |_| action.clone())
    }
}

/// The context.
#[hook]
pub fn use_ui() -> Ui {
    use_context::<Ui>().expect("App provides Ui")
}

/// The class that gives an element the colour of an epoch: six colours in turn, none for 0.
pub fn epoch_class(epoch: u32) -> &'static str {
    const CLASSES: [&str; 6] =
        ["epoch--1", "epoch--2", "epoch--3", "epoch--4", "epoch--5", "epoch--6"];
    match epoch.checked_sub(1) {
        None => "epoch--0",
        Some(turn) => CLASSES[turn as usize % CLASSES.len()],
    }
}

/// The mark of a value that the last step changed.
pub fn changed_mark(ui: &Ui) -> Html {
    let said = ui.t().on_znodes.changed;
    html! { <abbr class="changed" data-changed="" title={said} aria-label={said}>{ "Δ" }</abbr> }
}

/// Names and values, as a list of this class.
pub fn facts(ui: &Ui, class: &'static str, rows: &[(&'static str, String)]) -> Html {
    let rows = rows.iter().map(|(name, value)| {
        html! { <div><dt>{ named(ui, name) }</dt><dd>{ value.clone() }</dd></div> }
    });
    html! { <dl {class}>{ for rows }</dl> }
}

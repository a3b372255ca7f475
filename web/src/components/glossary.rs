//! The whole glossary, to be searched. Covers the page until it is closed.

use crate::components::term::{entry, lesson_of};
use crate::components::ui::{Ui, use_ui};
use crate::course::Entry;
use crate::platform::pointer;
use crate::ui_action::UiAction;
use crate::ui_action::glossary::GlossaryAction;
use std::rc::Rc;
use yew::{
    Html, InputEvent, MouseEvent, Properties, component, html, use_effect_with, use_node_ref,
    use_state,
};
use zklab_core::lab::glossary::Term;

/// Props of [`GlossaryView`].
#[derive(PartialEq, Properties)]
pub struct GlossaryViewProps {
    /// What lessons there are.
    pub index: Rc<Vec<Entry>>,
    /// Whether the file did not come.
    pub has_failed: bool,
}

/// All terms.
#[component]
pub fn GlossaryView(props: &GlossaryViewProps) -> Html {
    let ui = use_ui();
    let t = ui.t();
    let words = t.on_glossary;
    let field = use_node_ref();
    use_effect_with(field.clone(), pointer::focus);
    let query = use_state(String::new);
    let oninput = {
        let query = query.clone();
        move |event: InputEvent| {
            if let Some(text) = pointer::value_of(&event) {
                query.set(text.trim().to_lowercase());
            }
        }
    };
    let found: Vec<&Term> = sorted(&ui).into_iter().filter(|term| has(term, &query)).collect();
    let note = match (ui.glossary.terms.is_empty(), props.has_failed) {
        (true, true) => words.failed.to_owned(),
        (true, false) => words.loading.to_owned(),
        (false, _) => (words.found)(found.len()),
    };
    let rows = found.into_iter().map(|term| {
        html! {
            <li key={term.key.clone()} data-entry={term.key.clone()}>
                { entry(&ui, term) }
                // Whoever goes to a lesson has read enough.
                <div onclick={ui.on(UiAction::Glossary(GlossaryAction::Toggle))}>
                    { for lesson_of(&ui, term, &props.index) }
                </div>
            </li>
        }
    });
    let on_close = ui.on::<MouseEvent>(UiAction::Glossary(GlossaryAction::Toggle));
    html! {
        <div class="help" role="dialog" aria-modal="true" aria-label={words.title} data-glossary=""
            onclick={on_close.clone()}>
            <div class="help__sheet" onclick={|event: MouseEvent| event.stop_propagation()}>
                <button type="button" class="button button--icon help__close" data-action="close-glossary"
                    aria-label={t.close} onclick={on_close}>{ "×" }</button>
                <h2>{ words.title }</h2>
                <p>{ words.intro }</p>
                <input ref={field} class="glossary__search" type="search" data-action="search-terms"
                    aria-label={words.search} placeholder={words.search} {oninput} />
                <p class="dim" role="status">{ note }</p>
                <ul class="glossary">{ for rows }</ul>
            </div>
        </div>
    }
}

/// By their titles, whatever their case.
fn sorted(ui: &Ui) -> Vec<&Term> {
    let mut all: Vec<&Term> = ui.glossary.terms.iter().collect();
    all.sort_by_key(|term| term.title(false).to_lowercase());
    all
}

/// Whether a term is what is looked for: by a word, or by what is said of it.
fn has(term: &Term, query: &str) -> bool {
    let is_in = |text: &String| text.to_lowercase().contains(query);
    term.words.iter().chain(&term.chinese).any(is_in)
        || is_in(&term.text.en)
        || is_in(&term.text.zh)
}

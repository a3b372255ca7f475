//! Terms of the glossary in the page: buttons that say what a word means. The browser opens and closes
//! the card (a native popover), puts it beside its button and gives the focus back.

use crate::components::ui::Ui;
use crate::course::{Entry, said};
use crate::i18n::Language;
use crate::state::glossary::GlossaryState;
use crate::ui_action::UiAction;
use crate::ui_action::glossary::GlossaryAction;
use crate::ui_action::lesson::LessonAction;
use yew::{Html, html};
use zklab_core::lab::glossary::{Piece, Term};
use zklab_core::lab::lesson::{Span, spans};

/// The element of the card.
const CARD: &str = "term";

/// A word that is this term.
pub fn ask(ui: &Ui, key: &'static str, word: &str) -> Html {
    button(ui, key, word, ui.glossary.term(key))
}

/// A name that is shown by itself, if the glossary has it.
pub fn named(ui: &Ui, name: &str) -> Html {
    match ui.glossary.named(name) {
        Some(place) => nth(ui, name, place),
        None => html! { { name.to_owned() } },
    }
}

/// A running text with its terms: of each the first that is not among `seen`.
pub fn marked(ui: &Ui, text: &str, seen: &mut Vec<usize>) -> Html {
    let pieces = ui.glossary.mark(text, seen);
    let is_term = |piece: Option<&Piece>| matches!(piece, Some(Piece::Term(..)));
    let drawn = pieces.iter().enumerate().map(|(n, piece)| match piece {
        Piece::Plain(text) => {
            let after_term = n.checked_sub(1).is_some_and(|before| is_term(pieces.get(before)));
            html! { { joined(text, after_term, is_term(pieces.get(n + 1))) } }
        }
        Piece::Term(word, place) => nth(ui, word, *place),
    });
    html! { <>{ for drawn }</> }
}

/// The same of a text by itself.
pub fn terms_of(ui: &Ui, text: &str) -> Html {
    marked(ui, text, &mut Vec::new())
}

/// A text beside buttons: no line begins with the comma after one, or ends with the bracket before.
pub fn joined(text: &str, after_term: bool, before_term: bool) -> String {
    const JOINER: char = '\u{2060}';
    let is_mark = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace());
    let mut joined = String::with_capacity(text.len() + 6);
    if after_term && is_mark(text.chars().next()) {
        joined.push(JOINER);
    }
    joined.push_str(text);
    if before_term && is_mark(text.chars().next_back()) {
        joined.push(JOINER);
    }
    joined
}

fn nth(ui: &Ui, word: &str, place: usize) -> Html {
    let term = ui.glossary.terms.get(place);
    term.map_or_else(Html::default, |term| button(ui, &term.key, word, Some(term)))
}

fn button(ui: &Ui, key: &str, word: &str, term: Option<&Term>) -> Html {
    let ask = UiAction::Glossary(GlossaryAction::Ask(key.into()));
    let title = term.map(|term| plain(said(&term.text, ui.language)));
    html! {
        <button type="button" class="term" data-term={key.to_owned()} popovertarget={CARD} {title}
            onclick={ui.on(ask)}>{ word.to_owned() }</button>
    }
}

fn plain(text: &str) -> String {
    text.replace('`', "")
}

/// The card: what the word that was asked last means.
pub fn term_card(ui: &Ui, glossary: &GlossaryState, index: &[Entry]) -> Html {
    let words = ui.t().on_glossary;
    let term = glossary.asked.as_ref().and_then(|key| glossary.terms.term(key));
    let content = match term {
        Some(term) => html! {
            <>
                { entry(ui, term) }
                <div class="term-card__foot">
                    { for lesson_of(ui, term, index) }
                    <button type="button" class="button" data-action="all-terms" popovertarget={CARD}
                        popovertargetaction="hide"
                        onclick={ui.on(UiAction::Glossary(GlossaryAction::Toggle))}>{ words.all }</button>
                </div>
            </>
        },
        None if glossary.has_failed => html! { <p>{ words.failed }</p> },
        None => html! { <p>{ words.loading }</p> },
    };
    let key = glossary.asked.as_ref().map(ToString::to_string);
    html! {
        <div id={CARD} class="term-card" popover="auto" role="group" aria-label={words.title}
            data-term-card={key}>
            <div aria-live="polite">{ content }</div>
        </div>
    }
}

/// What a term is.
pub fn entry(ui: &Ui, term: &Term) -> Html {
    let text = spans(said(&term.text, ui.language)).into_iter().map(|span| match span {
        Span::Plain(text) => html! { { text.to_owned() } },
        Span::Code(text) => html! { <code>{ text.to_owned() }</code> },
        Span::Bold(text) => html! { <strong>{ text.to_owned() }</strong> },
    });
    html! {
        <>
            <p class="term-card__title">{ term.title(ui.language == Language::Chinese) }</p>
            <p>{ for text }</p>
        </>
    }
}

/// The button to its lesson, once the lessons are known.
pub fn lesson_of(ui: &Ui, term: &Term, index: &[Entry]) -> Option<Html> {
    let is_it = |entry: &&Entry| !entry.is_challenge() && *entry.id == *term.lesson;
    let found = index.iter().find(is_it)?;
    let label = (ui.t().on_glossary.lesson)(found.number, said(&found.title, ui.language));
    let open = LessonAction::Open(found.file.clone(), "".into());
    Some(html! {
        <button type="button" class="button" data-action="term-lesson" popovertarget={CARD}
            popovertargetaction="hide" onclick={ui.on(UiAction::Lesson(open))}>{ label }</button>
    })
}

//! Texts of lessons.

use crate::components::ui::Ui;
use crate::course::said;
use yew::{Html, html};
use zklab_core::lab::lesson::{Span, Words, spans};

/// A text in the reader's language, a paragraph each.
pub fn paragraphs(ui: &Ui, words: &Words) -> Html {
    let text = said(words, ui.language);
    html! { <>{ for text.split("\n\n").map(|paragraph| html! { <p>{ for marked(paragraph) }</p> }) }</> }
}

/// A text of one line.
pub fn line(ui: &Ui, words: &Words) -> Html {
    html! { <>{ for marked(said(words, ui.language)) }</> }
}

fn marked(text: &str) -> Vec<Html> {
    let draw = spans(text).into_iter().map(|span| match span {
        Span::Plain(text) => html! { { text.to_owned() } },
        Span::Code(text) => html! { <code>{ text.to_owned() }</code> },
        // Within bold there may be code.
        Span::Bold(text) => html! { <strong>{ for marked(text) }</strong> },
    });
    draw.collect()
}

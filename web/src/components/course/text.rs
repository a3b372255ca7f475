//! Texts of lessons.

use crate::components::term;
use crate::components::ui::Ui;
use crate::course::said;
use yew::{Html, html};
use zklab_core::lab::lesson::{Span, Words, spans};

/// A text in the reader's language, a paragraph each, with its terms.
pub fn paragraphs(ui: &Ui, words: &Words) -> Html {
    let text = said(words, ui.language);
    let mut seen = Vec::new();
    let paragraphs: Vec<Html> = text
        .split("\n\n")
        .map(|paragraph| html! { <p>{ for marked(ui, paragraph, &mut Some(&mut seen)) }</p> })
        .collect();
    html! { <>{ for paragraphs }</> }
}

/// The same without its terms: on paper.
pub fn plain(ui: &Ui, words: &Words) -> Html {
    marked_paragraphs(ui, std::iter::once(said(words, ui.language)))
}

/// Paragraphs with marks in them.
pub fn marked_paragraphs<'a>(ui: &Ui, texts: impl Iterator<Item = &'a str>) -> Html {
    let all = texts.flat_map(|text| text.split("\n\n"));
    let all = all.map(|paragraph| html! { <p>{ for marked(ui, paragraph, &mut None) }</p> });
    html! { <>{ for all }</> }
}

/// A text of one line, within a button perhaps: without terms.
pub fn line(ui: &Ui, words: &Words) -> Html {
    html! { <>{ for marked(ui, said(words, ui.language), &mut None) }</> }
}

/// The stretches of a paragraph; with `seen`, its terms can be asked.
fn marked(ui: &Ui, text: &str, seen: &mut Option<&mut Vec<usize>>) -> Vec<Html> {
    let mut drawn = Vec::new();
    for span in spans(text) {
        drawn.push(match (span, &mut *seen) {
            (Span::Plain(text), Some(seen)) => term::marked(ui, text, seen),
            (Span::Code(text), Some(seen)) => {
                let is_new = ui.glossary.named(text).filter(|place| !seen.contains(place));
                seen.extend(is_new);
                let name = is_new.map(|_| term::named(ui, text));
                html! { <code>{ name.unwrap_or_else(|| html! { { text.to_owned() } }) }</code> }
            }
            (Span::Plain(text), None) => html! { { text.to_owned() } },
            (Span::Code(text), None) => html! { <code>{ text.to_owned() }</code> },
            // Within bold there may be code.
            (Span::Bold(text), _) => {
                html! { <strong>{ for marked(ui, text, seen) }</strong> }
            }
        });
    }
    drawn
}

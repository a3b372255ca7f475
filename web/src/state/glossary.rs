//! The glossary: what was asked, and whether all of it is seen.

use super::{Chores, State};
use crate::ui_action::glossary::GlossaryAction;
use std::rc::Rc;
use zklab_core::lab::glossary::{Glossary, parse};

/// What the page knows of the glossary.
#[derive(Clone, Debug, Default)]
pub struct GlossaryState {
    /// Its terms; empty until they have come.
    pub terms: Rc<Glossary>,
    /// The word that was asked last.
    pub asked: Option<Rc<str>>,
    /// Whether all terms are seen.
    pub shows_all: bool,
    /// Whether its file is to be fetched.
    pub is_wanted: bool,
    /// Whether its file did not come.
    pub has_failed: bool,
}

impl State {
    pub(super) fn on_glossary(&mut self, action: GlossaryAction) -> Chores {
        let glossary = &mut self.glossary;
        match action {
            GlossaryAction::Fetched(text) => {
                let terms = text.and_then(|text| parse(&text).ok());
                glossary.has_failed = terms.is_none();
                glossary.terms = terms.map(Rc::new).unwrap_or_default();
            }
            GlossaryAction::Ask(word) => {
                glossary.asked = Some(word);
                self.want_glossary();
            }
            GlossaryAction::Toggle => {
                glossary.shows_all = !glossary.shows_all;
                self.want_glossary();
            }
        }
        Chores::NONE
    }

    /// Asks for the file, unless it is there.
    pub fn want_glossary(&mut self) {
        self.glossary.is_wanted = self.glossary.terms.terms.is_empty();
    }
}

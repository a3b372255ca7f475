//! The line that is being typed: what each key makes of it.
//!
//! Tab completes only if something is to be completed; otherwise, and after Escape, it moves on to
//! the next control, as it does everywhere.

use super::complete::{Completion, common};
use super::history::History;
use std::rc::Rc;

/// The most lines that a search offers.
const MOST_FOUND: usize = 8;

/// Words, or lines of the history, that are offered above the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// What it is.
    pub kind: OfferKind,
    /// What is offered.
    pub words: Rc<[Rc<str>]>,
    /// Which of them is in the line, or would be taken.
    pub chosen: Option<usize>,
}

/// What is offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OfferKind {
    /// Words that may stand from this byte of the line on.
    Completion(usize),
    /// Lines typed before that contain what the line says.
    Search,
}

/// The line and what belongs to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// What is in the field.
    pub text: Rc<str>,
    /// How many lines back in the history; 0 is what is being typed.
    pub back: usize,
    /// What was being typed before the history was looked at.
    draft: Rc<str>,
    /// What is offered, if anything.
    pub offer: Option<Offer>,
    /// Escape was pressed: Tab leaves.
    is_released: bool,
}

impl Default for Line {
    fn default() -> Line {
        let empty: Rc<str> = Rc::from("");
        Line { text: empty.clone(), back: 0, draft: empty, offer: None, is_released: false }
    }
}

/// A key as the line sees it.
#[derive(Clone, Copy, Debug)]
pub struct Pressed<'a> {
    /// `KeyboardEvent.key`.
    pub name: &'a str,
    /// Whether Ctrl is held.
    pub is_ctrl: bool,
    /// Whether Shift is held.
    pub is_shift: bool,
}

/// What a key leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The browser does what it always does.
    NotOurs,
    /// The line is another one.
    Edit(Line),
    /// The line is to be obeyed.
    Submit(Rc<str>),
}

impl Line {
    fn with(text: impl Into<Rc<str>>) -> Line {
        Line { text: text.into(), ..Line::default() }
    }

    /// The field says something else now.
    pub fn typed(&self, text: &str, history: &History) -> Line {
        let line = Line::with(text);
        match &self.offer {
            Some(Offer { kind: OfferKind::Search, .. }) => line.search(history),
            Some(_) | None => line,
        }
    }

    /// Nothing is offered any more, and Tab completes again.
    pub fn closed(self) -> Line {
        Line { offer: None, is_released: false, ..self }
    }

    /// An offered word was chosen with the pointer.
    pub fn taken(&self, place: usize) -> Line {
        let Some(offer) = &self.offer else { return self.clone() };
        let Some(word) = offer.words.get(place) else { return self.clone() };
        match offer.kind {
            OfferKind::Completion(start) => Line::with(format!("{}{word}", &self.text[..start])),
            OfferKind::Search => Line::with(word.clone()),
        }
    }

    /// What a key does.
    pub fn press(
        &self,
        key: Pressed<'_>,
        history: &History,
        complete: impl Fn(&str) -> Completion,
    ) -> Outcome {
        match (key.name, &self.offer) {
            ("Tab", _) if key.is_shift || key.is_ctrl => Outcome::NotOurs,
            ("Tab", Some(Offer { kind: OfferKind::Completion(_), .. })) => self.choose(1),
            ("Tab", Some(Offer { kind: OfferKind::Search, .. })) => Outcome::Edit(self.found()),
            ("Tab", None) => self.begin_completion(complete),
            ("r" | "R", _) if key.is_ctrl => match &self.offer {
                Some(Offer { kind: OfferKind::Search, .. }) => self.choose(1),
                Some(_) | None => Outcome::Edit(self.clone().search(history)),
            },
            ("Enter", Some(Offer { kind: OfferKind::Search, .. })) => Outcome::Edit(self.found()),
            ("Enter", _) => match self.text.trim() {
                "" => Outcome::NotOurs,
                text => Outcome::Submit(text.into()),
            },
            ("Escape", Some(_)) => {
                Outcome::Edit(Line { offer: None, is_released: true, ..self.clone() })
            }
            ("Escape", None) if !self.is_released && !self.text.is_empty() => {
                Outcome::Edit(Line { is_released: true, ..self.clone() })
            }
            ("ArrowDown", Some(_)) => self.choose(1),
            ("ArrowUp", Some(_)) => self.choose(-1),
            ("ArrowUp", None) => Outcome::Edit(self.older(history)),
            ("ArrowDown", None) => Outcome::Edit(self.newer(history)),
            _other => Outcome::NotOurs,
        }
    }

    fn begin_completion(&self, complete: impl Fn(&str) -> Completion) -> Outcome {
        if self.is_released || self.text.trim().is_empty() {
            return Outcome::NotOurs;
        }
        let Completion { start, words } = complete(&self.text);
        let before = &self.text[..start];
        match words.as_slice() {
            [] => Outcome::NotOurs,
            [word] => {
                // A command is followed by something; a path may go on.
                let end = if start == 0 { " " } else { "" };
                Outcome::Edit(Line::with(format!("{before}{word}{end}")))
            }
            several => {
                // Below a znode that is whole already, all begin with it.
                let shared = common(several);
                let text = if shared.len() + start < self.text.len() {
                    self.text.clone()
                } else {
                    format!("{before}{shared}").into()
                };
                let words = several.iter().map(|word| Rc::from(word.as_str())).collect();
                let offer = Offer { kind: OfferKind::Completion(start), words, chosen: None };
                Outcome::Edit(Line { offer: Some(offer), ..Line::with(text) })
            }
        }
    }

    /// Goes on in what is offered.
    fn choose(&self, by: isize) -> Outcome {
        let Some(offer) = &self.offer else { return Outcome::NotOurs };
        let count = offer.words.len();
        if count == 0 {
            return Outcome::Edit(self.clone());
        }
        let next = match (offer.chosen, by < 0) {
            (None, false) => 0,
            (None, true) => count - 1,
            (Some(at), false) => (at + 1) % count,
            (Some(at), true) => (at + count - 1) % count,
        };
        let text = match offer.kind {
            OfferKind::Completion(start) => {
                format!("{}{}", &self.text[..start], offer.words[next]).into()
            }
            OfferKind::Search => self.text.clone(),
        };
        let offer = Offer { chosen: Some(next), ..offer.clone() };
        Outcome::Edit(Line { text, offer: Some(offer), ..self.clone() })
    }

    /// Looks for what the line says in the history, the latest first.
    fn search(self, history: &History) -> Line {
        let mut words: Vec<Rc<str>> = Vec::new();
        for line in history.iter().rev() {
            if line.contains(&*self.text) && !words.contains(line) && words.len() < MOST_FOUND {
                words.push(line.clone());
            }
        }
        let chosen = (!words.is_empty()).then_some(0);
        let offer = Offer { kind: OfferKind::Search, words: words.into(), chosen };
        Line { offer: Some(offer), ..self }
    }

    /// The line that the search has found.
    fn found(&self) -> Line {
        let chosen = self.offer.as_ref().and_then(|offer| offer.chosen);
        match chosen {
            Some(place) => self.taken(place),
            None => Line { offer: None, ..self.clone() },
        }
    }

    fn older(&self, history: &History) -> Line {
        let back = (self.back + 1).min(history.len());
        let draft = if self.back == 0 { self.text.clone() } else { self.draft.clone() };
        let place = history.len() - back;
        let text = history.get(place).cloned().unwrap_or_else(|| self.text.clone());
        Line { back, draft, ..Line::with(text) }
    }

    fn newer(&self, history: &History) -> Line {
        let back = self.back.saturating_sub(1);
        let draft = self.draft.clone();
        if self.back == 0 {
            return self.clone();
        }
        let text = match back {
            0 => draft.clone(),
            back => history[history.len() - back].clone(),
        };
        Line { back, draft, ..Line::with(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::complete::complete;
    use super::*;

    fn history() -> History {
        ["ls /", "create /a", "get /a"].into_iter().map(Rc::from).collect()
    }

    fn key(name: &str) -> Pressed<'_> {
        Pressed { name, is_ctrl: false, is_shift: false }
    }

    fn pressed(line: &Line, key: Pressed<'_>) -> Line {
        match outcome(line, key) {
            Outcome::Edit(line) => line,
            other => panic!("{other:?}"),
        }
    }

    fn outcome(line: &Line, key: Pressed<'_>) -> Outcome {
        let paths = ["/", "/app", "/apple", "/b"];
        line.press(key, &history(), |text| complete(text, paths.into_iter()))
    }

    #[test]
    fn arrows_go_through_the_history_and_back_to_what_was_typed() {
        let line = pressed(&Line::with("dra"), key("ArrowUp"));
        assert_eq!(&*line.text, "get /a");
        let line = pressed(&line, key("ArrowUp"));
        let line = pressed(&line, key("ArrowUp"));
        assert_eq!(&*pressed(&line, key("ArrowUp")).text, "ls /", "there is nothing older");
        let line = pressed(&pressed(&line, key("ArrowDown")), key("ArrowDown"));
        assert_eq!(&*line.text, "get /a");
        assert_eq!(&*pressed(&line, key("ArrowDown")).text, "dra");
    }

    #[test]
    fn tab_completes_offers_and_goes_on() {
        assert_eq!(&*pressed(&Line::with("cre"), key("Tab")).text, "create ");
        assert_eq!(&*pressed(&Line::with("get /b"), key("ArrowUp")).text, "get /a");
        let line = pressed(&Line::with("get /a"), key("Tab"));
        assert_eq!(&*line.text, "get /app", "what both have in common");
        let first = pressed(&line, key("Tab"));
        assert_eq!(&*first.text, "get /app");
        let second = pressed(&first, key("Tab"));
        assert_eq!(&*second.text, "get /apple");
        assert_eq!(&*pressed(&second, key("Tab")).text, "get /app");
        assert_eq!(outcome(&second, key("Enter")), Outcome::Submit("get /apple".into()));
    }

    #[test]
    fn tab_leaves_when_there_is_nothing_to_complete_or_after_escape() {
        assert_eq!(outcome(&Line::default(), key("Tab")), Outcome::NotOurs);
        assert_eq!(outcome(&Line::with("get /nope"), key("Tab")), Outcome::NotOurs);
        let line = pressed(&Line::with("get /a"), key("Tab"));
        let closed = pressed(&line, key("Escape"));
        assert_eq!(closed.offer, None);
        assert_eq!(outcome(&closed, key("Tab")), Outcome::NotOurs);
        let back = Pressed { is_shift: true, ..key("Tab") };
        assert_eq!(outcome(&Line::with("cre"), back), Outcome::NotOurs);
    }

    #[test]
    fn a_search_finds_lines_typed_before() {
        let ctrl_r = Pressed { is_ctrl: true, ..key("r") };
        let line = pressed(&Line::with("/a"), ctrl_r);
        assert_eq!(&*pressed(&line, key("Enter")).text, "get /a");
        let older = pressed(&line, ctrl_r);
        assert_eq!(&*pressed(&older, key("Enter")).text, "create /a");
        let none = older.typed("zzz", &history());
        assert_eq!(&*pressed(&none, key("Enter")).text, "zzz");
    }
}

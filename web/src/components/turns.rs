//! Parts of the page that are read, not watched. While it plays, or while the head of the timeline is
//! dragged, they are drawn anew in turns, so that no frame has much to draw; whatever else the reader
//! does draws all of them.

use std::cell::Cell;
use yew::{Html, Properties, component};

/// A part waits so long, in milliseconds, for its next turn.
const REST_MS: f64 = 110.0;
/// A part that has waited so long is drawn whatever else is: frames are slow.
const LATE_MS: f64 = 300.0;

/// A part of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The course, and tabs.
    Course,
    /// What is below the stage, except the lanes.
    Lower,
    /// The trees.
    Trees,
    /// The consoles.
    Console,
    /// What is chosen, except the table of servers.
    Inspector,
    /// The feed.
    Feed,
    /// Buttons.
    Controls,
    /// The lanes.
    Lanes,
    /// The table of servers.
    Servers,
}

/// How many there are.
const PARTS: usize = 9;
/// Those that move with every frame while it plays.
const LIVELY: [Part; 2] = [Part::Lanes, Part::Servers];

/// Whose turn it is.
#[derive(Default)]
pub struct Turns {
    parts: [Turn; PARTS],
    /// Whether the last one that caught up was a lively one.
    was_lively: Cell<bool>,
}

#[derive(Default)]
struct Turn {
    /// How often it was drawn.
    number: Cell<u32>,
    is_due: Cell<bool>,
    /// Whether it shows what was, and is to have its turn in one of the next frames.
    is_behind: Cell<bool>,
    drawn_ms: Cell<f64>,
}

impl Turns {
    /// All are drawn.
    pub fn all(&self, now_ms: f64) {
        self.parts.iter().for_each(|part| part.take(now_ms));
    }

    /// A frame is drawn: what is lively, the part that has waited longest, if long enough, and those
    /// that are late.
    pub fn frame(&self, now_ms: f64) {
        LIVELY.iter().for_each(|part| self.parts[*part as usize].take(now_ms));
        let waited = |part: &&Turn| now_ms - part.drawn_ms.get();
        let longest = self.parts.iter().max_by(|a, b| waited(a).total_cmp(&waited(b)));
        longest.filter(|part| REST_MS <= waited(part)).into_iter().for_each(|p| p.take(now_ms));
        self.parts.iter().filter(|p| LATE_MS <= waited(p)).for_each(|part| part.take(now_ms));
    }

    /// All are drawn in the next frames.
    pub fn later(&self) {
        self.parts.iter().for_each(|part| part.is_behind.set(true));
    }

    /// Whether any is still to be drawn.
    pub fn is_behind(&self) -> bool {
        self.parts.iter().any(|part| part.is_behind.get())
    }

    /// A frame in which nothing else is drawn: the one that has waited longest of those behind; in
    /// every second frame one that is lively.
    pub fn catch_up(&self, now_ms: f64) {
        let is_lively = |part: usize| LIVELY.iter().any(|lively| *lively as usize == part);
        let behind = || (0..PARTS).filter(|part| self.parts[*part].is_behind.get());
        let longest = |parts: &mut dyn Iterator<Item = usize>| {
            let drawn_ms = |part: usize| self.parts[part].drawn_ms.get();
            parts.min_by(|a, b| drawn_ms(*a).total_cmp(&drawn_ms(*b)))
        };
        let lively = longest(&mut behind().filter(|part| is_lively(*part)));
        let other = longest(&mut behind().filter(|part| !is_lively(*part)));
        let next = if self.was_lively.get() { other.or(lively) } else { lively.or(other) };
        self.was_lively.set(next.is_some_and(is_lively));
        next.into_iter().for_each(|part| self.parts[part].take(now_ms));
    }

    /// Whether it is to be drawn.
    pub fn is_due(&self, part: Part) -> bool {
        self.parts[part as usize].is_due.get()
    }

    /// The part: drawn, if it has its turn.
    pub fn draw(&self, part: Part, draw: impl FnOnce() -> Html) -> Html {
        let turn = &self.parts[part as usize];
        let html = if turn.is_due.take() { draw() } else { Html::default() };
        yew::html! { <Stays {part} turn={turn.number.get()} {html} /> }
    }
}

impl Turn {
    fn take(&self, now_ms: f64) {
        if !self.is_due.replace(true) {
            self.number.set(self.number.get().wrapping_add(1));
        }
        self.is_behind.set(false);
        self.drawn_ms.set(now_ms);
    }
}

#[derive(Properties)]
struct StaysProps {
    /// One place may show one part or another.
    part: Part,
    turn: u32,
    html: Html,
}

impl PartialEq for StaysProps {
    fn eq(&self, other: &StaysProps) -> bool {
        (self.part, self.turn) == (other.part, other.turn)
    }
}

/// Stays as it was drawn until its next turn.
#[component]
fn Stays(props: &StaysProps) -> Html {
    props.html.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(turns: &Turns) -> usize {
        turns.parts.iter().filter(|part| part.is_due.take()).count()
    }

    #[test]
    fn one_part_a_frame_and_all_of_them_in_time() {
        let turns = Turns::default();
        turns.all(1000.0);
        assert_eq!(due(&turns), PARTS);
        let drawn: Vec<usize> = (1..=12)
            .map(|frame| {
                turns.frame(1000.0 + 16.7 * f64::from(frame));
                due(&turns)
            })
            .collect();
        assert!(drawn.iter().all(|count| *count <= LIVELY.len() + 1), "{drawn:?}");
        let others = drawn.iter().sum::<usize>() - 12 * LIVELY.len();
        assert_eq!(others, 6, "one each from the seventh frame on: {drawn:?}");
    }

    #[test]
    fn what_is_behind_catches_up_one_part_a_frame_even_if_more_is_sought() {
        let turns = Turns::default();
        turns.all(0.0);
        due(&turns);
        turns.later();
        let mut drawn = vec![0; PARTS];
        let others = PARTS - LIVELY.len();
        for frame in 1..=4 * others {
            turns.catch_up(f64::from(frame as u32));
            for (count, part) in drawn.iter_mut().zip(&turns.parts) {
                *count += usize::from(part.is_due.take());
            }
            // The head is dragged on.
            turns.later();
        }
        let lively = drawn.split_off(others);
        assert_eq!((drawn, lively), (vec![2; others], vec![others; LIVELY.len()]));
        for frame in 0..PARTS {
            assert!(turns.is_behind());
            turns.catch_up(100.0 + f64::from(frame as u32));
        }
        assert!(!turns.is_behind());
    }

    #[test]
    fn where_frames_are_rare_each_draws_everything() {
        let turns = Turns::default();
        turns.all(0.0);
        due(&turns);
        turns.frame(500.0);
        assert_eq!(due(&turns), PARTS);
    }
}

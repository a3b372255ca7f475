//! Parts of the page that are read, not watched. While it plays they are drawn anew a few times a
//! second, in turns, so that no frame has much to draw; whatever the reader does draws all of them.

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
}

/// How many there are.
const PARTS: usize = 7;

/// Whose turn it is.
#[derive(Default)]
pub struct Turns {
    parts: [Turn; PARTS],
}

#[derive(Default)]
struct Turn {
    /// How often it was drawn.
    number: Cell<u32>,
    is_due: Cell<bool>,
    drawn_ms: Cell<f64>,
}

impl Turns {
    /// All are drawn.
    pub fn all(&self, now_ms: f64) {
        self.parts.iter().for_each(|part| part.take(now_ms));
    }

    /// A frame is drawn: the part that has waited longest, if long enough, and those that are late.
    pub fn frame(&self, now_ms: f64) {
        let waited = |part: &&Turn| now_ms - part.drawn_ms.get();
        let longest = self.parts.iter().max_by(|a, b| waited(a).total_cmp(&waited(b)));
        longest.filter(|part| REST_MS <= waited(part)).into_iter().for_each(|p| p.take(now_ms));
        self.parts.iter().filter(|p| LATE_MS <= waited(p)).for_each(|part| part.take(now_ms));
    }

    /// The part: drawn, if it has its turn.
    pub fn draw(&self, part: Part, draw: impl FnOnce() -> Html) -> Html {
        let turn = &self.parts[part as usize];
        let html = if turn.is_due.take() { draw() } else { Html::default() };
        yew::html! { <Stays turn={turn.number.get()} {html} /> }
    }
}

impl Turn {
    fn take(&self, now_ms: f64) {
        if !self.is_due.replace(true) {
            self.number.set(self.number.get().wrapping_add(1));
        }
        self.drawn_ms.set(now_ms);
    }
}

#[derive(Properties)]
struct StaysProps {
    turn: u32,
    html: Html,
}

impl PartialEq for StaysProps {
    fn eq(&self, other: &StaysProps) -> bool {
        self.turn == other.turn
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
        assert!(drawn.iter().all(|count| *count <= 1), "{drawn:?}");
        assert_eq!(drawn.iter().sum::<usize>(), 6, "one each from the seventh frame on: {drawn:?}");
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

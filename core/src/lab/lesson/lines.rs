//! The lines of a file, and which of them belong to which by their indentation.

use crate::lab::script::text::Cursor;
use crate::lab::script::{MOST_ERRORS, ScriptError};

/// A line that is not empty.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its number, from 1.
    pub number: u32,
    /// How many blanks it begins with.
    pub indent: usize,
    /// All of it.
    pub text: &'a str,
}

impl<'a> Line<'a> {
    /// At its first word.
    pub fn cursor(self) -> Cursor<'a> {
        let mut cursor = Cursor::new(self.text, self.number);
        cursor.at();
        cursor
    }

    /// An error about it as a whole.
    pub fn error(self, message: impl Into<String>) -> ScriptError {
        self.cursor().error_at(self.indent, message)
    }
}

/// Reads lines from above to below, and keeps what is wrong.
#[derive(Debug)]
pub struct Lines<'a> {
    lines: Vec<Line<'a>>,
    at: usize,
    /// What is wrong, as it was found.
    pub errors: Vec<ScriptError>,
}

impl<'a> Lines<'a> {
    /// At the beginning.
    pub fn new(text: &'a str) -> Lines<'a> {
        let mut errors = Vec::new();
        let line = |(n, text): (usize, &'a str)| {
            let indent = text.len() - text.trim_start_matches(' ').len();
            let line = Line { number: n as u32 + 1, indent, text };
            let wrong = text.char_indices().find(|(_, c)| c.is_control());
            if let Some((at, c)) = wrong.filter(|_| errors.len() < MOST_ERRORS) {
                let cursor = Cursor::new(text, line.number);
                errors.push(cursor.error_at(at, format!("a line cannot hold the character {c:?}")));
            }
            line
        };
        let lines = text.lines().enumerate().map(line).collect();
        Lines { lines, at: 0, errors }
    }

    /// Keeps an error.
    pub fn wrong(&mut self, error: ScriptError) {
        self.errors.push(error);
    }

    /// Whether enough is wrong to stop.
    pub fn is_enough(&self) -> bool {
        MOST_ERRORS <= self.errors.len()
    }

    /// The next line that says something.
    pub fn next(&mut self) -> Option<Line<'a>> {
        while let Some(line) = self.lines.get(self.at) {
            self.at += 1;
            let text = line.text.trim();
            if !text.is_empty() && !text.starts_with('#') {
                return Some(*line);
            }
        }
        None
    }

    /// The next line that says something, if it lies deeper than `above`. The first such line says
    /// how deep the others lie.
    pub fn below(&mut self, above: Line, depth: &mut Option<usize>) -> Option<Line<'a>> {
        if self.is_enough() {
            return None;
        }
        let before = self.at;
        let Some(line) = self.next().filter(|line| above.indent < line.indent) else {
            self.at = before;
            return None;
        };
        let depth = *depth.get_or_insert(line.indent);
        if depth != line.indent {
            let blanks = line.indent;
            let message = format!("this line begins after {blanks} blanks, others after {depth}");
            self.wrong(line.error(message));
        }
        Some(line)
    }

    /// All lines deeper than `above`, as they are, with the empty ones between them.
    pub fn raw(&mut self, above: Line) -> Vec<Line<'a>> {
        let rest = &self.lines[self.at..];
        let is_empty = |line: &Line| line.text.trim().is_empty();
        let is_inside = |line: &&Line| is_empty(line) || above.indent < line.indent;
        let mut raw: Vec<Line<'a>> = rest.iter().take_while(is_inside).copied().collect();
        self.at += raw.len();
        while raw.last().is_some_and(is_empty) {
            raw.pop();
        }
        raw
    }
}

//! What was typed before: in all consoles, kept between visits.

use std::rc::Rc;

/// The most lines that are kept.
const MOST_LINES: usize = 200;

/// Lines, the oldest first.
pub type History = Rc<[Rc<str>]>;

/// With one more line, unless it is the last one again.
pub fn with(history: &History, line: &Rc<str>) -> History {
    if history.last() == Some(line) {
        return history.clone();
    }
    let skip = (history.len() + 1).saturating_sub(MOST_LINES);
    history.iter().skip(skip).cloned().chain([line.clone()]).collect()
}

/// As text, a line each.
pub fn print(history: &History) -> String {
    history.join("\n")
}

/// Reads what [`print`] has written.
pub fn parse(text: &str) -> History {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<Rc<str>> = lines.map(Rc::from).collect();
    lines[lines.len().saturating_sub(MOST_LINES)..].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let history = ["ls /", "get /a", "get /a"]
            .iter()
            .fold(parse(""), |history, line| with(&history, &Rc::from(*line)));
        assert_eq!(print(&history), "ls /\nget /a");
        assert_eq!(parse(&print(&history)), history);
    }

    #[test]
    fn the_oldest_lines_go() {
        let line = |n: usize| Rc::from(format!("get /n{n}"));
        let history = (0..MOST_LINES + 5).fold(parse(""), |history, n| with(&history, &line(n)));
        assert_eq!(history.len(), MOST_LINES);
        assert_eq!(history.first(), Some(&line(5)));
    }
}

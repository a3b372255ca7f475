//! Text: lines of a file made into paragraphs, and the marks in them.

use std::fmt::Write;

/// A stretch of a paragraph.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Span<'a> {
    /// As it is.
    Plain(&'a str),
    /// `` `in backquotes` ``: a command, a path, a setting.
    Code(&'a str),
    /// `**in double stars**`.
    Bold(&'a str),
}

/// The stretches of a paragraph. A mark without its end is shown as it is.
pub fn spans(paragraph: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = paragraph;
    while let Some((at, mark)) = next_mark(rest) {
        let inner = &rest[at + mark.len()..];
        let Some(end) = inner.find(mark) else { break };
        if 0 < at {
            spans.push(Span::Plain(&rest[..at]));
        }
        let inside = &inner[..end];
        spans.push(if mark == "`" { Span::Code(inside) } else { Span::Bold(inside) });
        rest = &inner[end + mark.len()..];
    }
    if !rest.is_empty() {
        spans.push(Span::Plain(rest));
    }
    spans
}

/// The first mark, and where it stands.
fn next_mark(text: &str) -> Option<(usize, &'static str)> {
    ["`", "**"].into_iter().filter_map(|mark| Some((text.find(mark)?, mark))).min()
}

/// The mark that has no end, if there is one.
pub(super) fn open_mark(paragraph: &str) -> Option<&'static str> {
    match spans(paragraph).last() {
        Some(Span::Plain(rest)) => next_mark(rest).map(|(_, mark)| mark),
        Some(Span::Code(_) | Span::Bold(_)) | None => None,
    }
}

/// Lines made into paragraphs: an empty line parts them, others are joined.
pub(super) fn join<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    let mut is_parted = false;
    for line in lines.map(str::trim) {
        if line.is_empty() {
            is_parted = true;
            continue;
        }
        let gap = match (text.chars().last(), line.chars().next()) {
            (None, _) | (_, None) => "",
            (Some(_), Some(_)) if is_parted => "\n\n",
            (Some(before), Some(after)) => gap(before, after),
        };
        let _ = write!(text, "{gap}{line}");
        is_parted = false;
    }
    text
}

/// What stands between the last character of a line and the first of the next: nothing between
/// Chinese characters, nor beside their punctuation.
fn gap(before: char, after: char) -> &'static str {
    let is_mark = |c| matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff64}');
    let is_wide = |c| '\u{2e80}' <= c;
    if is_mark(before) || is_mark(after) || (is_wide(before) && is_wide(after)) { "" } else { " " }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read() {
        let found = spans("a `b*` **c** d");
        let all = [
            Span::Plain("a "),
            Span::Code("b*"),
            Span::Plain(" "),
            Span::Bold("c"),
            Span::Plain(" d"),
        ];
        assert_eq!(found, all);
        assert_eq!(spans("**`a`**"), [Span::Bold("`a`")]);
        assert_eq!(spans("a ** b"), [Span::Plain("a ** b")]);
        assert_eq!(open_mark("`a` `b"), Some("`"));
        assert_eq!(open_mark("`a` b"), None);
        assert_eq!(open_mark("`a`"), None);
    }

    #[test]
    fn chinese_lines_are_joined_without_a_blank() {
        assert_eq!(join(["a", "b", "", "", "c"].into_iter()), "a b\n\nc");
        assert_eq!(join(["三台", "服务器，", "s3"].into_iter()), "三台服务器，s3");
        assert_eq!(join(["三台", "s3", "当选"].into_iter()), "三台 s3 当选");
    }
}

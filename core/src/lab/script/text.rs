//! Words, quoted strings and lengths of time: what lines are made of, both ways.

use super::ScriptError;
use std::fmt::Write;

/// The most characters that an error shows of what it found.
const MOST_SHOWN: usize = 40;
/// The most characters of an error: values that it repeats may be long.
const MOST_TOLD: usize = 600;
/// The longest time that can be written: a year and some, in microseconds.
pub const LONGEST_US: u64 = 40_000_000_000_000;

/// A word of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// Its letters; of a quoted string what the quotes enclose, escapes resolved.
    pub bytes: Vec<u8>,
    /// Whether it was quoted: then it is never a keyword.
    pub is_quoted: bool,
    /// Where it begins, in bytes of the line.
    pub at: usize,
}

/// Reads a line from left to right.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    line: &'a str,
    at: usize,
    number: u32,
}

/// Letters that end a bare word.
fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '|' | '>' | ';' | '{' | '}')
}

impl<'a> Cursor<'a> {
    /// At the beginning of a line. Lines are numbered from 1.
    pub fn new(line: &'a str, number: u32) -> Cursor<'a> {
        Cursor { line, at: 0, number }
    }

    /// Where the next word begins.
    pub fn at(&mut self) -> usize {
        let rest = &self.line[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.at
    }

    /// Goes back to a place.
    pub fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    /// An error about what stands at `at`.
    pub fn error_at(&self, at: usize, message: impl Into<String>) -> ScriptError {
        let before = self.line.get(..at).unwrap_or(self.line);
        let column = u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX);
        let mut message: String = message.into();
        if let Some((end, _)) = message.char_indices().nth(MOST_TOLD) {
            message.truncate(end);
            message.push('…');
        }
        ScriptError { line: self.number, column, message }
    }

    /// An error that says what was expected at `at`, and what stands there.
    pub fn expected_at(&self, at: usize, what: &str) -> ScriptError {
        let rest = self.line.get(at..).unwrap_or_default().trim_start();
        let mut ahead = Cursor { line: self.line, at, number: self.number };
        if rest.is_empty() || rest.starts_with('#') {
            return self.error_at(at, format!("expected {what}, found the end of the line"));
        }
        let found: String = match ahead.word() {
            Ok(Some(_)) => self.line[at..ahead.at].trim().chars().take(MOST_SHOWN).collect(),
            Ok(None) | Err(_) => rest.chars().take(1).collect(),
        };
        self.error_at(at, format!("expected {what}, found {found:?}"))
    }

    /// The next word, quoted or not; nothing at a symbol, a comment or the end.
    ///
    /// # Errors
    /// If a quoted string has no end or an escape that is none.
    pub fn word(&mut self) -> Result<Option<Word>, ScriptError> {
        let at = self.at();
        let rest = &self.line[at..];
        if rest.starts_with('"') {
            return self.quoted(at).map(Some);
        }
        if rest.starts_with('#') {
            return Ok(None);
        }
        let length = rest.find(ends_word).unwrap_or(rest.len());
        self.at = at + length;
        let bytes = rest.as_bytes()[..length].to_vec();
        Ok((0 < length).then_some(Word { bytes, is_quoted: false, at }))
    }

    fn quoted(&mut self, at: usize) -> Result<Word, ScriptError> {
        let mut bytes = Vec::new();
        let mut chars = self.line[at + 1..].char_indices();
        while let Some((offset, c)) = chars.next() {
            let here = at + 1 + offset;
            match c {
                '"' => {
                    self.at = here + 1;
                    return Ok(Word { bytes, is_quoted: true, at });
                }
                '\\' => match chars.next().map(|(_, c)| c) {
                    Some('n') => bytes.push(b'\n'),
                    Some('r') => bytes.push(b'\r'),
                    Some('t') => bytes.push(b'\t'),
                    Some(same @ ('"' | '\\')) => bytes.push(same as u8),
                    Some('x') => {
                        let digits: String = chars.by_ref().take(2).map(|(_, c)| c).collect();
                        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                        let byte = u8::from_str_radix(&digits, 16).ok().filter(|_| is_hex);
                        let byte = byte.filter(|_| digits.len() == 2);
                        let wrong = || self.error_at(here, "expected two hex digits after \\x");
                        bytes.push(byte.ok_or_else(wrong)?);
                    }
                    Some(_) | None => {
                        let known = "expected \\n, \\r, \\t, \\\", \\\\ or \\xHH";
                        return Err(self.error_at(here, known));
                    }
                },
                c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        Err(self.error_at(at, "the quoted string has no end"))
    }

    /// Whether the next word is this keyword; then it is taken.
    pub fn takes(&mut self, keyword: &str) -> bool {
        let at = self.at();
        let rest = self.line[at..].strip_prefix(keyword);
        let is_it = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(ends_word));
        self.at += if is_it { keyword.len() } else { 0 };
        is_it
    }

    /// Whether the next word is this keyword. It stays.
    pub fn is_next(&mut self, keyword: &str) -> bool {
        let at = self.at();
        let is_next = self.takes(keyword);
        self.at = at;
        is_next
    }

    /// Whether a symbol comes next; then it is taken.
    pub fn takes_symbol(&mut self, symbol: char) -> bool {
        let at = self.at();
        let has = self.line[at..].starts_with(symbol);
        self.at += if has { symbol.len_utf8() } else { 0 };
        has
    }

    /// Whether nothing but a comment is left.
    pub fn is_over(&mut self) -> bool {
        let at = self.at();
        let rest = &self.line[at..];
        rest.is_empty() || rest.starts_with('#')
    }

    /// The comment at the end, without what introduces it.
    ///
    /// # Errors
    /// If something else is left.
    pub fn end(&mut self) -> Result<Option<&'a str>, ScriptError> {
        let at = self.at();
        match self.line[at..].strip_prefix('#') {
            Some(comment) => Ok(Some(comment.trim())),
            None if self.line[at..].is_empty() => Ok(None),
            None => Err(self.expected_at(at, "nothing more")),
        }
    }

    /// The rest of the line as it is.
    pub fn rest(&mut self) -> &'a str {
        let at = self.at();
        self.at = self.line.len();
        self.line[at..].trim_end()
    }

    /// A word that must be there.
    ///
    /// # Errors
    /// If it is not.
    pub fn some_word(&mut self, what: &str) -> Result<Word, ScriptError> {
        let at = self.at();
        self.word()?.ok_or_else(|| self.expected_at(at, what))
    }

    /// Text that must be there, bare or quoted.
    ///
    /// # Errors
    /// If it is not, or is no UTF-8.
    pub fn text(&mut self, what: &str) -> Result<String, ScriptError> {
        let word = self.some_word(what)?;
        String::from_utf8(word.bytes).map_err(|_| self.error_at(word.at, "this is no UTF-8 text"))
    }

    /// A bare word that `read` understands.
    ///
    /// # Errors
    /// If it is not there or not understood.
    pub fn read<T>(
        &mut self,
        what: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, ScriptError> {
        let at = self.at();
        let word = self.word()?.filter(|word| !word.is_quoted);
        let found = word.as_ref().and_then(|word| std::str::from_utf8(&word.bytes).ok());
        found.and_then(read).ok_or_else(|| self.expected_at(at, what))
    }

    /// A whole number that fits.
    ///
    /// # Errors
    /// If it is none, or too large.
    pub fn number<T: TryFrom<i128>>(&mut self, what: &str) -> Result<T, ScriptError> {
        self.read(what, |word| {
            let digits = word.strip_prefix('-').unwrap_or(word);
            let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            word.parse::<i128>().ok().filter(|_| is_plain).and_then(|number| number.try_into().ok())
        })
    }

    /// A length of time, in microseconds.
    ///
    /// # Errors
    /// If it is none, too long, or finer than a microsecond.
    pub fn time(&mut self) -> Result<u64, ScriptError> {
        self.read("a time such as 1.5s, 200ms or 1500123us", read_time)
    }
}

/// Units of time, the largest first, in microseconds.
const UNITS: [(&str, u64); 5] =
    [("min", 60_000_000), ("ms", 1000), ("us", 1), ("h", 3_600_000_000), ("s", 1_000_000)];

/// `1.5s` → 1500000.
pub fn read_time(word: &str) -> Option<u64> {
    let (number, unit) =
        UNITS.iter().find_map(|(unit, us)| Some((word.strip_suffix(unit)?, *us)))?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_number = |text: &str| {
        !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    // Exact to the microsecond, or refused.
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let fraction = fraction.parse::<u128>().ok()? * u128::from(unit);
    if !fraction.is_multiple_of(scale) {
        return None;
    }
    let us = whole.parse::<u128>().ok()? * u128::from(unit) + fraction / scale;
    u64::try_from(us).ok().filter(|us| *us <= LONGEST_US)
}

/// A length of time as it is written: `1.5s`, `200ms`, `1500us`.
pub fn time(us: u64) -> String {
    let decimals = |whole: u64, fraction: String| match fraction.trim_end_matches('0') {
        "" => format!("{whole}"),
        fraction => format!("{whole}.{fraction}"),
    };
    match us {
        0 => "0s".to_owned(),
        1_000_000.. => decimals(us / 1_000_000, format!("{:06}", us % 1_000_000)) + "s",
        _ if us.is_multiple_of(1000) => format!("{}ms", us / 1000),
        _ => format!("{us}us"),
    }
}

/// A word as it is written: bare if it can be, else quoted.
pub fn word(text: &str) -> String {
    let is_bare = !text.is_empty()
        && !text.starts_with('#')
        && !text.chars().any(|c| ends_word(c) || c.is_control() || c == '\\');
    if is_bare { text.to_owned() } else { quoted(text.as_bytes()) }
}

/// A quoted string. Bytes that are no text, and control characters, are escaped.
pub fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => text += "\\n",
                '\r' => text += "\\r",
                '\t' => text += "\\t",
                '"' => text += "\\\"",
                '\\' => text += "\\\\",
                c if c.is_control() => {
                    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                        let _ = write!(text, "\\x{byte:02x}");
                    }
                }
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_exact_both_ways() {
        let read = [
            ("1.5s", 1_500_000),
            ("1.500123s", 1_500_123),
            ("1500123us", 1_500_123),
            ("200ms", 200_000),
            ("0.001ms", 1),
            ("1.000ms", 1000),
            ("2min", 120_000_000),
            ("1.5h", 5_400_000_000),
            ("0s", 0),
            ("1.00000000s", 1_000_000),
        ];
        for (text, us) in read {
            assert_eq!(read_time(text), Some(us), "{text}");
            assert_eq!(read_time(&time(us)), Some(us));
        }
        for text in ["", "s", "1", ".5s", "5.s", "1.0000001s", "0.5us", "-1s", "1e3s", "99999999h"]
        {
            assert_eq!(read_time(text), None, "{text}");
        }
        let written =
            [(0, "0s"), (1, "1us"), (1500, "1500us"), (2000, "2ms"), (1_000_001, "1.000001s")];
        for (us, text) in written {
            assert_eq!(time(us), text);
        }
    }

    #[test]
    fn any_bytes_can_be_quoted() {
        let all: Vec<u8> = (0..=255).chain("é\u{85}\u{2028}".bytes()).collect();
        for bytes in [&all[..], b"", b"\"\\", b"a b"] {
            let text = quoted(bytes);
            let word = Cursor::new(&text, 1).word().expect("it is one").expect("it is there");
            assert_eq!((word.bytes.as_slice(), word.is_quoted), (bytes, true));
        }
    }
}

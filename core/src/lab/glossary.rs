//! The glossary: what the terms of the interface mean, in both languages, and where they stand in a
//! text. Its words are in a file, `static/glossary/terms.txt`, which says how it is written.

use crate::lab::lesson::Words;
use crate::sorted::Map;
use std::fmt;

/// A term.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Term {
    /// What it is called in addresses and attributes.
    pub key: String,
    /// The lesson about it, by its name in addresses.
    pub lesson: String,
    /// What stands for it in a text of either language; the first is its title.
    pub words: Vec<String>,
    /// What stands for it in a Chinese text besides; the first is its title there.
    pub chinese: Vec<String>,
    /// What it is.
    pub text: Words,
}

/// All terms.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Glossary {
    /// In the order of the file.
    pub terms: Vec<Term>,
    /// By their first character, longer ones first: words of running texts, and whose they are.
    starts: Map<char, Vec<(String, usize)>>,
    /// By themselves: all words and names.
    names: Map<String, usize>,
}

/// A line of the file that cannot be understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GlossaryError {
    /// Which, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for GlossaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for GlossaryError {}

/// A stretch of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    /// As it is.
    Plain(&'a str),
    /// A term, by its place.
    Term(&'a str, usize),
}

/// Reads the file.
///
/// # Errors
/// If a line cannot be understood, or a term lacks something or has a word of another.
pub fn parse(text: &str) -> Result<Glossary, GlossaryError> {
    let mut glossary = Glossary::default();
    let mut last = 0;
    for (n, line) in text.lines().enumerate() {
        last = n + 1;
        let error = |problem: String| GlossaryError { line: n + 1, problem };
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (field, rest) = line.split_once(' ').unwrap_or((line, ""));
        if rest.is_empty() {
            return Err(error(format!("nothing stands after {field:?}")));
        }
        if field == "term" {
            glossary.is_complete().map_err(error)?;
            glossary.terms.push(Term { key: rest.to_owned(), ..Term::default() });
            continue;
        }
        let place = glossary.terms.len().checked_sub(1);
        let place = place.ok_or_else(|| error("this stands before the first term".to_owned()))?;
        let words = || rest.split(" | ").map(str::to_owned).collect::<Vec<_>>();
        let term = &mut glossary.terms[place];
        match field {
            "lesson" => rest.clone_into(&mut term.lesson),
            "en" => rest.clone_into(&mut term.text.en),
            "zh" => rest.clone_into(&mut term.text.zh),
            "words" => term.words = words(),
            "zh-words" => term.chinese = words(),
            "names" => {}
            other => return Err(error(format!("there is no field {other:?}"))),
        }
        if matches!(field, "words" | "zh-words" | "names") {
            words()
                .into_iter()
                .try_for_each(|word| glossary.know(word, place, field != "names").map_err(error))?;
        }
    }
    glossary.is_complete().map_err(|problem| GlossaryError { line: last, problem })?;
    for words in glossary.starts.values_mut() {
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    }
    Ok(glossary)
}

impl Glossary {
    /// The term of this key.
    pub fn term(&self, key: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.key == key)
    }

    /// The term that a word stands for that is shown by itself.
    pub fn named(&self, word: &str) -> Option<usize> {
        self.names.get(word).copied()
    }

    /// The terms in a running text: of each only the first that is not yet among `seen`, which
    /// gets longer.
    pub fn mark<'a>(&self, text: &'a str, seen: &mut Vec<usize>) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let (mut from, mut at) = (0, 0);
        while let Some(first) = text[at..].chars().next() {
            if let Some((length, term)) = self.word_at(text, at)
                && !seen.contains(&term)
            {
                seen.push(term);
                if from < at {
                    pieces.push(Piece::Plain(&text[from..at]));
                }
                pieces.push(Piece::Term(&text[at..at + length], term));
                at += length;
                from = at;
            } else {
                at += first.len_utf8();
            }
        }
        if from < text.len() {
            pieces.push(Piece::Plain(&text[from..]));
        }
        pieces
    }

    /// The longest word of a term at this place, and whose it is.
    fn word_at(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let (before, rest) = text.split_at(at);
        let first = rest.chars().next()?;
        let is_path = |c: char| is_part(c) || matches!(c, '/' | '.' | '$');
        if is_part(first) && before.chars().next_back().is_some_and(is_path) {
            return None;
        }
        // At the beginning of a sentence a word has a capital.
        let small = first.to_ascii_lowercase();
        let starting = |first: char| self.starts.get(&first).into_iter().flatten();
        let of_small = starting(small).filter(|_| small != first);
        let found = starting(first).chain(of_small).find(|(word, _)| {
            let (length, skip) = (word.len(), first.len_utf8());
            let is_it = rest.get(skip..length) == word.get(skip..);
            let ends = rest.get(length..).and_then(|rest| rest.chars().next());
            let is_whole = !word.ends_with(is_part) || !ends.is_some_and(is_part);
            is_it && is_whole
        });
        found.map(|(word, term)| (word.len(), *term))
    }

    fn know(&mut self, word: String, term: usize, is_in_texts: bool) -> Result<(), String> {
        let first = word.chars().next().ok_or("a word is empty")?;
        if self.names.get(&word).is_some_and(|other| *other != term) {
            return Err(format!("{word:?} stands for another term already"));
        }
        if is_in_texts {
            self.starts.entry(first).or_default().push((word.clone(), term));
        }
        self.names.insert(word, term);
        Ok(())
    }

    /// Whether the last term has all that it needs.
    fn is_complete(&self) -> Result<(), String> {
        let Some(term) = self.terms.last() else { return Ok(()) };
        let missing = [
            ("lesson", term.lesson.is_empty()),
            ("words", term.words.is_empty()),
            ("en", term.text.en.is_empty()),
            ("zh", term.text.zh.is_empty()),
        ];
        if self.terms.iter().filter(|other| other.key == term.key).count() != 1 {
            return Err(format!("there are two terms {:?}", term.key));
        }
        match missing.into_iter().find(|(_, is_missing)| *is_missing) {
            Some((field, _)) => Err(format!("the term {:?} has no {field}", term.key)),
            None => Ok(()),
        }
    }
}

impl Term {
    /// What it is called.
    pub fn title(&self, is_chinese: bool) -> String {
        let word = self.words.first().map_or("", |word| word);
        match self.chinese.first().filter(|_| is_chinese) {
            Some(chinese) => format!("{word} · {chinese}"),
            None => word.to_owned(),
        }
    }
}

/// Whether a character may be a part of a word that is not Chinese.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

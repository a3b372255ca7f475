//! Recipes on the command line: `lock /locks/a hold 2s`, `unlock /locks/a`. zkCli has no such
//! commands; they stand beside its own.

use crate::lab::script::text::{read_time, time};
use crate::recipe::{Ask, OnLost, OnSuspended, Resource, Terms, Told, Use, What};
use crate::sim::action::Action;
use crate::tree::path;
use crate::txn::Path;
use crate::types::ClientId;
use std::rc::Rc;

/// What may follow every verb that gets something to hold.
pub const TERMS: &str = "[hold TIME] [times N] [suspended doubt|trust] [lost stop|ignore] \
                         [unprotected] [writes open|fenced]";

/// Every command, with its arguments, as `help` lists them.
pub fn commands() -> impl Iterator<Item = (&'static str, String)> {
    let uses = What::VERBS.iter().map(|(verb, more)| {
        let more = if more.is_empty() { String::new() } else { format!(" {more}") };
        (*verb, format!("path{more} {TERMS}"))
    });
    uses.chain([("unlock", "path".to_owned())])
}

/// Whether a line begins with this word.
pub fn is_verb(word: &str) -> bool {
    commands().any(|(verb, _)| verb == word)
}

/// Understands the words of a line.
///
/// # Errors
/// With what is wrong, and how it should be.
pub fn read(words: &[String]) -> Result<Ask, String> {
    let (verb, rest) = words.split_first().ok_or("a verb is missing")?;
    let usage = || {
        let known = commands().find(|(known, _)| known == verb);
        known.map_or_else(String::new, |(verb, more)| format!("{verb} {more}"))
    };
    let mut words = Words { rest };
    let ask = match &**verb {
        "unlock" => words.path().map(Ask::Unlock),
        _ => words.wanted(verb).map(|wanted| Ask::Use(Rc::new(wanted))),
    };
    let ask = ask.map_err(|problem| format!("{problem}\n{}", usage()))?;
    match words.rest.first() {
        None => Ok(ask),
        Some(word) => Err(format!("{word:?} was not expected\n{}", usage())),
    }
}

/// The words that are left.
struct Words<'a> {
    rest: &'a [String],
}

impl Words<'_> {
    fn word(&mut self, what: &str) -> Result<&str, String> {
        let (word, rest) = self.rest.split_first().ok_or_else(|| format!("{what} is missing"))?;
        self.rest = rest;
        Ok(word)
    }

    fn path(&mut self) -> Result<Path, String> {
        let word = self.word("the path")?.to_owned();
        path::validate(&word).map_err(|error| error.to_string())?;
        if word == "/" {
            return Err("a recipe needs a znode of its own, not /".to_owned());
        }
        if word.contains(|c: char| c.is_control()) || word.contains('"') && word.contains('\'') {
            return Err("such a path cannot be written here".to_owned());
        }
        Ok(word.into())
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let has = self.rest.first().is_some_and(|word| word == keyword);
        if has {
            self.rest = &self.rest[1..];
        }
        has
    }

    fn number(&mut self, what: &str, most: u32) -> Result<u32, String> {
        let word = self.word(what)?;
        let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        let number = word.parse().ok().filter(|n| is_number && (1..=most).contains(n));
        number.ok_or_else(|| format!("{what} is a number from 1 to {most}"))
    }

    fn one_of<T: Copy>(&mut self, what: &str, known: &[(&str, T)]) -> Result<T, String> {
        let word = self.word(what)?.to_owned();
        let found = known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        found.ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            format!("{what} is {}", names.join(" or "))
        })
    }

    fn wanted(&mut self, verb: &str) -> Result<Use, String> {
        let path = self.path()?;
        let what = match verb {
            "lock" => What::Lock,
            "mutex" => What::Mutex,
            "herd-lock" => What::HerdLock,
            other => return Err(format!("there is no recipe {other:?}")),
        };
        Ok(Use { what, path, terms: self.terms()? })
    }

    fn terms(&mut self) -> Result<Terms, String> {
        let mut terms = Terms::default();
        if self.takes("hold") {
            let word = self.word("how long it is held")?;
            let us = read_time(word).filter(|us| 0 < *us);
            terms.hold_us = Some(us.ok_or("a hold is a time such as 1.5s or 200ms")?);
        }
        if self.takes("times") {
            terms.times = self.number("how often", 1_000_000)?;
        }
        if self.takes("suspended") {
            terms.on_suspended = self.one_of("what it does on SUSPENDED", &SUSPENDED)?;
        }
        if self.takes("lost") {
            terms.on_lost = self.one_of("what it does on LOST", &LOST)?;
        }
        terms.is_protected = !self.takes("unprotected");
        if self.takes("writes") {
            terms.resource = Some(self.one_of("the resource", &RESOURCES)?);
        }
        Ok(terms)
    }
}

const SUSPENDED: [(&str, OnSuspended); 2] =
    [("doubt", OnSuspended::Doubt), ("trust", OnSuspended::Trust)];
const LOST: [(&str, OnLost); 2] = [("stop", OnLost::Stop), ("ignore", OnLost::Ignore)];
const RESOURCES: [(&str, Resource); 2] = [("open", Resource::Open), ("fenced", Resource::Fenced)];

fn name<T: PartialEq>(known: &[(&'static str, T)], value: &T) -> &'static str {
    known.iter().find(|(_, known)| known == value).map_or("", |(name, _)| name)
}

/// A word as it is typed.
fn word(text: &str) -> String {
    let is_bare = !text.contains(char::is_whitespace) && !text.starts_with(['"', '\'']);
    match (is_bare && !text.is_empty(), text.contains('"')) {
        (true, _) => text.to_owned(),
        (false, false) => format!("\"{text}\""),
        (false, true) => format!("'{text}'"),
    }
}

/// What is asked, as it is typed: its one canonical form.
pub fn write(ask: &Ask) -> String {
    match ask {
        Ask::Unlock(path) => format!("unlock {}", word(path)),
        Ask::Use(wanted) => {
            let Use { what, path, terms } = &**wanted;
            format!("{} {}{}", what.verb(), word(path), write_terms(terms))
        }
    }
}

fn write_terms(terms: &Terms) -> String {
    let Terms { hold_us, times, on_suspended, on_lost, is_protected, resource } = terms;
    let mut text = String::new();
    if let Some(us) = hold_us {
        text += &format!(" hold {}", time(*us));
    }
    if *times != 1 {
        text += &format!(" times {times}");
    }
    if *on_suspended != OnSuspended::default() {
        text += &format!(" suspended {}", name(&SUSPENDED, on_suspended));
    }
    if *on_lost != OnLost::default() {
        text += &format!(" lost {}", name(&LOST, on_lost));
    }
    if !is_protected {
        text += " unprotected";
    }
    if let Some(resource) = resource {
        text += &format!(" writes {}", name(&RESOURCES, resource));
    }
    text
}

/// A client asks something of a recipe.
pub fn action(client: ClientId, ask: Ask) -> Action {
    let line = write(&ask).into();
    Action::Recipe { client, ask, line }
}

/// What the console shows of what a recipe tells.
///
/// # Errors
/// With the text, if it is bad news.
pub fn print(path: &str, told: &Told) -> Result<String, String> {
    match told {
        Told::Granted { node, token } => {
            Ok(format!("{path}: held by {}, token {token}", path::name(node)))
        }
        Told::Released => Ok(format!("{path}: given back")),
        Told::Suspended => Err(format!("{path}: SUSPENDED, perhaps not held any more")),
        Told::StillHolds => Ok(format!("{path}: RECONNECTED, still held")),
        Told::Lost => Err(format!("{path}: LOST, not held any more")),
        Told::Failed(error) => Err(format!("{path}: KeeperErrorCode = {}", error.text())),
        Told::NothingHeld => Err(format!("{path}: nothing to give back")),
    }
}

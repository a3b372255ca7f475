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
    uses.chain([("unlock", "path".to_owned()), ("leave", "path".to_owned())])
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
        "unlock" | "leave" => words.path().map(Ask::Unlock),
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

    /// Any text that can be written again.
    fn text(&mut self, what: &str) -> Result<Rc<str>, String> {
        let word = self.word(what)?;
        if word.contains(|c: char| c.is_control()) || word.contains('"') && word.contains('\'') {
            return Err(format!("{what} cannot be written here"));
        }
        Ok(word.into())
    }

    /// A name of one znode.
    fn name(&mut self, what: &str) -> Result<Rc<str>, String> {
        let name = self.text(what)?;
        let is_term = TERM_WORDS.contains(&&*name);
        let is_name = !name.contains('/') && path::validate(&format!("/{name}")).is_ok();
        if is_name && !is_term { Ok(name) } else { Err(format!("{what} cannot be {name:?}")) }
    }

    fn priority(&mut self) -> Result<u8, String> {
        let word = self.word("the priority")?;
        let is_number = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        let priority = word.parse().ok().filter(|_| is_number);
        priority.ok_or_else(|| "a priority is a number from 0 to 99".to_owned())
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
            "semaphore-mutex" => What::SemaphoreMutex,
            "herd-lock" => What::HerdLock,
            "read-lock" => What::ReadLock,
            "write-lock" => What::WriteLock,
            "revocable-lock" => What::RevocableLock,
            "revoke" => What::Revoke,
            "multi-lock" => {
                let mut more = Vec::new();
                while self.rest.first().is_some_and(|word| word.starts_with('/')) {
                    more.push(self.path()?);
                }
                What::MultiLock(more.into())
            }
            "semaphore" => What::Semaphore(self.number("the number of leases", 1000)?),
            "elect" => What::Elect,
            "latch" => What::Latch,
            "set-barrier" => What::SetBarrier,
            "lift-barrier" => What::LiftBarrier,
            "await-barrier" => What::AwaitBarrier,
            "double-barrier" => What::DoubleBarrier(self.number("how many clients", 1000)?),
            "gather" => What::Gather(self.number("how many clients", 1000)?),
            "put" => {
                let data = self.text("what is put in")?;
                let has_priority = self.takes("priority");
                let priority = has_priority.then(|| self.priority()).transpose()?;
                What::Put { data, priority }
            }
            "take" => What::Take,
            "join" => {
                let name = self.name("the name")?;
                let is_term = |word: &String| TERM_WORDS.contains(&word.as_str());
                let has_data = self.rest.first().is_some_and(|word| !is_term(word));
                let data = if has_data { self.text("the data")? } else { "".into() };
                What::Join { name, data }
            }
            "members" => What::Members,
            "pick" => What::Pick,
            "publish" => What::Publish(self.text("the data")?),
            "subscribe" => What::Subscribe,
            "name" => What::Name,
            "count" => {
                let word = self.word("by how much")?;
                let digits = word.strip_prefix('-').unwrap_or(word);
                let is_plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                let by = word.parse().ok().filter(|_| is_plain);
                What::Count(by.ok_or("it counts on by a whole number")?)
            }
            "commit" => {
                let mut sites = vec![self.name("a site")?];
                while self.rest.first().is_some_and(|w| !TERM_WORDS.contains(&w.as_str())) {
                    sites.push(self.name("a site")?);
                }
                What::Commit(sites.into())
            }
            "vote" => {
                let site = self.name("the site")?;
                let votes = [("commit", true), ("abort", false)];
                What::Vote { site, is_commit: self.one_of("the vote", &votes)? }
            }
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

/// Words with which terms begin.
const TERM_WORDS: [&str; 6] = ["hold", "times", "suspended", "lost", "unprotected", "writes"];

const SUSPENDED: [(&str, OnSuspended); 2] =
    [("doubt", OnSuspended::Doubt), ("trust", OnSuspended::Trust)];
const LOST: [(&str, OnLost); 2] = [("stop", OnLost::Stop), ("ignore", OnLost::Ignore)];
const RESOURCES: [(&str, Resource); 2] = [("open", Resource::Open), ("fenced", Resource::Fenced)];

fn name<T: PartialEq>(known: &[(&'static str, T)], value: &T) -> &'static str {
    known.iter().find(|(_, known)| known == value).map_or("", |(name, _)| name)
}

/// A word as it is typed.
pub(super) fn word(text: &str) -> String {
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
            let more = write_more(what);
            format!("{} {}{more}{}", what.verb(), word(path), write_terms(terms))
        }
    }
}

fn write_more(what: &What) -> String {
    let words = |all: &[Rc<str>]| all.iter().map(|one| format!(" {}", word(one))).collect();
    match what {
        What::Lock
        | What::Mutex
        | What::SemaphoreMutex
        | What::HerdLock
        | What::ReadLock
        | What::WriteLock
        | What::RevocableLock
        | What::Revoke
        | What::Elect
        | What::Latch
        | What::SetBarrier
        | What::LiftBarrier
        | What::AwaitBarrier
        | What::Take
        | What::Members
        | What::Pick
        | What::Subscribe
        | What::Name => String::new(),
        What::MultiLock(paths) => words(paths),
        What::Semaphore(number) | What::DoubleBarrier(number) | What::Gather(number) => {
            format!(" {number}")
        }
        What::Put { data, priority: None } | What::Publish(data) => format!(" {}", word(data)),
        What::Put { data, priority: Some(priority) } => {
            format!(" {} priority {priority}", word(data))
        }
        What::Join { name, data } if data.is_empty() => format!(" {}", word(name)),
        What::Join { name, data } => format!(" {} {}", word(name), word(data)),
        What::Count(by) => format!(" {by}"),
        What::Commit(sites) => words(sites),
        What::Vote { site, is_commit } => {
            format!(" {} {}", word(site), if *is_commit { "commit" } else { "abort" })
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
        Told::Done(text) | Told::Sees(text) => Ok(format!("{path}: {text}")),
        Told::Released => Ok(format!("{path}: given back")),
        Told::Suspended => Err(format!("{path}: SUSPENDED, perhaps not held any more")),
        Told::StillHolds => Ok(format!("{path}: RECONNECTED, still held")),
        Told::Lost => Err(format!("{path}: LOST, not held any more")),
        Told::Failed(error) => Err(format!("{path}: KeeperErrorCode = {}", error.text())),
        Told::NothingHeld => Err(format!("{path}: nothing to give back")),
    }
}

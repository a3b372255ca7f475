//! Recipes in scripts: `c1> lock /locks/a hold 2s`, `contend c 5 > lock /locks/a`, and what can be
//! expected of them.

use super::text::{Cursor, quoted};
use super::verbs::{self, client_name, is_plain, read_client_name};
use super::{MOST_CLIENTS, Scope, ScriptError};
use crate::lab::zkcli::{self, Command, recipes};
use crate::recipe::Ask;
use crate::sim::action::{Action, Contest};
use std::rc::Rc;

/// What stands after `>`.
fn ask(cursor: &mut Cursor) -> Result<Ask, ScriptError> {
    let at = cursor.at();
    if !cursor.takes_symbol('>') {
        return Err(cursor.expected_at(at, "> and what they ask, such as > lock /locks/a"));
    }
    let at = cursor.at();
    match zkcli::parse(cursor.rest()) {
        Ok(Command::Recipe(ask)) => Ok(ask),
        Ok(
            Command::Blank
            | Command::Ask(_)
            | Command::Help(_)
            | Command::History
            | Command::Redo(_)
            | Command::Connect(_)
            | Command::Quit
            | Command::PrintWatches(_)
            | Command::Version,
        ) => Err(cursor.expected_at(at, "a recipe such as lock /locks/a")),
        Err(zkcli::CommandError::Unknown(_)) => {
            Err(cursor.expected_at(at, "a recipe such as lock /locks/a"))
        }
        Err(error) => Err(cursor.error_at(at, verbs::in_a_line(&error.to_string()))),
    }
}

/// `contend c 5 timeout 10s > lock /locks/a`.
pub fn contend(cursor: &mut Cursor, scope: &mut Scope) -> Result<Action, ScriptError> {
    let at = cursor.at();
    let name: Rc<str> = read_client_name(cursor)?.into();
    let count_at = cursor.at();
    let count: u16 = cursor.number("how many clients")?;
    if !(1..=Contest::MOST).contains(&count) {
        let message = format!("from 1 to {} clients", Contest::MOST);
        return Err(cursor.expected_at(count_at, &message));
    }
    let library = verbs::library(cursor);
    let timeout_ms = verbs::timeout_ms(cursor)?;
    let servers = verbs::known_servers(cursor, scope)?;
    let mut contest =
        Contest { name, count, servers, timeout_ms, library, ask: Ask::Unlock("/".into()) };
    contest.names().for_each(|name| scope.add_client(&name));
    if MOST_CLIENTS < scope.clients.len() {
        return Err(cursor.error_at(at, format!("more than {MOST_CLIENTS} clients")));
    }
    contest.ask = ask(cursor)?;
    Ok(Action::Contend(contest))
}

/// A contest as it is written.
pub fn write_contest(contest: &Contest, scope: &Scope) -> String {
    let Contest { name, count, servers, timeout_ms, library, ask } = contest;
    let handle = verbs::write_handle(*library, *timeout_ms, false, servers, scope);
    format!("contend {} {count}{handle} > {}", client_name(name), recipes::write(ask))
}

/// What a client asks of a recipe as it is written; `prompt` is `>` if the script waits, else `>>`.
pub fn write_ask(name: &str, prompt: &str, ask: &Ask) -> String {
    let line = recipes::write(ask);
    match (is_plain(&line), prompt) {
        (true, prompt) => format!("{name}{prompt} {line}"),
        (false, ">") => format!("ask {name} {}", quoted(line.as_bytes())),
        (false, _) => format!("type {name} {}", quoted(line.as_bytes())),
    }
}

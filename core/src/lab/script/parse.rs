//! Reading a text: line by line, every mistake told with its place.

use super::branches::{FIRST, Scopes};
use super::text::Cursor;
use super::verbs::{self, client_at, read_client_name};
use super::{
    Body, Line, MOST_BYTES, MOST_ERRORS, MOST_LINE_BYTES, MOST_LINES, Moment, PATIENCE_US, Scope,
    Script, ScriptError, Statement, Step, VERSION, expect,
};
use crate::config::{Config, Role};
use crate::lab::branches::MOST_BRANCHES;
use crate::lab::scenario::{MOST_SERVERS, ServerLine};
use crate::lab::zkcli::{self, Command};
use crate::lab::{Scenario, ScenarioError};
use crate::mistake::Mistake;
use crate::recipe::Ask;
use crate::sim::action::Action;
use crate::sorted::Map;
use crate::txn::Op;
use crate::types::{ClientId, Time};
use std::rc::Rc;

/// Understands a text.
///
/// # Errors
/// With every mistake in it, in order, but no more than [`MOST_ERRORS`].
pub fn parse(text: &str) -> Result<Script, Vec<ScriptError>> {
    let whole = |message: String| vec![ScriptError { line: 1, column: 1, message }];
    if MOST_BYTES < text.len() {
        return Err(whole(format!("the text has more than {MOST_BYTES} bytes")));
    }
    let mut parser = Parser::default();
    for (n, line) in text.lines().enumerate() {
        if MOST_LINES <= n {
            return Err(whole(format!("the text has more than {MOST_LINES} lines")));
        }
        parser.line(line, n as u32 + 1);
        if MOST_ERRORS <= parser.errors.len() {
            return Err(parser.errors);
        }
    }
    parser.end_of_head(parser.script.lines.len() as u32);
    if parser.errors.is_empty() { Ok(parser.script) } else { Err(parser.errors) }
}

/// Understands a part of a longer text: lines with their numbers. `scope` is what names stand for
/// before it, and after it. Without one the part begins with its ensemble.
///
/// Every mistake is told, in order, but no more than [`MOST_ERRORS`]; then `scope` is worth little.
pub fn parse_part<'a>(
    lines: impl Iterator<Item = (u32, &'a str)>,
    above: u32,
    scope: &mut Option<Scope>,
) -> (Script, Vec<ScriptError>) {
    let mut parser = Parser::default();
    if let Some(scope) = scope.take() {
        parser = Parser { scope, first_step: Some(above), ..parser };
    }
    for (number, line) in lines {
        if parser.errors.len() < MOST_ERRORS {
            parser.line(line, number);
        }
    }
    parser.end_of_head(above);
    *scope = Some(parser.scope);
    (parser.script, parser.errors)
}

#[derive(Default)]
struct Parser {
    script: Script,
    errors: Vec<ScriptError>,
    scope: Scope,
    config: Config,
    scenario: Scenario,
    /// The lines on which title, ensemble and seed stand.
    title: Option<u32>,
    about: Option<u32>,
    ensemble: Option<u32>,
    seed: Option<u32>,
    /// The line of each server that has one.
    servers: Map<u8, u32>,
    /// The line of the first step.
    first_step: Option<u32>,
    end: Option<u32>,
    cursor: Option<u32>,
    /// The line that says which branch runs.
    current: Option<u32>,
    /// Which names are known on which branch.
    scopes: Scopes,
    branches: usize,
    is_branched: bool,
}

impl Parser {
    fn line(&mut self, line: &str, number: u32) {
        let read = match MOST_LINE_BYTES < line.len() {
            true => Err(ScriptError {
                line: number,
                column: 1,
                message: format!("the line has more than {MOST_LINE_BYTES} bytes"),
            }),
            false => self.read_line(line, number),
        };
        match read {
            Ok(line) => self.script.lines.push(line),
            Err(error) => {
                self.script.lines.push(Line::default());
                self.errors.push(error);
            }
        }
    }

    fn read_line(&mut self, line: &str, number: u32) -> Result<Line, ScriptError> {
        let mut cursor = Cursor::new(line, number);
        if let Some((at, c)) = line.char_indices().find(|(_, c)| c.is_control() && *c != '\t') {
            return Err(cursor.error_at(at, format!("a line cannot hold the character {c:?}")));
        }
        let statement =
            if cursor.is_over() { None } else { Some(self.statement(&mut cursor, number)?) };
        let comment = cursor.end()?.map(str::to_owned);
        Ok(Line { statement, comment })
    }

    fn statement(&mut self, cursor: &mut Cursor, number: u32) -> Result<Statement, ScriptError> {
        let at = cursor.at();
        if let Some(statement) = self.head_statement(cursor, number)? {
            return match self.first_step {
                None => Ok(statement),
                Some(first) => Err(cursor.error_at(
                    at,
                    format!("this must stand before the first step, which is on line {first}"),
                )),
            };
        }
        self.end_of_head(number);
        if cursor.takes("mark") {
            return Ok(Statement::Mark);
        }
        if cursor.takes("branch") {
            return self.branch(cursor, at);
        }
        if cursor.takes("current") {
            if let Some(first) = self.current.replace(number) {
                return Err(cursor.error_at(at, format!("this was said already, on line {first}")));
            }
            let at = cursor.at();
            let number = cursor.number("the number of a branch")?;
            return match self.scopes.steps(number) {
                Some(_) => Ok(Statement::Current(number)),
                None => Err(cursor.error_at(at, format!("there is no branch {number}"))),
            };
        }
        if cursor.takes("end") {
            let (events, at) = place(cursor, &mut self.end, number, at)?;
            let mut acted = Vec::new();
            while !cursor.is_over() {
                let last = acted.last().copied().unwrap_or_default();
                let step: u32 = cursor.number("how many events later the next action was")?;
                acted.push(step.wrapping_add(last));
            }
            return Ok(Statement::End { events, at, acted });
        }
        if cursor.takes("cursor") {
            let (events, at) = place(cursor, &mut self.cursor, number, at)?;
            return Ok(Statement::Cursor { events, at });
        }
        let step = self.step(cursor).map(Statement::Step)?;
        self.scopes.leave(&step, &self.scope);
        Ok(step)
    }

    /// `branch 2 "a name" from 1 after 3`; the first without where it comes from.
    fn branch(&mut self, cursor: &mut Cursor, at: usize) -> Result<Statement, ScriptError> {
        let place = cursor.at();
        let number: u32 = cursor.number("the number of a branch")?;
        let name = match cursor.is_next("from") || cursor.is_over() {
            true => None,
            false => Some(cursor.text("a name in quotes")?),
        };
        let from = if cursor.takes("from") {
            let at = cursor.at();
            let from = cursor.number("the number of a branch")?;
            let Some(most) = self.scopes.steps(from) else {
                return Err(cursor.error_at(at, format!("there is no branch {from} yet")));
            };
            cursor.takes("after");
            let at = cursor.at();
            let steps = cursor.number("how many steps it shares")?;
            if most < steps {
                return Err(cursor.error_at(at, format!("branch {from} has only {most} steps")));
            }
            Some((from, steps))
        } else {
            None
        };
        if from.is_none() && (self.is_branched || self.scopes.steps(FIRST) != Some(0)) {
            return Err(cursor.error_at(at, "expected from and the branch that it left"));
        }
        if from.is_some() && self.scopes.steps(number).is_some() {
            return Err(cursor.error_at(place, format!("there is a branch {number} already")));
        }
        self.is_branched = true;
        self.branches += 1;
        if MOST_BRANCHES < self.branches {
            return Err(
                cursor.error_at(at, format!("there are more than {MOST_BRANCHES} branches"))
            );
        }
        (self.end, self.cursor) = (None, None);
        let statement = Statement::Branch { number, name, from };
        self.scopes.enter(&statement, &mut self.scope);
        Ok(statement)
    }

    /// A statement about what there is, if it is one.
    fn head_statement(
        &mut self,
        cursor: &mut Cursor,
        number: u32,
    ) -> Result<Option<Statement>, ScriptError> {
        let at = cursor.at();
        let once = |cursor: &Cursor, before: &mut Option<u32>| match before.replace(number) {
            Some(first) if first != number => {
                let message = format!("this was said already, on line {first}");
                Err(cursor.error_at(at, message))
            }
            Some(_) | None => Ok(()),
        };
        let statement = if cursor.takes("zklab") {
            let expected = "zklab 2 on the first line: the version of the language";
            let version: u32 = cursor.number("a version")?;
            if number != 1 || VERSION != format!("zklab {version}") {
                return Err(cursor.expected_at(at, expected));
            }
            Statement::Version
        } else if cursor.takes("title") {
            once(cursor, &mut self.title)?;
            Statement::Title(cursor.text("a text in quotes")?)
        } else if cursor.takes("about") {
            once(cursor, &mut self.about)?;
            Statement::About(cursor.text("a text in quotes")?)
        } else if cursor.takes("ensemble") {
            once(cursor, &mut self.ensemble)?;
            let participants = cursor.number("how many servers vote")?;
            let observers =
                if cursor.takes("observers") { cursor.number("how many observers")? } else { 0 };
            (self.scenario.participants, self.scenario.observers) = (participants, observers);
            let asked = u16::from(participants) + u16::from(observers);
            if u16::from(MOST_SERVERS) < asked {
                let error = ScenarioError::TooManyServers { asked };
                return Err(cursor.error_at(at, error.to_string()));
            }
            Statement::Ensemble { participants, observers }
        } else if cursor.takes("server") {
            let place = cursor.at();
            let line = server(cursor)?;
            if let Some(first) = self.servers.insert(line.id, number) {
                return Err(
                    cursor.error_at(place, format!("this was said already, on line {first}"))
                );
            }
            self.scenario.servers.push(line.clone());
            Statement::Server(line)
        } else if cursor.takes("seed") {
            once(cursor, &mut self.seed)?;
            Statement::Seed(cursor.number("a seed, a whole number")?)
        } else if cursor.takes("set") {
            let at = cursor.at();
            let key = cursor.text("a key of zoo.cfg")?;
            let value = cursor.text("its value")?;
            self.set(cursor, at, &key, &value)?;
            self.scenario.config.push((key.clone(), value.clone()));
            Statement::Set { key, value }
        } else if cursor.takes("mistake") {
            let at = cursor.at();
            let name = cursor.text("the name of a mistake")?;
            let name: String = name.chars().take(40).collect();
            let known: Result<Mistake, _> = name.parse();
            Statement::Mistake(known.map_err(|error| cursor.error_at(at, error.to_string()))?)
        } else {
            return Ok(None);
        };
        Ok(Some(statement))
    }

    fn set(
        &mut self,
        cursor: &Cursor,
        at: usize,
        key: &str,
        value: &str,
    ) -> Result<(), ScriptError> {
        self.config.set(key, value).map_err(|error| cursor.error_at(at, error.to_string()))
    }

    /// The first step begins, or the text ends: now it is known which servers there are.
    fn end_of_head(&mut self, number: u32) {
        if self.first_step.is_some() {
            return;
        }
        self.first_step = Some(number);
        match self.scenario.world() {
            Ok(world) => {
                self.scope.servers = world.servers.into_keys().collect();
                self.scopes.begin(&self.scope);
            }
            // What is wrong already is not told twice.
            Err(_) if !self.errors.is_empty() => {}
            Err(error) => {
                let line = self.ensemble.unwrap_or(number).max(1);
                self.errors.push(ScriptError { line, column: 1, message: error.to_string() });
            }
        }
    }

    fn step(&mut self, cursor: &mut Cursor) -> Result<Step, ScriptError> {
        if cursor.takes("run") {
            let moment = Moment::After(cursor.time()?);
            return Ok(Step { moment, body: Body::Pass });
        }
        let moment = if cursor.takes("at") {
            Moment::At(Time(cursor.time()?))
        } else if cursor.takes("after") {
            Moment::After(cursor.time()?)
        } else {
            Moment::Now
        };
        if moment != Moment::Now && cursor.is_over() {
            return Ok(Step { moment, body: Body::Pass });
        }
        Ok(Step { moment, body: self.body(cursor)? })
    }

    fn body(&mut self, cursor: &mut Cursor) -> Result<Body, ScriptError> {
        let at = cursor.at();
        if let Some(client) = self.prompt(cursor)? {
            let waits = !cursor.takes_symbol('>');
            let at = cursor.at();
            let line: Rc<str> = cursor.rest().into();
            return typed(cursor, at, client, line, waits);
        }
        for (keyword, waits) in [("ask", true), ("type", false)] {
            if cursor.takes(keyword) {
                let client = client_at(cursor, &self.scope)?;
                let at = cursor.at();
                let line: Rc<str> = cursor.text("a line in quotes")?.into();
                return typed(cursor, at, client, line, waits);
            }
        }
        if cursor.takes("until") {
            let condition = expect::read(cursor, &self.scope)?;
            let within_us = within(cursor)?.unwrap_or(PATIENCE_US);
            return Ok(Body::Until { condition, within_us });
        }
        if cursor.takes("expect") {
            let is_not = cursor.takes("no");
            let condition = expect::read(cursor, &self.scope)?;
            return Ok(Body::Expect { condition, is_not, within_us: within(cursor)? });
        }
        match verbs::read(cursor, &mut self.scope)? {
            Some(action) => Ok(Body::Act(action)),
            None => Err(cursor.expected_at(at, &verbs::expected(cursor, at))),
        }
    }

    /// `c1>`, if the line goes on with that.
    fn prompt(&self, cursor: &mut Cursor) -> Result<Option<ClientId>, ScriptError> {
        let at = cursor.at();
        let name = read_client_name(cursor).ok().filter(|_| cursor.takes_symbol('>'));
        let Some(name) = name else {
            cursor.back_to(at);
            return Ok(None);
        };
        let unknown = || cursor.error_at(at, format!("there is no client {name:?} yet"));
        self.scope.client(&name).map(Some).ok_or_else(unknown)
    }
}

/// What a line of zkCli asks for.
fn typed(
    cursor: &Cursor,
    at: usize,
    client: ClientId,
    line: Rc<str>,
    waits: bool,
) -> Result<Body, ScriptError> {
    let asked = asked(&line).map_err(|problem| cursor.error_at(at, problem))?;
    Ok(match (asked, waits) {
        (Asked::Server(op), true) => Body::Ask { client, op, line },
        (Asked::Server(op), false) => Body::Act(Action::Submit { client, op, line: Some(line) }),
        (Asked::Recipe(ask), true) => Body::Follow { client, ask },
        (Asked::Recipe(ask), false) => Body::Act(zkcli::recipes::action(client, ask)),
    })
}

/// What a line asks, and of whom.
enum Asked {
    Server(Op),
    Recipe(Ask),
}

/// The request that a line of zkCli is.
fn asked(line: &str) -> Result<Asked, String> {
    match zkcli::parse(line) {
        Ok(Command::Ask(op)) => Ok(Asked::Server(op)),
        Ok(Command::Recipe(ask)) => Ok(Asked::Recipe(ask)),
        Ok(Command::Blank) => Err("expected a command of zkCli".to_owned()),
        Ok(
            Command::History
            | Command::Help(_)
            | Command::Redo(_)
            | Command::Connect(_)
            | Command::Quit
            | Command::PrintWatches(_)
            | Command::Version,
        ) => Err(format!("{:?} asks nothing of a server", line.trim())),
        Err(zkcli::CommandError::Unknown(word)) => {
            let word: String = word.chars().take(40).collect();
            Err(format!("zkCli has no command {word:?}"))
        }
        Err(
            error @ (zkcli::CommandError::Usage { .. }
            | zkcli::CommandError::Path(_)
            | zkcli::CommandError::Recipe(_)),
        ) => Err(verbs::in_a_line(&error.to_string())),
    }
}

fn within(cursor: &mut Cursor) -> Result<Option<u64>, ScriptError> {
    if cursor.takes("within") { cursor.time().map(Some) } else { Ok(None) }
}

/// How many events, and a moment.
fn place(
    cursor: &mut Cursor,
    before: &mut Option<u32>,
    number: u32,
    at: usize,
) -> Result<(u32, Time), ScriptError> {
    if let Some(first) = before.replace(number) {
        return Err(cursor.error_at(at, format!("this was said already, on line {first}")));
    }
    Ok((cursor.number("how many events")?, Time(cursor.time()?)))
}

fn server(cursor: &mut Cursor) -> Result<ServerLine, ScriptError> {
    let number = |word: &str| word.strip_prefix('s').unwrap_or(word).parse().ok();
    let is_possible = |id: &u8| (1..=MOST_SERVERS).contains(id);
    let id = cursor.read("a server from 1 to 99", |word| number(word).filter(is_possible))?;
    let at = cursor.at();
    let role = match cursor.takes("observer") {
        true => Role::Observer,
        false => {
            // What it is if nothing is said.
            cursor.takes("participant");
            Role::Participant
        }
    };
    let mut line = ServerLine { id, role, group: None, weight: None, joins: false };
    if cursor.takes("group") {
        line.group = Some(cursor.number("the number of a group")?);
    }
    if cursor.takes("weight") {
        line.weight = Some(cursor.number("a weight")?);
    }
    line.joins = cursor.takes("joins");
    if at == cursor.at() {
        return Err(cursor.expected_at(at, "participant, observer, group N, weight N or joins"));
    }
    Ok(line)
}

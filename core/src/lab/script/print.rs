//! Writing a script: its one canonical form.

use super::branches::Scopes;
use super::text::{quoted, time, word};
use super::verbs::{client_name, is_plain};
use super::{
    Body, Condition, Line, Moment, PATIENCE_US, Scope, Script, Statement, Step, expect, recipes,
    verbs,
};
use crate::config::Role;
use crate::lab::Scenario;
use crate::lab::scenario::ServerLine;
use crate::sim::action::Action;
use crate::types::Time;

/// A script as text, line for line. Reading it gives the script again.
pub fn format(script: &Script) -> String {
    let mut scope = Scope { servers: script.scenario().server_ids(), clients: Vec::new() };
    let mut text = String::new();
    let mut scopes = Scopes::new(&scope);
    for line in &script.lines {
        if let Some(statement) = &line.statement {
            scopes.enter(statement, &mut scope);
        }
        let statement = line.statement.as_ref().map(|said| write_statement(said, &mut scope));
        if let Some(said) = &line.statement {
            scopes.leave(said, &scope);
        }
        let comment = line.comment.as_ref().map(|comment| match comment.is_empty() {
            true => "#".to_owned(),
            false => format!("# {comment}"),
        });
        text += &statement.iter().chain(&comment).map(String::as_str).collect::<Vec<_>>().join(" ");
        text.push('\n');
    }
    text
}

/// A run as a script: what it began with, what was done and when, and what came of it. The moments
/// are exact: run again, it is the same run, provided that what was done at a moment came after
/// everything else that was due at it, as it does in a [`crate::lab::timeline::Timeline`].
pub fn of_run(scenario: &Scenario, actions: &[(Time, Action)], expected: &[Condition]) -> Script {
    let mut lines = head(scenario);
    lines.extend(
        actions.iter().map(|(at, action)| step(Moment::At(*at), Body::Act(action.clone()))),
    );
    lines.extend(expected.iter().map(|condition| {
        let condition = condition.clone();
        step(Moment::Now, Body::Expect { condition, is_not: false, within_us: None })
    }));
    let line = |statement| Line { statement: Some(statement), comment: None };
    Script { lines: lines.into_iter().map(line).collect() }
}

/// A step.
pub(in crate::lab) fn step(moment: Moment, body: Body) -> Statement {
    Statement::Step(Step { moment, body })
}

/// A scenario as statements.
pub(in crate::lab) fn head(scenario: &Scenario) -> Vec<Statement> {
    let Scenario { participants, observers, servers, seed, config, mistakes } = scenario;
    let (participants, observers) = (*participants, *observers);
    let mut head = vec![Statement::Ensemble { participants, observers }];
    head.extend(servers.iter().cloned().map(Statement::Server));
    head.push(Statement::Seed(*seed));
    let config = config.iter().cloned();
    head.extend(config.map(|(key, value)| Statement::Set { key, value }));
    head.extend(mistakes.iter().map(Statement::Mistake));
    head
}

/// A statement as it is written. Clients that it makes have names from here on.
pub fn write_statement(statement: &Statement, scope: &mut Scope) -> String {
    match statement {
        Statement::Version => super::VERSION.to_owned(),
        Statement::Title(title) => format!("title {}", quoted(title.as_bytes())),
        Statement::About(about) => format!("about {}", quoted(about.as_bytes())),
        Statement::Ensemble { participants, observers: 0 } => format!("ensemble {participants}"),
        Statement::Ensemble { participants, observers } => {
            format!("ensemble {participants} observers {observers}")
        }
        Statement::Server(ServerLine { id, role, group, weight, joins }) => {
            let role = match (role, group, weight) {
                (Role::Observer, _, _) => " observer",
                (Role::Participant, None, None) => " participant",
                (Role::Participant, _, _) => "",
            };
            let group = group.map_or_else(String::new, |group| format!(" group {group}"));
            let weight = weight.map_or_else(String::new, |weight| format!(" weight {weight}"));
            let joins = if *joins { " joins" } else { "" };
            format!("server {id}{role}{group}{weight}{joins}")
        }
        Statement::Seed(seed) => format!("seed {seed}"),
        Statement::Set { key, value } => format!("set {} {}", word(key), word(value)),
        Statement::Mistake(mistake) => format!("mistake {mistake}"),
        Statement::Step(step) => write_step(step, scope),
        Statement::Mark => "mark".to_owned(),
        Statement::Branch { number, name, from } => {
            let name = name.as_ref().map(|name| format!(" {}", quoted(name.as_bytes())));
            let from = from.map(|(from, steps)| format!(" from {from} after {steps}"));
            format!("branch {number}{}{}", name.unwrap_or_default(), from.unwrap_or_default())
        }
        Statement::Current(number) => format!("current {number}"),
        Statement::End { events, at, acted } => {
            let mut last = 0;
            let steps = acted.iter().map(|index| {
                let step = index.wrapping_sub(last);
                last = *index;
                format!(" {step}")
            });
            format!("end {events} {}{}", time(at.0), steps.collect::<String>())
        }
        Statement::Cursor { events, at } => format!("cursor {events} {}", time(at.0)),
    }
}

fn write_step(step: &Step, scope: &mut Scope) -> String {
    if let Body::Act(Action::Connect { name, .. }) = &step.body {
        scope.add_client(name);
    }
    if let Body::Act(Action::Contend(contest)) = &step.body {
        contest.names().for_each(|name| scope.add_client(&name));
    }
    if let Body::Act(Action::AddServer { server, .. }) = &step.body {
        scope.add_server(*server);
    }
    let moment = match (step.moment, &step.body) {
        (Moment::After(us), Body::Pass) => return format!("run {}", time(us)),
        (Moment::Now, _) => String::new(),
        (Moment::At(at), Body::Pass) => return format!("at {}", time(at.0)),
        (Moment::At(at), _) => format!("at {} ", time(at.0)),
        (Moment::After(us), _) => format!("after {} ", time(us)),
    };
    let body = match &step.body {
        // Without a moment nothing would stand there; no text says that.
        Body::Pass => "run 0s".to_owned(),
        Body::Act(action) => verbs::write(action, scope),
        Body::Ask { client, line, .. } => {
            let name = client_name(scope.name(*client));
            match is_plain(line) {
                true => format!("{name}> {line}"),
                false => format!("ask {name} {}", quoted(line.as_bytes())),
            }
        }
        Body::Follow { client, ask } => {
            recipes::write_ask(&client_name(scope.name(*client)), ">", ask)
        }
        Body::Until { condition, within_us } => {
            let within = match *within_us {
                PATIENCE_US => String::new(),
                us => format!(" within {}", time(us)),
            };
            format!("until {}{within}", expect::write(condition, scope))
        }
        Body::Expect { condition, is_not, within_us } => {
            let no = if *is_not { "no " } else { "" };
            let within = within_us.map_or_else(String::new, |us| format!(" within {}", time(us)));
            format!("expect {no}{}{within}", expect::write(condition, scope))
        }
    };
    moment + &body
}

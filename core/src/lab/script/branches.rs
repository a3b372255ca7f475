//! Branches in a script: which lines are whose, and which names are known on each.
//!
//! ```text
//! at 0s start
//! at 5s kill s3
//! branch 2 "the other way" from 1 after 1
//! at 5s kill s1
//! current 2
//! ```

use super::{Scope, Script, Statement};
use crate::sorted::Map;

/// The branch of steps before any `branch`.
pub const FIRST: u32 = 1;

/// Which servers and clients there are on each branch, after each of its steps.
#[derive(Clone, Debug)]
pub struct Scopes {
    current: u32,
    /// For each branch how many steps it has, and the scopes from a step on.
    known: Map<u32, Known>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    steps: u32,
    scopes: Vec<(u32, Scope)>,
}

impl Default for Scopes {
    fn default() -> Scopes {
        Scopes::new(&Scope::default())
    }
}

impl Scopes {
    /// Nothing has happened.
    pub fn new(scope: &Scope) -> Scopes {
        let first = Known { steps: 0, scopes: vec![(0, scope.clone())] };
        Scopes { current: FIRST, known: Map::from([(FIRST, first)]) }
    }

    /// How many steps a branch has, if it is there.
    pub fn steps(&self, number: u32) -> Option<u32> {
        self.known.get(&number).map(|known| known.steps)
    }

    /// The head is over: these servers are there before the first step.
    pub fn begin(&mut self, scope: &Scope) {
        *self = Scopes::new(scope);
    }

    /// Before a statement: if it is a branch, its names are those of where it left another.
    pub fn enter(&mut self, statement: &Statement, scope: &mut Scope) {
        let Statement::Branch { number, from, .. } = statement else { return };
        match from {
            Some((from, steps)) => {
                let mut known = self.known.get(from).cloned().unwrap_or_default();
                known.scopes.retain(|(at, _)| at <= steps);
                known.steps = *steps;
                if let Some((_, then)) = known.scopes.last() {
                    *scope = then.clone();
                }
                self.known.insert(*number, known);
            }
            None => {
                let first = self.known.remove(&self.current).unwrap_or_default();
                self.known.insert(*number, first);
            }
        }
        self.current = *number;
    }

    /// After a statement: if it is a step, what it has made is known from here on.
    pub fn leave(&mut self, statement: &Statement, scope: &Scope) {
        let Statement::Step(_) = statement else { return };
        let known = self.known.entry(self.current).or_default();
        known.steps += 1;
        if known.scopes.last().is_none_or(|(_, then)| then != scope) {
            known.scopes.push((known.steps, scope.clone()));
        }
    }
}

/// A branch and its lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: Option<String>,
    /// The branch it left, and after how many of its steps.
    pub from: Option<(u32, u32)>,
    /// Which lines of the script are its own or shared, from 0.
    pub lines: Vec<usize>,
}

/// The branches of a script in the order in which they stand, and the place of the one that runs.
pub fn parts(script: &Script) -> (Vec<Part>, usize) {
    let mut parts = vec![Part { number: FIRST, name: None, from: None, lines: Vec::new() }];
    let mut current = None;
    for (n, line) in script.lines.iter().enumerate() {
        match &line.statement {
            Some(Statement::Current(number)) => current = Some(*number),
            Some(Statement::Branch { number, name, from: None }) => {
                parts[0].number = *number;
                parts[0].name.clone_from(name);
            }
            Some(Statement::Branch { number, name, from: Some((from, steps)) }) => {
                let shared = parts.iter().find(|part| part.number == *from);
                let mut left = *steps;
                let is_step =
                    |n: &usize| matches!(script.lines[*n].statement, Some(Statement::Step(_)));
                let lines = shared.into_iter().flat_map(|part| &part.lines).copied();
                let lines = lines.take_while(|n| {
                    let is_in = !is_step(n) || 0 < left;
                    left -= u32::from(is_step(n) && is_in);
                    is_in
                });
                let is_place = |n: &usize| {
                    let said = &script.lines[*n].statement;
                    matches!(said, Some(Statement::End { .. } | Statement::Cursor { .. }))
                };
                let lines = lines.filter(|n| !is_place(n)).collect();
                let (number, name) = (*number, name.clone());
                parts.push(Part { number, name, from: Some((*from, *steps)), lines });
            }
            Some(_) => parts.last_mut().into_iter().for_each(|part| part.lines.push(n)),
            None => {}
        }
    }
    let place = current.and_then(|number| parts.iter().position(|part| part.number == number));
    (parts, place.unwrap_or_default())
}

//! Standing in line: a node with a number for each, the lowest holds, everybody else watches one of
//! those before.
//!
//! ```text
//!   /locks/a ── lock-…01 c1 holds
//!            ├─ lock-…02 c3 ──watches──▶ …01
//!            └─ lock-…03 c2 ──watches──▶ …02       one goes: one is woken
//! ```
//!
//! Whoever is woken looks again: the one before it may have died without ever having held. Locks for
//! readers and writers, elections and latches are the same line under another [`Rule`].
//!
//! ZooKeeper: the documentation's lock recipe, `WriteLock`, `LeaderElectionSupport`; Curator:
//! `LockInternals`, `StandardLockInternalsDriver`, `InterProcessReadWriteLock`, `LeaderLatch`,
//! `Revoker`. As Curator does, it watches with getData: exists would leave a watch where no node is.

use super::desk::{Answer, Desk};
use super::{Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::tree::path;
use crate::txn::{CreateMode, Op, Path, Reply, WatchEvent};
use crate::types::Zxid;
use crate::why::RecipeWhy;
use std::rc::Rc;

/// Who of a line may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rule {
    /// The first one.
    Exclusive,
    /// The same, and it may be asked to give back.
    Revocable,
    /// The first one: an election.
    Election,
    /// Whoever has no writer before it.
    Read,
    /// The first one, of readers and writers.
    Write,
}

impl Rule {
    /// What names of nodes have before the number. Curator's names.
    const fn part(self) -> &'static str {
        match self {
            Rule::Exclusive | Rule::Revocable => "lock-",
            Rule::Election => "latch-",
            Rule::Read => READ,
            Rule::Write => WRITE,
        }
    }

    /// The place of the one to wait for, if there is one.
    fn waits_for(self, line: &[Rc<str>], place: usize) -> Option<usize> {
        match self {
            Rule::Exclusive | Rule::Revocable | Rule::Election | Rule::Write => {
                place.checked_sub(1)
            }
            Rule::Read => line[..place].iter().rposition(|name| name.contains(WRITE)),
        }
    }
}

const READ: &str = "__READ__";
/// What a reader's name has besides whose client holds the path to write at that moment: it stands
/// before all others, also before a writer that waits already. Curator gives it its place at the end,
/// where a writer before it does not see it.
const DOWN: &str = "__DOWN__";
const WRITE: &str = "__WRIT__";
/// What a revoker writes into the holder's node.
pub(super) const REVOKE: &[u8] = b"__REVOKE__";

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Its own node.
    Own,
    /// Who stands in line.
    List,
    /// The watch on one before.
    Watch,
    /// The watch on its own node, where a revoker writes.
    Guard,
    /// Its own node goes.
    Delete,
    /// Its own node of before a reset goes.
    Drop,
}

/// One place in a line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    rule: Rule,
    desk: Desk<Step>,
    own: Option<(Path, Zxid)>,
    /// One before, once it is to be watched.
    watched: Option<Path>,
    /// How many stood before it when it looked last.
    before: u32,
    is_granted: bool,
    is_ending: bool,
}

impl Line {
    /// `lane` tells its requests from those of other lines of one recipe.
    pub(super) fn new(rule: Rule, lane: u32) -> Line {
        Line {
            rule,
            desk: Desk::new(lane),
            own: None,
            watched: None,
            before: 0,
            is_granted: false,
            is_ending: false,
        }
    }

    fn list(&mut self, turn: &mut Turn) {
        self.watched = None;
        let op = Op::GetChildren { path: turn.path.clone(), watch: false };
        self.desk.ask(Step::List, op, turn);
    }

    fn delete(&mut self, turn: &mut Turn) {
        if let Some((node, _)) = &self.own {
            let op = Op::Delete { path: node.clone(), version: -1 };
            self.desk.ask(Step::Delete, op, turn);
        }
    }

    fn on_list(&mut self, children: &[Rc<str>], turn: &mut Turn) {
        let Some((own, token)) = self.own.clone() else { return };
        let line = in_order(children);
        let Some(place) = line.iter().position(|name| **name == *path::name(&own)) else {
            // Somebody has deleted it: it joins again.
            self.own = None;
            self.begin(turn);
            return;
        };
        if own.contains(DOWN) {
            if !turn.holds_write {
                // It writes no more: no reason to stand before others.
                self.reset(turn);
                return;
            }
            turn.explain(RecipeWhy::Downgraded { path: turn.path.clone() });
        }
        match self.rule.waits_for(&line, place) {
            None => {
                self.is_granted = true;
                let line = line.len() as u32;
                turn.explain(RecipeWhy::Granted { node: own.clone(), token, line });
                turn.say(Said::Granted { node: own, token });
                if self.rule == Rule::Revocable {
                    self.guard(turn);
                }
            }
            Some(before) => {
                let watched: Path = path::join(&turn.path, &line[before]).into();
                self.watched = Some(watched.clone());
                self.before = place as u32;
                self.desk.ask(Step::Watch, Op::GetData { path: watched, watch: true }, turn);
            }
        }
    }

    fn guard(&mut self, turn: &mut Turn) {
        if let Some((node, _)) = &self.own {
            let op = Op::GetData { path: node.clone(), watch: true };
            self.desk.ask(Step::Guard, op, turn);
        }
    }

    fn on_guard(&mut self, data: &[u8], turn: &mut Turn) {
        if data == REVOKE
            && let Some((node, _)) = &self.own
        {
            turn.explain(RecipeWhy::Revoked { node: node.clone() });
            turn.say(Said::Revoked);
        }
    }

    fn on_watch(&mut self, answer: &Answer, turn: &mut Turn) {
        let (Some((node, _)), Some(watched)) = (self.own.clone(), self.watched.clone()) else {
            return;
        };
        if *answer == Err(KeeperError::NoNode) {
            turn.explain(RecipeWhy::WatchedGone { watched });
            self.list(turn);
        } else {
            let before = self.before;
            turn.explain(RecipeWhy::WaitsBehind { node, watched, before });
            turn.say(Said::Waits);
        }
    }
}

/// The names that end with a number, in the order of their numbers.
pub(super) fn in_order(children: &[Rc<str>]) -> Vec<Rc<str>> {
    let mut line: Vec<(u64, Rc<str>)> =
        children.iter().filter_map(|name| Some((number(name)?, name.clone()))).collect();
    line.sort_by_key(|(number, name)| (!name.contains(DOWN), *number));
    line.into_iter().map(|(_, name)| name).collect()
}

/// The ten digits at the end of a sequential name.
pub(super) fn number(name: &str) -> Option<u64> {
    let digits = name.get(name.len().checked_sub(10)?..)?;
    digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Where a node stands: by its number, but before all if its client went down from writing.
pub fn standing_of(name: &str) -> (bool, Option<u64>) {
    (!name.contains(DOWN), number(name))
}

/// Of nodes in order, how many hold: all readers before the first writer, or the first one.
pub(super) fn holding(names: &[&str]) -> usize {
    let readers = names.iter().take_while(|name| name.contains(READ)).count();
    readers.max(names.len().min(1))
}

impl Recipe for Line {
    type Step = Step;

    fn desk(&mut self) -> &mut Desk<Step> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        let (parent, mode) = (turn.path.clone(), CreateMode::EphemeralSequential);
        let is_down = self.rule == Rule::Read && turn.holds_write;
        let down = if is_down { DOWN } else { "" };
        let name = format!("{down}{}", self.rule.part());
        self.desk.create_own(Step::Own, (&*parent, &*name), Some([].into()), mode, turn);
    }

    fn answered(&mut self, step: Step, answer: Answer, turn: &mut Turn) {
        match (step, answer) {
            (Step::Own, Ok(Reply::Created { path, stat })) => {
                self.own = Some((path.clone(), stat.czxid));
                turn.explain(RecipeWhy::JoinedLine { node: path });
                if self.is_ending { self.delete(turn) } else { self.list(turn) }
            }
            (Step::List, Ok(Reply::Children { children, .. })) if !self.is_ending => {
                self.on_list(&children, turn);
            }
            (Step::Watch, answer @ (Ok(_) | Err(KeeperError::NoNode))) => {
                if !self.is_ending {
                    self.on_watch(&answer, turn);
                }
            }
            (Step::Guard, Ok(Reply::Data { data, .. })) => {
                self.on_guard(data.as_deref().unwrap_or_default(), turn);
            }
            (Step::Guard | Step::Drop, _) => {}
            (Step::Delete, Ok(_) | Err(KeeperError::NoNode)) => turn.say(Said::Ended),
            // Its parent has gone, and its node with it.
            (Step::List, Err(KeeperError::NoNode)) if !self.is_ending => {
                self.own = None;
                self.begin(turn);
            }
            (Step::List, _) if self.is_ending => {}
            (_, Err(error)) => turn.say(Said::Failed(error)),
            (_, Ok(_)) => turn.say(Said::Failed(KeeperError::MarshallingError)),
        }
    }

    fn changed(&mut self, event: &WatchEvent, turn: &mut Turn) {
        if self.is_ending {
            return;
        }
        if self.watched.as_ref() == Some(&event.path) {
            turn.explain(RecipeWhy::Woken { watched: event.path.clone() });
            self.list(turn);
        } else if self.is_granted
            && self.rule == Rule::Revocable
            && self.own.as_ref().is_some_and(|(node, _)| *node == event.path)
        {
            self.guard(turn);
        }
    }

    fn look_again(&mut self, turn: &mut Turn) {
        if self.is_ending {
            return;
        }
        if self.watched.is_some() {
            self.list(turn);
        } else if self.is_granted && self.rule == Rule::Revocable {
            self.guard(turn);
        }
    }

    fn end(&mut self, turn: &mut Turn) {
        self.is_ending = true;
        self.watched = None;
        self.delete(turn);
    }

    /// Gives its place up and stands in line again, at the end. Curator: `LeaderLatch.reset`.
    fn reset(&mut self, turn: &mut Turn) {
        if let Some((node, _)) = self.own.take() {
            self.desk.ask(Step::Drop, Op::Delete { path: node, version: -1 }, turn);
        }
        self.watched = None;
        self.is_granted = false;
        self.begin(turn);
    }

    fn standing(&self) -> Standing {
        let node = self.own.as_ref().map(|(node, _)| node.clone());
        Standing { node, watches: self.watched.iter().cloned().collect() }
    }
}

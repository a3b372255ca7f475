//! Standing in line: a node with a number for each, the lowest holds, everybody else watches the one
//! before.
//!
//! ```text
//!   /locks/a ── lock-…01 c1 holds
//!            ├─ lock-…02 c3 ──watches──▶ …01
//!            └─ lock-…03 c2 ──watches──▶ …02       one goes: one is woken
//! ```
//!
//! Whoever is woken looks again: the one before it may have died without ever having held.
//!
//! ZooKeeper: the documentation's lock recipe, `WriteLock`; Curator: `LockInternals`,
//! `StandardLockInternalsDriver`. As Curator does, it watches with getData: exists would leave a watch
//! where no node is.

use super::desk::{Answer, Desk};
use super::{Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::tree::path;
use crate::txn::{CreateMode, Op, Path, Reply, WatchEvent};
use crate::types::Zxid;
use crate::why::RecipeWhy;
use std::rc::Rc;

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Its own node.
    Own,
    /// Who stands in line.
    List,
    /// The watch on the one before.
    Watch,
    /// Its own node goes.
    Delete,
}

/// One place in a line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    desk: Desk<Step>,
    own: Option<(Path, Zxid)>,
    /// The node before, once it is to be watched.
    watched: Option<Path>,
    /// How many stood before it when it looked last.
    before: u32,
    is_ending: bool,
}

impl Line {
    pub(super) fn new() -> Line {
        Line { desk: Desk::default(), own: None, watched: None, before: 0, is_ending: false }
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
        let line = in_order(children, "lock-");
        let Some(place) = line.iter().position(|name| **name == *path::name(&own)) else {
            // Somebody has deleted it: it joins again.
            self.own = None;
            self.begin(turn);
            return;
        };
        match place.checked_sub(1) {
            None => {
                let line = line.len() as u32;
                turn.explain(RecipeWhy::Granted { node: own.clone(), token, line });
                turn.say(Said::Granted { node: own, token });
            }
            Some(before) => {
                let watched: Path = path::join(&turn.path, &line[before]).into();
                self.watched = Some(watched.clone());
                self.before = place as u32;
                self.desk.ask(Step::Watch, Op::GetData { path: watched, watch: true }, turn);
            }
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

/// The names of those in line, in the order of their numbers.
pub(super) fn in_order(children: &[Rc<str>], part: &str) -> Vec<Rc<str>> {
    let mut line: Vec<(u64, Rc<str>)> =
        children.iter().filter_map(|name| Some((number(name, part)?, name.clone()))).collect();
    line.sort();
    line.into_iter().map(|(_, name)| name).collect()
}

/// The number at the end of a name that has this part before it.
pub(super) fn number(name: &str, part: &str) -> Option<u64> {
    let (_, number) = name.rsplit_once(part)?;
    number.parse().ok()
}

impl Recipe for Line {
    type Step = Step;

    fn desk(&mut self) -> &mut Desk<Step> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        let (parent, mode) = (turn.path.clone(), CreateMode::EphemeralSequential);
        self.desk.create_own(Step::Own, (&parent, "lock-"), Some([].into()), mode, turn);
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
        if self.watched.as_ref() == Some(&event.path) && !self.is_ending {
            turn.explain(RecipeWhy::Woken { watched: event.path.clone() });
            self.list(turn);
        }
    }

    fn look_again(&mut self, turn: &mut Turn) {
        if self.watched.is_some() && !self.is_ending && self.desk.is_idle() {
            self.list(turn);
        }
    }

    fn end(&mut self, turn: &mut Turn) {
        self.is_ending = true;
        self.watched = None;
        self.delete(turn);
    }

    fn standing(&self) -> Standing {
        let node = self.own.as_ref().map(|(node, _)| node.clone());
        Standing { node, watches: self.watched.iter().cloned().collect() }
    }
}

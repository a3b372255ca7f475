//! Taking from a queue of sequential nodes: the first one that can be deleted is one's own.
//!
//! ```text
//!   /q ── qn-…07       in order of their numbers
//!   /q ── qn-05-…09    with a priority: the lower number of two digits first
//! ```
//!
//! Two that read the same node both try to delete it: only one can, the other takes the next. A take
//! whose reply was lost may have taken one for nobody: the documentation's recipe does not tell.
//!
//! ZooKeeper: `DistributedQueue`; Curator: `DistributedPriorityQueue`, without its lock nodes.

use super::desk::{Answer, Desk};
use super::{Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::tree::path;
use crate::txn::{Bytes, CreateMode, Op, Path, Reply, WatchEvent};
use crate::why::RecipeWhy;
use std::collections::VecDeque;
use std::rc::Rc;

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// The queue itself.
    Create,
    /// What is there; with a watch if nothing was.
    List,
    /// What the first one holds.
    Read,
    /// It is taken.
    Delete,
}

/// One that takes one thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Take {
    desk: Desk<Step>,
    /// What may be taken, in order.
    items: VecDeque<Rc<str>>,
    data: Option<Bytes>,
    watched: Option<Path>,
    is_over: bool,
}

impl Take {
    fn list(&mut self, watch: bool, turn: &mut Turn) {
        self.watched = watch.then(|| turn.path.clone());
        let op = Op::GetChildren { path: turn.path.clone(), watch };
        self.desk.ask(Step::List, op, turn);
    }

    fn first(&self, turn: &Turn) -> Option<Path> {
        self.items.front().map(|name| path::join(&turn.path, name).into())
    }

    fn next(&mut self, turn: &mut Turn) {
        match self.first(turn) {
            Some(path) => self.desk.ask(Step::Read, Op::GetData { path, watch: false }, turn),
            // All that were there have been taken by others.
            None => self.list(true, turn),
        }
    }

    fn lose(&mut self, turn: &mut Turn) {
        if let Some(node) = self.first(turn) {
            turn.explain(RecipeWhy::TakenByOther { node });
        }
        self.items.pop_front();
        self.next(turn);
    }
}

/// What comes before the number in the name of something that was put into a queue: its priority, or
/// nothing.
pub fn priority(name: &str) -> Option<&str> {
    let (_, rest) = name.rsplit_once("qn-")?;
    Some(rest.split_once('-').map_or("", |(priority, _)| priority))
}

/// Names in the order in which they are taken: by priority, then by number.
fn in_order(children: &[Rc<str>]) -> VecDeque<Rc<str>> {
    let key = |name: &Rc<str>| Some((priority(name)?.to_owned(), super::line::number(name)?));
    let mut items: Vec<_> =
        children.iter().filter_map(|name| Some((key(name)?, name.clone()))).collect();
    items.sort();
    items.into_iter().map(|(_, name)| name).collect()
}

impl Recipe for Take {
    type Step = Step;

    fn desk(&mut self) -> &mut Desk<Step> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        self.list(true, turn);
    }

    fn answered(&mut self, step: Step, answer: Answer, turn: &mut Turn) {
        match (step, answer) {
            _ if self.is_over => turn.say(Said::Ended),
            (Step::List, Ok(Reply::Children { children, .. })) => {
                self.items = in_order(&children);
                if self.items.is_empty() {
                    turn.explain(RecipeWhy::QueueEmpty { path: turn.path.clone() });
                    turn.say(Said::Waits);
                } else {
                    self.watched = None;
                    self.next(turn);
                }
            }
            (Step::List, Err(KeeperError::NoNode)) => {
                let (path, mode) = (turn.path.clone(), CreateMode::Persistent);
                self.desk.create(Step::Create, &path, Some([].into()), mode, turn);
            }
            (Step::Create, Ok(_) | Err(KeeperError::NodeExists)) => self.list(true, turn),
            (Step::Read, Ok(Reply::Data { data, .. })) => {
                self.data = data;
                if let Some(path) = self.first(turn) {
                    self.desk.ask(Step::Delete, Op::Delete { path, version: -1 }, turn);
                }
            }
            (Step::Delete, Ok(_)) => {
                if let Some(node) = self.first(turn) {
                    turn.explain(RecipeWhy::Took { node });
                }
                let data = self.data.take().unwrap_or_default();
                turn.say(Said::Done(String::from_utf8_lossy(&data).into()));
            }
            (Step::Read | Step::Delete, Err(KeeperError::NoNode)) => self.lose(turn),
            (_, Err(error)) => turn.say(Said::Failed(error)),
            (_, Ok(_)) => turn.say(Said::Failed(KeeperError::MarshallingError)),
        }
    }

    fn changed(&mut self, event: &WatchEvent, turn: &mut Turn) {
        // A list that is under way was asked after the watch was left, and will show the change.
        let is_idle = self.desk.is_idle();
        if self.watched.as_ref() == Some(&event.path) && !self.is_over && is_idle {
            turn.explain(RecipeWhy::Woken { watched: event.path.clone() });
            self.list(true, turn);
        }
    }

    fn look_again(&mut self, turn: &mut Turn) {
        if self.watched.is_some() && self.desk.is_idle() {
            self.list(true, turn);
        }
    }

    fn end(&mut self, turn: &mut Turn) {
        self.is_over = true;
        self.watched = None;
        if self.desk.is_idle() {
            turn.say(Said::Ended);
        }
    }

    fn standing(&self) -> Standing {
        Standing { node: None, watches: self.watched.iter().cloned().collect() }
    }
}

//! What is done once and over: a barrier set or lifted, something put into a queue, a unique name, a
//! configuration written, a counter counted on, a holder asked to give back.
//!
//! ZooKeeper: `DistributedQueue.offer`; kazoo: `Counter`; Curator: `SharedCount`,
//! `DistributedAtomicValue` (its optimistic part), `DistributedBarrier`, `Revoker.attemptRevoke`.

use super::desk::{Answer, Desk};
use super::line::{REVOKE, in_order};
use super::{Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::tree::path;
use crate::txn::{Bytes, CreateMode, Op, Path, Reply, WatchEvent};
use crate::why::RecipeWhy;
use std::rc::Rc;

/// Which of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Task {
    /// The path comes to be.
    Create,
    /// It goes.
    Delete,
    /// Its data is written; it comes to be if it is not there.
    Publish(Rc<str>),
    /// A child of it with a number, and what it holds.
    Add {
        /// What the name has before the number.
        part: Rc<str>,
        /// What it holds.
        data: Rc<str>,
    },
    /// The number in its data grows.
    Count(i64),
    /// The first in line is asked to give back.
    Revoke,
}

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// The one change.
    Change,
    /// What the number is.
    Read,
    /// It comes to be, with nothing in it.
    Create,
    /// Who stands in line.
    List,
}

/// One that does it.
#[derive(Clone, Debug)]
pub(super) struct Once {
    task: Task,
    desk: Desk<Step>,
    /// What is being written.
    value: i64,
    version: i32,
    is_over: bool,
}

impl Once {
    pub(super) fn new(task: Task) -> Once {
        Once { task, desk: Desk::default(), value: 0, version: 0, is_over: false }
    }

    fn read(&mut self, turn: &mut Turn) {
        let op = Op::GetData { path: turn.path.clone(), watch: false };
        self.desk.ask(Step::Read, op, turn);
    }

    fn set(&mut self, path: Path, data: Bytes, version: i32, turn: &mut Turn) {
        let op = Op::SetData { path, data: Some(data), version };
        self.desk.ask(Step::Change, op, turn);
    }

    fn on_read(&mut self, data: &[u8], version: i32, turn: &mut Turn) {
        let Task::Count(by) = self.task else { return };
        let text = if data.is_empty() { "0" } else { std::str::from_utf8(data).unwrap_or("") };
        let Ok(value) = text.parse::<i64>() else {
            turn.say(Said::Failed(KeeperError::MarshallingError));
            return;
        };
        self.value = value.saturating_add(by);
        self.version = version;
        let bytes = self.value.to_string().into_bytes().into();
        self.set(turn.path.clone(), bytes, version, turn);
    }

    fn on_list(&mut self, children: &[Rc<str>], turn: &mut Turn) {
        let Some(first) = in_order(children).into_iter().next() else {
            turn.say(Said::Done("nobody holds".into()));
            return;
        };
        let node: Path = path::join(&turn.path, &first).into();
        turn.explain(RecipeWhy::RevokeAsked { node: node.clone() });
        self.set(node, REVOKE.into(), -1, turn);
    }

    fn done(&mut self, answer: &Reply, turn: &mut Turn) {
        let path = turn.path.clone();
        let text = match (&self.task, answer) {
            (Task::Add { .. }, Reply::Created { path, .. }) => {
                turn.explain(RecipeWhy::Added { node: path.clone() });
                path::name(path).to_owned()
            }
            (Task::Count(_), _) => {
                turn.explain(RecipeWhy::Counted { path, value: self.value });
                self.value.to_string()
            }
            (Task::Publish(_), Reply::Stat(stat)) => format!("version {}", stat.version),
            (Task::Revoke, _) => "asked to give back".to_owned(),
            (Task::Create | Task::Delete | Task::Publish(_) | Task::Add { .. }, _) => {
                "done".to_owned()
            }
        };
        turn.say(Said::Done(text.into()));
    }
}

impl Recipe for Once {
    type Step = Step;

    fn desk(&mut self) -> &mut Desk<Step> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        let path = turn.path.clone();
        match self.task.clone() {
            Task::Create => {
                self.desk.create(
                    Step::Change,
                    &path,
                    Some([].into()),
                    CreateMode::Persistent,
                    turn,
                );
            }
            Task::Delete => self.desk.ask(Step::Change, Op::Delete { path, version: -1 }, turn),
            Task::Publish(text) => self.set(path, text.as_bytes().into(), -1, turn),
            Task::Add { part, data } => {
                let (name, mode) = ((&*path, &*part), CreateMode::PersistentSequential);
                let data = Some(data.as_bytes().into());
                self.desk.create_own(Step::Change, name, data, mode, turn);
            }
            Task::Count(_) => self.read(turn),
            Task::Revoke => {
                self.desk.ask(Step::List, Op::GetChildren { path, watch: false }, turn);
            }
        }
    }

    fn answered(&mut self, step: Step, answer: Answer, turn: &mut Turn) {
        if self.is_over {
            turn.say(Said::Ended);
            return;
        }
        match (step, answer) {
            (Step::Change, Ok(reply)) => self.done(&reply, turn),
            // Twice is once.
            (Step::Change, Err(KeeperError::NodeExists | KeeperError::NoNode))
                if matches!(self.task, Task::Create | Task::Delete) =>
            {
                turn.say(Said::Done("done before".into()));
            }
            // The holder has gone meanwhile.
            (Step::Change, Err(KeeperError::NoNode)) if self.task == Task::Revoke => {
                turn.say(Said::Done("nobody holds".into()));
            }
            (Step::List, Err(KeeperError::NoNode)) => turn.say(Said::Done("nobody holds".into())),
            (Step::Read | Step::Change, Err(KeeperError::NoNode)) => {
                let path = turn.path.clone();
                self.desk.create(
                    Step::Create,
                    &path,
                    Some([].into()),
                    CreateMode::Persistent,
                    turn,
                );
            }
            (Step::Create, Ok(_) | Err(KeeperError::NodeExists)) => self.begin(turn),
            (Step::Read, Ok(Reply::Data { data, stat })) => {
                self.on_read(&data.unwrap_or_default(), stat.version, turn);
            }
            (Step::Change, Err(KeeperError::BadVersion)) => {
                let (path, version) = (turn.path.clone(), self.version);
                turn.explain(RecipeWhy::CountedMeanwhile { path, version });
                self.read(turn);
            }
            (Step::List, Ok(Reply::Children { children, .. })) => self.on_list(&children, turn),
            (_, Err(error)) => turn.say(Said::Failed(error)),
            (_, Ok(_)) => turn.say(Said::Failed(KeeperError::MarshallingError)),
        }
    }

    fn changed(&mut self, _: &WatchEvent, _: &mut Turn) {}

    fn look_again(&mut self, _: &mut Turn) {}

    fn end(&mut self, _: &mut Turn) {
        self.is_over = true;
    }

    fn standing(&self) -> Standing {
        Standing::default()
    }
}

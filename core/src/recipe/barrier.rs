//! Barriers. A simple one is a znode: who comes waits until it is not there. A double one counts: all
//! begin together, and all leave together.
//!
//! ```text
//!   /b ── ready        there as soon as N have come: all that wait are woken
//!      ├─ p-…00  c1    leaving: the lowest waits for the highest to go,
//!      └─ p-…01  c2             everybody else goes and waits for the lowest
//! ```
//!
//! What works only once all its members have arrived (`gather`) is the first half of it.
//!
//! ZooKeeper: the documentation's barrier recipes; Curator: `DistributedBarrier`,
//! `DistributedDoubleBarrier`.

use super::desk::{Answer, Desk};
use super::line::in_order;
use super::{Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::tree::path;
use crate::txn::{CreateMode, Op, Path, Reply, WatchEvent, open_acl};
use crate::types::Zxid;
use crate::why::RecipeWhy;
use std::rc::Rc;

/// One that waits at a simple barrier.
#[derive(Clone, Debug, Default)]
pub(super) struct Barrier {
    desk: Desk<()>,
    watched: Option<Path>,
}

impl Recipe for Barrier {
    type Step = ();

    fn desk(&mut self) -> &mut Desk<()> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        self.desk.ask((), Op::Exists { path: turn.path.clone(), watch: true }, turn);
    }

    fn answered(&mut self, (): (), answer: Answer, turn: &mut Turn) {
        let path = turn.path.clone();
        match answer {
            Ok(_) => {
                self.watched = Some(path.clone());
                turn.explain(RecipeWhy::BarrierUp { path });
                turn.say(Said::Waits);
            }
            Err(KeeperError::NoNode) => {
                turn.explain(RecipeWhy::BarrierGone { path });
                turn.say(Said::Done("passed".into()));
            }
            Err(error) => turn.say(Said::Failed(error)),
        }
    }

    fn changed(&mut self, event: &WatchEvent, turn: &mut Turn) {
        if self.watched.as_ref() == Some(&event.path) {
            self.watched = None;
            turn.explain(RecipeWhy::Woken { watched: event.path.clone() });
            self.begin(turn);
        }
    }

    fn look_again(&mut self, turn: &mut Turn) {
        if self.watched.take().is_some() {
            self.begin(turn);
        }
    }

    fn end(&mut self, turn: &mut Turn) {
        turn.say(Said::Ended);
    }

    fn standing(&self) -> Standing {
        Standing { node: None, watches: self.watched.iter().cloned().collect() }
    }
}

/// What a request of a double barrier is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Is it ready?
    Ready,
    /// Its own node.
    Own,
    /// Who has come.
    Count,
    /// It is ready from now on.
    Open,
    /// Who has not left.
    Left,
    /// Its own node goes.
    Delete,
    /// The watch on one that has not left.
    Watch,
    /// It is not ready any more.
    Close,
}

/// One that enters and leaves with the others.
#[derive(Clone, Debug)]
pub(super) struct Double {
    needed: u32,
    /// Whether it is over once all have come.
    gathers: bool,
    desk: Desk<Step>,
    own: Option<(Path, Zxid)>,
    watched: Option<Path>,
    /// Whether the ready node was there, perhaps before its own one.
    is_ready: bool,
    is_inside: bool,
    is_leaving: bool,
}

impl Double {
    pub(super) fn new(needed: u32, gathers: bool) -> Double {
        Double {
            needed,
            gathers,
            desk: Desk::default(),
            own: None,
            watched: None,
            is_ready: false,
            is_inside: false,
            is_leaving: false,
        }
    }

    fn ready(turn: &Turn) -> Path {
        path::join(&turn.path, "ready").into()
    }

    fn on_counted(&mut self, children: &[Rc<str>], turn: &mut Turn) {
        let (path, needed) = (turn.path.clone(), self.needed);
        let present = in_order(children).len() as u32;
        turn.explain(RecipeWhy::CountedIn { path, present, needed });
        if needed <= present {
            let op = Op::Create {
                path: Self::ready(turn),
                data: Some([].into()),
                acl: open_acl(),
                mode: CreateMode::Persistent,
                ttl_ms: -1,
            };
            self.desk.ask(Step::Open, op, turn);
        } else {
            turn.say(Said::Waits);
        }
    }

    /// The ready node is there. Who comes while others are still inside or leave goes in to them, as
    /// in Curator: `DistributedDoubleBarrier.enter`.
    fn opened(&mut self, turn: &mut Turn) {
        self.is_ready = true;
        self.enter(turn);
    }

    fn enter(&mut self, turn: &mut Turn) {
        let Some((node, token)) = self.own.clone().filter(|_| !self.is_inside) else { return };
        self.is_inside = true;
        self.watched = None;
        turn.explain(RecipeWhy::AllArrived { path: turn.path.clone(), needed: self.needed });
        match self.gathers {
            true => turn.say(Said::Done("all have arrived".into())),
            false => turn.say(Said::Granted { node, token }),
        }
    }

    fn list(&mut self, step: Step, turn: &mut Turn) {
        let op = Op::GetChildren { path: turn.path.clone(), watch: false };
        self.desk.ask(step, op, turn);
    }

    /// The documentation's six steps of leaving.
    fn on_left(&mut self, children: &[Rc<str>], turn: &mut Turn) {
        let left = in_order(children);
        let (Some(lowest), Some(highest)) = (left.first(), left.last()) else {
            let op = Op::Delete { path: Self::ready(turn), version: -1 };
            self.desk.ask(Step::Close, op, turn);
            return;
        };
        let mine = self.own.as_ref().map(|(node, _)| path::name(node).to_owned());
        let is_mine = |name: &Rc<str>| mine.as_deref() == Some(&**name);
        let is_there = left.iter().any(is_mine);
        let watched = match is_mine(lowest) {
            true if left.len() == 1 => {
                self.delete(turn);
                return;
            }
            true => highest,
            false if is_there => {
                self.delete(turn);
                return;
            }
            false => lowest,
        };
        let watched: Path = path::join(&turn.path, watched).into();
        self.watched = Some(watched.clone());
        self.desk.ask(Step::Watch, Op::GetData { path: watched, watch: true }, turn);
    }

    fn delete(&mut self, turn: &mut Turn) {
        if let Some((node, _)) = &self.own {
            let op = Op::Delete { path: node.clone(), version: -1 };
            self.desk.ask(Step::Delete, op, turn);
        }
    }
}

impl Recipe for Double {
    type Step = Step;

    fn desk(&mut self) -> &mut Desk<Step> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        let ready = Self::ready(turn);
        self.watched = Some(ready.clone());
        self.desk.ask(Step::Ready, Op::Exists { path: ready, watch: true }, turn);
        let (parent, mode) = (turn.path.clone(), CreateMode::EphemeralSequential);
        self.desk.create_own(Step::Own, (&parent, "p-"), Some([].into()), mode, turn);
    }

    fn answered(&mut self, step: Step, answer: Answer, turn: &mut Turn) {
        match (step, answer) {
            (Step::Ready, Ok(_)) if !self.is_leaving => self.opened(turn),
            (Step::Ready, _) => {}
            (Step::Own, Ok(Reply::Created { path, stat })) => {
                self.own = Some((path.clone(), stat.czxid));
                turn.explain(RecipeWhy::JoinedLine { node: path });
                match (self.is_leaving, self.is_ready) {
                    (true, _) => self.list(Step::Left, turn),
                    (false, true) => self.enter(turn),
                    (false, false) => self.list(Step::Count, turn),
                }
            }
            (Step::Count, Ok(Reply::Children { children, .. })) => {
                if !self.is_leaving && !self.is_inside {
                    self.on_counted(&children, turn);
                }
            }
            (Step::Open, Ok(_) | Err(KeeperError::NodeExists)) => {
                if !self.is_leaving {
                    self.enter(turn);
                }
            }
            (Step::Left, Ok(Reply::Children { children, .. })) => self.on_left(&children, turn),
            (Step::Left, Err(KeeperError::NoNode)) => turn.say(Said::Ended),
            (Step::Delete, Ok(_) | Err(KeeperError::NoNode)) => {
                // Who has not been inside owes nobody to wait.
                if self.is_inside { self.list(Step::Left, turn) } else { turn.say(Said::Ended) }
            }
            (Step::Watch, Ok(_)) => {
                if let Some(watched) = self.watched.clone() {
                    turn.explain(RecipeWhy::LeavesAfter { path: turn.path.clone(), watched });
                }
            }
            (Step::Watch, Err(KeeperError::NoNode)) => self.list(Step::Left, turn),
            (Step::Close, Ok(_) | Err(KeeperError::NoNode)) => turn.say(Said::Ended),
            (_, Err(error)) => turn.say(Said::Failed(error)),
            (_, Ok(_)) => turn.say(Said::Failed(KeeperError::MarshallingError)),
        }
    }

    fn changed(&mut self, event: &WatchEvent, turn: &mut Turn) {
        if self.watched.as_ref() != Some(&event.path) {
            return;
        }
        turn.explain(RecipeWhy::Woken { watched: event.path.clone() });
        if self.is_leaving {
            self.watched = None;
            self.list(Step::Left, turn);
        } else {
            self.opened(turn);
        }
    }

    fn look_again(&mut self, turn: &mut Turn) {
        if self.watched.is_none() {
            return;
        }
        if self.is_leaving {
            if self.desk.is_idle() {
                self.list(Step::Left, turn);
            }
        } else {
            // Its own node may still be under way, the watch is gone all the same.
            let op = Op::Exists { path: Self::ready(turn), watch: true };
            self.desk.ask(Step::Ready, op, turn);
        }
    }

    fn end(&mut self, turn: &mut Turn) {
        self.is_leaving = true;
        self.watched = None;
        match (self.own.is_some(), self.is_inside) {
            (true, true) => self.list(Step::Left, turn),
            (true, false) => self.delete(turn),
            (false, _) => {}
        }
    }

    fn standing(&self) -> Standing {
        let node = self.own.as_ref().map(|(node, _)| node.clone());
        Standing { node, watches: self.watched.iter().cloned().collect() }
    }
}

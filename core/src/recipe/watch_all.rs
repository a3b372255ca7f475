//! Keeping an eye on something: who is in a group, which instances a service has, what a
//! configuration says. Each change is read again and told.
//!
//! ```text
//!   getChildren or getData with a watch ──▶ told ──watch fires──▶ again
//! ```
//!
//! Between two looks several changes may pass as one: who watches sees the last state, not every one.
//!
//! Curator: `GroupMember`, `ServiceDiscovery`, `NodeCache`.

use super::desk::{Answer, Desk};
use super::{Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::txn::{Op, Path, Reply, WatchEvent};
use crate::why::RecipeWhy;
use std::rc::Rc;

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// What is there.
    Look,
    /// Whether it comes to be.
    Await,
}

/// What one that keeps an eye on something saw when it looked last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    /// Nothing is there.
    Nothing,
    /// These are there, in the order in which the server listed them.
    Members(Rc<[Rc<str>]>),
    /// This is written.
    Written {
        /// In which version.
        version: i32,
        /// What.
        text: Rc<str>,
    },
}

/// One that watches.
#[derive(Clone, Debug)]
pub(super) struct WatchAll {
    /// Whether it watches who is there, not what is written.
    of_children: bool,
    desk: Desk<Step>,
    watched: Option<Path>,
    /// What was there when it looked last.
    seen: Option<Seen>,
    /// The place of the next one that is picked.
    next: usize,
    is_over: bool,
}

impl WatchAll {
    pub(super) fn new(of_children: bool) -> WatchAll {
        let desk = Desk::default();
        WatchAll { of_children, desk, watched: None, seen: None, next: 0, is_over: false }
    }

    /// The next of those that were there, one after the other: Curator's `RoundRobinStrategy`.
    pub(super) fn pick(&mut self) -> Option<Rc<str>> {
        let Some(Seen::Members(members)) = &self.seen else { return None };
        let picked = members.get(self.next % members.len().max(1)).cloned();
        self.next += 1;
        picked
    }

    pub(super) fn seen(&self) -> Option<&Seen> {
        self.seen.as_ref()
    }
}

impl Recipe for WatchAll {
    type Step = Step;

    fn desk(&mut self) -> &mut Desk<Step> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        let path = turn.path.clone();
        self.watched = Some(path.clone());
        let op = match self.of_children {
            true => Op::GetChildren { path, watch: true },
            false => Op::GetData { path, watch: true },
        };
        self.desk.ask(Step::Look, op, turn);
    }

    fn answered(&mut self, step: Step, answer: Answer, turn: &mut Turn) {
        if self.is_over {
            turn.say(Said::Ended);
            return;
        }
        let path = turn.path.clone();
        match (step, answer) {
            (Step::Look, Ok(Reply::Children { children, .. })) => {
                self.seen = Some(Seen::Members(children.iter().cloned().collect()));
                turn.explain(RecipeWhy::MembersSeen { path, members: children.len() as u32 });
                let names: Vec<&str> = children.iter().map(|name| &**name).collect();
                turn.say(Said::Sees(format!("[{}]", names.join(", ")).into()));
            }
            (Step::Look, Ok(Reply::Data { data, stat })) => {
                turn.explain(RecipeWhy::ConfigSeen { path, version: stat.version });
                let text = String::from_utf8_lossy(&data.unwrap_or_default()).into_owned();
                turn.say(Said::Sees(format!("version {}: {text}", stat.version).into()));
                self.seen = Some(Seen::Written { version: stat.version, text: text.into() });
            }
            // Nothing there yet: exists leaves a watch where no node is.
            (Step::Look, Err(KeeperError::NoNode)) => {
                self.seen = Some(Seen::Nothing);
                turn.explain(RecipeWhy::NothingYet { path: path.clone() });
                turn.say(Said::Sees("nothing".into()));
                self.desk.ask(Step::Await, Op::Exists { path, watch: true }, turn);
            }
            (Step::Await, Ok(_)) => self.begin(turn),
            (Step::Await, Err(KeeperError::NoNode)) => {}
            (_, Err(error)) => turn.say(Said::Failed(error)),
            (_, Ok(_)) => turn.say(Said::Failed(KeeperError::MarshallingError)),
        }
    }

    fn changed(&mut self, event: &WatchEvent, turn: &mut Turn) {
        if self.watched.as_ref() == Some(&event.path) && !self.is_over && self.desk.is_idle() {
            turn.explain(RecipeWhy::Woken { watched: event.path.clone() });
            self.begin(turn);
        }
    }

    fn look_again(&mut self, turn: &mut Turn) {
        if self.desk.is_idle() && !self.is_over {
            self.begin(turn);
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

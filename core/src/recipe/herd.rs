//! A lock by one node that everybody wants: whoever creates it holds, all others watch it, and all of
//! them run when it goes.
//!
//! ```text
//!   /locks/a ── lock c1 holds        c2 ─┐
//!                     ▲              c3 ─┼─ all watch: one goes, all are woken
//!                     └──────────────c4 ─┘
//! ```
//!
//! No order, and with N that wait each release costs N notifications and 2N requests: the herd effect
//! that the documentation warns of.

use super::desk::{Answer, Desk};
use super::{Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::tree::path;
use crate::txn::{CreateMode, Op, Path, Reply, Stat, WatchEvent, open_acl};
use crate::types::Zxid;
use crate::why::RecipeWhy;

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// The one node.
    Create,
    /// The watch on it.
    Watch,
    /// It goes.
    Delete,
}

/// One that wants the node.
#[derive(Clone, Debug, Default)]
pub(super) struct Herd {
    desk: Desk<Step>,
    node: Option<Path>,
    is_mine: bool,
    is_watched: bool,
    is_ending: bool,
}

impl Herd {
    fn node(&self, turn: &Turn) -> Path {
        path::join(&turn.path, "lock").into()
    }

    fn watch(&mut self, turn: &mut Turn) {
        self.is_watched = true;
        let op = Op::GetData { path: self.node(turn), watch: true };
        self.desk.ask(Step::Watch, op, turn);
    }

    fn delete(&mut self, turn: &mut Turn) {
        self.desk.delete_once(Step::Delete, self.node(turn), turn);
    }

    fn granted(&mut self, token: Zxid, turn: &mut Turn) {
        let node = self.node(turn);
        self.is_mine = true;
        self.is_watched = false;
        if self.is_ending {
            self.delete(turn);
            return;
        }
        turn.explain(RecipeWhy::Granted { node: node.clone(), token, line: 1 });
        turn.say(Said::Granted { node, token });
    }

    /// The node is there. It is its own if the reply to its create was lost: its mark stands in it.
    fn on_there(&mut self, data: &[u8], stat: &Stat, turn: &mut Turn) {
        let is_own = stat.ephemeral_owner == turn.session && data == turn.mark().as_bytes();
        if is_own {
            let node = self.node(turn);
            turn.explain(RecipeWhy::FoundOwnNode { node });
            self.granted(stat.czxid, turn);
        } else if self.is_ending {
            turn.say(Said::Ended);
        } else {
            let node = self.node(turn);
            turn.explain(RecipeWhy::HerdWaits { node });
            turn.say(Said::Waits);
        }
    }
}

impl Recipe for Herd {
    type Step = Step;

    fn desk(&mut self) -> &mut Desk<Step> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        let (path, mode) = (self.node(turn), CreateMode::Ephemeral);
        self.node = Some(path.clone());
        let data = Some(turn.mark().into_bytes().into());
        let op = Op::Create { path, data, acl: open_acl(), mode, ttl_ms: -1 };
        self.is_watched = false;
        self.desk.ask(Step::Create, op, turn);
    }

    fn answered(&mut self, step: Step, answer: Answer, turn: &mut Turn) {
        match (step, answer) {
            (Step::Create, Ok(Reply::Created { stat, .. })) => self.granted(stat.czxid, turn),
            (Step::Create, Err(KeeperError::NodeExists)) => self.watch(turn),
            (Step::Watch, Ok(Reply::Data { data, stat })) => {
                self.on_there(&data.unwrap_or_default(), &stat, turn);
            }
            (Step::Watch, Err(KeeperError::NoNode)) => {
                if self.is_ending {
                    turn.say(Said::Ended);
                    return;
                }
                let watched = self.node(turn);
                turn.explain(RecipeWhy::WatchedGone { watched });
                self.begin(turn);
            }
            // The reply to its delete was lost: whose is the node that is there now?
            (Step::Delete, Ok(Reply::Data { data, stat }))
                if stat.ephemeral_owner == turn.session
                    && data.as_deref() == Some(turn.mark().as_bytes()) =>
            {
                turn.explain(RecipeWhy::DeletesAgain { node: self.node(turn) });
                self.delete(turn);
            }
            (Step::Delete, Ok(_) | Err(KeeperError::NoNode)) => turn.say(Said::Ended),
            (_, Err(error)) => turn.say(Said::Failed(error)),
            (_, Ok(_)) => turn.say(Said::Failed(KeeperError::MarshallingError)),
        }
    }

    fn changed(&mut self, event: &WatchEvent, turn: &mut Turn) {
        if self.is_watched && event.path == self.node(turn) && !self.is_ending {
            turn.explain(RecipeWhy::Woken { watched: event.path.clone() });
            self.begin(turn);
        }
    }

    fn look_again(&mut self, turn: &mut Turn) {
        if self.is_watched && !self.is_ending && self.desk.is_idle() {
            self.watch(turn);
        }
    }

    fn end(&mut self, turn: &mut Turn) {
        self.is_ending = true;
        if self.is_mine {
            self.delete(turn);
        } else if self.desk.is_idle() {
            turn.say(Said::Ended);
        }
    }

    fn standing(&self) -> Standing {
        let is_own = |_: &&Path| self.is_mine;
        let watches = self.node.iter().filter(|_| self.is_watched).cloned().collect();
        Standing { node: self.node.as_ref().filter(is_own).cloned(), watches }
    }
}

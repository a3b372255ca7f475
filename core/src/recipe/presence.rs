//! Being there: an ephemeral node with a name, for as long as the session lives. A member of a
//! group, an instance of a service.
//!
//! Curator: `GroupMember`, `PersistentNode`, `ServiceDiscovery.registerService`.

use super::desk::{Answer, Desk};
use super::{Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::tree::path;
use crate::txn::{Bytes, CreateMode, Op, Path, Reply, Stat, WatchEvent, open_acl};
use crate::why::RecipeWhy;
use std::rc::Rc;

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Its node.
    Create,
    /// Whose is the node that is there?
    Whose,
    /// Its node goes.
    Delete,
}

/// One that is there.
#[derive(Clone, Debug)]
pub(super) struct Presence {
    name: Rc<str>,
    data: Bytes,
    desk: Desk<Step>,
    node: Option<Path>,
    is_ending: bool,
}

impl Presence {
    pub(super) fn new(name: &Rc<str>, data: &Rc<str>) -> Presence {
        Presence {
            name: name.clone(),
            data: data.as_bytes().into(),
            desk: Desk::default(),
            node: None,
            is_ending: false,
        }
    }

    fn path(&self, turn: &Turn) -> Path {
        path::join(&turn.path, &self.name).into()
    }

    fn on_there(&mut self, node: Path, stat: &Stat, turn: &mut Turn) {
        self.node = Some(node.clone());
        if self.is_ending {
            self.end(turn);
            return;
        }
        turn.explain(RecipeWhy::Present { node: node.clone() });
        turn.say(Said::Granted { node, token: stat.czxid });
    }
}

impl Recipe for Presence {
    type Step = Step;

    fn desk(&mut self) -> &mut Desk<Step> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        let (path, data) = (self.path(turn), Some(self.data.clone()));
        let mode = CreateMode::Ephemeral;
        let op = Op::Create { path, data, acl: open_acl(), mode, ttl_ms: -1 };
        self.desk.ask(Step::Create, op, turn);
    }

    fn answered(&mut self, step: Step, answer: Answer, turn: &mut Turn) {
        match (step, answer) {
            (Step::Create, Ok(Reply::Created { path, stat })) => self.on_there(path, &stat, turn),
            (Step::Create, Err(KeeperError::NodeExists)) => {
                let op = Op::Exists { path: self.path(turn), watch: false };
                self.desk.ask(Step::Whose, op, turn);
            }
            (Step::Whose, Ok(Reply::Stat(stat))) if stat.ephemeral_owner == turn.session => {
                self.on_there(self.path(turn), &stat, turn);
            }
            // Somebody else has the name.
            (Step::Whose, Ok(_)) => turn.say(Said::Failed(KeeperError::NodeExists)),
            (Step::Whose, Err(KeeperError::NoNode)) => self.begin(turn),
            (Step::Delete, Ok(_) | Err(KeeperError::NoNode)) => turn.say(Said::Ended),
            (_, Err(error)) => turn.say(Said::Failed(error)),
            (_, Ok(_)) => turn.say(Said::Failed(KeeperError::MarshallingError)),
        }
    }

    fn changed(&mut self, _: &WatchEvent, _: &mut Turn) {}

    fn look_again(&mut self, _: &mut Turn) {}

    fn end(&mut self, turn: &mut Turn) {
        self.is_ending = true;
        if let Some(path) = self.node.clone() {
            self.desk.ask(Step::Delete, Op::Delete { path, version: -1 }, turn);
        }
    }

    fn standing(&self) -> Standing {
        Standing { node: self.node.clone(), watches: Vec::new() }
    }
}

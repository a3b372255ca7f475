//! Two-phase commit: a coordinator asks its sites for their votes, and commits if all are for it.
//!
//! ```text
//!   /tx ── a  "commit" ┐ each site writes its vote,
//!       ├─ b  "abort"  ┘ the coordinator watches them
//!   /tx "abort"          the decision: sites watch that
//! ```
//!
//! Everything is persistent: a coordinator that dies leaves its sites waiting. That is the weakness of
//! two-phase commit, not of ZooKeeper.
//!
//! ZooKeeper: the documentation's recipe for two-phased commit.

use super::desk::{Answer, Desk};
use super::{Recipe, Said, Standing, Turn};
use crate::error::KeeperError;
use crate::sorted::Map;
use crate::tree::path;
use crate::txn::{CreateMode, Op, Path, Reply, WatchEvent};
use crate::why::RecipeWhy;
use std::rc::Rc;

const COMMIT: &[u8] = b"commit";
const ABORT: &[u8] = b"abort";

/// What a request of the coordinator is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// The place of the transaction, or of a site.
    Place,
    /// The vote of this site.
    Vote(u32),
    /// The decision.
    Decide,
}

/// The one that decides.
#[derive(Clone, Debug)]
pub(super) struct Coordinator {
    sites: Rc<[Rc<str>]>,
    desk: Desk<Step>,
    votes: Map<u32, bool>,
    watched: Vec<Path>,
    decision: Option<bool>,
    placed: usize,
}

impl Coordinator {
    pub(super) fn new(sites: &Rc<[Rc<str>]>) -> Coordinator {
        Coordinator {
            sites: sites.clone(),
            desk: Desk::default(),
            votes: Map::new(),
            watched: Vec::new(),
            decision: None,
            placed: 0,
        }
    }

    fn site(&self, site: u32, turn: &Turn) -> Path {
        let name = self.sites.get(site as usize).map_or("", |name| name);
        path::join(&turn.path, name).into()
    }

    fn look(&mut self, site: u32, turn: &mut Turn) {
        let path = self.site(site, turn);
        if !self.watched.contains(&path) {
            self.watched.push(path.clone());
        }
        self.desk.ask(Step::Vote(site), Op::GetData { path, watch: true }, turn);
    }

    fn on_vote(&mut self, site: u32, data: &[u8], turn: &mut Turn) {
        if self.decision.is_some() || self.votes.contains_key(&site) {
            return;
        }
        let is_commit = data == COMMIT;
        if !is_commit && data != ABORT {
            turn.say(Said::Waits);
            return;
        }
        self.votes.insert(site, is_commit);
        let path = turn.path.clone();
        let (votes, of) = (self.votes.len() as u32, self.sites.len() as u32);
        turn.explain(RecipeWhy::VoteCame { path: path.clone(), is_commit, votes, of });
        if votes == of || !is_commit {
            let is_commit = self.votes.values().all(|vote| *vote);
            self.decision = Some(is_commit);
            self.watched.clear();
            turn.explain(RecipeWhy::Decided { path: path.clone(), is_commit, votes, of });
            let data = Some(if is_commit { COMMIT } else { ABORT }.into());
            self.desk.ask(Step::Decide, Op::SetData { path, data, version: -1 }, turn);
        }
    }
}

impl Recipe for Coordinator {
    type Step = Step;

    fn desk(&mut self) -> &mut Desk<Step> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        let mode = CreateMode::Persistent;
        self.desk.create(Step::Place, &turn.path.clone(), Some([].into()), mode, turn);
        for site in 0..self.sites.len() as u32 {
            let path = self.site(site, turn);
            self.desk.create(Step::Place, &path, Some([].into()), mode, turn);
        }
    }

    fn answered(&mut self, step: Step, answer: Answer, turn: &mut Turn) {
        match (step, answer) {
            (Step::Place, Ok(_) | Err(KeeperError::NodeExists)) => {
                self.placed += 1;
                if self.placed == self.sites.len() + 1 {
                    (0..self.sites.len() as u32).for_each(|site| self.look(site, turn));
                }
            }
            (Step::Vote(site), Ok(Reply::Data { data, .. })) => {
                self.on_vote(site, &data.unwrap_or_default(), turn);
            }
            (Step::Decide, Ok(_)) => {
                let text = if self.decision == Some(true) { "committed" } else { "aborted" };
                turn.say(Said::Done(text.into()));
            }
            (_, Err(error)) => turn.say(Said::Failed(error)),
            (_, Ok(_)) => turn.say(Said::Failed(KeeperError::MarshallingError)),
        }
    }

    fn changed(&mut self, event: &WatchEvent, turn: &mut Turn) {
        let site = (0..self.sites.len() as u32).find(|site| self.site(*site, turn) == event.path);
        if let Some(site) = site.filter(|_| self.watched.contains(&event.path)) {
            turn.explain(RecipeWhy::Woken { watched: event.path.clone() });
            self.look(site, turn);
        }
    }

    fn look_again(&mut self, turn: &mut Turn) {
        if !self.watched.is_empty() {
            (0..self.sites.len() as u32).for_each(|site| self.look(site, turn));
        }
    }

    fn end(&mut self, turn: &mut Turn) {
        turn.say(Said::Ended);
    }

    fn standing(&self) -> Standing {
        Standing { node: None, watches: self.watched.clone() }
    }
}

/// What a request of a site is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum SiteStep {
    /// Its vote.
    Vote,
    /// Whether the coordinator has made a place for it.
    Await,
    /// The decision.
    Decision,
}

/// One that votes and obeys.
#[derive(Clone, Debug)]
pub(super) struct Site {
    name: Rc<str>,
    is_commit: bool,
    desk: Desk<SiteStep>,
    watched: Option<Path>,
}

impl Site {
    pub(super) fn new(name: &Rc<str>, is_commit: bool) -> Site {
        Site { name: name.clone(), is_commit, desk: Desk::default(), watched: None }
    }

    fn own(&self, turn: &Turn) -> Path {
        path::join(&turn.path, &self.name).into()
    }

    fn look(&mut self, turn: &mut Turn) {
        self.watched = Some(turn.path.clone());
        let op = Op::GetData { path: turn.path.clone(), watch: true };
        self.desk.ask(SiteStep::Decision, op, turn);
    }
}

impl Recipe for Site {
    type Step = SiteStep;

    fn desk(&mut self) -> &mut Desk<SiteStep> {
        &mut self.desk
    }

    fn begin(&mut self, turn: &mut Turn) {
        let path = self.own(turn);
        let data = Some(if self.is_commit { COMMIT } else { ABORT }.into());
        self.desk.ask(SiteStep::Vote, Op::SetData { path, data, version: -1 }, turn);
    }

    fn answered(&mut self, step: SiteStep, answer: Answer, turn: &mut Turn) {
        match (step, answer) {
            (SiteStep::Vote, Ok(_)) => {
                turn.explain(RecipeWhy::Voted {
                    path: turn.path.clone(),
                    is_commit: self.is_commit,
                });
                self.look(turn);
            }
            // The coordinator has not begun yet.
            (SiteStep::Vote, Err(KeeperError::NoNode)) => {
                let path = self.own(turn);
                self.watched = Some(path.clone());
                self.desk.ask(SiteStep::Await, Op::Exists { path, watch: true }, turn);
            }
            (SiteStep::Await, Ok(_)) => self.begin(turn),
            (SiteStep::Await, Err(KeeperError::NoNode)) => turn.say(Said::Waits),
            (SiteStep::Decision, Ok(Reply::Data { data, .. })) => {
                match &*data.unwrap_or_default() {
                    COMMIT => turn.say(Said::Done("committed".into())),
                    ABORT => turn.say(Said::Done("aborted".into())),
                    _ => turn.say(Said::Waits),
                }
            }
            (_, Err(error)) => turn.say(Said::Failed(error)),
            (_, Ok(_)) => turn.say(Said::Failed(KeeperError::MarshallingError)),
        }
    }

    fn changed(&mut self, event: &WatchEvent, turn: &mut Turn) {
        if self.watched.as_ref() != Some(&event.path) {
            return;
        }
        turn.explain(RecipeWhy::Woken { watched: event.path.clone() });
        if event.path == turn.path {
            self.look(turn);
        } else {
            self.watched = None;
            self.begin(turn);
        }
    }

    fn look_again(&mut self, turn: &mut Turn) {
        match &self.watched {
            Some(path) if self.desk.is_idle() && *path == turn.path => self.look(turn),
            Some(_) if self.desk.is_idle() => self.begin(turn),
            Some(_) | None => {}
        }
    }

    fn end(&mut self, turn: &mut Turn) {
        turn.say(Said::Ended);
    }

    fn standing(&self) -> Standing {
        Standing { node: None, watches: self.watched.iter().cloned().collect() }
    }
}

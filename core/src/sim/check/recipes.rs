//! What recipes promise, judged by the one history of transactions and by what clients are told.
//!
//! ```text
//!   told      c1 holds by lock-…03    c2 has passed    c3 took qn-…07     at what it had seen: a zxid
//!                      │                    │                 │
//!   history   create lock-…02 … delete …02  delete /barrier   delete qn-…07 by c3's session
//! ```
//!
//! - *Grants* of a line come in the order of their nodes' czxids: sequence numbers, but those of a
//!   parent that was removed and created again begin anew.
//! - *Belief*: two believe to hold what only one can after the older one's session has expired, and
//!   never before, unless somebody else has deleted the node that it held by.
//! - *Barriers*: who passes has seen a state without the barrier's node; who enters a double barrier,
//!   one that was opened when as many stood there as are needed; who leaves it, one in which nobody is
//!   left of those that were there when it began to leave.
//! - *Queues*: what is taken was deleted by its taker, once, and nothing that comes before it was there
//!   for all the time that the taker looked. What was deleted was taken, but for deletes whose
//!   answer never came: their takers have crashed or lost the connection, and the documentation's
//!   queue knows no remedy.
//! - *Two-phase commit*: one decision for all, and a commit only if nobody has voted against it.
//! - *Names* are given once.
//! - *No wake-up is lost*: nobody waits for something that, where it waits, has come to be. A client
//!   that is connected and asks nothing is woken by its own server. What the server has sent comes in
//!   order, and a client that hears nothing for two thirds of its session timeout gives the connection
//!   up and looks again on the next one. So from the moment at which its own server has what it waits
//!   for, it takes less than the session timeout until it is woken or disconnected.
//!
//! A client that goes on after its session is over is not judged: what it believes is not so.

use super::Checker;
use crate::error::KeeperError;
use crate::recipe::{RecipeKind, Told, Use, What, number, standing_of};
use crate::sorted::{Map, Set};
use crate::tree::path;
use crate::txn::{Path, Txn, TxnBody};
use crate::types::{ClientId, SessionId, Time, Zxid};
use std::rc::Rc;

/// Who is told something, and what its client knew then.
#[derive(Clone, Copy, Debug)]
pub struct Hearer {
    /// The client.
    pub client: ClientId,
    /// Which of its uses.
    pub number: u32,
    /// Its session.
    pub session: SessionId,
    /// The largest zxid it had seen.
    pub seen: Zxid,
}

/// What is remembered of recipes.
#[derive(Clone, Debug, Default)]
pub(super) struct Recipes {
    /// By the parent of a line's nodes: the newest that was granted, and the newest to write.
    granted: Map<Path, [Option<(Zxid, Path)>; 2]>,
    /// Who is inside a double barrier: its session, and what it had seen when it began to leave.
    inside: Map<(ClientId, u32), (SessionId, Option<Zxid>)>,
    /// What who takes from a queue had seen when it began.
    taking: Map<(ClientId, u32), Zxid>,
    /// Deletes of what stood in a queue that were not answered yet: by the client's number.
    deletes: Map<(ClientId, u32), Path>,
    /// Those that were never answered.
    unanswered: Set<Path>,
    /// Names that were given.
    names: Set<Path>,
    /// Who waits for what its server has: for what, and since when.
    in_vain: Map<(ClientId, u32), (Path, Time)>,
    /// By the place of a transaction: what was decided, and whether somebody was against it.
    decisions: Map<Path, (Option<bool>, bool)>,
}

/// What became of a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Fate {
    exists: bool,
    at: Zxid,
    /// Whose request it was.
    by: SessionId,
}

/// Whether a transaction creates or deletes a path; `None` if neither.
fn touches(body: &TxnBody, wanted: &str) -> Option<bool> {
    match body {
        TxnBody::Create { path, .. } => (**path == *wanted).then_some(true),
        TxnBody::Delete { path } | TxnBody::DeleteContainer { path } => {
            (**path == *wanted).then_some(false)
        }
        TxnBody::CloseSession { paths } => {
            paths.iter().any(|path| **path == *wanted).then_some(false)
        }
        TxnBody::Multi(parts) => parts.iter().rev().find_map(|part| touches(part, wanted)),
        TxnBody::SetData { .. }
        | TxnBody::SetAcl { .. }
        | TxnBody::Check { .. }
        | TxnBody::CreateSession { .. }
        | TxnBody::Error(_)
        | TxnBody::MultiError(_)
        | TxnBody::Reconfig { .. } => None,
    }
}

/// Every path that a transaction creates or deletes.
fn changes(body: &TxnBody, each: &mut dyn FnMut(&Path, bool)) {
    match body {
        TxnBody::Create { path, .. } => each(path, true),
        TxnBody::Delete { path } | TxnBody::DeleteContainer { path } => each(path, false),
        TxnBody::CloseSession { paths } => paths.iter().for_each(|path| each(path, false)),
        TxnBody::Multi(parts) => parts.iter().for_each(|part| changes(part, each)),
        TxnBody::SetData { .. }
        | TxnBody::SetAcl { .. }
        | TxnBody::Check { .. }
        | TxnBody::CreateSession { .. }
        | TxnBody::Error(_)
        | TxnBody::MultiError(_)
        | TxnBody::Reconfig { .. } => {}
    }
}

/// The place in a queue: the priority, then the number.
fn place(name: &str) -> Option<(String, u64)> {
    let (_, rest) = name.rsplit_once("qn-")?;
    let priority = rest.split_once('-').map_or("", |(priority, _)| priority);
    Some((priority.to_owned(), number(name)?))
}

impl Checker {
    /// The history up to a zxid, in order.
    fn until(&self, zxid: Zxid) -> Vec<Rc<Txn>> {
        let mut history: Vec<_> = self.history.backwards(zxid).collect();
        history.reverse();
        history
    }

    /// What became of a path last, as of a zxid; `None` if it was never there.
    fn fate(&self, wanted: &str, as_of: Zxid) -> Option<Fate> {
        self.history.backwards(as_of).find_map(|txn| {
            let exists = touches(&txn.body, wanted)?;
            Some(Fate { exists, at: txn.zxid, by: txn.session })
        })
    }

    /// Whether the node of that czxid was there, as of a zxid.
    pub fn stands(&self, node: &str, czxid: Zxid, as_of: Zxid) -> bool {
        self.fate(node, as_of).is_none_or(|fate| fate.exists && fate.at <= czxid)
    }

    /// Whether somebody else than the session that owns it has deleted a node.
    pub fn is_deleted_by_others(&self, node: &str, owner: SessionId) -> bool {
        let fate = self.fate(node, self.history.last_known());
        fate.is_some_and(|fate| !fate.exists && fate.by != owner)
    }

    /// Something is asked for.
    pub fn use_begins(&mut self, hearer: Hearer, wanted: &Use) {
        if wanted.what == What::Take {
            self.recipes.taking.insert((hearer.client, hearer.number), hearer.seen);
        }
    }

    /// What is held is being given back.
    pub fn use_ends(&mut self, hearer: Hearer) {
        if let Some((_, leaving)) = self.recipes.inside.get_mut(&(hearer.client, hearer.number)) {
            leaving.get_or_insert(hearer.seen);
        }
    }

    /// A use is over: nothing that it has seen counts any more.
    pub fn use_is_over(&mut self, client: ClientId, number: u32) {
        self.recipes.taking.remove(&(client, number));
    }

    /// An application is told something of a use.
    pub fn use_hears(&mut self, hearer: Hearer, wanted: &Use, told: &Told) {
        let is_alive = self.is_session_alive(hearer.session);
        let (kind, path) = (wanted.what.kind(), &wanted.path);
        match (kind, told) {
            (
                RecipeKind::DoubleBarrier(needed) | RecipeKind::Gather(needed),
                Told::Granted { .. } | Told::Done(_),
            ) => {
                self.recipes.inside.insert((hearer.client, hearer.number), (hearer.session, None));
                if is_alive {
                    self.check_entered(hearer, path, needed);
                }
            }
            (
                RecipeKind::DoubleBarrier(_) | RecipeKind::Gather(_),
                Told::Released | Told::Lost | Told::Failed(_),
            ) => {
                let inside = self.recipes.inside.remove(&(hearer.client, hearer.number));
                if let (Told::Released, Some((session, Some(since)))) = (told, inside)
                    && is_alive
                    && session == hearer.session
                {
                    self.check_left(hearer, path, since);
                }
            }
            (RecipeKind::Barrier, Told::Done(_)) if wanted.what == What::AwaitBarrier => {
                let fate = self.fate(path, hearer.seen).filter(|fate| is_alive && fate.exists);
                if let Some(Fate { at, .. }) = fate {
                    let one = format!("{} has passed {path} at {}", hearer.client, hearer.seen);
                    self.recipe_broken(hearer.client, one, format!("it is there since {at}"));
                }
            }
            (
                RecipeKind::Lock
                | RecipeKind::ReadWriteLock
                | RecipeKind::Semaphore(_)
                | RecipeKind::Election,
                Told::Granted { node, token },
            ) if is_alive => {
                let is_read = wanted.what == What::ReadLock;
                self.check_order(hearer, node, *token, is_read);
            }
            // It begins anew, if it is not over.
            (RecipeKind::Queue, Told::Done(_) | Told::Released | Told::Lost)
                if wanted.what == What::Take =>
            {
                self.recipes.taking.insert((hearer.client, hearer.number), hearer.seen);
            }
            (RecipeKind::Naming, Told::Done(name)) => {
                let name: Path = path::join(path, name).into();
                if !self.recipes.names.insert(name.clone()) {
                    let one = format!("{} is given the name {name}", hearer.client);
                    self.recipe_broken(hearer.client, one, "it was given before".to_owned());
                }
            }
            (RecipeKind::TwoPhaseCommit, Told::Done(text)) => {
                self.check_decided(hearer.client, path, &**text == "committed");
            }
            (
                RecipeKind::Lock
                | RecipeKind::HerdLock
                | RecipeKind::ReadWriteLock
                | RecipeKind::Semaphore(_)
                | RecipeKind::Election
                | RecipeKind::Barrier
                | RecipeKind::DoubleBarrier(_)
                | RecipeKind::Gather(_)
                | RecipeKind::Queue
                | RecipeKind::Group
                | RecipeKind::Config
                | RecipeKind::Naming
                | RecipeKind::Counter
                | RecipeKind::TwoPhaseCommit,
                _,
            ) => {}
        }
    }

    /// Who comes later holds later, but for readers among themselves. Who goes down from writing
    /// stands before all others and is not counted.
    fn check_order(&mut self, hearer: Hearer, node: &Path, token: Zxid, is_read: bool) {
        let parent: Path = path::parent(node).unwrap_or("/").into();
        let (is_in_line, _) = standing_of(path::name(node));
        if !is_in_line {
            return;
        }
        let newest = self.recipes.granted.entry(parent).or_default();
        let [any, write] = newest.clone();
        let before = if is_read { write } else { any };
        if any_is_older(&newest[0], token) {
            newest[0] = Some((token, node.clone()));
        }
        if !is_read && any_is_older(&newest[1], token) {
            newest[1] = Some((token, node.clone()));
        }
        if let Some((newer, other)) = before.filter(|(newer, _)| token < *newer) {
            let one = format!("{} holds by {node}, created at {token}", hearer.client);
            let other = format!("{other}, created at {newer}, has held before it");
            self.recipe_broken(hearer.client, one, other);
        }
    }

    /// As many as are needed stood there when it was last opened. Who is woken by that may not have
    /// seen its zxid yet: an event bears none.
    fn check_entered(&mut self, hearer: Hearer, barrier: &Path, needed: u32) {
        let ready = path::join(barrier, "ready");
        let (mut present, mut most, mut opened) = (0_u32, 0_u32, None);
        for txn in self.until(self.history.last_known()) {
            changes(&txn.body, &mut |path, exists| {
                if **path == *ready {
                    opened = if exists { Some(most) } else { opened };
                    most = present;
                } else if path::parent(path) == Some(&**barrier) && number(path).is_some() {
                    present = if exists { present + 1 } else { present.saturating_sub(1) };
                    most = most.max(present);
                }
            });
        }
        if opened.is_none_or(|stood| stood < needed) {
            let one = format!("{} has entered {barrier}, which needs {needed}", hearer.client);
            let other = match opened {
                Some(stood) => format!("no more than {stood} stood there when it was opened"),
                None => format!("{ready} was never there"),
            };
            self.recipe_broken(hearer.client, one, other);
        }
    }

    /// All that were there when it began to leave have left, too.
    fn check_left(&mut self, hearer: Hearer, barrier: &Path, since: Zxid) {
        let mut there: Vec<Path> = Vec::new();
        for txn in self.until(hearer.seen) {
            changes(&txn.body, &mut |path, exists| {
                if path::parent(path) == Some(&**barrier) && number(path).is_some() {
                    there.retain(|other| other != path);
                    if exists && txn.zxid <= since {
                        there.push(path.clone());
                    }
                }
            });
        }
        if let Some(node) = there.first() {
            let one = format!("{} has left {barrier}", hearer.client);
            self.recipe_broken(hearer.client, one, format!("{node} is still in"));
        }
    }

    // --- Waiting

    /// A use waits for a change of this path; `has_come` if the client is connected and asks nothing,
    /// and its server has that change.
    pub fn use_waits(
        &mut self,
        (client, number): (ClientId, u32),
        watched: Option<&Path>,
        now: Time,
        timeout_ms: u32,
    ) {
        let key = (client, number);
        let Some(watched) = watched else {
            self.recipes.in_vain.remove(&key);
            return;
        };
        let (path, since) =
            self.recipes.in_vain.entry(key).or_insert_with(|| (watched.clone(), now));
        if path != watched {
            (*path, *since) = (watched.clone(), now);
        }
        let waited_us = now.since_us(*since);
        if u64::from(timeout_ms) * 1000 < waited_us {
            let one = format!("{client} waits for {watched}, {} ms long", waited_us / 1000);
            let other = "its server has what it waits for, and it asks nothing".to_owned();
            self.recipe_broken(client, one, other);
        }
    }

    // --- Queues

    /// A client asks for the delete of something that stands in a queue.
    pub fn takes_away(&mut self, client: ClientId, request: u32, node: &Path) {
        self.recipes.deletes.insert((client, request), node.clone());
    }

    /// A request was answered.
    pub fn is_answered(&mut self, client: ClientId, request: u32, error: Option<KeeperError>) {
        if let Some(node) = self.recipes.deletes.remove(&(client, request))
            && error.is_some_and(|error| error != KeeperError::NoNode)
        {
            self.recipes.unanswered.insert(node);
        }
    }

    /// A client has taken something. It may have several uses that take: the oldest one counts.
    pub fn took(&mut self, client: ClientId, session: SessionId, node: &Path) {
        let fate = self.fate(node, self.history.last_known());
        let is_its = fate.is_some_and(|fate| !fate.exists && fate.by == session);
        if !is_its {
            let one = format!("{client} takes {node}");
            self.recipe_broken(client, one, "it has not deleted it".to_owned());
            return;
        }
        let taking = self.recipes.taking.range((client, 0)..=(client, u32::MAX));
        let since = taking.map(|(_, seen)| *seen).min();
        let (Some(since), Some(fate), Some(queue)) = (since, fate, path::parent(node)) else {
            return;
        };
        let mut there: Vec<Path> = Vec::new();
        for txn in self.until(fate.at) {
            changes(&txn.body, &mut |path, exists| {
                if path::parent(path) == Some(queue) {
                    there.retain(|other| other != path);
                    if exists && txn.zxid <= since {
                        there.push(path.clone());
                    }
                }
            });
        }
        let taken = place(path::name(node));
        let is_before = |other: &&Path| {
            let place = place(path::name(other));
            place.is_some() && place < taken
        };
        if let Some(other) = there.iter().find(is_before) {
            let one = format!("{client} takes {node}");
            self.recipe_broken(client, one, format!("{other} comes before it, and was there"));
        }
    }

    /// Nothing that has gone from this queue was lost. Asked when nothing is under way any more.
    pub fn check_nothing_lost(&mut self, queue: &Path, taken: &[Path]) {
        let mut lost = Vec::new();
        for txn in self.until(self.history.last_known()) {
            changes(&txn.body, &mut |path, exists| {
                let is_of_queue = path::parent(path) == Some(&**queue);
                if !exists && is_of_queue && place(path::name(path)).is_some() {
                    lost.push(path.clone());
                }
            });
        }
        let open = &self.recipes.deletes;
        let unanswered = &self.recipes.unanswered;
        lost.retain(|node| {
            let is_open = open.values().any(|other| other == node);
            !taken.contains(node) && !unanswered.contains(node) && !is_open
        });
        if let Some(node) = lost.first() {
            let one = format!("{node} has gone from the queue");
            self.broken(None, one, "nobody has taken it".to_owned());
        }
    }

    // --- Two-phase commit

    /// A site has voted.
    pub fn voted(&mut self, place: &Path, is_commit: bool) {
        self.recipes.decisions.entry(place.clone()).or_default().1 |= !is_commit;
    }

    fn check_decided(&mut self, client: ClientId, place: &Path, is_commit: bool) {
        let (decided, is_against) = self.recipes.decisions.entry(place.clone()).or_default();
        let before = *decided.get_or_insert(is_commit);
        let is_against = *is_against;
        let word = |is_commit| if is_commit { "committed" } else { "aborted" };
        let one = format!("{client} is told that {place} is {}", word(is_commit));
        if before != is_commit {
            let other = format!("somebody was told that it is {}", word(before));
            self.recipe_broken(client, one, other);
        } else if is_commit && is_against {
            self.recipe_broken(client, one, "a site has voted against it".to_owned());
        }
    }
}

fn any_is_older(newest: &Option<(Zxid, Path)>, token: Zxid) -> bool {
    newest.as_ref().is_none_or(|(newest, _)| *newest < token)
}

//! Two branches side by side: what first differs, and what each has come to.

use crate::lab::branches::BranchError;
use crate::lab::feed::FeedIndex;
use crate::lab::timeline::Timeline;
use crate::lab::view::{EventView, FeedRow, ZnodeView};
use crate::lab::{Lab, history, look};
use crate::sim::world::World;
use crate::sorted::{Map, Set};
use crate::txn::{Path, Txn};
use crate::types::{ServerId, Time, Zxid};
use std::rc::Rc;

/// The most transactions that are named of one branch.
const MOST_ZXIDS: usize = 12;
/// The most paths that are named of one server.
const MOST_PATHS: usize = 50;

/// Two branches at their ends. Pairs are the one and the other.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// How many events they share.
    pub shared: u32,
    /// The moment of the last of these.
    pub at: Time,
    /// The first event that is not shared; none where a branch has come to its end.
    pub first: [Option<Differing>; 2],
    /// What each has come to.
    pub sides: [Side; 2],
    /// The trees of each server, of either branch.
    pub trees: Vec<TreePair>,
}

/// The first event of a branch that the other does not have.
#[derive(Clone, PartialEq, Debug)]
pub struct Differing {
    /// The event.
    pub event: EventView,
    /// What the feed tells of it.
    pub rows: Vec<FeedRow>,
}

/// What a branch has come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// The branch.
    pub number: u32,
    /// How many events it has.
    pub events: u32,
    /// How far it goes.
    pub end: Time,
    /// Who leads.
    pub leader: Option<ServerId>,
    /// The epoch of the leader, or the largest accepted one.
    pub epoch: u32,
    /// The last committed transaction.
    pub committed: Zxid,
    /// Committed transactions that the other does not have, or has another of the same zxid: the
    /// first ones.
    pub only: Vec<Zxid>,
    /// How many these are in all.
    pub only_count: usize,
}

/// A server's tree on both branches.
#[derive(Clone, PartialEq, Debug)]
pub struct TreePair {
    /// Whose.
    pub server: ServerId,
    /// Whether the server is down, or not there: then it shows no tree.
    pub is_down: [bool; 2],
    /// How many znodes are the same.
    pub same: usize,
    /// Those that differ, by path: the first ones.
    pub differing: Vec<PathPair>,
    /// How many differ in all.
    pub differing_count: usize,
}

/// A znode on both branches.
#[derive(Clone, PartialEq, Debug)]
pub struct PathPair {
    /// Its path.
    pub path: Path,
    /// What it is on each.
    pub nodes: [Option<ZnodeView>; 2],
}

impl Lab {
    /// Compares two branches, each at its end.
    ///
    /// # Errors
    /// If there is none of such a number, or it does not run any more.
    pub fn compare(&self, one: u32, other: u32) -> Result<Comparison, BranchError> {
        let runs = [self.timeline_of(one)?, self.timeline_of(other)?];
        let tip = runs[1].tip();
        let parted = runs[0].shared(&runs[1].acted(), (tip.events, tip.now));
        let shared = first_difference(&runs, parted);
        let at = match shared.checked_sub(1) {
            Some(last) => runs[0].trace().events.get(last as usize).map(|event| event.at),
            None => Some(Time::ZERO),
        };
        let [a, b] = &runs;
        Ok(Comparison {
            shared,
            at: at.unwrap_or_else(|| a.world_at(shared).now),
            first: [differing(a, shared), differing(b, shared)],
            sides: [side(one, a.tip(), b.tip()), side(other, b.tip(), a.tip())],
            trees: trees(a.tip(), b.tip()),
        })
    }
}

/// From `from` on events may still be the same: an action that changes nothing is one only.
fn first_difference([one, other]: &[Timeline; 2], from: u32) -> u32 {
    if from < one.trace().kept_from() || from < other.trace().kept_from() {
        return from;
    }
    let events = |run| Timeline::trace(run).events.iter_from(from as usize);
    let both = events(one).zip(events(other));
    let same = both.take_while(|(one, other)| one.to_string() == other.to_string());
    from + same.count() as u32
}

fn differing(run: &Timeline, index: u32) -> Option<Differing> {
    let event = history::event(run.trace(), index)?;
    Some(Differing { event, rows: FeedIndex::told_of(run.trace(), index) })
}

fn side(number: u32, mine: &World, theirs: &World) -> Side {
    let view = look::view(mine, mine.events, mine.now);
    let other: Map<Zxid, Rc<Txn>> = theirs.checker.delivered().map(|txn| (txn.zxid, txn)).collect();
    let is_only = |txn: &Rc<Txn>| {
        other.get(&txn.zxid).is_none_or(|known| !Rc::ptr_eq(known, txn) && *known != *txn)
    };
    let only: Vec<Zxid> = mine.checker.delivered().filter(is_only).map(|txn| txn.zxid).collect();
    Side {
        number,
        events: mine.events,
        end: mine.now,
        leader: view.leader,
        epoch: view.epoch,
        committed: view.committed,
        only_count: only.len(),
        only: only.into_iter().take(MOST_ZXIDS).collect(),
    }
}

fn trees(one: &World, other: &World) -> Vec<TreePair> {
    let servers: Set<ServerId> = one.servers.keys().chain(other.servers.keys()).copied().collect();
    servers.into_iter().map(|id| tree(id, one, other)).collect()
}

fn tree(server: ServerId, one: &World, other: &World) -> TreePair {
    let is_down = [one.server(server).is_none(), other.server(server).is_none()];
    let mut paths: Map<Path, [Option<ZnodeView>; 2]> = Map::new();
    if is_down == [false, false] {
        for (n, world) in [one, other].into_iter().enumerate() {
            for node in look::tree::znodes(world, server) {
                let path = node.path.clone();
                paths.entry(path).or_default()[n] = Some(node);
            }
        }
    }
    let all = paths.len();
    paths.retain(|_, [one, other]| one != other);
    let differing_count = paths.len();
    let differing = paths.into_iter().map(|(path, nodes)| PathPair { path, nodes });
    TreePair {
        server,
        is_down,
        same: all - differing_count,
        differing: differing.take(MOST_PATHS).collect(),
        differing_count,
    }
}

//! A failed run made smaller: delta debugging over what was done, as long as the same goes wrong.
//!
//! Whatever is left out changes what chance does afterwards, so nothing is certain to help: each
//! smaller case is tried, and kept if it fails in the same way. The order of the trials is fixed and
//! their number bounded, so the same case always becomes the same smaller one.

use super::{Case, Failure};
use crate::sim::action::Action;
use crate::sim::link::{LinkEnd, NetworkAction, Way};
use crate::sorted::Set;
use crate::types::{ServerId, Time};
use std::rc::Rc;

/// How much may be tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effort {
    /// Runs.
    pub replays: u32,
    /// Events of all of them together.
    pub events: u64,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort { replays: 2_000, events: 12_000_000 }
    }
}

struct Minimizer {
    best: Case,
    failure: Failure,
    left: Effort,
}

/// A smaller case that fails in the same way, and how often it was tried.
pub fn minimize(case: &Case, failure: Failure, effort: Effort) -> Case {
    let mut best = case.clone();
    if failure == Failure::Stuck {
        // What makes everything whole is done by whoever asks whether it is stuck.
        best.actions.truncate(best.actions.len().saturating_sub(best.healed_by));
        best.healed_by = 0;
    }
    let mut minimizer = Minimizer { best, failure, left: effort };
    minimizer.go();
    let mut best = minimizer.best;
    if failure == Failure::Stuck {
        best = best.replay(true).case;
        best.watched_us = super::RECOVERY_MS * 1000;
    }
    best
}

impl Minimizer {
    fn go(&mut self) {
        // The case as it is must fail when it is repeated, or nothing can be told about it.
        if !self.attempt(self.best.clone()) {
            return;
        }
        loop {
            let before = self.best.clone();
            self.drop_actions();
            self.drop_servers();
            self.drop_settings();
            self.drop_targets();
            self.shorten();
            self.drop_unheard();
            if self.best == before || self.left.replays == 0 || self.left.events == 0 {
                return;
            }
        }
    }

    /// Keeps the case if it fails in the same way.
    fn attempt(&mut self, mut case: Case) -> bool {
        if self.left.replays == 0 || self.left.events == 0 {
            return false;
        }
        let outcome = case.replay(self.failure == Failure::Stuck);
        self.left.replays -= 1;
        self.left.events = self.left.events.saturating_sub(u64::from(outcome.events));
        if outcome.failure() != Some(self.failure) {
            return false;
        }
        // What was done after it broke, or only watched, is not part of it.
        if let Some(first) = outcome.violations.iter().min_by_key(|violation| violation.index) {
            case.actions.retain(|(at, _)| *at <= first.at);
            let last = case.actions.last().map_or(Time::ZERO, |(at, _)| *at);
            case.watched_us = first.at.since_us(last);
        }
        self.best = case;
        true
    }

    /// Leaves out a half, quarters, … single actions.
    fn drop_actions(&mut self) {
        let mut size = self.best.actions.len().div_ceil(2);
        while 0 < size {
            let mut end = self.best.actions.len();
            while 0 < end {
                let start = end.saturating_sub(size);
                let mut case = self.best.clone();
                case.actions.drain(start..end);
                case.watched_us = self.watched_us(&case);
                self.attempt(case);
                end = start.min(self.best.actions.len());
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
    }

    /// The end stays where it is, whatever is the last action now.
    fn watched_us(&self, case: &Case) -> u64 {
        let last = |case: &Case| case.actions.last().map_or(Time::ZERO, |(at, _)| *at);
        last(&self.best).since_us(last(case)) + self.best.watched_us
    }

    /// Those that join first, then observers, then the voters with the largest ids.
    fn drop_servers(&mut self) {
        for index in (0..self.best.scenario.servers.len()).rev() {
            let mut case = self.best.clone();
            case.scenario.servers.remove(index);
            self.attempt(on_those_there(case));
        }
        while 0 < self.best.scenario.observers {
            let mut case = self.best.clone();
            case.scenario.observers -= 1;
            if !self.attempt(on_those_there(case)) {
                break;
            }
        }
        while 1 < self.best.scenario.participants {
            let mut case = self.best.clone();
            case.scenario.participants -= 1;
            if !self.attempt(on_those_there(case)) {
                break;
            }
        }
    }

    fn drop_settings(&mut self) {
        for index in (0..self.best.scenario.config.len()).rev() {
            let mut case = self.best.clone();
            case.scenario.config.remove(index);
            self.attempt(case);
        }
    }

    /// Without the requests of clients that are not there any more.
    fn drop_unheard(&mut self) {
        let mut case = self.best.clone();
        let mut names = Set::default();
        case.actions.retain(|(_, action)| match action {
            Action::Connect { name, .. } => {
                names.insert(name.clone());
                true
            }
            Action::Submit { client, .. }
            | Action::CloseSession(client)
            | Action::Vanish(client)
            | Action::MoveClient { client, .. }
            | Action::PauseClient(client)
            | Action::ResumeClient(client)
            | Action::Recipe { client, .. } => usize::from(client.0) <= names.len(),
            Action::Start(_)
            | Action::AddServer { .. }
            | Action::Kill(_)
            | Action::Pause(_)
            | Action::Resume(_)
            | Action::Partition(_)
            | Action::Heal
            | Action::Network(_)
            | Action::Contend(_)
            | Action::Disk(_) => true,
        });
        if case != self.best {
            self.attempt(case);
        }
    }

    /// Fewer servers in each action.
    fn drop_targets(&mut self) {
        for index in (0..self.best.actions.len()).rev() {
            let Some((_, action)) = self.best.actions.get(index) else { continue };
            for id in targets(action).to_vec() {
                let mut case = self.best.clone();
                let Some((_, action)) = case.actions.get_mut(index) else { break };
                keep_targets(action, &|other| other != id);
                if !targets(action).is_empty() {
                    self.attempt(case);
                }
            }
        }
    }

    /// No pause between two actions, or at least one of a round length.
    fn shorten(&mut self) {
        const ROUND_US: [u64; 5] = [10_000_000, 1_000_000, 100_000, 10_000, 1_000];
        for index in 0..self.best.actions.len() {
            let Some(gap) = self.gap(index) else { break };
            if gap == 0 || self.with_gap(index, 0) {
                continue;
            }
            for round in ROUND_US {
                let gap = self.gap(index).unwrap_or(0);
                let is_shorter = |to: u64| to != gap && 0 < to;
                let down = gap / round * round;
                if gap.is_multiple_of(round)
                    || is_shorter(down) && self.with_gap(index, down)
                    || self.with_gap(index, down + round)
                {
                    break;
                }
            }
        }
    }

    /// What passes before an action, in microseconds.
    fn gap(&self, index: usize) -> Option<u64> {
        let (at, _) = self.best.actions.get(index)?;
        let before = index.checked_sub(1).and_then(|i| self.best.actions.get(i));
        Some(at.since_us(before.map_or(Time::ZERO, |(at, _)| *at)))
    }

    fn with_gap(&mut self, index: usize, gap: u64) -> bool {
        let Some(now) = self.gap(index) else { return false };
        let mut case = self.best.clone();
        for (at, _) in &mut case.actions[index..] {
            *at = Time(at.0 - now + gap);
        }
        // It may break a little later than before.
        case.watched_us += 1_000_000;
        self.attempt(case)
    }
}

/// The servers an action names one by one.
fn targets(action: &Action) -> &[ServerId] {
    match action {
        Action::Start(ids) | Action::Kill(ids) | Action::Pause(ids) | Action::Resume(ids) => ids,
        Action::Connect { servers, .. } | Action::MoveClient { servers, .. } => servers,
        Action::Contend(contest) => &contest.servers,
        Action::Disk(action) => &action.servers,
        Action::Partition(_)
        | Action::AddServer { .. }
        | Action::Heal
        | Action::Network(_)
        | Action::Submit { .. }
        | Action::CloseSession(_)
        | Action::Vanish(_)
        | Action::PauseClient(_)
        | Action::ResumeClient(_)
        | Action::Recipe { .. } => &[],
    }
}

fn keep_targets(action: &mut Action, is_kept: &dyn Fn(ServerId) -> bool) {
    let keep = |ids: &mut Rc<[ServerId]>| {
        *ids = ids.iter().copied().filter(|id| is_kept(*id)).collect();
    };
    match action {
        Action::Start(ids) | Action::Kill(ids) | Action::Pause(ids) | Action::Resume(ids) => {
            keep(ids);
        }
        Action::Connect { servers, .. } | Action::MoveClient { servers, .. } => keep(servers),
        Action::Contend(contest) => keep(&mut contest.servers),
        Action::Disk(action) => keep(&mut action.servers),
        Action::Partition(groups) => {
            let mut kept = groups.to_vec();
            kept.iter_mut().for_each(keep);
            kept.retain(|group| !group.is_empty());
            *groups = kept.into();
        }
        Action::Heal
        | Action::AddServer { .. }
        | Action::Network(_)
        | Action::Submit { .. }
        | Action::CloseSession(_)
        | Action::Vanish(_)
        | Action::PauseClient(_)
        | Action::ResumeClient(_)
        | Action::Recipe { .. } => {}
    }
}

/// The case without the servers that its ensemble does not have.
fn on_those_there(mut case: Case) -> Case {
    let there = case.scenario.server_ids();
    for (_, action) in &mut case.actions {
        keep_targets(action, &|id| there.contains(&id));
    }
    case.actions.retain(|(_, action)| match action {
        Action::Start(ids) | Action::Kill(ids) | Action::Pause(ids) | Action::Resume(ids) => {
            !ids.is_empty()
        }
        Action::Connect { servers, .. } | Action::MoveClient { servers, .. } => !servers.is_empty(),
        Action::Disk(action) => !action.servers.is_empty(),
        Action::Network(action) => way(action).is_none_or(|way| is_there(way, &there)),
        Action::Partition(_)
        | Action::AddServer { .. }
        | Action::Heal
        | Action::Submit { .. }
        | Action::CloseSession(_)
        | Action::Vanish(_)
        | Action::PauseClient(_)
        | Action::ResumeClient(_)
        | Action::Recipe { .. } => true,
        Action::Contend(contest) => !contest.servers.is_empty(),
    });
    case
}

/// The way a network action names, if it names one.
fn way(action: &NetworkAction) -> Option<Way> {
    match action {
        NetworkAction::Cut(way)
        | NetworkAction::Mend(way)
        | NetworkAction::Latency(way, _)
        | NetworkAction::Bandwidth(way, _) => Some(*way),
        NetworkAction::Hold(traffic) | NetworkAction::Release(traffic) => Some(traffic.way),
        NetworkAction::HoldPacket(_)
        | NetworkAction::ReleasePacket(_)
        | NetworkAction::DeliverPacket(_)
        | NetworkAction::LosePacket(_)
        | NetworkAction::Unsafe(_) => None,
    }
}

fn is_there(way: Way, there: &[ServerId]) -> bool {
    [way.from, way.to].into_iter().all(|end| match end {
        LinkEnd::Server(id) => there.contains(&id),
        LinkEnd::Client(_) | LinkEnd::Servers | LinkEnd::Clients | LinkEnd::Anyone => true,
    })
}

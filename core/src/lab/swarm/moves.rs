//! The moves: single faults, and faults in the order in which they hurt.
//!
//! A move waits where it helps for a decision of some server (*sight*), and strikes a few
//! milliseconds after: most of what can go wrong does so within one fsync or one way of a packet.

use super::{Mood, Swarm};
use crate::lab::unrest;
use crate::sim::action::Action;
use crate::sim::link::{LinkEnd, NetworkAction, PacketType, Traffic, Way};
use crate::sim::trace::NoteKind;
use crate::types::{Actor, ServerId, ServerState};
use crate::why::{MembersWhy, Why};
use std::rc::Rc;

/// How long a sight is waited for, in milliseconds.
const PATIENCE_MS: u64 = 12_000;

/// What a move waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sight {
    Elected,
    ProposedEpoch,
    PromisedEpoch,
    Synchronizing,
    EnteredEpoch,
    NewLeaderQuorum,
    MayServe,
    Proposed,
    Committed,
    ReconfigProposed,
    NewSuccessor,
    ConfigActivated,
    Truncated,
}

impl Sight {
    /// What may be waited for in any run. What a seed means depends on them.
    const ALL: [Sight; 9] = [
        Sight::Elected,
        Sight::ProposedEpoch,
        Sight::PromisedEpoch,
        Sight::Synchronizing,
        Sight::EnteredEpoch,
        Sight::NewLeaderQuorum,
        Sight::MayServe,
        Sight::Proposed,
        Sight::Committed,
    ];

    fn is(self, why: &Why) -> bool {
        match self {
            Sight::Elected => matches!(why, Why::Elected { .. }),
            Sight::ProposedEpoch => matches!(why, Why::ProposedEpoch { .. }),
            Sight::PromisedEpoch => matches!(why, Why::PromisedEpoch { .. }),
            Sight::Synchronizing => matches!(why, Why::Synchronizing { .. }),
            Sight::EnteredEpoch => matches!(why, Why::EnteredEpoch { .. }),
            Sight::NewLeaderQuorum => matches!(why, Why::NewLeaderQuorum { .. }),
            Sight::MayServe => matches!(why, Why::MayServe { .. }),
            Sight::Proposed => matches!(why, Why::Proposed { .. }),
            Sight::Committed => matches!(why, Why::CommittedByQuorum { .. }),
            Sight::ReconfigProposed => {
                matches!(why, Why::Members(MembersWhy::ReconfigProposed { .. }))
            }
            Sight::NewSuccessor => {
                matches!(why, Why::Members(MembersWhy::DesignatedLeader { .. }))
            }
            Sight::ConfigActivated => {
                matches!(why, Why::Members(MembersWhy::ConfigActivated { .. }))
            }
            Sight::Truncated => matches!(why, Why::Truncated { .. }),
        }
    }
}

/// Whose decision it was, and whom it was about if about a learner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) who: ServerId,
    learner: Option<ServerId>,
}

impl Swarm {
    pub(super) fn go_on(&mut self) {
        self.pass_time();
        if let Some(verb) = self.plan.recipe
            && self.rng.below(3) != 0
        {
            return self.recipe_move(verb);
        }
        if self.mood == Mood::Even {
            let action = self.even_action();
            return self.act(action);
        }
        if self.plan.has_disk_faults && self.rng.below(12) == 0 {
            let one = self.server();
            let action = self.disk_fault(Rc::new([one]));
            return self.act(action);
        }
        if self.plan.has_reconfig && self.rng.below(12) == 0 {
            let op = self.reconfiguration();
            return self.submit(op);
        }
        if self.plan.has_network_faults && self.rng.below(4) == 0 {
            let action = unrest::draw(&mut self.rng, &self.world);
            return self.act(Action::Network(action));
        }
        let special = match self.mood {
            Mood::Even => 0,
            Mood::Sessions | Mood::Returns => 6,
            Mood::Storm
            | Mood::Isolation
            | Mood::Lag
            | Mood::Handover
            | Mood::Observers
            | Mood::Promises
            | Mood::Members
            | Mood::Disks => 3,
        };
        if self.rng.below(16) < special {
            return match self.mood {
                Mood::Even => {}
                Mood::Storm => self.storm(),
                Mood::Isolation => self.isolate(),
                Mood::Lag => self.lag(),
                Mood::Handover => self.hand_over(),
                Mood::Sessions => self.disturb_clients(),
                Mood::Observers => self.leave_observers(),
                Mood::Promises => self.break_promises(),
                Mood::Members => self.change_members(),
                Mood::Disks => self.trouble_disks(),
                Mood::Returns => self.return_early(),
            };
        }
        match self.rng.below(24) {
            0 => self.kill(&[self.leader_or_any()]),
            1 => {
                let one = self.server();
                self.kill(&[one]);
            }
            2 => {
                let one = self.server();
                self.start(&[one]);
            }
            3..=5 => self.act(Action::Start(self.all.clone())),
            6 => self.act(Action::Resume(self.all.clone())),
            7 => self.act(Action::Heal),
            8 => match self.rng.below(6) {
                0 => self.storm(),
                1 => self.isolate(),
                2 => self.lag(),
                3 => self.hand_over(),
                4 => self.disturb_clients(),
                _ => self.act_partition(),
            },
            9 => self.burst(5),
            _ => {
                let op = self.request();
                self.submit(op);
            }
        }
    }

    /// As of old: its draws are a file format.
    fn even_action(&mut self) -> Action {
        if self.plan.has_network_faults && self.rng.below(4) == 0 {
            return Action::Network(unrest::draw(&mut self.rng, &self.world));
        }
        let one = self.server();
        let just_one: Rc<[ServerId]> = Rc::new([one]);
        if self.plan.has_disk_faults && self.rng.below(12) == 0 {
            return self.disk_fault(just_one);
        }
        if self.plan.has_reconfig && self.rng.below(12) == 0 {
            let client = self.client();
            return Action::Submit { client, op: self.reconfiguration(), line: None };
        }
        match self.rng.below(24) {
            0 | 1 => Action::Kill(just_one),
            2..=4 => Action::Start(just_one),
            5 => Action::Pause(just_one),
            6 | 7 => Action::Resume(self.all.clone()),
            8 => self.partition(),
            9 | 10 => Action::Heal,
            11 => Action::Start(self.all.clone()),
            12 if self.rng.below(4) == 0 => Action::Kill(self.all.clone()),
            13 if self.rng.below(4) == 0 => Action::Vanish(self.client()),
            _ => {
                let client = self.client();
                Action::Submit { client, op: self.even_request(), line: None }
            }
        }
    }

    fn partition(&mut self) -> Action {
        let sides = 2 + self.rng.below(2);
        let mut groups: Vec<Vec<ServerId>> = vec![Vec::new(); sides as usize];
        for id in self.all.clone().iter() {
            groups[self.rng.below(sides) as usize].push(*id);
        }
        Action::Partition(groups.into_iter().map(Rc::from).collect())
    }

    pub(super) fn act_partition(&mut self) {
        let action = self.partition();
        self.act(action);
    }

    pub(super) fn kill(&mut self, ids: &[ServerId]) {
        self.act(Action::Kill(ids.into()));
    }

    pub(super) fn start(&mut self, ids: &[ServerId]) {
        self.act(Action::Start(ids.into()));
    }

    pub(super) fn short(&mut self) {
        let us = self.rng.below(9_000);
        self.pass(us);
    }

    pub(super) fn long(&mut self) {
        let us = self.rng.below(5_000_000);
        self.pass(us);
    }

    pub(super) fn leader(&self) -> Option<ServerId> {
        let leads = |id: &ServerId| {
            self.world.server(*id).is_some_and(|s| s.state() == ServerState::Leading)
        };
        self.all.iter().copied().find(leads)
    }

    pub(super) fn leader_or_any(&self) -> ServerId {
        self.leader().unwrap_or(self.all[0])
    }

    /// Voters in a random order.
    pub(super) fn shuffled(&mut self) -> Vec<ServerId> {
        let members = self.members();
        let mut ids: Vec<ServerId> =
            self.all.iter().copied().filter(|id| members.is_voter(*id)).collect();
        for n in (1..ids.len()).rev() {
            ids.swap(n, self.rng.below(n as u32 + 1) as usize);
        }
        ids
    }

    /// Goes on until some server takes such a decision.
    pub(super) fn watch_for(&mut self, sight: Sight) -> Option<Seen> {
        let limit = self.world.now.plus_ms(PATIENCE_MS);
        while !self.is_broken() && self.world.step(limit, &mut self.trace) {
            let notes = &self.trace.notes;
            let seen = notes.iter().find_map(|note| {
                let Actor::Server(who) = note.actor else { return None };
                let NoteKind::Decision(why) = &note.what else { return None };
                let learner = if let Why::Synchronizing { learner, .. } = why {
                    Some(*learner)
                } else {
                    None
                };
                sight.is(why).then_some(Seen { who, learner })
            });
            self.trace = Default::default();
            if seen.is_some() {
                // What is due at the same moment comes before any action.
                self.pass(0);
                return seen;
            }
        }
        None
    }

    pub(super) fn watch_for_anything(&mut self) -> Option<Seen> {
        let sight = Sight::ALL[self.rng.below(Sight::ALL.len() as u32) as usize];
        self.watch_for(sight)
    }

    /// Everybody dies at a delicate moment; some come back, and the others when those may serve.
    fn storm(&mut self) {
        if self.rng.below(2) == 0 {
            self.burst(4);
        }
        if self.rng.below(3) != 0 {
            self.watch_for_anything();
            self.short();
        }
        self.act(Action::Kill(self.all.clone()));
        self.act(Action::Heal);
        let ids = self.shuffled();
        let some = 1 + self.rng.below(ids.len() as u32) as usize;
        self.start(&ids[..some]);
        if self.rng.below(2) == 0 {
            self.long();
        } else {
            self.watch_for_anything();
            self.short();
        }
        if self.rng.below(2) == 0 {
            self.act(Action::Start(self.all.clone()));
        }
    }

    /// The leader, with fewer than a quorum, goes on proposing what cannot be committed.
    fn isolate(&mut self) {
        let leader = self.leader_or_any();
        let mut few = vec![leader];
        let mut others = self.shuffled();
        others.retain(|id| *id != leader);
        let company = self.rng.below(others.len() as u32 / 2 + 1) as usize;
        few.extend(others.drain(..company));
        let members = self.members();
        let observers = self.all.iter().copied();
        others.extend(observers.filter(|id| !members.is_voter(*id)));
        let groups: [Rc<[ServerId]>; 2] = [few.clone().into(), others.clone().into()];
        self.act(Action::Partition(Rc::new(groups)));
        self.burst(6);
        self.short();
        match self.rng.below(4) {
            0 => self.kill(&few),
            1 => self.kill(&[leader]),
            2 => self.kill(&others),
            _ => {}
        }
        match self.rng.below(3) {
            0 => {
                self.watch_for(Sight::NewLeaderQuorum);
                self.short();
            }
            1 => {
                self.watch_for_anything();
                self.short();
            }
            _ => self.long(),
        }
        if self.rng.below(2) == 0 {
            self.act(Action::Kill(self.all.clone()));
        }
        self.act(Action::Heal);
        if self.rng.below(3) == 0 {
            few.extend(others.iter().take(2));
            self.start(&few);
        } else {
            self.act(Action::Start(self.all.clone()));
        }
    }

    /// A server misses something, perhaps much, and comes back.
    fn lag(&mut self) {
        let ids = self.shuffled();
        let absent = 1 + self.rng.below(ids.len() as u32 / 2) as usize;
        self.kill(&ids[..absent]);
        let most = if self.rng.below(3) == 0 { 40 } else { 5 };
        self.burst(most);
        match self.rng.below(3) {
            0 => self.kill(&[self.leader_or_any()]),
            1 => self.act(Action::Kill(self.all.clone())),
            _ => {}
        }
        self.start(&ids[..absent]);
        if self.rng.below(2) == 0 {
            self.act(Action::Start(self.all.clone()));
        }
    }

    /// A learner is being brought up to date in a new epoch when it, its leader or both die.
    fn hand_over(&mut self) {
        let ids = self.shuffled();
        let late = ids[0];
        self.kill(&[late]);
        self.burst(5);
        if self.rng.below(3) != 0 {
            let leader = self.leader_or_any();
            self.kill(&[leader]);
        }
        self.start(&[late]);
        let sight = match self.rng.below(4) {
            0 => Sight::EnteredEpoch,
            1 => Sight::NewLeaderQuorum,
            _ => Sight::Synchronizing,
        };
        let Some(Seen { who, learner }) = self.watch_for(sight) else { return };
        self.short();
        let leader = self.leader().unwrap_or(who);
        let learner = learner.unwrap_or(who);
        match self.rng.below(4) {
            0 => self.kill(&[learner]),
            1 => self.kill(&[leader]),
            2 => self.act(Action::Kill(self.all.clone())),
            _ => self.kill(&[leader, learner]),
        }
        let mut back: Vec<ServerId> = self.all.iter().copied().filter(|id| *id != leader).collect();
        if self.rng.below(2) == 0 {
            back.truncate(3);
            back.push(learner);
        }
        self.start(&back);
        if self.rng.below(2) == 0 {
            self.long();
        }
    }

    /// Clients lose their server, fall silent, end their sessions, come back.
    fn disturb_clients(&mut self) {
        let client = self.client();
        match self.rng.below(5) {
            0 | 1 => {
                let one = self.server();
                self.act(Action::Pause(Rc::new([one])));
                self.burst(2);
                let us = 300_000 + self.rng.below(3_000_000);
                self.pass(us);
                self.act(Action::Resume(self.all.clone()));
            }
            2 => {
                self.act(Action::Vanish(client));
                self.pass_time();
                let again = self.connect(client.0);
                self.act(again);
            }
            3 => {
                self.act(Action::CloseSession(client));
                self.short();
                let again = self.connect(client.0);
                self.act(again);
            }
            _ => {
                let one = self.server();
                self.kill(&[one]);
                self.pass_time();
                self.start(&[one]);
            }
        }
    }

    /// A leader keeps its observers and loses the others.
    fn leave_observers(&mut self) {
        let leader = self.leader_or_any();
        let members = self.members();
        let stays = |id: &ServerId| *id == leader || !members.is_voter(*id);
        let (few, others): (Vec<ServerId>, Vec<ServerId>) =
            self.all.iter().copied().partition(stays);
        if self.rng.below(2) == 0 {
            let groups: [Rc<[ServerId]>; 2] = [few.into(), others.into()];
            self.act(Action::Partition(Rc::new(groups)));
        } else {
            self.kill(&others);
            self.short();
        }
        self.burst(3);
        let us = self.rng.below(12_000_000);
        self.pass(us);
        if self.rng.below(2) == 0 {
            self.act(Action::Heal);
            self.act(Action::Start(self.all.clone()));
            self.long();
        }
    }

    /// An epoch is promised by some that never hear more of it, more than once; then others begin
    /// an older one, and those come to join.
    fn break_promises(&mut self) {
        let ids = self.shuffled();
        let quorum = ids.len() / 2 + 1;
        let Some(deaf) = ids.get(quorum - 1).copied() else { return };
        self.act(Action::Kill(self.all.clone()));
        self.act(Action::Heal);
        let way = Way { from: LinkEnd::Servers, to: LinkEnd::Server(deaf) };
        let held = Traffic { way, only: Some(PacketType::LeaderInfo) };
        self.act(Action::Network(NetworkAction::Hold(held)));
        for _ in 0..2 {
            self.start(&ids[..quorum]);
            self.watch_for(Sight::PromisedEpoch);
            self.short();
            self.kill(&ids[..quorum]);
        }
        self.act(Action::Network(NetworkAction::Release(held)));
        self.start(&ids[quorum - 1..]);
        self.watch_for(Sight::NewLeaderQuorum);
        self.short();
        self.start(&ids[..quorum - 1]);
        self.long();
    }
}

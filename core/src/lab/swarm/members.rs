//! Moves about who belongs to the ensemble: servers are added, removed, made observers and voters, at
//! any time and at the delicate ones.

use super::Swarm;
use super::moves::Sight;
use crate::config::{Ensemble, Member, Role};
use crate::lab::scenario::{Scenario, ServerLine};
use crate::sim::action::Action;
use crate::sim::fault::{DiskAction, DiskFault};
use crate::sim::rng::Rng;
use crate::sim::world::{ServerSlot, World};
use crate::txn::{Op, ReconfigRequest};
use crate::types::ServerId;
use std::rc::Rc;

/// Lets the ensemble be reconfigured, by anybody, and puts up to two servers beside it.
pub(super) fn allow(scenario: &mut Scenario, rng: &mut Rng) {
    let is_standalone = rng.below(2) == 0;
    for (key, value) in [("reconfigEnabled", true), ("standaloneEnabled", is_standalone)] {
        scenario.config.push((key.to_owned(), value.to_string()));
    }
    scenario.config.push(("skipACL".to_owned(), "yes".to_owned()));
    let last = scenario.participants + scenario.observers;
    for id in (last + 1..).take(rng.below(3) as usize) {
        let role = if rng.below(4) == 0 { Role::Observer } else { Role::Participant };
        scenario.servers.push(ServerLine { id, role, group: None, weight: None, joins: true });
    }
}

/// `server.N=…` as a request has it.
fn line(id: ServerId, role: Role) -> String {
    format!("server.{}={}", id.0, Member::new(id, role).text())
}

/// Whether a server need not serve under `config`. Who is removed may follow, look or refuse to
/// start.
pub(super) fn is_out(id: ServerId, world: &World, config: &Ensemble) -> bool {
    world.config.is_reconfig_enabled && !config.members.contains_key(&id)
}

/// What lets everybody start: who was removed, and added while it was down, has a file that does not
/// name it.
pub(super) fn repairs(world: &World) -> Vec<Action> {
    let is_refused = |(id, slot): &(&ServerId, &ServerSlot)| {
        let is_named = |config: &Rc<Ensemble>| config.members.contains_key(id);
        slot.process.is_none()
            && is_named(&world.ensemble)
            && !slot.disk().config.as_ref().is_none_or(is_named)
    };
    let servers: Rc<[ServerId]> =
        world.servers.iter().filter(is_refused).map(|(id, _)| *id).collect();
    if servers.is_empty() {
        return Vec::new();
    }
    let fault = DiskFault::CopiedConfig;
    let copied = Action::Disk(DiskAction { servers: servers.clone(), fault });
    vec![copied, Action::Start(servers)]
}

impl Swarm {
    /// The newest configuration that a running server goes by.
    pub(super) fn members(&self) -> Rc<Ensemble> {
        let running = self.world.servers.keys().filter_map(|id| self.world.server(*id));
        let newest = running.map(|server| &server.views().current);
        newest.max_by_key(|config| config.version).unwrap_or(&self.world.ensemble).clone()
    }

    /// Other members, as a request.
    pub(super) fn reconfiguration(&mut self) -> Op {
        let mut asked = ReconfigRequest { from_config: -1, ..ReconfigRequest::default() };
        match self.rng.below(8) {
            0 => {
                for id in self.all.clone().iter().copied() {
                    match self.rng.below(5) {
                        0 => {}
                        1 => asked.new_members.push(line(id, Role::Observer)),
                        _ => asked.new_members.push(line(id, Role::Participant)),
                    }
                }
            }
            1 => asked.leaving.push(self.leader_or_any().0.to_string()),
            2 => asked.joining.push(line(self.leader_or_any(), Role::Observer)),
            _ => {
                for _ in 0..=self.rng.below(3) {
                    let id = self.server();
                    match self.rng.below(5) {
                        0 => asked.leaving.push(id.0.to_string()),
                        1 => asked.joining.push(line(id, Role::Observer)),
                        _ => asked.joining.push(line(id, Role::Participant)),
                    }
                }
            }
        }
        if self.rng.below(6) == 0 {
            asked.from_config = self.members().version.0 as i64;
        }
        Op::Reconfig(Rc::new(asked))
    }

    /// Members change, and what could hurt happens at the worst moment.
    pub(super) fn change_members(&mut self) {
        let ids = self.shuffled();
        if self.rng.below(3) == 0
            && let Some(late) = ids.first().copied()
        {
            self.kill(&[late]);
            self.burst(3);
            self.start(&[late]);
        } else if self.rng.below(2) == 0 {
            self.burst(3);
        }
        let op = self.reconfiguration();
        self.submit(op);
        let sights = [Sight::ReconfigProposed, Sight::ConfigActivated, Sight::NewSuccessor];
        let seen = match self.rng.below(5) {
            0 | 1 => self.watch_for(Sight::ReconfigProposed),
            4 => self.watch_for_anything(),
            other => self.watch_for(sights[other as usize - 1]),
        };
        self.short();
        if self.rng.below(2) == 0 {
            self.burst(2);
        }
        let leader = self.leader_or_any();
        let who = seen.map_or(leader, |seen| seen.who);
        match self.rng.below(8) {
            0 | 1 => self.kill(&[leader]),
            2 => self.kill(&[who]),
            3 => self.act(Action::Kill(self.all.clone())),
            4 => self.kill(&ids[..ids.len() / 2]),
            5 => self.act_partition(),
            6 => {
                let again = self.reconfiguration();
                self.submit(again);
            }
            _ => {}
        }
        match self.rng.below(4) {
            0 => self.act(Action::Start(self.all.clone())),
            1 => self.start(&ids[ids.len() / 2..]),
            2 => {
                self.act(Action::Heal);
                self.act(Action::Start(self.all.clone()));
                self.long();
            }
            _ => self.long(),
        }
    }
}

//! The move about a learner that comes back too early: to the leader that still counts what it
//! acknowledged, and without it.

use super::Swarm;
use super::moves::Sight;
use crate::sim::action::Action;
use crate::sim::fault::DiskFault;
use crate::sim::link::{NetworkAction, PacketType, Traffic, Way};
use crate::types::{Actor, ServerId};

/// How long an ACK is waited for, in milliseconds.
const ACK_PATIENCE_MS: u64 = 500;
/// How much longer the leader's disk takes where its own ACK is to be late, in microseconds.
const LATE_US: u64 = 3_000_000;

/// What the network does not deliver for a while.
fn traffic(from: ServerId, to: ServerId, only: PacketType) -> Traffic {
    Traffic { way: Way::between(Actor::Server(from), Actor::Server(to)), only: Some(only) }
}

impl Swarm {
    /// A learner acknowledges what stays outstanding, is killed, and comes back to the same leader.
    /// There it is cut, since nothing of it is committed; and before it has it again, so many ACKs
    /// of others arrive that only its own is missing for a quorum.
    pub(super) fn return_early(&mut self) {
        let leader = self.leader();
        let Some(leader) =
            leader.filter(|id| self.world.server(*id).is_some_and(|s| s.is_serving()))
        else {
            return self.make_whole();
        };
        let mut others = self.shuffled();
        let quorum = others.len() / 2 + 1;
        others.retain(|id| *id != leader);
        let Some((back, others)) = others.split_first() else { return };
        let back = *back;
        // With three voters the leader and one learner would be a quorum: the leader must be late.
        let is_leader_late = quorum == 2 || self.rng.below(3) == 0;
        if is_leader_late {
            self.set_disks(&[leader], DiskFault::Slow { factor: 1, added_us: LATE_US });
        }
        // Those whose ACKs come late; the rest is not even told.
        let late = (quorum - 2 + usize::from(is_leader_late)).min(others.len());
        let (late, untold) = others.split_at(late);
        let acks = late.iter().map(|id| traffic(*id, leader, PacketType::Ack));
        let proposals = untold.iter().map(|id| traffic(leader, *id, PacketType::Proposal));
        let held: Vec<Traffic> = acks.chain(proposals).collect();
        for traffic in &held {
            self.act(Action::Network(NetworkAction::Hold(*traffic)));
        }
        self.burst(3);
        if self.watch_for_ack(leader, back) {
            self.kill(&[back]);
            let again = traffic(leader, back, PacketType::Proposal);
            if self.rng.below(4) != 0 {
                self.act(Action::Network(NetworkAction::Hold(again)));
            }
            self.start(&[back]);
            self.watch_for(Sight::Truncated);
            for traffic in held.iter().take(late.len()) {
                self.act(Action::Network(NetworkAction::Release(*traffic)));
            }
            match self.rng.below(3) {
                0 => self.short(),
                1 => {
                    self.watch_for(Sight::Committed);
                }
                _ => self.kill(&[leader]),
            }
        }
        if self.rng.below(4) != 0 {
            self.make_whole();
        }
    }

    /// Goes on until a leader has counted the ACK of a learner for what is outstanding.
    fn watch_for_ack(&mut self, leader: ServerId, learner: ServerId) -> bool {
        let limit = self.world.now.plus_ms(ACK_PATIENCE_MS);
        loop {
            let leading = self.world.server(leader).and_then(|server| server.as_leader());
            let Some(leading) = leading else { return false };
            if leading.outstanding().any(|(_, acks)| acks.contains(&learner)) {
                return true;
            }
            if self.is_broken() || !self.world.step(limit, &mut self.trace) {
                return false;
            }
            self.trace = Default::default();
        }
    }

    /// Nothing is held, cut or slow any more, and somebody may serve again.
    fn make_whole(&mut self) {
        self.set_disks(&self.all.clone(), DiskFault::Mended);
        self.act(Action::Heal);
        self.act(Action::Network(NetworkAction::Release(Traffic::all(Way::EVERY))));
        self.act(Action::Start(self.all.clone()));
        self.long();
    }
}

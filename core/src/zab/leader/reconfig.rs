//! What a reconfiguration changes for a leader.
//!
//! A reconfiguration is a transaction like any other, but from its proposal on everything needs a
//! quorum of the old members *and* one of the new ones:
//!
//! ```text
//!   old members   ├──────────────────────────────┤
//!   new members               ├────────────────────────────────▶
//!                             reconfig proposed  reconfig committed
//! ```
//!
//! A leader without a vote among the new members does not commit anything more. It names as its
//! successor one of those that acknowledged the reconfiguration, and goes on until they have left it.
//!
//! ZooKeeper: `Leader.propose`, `tryToCommit`, `getDesignatedLeader`, `startZkServer`,
//! `isQuorumSynced`.

use super::{Effect, Leader};
use crate::config::{Ensemble, Views, text};
use crate::sorted::Set;
use crate::txn::{Txn, TxnBody};
use crate::types::{ServerId, Zxid};
use crate::why::{MembersWhy, Why};
use std::rc::Rc;

impl Leader {
    /// The configurations it goes by.
    pub fn views(&self) -> &Views {
        &self.views
    }

    /// Whether it still commits: no successor has been named.
    pub fn is_allowed_to_commit(&self) -> bool {
        self.is_allowed_to_commit
    }

    /// Those with a vote in `ensemble` that are connected as followers and synchronized, and itself
    /// (`isQuorumSynced`). Observers are not asked to log proposals and so do not count.
    pub fn synced_voters(&self, ensemble: &Ensemble) -> Set<ServerId> {
        let is_synced = |h: &&super::Handler| {
            h.is_forwarding && !h.is_observer && self.tick <= h.ack_deadline_tick
        };
        let learners = self.handlers.values().filter(is_synced).map(|handler| handler.sid);
        learners.chain([self.id]).filter(|id| ensemble.is_voter(*id)).collect()
    }

    /// A reconfiguration is being proposed: a quorum of the new members is needed, too.
    pub(super) fn see_proposed_config(&mut self, txn: &Txn, effects: &mut Vec<Effect>) {
        let Some(config) = proposed_config(txn) else { return };
        effects.push(Effect::Explain(Why::Members(MembersWhy::ReconfigProposed {
            from: self.views.current.version,
            to: config.version,
            voters: config.voters().collect(),
            observers: config.observers().collect(),
        })));
        self.views.last_seen = config.clone();
        effects.push(Effect::ConfigSeen(config));
    }

    /// The first configuration of an ensemble has no version. The first leader gives it that of its
    /// epoch, so that it wins over the partial ones that servers are started with
    /// (ZOOKEEPER-1783).
    pub(super) fn establish_config(&mut self, effects: &mut Vec<Effect>) {
        let is_first = self.views.current.version == Zxid::ZERO && !self.views.is_pending();
        if self.config.is_reconfig_enabled && is_first {
            let version = Zxid::new(self.epoch, 0);
            let config = Rc::new(Ensemble { version, ..(*self.views.current).clone() });
            self.views.last_seen = config.clone();
            effects.push(Effect::ConfigSeen(config));
        }
    }

    /// A new leader completes what was proposed before it: the quorum that has its history has
    /// agreed to that, too (ZOOKEEPER-1324).
    pub(super) fn activate_last_seen(&mut self, effects: &mut Vec<Effect>) {
        if self.config.is_reconfig_enabled {
            let acks = self.has_history.clone();
            let zxid = Zxid::new(self.epoch, 0);
            self.activate_config(self.views.clone(), zxid, &acks, effects);
        }
    }

    /// Goes by the newest configuration of `views`. Returns who leads from now on.
    pub(super) fn activate_config(
        &mut self,
        views: Views,
        zxid: Zxid,
        acks: &Set<ServerId>,
        effects: &mut Vec<Effect>,
    ) -> ServerId {
        let config = views.last_seen;
        let designated = self.designated_leader(&config, zxid, acks);
        if designated != self.id {
            self.is_allowed_to_commit = false;
            let acked = acks.iter().copied().filter(|id| config.is_voter(*id)).collect();
            let leader = designated;
            let why = Why::Members(MembersWhy::DesignatedLeader { leader, zxid, acked });
            effects.push(Effect::Explain(why));
        }
        if self.views.current.version < config.version {
            self.views.activate(config.clone());
        }
        effects.push(Effect::ConfigActivated { config, designated });
        designated
    }

    /// Itself if it has a vote; else, of those that acknowledged, the one with the longest unbroken
    /// row of acknowledgements after it (`getDesignatedLeader`).
    fn designated_leader(&self, config: &Ensemble, zxid: Zxid, acks: &Set<ServerId>) -> ServerId {
        if config.is_voter(self.id) {
            return self.id;
        }
        let mut candidates: Set<ServerId> =
            acks.iter().copied().filter(|id| config.is_voter(*id)).collect();
        let Some(mut best) = candidates.first().copied() else { return self.id };
        let mut next = zxid.next();
        while let Some(proposal) = self.outstanding.get(&next) {
            candidates = candidates.intersection(&proposal.acks).copied().collect();
            let Some(first) = candidates.first() else { break };
            best = *first;
            next = next.next();
        }
        best
    }
}

/// The configuration that a transaction proposes, if it is a reconfiguration.
pub(crate) fn proposed_config(txn: &Txn) -> Option<Rc<Ensemble>> {
    match &txn.body {
        TxnBody::Reconfig { config } => text::parse(config).ok().map(Rc::new),
        TxnBody::Create { .. }
        | TxnBody::Delete { .. }
        | TxnBody::SetData { .. }
        | TxnBody::SetAcl { .. }
        | TxnBody::Check { .. }
        | TxnBody::CreateSession { .. }
        | TxnBody::CloseSession { .. }
        | TxnBody::DeleteContainer { .. }
        | TxnBody::Multi(_)
        | TxnBody::Error(_)
        | TxnBody::MultiError(_) => None,
    }
}

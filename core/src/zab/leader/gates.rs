//! The gates between the phases, and what is done for each learner as one opens.

use super::{Effect, Gate, Handler, Leader, Stage};
use crate::mistake::Mistake;
use crate::sorted::{Map, Set};
use crate::types::{ConnId, Phase, ServerId, Time, Zxid};
use crate::why::{QuorumCheck, SyncKind, Why, quorum_facts};
use crate::wire::Packet;
use crate::zab::database::Database;
use crate::zab::log::Files;
use crate::zab::sync;
use std::rc::Rc;

/// How many learners are being synchronized, by a snapshot or otherwise.
fn in_progress(handlers: &Map<ConnId, Handler>, is_snap: bool) -> usize {
    let is_it = |h: &&Handler| h.stage == Stage::Synchronizing && h.is_snap == is_snap;
    handlers.values().filter(is_it).count()
}

impl Leader {
    /// Opens every gate that can be opened now, and lets learners through.
    pub(super) fn pass_gates(
        &mut self,
        now: Time,
        db: &Database,
        files: &Files,
        effects: &mut Vec<Effect>,
    ) {
        // With the last gate open and nobody on the way there is nothing to pass.
        let is_at_rest = |handler: &Handler| handler.stage == Stage::Serving;
        if self.gate == Gate::Serving && self.handlers.values().all(is_at_rest) {
            return;
        }
        if self.gate == Gate::Epochs && self.is_complete(&self.reported) {
            self.choose_epoch(effects);
        }
        self.tell_epoch(effects);
        if self.gate == Gate::EpochAcks && self.is_complete(&self.promised) {
            self.enter_epoch(effects);
        }
        self.synchronize(now, db, files, effects);
        if self.gate == Gate::NewLeaderAcks {
            if self.has_new_leader_quorum() {
                effects.push(Effect::Explain(Why::NewLeaderQuorum {
                    epoch: self.epoch,
                    acked: self.has_history.iter().copied().collect(),
                    needed: self.views.current.majority(),
                }));
                self.activate(effects);
            } else if let Some(mistake) = self.serves_early() {
                effects.push(Effect::Explain(Why::Mistaken { mistake }));
                self.activate(effects);
            }
        }
        self.let_serve(effects);
    }

    fn is_complete(&self, servers: &Set<ServerId>) -> bool {
        servers.contains(&self.id) && self.views.current.is_quorum(servers)
    }

    /// The history must be with a quorum of a configuration that is only proposed, too: with the
    /// epoch it becomes committed.
    fn has_new_leader_quorum(&self) -> bool {
        self.has_history.contains(&self.id) && self.views.is_quorum(&self.has_history)
    }

    /// The mistake for which it serves before a quorum has the history, if it makes one.
    fn serves_early(&self) -> Option<Mistake> {
        let has_enough = self.views.current.majority() <= self.has_history.len();
        let makes = |mistake| self.config.mistakes.has(mistake);
        match (makes(Mistake::EarlyServe), makes(Mistake::ObserverInQuorum) && has_enough) {
            (true, _) => Some(Mistake::EarlyServe),
            (false, true) => Some(Mistake::ObserverInQuorum),
            (false, false) => None,
        }
    }

    fn choose_epoch(&mut self, effects: &mut Vec<Effect>) {
        self.epoch = self.largest_accepted + 1;
        self.gate = Gate::EpochAcks;
        effects.push(Effect::Explain(Why::ProposedEpoch {
            epoch: self.epoch,
            reported: self.reported.iter().copied().collect(),
            largest: self.largest_accepted,
        }));
        effects.push(Effect::SetAcceptedEpoch(self.epoch));
        self.establish_config(effects);
        self.promised.insert(self.id);
        effects.push(Effect::GateTimer(self.config.init_limit_ms()));
    }

    fn tell_epoch(&mut self, effects: &mut Vec<Effect>) {
        if self.gate == Gate::Epochs {
            return;
        }
        for (&conn, handler) in &mut self.handlers {
            if handler.stage == Stage::Reported {
                handler.stage = Stage::ToldEpoch;
                let packet = Packet::LeaderInfo { epoch: self.epoch };
                effects.push(Effect::Send { conn, packet });
            }
        }
    }

    fn enter_epoch(&mut self, effects: &mut Vec<Effect>) {
        self.gate = Gate::NewLeaderAcks;
        self.last_proposed = Zxid::new(self.epoch, 0);
        self.last_committed = Zxid::new(self.epoch, 0);
        effects.push(Effect::Explain(Why::EpochQuorum {
            epoch: self.epoch,
            acked: self.promised.iter().copied().collect(),
        }));
        effects.push(Effect::SetCurrentEpoch(self.epoch));
        effects.push(Effect::Phase(Phase::Synchronization));
        self.has_history.insert(self.id);
        effects.push(Effect::GateTimer(self.config.init_limit_ms()));
    }

    /// `syncFollower`, `startForwarding` and NEWLEADER for each learner that has promised.
    fn synchronize(&mut self, now: Time, db: &Database, files: &Files, effects: &mut Vec<Effect>) {
        if matches!(self.gate, Gate::Epochs | Gate::EpochAcks) {
            return;
        }
        let waiting =
            |(conn, h): (&ConnId, &Handler)| (h.stage == Stage::Promised).then_some(*conn);
        let conns: Vec<ConnId> = self.handlers.iter().filter_map(waiting).collect();
        for conn in conns {
            self.synchronize_one(now, conn, db, files, effects);
        }
    }

    fn synchronize_one(
        &mut self,
        now: Time,
        conn: ConnId,
        db: &Database,
        files: &Files,
        effects: &mut Vec<Effect>,
    ) {
        let Some(handler) = self.handlers.get(&conn) else { return };
        let plan = sync::plan(handler.last_zxid, db, files, &self.config);
        let is_snap = plan.kind == SyncKind::Snap;
        let limit = match is_snap {
            true => self.config.max_concurrent_snap_syncs,
            false => self.config.max_concurrent_diff_syncs,
        };
        // Voters are counted and never refused: `LearnerSyncThrottler.beginSync`.
        if handler.is_observer && limit as usize <= in_progress(&self.handlers, is_snap) {
            let why = Why::SyncThrottled { learner: handler.sid, is_snap, limit };
            effects.push(Effect::Explain(why));
            self.hang_up(conn, effects);
            return;
        }
        let Some(handler) = self.handlers.get_mut(&conn) else { return };
        handler.stage = Stage::Synchronizing;
        handler.is_snap = is_snap;
        let mistake = plan.rule.mistake();
        effects.extend(mistake.map(|mistake| Effect::Explain(Why::Mistaken { mistake })));
        effects.push(Effect::Explain(Why::Synchronizing {
            learner: handler.sid,
            peer: handler.last_zxid,
            min: db.min_committed(),
            max: db.max_committed(),
            last_processed: db.last_processed(),
            rule: plan.rule,
            kind: plan.kind,
            zxid: plan.zxid,
            txns: plan.txns.len(),
        }));
        let mut send = |packet| effects.push(Effect::Send { conn, packet });
        send(match plan.kind {
            SyncKind::Diff => Packet::Diff { zxid: plan.zxid },
            SyncKind::Trunc => Packet::Trunc { zxid: plan.zxid },
            SyncKind::Snap => Packet::Snap { image: Rc::new(db.image.clone()) },
        });
        for txn in plan.txns {
            let zxid = txn.zxid;
            send(Packet::Proposal(txn));
            send(Packet::Commit { zxid });
        }
        // What it acknowledged before it came back may just have been cut from its log: only its new
        // ACK counts. Also if it comes back as an observer: until a reconfiguration that made it one
        // is behind all proposals, it is counted among the voters of before. (ZooKeeper keeps the
        // old ACK, and so may commit what a quorum does not hold.)
        let mut old_acks = None;
        let do_old_acks_count = self.config.mistakes.has(Mistake::OldAcksCount);
        for (zxid, proposal) in self.outstanding.range_mut(plan.up_to.next()..) {
            if !do_old_acks_count {
                proposal.acks.remove(&handler.sid);
            } else if proposal.acks.contains(&handler.sid) {
                old_acks = Some(Mistake::OldAcksCount);
            }
            // Only voters need what is not committed yet.
            if !handler.is_observer {
                handler.unacked_since.get_or_insert((*zxid, now));
                send(Packet::Proposal(proposal.txn.clone()));
            }
        }
        handler.is_forwarding = true;
        let config = self.views.last_seen.clone();
        // A reconfiguration that an active leader has proposed is not committed; what an earlier
        // one proposed is, with the epoch. (ZooKeeper's learner goes by either.)
        let is_active = self.gate == Gate::Serving;
        let activates = if is_active { self.views.current.clone() } else { config.clone() };
        send(Packet::NewLeader { zxid: Zxid::new(self.epoch, 0), config, activates });
        effects.extend(old_acks.map(|mistake| Effect::Explain(Why::Mistaken { mistake })));
    }

    fn activate(&mut self, effects: &mut Vec<Effect>) {
        self.gate = Gate::Serving;
        let check = QuorumCheck::NewLeader(self.epoch);
        let facts = quorum_facts(check, &self.views, &self.has_history);
        effects.extend(facts.map(Effect::Explain));
        self.activate_last_seen(effects);
        effects.push(Effect::Activate(self.epoch));
        effects.push(Effect::Phase(Phase::Broadcast));
        effects.push(Effect::HalfTickTimer(self.config.tick_time_ms / 2));
    }

    fn let_serve(&mut self, effects: &mut Vec<Effect>) {
        if self.gate != Gate::Serving {
            return;
        }
        for (&conn, handler) in &mut self.handlers {
            if handler.stage == Stage::HasHistory {
                handler.stage = Stage::Serving;
                effects.push(Effect::Send { conn, packet: Packet::UpToDate });
            }
        }
    }
}

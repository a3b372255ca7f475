//! The leader's side of ZAB.
//!
//! ```text
//!   Epochs ──quorum reported──▶ EpochAcks ──quorum promised──▶ NewLeaderAcks ──quorum has the
//!   history──▶ Serving
//! ```
//!
//! Each learner is looked after by a [`Handler`], which waits at the same gates: it cannot pass one
//! before a quorum has.
//!
//! ZooKeeper: `Leader.lead`, `LearnerHandler.run`. The gates themselves are in [`gates`],
//! whom it hears from in [`liveness`],
//! what a reconfiguration changes in [`reconfig`].

mod gates;
mod liveness;
pub(crate) mod reconfig;

use crate::config::{Config, Ensemble, Views};
use crate::mistake::Mistake;
use crate::sorted::{Map, Set};
use crate::txn::{Request, Txn, TxnBody};
use crate::types::{ConnId, Phase, ServerId, SessionId, Time, Xid, Zxid};
use crate::why::{QuorumCheck, Why, quorum_facts};
use crate::wire::Packet;
use crate::zab::database::Database;
use crate::zab::log::Files;
use std::rc::Rc;

/// What can happen to a leader.
#[derive(Clone, Debug)]
pub enum Input {
    /// It was elected. `current_epoch` and the database's last zxid are what it may be measured by.
    Start {
        /// From disk.
        accepted_epoch: u32,
        /// From disk.
        current_epoch: u32,
    },
    /// A learner connected.
    Accepted(ConnId),
    /// A learner said something.
    Packet {
        /// Which.
        conn: ConnId,
        /// What.
        packet: Packet,
    },
    /// A learner's connection ended.
    Closed(ConnId),
    /// A learner has been silent for its read timeout.
    Silent(ConnId),
    /// Its own log has fsynced up to here.
    Logged(Zxid),
    /// The time for the present gate is over: `initLimit`.
    GateTimeout,
    /// Half a tick has passed.
    HalfTick,
    /// Order this transaction.
    Propose(Rc<Txn>),
    /// A learner's client wants to know that everything so far has arrived.
    Sync {
        /// The learner.
        conn: ConnId,
        /// Whose.
        session: SessionId,
        /// Which request.
        cxid: Xid,
    },
}

/// What a leader asks for. Carried out in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send to a learner.
    Send {
        /// Which.
        conn: ConnId,
        /// What.
        packet: Packet,
    },
    /// Hang up on a learner.
    Close(ConnId),
    /// Call [`Input::GateTimeout`] after that many milliseconds.
    GateTimer(u64),
    /// Call [`Input::HalfTick`] after that many milliseconds, and no [`Input::GateTimeout`].
    HalfTickTimer(u64),
    /// Call [`Input::Silent`] if nothing comes from a learner for that many milliseconds.
    ReadTimer {
        /// Which learner.
        conn: ConnId,
        /// For how long.
        after_ms: u64,
    },
    /// Write the `acceptedEpoch` file.
    SetAcceptedEpoch(u32),
    /// Write the `currentEpoch` file.
    SetCurrentEpoch(u32),
    /// The protocol's phase changed.
    Phase(Phase),
    /// A quorum has the history: begin to serve in this epoch, from `(epoch, 0)`.
    Activate(u32),
    /// Committed: apply it.
    Commit(Rc<Txn>),
    /// A configuration was proposed: everything needs a quorum of it, too
    /// (`setLastSeenQuorumVerifier`).
    ConfigSeen(Rc<Ensemble>),
    /// A configuration is committed: go by it (`processReconfig`).
    ConfigActivated {
        /// Which.
        config: Rc<Ensemble>,
        /// Who leads from now on.
        designated: ServerId,
    },
    /// A learner's client asks for a write or a sync.
    Forwarded {
        /// The learner.
        conn: ConnId,
        /// The request.
        request: Rc<Request>,
    },
    /// A learner heard from sessions.
    Touched {
        /// Which learner.
        learner: ServerId,
        /// From these, with their timeouts in milliseconds.
        sessions: Rc<[(SessionId, u32)]>,
    },
    /// A learner asks whether a session is alive; if so it owns it now.
    Revalidate {
        /// The learner.
        conn: ConnId,
        /// The session.
        session: SessionId,
        /// Its timeout.
        timeout_ms: u32,
    },
    /// Leave the role and look for a leader.
    Abandon,
    /// A decision.
    Explain(Why),
}

/// The gate the leader waits at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Gate {
    Epochs,
    EpochAcks,
    NewLeaderAcks,
    Serving,
}

/// Where a learner stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// Has not said who it is.
    Unknown,
    /// Waits for a quorum to report epochs.
    Reported,
    /// Was told the epoch.
    ToldEpoch,
    /// Has promised; waits for a quorum to.
    Promised,
    /// Was sent the history.
    Synchronizing,
    /// Has the history; waits for a quorum to.
    HasHistory,
    /// Serves.
    Serving,
}

impl Stage {
    /// Whether `LearnerHandler.run` can make sense of a packet here. It always can if packets arrive
    /// in the order in which they were sent.
    fn expects(self, packet: &Packet) -> bool {
        match self {
            Stage::Unknown => {
                matches!(packet, Packet::FollowerInfo { .. } | Packet::ObserverInfo { .. })
            }
            Stage::Reported | Stage::ToldEpoch => matches!(packet, Packet::AckEpoch { .. }),
            Stage::Promised | Stage::Synchronizing => matches!(packet, Packet::Ack { .. }),
            Stage::HasHistory | Stage::Serving => matches!(
                packet,
                Packet::Ack { .. }
                    | Packet::Ping { .. }
                    | Packet::Request(_)
                    | Packet::Revalidate { .. }
            ),
        }
    }
}

/// One learner: `LearnerHandler`.
#[derive(Clone, Debug)]
struct Handler {
    sid: ServerId,
    is_observer: bool,
    stage: Stage,
    /// The learner's last zxid, once told.
    last_zxid: Zxid,
    /// Whether it was sent a snapshot.
    is_snap: bool,
    /// Gets proposals as they are made.
    is_forwarding: bool,
    /// Counts as synchronized until this tick: `tickOfNextAckDeadline`.
    ack_deadline_tick: u64,
    last_heard: Time,
    /// When the oldest proposal that it has not acknowledged was sent: `SyncLimitCheck`.
    unacked_since: Option<(Zxid, Time)>,
    last_acked: Zxid,
}

/// A transaction that is proposed but not committed.
#[derive(Clone, Debug)]
struct Outstanding {
    txn: Rc<Txn>,
    acks: Set<ServerId>,
    /// Needs a quorum of each of these (`Proposal.qvAcksetPairs`).
    views: Views,
}

/// A server that was elected to lead.
#[derive(Clone, Debug)]
pub struct Leader {
    id: ServerId,
    views: Views,
    /// Whether it still commits: a successor has not been named.
    is_allowed_to_commit: bool,
    config: Rc<Config>,
    gate: Gate,
    epoch: u32,
    reported: Set<ServerId>,
    largest_accepted: u32,
    promised: Set<ServerId>,
    has_history: Set<ServerId>,
    summary: (u32, Zxid),
    handlers: Map<ConnId, Handler>,
    outstanding: Map<Zxid, Outstanding>,
    last_proposed: Zxid,
    last_committed: Zxid,
    tick: u64,
    is_half_tick: bool,
    /// Syncs that wait for a commit: `pendingSyncs`.
    pending_syncs: Map<Zxid, Vec<(ConnId, SessionId, Xid)>>,
}

impl Leader {
    /// Elected, not yet started.
    pub fn new(id: ServerId, views: Views, config: Rc<Config>) -> Leader {
        Leader {
            id,
            views,
            is_allowed_to_commit: true,
            config,
            gate: Gate::Epochs,
            epoch: 0,
            reported: Set::new(),
            largest_accepted: 0,
            promised: Set::new(),
            has_history: Set::new(),
            summary: (0, Zxid::ZERO),
            handlers: Map::new(),
            outstanding: Map::new(),
            last_proposed: Zxid::ZERO,
            last_committed: Zxid::ZERO,
            tick: 0,
            is_half_tick: true,
            pending_syncs: Map::new(),
        }
    }

    /// The epoch it leads; meaningless before discovery is over.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Whether it serves.
    pub fn is_serving(&self) -> bool {
        self.gate == Gate::Serving
    }

    /// The last zxid it gave out.
    pub fn last_proposed(&self) -> Zxid {
        self.last_proposed
    }

    /// Proposals that are not committed, with those that have acknowledged them.
    pub fn outstanding(&self) -> impl Iterator<Item = (Zxid, &Set<ServerId>)> + '_ {
        self.outstanding.iter().map(|(zxid, proposal)| (*zxid, &proposal.acks))
    }

    /// Proposals that are not committed.
    pub fn outstanding_txns(&self) -> impl Iterator<Item = &Rc<Txn>> + '_ {
        self.outstanding.values().map(|proposal| &proposal.txn)
    }

    /// Itself and the learners that serve.
    pub fn synced(&self) -> Set<ServerId> {
        let is_synced =
            |h: &&Handler| h.stage == Stage::Serving && self.tick <= h.ack_deadline_tick;
        let learners = self.handlers.values().filter(is_synced).map(|handler| handler.sid);
        learners.chain([self.id]).collect()
    }

    /// The learner on a connection.
    pub fn learner(&self, conn: ConnId) -> Option<ServerId> {
        self.handlers.get(&conn).map(|handler| handler.sid)
    }

    /// Whether the connection is a learner's.
    pub fn owns(&self, conn: ConnId) -> bool {
        self.handlers.contains_key(&conn)
    }

    /// All connections to learners.
    pub fn connections(&self) -> Vec<ConnId> {
        self.handlers.keys().copied().collect()
    }

    /// Takes one input and appends what it leads to.
    pub fn step(
        &mut self,
        now: Time,
        input: Input,
        db: &Database,
        files: &Files,
        effects: &mut Vec<Effect>,
    ) {
        match input {
            Input::Start { accepted_epoch, current_epoch } => {
                self.on_start(accepted_epoch, current_epoch, db, effects);
            }
            Input::Accepted(conn) => self.on_accepted(now, conn, effects),
            Input::Packet { conn, packet } => self.on_packet(now, conn, packet, effects),
            Input::Closed(conn) => self.on_closed(conn, effects),
            Input::Silent(conn) => self.on_silent(now, conn, effects),
            Input::Logged(zxid) => self.on_ack(self.id, zxid, effects),
            Input::GateTimeout => self.on_gate_timeout(effects),
            Input::HalfTick => self.on_half_tick(now, effects),
            Input::Propose(txn) => self.on_propose(now, txn, effects),
            Input::Sync { conn, session, cxid } => self.on_sync(conn, session, cxid, effects),
        }
        self.pass_gates(now, db, files, effects);
    }

    fn on_start(
        &mut self,
        accepted_epoch: u32,
        current_epoch: u32,
        db: &Database,
        effects: &mut Vec<Effect>,
    ) {
        self.summary = (current_epoch, db.last_processed());
        if self.views.current.is_voter(self.id) {
            self.reported.insert(self.id);
        }
        self.largest_accepted = accepted_epoch;
        effects.push(Effect::Phase(Phase::Discovery));
        effects.push(Effect::GateTimer(self.config.init_limit_ms()));
    }

    fn on_accepted(&mut self, now: Time, conn: ConnId, effects: &mut Vec<Effect>) {
        let handler = Handler {
            sid: ServerId(0),
            is_observer: false,
            stage: Stage::Unknown,
            last_zxid: Zxid::ZERO,
            is_snap: false,
            is_forwarding: false,
            ack_deadline_tick: self.tick
                + u64::from(self.config.init_limit)
                + u64::from(self.config.sync_limit),
            last_heard: now,
            unacked_since: None,
            last_acked: Zxid::ZERO,
        };
        self.handlers.insert(conn, handler);
        effects.push(Effect::ReadTimer { conn, after_ms: self.config.init_limit_ms() });
    }

    fn on_packet(&mut self, now: Time, conn: ConnId, packet: Packet, effects: &mut Vec<Effect>) {
        let tick = self.tick;
        let sync_limit = u64::from(self.config.sync_limit);
        let Some(handler) = self.handlers.get_mut(&conn) else { return };
        if !handler.stage.expects(&packet) {
            let is_fatal = !matches!(handler.stage, Stage::HasHistory | Stage::Serving);
            let why = Why::UnexpectedPacket { packet: packet.name().into(), is_fatal };
            effects.push(Effect::Explain(why));
            if is_fatal {
                self.hang_up(conn, effects);
            }
            return;
        }
        handler.last_heard = now;
        let learner = handler.sid;
        let after_ms = match handler.stage {
            Stage::Serving | Stage::HasHistory => {
                handler.ack_deadline_tick = tick + sync_limit;
                self.config.sync_limit_ms()
            }
            Stage::Unknown
            | Stage::Reported
            | Stage::ToldEpoch
            | Stage::Promised
            | Stage::Synchronizing => self.config.init_limit_ms(),
        };
        effects.push(Effect::ReadTimer { conn, after_ms });
        match packet {
            Packet::FollowerInfo { accepted_epoch, sid, config_version } => {
                self.on_info(conn, sid, false, accepted_epoch, config_version, effects);
            }
            Packet::ObserverInfo { accepted_epoch, sid, config_version } => {
                self.on_info(conn, sid, true, accepted_epoch, config_version, effects);
            }
            Packet::AckEpoch { last_zxid, current_epoch } => {
                self.on_ack_epoch(conn, last_zxid, current_epoch, effects);
            }
            Packet::Ack { zxid } => self.on_learner_ack(now, conn, zxid, effects),
            Packet::Ping { touched, .. } => {
                effects.push(Effect::Touched { learner, sessions: touched });
            }
            Packet::Request(request) => effects.push(Effect::Forwarded { conn, request }),
            Packet::Revalidate { session, timeout_ms, .. } => {
                effects.push(Effect::Revalidate { conn, session, timeout_ms });
            }
            Packet::LeaderInfo { .. }
            | Packet::Diff { .. }
            | Packet::Trunc { .. }
            | Packet::Snap { .. }
            | Packet::NewLeader { .. }
            | Packet::UpToDate
            | Packet::Proposal(_)
            | Packet::Commit { .. }
            | Packet::Inform(_)
            | Packet::CommitAndActivate { .. }
            | Packet::InformAndActivate { .. }
            | Packet::Sync { .. } => {
                let why = Why::UnexpectedPacket { packet: packet.name().into(), is_fatal: false };
                effects.push(Effect::Explain(why));
            }
        }
    }

    /// `getEpochToPropose`.
    fn on_info(
        &mut self,
        conn: ConnId,
        sid: ServerId,
        is_observer: bool,
        accepted_epoch: u32,
        config_version: Zxid,
        effects: &mut Vec<Effect>,
    ) {
        let Some(handler) = self.handlers.get_mut(&conn) else { return };
        handler.sid = sid;
        handler.is_observer = is_observer;
        if self.views.current.version < config_version {
            let mine = self.views.current.version;
            let why = Why::RefusedNewerConfig { learner: sid, theirs: config_version, mine };
            effects.push(Effect::Explain(why));
            self.hang_up(conn, effects);
            return;
        }
        handler.stage = Stage::Reported;
        if self.gate == Gate::Epochs {
            self.largest_accepted = self.largest_accepted.max(accepted_epoch);
            if self.views.current.is_voter(sid) {
                self.reported.insert(sid);
            }
        }
    }

    /// `waitForEpochAck`. A learner that is ahead is sent away; if that leaves no quorum, the gate
    /// times out and the leader gives up.
    fn on_ack_epoch(
        &mut self,
        conn: ConnId,
        last_zxid: Zxid,
        current_epoch: Option<u32>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(handler) = self.handlers.get_mut(&conn) else { return };
        handler.last_zxid = last_zxid;
        handler.stage = Stage::Promised;
        let sid = handler.sid;
        let Some(current_epoch) = current_epoch else { return };
        if self.gate != Gate::EpochAcks {
            return;
        }
        let theirs = (current_epoch, last_zxid);
        if self.summary < theirs {
            let mine = self.summary;
            effects.push(Effect::Explain(Why::FollowerAhead { follower: sid, theirs, mine }));
            self.hang_up(conn, effects);
            return;
        }
        if self.views.current.is_voter(sid) {
            self.promised.insert(sid);
        }
    }

    fn on_learner_ack(&mut self, now: Time, conn: ConnId, zxid: Zxid, effects: &mut Vec<Effect>) {
        let Some(handler) = self.handlers.get_mut(&conn) else { return };
        let sid = handler.sid;
        if handler.stage == Stage::Synchronizing {
            handler.stage = Stage::HasHistory;
            handler.ack_deadline_tick = self.tick + u64::from(self.config.sync_limit);
            effects.push(Effect::ReadTimer { conn, after_ms: self.config.sync_limit_ms() });
            let counts =
                self.views.is_voter(sid) || self.config.mistakes.has(Mistake::ObserverInQuorum);
            if counts && zxid == Zxid::new(self.epoch, 0) {
                self.has_history.insert(sid);
            }
            return;
        }
        handler.last_acked = handler.last_acked.max(zxid);
        let last_acked = handler.last_acked;
        if handler.unacked_since.is_some_and(|(oldest, _)| oldest <= last_acked) {
            let next = self.outstanding.keys().find(|z| last_acked < **z);
            handler.unacked_since = next.map(|next| (*next, now));
        }
        self.on_ack(sid, zxid, effects);
    }

    /// `processAck`.
    fn on_ack(&mut self, sid: ServerId, zxid: Zxid, effects: &mut Vec<Effect>) {
        // The second ACK of NEWLEADER, or an ACK for what has long been committed.
        if zxid.counter() == 0 || zxid <= self.last_committed || !self.is_allowed_to_commit {
            return;
        }
        if let Some(proposal) = self.outstanding.get_mut(&zxid)
            && proposal.views.is_voter(sid)
        {
            proposal.acks.insert(sid);
        }
        while self.try_to_commit(effects) {}
    }

    /// `tryToCommit`: only ever the oldest outstanding proposal, so commits are in order.
    fn try_to_commit(&mut self, effects: &mut Vec<Effect>) -> bool {
        let Some((&zxid, proposal)) = self.outstanding.first_key_value() else { return false };
        if !self.is_allowed_to_commit {
            return false;
        }
        let mut needed = proposal.views.current.majority();
        if !proposal.views.is_quorum(&proposal.acks) {
            needed = needed.div_ceil(2);
            let mistake = Mistake::HalfQuorum;
            if !self.config.mistakes.has(mistake) || proposal.acks.len() < needed {
                return false;
            }
            effects.push(Effect::Explain(Why::Mistaken { mistake }));
        }
        let Some(Outstanding { txn, acks, views }) = self.outstanding.remove(&zxid) else {
            return false;
        };
        self.last_committed = zxid;
        effects.push(Effect::Explain(Why::CommittedByQuorum {
            zxid,
            acked: acks.iter().copied().collect(),
            needed,
        }));
        let check = QuorumCheck::Commit(zxid);
        effects.extend(quorum_facts(check, &views, &acks).map(Effect::Explain));
        let is_reconfig = matches!(txn.body, TxnBody::Reconfig { .. });
        let designated = is_reconfig.then(|| self.activate_config(views, zxid, &acks, effects));
        for (&conn, handler) in &self.handlers {
            if !handler.is_forwarding {
                continue;
            }
            let txn = txn.clone();
            let packet = match (designated, handler.is_observer) {
                (None, false) => Packet::Commit { zxid },
                (None, true) => Packet::Inform(txn),
                (Some(designated), false) => Packet::CommitAndActivate { zxid, designated },
                (Some(designated), true) => Packet::InformAndActivate { txn, designated },
            };
            effects.push(Effect::Send { conn, packet });
        }
        effects.push(Effect::Commit(txn));
        for (conn, session, cxid) in self.pending_syncs.remove(&zxid).unwrap_or_default() {
            effects.push(Effect::Send { conn, packet: Packet::Sync { session, cxid } });
        }
        true
    }

    fn on_propose(&mut self, now: Time, txn: Rc<Txn>, effects: &mut Vec<Effect>) {
        assert_eq!(self.gate, Gate::Serving, "only an active leader proposes");
        let zxid = txn.zxid;
        self.last_proposed = zxid;
        self.see_proposed_config(&txn, effects);
        let views = self.views.clone();
        let proposal = Outstanding { txn: txn.clone(), acks: Set::new(), views };
        self.outstanding.insert(zxid, proposal);
        let mut to = Vec::new();
        for (&conn, handler) in &mut self.handlers {
            if !handler.is_forwarding || handler.is_observer {
                continue;
            }
            handler.unacked_since.get_or_insert((zxid, now));
            to.push(handler.sid);
            effects.push(Effect::Send { conn, packet: Packet::Proposal(txn.clone()) });
        }
        to.sort_unstable();
        effects.push(Effect::Explain(Why::Proposed { zxid, to: to.into() }));
    }

    /// `processSync`.
    fn on_sync(&mut self, conn: ConnId, session: SessionId, cxid: Xid, effects: &mut Vec<Effect>) {
        if self.outstanding.is_empty() {
            effects.push(Effect::Send { conn, packet: Packet::Sync { session, cxid } });
            return;
        }
        effects.push(Effect::Explain(Why::SyncWaits { zxid: self.last_proposed }));
        self.pending_syncs.entry(self.last_proposed).or_default().push((conn, session, cxid));
    }

    fn on_closed(&mut self, conn: ConnId, effects: &mut Vec<Effect>) {
        if let Some(handler) = self.handlers.remove(&conn) {
            effects.push(Effect::Explain(Why::LearnerGone { learner: handler.sid }));
        }
    }

    fn on_silent(&mut self, now: Time, conn: ConnId, effects: &mut Vec<Effect>) {
        let Some(handler) = self.handlers.get(&conn) else { return };
        let silent_ms = now.since_us(handler.last_heard) / 1000;
        let learner = handler.sid;
        effects.push(Effect::Explain(Why::LearnerSilent { learner, silent_ms }));
        self.hang_up(conn, effects);
    }

    fn hang_up(&mut self, conn: ConnId, effects: &mut Vec<Effect>) {
        self.handlers.remove(&conn);
        effects.push(Effect::Close(conn));
    }

    fn on_gate_timeout(&mut self, effects: &mut Vec<Effect>) {
        let present = match self.gate {
            Gate::Epochs => &self.reported,
            Gate::EpochAcks => &self.promised,
            Gate::NewLeaderAcks => &self.has_history,
            Gate::Serving => return,
        };
        effects.push(Effect::Explain(Why::NoQuorumInTime {
            present: present.iter().copied().collect(),
            needed: self.views.current.majority(),
            init_limit: self.config.init_limit,
        }));
        effects.push(Effect::Abandon);
    }
}

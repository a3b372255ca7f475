//! The side of ZAB that follows: followers and observers.
//!
//! ```text
//!   Connecting ─▶ Registering ─▶ Synchronizing ─▶ Persisting ─▶ HasHistory ─▶ Serving
//!               FOLLOWERINFO    DIFF|TRUNC|SNAP   NEWLEADER:     ACK         UPTODATE
//!               LEADERINFO      PROPOSAL, COMMIT  fsync, epoch
//!               ACKEPOCH
//! ```
//!
//! What decides whether committed transactions can be lost is the order at NEWLEADER: first the
//! history on disk, then `currentEpoch`, then the ACK (ZOOKEEPER-3911, -4643, -4646). While the disk
//! writes, packets wait in the connection, as they do for ZooKeeper's one learner thread.
//!
//! ZooKeeper: `Learner.syncWithLeader`, `Follower.processPacket`, `Observer.processPacket`.

use crate::config::{Config, Ensemble};
use crate::image::Image;
use crate::mistake::Mistake;
use crate::txn::{Request, Txn};
use crate::types::{Phase, ServerId, SessionId, Time, Xid, Zxid};
use crate::why::Why;
use crate::wire::Packet;
use crate::zab::leader::reconfig;
use std::collections::VecDeque;
use std::rc::Rc;

/// Tries to reach the leader before giving up.
const CONNECT_TRIES: u32 = 5;
/// Milliseconds between them: `leaderConnectDelayDuringRetryMs`.
const CONNECT_DELAY_MS: u64 = 100;

/// What can happen to a learner.
#[derive(Clone, Debug)]
pub enum Input {
    /// It was told whom to follow.
    Start,
    /// The connection to the leader is up.
    Connected,
    /// It could not be had, or it ended.
    Closed,
    /// Time to try again.
    Retry,
    /// The leader said something.
    Packet(Packet),
    /// The leader has been silent for the read timeout.
    Silent,
    /// What [`Effect::Persist`] asked for is on disk.
    Persisted,
    /// The log has fsynced this transaction.
    Logged(Zxid),
    /// A client of this server writes or syncs.
    Forward(Rc<Request>),
    /// A client wants to resume a session here.
    Revalidate {
        /// Which.
        session: SessionId,
        /// Its timeout.
        timeout_ms: u32,
    },
}

/// What a learner asks for. Carried out in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Dial the leader's quorum port.
    Dial,
    /// Send to the leader.
    Send(Packet),
    /// Call [`Input::Retry`] after that many milliseconds.
    RetryTimer(u64),
    /// Call [`Input::Silent`] if nothing comes from the leader for that many milliseconds.
    ReadTimer(u64),
    /// Write the `acceptedEpoch` file.
    SetAcceptedEpoch(u32),
    /// The protocol's phase changed.
    Phase(Phase),
    /// Replace the whole state.
    Replace(Rc<Image>),
    /// Cut the log after this and load again.
    Truncate(Zxid),
    /// Apply to memory: a snapshot that will hold it follows.
    Apply(Rc<Txn>),
    /// Bring the history to disk and apply it: snapshot first if asked for, then these
    /// transactions. Call [`Input::Persisted`] when all is fsynced.
    Persist {
        /// Whether to save a snapshot.
        is_snapshot_needed: bool,
        /// What to log.
        txns: Rc<[Rc<Txn>]>,
        /// The epoch that this history begins: `currentEpoch` once it is on disk, whatever has
        /// become of the leader meanwhile.
        epoch: u32,
    },
    /// Log it, and call [`Input::Logged`] after the fsync.
    Log(Rc<Txn>),
    /// Committed: apply it.
    Commit(Rc<Txn>),
    /// A configuration was proposed (`setLastSeenQuorumVerifier`).
    ConfigSeen(Rc<Ensemble>),
    /// A configuration is committed: go by it, and leave the role if that changes the role or the
    /// leader (`processReconfig`).
    ConfigActivated {
        /// Which.
        config: Rc<Ensemble>,
        /// Who leads from now on, if the leader says so.
        designated: Option<ServerId>,
        /// The reconfiguration: it is to be applied in between.
        txn: Option<Rc<Txn>>,
    },
    /// A client's sync is answered.
    Synced {
        /// Whose.
        session: SessionId,
        /// Which request.
        cxid: Xid,
    },
    /// The leader says whether a session is alive.
    Revalidated {
        /// Which.
        session: SessionId,
        /// Whether it is.
        is_valid: bool,
    },
    /// The leader pings: answer with the sessions heard from.
    Pong(Zxid),
    /// Begin to serve in this epoch.
    Serve(u32),
    /// Leave the role and look for a leader.
    Abandon,
    /// The process ends: to go on would be to diverge.
    Exit,
    /// A decision.
    Explain(Why),
}

/// Where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Connecting,
    Registering,
    Synchronizing,
    Persisting,
    HasHistory,
    Serving,
}

/// A server that follows.
#[derive(Clone, Debug)]
pub struct Learner {
    id: ServerId,
    leader: ServerId,
    is_observer: bool,
    config: Rc<Config>,
    stage: Stage,
    tries: u32,
    epoch: u32,
    accepted_epoch: u32,
    current_epoch: u32,
    last_zxid: Zxid,
    config_version: Zxid,
    /// When it began to connect.
    started: Time,
    last_heard: Time,
    /// A snapshot must be saved at NEWLEADER: after SNAP and TRUNC.
    is_snapshot_needed: bool,
    /// Proposed during synchronization, not logged: `packetsNotLogged`.
    not_logged: VecDeque<Rc<Txn>>,
    /// Committed during synchronization, not applied: `packetsCommitted`.
    committed: VecDeque<Zxid>,
    /// Waits while the disk writes.
    inbox: VecDeque<Packet>,
    /// The configuration that came with NEWLEADER, to go by from UPTODATE on: `newLeaderQV`.
    new_leader_config: Option<Rc<Ensemble>>,
    /// Logged or being logged, not committed: `pendingTxns`.
    pending: VecDeque<Rc<Txn>>,
}

/// What a learner brings from before.
#[derive(Clone, Copy, Debug)]
pub struct Background {
    /// From disk.
    pub accepted_epoch: u32,
    /// From disk.
    pub current_epoch: u32,
    /// The last transaction in its log.
    pub last_zxid: Zxid,
    /// The version of the configuration it knows.
    pub config_version: Zxid,
}

impl Learner {
    /// Follows `leader`, not yet started.
    pub fn new(
        id: ServerId,
        leader: ServerId,
        is_observer: bool,
        config: Rc<Config>,
        background: Background,
    ) -> Learner {
        Learner {
            id,
            leader,
            is_observer,
            config,
            stage: Stage::Connecting,
            tries: 0,
            epoch: 0,
            accepted_epoch: background.accepted_epoch,
            current_epoch: background.current_epoch,
            last_zxid: background.last_zxid,
            config_version: background.config_version,
            started: Time::ZERO,
            last_heard: Time::ZERO,
            is_snapshot_needed: false,
            not_logged: VecDeque::new(),
            committed: VecDeque::new(),
            inbox: VecDeque::new(),
            new_leader_config: None,
            pending: VecDeque::new(),
        }
    }

    /// Whom it follows.
    pub fn leader(&self) -> ServerId {
        self.leader
    }

    /// Whether it serves.
    pub fn is_serving(&self) -> bool {
        self.stage == Stage::Serving
    }

    /// Proposals it has not seen committed.
    pub fn pending(&self) -> impl Iterator<Item = Zxid> + '_ {
        self.pending.iter().map(|txn| txn.zxid)
    }

    /// The same, whole.
    pub fn pending_txns(&self) -> impl Iterator<Item = &Txn> + '_ {
        self.pending.iter().map(|txn| &**txn)
    }

    /// Takes one input and appends what it leads to.
    pub fn step(&mut self, now: Time, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Start => {
                self.started = now;
                self.dial(effects);
            }
            Input::Connected => self.on_connected(now, effects),
            Input::Closed => self.on_closed(now, effects),
            Input::Retry => self.dial(effects),
            Input::Packet(packet) => self.on_arrival(now, packet, effects),
            Input::Silent => {
                let silent_ms = now.since_us(self.last_heard) / 1000;
                let leader = self.leader;
                effects.push(Effect::Explain(Why::LeaderSilent { leader, silent_ms }));
                effects.push(Effect::Abandon);
            }
            Input::Persisted => self.on_persisted(now, effects),
            Input::Logged(zxid) => {
                let is_told = self.config.mistakes.has(Mistake::AckBeforeFsync);
                if !self.is_observer && !is_told {
                    effects.push(Effect::Send(Packet::Ack { zxid }));
                }
            }
            Input::Forward(request) => effects.push(Effect::Send(Packet::Request(request))),
            Input::Revalidate { session, timeout_ms } => {
                let packet = Packet::Revalidate { session, timeout_ms, is_valid: None };
                effects.push(Effect::Send(packet));
            }
        }
    }

    fn dial(&mut self, effects: &mut Vec<Effect>) {
        self.tries += 1;
        effects.push(Effect::Phase(Phase::Discovery));
        effects.push(Effect::Dial);
    }

    fn on_connected(&mut self, now: Time, effects: &mut Vec<Effect>) {
        self.stage = Stage::Registering;
        self.last_heard = now;
        let (accepted_epoch, sid) = (self.accepted_epoch, self.id);
        let config_version = self.config_version;
        effects.push(Effect::ReadTimer(self.config.init_limit_ms()));
        effects.push(Effect::Send(if self.is_observer {
            Packet::ObserverInfo { accepted_epoch, sid, config_version }
        } else {
            Packet::FollowerInfo { accepted_epoch, sid, config_version }
        }));
    }

    fn on_closed(&mut self, now: Time, effects: &mut Vec<Effect>) {
        let leader = self.leader;
        if self.stage != Stage::Connecting {
            effects.push(Effect::Explain(Why::LeaderGone { leader }));
            effects.push(Effect::Abandon);
        } else if self.tries < CONNECT_TRIES && self.has_time(now) {
            // The leader may not know yet that it leads.
            effects.push(Effect::RetryTimer(CONNECT_DELAY_MS));
        } else {
            effects.push(Effect::Explain(Why::LeaderUnreachable { leader, tries: self.tries }));
            effects.push(Effect::Abandon);
        }
    }

    /// Whether another attempt fits into the time for connecting (`LeaderConnector`).
    fn has_time(&self, now: Time) -> bool {
        let tried_ms = now.since_us(self.started) / 1000;
        tried_ms + CONNECT_DELAY_MS < self.config.connect_limit_ms()
    }

    fn on_arrival(&mut self, now: Time, packet: Packet, effects: &mut Vec<Effect>) {
        self.last_heard = now;
        if self.stage == Stage::Persisting {
            self.inbox.push_back(packet);
            return;
        }
        let after_ms = match self.stage {
            Stage::Serving | Stage::HasHistory => self.config.sync_limit_ms(),
            Stage::Connecting | Stage::Registering | Stage::Synchronizing | Stage::Persisting => {
                self.config.init_limit_ms()
            }
        };
        effects.push(Effect::ReadTimer(after_ms));
        match self.stage {
            Stage::Connecting | Stage::Persisting => {
                unreachable!("nothing is read while connecting or writing")
            }
            Stage::Registering => self.on_registering(packet, effects),
            Stage::Synchronizing | Stage::HasHistory => self.on_synchronizing(packet, effects),
            Stage::Serving => self.on_serving(packet, effects),
        }
    }

    /// `registerWithLeader`, then the first packet of `syncWithLeader`.
    fn on_registering(&mut self, packet: Packet, effects: &mut Vec<Effect>) {
        match packet {
            Packet::LeaderInfo { epoch } => self.on_leader_info(epoch, effects),
            Packet::Diff { .. } => {
                self.is_snapshot_needed = false;
                self.begin_synchronization(effects);
            }
            Packet::Snap { image } => {
                self.is_snapshot_needed = true;
                self.begin_synchronization(effects);
                let why = Why::LoadedSnapshot { zxid: image.zxid, before: self.last_zxid };
                effects.push(Effect::Explain(why));
                effects.push(Effect::Replace(image));
            }
            Packet::Trunc { zxid } => {
                self.is_snapshot_needed = true;
                self.begin_synchronization(effects);
                let why = Why::Truncated { to: zxid, from: self.last_zxid };
                effects.push(Effect::Explain(why));
                effects.push(Effect::Truncate(zxid));
            }
            other @ (Packet::FollowerInfo { .. }
            | Packet::ObserverInfo { .. }
            | Packet::AckEpoch { .. }
            | Packet::NewLeader { .. }
            | Packet::UpToDate
            | Packet::Proposal(_)
            | Packet::Ack { .. }
            | Packet::Commit { .. }
            | Packet::Inform(_)
            | Packet::CommitAndActivate { .. }
            | Packet::InformAndActivate { .. }
            | Packet::Ping { .. }
            | Packet::Revalidate { .. }
            | Packet::Sync { .. }
            | Packet::Request(_)) => unexpected(&other, true, effects),
        }
    }

    fn begin_synchronization(&mut self, effects: &mut Vec<Effect>) {
        self.stage = Stage::Synchronizing;
        effects.push(Effect::Phase(Phase::Synchronization));
    }

    fn on_leader_info(&mut self, epoch: u32, effects: &mut Vec<Effect>) {
        self.epoch = epoch;
        let last_zxid = self.last_zxid;
        let current_epoch = if self.accepted_epoch < epoch {
            let before = self.accepted_epoch;
            effects.push(Effect::Explain(Why::PromisedEpoch { epoch, before, last_zxid }));
            effects.push(Effect::SetAcceptedEpoch(epoch));
            self.accepted_epoch = epoch;
            Some(self.current_epoch)
        } else if epoch == self.accepted_epoch {
            effects.push(Effect::Explain(Why::PromisedEpochBefore { epoch }));
            None
        } else if self.config.mistakes.has(Mistake::OldEpochLeader) {
            effects.push(Effect::Explain(Why::Mistaken { mistake: Mistake::OldEpochLeader }));
            Some(self.current_epoch)
        } else {
            let accepted = self.accepted_epoch;
            effects.push(Effect::Explain(Why::RefusedOldEpoch { offered: epoch, accepted }));
            effects.push(Effect::Abandon);
            return;
        };
        effects.push(Effect::Send(Packet::AckEpoch { last_zxid, current_epoch }));
    }

    /// `syncWithLeader`.
    fn on_synchronizing(&mut self, packet: Packet, effects: &mut Vec<Effect>) {
        match packet {
            Packet::Proposal(txn) => {
                effects.extend(reconfig::proposed_config(&txn).map(Effect::ConfigSeen));
                self.not_logged.push_back(txn);
            }
            Packet::Commit { zxid } => self.on_early_commit(zxid, effects),
            Packet::Inform(txn) => {
                let zxid = txn.zxid;
                self.not_logged.push_back(txn);
                self.on_early_commit(zxid, effects);
            }
            Packet::CommitAndActivate { zxid, designated } => {
                self.on_early_activation(zxid, designated, effects);
                self.on_early_commit(zxid, effects);
            }
            Packet::InformAndActivate { txn, designated } => {
                let zxid = txn.zxid;
                self.not_logged.push_back(txn);
                self.on_early_activation(zxid, designated, effects);
                self.on_early_commit(zxid, effects);
            }
            Packet::NewLeader { config, activates, .. } => {
                effects.push(Effect::ConfigSeen(config));
                self.on_new_leader(activates, effects);
            }
            Packet::UpToDate => self.on_up_to_date(effects),
            // Sent to every learner that is forwarded to; the sessions are not ours to know yet.
            Packet::Ping { .. } => {}
            other @ (Packet::FollowerInfo { .. }
            | Packet::ObserverInfo { .. }
            | Packet::LeaderInfo { .. }
            | Packet::AckEpoch { .. }
            | Packet::Diff { .. }
            | Packet::Trunc { .. }
            | Packet::Snap { .. }
            | Packet::Ack { .. }
            | Packet::Revalidate { .. }
            | Packet::Sync { .. }
            | Packet::Request(_)) => unexpected(&other, false, effects),
        }
    }

    /// A commit before UPTODATE. On the way to a snapshot it is applied at once; else it waits
    /// until its transaction is on disk.
    fn on_early_commit(&mut self, zxid: Zxid, effects: &mut Vec<Effect>) {
        let is_before_snapshot = self.stage == Stage::Synchronizing && self.is_snapshot_needed;
        if !is_before_snapshot {
            self.committed.push_back(zxid);
            return;
        }
        match self.not_logged.pop_front() {
            Some(txn) if txn.zxid == zxid => effects.push(Effect::Apply(txn)),
            Some(txn) => {
                let why = Why::OutOfOrder { found: zxid, expected: txn.zxid };
                effects.push(Effect::Explain(why));
                self.not_logged.push_front(txn);
            }
            None => {}
        }
    }

    /// A reconfiguration is committed before UPTODATE. (ZooKeeper looks only at the oldest proposal
    /// that waits, and so may miss one.)
    fn on_early_activation(&self, zxid: Zxid, designated: ServerId, effects: &mut Vec<Effect>) {
        let txn = self.not_logged.iter().find(|txn| txn.zxid == zxid);
        if let Some(config) = txn.and_then(|txn| reconfig::proposed_config(txn)) {
            let designated = Some(designated);
            effects.push(Effect::ConfigActivated { config, designated, txn: None });
        }
    }

    fn on_new_leader(&mut self, activates: Rc<Ensemble>, effects: &mut Vec<Effect>) {
        self.new_leader_config = Some(activates);
        self.stage = Stage::Persisting;
        let mut txns = Vec::new();
        while let (Some(txn), Some(zxid)) = (self.not_logged.front(), self.committed.front()) {
            if txn.zxid != *zxid {
                break;
            }
            self.committed.pop_front();
            txns.extend(self.not_logged.pop_front());
        }
        if !txns.is_empty() && self.config.mistakes.has(Mistake::LogAfterUptodate) {
            effects.push(Effect::Explain(Why::Mistaken { mistake: Mistake::LogAfterUptodate }));
            for txn in txns.drain(..).rev() {
                self.committed.push_front(txn.zxid);
                self.not_logged.push_front(txn);
            }
        }
        let is_snapshot_needed = self.is_snapshot_needed;
        let epoch = self.epoch;
        effects.push(Effect::Persist { is_snapshot_needed, txns: txns.into(), epoch });
    }

    fn on_persisted(&mut self, now: Time, effects: &mut Vec<Effect>) {
        self.stage = Stage::HasHistory;
        effects.push(Effect::ReadTimer(self.config.sync_limit_ms()));
        effects.push(Effect::Send(Packet::Ack { zxid: Zxid::new(self.epoch, 0) }));
        for packet in std::mem::take(&mut self.inbox) {
            self.on_arrival(now, packet, effects);
        }
    }

    fn on_up_to_date(&mut self, effects: &mut Vec<Effect>) {
        if let Some(config) = self.new_leader_config.take() {
            effects.push(Effect::ConfigActivated { config, designated: None, txn: None });
        }
        self.stage = Stage::Serving;
        effects.push(Effect::Send(Packet::Ack { zxid: Zxid::new(self.epoch, 0) }));
        effects.push(Effect::Explain(Why::MayServe { epoch: self.epoch }));
        effects.push(Effect::Serve(self.epoch));
        effects.push(Effect::Phase(Phase::Broadcast));
        let committed = std::mem::take(&mut self.committed);
        for txn in std::mem::take(&mut self.not_logged) {
            if self.is_observer {
                if committed.contains(&txn.zxid) {
                    effects.push(Effect::Log(txn.clone()));
                    effects.push(Effect::Commit(txn));
                }
            } else {
                self.on_proposal(txn, effects);
            }
        }
        if !self.is_observer {
            committed.into_iter().for_each(|zxid| self.on_commit(zxid, effects));
        }
    }

    /// `Follower.processPacket`, `Observer.processPacket`.
    fn on_serving(&mut self, packet: Packet, effects: &mut Vec<Effect>) {
        match packet {
            Packet::Proposal(txn) => self.on_proposal(txn, effects),
            Packet::Commit { zxid } => self.on_commit(zxid, effects),
            Packet::Inform(txn) => {
                effects.push(Effect::Log(txn.clone()));
                effects.push(Effect::Commit(txn));
            }
            Packet::CommitAndActivate { zxid, designated } => {
                self.on_activation(zxid, designated, effects);
            }
            Packet::InformAndActivate { txn, designated } => {
                effects.push(Effect::Log(txn.clone()));
                activate(txn, designated, effects);
            }
            Packet::Ping { zxid, .. } => effects.push(Effect::Pong(zxid)),
            Packet::Sync { session, cxid } => effects.push(Effect::Synced { session, cxid }),
            Packet::Revalidate { session, is_valid, .. } => {
                let is_valid = is_valid == Some(true);
                effects.push(Effect::Revalidated { session, is_valid });
            }
            other @ (Packet::FollowerInfo { .. }
            | Packet::ObserverInfo { .. }
            | Packet::LeaderInfo { .. }
            | Packet::AckEpoch { .. }
            | Packet::Diff { .. }
            | Packet::Trunc { .. }
            | Packet::Snap { .. }
            | Packet::NewLeader { .. }
            | Packet::UpToDate
            | Packet::Ack { .. }
            | Packet::Request(_)) => unexpected(&other, false, effects),
        }
    }

    fn on_proposal(&mut self, txn: Rc<Txn>, effects: &mut Vec<Effect>) {
        effects.extend(reconfig::proposed_config(&txn).map(Effect::ConfigSeen));
        self.pending.push_back(txn.clone());
        if self.config.mistakes.has(Mistake::AckBeforeFsync) {
            effects.push(Effect::Explain(Why::Mistaken { mistake: Mistake::AckBeforeFsync }));
            effects.push(Effect::Send(Packet::Ack { zxid: txn.zxid }));
        }
        effects.push(Effect::Log(txn));
    }

    /// COMMITANDACTIVATE.
    fn on_activation(&mut self, zxid: Zxid, designated: ServerId, effects: &mut Vec<Effect>) {
        match self.pending.pop_front() {
            Some(txn) if txn.zxid == zxid => activate(txn, designated, effects),
            Some(txn) => {
                effects.push(Effect::Explain(Why::OutOfOrder { found: zxid, expected: txn.zxid }));
                effects.push(Effect::Exit);
            }
            None => {}
        }
    }

    /// `FollowerZooKeeperServer.commit`.
    fn on_commit(&mut self, zxid: Zxid, effects: &mut Vec<Effect>) {
        if self.config.mistakes.has(Mistake::CommitOutOfOrder) {
            let Some(txn) = self.pending.pop_back() else { return };
            if txn.zxid != zxid {
                let mistake = Mistake::CommitOutOfOrder;
                effects.push(Effect::Explain(Why::Mistaken { mistake }));
            }
            effects.push(Effect::Commit(txn));
            return;
        }
        let Some(txn) = self.pending.pop_front() else { return };
        if txn.zxid != zxid {
            effects.push(Effect::Explain(Why::OutOfOrder { found: zxid, expected: txn.zxid }));
            effects.push(Effect::Exit);
            return;
        }
        effects.push(Effect::Commit(txn));
    }
}

/// Applies a reconfiguration and goes by it.
fn activate(txn: Rc<Txn>, designated: ServerId, effects: &mut Vec<Effect>) {
    match reconfig::proposed_config(&txn) {
        Some(config) => {
            let (designated, txn) = (Some(designated), Some(txn));
            effects.push(Effect::ConfigActivated { config, designated, txn });
        }
        None => effects.push(Effect::Commit(txn)),
    }
}

/// A packet that makes no sense at this stage. While the learner registers it starts over
/// (`registerWithLeader`: "First packet should have been NEWLEADER"); later the packet is passed over
/// (`syncWithLeader` has no case for it, `processPacket` warns).
fn unexpected(packet: &Packet, is_registering: bool, effects: &mut Vec<Effect>) {
    let is_fatal = is_registering;
    effects.push(Effect::Explain(Why::UnexpectedPacket { packet: packet.name().into(), is_fatal }));
    if is_fatal {
        effects.push(Effect::Abandon);
    }
}

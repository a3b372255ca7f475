//! Each connection between a learner and its leader: ProcessConsistency and AckDiscipline.
//!
//! ```text
//!   learner    Opened ─▶ Told ─▶ Promised ─▶ Synchronizing ─▶ HasHistory ─▶ Serving
//!   hears         LEADERINFO        DIFF|TRUNC|SNAP     NEWLEADER     UPTODATE
//!   sends      FOLLOWERINFO  ACKEPOCH                        ACK (e,0)      ACK each
//! ```
//!
//! The names of what must not be are those of ZooKeeper's TLA+ specification: *stateInconsistent*, a
//! packet in the wrong phase; *proposalInconsistent*, not the next proposal, or a cut that goes too
//! far; *commitInconsistent*, a COMMIT that is not of the oldest pending proposal; *ackInconsistent*,
//! an ACK that is not of the next one; *messageIllegal*, a packet from the wrong side.

use super::history::{has_logged, is_on_disk};
use super::{Found, Invariant};
use crate::sorted::Map;
use crate::types::{ConnId, ServerId, Zxid};
use crate::wire::Packet;
use crate::zab::log::Files;
use std::collections::VecDeque;

/// How far a learner has come on a connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Stage {
    Opened,
    Told,
    Promised,
    Synchronizing,
    HasHistory,
    Serving,
}

/// How far the leader has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Told {
    Nothing,
    Epoch,
    NewLeader,
}

/// One connection.
#[derive(Clone, Debug)]
struct Stream {
    learner: ServerId,
    leader: ServerId,
    stage: Stage,
    told: Told,
    is_observer: bool,
    epoch: u32,
    /// The last transaction that the learner had or was sent.
    last: Zxid,
    /// Sent to it, not committed.
    pending: VecDeque<Zxid>,
    /// Sent to it, not acknowledged, but for those committed before NEWLEADER.
    unacked: VecDeque<Zxid>,
    /// The last transaction that NEWLEADER's ACK stands for.
    history_end: Zxid,
    /// How often it has acknowledged NEWLEADER.
    new_leader_acks: u8,
}

/// All connections between learners and leaders.
#[derive(Clone, Debug, Default)]
pub(super) struct Streams {
    streams: Map<ConnId, Stream>,
    /// The counter after which each epoch begins: `testingonly.initialZxid`.
    pub(super) initial_counter: u32,
}

/// What a packet is checked against, and where what is found goes.
struct Seen<'a> {
    conn: ConnId,
    by: ServerId,
    packet: &'a Packet,
    disk: &'a Files,
    initial_counter: u32,
    found: &'a mut Found,
}

impl Seen<'_> {
    fn clash(
        &mut self,
        stream: &Stream,
        flag: &str,
        zxid: Option<Zxid>,
        one: String,
        other: String,
    ) {
        let both = [stream.learner, stream.leader];
        let one = format!("{flag}: {one}");
        self.found.clash(Invariant::ProcessConsistency, &both, zxid, one, other);
    }

    fn wrong_stage(&mut self, stream: &Stream) {
        let one = format!("{} gets {} on {}", self.by, self.packet.name(), self.conn);
        let other = format!("its phase there is {:?}", stream.stage);
        self.clash(stream, "stateInconsistent", None, one, other);
    }

    fn illegal(&mut self, stream: &Stream) {
        let (from, role) = if self.by == stream.learner {
            (stream.leader, "the leader")
        } else if stream.is_observer {
            (stream.learner, "an observer")
        } else {
            (stream.learner, "a learner")
        };
        let one = format!("{} gets {} from {from}", self.by, self.packet.name());
        let other = format!("{from} is {role} on {}", self.conn);
        self.clash(stream, "messageIllegal", None, one, other);
    }
}

impl Streams {
    /// A connection carries its first packet.
    pub(super) fn open(
        &mut self,
        conn: ConnId,
        learner: ServerId,
        leader: ServerId,
        is_open: &dyn Fn(&ConnId) -> bool,
    ) {
        if self.streams.contains_key(&conn) {
            return;
        }
        self.streams.retain(|conn, _| is_open(conn));
        let stream = Stream {
            learner,
            leader,
            stage: Stage::Opened,
            told: Told::Nothing,
            is_observer: false,
            epoch: 0,
            last: Zxid::ZERO,
            pending: VecDeque::new(),
            unacked: VecDeque::new(),
            history_end: Zxid::ZERO,
            new_leader_acks: 0,
        };
        self.streams.insert(conn, stream);
    }

    /// A packet was taken in. `state` is the disk of who took it, and the last transaction it ever
    /// delivered.
    pub(super) fn hears(
        &mut self,
        id: ServerId,
        conn: ConnId,
        packet: &Packet,
        state: (&Files, Zxid),
        found: &mut Found,
    ) {
        let initial_counter = self.initial_counter;
        let Some(stream) = self.streams.get_mut(&conn) else { return };
        let (disk, delivered) = state;
        let mut seen = Seen { conn, by: id, packet, disk, initial_counter, found };
        if id == stream.learner {
            stream.learner_hears(delivered, &mut seen);
        } else {
            stream.leader_hears(&mut seen);
        }
    }

    /// A packet was sent. `disk` is that of who sent it.
    pub(super) fn sends(
        &mut self,
        id: ServerId,
        conn: ConnId,
        packet: &Packet,
        disk: &Files,
        found: &mut Found,
    ) {
        let initial_counter = self.initial_counter;
        let Some(stream) = self.streams.get_mut(&conn) else { return };
        let mut seen = Seen { conn, by: id, packet, disk, initial_counter, found };
        if id == stream.learner {
            stream.learner_sends(&mut seen);
        } else {
            stream.leader_sends(packet);
        }
    }

    /// A server's currentEpoch has become `epoch`: it has the whole history up to NEWLEADER.
    pub(super) fn check_entered(&self, id: ServerId, epoch: u32, disk: &Files, found: &mut Found) {
        let is_it = |stream: &&Stream| {
            stream.learner == id && stream.epoch == epoch && Stage::HasHistory <= stream.stage
        };
        if let Some(stream) = self.streams.values().rev().find(is_it)
            && !stream.has_history(disk)
        {
            let zxid = stream.history_end;
            let one = format!("currentEpoch of {id} is {epoch}");
            let other = format!("{zxid} of the history before is not on its disk");
            found.clash(Invariant::AckDiscipline, &[id], Some(zxid), one, other);
        }
    }
}

impl Stream {
    fn has_history(&self, disk: &Files) -> bool {
        self.history_end == Zxid::ZERO || is_on_disk(disk, self.history_end)
    }

    fn learner_hears(&mut self, delivered: Zxid, seen: &mut Seen<'_>) {
        let is_synchronizing = self.stage == Stage::Synchronizing;
        let is_forwarded_to = Stage::Synchronizing <= self.stage;
        let has_history = Stage::HasHistory <= self.stage;
        match seen.packet {
            Packet::LeaderInfo { epoch } => {
                self.require(self.stage == Stage::Opened, seen);
                self.epoch = *epoch;
                self.stage = Stage::Told;
            }
            Packet::Diff { .. } => {
                self.require(self.stage == Stage::Promised, seen);
                self.stage = Stage::Synchronizing;
            }
            Packet::Trunc { zxid } => {
                self.require(self.stage == Stage::Promised, seen);
                self.check_cut("TRUNC", *zxid, delivered, seen);
                self.last = *zxid;
                self.stage = Stage::Synchronizing;
            }
            Packet::Snap { image } => {
                self.require(self.stage == Stage::Promised, seen);
                self.check_kept("SNAP", image.zxid, delivered, seen);
                self.last = image.zxid;
                self.history_end = image.zxid;
                self.stage = Stage::Synchronizing;
            }
            Packet::Proposal(txn) => {
                self.require(is_forwarded_to, seen);
                if self.is_observer && has_history {
                    seen.illegal(self);
                }
                self.check_next(txn.zxid, seen);
                self.pending.push_back(txn.zxid);
                self.unacked.push_back(txn.zxid);
            }
            Packet::Commit { zxid } | Packet::CommitAndActivate { zxid, .. } => {
                self.require(is_forwarded_to, seen);
                if self.is_observer && has_history {
                    seen.illegal(self);
                }
                self.check_commit(*zxid, seen);
                if is_synchronizing {
                    self.history_end = *zxid;
                    self.unacked.retain(|unacked| unacked != zxid);
                }
            }
            Packet::Inform(txn) | Packet::InformAndActivate { txn, .. } => {
                self.require(is_forwarded_to, seen);
                if !self.is_observer {
                    seen.illegal(self);
                }
                self.check_next(txn.zxid, seen);
            }
            Packet::NewLeader { zxid, .. } => {
                self.require(is_synchronizing && *zxid == Zxid::new(self.epoch, 0), seen);
                self.stage = Stage::HasHistory;
            }
            Packet::UpToDate => {
                let has_acked = 0 < self.new_leader_acks;
                self.require(self.stage == Stage::HasHistory && has_acked, seen);
                self.stage = Stage::Serving;
            }
            Packet::Ping { .. } => self.require(is_forwarded_to, seen),
            Packet::Revalidate { .. } | Packet::Sync { .. } => {
                self.require(self.stage == Stage::Serving, seen);
            }
            Packet::FollowerInfo { .. }
            | Packet::ObserverInfo { .. }
            | Packet::AckEpoch { .. }
            | Packet::Ack { .. }
            | Packet::Request(_) => seen.illegal(self),
        }
    }

    fn require(&self, is_so: bool, seen: &mut Seen<'_>) {
        if !is_so {
            seen.wrong_stage(self);
        }
    }

    /// A cut keeps what was delivered, and ends with something the learner has.
    fn check_cut(&self, what: &str, zxid: Zxid, delivered: Zxid, seen: &mut Seen<'_>) {
        self.check_kept(what, zxid, delivered, seen);
        let is_there = zxid.is_new_epoch() || is_on_disk(seen.disk, zxid);
        if !is_there {
            let one = format!("{} is told to cut its log after {zxid}", self.learner);
            let other = format!("{zxid} is not in it");
            seen.clash(self, "proposalInconsistent", Some(zxid), one, other);
        }
    }

    fn check_kept(&self, what: &str, zxid: Zxid, delivered: Zxid, seen: &mut Seen<'_>) {
        if zxid < delivered {
            let one = format!("{} gets {what} to {zxid}", self.learner);
            let other = format!("it has delivered {delivered}");
            seen.clash(self, "proposalInconsistent", Some(delivered), one, other);
        }
    }

    fn check_next(&mut self, zxid: Zxid, seen: &mut Seen<'_>) {
        let last = self.last;
        let is_first = zxid.counter() == seen.initial_counter + 1;
        let is_next = last.next() == zxid || last.epoch() < zxid.epoch() && is_first;
        if !is_next {
            let one = format!("{} gets {} {zxid}", self.learner, seen.packet.name());
            let other = format!("the last one before was {last}");
            seen.clash(self, "proposalInconsistent", Some(zxid), one, other);
        }
        self.last = zxid;
    }

    fn check_commit(&mut self, zxid: Zxid, seen: &mut Seen<'_>) {
        let head = self.pending.front().copied();
        if head == Some(zxid) {
            self.pending.pop_front();
            return;
        }
        let one = format!("{} gets COMMIT {zxid}", self.learner);
        let other = match head {
            Some(head) => format!("the oldest pending proposal is {head}"),
            None => "no proposal is pending".to_owned(),
        };
        seen.clash(self, "commitInconsistent", Some(zxid), one, other);
        self.pending.retain(|pending| *pending != zxid);
    }

    fn learner_sends(&mut self, seen: &mut Seen<'_>) {
        match seen.packet {
            Packet::FollowerInfo { .. } => self.is_observer = false,
            Packet::ObserverInfo { .. } => self.is_observer = true,
            Packet::AckEpoch { last_zxid, .. } => {
                let accepted = seen.disk.accepted_epoch.unwrap_or_default();
                if self.stage != Stage::Told || accepted != self.epoch {
                    let one = format!("{} sends ACKEPOCH for epoch {}", self.learner, self.epoch);
                    let other = format!("its acceptedEpoch is {accepted}");
                    seen.clash(self, "stateInconsistent", None, one, other);
                }
                self.last = *last_zxid;
                self.stage = Stage::Promised;
            }
            Packet::Ack { zxid } if zxid.is_new_epoch() => self.check_new_leader_ack(*zxid, seen),
            Packet::Ack { zxid } => self.check_ack(*zxid, seen),
            Packet::Ping { .. } | Packet::Revalidate { .. } | Packet::Request(_) => {
                if self.stage != Stage::Serving {
                    let name = seen.packet.name();
                    let one = format!("{} sends {name} on {}", self.learner, seen.conn);
                    let other = format!("its phase there is {:?}", self.stage);
                    seen.clash(self, "stateInconsistent", None, one, other);
                }
            }
            // The leader will be surprised.
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
            | Packet::Sync { .. } => {}
        }
    }

    /// First the history, then currentEpoch, then the ACK (ZOOKEEPER-3911, -4643, -4646).
    fn check_new_leader_ack(&mut self, zxid: Zxid, seen: &mut Seen<'_>) {
        let id = self.learner;
        let one = format!("{id} acknowledges NEWLEADER {zxid}");
        let current = seen.disk.current_epoch.unwrap_or_default();
        // After UPTODATE there is a second one.
        let is_due = Stage::HasHistory <= self.stage && self.new_leader_acks < 2;
        if !is_due || zxid != Zxid::new(self.epoch, 0) {
            let phase = format!("its phase is {:?} of epoch {}", self.stage, self.epoch);
            seen.clash(self, "ackInconsistent", Some(zxid), one.clone(), phase);
        }
        if current != self.epoch {
            let other = format!("its currentEpoch is {current}");
            seen.found.clash(Invariant::AckDiscipline, &[id], Some(zxid), one, other);
        } else if !self.has_history(seen.disk) {
            let end = self.history_end;
            let other = format!("{end} of the history before is not on its disk");
            seen.found.clash(Invariant::AckDiscipline, &[id], Some(end), one, other);
        }
        self.new_leader_acks = self.new_leader_acks.saturating_add(1);
    }

    fn check_ack(&mut self, zxid: Zxid, seen: &mut Seen<'_>) {
        let id = self.learner;
        let one = || format!("{id} acknowledges {zxid}");
        if has_logged(seen.disk, zxid).is_none() {
            let other = format!("{zxid} is not on its disk");
            seen.found.clash(Invariant::AckDiscipline, &[id], Some(zxid), one(), other);
        }
        let next = self.unacked.front().copied();
        if next == Some(zxid) {
            self.unacked.pop_front();
            return;
        }
        let other = match next {
            Some(next) => format!("the next one it was sent is {next}"),
            None => "it was sent none that is not acknowledged".to_owned(),
        };
        seen.clash(self, "ackInconsistent", Some(zxid), one(), other);
        self.unacked.retain(|unacked| *unacked != zxid);
    }

    fn leader_sends(&mut self, packet: &Packet) {
        match packet {
            Packet::LeaderInfo { .. } => self.told = self.told.max(Told::Epoch),
            Packet::NewLeader { .. } => self.told = Told::NewLeader,
            Packet::FollowerInfo { .. }
            | Packet::ObserverInfo { .. }
            | Packet::AckEpoch { .. }
            | Packet::Diff { .. }
            | Packet::Trunc { .. }
            | Packet::Snap { .. }
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
            | Packet::Request(_) => {}
        }
    }

    fn leader_hears(&mut self, seen: &mut Seen<'_>) {
        let least = match seen.packet {
            Packet::FollowerInfo { .. } | Packet::ObserverInfo { .. } => Told::Nothing,
            Packet::AckEpoch { .. } => Told::Epoch,
            Packet::Ack { zxid } => {
                if self.is_observer && !zxid.is_new_epoch() {
                    seen.illegal(self);
                }
                Told::NewLeader
            }
            Packet::Ping { .. } | Packet::Revalidate { .. } | Packet::Request(_) => Told::NewLeader,
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
                seen.illegal(self);
                Told::Nothing
            }
        };
        if self.told < least {
            let name = seen.packet.name();
            let one = format!("{} gets {name} from {}", self.leader, self.learner);
            let other = format!("it has told it {:?} on {}", self.told, seen.conn);
            seen.clash(self, "stateInconsistent", None, one, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{S1, S3, txn};
    use super::*;
    use crate::error::KeeperError;
    use crate::txn::TxnBody;
    use std::rc::Rc;

    const CONN: ConnId = ConnId(1);

    /// s1 follows s3.
    struct Talk {
        streams: Streams,
        disk: Files,
        delivered: Zxid,
        found: Found,
    }

    impl Talk {
        /// The learner has the history up to 1·2 and has promised epoch 2.
        fn promised() -> Talk {
            let mut talk = Talk {
                streams: Streams::default(),
                disk: Files { accepted_epoch: Some(2), current_epoch: Some(1), ..Files::default() },
                delivered: zxid(1, 2),
                found: Found::default(),
            };
            talk.streams.open(CONN, S1, S3, &|_| true);
            talk.says(Packet::FollowerInfo {
                accepted_epoch: 1,
                sid: S1,
                config_version: Zxid::ZERO,
            });
            talk.gets(Packet::LeaderInfo { epoch: 2 });
            talk.says(Packet::AckEpoch { last_zxid: zxid(1, 2), current_epoch: Some(1) });
            talk
        }

        /// It serves.
        fn serving() -> Talk {
            let mut talk = Talk::promised();
            talk.gets(Packet::Diff { zxid: zxid(1, 2) });
            talk.gets(new_leader());
            talk.disk.current_epoch = Some(2);
            talk.says(Packet::Ack { zxid: zxid(2, 0) });
            talk.gets(Packet::UpToDate);
            talk.says(Packet::Ack { zxid: zxid(2, 0) });
            assert_eq!(talk.found.0, []);
            talk
        }

        fn gets(&mut self, packet: Packet) {
            self.streams.sends(S3, CONN, &packet, &self.disk, &mut self.found);
            let state = (&self.disk, self.delivered);
            self.streams.hears(S1, CONN, &packet, state, &mut self.found);
        }

        fn says(&mut self, packet: Packet) {
            self.streams.sends(S1, CONN, &packet, &self.disk, &mut self.found);
            let state = (&self.disk, self.delivered);
            self.streams.hears(S3, CONN, &packet, state, &mut self.found);
        }

        fn logs(&mut self, zxid: Zxid) {
            let mut storage = crate::zab::log::Storage::open(std::mem::take(&mut self.disk), 1024);
            storage.append(Rc::new([txn(zxid, TxnBody::Error(KeeperError::NoNode))]));
            storage.complete(true, &|_, _| {});
            self.disk = storage.files;
        }

        #[track_caller]
        fn only(&self, invariant: Invariant, one: &str, other: &str) {
            let [clash] = &self.found.0[..] else { panic!("exactly one, not {:#?}", self.found) };
            assert_eq!((clash.invariant, &*clash.one, &*clash.other), (invariant, one, other));
            assert!(clash.servers.contains(&S1));
        }
    }

    fn zxid(epoch: u32, counter: u32) -> Zxid {
        Zxid::new(epoch, counter)
    }

    fn proposal(epoch: u32, counter: u32) -> Packet {
        Packet::Proposal(txn(zxid(epoch, counter), TxnBody::Error(KeeperError::NoNode)))
    }

    fn new_leader() -> Packet {
        let config = Rc::new(crate::config::Ensemble::new(3, 0));
        Packet::NewLeader { zxid: zxid(2, 0), activates: config.clone(), config }
    }

    #[test]
    fn a_packet_of_another_phase_is_seen() {
        let mut talk = Talk::promised();
        talk.gets(Packet::UpToDate);
        let one = "stateInconsistent: s1 gets UPTODATE on #1";
        talk.only(Invariant::ProcessConsistency, one, "its phase there is Promised");
    }

    #[test]
    fn an_old_epochs_promise_is_seen() {
        let mut talk = Talk::promised();
        talk.disk.accepted_epoch = Some(3);
        talk.streams = Streams::default();
        talk.streams.open(CONN, S1, S3, &|_| true);
        talk.gets(Packet::LeaderInfo { epoch: 2 });
        talk.says(Packet::AckEpoch { last_zxid: zxid(1, 2), current_epoch: None });
        let one = "stateInconsistent: s1 sends ACKEPOCH for epoch 2";
        talk.only(Invariant::ProcessConsistency, one, "its acceptedEpoch is 3");
    }

    #[test]
    fn a_proposal_out_of_order_is_seen() {
        let mut talk = Talk::serving();
        talk.gets(proposal(2, 1));
        talk.gets(proposal(2, 3));
        let one = "proposalInconsistent: s1 gets PROPOSAL 0x200000003";
        talk.only(Invariant::ProcessConsistency, one, "the last one before was 0x200000001");
    }

    #[test]
    fn a_cut_of_what_was_delivered_is_seen() {
        let mut talk = Talk::promised();
        talk.logs(zxid(1, 1));
        talk.logs(zxid(1, 2));
        talk.gets(Packet::Trunc { zxid: zxid(1, 1) });
        let one = "proposalInconsistent: s1 gets TRUNC to 0x100000001";
        talk.only(Invariant::ProcessConsistency, one, "it has delivered 0x100000002");
    }

    #[test]
    fn a_cut_after_what_is_not_there_is_seen() {
        let mut talk = Talk::promised();
        talk.delivered = Zxid::ZERO;
        talk.gets(Packet::Trunc { zxid: zxid(1, 1) });
        let one = "proposalInconsistent: s1 is told to cut its log after 0x100000001";
        talk.only(Invariant::ProcessConsistency, one, "0x100000001 is not in it");
    }

    #[test]
    fn a_commit_out_of_order_is_seen() {
        let mut talk = Talk::serving();
        talk.gets(proposal(2, 1));
        talk.gets(proposal(2, 2));
        talk.gets(Packet::Commit { zxid: zxid(2, 2) });
        let one = "commitInconsistent: s1 gets COMMIT 0x200000002";
        let other = "the oldest pending proposal is 0x200000001";
        talk.only(Invariant::ProcessConsistency, one, other);
    }

    #[test]
    fn an_ack_out_of_order_is_seen() {
        let mut talk = Talk::serving();
        talk.gets(proposal(2, 1));
        talk.gets(proposal(2, 2));
        talk.logs(zxid(2, 2));
        talk.says(Packet::Ack { zxid: zxid(2, 2) });
        let one = "ackInconsistent: s1 acknowledges 0x200000002";
        talk.only(Invariant::ProcessConsistency, one, "the next one it was sent is 0x200000001");
    }

    #[test]
    fn a_packet_from_the_wrong_side_is_seen() {
        let mut talk = Talk::serving();
        talk.says(Packet::Commit { zxid: zxid(2, 1) });
        let one = "messageIllegal: s3 gets COMMIT from s1";
        talk.only(Invariant::ProcessConsistency, one, "s1 is a learner on #1");
    }

    #[test]
    fn an_ack_before_the_fsync_is_seen() {
        let mut talk = Talk::serving();
        talk.gets(proposal(2, 1));
        talk.says(Packet::Ack { zxid: zxid(2, 1) });
        let one = "s1 acknowledges 0x200000001";
        talk.only(Invariant::AckDiscipline, one, "0x200000001 is not on its disk");
    }

    #[test]
    fn an_ack_of_newleader_before_current_epoch_is_seen() {
        let mut talk = Talk::promised();
        talk.gets(Packet::Diff { zxid: zxid(1, 2) });
        talk.gets(new_leader());
        talk.says(Packet::Ack { zxid: zxid(2, 0) });
        let one = "s1 acknowledges NEWLEADER 0x200000000";
        talk.only(Invariant::AckDiscipline, one, "its currentEpoch is 1");
    }

    #[test]
    fn an_ack_of_newleader_before_the_history_is_seen() {
        let mut talk = Talk::promised();
        talk.gets(Packet::Diff { zxid: zxid(1, 3) });
        talk.gets(proposal(1, 3));
        talk.gets(Packet::Commit { zxid: zxid(1, 3) });
        talk.gets(new_leader());
        talk.disk.current_epoch = Some(2);
        talk.streams.check_entered(S1, 2, &talk.disk, &mut talk.found);
        let other = "0x100000003 of the history before is not on its disk";
        talk.only(Invariant::AckDiscipline, "currentEpoch of s1 is 2", other);
        talk.found = Found::default();
        talk.says(Packet::Ack { zxid: zxid(2, 0) });
        talk.only(Invariant::AckDiscipline, "s1 acknowledges NEWLEADER 0x200000000", other);
        talk.found = Found::default();
        talk.logs(zxid(1, 3));
        talk.streams.check_entered(S1, 2, &talk.disk, &mut talk.found);
        assert_eq!(talk.found.0, []);
    }
}

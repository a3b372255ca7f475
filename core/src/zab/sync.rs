//! How a leader makes a learner's history equal to its own: DIFF, TRUNC or SNAP.
//!
//! With P the learner's last zxid, L the leader's last processed one, and `[min, max]` the range of
//! the committed log (min = max = L if that is empty), the first row that applies decides:
//!
//! ```text
//!   P = L                                     DIFF, nothing follows
//!   P > max, P is no (e,0)                    TRUNC to max
//!   min ≤ P ≤ max                             walk the committed log
//!   P < min, the disk log reaches back to P   walk the disk log, then the committed log
//!   anything else                             SNAP
//! ```
//!
//! A *walk* looks for P in the log. Found: DIFF, send what follows. Not found, but the next one is
//! of P's epoch: the learner has something nobody committed: TRUNC to the one before. Of another
//! epoch: SNAP, since a TRUNC may not cross epochs.
//!
//! The `(e,0)` that a leader takes on activation is carried by no transaction, so a learner that
//! ends with one is never found in a log; it gets what follows by DIFF.
//!
//! ZooKeeper: `LearnerHandler.syncFollower`, `queueCommittedProposals`.

use crate::config::Config;
use crate::mistake::Mistake;
use crate::txn::Txn;
use crate::types::Zxid;
use crate::why::{SyncKind, SyncRule};
use crate::zab::database::Database;
use crate::zab::log::{Files, LogFile};
use std::rc::Rc;

/// What to send, before outstanding proposals.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// Which packet.
    pub kind: SyncKind,
    /// The row that decided.
    pub rule: SyncRule,
    /// The zxid in that packet; for SNAP that of the tree sent.
    pub zxid: Zxid,
    /// What follows it, each as PROPOSAL and COMMIT.
    pub txns: Vec<Rc<Txn>>,
    /// Up to here the learner then has everything.
    pub up_to: Zxid,
}

/// Decides how to synchronize a learner whose last zxid is `peer`.
pub fn plan(peer: Zxid, db: &Database, files: &Files, config: &Config) -> Plan {
    if config.mistakes.has(Mistake::SkipSync) && peer != db.last_processed() {
        return whole(SyncKind::Diff, SyncRule::NotCompared, db.last_processed());
    }
    let plan = decide(peer, db, files, config);
    match plan.rule {
        SyncRule::AheadOfCommittedLog
        | SyncRule::DivergedInCommittedLog
        | SyncRule::DivergedInDiskLog
        | SyncRule::DivergedAcrossEpochs
        | SyncRule::NewEpochBeyondLog
            if config.mistakes.has(Mistake::DivergedGetsDiff) =>
        {
            let newer = db.committed_log().iter().filter(|txn| peer < txn.zxid);
            Plan {
                kind: SyncKind::Diff,
                rule: SyncRule::DivergenceOverlooked,
                txns: newer.cloned().collect(),
                ..plan
            }
        }
        SyncRule::SameZxid
        | SyncRule::AheadOfCommittedLog
        | SyncRule::InCommittedLog
        | SyncRule::DivergedInCommittedLog
        | SyncRule::InDiskLog
        | SyncRule::DivergedInDiskLog
        | SyncRule::TooOld
        | SyncRule::GapInDiskLog
        | SyncRule::DiskLogTooLarge
        | SyncRule::DivergedAcrossEpochs
        | SyncRule::NewEpochBeyondLog
        | SyncRule::NotCompared
        | SyncRule::DivergenceOverlooked => plan,
    }
}

fn decide(peer: Zxid, db: &Database, files: &Files, config: &Config) -> Plan {
    let last_processed = db.last_processed();
    let is_empty = db.committed_log().is_empty();
    let min = if is_empty { last_processed } else { db.min_committed() };
    let max = if is_empty { last_processed } else { db.max_committed() };

    if peer == last_processed {
        return whole(SyncKind::Diff, SyncRule::SameZxid, peer);
    }
    if max < peer {
        if peer.is_new_epoch() {
            return snap(SyncRule::NewEpochBeyondLog, db);
        }
        return whole(SyncKind::Trunc, SyncRule::AheadOfCommittedLog, max);
    }
    let mut walk = Walk { peer, max, op: None, txns: Vec::new(), queued: peer };
    if min <= peer {
        let fate = walk.along(db.committed_log().iter().cloned(), None);
        return walk.finish(fate, SyncRule::InCommittedLog, SyncRule::DivergedInCommittedLog, db);
    }
    match disk_log(peer, files, config) {
        Err(rule) => snap(rule, db),
        Ok(txns) => {
            if let Fate::Aborted = walk.along(txns, Some(min)) {
                return snap(SyncRule::DivergedAcrossEpochs, db);
            }
            if walk.queued < min {
                return snap(SyncRule::GapInDiskLog, db);
            }
            walk.peer = walk.queued;
            let fate = walk.along(db.committed_log().iter().cloned(), None);
            walk.finish(fate, SyncRule::InDiskLog, SyncRule::DivergedInDiskLog, db)
        }
    }
}

fn whole(kind: SyncKind, rule: SyncRule, zxid: Zxid) -> Plan {
    Plan { kind, rule, zxid, txns: Vec::new(), up_to: zxid }
}

fn snap(rule: SyncRule, db: &Database) -> Plan {
    whole(SyncKind::Snap, rule, db.last_processed())
}

enum Fate {
    Walked,
    Aborted,
}

/// One pass of `queueCommittedProposals`, and what it has queued so far.
struct Walk {
    peer: Zxid,
    max: Zxid,
    /// The packet that decides, once known.
    op: Option<(SyncKind, Zxid)>,
    txns: Vec<Rc<Txn>>,
    /// The last zxid the learner will have: `queuedZxid`.
    queued: Zxid,
}

impl Walk {
    fn along(&mut self, log: impl IntoIterator<Item = Rc<Txn>>, stop: Option<Zxid>) -> Fate {
        let mut previous = Zxid::ZERO;
        for txn in log {
            let zxid = txn.zxid;
            // The disk log is read only as far as the committed log in memory takes over.
            if stop.is_some_and(|stop| stop < zxid) {
                break;
            }
            if zxid < self.peer {
                previous = zxid;
                continue;
            }
            if self.op.is_none() {
                if zxid == self.peer {
                    self.op = Some((SyncKind::Diff, self.max));
                    continue;
                }
                if self.peer.is_new_epoch() {
                    self.op = Some((SyncKind::Diff, self.max));
                } else if zxid.epoch() == self.peer.epoch() {
                    self.op = Some((SyncKind::Trunc, previous));
                } else {
                    return Fate::Aborted;
                }
            }
            // The committed log begins with what the end of the disk log has shown already.
            if self.queued < zxid {
                self.txns.push(txn);
                self.queued = zxid;
            }
        }
        if self.op.is_none() && self.peer.is_new_epoch() {
            self.op = Some((SyncKind::Diff, self.max));
        }
        Fate::Walked
    }

    fn finish(self, fate: Fate, same: SyncRule, diverged: SyncRule, db: &Database) -> Plan {
        match (fate, self.op) {
            (Fate::Aborted, _) => snap(SyncRule::DivergedAcrossEpochs, db),
            (Fate::Walked, None) => snap(SyncRule::TooOld, db),
            (Fate::Walked, Some((kind, zxid))) => {
                let rule = match kind {
                    SyncKind::Diff | SyncKind::Snap => same,
                    SyncKind::Trunc => diverged,
                };
                Plan { kind, rule, zxid, txns: self.txns, up_to: self.queued }
            }
        }
    }
}

/// The disk log from the file that may hold `peer` on (`ZKDatabase.getProposalsFromTxnLog`).
///
/// The size that is held against the snapshot's is that of the files *after* the first, as
/// `FileTxnIterator.getStorageSize` counts, and files are padded: in practice the log serves only
/// if one file holds all that is needed.
fn disk_log<'a>(
    peer: Zxid,
    files: &'a Files,
    config: &Config,
) -> Result<impl Iterator<Item = Rc<Txn>> + use<'a>, SyncRule> {
    if config.snapshot_size_permille < 0 {
        return Err(SyncRule::TooOld);
    }
    let snapshot_bytes = files.newest_snapshot().map_or(0, |snapshot| snapshot.bytes);
    let limit = snapshot_bytes * config.snapshot_size_permille as u64 / 1000;
    let from = files.logs.iter().rposition(|log| log.first <= peer);
    let Some(from) = from else { return Err(SyncRule::TooOld) };
    let rest = &files.logs[from..];
    let bytes: u64 = rest[1..].iter().map(|log| log.size).sum();
    if 0 < limit && limit < bytes {
        return Err(SyncRule::DiskLogTooLarge);
    }
    Ok(readable(rest, peer))
}

/// The transactions of these files up to the first whose checksum is wrong: what follows is not sent
/// (`TxnLogProposalIterator.next`). Of what is before `peer` the last one will do.
fn readable(logs: &[LogFile], peer: Zxid) -> impl Iterator<Item = Rc<Txn>> {
    let bad = logs.iter().find_map(LogFile::corrupt_zxid);
    let before = move |log: &LogFile| log.txns.partition_point(|txn| txn.zxid < peer);
    let txns = logs.iter().flat_map(move |log| log.txns.iter_from(before(log).saturating_sub(1)));
    txns.take_while(move |txn| bad.is_none_or(|bad| txn.zxid < bad))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::data_tree;
    use crate::txn::TxnBody;
    use crate::types::{SessionId, Time, Xid};
    use crate::zab::log::{SnapshotFile, Storage};

    fn z(epoch: u32, counter: u32) -> Zxid {
        Zxid::new(epoch, counter)
    }

    fn txn(zxid: Zxid) -> Rc<Txn> {
        let body = TxnBody::CreateSession { timeout_ms: 1 };
        Rc::new(Txn { zxid, session: SessionId(1), cxid: Xid(0), time: Time::ZERO, body })
    }

    /// A leader whose memory holds `committed`, whose tree is at `last`, and whose log files hold
    /// `logs`.
    fn leader(committed: &[Zxid], last: Zxid, logs: &[&[Zxid]]) -> (Database, Files) {
        let empty = data_tree::empty(None);
        let mut db = Database::new(empty.clone(), 500);
        committed.iter().for_each(|zxid| db.add_committed(txn(*zxid)));
        db.image.zxid = last;
        let mut storage = Storage::open(Files::default(), Config::default().prealloc_bytes);
        storage.files.snapshots.insert(Zxid::ZERO, SnapshotFile::of(&empty));
        for log in logs {
            storage.roll();
            storage.append(log.iter().map(|zxid| txn(*zxid)).collect());
            storage.complete(true, &|_, _| {});
        }
        (db, storage.files)
    }

    fn decide(peer: Zxid, leader: &(Database, Files)) -> (SyncKind, SyncRule, Zxid, Vec<Zxid>) {
        let plan = plan(peer, &leader.0, &leader.1, &Config::default());
        (plan.kind, plan.rule, plan.zxid, plan.txns.iter().map(|txn| txn.zxid).collect())
    }

    #[test]
    fn the_same_zxid_gets_an_empty_diff() {
        let leader = leader(&[z(1, 1), z(1, 2)], z(1, 2), &[]);
        let expected = (SyncKind::Diff, SyncRule::SameZxid, z(1, 2), vec![]);
        assert_eq!(decide(z(1, 2), &leader), expected);
    }

    #[test]
    fn a_learner_within_the_committed_log_gets_what_follows() {
        let leader = leader(&[z(1, 1), z(1, 2), z(2, 1)], z(2, 1), &[]);
        let expected = (SyncKind::Diff, SyncRule::InCommittedLog, z(2, 1), vec![z(1, 2), z(2, 1)]);
        assert_eq!(decide(z(1, 1), &leader), expected);
    }

    #[test]
    fn a_learner_ahead_is_cut_to_the_last_committed() {
        let leader = leader(&[z(1, 1), z(1, 2)], z(2, 0), &[]);
        let expected = (SyncKind::Trunc, SyncRule::AheadOfCommittedLog, z(1, 2), vec![]);
        assert_eq!(decide(z(1, 3), &leader), expected);
    }

    #[test]
    fn a_learner_with_something_uncommitted_is_not_cut_across_epochs() {
        let leader = leader(&[z(1, 1), z(1, 2), z(2, 1)], z(2, 1), &[]);
        let expected = (SyncKind::Snap, SyncRule::DivergedAcrossEpochs, z(2, 1), vec![]);
        assert_eq!(decide(z(1, 3), &leader), expected);
    }

    #[test]
    fn a_hole_in_the_committed_log_is_cut_back_to_before_it() {
        let leader = leader(&[z(1, 1), z(1, 2), z(1, 4)], z(1, 4), &[]);
        let expected = (SyncKind::Trunc, SyncRule::DivergedInCommittedLog, z(1, 2), vec![z(1, 4)]);
        assert_eq!(decide(z(1, 3), &leader), expected);
    }

    #[test]
    fn the_zxid_that_no_transaction_carries_gets_a_diff() {
        let leader = leader(&[z(1, 1), z(2, 1), z(2, 2)], z(2, 2), &[]);
        let expected = (SyncKind::Diff, SyncRule::InCommittedLog, z(2, 2), vec![z(2, 1), z(2, 2)]);
        assert_eq!(decide(z(2, 0), &leader), expected);
    }

    #[test]
    fn beyond_the_committed_log_that_zxid_gets_a_snapshot() {
        let leader = leader(&[z(1, 1)], z(1, 1), &[]);
        let expected = (SyncKind::Snap, SyncRule::NewEpochBeyondLog, z(1, 1), vec![]);
        assert_eq!(decide(z(2, 0), &leader), expected);
    }

    #[test]
    fn an_older_learner_is_served_from_one_log_file() {
        let log: [Zxid; 4] = [z(1, 1), z(1, 2), z(1, 3), z(1, 4)];
        let leader = leader(&[z(1, 3), z(1, 4)], z(1, 4), &[&log]);
        let expected =
            (SyncKind::Diff, SyncRule::InDiskLog, z(1, 4), vec![z(1, 2), z(1, 3), z(1, 4)]);
        assert_eq!(decide(z(1, 1), &leader), expected);
    }

    #[test]
    fn two_padded_files_are_too_large() {
        let logs: [&[Zxid]; 2] = [&[z(1, 1), z(1, 2)], &[z(1, 3), z(1, 4)]];
        let leader = leader(&[z(1, 4)], z(1, 4), &logs);
        let expected = (SyncKind::Snap, SyncRule::DiskLogTooLarge, z(1, 4), vec![]);
        assert_eq!(decide(z(1, 1), &leader), expected);
    }

    #[test]
    fn a_log_that_begins_too_late_is_no_help() {
        let leader = leader(&[z(1, 4)], z(1, 4), &[&[z(1, 3), z(1, 4)]]);
        let expected = (SyncKind::Snap, SyncRule::TooOld, z(1, 4), vec![]);
        assert_eq!(decide(z(1, 1), &leader), expected);
    }

    #[test]
    fn a_gap_between_disk_and_memory_is_no_help() {
        let leader = leader(&[z(1, 5), z(1, 6)], z(1, 6), &[&[z(1, 1), z(1, 2)]]);
        let expected = (SyncKind::Snap, SyncRule::GapInDiskLog, z(1, 6), vec![]);
        assert_eq!(decide(z(1, 1), &leader), expected);
    }

    #[test]
    fn an_empty_committed_log_counts_as_the_last_processed_zxid() {
        let leader = leader(&[], z(1, 0), &[]);
        let expected = (SyncKind::Snap, SyncRule::TooOld, z(1, 0), vec![]);
        assert_eq!(decide(Zxid::ZERO, &leader), expected);
    }
}

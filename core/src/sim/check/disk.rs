//! What is on the disks, and what may be applied of it: Epochs, Log, Apply, of InitialHistory that
//! equal zxids mean equal transactions, and of AckDiscipline what currentEpoch says.

use super::history::{History, has_logged, is_same};
use super::streams::Streams;
use super::{Found, Invariant, Look};
use crate::server::Server;
use crate::sorted::Map;
use crate::txn::Txn;
use crate::types::{ServerId, Zxid};
use crate::zab::log::Files;
use std::rc::Rc;

/// A place in a log: everything before it has been looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Seen {
    /// The zxid in the file's name.
    file: Zxid,
    /// How many of its entries.
    entries: usize,
}

/// What is remembered of one disk.
#[derive(Clone, Debug, Default)]
struct Disk {
    accepted_epoch: u32,
    current_epoch: u32,
    /// How much of its durable log has been looked at.
    log_seen: Option<Seen>,
    /// The last zxid it had processed, if it served.
    processed: Option<Zxid>,
}

/// All disks.
#[derive(Clone, Debug, Default)]
pub(super) struct Disks {
    disks: Map<ServerId, Disk>,
}

impl Disks {
    pub(super) fn booted(&mut self, id: ServerId) {
        self.disks.entry(id).or_default().processed = None;
    }

    /// Files were damaged from outside.
    pub(super) fn damaged(&mut self, id: ServerId) {
        self.disks.insert(id, Disk::default());
    }

    pub(super) fn look(
        &mut self,
        look: &Look<'_>,
        history: &History,
        streams: &Streams,
        found: &mut Found,
    ) {
        let known = self.disks.entry(look.id).or_default();
        let disk = look.slot.disk();
        let current = disk.current_epoch.unwrap_or_default();
        if known.current_epoch < current {
            streams.check_entered(look.id, current, disk, found);
        }
        check_epochs(disk, known, look, found);
        known.log_seen = check_log(disk, known.log_seen, history, look, found);
        known.processed = match look.process().filter(|server| server.is_serving()) {
            Some(server) => {
                check_own_ack(server, look, found);
                Some(check_processed(server, known.processed, look, found))
            }
            None => None,
        };
    }
}

fn check_epochs(disk: &Files, known: &mut Disk, look: &Look<'_>, found: &mut Found) {
    // A file that is missing, or half written, is written at the next start.
    if disk.accepted_epoch.is_none() || disk.current_epoch.is_none() || disk.epoch_tmp.is_some() {
        return;
    }
    let accepted = disk.accepted_epoch.unwrap_or_default();
    let current = disk.current_epoch.unwrap_or_default();
    let logged = disk.last_logged().unwrap_or_default().epoch();
    let one = || format!("{}: acceptedEpoch {accepted}, currentEpoch {current}", look.id);
    if accepted < current || current < logged {
        let other = format!("its log ends in epoch {logged}");
        found.clash(Invariant::Epochs, &[look.id], None, one(), other);
    }
    let before = (known.accepted_epoch, known.current_epoch);
    if accepted < before.0 || current < before.1 {
        let other = format!("before they were {} and {}", before.0, before.1);
        found.clash(Invariant::Epochs, &[look.id], None, one(), other);
    }
    (known.accepted_epoch, known.current_epoch) = (accepted, current);
}

/// New entries of a durable log: increasing, without gaps inside an epoch unless a snapshot bridges
/// them, and each what its leader proposed. Returns how far it looked.
fn check_log(
    disk: &Files,
    seen: Option<Seen>,
    history: &History,
    look: &Look<'_>,
    found: &mut Found,
) -> Option<Seen> {
    let last = disk.logs.last()?;
    let now = Some(Seen { file: last.first, entries: last.txns.len() });
    if now == seen {
        return seen;
    }
    let place = |seen: Seen| disk.logs.iter().rposition(|log| log.first == seen.file);
    let (file, entries) = match seen {
        None => (0, 0),
        Some(seen) => match place(seen) {
            Some(file) => (file, seen.entries),
            // It was cut: there is nothing new.
            None => return now,
        },
    };
    let mut previous: Option<Zxid> = entries
        .checked_sub(1)
        .and_then(|before| disk.logs.get(file)?.txns.get(before))
        .map(|txn| txn.zxid);
    for (n, log) in disk.logs.iter().enumerate().skip(file) {
        let skip = if n == file { entries } else { 0 };
        for txn in log.txns.iter_from(skip.min(log.txns.len())) {
            check_entry(&txn, previous, disk, look, found);
            check_proposed(&txn, history, look, found);
            previous = Some(txn.zxid);
        }
    }
    now
}

fn check_entry(
    txn: &Txn,
    previous: Option<Zxid>,
    disk: &Files,
    look: &Look<'_>,
    found: &mut Found,
) {
    let Some(previous) = previous else { return };
    let zxid = txn.zxid;
    let is_next = previous < zxid && (previous.next() == zxid || previous.epoch() != zxid.epoch());
    let is_bridged = || previous < zxid && disk.snapshots.contains_key(&Zxid(zxid.0 - 1));
    if !is_next && !is_bridged() {
        let one = format!("{} logged {zxid} after {previous}", look.id);
        let other = "zxids increase, without gaps inside an epoch".to_owned();
        found.clash(Invariant::Log, &[look.id], Some(zxid), one, other);
    }
}

/// Histories agree on equal zxids.
fn check_proposed(txn: &Rc<Txn>, history: &History, look: &Look<'_>, found: &mut Found) {
    let zxid = txn.zxid;
    if let Some(proposed) = history.proposal(zxid)
        && !is_same(&proposed, txn)
    {
        let one = format!("{} logged {zxid} {:?}", look.id, txn.body);
        let other = format!("proposed was {zxid} {:?}", proposed.body);
        found.clash(Invariant::InitialHistory, &[look.id], Some(zxid), one, other);
    }
}

/// What is applied was logged, or is about to be; and the tree does not go back.
fn check_processed(
    server: &Server,
    before: Option<Zxid>,
    look: &Look<'_>,
    found: &mut Found,
) -> Zxid {
    let last = server.database().last_processed();
    if before == Some(last) {
        return last;
    }
    if let Some(before) = before.filter(|before| last < *before) {
        let one = format!("{} has processed {last}", look.id);
        let other = format!("it had processed {before}");
        found.clash(Invariant::Apply, &[look.id], Some(last), one, other);
    }
    let on_disk = look.slot.disk().last_zxid();
    let appended = server.storage().last_appended().unwrap_or_default();
    let queued = server.log_queue().last().unwrap_or_default();
    let logged = on_disk.max(appended).max(queued);
    if logged < last && !last.is_new_epoch() {
        let one = format!("{} has processed {last}", look.id);
        let other = format!("the last transaction it was given to log is {logged}");
        found.clash(Invariant::Apply, &[look.id], Some(last), one, other);
    }
    last
}

/// A leader acknowledges to itself no sooner than its log is fsynced. The oldest proposal will do:
/// the others follow.
fn check_own_ack(server: &Server, look: &Look<'_>, found: &mut Found) {
    let Some((zxid, acks)) = server.as_leader().and_then(|leader| leader.outstanding().next())
    else {
        return;
    };
    if acks.contains(&look.id) && has_logged(look.slot.disk(), zxid).is_none() {
        let one = format!("{} counts its own ACK of {zxid}", look.id);
        let other = format!("{zxid} is not on its disk");
        found.clash(Invariant::AckDiscipline, &[look.id], Some(zxid), one, other);
    }
}

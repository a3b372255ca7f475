//! Makes views of disks.

use crate::lab::view::{DiskView, LogFileView, PendingWriteView, SnapshotView};
use crate::server::Server;
use crate::sim::world::ServerSlot;
use crate::zab::log::{LogFile, SnapshotFile, Write};

/// The disk of a server.
pub fn view(slot: &ServerSlot) -> DiskView {
    let files = slot.disk();
    let storage = slot.process.as_ref().map(Server::storage);
    let health = slot.disk_health;
    DiskView {
        logs: files.logs.iter().map(log).collect(),
        snapshots: files.snapshots.values().map(snapshot).collect(),
        pending: storage
            .map(|storage| storage.pending_writes().filter_map(pending).collect())
            .unwrap_or_default(),
        queued: slot.process.as_ref().map_or(0, |server| server.log_queue().len()),
        unsynced: storage.and_then(|storage| storage.unsynced()),
        accepted_epoch: files.accepted_epoch,
        current_epoch: files.current_epoch,
        current_epoch_tmp: files.epoch_tmp,
        last_fsync_us: health.last_fsync_us,
        slow_factor: health.factor,
        slow_added_us: health.added_us,
        error: health.error,
        is_damaged: slot.is_damaged,
    }
}

fn log(log: &LogFile) -> LogFileView {
    LogFileView {
        name: log.name().into(),
        first: log.first,
        last: log.txns.last().map(|txn| txn.zxid),
        records: log.txns.len(),
        bytes: log.bytes,
        size: log.size,
        is_torn: log.is_torn,
        corrupt: log.corrupt_zxid(),
    }
}

fn snapshot(file: &SnapshotFile) -> SnapshotView {
    SnapshotView {
        name: file.name().into(),
        zxid: file.image.zxid,
        znodes: file.image.nodes.len(),
        bytes: file.bytes,
        is_fuzzy: file.is_fuzzy,
        is_corrupt: file.is_corrupt,
    }
}

fn pending(write: &Write) -> Option<PendingWriteView> {
    Some(match write {
        Write::Append { txns, .. } => PendingWriteView::Append {
            first: txns.first()?.zxid,
            last: txns.last()?.zxid,
            txns: txns.len(),
        },
        Write::Snapshot { file, .. } => {
            PendingWriteView::Snapshot { zxid: file.image.zxid, bytes: file.bytes }
        }
    })
}

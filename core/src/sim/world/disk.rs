//! The disks: how long a write takes, what happens when it is done, and what happens to disks from
//! outside.

use super::{Due, World};
use crate::server::{Input, Server, WriteKind};
use crate::sim::fault::{ConfigFile, DiskAction, DiskFault, DiskHealth, EpochFile};
use crate::sim::trace::{EventKind, NoteKind, Trace};
use crate::types::{Actor, ServerId, Time, Zxid};
use crate::why::{DiskError, DiskWhy, Why};
use crate::zab::log::Files;

/// After how long the operating system writes back what no fsync has forced, in microseconds.
const WRITE_BACK_US: u64 = 5_000_000;

/// A write on its way to a disk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writing {
    kind: WriteKind,
    /// The event in which it was asked for.
    cause: u32,
    /// When the disk came to it.
    begun: Time,
}

impl World {
    /// Writes of one disk are done one after the other.
    pub(super) fn write(&mut self, id: ServerId, kind: WriteKind) {
        let (cause, begun) = (self.current(), self.now);
        let Some(slot) = self.servers.get_mut(&id) else { return };
        slot.writing.push_back(Writing { kind, cause, begun });
        if slot.writing.len() == 1 {
            self.begin_write(id, kind);
        }
    }

    fn begin_write(&mut self, id: ServerId, kind: WriteKind) {
        let (least, spread) = match kind {
            WriteKind::Log { .. } if !self.config.is_sync_forced => self.delays.page_cache,
            WriteKind::Log { .. } => self.delays.fsync,
            WriteKind::Snapshot { .. } => self.delays.snapshot,
        };
        let mut takes = u64::from(least) + u64::from(self.rng.below(spread.max(1)));
        let now = self.now;
        let Some(slot) = self.servers.get_mut(&id) else { return };
        takes = takes * u64::from(slot.disk_health.factor) + slot.disk_health.added_us;
        if let Some(first) = slot.writing.front_mut() {
            first.begun = now;
        }
        let life = slot.life;
        self.push(self.now.plus_us(takes), Due::Written(id, life));
    }

    pub(super) fn on_written(&mut self, id: ServerId, life: u32, trace: &mut Trace) {
        let now = self.now;
        let Some(slot) = self.servers.get_mut(&id) else { return };
        if slot.life != life {
            return;
        }
        let Some(Writing { kind, cause, begun }) = slot.writing.pop_front() else { return };
        let took_us = now.since_us(begun);
        let error = slot.disk_health.error;
        if let (WriteKind::Log { .. }, None) = (kind, error) {
            slot.disk_health.last_fsync_us = Some(took_us);
        }
        if let Some(next) = slot.writing.front().copied() {
            self.begin_write(id, next.kind);
        }
        match error {
            Some(error) => {
                let event = EventKind::WriteFailed(id, kind, error);
                self.call_server(id, cause, event, Input::WriteFailed(error), trace);
            }
            None => {
                let event = EventKind::Written(id, kind);
                self.call_server(id, cause, event, Input::Written { took_us }, trace);
            }
        }
        self.pack_logs(id);
        let unsynced = self.server(id).and_then(|server| server.storage().unsynced());
        if let Some((_, last)) = unsynced {
            self.push(self.now.plus_us(WRITE_BACK_US), Due::WrittenBack(id, life, last));
        }
    }

    /// What is old in a log, and in what the checkers remember, is kept in less memory.
    fn pack_logs(&mut self, id: ServerId) {
        let server = self.servers.get_mut(&id).and_then(|slot| slot.process.as_mut());
        if server.is_some_and(|server| server.pack_log(&mut self.shelf)) {
            self.checker.pack(&mut self.shelf);
        }
    }

    /// The operating system has got round to it.
    pub(super) fn on_written_back(&mut self, id: ServerId, life: u32, zxid: Zxid) {
        let Some(slot) = self.servers.get_mut(&id) else { return };
        if let Some(server) = slot.process.as_mut().filter(|_| slot.life == life) {
            server.written_back(zxid);
        }
    }

    /// Tells what is lost with a machine that goes down.
    pub(super) fn note_unsynced(&self, id: ServerId, trace: &mut Trace) {
        let lost = self.server(id).and_then(|server: &Server| server.storage().unsynced());
        if let Some((from, to)) = lost {
            let why = Why::Disk(DiskWhy::UnsyncedLost { from, to });
            self.note(Actor::Server(id), NoteKind::Decision(why), trace);
        }
    }

    pub(super) fn disk_fault(&mut self, action: &DiskAction) {
        let configs = self.servers.values().filter_map(|slot| slot.disk().config.as_ref());
        let newest = configs.max_by_key(|config| config.version).cloned();
        for id in action.servers.iter() {
            let Some(slot) = self.servers.get_mut(id) else { continue };
            if action.fault == DiskFault::CopiedConfig {
                if slot.process.is_none() && newest.is_some() {
                    (slot.files.config, slot.files.next_config) = (newest.clone(), None);
                    slot.files.is_config_lost = false;
                }
            } else if action.fault.is_damage() {
                if slot.process.is_none() {
                    damage(&mut slot.files, action.fault);
                    slot.is_damaged = true;
                    self.checker.damaged(*id);
                }
            } else {
                change_health(&mut slot.disk_health, action.fault);
            }
        }
    }
}

fn change_health(health: &mut DiskHealth, fault: DiskFault) {
    match fault {
        DiskFault::Slow { factor, added_us } => {
            (health.factor, health.added_us) = (factor.max(1), added_us);
        }
        DiskFault::Failing => (health.error, health.has_failed) = (Some(DiskError::Io), true),
        DiskFault::Full => (health.error, health.has_failed) = (Some(DiskError::Full), true),
        DiskFault::Mended => (health.factor, health.added_us, health.error) = (1, 0, None),
        DiskFault::TornTail
        | DiskFault::CorruptRecord(_)
        | DiskFault::CorruptSnapshot(_)
        | DiskFault::LostSnapshots
        | DiskFault::LostData
        | DiskFault::LostEpoch(_)
        | DiskFault::UnfinishedEpoch
        | DiskFault::LostConfig(_)
        | DiskFault::OldConfig
        | DiskFault::CopiedConfig => {}
    }
}

fn damage(files: &mut Files, fault: DiskFault) {
    match fault {
        DiskFault::TornTail => {
            files.tear_tail();
        }
        DiskFault::CorruptRecord(zxid) => {
            files.corrupt_record(zxid);
        }
        DiskFault::CorruptSnapshot(zxid) => {
            files.corrupt_snapshot(zxid);
        }
        DiskFault::LostSnapshots => files.snapshots.clear(),
        DiskFault::LostData => {
            let (config, next_config) = (files.config.take(), files.next_config.take());
            let is_config_lost = files.is_config_lost;
            *files = Files { config, next_config, is_config_lost, ..Files::default() };
        }
        DiskFault::LostEpoch(EpochFile::Accepted) => files.accepted_epoch = None,
        DiskFault::LostEpoch(EpochFile::Current) => files.current_epoch = None,
        DiskFault::UnfinishedEpoch => {
            if let Some(before) = files.epoch_before {
                files.epoch_tmp = files.current_epoch;
                files.current_epoch = Some(before);
            }
        }
        DiskFault::LostConfig(ConfigFile::Dynamic) => {
            (files.config, files.is_config_lost) = (None, true);
        }
        DiskFault::LostConfig(ConfigFile::Next) => files.next_config = None,
        DiskFault::OldConfig => {
            (files.config, files.next_config, files.is_config_lost) = (None, None, false);
        }
        DiskFault::CopiedConfig
        | DiskFault::Slow { .. }
        | DiskFault::Failing
        | DiskFault::Full
        | DiskFault::Mended => {}
    }
}

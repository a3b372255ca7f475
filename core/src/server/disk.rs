//! A server and its disk: what it makes of its files at boot, and what it writes.
//!
//! ```text
//!   boot      snapshots, newest first ─▶ log after it ─▶ epoch files ─▶ look for a leader
//!                  │ none valid, log without snapshot, checksum wrong, epochs contradict
//!                  ▼
//!               exits, and says why
//! ```
//!
//! ZooKeeper: `QuorumPeer.loadDataBase`, `FileTxnSnapLog.restore`, `SyncRequestProcessor`,
//! `ZooKeeperServer.takeSnapshot`, `DatadirCleanupManager`. When the log's writer fails, its server
//! leaves its role and looks for a leader (ZOOKEEPER-2247); when a snapshot fails or the log cannot be
//! cut, the process exits. One difference, without which the log can get a hole: ZooKeeper keeps its
//! tree when the log's writer has failed, and that may hold what was committed without it and is not
//! in its log; here the disk is loaded again. Simplified: a failing writer is noticed at once, not at the next packet
//! or half tick.

use crate::config::{self, Config, Ensemble};
use crate::image::Image;
use crate::mistake::Mistake;
use crate::server::pipeline::Flush;
use crate::server::reconfig::views_at_boot;
use crate::server::{
    Effect, Moment, Role, Server, Timer, Unsaved, WriteFor, WriteKind, peer::set_timer,
};
use crate::tree::{data_tree, quota};
use crate::txn::Txn;
use crate::types::{ServerId, ServerState, Time, Zxid};
use crate::why::{DiskError, DiskFile, DiskWhy, MembersWhy, Why};
use crate::zab::database::Replay;
use crate::zab::log::{BadRecord, Files, SnapshotFile, Write, newest_readable};
use crate::zab::{leader, learner};
use std::rc::Rc;

/// How replay changes the tree.
fn replay(image: &mut Image, txn: &Txn) {
    data_tree::apply(image, txn);
}

const REPLAY: Replay<'static> = Replay { apply: &replay, restore: &quota::recount_all };

fn explain(why: DiskWhy) -> Effect {
    Effect::Explain(Why::Disk(why))
}

impl Server {
    /// Boots from a disk (`QuorumPeer.start`, `loadDataBase`) and begins to look for a leader.
    /// `seed` decides what ZooKeeper draws at random.
    pub fn boot(
        id: ServerId,
        ensemble: Rc<Ensemble>,
        config: Rc<Config>,
        files: Files,
        seed: u32,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) -> Server {
        let views = views_at_boot(&ensemble, &config, &files);
        let empty = data_tree::empty(Some(&views.current.text()));
        let mut server = Server::new(id, (ensemble, views), config, files, empty);
        let version = server.views.current.version;
        let problem = if server.storage.files.is_config_lost {
            Some(MembersWhy::ConfigFileLost)
        } else if !server.views.current.members.contains_key(&id) {
            Some(MembersWhy::NoMember { version })
        } else {
            None
        };
        if let Some(why) = problem {
            out.push(Effect::Explain(Why::Members(why)));
            out.push(Effect::Exit);
            return server;
        }
        // What observers are told is theirs is taken for granted where nothing else is said.
        let is_to_observe = server.config.peer_type == config::Role::Observer;
        if is_to_observe && !server.views.current.is_observer(id) {
            out.push(Effect::Explain(Why::Members(MembersWhy::PeerTypeIgnored)));
        }
        if let Err(why) = server.restore(out) {
            out.push(Effect::Explain(why));
            out.push(Effect::Exit);
            return server;
        }
        server.draw_next_snapshot(seed);
        if !server.config.is_sync_forced {
            out.push(explain(DiskWhy::SyncNotForced));
        }
        if 0 < server.config.purge_interval_hours {
            server.on_purge(out);
        }
        server.look(moment, out);
        server
    }

    /// Reads the files. What it gives back is why it cannot start with them.
    fn restore(&mut self, out: &mut Vec<Effect>) -> Result<(), Why> {
        let (is_allowed, is_trusted) =
            (self.config.is_db_created, self.config.is_empty_snapshot_trusted);
        let files = &mut self.storage.files;
        let is_initialized = std::mem::take(&mut files.is_initialized);
        let (readable, passed_over) = newest_readable(files);
        let instead = readable.map(|image| image.zxid);
        for zxid in passed_over {
            out.push(explain(DiskWhy::SnapshotUnreadable { zxid, instead }));
        }
        if instead.is_none() && !files.snapshots.is_empty() {
            return Err(Why::Disk(DiskWhy::NoValidSnapshot { tried: files.snapshots.len() }));
        }
        let is_without_snapshot = files.snapshots.is_empty();
        if is_without_snapshot && !files.logs.is_empty() {
            let last_logged = files.last_logged().unwrap_or_default();
            if !is_trusted {
                return Err(Why::Disk(DiskWhy::LogWithoutSnapshot { last_logged }));
            }
            out.push(explain(DiskWhy::TrustedEmptySnapshot { last_logged }));
        }
        for log in files.logs.iter().filter(|log| log.is_torn) {
            let (file, last_whole) = (log.first, log.txns.last().map(|txn| txn.zxid));
            out.push(explain(DiskWhy::TornRecord { file, last_whole }));
        }
        let loaded = self.load()?;
        let last = self.db.last_processed();
        if is_without_snapshot && self.storage.files.logs.is_empty() {
            let may_vote = is_allowed || is_initialized;
            if may_vote {
                self.storage.files.snapshots.insert(last, SnapshotFile::of(&self.db.image));
            }
            self.is_blank = !may_vote;
            // Whoever sets up a new ensemble expects nothing else.
            if !is_initialized {
                out.push(explain(DiskWhy::StartedEmpty { may_vote, is_initialized }));
            }
        }
        let (current_epoch, accepted_epoch) = self.read_epochs(last, out)?;
        out.push(Effect::Explain(Why::Recovered {
            snapshot: loaded.snapshot,
            last_logged: last,
            replayed: loaded.replayed,
            current_epoch,
            accepted_epoch,
        }));
        Ok(())
    }

    /// The epoch files. A missing one is written with the epoch of the last transaction.
    fn read_epochs(&mut self, last: Zxid, out: &mut Vec<Effect>) -> Result<(u32, u32), Why> {
        let epoch = last.epoch();
        let files = &mut self.storage.files;
        let is_expected = files.current_epoch.is_none() && files.accepted_epoch.is_none();
        let mut missing = |file| {
            if !(is_expected && last == Zxid::ZERO) {
                out.push(explain(DiskWhy::EpochFileMissing { file, epoch }));
            }
            epoch
        };
        let mut current_epoch =
            *files.current_epoch.get_or_insert_with(|| missing(DiskFile::CurrentEpoch));
        let accepted_epoch =
            *files.accepted_epoch.get_or_insert_with(|| missing(DiskFile::AcceptedEpoch));
        if current_epoch < epoch
            && let Some(tmp) = files.epoch_tmp
        {
            out.push(explain(DiskWhy::EpochFromTmp { current_epoch, tmp, last_logged: last }));
            files.set_current_epoch(tmp);
            current_epoch = tmp;
        }
        if current_epoch < epoch || accepted_epoch < current_epoch {
            let (last_logged, accepted_epoch) = (last, accepted_epoch);
            return Err(Why::RefusedToStart { current_epoch, accepted_epoch, last_logged });
        }
        Ok((current_epoch, accepted_epoch))
    }

    fn load(&mut self) -> Result<crate::zab::database::Loaded, Why> {
        let empty = data_tree::empty(Some(&self.views.current.text()));
        self.db.load(&self.storage.files, &empty, REPLAY).map_err(corrupt)
    }

    /// Between half of `snapCount` and all of it, so that not all servers snapshot at once; the same
    /// with `snapSizeLimitInKb` (`resetSnapshotStats`).
    fn draw_next_snapshot(&mut self, random: u32) {
        let half = self.config.snap_count / 2;
        self.log_queue.snapshot_at = half + random % half.max(1);
        let half = self.config.snap_size_limit_bytes / 2;
        let spread = u64::from(random).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8;
        self.log_queue.snapshot_at_bytes = half + spread % half.max(1);
    }

    // --- Leaving a role

    pub(crate) fn finish_leaving(&mut self, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        let from = self.db.last_processed();
        let read = if self.unsaved.take().is_some() {
            self.load().map(|_| ())
        } else if self.config.mistakes.has(Mistake::NoFastForward) {
            if from < self.storage.files.last_zxid() {
                out.push(Effect::Explain(Why::Mistaken { mistake: Mistake::NoFastForward }));
            }
            Ok(())
        } else {
            let files = &self.storage.files;
            self.db.fast_forward(files, REPLAY.apply).map(|_| ()).map_err(corrupt)
        };
        if let Err(why) = read {
            out.push(Effect::Explain(why));
            out.push(Effect::Exit);
            return;
        }
        let to = self.db.last_processed();
        if from < to {
            out.push(Effect::Explain(Why::FastForwarded { from, to }));
        }
        if std::mem::take(&mut self.is_appointed) {
            let (vote, state) = self.election.resume();
            self.on_elected(vote, state, moment, out);
        } else {
            self.look(moment, out);
        }
    }

    // --- Writing

    pub(crate) fn write_log(
        &mut self,
        txns: Rc<[Rc<Txn>]>,
        purpose: WriteFor,
        out: &mut Vec<Effect>,
    ) {
        out.push(Effect::Write(WriteKind::Log { txns: txns.len() as u32 }));
        self.storage.append(txns);
        self.writes.push_back(purpose);
    }

    pub(crate) fn save_snapshot(&mut self, purpose: WriteFor, out: &mut Vec<Effect>) {
        let snapshot = self.db.snapshot();
        out.push(Effect::Write(WriteKind::Snapshot { bytes: snapshot.bytes }));
        self.storage.save(snapshot, self.unsaved == Some(Unsaved::Received));
        self.writes.push_back(purpose);
    }

    pub(crate) fn on_written(
        &mut self,
        took_us: u64,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        let written = self.storage.complete(self.config.is_sync_forced, REPLAY.apply);
        assert!(written.is_some(), "only what was asked for is written");
        if let Some(Write::Append { txns, .. }) = written {
            self.note_fsync(took_us, txns.len(), out);
        }
        match self.writes.pop_front() {
            Some(WriteFor::Batch(zxids)) => self.on_batch_logged(&zxids, moment, out),
            Some(WriteFor::History(epoch)) => self.on_history_written(epoch, moment, out),
            Some(WriteFor::Nobody) | None => {}
        }
        if matches!(self.role, Role::Leaving) && self.writes.is_empty() {
            self.finish_leaving(moment, out);
        }
    }

    /// What `FileTxnLog.commit` says of a slow fsync, and whether it begins a new file.
    fn note_fsync(&mut self, took_us: u64, txns: usize, out: &mut Vec<Effect>) {
        let (took_ms, threshold_ms) = (took_us / 1000, self.config.fsync_warning_threshold_ms);
        if self.config.is_sync_forced && threshold_ms < took_ms {
            out.push(explain(DiskWhy::SlowFsync { took_ms, threshold_ms, txns }));
        }
        let (bytes, limit) =
            (self.storage.current_log_size(), self.config.txn_log_size_limit_bytes);
        if 0 < limit && limit < bytes {
            out.push(explain(DiskWhy::LogRolledBySize { bytes, limit }));
            self.storage.roll();
        }
    }

    /// A failed append ends the log's writer and with it the server's role; a failed snapshot ends
    /// the process.
    pub(crate) fn on_write_failed(
        &mut self,
        error: DiskError,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        self.writes.pop_front();
        match self.storage.fail(error) {
            Some(Write::Snapshot { file, .. }) => {
                let zxid = file.image.zxid;
                out.push(explain(DiskWhy::SnapshotFailed { zxid, error }));
                out.push(Effect::Exit);
                return;
            }
            Some(Write::Append { txns, .. }) => {
                let zxids = txns.iter().map(|txn| txn.zxid).collect();
                let file = DiskFile::Log;
                out.push(explain(DiskWhy::WriteFailed { file, error, zxids }));
                self.log_queue.abort();
                for later in &mut self.writes {
                    if matches!(later, WriteFor::Batch(_)) {
                        *later = WriteFor::Nobody;
                    }
                }
                self.unsaved = self.unsaved.or(Some(Unsaved::NotLogged));
            }
            None => {}
        }
        match self.role {
            Role::Leading(_) | Role::Learning(_) => self.abandon(moment, out),
            Role::Leaving if self.writes.is_empty() => self.finish_leaving(moment, out),
            Role::Leaving | Role::Looking => {}
        }
    }

    fn epoch_failed(
        &mut self,
        file: DiskFile,
        error: DiskError,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        out.push(explain(DiskWhy::WriteFailed { file, error, zxids: Rc::new([]) }));
        self.abandon(moment, out);
    }

    /// Writes the `acceptedEpoch` file.
    pub(crate) fn set_accepted_epoch(
        &mut self,
        epoch: u32,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        match moment.disk_error {
            Some(error) => self.epoch_failed(DiskFile::AcceptedEpoch, error, moment, out),
            None => self.storage.files.accepted_epoch = Some(epoch),
        }
    }

    /// Writes the `currentEpoch` file.
    pub(crate) fn set_current_epoch(
        &mut self,
        epoch: u32,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        match moment.disk_error {
            Some(error) => self.epoch_failed(DiskFile::CurrentEpoch, error, moment, out),
            None => self.storage.files.set_current_epoch(epoch),
        }
    }

    /// Epoch after history, and then the ACK (ZOOKEEPER-4643).
    fn on_history_written(&mut self, epoch: u32, moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        if self.writes.iter().any(|write| matches!(write, WriteFor::History(_))) {
            return;
        }
        self.unsaved = None;
        if let Some(error) = moment.disk_error {
            match self.role {
                Role::Leading(_) | Role::Learning(_) => {
                    self.epoch_failed(DiskFile::CurrentEpoch, error, moment, out);
                }
                Role::Leaving | Role::Looking => {}
            }
            return;
        }
        self.storage.files.set_current_epoch(epoch);
        self.is_blank = false;
        let last_logged = self.storage.files.last_zxid();
        out.push(Effect::Explain(Why::EnteredEpoch { epoch, last_logged }));
        self.learner_step(learner::Input::Persisted, moment, out);
    }

    fn on_batch_logged(&mut self, zxids: &[Zxid], moment: &mut Moment<'_>, out: &mut Vec<Effect>) {
        let flush = self.log_queue.flushed(moment.now, &self.config);
        self.flush(flush, out);
        for zxid in zxids {
            match &self.role {
                Role::Leading(_) => self.leader_step(leader::Input::Logged(*zxid), moment, out),
                Role::Learning(_) => self.learner_step(learner::Input::Logged(*zxid), moment, out),
                Role::Leaving | Role::Looking => return,
            }
        }
    }

    /// An observer with `syncEnabled=false` keeps what it learns in memory only.
    fn keeps_log(&self) -> bool {
        self.state != ServerState::Observing || self.config.is_observer_sync_enabled
    }

    /// `SyncRequestProcessor`: logs, and takes a snapshot now and then.
    pub(crate) fn log(&mut self, txn: Rc<Txn>, now: Time, out: &mut Vec<Effect>) {
        if !self.keeps_log() {
            return;
        }
        self.log_queue.logged += 1;
        let bytes = self.storage.current_log_size();
        let is_long =
            0 < self.config.snap_size_limit_bytes && self.log_queue.snapshot_at_bytes < bytes;
        if is_long || self.log_queue.snapshot_at < self.log_queue.logged {
            let logged = std::mem::take(&mut self.log_queue.logged);
            // Any number that differs between servers and times will do.
            let random = (txn.zxid.0 as u32).wrapping_mul(0x9e37_79b9) ^ u32::from(self.id.0) << 13;
            self.draw_next_snapshot(random >> 7);
            let zxid = self.db.last_processed();
            self.storage.roll();
            if self.storage.is_snapshotting() {
                out.push(explain(DiskWhy::SnapshotSkipped { zxid }));
            } else {
                out.push(match is_long {
                    true => explain(DiskWhy::SnapshotDueBySize { zxid, bytes }),
                    false => Effect::Explain(Why::SnapshotDue { zxid, logged }),
                });
                let snapshot = self.db.snapshot();
                out.push(Effect::Write(WriteKind::Snapshot { bytes: snapshot.bytes }));
                self.storage.save_fuzzy(snapshot);
                self.writes.push_back(WriteFor::Nobody);
            }
        }
        let flush = self.log_queue.push(txn, now, &self.config);
        self.flush(flush, out);
    }

    fn flush(&mut self, flush: Flush, out: &mut Vec<Effect>) {
        match flush {
            Flush::Now(txns) => {
                let zxids = txns.iter().map(|txn| txn.zxid).collect();
                self.write_log(txns, WriteFor::Batch(zxids), out);
            }
            Flush::After(ms) => set_timer(Timer::Flush, ms, out),
            Flush::Not => {}
        }
    }

    pub(crate) fn on_flush_due(&mut self, out: &mut Vec<Effect>) {
        let flush = self.log_queue.polled(&self.config);
        self.flush(flush, out);
    }

    /// Cuts the log and loads again.
    pub(crate) fn truncate(&mut self, to: Zxid, moment: &Moment<'_>, out: &mut Vec<Effect>) {
        self.unsaved = Some(Unsaved::Cut);
        let is_cut = moment.disk_error.is_none() && self.storage.truncate(to).is_ok();
        let newest = self.storage.files.snapshots.keys().next_back();
        if is_cut
            && newest.is_some_and(|newest| to < *newest)
            && self.config.mistakes.has(Mistake::TruncKeepsSnapshots)
        {
            out.push(Effect::Explain(Why::Mistaken { mistake: Mistake::TruncKeepsSnapshots }));
        }
        let loaded = if is_cut { self.load().map(|_| ()) } else { Ok(()) };
        if is_cut && loaded.is_ok() {
            self.db.image.zxid = to;
            return;
        }
        let error = moment.disk_error;
        out.push(
            loaded
                .map_or_else(Effect::Explain, |()| explain(DiskWhy::TruncateFailed { to, error })),
        );
        out.push(Effect::Exit);
    }

    pub(crate) fn apply_unserved(&mut self, txn: &Rc<Txn>) {
        replay(&mut self.db.image, txn);
        self.db.add_committed(txn.clone());
    }

    /// NEWLEADER: the history goes to disk, and what of it is committed to memory.
    pub(crate) fn persist(
        &mut self,
        is_snapshot_needed: bool,
        txns: Rc<[Rc<Txn>]>,
        epoch: u32,
        moment: &mut Moment<'_>,
        out: &mut Vec<Effect>,
    ) {
        let has_something_to_write = is_snapshot_needed || !txns.is_empty();
        if has_something_to_write && self.config.mistakes.has(Mistake::EpochBeforeLog) {
            out.push(Effect::Explain(Why::Mistaken { mistake: Mistake::EpochBeforeLog }));
            self.storage.files.set_current_epoch(epoch);
        }
        if is_snapshot_needed {
            self.save_snapshot(WriteFor::History(epoch), out);
        }
        for txn in txns.iter() {
            self.apply_unserved(txn);
        }
        if !txns.is_empty() {
            out.push(Effect::Applied(self.db.last_processed()));
        }
        if !txns.is_empty() && self.keeps_log() {
            self.write_log(txns, WriteFor::History(epoch), out);
        }
        // An empty DIFF has nothing to write.
        self.on_history_written(epoch, moment, out);
    }

    /// `DatadirCleanupManager`: at boot and every `autopurge.purgeInterval` hours.
    pub(crate) fn on_purge(&mut self, out: &mut Vec<Effect>) {
        let retain = self.config.snap_retain_count as usize;
        let (snapshots, logs) = self.storage.files.purgeable(retain);
        if !snapshots.is_empty() || !logs.is_empty() {
            self.storage.files.purge(&snapshots, &logs);
            let oldest = self.storage.files.snapshots.keys().next().copied().unwrap_or_default();
            let (snapshots, logs) = (snapshots.len(), logs.len());
            out.push(explain(DiskWhy::Purged { snapshots, logs, oldest }));
        }
        const HOUR_MS: u64 = 3_600_000;
        set_timer(Timer::Purge, self.config.purge_interval_hours * HOUR_MS, out);
    }
}

fn corrupt(bad: BadRecord) -> Why {
    Why::Disk(DiskWhy::CorruptRecord { file: bad.file, zxid: bad.zxid })
}

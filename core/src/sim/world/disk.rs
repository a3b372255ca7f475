//! The disks: how long a write takes, and what happens when it is done.

use super::{Due, World};
use crate::server::{Input, WriteKind};
use crate::sim::trace::{EventKind, Trace};
use crate::types::ServerId;

impl World {
    /// Writes of one disk are done one after the other.
    pub(super) fn write(&mut self, id: ServerId, kind: WriteKind) {
        let cause = self.current();
        let Some(slot) = self.servers.get_mut(&id) else { return };
        slot.writing.push_back((kind, cause));
        if slot.writing.len() == 1 {
            self.begin_write(id, kind);
        }
    }

    fn begin_write(&mut self, id: ServerId, kind: WriteKind) {
        let (least, spread) = match kind {
            WriteKind::Log { .. } => self.delays.fsync,
            WriteKind::Snapshot { .. } => self.delays.snapshot,
        };
        let takes = u64::from(least) + u64::from(self.rng.below(spread.max(1)));
        let life = self.servers.get(&id).map_or(0, |slot| slot.life);
        self.push(self.now.plus_us(takes), Due::Written(id, life));
    }

    pub(super) fn on_written(&mut self, id: ServerId, life: u32, trace: &mut Trace) {
        let Some(slot) = self.servers.get_mut(&id) else { return };
        if slot.life != life {
            return;
        }
        let Some((kind, cause)) = slot.writing.pop_front() else { return };
        if let Some((next, _)) = slot.writing.front().copied() {
            self.begin_write(id, next);
        }
        self.call_server(id, cause, EventKind::Written(id, kind), Input::Written, trace);
    }
}

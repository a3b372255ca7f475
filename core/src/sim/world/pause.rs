//! Clients that are stopped for a while: what comes to them waits, and so do their timers.

use super::{Due, World};
use crate::client::session as client;
use crate::recipe;
use crate::sim::trace::{EventKind, Trace};
use crate::types::ClientId;

/// Something that a paused client will find when it goes on.
#[derive(Clone, Debug)]
pub(super) enum Deferred {
    Client { kind: EventKind, cause: u32, input: client::Input },
    Recipe { cause: u32, timer: recipe::Timer },
}

impl World {
    pub(super) fn pause_client(&mut self, id: ClientId) {
        if let Some(slot) = self.clients.get_mut(&id) {
            slot.is_paused = !slot.has_vanished;
        }
    }

    pub(super) fn resume_client(&mut self, id: ClientId) {
        let Some(slot) = self.clients.get_mut(&id) else { return };
        if std::mem::replace(&mut slot.is_paused, false) && !slot.deferred.is_empty() {
            self.push(self.now, Due::ClientDeferred(id));
        }
    }

    /// One thing that waited; what comes meanwhile waits behind it.
    pub(super) fn on_client_deferred(&mut self, id: ClientId, trace: &mut Trace) {
        let Some(slot) = self.clients.get_mut(&id).filter(|slot| !slot.is_paused) else { return };
        let Some(next) = slot.deferred.pop_front() else { return };
        if !slot.deferred.is_empty() {
            self.push(self.now, Due::ClientDeferred(id));
        }
        match next {
            Deferred::Client { kind, cause, input } => {
                self.call_client(id, cause, kind, input, trace);
            }
            Deferred::Recipe { cause, timer } => self.fire_recipe_timer(id, cause, timer, trace),
        }
    }
}

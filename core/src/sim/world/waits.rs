//! Clients that wait for what has come to be: is a wake-up lost?

use super::World;
use crate::client::session::State;
use crate::image::Image;
use crate::recipe::{Phase, RecipeKind};
use crate::tree::path;
use crate::txn::Path;
use crate::types::ClientId;

impl World {
    /// Looks at what a client's recipes wait for, after something has happened to it.
    pub(super) fn check_waits(&mut self, id: ClientId) {
        let Some(slot) = self.clients.get(&id) else { return };
        let Some(recipes) = &slot.recipes else { return };
        let process = &slot.process;
        let asks_nothing = process.state() == State::Connected && process.pending() == 0;
        let server = process.server().filter(|_| asks_nothing && !slot.is_paused);
        let server = server.and_then(|id| self.servers.get(&id)?.process.as_ref());
        let image = server.map(|server| &server.database().image);
        let mut waiting = Vec::new();
        for (number, running) in recipes.running() {
            let waits = matches!(running.phase, Phase::Waits | Phase::Ends);
            let watches = running.standing().watches;
            let has_come = |watched: &&Path| {
                let kind = running.wanted.what.kind();
                waits && image.is_some_and(|image| has_come(image, kind, watched))
            };
            waiting.push((number, watches.iter().find(has_come).cloned()));
        }
        let (now, timeout_ms) = (self.now, process.timeout_ms());
        for (number, watched) in waiting {
            self.checker.use_waits((id, number), watched.as_ref(), now, timeout_ms);
        }
    }
}

/// Whether that for which a use of a recipe watches this path is so.
fn has_come(image: &Image, kind: RecipeKind, watched: &str) -> bool {
    let node = image.node(watched);
    let name = path::name(watched);
    match kind {
        RecipeKind::Semaphore(most) if name == "leases" => {
            node.is_some_and(|node| node.children.len() <= most as usize)
        }
        RecipeKind::DoubleBarrier(_) | RecipeKind::Gather(_) if name == "ready" => node.is_some(),
        RecipeKind::Lock
        | RecipeKind::HerdLock
        | RecipeKind::ReadWriteLock
        | RecipeKind::Semaphore(_)
        | RecipeKind::Election
        | RecipeKind::Barrier
        | RecipeKind::DoubleBarrier(_)
        | RecipeKind::Gather(_) => node.is_none(),
        RecipeKind::Queue => {
            let is_thing = |name: &std::rc::Rc<str>| name.contains("qn-");
            node.is_some_and(|node| node.children.iter().any(is_thing))
        }
        // Nobody waits for these to be had.
        RecipeKind::Group
        | RecipeKind::Config
        | RecipeKind::Naming
        | RecipeKind::Counter
        | RecipeKind::TwoPhaseCommit => false,
    }
}

//! Clients that follow one recipe while everything else goes wrong.
//!
//! All want the same at one path, over and over, each for a short time. Whatever happens to the
//! ensemble and to them, at the end, with everything whole, nobody that has a session waits any more.

use super::Swarm;
use crate::client::session::State;
use crate::recipe::{Ask, RecipeKind, Recipes, Resource, Terms, Use, What};
use crate::sim::action::Action;
use crate::sim::world::World;
use crate::txn::Path;
use crate::types::ClientId;
use std::rc::Rc;

/// Where they meet.
const PATH: &str = "/r";
/// How long, in milliseconds, a line may take to come to its end once everything is whole.
pub(super) const LINE_MS: u64 = 120_000;

/// Verbs that a swarm can be made of.
pub const VERBS: [&str; 20] = [
    "lock",
    "mutex",
    "herd-lock",
    "semaphore-mutex",
    "read-lock",
    "revocable-lock",
    "multi-lock",
    "semaphore",
    "elect",
    "latch",
    "await-barrier",
    "double-barrier",
    "gather",
    "take",
    "put",
    "join",
    "subscribe",
    "name",
    "count",
    "commit",
];

/// As a recipe: each of them in turn, by the seed.
pub const ALL: &str = "all";

/// The recipe of a seed.
pub(super) fn of_seed(recipe: &'static str, seed: u64) -> &'static str {
    if recipe == ALL { VERBS[(seed % VERBS.len() as u64) as usize] } else { recipe }
}

impl Swarm {
    /// Something that a client does about the recipe, or that happens to it.
    pub(super) fn recipe_move(&mut self, verb: &'static str) {
        let client = self.client();
        let is_paused = self.world.clients.get(&client).is_some_and(|slot| slot.is_paused);
        let is_over = self.world.clients.get(&client).is_none_or(|slot| {
            slot.has_vanished || matches!(slot.process.state(), State::Expired | State::Closed)
        });
        if is_over {
            let connect = self.connect(client.0);
            return self.act(connect);
        }
        if is_paused {
            return self.act(Action::ResumeClient(client));
        }
        match self.rng.below(16) {
            0 => self.act(Action::PauseClient(client)),
            1 => self.act(Action::Vanish(client)),
            2 => self.ask(client, Ask::Unlock(PATH.into())),
            3 if verb == "revocable-lock" => {
                self.want(client, What::Revoke, PATH.into(), Terms::default());
            }
            _ => {
                let running = self.world.clients.get(&client).and_then(|s| s.recipes.as_ref());
                let busy = running.map_or(0, |recipes| recipes.running().count());
                if busy < 3 {
                    let (what, path) = self.what(verb);
                    let hold_us = Some(1000 * u64::from(1 + self.rng.below(2000)));
                    let terms =
                        Terms { hold_us, resource: Some(Resource::Fenced), ..Terms::default() };
                    self.want(client, what, path, terms);
                }
            }
        }
    }

    fn want(&mut self, client: ClientId, what: What, path: Path, terms: Terms) {
        self.ask(client, Ask::Use(Rc::new(Use { what, path, terms })));
    }

    fn ask(&mut self, client: ClientId, ask: Ask) {
        let action = crate::lab::zkcli::recipes::action(client, ask);
        self.act(action);
    }

    /// How often that was asked for already.
    fn asked(&self, is_it: impl Fn(&What) -> bool) -> usize {
        let asks = self.actions.iter().filter_map(|(_, action)| match action {
            Action::Recipe { ask: Ask::Use(wanted), .. } => Some(wanted),
            _ => None,
        });
        asks.filter(|wanted| is_it(&wanted.what)).count()
    }

    /// What a client asks for, and where: most meet at one path over and over.
    fn what(&mut self, verb: &'static str) -> (What, Path) {
        let is_one = self.rng.below(2) == 0;
        let number = self.actions.len();
        match verb {
            // They gather once: other two gather elsewhere.
            "gather" => {
                let round = self.asked(|what| matches!(what, What::Gather(_))) / 2;
                (What::Gather(2), format!("{PATH}/g{round}").into())
            }
            "commit" => {
                let begun = self.asked(|what| matches!(what, What::Commit(_))) as u32;
                let sites: [Rc<str>; 2] = ["a".into(), "b".into()];
                if begun == 0 || self.rng.below(4) == 0 {
                    return (What::Commit(Rc::new(sites)), format!("{PATH}/t{begun}").into());
                }
                // Perhaps of one that nobody has begun. A site votes always the same.
                let transaction = self.rng.below(begun + 1);
                let site = self.rng.below(2);
                let is_commit = !(transaction + site).is_multiple_of(4);
                let site = sites[site as usize].clone();
                (What::Vote { site, is_commit }, format!("{PATH}/t{transaction}").into())
            }
            _ => (self.what_there(verb, is_one, number), PATH.into()),
        }
    }

    fn what_there(&mut self, verb: &'static str, is_one: bool, number: usize) -> What {
        match verb {
            "mutex" => What::Mutex,
            "herd-lock" => What::HerdLock,
            "semaphore-mutex" => What::SemaphoreMutex,
            "read-lock" if is_one => What::ReadLock,
            "read-lock" => What::WriteLock,
            "revocable-lock" => What::RevocableLock,
            "multi-lock" => What::MultiLock(Rc::from([Path::from("/r2"), Path::from("/r3")])),
            "semaphore" => What::Semaphore(2),
            "elect" => What::Elect,
            "latch" => What::Latch,
            "await-barrier" if is_one => What::AwaitBarrier,
            "await-barrier" if self.rng.below(2) == 0 => What::SetBarrier,
            "await-barrier" => What::LiftBarrier,
            "double-barrier" => What::DoubleBarrier(2),
            "take" if is_one => What::Take,
            "take" => What::Put { data: format!("item {number}").into(), priority: None },
            "put" if is_one => What::Take,
            "put" => {
                let priority = Some(self.rng.below(3) as u8);
                What::Put { data: format!("item {number}").into(), priority }
            }
            "join" if is_one => What::Join { name: format!("m{number}").into(), data: "".into() },
            "join" => What::Members,
            "subscribe" if is_one => What::Subscribe,
            "subscribe" => What::Publish(format!("version {number}").into()),
            "name" => What::Name,
            "count" => What::Count(1),
            _ => What::Lock,
        }
    }

    /// Nobody is paused any more.
    pub(super) fn wake_all(&mut self) {
        let paused = self.world.clients.iter().filter(|(_, slot)| slot.is_paused);
        for client in paused.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.act(Action::ResumeClient(client));
        }
    }
}

/// Who has a session and waits for what everybody holds for a short time only.
pub(super) fn waits(world: &World) -> Option<ClientId> {
    let connected = world.clients.iter().filter(|(_, slot)| {
        !slot.has_vanished && !slot.is_paused && slot.process.state() == State::Connected
    });
    let is_line = |recipes: &Recipes| {
        recipes.running().any(|(_, running)| match running.wanted.what.kind() {
            RecipeKind::Lock | RecipeKind::HerdLock | RecipeKind::Election => true,
            RecipeKind::Semaphore(_) | RecipeKind::ReadWriteLock | RecipeKind::Counter => true,
            RecipeKind::Naming => true,
            RecipeKind::Barrier
            | RecipeKind::DoubleBarrier(_)
            | RecipeKind::Gather(_)
            | RecipeKind::Queue
            | RecipeKind::Group
            | RecipeKind::Config
            | RecipeKind::TwoPhaseCommit => false,
        })
    };
    let mut waiting = connected.filter(|(_, slot)| slot.recipes.as_ref().is_some_and(is_line));
    waiting.next().map(|(id, _)| *id)
}

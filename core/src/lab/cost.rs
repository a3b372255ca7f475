//! What one release of a lock costs when so many clients want it: found by letting it happen, in a
//! world of its own.

use crate::client::session::Library;
use crate::lab::{Scenario, ScenarioError};
use crate::recipe::{Ask, Terms, Use, What};
use crate::sim::action::{Action, Contest};
use crate::sim::books::Counts;
use crate::sim::trace::Trace;
use crate::sim::world::World;
use crate::types::{ServerId, Time};
use std::rc::Rc;

/// How long each client holds, in microseconds: long enough for all others to come and wait.
const HOLD_US: u64 = 10_000_000;
/// How long, in microseconds, is waited for the second release.
const LONGEST_US: u64 = 120_000_000;
/// The session timeout of the clients, in milliseconds.
const TIMEOUT_MS: u32 = 30_000;
/// Where the lock is.
const PATH: &str = "/lock";

/// Three servers, and clients that all want one lock. What happens between the first release and
/// the second is what a release costs.
#[derive(Clone, Debug)]
pub struct ReleaseCost {
    world: World,
    /// What is wanted.
    pub what: What,
    /// How many want it.
    pub clients: u16,
}

impl ReleaseCost {
    /// Nothing has happened yet.
    ///
    /// # Errors
    /// Never: the scenario is sound.
    pub fn new(what: What, clients: u16) -> Result<ReleaseCost, ScenarioError> {
        // As many connections as there are clients.
        let config = vec![("maxClientCnxns".to_owned(), "0".to_owned())];
        let scenario = Scenario { config, ..Scenario::default() };
        let mut world = scenario.world()?;
        world.is_checked = false;
        let servers: Rc<[ServerId]> = (1..=scenario.participants).map(ServerId).collect();
        let terms = Terms { hold_us: Some(HOLD_US), ..Terms::default() };
        let wanted = Use { what: what.clone(), path: PATH.into(), terms };
        let contest = Contest {
            name: "c".into(),
            count: clients.clamp(2, Contest::MOST),
            servers: servers.clone(),
            timeout_ms: TIMEOUT_MS,
            library: Library::Java,
            ask: Ask::Use(Rc::new(wanted)),
        };
        world.act(&Action::Start(servers), &mut Trace::default());
        world.act(&Action::Contend(contest), &mut Trace::default());
        Ok(ReleaseCost { world, what, clients })
    }

    /// Lets at most so many events happen. Answers with the cost once it is known, and with nothing
    /// in it if there was no second release.
    pub fn go_on(&mut self, most_events: u32) -> Option<Option<Counts>> {
        // Nobody will look at what happened.
        let mut trace = Trace::default();
        for _ in 0..most_events {
            let book = self.world.books.get(PATH);
            if let Some(book) = book.filter(|book| 2 <= book.tally.releases) {
                return Some(Some(book.tally.last_release));
            }
            if !self.world.step(Time(LONGEST_US), &mut trace) {
                return Some(None);
            }
        }
        None
    }
}

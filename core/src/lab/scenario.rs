//! A scenario: the ensemble, its settings, and a seed.

use crate::config::{Config, ConfigError, Ensemble};
use crate::mistake::Mistakes;
use crate::sim::world::{Delays, World};
use std::fmt;

/// The most members an ensemble may have here.
pub const MOST_SERVERS: u8 = 99;

/// What a run starts from. The same scenario and the same actions make the same run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Scenario {
    /// Voters: servers `1..=participants`.
    pub participants: u8,
    /// Observers: the servers after them.
    pub observers: u8,
    /// Decides what is left to chance.
    pub seed: u64,
    /// Keys of zoo.cfg and system properties, with their values, in the order given.
    pub config: Vec<(String, String)>,
    /// What the protocol does wrong on purpose.
    pub mistakes: Mistakes,
}

impl Default for Scenario {
    fn default() -> Scenario {
        Scenario {
            participants: 3,
            observers: 0,
            seed: 1,
            config: Vec::new(),
            mistakes: Mistakes::NONE,
        }
    }
}

/// A scenario that cannot be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ScenarioError {
    /// No server can vote.
    NoParticipants,
    /// More servers than can be shown.
    TooManyServers {
        /// How many were asked for.
        asked: u16,
    },
    /// A setting.
    Config(ConfigError),
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScenarioError::NoParticipants => f.write_str("an ensemble needs a participant"),
            ScenarioError::TooManyServers { asked } => {
                write!(f, "{asked} servers asked for, at most {MOST_SERVERS} are possible")
            }
            ScenarioError::Config(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ScenarioError {}

impl Scenario {
    /// The world it begins with: servers exist, none runs.
    ///
    /// # Errors
    /// If there are no participants, too many servers, or a setting that cannot be.
    pub fn world(&self) -> Result<World, ScenarioError> {
        let asked = u16::from(self.participants) + u16::from(self.observers);
        if self.participants == 0 {
            return Err(ScenarioError::NoParticipants);
        }
        if u16::from(MOST_SERVERS) < asked {
            return Err(ScenarioError::TooManyServers { asked });
        }
        let mut config = Config { mistakes: self.mistakes, ..Config::default() };
        for (key, value) in &self.config {
            config.set(key, value).map_err(ScenarioError::Config)?;
        }
        let ensemble = Ensemble::new(self.participants, self.observers);
        Ok(World::new(ensemble, config, Delays::default(), self.seed))
    }
}

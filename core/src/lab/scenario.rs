//! A scenario: the ensemble, its settings, and a seed.

use crate::config::text::{Lines, clash};
use crate::config::{Config, ConfigError, Ensemble, Member, MembershipError, Role};
use crate::mistake::Mistakes;
use crate::sim::world::{Delays, World};
use crate::types::ServerId;
use std::fmt;
use std::rc::Rc;

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
    /// Servers about which more is to be said than these two numbers: other roles, groups, weights,
    /// and those that are there but no members yet. A line about one of the numbers above replaces
    /// what they say.
    pub servers: Vec<ServerLine>,
}

/// `server 4 observer group 2 weight 1`, or `server 6 joins`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ServerLine {
    /// Its `myid`.
    pub id: u8,
    /// Its role; of one that joins, the role its own configuration file gives it.
    pub role: Role,
    /// Its group of a hierarchical quorum.
    pub group: Option<u8>,
    /// Its weight there; 1 if not told.
    pub weight: Option<u32>,
    /// Whether it is no member of the ensemble at first: it is started with a configuration file
    /// that names itself and the ensemble, and waits for a reconfiguration to add it. Needs
    /// `reconfigEnabled`.
    pub joins: bool,
}

impl Default for Scenario {
    fn default() -> Scenario {
        Scenario {
            participants: 3,
            observers: 0,
            seed: 1,
            config: Vec::new(),
            mistakes: Mistakes::NONE,
            servers: Vec::new(),
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
    /// The servers, groups and weights do not fit together.
    Membership(MembershipError),
    /// A server number that cannot be.
    NoSuchNumber(u8),
    /// Two lines about one server.
    Twice(ServerId),
    /// A server can join only where reconfiguration is enabled.
    CannotJoin(ServerId),
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScenarioError::NoParticipants => f.write_str("an ensemble needs a participant"),
            ScenarioError::TooManyServers { asked } => {
                write!(f, "{asked} servers asked for, at most {MOST_SERVERS} are possible")
            }
            ScenarioError::Config(error) => error.fmt(f),
            ScenarioError::Membership(error) => error.fmt(f),
            ScenarioError::NoSuchNumber(id) => {
                write!(f, "server {id}: numbers go from 1 to {MOST_SERVERS}")
            }
            ScenarioError::Twice(id) => write!(f, "server {}: there are two lines about it", id.0),
            ScenarioError::CannotJoin(id) => {
                write!(f, "server {} joins: that needs reconfigEnabled=true", id.0)
            }
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
        if u16::from(MOST_SERVERS) < asked {
            return Err(ScenarioError::TooManyServers { asked });
        }
        let mut config = Config { mistakes: self.mistakes, ..Config::default() };
        for (key, value) in &self.config {
            config.set(key, value).map_err(ScenarioError::Config)?;
        }
        let ensemble = self.ensemble(&config)?;
        if ensemble.voters().next().is_none() {
            return Err(ScenarioError::NoParticipants);
        }
        let mut world = World::new(ensemble, config, Delays::default(), self.seed);
        for line in self.servers.iter().filter(|line| line.joins) {
            let id = ServerId(line.id);
            if !world.config.is_reconfig_enabled {
                return Err(ScenarioError::CannotJoin(id));
            }
            let initial = world.joiner_config(id, line.role);
            world.place_server(id, Rc::new(initial));
        }
        Ok(world)
    }

    /// The members at first: the two numbers, then the lines, then `server.N`, `group.N` and
    /// `weight.N` of the settings.
    fn ensemble(&self, config: &Config) -> Result<Ensemble, ScenarioError> {
        let mut ensemble = Ensemble::new(self.participants, self.observers);
        let mut told = Vec::new();
        for line in &self.servers {
            if !(1..=MOST_SERVERS).contains(&line.id) {
                return Err(ScenarioError::NoSuchNumber(line.id));
            }
            let id = ServerId(line.id);
            if told.contains(&id) {
                return Err(ScenarioError::Twice(id));
            }
            told.push(id);
            if line.joins {
                ensemble.members.remove(&id);
                continue;
            }
            let (group, weight) = (line.group, line.weight);
            ensemble.is_hierarchical |= group.is_some() || weight.is_some();
            ensemble.members.insert(id, Member { group, weight, ..Member::new(id, line.role) });
        }
        let mut lines = Lines::of(&ensemble);
        for (key, value) in &config.membership {
            lines.add(key, value).map_err(ScenarioError::Membership)?;
        }
        let ensemble = lines.ensemble().map_err(ScenarioError::Membership)?;
        let asked = ensemble.members.len() as u16;
        if u16::from(MOST_SERVERS) < asked {
            return Err(ScenarioError::TooManyServers { asked });
        }
        let number = ensemble.members.keys().find(|id| !(1..=MOST_SERVERS).contains(&id.0));
        match (number, clash(&ensemble)) {
            (Some(id), _) => Err(ScenarioError::NoSuchNumber(id.0)),
            (None, Some(error)) => Err(ScenarioError::Membership(error)),
            (None, None) => Ok(ensemble),
        }
    }

    /// The servers that there are at first, in ascending order; none if the scenario cannot be.
    pub fn server_ids(&self) -> Vec<ServerId> {
        self.world().map(|world| world.servers.into_keys().collect()).unwrap_or_default()
    }
}

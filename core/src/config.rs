//! The ensemble's members and the settings of zoo.cfg, under ZooKeeper's own names and defaults.

use crate::types::{ServerId, Zxid};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a member is for: the role in its `server.N=` line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Votes in elections and on proposals.
    Participant,
    /// Learns what is committed, and serves clients.
    Observer,
}

/// One member of the ensemble.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Member {
    /// Its role.
    pub role: Role,
    /// Its group of a hierarchical quorum, if there are groups.
    pub group: Option<u8>,
    /// Its weight there.
    pub weight: u32,
}

/// Who belongs to the ensemble: `QuorumVerifier`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ensemble {
    /// By id.
    pub members: BTreeMap<ServerId, Member>,
    /// The zxid of the reconfiguration that made it.
    pub version: Zxid,
}

impl Ensemble {
    /// Participants `1..=participants`, then observers.
    pub fn new(participants: u8, observers: u8) -> Ensemble {
        let members = (1..=participants.saturating_add(observers))
            .map(|id| {
                let role = if id <= participants { Role::Participant } else { Role::Observer };
                (ServerId(id), Member { role, group: None, weight: 1 })
            })
            .collect();
        Ensemble { members, version: Zxid::ZERO }
    }

    /// Whether the server has a vote.
    pub fn is_voter(&self, id: ServerId) -> bool {
        self.members.get(&id).is_some_and(|member| member.role == Role::Participant)
    }

    /// Whether the server is an observer.
    pub fn is_observer(&self, id: ServerId) -> bool {
        self.members.get(&id).is_some_and(|member| member.role == Role::Observer)
    }

    /// All voters, in ascending order.
    pub fn voters(&self) -> impl Iterator<Item = ServerId> + '_ {
        self.members.keys().copied().filter(|id| self.is_voter(*id))
    }

    /// Whether a candidate may win: weight 0 never does (`totalOrderPredicate`).
    pub fn may_win(&self, id: ServerId) -> bool {
        self.members.get(&id).is_some_and(|member| 0 < member.weight)
    }

    /// Whether these servers are a quorum: `QuorumMaj.containsQuorum`, or, if members have groups,
    /// `QuorumHierarchical.containsQuorum`. Those without a vote do not count.
    pub fn is_quorum(&self, servers: &BTreeSet<ServerId>) -> bool {
        if self.members.values().any(|member| member.group.is_some()) {
            return self.is_hierarchical_quorum(servers);
        }
        let votes = servers.iter().filter(|id| self.is_voter(**id)).count();
        self.voters().count() / 2 < votes
    }

    fn is_hierarchical_quorum(&self, servers: &BTreeSet<ServerId>) -> bool {
        let mut groups: BTreeMap<u8, (u32, u32)> = BTreeMap::new();
        for (id, member) in &self.members {
            if member.role == Role::Observer {
                continue;
            }
            let (total, present) = groups.entry(member.group.unwrap_or(0)).or_default();
            *total += member.weight;
            *present += if servers.contains(id) { member.weight } else { 0 };
        }
        let weighty: Vec<_> = groups.values().filter(|(total, _)| 0 < *total).collect();
        let won = weighty.iter().filter(|(total, present)| total / 2 < *present).count();
        weighty.len() / 2 < won
    }

    /// How many voters a majority needs. For hierarchical quorums only a hint.
    pub fn majority(&self) -> usize {
        self.voters().count() / 2 + 1
    }

    /// The text of `/zookeeper/config`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (id, member) in &self.members {
            let role = match member.role {
                Role::Participant => "participant",
                Role::Observer => "observer",
            };
            let id = id.0;
            text += &format!("server.{id}=s{id}:2888:3888:{role};2181\n");
        }
        text + &format!("version={:x}", self.version.0)
    }
}

/// The settings of zoo.cfg and the system properties that have an effect here.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Config {
    /// The basic unit of time, in milliseconds.
    pub tick_time_ms: u64,
    /// Ticks that joining may take.
    pub init_limit: u32,
    /// Ticks that a member may lag.
    pub sync_limit: u32,
    /// The shortest session timeout granted; `None` is twice the tick.
    pub min_session_timeout_ms: Option<u64>,
    /// The longest; `None` is twenty ticks.
    pub max_session_timeout_ms: Option<u64>,
    /// Transactions between snapshots, on average three quarters of it.
    pub snap_count: u32,
    /// Committed transactions kept in memory. Never fewer than 500.
    pub commit_log_count: u32,
    /// Thousandths of the last snapshot's size that a log sent from disk may have; negative for
    /// never. (`snapshotSizeFactor` 0.33 in ZooKeeper: no floats in `core`.)
    pub snapshot_size_permille: i64,
    /// What log files are padded to, in bytes.
    pub prealloc_bytes: u64,
    /// FLE's first wait, in milliseconds.
    pub min_notification_interval_ms: u64,
    /// FLE's longest wait, in milliseconds.
    pub max_notification_interval_ms: u64,
    /// Whether TTL znodes exist.
    pub are_extended_types_enabled: bool,
    /// Milliseconds between two rounds of the container manager.
    pub container_check_interval_ms: u64,
    /// Milliseconds after which a container that never had a child goes; 0 for never.
    pub container_max_never_used_ms: u64,
    /// Whether hard quotas refuse.
    pub is_quota_enforced: bool,
    /// Whether ACLs are ignored.
    pub skip_acl: bool,
    /// Whether the leader accepts clients.
    pub leader_serves: bool,
    /// The digest of the super user.
    pub super_digest: Option<String>,
}

impl Default for Config {
    /// ZooKeeper's defaults, and those of its sample file for what it requires.
    fn default() -> Config {
        Config {
            tick_time_ms: 2000,
            init_limit: 10,
            sync_limit: 5,
            min_session_timeout_ms: None,
            max_session_timeout_ms: None,
            snap_count: 100_000,
            commit_log_count: 500,
            snapshot_size_permille: 330,
            prealloc_bytes: 65_536 * 1024,
            min_notification_interval_ms: 200,
            max_notification_interval_ms: 60_000,
            are_extended_types_enabled: false,
            container_check_interval_ms: 60_000,
            container_max_never_used_ms: 0,
            is_quota_enforced: false,
            skip_acl: false,
            leader_serves: true,
            super_digest: None,
        }
    }
}

/// A setting that cannot be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConfigError {
    /// No such key has an effect here.
    UnknownKey(String),
    /// The key exists, the value does not fit.
    BadValue {
        /// Which key.
        key: String,
        /// What was given.
        value: String,
        /// What would fit.
        expected: &'static str,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::UnknownKey(key) => write!(f, "{key}: no such setting has an effect here"),
            ConfigError::BadValue { key, value, expected } => {
                write!(f, "{key}: expected {expected}, found {value:?}")
            }
        }
    }
}

impl std::error::Error for ConfigError {}

/// The fewest committed transactions kept in memory, whatever is asked for (`ZKDatabase`).
const COMMIT_LOG_FLOOR: u32 = 500;

impl Config {
    /// Sets one key of zoo.cfg or one system property, with or without its `zookeeper.` prefix.
    ///
    /// # Errors
    /// If the key has no effect here or the value does not fit.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), ConfigError> {
        let name = key.strip_prefix("zookeeper.").unwrap_or(key);
        match name {
            "tickTime" => self.tick_time_ms = number(key, value, 1..=3_600_000)?,
            "initLimit" => self.init_limit = number(key, value, 1..=100_000)? as u32,
            "syncLimit" => self.sync_limit = number(key, value, 1..=100_000)? as u32,
            "minSessionTimeout" => {
                self.min_session_timeout_ms = Some(number(key, value, 1..=1_000_000_000)?);
            }
            "maxSessionTimeout" => {
                self.max_session_timeout_ms = Some(number(key, value, 1..=1_000_000_000)?);
            }
            "snapCount" => self.snap_count = number(key, value, 2..=1_000_000_000)? as u32,
            "commitLogCount" => {
                let count = number(key, value, 0..=1_000_000_000)? as u32;
                self.commit_log_count = count.max(COMMIT_LOG_FLOOR);
            }
            "snapshotSizeFactor" => {
                let permille = permille(key, value)?;
                // More than 1 is taken for a mistake (`ZKDatabase`).
                let is_sensible = permille <= 1000;
                self.snapshot_size_permille =
                    if is_sensible { permille } else { Config::default().snapshot_size_permille };
            }
            "preAllocSize" => self.prealloc_bytes = number(key, value, 1..=4_000_000)? * 1024,
            "fastleader.minNotificationInterval" => {
                self.min_notification_interval_ms = number(key, value, 1..=3_600_000)?;
            }
            "fastleader.maxNotificationInterval" => {
                self.max_notification_interval_ms = number(key, value, 1..=3_600_000)?;
            }
            "extendedTypesEnabled" => self.are_extended_types_enabled = boolean(key, value)?,
            "znode.container.checkIntervalMs" => {
                self.container_check_interval_ms = number(key, value, 1..=1_000_000_000)?;
            }
            "znode.container.maxNeverUsedIntervalMs" => {
                self.container_max_never_used_ms = number(key, value, 0..=1_000_000_000_000)?;
            }
            "enforceQuota" => self.is_quota_enforced = boolean(key, value)?,
            "skipACL" => self.skip_acl = value == "yes",
            "leaderServes" => self.leader_serves = value != "no",
            "DigestAuthenticationProvider.superDigest" => {
                self.super_digest = Some(value.to_owned());
            }
            _ => return Err(ConfigError::UnknownKey(key.to_owned())),
        }
        Ok(())
    }

    /// What a client asking for this session timeout gets (`ZooKeeperServer`).
    pub fn negotiate_timeout(&self, asked_ms: u32) -> u32 {
        let least = self.min_session_timeout_ms.unwrap_or(2 * self.tick_time_ms);
        let most = self.max_session_timeout_ms.unwrap_or(20 * self.tick_time_ms).max(least);
        u64::from(asked_ms).clamp(least, most) as u32
    }

    /// `initLimit` in milliseconds.
    pub fn init_limit_ms(&self) -> u64 {
        u64::from(self.init_limit) * self.tick_time_ms
    }

    /// `syncLimit` in milliseconds.
    pub fn sync_limit_ms(&self) -> u64 {
        u64::from(self.sync_limit) * self.tick_time_ms
    }
}

fn number(
    key: &str,
    value: &str,
    range: std::ops::RangeInclusive<u64>,
) -> Result<u64, ConfigError> {
    match value.trim().parse::<u64>() {
        Ok(number) if range.contains(&number) => Ok(number),
        Ok(_) | Err(_) => Err(bad(key, value, "a whole number within the setting's range")),
    }
}

fn boolean(key: &str, value: &str) -> Result<bool, ConfigError> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(bad(key, value, "true or false")),
    }
}

/// `0.33` → 330. At most three decimals count; no float is involved.
fn permille(key: &str, value: &str) -> Result<i64, ConfigError> {
    let wrong = || bad(key, value, "a decimal number such as 0.33, or -1 for never");
    if value.trim_start().starts_with('-') {
        return value.trim().parse::<i64>().map(|_| -1).map_err(|_| wrong());
    }
    let (whole, fraction) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    let fraction: i64 = digits.parse().map_err(|_| wrong())?;
    whole.checked_mul(1000).and_then(|whole| whole.checked_add(fraction)).ok_or_else(wrong)
}

fn bad(key: &str, value: &str, expected: &'static str) -> ConfigError {
    ConfigError::BadValue { key: key.to_owned(), value: value.to_owned(), expected }
}

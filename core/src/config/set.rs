//! What a key of zoo.cfg and its value do: `QuorumPeerConfig.parseProperties`.

use super::{Config, Role, keys, text};
use std::fmt;

/// A setting that cannot be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConfigError {
    /// ZooKeeper has no such key.
    UnknownKey {
        /// What was given.
        key: String,
        /// The nearest that there is, if one is near.
        nearest: Option<&'static str>,
    },
    /// ZooKeeper has the key; in the lab it changes nothing.
    NoEffect {
        /// What was given.
        key: String,
    },
    /// The key exists, the value does not fit.
    BadValue {
        /// Which key.
        key: String,
        /// What was given.
        value: String,
        /// What would fit.
        expected: String,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigError::UnknownKey { key, nearest: None } => write!(f, "{key}: no such setting"),
            ConfigError::UnknownKey { key, nearest: Some(nearest) } => {
                write!(f, "{key}: no such setting; did you mean {nearest}?")
            }
            ConfigError::NoEffect { key } => write!(f, "{key}: has no effect in the lab"),
            ConfigError::BadValue { key, value, expected } => {
                write!(f, "{key}: expected {expected}, found {value:?}")
            }
        }
    }
}

impl std::error::Error for ConfigError {}

/// The fewest committed transactions kept in memory, whatever is asked for (`ZKDatabase`).
const COMMIT_LOG_FLOOR: u32 = 500;

/// The fewest snapshots that a purge keeps, whatever is asked for (`QuorumPeerConfig`).
const SNAP_RETAIN_FLOOR: u32 = 3;

impl Config {
    /// Sets one key of zoo.cfg or one system property, with or without its `zookeeper.` prefix.
    ///
    /// # Errors
    /// If there is no such key, it has no effect here, or the value does not fit.
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
            "snapSizeLimitInKb" => self.snap_size_limit_bytes = kilobytes(key, value)?,
            "txnLogSizeLimitInKb" => self.txn_log_size_limit_bytes = kilobytes(key, value)?,
            "forceSync" => self.is_sync_forced = yes_no(key, value)?,
            "flushDelay" => self.flush_delay_ms = number(key, value, 0..=3_600_000)?,
            "maxWriteQueuePollTime" => {
                self.max_write_queue_poll_ms = Some(number(key, value, 0..=3_600_000)?);
            }
            "maxBatchSize" => self.max_batch_size = number(key, value, 0..=1_000_000_000)? as u32,
            "fsync.warningthresholdms" => {
                self.fsync_warning_threshold_ms = number(key, value, 0..=3_600_000)?;
            }
            "autopurge.snapRetainCount" => {
                let count = number(key, value, 0..=1_000_000)? as u32;
                self.snap_retain_count = count.max(SNAP_RETAIN_FLOOR);
            }
            "autopurge.purgeInterval" => {
                self.purge_interval_hours = number(key, value, 0..=100_000)?;
            }
            "db.autocreate" => self.is_db_created = boolean(key, value)?,
            "snapshot.trust.empty" => self.is_empty_snapshot_trusted = boolean(key, value)?,
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
            "znode.container.maxPerMinute" => {
                self.container_max_per_minute = number(key, value, 1..=60_000)? as u32;
            }
            "localSessionsEnabled" => self.are_local_sessions_enabled = boolean(key, value)?,
            "localSessionsUpgradingEnabled" => {
                self.is_local_upgrade_enabled = boolean(key, value)?;
            }
            "readonlymode.enabled" => self.is_read_only_mode_enabled = boolean(key, value)?,
            "maxClientCnxns" => {
                self.max_client_cnxns = number(key, value, 0..=1_000_000)? as u32;
            }
            "maxCnxns" => self.max_cnxns = number(key, value, 0..=1_000_000)? as u32,
            "globalOutstandingLimit" => {
                self.global_outstanding_limit = number(key, value, 0..=1_000_000_000)? as u32;
            }
            "syncEnabled" => self.is_observer_sync_enabled = boolean(key, value)?,
            "connectToLearnerMasterLimit" => {
                self.connect_to_learner_master_limit = number(key, value, 0..=100_000)? as u32;
            }
            "leader.maxConcurrentSnapSyncs" => {
                self.max_concurrent_snap_syncs = number(key, value, 1..=1_000_000)? as u32;
            }
            "leader.maxConcurrentDiffSyncs" => {
                self.max_concurrent_diff_syncs = number(key, value, 1..=1_000_000)? as u32;
            }
            "jute.maxbuffer" => {
                self.jute_max_buffer = number(key, value, 100..=0x7fff_ffff)? as u32;
            }
            "enforceQuota" => self.is_quota_enforced = boolean(key, value)?,
            "skipACL" => self.skip_acl = yes_no(key, value)?,
            "leaderServes" => self.leader_serves = yes_no(key, value)?,
            "DigestAuthenticationProvider.superDigest" => {
                self.super_digest = Some(value.to_owned());
            }
            "peerType" => {
                let roles = [Role::Participant, Role::Observer];
                let role = roles.into_iter().find(|role| value.eq_ignore_ascii_case(role.name()));
                self.peer_type = role.ok_or_else(|| bad(key, value, "participant or observer"))?;
            }
            "reconfigEnabled" => self.is_reconfig_enabled = boolean(key, value)?,
            "standaloneEnabled" => self.is_standalone_enabled = boolean(key, value)?,
            "testingonly.initialZxid" => {
                self.initial_counter = number(key, value, 0..=u64::from(u32::MAX) - 1)? as u32;
            }
            line if is_membership(line) && keys::find(line).is_some() => {
                let wrong = |error: text::MembershipError| bad(key, value, &error.to_string());
                text::Lines::default().add(line, value).map_err(wrong)?;
                self.membership.push((line.to_owned(), value.to_owned()));
            }
            other => {
                let key = key.to_owned();
                return Err(match keys::find(other) {
                    Some(_) => ConfigError::NoEffect { key },
                    None => ConfigError::UnknownKey { key, nearest: keys::nearest(other) },
                });
            }
        }
        Ok(())
    }
}

fn is_membership(key: &str) -> bool {
    ["server.", "group.", "weight."].iter().any(|kind| key.starts_with(kind))
}

fn number(
    key: &str,
    value: &str,
    range: std::ops::RangeInclusive<u64>,
) -> Result<u64, ConfigError> {
    match value.trim().parse::<u64>() {
        Ok(number) if range.contains(&number) => Ok(number),
        Ok(_) | Err(_) => {
            let (least, most) = (range.start(), range.end());
            Err(bad(key, value, &format!("a whole number from {least} to {most}")))
        }
    }
}

/// A size in units of 1024 bytes, as bytes; a negative one means no limit.
fn kilobytes(key: &str, value: &str) -> Result<u64, ConfigError> {
    match value.trim().parse::<i64>() {
        Ok(size) if size <= 1_000_000_000_000 => Ok(size.max(0) as u64 * 1024),
        Ok(_) | Err(_) => {
            Err(bad(key, value, "a whole number up to 1000000000000, or -1 for no limit"))
        }
    }
}

fn boolean(key: &str, value: &str) -> Result<bool, ConfigError> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(bad(key, value, "true or false")),
    }
}

fn yes_no(key: &str, value: &str) -> Result<bool, ConfigError> {
    match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(bad(key, value, "yes or no")),
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

fn bad(key: &str, value: &str, expected: &str) -> ConfigError {
    let (key, value, expected) = (key.to_owned(), value.to_owned(), expected.to_owned());
    ConfigError::BadValue { key, value, expected }
}

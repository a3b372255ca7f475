//! The ensemble's members and the settings of zoo.cfg, under ZooKeeper's own names and defaults.
//!
//! - [`ensemble`]: members, votes and quorums (`QuorumVerifier`),
//! - [`text`]: how they are written down (`/zookeeper/config`, `server.N=`),
//! - [`keys`]: every key there is, with its default, its unit, and whether it has an effect here,
//! - [`set`]: what a key and a value do (`QuorumPeerConfig.parseProperties`).

pub mod ensemble;
pub mod keys;
pub mod set;
pub mod text;

pub use ensemble::{Ensemble, Member, Role, Views};
pub use keys::{KEYS, Key, Unit, near};
pub use set::ConfigError;
pub use text::MembershipError;

use crate::mistake::Mistakes;

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
    /// Bytes of log between snapshots, on average three quarters of it; 0 for no such limit.
    pub snap_size_limit_bytes: u64,
    /// Bytes after which a new log file is begun; 0 for no such limit.
    pub txn_log_size_limit_bytes: u64,
    /// Whether transactions are fsynced before they are acknowledged.
    pub is_sync_forced: bool,
    /// Milliseconds that a logged transaction may wait for others before the fsync.
    pub flush_delay_ms: u64,
    /// Milliseconds without a new transaction after which the fsync comes all the same; `None` is a
    /// third of `flushDelay`.
    pub max_write_queue_poll_ms: Option<u64>,
    /// The most transactions one fsync covers; 0 for no such limit.
    pub max_batch_size: u32,
    /// Milliseconds above which an fsync is reported as slow.
    pub fsync_warning_threshold_ms: u64,
    /// Snapshots that a purge keeps. Never fewer than 3.
    pub snap_retain_count: u32,
    /// Hours between purges; 0 for never.
    pub purge_interval_hours: u64,
    /// Whether a server with an empty data directory takes part in elections at once.
    pub is_db_created: bool,
    /// Whether a log without a snapshot is taken for a whole history.
    pub is_empty_snapshot_trusted: bool,
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
    /// The most deletions of the container manager in a minute.
    pub container_max_per_minute: u32,
    /// Whether the leader accepts clients.
    pub leader_serves: bool,
    /// Whether new sessions are local to their server.
    pub are_local_sessions_enabled: bool,
    /// Whether a local session becomes a global one when it creates an ephemeral znode.
    pub is_local_upgrade_enabled: bool,
    /// Whether a server that finds no quorum serves reads.
    pub is_read_only_mode_enabled: bool,
    /// The most connections from one address; 0 for any number.
    pub max_client_cnxns: u32,
    /// The most connections altogether; 0 for any number.
    pub max_cnxns: u32,
    /// Requests in process, over the whole ensemble, above which servers stop reading.
    pub global_outstanding_limit: u32,
    /// Whether observers log what they learn.
    pub is_observer_sync_enabled: bool,
    /// Ticks that a learner tries to connect to its leader; 0 for `initLimit`.
    pub connect_to_learner_master_limit: u32,
    /// Observers that may be sent a snapshot at once.
    pub max_concurrent_snap_syncs: u32,
    /// Observers that may be sent a DIFF or TRUNC at once.
    pub max_concurrent_diff_syncs: u32,
    /// The largest request, in bytes.
    pub jute_max_buffer: u32,
    /// The digest of the super user.
    pub super_digest: Option<String>,
    /// What the protocol does wrong on purpose. No key of zoo.cfg: scenarios say it.
    pub mistakes: Mistakes,
    /// What every server's own configuration says that it is (`peerType`). The list of servers
    /// counts: where the two differ there is a warning.
    pub peer_type: Role,
    /// Whether the ensemble may be reconfigured while it runs.
    pub is_reconfig_enabled: bool,
    /// Whether one participant alone is a standalone server, which cannot be reconfigured, and an
    /// ensemble may not shrink to it.
    pub is_standalone_enabled: bool,
    /// What a leader's counter begins at instead of 0, to see it roll over
    /// (`zookeeper.testingonly.initialZxid`).
    pub initial_counter: u32,
    /// `server.N`, `group.N` and `weight.N`: lines of the membership, in the order given.
    pub membership: Vec<(String, String)>,
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
            snap_size_limit_bytes: 4_194_304 * 1024,
            txn_log_size_limit_bytes: 0,
            is_sync_forced: true,
            flush_delay_ms: 0,
            max_write_queue_poll_ms: None,
            max_batch_size: 1000,
            fsync_warning_threshold_ms: 1000,
            snap_retain_count: 3,
            purge_interval_hours: 0,
            is_db_created: true,
            is_empty_snapshot_trusted: false,
            min_notification_interval_ms: 200,
            max_notification_interval_ms: 60_000,
            are_extended_types_enabled: false,
            container_check_interval_ms: 60_000,
            container_max_never_used_ms: 0,
            is_quota_enforced: false,
            skip_acl: false,
            container_max_per_minute: 10_000,
            leader_serves: true,
            are_local_sessions_enabled: false,
            is_local_upgrade_enabled: false,
            is_read_only_mode_enabled: false,
            max_client_cnxns: 60,
            max_cnxns: 0,
            global_outstanding_limit: 1000,
            is_observer_sync_enabled: true,
            connect_to_learner_master_limit: 0,
            max_concurrent_snap_syncs: 10,
            max_concurrent_diff_syncs: 100,
            jute_max_buffer: 0xf_ffff,
            super_digest: None,
            mistakes: Mistakes::NONE,
            peer_type: Role::Participant,
            is_reconfig_enabled: false,
            is_standalone_enabled: true,
            initial_counter: 0,
            membership: Vec::new(),
        }
    }
}

impl Config {
    /// What a client asking for this session timeout gets (`ZooKeeperServer`).
    pub fn negotiate_timeout(&self, asked_ms: u32) -> u32 {
        let least = self.min_session_timeout_ms.unwrap_or(2 * self.tick_time_ms);
        let most = self.max_session_timeout_ms.unwrap_or(20 * self.tick_time_ms).max(least);
        u64::from(asked_ms).clamp(least, most) as u32
    }

    /// How long a learner tries to connect to its leader, in milliseconds.
    pub fn connect_limit_ms(&self) -> u64 {
        match self.connect_to_learner_master_limit {
            0 => self.init_limit_ms(),
            ticks => u64::from(ticks) * self.tick_time_ms,
        }
    }

    /// How long the log's writer waits for another transaction before it flushes, in milliseconds.
    pub fn write_queue_poll_ms(&self) -> u64 {
        self.max_write_queue_poll_ms.unwrap_or(self.flush_delay_ms / 3)
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

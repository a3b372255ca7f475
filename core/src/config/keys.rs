//! Every key of zoo.cfg and every system property of ZooKeeper 3.8 that a configuration may name,
//! with its default, its unit, and whether it has an effect in the lab.
//!
//! A key with an effect is set by [`super::Config::set`]. A key without one concerns what the lab
//! does not have: threads, sockets, TLS, SASL, metrics, HTTP.

use Unit::{
    Bytes, Count, Fraction, Hours, Kilobytes, Milliseconds, Seconds, Text, Ticks, TrueFalse, YesNo,
};

/// What a value is a number of, or which values there are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Hours.
    Hours,
    /// Multiples of `tickTime`.
    Ticks,
    /// Bytes.
    Bytes,
    /// Units of 1024 bytes.
    Kilobytes,
    /// How many of something.
    Count,
    /// A part of one.
    Fraction,
    /// `true` or `false`.
    TrueFalse,
    /// `yes` or `no`.
    YesNo,
    /// A name, a path, an address or another text.
    Text,
}

/// One key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// As in zoo.cfg. `.N` at its end stands for any number.
    pub name: &'static str,
    /// What holds if it is not set; empty for nothing.
    pub default: &'static str,
    /// What its value is.
    pub unit: Unit,
    /// Whether setting it changes anything in the lab.
    pub has_effect: bool,
}

impl Key {
    /// Whether a name, without `zookeeper.` before it, means this key.
    pub fn is_named(&self, name: &str) -> bool {
        match self.name.strip_suffix('N') {
            Some(prefix) if prefix.ends_with('.') => {
                name.strip_prefix(prefix).is_some_and(|rest| {
                    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
                })
            }
            Some(_) | None => self.name == name,
        }
    }
}

/// The key of that name, with or without `zookeeper.` before it.
pub fn find(name: &str) -> Option<&'static Key> {
    let name = name.strip_prefix("zookeeper.").unwrap_or(name);
    KEYS.iter().find(|key| key.is_named(name))
}

/// The key nearest to one that does not exist, if any is near.
pub fn nearest(name: &str) -> Option<&'static str> {
    let name = name.strip_prefix("zookeeper.").unwrap_or(name);
    near(name, KEYS.iter().map(|key| key.name))
}

/// The known word nearest to one that is not known, if any is near: a third of its letters may
/// differ. Capitals do not count. Words whose length alone is too different are not compared.
pub fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if 64 < name.len() {
        return None;
    }
    let letters: Vec<char> = name.to_ascii_lowercase().chars().collect();
    let most = name.len() / 3;
    let mut row = Vec::new();
    let distances =
        known.filter_map(|word| Some((distance(&letters, word, most, &mut row)?, word)));
    distances.min().map(|(_, word)| word)
}

/// How many letters must be put in, taken out or replaced to make one of the other (Levenshtein);
/// `None` if more than `most`. `one` is in small letters, `row` is space to be used again.
fn distance(one: &[char], word: &str, most: usize, row: &mut Vec<usize>) -> Option<usize> {
    let len = word.chars().count();
    if most < len.abs_diff(one.len()) {
        return None;
    }
    row.clear();
    row.extend(0..=len);
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        let mut least = row[0];
        for (j, b) in word.chars().enumerate() {
            let replaced = diagonal + usize::from(*a != b.to_ascii_lowercase());
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
            least = least.min(row[j + 1]);
        }
        // It only grows from row to row.
        if most < least {
            return None;
        }
    }
    Some(row[len]).filter(|distance| *distance <= most)
}

const fn works(name: &'static str, default: &'static str, unit: Unit) -> Key {
    Key { name, default, unit, has_effect: true }
}

const fn ignored(name: &'static str, default: &'static str, unit: Unit) -> Key {
    Key { name, default, unit, has_effect: false }
}

/// All keys, by subject.
pub const KEYS: &[Key] = &[
    // Time.
    works("tickTime", "2000", Milliseconds),
    works("initLimit", "10", Ticks),
    works("syncLimit", "5", Ticks),
    works("connectToLearnerMasterLimit", "0", Ticks),
    // Members.
    works("server.N", "", Text),
    works("group.N", "", Text),
    works("weight.N", "", Count),
    works("peerType", "participant", Text),
    works("reconfigEnabled", "false", TrueFalse),
    works("standaloneEnabled", "true", TrueFalse),
    works("testingonly.initialZxid", "0", Count),
    ignored("dynamicConfigFile", "", Text),
    ignored("electionAlg", "3", Count),
    ignored("electionPortBindRetry", "3", Count),
    // Sessions and clients.
    works("minSessionTimeout", "", Milliseconds),
    works("maxSessionTimeout", "", Milliseconds),
    works("localSessionsEnabled", "false", TrueFalse),
    works("localSessionsUpgradingEnabled", "false", TrueFalse),
    works("readonlymode.enabled", "false", TrueFalse),
    works("maxClientCnxns", "60", Count),
    works("maxCnxns", "0", Count),
    works("globalOutstandingLimit", "1000", Count),
    works("leaderServes", "yes", YesNo),
    works("jute.maxbuffer", "1048575", Bytes),
    ignored("closeSessionTxn.enabled", "true", TrueFalse),
    ignored("request_throttle_max_requests", "0", Count),
    ignored("request_throttle_stall_time", "100", Milliseconds),
    ignored("request_throttle_drop_stale", "true", TrueFalse),
    ignored("request_stale_connection_check", "true", TrueFalse),
    ignored("request_stale_latency_check", "false", TrueFalse),
    ignored("throttled_op_wait_time", "0", Milliseconds),
    ignored("largeRequestMaxBytes", "104857600", Bytes),
    ignored("largeRequestThreshold", "-1", Bytes),
    // The tree.
    works("extendedTypesEnabled", "false", TrueFalse),
    works("znode.container.checkIntervalMs", "60000", Milliseconds),
    works("znode.container.maxPerMinute", "10000", Count),
    works("znode.container.maxNeverUsedIntervalMs", "0", Milliseconds),
    works("enforceQuota", "false", TrueFalse),
    works("skipACL", "no", YesNo),
    works("DigestAuthenticationProvider.superDigest", "", Text),
    ignored("digest.enabled", "true", TrueFalse),
    // Elections.
    works("fastleader.minNotificationInterval", "200", Milliseconds),
    works("fastleader.maxNotificationInterval", "60000", Milliseconds),
    ignored("leader.maxTimeToWaitForEpoch", "-1", Milliseconds),
    ignored("observer.reconnectDelayMs", "0", Milliseconds),
    ignored("observer.election.DelayMs", "200", Milliseconds),
    ignored("cnxTimeout", "5000", Milliseconds),
    // Synchronization.
    works("commitLogCount", "500", Count),
    works("snapshotSizeFactor", "0.33", Fraction),
    works("leader.maxConcurrentSnapSyncs", "10", Count),
    works("leader.maxConcurrentDiffSyncs", "100", Count),
    works("syncEnabled", "true", TrueFalse),
    ignored("forceSnapSync", "false", TrueFalse),
    // The disk.
    works("snapCount", "100000", Count),
    works("snapSizeLimitInKb", "4194304", Kilobytes),
    works("preAllocSize", "65536", Kilobytes),
    works("txnLogSizeLimitInKb", "-1", Kilobytes),
    works("forceSync", "yes", YesNo),
    works("flushDelay", "0", Milliseconds),
    works("maxWriteQueuePollTime", "", Milliseconds),
    works("maxBatchSize", "1000", Count),
    works("fsync.warningthresholdms", "1000", Milliseconds),
    works("autopurge.snapRetainCount", "3", Count),
    works("autopurge.purgeInterval", "0", Hours),
    works("db.autocreate", "true", TrueFalse),
    works("snapshot.trust.empty", "false", TrueFalse),
    ignored("snapshot.compression.method", "", Text),
    ignored("dataDir", "", Text),
    ignored("dataLogDir", "", Text),
    ignored("datadir.autocreate", "true", TrueFalse),
    // Addresses and sockets.
    ignored("clientPort", "", Count),
    ignored("clientPortAddress", "", Text),
    ignored("secureClientPort", "", Count),
    ignored("secureClientPortAddress", "", Text),
    ignored("observerMasterPort", "", Count),
    ignored("clientPortListenBacklog", "-1", Count),
    ignored("quorumListenOnAllIPs", "false", TrueFalse),
    ignored("tcpKeepAlive", "false", TrueFalse),
    ignored("quorum.cnxn.threads.size", "20", Count),
    ignored("quorumCnxnTimeoutMs", "-1", Milliseconds),
    ignored("multiAddress.enabled", "false", TrueFalse),
    ignored("multiAddress.reachabilityCheckTimeoutMs", "1000", Milliseconds),
    ignored("multiAddress.reachabilityCheckEnabled", "true", TrueFalse),
    ignored("leaderConnectDelayDuringRetryMs", "100", Milliseconds),
    ignored("connection_throttle_tokens", "0", Count),
    ignored("connection_throttle_fill_time", "1", Milliseconds),
    ignored("connection_throttle_fill_count", "1", Count),
    ignored("connection_throttle_freeze_time", "-1", Milliseconds),
    ignored("connection_throttle_drop_increase", "0.02", Fraction),
    ignored("connection_throttle_drop_decrease", "0.002", Fraction),
    ignored("connection_throttle_decrease_ratio", "0", Fraction),
    ignored("connection_throttle_weight_enabled", "false", TrueFalse),
    ignored("serverCnxnFactory", "", Text),
    ignored("nio.numSelectorThreads", "", Count),
    ignored("nio.numWorkerThreads", "", Count),
    ignored("nio.directBufferBytes", "65536", Bytes),
    ignored("nio.shutdownTimeout", "5000", Milliseconds),
    ignored("nio.sessionlessCnxnTimeout", "10000", Milliseconds),
    ignored("commitProcessor.numWorkerThreads", "", Count),
    ignored("commitProcessor.shutdownTimeout", "5000", Milliseconds),
    ignored("commitProcessor.maxReadBatchSize", "-1", Count),
    ignored("commitProcessor.maxCommitBatchSize", "1", Count),
    // Watches and caches.
    ignored("watchManagerName", "", Text),
    ignored("watcherCleanThreshold", "1000", Count),
    ignored("watcherCleanIntervalInSeconds", "600", Seconds),
    ignored("watcherCleanThreadsNum", "2", Count),
    ignored("maxInProcessingDeadWatchers", "-1", Count),
    ignored("bitHashCacheSize", "10", Count),
    ignored("maxResponseCacheSize", "400", Count),
    ignored("maxGetChildrenResponseCacheSize", "400", Count),
    // Security.
    ignored("sslQuorum", "false", TrueFalse),
    ignored("portUnification", "false", TrueFalse),
    ignored("sslQuorumReloadCertFiles", "false", TrueFalse),
    ignored("ssl.authProvider", "x509", Text),
    ignored("X509AuthenticationProvider.superUser", "", Text),
    ignored("DigestAuthenticationProvider.enabled", "true", TrueFalse),
    ignored("authProvider.N", "", Text),
    ignored("enforce.auth.enabled", "false", TrueFalse),
    ignored("enforce.auth.schemes", "", Text),
    ignored("sessionRequireClientSASLAuth", "false", TrueFalse),
    ignored("allowSaslFailedClients", "false", TrueFalse),
    ignored("quorum.auth.enableSasl", "false", TrueFalse),
    ignored("quorum.auth.learnerRequireSasl", "false", TrueFalse),
    ignored("quorum.auth.serverRequireSasl", "false", TrueFalse),
    // Commands and metrics.
    ignored("4lw.commands.whitelist", "srvr", Text),
    ignored("admin.enableServer", "true", TrueFalse),
    ignored("admin.serverAddress", "0.0.0.0", Text),
    ignored("admin.serverPort", "8080", Count),
    ignored("admin.commandURL", "/commands", Text),
    ignored("admin.idleTimeout", "30000", Milliseconds),
    ignored("metricsProvider.className", "", Text),
    ignored("jmx.log4j.disable", "false", TrueFalse),
    ignored("messageTracker.Enabled", "false", TrueFalse),
    ignored("messageTracker.BufferSize", "10", Count),
];

#[cfg(test)]
mod tests {
    use super::super::{Config, ConfigError};
    use super::*;

    #[test]
    fn a_key_with_an_effect_is_set_and_its_default_changes_nothing() {
        for key in KEYS.iter().filter(|key| key.has_effect && !key.default.is_empty()) {
            let name = key.name.replace(".N", ".1");
            let mut config = Config::default();
            assert_eq!(config.set(&name, key.default), Ok(()), "{name}");
            assert_eq!(config, Config::default(), "{name}={} is the default", key.default);
        }
    }

    #[test]
    fn a_key_without_an_effect_says_so_whatever_its_value() {
        for key in KEYS.iter().filter(|key| !key.has_effect) {
            let name = key.name.replace(".N", ".1");
            let told = Config::default().set(&name, "7");
            assert_eq!(told, Err(ConfigError::NoEffect { key: name.clone() }), "{name}");
            let told = told.unwrap_err().to_string();
            assert_eq!(told, format!("{name}: has no effect in the lab"));
        }
    }

    #[test]
    fn names_are_listed_once() {
        let names: crate::sorted::Set<_> = KEYS.iter().map(|key| key.name).collect();
        assert_eq!(names.len(), KEYS.len());
    }

    #[test]
    fn an_unknown_key_is_told_from_its_neighbours() {
        let told = |key| Config::default().set(key, "7").unwrap_err().to_string();
        assert_eq!(told("tickTme"), "tickTme: no such setting; did you mean tickTime?");
        assert_eq!(
            told("zookeeper.SNAPCOUNT"),
            "zookeeper.SNAPCOUNT: no such setting; did you mean snapCount?"
        );
        assert_eq!(told("colour"), "colour: no such setting");
        assert_eq!(told("server.x"), "server.x: no such setting; did you mean server.N?");
    }

    #[test]
    fn a_value_that_does_not_fit_is_told_what_would() {
        let told = |key, value| Config::default().set(key, value).unwrap_err().to_string();
        assert_eq!(
            told("tickTime", "0"),
            "tickTime: expected a whole number from 1 to 3600000, found \"0\""
        );
        assert_eq!(told("skipACL", "true"), "skipACL: expected yes or no, found \"true\"");
        assert_eq!(
            told("zookeeper.enforceQuota", "yes"),
            "zookeeper.enforceQuota: expected true or false, found \"yes\""
        );
    }
}

//! What each key of zoo.cfg that has an effect is for, in a line.

use crate::i18n::Language;
use zklab_core::config::Unit;

/// The name of a unit.
pub fn unit_name(unit: Unit, language: Language) -> &'static str {
    let (english, chinese) = match unit {
        Unit::Milliseconds => ("ms", "毫秒"),
        Unit::Seconds => ("s", "秒"),
        Unit::Hours => ("h", "小时"),
        Unit::Ticks => ("ticks", "tick"),
        Unit::Bytes => ("bytes", "字节"),
        Unit::Kilobytes => ("KB", "KB"),
        Unit::Count | Unit::Fraction | Unit::TrueFalse | Unit::YesNo | Unit::Text => ("", ""),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

/// What a key is for; empty for one that is not known here.
pub fn explanation(name: &str, language: Language) -> &'static str {
    let found = EXPLANATIONS.iter().find(|(key, ..)| *key == name);
    match (found, language) {
        (None, _) => "",
        (Some((_, english, _)), Language::English) => english,
        (Some((.., chinese)), Language::Chinese) => chinese,
    }
}

/// Key, English, Chinese.
const EXPLANATIONS: &[(&str, &str, &str)] = &[
    (
        "tickTime",
        "The unit of time; a leader pings every half of it.",
        "时间单位；leader 每半个 tick 发一次 ping。",
    ),
    ("initLimit", "How long joining a leader may take.", "加入 leader 最多需要多久。"),
    (
        "syncLimit",
        "How long a follower may lag before it is dropped.",
        "follower 落后多久会被放弃。",
    ),
    (
        "connectToLearnerMasterLimit",
        "How long a learner tries to connect; 0 is initLimit.",
        "learner 尝试连接多久；0 即 initLimit。",
    ),
    ("reconfigEnabled", "Whether members may change while it runs.", "运行时能否改变成员。"),
    (
        "standaloneEnabled",
        "Whether one participant alone runs without an ensemble.",
        "只有一个 participant 时是否单机运行。",
    ),
    (
        "testingonly.initialZxid",
        "Where a new leader’s counter begins, to see it roll over.",
        "新 leader 的计数从何处开始，用来观察回绕。",
    ),
    (
        "minSessionTimeout",
        "The shortest session timeout granted; default 2 ticks.",
        "允许的最短会话超时；默认 2 个 tick。",
    ),
    (
        "maxSessionTimeout",
        "The longest session timeout granted; default 20 ticks.",
        "允许的最长会话超时；默认 20 个 tick。",
    ),
    (
        "localSessionsEnabled",
        "New sessions are known to their server only.",
        "新会话只为所连服务器所知。",
    ),
    (
        "localSessionsUpgradingEnabled",
        "A local session becomes global when it needs an ephemeral.",
        "本地会话需要临时节点时升级为全局会话。",
    ),
    (
        "readonlymode.enabled",
        "A server without a quorum answers reads.",
        "没有 quorum 的服务器仍回答读请求。",
    ),
    (
        "maxClientCnxns",
        "Connections from one address; 0 for any number.",
        "同一地址的连接数；0 为不限。",
    ),
    ("maxCnxns", "Connections altogether; 0 for any number.", "连接总数；0 为不限。"),
    (
        "globalOutstandingLimit",
        "Requests in process before servers stop reading.",
        "处理中的请求超过此数时暂停读取。",
    ),
    ("leaderServes", "Whether the leader accepts clients.", "leader 是否接受客户端。"),
    ("jute.maxbuffer", "The largest request.", "最大的请求。"),
    ("extendedTypesEnabled", "Whether there are TTL znodes.", "是否有 TTL 节点。"),
    (
        "znode.container.checkIntervalMs",
        "Time between two looks for empty containers and old TTL znodes.",
        "检查空容器和过期 TTL 节点的间隔。",
    ),
    (
        "znode.container.maxPerMinute",
        "The most that are deleted in a minute.",
        "每分钟最多删除多少个。",
    ),
    (
        "znode.container.maxNeverUsedIntervalMs",
        "After which a container that never had a child goes; 0 for never.",
        "从未有过子节点的容器多久后删除；0 为从不。",
    ),
    ("enforceQuota", "Whether a quota refuses, or only warns.", "超出配额时拒绝，还是只警告。"),
    ("skipACL", "Whether permissions are ignored.", "是否忽略权限。"),
    (
        "DigestAuthenticationProvider.superDigest",
        "user:digest of the super user.",
        "超级用户的 user:digest。",
    ),
    (
        "fastleader.minNotificationInterval",
        "The first wait before a vote is sent again.",
        "再次发送选票前的最短等待。",
    ),
    (
        "fastleader.maxNotificationInterval",
        "The longest wait before a vote is sent again.",
        "再次发送选票前的最长等待。",
    ),
    (
        "commitLogCount",
        "Committed transactions kept in memory for DIFF; at least 500.",
        "为 DIFF 保留在内存中的已提交事务；至少 500。",
    ),
    (
        "snapshotSizeFactor",
        "How large a log may be, beside a snapshot, to be sent instead.",
        "日志相对快照多大时仍发送日志。",
    ),
    ("leader.maxConcurrentSnapSyncs", "Snapshots sent at once.", "同时发送的快照数。"),
    ("leader.maxConcurrentDiffSyncs", "DIFFs sent at once.", "同时发送的 DIFF 数。"),
    ("syncEnabled", "Whether observers write a log.", "observer 是否写日志。"),
    ("snapCount", "Transactions between two snapshots.", "两次快照之间的事务数。"),
    ("snapSizeLimitInKb", "Size of the log between two snapshots.", "两次快照之间的日志大小。"),
    ("preAllocSize", "What log files are padded to.", "日志文件的预分配大小。"),
    (
        "txnLogSizeLimitInKb",
        "Size after which a new log file begins; -1 for none.",
        "日志文件达到此大小后新建；-1 为不限。",
    ),
    ("forceSync", "Whether a transaction is fsynced before its ACK.", "ACK 之前是否 fsync。"),
    (
        "flushDelay",
        "How long a transaction may wait to share an fsync.",
        "事务为共用一次 fsync 最多等待多久。",
    ),
    (
        "maxWriteQueuePollTime",
        "Quiet time after which the fsync comes; default a third of flushDelay.",
        "空闲多久后进行 fsync；默认 flushDelay 的三分之一。",
    ),
    ("maxBatchSize", "The most transactions in one fsync.", "一次 fsync 最多包含的事务数。"),
    (
        "fsync.warningthresholdms",
        "From when on an fsync is reported as slow.",
        "fsync 超过多久视为慢。",
    ),
    (
        "autopurge.snapRetainCount",
        "Snapshots that a purge keeps; at least 3.",
        "清理时保留的快照数；至少 3。",
    ),
    ("autopurge.purgeInterval", "Time between purges; 0 for never.", "清理的间隔；0 为从不。"),
    (
        "db.autocreate",
        "Whether a server with an empty disk votes at once.",
        "空磁盘的服务器是否立即投票。",
    ),
    (
        "snapshot.trust.empty",
        "Whether a log without a snapshot is trusted.",
        "没有快照的日志是否可信。",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use zklab_core::config::KEYS;

    #[test]
    fn every_key_with_an_effect_is_explained() {
        let members = ["server.N", "group.N", "weight.N", "peerType"];
        for key in KEYS.iter().filter(|key| key.has_effect && !members.contains(&key.name)) {
            for language in [Language::English, Language::Chinese] {
                assert!(!explanation(key.name, language).is_empty(), "{}", key.name);
            }
        }
    }
}

//! What happened to disks and what servers made of it, in words of both languages.

use crate::explain::{Sentence, list, millis};
use zklab_core::sim::fault::{ConfigFile, DiskAction, DiskFault, EpochFile};
use zklab_core::why::{DiskError, DiskFile, DiskWhy};

const fn file(file: DiskFile) -> &'static str {
    match file {
        DiskFile::Log => "log",
        DiskFile::Snapshot => "snapshot",
        DiskFile::AcceptedEpoch => "acceptedEpoch",
        DiskFile::CurrentEpoch => "currentEpoch",
    }
}

const fn config_file(file: ConfigFile) -> &'static str {
    match file {
        ConfigFile::Dynamic => "zoo.cfg.dynamic",
        ConfigFile::Next => "zoo.cfg.dynamic.next",
    }
}

const fn epoch_file(file: EpochFile) -> &'static str {
    match file {
        EpochFile::Accepted => "acceptedEpoch",
        EpochFile::Current => "currentEpoch",
    }
}

/// `1500 B`, `12 kB`, `67 MB`, in thousands.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// In English.
pub fn act_en(action: &DiskAction) -> Sentence {
    let of = list(&action.servers, ", ");
    match action.fault {
        DiskFault::Slow { factor: 1, added_us } => Sentence::new(
            format!("You slow down the disk of {of}"),
            format!("each write takes {} more", millis(added_us / 1000)),
        ),
        DiskFault::Slow { factor, added_us } => Sentence::new(
            format!("You slow down the disk of {of}"),
            format!(
                "each write takes {factor} times as long, and {} more",
                millis(added_us / 1000)
            ),
        ),
        DiskFault::Failing => Sentence::new(
            format!("You break the disk of {of}"),
            "whatever it writes from now on fails",
        ),
        DiskFault::Full => {
            Sentence::new(format!("You fill the disk of {of}"), "no space is left on it")
        }
        DiskFault::Mended => Sentence::new(
            format!("You mend the disk of {of}"),
            "it works, has space and is as fast as before; files stay as they are",
        ),
        DiskFault::TornTail => Sentence::new(
            format!("You cut the last log record of {of} in its middle"),
            "as a power failure does in the middle of a write",
        ),
        DiskFault::CorruptRecord(zxid) => Sentence::new(
            match zxid {
                Some(zxid) => format!("You flip a bit in record {zxid} of {of}"),
                None => format!("You flip a bit in the last log record of {of}"),
            },
            "its checksum is wrong now",
        ),
        DiskFault::CorruptSnapshot(zxid) => Sentence::new(
            match zxid {
                Some(zxid) => format!("You flip a bit in snapshot {zxid} of {of}"),
                None => format!("You flip a bit in the newest snapshot of {of}"),
            },
            "its checksum is wrong now",
        ),
        DiskFault::LostSnapshots => {
            Sentence::new(format!("You remove all snapshots of {of}"), "its log stays")
        }
        DiskFault::LostData => Sentence::new(
            format!("You empty the data directory of {of}"),
            "log, snapshots and epochs are gone",
        ),
        DiskFault::LostEpoch(file) => {
            Sentence::new(format!("You remove the {} file of {of}", epoch_file(file)), "")
        }
        DiskFault::UnfinishedEpoch => Sentence::new(
            format!("You undo the renaming of currentEpoch.tmp of {of}"),
            "as a crash does between the two steps of writing currentEpoch",
        ),
        DiskFault::LostConfig(file) => {
            Sentence::new(format!("You remove {} of {of}", config_file(file)), "")
        }
        DiskFault::OldConfig => Sentence::new(
            format!("You put back the configuration file that {of} was first started with"),
            "as from an old backup: what was reconfigured since is not in it",
        ),
        DiskFault::CopiedConfig => Sentence::new(
            format!("You copy the newest dynamic configuration file to {of}"),
            "from the server that has it",
        ),
    }
}

/// In Chinese.
pub fn act_zh(action: &DiskAction) -> Sentence {
    let of = list(&action.servers, "、");
    match action.fault {
        DiskFault::Slow { factor: 1, added_us } => Sentence::new(
            format!("你让 {of} 的磁盘变慢"),
            format!("每次写入多花 {}", millis(added_us / 1000)),
        ),
        DiskFault::Slow { factor, added_us } => Sentence::new(
            format!("你让 {of} 的磁盘变慢"),
            format!("每次写入的时间变为 {factor} 倍，再加 {}", millis(added_us / 1000)),
        ),
        DiskFault::Failing => {
            Sentence::new(format!("你弄坏 {of} 的磁盘"), "此后的每次写入都会失败")
        }
        DiskFault::Full => Sentence::new(format!("你写满 {of} 的磁盘"), "不再有剩余空间"),
        DiskFault::Mended => {
            Sentence::new(format!("你修好 {of} 的磁盘"), "它能工作、有空间，速度如前；文件保持原样")
        }
        DiskFault::TornTail => {
            Sentence::new(format!("你把 {of} 的最后一条日志记录从中间截断"), "如同写到一半时断电")
        }
        DiskFault::CorruptRecord(zxid) => Sentence::new(
            match zxid {
                Some(zxid) => format!("你翻转 {of} 的记录 {zxid} 中的一个比特"),
                None => format!("你翻转 {of} 的最后一条日志记录中的一个比特"),
            },
            "它的校验和不再正确",
        ),
        DiskFault::CorruptSnapshot(zxid) => Sentence::new(
            match zxid {
                Some(zxid) => format!("你翻转 {of} 的快照 {zxid} 中的一个比特"),
                None => format!("你翻转 {of} 的最新快照中的一个比特"),
            },
            "它的校验和不再正确",
        ),
        DiskFault::LostSnapshots => Sentence::new(format!("你删除 {of} 的所有快照"), "日志仍在"),
        DiskFault::LostData => {
            Sentence::new(format!("你清空 {of} 的数据目录"), "日志、快照和 epoch 文件都没有了")
        }
        DiskFault::LostEpoch(file) => {
            Sentence::new(format!("你删除 {of} 的 {} 文件", epoch_file(file)), "")
        }
        DiskFault::UnfinishedEpoch => Sentence::new(
            format!("你撤销 {of} 对 currentEpoch.tmp 的重命名"),
            "如同在写 currentEpoch 的两步之间崩溃",
        ),
        DiskFault::LostConfig(file) => {
            Sentence::new(format!("你删除 {of} 的 {}", config_file(file)), "")
        }
        DiskFault::OldConfig => Sentence::new(
            format!("你把 {of} 的配置文件换回它第一次启动时的那一份"),
            "如同来自旧备份：此后的重新配置都不在其中",
        ),
        DiskFault::CopiedConfig => {
            Sentence::new(format!("你把最新的动态配置文件复制到 {of}"), "来自拥有它的服务器")
        }
    }
}

/// In English.
pub fn en(who: &str, why: &DiskWhy) -> Sentence {
    match why {
        DiskWhy::StartedEmpty { may_vote: true, is_initialized: _ } => Sentence::new(
            format!("{who} starts with an empty data directory, and votes"),
            "db.autocreate: it takes the empty directory for the truth. If it has lost data that a \
             quorum needs it for, what was committed can be lost",
        ),
        DiskWhy::StartedEmpty { may_vote: false, is_initialized: _ } => Sentence::new(
            format!("{who} starts with an empty data directory, and does not vote"),
            "db.autocreate is off and there is no initialize file: it may have lost data, so its \
             zxid is −1 until a leader has synchronized it",
        ),
        DiskWhy::SnapshotUnreadable { zxid, instead: Some(instead) } => Sentence::new(
            format!("{who} cannot read snapshot {zxid}, and takes {instead}"),
            "its checksum is wrong; an older snapshot with more of the log gives the same tree",
        ),
        DiskWhy::SnapshotUnreadable { zxid, instead: None } => Sentence::new(
            format!("{who} cannot read snapshot {zxid}"),
            "its checksum is wrong, and there is no older one that can be read",
        ),
        DiskWhy::NoValidSnapshot { tried } => Sentence::new(
            format!("{who} refuses to start"),
            format!("not one of its snapshots can be read; it has tried {tried}"),
        ),
        DiskWhy::LogWithoutSnapshot { last_logged } => Sentence::new(
            format!("{who} refuses to start"),
            format!(
                "no snapshot found, but a log up to {last_logged}: what came before the log may be \
                 missing"
            ),
        ),
        DiskWhy::TrustedEmptySnapshot { last_logged } => Sentence::new(
            format!("{who} starts with a log up to {last_logged} and no snapshot"),
            "snapshot.trust.empty says that nothing came before the log",
        ),
        DiskWhy::TornRecord { file, last_whole } => Sentence::new(
            format!("{who} finds that the last record of log.{:x} breaks off", file.0),
            match last_whole {
                Some(zxid) => format!("the file ends with {zxid}, the last whole record"),
                None => "no record of the file is whole".to_owned(),
            },
        ),
        DiskWhy::CorruptRecord { file, zxid } => Sentence::new(
            format!("{who} cannot go on: a record of log.{:x} is corrupt", file.0),
            format!(
                "the checksum of {zxid} is wrong, and what was there cannot be told; to end the log \
                 here could lose what was committed"
            ),
        ),
        DiskWhy::EpochFileMissing { file: which, epoch } => Sentence::new(
            format!("{who} takes {epoch} for its {}", file(*which)),
            "the file is missing; that is the epoch of its last transaction",
        ),
        DiskWhy::EpochFromTmp { current_epoch, tmp, last_logged } => Sentence::new(
            format!("{who} takes {tmp} from currentEpoch.tmp"),
            format!(
                "currentEpoch {current_epoch} is older than its last transaction {last_logged}: only \
                 the renaming was missing"
            ),
        ),
        DiskWhy::SlowFsync { took_ms, threshold_ms, txns } => Sentence::new(
            format!("{who}’s fsync took {}", millis(*took_ms)),
            format!(
                "longer than fsync.warningthresholdms, {}; transactions that waited for it, \
                 unacknowledged: {txns}",
                millis(*threshold_ms)
            ),
        ),
        DiskWhy::SyncNotForced => Sentence::new(
            format!("{who} acknowledges what its disk does not have yet"),
            "forceSync=no: a machine that goes down loses what was acknowledged in the last seconds",
        ),
        DiskWhy::UnsyncedLost { from, to } => Sentence::new(
            format!("{who} loses what it had acknowledged after {from}, up to {to}"),
            "forceSync=no: the operating system had not written it back when the machine went down",
        ),
        DiskWhy::WriteFailed { file: DiskFile::Log, error, zxids } => Sentence::new(
            format!("{who}’s log writer fails, and {who} leaves its role"),
            match (zxids.first(), zxids.last()) {
                (Some(first), Some(last)) if first != last => {
                    format!("{}: {first} to {last} are not on disk", cause_en(*error))
                }
                (Some(zxid), _) => format!("{}: {zxid} is not on disk", cause_en(*error)),
                (None, _) => cause_en(*error).to_owned(),
            },
        ),
        DiskWhy::WriteFailed { file: which, error, zxids: _ } => Sentence::new(
            format!("{who} cannot write its {} and leaves its role", file(*which)),
            format!("{}; without it on disk it must not promise anything", cause_en(*error)),
        ),
        DiskWhy::SnapshotFailed { zxid, error } => Sentence::new(
            format!("{who} exits: it cannot write the snapshot of {zxid}"),
            format!("{}: a severe error that it cannot recover from", cause_en(*error)),
        ),
        DiskWhy::TruncateFailed { to, error } => Sentence::new(
            format!("{who} exits: it cannot cut its log after {to}"),
            match error {
                Some(error) => {
                    format!("{}; to go on would be to keep what nobody else has", cause_en(*error))
                }
                None => "a record on the way there is corrupt".to_owned(),
            },
        ),
        DiskWhy::SnapshotSkipped { zxid } => Sentence::new(
            format!("{who} leaves out the snapshot of {zxid}"),
            "too busy to snap: the one before is still being written",
        ),
        DiskWhy::SnapshotDueBySize { zxid, bytes } => Sentence::new(
            format!("{who} begins a snapshot of {zxid}"),
            format!("the log file has grown to {}; see snapSizeLimitInKb", size(*bytes)),
        ),
        DiskWhy::LogRolledBySize { bytes, limit } => Sentence::new(
            format!("{who} will begin a new log file"),
            format!(
                "this one has {}, more than txnLogSizeLimitInKb: {}",
                size(*bytes),
                size(*limit)
            ),
        ),
        DiskWhy::Purged { snapshots, logs, oldest } => Sentence::new(
            format!("{who} removes what is old: snapshots {snapshots}, log files {logs}"),
            format!("what recovery needs from snapshot {oldest} on stays"),
        ),
    }
}

const fn cause_en(error: DiskError) -> &'static str {
    match error {
        DiskError::Io => "the disk fails",
        DiskError::Full => "the disk is full",
    }
}

/// In Chinese.
pub fn zh(who: &str, why: &DiskWhy) -> Sentence {
    match why {
        DiskWhy::StartedEmpty { may_vote: true, is_initialized: _ } => Sentence::new(
            format!("{who} 以空的数据目录启动，并参加投票"),
            "db.autocreate：它把空目录当作事实。若丢失的正是 quorum 所依赖的数据，已提交的内容可能丢失",
        ),
        DiskWhy::StartedEmpty { may_vote: false, is_initialized: _ } => Sentence::new(
            format!("{who} 以空的数据目录启动，不参加投票"),
            "db.autocreate 已关闭且没有 initialize 文件：它可能丢失了数据，与 leader 同步之前其 zxid \
             为 −1",
        ),
        DiskWhy::SnapshotUnreadable { zxid, instead: Some(instead) } => Sentence::new(
            format!("{who} 无法读取快照 {zxid}，改用 {instead}"),
            "校验和不对；用更旧的快照加更多日志可得到同样的树",
        ),
        DiskWhy::SnapshotUnreadable { zxid, instead: None } => {
            Sentence::new(format!("{who} 无法读取快照 {zxid}"), "校验和不对，也没有可读的更旧快照")
        }
        DiskWhy::NoValidSnapshot { tried } => Sentence::new(
            format!("{who} 拒绝启动"),
            format!("没有一个快照可读；共尝试了 {tried} 个"),
        ),
        DiskWhy::LogWithoutSnapshot { last_logged } => Sentence::new(
            format!("{who} 拒绝启动"),
            format!("没有快照，却有直到 {last_logged} 的日志：日志之前的内容可能缺失"),
        ),
        DiskWhy::TrustedEmptySnapshot { last_logged } => Sentence::new(
            format!("{who} 在没有快照的情况下以直到 {last_logged} 的日志启动"),
            "snapshot.trust.empty 表示日志之前什么也没有",
        ),
        DiskWhy::TornRecord { file, last_whole } => Sentence::new(
            format!("{who} 发现 log.{:x} 的最后一条记录不完整", file.0),
            match last_whole {
                Some(zxid) => format!("该文件止于最后一条完整的记录 {zxid}"),
                None => "该文件没有完整的记录".to_owned(),
            },
        ),
        DiskWhy::CorruptRecord { file, zxid } => Sentence::new(
            format!("{who} 无法继续：log.{:x} 中有一条记录损坏", file.0),
            format!(
                "{zxid} 的校验和不对，原来的内容无从得知；若日志到此为止，可能丢失已提交的内容"
            ),
        ),
        DiskWhy::EpochFileMissing { file: which, epoch } => Sentence::new(
            format!("{who} 把 {} 定为 {epoch}", file(*which)),
            "该文件缺失；这是最后一个事务的 epoch",
        ),
        DiskWhy::EpochFromTmp { current_epoch, tmp, last_logged } => Sentence::new(
            format!("{who} 采用 currentEpoch.tmp 中的 {tmp}"),
            format!(
                "currentEpoch {current_epoch} 比最后一个事务 {last_logged} 旧：只差重命名这一步"
            ),
        ),
        DiskWhy::SlowFsync { took_ms, threshold_ms, txns } => Sentence::new(
            format!("{who} 的 fsync 用了 {}", millis(*took_ms)),
            format!(
                "超过 fsync.warningthresholdms（{}）；它包含 {txns} 个事务，此前都没有确认",
                millis(*threshold_ms)
            ),
        ),
        DiskWhy::SyncNotForced => Sentence::new(
            format!("{who} 在写入磁盘之前就确认"),
            "forceSync=no：机器一旦宕机，最近几秒确认的内容会丢失",
        ),
        DiskWhy::UnsyncedLost { from, to } => Sentence::new(
            format!("{who} 丢失了它确认过的 {from} 之后直到 {to} 的事务"),
            "forceSync=no：机器宕机时操作系统还没有写回",
        ),
        DiskWhy::WriteFailed { file: DiskFile::Log, error, zxids } => Sentence::new(
            format!("{who} 写日志失败，退出其角色"),
            match (zxids.first(), zxids.last()) {
                (Some(first), Some(last)) if first != last => {
                    format!("{}：{first} 到 {last} 不在磁盘上", cause_zh(*error))
                }
                (Some(zxid), _) => format!("{}：{zxid} 不在磁盘上", cause_zh(*error)),
                (None, _) => cause_zh(*error).to_owned(),
            },
        ),
        DiskWhy::WriteFailed { file: which, error, zxids: _ } => Sentence::new(
            format!("{who} 无法写 {}，退出其角色", file(*which)),
            format!("{}；没有落盘就不能作出承诺", cause_zh(*error)),
        ),
        DiskWhy::SnapshotFailed { zxid, error } => Sentence::new(
            format!("{who} 退出：无法写 {zxid} 的快照"),
            format!("{}：无法恢复的严重错误", cause_zh(*error)),
        ),
        DiskWhy::TruncateFailed { to, error } => Sentence::new(
            format!("{who} 退出：无法把日志截断到 {to}"),
            match error {
                Some(error) => format!("{}；继续下去就会保留别人都没有的内容", cause_zh(*error)),
                None => "途中有一条记录损坏".to_owned(),
            },
        ),
        DiskWhy::SnapshotSkipped { zxid } => {
            Sentence::new(format!("{who} 跳过 {zxid} 的快照"), "上一个快照还没有写完")
        }
        DiskWhy::SnapshotDueBySize { zxid, bytes } => Sentence::new(
            format!("{who} 开始写 {zxid} 的快照"),
            format!("日志文件已有 {}；见 snapSizeLimitInKb", size(*bytes)),
        ),
        DiskWhy::LogRolledBySize { bytes, limit } => Sentence::new(
            format!("{who} 将开始一个新的日志文件"),
            format!("当前文件有 {}，超过 txnLogSizeLimitInKb：{}", size(*bytes), size(*limit)),
        ),
        DiskWhy::Purged { snapshots, logs, oldest } => Sentence::new(
            format!("{who} 删除 {snapshots} 个旧快照和 {logs} 个旧日志文件"),
            format!("从快照 {oldest} 起恢复所需的内容保留"),
        ),
    }
}

const fn cause_zh(error: DiskError) -> &'static str {
    match error {
        DiskError::Io => "磁盘出错",
        DiskError::Full => "磁盘已满",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(1500), "1500 B");
        assert_eq!(size(65_552), "65 kB");
        assert_eq!(size(67_108_880), "67 MB");
    }
}

//! The deliberate mistakes in words: a short name, and one sentence on what goes wrong.

use zklab_core::mistake::Mistake;

/// A mistake in the words of one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MistakeText {
    /// A few words, for a list.
    pub name: &'static str,
    /// What is done, and what should be.
    pub sentence: &'static str,
}

fn text(name: &'static str, sentence: &'static str) -> MistakeText {
    MistakeText { name, sentence }
}

/// In English.
pub fn en(mistake: Mistake) -> MistakeText {
    match mistake {
        Mistake::HalfQuorum => text(
            "Half a quorum is enough",
            "the leader commits with the ACKs of half a quorum, so two halves need not share a server",
        ),
        Mistake::AckBeforeFsync => text(
            "ACK before fsync",
            "a follower acknowledges a proposal that is not on its disk yet: a crash loses it",
        ),
        Mistake::VoteIgnoresZxid => text(
            "Votes ignore the zxid",
            "votes are compared by epoch and id only, so a server that lacks transactions may win",
        ),
        Mistake::VoteIgnoresEpoch => text(
            "Votes ignore the epoch",
            "votes are compared by zxid and id only, so a server of an older epoch may win",
        ),
        Mistake::OldEpochLeader => text(
            "An old epoch’s leader is accepted",
            "a follower follows a leader whose epoch is older than the one it has promised",
        ),
        Mistake::CommitOutOfOrder => text(
            "Commits out of order",
            "at a COMMIT a follower applies the newest pending proposal instead of the oldest",
        ),
        Mistake::SkipSync => text(
            "No synchronization",
            "the leader sends an empty DIFF whatever the learner lacks or has too much",
        ),
        Mistake::DivergedGetsDiff => text(
            "A diverged learner gets a DIFF",
            "what the learner has and the leader has not stays in its log, though a TRUNC or SNAP is due",
        ),
        Mistake::EpochBeforeLog => text(
            "currentEpoch before the log",
            "currentEpoch is written before the history is on disk: a crash in between leaves a \
             server that claims an epoch whose history it lacks (ZOOKEEPER-4643)",
        ),
        Mistake::LogAfterUptodate => text(
            "A DIFF is logged after UPTODATE",
            "NEWLEADER is acknowledged before the DIFF is on disk: a crash loses what a quorum \
             seemed to have (ZOOKEEPER-3911)",
        ),
        Mistake::NoFastForward => text(
            "No fast-forward on leaving a role",
            "the server votes with what it has applied, though its log holds more (ZOOKEEPER-2845)",
        ),
        Mistake::EarlyServe => text(
            "Serving before NEWLEADER is acknowledged",
            "the leader serves before a quorum has its history: what it shows may still vanish",
        ),
        Mistake::ObserverInQuorum => text(
            "Observers count",
            "the leader counts observers as if they were voters: it begins to serve, and goes on, \
             without a quorum (ZOOKEEPER-1294)",
        ),
        Mistake::FollowerExpires => text(
            "A follower expires sessions",
            "a follower closes a session that it has not heard from; the session may speak through \
             another server",
        ),
        Mistake::WatchFiresTwice => text(
            "A watch fires twice",
            "a one-shot watch is not removed when it fires, and will fire again",
        ),
        Mistake::SequenceFromChildren => text(
            "Sequence numbers from the number of children",
            "the number of a sequential znode is its parent’s number of children, which falls when \
             one is deleted: names come back",
        ),
        Mistake::TruncKeepsSnapshots => text(
            "TRUNC keeps newer snapshots",
            "the log is cut, but a snapshot with what was cut stays and is loaded again, as in ZooKeeper \
             (ZOOKEEPER-1549)",
        ),
        Mistake::SnapKeepsLog => text(
            "SNAP keeps the old log",
            "the log from before the SNAP stays, with what nobody committed, as in ZooKeeper \
             (ZOOKEEPER-2846, ZOOKEEPER-4352)",
        ),
        Mistake::OldAcksCount => text(
            "Old ACKs count again",
            "what the learner acknowledged before it came back still counts, though it may have \
             been cut from its log, as in ZooKeeper",
        ),
    }
}

/// In Chinese.
pub fn zh(mistake: Mistake) -> MistakeText {
    match mistake {
        Mistake::HalfQuorum => text(
            "半个 quorum 就够",
            "leader 只等半个 quorum 的 ACK 就提交，而两个半数不一定有共同的服务器",
        ),
        Mistake::AckBeforeFsync => {
            text("fsync 之前就 ACK", "follower 对尚未落盘的提案回了 ACK：一旦崩溃就会丢失")
        }
        Mistake::VoteIgnoresZxid => {
            text("选票不看 zxid", "选票只比较 epoch 和 id，因此缺少事务的服务器也可能当选")
        }
        Mistake::VoteIgnoresEpoch => {
            text("选票不看 epoch", "选票只比较 zxid 和 id，因此 epoch 较旧的服务器也可能当选")
        }
        Mistake::OldEpochLeader => text(
            "接受旧 epoch 的 leader",
            "follower 跟随了一个 leader，其 epoch 比自己已承诺的更旧",
        ),
        Mistake::CommitOutOfOrder => {
            text("乱序提交", "收到 COMMIT 时，follower 应用了最新的待提交提案，而不是最早的")
        }
        Mistake::SkipSync => {
            text("跳过同步", "不管 learner 缺少什么或多出什么，leader 都发送空的 DIFF")
        }
        Mistake::DivergedGetsDiff => text(
            "分叉的 learner 收到 DIFF",
            "learner 有而 leader 没有的事务留在了它的日志里；本应发送 TRUNC 或 SNAP",
        ),
        Mistake::EpochBeforeLog => text(
            "先写 currentEpoch 后写日志",
            "历史尚未落盘就写了 currentEpoch：若在其间崩溃，服务器会声称自己处于某个 epoch，\
             却缺少它的历史（ZOOKEEPER-4643）",
        ),
        Mistake::LogAfterUptodate => text(
            "UPTODATE 之后才记录 DIFF",
            "DIFF 尚未落盘就确认了 NEWLEADER：一旦崩溃，看似 quorum 已有的事务就会丢失\
             （ZOOKEEPER-3911）",
        ),
        Mistake::NoFastForward => text(
            "离开角色时不补上日志",
            "服务器按已应用的事务投票，而它的日志里有更多（ZOOKEEPER-2845）",
        ),
        Mistake::EarlyServe => text(
            "NEWLEADER 未确认就开始服务",
            "leader 在 quorum 拥有它的历史之前就开始服务：它展示的内容仍可能消失",
        ),
        Mistake::ObserverInQuorum => text(
            "observer 也算数",
            "leader 把 observer 也当作投票者计数：没有 quorum 也开始服务并留任（ZOOKEEPER-1294）",
        ),
        Mistake::FollowerExpires => text(
            "follower 让会话过期",
            "follower 关闭了自己没有听到的会话；而该会话可能正通过另一台服务器通信",
        ),
        Mistake::WatchFiresTwice => {
            text("watch 触发两次", "一次性 watch 触发后没有被移除，还会再次触发")
        }
        Mistake::SequenceFromChildren => text(
            "顺序号取自子节点数",
            "顺序 znode 的编号取父节点的子节点数，删除子节点后它会变小：名字会重复出现",
        ),
        Mistake::TruncKeepsSnapshots => text(
            "TRUNC 保留较新的快照",
            "日志被截断，但包含被截内容的快照留了下来并被重新加载，ZooKeeper 就是如此（ZOOKEEPER-1549）",
        ),
        Mistake::SnapKeepsLog => text(
            "SNAP 保留旧日志",
            "SNAP 之前的日志留了下来，其中有无人提交的事务，ZooKeeper 就是如此\
             （ZOOKEEPER-2846、ZOOKEEPER-4352）",
        ),
        Mistake::OldAcksCount => text(
            "旧的 ACK 仍然算数",
            "learner 回来之前确认过的仍然算数，尽管它可能已从其日志中截掉，ZooKeeper 就是如此",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_has_a_name_of_its_own_in_each_language() {
        for language in [en, zh] {
            let mut names: Vec<_> = Mistake::ALL.map(|mistake| language(mistake).name).into();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), Mistake::ALL.len());
        }
    }
}

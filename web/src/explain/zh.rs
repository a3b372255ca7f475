//! The sentences in Chinese. ZooKeeper's own words stay as they are: leader, follower, observer,
//! znode, zxid, epoch and the names of packets and settings.

use crate::explain::{Deciding, Names, Sentence, deciding, list, millis, mistakes};
use zklab_core::sim::action::Action;
use zklab_core::sim::check::{Invariant, Violation};
use zklab_core::types::{Actor, Phase, ServerId, ServerState, Vote, Zxid};
use zklab_core::why::{SyncKind, SyncRule, Why};

/// What an actor is called.
pub fn actor(names: &Names, actor: Actor) -> String {
    match actor {
        Actor::Server(id) => id.to_string(),
        Actor::Client(id) => format!("客户端 {}", names.client(id)),
    }
}

fn servers(ids: &[ServerId]) -> String {
    if ids.is_empty() { "无".to_owned() } else { list(ids, "、") }
}

fn of_needed(present: usize, needed: usize) -> String {
    format!("共 {present} 台，quorum 需要 {needed} 台")
}

fn vote_text(vote: Vote) -> String {
    format!("epoch {}，zxid {}", vote.peer_epoch, vote.zxid)
}

fn for_whom(voter: ServerId, vote: Vote) -> String {
    format!("{voter} 投给 {} 的票", vote.leader)
}

/// Why `better` wins over `worse`.
fn better(better: Vote, worse: Vote) -> String {
    if worse == Vote::NOBODY {
        return format!("任何一票都胜过空票；{}", vote_text(better));
    }
    if better < worse {
        let (better, worse) = (vote_text(better), vote_text(worse));
        return format!("{better} 胜过 {worse}，违反了选票的次序");
    }
    match deciding(better, worse) {
        Deciding::Epoch => format!("epoch 更新：{} > {}", better.peer_epoch, worse.peer_epoch),
        Deciding::Zxid => {
            format!("epoch 同为 {}，zxid 更新：{} > {}", better.peer_epoch, better.zxid, worse.zxid)
        }
        Deciding::Id => format!(
            "epoch 同为 {}，zxid 同为 {}，服务器 id 更大：{} > {}",
            better.peer_epoch, better.zxid, better.leader, worse.leader
        ),
        Deciding::Nothing => format!("两票相同：{}", vote_text(better)),
    }
}

/// Which history is newer: first the epochs count, then the zxids.
fn newer_history(newer: (u32, Zxid), older: (u32, Zxid)) -> String {
    if newer.0 == older.0 {
        format!("epoch 同为 {}，zxid 更新：{} > {}", newer.0, newer.1, older.1)
    } else {
        format!("epoch 更新：{} > {}", newer.0, older.0)
    }
}

fn doing(state: ServerState, leader: ServerId) -> String {
    match state {
        ServerState::Looking => "继续选举".to_owned(),
        ServerState::Following => format!("它跟随 {leader}"),
        ServerState::Leading => "它成为 leader".to_owned(),
        ServerState::Observing => format!("它作为 observer 跟随 {leader}"),
    }
}

fn rule(rule: SyncRule, peer: Zxid, min: Zxid, max: Zxid) -> String {
    match rule {
        SyncRule::SameZxid => format!("双方都止于 {peer}"),
        SyncRule::AheadOfCommittedLog => {
            format!("它的 {peer} 超出了最后提交的 {max}")
        }
        SyncRule::InCommittedLog => {
            format!("它的 {peer} 落在 leader 的已提交日志 {min} 到 {max} 的范围内")
        }
        SyncRule::DivergedInCommittedLog => format!(
            "它的 {peer} 落在已提交日志 {min} 到 {max} 的范围内，却不在其中：退回到最后一个共同的事务"
        ),
        SyncRule::InDiskLog => {
            format!("它的 {peer} 比内存中从 {min} 开始的已提交日志更旧，但磁盘日志能追溯到它")
        }
        SyncRule::DivergedInDiskLog => format!(
            "它的 {peer} 比已提交日志更旧，也不在 leader 的日志中；磁盘日志能追溯到最后一个共同的事务"
        ),
        SyncRule::TooOld => {
            format!("它的 {peer} 比 leader 能重放的 {min} 到 {max} 都旧")
        }
        SyncRule::GapInDiskLog => {
            format!("磁盘日志里有 {peer}，但与从 {min} 开始的已提交日志之间有缺口")
        }
        SyncRule::DiskLogTooLarge => {
            format!("从 {peer} 起的磁盘日志太大：发快照更划算")
        }
        SyncRule::DivergedAcrossEpochs => format!(
            "它的 {peer} 不在 leader 的日志中，而 leader 的下一个事务属于另一个 epoch：TRUNC 不能跨 epoch"
        ),
        SyncRule::NotCompared => format!("它止于 {peer}，而什么都没有比较"),
        SyncRule::DivergenceOverlooked => {
            format!("它的 {peer} 不在 leader 的日志中，却被忽略了")
        }
        SyncRule::NewEpochBeyondLog => {
            format!("它的 {peer} 只是某个 epoch 的开头，没有事务使用它；已提交日志止于 {max}")
        }
    }
}

/// Why a machine did what it did. `who` is the machine.
pub fn why(who: &str, why: &Why) -> Sentence {
    match why {
        Why::Mistaken { mistake } => {
            Sentence::new(format!("{who} 故意出错"), mistakes::zh(*mistake).sentence)
        }
        Why::StartedElection { round, vote } if *vote == Vote::NOBODY => Sentence::new(
            format!("{who} 开始寻找 leader"),
            format!("第 {round} 轮；observer 投空票"),
        ),
        Why::StartedElection { round, vote } => Sentence::new(
            format!("{who} 开始寻找 leader"),
            format!("第 {round} 轮，第一票投给 {}：{}", vote.leader, vote_text(*vote)),
        ),
        Why::ResentVote { next_wait_ms } => Sentence::new(
            format!("{who} 再次发送选票"),
            format!("没有收到消息；接下来等待 {}", millis(*next_wait_ms)),
        ),
        Why::JoinedNewerRound { voter, from, to, vote } => Sentence::new(
            format!("{who} 加入 {voter} 的第 {to} 轮"),
            format!(
                "比自己的轮次新：{to} > {from}，已收到的票作废；现在投给 {}（{}）",
                vote.leader,
                vote_text(*vote)
            ),
        ),
        Why::IgnoredOlderRound { voter, theirs, mine } => Sentence::new(
            format!("{who} 不计 {voter} 的票"),
            format!("轮次较旧：{theirs} < {mine}"),
        ),
        Why::AdoptedBetterVote { voter, mine, theirs } => Sentence::new(
            format!("{who} 改投{}", change_to(*voter, *theirs)),
            better(*theirs, *mine),
        ),
        Why::KeptVote { voter, mine, theirs } if mine == theirs => Sentence::new(
            format!("{who} 得知 {voter} 的票与自己相同"),
            format!("投给 {}：{}", mine.leader, vote_text(*mine)),
        ),
        Why::KeptVote { voter, mine, theirs } => Sentence::new(
            format!("{who} 仍投 {}，不采纳 {}", mine.leader, for_whom(*voter, *theirs)),
            better(*mine, *theirs),
        ),
        Why::IgnoredNonVoter { voter, leader } => Sentence::new(
            format!("{who} 忽略 {voter} 投给 {leader} 的票"),
            "只有 participant 能投票和被投票",
        ),
        Why::QuorumAgrees { vote, voters, needed } => Sentence::new(
            format!("{who} 看到 quorum 支持 {}", vote.leader),
            format!(
                "{} 这样投票：{}；再等 finalizeWait，看有无更好的票",
                servers(voters),
                of_needed(voters.len(), *needed)
            ),
        ),
        Why::IgnoredBlankVote { voter, is_ours: true } => Sentence::new(
            format!("{who} 忽略 {voter} 的票"),
            "它自己的 zxid 是 −1：可能丢失了数据，因此谁也不选",
        ),
        Why::IgnoredBlankVote { voter, is_ours: false } => {
            Sentence::new(format!("{who} 忽略 {voter} 的票"), "zxid −1 表示它可能丢失了数据")
        }
        Why::BetterVoteInTime { mine, theirs } => {
            Sentence::new(format!("{who} 继续选举：及时收到了更好的票"), better(*theirs, *mine))
        }
        Why::Elected { vote, state } => Sentence::new(
            format!("{who} 的选举结束：{}", doing(*state, vote.leader)),
            format!("finalizeWait 内没有更好的票；{}", vote_text(*vote)),
        ),
        Why::JoinedEstablishedLeader { vote, round, voters, state } => Sentence::new(
            format!("{who} 发现 {} 已是 leader：{}", vote.leader, doing(*state, vote.leader)),
            format!("{} 都这样说，其中包括 leader 自己；第 {round} 轮", servers(voters)),
        ),
        Why::AnsweredLooking { to, vote } => Sentence::new(
            format!("{who} 回应仍在选举的 {to}"),
            format!("它的票投给 {}：{}", vote.leader, vote_text(*vote)),
        ),
        Why::DialledBack { peer } => Sentence::new(
            format!("{who} 关闭 {peer} 的连接并反向连接"),
            format!("两台服务器之间由 id 较大的一方连接：{who} > {peer}"),
        ),
        Why::ProposedEpoch { epoch, reported, largest } => Sentence::new(
            format!("{who} 提出 epoch {epoch}"),
            format!("{} 已报到；其中最大的 acceptedEpoch 是 {largest}", servers(reported)),
        ),
        Why::PromisedEpoch { epoch, before, last_zxid } => Sentence::new(
            format!("{who} 承诺 epoch {epoch}"),
            format!("比之前承诺的 {before} 新；它最后的 zxid 是 {last_zxid}"),
        ),
        Why::PromisedEpochBefore { epoch } => {
            Sentence::new(format!("{who} 先前已承诺 epoch {epoch}"), "因此不再计入")
        }
        Why::RefusedOldEpoch { offered, accepted } => Sentence::new(
            format!("{who} 拒绝 epoch {offered}"),
            format!("比它承诺过的旧：{offered} < {accepted}"),
        ),
        Why::EpochQuorum { epoch, acked } => Sentence::new(
            format!("{who} 的 epoch {epoch} 得到 quorum 的承诺"),
            format!("{} 已承诺", servers(acked)),
        ),
        Why::FollowerAhead { follower, theirs, mine } => Sentence::new(
            format!("{who} 不能当 leader：{follower} 的历史更新"),
            newer_history(*theirs, *mine),
        ),
        Why::RefusedNewerConfig { learner, theirs, mine } => Sentence::new(
            format!("{who} 拒绝 {learner}"),
            format!("对方的配置更新：版本 {theirs} > {mine}"),
        ),
        Why::Synchronizing {
            learner,
            peer,
            min,
            max,
            last_processed: _,
            rule: row,
            kind,
            zxid,
            txns,
        } => {
            let what = match (kind, txns) {
                (SyncKind::Diff, 0) => format!("{who} 向 {learner} 发送空的 DIFF"),
                (SyncKind::Diff, _) => format!("{who} 向 {learner} 发送 DIFF，含 {txns} 个事务"),
                (SyncKind::Trunc, 0) => format!("{who} 让 {learner} 把日志截断到 {zxid}：TRUNC"),
                (SyncKind::Trunc, _) => {
                    format!("{who} 让 {learner} 把日志截断到 {zxid}（TRUNC），再发送 {txns} 个事务")
                }
                (SyncKind::Snap, _) => format!("{who} 向 {learner} 发送全部状态：SNAP {zxid}"),
            };
            Sentence::new(what, rule(*row, *peer, *min, *max))
        }
        Why::SyncThrottled { learner, is_snap, limit } => {
            let kind = if *is_snap { "SNAP" } else { "DIFF 或 TRUNC" };
            Sentence::new(
                format!("{who} 让 observer {learner} 稍后再来"),
                format!("正在进行 {limit} 个 {kind} 同步，已到上限"),
            )
        }
        Why::Truncated { to, from } => {
            Sentence::new(format!("{who} 截断日志"), format!("从 {from} 退回到 {to}"))
        }
        Why::LoadedSnapshot { zxid, before } => Sentence::new(
            format!("{who} 替换全部状态"),
            format!("换成 {zxid} 的快照；之前是 {before}"),
        ),
        Why::EnteredEpoch { epoch, last_logged } => Sentence::new(
            format!("{who} 进入 epoch {epoch}"),
            format!("直到 {last_logged} 的历史已在它的磁盘上，然后才写入 epoch"),
        ),
        Why::NewLeaderQuorum { epoch, acked, needed } => Sentence::new(
            format!("{who} 确立了 epoch {epoch}，可以提供服务"),
            format!("{} 已有它的历史：{}", servers(acked), of_needed(acked.len(), *needed)),
        ),
        Why::MayServe { epoch } => {
            Sentence::new(format!("{who} 可以为客户端服务"), format!("epoch {epoch} 的 UPTODATE"))
        }
        Why::Proposed { zxid, to } => {
            Sentence::new(format!("{who} 提议 {zxid}"), format!("发给 {}", servers(to)))
        }
        Why::CommittedByQuorum { zxid, acked, needed } => Sentence::new(
            format!("{who} 提交 {zxid}"),
            format!("{} 已写入磁盘：{}", servers(acked), of_needed(acked.len(), *needed)),
        ),
        Why::LostQuorum { heard, needed, sync_limit } => Sentence::new(
            format!("{who} 不再当 leader"),
            format!(
                "在 syncLimit（{sync_limit} 个 tick）内只听到 {}：{}",
                servers(heard),
                of_needed(heard.len(), *needed)
            ),
        ),
        Why::NoQuorumInTime { present, needed, init_limit } => Sentence::new(
            format!("{who} 不再当 leader"),
            format!(
                "在 initLimit（{init_limit} 个 tick）内到来的只有 {}：{}",
                servers(present),
                of_needed(present.len(), *needed)
            ),
        ),
        Why::LeaderUnreachable { leader, tries } => {
            Sentence::new(format!("{who} 放弃 {leader}"), format!("尝试 {tries} 次都连接不上"))
        }
        Why::LeaderGone { leader } => {
            Sentence::new(format!("{who} 失去了 leader {leader}"), "连接断开")
        }
        Why::LeaderSilent { leader, silent_ms } => Sentence::new(
            format!("{who} 放弃 leader {leader}"),
            format!("{} 没有它的消息", millis(*silent_ms)),
        ),
        Why::LearnerGone { learner } => {
            Sentence::new(format!("{who} 失去了 {learner}"), "连接断开")
        }
        Why::LearnerSilent { learner, silent_ms } => Sentence::new(
            format!("{who} 放弃 {learner}"),
            format!("{} 没有它的消息，或有提案一直得不到它的 ACK", millis(*silent_ms)),
        ),
        Why::CounterRolledOver { zxid } => Sentence::new(
            format!("{who} 不再当 leader"),
            format!("计数器在 {zxid} 用尽：需要新的 epoch"),
        ),
        Why::FastForwarded { from, to } => Sentence::new(
            format!("{who} 应用日志中的全部事务"),
            format!("从 {from} 到 {to}，不论是否已提交：下一票要反映整个日志"),
        ),
        Why::OutOfOrder { found, expected } => Sentence::new(
            format!("{who} 退出"),
            format!("本该是 {expected}，来的却是 {found}：宁可停机也不分叉"),
        ),
        Why::UnexpectedPacket { packet, is_fatal: true } => Sentence::new(
            format!("{who} 断开连接"),
            format!("这个阶段不该收到 {packet}：有数据包丢失或乱序"),
        ),
        Why::UnexpectedPacket { packet, is_fatal: false } => {
            Sentence::new(format!("{who} 忽略 {packet}"), "这个阶段不该收到它：有数据包丢失或乱序")
        }
        Why::Members(why) => super::members::zh(who, why),
        Why::Recipe(why) => super::recipe::zh(who, why),
        Why::Recovered { snapshot, last_logged, replayed, current_epoch, accepted_epoch } => {
            Sentence::new(
                format!("{who} 读取磁盘"),
                format!(
                    "快照 {snapshot}，重放 {replayed} 个事务到 {last_logged}；currentEpoch \
                     {current_epoch}，acceptedEpoch {accepted_epoch}"
                ),
            )
        }
        Why::RefusedToStart { current_epoch, accepted_epoch, last_logged } => Sentence::new(
            format!("{who} 拒绝启动"),
            format!(
                "磁盘文件互相矛盾：currentEpoch {current_epoch}，acceptedEpoch {accepted_epoch}，\
                 日志止于 {last_logged}"
            ),
        ),
        Why::Disk(why) => super::disk::zh(who, why),
        Why::OpeningSession { session, asked_ms, granted_ms } => Sentence::new(
            format!("{who} 建立会话 {session}"),
            format!(
                "请求的超时 {}，给予 {}",
                millis(u64::from(*asked_ms)),
                millis(u64::from(*granted_ms))
            ),
        ),
        Why::SessionBucket { session, timeout_ms, deadline, via, .. } => Sentence::new(
            format!(
                "{} 收到了会话 {session} 的消息",
                via.map_or(who.to_owned(), |id| id.to_string())
            ),
            format!(
                "其超时为 {}，至少存活到所在桶的末尾 {}",
                millis(u64::from(*timeout_ms)),
                millis(deadline.ms())
            ),
        ),
        Why::SessionExpired { session, timeout_ms, deadline } => Sentence::new(
            format!("{who} 让会话 {session} 过期"),
            format!(
                "在其超时 {} 内没有消息，直到 {}",
                millis(u64::from(*timeout_ms)),
                millis(deadline.ms())
            ),
        ),
        Why::RefusedBehindClient { client_saw, server_has } => Sentence::new(
            format!("{who} 拒绝一个客户端"),
            format!("客户端见过 {client_saw}，这台服务器只有 {server_has}：否则会倒退"),
        ),
        Why::SessionOpened { session } => Sentence::new(
            format!("{who} 告诉客户端：会话 {session} 已建立"),
            "会话也是一个事务，本服务器已应用它",
        ),
        Why::SessionReattached { session } => {
            Sentence::new(format!("{who} 从现在起服务会话 {session}"), "会话有效")
        }
        Why::SessionUnknown { session } => {
            Sentence::new(format!("{who} 拒绝会话 {session}"), "它不存在、正在关闭，或密码不对")
        }
        Why::SessionMoved { session } => Sentence::new(
            format!("{who} 拒绝会话 {session} 的一个请求"),
            "请求来自会话已经离开的服务器",
        ),
        Why::LocalSessionOpened { session, granted_ms } => Sentence::new(
            format!("{who} 打开本地会话 {session}"),
            format!("超时 {}；其他服务器都不知道它", millis(u64::from(*granted_ms))),
        ),
        Why::UpgradingSession { session } => Sentence::new(
            format!("{who} 请求把会话 {session} 升级为全局会话"),
            "本地会话不能拥有临时节点",
        ),
        Why::SessionUpgraded { session } => Sentence::new(
            format!("{who} 已把会话 {session} 变成全局会话"),
            "现在每台服务器都知道它",
        ),
        Why::EphemeralOnLocalSession { session } => Sentence::new(
            format!("{who} 不让会话 {session} 创建临时节点"),
            "会话是本地的，而 localSessionsUpgradingEnabled 为 false",
        ),
        Why::ReadOnlyStarted { looked_ms } => Sentence::new(
            format!("{who} 开始只提供读服务"),
            format!("它寻找 leader 已有 {}", millis(*looked_ms)),
        ),
        Why::ReadOnlyRefusedClient => {
            Sentence::new(format!("{who} 拒绝一个客户端"), "它是只读的，而客户端没有允许只读")
        }
        Why::ReadOnlyRefusedNewSession => {
            Sentence::new(format!("{who} 拒绝一个新客户端"), "只读服务器不能建立全局会话")
        }
        Why::ReadOnlyRefusedSession { session } => {
            Sentence::new(format!("{who} 拒绝会话 {session}"), "只读服务器不能维持全局会话")
        }
        Why::ReadOnlyRefusedRequest { session, path } => {
            let subject = path.as_ref().map_or_else(String::new, |path| format!("对 {path} 的"));
            Sentence::new(format!("{who} 拒绝会话 {session} {subject}请求"), "只读服务器只能读")
        }
        Why::TooManyConnections { limit, is_total } => Sentence::new(
            format!("{who} 拒绝一个连接"),
            if *is_total {
                format!("maxCnxns 总共允许 {limit} 个")
            } else {
                format!("maxClientCnxns 允许每个地址 {limit} 个")
            },
        ),
        Why::RequestTooLarge { bytes, limit } => Sentence::new(
            format!("{who} 关闭一个客户端的连接"),
            format!("请求有 {bytes} 字节，jute.maxbuffer 为 {limit}"),
        ),
        Why::Throttled { in_process, limit } => Sentence::new(
            format!("{who} 停止从一个客户端读取"),
            format!("处理中的请求 {in_process} > {limit}，由 globalOutstandingLimit 决定"),
        ),
        Why::Unthrottled { in_process, limit } => Sentence::new(
            format!("{who} 重新从一个客户端读取"),
            format!("处理中的请求 {in_process}，上限 {limit}"),
        ),
        Why::QuotaWarning { zxid, prefix, is_bytes, would_be, limit } => {
            let unit = if *is_bytes { "字节" } else { "个 znode" };
            Sentence::new(
                format!("{who} 警告：{zxid} 超过 {prefix} 的软配额"),
                format!("{would_be} {unit} > {limit}；写入照常进行"),
            )
        }
        Why::SessionsInherited { count } => {
            Sentence::new(format!("{who} 接管 {count} 个会话"), "每个会话重新计满超时")
        }
        Why::NotServing => Sentence::new(format!("{who} 拒绝一个客户端"), "它现在不提供服务"),
        Why::Refused { zxid, error, path } => {
            let subject = path.as_ref().map_or_else(String::new, |path| format!("对 {path} 的"));
            Sentence::new(
                format!("{who} 拒绝{subject}写请求：{}", error.text()),
                format!("被拒绝的写入同样占用一个 zxid：{zxid}"),
            )
        }
        Why::SyncWaits { zxid } => {
            Sentence::new(format!("{who} 让 sync 等待"), format!("直到最后的提案 {zxid} 提交"))
        }
        Why::WatchesFired { zxid, path, count } => Sentence::new(
            format!("{who} 触发 {path} 上的 {count} 个 watch"),
            format!("由于 {zxid}"),
        ),
        Why::SnapshotDue { zxid, logged } => Sentence::new(
            format!("{who} 开始写 {zxid} 的快照"),
            format!("自上次以来记录了 {logged} 个事务"),
        ),
        Why::ClientTries { server } => Sentence::new(format!("{who} 尝试 {server}"), ""),
        Why::ClientFoundReadWrite { server } => {
            Sentence::new(format!("{who} 离开只读服务器，转到 {server}"), "后者回答说它也能写")
        }
        Why::ClientHeardNothing { server, silent_ms } => Sentence::new(
            format!("{who} 放弃 {server}"),
            format!("{} 没有消息；它最多等超时的三分之二", millis(*silent_ms)),
        ),
        Why::OutcomeUnknown { requests } => Sentence::new(
            format!("{who} 无法得知 {requests} 个请求的结果"),
            "连接在回复之前断开：ConnectionLoss",
        ),
    }
}

fn change_to(voter: ServerId, vote: Vote) -> String {
    if voter == vote.leader {
        format!(" {voter}，与它自己的票一致")
    } else {
        format!(" {}，与 {voter} 的票一致", vote.leader)
    }
}

/// What somebody outside did.
pub fn act(names: &Names, action: &Action) -> Sentence {
    match action {
        Action::Start(ids) => Sentence::new(format!("你启动 {}", servers(ids)), ""),
        Action::Kill(ids) => Sentence::new(
            format!("你杀死 {}", servers(ids)),
            "没有写入磁盘的都会丢失；其他服务器看到连接断开",
        ),
        Action::AddServer { server, members } => {
            Sentence::new(format!("你添置 {server}"), format!("它的配置：{members}"))
        }
        Action::Pause(ids) => {
            Sentence::new(format!("你暂停 {}", servers(ids)), "就像一次很长的垃圾回收；连接仍在")
        }
        Action::Resume(ids) => Sentence::new(format!("你让 {} 继续运行", servers(ids)), ""),
        Action::Partition(groups) => {
            let sides: Vec<String> = groups.iter().map(|group| servers(group)).collect();
            let what = match sides.as_slice() {
                [one] => format!("你把 {one} 与其他服务器隔开"),
                several => format!("你切断网络：{}", several.join(" | ")),
            };
            Sentence::new(what, "两边之间的数据包都会丢失")
        }
        Action::Heal => Sentence::new("你恢复网络", "没有分区，也没有被切断的方向"),
        Action::Network(action) => super::network::zh(names, action),
        Action::Disk(action) => super::disk::act_zh(action),
        Action::Connect { name, servers: known, timeout_ms, can_be_read_only: _, library: _ } => {
            Sentence::new(
                format!("客户端 {name} 启动"),
                format!("它知道 {}；会话超时 {}", servers(known), millis(u64::from(*timeout_ms))),
            )
        }
        Action::Submit { client, op, line } => {
            let text = line.as_ref().map_or_else(|| op.to_string(), |line| line.to_string());
            Sentence::new(format!("客户端 {} 请求：{text}", names.client(*client)), "")
        }
        Action::CloseSession(client) => {
            Sentence::new(format!("客户端 {} 关闭会话", names.client(*client)), "")
        }
        Action::MoveClient { client, servers: known } => Sentence::new(
            format!("客户端 {} 改连 {}", names.client(*client), servers(known)),
            "它的服务器列表改变；会话随它迁移",
        ),
        Action::Vanish(client) => Sentence::new(
            format!("客户端 {} 不告而别", names.client(*client)),
            "会话一直存在，直到过期",
        ),
        Action::PauseClient(client) => Sentence::new(
            format!("你暂停客户端 {}", names.client(*client)),
            "就像一次很长的垃圾回收",
        ),
        Action::ResumeClient(client) => {
            Sentence::new(format!("你让客户端 {} 继续运行", names.client(*client)), "")
        }
        Action::Recipe { client, ask, line: _ } => super::recipe::ask_zh(names, *client, ask),
        Action::Contend(contest) => super::recipe::contend_zh(contest),
    }
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Election => "选举",
        Phase::Discovery => "发现",
        Phase::Synchronization => "同步",
        Phase::Broadcast => "广播",
    }
}

/// A server's state or phase changed.
pub fn state_changed(who: &str, from: (ServerState, Phase), to: (ServerState, Phase)) -> Sentence {
    let change = |from: &str, to: &str| format!("{from} → {to}");
    if from.0 == to.0 {
        return Sentence::new(
            format!("{who} 进入{}阶段", phase(to.1)),
            change(phase(from.1), phase(to.1)),
        );
    }
    let now = match to.0 {
        ServerState::Looking => format!("{who} 开始寻找 leader"),
        ServerState::Following => format!("{who} 成为 follower"),
        ServerState::Leading => format!("{who} 成为 leader"),
        ServerState::Observing => format!("{who} 成为 observer"),
    };
    Sentence::new(now, change(from.0.name(), to.0.name()))
}

/// A packet died on its way.
pub fn lost(from: &str, to: &str, label: &str) -> Sentence {
    Sentence::new(format!("{from} 发给 {to} 的 {label} 丢失"), "")
}

/// An invariant broke.
pub fn violated(violation: &Violation) -> Sentence {
    Sentence::new(
        format!("被破坏：{}", invariant(violation.invariant).0),
        format!("{}，但是 {}", violation.one, violation.other),
    )
}

/// An invariant's name, and what it says.
pub fn invariant(invariant: Invariant) -> (&'static str, &'static str) {
    match invariant {
        Invariant::Leadership1 => ("同时只有一个 leader", "不会有两台服务器同时领导同一个 epoch。"),
        Invariant::Leadership2 => {
            ("每个 epoch 只有一个 leader", "整个过程中，一个 epoch 最多由一台服务器领导。")
        }
        Invariant::PrefixConsistency => {
            ("历史一致", "任意两台服务器已提交的历史，在共同的长度内相同。")
        }
        Invariant::Integrity => ("不会凭空出现", "交付的事务都曾被提议，并且只交付一次。"),
        Invariant::Agreement => {
            ("互不分叉", "若一台服务器交付了 a，另一台交付了 b，则其中必有一台两者都交付了。")
        }
        Invariant::TotalOrder => ("顺序一致", "所有服务器以相同的顺序交付。"),
        Invariant::LocalPrimaryOrder => {
            ("leader 的提议顺序", "同一 leader 先提议的，所有服务器都先交付。")
        }
        Invariant::GlobalPrimaryOrder => {
            ("epoch 的先后", "旧 leader 提议的，先于新 leader 提议的交付。")
        }
        Invariant::PrimaryIntegrity => {
            ("leader 了解过去", "leader 提议之前，已交付旧 epoch 中任何服务器交付过的一切。")
        }
        Invariant::ProcessConsistency => {
            ("数据包各得其所", "leader 与 learner 之间的数据包，阶段、顺序和方向都正确。")
        }
        Invariant::InitialHistory => (
            "新 epoch 的起点",
            "epoch 以 quorum 的承诺和此前已提交的一切开始；zxid 相同，事务就相同。",
        ),
        Invariant::Committedness => ("已提交的不会丢失", "已提交的事务在 quorum 的磁盘上。"),
        Invariant::Epochs => (
            "磁盘上的 epoch",
            "acceptedEpoch ≥ currentEpoch ≥ 最后一个事务的 epoch，二者从不减小。",
        ),
        Invariant::Log => ("日志没有缺口", "日志中的 zxid 递增，同一 epoch 内没有缺口。"),
        Invariant::Apply => ("先记日志再应用", "服务器只应用交给它记录的事务，服务期间从不后退。"),
        Invariant::Determinism => ("树一致", "处理到同一 zxid 的服务器有相同的 znode 和会话。"),
        Invariant::Tree => (
            "树的完整",
            "临时 znode 的会话存在且没有子节点；计数和顺序名称与创建、删除的历史相符。",
        ),
        Invariant::Session => (
            "会话",
            "会话只通过一台服务器说话，结束后不再有操作；只有 leader（本地会话则是它自己的服务器）在整个超时时间的沉默之后才能让它过期。",
        ),
        Invariant::Client => (
            "客户端所见",
            "应答按顺序到达，zxid 从不减小；普通的 watch 只触发一次，并且先于变化被看到。",
        ),
        Invariant::Recipe => super::recipe::INVARIANT_ZH,
        Invariant::AckDiscipline => (
            "ACK 意味着已落盘",
            "先是历史，再是 currentEpoch，最后是 NEWLEADER 的 ACK；fsync 之前没有 ACK。",
        ),
    }
}

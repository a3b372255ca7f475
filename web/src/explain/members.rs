//! Sentences about who belongs to the ensemble: groups, weights, reconfiguration.

use super::{Sentence, list};
use zklab_core::types::ServerId;
use zklab_core::why::{MembersWhy, QuorumCheck, QuorumFact};

/// In English.
pub fn en(who: &str, why: &MembersWhy) -> Sentence {
    let names = |servers: &[ServerId]| match servers {
        [] => "nobody".to_owned(),
        some => list(some, ", "),
    };
    match why {
        MembersWhy::QuorumChecked { check, facts } => {
            let has = facts.iter().all(|fact| fact.is_quorum);
            let what = match (check, has) {
                (QuorumCheck::Vote(vote), _) => {
                    format!("{who} counts the votes for {}", vote.leader)
                }
                (QuorumCheck::NewLeader(epoch), _) => {
                    format!("{who} counts who has the history of epoch {epoch}")
                }
                (QuorumCheck::Commit(zxid), _) => {
                    format!("{who} counts the acknowledgements of {zxid}")
                }
                (QuorumCheck::Heard, _) => format!("{who} counts whom it has heard from"),
                (QuorumCheck::Reconfig(_), true) => format!("{who} finds the new members ready"),
                (QuorumCheck::Reconfig(_), false) => {
                    format!("{who} refuses: no quorum of the new members is synchronized")
                }
            };
            let facts: Vec<String> = facts.iter().map(|fact| fact_en(fact, &names)).collect();
            Sentence::new(what, facts.join("; "))
        }
        MembersWhy::ReconfigProposed { from, to, voters, observers } => Sentence::new(
            format!("{who} proposes configuration {to}"),
            format!(
                "voters {}, observers {}; until it is committed a quorum of {from} is needed, too",
                names(voters),
                names(observers)
            ),
        ),
        MembersWhy::ConfigActivated { from, to, voters, observers } => Sentence::new(
            format!("{who} goes by configuration {to}"),
            format!("instead of {from}: voters {}, observers {}", names(voters), names(observers)),
        ),
        MembersWhy::DesignatedLeader { leader, zxid, acked } => Sentence::new(
            format!("{who} names {leader} as its successor and commits nothing more"),
            format!("it has no vote after {zxid}, which {} acknowledged", names(acked)),
        ),
        MembersWhy::RoleChanged { version, leader: Some(leader), is_observer } => Sentence::new(
            format!("{who} starts over under {leader}, without an election"),
            format!("so configuration {version} says; it {}", role_en(*is_observer)),
        ),
        MembersWhy::RoleChanged { version, leader: None, is_observer } => Sentence::new(
            format!("{who} starts over and looks for a leader"),
            format!(
                "configuration {version} changes its role or its leader; it {}",
                role_en(*is_observer)
            ),
        ),
        MembersWhy::NoMember { version } => Sentence::new(
            format!("{who} refuses to start"),
            format!("configuration {version} on its disk does not name it"),
        ),
        MembersWhy::PeerTypeIgnored => Sentence::new(
            format!("{who} passes over peerType=observer"),
            "the list of servers makes it a participant, and the list counts",
        ),
        MembersWhy::ConfigFileLost => Sentence::new(
            format!("{who} refuses to start"),
            "the dynamic configuration file that its zoo.cfg names is gone",
        ),
        MembersWhy::ConfigLearned { from, mine, theirs } => Sentence::new(
            format!("{who} learns a newer configuration from {from}"),
            format!("{mine} < {theirs}: its election begins anew"),
        ),
    }
}

fn role_en(is_observer: bool) -> &'static str {
    if is_observer {
        "is an observer"
    } else {
        "is no observer: it votes if the configuration names it, and follows without a vote if not"
    }
}

fn fact_en(fact: &QuorumFact, names: &dyn Fn(&[ServerId]) -> String) -> String {
    let QuorumFact { version, present, voters, needed, groups, is_quorum } = fact;
    let verdict = if *is_quorum { "a quorum" } else { "no quorum" };
    if groups.is_empty() {
        let present = names(present);
        return format!("of {version}: {present}, {needed} of {voters} voters needed: {verdict}");
    }
    let groups: Vec<String> = groups
        .iter()
        .map(|g| format!("group {} weight {} of {}", g.group, g.present, g.total))
        .collect();
    format!("of {version}: {}, {needed} groups needed: {verdict}", groups.join(", "))
}

/// 简体中文.
pub fn zh(who: &str, why: &MembersWhy) -> Sentence {
    let names = |servers: &[ServerId]| match servers {
        [] => "无".to_owned(),
        some => list(some, "、"),
    };
    match why {
        MembersWhy::QuorumChecked { check, facts } => {
            let has = facts.iter().all(|fact| fact.is_quorum);
            let what = match (check, has) {
                (QuorumCheck::Vote(vote), _) => format!("{who} 清点投给 {} 的票", vote.leader),
                (QuorumCheck::NewLeader(epoch), _) => {
                    format!("{who} 清点谁有 epoch {epoch} 的历史")
                }
                (QuorumCheck::Commit(zxid), _) => format!("{who} 清点 {zxid} 的确认"),
                (QuorumCheck::Heard, _) => format!("{who} 清点还有谁的消息"),
                (QuorumCheck::Reconfig(_), true) => format!("{who} 确认新成员已就绪"),
                (QuorumCheck::Reconfig(_), false) => {
                    format!("{who} 拒绝：新成员中没有已同步的 quorum")
                }
            };
            let facts: Vec<String> = facts.iter().map(|fact| fact_zh(fact, &names)).collect();
            Sentence::new(what, facts.join("；"))
        }
        MembersWhy::ReconfigProposed { from, to, voters, observers } => Sentence::new(
            format!("{who} 提议配置 {to}"),
            format!(
                "有投票权的：{}；observer：{}；提交之前还需要 {from} 的 quorum",
                names(voters),
                names(observers)
            ),
        ),
        MembersWhy::ConfigActivated { from, to, voters, observers } => Sentence::new(
            format!("{who} 改用配置 {to}"),
            format!("不再用 {from}；有投票权的：{}；observer：{}", names(voters), names(observers)),
        ),
        MembersWhy::DesignatedLeader { leader, zxid, acked } => Sentence::new(
            format!("{who} 指定 {leader} 接任，不再提交任何事务"),
            format!("{zxid} 之后它没有投票权；确认了它的有 {}", names(acked)),
        ),
        MembersWhy::RoleChanged { version, leader: Some(leader), is_observer } => Sentence::new(
            format!("{who} 不经选举，重新跟随 {leader}"),
            format!("这是配置 {version} 规定的；它{}", role_zh(*is_observer)),
        ),
        MembersWhy::RoleChanged { version, leader: None, is_observer } => Sentence::new(
            format!("{who} 重新寻找 leader"),
            format!("配置 {version} 改变了它的角色或 leader；它{}", role_zh(*is_observer)),
        ),
        MembersWhy::NoMember { version } => {
            Sentence::new(format!("{who} 拒绝启动"), format!("磁盘上的配置 {version} 里没有它"))
        }
        MembersWhy::PeerTypeIgnored => Sentence::new(
            format!("{who} 忽略 peerType=observer"),
            "服务器列表中它是 participant，以列表为准",
        ),
        MembersWhy::ConfigFileLost => {
            Sentence::new(format!("{who} 拒绝启动"), "zoo.cfg 指定的动态配置文件不见了")
        }
        MembersWhy::ConfigLearned { from, mine, theirs } => Sentence::new(
            format!("{who} 从 {from} 得知更新的配置"),
            format!("{mine} < {theirs}：选举重新开始"),
        ),
    }
}

fn role_zh(is_observer: bool) -> &'static str {
    if is_observer {
        "是 observer"
    } else {
        "不是 observer：配置里有它就投票，没有就只跟随、不投票"
    }
}

fn fact_zh(fact: &QuorumFact, names: &dyn Fn(&[ServerId]) -> String) -> String {
    let QuorumFact { version, present, voters, needed, groups, is_quorum } = fact;
    let verdict = if *is_quorum { "达到 quorum" } else { "未达到 quorum" };
    if groups.is_empty() {
        let present = names(present);
        return format!("{version}：{present}，{voters} 个投票者中需要 {needed} 个：{verdict}");
    }
    let groups: Vec<String> =
        groups.iter().map(|g| format!("组 {} 权重 {}/{}", g.group, g.present, g.total)).collect();
    format!("{version}：{}，需要 {needed} 个组：{verdict}", groups.join("，"))
}

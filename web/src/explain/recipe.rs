//! Sentences about recipes: locks and what else clients build on znodes.

use super::{Names, Sentence};
use zklab_core::lab::zkcli::recipes::write;
use zklab_core::recipe::Ask;
use zklab_core::sim::action::Contest;
use zklab_core::types::ClientId;
use zklab_core::why::RecipeWhy;

/// The last part of a path: enough to know a node by, beside its recipe.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// In English.
pub fn en(who: &str, why: &RecipeWhy) -> Sentence {
    match why {
        RecipeWhy::JoinedLine { node } => {
            Sentence::new(format!("{who} stands in line"), format!("its node is {}", name(node)))
        }
        RecipeWhy::CreateUncertain { path, is_protected: true } => Sentence::new(
            format!("{who} does not know whether its node is there"),
            format!(
                "the reply to create {path} was lost; after a write, which comes after all that \
                 is outstanding, it will look for its own mark"
            ),
        ),
        RecipeWhy::CreateUncertain { path, is_protected: false } => Sentence::new(
            format!("{who} creates its node again"),
            format!(
                "the reply to create {path} was lost; without a mark it cannot know its own node"
            ),
        ),
        RecipeWhy::FoundOwnNode { node } => Sentence::new(
            format!("{who} finds its own node"),
            format!("{} was created although the reply was lost", name(node)),
        ),
        RecipeWhy::OwnNodeMissing { parent } => Sentence::new(
            format!("{who} creates its node anew"),
            format!("nothing under {parent} bears its mark: the create was never carried out"),
        ),
        RecipeWhy::Granted { node, token, line: 1 } => Sentence::new(
            format!("{who} holds"),
            format!("its node {} is the only one; its fencing token is {token}", name(node)),
        ),
        RecipeWhy::Granted { node, token, line } => Sentence::new(
            format!("{who} holds"),
            format!("its node {} is the first of {line}; its fencing token is {token}", name(node)),
        ),
        RecipeWhy::WaitsBehind { node, watched, before } => Sentence::new(
            format!("{who} waits"),
            format!("its node {} has {before} before it, it watches {}", name(node), name(watched)),
        ),
        RecipeWhy::HerdWaits { node } => Sentence::new(
            format!("{who} waits"),
            format!("{node} is somebody else's; all who wait watch it"),
        ),
        RecipeWhy::Woken { watched } => Sentence::new(
            format!("{who} is woken and looks again"),
            format!("{} has changed", name(watched)),
        ),
        RecipeWhy::WatchedGone { watched } => Sentence::new(
            format!("{who} looks again"),
            format!("{} had gone before it could be watched", name(watched)),
        ),
        RecipeWhy::Released { node } => {
            Sentence::new(format!("{who} gives back"), format!("it deletes {}", name(node)))
        }
        RecipeWhy::GaveUp { path } => {
            Sentence::new(format!("{who} gives up waiting for {path}"), "")
        }
        RecipeWhy::Suspended { path, trusts: false } => Sentence::new(
            format!("{who} stops its work under {path}"),
            "SUSPENDED: without a connection it cannot know whether it still holds",
        ),
        RecipeWhy::Suspended { path, trusts: true } => Sentence::new(
            format!("{who} goes on under {path}"),
            "SUSPENDED, but it trusts that its session lives",
        ),
        RecipeWhy::StillHolds { path } => Sentence::new(
            format!("{who} goes on: it still holds {path}"),
            "connected again in the same session, so its node is still there",
        ),
        RecipeWhy::LostHold { path, ignores: false } => Sentence::new(
            format!("{who} has lost {path}"),
            "LOST: its session is over and its node with it",
        ),
        RecipeWhy::LostHold { path, ignores: true } => Sentence::new(
            format!("{who} works on as if it held {path}"),
            "its session is over, but it does not listen to that",
        ),
        RecipeWhy::Reentered { path, count } => Sentence::new(
            format!("{who} enters {path} again"),
            format!("it holds it already: count {count}, no request is needed"),
        ),
        RecipeWhy::LeftOnce { path, count } => Sentence::new(
            format!("{who} leaves {path} once"),
            format!("it still holds it: count {count}"),
        ),
        RecipeWhy::TwoBelieve { path, older, newer, is_expired } => Sentence::new(
            format!("Two clients believe that they hold {path}"),
            format!(
                "{who} holds with {}, another still works with {}; its session {}",
                name(newer),
                name(older),
                if *is_expired { "is over, it has not heard of it" } else { "lives" }
            ),
        ),
        RecipeWhy::ResourceWritten { path, token, largest } if token < largest => Sentence::new(
            format!("{who} damages what {path} guards"),
            format!("its token {token} is older than {largest}, and the resource does not look"),
        ),
        RecipeWhy::ResourceWritten { path, token, largest: _ } => Sentence::new(
            format!("{who} writes to what {path} guards"),
            format!("with token {token}"),
        ),
        RecipeWhy::ResourceRefused { path, token, largest } => Sentence::new(
            format!("What {path} guards refuses a write of {who}"),
            format!("its fencing token {token} is older than {largest}"),
        ),
        RecipeWhy::Downgraded { path } => {
            Sentence::new(format!("{who} may read {path}"), "it holds it for writing itself")
        }
        RecipeWhy::RevokeAsked { node } => Sentence::new(
            format!("{who} asks the holder to give back"),
            format!("it writes __REVOKE__ into {}", name(node)),
        ),
        RecipeWhy::Revoked { node } => Sentence::new(
            format!("{who} is asked to give back"),
            format!("__REVOKE__ stands in its node {}", name(node)),
        ),
        RecipeWhy::HoldsSome { path, held, of } => Sentence::new(
            format!("{who} holds {held} of {of} locks"),
            format!("of the multi-lock that begins with {path}"),
        ),
        RecipeWhy::NoLease { path, leases, most } => Sentence::new(
            format!("{who} waits for a lease of {path}"),
            format!("{leases} are out, its own included; there are {most}"),
        ),
        RecipeWhy::GaveUpLead { path } => Sentence::new(
            format!("{who} leads {path} no more"),
            "SUSPENDED: it cannot know, and will stand in line again",
        ),
        RecipeWhy::BarrierUp { path } => {
            Sentence::new(format!("{who} waits at {path}"), "the barrier is there")
        }
        RecipeWhy::BarrierGone { path } => {
            Sentence::new(format!("{who} passes {path}"), "the barrier is not there")
        }
        RecipeWhy::CountedIn { path, present, needed } => Sentence::new(
            format!("{who} counts {present} of {needed} at {path}"),
            if present < needed { "it waits for ready" } else { "it sets ready" },
        ),
        RecipeWhy::AllArrived { path, needed } => Sentence::new(
            format!("{who} goes on at {path}"),
            format!("ready is there: all {needed} have arrived"),
        ),
        RecipeWhy::LeavesAfter { path, watched } => Sentence::new(
            format!("{who} waits to leave {path}"),
            format!("{} has not left", name(watched)),
        ),
        RecipeWhy::Added { node } => Sentence::new(
            format!("{who} adds {}", name(node)),
            "the number comes from the parent’s counter",
        ),
        RecipeWhy::QueueEmpty { path } => Sentence::new(
            format!("{who} waits at {path}"),
            "there is nothing to take; it watches the children",
        ),
        RecipeWhy::Took { node } => Sentence::new(
            format!("{who} takes {}", name(node)),
            "its delete was the one that succeeded",
        ),
        RecipeWhy::TakenByOther { node } => Sentence::new(
            format!("{who} tries the next one"),
            format!("somebody else has taken {}", name(node)),
        ),
        RecipeWhy::Present { node } => Sentence::new(
            format!("{who} is there as {}", name(node)),
            "for as long as its session lives",
        ),
        RecipeWhy::MembersSeen { path, members } => Sentence::new(
            format!("{who} sees {members} at {path}"),
            "and left a watch with the same request",
        ),
        RecipeWhy::ConfigSeen { path, version } => Sentence::new(
            format!("{who} sees version {version} of {path}"),
            "and left a watch with the same request",
        ),
        RecipeWhy::NothingYet { path } => Sentence::new(
            format!("{who} sees nothing at {path} yet"),
            "exists leaves a watch where no node is",
        ),
        RecipeWhy::Picked { node } => {
            Sentence::new(format!("{who} picks {}", name(node)), "the next of those it has seen")
        }
        RecipeWhy::Counted { path, value } => Sentence::new(
            format!("{who} counts {path} on to {value}"),
            "nobody else has, since it read: the version was the same",
        ),
        RecipeWhy::CountedMeanwhile { path, version } => Sentence::new(
            format!("{who} reads {path} again"),
            format!("version {version} is not the one there: somebody else has counted"),
        ),
        RecipeWhy::Voted { path, is_commit } => Sentence::new(
            format!("{who} votes on {path}"),
            if *is_commit { "commit" } else { "abort" },
        ),
        RecipeWhy::VoteCame { path, is_commit, votes, of } => Sentence::new(
            format!("{who} has {votes} of {of} votes on {path}"),
            if *is_commit { "the last one is commit" } else { "the last one is abort" },
        ),
        RecipeWhy::Decided { path, is_commit: true, votes, of } => Sentence::new(
            format!("{who} commits {path}"),
            format!("{votes} of {of} votes, all for it"),
        ),
        RecipeWhy::Decided { path, is_commit: false, votes, of } => Sentence::new(
            format!("{who} aborts {path}"),
            format!("one is against it; {votes} of {of} votes have come"),
        ),
        RecipeWhy::RecipeFailed { path, error } => {
            Sentence::new(format!("{who} cannot go on with {path}"), error.name())
        }
        RecipeWhy::DeleteUncertain { node } => Sentence::new(
            format!("{who} does not know whether its delete was carried out"),
            format!(
                "the reply to delete {node} was lost, and a second one could hit somebody else's; \
                 after a write, which comes after all that is outstanding, it will look whose it is"
            ),
        ),
        RecipeWhy::DeletesAgain { node } => Sentence::new(
            format!("{who} deletes {node} again"),
            "its own mark still stands in it: the first delete was not carried out",
        ),
    }
}

/// 简体中文.
pub fn zh(who: &str, why: &RecipeWhy) -> Sentence {
    match why {
        RecipeWhy::JoinedLine { node } => {
            Sentence::new(format!("{who} 开始排队"), format!("它的 znode 是 {}", name(node)))
        }
        RecipeWhy::CreateUncertain { path, is_protected: true } => Sentence::new(
            format!("{who} 不知道自己的 znode 是否已创建"),
            format!(
                "create {path} 的回复丢失了；它先写一次，等此前未决的都有结果，再按自己的标记去找"
            ),
        ),
        RecipeWhy::CreateUncertain { path, is_protected: false } => Sentence::new(
            format!("{who} 再次创建 znode"),
            format!("create {path} 的回复丢失了；没有标记，它认不出自己的 znode"),
        ),
        RecipeWhy::FoundOwnNode { node } => Sentence::new(
            format!("{who} 找到了自己的 znode"),
            format!("回复虽然丢失，{} 已经创建", name(node)),
        ),
        RecipeWhy::OwnNodeMissing { parent } => Sentence::new(
            format!("{who} 重新创建 znode"),
            format!("{parent} 下没有带它标记的 znode：create 没有执行"),
        ),
        RecipeWhy::Granted { node, token, line: 1 } => Sentence::new(
            format!("{who} 持有"),
            format!("只有它的 znode {}；fencing token 是 {token}", name(node)),
        ),
        RecipeWhy::Granted { node, token, line } => Sentence::new(
            format!("{who} 持有"),
            format!("它的 znode {} 是 {line} 个中的第一个；fencing token 是 {token}", name(node)),
        ),
        RecipeWhy::WaitsBehind { node, watched, before } => Sentence::new(
            format!("{who} 等待"),
            format!("它的 znode {} 前面还有 {before} 个，它 watch {}", name(node), name(watched)),
        ),
        RecipeWhy::HerdWaits { node } => {
            Sentence::new(format!("{who} 等待"), format!("{node} 是别人的；所有等待者都 watch 它"))
        }
        RecipeWhy::Woken { watched } => {
            Sentence::new(format!("{who} 被唤醒，再看一次"), format!("{} 变了", name(watched)))
        }
        RecipeWhy::WatchedGone { watched } => Sentence::new(
            format!("{who} 再看一次"),
            format!("还没来得及 watch，{} 就不在了", name(watched)),
        ),
        RecipeWhy::Released { node } => {
            Sentence::new(format!("{who} 归还"), format!("它删除 {}", name(node)))
        }
        RecipeWhy::GaveUp { path } => Sentence::new(format!("{who} 不再等待 {path}"), ""),
        RecipeWhy::Suspended { path, trusts: false } => Sentence::new(
            format!("{who} 停下 {path} 下的工作"),
            "SUSPENDED：没有连接，它无法知道是否仍然持有",
        ),
        RecipeWhy::Suspended { path, trusts: true } => {
            Sentence::new(format!("{who} 继续 {path} 下的工作"), "SUSPENDED，但它相信会话还在")
        }
        RecipeWhy::StillHolds { path } => Sentence::new(
            format!("{who} 继续：它仍持有 {path}"),
            "以同一会话重新连上，它的 znode 还在",
        ),
        RecipeWhy::LostHold { path, ignores: false } => {
            Sentence::new(format!("{who} 失去 {path}"), "LOST：会话已结束，它的 znode 也随之消失")
        }
        RecipeWhy::LostHold { path, ignores: true } => {
            Sentence::new(format!("{who} 仍像持有 {path} 一样工作"), "会话已结束，但它不理会")
        }
        RecipeWhy::Reentered { path, count } => Sentence::new(
            format!("{who} 再次进入 {path}"),
            format!("它已经持有：计数 {count}，不需要请求"),
        ),
        RecipeWhy::LeftOnce { path, count } => {
            Sentence::new(format!("{who} 离开 {path} 一次"), format!("它仍然持有：计数 {count}"))
        }
        RecipeWhy::TwoBelieve { path, older, newer, is_expired } => Sentence::new(
            format!("两个客户端都以为自己持有 {path}"),
            format!(
                "{who} 凭 {} 持有，另一个仍凭 {} 工作；后者的会话{}",
                name(newer),
                name(older),
                if *is_expired { "已结束，只是它还没听说" } else { "还在" }
            ),
        ),
        RecipeWhy::ResourceWritten { path, token, largest } if token < largest => Sentence::new(
            format!("{who} 损坏了 {path} 保护的资源"),
            format!("它的 token {token} 比 {largest} 旧，而资源不检查"),
        ),
        RecipeWhy::ResourceWritten { path, token, largest: _ } => {
            Sentence::new(format!("{who} 写入 {path} 保护的资源"), format!("token 是 {token}"))
        }
        RecipeWhy::ResourceRefused { path, token, largest } => Sentence::new(
            format!("{path} 保护的资源拒绝了 {who} 的写入"),
            format!("它的 fencing token {token} 比 {largest} 旧"),
        ),
        RecipeWhy::Downgraded { path } => {
            Sentence::new(format!("{who} 可以读 {path}"), "它自己正持有写锁")
        }
        RecipeWhy::RevokeAsked { node } => Sentence::new(
            format!("{who} 请求持有者归还"),
            format!("它把 __REVOKE__ 写入 {}", name(node)),
        ),
        RecipeWhy::Revoked { node } => Sentence::new(
            format!("{who} 被请求归还"),
            format!("它的 znode {} 里写着 __REVOKE__", name(node)),
        ),
        RecipeWhy::HoldsSome { path, held, of } => Sentence::new(
            format!("{who} 持有 {of} 把锁中的 {held} 把"),
            format!("这组锁从 {path} 开始"),
        ),
        RecipeWhy::NoLease { path, leases, most } => Sentence::new(
            format!("{who} 等待 {path} 的租约"),
            format!("连它自己的共 {leases} 份，而只有 {most} 份"),
        ),
        RecipeWhy::GaveUpLead { path } => Sentence::new(
            format!("{who} 不再是 {path} 的 leader"),
            "SUSPENDED：它无法确定，之后会重新排队",
        ),
        RecipeWhy::BarrierUp { path } => Sentence::new(format!("{who} 在 {path} 等待"), "屏障还在"),
        RecipeWhy::BarrierGone { path } => Sentence::new(format!("{who} 通过 {path}"), "屏障不在"),
        RecipeWhy::CountedIn { path, present, needed } => Sentence::new(
            format!("{who} 在 {path} 数到 {present}/{needed}"),
            if present < needed { "等待 ready" } else { "它创建 ready" },
        ),
        RecipeWhy::AllArrived { path, needed } => Sentence::new(
            format!("{who} 在 {path} 继续"),
            format!("ready 已在：{needed} 个都到齐了"),
        ),
        RecipeWhy::LeavesAfter { path, watched } => {
            Sentence::new(format!("{who} 等待离开 {path}"), format!("{} 还没离开", name(watched)))
        }
        RecipeWhy::Added { node } => {
            Sentence::new(format!("{who} 添加 {}", name(node)), "编号来自父节点的计数器")
        }
        RecipeWhy::QueueEmpty { path } => {
            Sentence::new(format!("{who} 在 {path} 等待"), "没有可取的；它 watch 子节点")
        }
        RecipeWhy::Took { node } => {
            Sentence::new(format!("{who} 取走 {}", name(node)), "成功的是它的 delete")
        }
        RecipeWhy::TakenByOther { node } => {
            Sentence::new(format!("{who} 试下一个"), format!("{} 已被别人取走", name(node)))
        }
        RecipeWhy::Present { node } => {
            Sentence::new(format!("{who} 以 {} 在场", name(node)), "直到会话结束")
        }
        RecipeWhy::MembersSeen { path, members } => {
            Sentence::new(format!("{who} 在 {path} 看到 {members} 个"), "同一请求也留下了 watch")
        }
        RecipeWhy::ConfigSeen { path, version } => {
            Sentence::new(format!("{who} 看到 {path} 的版本 {version}"), "同一请求也留下了 watch")
        }
        RecipeWhy::NothingYet { path } => Sentence::new(
            format!("{who} 在 {path} 还什么都看不到"),
            "exists 可以在不存在的 znode 上留下 watch",
        ),
        RecipeWhy::Picked { node } => {
            Sentence::new(format!("{who} 选中 {}", name(node)), "它看到的下一个")
        }
        RecipeWhy::Counted { path, value } => {
            Sentence::new(format!("{who} 把 {path} 计到 {value}"), "读取之后没有别人改过：版本相同")
        }
        RecipeWhy::CountedMeanwhile { path, version } => Sentence::new(
            format!("{who} 重新读取 {path}"),
            format!("版本已不是 {version}：别人已经计过"),
        ),
        RecipeWhy::Voted { path, is_commit } => Sentence::new(
            format!("{who} 对 {path} 投票"),
            if *is_commit { "commit" } else { "abort" },
        ),
        RecipeWhy::VoteCame { path, is_commit, votes, of } => Sentence::new(
            format!("{who} 收到 {path} 的 {votes}/{of} 票"),
            if *is_commit { "最新一票是 commit" } else { "最新一票是 abort" },
        ),
        RecipeWhy::Decided { path, is_commit: true, votes, of } => {
            Sentence::new(format!("{who} 提交 {path}"), format!("{votes}/{of} 票，全部同意"))
        }
        RecipeWhy::Decided { path, is_commit: false, votes, of } => Sentence::new(
            format!("{who} 中止 {path}"),
            format!("有一票反对；已收到 {votes}/{of} 票"),
        ),
        RecipeWhy::RecipeFailed { path, error } => {
            Sentence::new(format!("{who} 无法继续 {path}"), error.name())
        }
        RecipeWhy::DeleteUncertain { node } => Sentence::new(
            format!("{who} 不知道 delete 是否已执行"),
            format!(
                "delete {node} 的回复丢失了，再删一次可能删掉别人的 znode；它先写一次，等此前未决的\
                 都有结果，再看这个 znode 是谁的"
            ),
        ),
        RecipeWhy::DeletesAgain { node } => Sentence::new(
            format!("{who} 再次删除 {node}"),
            "里面仍是它自己的标记：前一次 delete 没有执行",
        ),
    }
}

/// A client was told to follow a recipe.
pub fn ask_en(names: &Names, client: ClientId, ask: &Ask) -> Sentence {
    Sentence::new(format!("Client {} asks: {}", names.client(client), write(ask)), "")
}

/// 简体中文.
pub fn ask_zh(names: &Names, client: ClientId, ask: &Ask) -> Sentence {
    Sentence::new(format!("客户端 {} 请求：{}", names.client(client), write(ask)), "")
}

/// Several were.
pub fn contend_en(contest: &Contest) -> Sentence {
    let Contest { name, count, ask, .. } = contest;
    Sentence::new(
        format!("{count} clients ask: {}", write(ask)),
        format!("{name}1 to {name}{count}"),
    )
}

/// 简体中文.
pub fn contend_zh(contest: &Contest) -> Sentence {
    let Contest { name, count, ask, .. } = contest;
    Sentence::new(
        format!("{count} 个客户端请求：{}", write(ask)),
        format!("{name}1 到 {name}{count}"),
    )
}

/// What recipes promise, in English.
pub const INVARIANT_EN: (&str, &str) = (
    "What recipes promise",
    "While sessions live, nobody is granted what others hold, lines move in order, nobody waits for \
     what has come, nobody passes a barrier that is there, nothing is taken twice and nothing lost.",
);

/// 简体中文.
pub const INVARIANT_ZH: (&str, &str) = (
    "recipe 的承诺",
    "只要会话还在，没有人会得到别人正持有的，队列按顺序前进，没有人等待已经到来的，屏障还在时没有人通过，也没有东西被取走两次或丢失。",
);

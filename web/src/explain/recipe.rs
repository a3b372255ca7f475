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
            format!("the reply to create {path} was lost; it will look for its own mark"),
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
        RecipeWhy::RecipeFailed { path, error } => {
            Sentence::new(format!("{who} cannot go on with {path}"), error.name())
        }
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
            format!("create {path} 的回复丢失了；它会按自己的标记去找"),
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
            format!("它的 znode {} 前面还有 {before} 个，它监视 {}", name(node), name(watched)),
        ),
        RecipeWhy::HerdWaits { node } => {
            Sentence::new(format!("{who} 等待"), format!("{node} 是别人的；所有等待者都监视它"))
        }
        RecipeWhy::Woken { watched } => {
            Sentence::new(format!("{who} 被唤醒，再看一次"), format!("{} 变了", name(watched)))
        }
        RecipeWhy::WatchedGone { watched } => Sentence::new(
            format!("{who} 再看一次"),
            format!("还没来得及监视，{} 就不在了", name(watched)),
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
        RecipeWhy::RecipeFailed { path, error } => {
            Sentence::new(format!("{who} 无法继续 {path}"), error.name())
        }
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

//! Words about recipes: the panel, the form, what a release costs, prepared scenarios.

use crate::i18n::drawings::{self, DrawingStrings};
use zklab_core::lab::view::RecipePhase;
use zklab_core::recipe::RecipeKind;
use zklab_core::types::Time;

/// All of them in one language.
pub struct RecipeStrings {
    /// The panel.
    pub title: &'static str,
    /// Its parts: who waits, new clients, herd against queue, prepared scenarios.
    pub parts: [&'static str; 4],
    /// Nothing goes on.
    pub nothing: &'static str,
    /// What a recipe is called.
    pub kind: fn(RecipeKind) -> String,
    /// What is offered to new clients, in the order of the form.
    pub offered: [&'static str; 8],
    /// Who holds as far as znodes tell.
    pub by_znode: &'static str,
    /// Who believes to hold.
    pub by_belief: &'static str,
    /// How a client stands.
    pub phase: fn(RecipePhase) -> &'static str,
    /// Two believe.
    pub two: fn(&str, &str, Time) -> String,
    /// To that moment.
    pub go: &'static str,
    /// A client without a znode there.
    pub no_znode: &'static str,
    /// A znode whose client is not known.
    pub no_client: &'static str,
    /// So many are not drawn.
    pub more: fn(usize) -> String,
    /// Gives back.
    pub release: fn(&str) -> String,
    /// Gives up waiting.
    pub give_up: fn(&str) -> String,
    /// Its process dies.
    pub crash: fn(&str) -> String,
    /// Its process stands still.
    pub pause: fn(&str) -> String,
    /// It goes on.
    pub resume: fn(&str) -> String,
    /// What a crash means.
    pub crash_hint: &'static str,
    /// Shows a znode.
    pub show_znode: fn(&str) -> String,
    /// What an arrow means.
    pub watches: &'static str,
    /// How many of those that were waited for have come.
    pub come: fn(usize, u32) -> String,
    /// What it cost: the caption.
    pub costs: &'static str,
    /// Notifications, reads, writes.
    pub counts: [&'static str; 3],
    /// Since the last release, from the one before to it, in all.
    pub spans: [&'static str; 3],
    /// How often it was granted and given back.
    pub turns: fn(u64, u64) -> String,
    /// The resource: writes taken, damaging ones among them, refused ones.
    pub guarded: fn(u64, u64, u64) -> String,
    /// The form: what, how many, where, how long, on SUSPENDED, on LOST.
    pub fields: [&'static str; 6],
    /// Held until given back.
    pub until_released: &'static str,
    /// On SUSPENDED: stops, or goes on.
    pub on_suspended: [&'static str; 2],
    /// On LOST: stops, or goes on.
    pub on_lost: [&'static str; 2],
    /// Start so many.
    pub start: fn(u16) -> String,
    /// Each server takes so many connections from one address; so many clients are too many.
    pub refused: fn(u32, usize) -> String,
    /// About the measure.
    pub cost_hint: &'static str,
    /// Measure.
    pub measure: &'static str,
    /// How many clients, by which recipe.
    pub cost_columns: [&'static str; 2],
    /// By herd, by queue.
    pub herd_queue: [&'static str; 2],
    /// Is being measured.
    pub measuring: &'static str,
    /// About the scenarios.
    pub prepared_hint: &'static str,
    /// The list or a scenario could not be had.
    pub no_prepared: &'static str,
    /// In the drawings.
    pub drawn: DrawingStrings,
    /// This path cannot be.
    pub no_path: fn(&str) -> String,
}

/// English.
pub const EN: RecipeStrings = RecipeStrings {
    title: "Recipes",
    parts: ["Who holds", "New clients", "Herd or queue", "Scenarios"],
    nothing: "No client follows a recipe yet. Start some, or open a scenario.",
    kind: |kind| match kind {
        RecipeKind::Lock => "lock by queue".to_owned(),
        RecipeKind::HerdLock => "lock by herd".to_owned(),
        RecipeKind::ReadWriteLock => "read/write lock".to_owned(),
        RecipeKind::Semaphore(most) => format!("semaphore of {most}"),
        RecipeKind::Election => "election".to_owned(),
        RecipeKind::Barrier => "barrier".to_owned(),
        RecipeKind::DoubleBarrier(needed) => format!("double barrier for {needed}"),
        RecipeKind::Gather(needed) => format!("gathering of {needed}"),
        RecipeKind::Queue => "queue".to_owned(),
        RecipeKind::Group => "group".to_owned(),
        RecipeKind::Config => "configuration".to_owned(),
        RecipeKind::Naming => "names".to_owned(),
        RecipeKind::Counter => "counter".to_owned(),
        RecipeKind::TwoPhaseCommit => "two-phase commit".to_owned(),
    },
    offered: [
        "Lock by queue",
        "Lock by herd",
        "Read lock",
        "Write lock",
        "Semaphore of 2",
        "Leader election",
        "Double barrier for 5",
        "Re-entrant mutex",
    ],
    by_znode: "Holds by its znode",
    by_belief: "Believes it holds",
    phase: |phase| match phase {
        RecipePhase::Begins => "begins",
        RecipePhase::Waits => "waits",
        RecipePhase::Holds => "holds",
        RecipePhase::Doubts => "doubts",
        RecipePhase::Ends => "gives back",
    },
    two: |older, newer, at| {
        format!("{older} and {newer} both believed that they hold, first at {}", super::seconds(at))
    },
    go: "Go there",
    no_znode: "no znode",
    no_client: "no client",
    more: |count| format!("{count} more"),
    release: |who| format!("Release {who}"),
    give_up: |who| format!("{who} gives up"),
    crash: |who| format!("Crash {who}"),
    pause: |who| format!("Pause {who}"),
    resume: |who| format!("Resume {who}"),
    crash_hint: "The process dies without a word: its znode stays until its session expires.",
    show_znode: |path| format!("Show {path} in the trees"),
    watches: "watches",
    come: |come, needed| format!("{come} of {needed} have come"),
    costs: "What it cost",
    counts: ["notifications", "reads", "writes"],
    spans: ["since the last release", "the release before", "in all"],
    turns: |grants, releases| format!("granted {grants}×, given back {releases}×"),
    guarded: |taken, stale, refused| {
        format!("what it guards: {taken} writes taken, {stale} of them too late, {refused} refused")
    },
    fields: ["Recipe", "Clients", "Path", "Each holds", "When SUSPENDED", "When LOST"],
    until_released: "until released",
    on_suspended: ["stops working", "goes on"],
    on_lost: ["stops working", "goes on"],
    start: |count| format!("Start {count} clients"),
    cost_hint: "What one release costs when so many clients want one lock: measured by letting it \
                happen, in an ensemble of three servers of its own. maxClientCnxns is 0 there: a \
                server takes 60 connections from one address otherwise.",
    refused: |limit, count| {
        format!(
            "All come from one address, and each server takes {limit} connections from it \
             (maxClientCnxns): {count} would be refused again and again. More servers spread them; \
             maxClientCnxns can be raised under Scenario."
        )
    },
    measure: "Measure",
    cost_columns: ["Clients", "Recipe"],
    herd_queue: ["herd", "queue"],
    measuring: "measuring…",
    prepared_hint: "Each opens as a run of its own; the work before can be had back.",
    no_prepared: "The scenarios could not be loaded. Without a network only what was kept is there.",
    drawn: drawings::EN,
    no_path: |path| format!("{path} is no path for a recipe: one such as /locks/a is needed."),
};

/// 简体中文.
pub const ZH: RecipeStrings = RecipeStrings {
    title: "Recipe",
    parts: ["谁持有", "新客户端", "惊群还是排队", "场景"],
    nothing: "还没有客户端在使用 recipe。启动几个，或打开一个场景。",
    kind: |kind| match kind {
        RecipeKind::Lock => "排队锁".to_owned(),
        RecipeKind::HerdLock => "惊群锁".to_owned(),
        RecipeKind::ReadWriteLock => "读写锁".to_owned(),
        RecipeKind::Semaphore(most) => format!("{most} 个租约的信号量"),
        RecipeKind::Election => "选举".to_owned(),
        RecipeKind::Barrier => "屏障".to_owned(),
        RecipeKind::DoubleBarrier(needed) => format!("{needed} 方双重屏障"),
        RecipeKind::Gather(needed) => format!("等 {needed} 方到齐"),
        RecipeKind::Queue => "队列".to_owned(),
        RecipeKind::Group => "组".to_owned(),
        RecipeKind::Config => "配置".to_owned(),
        RecipeKind::Naming => "命名".to_owned(),
        RecipeKind::Counter => "计数器".to_owned(),
        RecipeKind::TwoPhaseCommit => "两阶段提交".to_owned(),
    },
    offered: [
        "排队锁",
        "惊群锁",
        "读锁",
        "写锁",
        "2 个租约的信号量",
        "leader 选举",
        "5 方双重屏障",
        "可重入互斥锁",
    ],
    by_znode: "按 znode 持有",
    by_belief: "自认为持有",
    phase: |phase| match phase {
        RecipePhase::Begins => "开始",
        RecipePhase::Waits => "等待",
        RecipePhase::Holds => "持有",
        RecipePhase::Doubts => "存疑",
        RecipePhase::Ends => "归还",
    },
    two: |older, newer, at| {
        format!("{older} 和 {newer} 曾同时认为自己持有，首次发生在 {}", super::seconds(at))
    },
    go: "到那一刻",
    no_znode: "无 znode",
    no_client: "无客户端",
    more: |count| format!("还有 {count} 个"),
    release: |who| format!("{who} 释放"),
    give_up: |who| format!("{who} 放弃等待"),
    crash: |who| format!("{who} 崩溃"),
    pause: |who| format!("暂停 {who}"),
    resume: |who| format!("恢复 {who}"),
    crash_hint: "进程不声不响地死去：它的 znode 一直留到会话过期。",
    show_znode: |path| format!("在树中显示 {path}"),
    watches: "watch",
    come: |come, needed| format!("{needed} 方中已到 {come} 方"),
    costs: "代价",
    counts: ["通知", "读", "写"],
    spans: ["上次释放以来", "再上一次释放", "总计"],
    turns: |grants, releases| format!("授予 {grants} 次，归还 {releases} 次"),
    guarded: |taken, stale, refused| {
        format!("受保护的资源：接受 {taken} 次写入，其中 {stale} 次过时，拒绝 {refused} 次")
    },
    fields: ["Recipe", "客户端数", "路径", "每个持有", "SUSPENDED 时", "LOST 时"],
    until_released: "直到释放",
    on_suspended: ["停止工作", "继续工作"],
    on_lost: ["停止工作", "继续工作"],
    start: |count| format!("启动 {count} 个客户端"),
    cost_hint: "这么多客户端争一把锁时，一次释放的代价：在另一个三服务器的 ensemble 中实际运行测得，其中 maxClientCnxns 为 0：\
                否则每个服务器只接受同一地址的 60 个连接。",
    refused: |limit, count| {
        format!(
            "所有客户端来自同一地址，每个服务器只接受它的 {limit} 个连接（maxClientCnxns）：\
             {count} 个会被反复拒绝。增加服务器可以分摊；也可以在“场景”中调大 maxClientCnxns。"
        )
    },
    measure: "测量",
    cost_columns: ["客户端", "Recipe"],
    herd_queue: ["惊群", "排队"],
    measuring: "测量中…",
    prepared_hint: "每个场景作为独立的运行打开；之前的工作可以找回。",
    no_prepared: "无法加载场景。没有网络时只能使用已保存的内容。",
    drawn: drawings::ZH,
    no_path: |path| format!("{path} 不能用作 recipe 的路径：需要 /locks/a 这样的路径。"),
};

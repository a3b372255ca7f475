//! Words about branches and about running until something happens.

use zklab_core::lab::hunt::Goal;
use zklab_core::types::Time;

use super::seconds;

/// All of them in one language.
pub struct TimeStrings {
    /// The panel, and its tab.
    pub branches: &'static str,
    /// A branch without a name.
    pub branch: fn(u32) -> String,
    /// It is the current one.
    pub current: &'static str,
    /// Where it left another: that one's name, and when.
    pub left: fn(&str, Time) -> String,
    /// It is the first.
    pub first: &'static str,
    /// How far it goes, and how many actions it has.
    pub reach: fn(Time, usize) -> String,
    /// Go to it.
    pub switch: &'static str,
    /// Compare it with the current one.
    pub compare: &'static str,
    /// Drop it.
    pub delete: &'static str,
    /// A new branch from here on.
    pub fork: &'static str,
    /// What that does.
    pub fork_hint: &'static str,
    /// Name of the field for a branch's name.
    pub name: &'static str,
    /// To just before the last action.
    pub undo: &'static str,
    /// To just after the next action.
    pub redo: &'static str,
    /// What the panel is for.
    pub hint: &'static str,
    /// The first so many events are not remembered in detail.
    pub forgotten: fn(u32) -> String,

    /// Heading of a comparison: both names.
    pub comparing: fn(&str, &str) -> String,
    /// End the comparison.
    pub close: &'static str,
    /// How many events both share, and until when.
    pub shared: fn(u32, Time) -> String,
    /// Row: what first differs.
    pub differs_first: &'static str,
    /// A branch ends where the other goes on.
    pub ends_here: &'static str,
    /// An event that the feed does not tell of.
    pub other_event: &'static str,
    /// Row: how far it goes.
    pub end: &'static str,
    /// Row: zxids that only one has.
    pub only_here: &'static str,
    /// And so many more.
    pub more: fn(usize) -> String,
    /// Row: the trees; how many znodes are the same.
    pub tree_of: fn(&str, usize) -> String,
    /// A server is down there.
    pub no_tree: &'static str,
    /// The znode is not there.
    pub absent: &'static str,
    /// Trees are the same.
    pub same_tree: &'static str,

    /// The button that opens the list of what can be waited for.
    pub run_until: &'static str,
    /// What can be waited for.
    pub goal: fn(Goal) -> &'static str,
    /// Name of the choice of an event.
    pub chosen: &'static str,
    /// Its first line.
    pub choose: &'static str,
    /// Group of decisions.
    pub decisions: &'static str,
    /// Group of packets.
    pub packets: &'static str,
    /// To the next phase.
    pub step_phase: &'static str,
    /// To the phase before.
    pub back_phase: &'static str,

    /// Acting in the past made a branch; this one is kept.
    pub forked: fn(u32) -> String,
    /// To just before an action.
    pub before_action: &'static str,
    /// To just after an action.
    pub after_action: &'static str,
    /// There is no action before.
    pub nothing_before: &'static str,
    /// There is no action after.
    pub nothing_after: &'static str,
    /// What was waited for did not come.
    pub not_reached: &'static str,
    /// Nothing happens any more.
    pub nothing_happens: &'static str,
    /// Playback stopped at a violation.
    pub stopped_at_violation: &'static str,
    /// Details are forgotten.
    pub forgets: &'static str,
}

/// English.
pub const EN: TimeStrings = TimeStrings {
    branches: "Branches",
    branch: |number| format!("Branch {number}"),
    current: "current",
    left: |from, at| format!("left {from} at {}", seconds(at)),
    first: "the first",
    reach: |end, actions| match actions {
        1 => format!("to {} · 1 action", seconds(end)),
        _ => format!("to {} · {actions} actions", seconds(end)),
    },
    switch: "Go there",
    compare: "Compare",
    delete: "Delete",
    fork: "Fork here",
    fork_hint: "A new branch from this moment on; this one stays as it is",
    name: "Name of the branch",
    undo: "Before the last action",
    redo: "After the next action",
    hint: "Act in the past, or fork here, and what came after stays as a branch to go back to \
           and to compare with.",
    forgotten: |events| {
        format!(
            "Of the first {events} events feed, lanes and reasons are no longer kept. Every action \
             is, so every moment can still be gone to."
        )
    },

    comparing: |one, other| format!("{one} and {other}"),
    close: "End the comparison",
    shared: |events, at| match events {
        0 => "They share no event.".to_owned(),
        1 => format!("They share 1 event, at {}.", seconds(at)),
        _ => format!("They share {events} events, the last at {}.", seconds(at)),
    },
    differs_first: "First difference",
    ends_here: "it ends here",
    other_event: "a timer, or a disk write",
    end: "End",
    only_here: "Committed only here",
    more: |count| format!("and {count} more"),
    tree_of: |server, same| format!("Tree of {server} ({same} the same)"),
    no_tree: "down",
    absent: "not there",
    same_tree: "no difference",

    run_until: "Run until",
    goal: |goal| match goal {
        Goal::Elected => "a leader is elected",
        Goal::Synchronized => "everyone is synchronized",
        Goal::Expired => "a session expires",
        Goal::Phase => "a server changes phase",
        Goal::Decision(name) => name,
        Goal::Packet(packet) => packet.name(),
        Goal::Violation => "an invariant breaks",
    },
    chosen: "Run until an event of this kind",
    choose: "a chosen event…",
    decisions: "A decision",
    packets: "A packet arrives",
    step_phase: "Next phase of a server",
    back_phase: "Phase before",

    forked: |from| format!("A new branch. What came after stays in branch {from}."),
    before_action: "Just before the last action. Play repeats it; act, or fork with F, and it goes \
                    another way. Ctrl+Shift+Z goes forward again.",
    after_action: "Just after the next action.",
    nothing_before: "There is no action before this moment.",
    nothing_after: "There is no action after this moment.",
    not_reached: "It has not happened within ten minutes of the ensemble’s time.",
    nothing_happens: "Nothing happens any more, and it has not happened.",
    stopped_at_violation: "Playback has stopped: an invariant is broken. The list at the top shows \
                           the facts that clash.",
    forgets: "This run has more than a million events. Of the oldest, feed, lanes and reasons are \
              no longer kept; every action is, and every moment can still be gone to.",
};

/// 简体中文.
pub const ZH: TimeStrings = TimeStrings {
    branches: "分支",
    branch: |number| format!("分支 {number}"),
    current: "当前",
    left: |from, at| format!("在 {} 从{from}分出", seconds(at)),
    first: "第一个分支",
    reach: |end, actions| format!("到 {} · {actions} 个操作", seconds(end)),
    switch: "切换到此",
    compare: "比较",
    delete: "删除",
    fork: "从此分支",
    fork_hint: "从这一时刻开始一个新分支，当前分支保持不变",
    name: "分支的名称",
    undo: "回到上一个操作之前",
    redo: "前进到下一个操作之后",
    hint: "在过去进行操作，或从此分支：之后发生过的会保留为一个分支，可以切换回去，也可以比较。",
    forgotten: |events| {
        format!(
            "前 {events} 个事件的动态、泳道和原因不再保留；所有操作都保留着，因此仍可回到任意时刻。"
        )
    },

    comparing: |one, other| format!("{one}与{other}"),
    close: "结束比较",
    shared: |events, at| match events {
        0 => "它们没有共同的事件。".to_owned(),
        _ => format!("它们有 {events} 个共同的事件，最后一个在 {}。", seconds(at)),
    },
    differs_first: "最早的不同",
    ends_here: "到此结束",
    other_event: "一个计时器或一次磁盘写入",
    end: "终点",
    only_here: "仅此分支提交",
    more: |count| format!("另有 {count} 个"),
    tree_of: |server, same| format!("{server} 的树（{same} 个相同）"),
    no_tree: "已停止",
    absent: "不存在",
    same_tree: "没有不同",

    run_until: "运行到",
    goal: |goal| match goal {
        Goal::Elected => "选出 leader",
        Goal::Synchronized => "全部同步完成",
        Goal::Expired => "某个会话过期",
        Goal::Phase => "某台服务器进入新阶段",
        Goal::Decision(name) => name,
        Goal::Packet(packet) => packet.name(),
        Goal::Violation => "某个不变式被破坏",
    },
    chosen: "运行到这一类事件",
    choose: "选择一类事件…",
    decisions: "一个决定",
    packets: "一个数据包到达",
    step_phase: "服务器的下一个阶段",
    back_phase: "上一个阶段",

    forked: |from| format!("新分支。之后发生过的保留在分支 {from}。"),
    before_action: "上一个操作之前。播放会重复它；进行操作或按 F 分支，就会走另一条路。\
                    Ctrl+Shift+Z 再次前进。",
    after_action: "下一个操作之后。",
    nothing_before: "此刻之前没有操作。",
    nothing_after: "此刻之后没有操作。",
    not_reached: "在集群时间的十分钟之内没有发生。",
    nothing_happens: "不再有任何事情发生，所等的也没有发生。",
    stopped_at_violation: "播放已停止：一个不变式被破坏。上方的列表给出相互矛盾的事实。",
    forgets: "这次运行已超过一百万个事件。最早的事件不再保留动态、泳道和原因；\
              所有操作都保留着，仍可回到任意时刻。",
};

//! Words of the stage's menus and tools.

use crate::explain::list;
use zklab_core::types::ServerId;

/// Words of the stage's menus and tools.
pub struct StageWords {
    /// What a menu is called: the actions of this.
    pub actions_of: fn(&str) -> String,
    /// Menu of a server: cut it off from all others.
    pub isolate: &'static str,
    /// Menu of a server: writes take longer.
    pub slow_disk: &'static str,
    /// Menu of a server: no space is left.
    pub full_disk: &'static str,
    /// Menu of a server: writes fail.
    pub failing_disk: &'static str,
    /// Menu of a server: whether it stands on the side that a partition cuts off.
    pub on_side: &'static str,
    /// Menu of a link: cut both ways.
    pub cut_both: &'static str,
    /// Menu of a link: cut one way, from and to.
    pub cut_one: fn(&str, &str) -> String,
    /// Menu of a link: make both ways slow.
    pub slow_link: &'static str,
    /// Menu of a link: as it was.
    pub heal_link: &'static str,
    /// Menu of a packet: lose it, and its connection with it.
    pub lose: &'static str,
    /// Menu of a client: close its session.
    pub close_session: &'static str,
    /// Menu of a client: it knows only this server from now on.
    pub move_to: fn(ServerId) -> String,
    /// Menu of a client: its process dies.
    pub crash: &'static str,
    /// What a link is called.
    pub link: fn(&str, &str) -> String,
    /// It is cut, in at least one direction.
    pub is_cut: &'static str,
    /// What a packet is called: label, from, to.
    pub packet: fn(&str, &str, &str) -> String,
    /// After a lasso: these servers are encircled.
    pub encircled: fn(&[ServerId]) -> String,
    /// After a lasso: cut them off.
    pub partition_these: &'static str,
    /// After a lasso: never mind.
    pub cancel: &'static str,
    /// Name of the tools.
    pub tools: &'static str,
    /// Larger.
    pub zoom_in: &'static str,
    /// Smaller.
    pub zoom_out: &'static str,
    /// All of the stage.
    pub fit: &'static str,
    /// So many clients for which there is no room.
    pub more_clients: fn(usize) -> String,
}

/// In English.
pub const EN: StageWords = StageWords {
    actions_of: |name| format!("Actions: {name}"),
    isolate: "Isolate",
    slow_disk: "Slow disk (500 ms)",
    full_disk: "Full disk",
    failing_disk: "Failing disk",
    on_side: "On the side to cut off",
    cut_both: "Cut both ways",
    cut_one: |from, to| format!("Cut {from} → {to}"),
    slow_link: "Slow (200 ms)",
    heal_link: "Heal this link",
    lose: "Lose, with its connection",
    close_session: "Close its session",
    move_to: |id| format!("Move to {id}"),
    crash: "Crash",
    link: |one, other| format!("Link {one} – {other}"),
    is_cut: "cut",
    packet: |label, from, to| format!("{label} from {from} to {to}"),
    encircled: |ids| list(ids, ", "),
    partition_these: "Partition these",
    cancel: "Cancel",
    tools: "View of the stage",
    zoom_in: "Zoom in",
    zoom_out: "Zoom out",
    fit: "Fit",
    more_clients: |count| format!("{count} more clients"),
};

/// In Chinese.
pub const ZH: StageWords = StageWords {
    actions_of: |name| format!("{name} 的操作"),
    isolate: "隔离",
    slow_disk: "慢磁盘（500 毫秒）",
    full_disk: "磁盘已满",
    failing_disk: "磁盘写入失败",
    on_side: "在要隔开的一侧",
    cut_both: "切断双向",
    cut_one: |from, to| format!("切断 {from} → {to}"),
    slow_link: "变慢（200 毫秒）",
    heal_link: "恢复这条链路",
    lose: "丢失，连接随之断开",
    close_session: "关闭会话",
    move_to: |id| format!("移到 {id}"),
    crash: "崩溃",
    link: |one, other| format!("链路 {one} – {other}"),
    is_cut: "已切断",
    packet: |label, from, to| format!("{label}，从 {from} 到 {to}"),
    encircled: |ids| list(ids, "、"),
    partition_these: "隔开这些服务器",
    cancel: "取消",
    tools: "舞台视图",
    zoom_in: "放大",
    zoom_out: "缩小",
    fit: "适合窗口",
    more_clients: |count| format!("还有 {count} 个客户端"),
};

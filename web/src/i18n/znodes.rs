//! The words of the znodes: a tree per server, one znode on all of them, and what can be done to it.

/// The words of the znodes in one language.
pub struct ZnodeWords {
    /// Name of the table of one znode.
    pub of: fn(&str) -> String,
    /// Button: back to the trees.
    pub back: &'static str,
    /// Button and form: a new znode.
    pub create: &'static str,
    /// Button and form: other data.
    pub set: &'static str,
    /// Button and form: a znode goes.
    pub delete: &'static str,
    /// Field: where.
    pub path: &'static str,
    /// Field: what.
    pub data: &'static str,
    /// Choice: it goes with its session.
    pub ephemeral: &'static str,
    /// Choice: its name gets a number.
    pub sequential: &'static str,
    /// Choice: which client asks.
    pub client: &'static str,
    /// Button: the client asks for it.
    pub ask: fn(&str) -> String,
    /// Button: never mind.
    pub cancel: &'static str,
    /// The server does not have it.
    pub absent: &'static str,
    /// The leader has it, and this server does not.
    pub missing: &'static str,
    /// The value is another than before the last step.
    pub changed: &'static str,
    /// Row of the table: watches.
    pub watches: &'static str,
    /// Such a path or such data cannot be typed.
    pub unspeakable: &'static str,
    /// A path has to begin with a slash.
    pub no_path: &'static str,
    /// There is nobody to ask.
    pub no_client: &'static str,
    /// Of the transaction log: committed, logged, on its way to the disk, a snapshot.
    pub log_marks: [&'static str; 4],
}

/// English.
pub const EN: ZnodeWords = ZnodeWords {
    of: |path| format!("{path} on every server"),
    back: "All znodes",
    create: "New znode",
    set: "Change data",
    delete: "Delete",
    path: "Path",
    data: "Data",
    ephemeral: "ephemeral: goes with the session",
    sequential: "sequential: gets a number",
    client: "Client",
    ask: |name| format!("Ask as client {name}"),
    cancel: "Cancel",
    absent: "absent",
    missing: "The leader has it, this server does not",
    changed: "Changed in the last step",
    watches: "watches",
    unspeakable: "zkCli has no way to type blanks and both kinds of quotes in one word.",
    no_path: "A path begins with / and does not end with it.",
    no_client: "No client is connected: start one below.",
    log_marks: ["committed", "logged, not committed", "not yet on disk", "snapshot"],
};

/// 简体中文.
pub const ZH: ZnodeWords = ZnodeWords {
    of: |path| format!("各服务器上的 {path}"),
    back: "全部 znode",
    create: "新 znode",
    set: "修改数据",
    delete: "删除",
    path: "路径",
    data: "数据",
    ephemeral: "临时：随会话消失",
    sequential: "顺序：名字带编号",
    client: "客户端",
    ask: |name| format!("以客户端 {name} 请求"),
    cancel: "取消",
    absent: "没有",
    missing: "leader 有，这台服务器没有",
    changed: "上一步中改变",
    watches: "watch",
    unspeakable: "zkCli 无法在一个词里同时输入空格和两种引号。",
    no_path: "路径以 / 开头，且不以 / 结尾。",
    no_client: "没有已连接的客户端：请先启动一个。",
    log_marks: ["已提交", "已记录，未提交", "尚未写入磁盘", "快照"],
};

//! The words of the consoles.

use zklab_core::types::ServerId;

/// The words of the consoles in one language.
pub struct ConsoleWords {
    /// Name of the row of clients.
    pub clients: &'static str,
    /// A client's button, with its standing.
    pub client: fn(&str, &str) -> String,
    /// Shown while nothing has been said.
    pub empty: fn(&str) -> String,
    /// Name of a client's field.
    pub input: fn(&str) -> String,
    /// Button: a new client.
    pub add: &'static str,
    /// Button: two consoles side by side.
    pub split: &'static str,
    /// Choice: another server for this client.
    pub move_to: fn(&str) -> String,
    /// Its first entry.
    pub move_short: &'static str,
    /// Button: close this client's session.
    pub close: fn(&str) -> String,
    /// Button: kill this client.
    pub crash: fn(&str) -> String,
    /// Form: a new client of this name.
    pub new_client: fn(&str) -> String,
    /// Form: which servers it knows.
    pub knows: &'static str,
    /// Form: the session timeout.
    pub timeout: &'static str,
    /// Form: whether a read-only server will do.
    pub read_only: &'static str,
    /// Form: it is to be started.
    pub start: &'static str,
    /// Form: never mind.
    pub cancel: &'static str,
    /// Words are offered: how many.
    pub offered: fn(usize) -> String,
    /// A search of the history.
    pub search: &'static str,
    /// A search that found nothing.
    pub not_found: &'static str,
    /// A server as a choice.
    pub server: fn(ServerId) -> String,
    /// What a command of zkCli does.
    pub command: fn(&str) -> &'static str,
}

/// English.
pub const EN: ConsoleWords = ConsoleWords {
    clients: "Clients",
    client: |name, standing| format!("Client {name}, {standing}"),
    empty: |name| {
        format!("zkCli of client {name}. Try create, get, ls; Tab completes, help lists all.")
    },
    input: |name| format!("Command of client {name}"),
    add: "New client",
    split: "Two side by side",
    move_to: |name| format!("Move client {name} to another server"),
    move_short: "Move to …",
    close: |name| format!("Close the session of client {name}"),
    crash: |name| format!("Crash client {name}: its session lives until it expires"),
    new_client: |name| format!("New client {name}"),
    knows: "It knows",
    timeout: "Session timeout",
    read_only: "a read-only server will do",
    start: "Start",
    cancel: "Cancel",
    offered: |count| format!("{count} to choose from: Tab goes through them"),
    search: "Typed before: Ctrl+R for older ones, Enter takes it",
    not_found: "nothing like that was typed",
    server: |id| id.to_string(),
    command: |name| match name {
        "addWatch" => "Leaves a watch that stays, by default for the whole subtree.",
        "addauth" => "Tells the server who the client is.",
        "close" => "Closes the session; its ephemeral znodes go.",
        "config" => "Shows the members of the ensemble.",
        "connect" => "Ends this session and begins a new one with this server.",
        "create" => {
            "Creates a znode: -e ephemeral, -s sequential, -c container, -t with a time to live."
        }
        "delete" => "Deletes a znode without children.",
        "get" => "Shows the data of a znode: -s with its Stat, -w leaves a watch.",
        "getAcl" => "Shows who may do what with a znode.",
        "getAllChildrenNumber" => "Counts all znodes below.",
        "getEphemerals" => "Lists this session’s ephemeral znodes.",
        "help" => "Lists all commands; with a command, what it does.",
        "history" => "Shows the lines typed last.",
        "ls" => "Lists the children of a znode: -s with its Stat, -w leaves a watch.",
        "printwatches" => "Whether events are shown here.",
        "quit" => "Closes the session.",
        "reconfig" => "Changes the members of the ensemble.",
        "redo" => "Does the line of this number once more.",
        "removewatches" => "Takes watches back.",
        "set" => "Changes the data of a znode; -v only if it has this version.",
        "setAcl" => "Changes who may do what with a znode.",
        "stat" => "Shows the Stat of a znode; -w leaves a watch, also where there is none.",
        "sync" => "Waits until the server has what the leader had committed.",
        "version" => "Which ZooKeeper this is.",
        "whoami" => "Shows who the server takes the client for.",
        _other => "",
    },
};

/// 简体中文.
pub const ZH: ConsoleWords = ConsoleWords {
    clients: "客户端",
    client: |name, standing| format!("客户端 {name}，{standing}"),
    empty: |name| {
        format!("客户端 {name} 的 zkCli。试试 create、get、ls；Tab 补全，help 列出全部。")
    },
    input: |name| format!("客户端 {name} 的命令"),
    add: "新客户端",
    split: "并排两个",
    move_to: |name| format!("让客户端 {name} 改连其他服务器"),
    move_short: "改连 …",
    close: |name| format!("关闭客户端 {name} 的会话"),
    crash: |name| format!("让客户端 {name} 崩溃：会话一直存在，直到过期"),
    new_client: |name| format!("新客户端 {name}"),
    knows: "它知道",
    timeout: "会话超时",
    read_only: "只读服务器也可以",
    start: "启动",
    cancel: "取消",
    offered: |count| format!("{count} 个候选：按 Tab 逐个选择"),
    search: "历史命令：Ctrl+R 找更早的，Enter 选用",
    not_found: "没有输入过类似的命令",
    server: |id| id.to_string(),
    command: |name| match name {
        "addWatch" => "留下一个持久的 watch，默认针对整个子树。",
        "addauth" => "告诉服务器客户端是谁。",
        "close" => "关闭会话；它的临时 znode 随之消失。",
        "config" => "显示集群成员。",
        "connect" => "结束当前会话，与该服务器建立新会话。",
        "create" => "创建 znode：-e 临时，-s 顺序，-c 容器，-t 带存活时间。",
        "delete" => "删除没有子节点的 znode。",
        "get" => "显示 znode 的数据：-s 附 Stat，-w 留下 watch。",
        "getAcl" => "显示谁可以对 znode 做什么。",
        "getAllChildrenNumber" => "统计下面所有的 znode。",
        "getEphemerals" => "列出本会话的临时 znode。",
        "help" => "列出所有命令；后跟命令时说明其作用。",
        "history" => "显示最近输入的命令。",
        "ls" => "列出 znode 的子节点：-s 附 Stat，-w 留下 watch。",
        "printwatches" => "是否在此显示事件。",
        "quit" => "关闭会话。",
        "reconfig" => "更改集群成员。",
        "redo" => "再次执行该编号的命令。",
        "removewatches" => "撤回 watch。",
        "set" => "修改 znode 的数据；-v 仅在版本相符时。",
        "setAcl" => "更改谁可以对 znode 做什么。",
        "stat" => "显示 znode 的 Stat；-w 留下 watch，znode 不存在也可以。",
        "sync" => "等到服务器拥有 leader 已提交的内容。",
        "version" => "显示 ZooKeeper 的版本。",
        "whoami" => "显示服务器认为客户端是谁。",
        _other => "",
    },
};

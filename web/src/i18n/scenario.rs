//! Words of the scenario panel.

/// Words of the scenario panel.
pub struct ScenarioWords {
    /// Its name.
    pub name: &'static str,
    /// Begin afresh with what is edited.
    pub start: &'static str,
    /// Back to how this run began.
    pub revert: &'static str,
    /// Fields say what is wrong.
    pub see_fields: &'static str,
    /// Heading: so many servers of at most so many.
    pub servers: fn(usize, usize) -> String,
    /// Column: the server.
    pub server: &'static str,
    /// Column: its role.
    pub role: &'static str,
    /// Column: its group.
    pub group: &'static str,
    /// Column: its weight.
    pub weight: &'static str,
    /// Column: joins later.
    pub joins: &'static str,
    /// What that means.
    pub joins_hint: &'static str,
    /// One more participant.
    pub add_participant: &'static str,
    /// One more observer.
    pub add_observer: &'static str,
    /// The last one goes.
    pub remove_last: &'static str,
    /// Heading: the world around.
    pub world: &'static str,
    /// The seed.
    pub seed: &'static str,
    /// How long packets take between servers.
    pub latency: &'static str,
    /// How much longer writes take.
    pub disk: &'static str,
    /// This value cannot be.
    pub not_possible: &'static str,
    /// The default value.
    pub usual: fn(&str) -> String,
    /// So many keys have no effect.
    pub without_effect: fn(usize) -> String,
    /// Heading: while it runs.
    pub running: &'static str,
    /// What joining and leaving do.
    pub reconfig_how: &'static str,
    /// Why they cannot be done.
    pub reconfig_off: &'static str,
    /// A new participant joins.
    pub join_participant: &'static str,
    /// A new observer joins.
    pub join_observer: &'static str,
    /// A server leaves.
    pub leave: &'static str,
    /// Heading: the same as text.
    pub as_text: &'static str,
}

/// In English.
pub const EN: ScenarioWords = ScenarioWords {
    name: "Scenario",
    start: "Start afresh with these",
    revert: "As it began",
    see_fields: "Some values are not possible: see below.",
    servers: |count, most| format!("Servers: {count} of at most {most}"),
    server: "Server",
    role: "Role",
    group: "Group",
    weight: "Weight",
    joins: "Joins",
    joins_hint: "No member at first: it waits for a reconfiguration (needs reconfigEnabled)",
    add_participant: "+ Participant",
    add_observer: "+ Observer",
    remove_last: "− Last",
    world: "Chance, network, disks",
    seed: "Seed",
    latency: "Between servers, ms one way",
    disk: "Added to each disk write, ms",
    not_possible: "This is not possible.",
    usual: |value| format!("default: {value}"),
    without_effect: |count| format!("{count} keys of ZooKeeper have no effect here"),
    running: "While it runs",
    reconfig_how: "A new machine starts with an empty disk, and the console’s client asks the \
                   leader to add it. Removing takes a server out of the ensemble; its process goes \
                   on. The answer is in the console.",
    reconfig_off: "Servers join and leave by reconfiguration. For that start afresh with \
                   reconfigEnabled=true, and skipACL=yes so that everybody may do it.",
    join_participant: "Add participant",
    join_observer: "Add observer",
    leave: "Remove",
    as_text: "As text",
};

/// In Chinese.
pub const ZH: ScenarioWords = ScenarioWords {
    name: "场景",
    start: "以此重新开始",
    revert: "恢复为开始时",
    see_fields: "有些值不可用，见下方。",
    servers: |count, most| format!("服务器：{count} 台，最多 {most} 台"),
    server: "服务器",
    role: "角色",
    group: "组",
    weight: "权重",
    joins: "稍后加入",
    joins_hint: "起初不是成员：等待重新配置（需要 reconfigEnabled）",
    add_participant: "+ Participant",
    add_observer: "+ Observer",
    remove_last: "− 最后一台",
    world: "随机、网络、磁盘",
    seed: "种子",
    latency: "服务器之间单程，毫秒",
    disk: "每次写盘增加，毫秒",
    not_possible: "这个值不可用。",
    usual: |value| format!("默认：{value}"),
    without_effect: |count| format!("ZooKeeper 有 {count} 个配置项在这里不起作用"),
    running: "运行时",
    reconfig_how: "新机器以空磁盘启动，控制台的客户端请求 leader 把它加入。移除使服务器离开集群，\
                   但进程继续运行。结果显示在控制台里。",
    reconfig_off: "服务器通过重新配置加入和离开。为此请以 reconfigEnabled=true 重新开始，\
                   并设 skipACL=yes，使任何人都可以操作。",
    join_participant: "加入 participant",
    join_observer: "加入 observer",
    leave: "移除",
    as_text: "文本形式",
};

//! Words in the drawings of recipes.

/// All of them in one language.
pub struct DrawingStrings {
    /// Who reads, in a read/write lock.
    pub reads: &'static str,
    /// Who writes there.
    pub writes: &'static str,
    /// A lease that nobody has.
    pub free: &'static str,
    /// Who leads by election.
    pub leads: &'static str,
    /// Who would lead next; the number that is given next.
    pub next: &'static str,
    /// Who stands in line to lead.
    pub candidate: &'static str,
    /// Those before a barrier.
    pub waits: &'static str,
    /// Those that passed it.
    pub passed: &'static str,
    /// A gate that lets pass.
    pub open: &'static str,
    /// A gate that does not.
    pub closed: &'static str,
    /// Those that have entered a double barrier, and wait for the others.
    pub entered: &'static str,
    /// Those that began together.
    pub inside: &'static str,
    /// Those that wait for the others to leave.
    pub leaving: &'static str,
    /// Those that take from a queue.
    pub takes: &'static str,
    /// Those that put something into it.
    pub puts: &'static str,
    /// How many are in it.
    pub inside_queue: fn(usize) -> String,
    /// This was taken.
    pub took: fn(&str) -> String,
    /// What the two digits before the number are.
    pub priority: &'static str,
    /// The number of a counter.
    pub value: &'static str,
    /// Who counted lately.
    pub counted_lately: &'static str,
    /// It counted to this.
    pub counted: fn(i64) -> String,
    /// Those that count just now.
    pub counts: &'static str,
    /// Names that were given.
    pub handed_out: &'static str,
    /// Those that ask for a name.
    pub asks: &'static str,
    /// The configuration itself.
    pub published: &'static str,
    /// It is not there.
    pub nothing_yet: &'static str,
    /// Who follows it.
    pub subscriber: &'static str,
    /// What somebody saw last.
    pub sees: &'static str,
    /// It is seen, but is not there any more.
    pub sees_gone: &'static str,
    /// It is not seen.
    pub sees_not: &'static str,
    /// So many versions older than what is written.
    pub behind: fn(i64) -> String,
    /// What is seen is what is written.
    pub current: &'static str,
    /// A member of a group, an instance of a service.
    pub instance: &'static str,
    /// Its data: where a service is.
    pub holds_data: &'static str,
    /// Whose it is.
    pub client: &'static str,
    /// Picked so often.
    pub picked: fn(usize) -> String,
    /// It is not there any more.
    pub gone: &'static str,
    /// Nobody is there.
    pub nobody: &'static str,
    /// Who asks the sites, and decides.
    pub coordinator: &'static str,
    /// Who votes.
    pub site: &'static str,
    /// How.
    pub vote: &'static str,
    /// For it.
    pub commit: &'static str,
    /// Against it.
    pub abort: &'static str,
    /// Not yet.
    pub undecided: &'static str,
}

/// English.
pub const EN: DrawingStrings = DrawingStrings {
    reads: "reads",
    writes: "writes",
    free: "free",
    leads: "leads",
    next: "next",
    candidate: "stands",
    waits: "wait",
    passed: "passed",
    open: "open",
    closed: "closed",
    entered: "entered",
    inside: "inside",
    leaving: "leaving",
    takes: "take",
    puts: "put",
    inside_queue: |count| format!("in the queue: {count}"),
    took: |what| format!("took {what}"),
    priority: "priority: the lower one is taken first",
    value: "value",
    counted_lately: "counted lately",
    counted: |value| format!("counted to {value}"),
    counts: "count",
    handed_out: "handed out",
    asks: "ask",
    published: "published",
    nothing_yet: "nothing yet",
    subscriber: "subscriber",
    sees: "sees",
    sees_gone: "sees it, but it is gone",
    sees_not: "does not see it",
    behind: |versions| format!("{versions} behind"),
    current: "current",
    instance: "instance",
    holds_data: "data",
    client: "client",
    picked: |times| format!("picked {times}×"),
    gone: "gone",
    nobody: "Nobody is there.",
    coordinator: "coordinator",
    site: "site",
    vote: "vote",
    commit: "commit",
    abort: "abort",
    undecided: "undecided",
};

/// 简体中文.
pub const ZH: DrawingStrings = DrawingStrings {
    reads: "读",
    writes: "写",
    free: "空闲",
    leads: "领导",
    next: "下一个",
    candidate: "候选",
    waits: "等待",
    passed: "已通过",
    open: "打开",
    closed: "关闭",
    entered: "已进入",
    inside: "在内",
    leaving: "离开中",
    takes: "取出",
    puts: "放入",
    inside_queue: |count| format!("队列中：{count}"),
    took: |what| format!("取出 {what}"),
    priority: "优先级：小的先取",
    value: "值",
    counted_lately: "最近计数",
    counted: |value| format!("计数到 {value}"),
    counts: "计数中",
    handed_out: "已分配",
    asks: "请求中",
    published: "已发布",
    nothing_yet: "尚无",
    subscriber: "订阅者",
    sees: "所见",
    sees_gone: "仍看到它，但它已不在",
    sees_not: "看不到它",
    behind: |versions| format!("落后 {versions} 版"),
    current: "最新",
    instance: "实例",
    holds_data: "数据",
    client: "客户端",
    picked: |times| format!("选中 {times} 次"),
    gone: "已消失",
    nobody: "没有成员。",
    coordinator: "协调者",
    site: "参与者",
    vote: "投票",
    commit: "commit",
    abort: "abort",
    undecided: "未定",
};

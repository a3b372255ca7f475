//! The words of the feed's filter.

use zklab_core::lab::feed::FeedKind;

/// The words of the feed's filter in one language.
pub struct FeedWords {
    /// Name of the search.
    pub search: &'static str,
    /// Name of the choice of a server or client.
    pub whose: &'static str,
    /// Its first entry.
    pub everybody: &'static str,
    /// Button: which kinds are shown.
    pub kinds: &'static str,
    /// The same, when so many are hidden.
    pub hidden: fn(usize) -> String,
    /// A kind.
    pub kind: fn(FeedKind) -> &'static str,
    /// Button: earlier rows.
    pub more: &'static str,
    /// Nothing fits.
    pub none: &'static str,
    /// Button: leave nothing out.
    pub all: &'static str,
}

/// English.
pub const EN: FeedWords = FeedWords {
    search: "Search",
    whose: "Whose rows",
    everybody: "everybody",
    kinds: "Kinds",
    hidden: |count| format!("Kinds (−{count})"),
    kind: |kind| match kind {
        FeedKind::Elections => "elections",
        FeedKind::Sync => "sync",
        FeedKind::Transactions => "transactions",
        FeedKind::Sessions => "sessions",
        FeedKind::Watches => "watches",
        FeedKind::Disk => "disk",
        FeedKind::Network => "network",
        FeedKind::Faults => "faults",
    },
    more: "Earlier rows",
    none: "No row fits.",
    all: "Show all",
};

/// 简体中文.
pub const ZH: FeedWords = FeedWords {
    search: "搜索",
    whose: "谁的记录",
    everybody: "全部",
    kinds: "类别",
    hidden: |count| format!("类别 (−{count})"),
    kind: |kind| match kind {
        FeedKind::Elections => "选举",
        FeedKind::Sync => "同步",
        FeedKind::Transactions => "事务",
        FeedKind::Sessions => "会话",
        FeedKind::Watches => "watch",
        FeedKind::Disk => "磁盘",
        FeedKind::Network => "网络",
        FeedKind::Faults => "故障",
    },
    more: "更早的记录",
    none: "没有符合的记录。",
    all: "全部显示",
};

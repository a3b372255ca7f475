//! The words around the glossary.

/// The words around the glossary.
#[derive(Debug)]
pub struct Words {
    /// Its name.
    pub title: &'static str,
    /// What it is for.
    pub intro: &'static str,
    /// The field that searches.
    pub search: &'static str,
    /// How many were found.
    pub found: fn(usize) -> String,
    /// Opens it.
    pub all: &'static str,
    /// The button to the lesson: its number and its title.
    pub lesson: fn(u32, &str) -> String,
    /// It has not come yet.
    pub loading: &'static str,
    /// It did not come.
    pub failed: &'static str,
}

/// English.
pub const EN: Words = Words {
    title: "Glossary",
    intro: "What the words mean. On the page, a word underlined with dots can be pressed.",
    search: "Search the glossary",
    found: |count| match count {
        1 => "1 term".to_owned(),
        count => format!("{count} terms"),
    },
    all: "All terms",
    lesson: |number, title| format!("Lesson {number} · {title}"),
    loading: "Loading …",
    failed: "The glossary could not be loaded. Is there a connection?",
};

/// 简体中文.
pub const ZH: Words = Words {
    title: "术语表",
    intro: "各个词的含义。页面上带点状下划线的词都可以点开。",
    search: "搜索术语表",
    found: |count| format!("{count} 个术语"),
    all: "全部术语",
    lesson: |number, title| format!("第 {number} 课 · {title}"),
    loading: "正在载入 …",
    failed: "术语表无法载入。网络连接正常吗？",
};

//! Words about files and links.

use crate::ui_action::FileProblem;
use zklab_core::lab::Divergence;

/// All of them in one language.
pub struct WorkStrings {
    /// The button that opens the menu.
    pub menu: &'static str,
    /// Write to a file.
    pub save: &'static str,
    /// Open a file.
    pub open: &'static str,
    /// Make a link.
    pub share: &'static str,
    /// Back to the work before.
    pub go_back: &'static str,
    /// The link.
    pub link: &'static str,
    /// How long it is.
    pub length: fn(usize) -> String,
    /// It is longer than some programs take.
    pub long: &'static str,
    /// What a link holds.
    pub link_hint: &'static str,
    /// A file or link was opened, perhaps with a title.
    pub opened: fn(Option<&str>) -> String,
    /// A file is no scenario: its name, and what is wrong.
    pub no_scenario: fn(&str, &str) -> String,
    /// A file cannot be read: its name, and why.
    pub no_file: fn(&str, FileProblem) -> String,
    /// A link cannot be opened.
    pub no_link: fn(&str) -> String,
    /// How much of a damaged file or link can be read: so many steps.
    pub rest: fn(usize) -> String,
    /// Opens it.
    pub open_rest: &'static str,
    /// What was opened goes another way than it did.
    pub diverged: fn(Divergence) -> String,
    /// The link is in the clipboard.
    pub copied: &'static str,
}

/// English.
pub const EN: WorkStrings = WorkStrings {
    menu: "Work",
    save: "Save to a file",
    open: "Open a file…",
    share: "Share a link",
    go_back: "Back to the work before",
    link: "Link to this moment",
    length: |characters| format!("{characters} characters"),
    long: "Some programs cut links of more than 2,000 characters: a file is safer.",
    link_hint: "It holds the scenario, this branch and this moment; whoever opens it sees the same.",
    opened: |title| match title {
        Some(title) => format!("Opened: {title}. Your work before can be had back."),
        None => "Opened. Your work before can be had back.".to_owned(),
    },
    no_scenario: |name, error| format!("{name} is no scenario: {error}"),
    no_file: |name, problem| match problem {
        FileProblem::TooLarge => format!("{name} is too large: a scenario has at most 16 MB."),
        FileProblem::Binary => format!("{name} is no text, so it is no scenario."),
        FileProblem::Unreadable => format!("The browser could not read {name}."),
    },
    no_link: |error| format!("This link cannot be opened: {error}."),
    rest: |steps| match steps {
        1 => "The first step can be read.".to_owned(),
        steps => format!("The first {steps} steps can be read."),
    },
    open_rest: "Open these",
    diverged: |said| {
        let place = match said.from {
            Some(from) => format!("from event {from} on it may go differently"),
            None => "it may go differently than it did".to_owned(),
        };
        let dropped = match said.dropped {
            0 => String::new(),
            1 => " One action is not possible any more and was left out.".to_owned(),
            more => format!(" {more} actions are not possible any more and were left out."),
        };
        format!("This was made with another version of the engine: {place}.{dropped}")
    },
    copied: "The link is in the clipboard.",
};

/// 简体中文.
pub const ZH: WorkStrings = WorkStrings {
    menu: "工作",
    save: "保存到文件",
    open: "打开文件…",
    share: "分享链接",
    go_back: "回到之前的工作",
    link: "指向这一时刻的链接",
    length: |characters| format!("{characters} 个字符"),
    long: "有些程序会截断超过 2000 个字符的链接：用文件更稳妥。",
    link_hint: "其中包含场景、这个分支和这一时刻；打开的人看到的完全相同。",
    opened: |title| match title {
        Some(title) => format!("已打开：{title}。之前的工作可以找回。"),
        None => "已打开。之前的工作可以找回。".to_owned(),
    },
    no_scenario: |name, error| format!("{name} 不是场景：{error}"),
    no_file: |name, problem| match problem {
        FileProblem::TooLarge => format!("{name} 太大：场景最多 16 MB。"),
        FileProblem::Binary => format!("{name} 不是文本，因此不是场景。"),
        FileProblem::Unreadable => format!("浏览器无法读取 {name}。"),
    },
    no_link: |error| format!("无法打开这个链接：{error}。"),
    rest: |steps| format!("可以读出前 {steps} 步。"),
    open_rest: "打开这些",
    diverged: |said| {
        let place = match said.from {
            Some(from) => format!("从第 {from} 个事件起，过程可能与当时不同"),
            None => "过程可能与当时不同".to_owned(),
        };
        let dropped = match said.dropped {
            0 => String::new(),
            dropped => format!("有 {dropped} 个操作已无法执行，被略去。"),
        };
        format!("这是用另一个版本的引擎制作的：{place}。{dropped}")
    },
    copied: "链接已复制到剪贴板。",
};

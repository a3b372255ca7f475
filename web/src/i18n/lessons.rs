//! The words of the course: lessons, challenges, home.

/// The words of the course.
#[derive(Debug)]
pub struct Words {
    /// The tab and the button.
    pub course: &'static str,
    /// What this is, in a line.
    pub headline: &'static str,
    /// What is to be seen now.
    pub intro: &'static str,
    /// The button that begins, or goes on.
    pub begin: &'static str,
    /// The same, once something was done.
    pub go_on: &'static str,
    /// Headings.
    pub lessons: &'static str,
    /// Headings.
    pub challenges: &'static str,
    /// Headings.
    pub more: &'static str,
    /// Headings.
    pub recipes: &'static str,
    /// What recipes are.
    pub recipes_about: &'static str,
    /// Shows them.
    pub open_recipes: &'static str,
    /// Progress was read from a file: of so many lessons and challenges.
    pub imported: fn(usize) -> String,
    /// A file holds no progress.
    pub not_imported: &'static str,
    /// The ensemble, without a lesson.
    pub free_lab: &'static str,
    /// What that is.
    pub free_lab_hint: &'static str,
    /// The work from before.
    pub restore: &'static str,
    /// A lesson from a file.
    pub open_file: &'static str,
    /// Progress as a file.
    pub export: &'static str,
    /// Progress from a file.
    pub import: &'static str,
    /// `6 min`.
    pub minutes: fn(u32) -> String,
    /// `3 of 21 done`.
    pub done_of: fn(usize, usize) -> String,
    /// Done.
    pub done: &'static str,
    /// `Lesson 8`.
    pub lesson: fn(u32) -> String,
    /// `Challenge 3`.
    pub challenge: fn(u32) -> String,
    /// `Step 2 of 5`.
    pub step_of: fn(usize, usize) -> String,
    /// To all lessons.
    pub leave: &'static str,
    /// To the step before.
    pub previous: &'static str,
    /// To the next step.
    pub next: &'static str,
    /// Let what plays end.
    pub skip: &'static str,
    /// The last step is done.
    pub finish: &'static str,
    /// The hint.
    pub hint: &'static str,
    /// Give the answer.
    pub show_answer: &'static str,
    /// Do what is to be done.
    pub show_how: &'static str,
    /// The step anew.
    pub again: &'static str,
    /// An answer is given.
    pub answer: &'static str,
    /// The field of a number.
    pub number: &'static str,
    /// How to answer by a click.
    pub click_server: &'static str,
    /// Right.
    pub right: &'static str,
    /// Wrong.
    pub wrong: &'static str,
    /// The answer that is right: `The answer: s3`.
    pub answer_is: fn(&str) -> String,
    /// The heading of a goal.
    pub goal: &'static str,
    /// A clause holds.
    pub holds: &'static str,
    /// A clause doesn't.
    pub holds_not: &'static str,
    /// All hold.
    pub reached: &'static str,
    /// It was done by the page.
    pub was_shown: &'static str,
    /// It plays.
    pub running: &'static str,
    /// It goes on from a state of its own.
    pub moved: &'static str,
    /// The heading of the end.
    pub remember: &'static str,
    /// The heading of sources.
    pub source: &'static str,
    /// `4 actions; best known: 2`.
    pub actions: fn(usize, u32) -> String,
    /// What to do with a result.
    pub result: &'static str,
    /// `Handed in: reached with 4 actions.`
    pub handed_in: fn(usize) -> String,
    /// What was handed in does not reach it.
    pub handed_in_not: &'static str,
    /// No lesson of this name.
    pub unknown: fn(&str) -> String,
    /// A file that did not come.
    pub not_fetched: &'static str,
    /// A file that cannot be understood.
    pub unreadable: fn(&str) -> String,
    /// A result that cannot be.
    pub bad_result: fn(&str) -> String,
    /// A lesson was left.
    pub left: &'static str,
    /// The rest of what the reader is told of a list that is not there yet.
    pub loading: &'static str,
}

/// English.
pub const EN: Words = Words {
    course: "Course",
    headline: "A ZooKeeper ensemble, to take apart",
    intro: "Beside this you see real servers elect a leader, packet by packet. Kill the leader and see who \
            wins next, and why. The course takes you from there, step by step.",
    begin: "Begin",
    go_on: "Go on",
    lessons: "Lessons",
    challenges: "Challenges",
    more: "More",
    recipes: "Recipes",
    recipes_about: "Locks, queues, barriers, elections of one's own: what clients build on znodes, each prepared \
                    as a scenario that runs at once.",
    open_recipes: "Open the recipes",
    imported: |count| match count {
        1 => "Loaded: your progress in 1 lesson or challenge.".to_owned(),
        count => format!("Loaded: your progress in {count} lessons and challenges."),
    },
    not_imported: "This file holds no progress. “Save my progress” writes one that does.",
    free_lab: "Free lab",
    free_lab_hint: "The whole width for the ensemble, and nobody tells you what to do.",
    restore: "Back to my work from before",
    open_file: "Open a lesson from a file",
    export: "Save my progress",
    import: "Load my progress",
    minutes: |minutes| format!("{minutes} min"),
    done_of: |done, all| format!("{done} of {all} done"),
    done: "done",
    lesson: |number| format!("Lesson {number}"),
    challenge: |number| format!("Challenge {number}"),
    step_of: |step, all| format!("Step {step} of {all}"),
    leave: "All lessons",
    previous: "Back",
    next: "Next",
    skip: "Skip to the end",
    finish: "Finish",
    hint: "Hint",
    show_answer: "Show the answer",
    show_how: "Show me how",
    again: "Start over",
    answer: "Answer",
    number: "Your answer, a number",
    click_server: "Click a server on the stage, or choose here:",
    right: "Right.",
    wrong: "Not quite.",
    answer_is: |answer| format!("The answer: {answer}"),
    goal: "Your goal",
    holds: "reached",
    holds_not: "not yet",
    reached: "Goal reached.",
    was_shown: "This is one way to do it.",
    running: "Watch: this is happening now.",
    moved: "The lesson goes on from a state of its own, since yours is another.",
    remember: "To remember",
    source: "In ZooKeeper",
    actions: |actions, best| {
        let plural = if actions == 1 { "" } else { "s" };
        format!("{actions} action{plural} · best known: {best}")
    },
    result: "To hand it in, copy this link:",
    handed_in: |actions| {
        let plural = if actions == 1 { "" } else { "s" };
        format!("Handed in: the goal is reached, with {actions} action{plural}.")
    },
    handed_in_not: "Handed in: this does not reach the goal.",
    unknown: |name| format!("There is no lesson or challenge called “{name}”."),
    not_fetched: "The lesson could not be loaded. Is there a connection?",
    unreadable: |error| format!("This lesson cannot be understood: {error}"),
    bad_result: |error| format!("This result cannot be read: {error}"),
    left: "You left the lesson. Its ensemble stays; Undo brings back your work from before.",
    loading: "Loading …",
};

/// 简体中文.
pub const ZH: Words = Words {
    course: "课程",
    headline: "一个可以拆开来看的 ZooKeeper ensemble",
    intro: "旁边就是真实的服务器在选举 leader，每个数据包都看得见。杀掉 leader，看下一个是谁，以及为什么。\
            课程会带你一步一步深入。",
    begin: "开始",
    go_on: "继续",
    lessons: "课程",
    challenges: "挑战",
    more: "更多",
    recipes: "Recipe",
    recipes_about: "锁、队列、屏障、客户端自己的选举：客户端用 znode 搭建的东西，每一种都有可以直接运行的场景。",
    open_recipes: "打开 recipe",
    imported: |count| format!("已载入：你在 {count} 个课程和挑战中的进度。"),
    not_imported: "这个文件里没有进度。“保存我的进度”会写出含有进度的文件。",
    free_lab: "自由实验",
    free_lab_hint: "整个页面都留给 ensemble，没有人告诉你该做什么。",
    restore: "回到我之前的工作",
    open_file: "从文件打开课程",
    export: "保存我的进度",
    import: "载入我的进度",
    minutes: |minutes| format!("{minutes} 分钟"),
    done_of: |done, all| format!("已完成 {done}/{all}"),
    done: "已完成",
    lesson: |number| format!("第 {number} 课"),
    challenge: |number| format!("挑战 {number}"),
    step_of: |step, all| format!("第 {step} 步，共 {all} 步"),
    leave: "所有课程",
    previous: "上一步",
    next: "下一步",
    skip: "跳到结尾",
    finish: "完成",
    hint: "提示",
    show_answer: "显示答案",
    show_how: "演示做法",
    again: "重新开始这一步",
    answer: "回答",
    number: "你的答案，一个数字",
    click_server: "在舞台上点击一台服务器，或在这里选择：",
    right: "正确。",
    wrong: "不完全对。",
    answer_is: |answer| format!("答案：{answer}"),
    goal: "你的目标",
    holds: "已达到",
    holds_not: "尚未达到",
    reached: "目标已达到。",
    was_shown: "这是其中一种做法。",
    running: "请看：这正在发生。",
    moved: "你的状态与课程不同，课程从它自己的状态继续。",
    remember: "请记住",
    source: "在 ZooKeeper 中",
    actions: |actions, best| format!("{actions} 个操作 · 已知最少：{best}"),
    result: "要提交结果，请复制这个链接：",
    handed_in: |actions| format!("提交的结果：达到了目标，用了 {actions} 个操作。"),
    handed_in_not: "提交的结果：没有达到目标。",
    unknown: |name| format!("没有名为“{name}”的课程或挑战。"),
    not_fetched: "课程无法载入。网络连接正常吗？",
    unreadable: |error| format!("无法理解这个课程：{error}"),
    bad_result: |error| format!("无法读取这个结果：{error}"),
    left: "你离开了课程。它的 ensemble 保留着；撤销可以恢复你之前的工作。",
    loading: "正在载入 …",
};

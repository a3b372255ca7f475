//! The words of the classroom: presenting, speaker's notes, hand-outs, the teacher's page, codes.

/// The words of the classroom in one language.
pub struct ClassWords {
    /// Opens the presenter's layout.
    pub present: &'static str,
    /// The same at length.
    pub present_hint: &'static str,
    /// Leaves it.
    pub leave: &'static str,
    /// Blacks the screen out.
    pub black: &'static str,
    /// Brings it back.
    pub not_black: &'static str,
    /// Opens the speaker's notes.
    pub notes: &'static str,
    /// Goes on to this lesson.
    pub next_lesson: fn(&str) -> String,
    /// Opens the teacher's page.
    pub teacher: &'static str,
    /// What it is for.
    pub teacher_intro: &'static str,
    /// How to teach with it, a paragraph each: what it is about, and what to do.
    pub how: &'static [(&'static str, &'static str)],
    /// Leaves a page of the classroom.
    pub close: &'static str,
    /// Opens a lesson or challenge.
    pub open: &'static str,
    /// Opens the hand-out.
    pub hand_out: &'static str,
    /// Shows expected answers.
    pub answers: &'static str,
    /// Shows a link as a code.
    pub code: &'static str,
    /// How long all lessons take.
    pub minutes_in_all: fn(u32) -> String,
    /// Name of the field for a result.
    pub verify: &'static str,
    /// What to do with it.
    pub verify_hint: &'static str,
    /// Opens it.
    pub verify_open: &'static str,
    /// What was put there is none.
    pub no_result: &'static str,
    /// What a step is called in answers.
    pub step: fn(usize) -> String,
    /// A way to reach a goal.
    pub one_way: &'static str,
    /// What the notes of a lesson are called.
    pub about: &'static str,
    /// Prints.
    pub print: &'static str,
    /// With the answers in it.
    pub with_key: &'static str,
    /// The first part of a hand-out.
    pub before: &'static str,
    /// The second part of a hand-out.
    pub afterwards: &'static str,
    /// Where a name is written.
    pub name_and_date: &'static str,
    /// Before the room for reasons.
    pub because: &'static str,
    /// Before the room for notes on a goal.
    pub what_did: &'static str,
    /// Number of a figure.
    pub figure: fn(usize) -> String,
    /// The picture of a code.
    pub code_of: &'static str,
    /// The link is too long for a code.
    pub no_code: fn(usize) -> String,
    /// The code is dense.
    pub dense: &'static str,
    /// Shows the code large.
    pub larger: &'static str,
    /// Opens what is embedded in the lab.
    pub open_in_lab: &'static str,
    /// The speaker's notes.
    pub speaker: &'static SpeakerWords,
}

/// The words of the speaker's notes in one language.
pub struct SpeakerWords {
    /// Title of the window.
    pub title: &'static str,
    /// What is on the screen.
    pub now: &'static str,
    /// What to say.
    pub say: &'static str,
    /// The question.
    pub question: &'static str,
    /// The expected answer.
    pub answer: &'static str,
    /// What comes next.
    pub next: &'static str,
    /// How long it has taken.
    pub elapsed: &'static str,
    /// How long the lesson takes.
    pub planned: fn(u32) -> String,
    /// Begins to count anew.
    pub again: &'static str,
    /// No lesson is open.
    pub none: &'static str,
    /// The screen is black.
    pub is_black: &'static str,
    /// The next press ends what plays.
    pub press_skips: &'static str,
    /// The next press shows the answer.
    pub press_answers: &'static str,
    /// The next press does what is to be done.
    pub press_does: &'static str,
    /// The next press goes to the next step.
    pub press_on: &'static str,
    /// This is the end.
    pub press_ends: &'static str,
}

/// English.
pub const EN: ClassWords = ClassWords {
    present: "Present",
    present_hint: "Large type for a projector; a clicker leads through the lesson",
    leave: "Leave",
    black: "Black",
    not_black: "The screen is black. Press to bring it back.",
    notes: "Speaker notes",
    next_lesson: |title| format!("Next lesson: {title}"),
    teacher: "Teacher's page",
    teacher_intro: "Every lesson and challenge: how long it takes, links for the class, and what \
                    answers to expect.",
    how: &[
        (
            "Present",
            "Press Present, and the type is large enough for the back row. PageDown and PageUp, or the \
             arrow keys, lead through the whole lesson: they let a run end, show the answer, go to the \
             next step. B or . blacks the screen out, Esc leaves.",
        ),
        (
            "Speaker notes",
            "While presenting, Speaker notes opens a second window: what is on the screen, what to say, \
             the expected answer, what comes next, and the time. Drag it to your own screen. Its keys \
             lead on, too.",
        ),
        (
            "Hand out",
            "Give the class the link of a lesson, or let them scan its code: everybody sees the same run. \
             A hand-out has the questions with room to write on its first page, and what happened on the next. \
             Share, in the menu Work, makes a link and a code of any moment of your own.",
        ),
        (
            "Check",
            "A challenge that is mastered shows a link to hand in. Put it below, or open it: the lab \
             plays what the student did, and says whether the goal is reached and with how many actions.",
        ),
        (
            "Embed",
            "An address that ends in #embed shows the stage alone, for slides and course pages; #embed, \
             and a comma and what Share made after its #, shows that moment. en, zh, light or dark may \
             stand between commas.",
        ),
    ],
    close: "Close",
    open: "Open",
    hand_out: "Hand-out",
    answers: "Answers",
    code: "Code",
    minutes_in_all: |minutes| format!("{minutes} minutes in all"),
    verify: "Result that was handed in",
    verify_hint: "the link that a student handed in",
    verify_open: "Check it",
    no_result: "This is no result: its link has #result/ in it.",
    step: |number| format!("Step {number}"),
    one_way: "One way to do it:",
    about: "For the teacher",
    print: "Print",
    with_key: "With answers",
    before: "Before you see it",
    afterwards: "What you saw",
    name_and_date: "Name, date",
    because: "Because",
    what_did: "What I did",
    figure: |number| format!("Figure {number}"),
    code_of: "QR code of the link",
    no_code: |most| {
        format!(
            "Too long for a QR code: one holds {most} characters. Copy the link, or save a file."
        )
    },
    dense: "This code is dense: show it large.",
    larger: "Show the code large",
    open_in_lab: "Open in ZK Lab",
    speaker: &SpeakerWords {
        title: "Speaker notes",
        now: "On the screen",
        say: "To say",
        question: "Question",
        answer: "Expected answer",
        next: "Next",
        elapsed: "Elapsed",
        planned: |minutes| format!("of {minutes} min"),
        again: "Start the time over",
        none: "No lesson is being presented.",
        is_black: "The screen is black: the next press brings it back.",
        press_skips: "It is playing: the next press skips to its end.",
        press_answers: "The next press shows the answer.",
        press_does: "The next press does it for the class.",
        press_on: "The next press goes to the next step.",
        press_ends: "This is the end of the lesson.",
    },
};

/// 简体中文.
pub const ZH: ClassWords = ClassWords {
    present: "演示",
    present_hint: "为投影放大文字；翻页笔即可走完整节课",
    leave: "退出",
    black: "黑屏",
    not_black: "屏幕已变黑。按下即可恢复。",
    notes: "演讲者备注",
    next_lesson: |title| format!("下一课：{title}"),
    teacher: "教师页面",
    teacher_intro: "所有课程和挑战：时长、可发给学生的链接，以及预期的答案。",
    how: &[
        (
            "演示",
            "按“演示”，文字会大到后排也能看清。PageDown、PageUp 或方向键走完整节课：让演示的过程结束、显示答案、\
             进入下一步。按 B 或 . 黑屏，按 Esc 退出。",
        ),
        (
            "演讲者备注",
            "演示时，“演讲者备注”会打开第二个窗口：屏幕上的内容、要讲的话、预期答案、接下来的内容和用时。\
             把它拖到你自己的屏幕上。在那个窗口里按键也能翻页。",
        ),
        (
            "分发",
            "把课程的链接发给学生，或让他们扫码：每个人看到同样的过程。讲义的第一页是带书写空间的问题，\
             后面是发生的事情。“工作”菜单中的“分享”可以为你自己的任何时刻生成链接和二维码。",
        ),
        (
            "检查",
            "完成挑战后会显示一个可以提交的链接。把它粘贴到下面，或直接打开：实验室会重放学生的操作，\
             并说明是否达到目标、用了多少个操作。",
        ),
        (
            "嵌入",
            "以 #embed 结尾的地址只显示舞台，适合幻灯片和课程页面；#embed 后面加逗号和“分享”所生成的 # 之后的内容，\
             就显示那个时刻。中间还可以用逗号写上 en、zh、light 或 dark。",
        ),
    ],
    close: "关闭",
    open: "打开",
    hand_out: "讲义",
    answers: "答案",
    code: "二维码",
    minutes_in_all: |minutes| format!("共 {minutes} 分钟"),
    verify: "学生提交的结果",
    verify_hint: "学生提交的链接",
    verify_open: "检查",
    no_result: "这不是结果：结果的链接中有 #result/。",
    step: |number| format!("第 {number} 步"),
    one_way: "一种做法：",
    about: "给教师",
    print: "打印",
    with_key: "附答案",
    before: "先想一想",
    afterwards: "你看到了什么",
    name_and_date: "姓名、日期",
    because: "因为",
    what_did: "我的做法",
    figure: |number| format!("图 {number}"),
    code_of: "链接的二维码",
    no_code: |most| {
        format!("链接太长，无法生成二维码：最多 {most} 个字符。请复制链接，或保存为文件。")
    },
    dense: "这个二维码很密：请放大显示。",
    larger: "放大显示二维码",
    open_in_lab: "在 ZK Lab 中打开",
    speaker: &SpeakerWords {
        title: "演讲者备注",
        now: "屏幕上",
        say: "要讲的话",
        question: "问题",
        answer: "预期答案",
        next: "接下来",
        elapsed: "已用时间",
        planned: |minutes| format!("计划 {minutes} 分钟"),
        again: "重新计时",
        none: "现在没有演示课程。",
        is_black: "屏幕是黑的：下一次按键会恢复。",
        press_skips: "正在播放：下一次按键跳到结尾。",
        press_answers: "下一次按键显示答案。",
        press_does: "下一次按键替学生完成。",
        press_on: "下一次按键进入下一步。",
        press_ends: "这是本课的结尾。",
    },
};

//! The words of predict mode: questions before a decision.

use zklab_core::lab::predict::{Guess, Question, Subject};

/// The words of predict mode.
#[derive(Debug)]
pub struct Words {
    /// The heading.
    pub heading: &'static str,
    /// What it does.
    pub about: &'static str,
    /// What can be asked about.
    pub subject: fn(Subject) -> &'static str,
    /// What is asked; the second value is the client's name.
    pub question: fn(&Question, &str) -> String,
    /// What can be answered.
    pub guess: fn(Guess) -> String,
    /// To the next question.
    pub go_on: &'static str,
    /// Show it without an answer.
    pub show: &'static str,
    /// `3 of 5 right`.
    pub score: fn(u32, u32) -> String,
}

/// English.
pub const EN: Words = Words {
    heading: "Predict",
    about: "In the free lab, stop before decisions of these kinds and ask me:",
    subject: |subject| match subject {
        Subject::Vote => "Votes",
        Subject::Winner => "Winners",
        Subject::Sync => "DIFF, TRUNC, SNAP",
        Subject::Commit => "Commits",
        Subject::Expiry => "Expiry",
    },
    question: |question, client| match question {
        Question::Vote { server, voter, mine, theirs } => format!(
            "{server} votes for {} (epoch {}, zxid {}). Now it hears that {voter} votes for {} (epoch {}, \
             zxid {}). Does {server} adopt this vote?",
            mine.leader, mine.peer_epoch, mine.zxid, theirs.leader, theirs.peer_epoch, theirs.zxid
        ),
        Question::Winner => "An election has begun. Who will lead?".to_owned(),
        Question::Sync { learner, peer, min, max } => format!(
            "The last zxid of {learner} is {peer}. The leader remembers committed transactions from {min} \
             to {max}. How does it synchronize {learner}?"
        ),
        Question::Commit { leader, from, zxid } => {
            format!("{from}’s ACK of {zxid} reaches {leader}. Is it committed with that?")
        }
        Question::Expiry { .. } => {
            format!("Client {client} has lost its connection. Does its session expire?")
        }
    },
    guess: |guess| match guess {
        Guess::Yes => "Yes".to_owned(),
        Guess::No => "No".to_owned(),
        Guess::Server(id) => id.to_string(),
        Guess::Kind(kind) => kind.name().to_owned(),
    },
    go_on: "Go on",
    show: "Show the answer",
    score: |right, all| format!("{right} of {all} right"),
};

/// 简体中文.
pub const ZH: Words = Words {
    heading: "预测",
    about: "在自由实验中，遇到这些决定前先停下来问我：",
    subject: |subject| match subject {
        Subject::Vote => "选票",
        Subject::Winner => "当选者",
        Subject::Sync => "DIFF、TRUNC、SNAP",
        Subject::Commit => "提交",
        Subject::Expiry => "会话过期",
    },
    question: |question, client| match question {
        Question::Vote { server, voter, mine, theirs } => format!(
            "{server} 投给 {}（epoch {}，zxid {}）。现在它得知 {voter} 投给 {}（epoch {}，zxid {}）。\
             {server} 会改投这一票吗？",
            mine.leader, mine.peer_epoch, mine.zxid, theirs.leader, theirs.peer_epoch, theirs.zxid
        ),
        Question::Winner => "选举开始了。谁会成为 leader？".to_owned(),
        Question::Sync { learner, peer, min, max } => format!(
            "{learner} 的最后一个 zxid 是 {peer}。leader 记得从 {min} 到 {max} 的已提交事务。\
             它怎样同步 {learner}？"
        ),
        Question::Commit { leader, from, zxid } => {
            format!("{from} 对 {zxid} 的 ACK 到达 {leader}。它因此被提交了吗？")
        }
        Question::Expiry { .. } => format!("客户端 {client} 断开了连接。它的会话会过期吗？"),
    },
    guess: |guess| match guess {
        Guess::Yes => "会".to_owned(),
        Guess::No => "不会".to_owned(),
        Guess::Server(id) => id.to_string(),
        Guess::Kind(kind) => kind.name().to_owned(),
    },
    go_on: "继续",
    show: "显示答案",
    score: |right, all| format!("答对 {right}/{all}"),
};

//! Lessons and challenges: what each says comes out, and what is wrong with one is told.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fmt::Write;
use zklab_core::lab::lesson::{Answer, Goal, Kind, Lesson, Task, Words, check, parse};
use zklab_tests::lessons::files;

const FOLDERS: [&str; 2] = ["lessons", "challenges"];

fn parse_file(name: &str, text: &str) -> Lesson {
    parse(text).unwrap_or_else(|errors| {
        let lines: String = errors.iter().map(|error| format!("  {error}\n")).collect();
        panic!("{name} cannot be understood:\n{lines}")
    })
}

#[test]
fn every_file_can_be_understood_and_comes_out_as_it_says() {
    let mut problems = String::new();
    for (folder, (name, text)) in FOLDERS
        .into_iter()
        .flat_map(|folder| files(folder).into_iter().map(move |file| (folder, file)))
    {
        match parse(&text) {
            Ok(lesson) => {
                for trouble in check(&lesson) {
                    let _ = writeln!(problems, "static/{folder}/{name}.lesson, {trouble}");
                }
            }
            Err(errors) => {
                for error in errors {
                    let _ = writeln!(problems, "static/{folder}/{name}.lesson, {error}");
                }
            }
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
}

#[test]
fn files_are_named_after_what_is_in_them() {
    for folder in FOLDERS {
        let mut numbers = BTreeSet::new();
        for (name, text) in files(folder) {
            let lesson = parse_file(&name, &text);
            assert_eq!(name, format!("{:02}-{}", lesson.number, lesson.id), "static/{folder}");
            assert!(numbers.insert(lesson.number), "two {folder} have number {}", lesson.number);
            let is_challenge = matches!(lesson.kind, Kind::Challenge { .. });
            assert_eq!(is_challenge, folder == "challenges", "{name}");
        }
    }
}

#[test]
fn panels_that_lessons_show_are_there() {
    let page = include_str!("../web/src/ui_action.rs");
    for folder in FOLDERS {
        for (name, text) in files(folder) {
            let lesson = parse_file(&name, &text);
            for panel in lesson.steps.iter().filter_map(|step| step.show.panel.as_ref()) {
                assert!(page.contains(&format!("=> \"{panel}\"")), "{name}: no panel {panel}");
            }
        }
    }
}

#[test]
fn any_step_can_be_entered_at_once() {
    for (name, text) in files("lessons") {
        let lesson = parse_file(&name, &text);
        for (n, step) in lesson.steps.iter().enumerate() {
            let lab = lesson.at(n).unwrap_or_else(|error| panic!("{name}, {}: {error}", step.name));
            if let Some(task) = step.goal() {
                let goal = Goal::from_now(&lab);
                assert!(goal.holding(task, &lab).contains(&false), "{name}, {}", step.name);
            }
        }
    }
}

#[test]
fn who_teaches_a_lesson_finds_notes() {
    for (name, text) in files("lessons") {
        let lesson = parse_file(&name, &text);
        let notes = lesson.notes.unwrap_or_else(|| panic!("{name} has no notes"));
        // Two to five sentences.
        let ends = |text: &str, marks: &[char]| text.matches(marks).count();
        let counts = [ends(&notes.en, &['.', '?']), ends(&notes.zh, &['。', '？'])];
        assert!(counts.iter().all(|count| (2..=7).contains(count)), "{name}: {counts:?}");
        assert!(lesson.steps.iter().any(|step| step.notes.is_some()), "{name}: no step has any");
    }
}

/// Every text of a lesson, with where it stands.
fn texts(lesson: &Lesson) -> Vec<(String, &Words)> {
    let mut all =
        vec![("title".to_owned(), &lesson.title), ("summary".to_owned(), &lesson.summary)];
    let named = [("remember", &lesson.remember), ("notes", &lesson.notes)];
    all.extend(named.into_iter().filter_map(|(name, words)| Some((name.into(), words.as_ref()?))));
    for step in &lesson.steps {
        let mut texts = vec![&step.text];
        texts.extend([&step.hint, &step.reveal, &step.notes].into_iter().flatten());
        match &step.task {
            Task::Read => {}
            Task::Do(task) => texts.extend(task.clauses.iter().map(|clause| &clause.text)),
            Task::Ask(ask) => {
                texts.push(&ask.question);
                if let Answer::Choice(choices) = &ask.answer {
                    texts.extend(choices.iter().map(|choice| &choice.text));
                    texts.extend(choices.iter().filter_map(|choice| choice.because.as_ref()));
                }
            }
        }
        all.extend(texts.into_iter().map(|words| (format!("step {}", step.name), words)));
    }
    all
}

/// What stands between backticks, in the order of the alphabet.
fn code(text: &str) -> Vec<&str> {
    let mut all: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    all.sort_unstable();
    all
}

#[test]
fn both_languages_say_the_same_each_in_its_own_words() {
    let is_han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut problems = String::new();
    for (name, text) in FOLDERS.into_iter().flat_map(files) {
        let lesson = parse_file(&name, &text);
        for (place, Words { en, zh }) in texts(&lesson) {
            // Names and numbers alone need no translation.
            let prose = en.split('`').step_by(2).flat_map(str::split_whitespace).count();
            let trouble = if is_han(en) {
                "the English is Chinese"
            } else if 2 < prose && !is_han(zh) {
                "the Chinese is none"
            } else if code(en) != code(zh) {
                "they name different things"
            } else if en.split("\n\n").count() != zh.split("\n\n").count() {
                "they have different paragraphs"
            } else {
                continue;
            };
            let _ = writeln!(problems, "{name}, {place}: {trouble}:\n  {en}\n  {zh}");
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
}

#[test]
fn the_course_is_complete_and_every_part_of_it_is_more_than_text() {
    let numbered = |folder| {
        let all = files(folder).into_iter().map(|(name, text)| parse_file(&name, &text));
        let all: Vec<Lesson> = all.collect();
        assert!(all.iter().map(|lesson| lesson.number).eq(1..=all.len() as u32), "{folder}");
        all
    };
    let lessons = numbered("lessons");
    assert_eq!(lessons.len(), 21);
    for lesson in &lessons {
        let name = &lesson.id;
        assert!((5..=10).contains(&lesson.minutes), "{name}: {} minutes", lesson.minutes);
        assert!(lesson.steps.iter().any(|step| step.question().is_some()), "{name} asks nothing");
        assert!(lesson.steps.iter().any(|step| step.goal().is_some()), "{name}: nothing to do");
        let remember = lesson.remember.as_ref().unwrap_or_else(|| panic!("{name}: to remember"));
        let behind = ["In ZooKeeper", "In Curator", "Outside ZooKeeper's server: Apache Curator"];
        assert!(behind.iter().any(|said| remember.en.contains(said)), "{name}: what is behind it");
        assert!(!lesson.sources.is_empty(), "{name} has no source");
    }
    let challenges = numbered("challenges");
    assert!(15 <= challenges.len());
    for Lesson { id, kind, steps, .. } in &challenges {
        assert!(matches!(kind, Kind::Challenge { best: 1.. }), "{id}");
        let [step] = &steps[..] else { panic!("{id} has {} steps", steps.len()) };
        assert!(step.hint.is_some() && step.reveal.is_some(), "{id} has no hint or no reveal");
        assert!(step.goal().is_some(), "{id} has no goal");
    }
    for lesson in lessons.iter().chain(&challenges) {
        for (step, task) in lesson.steps.iter().filter_map(|step| Some((step, step.goal()?))) {
            assert!(!task.near_misses.is_empty(), "{}, {}: no near miss", lesson.id, step.name);
        }
    }
}

#[test]
fn a_lesson_is_passed_through_step_by_step() {
    let name = "12-synchronization";
    let (_, text) = files("lessons").into_iter().find(|(file, _)| file == name).expect(name);
    let lesson = parse_file(name, &text);
    let passed = lesson.passed().expect("it comes out as it says");
    assert_eq!(passed.len(), lesson.steps.len());
    for (n, step) in passed.iter().enumerate() {
        assert_eq!(step.at.hash(), lesson.at(n).expect("it can begin").hash(), "step {n}");
        let [at, done] = [&step.at, &step.done].map(|lab| lab.timeline().tip().now);
        assert!(step.from <= at && at <= done, "step {n}");
    }
}

const HEAD: &str = "zklab lesson 1\nlesson a 1\nminutes 5\ntitle\n  en a\n  zh b\nsummary\n  en a\n  zh b\n\
                    source x\nscenario\n  ensemble 3\n  start\n  until leader s3\n";
const END: &str = "remember\n  en a\n  zh b\n";

fn errors(steps: &str) -> Vec<String> {
    let text = format!("{HEAD}{steps}{END}");
    let errors = parse(&text).expect_err(steps);
    errors.iter().map(ToString::to_string).collect()
}

fn troubles(steps: &str) -> Vec<String> {
    let text = format!("{HEAD}{steps}{END}");
    let lesson = parse(&text).unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"));
    check(&lesson).iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let told = [
        ("step a\n  en a\n", "line 15, column 1: the Chinese text, zh, is missing"),
        (
            "step a\n  en a `b\n  zh b\n",
            "line 16, column 3: a paragraph of this text has ` without its end",
        ),
        (
            "step A\n",
            "line 15, column 6: expected a name of small letters, digits and -, found \"A\"",
        ),
        (
            "step a\n  en a\n  zh b\n  ask server s9\n    en a\n    zh b\n",
            "line 18, column 14: there is no server s9",
        ),
        (
            "step a\n  en a\n  zh b\n  ask choice\n    en a\n    zh b\n    right\n      en a\n      zh b\n",
            "line 18, column 3: a choice needs a right answer and a wrong one",
        ),
        (
            "step a\n  en a\n  zh b\n  run\n    strt s1\n",
            "line 19, column 5: expected a statement such as start, found \"strt\"",
        ),
        (
            "step a\n  en a\n  zh b\n  do\n    goal leadr\n      en a\n      zh b\n  solution\n    heal\n",
            "line 19, column 10: expected a condition such as leader, serving, why or c1 answer, with a client that there is, found \"leadr\"",
        ),
        (
            "step a\n  en a\n  zh b\n    zh c\n  hnt\n",
            "line 19, column 3: expected en, zh, scenario, run, show, ask, do, hint, reveal, after, notes, solution or near-miss in a step, found \"hnt\"",
        ),
        (
            "step a\n  en a\n  zh b\n  hint\n     en a\n    zh b\n",
            "line 20, column 5: this line begins after 4 blanks, others after 5",
        ),
        (
            "step a\n  en a\n  zh b\n  solution\n    heal\n",
            "line 18, column 3: this step has no do that this could be for",
        ),
        ("step a\n  en a\n  zh b\n\t", "line 18, column 1: a line cannot hold the character '\\t'"),
        (
            "source x\n  en a\n",
            "line 16, column 3: nothing stands above it that it could belong to",
        ),
    ];
    for (steps, error) in told {
        let found = errors(steps);
        assert!(found.iter().any(|found| found == error), "{steps}\n{found:#?}\n{error}");
    }
}

#[test]
fn several_mistakes_are_told_at_once_but_not_without_end() {
    assert_eq!(errors("step a\n  en a\n  foo\n  show s7\nstep b\n  zh b\n  bar\n").len(), 5);
    let many: String = (0..100).map(|n| format!("step a{n}\n")).collect();
    assert_eq!(errors(&many).len(), 20);
    let header = parse("lesson a 1\n").expect_err("it has no header");
    assert!(header[0].to_string().starts_with("line 1, column 1: expected \"zklab lesson 1\""));
    assert!(parse("").is_err() && parse("zklab lesson 1\n").is_err());
}

#[test]
fn what_does_not_come_out_is_told() {
    let task = |goal: &str, rest: &str| {
        format!("step a\n  en a\n  zh b\n  do\n    goal {goal}\n      en a\n      zh b\n{rest}")
    };
    let kill = "  solution\n    kill s3\n    until leader s2 within 30s\n";
    assert_eq!(troubles(&task("leader s2", kill)), [""; 0]);
    let found = troubles(&task("leader s3", "  solution\n    heal\n"));
    assert_eq!(found, ["line 15: the goal is reached before anything is done"]);
    let found = troubles(&task("leader s1", kill));
    assert_eq!(found, ["line 19: the solution does not reach this: s2 leads"]);
    // A near miss may not reach it even for a moment.
    let near = "  near-miss again\n    kill s3\n    until leader s2\n    kill s2\n    run 10s\n";
    let found = troubles(&task("leader s2", &format!("{kill}{near}")));
    assert!(
        found.len() == 1
            && found[0].starts_with("line 25: the near miss again reaches the goal, at "),
        "{found:?}"
    );
    let found = troubles("step a\n  en a\n  zh b\n  run\n    until leader s1 within 1s\n");
    assert_eq!(found, ["line 19: until leader s1 within 1s: s3 leads"]);
    // What happened before a step does not count for its goal.
    let found = troubles(&task("why Elected s2", kill));
    assert_eq!(found, [""; 0]);
    let found = troubles(&task("why Elected s3", kill));
    assert!(
        found.len() == 1 && found[0].starts_with("line 19: the solution does not reach this:"),
        "{found:?}"
    );
}

#[test]
fn steps_go_on_from_what_the_student_did_if_they_can() {
    let steps = "step a\n  en a\n  zh b\n  run\n    client c1\nstep b\n  en a\n  zh b\n  run\n    until state s1 FOLLOWING within 1s\n    kill s1\n";
    let lesson = parse(&format!("{HEAD}{steps}{END}")).expect("it is one");
    let lab = lesson.at(0).expect("it can begin");
    let entered = lesson.steps[1].enter(&lab).expect("nothing is in the way");
    assert!(entered.world().server(zklab_core::types::ServerId(1)).is_none());
    // s1 is down already: the moment does not come.
    assert!(lesson.steps[1].enter(&entered).is_none());
    let mut other = lab.clone();
    let client = zklab_core::sim::action::Action::Connect {
        name: "mine".into(),
        servers: [zklab_core::types::ServerId(1)].into(),
        timeout_ms: 10_000,
        can_be_read_only: false,
        library: zklab_core::client::session::Library::Java,
    };
    other.act(client).expect("a client may come");
    assert!(lesson.steps[1].enter(&other).is_none(), "its names would stand for others");
}

#[test]
fn a_goal_that_holds_only_between_two_events_is_reached() {
    let steps = "step a\n  en a\n  zh b\n  run\n    client c1 servers s1\n    until session c1 connected\n  do\n    \
                 goal znode /x on s3\n      en a\n      zh b\n    goal no znode /x on s2\n      en a\n      zh b\n  \
                 solution\n    c1>> create /x\n    until znode /x on s3 within 2s\n";
    let lesson = parse(&format!("{HEAD}{steps}{END}")).expect("it is one");
    let task = lesson.steps[0].goal().expect("it has a goal");
    let mut lab = lesson.at(0).expect("it can begin");
    let goal = Goal::from_now(&lab);
    let client = *lab.timeline().tip().clients.keys().next().expect("there is c1");
    lab.command(client, "create /x");
    let mut late = lab.clone();
    late.advance(2_000_000);
    assert_eq!(goal.holding(task, &late), [true, false], "a second later it holds no more");
    assert!(!goal.is_reached(task, &late));
    assert!(lab.advance_until(2_000_000, |lab| goal.is_reached(task, lab)));
    assert_eq!(goal.holding(task, &lab), [true, true]);
    // What is handed in is reached by whoever lets it happen again.
    let (again, goal) = lesson.verify(0, &lesson.result(&goal, &lab)).expect("it comes out");
    assert_eq!(goal.holding(task, &again), [true, true]);
}

#[test]
fn answers_are_read() {
    let steps = "step a\n  en a\n  zh b\n  ask number 2 3\n    en a\n    zh b\nstep b\n  en a\n  zh b\n  ask server s1 s2\n    en a\n    zh b\n";
    let lesson = parse(&format!("{HEAD}{steps}{END}")).expect("it is one");
    let answers: Vec<_> =
        lesson.steps.iter().filter_map(|step| step.question()).map(|ask| &ask.answer).collect();
    assert_eq!(answers[0], &Answer::Number(vec![2, 3]));
    assert!(matches!(answers[1], Answer::Server(servers) if servers.len() == 2));
}

#[test]
fn examples_of_the_document_can_be_read() {
    let text = include_str!("../docs/lessons.md");
    let mut examples = 0;
    for block in text.split("```lesson\n").skip(1) {
        let block = block.split("```").next().expect("there is one");
        let lesson = parse_file("docs/lessons.md", block);
        assert_eq!(check(&lesson), []);
        examples += 1;
    }
    assert!(2 <= examples, "a lesson and a challenge");
}

#[test]
fn a_result_that_is_handed_in_can_be_verified() {
    let steps = "step a\n  en a\n  zh b\n  run\n    client c1\n    until session c1 connected\n  do\n    \
                 goal leader s2\n      en a\n      zh b\n  solution\n    c1>> create /x \"a b\"\n    \
                 kill s3\n    until leader s2\n";
    let lesson = parse(&format!("{HEAD}{steps}{END}")).expect("it is one");
    let task = lesson.steps[0].goal().expect("it has a goal");
    let begun = lesson.at(0).expect("it can begin");
    let goal = Goal::from_now(&begun);
    let solved = lesson.steps[0].solve(&begun).expect("it can be solved");
    assert_eq!(goal.holding(task, &solved), [true]);
    let result = lesson.result(&goal, &solved);
    assert!(result.len() < 200, "{result}");
    let (again, goal) = lesson.verify(0, &result).expect("it comes out again");
    assert_eq!(again.hash(), solved.hash());
    assert_eq!((goal.holding(task, &again), goal.actions(&again)), (vec![true], 2));
    for damaged in ["", "AAAA", "?", &result[..result.len() / 2]] {
        // It is refused, or reaches nothing.
        let reached = lesson.verify(0, damaged).map(|(lab, goal)| goal.holding(task, &lab));
        assert_ne!(reached, Ok(vec![true]), "{damaged}");
    }
}

/// What the page reads first: a line for each lesson and challenge. `UPDATE_EXPECT=1` writes it.
#[test]
fn the_index_is_what_the_files_say() {
    let mut index = String::new();
    for folder in FOLDERS {
        for (name, text) in files(folder) {
            let lesson = parse_file(&name, &text);
            let Lesson { id, number, minutes, title, summary, steps, .. } = &lesson;
            let steps = steps.len();
            let fields = [&title.en, &title.zh, &summary.en, &summary.zh];
            let words = fields.map(|text| text.replace("\n\n", " ")).join("\t");
            let _ = writeln!(index, "{folder}/{name}\t{id}\t{number}\t{minutes}\t{steps}\t{words}");
        }
    }
    expect_test::expect_file!["../static/lessons/index.txt"].assert_eq(&index);
}

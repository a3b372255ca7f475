//! The scenario language: golden scripts hold, each deliberate mistake is found, every form comes
//! back as it was, mistakes are told with their place, a run written as a script is the run.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fmt::Write;
use zklab_core::lab::script::run::{Finding, Reason, Run, run};
use zklab_core::lab::script::{self, Body, Condition, Moment, Script, Statement, of_run};
use zklab_core::lab::{Lab, Scenario};
use zklab_core::mistake::{Mistake, Mistakes};
use zklab_core::sim::rng::Rng;
use zklab_core::sim::trace::NoteKind;
use zklab_core::why::{SyncRule, Why};
use zklab_tests::golden::{golden, mistakes, prepared};
use zklab_tests::lines::{ALL, HEAD, HEADS};

fn parse(text: &str) -> Script {
    match script::parse(text) {
        Ok(script) => script,
        Err(errors) => panic!("{errors:#?}\n{text}"),
    }
}

/// What did not hold.
fn failures(run: &Run) -> String {
    let mut text = String::new();
    for finding in run.findings().iter().filter(|finding| !finding.has_held) {
        let _ = writeln!(text, "  line {}: {}", finding.line, finding.statement);
        let _ = writeln!(text, "    at {}: {}", finding.at, finding.found);
    }
    if let Some(stop) = run.stop() {
        let _ = writeln!(text, "  {stop}");
    }
    text
}

#[test]
fn golden_scripts_hold() {
    let mut problems = String::new();
    for (name, text) in golden() {
        let script = parse(&text);
        let run = run(&script).expect("the scenario can be");
        assert!(!run.findings().is_empty(), "{name} expects nothing");
        assert!(script.title().is_some(), "{name} does not say what it shows");
        if !run.has_held() {
            let _ = writeln!(problems, "{name}\n{}", failures(&run));
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
}

#[test]
fn prepared_scenarios_say_what_to_look_at() {
    for (name, text) in prepared() {
        let script = parse(&text);
        let about = script.about().unwrap_or_default();
        assert_eq!(about.matches(". ").count() + 1, 2, "{name} has no two sentences: {about:?}");
        assert!(about.ends_with('.'), "{name}: {about:?}");
        assert!(script.title().is_some(), "{name} has no title");
    }
}

/// Each breaks an invariant because of its mistake, and for no other reason.
#[test]
fn each_mistake_is_found_and_without_it_nothing_is() {
    let mut problems = String::new();
    for (name, text) in mistakes() {
        let script = parse(&text);
        let broken = run(&script).expect("the scenario can be");
        let expects = |finding: &Finding| finding.statement.starts_with("expect violation ");
        assert!(broken.findings().last().is_some_and(expects), "{name} expects no violation");
        if !broken.has_held() {
            let _ = writeln!(problems, "{name}\n{}", failures(&broken));
        }
        let with = script.scenario();
        assert_eq!(with.mistakes.iter().map(Mistake::name).collect::<Vec<_>>(), [&*name]);
        let without = Scenario { mistakes: Mistakes::NONE, ..with };
        let mut clean = Run::of(&script, &without).expect("the scenario can be");
        while clean.step() {}
        assert_eq!(clean.stop(), None, "{name} without the mistake");
        let violations: Vec<_> = clean.lab().world().checker.violations().collect();
        assert!(violations.is_empty(), "{name} without the mistake: {violations:#?}");
    }
    assert!(problems.is_empty(), "\n{problems}");
}

#[test]
fn every_mistake_has_a_script() {
    let is_told = mistakes();
    let missing: Vec<Mistake> = Mistake::ALL
        .into_iter()
        .filter(|mistake| is_told.iter().all(|(name, _)| name != mistake.name()))
        .collect();
    assert_eq!(missing, []);
}

/// The names of all reasons and rows of the synchronization table that occur in a run.
fn reasons(run: &Run) -> BTreeSet<&'static str> {
    let notes = run.lab().timeline().trace().notes_from(0);
    let reasons = notes.filter_map(|note| match note.what {
        NoteKind::Decision(why) => Some(why),
        _ => None,
    });
    let names = reasons.flat_map(|why| match &why {
        Why::Synchronizing { rule, .. } => vec![why.name(), rule.name()],
        why => vec![why.name()],
    });
    names.collect()
}

/// What no script shows, nobody has looked at.
#[test]
fn every_reason_and_every_row_of_the_synchronization_table_occurs() {
    let mut seen = BTreeSet::new();
    for (_, text) in golden().into_iter().chain(mistakes()) {
        let script = parse(&text);
        seen.extend(reasons(&run(&script).expect("the scenario can be")));
    }
    let all = Why::names().into_iter().chain(SyncRule::names());
    let missing: Vec<_> = all.filter(|name| !seen.contains(name)).collect();
    assert!(missing.is_empty(), "in no golden script: {missing:?}");
}

#[test]
fn golden_scripts_are_canonical() {
    for (name, text) in golden().into_iter().chain(mistakes()) {
        assert_eq!(script::format(&parse(&text)), text, "{name}");
    }
}

#[test]
fn every_line_comes_back_as_it_was() {
    for line in ALL {
        let text = format!("{HEAD}{line}\n");
        assert_eq!(script::format(&parse(&text)), text);
    }
    for line in HEADS {
        let text = format!("{line}\n");
        assert_eq!(script::format(&parse(&text)), text);
    }
}

#[test]
fn every_verb_has_such_a_line() {
    for (verb, _, _) in script::verbs::VERBS {
        let is_it = |line: &&&str| line.split(' ').next() == Some(verb);
        assert!(ALL.iter().find(is_it).is_some(), "tests/harness/lines.rs has no line for {verb}");
    }
}

#[test]
fn any_script_comes_back_as_it_was() {
    let mut rng = Rng::new(12);
    for _ in 0..2000 {
        let mut text = HEAD.to_owned();
        for _ in 0..rng.below(12) {
            let line = ALL[rng.below(ALL.len() as u32) as usize];
            // The same with other blanks and a comment, where one may stand.
            let has_rest = line.contains("> ") || line.contains('#') || line.contains(">>");
            text += &match rng.below(3) {
                0 if !has_rest => format!("  {line}\t #  why"),
                _ => line.to_owned(),
            };
            text.push('\n');
        }
        let read = parse(&text);
        let canonical = script::format(&read);
        let again = parse(&canonical);
        assert_eq!(again, read, "{text}");
        assert_eq!(script::format(&again), canonical);
        assert_eq!(canonical.lines().count(), text.lines().count(), "line for line");
    }
}

fn errors(text: &str) -> Vec<String> {
    script::parse(text).expect_err(text).iter().map(ToString::to_string).collect()
}

#[test]
fn mistakes_are_told_with_their_place() {
    let told = [
        ("strt s1", "line 1, column 1: expected a statement such as start, found \"strt\""),
        ("start\n kill s9", "line 2, column 7: there is no server s9"),
        (
            "kill",
            "line 1, column 5: expected servers such as s1 s2, or all, found the end of the line",
        ),
        (
            "at 1.5 kill s1",
            "line 1, column 4: expected a time such as 1.5s, 200ms or 1500123us, found \"1.5\"",
        ),
        ("c1> ls /", "line 1, column 1: there is no client \"c1\" yet"),
        ("client c1\nc1> frob /", "line 2, column 5: zkCli has no command \"frob\""),
        ("client c1\nc1> create x", "line 2, column 5: Path must start with / character"),
        ("set tickTme 1", "line 1, column 5: tickTme: no such setting; did you mean tickTime?"),
        (
            "expect why Electd",
            "line 1, column 12: expected a reason such as Elected; did you mean Elected?, found \"Electd\"",
        ),
        (
            "start\nseed 4",
            "line 2, column 1: this must stand before the first step, which is on line 1",
        ),
        ("seed 1\nseed 2", "line 2, column 1: this was said already, on line 1"),
        ("title \"a", "line 1, column 7: the quoted string has no end"),
        ("title \"\\q\"", "line 1, column 8: expected \\n, \\r, \\t, \\\", \\\\ or \\xHH"),
        ("kill s1 now", "line 1, column 9: expected nothing more, found \"now\""),
        ("ensemble 0", "line 1, column 1: an ensemble needs a participant"),
        ("ensemble 100", "line 1, column 1: 100 servers asked for, at most 99 are possible"),
        ("ensemble 1000", "line 1, column 10: expected how many servers vote, found \"1000\""),
        (
            "server 4 group 1\nserver 4 observer",
            "line 2, column 8: this was said already, on line 1",
        ),
        ("start\u{0}", "line 1, column 6: a line cannot hold the character '\\0'"),
        (
            "mark\nzklab 2",
            "line 2, column 1: expected zklab 2 on the first line: the version of the language, found \"zklab\"",
        ),
    ];
    for (text, error) in told {
        assert_eq!(errors(text), [error], "{text:?}");
    }
}

#[test]
fn all_mistakes_of_a_text_are_told_but_not_without_end() {
    assert_eq!(errors("a\nstart\nb\nkill s9\nheal\nc").len(), 4);
    assert_eq!(errors(&"?\n".repeat(100_000)).len(), script::MOST_ERRORS);
    let long = format!("title \"{}\"", "x".repeat(script::MOST_LINE_BYTES));
    assert_eq!(
        errors(&long),
        [format!("line 1, column 1: the line has more than {} bytes", script::MOST_LINE_BYTES)]
    );
    let many = "\n".repeat(script::MOST_LINES + 1);
    assert_eq!(
        errors(&many),
        [format!("line 1, column 1: the text has more than {} lines", script::MOST_LINES)]
    );
    let clients: String = (0..2000).map(|n| format!("client c{n}\n")).collect();
    assert_eq!(errors(&clients)[0], "line 1001, column 8: more than 1000 clients");
    let deep = format!("client c\nsend c {}", "multi { ".repeat(100_000));
    assert_eq!(errors(&deep), ["line 2, column 38: multis lie more than 3 deep"]);
}

/// What was done in a run, with its moments.
fn actions(lab: &Lab) -> Vec<(zklab_core::types::Time, zklab_core::sim::action::Action)> {
    lab.timeline().actions().iter().map(|placed| (placed.at, (*placed.action).clone())).collect()
}

#[test]
fn a_run_written_as_a_script_is_the_run() {
    for (name, text) in golden() {
        let script = parse(&text);
        let lab = run(&script).expect("the scenario can be").into_lab();
        let again = of_run(lab.scenario(), &actions(&lab), &[]);
        let again = parse(&script::format(&again));
        let mut replay = Run::new(&again).expect("the scenario can be");
        while replay.step() {}
        let mut replayed = replay.into_lab();
        let now = lab.timeline().tip().now;
        while replayed.world().now < now {
            replayed.advance(now.0 - replayed.world().now.0);
        }
        // The script may end between two events of a moment.
        if replayed.timeline().len() == lab.timeline().len() {
            assert_eq!(replayed.hash(), lab.hash(), "{name}");
        } else {
            assert!(lab.timeline().len() < replayed.timeline().len(), "{name}");
        }
        let restored = Lab::restore(&lab.save()).expect("what was saved can be restored");
        assert_eq!(restored.hash(), lab.hash(), "{name}");
        assert_eq!(restored.save(), lab.save(), "{name}");
    }
}

#[test]
fn a_violation_can_be_expected() {
    let scenario = Scenario::default();
    let script = of_run(&scenario, &[], &[Condition::Violation(None)]);
    assert_eq!(script::format(&script), "ensemble 3\nseed 1\nexpect violation\n");
    let run = run(&script).expect("the scenario can be");
    assert_eq!(run.findings()[0].found, "no invariant broke");
    assert!(!run.has_held());
}

fn stop(text: &str) -> Option<Reason> {
    let script = parse(text);
    let mut run = Run::new(&script).expect("the scenario can be").with_most_events(2000);
    while run.step() {}
    run.stop().map(|stop| stop.reason.clone())
}

#[test]
fn a_run_that_does_not_end_is_told() {
    assert_eq!(stop("start\nrun 1000h"), Some(Reason::TooManyEvents(2000)));
    let until = "start\nuntil violation within 1000h\nstart";
    assert_eq!(stop(until), Some(Reason::TooManyEvents(2000)));
}

#[test]
fn what_cannot_be_done_ends_the_run() {
    assert!(matches!(stop("run 2s\nat 1s heal"), Some(Reason::Passed { .. })));
    assert!(matches!(stop("lose-packet 7"), Some(Reason::Refused(_))));
    assert!(matches!(stop("start\nend 7 1s"), Some(Reason::Diverged { .. })));
}

#[test]
fn what_was_found_instead_is_told() {
    let script = parse(
        "start s1 s2\nuntil leader\nexpect leader s1\nexpect znode /x\nexpect state s3 LOOKING\n",
    );
    let run = run(&script).expect("the scenario can be");
    let found: Vec<&str> = run.findings().iter().map(|finding| finding.found.as_str()).collect();
    assert_eq!(found[..2], ["", "s2 leads"]);
    assert_eq!(found[3], "DOWN");
    assert!(found[2].contains("no such znode") || found[2] == "no server serves", "{found:?}");
}

#[test]
fn examples_of_the_document_can_be_read() {
    let text = include_str!("../docs/scenarios.md");
    let mut blocks = 0;
    for block in text.split("```zk\n").skip(1) {
        let block = block.split("```").next().expect("there is one");
        blocks += 1;
        let script = parse(block);
        assert_eq!(parse(&script::format(&script)), script);
        if script.title().is_some() {
            let run = run(&script).expect("the scenario can be");
            assert!(run.has_held(), "{block}\n{}", failures(&run));
        }
    }
    assert!(5 < blocks, "{blocks} examples");
    for (verb, _, _) in script::verbs::VERBS {
        assert!(
            text.contains(&format!("`{verb}")) || text.contains(&format!("\"{verb}\"")),
            "{verb} is not told"
        );
    }
}

#[test]
fn steps_have_one_written_form_each() {
    let pass = |moment| Statement::Step(script::Step { moment, body: Body::Pass });
    let forms = [
        (pass(Moment::After(5_000_000)), "after 5s"),
        (pass(Moment::At(zklab_core::types::Time(1))), "at 0.001ms"),
    ];
    for (statement, text) in forms {
        assert_eq!(parse(text).lines[0].statement, Some(statement));
    }
}

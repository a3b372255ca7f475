//! The lessons and challenges of `static`, and what fuzzing makes of them.

use crate::fuzz::Reader;
use std::path::Path;
use zklab_core::lab::lesson;
use zklab_core::lab::script::MOST_ERRORS;

/// Every file of `static/lessons` or `static/challenges`, by name, in order.
///
/// # Panics
/// If they cannot be read.
pub fn files(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package has a parent");
    // There may be no file of a kind yet.
    let Ok(listed) = std::fs::read_dir(root.join("static").join(folder)) else { return Vec::new() };
    let mut paths: Vec<_> =
        listed.map(|entry| entry.expect("the folder can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "lesson"));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).expect("lessons are UTF-8"))
    };
    paths.iter().map(read).collect()
}

/// The reader of lessons, for fuzzing: a whole one, and its lines.
pub fn reader() -> Reader {
    let whole = include_str!("../../static/lessons/08-first-election.lesson");
    let head = "zklab lesson 1\nlesson a 1\nminutes 1\n";
    let step =
        "title\n en a\n zh b\nsummary\n en a\n zh b\nsource x\nscenario\n ensemble 3\n client c1\n";
    let ask = "step a\n en a\n zh b\n ask choice\n  en a\n  zh b\n  right\n   en a\n   zh b\n  wrong\n   \
               en c\n   zh d\n   because\n    en e\n    zh f\nremember\n en a\n zh b\n";
    let task = "step b\n en a\n zh b\n run\n  start\n do\n  goal no leader s1\n   en a\n   zh b\n hint\n  \
                en a\n  zh b\n solution\n  kill s1\n near-miss x\n  run 1s\n show s1 c1 panel why\n";
    let corpus = vec![
        format!("{head}{step}{ask}"),
        format!("{head}{step}{task}"),
        format!("{head}{step}step a\n en a\n zh b\n ask number 2 3\n  en\n   a\n  zh b\n"),
        format!("zklab lesson 1\nchallenge a 1\nbest 1\nminutes 1\n{step}{task}"),
        // Its first steps: no input is as long as the whole.
        whole.chars().take(1500).collect(),
    ];
    let words = vec![
        "  ",
        "    ",
        "\n",
        "\n\n",
        "en ",
        "zh ",
        "step ",
        "ask ",
        "do\n",
        "goal ",
        "near-miss ",
        "run\n",
        "after\n",
        "scenario\n",
        "`",
        "**",
        "#",
        "\u{feff}",
        "panel ",
        "because\n",
        "right\n",
        "服务器",
    ];
    let read = |text: &str| match lesson::parse(text) {
        Ok(lesson) => {
            assert!(!lesson.steps.is_empty(), "a lesson has a step");
            for text in [&lesson.title, &lesson.summary] {
                assert!(!text.en.is_empty() && !text.zh.is_empty(), "both languages are there");
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty() && errors.len() <= MOST_ERRORS);
            assert!(errors.iter().all(|error| 0 < error.line && 0 < error.column));
            let longest = errors.iter().map(|error| error.message.len()).max();
            assert!(longest.is_some_and(|longest| longest < 2000), "{errors:?}");
        }
    };
    Reader { corpus, words, read: Box::new(read) }
}

//! The golden scripts of `tests/scenarios`, and what fuzzing makes of them.

use crate::fuzz::Reader;
use crate::lines;
use std::path::{Path, PathBuf};
use zklab_core::lab::script;

/// Every script of `tests/scenarios` and every prepared one of `scenarios`, by name, in order.
///
/// # Panics
/// If they cannot be read.
pub fn golden() -> Vec<(String, String)> {
    let mut golden = scripts("scenarios");
    golden.extend(prepared());
    golden
}

/// Every prepared scenario of `scenarios`, by folder and name, in order.
///
/// # Panics
/// If they cannot be read.
pub fn prepared() -> Vec<(String, String)> {
    let named = |(name, text)| (format!("recipes/{name}"), text);
    scripts("../scenarios/recipes").into_iter().map(named).collect()
}

/// Every script of `tests/scenarios/mistakes`, by the name of its deliberate mistake, in order. Most
/// are what `zklab swarm --mistake NAME` made of a seed that failed.
///
/// # Panics
/// If they cannot be read.
pub fn mistakes() -> Vec<(String, String)> {
    scripts("scenarios/mistakes")
}

fn scripts(folder: &str) -> Vec<(String, String)> {
    let listed = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .expect("the folder of scripts can be listed");
    let mut paths: Vec<_> =
        listed.map(|entry| entry.expect("the folder of scripts can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "zk"));
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).expect("scripts are UTF-8"))
    };
    paths.iter().map(read).collect()
}

/// The reader of scripts, for fuzzing: golden scripts, whole and line by line, and every form of a
/// line. What is understood has one canonical form, which means the same.
pub fn reader() -> Reader {
    let mut corpus = Vec::new();
    for (_, text) in golden() {
        corpus.extend(text.lines().map(str::to_owned));
        corpus.push(text);
    }
    corpus.extend(lines::ALL.iter().map(|line| format!("{}{line}", lines::HEAD)));
    corpus.extend(lines::HEADS.map(str::to_owned));
    let words = vec![
        "\"",
        "\\",
        "\\x",
        ">",
        ">>",
        "|",
        "{",
        "}",
        ";",
        "# ",
        "\n",
        "\r\n",
        "0x",
        "1s",
        "1.5us",
        "99999999999999999999s",
        "0.0000001s",
        "within 1s",
        "no ",
        "all ",
        "s1 ",
        "c1 ",
        "at ",
        "expect ",
        "multi { ",
        "\u{2028}",
    ];
    let read = |text: &str| match script::parse(text) {
        Ok(read) => {
            let canonical = script::format(&read);
            let again = script::parse(&canonical).expect("the canonical form is understood");
            assert_eq!(again, read, "{text:?} became {canonical:?}");
            assert_eq!(script::format(&again), canonical);
        }
        Err(errors) => {
            assert!(!errors.is_empty() && errors.len() <= script::MOST_ERRORS);
            assert!(errors.iter().all(|error| 0 < error.line && 0 < error.column));
            let longest = errors.iter().map(|error| error.message.len()).max();
            assert!(longest.is_some_and(|longest| longest < 2000), "{errors:?}");
        }
    };
    Reader { corpus, words, read: Box::new(read) }
}

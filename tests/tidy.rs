//! The rules of the code's layout, checked on its text.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Machines that share the vocabulary and nothing else; their tests may put them together.
const MACHINES: [&str; 6] = ["fle", "zab", "tree", "session", "watch", "client"];

/// The most lines a file should have.
const MOST_LINES: usize = 700;

/// Files that are longer, and how long they may be. A number may only become smaller.
const LONG_FILES: [(&str, usize); 0] = [];

/// A source file.
struct File {
    /// From the root of the repository, with `/`.
    path: String,
    /// As it is.
    text: String,
    /// Without comments.
    code: String,
    /// Without comments and without its `mod tests { … }`, which comes last. Empty if the whole
    /// file is a module for tests.
    product: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the workspace").into()
}

fn paths(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is part of the repository") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            paths(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn without_comments(text: &str) -> String {
    let code = |line: &str| {
        // A `//` after a colon or a quote is a part of text.
        let mut from = 0;
        while let Some(at) = line[from..].find("//").map(|at| from + at) {
            if !line[..at].ends_with([':', '"', '\'', '/']) {
                return line[..at].to_owned();
            }
            from = at + 2;
        }
        line.to_owned()
    };
    text.lines().map(|line| code(line) + "\n").collect()
}

/// All Rust files below a folder, in order.
fn files(folder: &str) -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    paths(&root.join(folder), &mut found);
    found.sort();
    assert!(!found.is_empty(), "{folder} has sources");
    let texts: BTreeMap<String, String> = found
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
            let path = path.strip_prefix(&root).expect("it is below the root");
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            (parts.join("/"), text)
        })
        .collect();
    let for_tests: BTreeSet<String> =
        texts.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let file = |(path, text): (String, String)| {
        let code = without_comments(&text);
        let product = match code.find("#[cfg(test)]\nmod tests {") {
            _ if for_tests.contains(&path) => String::new(),
            Some(end) => code[..end].to_owned(),
            None => code.clone(),
        };
        File { path, text, code, product }
    };
    texts.into_iter().map(file).collect()
}

/// The files of modules that a file declares for tests only.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let folder = match path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix("/lib.rs")) {
        Some(folder) => folder,
        None => path.strip_suffix(".rs").unwrap_or(path),
    };
    let lines: Vec<&str> = text.lines().collect();
    let declared = lines.windows(2).filter_map(|pair| match pair {
        ["#[cfg(test)]", line] => {
            let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
            line.strip_prefix("mod ")?.strip_suffix(';')
        }
        _ => None,
    });
    declared.map(|name| format!("{folder}/{name}.rs")).collect()
}

/// The module of the crate that a file belongs to: `zab` for `core/src/zab/log.rs`.
fn module(path: &str) -> &str {
    let path = path.strip_prefix("core/src/").expect("a file of core");
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// The top modules of the crate that code names: by `crate::`, and by a `super::` that leaves its
/// own module.
fn named_modules(path: &str, code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    let is_top = path.matches('/').count() == 2 || path.ends_with("/mod.rs");
    let prefixes: &[&str] = if is_top { &["crate::", "super::"] } else { &["crate::"] };
    for prefix in prefixes {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(group) => named.extend(heads(group)),
                None => named.extend(head(rest)),
            }
        }
    }
    named
}

/// The first name of a path.
fn head(path: &str) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let name: String = path.trim_start().chars().take_while(|c| is_part(*c)).collect();
    (!name.is_empty()).then_some(name)
}

/// The first name of each path of a `use` group.
fn heads(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut paths = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => paths.push(String::new()),
            other => paths.last_mut().expect("there is one").push(other),
        }
    }
    paths.iter().filter_map(|path| head(path)).collect()
}

/// Where `needle` stands as a word of its own: `path:line: text`.
fn places(path: &str, code: &str, needle: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let has_word = |line: &str| {
        line.match_indices(needle).any(|(at, _)| {
            !line[..at].ends_with(is_part) && !line[at + needle.len()..].starts_with(is_part)
        })
    };
    let lines = code.lines().enumerate().filter(|(_, line)| has_word(line));
    lines.map(|(n, line)| format!("{path}:{}: {}", n + 1, line.trim())).collect()
}

fn assert_none(problems: &[String], rule: &str) {
    assert!(problems.is_empty(), "{rule}\n{}\n", problems.join("\n"));
}

#[test]
fn machines_never_import_one_another() {
    let mut problems = Vec::new();
    for file in files("core/src") {
        let this = module(&file.path);
        if MACHINES.contains(&this) {
            let named = named_modules(&file.path, &file.product);
            let others = MACHINES.iter().filter(|other| **other != this && named.contains(**other));
            problems.extend(others.map(|other| format!("{} names {other}", file.path)));
        }
    }
    assert_none(&problems, "fle, zab, tree, session, watch and client never import one another:");
}

#[test]
fn machines_and_servers_know_no_simulation() {
    let mut problems = Vec::new();
    for file in files("core/src") {
        let this = module(&file.path);
        let named = named_modules(&file.path, &file.product);
        let banned: &[&str] = match this {
            "sim" => &["lab", "drive", "cli"],
            "lab" | "drive" => &["cli"],
            "cli" | "bin" | "lib" => &[],
            // Machines, servers, and the vocabulary below them.
            _ if MACHINES.contains(&this) || this == "server" => &["sim", "lab", "drive", "cli"],
            _ => &["server", "sim", "lab", "drive", "cli"],
        };
        let found = banned.iter().filter(|other| named.contains(**other));
        problems.extend(found.map(|other| format!("{} names {other}", file.path)));
    }
    assert_none(&problems, "inputs in, effects out; sim never imports lab:");
}

#[test]
fn recipes_are_applications() {
    const KNOWN: [&str; 9] =
        ["client", "error", "pack", "recipe", "sorted", "tree", "txn", "types", "why"];
    let mut problems = Vec::new();
    for file in files("core/src").iter().filter(|file| module(&file.path) == "recipe") {
        let named = named_modules(&file.path, &file.product);
        let others = named.iter().filter(|name| !KNOWN.contains(&name.as_str()));
        problems.extend(others.map(|other| format!("{} names {other}", file.path)));
        if named.contains("tree") {
            let whole = places(&file.path, &file.code.replace("crate::tree::path", ""), "tree");
            problems.extend(whole);
        }
    }
    assert_none(&problems, "a recipe knows its client, its requests and its answers:");
}

#[test]
fn core_knows_neither_clock_nor_chance_nor_floats() {
    const BANNED: [&str; 14] = [
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "Instant",
        "SystemTime",
        "HashMap",
        "HashSet",
        "RandomState",
        "f32",
        "f64",
        "thread",
        "rand::rng",
        "thread_rng",
        "getrandom",
    ];
    let mut problems = Vec::new();
    // The binary is the outside: it may measure how long something takes.
    for file in files("core/src").iter().filter(|file| module(&file.path) != "bin") {
        for word in BANNED {
            problems.extend(places(&file.path, &file.code, word));
        }
    }
    assert_none(&problems, "the same scenario is the same run, everywhere:");
}

#[test]
fn only_platform_touches_the_browser() {
    let mut problems = Vec::new();
    for file in files("web/src") {
        if !file.path.starts_with("web/src/platform/") {
            for word in ["web_sys", "js_sys", "Storage", "local_storage", "session_storage"] {
                problems.extend(places(&file.path, &file.code, word));
            }
        }
    }
    assert_none(&problems, "web_sys and storage are the platform's:");
}

#[test]
fn protocol_variants_are_handled_by_name() {
    let mut problems = Vec::new();
    for file in files("core/src") {
        if ["fle", "zab"].contains(&module(&file.path)) {
            problems.extend(places(&file.path, &file.product, "_ =>"));
        }
    }
    assert_none(&problems, "`_ =>` hides the packet added next month:");
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    let mut problems = Vec::new();
    for file in files("core/src").iter().chain(&files("web/src")) {
        for (n, line) in file.product.lines().enumerate() {
            if line.contains(".unwrap()") {
                problems.push(format!("{}:{}: {}", file.path, n + 1, line.trim()));
            }
        }
    }
    assert_none(&problems, "`expect` states the reason it cannot fail:");
}

#[test]
fn files_have_one_subject() {
    let all = ["core/src", "web/src", "tests"].map(files);
    let mut problems = String::new();
    let exceptions = BTreeMap::from(LONG_FILES);
    let mut seen = BTreeSet::new();
    for file in all.iter().flatten() {
        let lines = file.text.lines().count();
        let path = file.path.as_str();
        seen.insert(path);
        let _ = match exceptions.get(path) {
            None if MOST_LINES < lines => writeln!(problems, "{path} has {lines} lines"),
            Some(most) if *most < lines => {
                writeln!(problems, "{path} grew from {most} to {lines} lines")
            }
            Some(_) if lines <= MOST_LINES => {
                writeln!(problems, "{path} is no exception any more: LONG_FILES can do without it")
            }
            None | Some(_) => Ok(()),
        };
    }
    for path in exceptions.keys().filter(|path| !seen.contains(**path)) {
        let _ = writeln!(problems, "{path} is not there any more");
    }
    assert!(problems.is_empty(), "files should have at most {MOST_LINES} lines:\n{problems}");
}

// --- The checks themselves

#[test]
fn imports_are_found_however_they_are_written() {
    let code = "use crate::zab::log;\nuse crate::{fle, tree::{self, path}, txn};\ncrate::sim::x();";
    let named: Vec<_> = named_modules("core/src/watch/tests.rs", code).into_iter().collect();
    assert_eq!(named, ["fle", "sim", "tree", "txn", "zab"]);
    let named = |path| named_modules(path, "use super::lab;").contains("lab");
    assert!(named("core/src/session.rs") && named("core/src/zab/mod.rs"));
    assert!(!named("core/src/zab/log.rs"), "there it is zab::lab");
}

#[test]
fn comments_and_tests_are_told_from_code() {
    assert_eq!(
        without_comments("a // [`b`]\n//! c\nlet d = \"http://e\";"),
        "a \n\nlet d = \"http://e\";\n"
    );
    assert_eq!(
        test_modules("core/src/tree/mod.rs", "#[cfg(test)]\nmod testing;"),
        ["core/src/tree/testing.rs"]
    );
    assert_eq!(
        test_modules("core/src/watch.rs", "#[cfg(test)]\nmod tests;"),
        ["core/src/watch/tests.rs"]
    );
    assert_eq!(places("p", "a.thread\nthreads\nx thread_y", "thread"), ["p:1: a.thread"]);
}

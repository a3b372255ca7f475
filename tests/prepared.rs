//! What recipes cost, and the list of the prepared scenarios that the page shows.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};
use zklab_core::lab::cost::ReleaseCost;
use zklab_core::lab::script;
use zklab_core::lab::view::Counts;
use zklab_core::recipe::What;

fn cost(what: What, clients: u16) -> Counts {
    let mut run = ReleaseCost::new(what, clients).expect("the scenario can be");
    loop {
        if let Some(found) = run.go_on(1000) {
            return found.expect("there is a second release");
        }
    }
}

#[test]
fn a_release_wakes_all_of_a_herd_and_one_of_a_queue() {
    for clients in [10, 50, 200] {
        let herd = cost(What::HerdLock, clients);
        let queue = cost(What::Lock, clients);
        let others = u64::from(clients) - 1;
        // All others try to create the node; all but the quickest watch it again. One delete.
        assert_eq!(herd, Counts { notifications: others, reads: others - 1, writes: others + 1 });
        // The next in line looks who is first. One delete.
        assert_eq!(queue, Counts { notifications: 1, reads: 1, writes: 1 });
    }
}

/// What the page's list must say of each prepared scenario: a line each, in order of their names.
fn listed_in_english() -> Vec<[String; 3]> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/recipes");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let mut paths: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "zk")).collect();
    paths.sort();
    let line = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("it is text");
        let script = script::parse(&text).expect("it is a script");
        let name = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        let say = |words: Option<&str>| words.expect("it has a title and an about").to_owned();
        [format!("recipes/{name}"), say(script.title()), say(script.about())]
    };
    paths.iter().map(line).collect()
}

#[test]
fn the_list_of_prepared_scenarios_says_what_the_files_say() {
    let index = include_str!("../scenarios/recipes/index.txt");
    let mut found = Vec::new();
    for line in index.lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let [name, title, chinese_title, about, chinese_about] = parts[..] else {
            panic!("five parts between tabs: {line}");
        };
        for chinese in [chinese_title, chinese_about] {
            assert!(!chinese.is_ascii(), "{name}: {chinese} is not Chinese");
        }
        found.push([name.to_owned(), title.to_owned(), about.to_owned()]);
    }
    assert_eq!(found, listed_in_english());
}

//! What recipes cost, and the list of the prepared scenarios that the page shows.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};
use zklab_core::lab::cost::ReleaseCost;
use zklab_core::lab::script;
use zklab_core::lab::view::{Counts, RecipeView};
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

#[test]
fn two_locks_in_different_order_each_show_who_waits_for_whom() {
    let text = include_str!("../scenarios/recipes/multi-lock-deadlock.zk");
    let (begin, _) = text.split_once("c2> unlock").expect("one of them gives up at last");
    let script = script::parse(begin).expect("it is a script");
    let run = script::run::run(&script).expect("the scenario can be");
    let view = run.lab().view();
    let holder_and_waiter = |path: &str| {
        let recipe: &RecipeView =
            view.recipes.iter().find(|recipe| &*recipe.path == path).expect("it is a recipe");
        let names = |place: usize| {
            let client = recipe.nodes[place].client;
            let client = view.clients.iter().find(|known| Some(known.id) == client);
            client.expect("it lives").name.to_string()
        };
        let waiting = recipe.members.iter().find(|member| !member.watched.is_empty());
        let waiting = waiting.expect("somebody watches");
        assert_eq!(waiting.watched, [0], "the holder of {path} is watched");
        assert_eq!(waiting.node.as_ref(), Some(&recipe.nodes[1].path));
        (names(0), names(1))
    };
    assert_eq!(holder_and_waiter("/locks/a"), ("c1".to_owned(), "c2".to_owned()));
    assert_eq!(holder_and_waiter("/locks/b"), ("c2".to_owned(), "c1".to_owned()));
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

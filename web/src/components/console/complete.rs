//! What the Tab key puts in the place of a word that was begun: commands, their options, and paths
//! of the tree as the client's server has it. ZooKeeper: `JLineZNodeCompleter`.

use zklab_core::lab::zkcli::COMMANDS;

/// The most words that are offered.
pub const MOST_OFFERED: usize = 50;

/// What may stand from `start` (in bytes) to the end of the line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Completion {
    /// Where the word begins.
    pub start: usize,
    /// What it may become.
    pub words: Vec<String>,
}

/// How the last word of a line may go on. `paths` are those of the tree, in any order.
pub fn complete<'a>(line: &str, paths: impl Iterator<Item = &'a str> + Clone) -> Completion {
    let start = line.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let word = &line[start..];
    let before: Vec<&str> = line[..start].split_whitespace().collect();
    let words = match before.as_slice() {
        [] | ["help"] => commands(word, before.is_empty()),
        [command, ..] if word.starts_with('-') => options(command, word),
        [command, rest @ ..] if word.is_empty() => {
            let has_path = rest.iter().any(|word| word.starts_with('/'));
            if takes_path(command) && !has_path { vec!["/".to_owned()] } else { Vec::new() }
        }
        _ if word.starts_with('/') => below(word, paths),
        _ => Vec::new(),
    };
    // What is there already is nothing to be offered.
    let is_done = words.len() == 1 && words[0] == word;
    Completion { start, words: if is_done { Vec::new() } else { words } }
}

fn usage(command: &str) -> &'static str {
    let found = COMMANDS.iter().find(|(name, _)| *name == command);
    found.map_or("", |(_, options)| options)
}

fn commands(begun: &str, has_help: bool) -> Vec<String> {
    let help = has_help.then_some("help");
    let all = COMMANDS.iter().map(|(name, _)| *name).chain(help);
    let mut words: Vec<String> =
        all.filter(|name| name.starts_with(begun)).map(str::to_owned).collect();
    words.sort_by_key(|word| word.to_lowercase());
    words
}

fn takes_path(command: &str) -> bool {
    usage(command).split([' ', '[', ']']).any(|word| word == "path")
}

fn options(command: &str, begun: &str) -> Vec<String> {
    let is_option = |word: &&str| word.starts_with('-') && 1 < word.len();
    let words = usage(command).split([' ', '[', ']', '|']).filter(is_option);
    words.filter(|word| word.starts_with(begun)).map(str::to_owned).collect()
}

/// The znodes whose path goes on from `begun`, one level down; those below it if it is one itself.
fn below<'a>(begun: &str, paths: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let folder = &begun[..=begun.rfind('/').unwrap_or_default()];
    let in_folder = |folder: &str, begun: &str| {
        let is_meant = |path: &&str| {
            let rest = path.strip_prefix(folder).unwrap_or_default();
            path.starts_with(begun) && !rest.is_empty() && !rest.contains('/')
        };
        let mut words: Vec<String> = paths.clone().filter(is_meant).map(str::to_owned).collect();
        words.sort();
        words.truncate(MOST_OFFERED);
        words
    };
    let words = in_folder(folder, begun);
    if words.len() == 1 && words[0] == begun {
        let folder = format!("{begun}/");
        return in_folder(&folder, &folder);
    }
    words
}

/// What all of them begin with.
pub fn common(words: &[String]) -> &str {
    let Some(first) = words.first() else { return "" };
    let shared = words.iter().skip(1).fold(first.len(), |shared, word| {
        let same = first.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
        shared.min(same)
    });
    // A letter may have more bytes than are shared.
    let end = (0..=shared).rev().find(|at| first.is_char_boundary(*at)).unwrap_or_default();
    &first[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [&str; 7] =
        ["/", "/app", "/app/a", "/app/b", "/apple", "/zookeeper", "/zookeeper/config"];

    fn offered(line: &str) -> Vec<String> {
        complete(line, PATHS.into_iter()).words
    }

    #[test]
    fn commands_come_first() {
        assert_eq!(offered("cre"), ["create"]);
        assert_eq!(offered("s"), ["set", "setAcl", "stat", "sync"]);
        assert_eq!(offered("help ge"), ["get", "getAcl", "getAllChildrenNumber", "getEphemerals"]);
        assert_eq!(offered("create"), [""; 0], "it is there already");
    }

    #[test]
    fn paths_are_those_of_the_tree() {
        assert_eq!(offered("get "), ["/"]);
        assert_eq!(offered("get /"), ["/app", "/apple", "/zookeeper"]);
        assert_eq!(offered("get /zoo"), ["/zookeeper"]);
        assert_eq!(offered("get /zookeeper"), ["/zookeeper/config"]);
        assert_eq!(offered("set -s /app/"), ["/app/a", "/app/b"]);
        assert_eq!(offered("get /nope"), [""; 0]);
        assert_eq!(offered("create /x da"), [""; 0]);
        assert_eq!(offered("whoami "), [""; 0]);
        assert_eq!(complete("get -s /ap", PATHS.into_iter()).start, 7);
    }

    #[test]
    fn options_are_those_of_the_command() {
        assert_eq!(offered("get -"), ["-s", "-w"]);
        assert_eq!(offered("create -"), ["-s", "-e", "-c", "-t"]);
    }

    #[test]
    fn letters_are_whole() {
        let words =
            |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(common(&words(&["/app", "/apple"])), "/app");
        assert_eq!(common(&words(&["/ä", "/å"])), "/");
        assert_eq!(common(&[]), "");
    }
}

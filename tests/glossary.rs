//! The glossary: complete, in both languages, and it has every term that the interface shows.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::path::Path;
use zklab_core::lab::glossary::{Glossary, Piece, parse};
use zklab_core::sim::link::PacketType;
use zklab_core::txn::CreateMode;
use zklab_core::types::{Phase, ServerState};

const TEXT: &str = include_str!("../static/glossary/terms.txt");

fn glossary() -> Glossary {
    parse(TEXT).unwrap_or_else(|error| panic!("static/glossary/terms.txt, {error}"))
}

#[test]
fn the_lesson_of_every_term_exists() {
    let index = include_str!("../static/lessons/index.txt");
    let is_lesson = |line: &&str| line.starts_with("lessons/");
    let ids = index.lines().filter(is_lesson).filter_map(|line| line.split('\t').nth(1));
    let ids: BTreeSet<&str> = ids.collect();
    for term in glossary().terms {
        assert!(ids.contains(&*term.lesson), "{}: there is no lesson {}", term.key, term.lesson);
    }
}

#[test]
fn definitions_are_whole_sentences_in_both_languages() {
    for term in glossary().terms {
        let (en, zh) = (&term.text.en, &term.text.zh);
        assert!(en.ends_with('.'), "{}: {en}", term.key);
        assert!(zh.ends_with('。'), "{}: {zh}", term.key);
        let is_chinese = |c: char| ('\u{4e00}'..'\u{9fff}').contains(&c);
        assert!(zh.contains(is_chinese) && !en.contains(is_chinese), "{}", term.key);
        for text in [en, zh] {
            assert_eq!(text.matches('`').count() % 2, 0, "{}: {text}", term.key);
            assert!(text.chars().count() < 260, "{} can be read at a glance: {text}", term.key);
        }
    }
}

#[test]
fn every_name_of_zookeeper_that_the_page_shows_has_an_entry() {
    let glossary = glossary();
    let states = [
        ServerState::Looking,
        ServerState::Following,
        ServerState::Leading,
        ServerState::Observing,
    ];
    let phases = [Phase::Election, Phase::Discovery, Phase::Synchronization, Phase::Broadcast];
    let modes = [
        CreateMode::Persistent,
        CreateMode::Ephemeral,
        CreateMode::PersistentSequential,
        CreateMode::EphemeralSequential,
        CreateMode::Container,
        CreateMode::PersistentWithTtl,
        CreateMode::PersistentSequentialWithTtl,
    ];
    // TCP's own, and those of clients that say themselves what they are.
    let plain = [
        "SYN",
        "SYNACK",
        "FIN",
        "RST",
        "HELLO",
        "CONNECT",
        "CONNECTED",
        "REPLY",
        "ISRO",
        "ISROANSWER",
    ];
    let packets = PacketType::ALL.iter().map(|packet| packet.name());
    let names = packets
        .filter(|name| !plain.contains(name))
        .chain(states.map(ServerState::name))
        .chain(phases.map(Phase::name))
        .chain(modes.map(CreateMode::name))
        .chain(["tickTime", "initLimit", "syncLimit", "myid"]);
    for name in names {
        assert!(glossary.named(name).is_some(), "{name} has no entry");
    }
    // What the table of a znode and the facts of a server call their rows.
    let znode = include_str!("../web/src/components/znode.rs");
    let rows = znode.split("const NAMES").nth(1).and_then(|rest| rest.split("];").next());
    let rows: Vec<&str> = rows.expect("they are listed").split('"').skip(1).step_by(2).collect();
    assert_eq!(rows.len(), 13);
    for name in rows.into_iter().chain(["acceptedEpoch", "currentEpoch", "committedLog"]) {
        assert!(glossary.named(name).is_some(), "{name} has no entry");
    }
}

#[test]
fn every_term_that_the_page_asks_for_by_its_key_has_an_entry() {
    let glossary = glossary();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/components");
    let mut asked = 0;
    for entry in std::fs::read_dir(folder).expect("the page has components") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("it is text");
        for rest in text.split("ask(ui, \"").skip(1) {
            let key = rest.split('"').next().expect("it ends");
            assert!(glossary.term(key).is_some(), "{}: no term {key:?}", path.display());
            asked += 1;
        }
    }
    assert!(5 <= asked, "the strip and the inspector ask for some");
}

#[test]
fn terms_are_found_in_texts_once_each_and_as_whole_words() {
    let glossary = glossary();
    let found = |text: &str| {
        let pieces = glossary.mark(text, &mut Vec::new());
        let whole: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) | Piece::Term(text, _) => *text,
            })
            .collect();
        assert_eq!(whole, text, "nothing is lost");
        let key = |piece: &Piece| match piece {
            Piece::Term(word, place) => Some(format!("{word}={}", glossary.terms[*place].key)),
            Piece::Plain(_) => None,
        };
        pieces.iter().filter_map(key).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found("Epochs and zxids: an epoch."), "Epochs=epoch zxids=zxid");
    assert_eq!(found("s3 looks for a leader, round 1"), "leader=leader round=logicalclock");
    assert_eq!(found("a session timeout of 10 s"), "session timeout=session-timeout");
    assert_eq!(found("the path /lock/epoch, multi-lock, votes_for"), "");
    assert_eq!(found("s2 采用 s3 的选票：epoch 相同"), "选票=vote epoch=epoch");
    assert_eq!(found("会话过期，临时节点随之消失"), "会话=session 过期=expired 临时节点=ephemeral");
    assert_eq!(found(""), "");
}

#[test]
fn what_is_wrong_with_the_file_is_told_with_its_line() {
    let term = "term a\nlesson x\nwords a\nen A.\nzh 甲。\n";
    assert!(parse(term).is_ok());
    for (text, told) in [
        ("words a\n".to_owned(), "line 1: this stands before the first term"),
        (format!("{term}colour red\n"), "line 6: there is no field \"colour\""),
        (
            format!("{term}term b\nlesson x\nwords a\n"),
            "line 8: \"a\" stands for another term already",
        ),
        (format!("{term}term b\nterm c\n"), "line 7: the term \"b\" has no lesson"),
        (
            format!("{term}{}", term.replace("words a", "words b")),
            "line 10: there are two terms \"a\"",
        ),
        ("term a\nlesson x\nwords a\nen A.\n".to_owned(), "line 4: the term \"a\" has no zh"),
        ("term\n".to_owned(), "line 1: nothing stands after \"term\""),
    ] {
        assert_eq!(
            parse(&text).map(|_| ()).map_err(|error| error.to_string()),
            Err(told.to_owned())
        );
    }
}

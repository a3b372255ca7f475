//! Bad input to the drive protocol: a clear answer that names the place, and nothing changes.

#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use serde_json::{Value, json};
use zklab_core::drive::Drive;
use zklab_tests::{HASHED, ask, feed, hash};

/// Three servers that serve, and a client `a` of the first.
const SERVING: &str = r#"
{"do":"ensemble"}
{"do":"start","servers":[1,2,3]}
{"do":"await","what":"serving","servers":[1,2,3]}
{"do":"connect","client":"a","servers":[1]}
{"do":"zk","client":"a","op":"create","path":"/x","data":"1"}
"#;

fn serving() -> Drive {
    let mut drive = Drive::default();
    for answer in feed(&mut drive, SERVING) {
        let answer: Value = serde_json::from_str(&answer).expect("answers are JSON");
        assert_eq!(answer["ok"], json!(true), "{answer}");
    }
    drive
}

/// Asserts that the line is refused for what it says, and that nothing happened.
fn assert_refused(drive: &mut Drive, line: &str, error: &str, place: &str) {
    let before = hash(drive);
    let answer = ask(drive, line);
    assert_eq!(answer["ok"], json!(false), "{line}: {answer}");
    assert_eq!(answer["error"], json!(error), "{line}: {answer}");
    let detail = answer["detail"].as_str().unwrap_or_default();
    assert!(detail.contains(place), "{line}: {answer} does not name {place:?}");
    assert_eq!(hash(drive), before, "{line}: something happened");
}

#[test]
fn what_is_no_request_is_refused_with_its_place() {
    let mut drive = serving();
    let cases = [
        ("{", "column 1"),
        ("{\"do\":", "column 6"),
        ("{\"do\":\"state\"", "column 13"),
        ("{\"do\":\"state\"} x", "column 16"),
        ("{'do':'state'}", "column 2"),
        ("state", "column 1"),
        ("nul", "column"),
        ("[]", "object"),
        ("\"state\"", "object"),
        ("3", "object"),
        ("null", "object"),
        ("{}", "do"),
        ("{\"do\":3}", "do"),
        ("{\"do\":null}", "do"),
        ("{\"Do\":\"state\"}", "do"),
        ("{\"do\":\"\"}", "do"),
        ("{\"do\":\"dance\"}", "dance"),
        ("{\"do\":\"State\"}", "State"),
    ];
    for (line, place) in cases {
        assert_refused(&mut drive, line, "BADREQUEST", place);
    }
}

#[test]
fn a_wrong_field_is_named() {
    let mut drive = serving();
    let cases = [
        // The ensemble stays what it is.
        (r#"{"do":"ensemble","participants":0}"#, "participant"),
        (r#"{"do":"ensemble","participants":-1}"#, "participants"),
        (r#"{"do":"ensemble","participants":"3"}"#, "participants"),
        (r#"{"do":"ensemble","participants":300}"#, "participants"),
        (r#"{"do":"ensemble","participants":99,"observers":99}"#, "198"),
        (r#"{"do":"ensemble","observers":1.5}"#, "observers"),
        (r#"{"do":"ensemble","seed":"x"}"#, "seed"),
        (r#"{"do":"ensemble","config":[]}"#, "config"),
        (r#"{"do":"ensemble","config":{"tickTime":"soon"}}"#, "tickTime"),
        (r#"{"do":"ensemble","config":{"syncLimit":-1}}"#, "syncLimit"),
        (
            r#"{"do":"ensemble","config":{"zookeeper.snapshotSizeFactor":"x"}}"#,
            "snapshotSizeFactor",
        ),
        // Servers.
        (r#"{"do":"start"}"#, "servers"),
        (r#"{"do":"start","servers":1}"#, "servers"),
        (r#"{"do":"start","servers":["1"]}"#, "servers"),
        (r#"{"do":"start","servers":[4]}"#, "4"),
        (r#"{"do":"kill","servers":[0]}"#, "0"),
        (r#"{"do":"kill","servers":[1,9]}"#, "9"),
        (r#"{"do":"pause","servers":[-1]}"#, "servers"),
        (r#"{"do":"resume","servers":{}}"#, "servers"),
        (r#"{"do":"partition"}"#, "groups"),
        (r#"{"do":"partition","groups":[1,2]}"#, "groups"),
        (r#"{"do":"partition","groups":[[1,2],[2,3]]}"#, "server 2"),
        (r#"{"do":"partition","groups":[[1],[7]]}"#, "7"),
        (r#"{"do":"tree"}"#, "server"),
        (r#"{"do":"tree","server":8}"#, "8"),
        (r#"{"do":"tree","server":[1]}"#, "server"),
        // Time.
        (r#"{"do":"run"}"#, "ms"),
        (r#"{"do":"run","ms":-5}"#, "ms"),
        (r#"{"do":"run","ms":"5"}"#, "ms"),
        (r#"{"do":"run","ms":18446744073709551615}"#, "a day"),
        (r#"{"do":"await"}"#, "what"),
        (r#"{"do":"await","what":"godot"}"#, "godot"),
        (r#"{"do":"await","what":"serving","servers":[5]}"#, "5"),
        (r#"{"do":"await","what":"serving","servers":[1],"ms":"x"}"#, "ms"),
        (r#"{"do":"events","client":"a","settleMs":"x"}"#, "settleMs"),
        (r#"{"do":"trace","since":-1}"#, "since"),
        // Clients.
        (r#"{"do":"connect","servers":[1]}"#, "client"),
        (r#"{"do":"connect","client":7,"servers":[1]}"#, "client"),
        (r#"{"do":"connect","client":"b"}"#, "servers"),
        (r#"{"do":"connect","client":"b","servers":[]}"#, "servers"),
        (r#"{"do":"connect","client":"b","servers":[6]}"#, "6"),
        (r#"{"do":"connect","client":"b","servers":[1],"timeout":-1}"#, "timeout"),
        (r#"{"do":"connect","client":"b","servers":[1],"timeout":99999999999}"#, "timeout"),
        (r#"{"do":"connect","client":"b","servers":[1],"waitMs":true}"#, "waitMs"),
        (r#"{"do":"connect","client":"b","servers":[1],"readOnly":1}"#, "readOnly"),
        (r#"{"do":"zk","op":"sync","path":"/"}"#, "client"),
        (r#"{"do":"zk","client":"nobody","op":"sync","path":"/"}"#, "nobody"),
        (r#"{"do":"send","client":"nobody","op":"create","path":"/y"}"#, "nobody"),
        (r#"{"do":"vanish","client":"nobody"}"#, "nobody"),
        (r#"{"do":"events","client":"nobody"}"#, "nobody"),
        // Operations.
        (r#"{"do":"zk","client":"a"}"#, "op"),
        (r#"{"do":"zk","client":"a","op":"fly","path":"/"}"#, "fly"),
        (r#"{"do":"zk","client":"a","op":"create"}"#, "path"),
        (r#"{"do":"zk","client":"a","op":"create","path":5}"#, "path"),
        (r#"{"do":"zk","client":"a","op":"create","path":"/y","data":5}"#, "data"),
        (r#"{"do":"zk","client":"a","op":"create","path":"/y","mode":"SOLID"}"#, "SOLID"),
        (r#"{"do":"zk","client":"a","op":"create","path":"/y","ttl":"x"}"#, "ttl"),
        (r#"{"do":"zk","client":"a","op":"create","path":"/y","acl":[[31]]}"#, "acl"),
        (r#"{"do":"zk","client":"a","op":"create","path":"/y","acl":"world"}"#, "acl"),
        (r#"{"do":"zk","client":"a","op":"delete","path":"/x","version":"1"}"#, "version"),
        (r#"{"do":"zk","client":"a","op":"delete","path":"/x","version":4294967296}"#, "version"),
        (r#"{"do":"zk","client":"a","op":"getData","path":"/x","watch":"yes"}"#, "watch"),
        (r#"{"do":"zk","client":"a","op":"setACL","path":"/x"}"#, "acl"),
        (r#"{"do":"zk","client":"a","op":"addAuth","scheme":"digest"}"#, "auth"),
        (r#"{"do":"zk","client":"a","op":"addWatch","path":"/x","mode":"SOMETIMES"}"#, "SOMETIMES"),
        (r#"{"do":"zk","client":"a","op":"removeWatches","path":"/x","kind":"ALL"}"#, "ALL"),
        (r#"{"do":"zk","client":"a","op":"multi"}"#, "ops"),
        (r#"{"do":"zk","client":"a","op":"multi","ops":[1]}"#, "ops"),
        (r#"{"do":"zk","client":"a","op":"multi","ops":[{"op":"check"}]}"#, "ops[0].path"),
        (
            r#"{"do":"zk","client":"a","op":"multi","ops":[{"op":"check","path":"/x"},{"op":"fly"}]}"#,
            "ops[1].op",
        ),
        (r#"{"do":"zk","client":"a","op":"multi","ops":[{"op":"getData","path":"/x"}]}"#, "ops[0]"),
    ];
    for (line, place) in cases {
        assert_refused(&mut drive, line, "BADREQUEST", place);
    }
    let state = ask(&mut drive, r#"{"do":"zk","client":"a","op":"getData","path":"/x"}"#);
    assert_eq!(state["data"], json!("1"), "everything works as before");

    // Not even time has passed.
    let mut twin = serving();
    ask(&mut twin, r#"{"do":"zk","client":"a","op":"getData","path":"/x"}"#);
    assert_eq!(hash(&mut drive), hash(&mut twin));
}

#[test]
fn a_path_that_cannot_be_never_leaves_the_client() {
    let mut drive = serving();
    let cases = [
        ("", "length"),
        ("x", "must start with /"),
        ("x/y", "must start with /"),
        ("/a//b", "empty node name"),
        ("/a/./b", "relative"),
        ("/a/..", "relative"),
        ("/a\u{1}", "invalid character"),
        ("/a\u{0}", "null character"),
    ];
    for (path, place) in cases {
        for op in ["create", "delete", "exists", "getData", "setData", "getChildren"] {
            let line = json!({ "do": "zk", "client": "a", "op": op, "path": path }).to_string();
            assert_refused(&mut drive, &line, "BADARGUMENTS", place);
        }
    }
}

#[test]
fn without_an_ensemble_there_is_nothing_to_do() {
    let requests = [
        r#"{"do":"start","servers":[1]}"#,
        r#"{"do":"run","ms":5}"#,
        r#"{"do":"state"}"#,
        r#"{"do":"hash"}"#,
        r#"{"do":"zk","client":"a","op":"sync","path":"/"}"#,
    ];
    for line in requests {
        assert_refused(&mut Drive::default(), line, "BADREQUEST", "ensemble");
    }
}

#[test]
fn what_zookeeper_refuses_has_its_name() {
    let mut drive = serving();
    let cases = [
        (r#"{"do":"zk","client":"a","op":"getData","path":"/none"}"#, "NONODE"),
        (r#"{"do":"zk","client":"a","op":"create","path":"/none/y"}"#, "NONODE"),
        (r#"{"do":"zk","client":"a","op":"create","path":"/x"}"#, "NODEEXISTS"),
        (r#"{"do":"zk","client":"a","op":"delete","path":"/x","version":7}"#, "BADVERSION"),
        (r#"{"do":"zk","client":"a","op":"delete","path":"/zookeeper"}"#, "BADARGUMENTS"),
        (r#"{"do":"connect","client":"b","servers":[1],"waitMs":0}"#, "KazooTimeoutError"),
        (r#"{"do":"await","what":"looking","servers":[1],"ms":100}"#, "TIMEOUT"),
    ];
    for (line, error) in cases {
        let answer = ask(&mut drive, line);
        assert_eq!((&answer["ok"], &answer["error"]), (&json!(false), &json!(error)), "{line}");
    }
}

#[test]
fn comments_and_blank_lines_are_not_answered() {
    let mut drive = serving();
    let before = hash(&mut drive);
    for line in ["", " ", "\t", "\r\n", "#", "# {\"do\":\"run\",\"ms\":5}", "   # indented", "#{"] {
        assert_eq!(drive.obey(line), None, "{line:?}");
    }
    assert_eq!(hash(&mut drive), before);
    assert!(drive.obey("  {\"do\":\"state\"}  \r\n").is_some(), "blanks around a request");
}

#[test]
fn a_closed_or_vanished_client_is_unknown() {
    let mut drive = serving();
    ask(&mut drive, r#"{"do":"connect","client":"b","servers":[2]}"#);
    ask(&mut drive, r#"{"do":"vanish","client":"b"}"#);
    assert_eq!(ask(&mut drive, r#"{"do":"zk","client":"a","op":"close"}"#)["ok"], json!(true));
    for name in ["a", "b"] {
        let line = format!(r#"{{"do":"zk","client":"{name}","op":"sync","path":"/"}}"#);
        assert_refused(&mut drive, &line, "BADREQUEST", name);
    }
}

// --- Whatever is said

/// Requests to be damaged. None lets much time pass.
fn valid() -> Vec<&'static str> {
    let told = SERVING.lines().filter(|line| !line.is_empty());
    let ops = HASHED.iter().flat_map(|(_, script)| script.lines());
    let ops = ops.filter(|line| line.contains("multi") || line.contains("setACL"));
    told.chain(ops.take(20))
        .chain([
            r#"{"do":"partition","groups":[[1],[2,3]]}"#,
            r#"{"do":"heal"}"#,
            r#"{"do":"state"}"#,
            r#"{"do":"trace","since":5}"#,
            r#"{"do":"kill","servers":[1]}"#,
            r#"{"do":"run","ms":50}"#,
            r#"{"do":"events","client":"a","settleMs":10}"#,
            r#"{"do":"send","client":"a","op":"setData","path":"/x","data":"2"}"#,
        ])
        .collect()
}

/// Text of the kind that breaks parsers.
fn scraps() -> Vec<&'static str> {
    vec![
        "",
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "null",
        "true",
        "-1",
        "0",
        "1e9",
        "1e999",
        "0.5",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "{}",
        "[]",
        "[[]]",
        "\"\"",
        "\"*\"",
        "\\u0000",
        "\\ud800",
        "\u{0}",
        "\u{fffd}",
        "é",
        "/",
        "//",
        "..",
        "\"do\"",
        "\"op\"",
        "\"path\"",
        "\"client\"",
        "\"servers\"",
        "\"ops\"",
        "\"a\"",
        "#",
    ]
}

/// A valid line with some bytes replaced, doubled, dropped or exchanged for scraps.
fn damaged() -> impl Strategy<Value = String> {
    let damage = (any::<Index>(), 0usize..12, select(scraps()));
    (select(valid()), proptest::collection::vec(damage, 1..5)).prop_map(|(line, damages)| {
        let mut text: Vec<char> = line.chars().collect();
        for (at, length, scrap) in damages {
            let from = at.index(text.len() + 1);
            let to = (from + length).min(text.len());
            text.splice(from..to, scrap.chars());
        }
        text.into_iter().collect()
    })
}

/// A valid line with a field exchanged for something else.
fn confused() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0u64..12).prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
        select(vec!["/", "/x", "a", "kill", "zk", "multi", "close"]).prop_map(Value::from),
        Just(json!([])),
        Just(json!([[1, 2], [3]])),
        Just(json!([{ "op": "create", "path": "/x" }])),
        Just(json!({})),
    ];
    (select(valid()), any::<Index>(), value).prop_map(|(line, field, value)| {
        let mut request: Value = serde_json::from_str(line).expect("the line is valid");
        let fields = request.as_object_mut().expect("requests are objects");
        let name = fields.keys().nth(field.index(fields.len())).cloned().expect("it has fields");
        // The patience of whoever runs this is a field, too.
        if name != "ms" && name != "settleMs" && name != "participants" {
            fields.insert(name, value);
        }
        request.to_string()
    })
}

/// Asserts that a line is answered as the protocol promises.
fn assert_answered(drive: &mut Drive, line: &str) {
    let is_silent = line.trim().is_empty() || line.trim().starts_with('#');
    let answer = drive.obey(line);
    assert_eq!(answer.is_none(), is_silent, "{line:?}: {answer:?}");
    let Some(answer) = answer else { return };
    assert!(!answer.contains('\n'), "{line:?}: more than a line");
    let answer: Value = serde_json::from_str(&answer).expect("answers are JSON");
    let is_ok = answer["ok"].as_bool().expect("every answer says whether it is ok");
    // A multi that failed tells what became of each of its operations.
    let has_reason = answer["error"].is_string() || answer["results"].is_array();
    assert!(is_ok || has_reason, "{line:?}: no reason: {answer}");
    if answer["error"] == json!("BADREQUEST") {
        assert!(answer["detail"].is_string(), "{line:?}: BADREQUEST without a detail");
    }
}

proptest! {
    #![proptest_config(Config { cases: 512, failure_persistence: None, ..Config::default() })]

    #[test]
    fn random_bytes_are_answered(bytes: Vec<u8>) {
        assert_answered(&mut Drive::default(), &String::from_utf8_lossy(&bytes).replace('\n', " "));
    }
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    #[test]
    fn damaged_lines_are_answered(lines in proptest::collection::vec(damaged(), 1..24)) {
        let mut drive = serving();
        lines.iter().for_each(|line| assert_answered(&mut drive, line));
    }

    #[test]
    fn confused_lines_are_answered(lines in proptest::collection::vec(confused(), 1..16)) {
        let mut drive = serving();
        lines.iter().for_each(|line| assert_answered(&mut drive, line));
    }

    #[test]
    fn refused_lines_change_nothing(line in prop_oneof![damaged(), confused()]) {
        let mut drive = serving();
        let before = hash(&mut drive);
        let answer = drive.obey(&line);
        if answer.is_none_or(|answer| answer.contains("\"BADREQUEST\"")) {
            assert_eq!(hash(&mut drive), before, "{line:?} changed something");
        }
    }
}

//! Compares answers with those that an Apache ZooKeeper ensemble gave to the same script.

use serde_json::{Map, Value};
use std::fmt;

/// Wall-clock moments, and what only one of the two can say.
const IGNORED: [&str; 4] = ["at", "sessionTimeout", "detail", "t"];

/// A value that is not what ZooKeeper answered.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// Where in the answer, as in `.servers[1].zxid`.
    pub place: String,
    /// ZooKeeper's; nothing if it gave none.
    pub recorded: Option<Value>,
    /// Ours; nothing if it is not there.
    pub here: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |value: &Option<Value>| match value {
            Some(value) => value.to_string().chars().take(300).collect(),
            None => "nothing".to_owned(),
        };
        let (recorded, here) = (show(&self.recorded), show(&self.here));
        write!(f, "{}: ZooKeeper {recorded}, here {here}", self.place)
    }
}

/// All differences between a recorded answer and ours. In the recording `"*"` stands for anything:
/// the real ensemble answered differently from run to run. Fields that only we give are no
/// difference, except in trees, where they are znodes.
pub fn differences(recorded: &Value, here: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    differ(Some(&normal(recorded)), Some(&normal(here)), "", &mut found);
    found
}

/// The order in which learners were synchronized at the same time is chance.
fn normal(answer: &Value) -> Value {
    let mut answer = answer.clone();
    if let Some(syncs) = answer.get_mut("syncs").and_then(Value::as_array_mut) {
        syncs.sort_by_cached_key(|sync| {
            let number = |name| sync.get(name).and_then(Value::as_u64).unwrap_or_default();
            let last = sync.get("lastProcessed").map(Value::to_string);
            (number("learner"), number("leader"), last)
        });
    }
    answer
}

fn differ(
    recorded: Option<&Value>,
    here: Option<&Value>,
    place: &str,
    found: &mut Vec<Difference>,
) {
    match (recorded, here) {
        (Some(Value::String(any)), _) if any == "*" && here.is_some() => {}
        (Some(Value::Object(recorded)), Some(Value::Object(here))) => {
            differ_in_fields(recorded, here, place, found);
        }
        (Some(Value::Array(recorded)), Some(Value::Array(here)))
            if recorded.len() == here.len() =>
        {
            for (n, (recorded, here)) in recorded.iter().zip(here).enumerate() {
                differ(Some(recorded), Some(here), &format!("{place}[{n}]"), found);
            }
        }
        (recorded, here) if recorded == here => {}
        (recorded, here) => found.push(Difference {
            place: place.to_owned(),
            recorded: recorded.cloned(),
            here: here.cloned(),
        }),
    }
}

fn differ_in_fields(
    recorded: &Map<String, Value>,
    here: &Map<String, Value>,
    place: &str,
    found: &mut Vec<Difference>,
) {
    for (name, value) in recorded {
        if !IGNORED.contains(&name.as_str()) {
            differ(Some(value), here.get(name), &format!("{place}.{name}"), found);
        }
    }
    if place.ends_with(".tree") {
        for (name, value) in here {
            if !recorded.contains_key(name) {
                differ(None, Some(value), &format!("{place}.{name}"), found);
            }
        }
    }
}

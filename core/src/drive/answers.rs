//! Replies of servers as fields of an answer.

use crate::error::KeeperError;
use crate::txn::{Acl, Reply, Stat};
use serde_json::{Map, Value, json};

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}

fn stat_fields(stat: &Stat) -> Value {
    json!({
        "czxid": stat.czxid.to_string(), "mzxid": stat.mzxid.to_string(),
        "pzxid": stat.pzxid.to_string(), "version": stat.version, "cversion": stat.cversion,
        "aversion": stat.aversion, "ephemeral": stat.ephemeral_owner.0 != 0,
        "dataLength": stat.data_length, "numChildren": stat.num_children,
    })
}

pub(super) fn reply_fields(reply: &Reply) -> Map<String, Value> {
    object(match reply {
        Reply::Done => json!({}),
        Reply::Created { path, stat } => json!({ "path": &**path, "stat": stat_fields(stat) }),
        Reply::Stat(stat) => json!({ "stat": stat_fields(stat) }),
        Reply::Data { data, stat } => {
            let text = String::from_utf8_lossy(data.as_deref().unwrap_or_default());
            json!({ "data": text, "stat": stat_fields(stat) })
        }
        Reply::Children { children, stat } => {
            let names: Vec<&str> = children.iter().map(|name| &**name).collect();
            json!({ "children": names, "stat": stat_fields(stat) })
        }
        Reply::Acl { acl, stat } => {
            let entry = |acl: &Acl| json!([acl.perms.0, &*acl.scheme, &*acl.id]);
            let acl: Vec<Value> = acl.iter().map(entry).collect();
            json!({ "acl": acl, "stat": stat_fields(stat) })
        }
        Reply::Multi(results) => multi_fields(results),
        Reply::Number(number) => json!({ "number": number }),
        Reply::Paths(paths) => {
            let paths: Vec<&str> = paths.iter().map(|path| &**path).collect();
            json!({ "ephemerals": paths })
        }
        Reply::Auth(auth) => {
            let auth: Vec<Value> = auth.iter().map(|a| json!([&*a.scheme, &*a.id])).collect();
            json!({ "auth": auth })
        }
        Reply::Config { config, stat } => json!({ "config": &**config, "stat": stat_fields(stat) }),
    })
}

fn multi_fields(results: &[Result<Reply, KeeperError>]) -> Value {
    let is_ok = results.iter().all(Result::is_ok);
    let result = |result: &Result<Reply, KeeperError>| match result {
        Err(error) => json!({ "error": error.name() }),
        // Rolled back: refused, though not for its own sake.
        Ok(_) if !is_ok => json!({ "error": "OK" }),
        Ok(Reply::Created { path, .. }) => json!({ "path": &**path }),
        Ok(reply) => Value::Object(reply_fields(reply)),
    };
    let results: Vec<Value> = results.iter().map(result).collect();
    json!({ "ok": is_ok, "results": results })
}

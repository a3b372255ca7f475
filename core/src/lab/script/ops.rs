//! Requests as the client library sends them, every field spelled out: what follows `send c1`.
//! What zkCli can say is better typed: `c1> create /a`.

use super::ScriptError;
use super::text::{Cursor, quoted, word};
use crate::txn::{
    Acl, Bytes, CreateMode, Op, Path, Perms, ReconfigRequest, WatchKind, WatcherType, open_acl,
};
use crate::types::Zxid;

/// How deep a multi may lie in a multi. ZooKeeper refuses the second.
const DEEPEST: u32 = 3;

/// A request as it is written.
pub fn write(op: &Op) -> String {
    let name = op.name();
    let watch = |watch: &bool| if *watch { " watch" } else { "" };
    match op {
        Op::Create { path, data, acl, mode, ttl_ms } => {
            let ttl = if *ttl_ms == -1 { String::new() } else { format!(" ttl {ttl_ms}") };
            let list = if **acl == *open_acl() { String::new() } else { write_acl(acl) };
            format!("{name} {} {} {}{ttl}{list}", word(path), write_data(data), mode.name())
        }
        Op::Delete { path, version } | Op::Check { path, version } => {
            format!("{name} {} {version}", word(path))
        }
        Op::SetData { path, data, version } => {
            format!("{name} {} {} {version}", word(path), write_data(data))
        }
        Op::Exists { path, watch: w }
        | Op::GetData { path, watch: w }
        | Op::GetChildren { path, watch: w } => format!("{name} {}{}", word(path), watch(w)),
        Op::GetAllChildrenNumber { path }
        | Op::GetEphemerals { path }
        | Op::GetAcl { path }
        | Op::Sync { path }
        | Op::DeleteContainer { path } => format!("{name} {}", word(path)),
        Op::SetAcl { path, acl, version } => {
            format!("{name} {} {version}{}", word(path), write_acl(acl))
        }
        Op::Multi(ops) | Op::MultiRead(ops) => {
            let ops: Vec<String> = ops.iter().map(write).collect();
            match ops.is_empty() {
                true => format!("{name} {{ }}"),
                false => format!("{name} {{ {} }}", ops.join(" ; ")),
            }
        }
        Op::AddWatch { path, is_recursive } => {
            format!("{name} {}{}", word(path), if *is_recursive { " recursive" } else { "" })
        }
        Op::RemoveWatches { path, kind } => format!("{name} {} {}", word(path), watcher(*kind)),
        Op::SetWatches { relative_zxid, watches } => {
            let watches =
                watches.iter().map(|(path, kind)| format!(" {} {}", word(path), watch_kind(*kind)));
            format!("{name} {relative_zxid}{}", watches.collect::<String>())
        }
        Op::WhoAmI | Op::CloseSession => name.to_owned(),
        Op::AddAuth { scheme, auth } => format!("{name} {} {}", word(scheme), word(auth)),
        Op::Reconfig(request) => {
            let ReconfigRequest { joining, leaving, new_members, from_config } = &**request;
            let list = |keyword: &str, items: &[String]| {
                items.iter().map(|item| format!(" {keyword} {}", word(item))).collect::<String>()
            };
            let lists = list("joining", joining) + &list("leaving", leaving);
            format!("{name} {from_config}{lists}{}", list("member", new_members))
        }
        Op::CreateSession { timeout_ms } => format!("{name} {timeout_ms}"),
    }
}

fn write_data(data: &Option<Bytes>) -> String {
    data.as_ref().map_or_else(|| "null".to_owned(), |data| quoted(data))
}

fn write_acl(acl: &[Acl]) -> String {
    let entry =
        |entry: &Acl| format!(" {} {} {}", entry.perms.0, word(&entry.scheme), word(&entry.id));
    format!(" acl{}", acl.iter().map(entry).collect::<String>())
}

/// Reads a request.
///
/// # Errors
/// If it is none.
pub fn read(cursor: &mut Cursor) -> Result<Op, ScriptError> {
    read_deep(cursor, 0)
}

fn read_deep(cursor: &mut Cursor, depth: u32) -> Result<Op, ScriptError> {
    let at = cursor.at();
    let name = cursor.read("a request such as create or getData", |word| Some(word.to_owned()))?;
    Ok(match name.as_str() {
        "create" => {
            let (path, data) = (path(cursor)?, data(cursor)?);
            let known = |word: &str| CreateMode::ALL.into_iter().find(|mode| mode.name() == word);
            let mode = cursor.read("a mode such as PERSISTENT", known)?;
            let ttl_ms = if cursor.takes("ttl") { cursor.number("milliseconds")? } else { -1 };
            let acl = if cursor.takes("acl") { acl(cursor)?.into() } else { open_acl() };
            Op::Create { path, data, acl, mode, ttl_ms }
        }
        "delete" => Op::Delete { path: path(cursor)?, version: version(cursor)? },
        "check" => Op::Check { path: path(cursor)?, version: version(cursor)? },
        "setData" => {
            Op::SetData { path: path(cursor)?, data: data(cursor)?, version: version(cursor)? }
        }
        "exists" => Op::Exists { path: path(cursor)?, watch: cursor.takes("watch") },
        "getData" => Op::GetData { path: path(cursor)?, watch: cursor.takes("watch") },
        "getChildren" => Op::GetChildren { path: path(cursor)?, watch: cursor.takes("watch") },
        "getAllChildrenNumber" => Op::GetAllChildrenNumber { path: path(cursor)? },
        "getEphemerals" => Op::GetEphemerals { path: path(cursor)? },
        "getACL" => Op::GetAcl { path: path(cursor)? },
        "setACL" => {
            let (path, version, at) = (path(cursor)?, version(cursor)?, cursor.at());
            if !cursor.takes("acl") {
                return Err(cursor.expected_at(at, "acl and its entries"));
            }
            Op::SetAcl { path, acl: acl(cursor)?.into(), version }
        }
        "sync" => Op::Sync { path: path(cursor)? },
        "multi" => Op::Multi(ops(cursor, depth)?.into()),
        "multiRead" => Op::MultiRead(ops(cursor, depth)?.into()),
        "addWatch" => Op::AddWatch { path: path(cursor)?, is_recursive: cursor.takes("recursive") },
        "removeWatches" => {
            let path = path(cursor)?;
            let known = |word: &str| WATCHERS.into_iter().find(|kind| watcher(*kind) == word);
            Op::RemoveWatches { path, kind: cursor.read("a kind such as Any", known)? }
        }
        "setWatches" => {
            let relative_zxid = zxid(cursor)?;
            let mut watches = Vec::new();
            while !is_done(cursor) {
                let path = path(cursor)?;
                let known = |word: &str| KINDS.into_iter().find(|kind| watch_kind(*kind) == word);
                watches.push((path, cursor.read("a kind such as Data", known)?));
            }
            Op::SetWatches { relative_zxid, watches: watches.into() }
        }
        "whoAmI" => Op::WhoAmI,
        "auth" => Op::AddAuth {
            scheme: cursor.text("a scheme")?.into(),
            auth: cursor.text("what the scheme asks for")?.into(),
        },
        "reconfig" => Op::Reconfig(reconfig(cursor)?.into()),
        "createSession" => Op::CreateSession { timeout_ms: cursor.number("milliseconds")? },
        "closeSession" => Op::CloseSession,
        "deleteContainer" => Op::DeleteContainer { path: path(cursor)? },
        _ => return Err(cursor.expected_at(at, "a request such as create or getData")),
    })
}

fn reconfig(cursor: &mut Cursor) -> Result<ReconfigRequest, ScriptError> {
    let mut request = ReconfigRequest {
        from_config: cursor.number("the version of a configuration, or -1")?,
        ..ReconfigRequest::default()
    };
    loop {
        if cursor.takes("joining") {
            request.joining.push(cursor.text("a server's line")?);
        } else if cursor.takes("leaving") {
            request.leaving.push(cursor.text("a server's number")?);
        } else if cursor.takes("member") {
            request.new_members.push(cursor.text("a server's line")?);
        } else {
            return Ok(request);
        }
    }
}

/// Whether a request ends here.
fn is_done(cursor: &mut Cursor) -> bool {
    let at = cursor.at();
    let is_next = cursor.is_over() || cursor.takes_symbol(';') || cursor.takes_symbol('}');
    cursor.back_to(at);
    is_next
}

fn ops(cursor: &mut Cursor, depth: u32) -> Result<Vec<Op>, ScriptError> {
    let at = cursor.at();
    if DEEPEST <= depth {
        return Err(cursor.error_at(at, format!("multis lie more than {DEEPEST} deep")));
    }
    if !cursor.takes_symbol('{') {
        return Err(cursor.expected_at(at, "{"));
    }
    let mut ops = Vec::new();
    if cursor.takes_symbol('}') {
        return Ok(ops);
    }
    loop {
        ops.push(read_deep(cursor, depth + 1)?);
        let at = cursor.at();
        if cursor.takes_symbol('}') {
            return Ok(ops);
        }
        if !cursor.takes_symbol(';') {
            return Err(cursor.expected_at(at, "; or }"));
        }
    }
}

/// A path. Servers refuse bad ones; to see that, they may be sent.
pub fn path(cursor: &mut Cursor) -> Result<Path, ScriptError> {
    Ok(cursor.text("a path")?.into())
}

fn data(cursor: &mut Cursor) -> Result<Option<Bytes>, ScriptError> {
    let word = cursor.some_word("data in quotes, or null")?;
    let is_null = !word.is_quoted && word.bytes == b"null";
    Ok((!is_null).then(|| word.bytes.into()))
}

fn version(cursor: &mut Cursor) -> Result<i32, ScriptError> {
    cursor.number("a version, or -1 for any")
}

/// A zxid as ZooKeeper writes it.
pub fn zxid(cursor: &mut Cursor) -> Result<Zxid, ScriptError> {
    cursor.read("a zxid such as 0x100000002", |word| {
        let digits = word.strip_prefix("0x")?;
        let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u64::from_str_radix(digits, 16).ok().filter(|_| is_hex).map(Zxid)
    })
}

fn acl(cursor: &mut Cursor) -> Result<Vec<Acl>, ScriptError> {
    let mut acl = Vec::new();
    while !is_done(cursor) {
        acl.push(Acl {
            perms: Perms(cursor.number("permissions as a number, 31 for all")?),
            scheme: cursor.text("a scheme")?.into(),
            id: cursor.text("whom it is about")?.into(),
        });
    }
    Ok(acl)
}

const WATCHERS: [WatcherType; 5] = [
    WatcherType::Children,
    WatcherType::Data,
    WatcherType::Any,
    WatcherType::Persistent,
    WatcherType::PersistentRecursive,
];

const fn watcher(kind: WatcherType) -> &'static str {
    match kind {
        WatcherType::Children => "Children",
        WatcherType::Data => "Data",
        WatcherType::Any => "Any",
        WatcherType::Persistent => "Persistent",
        WatcherType::PersistentRecursive => "PersistentRecursive",
    }
}

const KINDS: [WatchKind; 5] = [
    WatchKind::Data,
    WatchKind::Exist,
    WatchKind::Child,
    WatchKind::Persistent,
    WatchKind::PersistentRecursive,
];

const fn watch_kind(kind: WatchKind) -> &'static str {
    match kind {
        WatchKind::Data => "Data",
        WatchKind::Exist => "Exist",
        WatchKind::Child => "Child",
        WatchKind::Persistent => "Persistent",
        WatchKind::PersistentRecursive => "PersistentRecursive",
    }
}

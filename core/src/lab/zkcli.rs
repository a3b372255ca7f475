//! ZooKeeper's command line: what a line asks for, and what zkCli prints about the answer.
//!
//! ZooKeeper: `ZooKeeperMain` and the commands in `org.apache.zookeeper.cli`. Commands that need
//! more than one request (`deleteall`, `ls -R`, quotas) are not here yet.

pub mod recipes;
mod reconfig;

use crate::error::KeeperError;
use crate::recipe::Ask;
use crate::tree::path;
use crate::txn::{Acl, CreateMode, Op, Perms, Reply, Stat, WatchEvent, WatcherType, open_acl};
use crate::types::Time;
use std::fmt;
use std::rc::Rc;

/// Every command, with its options, as `help` lists them.
pub const COMMANDS: [(&str, &str); 24] = [
    (
        "addWatch",
        "[-m mode] path # optional mode is one of [PERSISTENT, PERSISTENT_RECURSIVE] - default is \
         PERSISTENT_RECURSIVE",
    ),
    ("addauth", "scheme auth"),
    ("close", ""),
    ("config", "[-c] [-w] [-s]"),
    ("connect", "host:port"),
    ("create", "[-s] [-e] [-c] [-t ttl] path [data] [acl]"),
    ("delete", "[-v version] path"),
    ("get", "[-s] [-w] path"),
    ("getAcl", "[-s] path"),
    ("getAllChildrenNumber", "path"),
    ("getEphemerals", "path"),
    ("history", ""),
    ("ls", "[-s] [-w] path"),
    ("printwatches", "on|off"),
    ("quit", ""),
    ("reconfig", "[-s] [-v version] [-members list] | [-add list] [-remove list]"),
    ("redo", "cmdno"),
    ("removewatches", "path [-c|-d|-a] [-l]"),
    ("set", "[-s] [-v version] path data"),
    ("setAcl", "[-s] [-v version] path acl"),
    ("stat", "[-w] path"),
    ("sync", "path"),
    ("version", ""),
    ("whoami", ""),
];

/// What a line asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// Nothing.
    Blank,
    /// A request to the server.
    Ask(Op),
    /// Something of a recipe.
    Recipe(Ask),
    /// The lines typed so far.
    History,
    /// The list of commands, or one of them.
    Help(Option<&'static str>),
    /// The line of this number once more.
    Redo(usize),
    /// A new session with these servers, instead of this one; with the same ones if none is named.
    Connect(Option<String>),
    /// Closes the session; zkCli would end here.
    Quit,
    /// Whether events are shown, or whether they shall be.
    PrintWatches(Option<bool>),
    /// Which ZooKeeper this is.
    Version,
}

/// A line that asks for nothing that can be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CommandError {
    /// No such command.
    Unknown(String),
    /// The command is known, its arguments are not right.
    Usage {
        /// Which command.
        command: &'static str,
        /// What is wrong; if nothing is said, its usage says it.
        problem: String,
    },
    /// A path that cannot be.
    Path(path::PathError),
    /// A recipe is asked for what it does not give.
    Recipe(String),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CommandError::Unknown(word) => {
                f.write_str(&usage())?;
                // ZooKeeper really says it twice.
                write!(f, "\nCommand not found: Command not found {word}")
            }
            CommandError::Usage { command, problem } if problem.is_empty() => {
                f.write_str(&usage_of(command))
            }
            CommandError::Usage { problem, .. } => f.write_str(problem),
            CommandError::Path(error) => error.fmt(f),
            CommandError::Recipe(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for CommandError {}

/// The list of commands.
pub fn usage() -> String {
    let mut text =
        "ZooKeeper -server host:port -client-configuration properties-file cmd args".to_owned();
    for (name, options) in COMMANDS {
        text += &format!("\n\t{name} {options}");
    }
    text += "\nRecipes, which zkCli does not have:";
    for (name, options) in recipes::commands() {
        text += &format!("\n\t{name} {options}");
    }
    text
}

/// How one command is written.
pub fn usage_of(command: &str) -> String {
    let options = COMMANDS.iter().find(|(name, _)| *name == command);
    format!("{command} {}", options.map_or("", |(_, options)| options))
}

/// Understands a line.
///
/// # Errors
/// If there is no such command, its arguments are not right, or a path cannot be.
pub fn parse(line: &str) -> Result<Command, CommandError> {
    let words = split(line);
    let Some((name, rest)) = words.split_first() else { return Ok(Command::Blank) };
    let find = |name: &str| COMMANDS.iter().map(|(known, _)| *known).find(|known| *known == name);
    if name == "help" {
        let about = rest.first().map(|word| find(word).ok_or(CommandError::Unknown(word.clone())));
        return about.transpose().map(Command::Help);
    }
    if recipes::is_verb(name) {
        return recipes::read(&words).map(Command::Recipe).map_err(CommandError::Recipe);
    }
    let Some(command) = find(name) else {
        return Err(CommandError::Unknown(name.clone()));
    };
    match command {
        "redo" => return redo(rest),
        "connect" => return Ok(Command::Connect(rest.first().cloned())),
        "quit" => return Ok(Command::Quit),
        "printwatches" => {
            return Ok(Command::PrintWatches(rest.first().map(|word| word == "on")));
        }
        "version" if rest.is_empty() => return Ok(Command::Version),
        "version" => return Err(CommandError::Usage { command, problem: String::new() }),
        _ => {}
    }
    let arguments = match command {
        "config" => return reconfig::config(rest).map(Command::Ask),
        "reconfig" => return reconfig::reconfig(rest).map(Command::Ask),
        _ => Arguments::of(command, rest)?,
    };
    Ok(match command {
        "history" => Command::History,
        _ => Command::Ask(arguments.op()?),
    })
}

fn redo(rest: &[String]) -> Result<Command, CommandError> {
    let problem = |problem: &str| CommandError::Usage { command: "redo", problem: problem.into() };
    let word = rest.first().ok_or(problem(""))?;
    let number = word.parse().map_err(|_| problem("redo takes the number of a line, see history"));
    number.map(Command::Redo)
}

/// A word as it is typed, in quotes if need be. `None` if there is no way: blanks and both quotes.
pub fn typed(word: &str) -> Option<String> {
    let text = recipes::word(word);
    (split(&text) == [word]).then_some(text)
}

/// Words are separated by blanks; quotes keep blanks inside a word.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_quote = first == '"' || first == '\'';
        // What a line begins with need not be one byte long.
        let end = match rest[first.len_utf8()..].find(first).filter(|_| is_quote) {
            Some(end) => {
                words.push(rest[1..=end].to_owned());
                end + 2
            }
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                words.push(rest[..end].to_owned());
                end
            }
        };
        rest = rest[end..].trim_start();
    }
    words
}

/// The words after a command, sorted into options and the rest.
struct Arguments {
    command: &'static str,
    flags: Vec<char>,
    version: Option<i32>,
    ttl_ms: Option<i64>,
    mode: Option<String>,
    words: Vec<String>,
}

/// How zkCli says that it does not know an option.
const UNRECOGNIZED: &str =
    "org.apache.commons.cli.UnrecognizedOptionException: Unrecognized option";

/// The options of each command that stand alone.
fn flags_of(command: &str) -> &'static str {
    match command {
        "create" => "sec",
        "get" | "ls" => "sw",
        "set" | "getAcl" | "setAcl" => "s",
        "stat" => "w",
        "removewatches" => "cdal",
        _ => "",
    }
}

impl Arguments {
    fn of(command: &'static str, words: &[String]) -> Result<Arguments, CommandError> {
        let mut arguments = Arguments {
            command,
            flags: Vec::new(),
            version: None,
            ttl_ms: None,
            mode: None,
            words: Vec::new(),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            // `removewatches` has its options behind the path.
            let is_first = arguments.words.is_empty() || command == "removewatches";
            match word.strip_prefix('-').filter(|_| is_first) {
                Some("v") if matches!(command, "delete" | "set" | "setAcl") => {
                    let number = words.next().and_then(|number| number.parse().ok());
                    let wrong = || arguments.usage("-v takes a version, a whole number".to_owned());
                    arguments.version = Some(number.ok_or_else(wrong)?);
                }
                Some("t") if command == "create" => {
                    let number = words.next().and_then(|number| number.parse().ok());
                    let wrong = || arguments.usage("-t argument must be a long value".to_owned());
                    arguments.ttl_ms = Some(number.ok_or_else(wrong)?);
                }
                Some("m") if command == "addWatch" => {
                    let mode = words.next().ok_or_else(|| arguments.usage(String::new()))?;
                    arguments.mode = Some(mode.to_uppercase());
                }
                Some(flags) => arguments.take_flags(flags)?,
                None => arguments.words.push(word.clone()),
            }
        }
        Ok(arguments)
    }

    fn take_flags(&mut self, flags: &str) -> Result<(), CommandError> {
        let known = flags_of(self.command);
        for flag in flags.chars() {
            if !known.contains(flag) {
                return Err(self.usage(format!("{UNRECOGNIZED}: -{flag}")));
            }
            self.flags.push(flag);
        }
        Ok(())
    }

    fn usage(&self, problem: String) -> CommandError {
        CommandError::Usage { command: self.command, problem }
    }

    fn has(&self, flag: char) -> bool {
        self.flags.contains(&flag)
    }

    fn word(&self, n: usize) -> Result<&str, CommandError> {
        let missing = || self.usage(String::new());
        self.words.get(n).map(String::as_str).ok_or_else(missing)
    }

    fn path(&self, is_sequential: bool) -> Result<Rc<str>, CommandError> {
        let path = self.word(0)?;
        path::validate_create(path, is_sequential).map_err(CommandError::Path)?;
        Ok(path.into())
    }

    fn data(&self, n: usize) -> Option<Rc<[u8]>> {
        self.words.get(n).map(|data| data.as_bytes().into())
    }

    fn mode(&self) -> Result<CreateMode, CommandError> {
        let (s, e, c) = (self.has('s'), self.has('e'), self.has('c'));
        let t = self.ttl_ms.is_some();
        if c && (s || e) {
            return Err(self.usage(
                "-c cannot be combined with -s or -e. Containers cannot be \
                ephemeral or sequential."
                    .to_owned(),
            ));
        }
        if t && (e || c) {
            let kind = if e { "Ephemeral" } else { "Container" };
            return Err(self.usage(format!("TTLs cannot be used with {kind} znodes")));
        }
        Ok(match (s, e, c, t) {
            (false, false, true, _) => CreateMode::Container,
            (false, true, _, _) => CreateMode::Ephemeral,
            (true, true, _, _) => CreateMode::EphemeralSequential,
            (true, false, _, true) => CreateMode::PersistentSequentialWithTtl,
            (true, false, _, false) => CreateMode::PersistentSequential,
            (false, false, false, true) => CreateMode::PersistentWithTtl,
            (false, false, false, false) => CreateMode::Persistent,
        })
    }

    fn op(&self) -> Result<Op, CommandError> {
        let watch = self.has('w');
        let version = self.version.unwrap_or(-1);
        Ok(match self.command {
            "create" => {
                let mode = self.mode()?;
                let acl = self.words.get(2).map(|text| self.acl(text)).transpose()?;
                Op::Create {
                    path: self.path(mode.is_sequential())?,
                    data: self.data(1),
                    acl: acl.unwrap_or_else(open_acl),
                    mode,
                    ttl_ms: self.ttl_ms.unwrap_or(-1),
                }
            }
            "delete" => Op::Delete { path: self.path(false)?, version },
            "get" => Op::GetData { path: self.path(false)?, watch },
            "set" => {
                self.word(1)?;
                Op::SetData { path: self.path(false)?, data: self.data(1), version }
            }
            "ls" => Op::GetChildren { path: self.path(false)?, watch },
            "stat" => Op::Exists { path: self.path(false)?, watch },
            "sync" => Op::Sync { path: self.path(false)? },
            "getAcl" => Op::GetAcl { path: self.path(false)? },
            "setAcl" => {
                let acl = self.acl(self.word(1)?)?;
                Op::SetAcl { path: self.path(false)?, acl, version }
            }
            "getAllChildrenNumber" => Op::GetAllChildrenNumber { path: self.path(false)? },
            "getEphemerals" => {
                let prefix = self.words.first().map_or("/", String::as_str);
                Op::GetEphemerals { path: prefix.into() }
            }
            "addauth" => Op::AddAuth { scheme: self.word(0)?.into(), auth: self.word(1)?.into() },
            "addWatch" => {
                let is_recursive = match self.mode.as_deref() {
                    None | Some("PERSISTENT_RECURSIVE") => true,
                    Some("PERSISTENT") => false,
                    Some(_) => return Err(self.usage(String::new())),
                };
                Op::AddWatch { path: self.path(false)?, is_recursive }
            }
            "removewatches" => {
                let kind = match (self.has('c'), self.has('d')) {
                    (true, _) => WatcherType::Children,
                    (false, true) => WatcherType::Data,
                    (false, false) => WatcherType::Any,
                };
                Op::RemoveWatches { path: self.path(false)?, kind }
            }
            "whoami" => Op::WhoAmI,
            "close" => Op::CloseSession,
            other => unreachable!("{other} is answered without a request"),
        })
    }

    /// `world:anyone:cdrwa,digest:user:hash:r`: the last colon comes before the permissions, the
    /// first one after the scheme (`AclParser`).
    fn acl(&self, text: &str) -> Result<Rc<[Acl]>, CommandError> {
        let entry = |entry: &str| {
            let wrong = || self.usage(format!("{entry} does not have the form scheme:id:perm"));
            let (scheme, rest) = entry.split_once(':').ok_or_else(wrong)?;
            let (id, perms) = rest.rsplit_once(':').ok_or_else(wrong)?;
            let perms = self.perms(perms)?;
            Ok(Acl { perms, scheme: scheme.into(), id: id.into() })
        };
        text.split(',').map(entry).collect()
    }

    fn perms(&self, text: &str) -> Result<Perms, CommandError> {
        let mut perms = 0;
        for letter in text.chars() {
            let (bit, _) = PERMISSIONS
                .iter()
                .find(|(_, known)| *known == letter)
                .ok_or_else(|| self.usage(format!("Unknown perm type: {letter}")))?;
            perms |= bit.0;
        }
        Ok(Perms(perms))
    }
}

/// Letters of permissions, in the order in which they are printed.
const PERMISSIONS: [(Perms, char); 5] = [
    (Perms::CREATE, 'c'),
    (Perms::DELETE, 'd'),
    (Perms::READ, 'r'),
    (Perms::WRITE, 'w'),
    (Perms::ADMIN, 'a'),
];

/// What zkCli prints about an answer, or the error it prints instead.
///
/// # Errors
/// With the text of the error, if the request was refused.
pub fn print(line: &str, op: &Op, result: &Result<Reply, KeeperError>) -> Result<String, String> {
    let words = split(line);
    let has = |flag: char| {
        let is_flags = |flags: &str| flags.contains(flag) && flags.len() < 4;
        words.iter().skip(1).any(|word| word.strip_prefix('-').is_some_and(is_flags))
    };
    let has_s = has('s');
    let is_config = words.first().is_some_and(|word| word == "config");
    match result {
        Ok(Reply::Data { data: Some(data), stat }) if is_config && has('c') => {
            let text = reconfig::client_string(&String::from_utf8_lossy(data));
            Ok(if has_s { format!("{text}\n{}", print_stat(stat)) } else { text })
        }
        Ok(reply) => Ok(print_reply(op, reply, has_s)),
        Err(error) => Err(print_error(*error, op.path().map_or("", |path| path))),
    }
}

fn print_reply(op: &Op, reply: &Reply, is_stat_wanted: bool) -> String {
    let with_stat = |text: String, stat: &Stat| {
        if is_stat_wanted { format!("{text}\n{}", print_stat(stat)) } else { text }
    };
    match reply {
        Reply::Done if matches!(op, Op::Sync { .. }) => "Sync is OK".to_owned(),
        Reply::Done => String::new(),
        Reply::Created { path, .. } => format!("Created {path}"),
        Reply::Stat(stat) if matches!(op, Op::Exists { .. }) || is_stat_wanted => print_stat(stat),
        Reply::Stat(_) => String::new(),
        Reply::Data { data, stat } => {
            let text = data.as_ref().map(|data| String::from_utf8_lossy(data).into_owned());
            with_stat(text.unwrap_or_else(|| "null".to_owned()), stat)
        }
        Reply::Children { children, stat } => {
            let names: Vec<&str> = children.iter().map(|name| &**name).collect();
            with_stat(format!("[{}]", names.join(", ")), stat)
        }
        Reply::Acl { acl, stat } => {
            let entries: Vec<String> = acl.iter().map(print_acl).collect();
            with_stat(entries.join("\n"), stat)
        }
        Reply::Multi(results) => format!("{} results", results.len()),
        Reply::Number(number) => number.to_string(),
        Reply::Paths(paths) => {
            let paths: Vec<&str> = paths.iter().map(|path| &**path).collect();
            format!("[{}]", paths.join(", "))
        }
        Reply::Auth(auth) => {
            let lines = auth.iter().map(|info| format!("\n{}: {}", info.scheme, info.id));
            format!("Auth scheme: User{}", lines.collect::<String>())
        }
        Reply::Config { config, stat } => {
            with_stat(format!("Committed new configuration:\n{config}"), stat)
        }
    }
}

fn print_acl(acl: &Acl) -> String {
    format!("'{},'{}\n: {}", acl.scheme, acl.id, letters(acl.perms))
}

/// An ACL as it is typed, such as `world:anyone:cdrwa`.
pub fn acl_word(acl: &Acl) -> String {
    format!("{}:{}:{}", acl.scheme, acl.id, letters(acl.perms))
}

fn letters(perms: Perms) -> String {
    PERMISSIONS.iter().filter(|(bit, _)| perms.intersects(*bit)).map(|(_, letter)| letter).collect()
}

fn print_stat(stat: &Stat) -> String {
    format!(
        "cZxid = {}\nctime = {}\nmZxid = {}\nmtime = {}\npZxid = {}\ncversion = {}\n\
         dataVersion = {}\naclVersion = {}\nephemeralOwner = {}\ndataLength = {}\n\
         numChildren = {}",
        stat.czxid,
        date(stat.ctime),
        stat.mzxid,
        date(stat.mtime),
        stat.pzxid,
        stat.cversion,
        stat.version,
        stat.aversion,
        stat.ephemeral_owner,
        stat.data_length,
        stat.num_children
    )
}

/// Virtual time as Java prints a date. The scenario begins where Java's time does.
fn date(time: Time) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [(&str, u64); 12] = [
        ("Jan", 31),
        ("Feb", 28),
        ("Mar", 31),
        ("Apr", 30),
        ("May", 31),
        ("Jun", 30),
        ("Jul", 31),
        ("Aug", 31),
        ("Sep", 30),
        ("Oct", 31),
        ("Nov", 30),
        ("Dec", 31),
    ];
    let seconds = time.ms() / 1000;
    let days = seconds / 86_400;
    let weekday = DAYS[(days % 7) as usize];
    // A run of more than a year would need leap years; it shows days of a common one.
    let (year, mut day) = (1970 + days / 365, days % 365);
    let mut month = "Jan";
    for (name, length) in MONTHS {
        month = name;
        if day < length {
            break;
        }
        day -= length;
    }
    let (h, m, s) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{weekday} {month} {:02} {h:02}:{m:02}:{s:02} UTC {year}", day + 1)
}

/// `CliWrapperException`.
fn print_error(error: KeeperError, path: &str) -> String {
    match error {
        KeeperError::NoNode => format!("Node does not exist: {path}"),
        KeeperError::NodeExists => format!("Node already exists: {path}"),
        KeeperError::NotEmpty => format!("Node not empty: {path}"),
        KeeperError::NoChildrenForEphemerals => format!("Ephemerals cannot have children: {path}"),
        KeeperError::BadVersion => format!("version No is not valid : {path}"),
        KeeperError::NoAuth => format!("Insufficient permission : {path}"),
        KeeperError::InvalidAcl => format!("Acl is not valid : {path}"),
        KeeperError::BadArguments => format!("Arguments are not valid : {path}"),
        KeeperError::NotReadOnly => format!("Not a read-only call: {path}"),
        KeeperError::ReconfigInProgress => "Another reconfiguration is in progress -- concurrent \
             reconfigs not supported (yet)"
            .to_owned(),
        // Three times m: so ZooKeeper says it.
        KeeperError::NewConfigNoQuorum => "No quorum of new config is connected and up-to-date \
             with the leader of last commmitted config - try invoking reconfiguration after new \
             servers are connected and synced"
            .to_owned(),
        KeeperError::QuotaExceeded => format!("Quota has exceeded : {path}"),
        other if path.is_empty() => format!("KeeperErrorCode = {}", other.text()),
        other => format!("KeeperErrorCode = {} for {path}", other.text()),
    }
}

/// What zkCli prints when a watch fires.
pub fn print_watch(event: &WatchEvent) -> String {
    let (kind, path) = (event.event.name(), &event.path);
    format!("\nWATCHER::\n\nWatchedEvent state:SyncConnected type:{kind} path:{path}")
}

/// What zkCli prints when the session's state changes.
pub fn print_state(state: &str) -> String {
    format!("\nWATCHER::\n\nWatchedEvent state:{state} type:None path:null")
}

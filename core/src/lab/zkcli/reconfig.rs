//! `config` and `reconfig`: `GetConfigCommand`, `ReconfigCommand`.

use super::{CommandError, UNRECOGNIZED};
use crate::config::text;
use crate::tree::data_tree::CONFIG;
use crate::txn::{Op, ReconfigRequest};
use std::rc::Rc;

const RECONFIG: &str = "reconfig";

fn usage(command: &'static str, problem: &str) -> CommandError {
    CommandError::Usage { command, problem: problem.to_owned() }
}

/// `config [-c] [-w] [-s]`: a read of `/zookeeper/config`.
pub fn config(words: &[String]) -> Result<Op, CommandError> {
    let mut watch = false;
    for word in words {
        let flags = word.strip_prefix('-').unwrap_or("?");
        if flags.is_empty() || !flags.chars().all(|flag| "cws".contains(flag)) {
            return Err(usage("config", &format!("{UNRECOGNIZED}: {word}")));
        }
        watch |= flags.contains('w');
    }
    Ok(Op::GetData { path: CONFIG.into(), watch })
}

/// `reconfig [-s] [-v version] [-members …] | [-add …] [-remove …]`. Left out: `-file`, there are no
/// files to read.
pub fn reconfig(words: &[String]) -> Result<Op, CommandError> {
    let mut request = ReconfigRequest { from_config: -1, ..ReconfigRequest::default() };
    let list = |text: &str| text.to_lowercase().split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || {
            let missing = || usage(RECONFIG, &format!("Missing argument for option: {word}"));
            words.next().ok_or_else(missing)
        };
        match word.as_str() {
            "-s" => {}
            "-v" => {
                let number = i64::from_str_radix(value()?, 16);
                let wrong = "-v must be followed by a long (configuration version)";
                request.from_config = number.map_err(|_| usage(RECONFIG, wrong))?;
            }
            "-add" => request.joining = list(value()?),
            "-remove" => request.leaving = list(value()?),
            "-members" => request.new_members = list(value()?),
            other => return Err(usage(RECONFIG, &format!("{UNRECOGNIZED}: {other}"))),
        }
    }
    let has_steps = !request.joining.is_empty() || !request.leaving.is_empty();
    match (has_steps, request.new_members.is_empty()) {
        (false, true) => Err(usage(RECONFIG, "say what changes: -members, -add or -remove")),
        (true, false) => Err(usage(
            RECONFIG,
            "Can't use -file or -members together with -add or -remove (mixing incremental and \
             non-incremental modes is not allowed)",
        )),
        (true, true) | (false, false) => Ok(Op::Reconfig(Rc::new(request))),
    }
}

/// What `config -c` prints: the version and where clients connect (`getClientConfigStr`).
pub fn client_string(config: &str) -> String {
    let Ok(ensemble) = text::parse(config) else { return String::new() };
    let addresses = ensemble.members.values().filter_map(|member| member.client.as_deref());
    let addresses: Vec<&str> = addresses.collect();
    format!("{:x} {}", ensemble.version.0, addresses.join(","))
}

#[cfg(test)]
mod tests {
    use super::super::{Command, parse, print};
    use super::*;
    use crate::error::KeeperError;
    use crate::txn::{Reply, Stat};

    fn asked(line: &str) -> ReconfigRequest {
        match parse(line) {
            Ok(Command::Ask(Op::Reconfig(request))) => (*request).clone(),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn reconfig_says_what_changes() {
        let request = asked("reconfig -v 1a -remove 3,4 -add server.5=S5:1:2;3");
        assert_eq!(request.from_config, 0x1a);
        assert_eq!(request.leaving, ["3", "4"]);
        assert_eq!(request.joining, ["server.5=s5:1:2;3"], "zkCli makes it lower case");
        let members = asked("reconfig -members server.1=a:1:2;3,server.2=b:1:2;3").new_members;
        assert_eq!(members.len(), 2);
        for line in
            ["reconfig", "reconfig -add x -members y", "reconfig -v z -add x", "reconfig -add"]
        {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn what_came_of_it_is_printed() {
        let config: Rc<str> = "server.1=a:1:2:participant;0.0.0.0:3\nversion=5".into();
        let reply = Reply::Config { config: config.clone(), stat: Stat::default() };
        let op = Op::Reconfig(Rc::default());
        let line = "reconfig -members x";
        let printed = print(line, &op, &Ok(reply)).unwrap();
        assert_eq!(printed, format!("Committed new configuration:\n{config}"));
        assert_eq!(client_string(&config), "5 0.0.0.0:3");
        let error = |error| print(line, &op, &Err(error)).unwrap_err();
        assert_eq!(error(KeeperError::ReconfigDisabled), "KeeperErrorCode = Reconfig is disabled");
        assert!(error(KeeperError::NewConfigNoQuorum).starts_with("No quorum of new config is"));
        assert!(error(KeeperError::ReconfigInProgress).starts_with("Another reconfiguration"));
    }

    #[test]
    fn config_is_read_like_a_znode() {
        let read = |watch| Ok(Command::Ask(Op::GetData { path: CONFIG.into(), watch }));
        assert_eq!(parse("config"), read(false));
        assert_eq!(parse("config -c -w"), read(true));
        assert!(parse("config -x").is_err());
    }
}

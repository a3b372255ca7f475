//! Servers of a saved run: `server 4 observer group 2 weight 1`, `server 6 joins`, and the action
//! that adds one.

use crate::config::Role;
use crate::lab::scenario::ServerLine;
use crate::sim::action::Action;
use crate::types::ServerId;

/// The line of a server about which more is to be said than a number.
pub fn line(server: &ServerLine) -> String {
    let ServerLine { id, role, group, weight, joins } = server;
    let group = group.map(|group| format!(" group {group}")).unwrap_or_default();
    let weight = weight.map(|weight| format!(" weight {weight}")).unwrap_or_default();
    let joins = if *joins { " joins" } else { "" };
    format!("server {id} {}{group}{weight}{joins}", role.name())
}

/// The other way round. The role may be left out.
pub fn read(words: &[&str]) -> Result<ServerLine, String> {
    fn number<T: std::str::FromStr>(word: Option<&&str>) -> Result<T, String> {
        let word = word.copied().unwrap_or_default();
        word.parse().map_err(|_| format!("expected a number, found {word:?}"))
    }
    let mut words = words.iter().skip(1);
    let id = number(words.next())?;
    let mut line =
        ServerLine { id, role: Role::Participant, group: None, weight: None, joins: false };
    while let Some(word) = words.next() {
        match *word {
            "participant" => line.role = Role::Participant,
            "observer" => line.role = Role::Observer,
            "group" => line.group = Some(number(words.next())?),
            "weight" => line.weight = Some(number(words.next())?),
            "joins" => line.joins = true,
            other => return Err(format!("cannot understand {other:?} about a server")),
        }
    }
    Ok(line)
}

/// `6 server.1=…,server.6=…`: a machine that is added.
pub fn read_add(rest: &str) -> Result<Action, String> {
    let (id, members) = rest.trim().split_once(' ').ok_or("expected a server and its members")?;
    let id: u8 = id.parse().map_err(|_| format!("expected a server number, found {id:?}"))?;
    Ok(Action::AddServer { server: ServerId(id), members: members.trim().into() })
}

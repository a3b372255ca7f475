//! The text form of a configuration: what `/zookeeper/config` shows, what `reconfig` is given and
//! what the dynamic configuration file holds.
//!
//! ZooKeeper: `QuorumPeerConfig.parseDynamicConfig`, `QuorumServer`, `QuorumVerifier.toString`.

use super::ensemble::{Ensemble, Member, Role};
use crate::sorted::Map;
use crate::types::{ServerId, Zxid};
use std::fmt;
use std::rc::Rc;

/// A membership that cannot be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MembershipError {
    /// A line that is neither a server's, nor a group's, nor a weight's, nor the version.
    Unrecognised(String),
    /// What should be a number is none, or too large.
    NotANumber(String),
    /// A server's line has another form.
    WrongForm(String),
    /// The ports for learners and for elections are the same.
    SamePorts(ServerId),
    /// A role that is neither participant nor observer.
    UnknownRole(String),
    /// A server stands in two groups.
    TwoGroups(ServerId),
    /// A group names a server that has no line.
    NoSuchServer(ServerId),
    /// There are groups or weights, and a participant is in no group.
    NoGroup(ServerId),
    /// An observer is in a group and has no weight.
    NoWeight(ServerId),
    /// Two servers have the same address.
    SameAddress(ServerId, ServerId),
}

impl fmt::Display for MembershipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MembershipError::Unrecognised(key) => write!(f, "Unrecognised parameter: {key}"),
            MembershipError::NotANumber(word) => write!(f, "expected a number, found {word:?}"),
            MembershipError::WrongForm(line) => write!(
                f,
                "{line} does not have the form host:port:port[:role][;client] where client is port \
                 or host:port"
            ),
            MembershipError::SamePorts(id) => {
                write!(f, "server.{}: learner and election port must be different", id.0)
            }
            MembershipError::UnknownRole(word) => write!(f, "Unrecognised peertype: {word}"),
            MembershipError::TwoGroups(id) => write!(f, "Server {} is in multiple groups", id.0),
            MembershipError::NoSuchServer(id) => {
                write!(f, "Server {} is in a group, but there is no server.{0}", id.0)
            }
            MembershipError::NoGroup(id) => write!(f, "Server {} is not in a group", id.0),
            MembershipError::NoWeight(id) => {
                write!(f, "Server {} is an observer in a group and has no weight", id.0)
            }
            MembershipError::SameAddress(one, other) => {
                write!(f, "server.{} has the address of server.{}", one.0, other.0)
            }
        }
    }
}

impl std::error::Error for MembershipError {}

/// Reads lines, or the same separated by commas. Servers, groups and weights may come in any order.
///
/// # Errors
/// If a line cannot be understood, or groups do not fit the servers.
pub fn parse(text: &str) -> Result<Ensemble, MembershipError> {
    let mut lines = Lines::default();
    for line in text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()) {
        let (key, value) =
            line.split_once('=').ok_or_else(|| MembershipError::Unrecognised(line.to_owned()))?;
        lines.add(key.trim(), value.trim())?;
    }
    lines.ensemble()
}

/// The lines of a membership as they come.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    servers: Map<ServerId, Member>,
    groups: Map<ServerId, u8>,
    weights: Map<ServerId, u32>,
    version: Zxid,
    has_groups: bool,
}

impl Lines {
    /// Begins with the members of an ensemble, which lines may replace.
    pub fn of(ensemble: &Ensemble) -> Lines {
        let group = |(id, member): (&ServerId, &Member)| member.group.map(|group| (*id, group));
        let weight = |(id, member): (&ServerId, &Member)| member.weight.map(|w| (*id, w));
        Lines {
            servers: ensemble.members.clone(),
            groups: ensemble.members.iter().filter_map(group).collect(),
            weights: ensemble.members.iter().filter_map(weight).collect(),
            version: ensemble.version,
            has_groups: ensemble.is_hierarchical,
        }
    }

    /// Takes one line.
    ///
    /// # Errors
    /// If it cannot be understood.
    pub fn add(&mut self, key: &str, value: &str) -> Result<(), MembershipError> {
        if let Some(id) = key.strip_prefix("server.") {
            let id = server_id(id)?;
            self.servers.insert(id, member(id, value)?);
        } else if let Some(group) = key.strip_prefix("group.") {
            let group = number(group)?;
            self.has_groups = true;
            for id in value.split(':') {
                let id = server_id(id)?;
                if self.groups.insert(id, group).is_some() {
                    return Err(MembershipError::TwoGroups(id));
                }
            }
        } else if let Some(id) = key.strip_prefix("weight.") {
            self.has_groups = true;
            self.weights.insert(server_id(id)?, number(value)?);
        } else if key == "version" {
            let version = u64::from_str_radix(value, 16);
            self.version =
                Zxid(version.map_err(|_| MembershipError::NotANumber(value.to_owned()))?);
        } else {
            return Err(MembershipError::Unrecognised(key.to_owned()));
        }
        Ok(())
    }

    /// What they make (`QuorumHierarchical.parse`).
    ///
    /// # Errors
    /// If groups do not fit the servers.
    pub fn ensemble(self) -> Result<Ensemble, MembershipError> {
        let mut members = self.servers;
        let stranger = self.groups.keys().find(|id| !members.contains_key(id));
        if let Some(id) = stranger {
            return Err(MembershipError::NoSuchServer(*id));
        }
        for (id, member) in &mut members {
            member.group = self.groups.get(id).copied();
            member.weight = self.weights.get(id).copied();
            if !self.has_groups {
                continue;
            }
            match (member.role, member.group, member.weight) {
                (Role::Participant, None, _) => return Err(MembershipError::NoGroup(*id)),
                (Role::Observer, Some(_), None) => return Err(MembershipError::NoWeight(*id)),
                (Role::Participant, Some(_), None) => member.weight = Some(1),
                (Role::Participant | Role::Observer, _, _) => {}
            }
        }
        Ok(Ensemble { members, is_hierarchical: self.has_groups, version: self.version })
    }
}

/// The value of a `server.N=` line.
///
/// # Errors
/// If it has another form.
pub fn member(id: ServerId, value: &str) -> Result<Member, MembershipError> {
    let wrong = || MembershipError::WrongForm(value.to_owned());
    let mut halves = value.split(';');
    let server = halves.next().unwrap_or_default();
    let client = halves.next();
    if halves.next().is_some() {
        return Err(wrong());
    }
    let parts: Vec<&str> = server.split(':').collect();
    let (host, ports, role) = match parts[..] {
        [host, learners, elections] => (host, (learners, elections), None),
        [host, learners, elections, role] => (host, (learners, elections), Some(role)),
        _ => return Err(wrong()),
    };
    let learners: u16 = number(ports.0)?;
    let elections: u16 = number(ports.1)?;
    if host.is_empty() || host.contains(char::is_whitespace) {
        return Err(wrong());
    }
    if learners == elections {
        return Err(MembershipError::SamePorts(id));
    }
    let role = match role.map(str::to_lowercase).as_deref() {
        None | Some("participant") => Role::Participant,
        Some("observer") => Role::Observer,
        Some(other) => return Err(MembershipError::UnknownRole(other.to_owned())),
    };
    let client = client.map(|client| client_address(client).ok_or_else(wrong)).transpose()?;
    let address = format!("{host}:{learners}:{elections}").into();
    Ok(Member { role, address, client, group: None, weight: None })
}

/// A port, or a host and a port.
fn client_address(text: &str) -> Option<Rc<str>> {
    let (host, port) = text.rsplit_once(':').unwrap_or(("0.0.0.0", text));
    let port: u16 = port.parse().ok()?;
    let is_host = !host.is_empty() && !host.contains([':', ' ']);
    is_host.then(|| format!("{host}:{port}").into())
}

fn server_id(text: &str) -> Result<ServerId, MembershipError> {
    number(text).map(ServerId)
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, MembershipError> {
    text.trim().parse().map_err(|_| MembershipError::NotANumber(text.to_owned()))
}

/// A server that listens where another does (`checkAddressDuplicate`). Addresses that mean "here"
/// do not clash.
pub fn clash(ensemble: &Ensemble) -> Option<MembershipError> {
    let mut seen: Map<String, ServerId> = Map::new();
    for (id, member) in &ensemble.members {
        for listens in listens(member) {
            if let Some(other) = seen.insert(listens, *id).filter(|other| other != id) {
                return Some(MembershipError::SameAddress(*id, other));
            }
        }
    }
    None
}

fn listens(member: &Member) -> Vec<String> {
    let mut parts = member.address.split(':');
    let host = parts.next().unwrap_or_default();
    let ports = parts.map(|port| format!("{host}:{port}"));
    let client = member.client.iter().map(ToString::to_string);
    let is_here = |address: &String| {
        ["0.0.0.0:", "127.", "localhost:"].iter().any(|here| address.starts_with(here))
    };
    ports.chain(client).filter(|address| !is_here(address)).collect()
}

impl Member {
    /// The value of its `server.N=` line.
    pub fn text(&self) -> String {
        let client = self.client.as_ref().map(|client| format!(";{client}")).unwrap_or_default();
        format!("{}:{}{client}", self.address, self.role.name())
    }
}

impl Ensemble {
    /// The text of `/zookeeper/config`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (id, member) in &self.members {
            text += &format!("server.{}={}\n", id.0, member.text());
        }
        let mut groups: Map<u8, Vec<String>> = Map::new();
        for (id, member) in &self.members {
            if let Some(group) = member.group {
                groups.entry(group).or_default().push(id.0.to_string());
            }
        }
        for (group, ids) in groups {
            text += &format!("group.{group}={}\n", ids.join(":"));
        }
        for (id, member) in &self.members {
            if let Some(weight) = member.weight.filter(|_| self.is_hierarchical) {
                text += &format!("weight.{}={weight}\n", id.0);
            }
        }
        text + &format!("version={:x}", self.version.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MembershipError as E;

    #[test]
    fn a_configuration_reads_as_it_is_written() {
        let text = "server.1=10.77.0.1:2888:3888:participant;0.0.0.0:2181\n\
                    server.2=10.77.0.2:2888:3888:observer;0.0.0.0:2181\nversion=100000003";
        assert_eq!(parse(text).map(|ensemble| ensemble.text()), Ok(text.to_owned()));
        assert_eq!(Ensemble::new(1, 1).text(), text.replace("100000003", "0"));
        let groups = "server.1=a:1:2:participant;0.0.0.0:3\nserver.2=b:1:2:participant\n\
                      group.1=1\ngroup.2=2\nweight.1=1\nweight.2=5\nversion=0";
        assert_eq!(parse(groups).map(|ensemble| ensemble.text()), Ok(groups.to_owned()));
    }

    #[test]
    fn commas_will_do_and_roles_and_client_ports_may_be_short() {
        let ensemble = parse("server.3=h:1:2;9,server.4=i:1:2:OBSERVER").unwrap();
        assert_eq!(
            ensemble.text(),
            "server.3=h:1:2:participant;0.0.0.0:9\nserver.4=i:1:2:observer\nversion=0"
        );
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let error = |text: &str| parse(text).unwrap_err();
        let wrong = |line: &str| E::WrongForm(line.to_owned());
        assert_eq!(error("server.1=h:1"), wrong("h:1"));
        assert_eq!(error("server.1=h:1:2;3;4"), wrong("h:1:2;3;4"));
        assert_eq!(error("server.1=h:1:2;x"), wrong("h:1:2;x"));
        assert_eq!(error("server.1=:1:2"), wrong(":1:2"));
        assert_eq!(error("server.1=h:1:1"), E::SamePorts(ServerId(1)));
        assert_eq!(error("server.1=h:1:2:boss"), E::UnknownRole("boss".to_owned()));
        assert_eq!(error("server.x=h:1:2"), E::NotANumber("x".to_owned()));
        assert_eq!(error("server.1=h:70000:2"), E::NotANumber("70000".to_owned()));
        assert_eq!(error("tickTime=3"), E::Unrecognised("tickTime".to_owned()));
        assert_eq!(error("nonsense"), E::Unrecognised("nonsense".to_owned()));
        assert_eq!(error("version=x"), E::NotANumber("x".to_owned()));
    }

    #[test]
    fn groups_must_fit_the_servers() {
        let error = |more: &str| {
            let text = format!("server.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:2:observer\n{more}");
            parse(&text).map(|ensemble| ensemble.is_hierarchical)
        };
        assert_eq!(error(""), Ok(false));
        assert_eq!(error("group.1=1:2"), Ok(true));
        assert_eq!(error("group.1=1:2\ngroup.2=2"), Err(E::TwoGroups(ServerId(2))));
        assert_eq!(error("group.1=1"), Err(E::NoGroup(ServerId(2))));
        assert_eq!(error("weight.1=1"), Err(E::NoGroup(ServerId(1))), "weights without groups");
        assert_eq!(error("group.1=1:2:9"), Err(E::NoSuchServer(ServerId(9))));
        assert_eq!(error("group.1=1:2:3"), Err(E::NoWeight(ServerId(3))));
        assert_eq!(error("group.1=1:2:3\nweight.3=1"), Ok(true));
        assert_eq!(error("group.1=1:x"), Err(E::NotANumber("x".to_owned())));
    }

    #[test]
    fn two_servers_do_not_share_an_address() {
        let clash = |text: &str| clash(&parse(text).unwrap());
        let same = Some(E::SameAddress(ServerId(2), ServerId(1)));
        assert_eq!(clash("server.1=h:1:2;9\nserver.2=h:3:2;8"), same);
        assert_eq!(clash("server.1=h:1:2;9\nserver.2=h:3:4;9"), None);
        assert_eq!(clash("server.1=h:1:2;h:9\nserver.2=i:1:2;h:9"), same);
        assert_eq!(clash("server.1=127.0.0.1:1:2;9\nserver.2=127.0.0.1:1:2;9"), None);
    }
}

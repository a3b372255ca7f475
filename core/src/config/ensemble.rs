//! Who belongs to the ensemble, and which of them are a quorum.
//!
//! ```text
//!   server.1=10.77.0.1:2888:3888:participant;0.0.0.0:2181     a line for each member
//!   group.1=1:2:3   weight.1=2                                hierarchical quorums only
//!   version=100000000                                         the zxid that made it
//! ```
//!
//! ZooKeeper: `QuorumMaj`, `QuorumHierarchical`, `QuorumServer`. Their text form, which is what
//! `/zookeeper/config` and the dynamic configuration file hold, is written and read in [`super::text`].
//!
//! **Simplified.** An address is told, checked and shown, but the network here finds a server by its
//! number.

use crate::sorted::{Map, Set};
use crate::types::{ServerId, Zxid};
use std::rc::Rc;

/// What a member is for: the role in its `server.N=` line (`LearnerType`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Votes in elections and on proposals.
    Participant,
    /// Learns what is committed, and serves clients.
    Observer,
}

impl Role {
    /// The word in a `server.N=` line.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Participant => "participant",
            Role::Observer => "observer",
        }
    }
}

/// One member of the ensemble: `QuorumServer`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Member {
    /// Its role.
    pub role: Role,
    /// Its host, and the ports for learners and for elections: `10.77.0.1:2888:3888`.
    pub address: Rc<str>,
    /// Where it listens for clients: `0.0.0.0:2181`. `None` if the line does not say.
    pub client: Option<Rc<str>>,
    /// Its group of a hierarchical quorum, if there are groups.
    pub group: Option<u8>,
    /// Its weight there, if told; 1 if not.
    pub weight: Option<u32>,
}

impl Member {
    /// A member at its usual address, without a group.
    pub fn new(id: ServerId, role: Role) -> Member {
        Member {
            role,
            address: format!("10.77.0.{}:2888:3888", id.0).into(),
            client: Some("0.0.0.0:2181".into()),
            group: None,
            weight: None,
        }
    }
}

/// Who belongs to the ensemble: `QuorumVerifier`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ensemble {
    /// By id.
    pub members: Map<ServerId, Member>,
    /// Whether quorums are counted in groups: `QuorumHierarchical`.
    pub is_hierarchical: bool,
    /// The zxid of the reconfiguration that made it; 0 before the first leader.
    pub version: Zxid,
}

/// What one group of a hierarchical quorum has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GroupCount {
    /// The number in `group.N=`.
    pub group: u8,
    /// The weight of those of it that are there.
    pub present: u64,
    /// The weight of all.
    pub total: u64,
}

impl GroupCount {
    /// More than half of its weight is there.
    pub const fn is_won(&self) -> bool {
        self.total / 2 < self.present
    }
}

impl Ensemble {
    /// Participants `1..=participants`, then observers.
    pub fn new(participants: u8, observers: u8) -> Ensemble {
        let members = (1..=participants.saturating_add(observers))
            .map(|id| {
                let role = if id <= participants { Role::Participant } else { Role::Observer };
                (ServerId(id), Member::new(ServerId(id), role))
            })
            .collect();
        Ensemble { members, is_hierarchical: false, version: Zxid::ZERO }
    }

    /// Whether the server has a vote.
    pub fn is_voter(&self, id: ServerId) -> bool {
        self.members.get(&id).is_some_and(|member| member.role == Role::Participant)
    }

    /// Whether the server is an observer. One that is no member is none: it follows, without a
    /// vote (`QuorumPeer.updateLearnerType`).
    pub fn is_observer(&self, id: ServerId) -> bool {
        self.members.get(&id).is_some_and(|member| member.role == Role::Observer)
    }

    /// All voters, in ascending order.
    pub fn voters(&self) -> impl Iterator<Item = ServerId> + '_ {
        let is_voter = |member: &Member| member.role == Role::Participant;
        self.members.iter().filter(move |(_, member)| is_voter(member)).map(|(id, _)| *id)
    }

    /// All observers, in ascending order.
    pub fn observers(&self) -> impl Iterator<Item = ServerId> + '_ {
        let is_observer = |member: &Member| member.role == Role::Observer;
        self.members.iter().filter(move |(_, member)| is_observer(member)).map(|(id, _)| *id)
    }

    /// Whether a candidate may win: weight 0 never does (`totalOrderPredicate`). Where there are no
    /// weights everybody has weight 1.
    pub fn may_win(&self, id: ServerId) -> bool {
        !self.is_hierarchical || self.members.get(&id).is_some_and(|member| 0 < weight(member))
    }

    /// Whether these servers are a quorum (`containsQuorum`). Those without a vote do not count.
    pub fn is_quorum(&self, servers: &Set<ServerId>) -> bool {
        if self.is_hierarchical {
            let groups = self.groups(servers);
            let won = groups.iter().filter(|group| group.is_won()).count();
            return groups.len() / 2 < won;
        }
        self.voters().count() / 2 < servers.iter().filter(|id| self.is_voter(**id)).count()
    }

    /// What each group has, but for groups without any weight: they do not count.
    pub fn groups(&self, servers: &Set<ServerId>) -> Vec<GroupCount> {
        let mut groups: Map<u8, GroupCount> = Map::new();
        for (id, member) in &self.members {
            let Some(group) = member.group else { continue };
            let count = groups.entry(group).or_insert(GroupCount { group, present: 0, total: 0 });
            let weight = u64::from(weight(member));
            count.total += weight;
            if servers.contains(id) && self.is_voter(*id) {
                count.present += weight;
            }
        }
        groups.into_values().filter(|group| 0 < group.total).collect()
    }

    /// How many voters a majority needs. With groups, how many of them.
    pub fn majority(&self) -> usize {
        if self.is_hierarchical {
            return self.groups(&Set::new()).len() / 2 + 1;
        }
        self.voters().count() / 2 + 1
    }

    /// Whether the two have the same members in the same roles, whatever their versions
    /// (`QuorumVerifier.equals`).
    pub fn is_same(&self, other: &Ensemble) -> bool {
        self.version == other.version
            || (self.is_hierarchical, &self.members) == (other.is_hierarchical, &other.members)
    }
}

/// 1 if the configuration does not say.
fn weight(member: &Member) -> u32 {
    member.weight.unwrap_or(1)
}

/// The two configurations a server goes by: the last it knows to be committed, and the last it has
/// seen proposed (`QuorumPeer.quorumVerifier`, `lastSeenQuorumVerifier`). While a reconfiguration is
/// under way they differ, and everything needs a quorum of both (`SyncedLearnerTracker`).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Views {
    /// The last committed.
    pub current: Rc<Ensemble>,
    /// The last proposed.
    pub last_seen: Rc<Ensemble>,
}

impl Views {
    /// No reconfiguration is under way.
    pub fn new(current: Rc<Ensemble>) -> Views {
        Views { last_seen: current.clone(), current }
    }

    /// Whether a newer configuration than the committed one has been seen.
    pub fn is_pending(&self) -> bool {
        self.current.version < self.last_seen.version
    }

    /// The configurations that a quorum is needed of: one, or two while one is pending.
    pub fn each(&self) -> impl Iterator<Item = &Rc<Ensemble>> + '_ {
        let next = self.is_pending().then_some(&self.last_seen);
        std::iter::once(&self.current).chain(next)
    }

    /// Whether these servers are a quorum of each (`hasAllQuorums`).
    pub fn is_quorum(&self, servers: &Set<ServerId>) -> bool {
        self.each().all(|ensemble| ensemble.is_quorum(servers))
    }

    /// Whether the server has a vote in any of them (`getCurrentAndNextConfigVoters`).
    pub fn is_voter(&self, id: ServerId) -> bool {
        self.current.is_voter(id) || self.last_seen.is_voter(id)
    }

    /// Who has a vote in any of them, in ascending order.
    pub fn voters(&self) -> Set<ServerId> {
        self.current.voters().chain(self.last_seen.voters()).collect()
    }

    /// A configuration has been committed (`setQuorumVerifier`).
    pub fn activate(&mut self, ensemble: Rc<Ensemble>) {
        if self.last_seen.version < ensemble.version {
            self.last_seen = ensemble.clone();
        }
        self.current = ensemble;
    }
}

#[cfg(test)]
mod tests;

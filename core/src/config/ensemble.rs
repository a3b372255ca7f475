//! Who belongs to the ensemble, and which of them are a quorum.

use crate::types::{ServerId, Zxid};
use std::collections::{BTreeMap, BTreeSet};

/// What a member is for: the role in its `server.N=` line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Votes in elections and on proposals.
    Participant,
    /// Learns what is committed, and serves clients.
    Observer,
}

/// One member of the ensemble.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Member {
    /// Its role.
    pub role: Role,
    /// Its group of a hierarchical quorum, if there are groups.
    pub group: Option<u8>,
    /// Its weight there.
    pub weight: u32,
}

/// Who belongs to the ensemble: `QuorumVerifier`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ensemble {
    /// By id.
    pub members: BTreeMap<ServerId, Member>,
    /// The zxid of the reconfiguration that made it.
    pub version: Zxid,
}

impl Ensemble {
    /// Participants `1..=participants`, then observers.
    pub fn new(participants: u8, observers: u8) -> Ensemble {
        let members = (1..=participants.saturating_add(observers))
            .map(|id| {
                let role = if id <= participants { Role::Participant } else { Role::Observer };
                (ServerId(id), Member { role, group: None, weight: 1 })
            })
            .collect();
        Ensemble { members, version: Zxid::ZERO }
    }

    /// Whether the server has a vote.
    pub fn is_voter(&self, id: ServerId) -> bool {
        self.members.get(&id).is_some_and(|member| member.role == Role::Participant)
    }

    /// Whether the server is an observer.
    pub fn is_observer(&self, id: ServerId) -> bool {
        self.members.get(&id).is_some_and(|member| member.role == Role::Observer)
    }

    /// All voters, in ascending order.
    pub fn voters(&self) -> impl Iterator<Item = ServerId> + '_ {
        self.members.keys().copied().filter(|id| self.is_voter(*id))
    }

    /// Whether a candidate may win: weight 0 never does (`totalOrderPredicate`).
    pub fn may_win(&self, id: ServerId) -> bool {
        self.members.get(&id).is_some_and(|member| 0 < member.weight)
    }

    /// Whether these servers are a quorum: `QuorumMaj.containsQuorum`, or, if members have groups,
    /// `QuorumHierarchical.containsQuorum`. Those without a vote do not count.
    pub fn is_quorum(&self, servers: &BTreeSet<ServerId>) -> bool {
        if self.members.values().any(|member| member.group.is_some()) {
            return self.is_hierarchical_quorum(servers);
        }
        let votes = servers.iter().filter(|id| self.is_voter(**id)).count();
        self.voters().count() / 2 < votes
    }

    fn is_hierarchical_quorum(&self, servers: &BTreeSet<ServerId>) -> bool {
        let mut groups: BTreeMap<u8, (u32, u32)> = BTreeMap::new();
        for (id, member) in &self.members {
            if member.role == Role::Observer {
                continue;
            }
            let (total, present) = groups.entry(member.group.unwrap_or(0)).or_default();
            *total += member.weight;
            *present += if servers.contains(id) { member.weight } else { 0 };
        }
        let weighty: Vec<_> = groups.values().filter(|(total, _)| 0 < *total).collect();
        let won = weighty.iter().filter(|(total, present)| total / 2 < *present).count();
        weighty.len() / 2 < won
    }

    /// How many voters a majority needs. For hierarchical quorums only a hint.
    pub fn majority(&self) -> usize {
        self.voters().count() / 2 + 1
    }

    /// The text of `/zookeeper/config`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (id, member) in &self.members {
            let role = match member.role {
                Role::Participant => "participant",
                Role::Observer => "observer",
            };
            let id = id.0;
            text += &format!("server.{id}=s{id}:2888:3888:{role};2181\n");
        }
        text + &format!("version={:x}", self.version.0)
    }
}

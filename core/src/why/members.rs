//! Why, where the members of the ensemble matter: groups, weights, and reconfiguration.

use super::{Servers, Why};
use crate::config::ensemble::GroupCount;
use crate::config::{Ensemble, Views};
use crate::sorted::Set;
use crate::types::{ServerId, Vote, Zxid};
use std::rc::Rc;

/// A decision about who belongs to the ensemble, or in which that mattered.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum MembersWhy {
    /// More than one majority was counted: there are groups, or an old and a new configuration.
    QuorumChecked {
        /// What for.
        check: QuorumCheck,
        /// Of each configuration.
        facts: Rc<[QuorumFact]>,
    },
    /// The leader proposes other members. Until it is committed everything needs a quorum of both.
    ReconfigProposed {
        /// The version before.
        from: Zxid,
        /// The new version, its zxid.
        to: Zxid,
        /// The voters from then on.
        voters: Servers,
        /// The observers from then on.
        observers: Servers,
    },
    /// The server goes by other members from now on.
    ConfigActivated {
        /// The version before.
        from: Zxid,
        /// The new version.
        to: Zxid,
        /// The voters from now on.
        voters: Servers,
        /// The observers from now on.
        observers: Servers,
    },
    /// The leader has no vote among the new members: it commits nothing more and names a successor,
    /// of those that acknowledged the reconfiguration the one with the most after it.
    DesignatedLeader {
        /// The successor.
        leader: ServerId,
        /// The reconfiguration.
        zxid: Zxid,
        /// Who acknowledged it.
        acked: Servers,
    },
    /// The reconfiguration gives the server another role or another leader: it starts over.
    RoleChanged {
        /// The version that does.
        version: Zxid,
        /// Whom it goes to without an election; `None` if it must elect.
        leader: Option<ServerId>,
        /// Whether it observes from now on.
        is_observer: bool,
    },
    /// The configuration on its disk does not name it: it refuses to start (`QuorumPeer.start`).
    NoMember {
        /// The version of that configuration.
        version: Zxid,
    },
    /// `peerType` says observer, the list of servers does not: the list counts (`setupPeerType`).
    PeerTypeIgnored,
    /// The dynamic configuration file that its `zoo.cfg` names is gone: it refuses to start
    /// (`QuorumPeerConfig.parse`).
    ConfigFileLost,
    /// A server that looks heard of a newer configuration and goes by it.
    ConfigLearned {
        /// From whom.
        from: ServerId,
        /// The version it went by.
        mine: Zxid,
        /// The newer one.
        theirs: Zxid,
    },
}

/// What a quorum was needed for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum QuorumCheck {
    /// To end an election.
    Vote(Vote),
    /// To begin an epoch.
    NewLeader(u32),
    /// To commit a transaction.
    Commit(Zxid),
    /// To go on leading.
    Heard,
    /// To propose a reconfiguration: of the new configuration, connected and synchronized.
    Reconfig(Zxid),
}

/// One group of a hierarchical quorum.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct GroupFact {
    /// Its number.
    pub group: u8,
    /// The weight of those that are there.
    pub present: u64,
    /// The weight of all.
    pub total: u64,
}

/// How one configuration counted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct QuorumFact {
    /// The version of the configuration.
    pub version: Zxid,
    /// Those of its voters that are there.
    pub present: Servers,
    /// How many voters it has.
    pub voters: usize,
    /// How many voters a majority needs; with groups, how many groups.
    pub needed: usize,
    /// Its groups, if it counts in groups.
    pub groups: Rc<[GroupFact]>,
    /// Whether it has a quorum.
    pub is_quorum: bool,
}

impl QuorumFact {
    /// Counts these servers.
    pub fn of(ensemble: &Ensemble, servers: &Set<ServerId>) -> QuorumFact {
        let group = |count: GroupCount| GroupFact {
            group: count.group,
            present: count.present,
            total: count.total,
        };
        let groups = ensemble.groups(servers).into_iter().map(group);
        QuorumFact {
            version: ensemble.version,
            present: servers.iter().copied().filter(|id| ensemble.is_voter(*id)).collect(),
            voters: ensemble.voters().count(),
            needed: ensemble.majority(),
            groups: if ensemble.is_hierarchical { groups.collect() } else { Rc::new([]) },
            is_quorum: ensemble.is_quorum(servers),
        }
    }
}

/// How each configuration counted, if there is more to it than a majority of one.
pub fn quorum_facts(check: QuorumCheck, views: &Views, servers: &Set<ServerId>) -> Option<Why> {
    let is_pending = views.is_pending() && !views.current.is_same(&views.last_seen);
    if !is_pending && !views.current.is_hierarchical {
        return None;
    }
    let facts = views.each().map(|ensemble| QuorumFact::of(ensemble, servers)).collect();
    Some(Why::Members(MembersWhy::QuorumChecked { check, facts }))
}

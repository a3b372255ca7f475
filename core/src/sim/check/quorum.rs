//! Who is a quorum, counted without the protocol's help.

use crate::config::{Ensemble, Role};
use crate::sorted::Map;
use crate::types::{ServerId, Zxid};
use std::rc::Rc;

/// A configuration that somebody has gone by.
#[derive(Clone, Debug)]
struct Committed {
    config: Rc<Ensemble>,
    /// What its leader had proposed when it was committed. Up to there its proposals needed a quorum
    /// of the members before, too.
    proposed: Zxid,
}

/// Every configuration that any server has gone by, by version: the zxid of its reconfiguration.
#[derive(Clone, Debug, Default)]
pub struct Configs(Map<Zxid, Committed>);

impl Configs {
    /// A server goes by this one. `proposed` is the last transaction that the leader of the
    /// configuration's epoch has proposed by now.
    pub fn add(&mut self, config: Rc<Ensemble>, proposed: Zxid) {
        self.0.entry(config.version).or_insert(Committed { config, proposed });
    }

    /// Whether these are enough to commit a transaction: a quorum of the members that the last
    /// reconfiguration up to it has made, and of those before for a reconfiguration itself. What the
    /// leader of its own epoch (`is_its_leader`) had proposed while that was pending needs both, too; a later
    /// leader that finds it has the reconfiguration behind it. `first` are the members where there
    /// was no reconfiguration.
    pub fn is_quorum(
        &self,
        first: &Ensemble,
        zxid: Zxid,
        is_its_leader: bool,
        servers: &[ServerId],
    ) -> bool {
        let Some((version, in_force)) = self.0.range(..=zxid).next_back() else {
            return is_quorum(first, servers);
        };
        let is_pending = zxid == *version || is_its_leader && zxid <= in_force.proposed;
        let before = self.0.range(..version).next_back().filter(|_| is_pending);
        let before = before.is_none_or(|(_, before)| is_quorum(&before.config, servers));
        before && is_quorum(&in_force.config, servers)
    }
}

/// Whether these servers are a quorum: more than half of the voters; with groups, more than half of
/// the weight in more than half of the groups that have any.
pub fn is_quorum(ensemble: &Ensemble, servers: &[ServerId]) -> bool {
    let voters = ensemble.members.iter().filter(|(_, member)| member.role == Role::Participant);
    let mut groups: Map<Option<u8>, (u64, u64)> = Map::new();
    for (id, member) in voters {
        let (all, present) = groups.entry(member.group).or_default();
        let weight = u64::from(member.weight.unwrap_or(1));
        *all += weight;
        *present += if servers.contains(id) { weight } else { 0 };
    }
    let weighty = groups.values().filter(|(all, _)| 0 < *all);
    let (all, won) = weighty.fold((0, 0), |(all, won), (weight, present)| {
        (all + 1, won + usize::from(*weight < 2 * present))
    });
    all < 2 * won
}

#[cfg(test)]
mod tests {
    use super::{Configs, is_quorum};
    use crate::config::Ensemble;
    use crate::types::{ServerId, Zxid};
    use std::rc::Rc;

    #[test]
    fn observers_do_not_count() {
        let ensemble = Ensemble::new(3, 2);
        let servers = |ids: &[u8]| ids.iter().map(|id| ServerId(*id)).collect::<Vec<_>>();
        assert!(is_quorum(&ensemble, &servers(&[1, 3])));
        assert!(!is_quorum(&ensemble, &servers(&[1, 4, 5])));
        assert!(!is_quorum(&ensemble, &servers(&[])));
    }

    #[test]
    fn the_members_at_that_zxid_count() {
        let (first, at) = (Ensemble::new(3, 0), |counter| Zxid::new(1, counter));
        let version =
            |participants, version| Rc::new(Ensemble { version, ..Ensemble::new(participants, 0) });
        let mut configs = Configs::default();
        configs.add(version(3, at(0)), at(0));
        // Three voted; five do from the reconfiguration on, which was pending until 7 was proposed.
        configs.add(version(5, at(5)), at(7));
        let is_quorum = |zxid, is_its_leader, ids: &[u8]| {
            let ids: Vec<ServerId> = ids.iter().map(|id| ServerId(*id)).collect();
            configs.is_quorum(&first, zxid, is_its_leader, &ids)
        };
        assert!(is_quorum(at(4), true, &[1, 2]));
        assert!(!is_quorum(at(4), true, &[1, 4, 5]), "later members do not count");
        for pending in [at(5), at(7)] {
            assert!(is_quorum(pending, true, &[1, 2, 4]));
            assert!(!is_quorum(pending, true, &[1, 2]), "no quorum of the new members");
            assert!(!is_quorum(pending, true, &[1, 4, 5]), "no quorum of the old members");
        }
        assert!(is_quorum(at(7), false, &[1, 4, 5]), "a later leader has the new members only");
        assert!(!is_quorum(at(5), false, &[1, 4, 5]), "not for the reconfiguration itself");
        assert!(is_quorum(at(8), true, &[1, 4, 5]));
        assert!(!is_quorum(at(8), true, &[1, 2]));
    }
}

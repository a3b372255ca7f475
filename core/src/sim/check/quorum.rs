//! Who is a quorum, counted without the protocol's help.

use crate::config::{Ensemble, Role};
use crate::sorted::Map;
use crate::types::{ServerId, Zxid};
use std::rc::Rc;

/// Every configuration that any server has gone by, by version.
#[derive(Clone, Debug, Default)]
pub struct Configs(Map<Zxid, Rc<Ensemble>>);

impl Configs {
    /// A server goes by this one.
    pub fn add(&mut self, config: Rc<Ensemble>) {
        self.0.entry(config.version).or_insert(config);
    }

    /// Whether these are a quorum of the configuration in force at a zxid, or of a later one: what an
    /// old leader could not commit, a later one commits with its own quorum.
    pub fn is_quorum(&self, first: &Ensemble, zxid: Zxid, servers: &[ServerId]) -> bool {
        let in_force = self.0.range(..=zxid).next_back().map_or(first, |(_, config)| config);
        let later = self.0.range(zxid..).map(|(_, config)| &**config);
        std::iter::once(in_force).chain(later).any(|config| is_quorum(config, servers))
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
    use super::is_quorum;
    use crate::config::Ensemble;
    use crate::types::ServerId;

    #[test]
    fn observers_do_not_count() {
        let ensemble = Ensemble::new(3, 2);
        let servers = |ids: &[u8]| ids.iter().map(|id| ServerId(*id)).collect::<Vec<_>>();
        assert!(is_quorum(&ensemble, &servers(&[1, 3])));
        assert!(!is_quorum(&ensemble, &servers(&[1, 4, 5])));
        assert!(!is_quorum(&ensemble, &servers(&[])));
    }
}

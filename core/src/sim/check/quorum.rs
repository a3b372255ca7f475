//! Who is a quorum, counted without the protocol's help.

use crate::config::{Ensemble, Role};
use crate::types::ServerId;
use std::collections::BTreeMap;

/// Whether these servers are a quorum: more than half of the voters; with groups, more than half of
/// the weight in more than half of the groups that have any.
pub fn is_quorum(ensemble: &Ensemble, servers: &[ServerId]) -> bool {
    let voters = ensemble.members.iter().filter(|(_, member)| member.role == Role::Participant);
    let mut groups: BTreeMap<Option<u8>, (u64, u64)> = BTreeMap::new();
    for (id, member) in voters {
        let (all, present) = groups.entry(member.group).or_default();
        let weight = if member.group.is_some() { u64::from(member.weight) } else { 1 };
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

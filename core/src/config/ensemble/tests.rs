//! Quorums are arithmetic.

use super::super::text::parse;
use super::*;

fn ids(ids: &[u8]) -> Set<ServerId> {
    ids.iter().copied().map(ServerId).collect()
}

fn ensemble(text: &str) -> Ensemble {
    parse(text).unwrap()
}

/// `server.N` lines for 1..=n, then more.
fn grouped(n: u8, more: &str) -> Ensemble {
    let lines: String = (1..=n).map(|id| format!("server.{id}=h{id}:1:2;3\n")).collect();
    ensemble(&(lines + more))
}

#[test]
fn more_than_half_of_the_voters_are_a_majority() {
    for (voters, needed) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4)] {
        let ensemble = Ensemble::new(voters, 2);
        assert_eq!(ensemble.majority(), needed);
        let all: Vec<u8> = (1..=voters + 2).collect();
        assert!(ensemble.is_quorum(&ids(&all[..needed])));
        assert!(!ensemble.is_quorum(&ids(&all[..needed - 1])));
    }
}

#[test]
fn observers_and_strangers_do_not_count() {
    let ensemble = Ensemble::new(3, 2);
    assert!(!ensemble.is_quorum(&ids(&[1, 4, 5])));
    assert!(!ensemble.is_quorum(&ids(&[1, 9])));
    assert!(ensemble.is_quorum(&ids(&[1, 3])));
    assert!(!ensemble.is_observer(ServerId(9)), "a stranger follows");
}

#[test]
fn most_groups_are_needed_with_most_of_their_weight() {
    let ensemble = grouped(9, "group.1=1:2:3\ngroup.2=4:5:6\ngroup.3=7:8:9\n");
    assert!(ensemble.is_quorum(&ids(&[1, 2, 4, 5])), "two of three, twice");
    assert!(!ensemble.is_quorum(&ids(&[1, 2, 3, 4, 7])), "five of nine, but one group only");
    assert!(!ensemble.is_quorum(&ids(&[])));
    assert_eq!(ensemble.majority(), 2);
}

#[test]
fn weights_decide_inside_a_group() {
    let ensemble = grouped(3, "group.1=1:2:3\nweight.1=3\nweight.2=1\nweight.3=1\n");
    assert!(ensemble.is_quorum(&ids(&[1])));
    assert!(!ensemble.is_quorum(&ids(&[2, 3])));
    let half = grouped(2, "group.1=1:2\n");
    assert!(!half.is_quorum(&ids(&[1])), "half is not more than half");
}

#[test]
fn a_group_without_weight_does_not_count() {
    let text = "group.1=1\ngroup.2=2\ngroup.3=3\nweight.3=0\n";
    let ensemble = grouped(3, text);
    assert_eq!(ensemble.groups(&ids(&[])).len(), 2);
    assert!(ensemble.is_quorum(&ids(&[1, 2])));
    assert!(!ensemble.is_quorum(&ids(&[1, 3])));
    assert!(!ensemble.may_win(ServerId(3)) && ensemble.may_win(ServerId(2)));
}

#[test]
fn while_one_is_pending_a_quorum_of_both_is_needed() {
    let old = Rc::new(Ensemble::new(3, 0));
    let mut views = Views::new(old.clone());
    assert!(!views.is_pending() && views.is_quorum(&ids(&[1, 2])));
    let new = Ensemble { version: Zxid(7), ..ensemble("server.3=a:1:2;3\nserver.4=b:1:2;3") };
    views.last_seen = Rc::new(new);
    assert!(views.is_pending());
    assert!(!views.is_quorum(&ids(&[1, 2])) && !views.is_quorum(&ids(&[3, 4])));
    assert!(views.is_quorum(&ids(&[1, 3, 4])));
    assert_eq!(views.voters(), ids(&[1, 2, 3, 4]));
    views.activate(views.last_seen.clone());
    assert!(!views.is_pending() && !views.is_voter(ServerId(1)));
}

#[test]
fn the_same_members_are_the_same_ensemble_whatever_the_version() {
    let (one, mut other) = (Ensemble::new(3, 0), Ensemble::new(3, 0));
    other.version = Zxid(5);
    assert!(one.is_same(&other));
    assert!(!one.is_same(&Ensemble { version: Zxid(5), ..Ensemble::new(2, 1) }));
}

//! Whatever has happened in a run: its link opens the same run.

#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::{any, proptest};
use proptest::sample::Index;
use proptest::test_runner::Config;
use zklab_core::lab::swarm::{Plan, run};
use zklab_core::lab::{Lab, link};
use zklab_core::mistake::{Mistake, Mistakes};

/// A run in which random things were done; what cannot be done is left out.
fn lived(plan: Plan, seed: u64) -> Lab {
    let case = run(plan, seed).case;
    let mut lab = Lab::new(&case.scenario).expect("the swarm's scenario can be");
    for (at, action) in case.actions {
        while lab.world().now < at {
            lab.advance(at.0 - lab.world().now.0);
        }
        let _ = lab.act(action);
    }
    assert!(!lab.timeline().actions().is_empty());
    lab
}

proptest! {
    #![proptest_config(Config { cases: 48, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_link_opens_the_run_that_it_was_made_of(
        seed in any::<u32>(),
        participants in 1_u8..=5,
        faults in any::<[bool; 3]>(),
        actions in 5_u32..60,
        mistake in any::<Index>(),
        cursor in any::<Index>(),
    ) {
        let [has_network_faults, has_disk_faults, has_reconfig] = faults;
        // One run in about three has a mistake.
        let wrong = Mistake::ALL.get(mistake.index(3 * Mistake::ALL.len()));
        let mistakes = wrong.map_or(Mistakes::NONE, |mistake| Mistakes::NONE.with(*mistake));
        let plan = Plan {
            participants,
            actions,
            mistakes,
            has_network_faults,
            has_disk_faults,
            has_reconfig,
            ..Plan::default()
        };
        let mut lab = lived(plan, u64::from(seed));
        lab.seek(cursor.index(lab.timeline().len() as usize + 1) as u32);
        let link = link::write(&lab);
        let text = link::read(&link).expect("it is a link");
        assert_eq!(text, lab.save_branch());
        let mut again = Lab::open(&text).expect("it holds a run");
        assert_eq!(again.hash(), lab.hash());
        assert_eq!(again.view(), lab.view());
        assert_eq!(again.save(), lab.save());
        assert_eq!(link::write(&again), link);
        // It goes on as it would have, too.
        for lab in [&mut lab, &mut again] {
            lab.live();
            lab.advance(3_000_000);
        }
        assert_eq!(again.hash(), lab.hash());
    }
}

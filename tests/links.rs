//! Whatever has happened in a run: its link opens the same run.

#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::{any, proptest};
use proptest::sample::Index;
use proptest::test_runner::Config;
use zklab_core::lab::salvage::salvage;
use zklab_core::lab::swarm::{Plan, run};
use zklab_core::lab::{Divergence, Lab, Scenario, link};
use zklab_core::mistake::{Mistake, Mistakes};
use zklab_core::types::Time;
use zklab_tests::{GOLDEN_LINKS, link_hashes};

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

// --- Work of other versions of the engine

/// What is done in the runs below: writes, and a leader that dies with one of them.
const STORY: &str = "at 0s start\nat 0s client a timeout 10s\nat 3s a>> create /a 1\nat 5s kill s2\n\
                     at 6s a>> create /b 2\nat 8s kill s3\nat 9s start s2\nat 20s a>> create /c 3\n";

/// The story as an engine saves it that behaves in another way: one that has these mistakes and
/// doesn't tell.
fn of_another_engine(mistakes: Mistakes) -> (String, Lab) {
    let head = "ensemble 3\nseed 5\n";
    let mut text = head.to_owned();
    mistakes.iter().for_each(|mistake| text += &format!("mistake {}\n", mistake.name()));
    let mut lab = Lab::open(&format!("{text}{STORY}")).expect("it can be");
    lab.advance(5_000_000);
    let told = mistakes.iter().map(|mistake| format!("mistake {}\n", mistake.name()));
    let saved = told.fold(lab.save(), |saved, line| saved.replace(&line, ""));
    (saved, lab)
}

#[test]
fn a_run_of_another_engine_opens_as_far_as_it_goes_and_says_from_where_on_it_is_another() {
    let mistakes = Mistakes::NONE.with(Mistake::VoteIgnoresZxid);
    let (saved, theirs) = of_another_engine(mistakes);
    let link = link::encode(&saved);
    let mine = Lab::open(&link::read(&link).expect("it is a link")).expect("it opens");
    let Some(Divergence { from: Some(from), dropped: 0 }) = mine.divergence() else {
        panic!("{:?} of\n{saved}", mine.divergence());
    };
    // Up to there both are the same, event by event.
    let up_to_there = |lab: &Lab| {
        let mut lab = lab.clone();
        lab.seek(from);
        lab.trace_text()
    };
    assert_eq!(up_to_there(&mine), up_to_there(&theirs));
    assert!(0 < from && from < mine.timeline().len());
    assert_eq!(mine.timeline().actions().len(), theirs.timeline().actions().len());
    assert_eq!(mine.timeline().tip().now, theirs.timeline().tip().now);
    assert_ne!(mine.hash(), theirs.hash());
    // Saved by this engine it is a run of this engine.
    let again = Lab::open(&mine.save()).expect("it was saved");
    assert_eq!((again.divergence(), again.hash()), (None, mine.hash()));
    // Older links don't say which event each action was.
    let older = saved.lines().map(|line| match line.starts_with("end ") {
        true => line.split(' ').take(3).collect::<Vec<_>>().join(" "),
        false => line.to_owned(),
    });
    let older: String = older.map(|line| line + "\n").collect();
    let mine = Lab::open(&older).expect("it opens");
    assert_eq!(mine.divergence(), Some(Divergence { from: None, dropped: 0 }));
}

#[test]
fn what_cannot_be_done_any_more_is_left_out_and_told() {
    let text = "zklab 2\nensemble 3\nat 0s start\nat 1s lose-packet 9999\nat 2s kill s1\nend 90 3s 0 40 41\n";
    let lab = Lab::open(text).expect("it opens");
    assert_eq!(lab.divergence(), Some(Divergence { from: Some(1), dropped: 1 }));
    assert_eq!(lab.timeline().actions().len(), 2);
    assert_eq!(lab.world().now, Time::from_ms(3000));
    // Nobody recorded how a script went: there it is a mistake.
    let script = text.replace("end 90 3s 0 40 41\n", "");
    assert!(Lab::open(&script).is_err_and(|error| error.to_string().starts_with("line 4: ")));
}

#[test]
fn a_recorded_end_that_is_far_away_does_not_make_a_run_without_end() {
    let text = "zklab 2\nensemble 3\nat 0s start\nat 900000s kill s1\nend 20 999999s\n";
    let lab = Lab::open(text).expect("it opens");
    assert_eq!(lab.divergence(), Some(Divergence { from: None, dropped: 1 }));
    assert!(lab.timeline().len() < 6000);
}

/// The same digests in a browser: `tests/wasm.rs`. A change of behaviour changes them, as it does
/// `golden/hashes.txt`; `UPDATE_EXPECT=1` writes them.
#[test]
fn golden_links_open_the_runs_that_they_open_in_a_browser() {
    expect_test::expect_file!["golden/link-hashes.txt"].assert_eq(&link_hashes());
}

/// What was given out must open for ever, and be the run that it was, or say that it is not. Where an
/// engine that rightly behaves otherwise makes another run of a link, its line says so from then on.
#[test]
fn golden_links_open() {
    let mut count = 0;
    for line in GOLDEN_LINKS.lines().filter(|line| !line.starts_with('#')) {
        let (wanted, link) = line.split_once(' ').expect("what it gives, and the link");
        let lab = Lab::open(&link::read(link).expect("it is a link")).expect("it holds a run");
        let from = lab.divergence().map(|said| said.from);
        let found = match from {
            None => format!("same-{}", lab.timeline().len()),
            Some(from) => format!("other-from-{}", from.unwrap_or_default()),
        };
        assert_eq!(found, wanted, "{line}");
        count += 1;
    }
    assert_eq!(count, 5);
}

// --- Damaged work

#[test]
fn of_a_link_that_was_cut_off_the_beginning_can_be_had() {
    let whole = include_str!("golden/link-1.txt").trim();
    let text = link::read(whole).expect("it is a link");
    let mut most = 0;
    for cut in (3..whole.len()).step_by(7) {
        assert!(link::read(&whole[..cut]).is_err());
        let Some(rest) = link::rest(&whole[..cut]) else {
            assert!(cut < 200, "something can be read of {cut} characters");
            continue;
        };
        assert!(rest.steps >= most || rest.steps + 1 == most, "more of the link, more of the run");
        most = most.max(rest.steps);
        let same = rest.text.lines().zip(text.lines()).take_while(|(one, other)| one == other);
        assert_eq!(same.count(), rest.text.lines().count(), "cut at {cut}");
        let lab = Lab::open_rest(&rest).expect("it can be opened");
        assert_eq!(lab.timeline().actions().len(), rest.steps);
    }
    assert!(45 <= most, "nearly all is there in the end");
    assert_eq!(link::rest("v1.AAAA"), None);
    assert_eq!(link::rest("v2.AAAAAAAAAAAAAAAA"), None);
}

#[test]
fn of_a_damaged_file_the_lines_before_the_damage_can_be_had() {
    let text =
        "zklab 2\nensemble 3\nat 0s start\nat 1s kill s1\nat 2s kll s2\nat 3s heal\nend 90 4s\n";
    let rest = salvage(text, false).expect("there are two");
    assert_eq!((rest.steps, rest.text.lines().count()), (2, 4));
    let lab = Lab::open_rest(&rest).expect("it can be opened");
    assert_eq!(lab.timeline().actions().len(), 2);
    assert_eq!(salvage("zklab 2\nensemble 3\nat 0s strt\n", false), None);
    assert_eq!(salvage("no scenario at all", false), None);
    let scenario = Scenario::default();
    assert_eq!(salvage(&Lab::new(&scenario).expect("it can be").save(), false), None);
}

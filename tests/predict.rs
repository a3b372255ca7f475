//! What is foretold is what then happens.

#![cfg(not(target_arch = "wasm32"))]

use zklab_core::lab::Lab;
use zklab_core::lab::predict::{Guess, Question, Subject};
use zklab_core::lab::script::{self, run::run};
use zklab_core::sim::trace::NoteKind;
use zklab_core::types::{ServerId, Time};
use zklab_core::why::{SyncKind, Why};

fn lab(text: &str) -> Lab {
    let script = script::parse(text).expect("it is a script");
    run(&script).expect("the scenario can be").into_lab()
}

/// The decisions in an event, once it has happened.
fn decisions(lab: &mut Lab, event: u32) -> Vec<Why> {
    while lab.world().events <= event {
        lab.step();
    }
    let notes = lab.timeline().trace().notes_from(event);
    let notes = notes.take_while(|note| note.event == event);
    notes
        .filter_map(|note| if let NoteKind::Decision(why) = note.what { Some(why) } else { None })
        .collect()
}

#[test]
fn votes_and_winners_are_foretold() {
    let mut lab = lab("ensemble 3\nseed 8\n");
    let start = zklab_core::sim::action::Action::Start([1, 2, 3].map(ServerId).into());
    lab.act(start).expect("they can start");
    lab.seek(0);
    let (winner, _) = lab.predict(&[Subject::Winner], 0);
    assert_eq!(winner.map(|winner| winner.right), Some(Guess::Server(ServerId(3))));
    lab.live();
    let mut votes = 0;
    let mut after = 0;
    while let (Some(next), _) = lab.predict(&[Subject::Vote], after) {
        let adopts =
            decisions(&mut lab, next.decided).iter().any(|why| match (&next.question, why) {
                (Question::Vote { theirs, .. }, Why::AdoptedBetterVote { theirs: better, .. }) => {
                    theirs == better
                }
                _ => false,
            });
        assert_eq!(next.right == Guess::Yes, adopts, "{next:?}");
        after = next.decided + 1;
        votes += 1;
        if votes == 5 {
            break;
        }
    }
    assert!(2 < votes, "{votes} votes");
}

#[test]
fn synchronizations_commits_and_the_end_of_sessions_are_foretold() {
    let begin = "ensemble 3\nseed 1\nstart\nuntil synchronized all\nclient c1 timeout 4s servers s1\n\
                 until session c1 connected\n";
    let mut first = lab(&format!("{begin}kill s2\nc1> create /x\nstart s2\n"));
    let (next, _) = first.predict(&[Subject::Sync], 0);
    let next = next.expect("s2 will be synchronized");
    assert_eq!(next.right, Guess::Kind(SyncKind::Diff));
    assert!(first.world().events <= next.stop && first.world().now <= next.until);
    let told = decisions(&mut first, next.decided);
    assert!(told.iter().any(|why| matches!(why, Why::Synchronizing { kind: SyncKind::Diff, .. })));

    let mut second = lab(&format!("{begin}c1>> create /x\n"));
    let (next, _) = second.predict(&[Subject::Commit], 0);
    let next = next.expect("it will be acknowledged");
    let told = decisions(&mut second, next.decided);
    assert!(told.iter().any(|why| matches!(why, Why::CommittedByQuorum { .. })));

    let third = lab(&format!("{begin}pause s1\npause s2\npause s3\nrun 1s\n"));
    assert_eq!(third.predict(&Subject::ALL, u32::MAX).0, None);
    let fourth = lab(&format!("{begin}kill s1\n"));
    assert!(Time(0) < fourth.world().now);
    let (next, _) = fourth.predict(&[Subject::Expiry], 0);
    // It knows s1 only, and s1 is down: nobody can tell it before s1 is back.
    assert_eq!(next, None);
}

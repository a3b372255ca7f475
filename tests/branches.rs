//! Branches: the past can be changed and nothing is lost; they are kept, named, compared and saved.
//! Running until something happens. Long runs stay bounded.

#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;
use zklab_core::client::session::Library;
use zklab_core::lab::branches::MOST_BRANCHES;
use zklab_core::lab::hunt::{Goal, Hunt};
use zklab_core::lab::link::{self, LinkError};
use zklab_core::lab::view::View;
use zklab_core::lab::{BranchError, Divergence, Lab, Scenario};
use zklab_core::sim::action::Action;
use zklab_core::sim::link::PacketType;
use zklab_core::types::{ClientId, ServerId, Time};

const SECOND_US: u64 = 1_000_000;

fn servers(ids: &[u8]) -> Rc<[ServerId]> {
    ids.iter().copied().map(ServerId).collect()
}

fn kill(id: u8) -> Action {
    Action::Kill(servers(&[id]))
}

fn act(lab: &mut Lab, action: Action) {
    lab.act(action).expect("the action can be");
}

fn run(lab: &mut Lab, seconds: u64) {
    let end = lab.world().now.plus_us(seconds * SECOND_US);
    while lab.world().now < end {
        lab.advance(end.0 - lab.world().now.0);
    }
}

/// Three servers with a client, five seconds old.
fn begun() -> Lab {
    let mut lab = Lab::new(&Scenario::default()).expect("the scenario can be");
    act(&mut lab, Action::Start(servers(&[1, 2, 3])));
    let connect = Action::Connect {
        name: "a".into(),
        servers: servers(&[1, 2, 3]),
        timeout_ms: 10_000,
        can_be_read_only: false,
        library: Library::Java,
    };
    act(&mut lab, connect);
    run(&mut lab, 5);
    lab
}

/// Branch 1 kills s3 at 5 s and creates `/one`; branch 2 kills s1 there instead and creates `/two`;
/// branch 3 leaves 2 and makes a client of its own. The current one is 3.
fn forked() -> Lab {
    let mut lab = begun();
    let at = lab.world().now;
    act(&mut lab, kill(3));
    run(&mut lab, 12);
    lab.command(ClientId(1), "create /one 1");
    run(&mut lab, 3);
    assert!(lab.undo().is_some() && lab.undo().is_some());
    assert_eq!(lab.world().now, at);
    act(&mut lab, kill(1));
    run(&mut lab, 12);
    lab.command(ClientId(1), "create /two 2");
    run(&mut lab, 3);
    lab.seek_time(at.plus_us(6 * SECOND_US));
    let connect = Action::Connect {
        name: "b".into(),
        servers: servers(&[2]),
        timeout_ms: 10_000,
        can_be_read_only: false,
        library: Library::Java,
    };
    act(&mut lab, connect);
    run(&mut lab, 2);
    lab.command(ClientId(2), "create /three 3");
    run(&mut lab, 2);
    lab
}

fn numbers(lab: &Lab) -> Vec<u32> {
    lab.branches().iter().map(|branch| branch.head.number).collect()
}

/// The hash and the view of each branch, by going there.
fn each(lab: &mut Lab) -> Vec<(u64, View)> {
    let all = numbers(lab);
    let mut seen = Vec::new();
    for number in all {
        lab.switch(number).expect("it is there");
        seen.push((lab.hash(), lab.view()));
    }
    seen
}

#[test]
fn acting_in_the_past_keeps_what_came_after() {
    let mut lab = begun();
    act(&mut lab, kill(3));
    run(&mut lab, 10);
    let (hash, end) = (lab.hash(), lab.view());
    assert_eq!(numbers(&lab), [1]);

    lab.seek_time(Time::from_ms(4000));
    let view = lab.view();
    act(&mut lab, kill(2));
    assert_eq!((numbers(&lab), lab.branch().number), (vec![1, 2], 2));
    let parting = lab.branch().parting.expect("it left another");
    assert_eq!((parting.from, parting.actions, parting.at), (1, 2, Time::from_ms(4000)));
    run(&mut lab, 3);
    let (other, there) = (lab.hash(), lab.view());
    assert_ne!(hash, other);

    lab.switch(1).expect("it was kept");
    assert_eq!(lab.view().index, view.index, "the cursor is where it was");
    assert_eq!(lab.hash(), hash);
    lab.live();
    assert_eq!(lab.view(), end);
    lab.switch(2).expect("it was kept");
    assert_eq!((lab.hash(), lab.view()), (other, there));
}

#[test]
fn acting_at_the_end_makes_no_branch() {
    let mut lab = begun();
    lab.live();
    act(&mut lab, kill(3));
    assert_eq!(numbers(&lab), [1]);
}

#[test]
fn a_branch_that_was_let_go_happens_again_as_it_did() {
    let mut lab = forked();
    let seen = [1, 2, 3].map(|number| {
        lab.switch(number).expect("it is there");
        lab.live();
        (lab.hash(), lab.view())
    });
    // Many others since: the timelines of the first ones are not kept any more.
    for _ in 0..6 {
        lab.seek_time(Time::from_ms(2000));
        act(&mut lab, kill(1));
        run(&mut lab, 1);
    }
    assert_eq!(lab.branches().len(), 9);
    for (number, (hash, view)) in [1, 2, 3].into_iter().zip(&seen) {
        lab.switch(number).expect("it is there");
        lab.live();
        assert_eq!(lab.hash(), *hash, "branch {number}");
        assert_eq!(lab.view().servers, view.servers, "branch {number}");
    }
}

#[test]
fn all_branches_are_saved_and_taken_up_again() {
    let mut lab = forked();
    lab.rename_branch(2, "  kill \"s1\"\n instead ").expect("it is there");
    lab.switch(2).expect("it is there");
    lab.seek_time(Time::from_ms(9000));
    let text = lab.save();
    let mut again = Lab::restore(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(again.save(), text);
    assert_eq!(again.view(), lab.view());
    assert_eq!(again.branch().name.as_deref(), Some("kill \"s1\"  instead"));
    let of = |lab: &Lab| {
        let all = lab.branches();
        all.into_iter().map(|b| (b.head, b.events, b.end, b.actions, b.first)).collect::<Vec<_>>()
    };
    assert_eq!(of(&again), of(&lab));
    assert_eq!(each(&mut again), each(&mut lab));
}

#[test]
fn a_run_without_branches_is_saved_as_before() {
    let lab = begun();
    let text = lab.save();
    assert!(!text.contains("branch") && !text.contains("current"), "{text}");
    let old = "zklab 2\nensemble 3\nseed 1\nat 0s start\nend 0 0s\ncursor 0 0s\n";
    assert!(Lab::restore(old).is_err(), "the end is before the first action");
    let now = "zklab 2\nensemble 3\nseed 1\nat 0s start\nend 1 0s 0\ncursor 1 0s\n";
    assert_eq!(Lab::restore(now).expect("it is as it was").save(), now);
    let old = now.replace("0s 0", "0s");
    assert_eq!(Lab::restore(&old).expect("it is as it was").save(), now);
}

#[test]
fn branches_that_cannot_be_are_refused_at_their_line() {
    let head = "zklab 2\nensemble 3\nat 0s start\nat 1s kill s1\n";
    for (text, line, told) in [
        ("branch 2\n", 5, "expected from"),
        ("branch 1 from 1 after 1\n", 5, "there is a branch 1 already"),
        ("branch 2 from 3 after 1\n", 5, "there is no branch 3 yet"),
        ("branch 2 from 1 after 3\n", 5, "branch 1 has only 2 steps"),
        ("branch 2 from 1 after x\n", 5, "how many steps"),
        ("current 2\n", 5, "there is no branch 2"),
        ("branch 2 from 1 after 2\ncurrent 2\ncurrent 1\n", 7, "already"),
        ("branch 2 from 1 after 2\nrun 5s\n", 6, "only have actions"),
        ("branch 2 from 1 after 2\nat 0.5s kill s2\n", 6, "passed"),
    ] {
        let error = Lab::restore(&format!("{head}{text}")).map(|_| ()).expect_err(text).to_string();
        assert!(error.starts_with(&format!("line {line}: ")) && error.contains(told), "{error}");
    }
}

#[test]
fn a_branch_that_does_not_run_any_more_is_told_when_it_is_gone_to() {
    let text = "zklab 2\nensemble 3\nbranch 1\nat 0s start\nend 1 0s\n\
                branch 2 from 1 after 1\nat 1s kill s1\nend 3 2s\ncurrent 1\n";
    let mut lab = Lab::restore(text).expect("the current one runs");
    let before = lab.save();
    assert_eq!(lab.switch(7), Err(BranchError::Unknown(7)));
    assert_eq!(lab.save(), before, "nothing has changed");
    assert_eq!(lab.divergence(), None, "the current one runs as it did");
    assert_eq!(lab.switch(2), Ok(()));
    assert_eq!(lab.divergence(), Some(Divergence { from: None, dropped: 0 }));
    let timeline = lab.timeline();
    assert_eq!((timeline.actions().len(), timeline.tip().now), (2, Time::from_ms(2000)));
    assert_eq!(lab.switch(1), Ok(()));
    assert_eq!(lab.divergence(), None);
}

#[test]
fn deleting_leaves_the_others_as_they_are() {
    let mut lab = forked();
    let seen = each(&mut lab);
    lab.switch(3).expect("it is there");
    lab.delete_branch(1).expect("there are others");
    assert_eq!(numbers(&lab), [2, 3]);
    let text = lab.save();
    let mut again = Lab::restore(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(each(&mut again), seen[1..]);
    // The current one goes: the one it left takes its place.
    lab.switch(3).expect("it is there");
    lab.delete_branch(3).expect("there is another");
    assert_eq!((numbers(&lab), lab.branch().number), (vec![2], 2));
    assert_eq!(lab.delete_branch(2), Err(BranchError::Only));
}

#[test]
fn orphans_of_the_first_branch_part_from_each_other() {
    let mut lab = forked();
    lab.switch(1).expect("it is there");
    lab.seek_time(Time::from_ms(3000));
    act(&mut lab, kill(2));
    let seen = each(&mut lab);
    lab.delete_branch(1).expect("there are others");
    let text = lab.save();
    let mut again = Lab::restore(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(each(&mut again), seen[1..]);
}

#[test]
fn there_are_never_too_many_branches() {
    let mut lab = begun();
    lab.rename_branch(1, "mine").expect("it is there");
    for _ in 0..MOST_BRANCHES + 5 {
        lab.seek(3);
        lab.fork();
        lab.step();
    }
    assert_eq!(lab.branches().len(), MOST_BRANCHES);
    assert_eq!(lab.branches()[0].head.name.as_deref(), Some("mine"), "a named one stays");
    assert!(Lab::restore(&lab.save()).is_ok());
}

#[test]
fn undo_goes_to_before_an_action_and_redo_to_after_it() {
    let mut lab = begun();
    act(&mut lab, kill(3));
    run(&mut lab, 2);
    act(&mut lab, Action::Start(servers(&[3])));
    let after = lab.view();
    assert!(matches!(lab.undo().as_deref(), Some(Action::Start(_))));
    assert_eq!(lab.view().now, after.now);
    assert!(!lab.view().servers[2].is_up);
    assert!(matches!(lab.undo().as_deref(), Some(Action::Kill(_))));
    assert!(lab.view().servers[2].is_up);
    assert!(matches!(lab.redo().as_deref(), Some(Action::Kill(_))));
    assert!(!lab.view().servers[2].is_up);
    assert!(matches!(lab.redo().as_deref(), Some(Action::Start(_))));
    assert_eq!(lab.view(), after);
    assert_eq!(lab.redo(), None);
    for _ in 0..4 {
        assert!(lab.undo().is_some());
    }
    assert_eq!((lab.undo(), lab.world().events), (None, 0));
    assert_eq!(numbers(&lab), [1], "looking back makes no branch");
}

#[test]
fn two_branches_are_compared() {
    let mut lab = forked();
    let found = lab.compare(1, 2).expect("both are there");
    assert!(found.at <= Time::from_ms(5000));
    let differing = found.first.map(|first| first.expect("both go on"));
    assert!(differing.iter().all(|first| first.event.index == found.shared));
    let told = differing.map(|first| format!("{:?}", first.event.what));
    assert!(told[0].contains("Kill([s3])"), "{told:?}");
    assert!(told[1].contains("Kill([s1])"), "{told:?}");
    let [one, other] = &found.sides;
    assert_eq!((one.leader, one.epoch), (Some(ServerId(2)), 2));
    assert_eq!((other.leader, other.epoch), (Some(ServerId(3)), 1));
    assert!(0 < one.only_count && 0 < other.only_count);
    assert_eq!(one.only.last(), Some(&one.committed));
    let s2 = found.trees.iter().find(|pair| pair.server == ServerId(2)).expect("it is there");
    let differs: Vec<&str> = s2.differing.iter().map(|pair| &*pair.path).collect();
    assert!(differs.contains(&"/one") && differs.contains(&"/two"), "{differs:?}");
    let pair = s2.differing.iter().find(|pair| &*pair.path == "/one").expect("it is there");
    assert!(pair.nodes[0].is_some() && pair.nodes[1].is_none());
    assert_eq!(found.trees[0].is_down, [false, true], "s1 is down on branch 2");

    let same = lab.compare(2, 2).expect("it is there");
    assert_eq!(same.first, [None, None]);
    assert_eq!(same.sides[0].only_count, 0);
    assert!(same.trees.iter().all(|pair| pair.differing.is_empty()));

    // A branch that is another's beginning.
    lab.switch(1).expect("it is there");
    lab.seek_time(Time::from_ms(7000));
    let part = lab.fork();
    let found = lab.compare(part, 1).expect("both are there");
    assert_eq!(found.shared, lab.timeline().len());
    assert!(found.first[0].is_none() && found.first[1].is_some());
}

#[test]
fn time_passes_until_something_happens() {
    let far = Time::from_ms(600_000);
    let mut lab = begun();
    let end = lab.timeline().len();
    lab.seek(0);
    let hunt = |lab: &mut Lab, goal| loop {
        match lab.hunt(goal, far, 100) {
            Hunt::Going => {}
            found => return found,
        }
    };
    // What has been recorded is found there.
    assert_eq!(hunt(&mut lab, Goal::Elected), Hunt::Found);
    assert!(lab.view().leader.is_some() && lab.world().events < end);
    assert_eq!(hunt(&mut lab, Goal::Synchronized), Hunt::Found);
    assert!(lab.view().servers.iter().all(|server| server.is_serving));
    assert_eq!(lab.timeline().len(), end);
    // And what has not, happens.
    act(&mut lab, kill(3));
    assert_eq!(hunt(&mut lab, Goal::Phase), Hunt::Found);
    assert_eq!(hunt(&mut lab, Goal::Decision("AdoptedBetterVote")), Hunt::Found);
    assert_eq!(hunt(&mut lab, Goal::Elected), Hunt::Found);
    assert_eq!(lab.view().leader, Some(ServerId(2)));
    assert_eq!(hunt(&mut lab, Goal::Packet(PacketType::Ping)), Hunt::Found);
    lab.live();
    act(&mut lab, Action::Vanish(ClientId(1)));
    assert_eq!(hunt(&mut lab, Goal::Expired), Hunt::Found);
    let limit = lab.world().now.plus_us(20 * SECOND_US);
    let found = loop {
        match lab.hunt(Goal::Violation, limit, 100) {
            Hunt::Going => {}
            found => break found,
        }
    };
    assert_eq!(found, Hunt::TooLong);
    assert_eq!(lab.world().now, limit);
}

#[test]
fn nothing_that_happens_ends_a_search() {
    let mut lab = Lab::new(&Scenario::default()).expect("the scenario can be");
    assert_eq!(lab.hunt(Goal::Elected, Time::from_ms(1000), 100), Hunt::Over);
}

#[test]
fn a_long_run_forgets_details_but_no_moment() {
    let mut whole = forked();
    run(&mut whole, 120);
    let mut lab = Lab::restore(&whole.save()).expect("it was saved");
    lab.limit_history(300);
    let end = lab.timeline().len();
    let forgotten = lab.forgotten();
    assert!(400 < forgotten && end - forgotten <= 300 + 256, "{forgotten} of {end}");
    assert_eq!(lab.hash(), whole.hash(), "the digest is that of the whole");
    assert_eq!(lab.timeline().actions(), whole.timeline().actions());
    for index in [0, 1, 300, 301, forgotten - 1, forgotten, forgotten + 1, end - 1, end] {
        lab.seek(index);
        whole.seek(index);
        assert_eq!(lab.view(), whole.view(), "at {index}");
        lab.back();
        whole.back();
        assert_eq!(lab.view(), whole.view(), "before {index}");
    }
    for ms in [0, 1, 2500, 5000, 5001, 9999, 11_000] {
        lab.seek_time(Time::from_ms(ms));
        whole.seek_time(Time::from_ms(ms));
        assert_eq!(lab.view(), whole.view(), "at {ms} ms");
        lab.advance(30_000);
        whole.advance(30_000);
        assert_eq!(lab.view(), whole.view(), "a little after {ms} ms");
    }
    // Acting where the details are forgotten: they are had again.
    for lab in [&mut lab, &mut whole] {
        lab.seek_time(Time::from_ms(7000));
        act(lab, Action::Start(servers(&[1])));
        run(lab, 2);
    }
    assert_eq!(lab.hash(), whole.hash());
    assert_eq!(lab.view(), whole.view());
}

/// Fifty actions of a lively lesson.
fn fifty() -> Lab {
    let mut lab = begun();
    for n in 0..8_u8 {
        lab.command(ClientId(1), &format!("create /item-{n} value{n}"));
        lab.advance(731_313 + u64::from(n) * 13);
        lab.command(ClientId(1), &format!("get -w /item-{n}"));
        lab.advance(1_200_457);
        act(&mut lab, kill(n % 3 + 1));
        lab.advance(7_512_001);
        lab.command(ClientId(1), &format!("set /item-{n} other"));
        lab.advance(3_000_019);
        act(&mut lab, Action::Start(servers(&[n % 3 + 1])));
        lab.advance(9_000_123);
        act(&mut lab, Action::Partition(Rc::from([servers(&[3]), servers(&[1, 2])])));
        lab.advance(5_123_789);
    }
    assert_eq!(lab.timeline().actions().len(), 50);
    lab
}

#[test]
fn a_link_of_fifty_actions_is_short_and_opens_the_same_frame() {
    let mut lab = fifty();
    lab.seek_time(Time::from_ms(60_000));
    let link = link::write(&lab);
    assert!(link.len() < 2000, "{} characters", link.len());
    let again = Lab::open(&link::read(&link).expect("it is a link")).expect("it holds a run");
    assert_eq!(again.hash(), lab.hash());
    assert_eq!(again.view(), lab.view());
    assert_eq!(link::write(&again), link);
}

#[test]
fn a_damaged_link_says_what_is_wrong() {
    let link = link::write(&begun());
    assert_eq!(link::read("v2.abc"), Err(LinkError::Version));
    assert_eq!(link::read("v1."), Err(LinkError::Damaged));
    assert_eq!(link::read(&link.replacen('.', ".*", 1)), Err(LinkError::Character { at: 4 }));
    for cut in 3..link.len() {
        assert!(link::read(&link[..cut]).is_err(), "cut at {cut}");
    }
    for at in 3..link.len() {
        let mut letters: Vec<u8> = link.bytes().collect();
        letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(letters).expect("it is ASCII");
        assert!(link::read(&other).is_err(), "changed at {at}");
    }
}

/// What was given out must open for ever.
#[test]
fn an_old_link_opens() {
    let link = include_str!("golden/link-1.txt");
    let lab = Lab::open(&link::read(link.trim()).expect("it is a link")).expect("it holds a run");
    assert_eq!(lab.timeline().actions().len(), 50);
    assert_eq!(lab.world().now, Time::from_ms(60_000));
    assert_eq!(lab.divergence(), None);
}

#[test]
fn a_script_is_opened_and_one_with_a_mistake_is_refused_at_its_place() {
    let text = "title \"Three\"\nensemble 3\nstart\nuntil leader\nclient c1\nc1> create /x 1\n";
    let lab = Lab::open(text).expect("it can be");
    assert_eq!(lab.title(), Some("Three"));
    assert!(lab.view().leader.is_some());
    assert_eq!(Lab::open(&lab.save()).expect("it was saved").save(), lab.save());
    let error = Lab::open("ensemble 3\nstart\nkill s9\n").map(|_| ()).expect_err("there is no s9");
    assert!(error.to_string().starts_with("line 3: column 6: "), "{error}");
}

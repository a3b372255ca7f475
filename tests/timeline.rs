//! Moving about in a run: back and forth is the same, the past can be changed, a saved run is the
//! run.

#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::{any, proptest};
use proptest::sample::Index;
use proptest::test_runner::Config;
use std::rc::Rc;
use zklab_core::client::session::Library;
use zklab_core::lab::history::Window;
use zklab_core::lab::view::{ConsoleLine, FeedRow, PacketKind, View, ZnodeView};
use zklab_core::lab::{Lab, RestoreError, Scenario};
use zklab_core::mistake::{Mistake, Mistakes};
use zklab_core::sim::action::Action;
use zklab_core::sim::trace::Event;
use zklab_core::types::{ClientId, ServerId, Time};

const SECOND_US: u64 = 1_000_000;

fn servers(ids: &[u8]) -> Rc<[ServerId]> {
    ids.iter().copied().map(ServerId).collect()
}

fn act(lab: &mut Lab, action: Action) {
    lab.act(action).expect("the action can be");
}

/// Lets that much time pass, to its end.
fn run(lab: &mut Lab, us: u64) {
    let end = lab.world().now.plus_us(us);
    while lab.world().now < end {
        lab.advance(end.0 - lab.world().now.0);
    }
}

fn connect(lab: &mut Lab, name: &str, ids: &[u8]) -> ClientId {
    let connect = Action::Connect {
        name: name.into(),
        servers: servers(ids),
        timeout_ms: 6000,
        can_be_read_only: false,
        library: Library::Java,
    };
    act(lab, connect);
    run(lab, SECOND_US);
    lab.world().client_named(name).expect("it was made")
}

/// Some time in the life of an ensemble: an election, writes, a crash, a partition, healing.
fn lived() -> Lab {
    let scenario = Scenario {
        participants: 3,
        observers: 1,
        servers: Vec::new(),
        seed: 7,
        config: vec![("tickTime".to_owned(), "200".to_owned())],
        ..Scenario::default()
    };
    let mut lab = Lab::new(&scenario).expect("the scenario can be");
    act(&mut lab, Action::Start(servers(&[1, 2, 3, 4])));
    run(&mut lab, 5 * SECOND_US);
    let client = connect(&mut lab, "c1", &[1, 2, 3]);
    for line in
        ["create /a one", "get -w /a", "nonsense", "set /a two", "create -e /e x", "history"]
    {
        lab.command(client, line);
        run(&mut lab, SECOND_US / 4);
    }
    act(&mut lab, Action::Kill(servers(&[3])));
    run(&mut lab, 4 * SECOND_US);
    lab.command(client, "create -s /a/n- y");
    act(&mut lab, Action::Start(servers(&[3])));
    run(&mut lab, 3 * SECOND_US);
    act(&mut lab, Action::Partition(Rc::from([servers(&[1]), servers(&[2, 3, 4])])));
    lab.command(client, "ls -w /");
    run(&mut lab, 4 * SECOND_US);
    act(&mut lab, Action::Heal);
    act(&mut lab, Action::Vanish(client));
    let other = connect(&mut lab, "c2", &[4, 2]);
    for n in 0..25 {
        lab.command(other, &format!("create /n{n} {n}"));
        run(&mut lab, SECOND_US / 5);
    }
    run(&mut lab, 4 * SECOND_US);
    let events = lab.timeline().len();
    assert!(1700 < events, "{events} events are too few to move about in");
    lab
}

/// Everything that is shown of a moment.
#[derive(PartialEq, Debug)]
struct Shown {
    view: View,
    feed: Vec<FeedRow>,
    console: Vec<ConsoleLine>,
    prompt: String,
    znodes: Vec<Vec<ZnodeView>>,
    hash: u64,
}

fn shown(lab: &Lab) -> Shown {
    let client = ClientId(0);
    let client = lab.world().clients.keys().next().copied().unwrap_or(client);
    Shown {
        view: lab.view(),
        feed: lab.feed(200),
        console: lab.console(client),
        prompt: lab.prompt(client),
        znodes: (1..=4).map(|id| lab.znodes(ServerId(id))).collect(),
        hash: lab.hash(),
    }
}

/// Shorter messages than the debug output of two worlds.
fn assert_same(one: &Shown, other: &Shown, what: &str) {
    assert_eq!(one.view.index, other.view.index, "{what}: the cursor");
    assert_eq!(one.view, other.view, "{what}: the view");
    assert_eq!(one.feed, other.feed, "{what}: the feed");
    assert_eq!(one.console, other.console, "{what}: the console");
    assert!(one == other, "{what}: prompt, znodes or hash");
}

fn line(event: Event) -> String {
    format!("{} {} {event}", event.at, event.cause)
}

/// The trace of the first `end` events, as text.
fn trace(lab: &Lab, end: u32) -> Vec<String> {
    let trace = lab.timeline().trace();
    let mut text: Vec<String> = trace.events.iter().take(end as usize).map(line).collect();
    let notes = trace.notes.iter().take_while(|note| note.event < end);
    text.extend(notes.map(|note| format!("{} {note}", note.event)));
    text
}

fn assert_same_trace(one: &Lab, other: &Lab, end: u32) {
    let (one, other) = (trace(one, end), trace(other, end));
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
    assert_eq!(one.len(), other.len());
}

/// Found by going back in a run of a million events: an action took place between two events of its
/// own moment, and replay put it after them.
#[test]
fn an_action_comes_after_what_is_due_at_its_moment() {
    let mut lab = Lab::new(&Scenario::default()).expect("the scenario can be");
    act(&mut lab, Action::Start(servers(&[1, 2, 3])));
    run(&mut lab, 2 * SECOND_US);
    let client = connect(&mut lab, "c1", &[1]);
    act(&mut lab, Action::Pause(servers(&[1])));
    for n in 0..3 {
        lab.command(client, &format!("create /n{n} {n}"));
    }
    run(&mut lab, SECOND_US);
    // What waited for the process happens to it at one moment, an event each.
    act(&mut lab, Action::Resume(servers(&[1])));
    lab.step();
    let (before, at) = (lab.world().events, lab.world().now);
    act(&mut lab, Action::Kill(servers(&[3])));
    let actions = lab.timeline().actions();
    let killed = actions.last().expect("there are actions");
    assert!(before + 1 < killed.index && killed.at == at, "others were due then: {killed:?}");
    run(&mut lab, SECOND_US);
    let (end, now, view) = (lab.timeline().len(), lab.world().now, lab.view());
    for index in (0..end).step_by(7) {
        lab.seek(index);
        assert_eq!(lab.world().events, index);
    }
    lab.seek(0);
    run(&mut lab, now.0);
    assert_eq!(lab.view(), view);
}

#[test]
fn back_and_forward_again_is_where_we_were() {
    let mut lab = lived();
    let end = lab.timeline().len();
    for start in [end, end - 1, end / 2, 1600, 1251, 1250, 1249, 700] {
        lab.seek(start);
        let before = shown(&lab);
        for steps in [1, 20, 137] {
            (0..steps).for_each(|_| lab.back());
            assert_eq!(lab.view().index, start - steps);
            (0..steps).for_each(|_| lab.step());
            assert_same(&before, &shown(&lab), &format!("{steps} from {start}"));
        }
    }
}

/// A seek replays less than the events between two keyframes: few in a short run; in a long one there
/// are not more keyframes for that.
#[test]
fn keyframes_are_close_while_there_are_few() {
    let config = vec![("tickTime".to_owned(), "20".to_owned())];
    let scenario = Scenario { participants: 5, config, ..Scenario::default() };
    let mut lab = Lab::new(&scenario).expect("the scenario can be");
    act(&mut lab, Action::Start(servers(&[1, 2, 3, 4, 5])));
    for (events, gap) in [(10_000, 2500), (499_000, 2500), (510_000, 5000)] {
        while lab.timeline().len() < events {
            lab.advance(SECOND_US / 100);
        }
        let (count, longest) = (lab.timeline().keyframes(), lab.timeline().longest_replay());
        assert!(longest < gap, "{longest} are replayed of {events}");
        assert!(count <= 1 + 500_000 / 2500, "{count} keyframes of {events}");
        let (end, view) = (lab.world().now, lab.view());
        lab.seek(events / 3);
        assert_eq!(lab.world().events, events / 3);
        lab.seek_time(end);
        assert_eq!(lab.view(), view);
    }
}

/// What lanes show is read as time goes on: no differently from what is read at once.
#[test]
fn a_window_that_moves_has_what_a_fresh_one_has() {
    let lab = lived();
    let end = lab.world().now.0;
    let shows = |kind| kind != PacketKind::Ping;
    for (most, is_all) in [(10_000, true), (60, false)] {
        let mut window = Window::default();
        let mut strides = Vec::new();
        let at = |part: u64| Time(end * part / 200);
        for part in 0..200 {
            let during = at(part.max(30) - 30)..at(part + 1);
            lab.move_window(&mut window, during.clone(), shows, most);
            let (fresh, stride) = lab.packets(during.clone(), shows, most);
            assert!(window.packets().len() <= most);
            assert!(window.packets().iter().all(|event| during.contains(&event.at)));
            assert!(window.stride().is_power_of_two());
            if window.stride() == stride {
                assert_eq!(window.packets(), fresh, "part {part}");
            }
            assert!(!is_all || stride == 1);
            assert!(window.stride() == stride || !is_all, "part {part}");
            assert!(stride <= window.stride(), "part {part}");
            strides.push(window.stride());
        }
        // Of a busy time only some are looked at; in a quiet one all again.
        assert!(is_all || (strides.contains(&4) && strides.last() == Some(&1)), "{strides:?}");
        // Elsewhere it begins anew.
        let during = at(10)..at(12);
        lab.move_window(&mut window, during.clone(), shows, most);
        assert_eq!(window.packets(), lab.packets(during, shows, most).0);
    }
}

#[test]
fn decisions_back_and_forward_are_the_same_decisions() {
    let mut lab = lived();
    lab.seek(1200);
    let mut on = Vec::new();
    for _ in 0..12 {
        lab.step_decision();
        on.push(lab.view());
    }
    assert!(on.windows(2).all(|pair| pair[0].index < pair[1].index), "each is later");
    for view in on.iter().rev().skip(1) {
        lab.back_decision();
        assert_eq!(*view, lab.view());
    }
}

#[test]
fn seeking_equals_replaying_from_the_start() {
    let mut lab = lived();
    let end = lab.timeline().len();
    let mut indexes = vec![0, 1, 2, 1499, 1500, 1501, end - 1, end];
    // Some order in which neighbours come close and far apart.
    indexes.extend((0..60).map(|n: u32| n.wrapping_mul(2_654_435_761) % (end + 1)));
    let mut sorted = indexes.clone();
    sorted.sort_unstable();
    let mut replayed = std::collections::BTreeMap::new();
    let mut walker = lab.clone();
    walker.seek(0);
    for index in sorted {
        while walker.view().index < index {
            walker.step();
        }
        replayed.entry(index).or_insert_with(|| shown(&walker));
    }
    for index in indexes {
        lab.seek(index);
        assert_same(&replayed[&index], &shown(&lab), &format!("event {index}"));
    }
}

#[test]
fn seeking_a_moment_shows_that_moment() {
    let mut lab = lived();
    let end = lab.timeline().tip().now;
    for n in 0..40 {
        let time = Time(end.0 / 40 * (n * 7 % 40));
        lab.seek_time(time);
        assert_eq!(lab.world().now, time);
        let index = lab.view().index as usize;
        let events = &lab.timeline().trace().events;
        assert!(index == 0 || events.get(index - 1).is_some_and(|event| event.at <= time));
        assert!(events.get(index).is_none_or(|event| time < event.at));
    }
    lab.seek_time(Time(u64::MAX));
    assert_eq!(lab.world().now, end);
}

#[test]
fn looking_around_does_not_change_what_comes() {
    let mut plain = lived();
    let mut restless = lived();
    for n in 1..30 {
        restless.seek(n * 97 % restless.timeline().len());
        restless.advance(SECOND_US / 10);
        restless.step_decision();
        restless.back();
    }
    // Where a decision was looked for, the run may have grown.
    let end = plain.timeline().tip().now;
    for lab in [&mut plain, &mut restless] {
        lab.seek_time(end);
        act(lab, Action::Kill(servers(&[2])));
        run(lab, 5 * SECOND_US);
    }
    let end = plain.timeline().len();
    assert_eq!(restless.timeline().len(), end);
    assert_same_trace(&plain, &restless, end);
}

#[test]
fn playing_in_the_past_shows_what_happened_then() {
    let mut lab = lived();
    let (hash, end) = (lab.hash(), lab.timeline().len());
    lab.seek(900);
    for _ in 0..10 {
        let before = lab.view();
        lab.advance(SECOND_US / 5);
        let now = lab.view();
        assert_eq!(now.now, before.now.plus_us(SECOND_US / 5));
        let mut other = lab.clone();
        other.seek_time(now.now);
        assert_eq!(other.view(), now);
    }
    assert_eq!((lab.hash(), lab.timeline().len()), (hash, end), "the run is as it was");
}

/// Many clients, each of which asks for something every second.
fn busy(clients: u32) -> String {
    let mut text = "zklab 2\nensemble 9\nseed 1\nat 0s start\n".to_owned();
    for n in 1..=clients {
        text += &format!("at 1s client c{n} timeout 30s\n");
    }
    for n in 1..=clients {
        text += &format!("at 5.{n:03}s c{n}>> create /c{n} x\n");
    }
    text
}

#[test]
fn playing_again_in_small_pieces_goes_as_it_went() {
    let cut = "at 6s partition s1 s2 | s3 s4 s5 s6 s7 s8 s9\nat 19s heal\nat 22s kill s9\n";
    for text in [busy(50), busy(9) + cut] {
        let mut lab = Lab::restore(&(text + "cursor 0 0s\n")).expect("it can be");
        let end = lab.timeline().len();
        while lab.world().events < end {
            lab.advance(1_600);
        }
        let again = lab.timeline().world_at(end);
        assert_eq!(lab.world().now.0 / 10_000, again.now.0 / 10_000, "the same moment");
    }
}

#[test]
fn acting_in_the_past_forks() {
    let lab = lived();
    let (hash, end) = (lab.hash(), lab.timeline().len());
    let mut indexes = vec![1, 40, 1499, 1500, 1501, end / 2, end - 1];
    // Where something was done it must be forgotten, just before it must not.
    let done = lab.timeline().actions().iter().map(|placed| placed.index);
    indexes.extend(done.step_by(9).flat_map(|index| [index, index + 1]));
    for index in indexes {
        let mut fork = lab.clone();
        fork.seek(index);
        let then = fork.view();
        act(&mut fork, Action::Kill(servers(&[1, 2])));
        assert_eq!(fork.timeline().len(), index + 1, "what came after is gone");
        assert_same_trace(&fork, &lab, index);
        assert_eq!(fork.view().now, then.now);
        let is_later = |row: &FeedRow| index < row.index;
        assert!(!fork.feed(10_000).iter().any(is_later), "the feed forgets, too");
        assert!(fork.marks().iter().all(|mark| mark.index <= index), "and the marks");
        run(&mut fork, 2 * SECOND_US);
        assert_ne!(fork.hash(), hash);
        // The same fork again is the same run.
        let mut again = lab.clone();
        again.seek(index);
        act(&mut again, Action::Kill(servers(&[1, 2])));
        run(&mut again, 2 * SECOND_US);
        assert_same(&shown(&fork), &shown(&again), &format!("forks at {index}"));
        // Replayed, and run anew from what is kept of it.
        let restored = Lab::restore(&fork.save()).expect("a fork can be saved");
        assert_eq!(restored.hash(), fork.hash());
        let middle = index + (fork.timeline().len() - index) / 2;
        for lab in [&mut fork, &mut again] {
            lab.seek(middle);
        }
        again.step();
        again.back();
        assert_same(&shown(&fork), &shown(&again), &format!("fork at {index}, seen at {middle}"));
    }
    assert_eq!((lab.hash(), lab.timeline().len()), (hash, end), "the original is as it was");
}

#[test]
fn a_refused_action_does_not_fork() {
    let mut lab = lived();
    lab.seek(800);
    let before = shown(&lab);
    let refused = [
        Action::Start(servers(&[9])),
        Action::Kill(servers(&[1, 0])),
        Action::Partition(Rc::from([servers(&[1, 2]), servers(&[2])])),
        Action::Vanish(ClientId(77)),
        Action::CloseSession(ClientId(77)),
        Action::MoveClient { client: ClientId(77), servers: servers(&[1]) },
    ];
    for action in refused {
        assert!(lab.act(action.clone()).is_err(), "{action:?}");
        assert_same(&before, &shown(&lab), &format!("{action:?}"));
    }
}

#[test]
fn a_saved_run_is_the_run() {
    let mut lab = lived();
    let end = lab.timeline().len();
    for index in [0, 700, 1500, end - 1, end] {
        lab.seek(index);
        // What was no request is not kept, so consoles are compared without it.
        let text = lab.save();
        let restored = Lab::restore(&text).expect("what was saved can be restored");
        assert_eq!(restored.view(), lab.view(), "cursor {index}");
        assert_eq!(restored.hash(), lab.hash());
        assert_eq!(restored.timeline().len(), end);
        assert_eq!(restored.timeline().actions(), lab.timeline().actions());
        assert_eq!(restored.feed(500), lab.feed(500));
        assert_eq!(restored.marks(), lab.marks());
        assert_eq!(restored.scenario(), lab.scenario());
        assert_eq!(restored.save(), text, "saving again gives the same text");
    }
}

#[test]
fn a_run_goes_on_after_restoring_as_it_would_have() {
    let mut lab = lived();
    let mut restored = Lab::restore(&lab.save()).expect("what was saved can be restored");
    for lab in [&mut lab, &mut restored] {
        lab.live();
        act(lab, Action::Kill(servers(&[2])));
        run(lab, 6 * SECOND_US);
    }
    assert_eq!(lab.view(), restored.view());
    assert_eq!(lab.hash(), restored.hash());
}

/// A short saved run, for damaging.
fn saved() -> String {
    let mut lab = Lab::new(&Scenario::default()).expect("the scenario can be");
    act(&mut lab, Action::Start(servers(&[1, 2, 3])));
    run(&mut lab, SECOND_US);
    let client = connect(&mut lab, "c", &[1, 2]);
    lab.command(client, "create /a x");
    run(&mut lab, SECOND_US);
    act(&mut lab, Action::Partition(Rc::from([servers(&[1]), servers(&[2, 3])])));
    run(&mut lab, SECOND_US);
    lab.save()
}

/// Where an error points.
fn place(error: &RestoreError) -> Option<usize> {
    match error {
        RestoreError::Header | RestoreError::Older => Some(1),
        RestoreError::Line { line, .. } => Some(*line),
        RestoreError::Scenario(_) => None,
    }
}

#[test]
fn a_damaged_save_is_refused_at_its_line() {
    let text = saved();
    let lines: Vec<&str> = text.lines().collect();
    assert!(6 < lines.len(), "{text}");
    let damages: [fn(&str) -> String; 6] = [
        |line| format!("x{line}"),
        |line| line.replace([' ', '1'], ","),
        |line| line.chars().rev().collect(),
        |line| line.replacen(char::is_numeric, "99999999999999999999", 1),
        |line| line.split(' ').next().unwrap_or_default().to_owned() + " -1 -1",
        |_| "\u{0}\u{ffff}".to_owned(),
    ];
    for (n, line) in lines.iter().enumerate() {
        for damage in damages {
            let damaged = damage(line);
            let mut lines: Vec<&str> = lines.clone();
            lines[n] = &damaged;
            let error = Lab::restore(&lines.join("\n"));
            let error = error.map(|_| ()).expect_err(&format!("{line:?} became {damaged:?}"));
            let place = place(&error).unwrap_or_else(|| panic!("{damaged:?}: {error} has no line"));
            // What does not fit may show only later, never earlier.
            assert!(n < place && place <= lines.len(), "{damaged:?} in line {}: {error}", n + 1);
            assert!(error.to_string().contains(&format!("line {place}")), "{error}");
        }
    }
}

#[test]
fn an_empty_or_foreign_text_is_refused() {
    for text in ["", "\n", "zklab", "zklab 3\n", "ensemble 3\nseed 1", "PK\u{3}\u{4}"] {
        assert_eq!(Lab::restore(text).map(|_| ()), Err(RestoreError::Header), "{text:?}");
    }
    let older = "zklab 1\nensemble 3 0 seed 1\n0 0 start 1 2 3\n";
    assert_eq!(Lab::restore(older).map(|_| ()), Err(RestoreError::Older));
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn whatever_happens_to_a_save_nothing_panics(
        damages in proptest::collection::vec((any::<Index>(), 0usize..6, ".{0,4}"), 1..4),
    ) {
        let mut text: Vec<char> = saved().chars().collect();
        for (at, length, with) in damages {
            let from = at.index(text.len() + 1);
            let to = (from + length).min(text.len());
            text.splice(from..to, with.chars());
        }
        let text: String = text.into_iter().collect();
        // A count of servers or of events that grew is no damage, only a long wait.
        let is_long = text.split(|c: char| !c.is_ascii_digit()).any(|number| 7 < number.len());
        if !is_long && let Err(error) = Lab::restore(&text) {
            assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn a_saved_run_keeps_its_mistakes() {
    let mistakes = Mistakes::NONE.with(Mistake::HalfQuorum).with(Mistake::SkipSync);
    let lab = Lab::new(&Scenario { mistakes, ..Scenario::default() }).expect("it can be");
    let text = lab.save();
    assert!(text.contains("mistake half-quorum\nmistake skip-sync\n"), "{text}");
    let again = Lab::restore(&text).expect("it was saved");
    assert_eq!(again.scenario(), lab.scenario());
    let unknown = Lab::restore(&text.replace("skip-sync", "sync")).map(|_| ());
    let error = unknown.expect_err("there is no such mistake").to_string();
    assert!(error.starts_with("line 5: column 9: there is no mistake \"sync\""), "{error}");
}

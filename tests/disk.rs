//! What goes wrong with disks: what a server finds, what it decides, and what becomes of what was
//! committed.

#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;
use zklab_core::client::session::Library;
use zklab_core::lab::view::{DiskView, Down, FeedItem, ServerView};
use zklab_core::lab::{ActionError, Lab, Scenario};
use zklab_core::sim::action::Action;
use zklab_core::sim::check::Violation;
use zklab_core::sim::fault::{DiskAction, DiskFault, EpochFile};
use zklab_core::types::{ClientId, Phase, ServerId, ServerState, Zxid};
use zklab_core::why::{DiskError, DiskFile, DiskWhy, Why};

const SECOND_US: u64 = 1_000_000;

fn ids(ids: &[u8]) -> Rc<[ServerId]> {
    ids.iter().copied().map(ServerId).collect()
}

/// An ensemble of `participants`, whose ticks are short, with these settings.
fn ensemble(participants: u8, config: &[(&str, &str)]) -> Lab {
    let tick = [("tickTime", "200")];
    let config = tick.iter().chain(config).map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    let config = config.collect();
    let scenario = Scenario { participants, seed: 3, config, ..Scenario::default() };
    Lab::new(&scenario).expect("the scenario can be")
}

/// The same, started, with a leader and a client.
fn serving(participants: u8, config: &[(&str, &str)]) -> (Lab, ClientId) {
    let mut lab = ensemble(participants, config);
    let all: Vec<u8> = (1..=participants).collect();
    act(&mut lab, Action::Start(ids(&all)));
    run(&mut lab, 4 * SECOND_US);
    let client = connect(&mut lab, &all);
    (lab, client)
}

fn act(lab: &mut Lab, action: Action) {
    lab.act(action).expect("the action can be");
}

fn fault(lab: &mut Lab, servers: &[u8], fault: DiskFault) {
    act(lab, Action::Disk(DiskAction { servers: ids(servers), fault }));
}

fn kill(lab: &mut Lab, servers: &[u8]) {
    act(lab, Action::Kill(ids(servers)));
}

fn start(lab: &mut Lab, servers: &[u8]) {
    act(lab, Action::Start(ids(servers)));
    run(lab, 4 * SECOND_US);
}

fn run(lab: &mut Lab, us: u64) {
    let end = lab.world().now.plus_us(us);
    while lab.world().now < end {
        lab.advance(end.0 - lab.world().now.0);
    }
}

fn connect(lab: &mut Lab, servers: &[u8]) -> ClientId {
    let connect = Action::Connect {
        name: "c".into(),
        servers: ids(servers),
        timeout_ms: 4000,
        can_be_read_only: false,
        library: Library::Java,
    };
    act(lab, connect);
    run(lab, SECOND_US);
    lab.world().client_named("c").expect("it was made")
}

/// Creates that many znodes, one after the other.
fn write(lab: &mut Lab, client: ClientId, prefix: &str, count: usize) {
    for n in 0..count {
        lab.command(client, &format!("create /{prefix}{n} x"));
        run(lab, SECOND_US / 20);
    }
}

fn view(lab: &Lab, id: u8) -> Rc<ServerView> {
    let servers = lab.view().servers;
    servers.into_iter().find(|server| server.id == ServerId(id)).expect("there is such a server")
}

fn disk(lab: &Lab, id: u8) -> DiskView {
    view(lab, id).disk.clone()
}

fn leader(lab: &Lab) -> u8 {
    lab.view().leader.expect("somebody leads").0
}

fn follower(lab: &Lab) -> u8 {
    let leader = leader(lab);
    (1..).find(|id| *id != leader).expect("there are others")
}

/// Everything decided about disks.
fn told(lab: &Lab) -> Vec<(u8, DiskWhy)> {
    let rows = lab.feed(usize::MAX).into_iter();
    rows.filter_map(|row| match (row.actor, row.what) {
        (Some(zklab_core::types::Actor::Server(id)), FeedItem::Decision(Why::Disk(why))) => {
            Some((id.0, why))
        }
        _ => None,
    })
    .collect()
}

fn has_told(lab: &Lab, id: u8, is_it: impl Fn(&DiskWhy) -> bool) -> bool {
    told(lab).iter().any(|(who, why)| *who == id && is_it(why))
}

fn violations(lab: &Lab) -> Vec<Violation> {
    lab.view().invariants.iter().filter_map(|one| one.violation.clone()).collect()
}

fn assert_clean(lab: &Lab) {
    assert_eq!(violations(lab), []);
}

fn assert_all_serve(lab: &Lab) {
    for server in lab.view().servers {
        assert!(server.is_serving, "{}: {:#?}", server.id, server.down);
    }
    assert_clean(lab);
}

fn has_znode(lab: &Lab, id: u8, path: &str) -> bool {
    lab.znodes(ServerId(id)).iter().any(|znode| &*znode.path == path)
}

#[test]
fn a_slow_disk_is_told_and_holds_nobody_up_but_itself() {
    let (mut lab, client) = serving(3, &[("fsync.warningthresholdms", "100")]);
    let slow = follower(&lab);
    fault(&mut lab, &[slow], DiskFault::Slow { factor: 1, added_us: 150_000 });
    write(&mut lab, client, "n", 5);
    let fast = leader(&lab);
    assert!(has_znode(&lab, fast, "/n4"), "a quorum of the others has it");
    run(&mut lab, 2 * SECOND_US);
    let is_slow = |why: &DiskWhy| matches!(why, DiskWhy::SlowFsync { took_ms, threshold_ms: 100, .. } if 150 <= *took_ms);
    assert!(has_told(&lab, slow, is_slow), "{:#?}", told(&lab));
    let view = disk(&lab, slow);
    assert_eq!(view.slow_added_us, 150_000);
    assert!(view.last_fsync_us.is_some_and(|us| 150_000 < us));
    fault(&mut lab, &[slow], DiskFault::Mended);
    write(&mut lab, client, "m", 3);
    assert!(disk(&lab, slow).last_fsync_us.is_some_and(|us| us < 10_000));
    assert_all_serve(&lab);
}

#[test]
fn a_follower_whose_log_fails_leaves_its_role_and_comes_back_when_mended() {
    let (mut lab, client) = serving(3, &[]);
    let broken = follower(&lab);
    fault(&mut lab, &[broken], DiskFault::Failing);
    write(&mut lab, client, "n", 4);
    let is_it = |why: &DiskWhy| {
        matches!(why, DiskWhy::WriteFailed { file: DiskFile::Log, error: DiskError::Io, .. })
    };
    assert!(has_told(&lab, broken, is_it), "{:#?}", told(&lab));
    assert!(view(&lab, broken).is_up, "the process does not end for it");
    assert_eq!(disk(&lab, broken).error, Some(DiskError::Io));
    fault(&mut lab, &[broken], DiskFault::Mended);
    run(&mut lab, 5 * SECOND_US);
    assert!(has_znode(&lab, broken, "/n3"));
    assert_all_serve(&lab);
}

#[test]
fn a_leader_whose_disk_is_full_is_replaced_and_nothing_is_lost() {
    let (mut lab, client) = serving(3, &[]);
    write(&mut lab, client, "n", 3);
    let full = leader(&lab);
    fault(&mut lab, &[full], DiskFault::Full);
    write(&mut lab, client, "m", 2);
    run(&mut lab, 6 * SECOND_US);
    assert_ne!(leader(&lab), full);
    let is_torn = |log: &zklab_core::lab::view::LogFileView| log.is_torn;
    assert!(disk(&lab, full).logs.iter().any(is_torn), "the first record was begun");
    fault(&mut lab, &[full], DiskFault::Mended);
    start(&mut lab, &[full]);
    run(&mut lab, 4 * SECOND_US);
    assert!(has_znode(&lab, full, "/n2"));
    assert_all_serve(&lab);
}

#[test]
fn a_leader_that_cannot_save_a_snapshot_exits_and_says_why() {
    let (mut lab, _) = serving(1, &[]);
    kill(&mut lab, &[1]);
    fault(&mut lab, &[1], DiskFault::Full);
    start(&mut lab, &[1]);
    let down = view(&lab, 1).down.clone();
    let expected = |why: &Why| {
        matches!(why, Why::Disk(DiskWhy::SnapshotFailed { error: DiskError::Full, .. }))
    };
    assert!(matches!(&down, Some(Down::Exited(Some(why))) if expected(why)), "{down:?}");
    fault(&mut lab, &[1], DiskFault::Mended);
    start(&mut lab, &[1]);
    assert_all_serve(&lab);
}

#[test]
fn a_torn_tail_ends_the_log_before_it() {
    let (mut lab, client) = serving(3, &[]);
    write(&mut lab, client, "n", 4);
    let torn = follower(&lab);
    kill(&mut lab, &[torn]);
    let before = view(&lab, torn).last_durable;
    fault(&mut lab, &[torn], DiskFault::TornTail);
    let after = view(&lab, torn).last_durable;
    assert_eq!(after.next(), before);
    assert!(disk(&lab, torn).logs.last().is_some_and(|log| log.is_torn));
    start(&mut lab, &[torn]);
    let is_it = |why: &DiskWhy| matches!(why, DiskWhy::TornRecord { last_whole: Some(z), .. } if *z == after);
    assert!(has_told(&lab, torn, is_it), "{:#?}", told(&lab));
    assert!(has_znode(&lab, torn, "/n3"), "the leader has sent it again");
    write(&mut lab, client, "m", 2);
    kill(&mut lab, &[torn]);
    start(&mut lab, &[torn]);
    assert!(has_znode(&lab, torn, "/m1"), "what was logged after the torn record is read");
    assert_all_serve(&lab);
}

#[test]
fn a_torn_tail_on_a_quorum_may_lose_what_was_committed_and_that_is_shown() {
    let (mut lab, client) = serving(3, &[]);
    write(&mut lab, client, "n", 3);
    kill(&mut lab, &[1, 2, 3]);
    fault(&mut lab, &[1, 2, 3], DiskFault::TornTail);
    start(&mut lab, &[1, 2, 3]);
    run(&mut lab, 2 * SECOND_US);
    write(&mut lab, client, "m", 1);
    assert!(!has_znode(&lab, 1, "/n2"));
    let found = violations(&lab);
    assert!(!found.is_empty(), "what was committed is lost");
    for violation in found {
        assert!(violation.other.ends_with("disks damaged: s1, s2, s3"), "{violation:#?}");
    }
}

#[test]
fn a_corrupt_record_stops_a_server_from_starting() {
    let (mut lab, client) = serving(3, &[]);
    write(&mut lab, client, "n", 4);
    let bad = follower(&lab);
    kill(&mut lab, &[bad]);
    let log = disk(&lab, bad).logs[0].clone();
    let zxid = Zxid(log.first.0 + 2);
    fault(&mut lab, &[bad], DiskFault::CorruptRecord(Some(zxid)));
    assert_eq!(disk(&lab, bad).logs[0].corrupt, Some(zxid));
    start(&mut lab, &[bad]);
    let why = Why::Disk(DiskWhy::CorruptRecord { file: log.first, zxid });
    assert_eq!(view(&lab, bad).down, Some(Down::Exited(Some(why))));
    // What people do: empty the directory and let the leader send everything.
    fault(&mut lab, &[bad], DiskFault::LostData);
    start(&mut lab, &[bad]);
    assert!(has_znode(&lab, bad, "/n3"));
    assert_all_serve(&lab);
}

#[test]
fn a_corrupt_record_in_a_file_that_recovery_does_not_read_is_not_found() {
    let (mut lab, client) = serving(3, &[("snapCount", "6")]);
    write(&mut lab, client, "n", 20);
    let bad = follower(&lab);
    kill(&mut lab, &[bad]);
    let view = disk(&lab, bad);
    assert!(2 < view.logs.len() && 1 < view.snapshots.len(), "{view:#?}");
    fault(&mut lab, &[bad], DiskFault::CorruptRecord(Some(view.logs[0].first)));
    start(&mut lab, &[bad]);
    assert!(has_znode(&lab, bad, "/n19"));
    assert_all_serve(&lab);
}

#[test]
fn a_corrupt_snapshot_is_passed_over_for_an_older_one() {
    let (mut lab, client) = serving(3, &[("snapCount", "6")]);
    write(&mut lab, client, "n", 20);
    let bad = follower(&lab);
    kill(&mut lab, &[bad]);
    let snapshots = disk(&lab, bad).snapshots;
    let (newest, older) = (&snapshots[snapshots.len() - 1], &snapshots[snapshots.len() - 2]);
    fault(&mut lab, &[bad], DiskFault::CorruptSnapshot(None));
    start(&mut lab, &[bad]);
    let (zxid, instead) = (newest.zxid, Some(older.zxid));
    let expected = DiskWhy::SnapshotUnreadable { zxid, instead };
    assert!(has_told(&lab, bad, |why| *why == expected), "{:#?}", told(&lab));
    assert!(has_znode(&lab, bad, "/n19"));
    assert_all_serve(&lab);
}

#[test]
fn without_a_snapshot_that_can_be_read_a_server_refuses_to_start() {
    let (mut lab, client) = serving(3, &[]);
    write(&mut lab, client, "n", 3);
    let bad = follower(&lab);
    kill(&mut lab, &[bad]);
    let snapshots = disk(&lab, bad).snapshots;
    for snapshot in &snapshots {
        fault(&mut lab, &[bad], DiskFault::CorruptSnapshot(Some(snapshot.zxid)));
    }
    start(&mut lab, &[bad]);
    let why = Why::Disk(DiskWhy::NoValidSnapshot { tried: snapshots.len() });
    assert_eq!(view(&lab, bad).down, Some(Down::Exited(Some(why))));
    fault(&mut lab, &[bad], DiskFault::LostSnapshots);
    start(&mut lab, &[bad]);
    let last_logged = view(&lab, bad).last_durable;
    let why = Why::Disk(DiskWhy::LogWithoutSnapshot { last_logged });
    assert_eq!(view(&lab, bad).down, Some(Down::Exited(Some(why))));
}

#[test]
fn a_log_without_a_snapshot_may_be_trusted() {
    let (mut lab, client) = serving(3, &[("snapshot.trust.empty", "true")]);
    write(&mut lab, client, "n", 3);
    let bad = follower(&lab);
    kill(&mut lab, &[bad]);
    fault(&mut lab, &[bad], DiskFault::LostSnapshots);
    start(&mut lab, &[bad]);
    let is_it = |why: &DiskWhy| matches!(why, DiskWhy::TrustedEmptySnapshot { .. });
    assert!(has_told(&lab, bad, is_it), "{:#?}", told(&lab));
    assert!(has_znode(&lab, bad, "/n2"));
    assert_all_serve(&lab);
}

#[test]
fn one_lost_data_directory_is_filled_again_by_the_leader() {
    let (mut lab, client) = serving(3, &[]);
    write(&mut lab, client, "n", 3);
    let lost = follower(&lab);
    kill(&mut lab, &[lost]);
    fault(&mut lab, &[lost], DiskFault::LostData);
    start(&mut lab, &[lost]);
    let is_it = |why: &DiskWhy| matches!(why, DiskWhy::StartedEmpty { may_vote: true, .. });
    assert!(has_told(&lab, lost, is_it), "{:#?}", told(&lab));
    assert!(has_znode(&lab, lost, "/n2"));
    assert_all_serve(&lab);
}

#[test]
fn a_quorum_that_lost_its_data_loses_what_was_committed_and_that_is_shown() {
    let (mut lab, client) = serving(3, &[]);
    write(&mut lab, client, "n", 3);
    kill(&mut lab, &[1, 2, 3]);
    fault(&mut lab, &[1, 2], DiskFault::LostData);
    start(&mut lab, &[1, 2]);
    assert_eq!(view(&lab, 2).state, ServerState::Leading);
    let client = connect(&mut lab, &[1, 2]);
    write(&mut lab, client, "m", 1);
    assert!(!has_znode(&lab, 1, "/n0"));
    let found = violations(&lab);
    assert!(!found.is_empty(), "what was committed is lost");
    for violation in found {
        assert!(violation.other.ends_with("disks damaged: s1, s2"), "{violation:#?}");
    }
}

#[test]
fn without_autocreate_servers_with_empty_disks_wait_for_a_quorum_that_has_data() {
    let (mut lab, client) = serving(3, &[("db.autocreate", "false")]);
    write(&mut lab, client, "n", 3);
    kill(&mut lab, &[1, 2, 3]);
    fault(&mut lab, &[1, 2], DiskFault::LostData);
    start(&mut lab, &[1, 2]);
    run(&mut lab, 10 * SECOND_US);
    assert_eq!(lab.view().leader, None, "two empty servers choose nobody");
    let is_it = |why: &DiskWhy| matches!(why, DiskWhy::StartedEmpty { may_vote: false, .. });
    assert!(has_told(&lab, 1, is_it), "{:#?}", told(&lab));
    start(&mut lab, &[3]);
    assert_eq!(lab.view().leader, None, "nor does one that has data, without a quorum");
    assert_clean(&lab);
}

#[test]
fn without_autocreate_one_empty_server_joins_the_others() {
    let (mut lab, client) = serving(3, &[("db.autocreate", "false")]);
    write(&mut lab, client, "n", 3);
    let lost = follower(&lab);
    kill(&mut lab, &[lost]);
    fault(&mut lab, &[lost], DiskFault::LostData);
    start(&mut lab, &[lost]);
    assert!(has_znode(&lab, lost, "/n2"));
    assert_all_serve(&lab);
    let all = [1, 2, 3];
    kill(&mut lab, &all);
    start(&mut lab, &all);
    run(&mut lab, 2 * SECOND_US);
    assert_all_serve(&lab);
}

#[test]
fn a_lost_epoch_file_is_written_again_with_the_epoch_of_the_last_transaction() {
    for file in [EpochFile::Current, EpochFile::Accepted] {
        let (mut lab, client) = serving(3, &[]);
        write(&mut lab, client, "n", 3);
        let lost = follower(&lab);
        kill(&mut lab, &[lost]);
        fault(&mut lab, &[lost], DiskFault::LostEpoch(file));
        start(&mut lab, &[lost]);
        let named = match file {
            EpochFile::Current => DiskFile::CurrentEpoch,
            EpochFile::Accepted => DiskFile::AcceptedEpoch,
        };
        let expected = DiskWhy::EpochFileMissing { file: named, epoch: 1 };
        assert!(has_told(&lab, lost, |why| *why == expected), "{:#?}", told(&lab));
        assert_all_serve(&lab);
    }
}

#[test]
fn an_accepted_epoch_older_than_the_current_one_is_refused() {
    let (mut lab, client) = serving(3, &[]);
    write(&mut lab, client, "n", 2);
    // An epoch without a transaction.
    kill(&mut lab, &[1, 2, 3]);
    act(&mut lab, Action::Start(ids(&[1, 2, 3])));
    run(&mut lab, 600_000);
    let lost = follower(&lab);
    assert_eq!(view(&lab, lost).phase, Phase::Broadcast);
    kill(&mut lab, &[1, 2, 3]);
    assert_eq!(disk(&lab, lost).current_epoch, Some(2));
    assert_eq!(view(&lab, lost).last_durable.epoch(), 1);
    fault(&mut lab, &[lost], DiskFault::LostEpoch(EpochFile::Accepted));
    start(&mut lab, &[lost]);
    let down = view(&lab, lost).down.clone();
    let is_it =
        |why: &Why| matches!(why, Why::RefusedToStart { current_epoch: 2, accepted_epoch: 1, .. });
    assert!(matches!(&down, Some(Down::Exited(Some(why))) if is_it(why)), "{down:?}");
}

#[test]
fn a_current_epoch_that_was_written_but_not_renamed_is_taken() {
    let (mut lab, client) = serving(3, &[]);
    write(&mut lab, client, "n", 2);
    let bad = follower(&lab);
    kill(&mut lab, &[bad]);
    assert_eq!(disk(&lab, bad).current_epoch, Some(1));
    fault(&mut lab, &[bad], DiskFault::UnfinishedEpoch);
    let view = disk(&lab, bad);
    assert_eq!((view.current_epoch, view.current_epoch_tmp), (Some(0), Some(1)));
    start(&mut lab, &[bad]);
    let is_it =
        |why: &DiskWhy| matches!(why, DiskWhy::EpochFromTmp { current_epoch: 0, tmp: 1, .. });
    assert!(has_told(&lab, bad, is_it), "{:#?}", told(&lab));
    assert_all_serve(&lab);
}

#[test]
fn without_forced_sync_what_was_acknowledged_may_be_lost() {
    let (mut lab, client) = serving(3, &[("forceSync", "no")]);
    run(&mut lab, 6 * SECOND_US);
    assert_eq!(disk(&lab, 1).unsynced, None, "the operating system has written it back");
    lab.command(client, "create /gone x");
    run(&mut lab, SECOND_US / 10);
    assert!(has_znode(&lab, 1, "/gone"), "it is committed");
    assert!(disk(&lab, 1).unsynced.is_some());
    kill(&mut lab, &[1, 2, 3]);
    let is_it = |why: &DiskWhy| matches!(why, DiskWhy::UnsyncedLost { .. });
    assert!(has_told(&lab, 1, is_it), "{:#?}", told(&lab));
    start(&mut lab, &[1, 2, 3]);
    run(&mut lab, 2 * SECOND_US);
    assert!(!has_znode(&lab, 1, "/gone"));
    write(&mut lab, client, "m", 1);
    assert!(!violations(&lab).is_empty(), "what was acknowledged is gone");
}

#[test]
fn without_forced_sync_a_process_that_dies_alone_loses_nothing() {
    let (mut lab, client) = serving(3, &[("forceSync", "no")]);
    write(&mut lab, client, "n", 3);
    let one = follower(&lab);
    kill(&mut lab, &[one]);
    start(&mut lab, &[one]);
    assert!(has_znode(&lab, one, "/n2"), "the others have it");
    assert_all_serve(&lab);
}

#[test]
fn with_a_flush_delay_transactions_gather_for_one_fsync() {
    let mut fsyncs = Vec::new();
    for delay in ["0", "60"] {
        let (mut lab, client) = serving(1, &[("flushDelay", delay)]);
        run(&mut lab, SECOND_US);
        let before = written(&lab);
        for n in 0..8 {
            lab.command(client, &format!("create /n{n} x"));
            run(&mut lab, 8_000);
        }
        run(&mut lab, SECOND_US);
        assert!(has_znode(&lab, 1, "/n7"));
        fsyncs.push(written(&lab) - before);
    }
    assert_eq!(fsyncs[0], 8, "one each");
    assert!(fsyncs[1] <= 3, "{fsyncs:?}");
}

/// How many writes of the log have ended.
fn written(lab: &Lab) -> usize {
    use zklab_core::server::WriteKind;
    use zklab_core::sim::trace::EventKind;
    let is_log = |kind: &EventKind| matches!(kind, EventKind::Written(_, WriteKind::Log { .. }));
    lab.timeline().trace().events.iter().filter(|event| is_log(&event.kind)).count()
}

#[test]
fn a_purge_keeps_three_snapshots_and_the_log_they_need() {
    let config = [("snapCount", "4"), ("autopurge.purgeInterval", "1")];
    let (mut lab, client) = serving(1, &config);
    write(&mut lab, client, "n", 30);
    let before = disk(&lab, 1);
    assert!(5 < before.snapshots.len(), "{before:#?}");
    kill(&mut lab, &[1]);
    start(&mut lab, &[1]);
    let purged = told(&lab).into_iter().find_map(|(_, why)| match why {
        DiskWhy::Purged { snapshots, oldest, .. } => Some((snapshots, oldest)),
        _ => None,
    });
    let kept = &before.snapshots[before.snapshots.len() - 3];
    assert_eq!(purged, Some((before.snapshots.len() - 3, kept.zxid)));
    let logs = disk(&lab, 1).logs;
    assert!(logs[0].first <= kept.zxid.next(), "{logs:#?}");
    assert!(logs.get(1).is_none_or(|next| kept.zxid < next.first), "{logs:#?}");
    fault_all_but_oldest(&mut lab, client);
}

/// Even the oldest snapshot that was kept, and its log, give everything.
fn fault_all_but_oldest(lab: &mut Lab, client: ClientId) {
    write(lab, client, "m", 1);
    kill(lab, &[1]);
    let snapshots = disk(lab, 1).snapshots;
    for snapshot in &snapshots[1..] {
        fault(lab, &[1], DiskFault::CorruptSnapshot(Some(snapshot.zxid)));
    }
    start(lab, &[1]);
    assert!(has_znode(lab, 1, "/n0") && has_znode(lab, 1, "/n29") && has_znode(lab, 1, "/m0"));
    assert_all_serve(lab);
}

#[test]
fn files_are_damaged_only_while_their_server_is_down() {
    let (mut lab, _) = serving(3, &[]);
    let damage = |servers: &[u8], fault| Action::Disk(DiskAction { servers: ids(servers), fault });
    assert_eq!(lab.act(damage(&[1], DiskFault::TornTail)), Err(ActionError::Runs(ServerId(1))));
    kill(&mut lab, &[1]);
    let nowhere = DiskFault::CorruptRecord(Some(Zxid::new(9, 9)));
    assert_eq!(lab.act(damage(&[1], nowhere)), Err(ActionError::NothingThere(ServerId(1))));
    let never = DiskFault::Slow { factor: 0, added_us: 0 };
    assert_eq!(lab.act(damage(&[1], never)), Err(ActionError::Slowness));
    assert_eq!(lab.act(damage(&[9], DiskFault::Full)), Err(ActionError::NoServer(ServerId(9))));
}

#[test]
fn names_of_files_are_zookeepers() {
    let (mut lab, client) = serving(1, &[("snapCount", "4")]);
    write(&mut lab, client, "n", 12);
    let view = disk(&lab, 1);
    assert_eq!(&*view.logs[0].name, "log.100000001");
    assert_eq!(&*view.snapshots[0].name, "snapshot.0");
    for snapshot in &view.snapshots {
        assert_eq!(*snapshot.name, format!("snapshot.{:x}", snapshot.zxid.0));
    }
    for pair in view.logs.windows(2) {
        assert!(pair[0].last < Some(pair[1].first));
        assert_eq!(pair[0].size, 67_108_880, "a header and the padding");
    }
}

/// Whatever the moment of the crash: recovery gives a prefix of what was written, and everything
/// acknowledged is in it.
#[test]
fn a_crash_at_any_moment_loses_nothing_that_was_acknowledged() {
    for seed in 0..60_u64 {
        let config = [("snapCount", "5"), ("flushDelay", if seed % 3 == 0 { "10" } else { "0" })];
        let (mut lab, client) = serving(1 + 2 * (seed % 2) as u8, &config);
        let all: Vec<u8> = lab.view().servers.iter().map(|server| server.id.0).collect();
        for n in 0..20 {
            lab.command(client, &format!("create /n{n} x"));
            run(&mut lab, 300 * (1 + seed % 7));
        }
        run(&mut lab, seed * 611);
        let console = lab.console(client);
        let acknowledged = console.iter().filter(|line| line.text.starts_with("Created")).count();
        kill(&mut lab, &all);
        start(&mut lab, &all);
        run(&mut lab, SECOND_US);
        assert_all_serve(&lab);
        for id in all {
            let there = (0..20).filter(|n| has_znode(&lab, id, &format!("/n{n}"))).count();
            let is_prefix = (0..there).all(|n| has_znode(&lab, id, &format!("/n{n}")));
            assert!(is_prefix && acknowledged <= there, "seed {seed}: {acknowledged} of {there}");
        }
    }
}

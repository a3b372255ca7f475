//! Reconfiguration: who joins, who leaves, who leads afterwards, what is refused, and what each server
//! goes by when files or packets are lost. Each test is a script; what it states is its title.
//!
//! What clients see of it is also recorded from Apache ZooKeeper: `conformance/scripts/reconfig-*`.

#![cfg(not(target_arch = "wasm32"))]

use std::fmt::Write;
use zklab_core::lab::script;
use zklab_core::lab::script::run::{Run, run};

/// Everybody may reconfigure, and ticks are short.
const HEAD: &str = "set tickTime 500\nset reconfigEnabled true\nset skipACL yes\n";

/// The same, with what most scripts begin with: all serve, and a client of s1.
const SERVING: &str = "start\nuntil synchronized within 20s\nclient c1 timeout 10s servers s1\n\
                       until session c1 connected\n";

/// The line of a member at its usual address.
macro_rules! member {
    ($id:literal) => {
        concat!("server.", $id, "=10.77.0.", $id, ":2888:3888:participant;0.0.0.0:2181")
    };
    ($id:literal, $role:literal) => {
        concat!("server.", $id, "=10.77.0.", $id, ":2888:3888:", $role, ";0.0.0.0:2181")
    };
}

/// Whatever the script expects is so, and no invariant breaks.
fn holds(ensemble: &str, steps: &str) {
    let text = format!("{ensemble}\n{HEAD}{SERVING}{steps}\nexpect no violation\n");
    let script = script::parse(&text).unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"));
    let run = run(&script).expect("the scenario can be");
    assert!(run.has_held(), "\n{}\n{}", failures(&run), consoles(&run));
}

fn failures(run: &Run) -> String {
    let mut text = String::new();
    for finding in run.findings().iter().filter(|finding| !finding.has_held) {
        let _ = writeln!(text, "  {} at {}: {}", finding.statement, finding.at, finding.found);
    }
    run.stop().iter().for_each(|stop| {
        let _ = writeln!(text, "  {stop}");
    });
    text
}

fn consoles(run: &Run) -> String {
    let clients = run.lab().world().clients.keys();
    clients.map(|id| format!("{:#?}\n", run.lab().console(*id))).collect()
}

// --- Who joins

#[test]
fn a_server_that_is_to_join_follows_without_a_vote_until_it_is_added() {
    holds(
        "ensemble 3\nserver 4 joins",
        concat!(
            "expect state s4 FOLLOWING\n",
            "c1> config\n",
            "expect no c1 answer has \"server.4\"\n",
            // Two of three are a quorum, with or without s4.
            "kill s1 s2\n",
            "until state s3 LOOKING within 20s\n",
            "expect no leader within 5s\n",
            "start s1\n",
            "until leader within 20s\n",
            "start s2\n",
            "until synchronized within 20s\n",
            "c1> reconfig -add ",
            member!(4),
            "\n",
            "expect c1 answer has \"server.4=10.77.0.4\"\n",
            "expect why ReconfigProposed s3\n",
            "expect packet COMMITANDACTIVATE from s3 to s4\n",
            "expect leader s3\n",
            "expect state s4 FOLLOWING\n",
            // Now four vote: two are no quorum, three are.
            "kill s1 s2\n",
            "until state s3 LOOKING within 20s\n",
            "expect no leader within 5s\n",
            "start s2\n",
            "until leader within 30s",
        ),
    );
}

#[test]
fn an_added_machine_follows_then_observes_then_votes() {
    holds(
        "ensemble 3",
        concat!(
            "add-server s4 \"",
            member!(1),
            ",",
            member!(2),
            ",",
            member!(3),
            ",",
            member!(4, "observer"),
            "\"\n",
            "start s4\n",
            // Its file makes it an observer; the members it hears of do not, so it follows.
            "until why ConfigLearned s4 within 20s\n",
            "until state s4 FOLLOWING within 20s\n",
            "until synchronized within 20s\n",
            "c1> reconfig -add ",
            member!(4, "observer"),
            "\n",
            "expect c1 answer has \"server.4=10.77.0.4:2888:3888:observer\"\n",
            "expect packet COMMITANDACTIVATE from s3 to s4\n",
            "until state s4 OBSERVING within 20s\n",
            "until synchronized within 20s\n",
            "mark\n",
            "c1> reconfig -add ",
            member!(4),
            "\n",
            "expect c1 answer has \"server.4=10.77.0.4:2888:3888:participant\"\n",
            "until state s4 FOLLOWING within 20s\n",
            "until synchronized within 20s\n",
            "expect why RoleChanged s4\n",
            "expect leader s3",
        ),
    );
}

#[test]
fn a_machine_whose_file_does_not_name_it_cannot_be() {
    let steps = concat!("add-server s4 \"", member!(1), ",", member!(2), "\"");
    let text = format!("ensemble 3\n{HEAD}{SERVING}{steps}\n");
    let script = script::parse(&text).expect("its words are right");
    let run = run(&script).expect("the scenario can be");
    let stop = run.stop().expect("it is refused").to_string();
    assert!(stop.ends_with("the configuration of s4 must name itself and a participant"), "{stop}");
}

#[test]
fn several_join_at_once_if_a_quorum_of_the_new_members_is_there() {
    holds(
        "ensemble 3\nserver 4 joins\nserver 5 joins",
        concat!(
            "c1> reconfig -add ",
            member!(4),
            ",",
            member!(5),
            "\n",
            "expect c1 answer has \"server.5=\"\n",
            "kill s1 s2\n",
            "until leader within 20s\n",
            "expect no state s3 LOOKING within 5s\n",
            "kill s4\n",
            "until state s3 LOOKING within 20s",
        ),
    );
}

#[test]
fn the_list_of_servers_counts_and_not_the_peer_type() {
    holds(
        "ensemble 3 observers 1\nset peerType observer",
        "expect why PeerTypeIgnored s1\n\
         expect no why PeerTypeIgnored s4\n\
         expect state s1 FOLLOWING\n\
         expect state s4 OBSERVING",
    );
}

// --- Steps, and all at once

#[test]
fn steps_and_the_whole_list_come_to_the_same() {
    let members = |ids: &[&str]| ids.join(",");
    for (command, is_whole) in [
        (format!("reconfig -remove 1 -add {}", member!(4, "observer")), false),
        (
            format!(
                "reconfig -members {}",
                members(&[member!(2), member!(3), member!(4, "observer"), member!(5)])
            ),
            true,
        ),
    ] {
        holds(
            "ensemble 5",
            &format!(
                "close c1\n\
                 run 1s\n\
                 client c1 timeout 10s servers s2\n\
                 until session c1 connected\n\
                 c1> {command}\n\
                 expect c1 answer has \"server.4=10.77.0.4:2888:3888:observer\"\n\
                 expect no c1 answer has \"server.1\"\n\
                 until state s4 OBSERVING within 20s\n\
                 until synchronized within 20s\n\
                 c1> config\n\
                 expect c1 answer has \"version=1000000\"\n\
                 kill s1\n\
                 kill s4\n\
                 c1> create /{} x\n\
                 expect c1 answer has \"Created\"",
                if is_whole { "whole" } else { "steps" }
            ),
        );
    }
}

// --- Who is refused

#[test]
fn one_reconfiguration_at_a_time() {
    holds(
        "ensemble 3\nserver 4 joins",
        concat!(
            "client c2 timeout 10s servers s2\n",
            "until session c2 connected\n",
            // Acknowledged late: the first one stays proposed.
            "disk slow 1 400ms s1 s2 s4\n",
            "c1>> reconfig -add ",
            member!(4),
            "\n",
            "until why ReconfigProposed s3 within 5s\n",
            "c2> reconfig -remove 1\n",
            "expect c2 answer has \"Another reconfiguration is in progress\"\n",
            "expect c1 answer has \"Committed new configuration\"\n",
            "disk mended s1 s2 s4\n",
            "run 2s\n",
            "c2> reconfig -remove 4\n",
            "expect c2 answer has \"Committed new configuration\"",
        ),
    );
}

#[test]
fn a_quorum_of_the_new_members_must_be_connected_and_up_to_date() {
    holds(
        "ensemble 3 observers 1\nserver 5 joins\nserver 6 joins\nserver 7 joins",
        concat!(
            "kill s5 s6 s7\n",
            "run 2s\n",
            "c1> reconfig -add ",
            member!(5),
            ",",
            member!(6),
            ",",
            member!(7),
            "\n",
            "expect c1 answer has \"No quorum of new config is connected and up-to-date\"\n",
            "expect why QuorumChecked s3\n",
            // Nothing was proposed, so another may be asked for; observers do not count.
            "c1> reconfig -members ",
            member!(1, "observer"),
            ",",
            member!(3),
            ",",
            member!(4),
            ",",
            member!(5),
            "\n",
            "expect c1 answer has \"No quorum of new config is connected and up-to-date\"\n",
            "c1> reconfig -add ",
            member!(5),
            "\n",
            "expect c1 answer has \"Committed new configuration\"",
        ),
    );
}

#[test]
fn the_version_asked_for_must_be_the_present_one() {
    holds(
        "ensemble 3",
        concat!(
            "c1> reconfig -v 200000001 -remove 1\n",
            "expect c1 answer has \"version No is not valid\"\n",
            "c1> config\n",
            "expect c1 answer has \"version=100000000\"\n",
            "c1> reconfig -v 100000000 -remove 1\n",
            "expect c1 answer has \"Committed new configuration\"\n",
            "c1> reconfig -v 100000000 -remove 2\n",
            "expect c1 answer has \"version No is not valid\"",
        ),
    );
}

#[test]
fn what_may_not_be_reconfigured_says_so() {
    holds(
        "ensemble 3",
        concat!(
            // At least two must vote where standalone servers are possible.
            "c1> reconfig -remove 1,2\n",
            "expect c1 answer has \"Arguments are not valid\"\n",
            "c1> reconfig -remove x\n",
            "expect c1 answer has \"KeeperErrorCode\"\n",
            "expect no why ReconfigProposed",
        ),
    );
}

// --- Who leads

#[test]
fn a_leader_that_is_removed_names_its_successor() {
    holds(
        "ensemble 3",
        concat!(
            "c1>> reconfig -remove 3\n",
            "until why DesignatedLeader s3 within 5s\n",
            "until leader s1 within 10s\n",
            "expect no leader s3\n",
            "expect packet COMMITANDACTIVATE from s3 to s1\n",
            "expect packet COMMITANDACTIVATE from s3 to s2\n",
            "expect why RoleChanged s1\n",
            "expect why RoleChanged s2\n",
            "until synchronized s1 s2 within 20s\n",
            // What it was goes on without it, though it still follows.
            "until state s3 FOLLOWING within 20s\n",
            "kill s3\n",
            "until session c1 connected within 20s\n",
            "c1> create /x y\n",
            "expect c1 answer has \"Created\"\n",
            "kill s2\n",
            "until state s1 LOOKING within 10s\n",
            "expect no leader within 5s",
        ),
    );
}

#[test]
fn the_successor_is_the_one_that_has_acknowledged_the_most() {
    holds(
        "ensemble 5",
        concat!(
            // Without s2 a quorum of the new members needs s1, which is slow. Until it has
            // acknowledged the reconfiguration, s3 and s4 have acknowledged what comes after it.
            "kill s2\n",
            "client c2 timeout 10s servers s4\n",
            "until session c2 connected\n",
            "disk slow 1 200ms s1\n",
            "c2>> reconfig -remove 5\n",
            "until why ReconfigProposed s5\n",
            "run 20ms\n",
            "c2>> create /a x\n",
            "until why DesignatedLeader s5 within 10s\n",
            "until leader s3 within 20s",
        ),
    );
}

#[test]
fn a_leader_that_is_made_an_observer_observes() {
    holds(
        "ensemble 3",
        concat!(
            "c1>> reconfig -add ",
            member!(3, "observer"),
            "\n",
            "until why DesignatedLeader s3 within 5s\n",
            "until state s3 OBSERVING within 20s\n",
            "until leader within 10s\n",
            "until synchronized within 20s\n",
            "kill s3\n",
            "expect no state s1 LOOKING within 5s",
        ),
    );
}

#[test]
fn if_the_successor_dies_there_is_an_election() {
    holds(
        "ensemble 5",
        concat!(
            "c1>> reconfig -remove 5\n",
            "until why DesignatedLeader s5 within 5s\n",
            "kill s1\n",
            "until state s5 LOOKING within 20s\n",
            "until leader within 30s\n",
            "expect leader s4\n",
            "until synchronized s2 s3 s5 within 20s",
        ),
    );
}

// --- Observers

#[test]
fn an_observer_is_told_with_the_commit() {
    holds(
        "ensemble 3 observers 1",
        concat!(
            "client c2 timeout 10s servers s4\n",
            "until session c2 connected\n",
            "c2> config -w\n",
            "c1> reconfig -remove 2\n",
            "expect packet INFORMANDACTIVATE from s3 to s4\n",
            "expect no packet PROPOSAL from s3 to s4\n",
            "run 500ms\n",
            "expect why ConfigActivated s4\n",
            "expect c2 NodeDataChanged /zookeeper/config\n",
            "c2> config\n",
            "expect no c2 answer has \"server.2\"",
        ),
    );
}

#[test]
fn an_observer_that_is_being_synchronized_is_told_too() {
    holds(
        "ensemble 3 observers 1",
        concat!(
            "kill s4\n",
            "mark\n",
            "c1> create /a x\n",
            // The history reaches its disk slowly, and meanwhile s2 goes.
            "disk slow 1 300ms s4\n",
            "start s4\n",
            "until why Synchronizing s3 within 10s\n",
            "c1>> reconfig -remove 2\n",
            "until packet INFORMANDACTIVATE from s3 to s4 within 5s\n",
            "expect no why MayServe s4\n",
            "until synchronized s4 within 20s\n",
            "expect why ConfigActivated s4\n",
            "client c2 timeout 10s servers s4\n",
            "until session c2 connected\n",
            "c2> config\n",
            "expect no c2 answer has \"server.2\"\n",
            "c1> create /b x\n",
            "run 1s\n",
            "expect znode /b on s4",
        ),
    );
}

#[test]
fn an_observer_that_becomes_a_voter_while_it_is_synchronized_starts_over() {
    holds(
        "ensemble 3 observers 1",
        concat!(
            "kill s4\n",
            "mark\n",
            "c1> create /a x\n",
            "disk slow 1 300ms s4\n",
            "start s4\n",
            "until why Synchronizing s3 within 10s\n",
            "c1>> reconfig -add ",
            member!(4),
            "\n",
            "until packet INFORMANDACTIVATE from s3 to s4 within 5s\n",
            "until state s4 FOLLOWING within 20s\n",
            "until synchronized within 20s\n",
            "expect why RoleChanged s4",
        ),
    );
}

// --- Lost files

#[test]
fn a_server_without_its_dynamic_file_does_not_start() {
    holds(
        "ensemble 3",
        concat!(
            "c1> reconfig -remove 1\n",
            "until synchronized within 20s\n",
            "kill s2\n",
            "disk lost-config dynamic s2\n",
            "start s2\n",
            "run 1s\n",
            "expect state s2 DOWN\n",
            "expect why ConfigFileLost s2\n",
            // A copy of another's will do; so will the file it was first started with.
            "disk copied-config s2\n",
            "start s2\n",
            "until synchronized s2 within 20s\n",
            "kill s2\n",
            "disk lost-config dynamic s2\n",
            "disk old-config s2\n",
            "mark\n",
            "start s2\n",
            "until synchronized s2 within 20s\n",
            "expect why ConfigLearned s2",
        ),
    );
}

#[test]
fn a_removed_server_with_its_first_file_learns_that_it_was_removed() {
    holds(
        "ensemble 3",
        concat!(
            "c1> reconfig -remove 1\n",
            "until synchronized within 20s\n",
            "kill s1\n",
            // The file on its disk does not name it.
            "start s1\n",
            "run 1s\n",
            "expect state s1 DOWN\n",
            "expect why NoMember s1\n",
            "disk old-config s1\n",
            "mark\n",
            "start s1\n",
            "until why ConfigLearned s1 within 20s\n",
            "until state s1 FOLLOWING within 20s\n",
            "kill s2\n",
            "until state s3 LOOKING within 20s\n",
            "expect no leader within 5s",
        ),
    );
}

/// Proposed and logged by a quorum, committed by nobody: `.next` is what tells the next leader.
const PROPOSED: &str = "hold any s3 ACK\n\
                        c1>> reconfig -add server.4=10.77.0.4:2888:3888:participant;0.0.0.0:2181\n\
                        until why ReconfigProposed s3\n\
                        run 100ms\n\
                        kill s1 s2 s3\n\
                        release any s3 ACK\n\
                        mark\n";

#[test]
fn what_was_proposed_is_completed_by_the_next_leader() {
    holds(
        "ensemble 3\nserver 4 joins",
        &format!(
            "{PROPOSED}start s1 s2 s3\n\
             until synchronized within 40s\n\
             expect why QuorumChecked s3\n\
             expect why ConfigActivated s3\n\
             until session c1 connected within 20s\n\
             c1> config\n\
             expect c1 answer has \"server.4\""
        ),
    );
}

#[test]
fn a_next_leader_without_next_file_goes_by_the_old_members() {
    holds(
        "ensemble 3\nserver 4 joins",
        &format!(
            "{PROPOSED}kill s4\n\
             disk lost-config next s1 s2 s3\n\
             start s1 s2 s3\n\
             until synchronized s1 s2 s3 within 40s\n\
             expect no why QuorumChecked s3\n\
             expect no why ConfigActivated s3\n\
             kill s1 s2\n\
             start s1\n\
             until leader within 30s"
        ),
    );
}

#[test]
fn one_next_file_is_enough_if_its_server_leads() {
    holds(
        "ensemble 3\nserver 4 joins",
        &format!(
            "{PROPOSED}disk lost-config next s1 s2\n\
             start s1 s2 s3\n\
             until synchronized within 40s\n\
             expect leader s3\n\
             expect why ConfigActivated s1\n\
             expect why ConfigActivated s2"
        ),
    );
}

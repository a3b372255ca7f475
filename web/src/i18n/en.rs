//! English.

use crate::explain::en;
use crate::i18n::{Strings, seconds};
use zklab_core::lab::view::{ClientState, TimerKind};
use zklab_core::types::{Phase, ServerId, ServerState};

/// All words in English.
pub const ENGLISH: Strings = Strings {
    title: "ZK Lab",
    colon: ": ",
    other_language: "中文",
    switch_language: "切换到中文",
    switch_theme: "Light or dark",
    help: "Help",
    close: "Close",
    undo: "Undo",

    leader: "Leader",
    epoch: "Epoch",
    quorum: "Quorum",
    present_of: |present, voters| format!("{present} of {voters}"),
    quorum_hint: |needed| format!("{needed} servers that vote make a quorum"),
    committed: "Committed",
    none: "none",
    invariants_hold: |count| format!("{count} invariants hold"),
    invariants_broken: |count| {
        if count == 1 {
            "1 invariant broken".to_owned()
        } else {
            format!("{count} invariants broken")
        }
    },
    invariant: en::invariant,
    broken_at: |at| format!("broken at {}", seconds(at)),

    stage: "The ensemble",
    role: |state, leader| match (state, leader) {
        (ServerState::Looking, _) => "looking".to_owned(),
        (ServerState::Leading, _) => "leading".to_owned(),
        (ServerState::Following, Some(leader)) => format!("following {leader}"),
        (ServerState::Following, None) => "following".to_owned(),
        (ServerState::Observing, Some(leader)) => format!("observing {leader}"),
        (ServerState::Observing, None) => "observing".to_owned(),
    },
    role_word: |state| match state {
        ServerState::Looking => "looking",
        ServerState::Following => "follower",
        ServerState::Leading => "leader",
        ServerState::Observing => "observer",
    },
    down: "down",
    paused: "paused",
    on_disk: "on disk",
    votes_for: |leader| format!("votes {leader}"),
    votes_for_nobody: "votes for nobody",
    round_and_votes: |round, votes, needed| format!("round {round} · {votes} of {needed} votes"),
    partition: "partition",
    client: |name| format!("client {name}"),
    client_state: |state| match state {
        ClientState::Connecting => "connecting",
        ClientState::Connected => "connected",
        ClientState::ConnectedReadOnly => "read-only",
        ClientState::Expired => "expired",
        ClientState::Closed => "closed",
        ClientState::Vanished => "gone",
    },
    timer: |kind| match kind {
        TimerKind::Notification => "until it sends its vote again",
        TimerKind::Finalize => "finalizeWait: until the election is over",
        TimerKind::Ping => "until the next ping",
        TimerKind::Limit => "until it gives up",
        TimerKind::Other => "timer",
    },
    phase: Phase::name,
    nothing_yet: "Nothing has been decided yet.",
    show_pings: "Pings",
    skip_idle: "Skip idle",

    play: "Play",
    pause_playback: "Pause",
    step: "One event forward",
    back: "One event back",
    step_decision: "Next decision",
    back_decision: "Previous decision",
    live: "Live",
    speed: "Speed",
    slower: "Slower",
    faster: "Faster",
    timeline: "Timeline",
    cursor: |at, index, end| format!("{}, event {index} of {end}", seconds(at)),

    servers: "Servers",
    state: "State",
    last_zxid: "Last zxid",
    kill_leader: "Kill leader",
    restart_all: "Restart all",
    kill: "Kill",
    restart: "Restart",
    pause: "Pause",
    resume: "Resume",
    isolate: "Isolate",
    cut: "Partition",
    cut_hint: |ids| format!("Cut {} off from the others", names(ids)),
    cut_legend: "☑ what Partition cuts off",
    cut_none: "Choose the servers of one side",
    cut_member: |id| format!("{id} on the side that is cut off"),
    heal: "Heal",
    reset: "Reset",
    ensemble: |participants, observers| match observers {
        0 => format!("{participants} servers"),
        1 => format!("{participants} + 1 observer"),
        more => format!("{participants} + {more} observers"),
    },
    choose_ensemble: "Ensemble of a fresh start",
    last_logged: "last logged",
    last_durable: "on its disk",
    connections: "clients",
    txn_log: "Transaction log",
    log_empty: "empty",
    entry_state: |is_applied, is_durable| match (is_applied, is_durable) {
        (true, _) => "applied",
        (false, true) => "on disk, not applied",
        (false, false) => "not yet on disk",
    },
    votes_of_round: |round| format!("Votes of round {round}"),
    from: "from",

    feed: "Feed",
    feed_empty: "Nothing has happened yet.",
    console: "Console",
    console_input: "zkCli command",
    console_hint: "create /hello world",
    console_empty: "zkCli of client a. Try: create, get, set, ls, stat, delete, help.",
    connect: "New session",
    znodes: "Znodes",
    differs: "differs from the leader’s",
    tree_down: "down",
    ephemeral: "ephemeral",

    keys: &[
        ("Space  .", "play or pause"),
        ("→  ←", "one event forward, back"),
        ("⇧→  ⇧←", "next decision, previous decision"),
        ("PageDown  PageUp", "the same, for clickers"),
        ("[  ]", "slower, faster"),
        ("Home  L", "to the beginning, to the end"),
        ("K", "kill the leader"),
        ("P", "cut the chosen servers off, or heal"),
        ("R", "restart all that is down"),
        ("?", "this help"),
        ("Esc", "close"),
    ],
    help_intro: "A whole Apache ZooKeeper ensemble runs in this page. Play, or go event by event, \
                 forward and back; kill, pause and cut off servers, and see which decision each \
                 takes and why. Acting in the past begins a new future.",
    help_legend: &[
        ("colour", "the epoch a server was last synchronized in"),
        ("crown", "leads; filled once it serves"),
        ("?", "looks for a leader; below it its vote"),
        ("square", "observer: follows without a vote"),
        ("×", "down"),
        ("arc", "a timer running out"),
        ("red wall", "a partition; what crosses it dies"),
    ],
    help_keys: "Keys",
    help_shapes: "Shapes",

    faults: "Faults",
    inspector: "Inspector",
    below_stage: "Below the stage",
    ensemble_tab: "Ensemble",
    server: "Server",
    sessions: "Sessions",
    packet: "Packets",
    why_tab: "Why",
    choose_server: "Choose a server on the stage or in the table.",
    no_clients: "There are no clients.",
    client_column: "client",
    timeout: "timeout",
    pending: "waiting",
    to: "to",
    sent: "sent",
    arrives: "arrives",
    stalled: "It waits at a partition until TCP sends it again.",
    packet_gone: "This packet is not on its way any more.",
    nothing_on_its_way: "Nothing is on its way.",
    causes: "What led to it, the latest first",
    connection_packet: "connection",
    delivered: |from, to, label, is_lost| match is_lost {
        false => format!("{label} from {from} reaches {to}"),
        true => format!("{label} from {from} to {to} is lost"),
    },
    timer_fired: |who| format!("a timer of {who} runs out"),
    written: |who| format!("a write to {who}’s disk is done"),

    unreadable: |error| {
        format!(
            "The saved work could not be read, and is kept aside: {error}. This is a fresh start."
        )
    },
    restored: "Your work from the last visit is back, at the same moment.",
    not_saved: "This browser keeps nothing: your work will be gone after a reload.",
    forked: "You acted in the past: what came after is dropped.",
    was_reset: "A fresh start.",
    refused: |error| format!("That cannot be done: {error}"),

    actor: en::actor,
    why: en::why,
    act: en::act,
    state_changed: en::state_changed,
    lost: en::lost,
    violated: en::violated,
};

fn names(ids: &[ServerId]) -> String {
    crate::explain::list(ids, ", ")
}

//! The words of the page. Each language is one value of [`Strings`], so that a missing word does
//! not compile.

pub mod class;
mod console;
pub mod drawings;
mod en;
mod export;
mod feed;
pub mod glossary;
pub mod lessons;
pub mod predict;
pub mod recipes;
mod scenario;
mod stage;
pub mod time;
pub mod work;
mod zh;
mod znodes;

use crate::explain::{Names, Sentence};
use std::hint::black_box;
use zklab_core::lab::view::{ClientState, TimerKind};
use zklab_core::sim::action::Action;
use zklab_core::sim::check::{Invariant, Violation};
use zklab_core::types::{Actor, Phase, ServerId, ServerState, Time};
use zklab_core::why::Why;

/// A language of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// 简体中文.
    Chinese,
}

/// Only who reads it downloads it: where it is, is known to nobody else (scripts/split).
#[inline(never)]
fn chinese() -> &'static Strings {
    black_box(&zh::CHINESE)
}

impl Language {
    /// Its words.
    pub fn strings(self) -> &'static Strings {
        match self {
            Language::English => &en::ENGLISH,
            Language::Chinese => chinese(),
        }
    }

    /// As in the `lang` attribute.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh-Hans",
        }
    }

    /// The one that fits a tag of the browser, as in `zh-CN`.
    pub fn for_tag(tag: &str) -> Language {
        if tag.to_ascii_lowercase().starts_with("zh") {
            Language::Chinese
        } else {
            Language::English
        }
    }

    /// The other one.
    pub const fn other(self) -> Language {
        match self {
            Language::English => Language::Chinese,
            Language::Chinese => Language::English,
        }
    }
}

/// What a server is and in which phase.
pub type Standing = (ServerState, Phase);

/// All words of one language. Functions where the order of words differs.
pub struct Strings {
    /// The title of the page.
    pub title: &'static str,
    /// Between what happened and why.
    pub colon: &'static str,
    /// The name of the *other* language, on the button that switches to it.
    pub other_language: &'static str,
    /// Name of that button.
    pub switch_language: &'static str,
    /// Name of the theme button.
    pub switch_theme: &'static str,
    /// Help.
    pub help: &'static str,
    /// Close.
    pub close: &'static str,
    /// Undo.
    pub undo: &'static str,

    /// Strip: the leader.
    pub leader: &'static str,
    /// Strip: the epoch.
    pub epoch: &'static str,
    /// Strip: the quorum.
    pub quorum: &'static str,
    /// Strip: present of all that vote.
    pub present_of: fn(usize, usize) -> String,
    /// Strip: how many make a quorum.
    pub quorum_hint: fn(usize) -> String,
    /// Strip: the last committed zxid.
    pub committed: &'static str,
    /// Strip: no leader.
    pub none: &'static str,
    /// Strip: that many invariants hold.
    pub invariants_hold: fn(usize) -> String,
    /// Strip: that many are broken.
    pub invariants_broken: fn(usize) -> String,
    /// An invariant's name and what it says.
    pub invariant: fn(Invariant) -> (&'static str, &'static str),
    /// Was broken at this moment.
    pub broken_at: fn(Time) -> String,

    /// The course.
    pub lessons: &'static lessons::Words,
    /// Predict mode.
    pub predict: &'static predict::Words,
    /// The glossary.
    pub on_glossary: &'static glossary::Words,
    /// Name of the stage for screen readers.
    pub stage: &'static str,
    /// What a server does, under its circle.
    pub role: fn(ServerState, Option<ServerId>) -> String,
    /// What a server does, in one word for the table.
    pub role_word: fn(ServerState) -> &'static str,
    /// Down.
    pub down: &'static str,
    /// Paused.
    pub paused: &'static str,
    /// The last zxid on a stopped server's disk.
    pub on_disk: &'static str,
    /// Whom a server votes for while it looks.
    pub votes_for: fn(ServerId) -> String,
    /// An observer votes for nobody.
    pub votes_for_nobody: &'static str,
    /// The round of election, and how many votes agree with its own.
    pub round_and_votes: fn(u64, usize, usize) -> String,
    /// The wall.
    pub partition: &'static str,
    /// A client, by name.
    pub client: fn(&str) -> String,
    /// How a client stands.
    pub client_state: fn(ClientState) -> &'static str,
    /// What a timer is for.
    pub timer: fn(TimerKind) -> &'static str,
    /// A phase of the protocol.
    pub phase: fn(Phase) -> &'static str,
    /// Nothing has been decided yet.
    pub nothing_yet: &'static str,
    /// Toggle: show pings.
    pub show_pings: &'static str,
    /// Toggle: hurry where nothing is in flight.
    pub skip_idle: &'static str,

    /// Play.
    pub play: &'static str,
    /// Pause the playback.
    pub pause_playback: &'static str,
    /// One event forward.
    pub step: &'static str,
    /// One event back.
    pub back: &'static str,
    /// To the next decision.
    pub step_decision: &'static str,
    /// To the decision before.
    pub back_decision: &'static str,
    /// To the end.
    pub live: &'static str,
    /// Speed.
    pub speed: &'static str,
    /// Slower.
    pub slower: &'static str,
    /// Faster.
    pub faster: &'static str,
    /// Name of the timeline.
    pub timeline: &'static str,
    /// Where the cursor is: time, event, last event.
    pub cursor: fn(Time, u32, u32) -> String,

    /// Heading of the server table.
    pub servers: &'static str,
    /// Column: what it does.
    pub state: &'static str,
    /// Column: last zxid.
    pub last_zxid: &'static str,
    /// Kill the leader.
    pub kill_leader: &'static str,
    /// Restart all that is down.
    pub restart_all: &'static str,
    /// Kill.
    pub kill: &'static str,
    /// Restart.
    pub restart: &'static str,
    /// Pause a server.
    pub pause: &'static str,
    /// Let it go on.
    pub resume: &'static str,
    /// Cut it off alone.
    pub isolate: &'static str,
    /// Cut the chosen servers off.
    pub cut: &'static str,
    /// What the cut button does, for these servers.
    pub cut_hint: fn(&[ServerId]) -> String,
    /// What the checkboxes are for.
    pub cut_legend: &'static str,
    /// No side is chosen.
    pub cut_none: &'static str,
    /// Name of a server's checkbox.
    pub cut_member: fn(ServerId) -> String,
    /// Heal.
    pub heal: &'static str,
    /// Begin afresh.
    pub reset: &'static str,
    /// The choice of an ensemble: participants and observers.
    pub ensemble: fn(u8, u8) -> String,
    /// Name of that choice.
    pub choose_ensemble: &'static str,
    /// Details: the last logged transaction.
    pub last_logged: &'static str,
    /// Details: the last durable one.
    pub last_durable: &'static str,
    /// Details: clients connected.
    pub connections: &'static str,
    /// Details: the transaction log.
    pub txn_log: &'static str,
    /// Details: the log is empty.
    pub log_empty: &'static str,
    /// Details: an entry that is applied, or only logged, or not even on disk.
    pub entry_state: fn(bool, bool) -> &'static str,
    /// Details: the votes of this round.
    pub votes_of_round: fn(u64) -> String,
    /// Details: from whom.
    pub from: &'static str,

    /// Heading of the feed.
    pub feed: &'static str,
    /// The feed has nothing yet.
    pub feed_empty: &'static str,
    /// Heading of the console.
    pub console: &'static str,
    /// Shown while nothing has been typed.
    pub console_hint: &'static str,
    /// A new session.
    pub connect: &'static str,
    /// Heading of the trees.
    pub znodes: &'static str,
    /// The tree is not the leader's.
    pub differs: &'static str,
    /// A server's tree is on disk only.
    pub tree_down: &'static str,
    /// Kinds of znodes, for their marks.
    pub ephemeral: &'static str,

    /// The help's keys: key and what it does.
    pub keys: &'static [(&'static str, &'static str)],
    /// The help's first sentences.
    pub help_intro: &'static str,
    /// The help on colours and shapes.
    pub help_legend: &'static [(&'static str, &'static str)],
    /// Heading of the keys.
    pub help_keys: &'static str,
    /// Heading of the legend.
    pub help_shapes: &'static str,

    /// Name of the buttons that do something to the whole ensemble.
    pub faults: &'static str,
    /// Name of the inspector's tabs.
    pub inspector: &'static str,
    /// Name of the tabs below the stage.
    pub below_stage: &'static str,
    /// Tab: the ensemble.
    pub ensemble_tab: &'static str,
    /// Tab: the chosen server.
    pub server: &'static str,
    /// Tab: clients and sessions.
    pub sessions: &'static str,
    /// Tab: packets.
    pub packet: &'static str,
    /// Tab: the reason.
    pub why_tab: &'static str,
    /// Tab: the space-time diagram.
    pub lanes: &'static str,
    /// The lanes follow the cursor.
    pub lanes_follow: &'static str,
    /// The lanes show an earlier time.
    pub lanes_earlier: &'static str,
    /// The lanes show a later time.
    pub lanes_later: &'static str,
    /// The lanes show more time.
    pub lanes_wider: &'static str,
    /// The lanes show less time.
    pub lanes_closer: &'static str,
    /// Only one of so many events was looked at.
    pub lanes_thinned: fn(usize) -> String,
    /// Before an epoch's number.
    pub epoch_word: &'static str,
    /// Mark: begins to lead.
    pub mark_leads: &'static str,
    /// Mark: is killed or exits.
    pub mark_crash: &'static str,
    /// Mark: gives up leading.
    pub mark_gives_up: &'static str,
    /// Mark: the network is healed.
    pub mark_heal: &'static str,
    /// Mark: something happens to a disk.
    pub mark_disk: &'static str,
    /// Mark: an invariant breaks.
    pub mark_violation: &'static str,
    /// Keep a packet from going on.
    pub hold: &'static str,
    /// Let it go on.
    pub release: &'static str,
    /// Let it arrive at once.
    pub deliver_now: &'static str,
    /// What that means for those before it.
    pub deliver_hint: &'static str,
    /// Lose a packet.
    pub lose: &'static str,
    /// What that means for its connection.
    pub lose_hint: &'static str,
    /// A packet is held.
    pub held: &'static str,
    /// A packet waits behind one that is.
    pub behind: &'static str,
    /// Heading of what can be done to a packet's direction.
    pub connection_of: &'static str,
    /// How large a packet is.
    pub size: &'static str,
    /// So many bytes.
    pub bytes: fn(u64) -> String,
    /// Cut one direction.
    pub cut_way: &'static str,
    /// Mend one direction.
    pub mend_way: &'static str,
    /// Make one direction slow.
    pub slow_way: &'static str,
    /// Hold everything that goes one way.
    pub hold_way: &'static str,
    /// Close a session.
    pub close_session: &'static str,
    /// Kill a client.
    pub crash_client: &'static str,
    /// What that means for its session.
    pub crash_hint: &'static str,
    /// Heading of a server's disk.
    pub disk: &'static str,
    /// A write that has not reached the disk.
    pub being_written: &'static str,
    /// Make a disk slow.
    pub disk_slow: &'static str,
    /// Fill a disk.
    pub disk_full: &'static str,
    /// Break a disk.
    pub disk_failing: &'static str,
    /// Mend a disk.
    pub disk_mend: &'static str,
    /// Cut the last record of the log.
    pub disk_torn: &'static str,
    /// Flip a bit of the last record of the log.
    pub disk_corrupt: &'static str,
    /// Empty the data directory.
    pub disk_lost: &'static str,
    /// Heading of the request processors.
    pub processors: &'static str,
    /// No server is chosen.
    pub choose_server: &'static str,
    /// There are no clients.
    pub no_clients: &'static str,
    /// Column: the session timeout.
    pub timeout: &'static str,
    /// Column: requests without a reply.
    pub pending: &'static str,
    /// To whom.
    pub to: &'static str,
    /// When it was sent.
    pub sent: &'static str,
    /// When it arrives.
    pub arrives: &'static str,
    /// A packet waits at a partition.
    pub stalled: &'static str,
    /// The chosen packet has arrived or died.
    pub packet_gone: &'static str,
    /// There are no packets.
    pub nothing_on_its_way: &'static str,
    /// Heading of the chain of causes.
    pub causes: &'static str,
    /// A packet that only opens or closes a connection.
    pub connection_packet: &'static str,
    /// A packet arrived or died: from, to, label, whether it died.
    pub delivered: fn(&str, &str, &str, bool) -> String,
    /// A timer fired.
    pub timer_fired: fn(&str) -> String,
    /// A write is durable.
    pub written: fn(&str) -> String,
    /// A write to this server’s disk failed.
    pub write_failed: fn(&str) -> String,

    /// The scenario panel.
    pub scenario: &'static scenario::ScenarioWords,
    /// Menus and tools of the stage.
    pub on_stage: &'static stage::StageWords,
    /// The consoles.
    pub on_console: &'static console::ConsoleWords,
    /// The classroom.
    pub on_class: &'static class::ClassWords,
    /// What can be saved as a file.
    pub on_export: &'static export::ExportWords,
    /// The feed's filter.
    pub on_feed: &'static feed::FeedWords,
    /// The znodes.
    pub on_znodes: &'static znodes::ZnodeWords,

    /// Saved work could not be read.
    pub unreadable: fn(&str) -> String,
    /// Saved work was restored.
    pub restored: &'static str,
    /// The browser does not keep work.
    pub not_saved: &'static str,
    /// Branches and running until something.
    pub time: &'static time::TimeStrings,
    /// Recipes.
    pub recipes: &'static recipes::RecipeStrings,
    /// Files and links.
    pub work: &'static work::WorkStrings,
    /// A fresh start.
    pub was_reset: &'static str,
    /// The scenario or the action is refused.
    pub refused: fn(&str) -> String,

    /// What an actor is called.
    pub actor: fn(&Names, Actor) -> String,
    /// A decision.
    pub why: fn(&str, &Why) -> Sentence,
    /// An action.
    pub act: fn(&Names, &Action) -> Sentence,
    /// A change of state.
    pub state_changed: fn(&str, Standing, Standing) -> Sentence,
    /// A lost packet.
    pub lost: fn(&str, &str, &str) -> Sentence,
    /// A broken invariant.
    pub violated: fn(&Violation) -> Sentence,
}

/// Seconds and milliseconds, as in `12.300 s`.
pub fn seconds(time: Time) -> String {
    format!("{}.{:03} s", time.ms() / 1000, time.ms() % 1000)
}

//! Everything a reader can do, as values.

use std::rc::Rc;
use zklab_core::sim::action::Action;
use zklab_core::types::{ServerId, Time};

/// A panel. On a phone one of them is seen at a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Panel {
    /// The server table.
    #[default]
    Servers,
    /// The feed.
    Feed,
    /// The console.
    Console,
    /// The trees.
    Znodes,
}

/// Everything a reader can do.
#[derive(Clone, PartialEq, Debug)]
pub enum UiAction {
    /// Play or pause.
    TogglePlaying,
    /// Change the speed.
    Faster,
    /// Change the speed.
    Slower,
    /// One event forward.
    Step,
    /// One event back.
    Back,
    /// To the next decision.
    StepDecision,
    /// To the decision before.
    BackDecision,
    /// To an event.
    Seek(u32),
    /// To a moment.
    SeekTime(Time),
    /// To the end.
    Live,
    /// Do something to the world.
    Act(Action),
    /// Kill the leader.
    KillLeader,
    /// Start all that is down.
    RestartAll,
    /// Cut the chosen side off, or this server alone.
    Partition(Option<ServerId>),
    /// Cut the chosen side off, or heal if it is cut.
    TogglePartition,
    /// Heal.
    Heal,
    /// Put a server on the chosen side, or take it from there.
    ToggleMember(ServerId),
    /// A new session for the console's client.
    Connect,
    /// A line of the console.
    Command(Rc<str>),
    /// Show a server's details, or hide them.
    Select(ServerId),
    /// Show a panel.
    Show(Panel),
    /// Show pings or hide them.
    TogglePings,
    /// Hurry where nothing is in flight, or don't.
    ToggleSkipIdle,
    /// Show the help or hide it.
    ToggleHelp,
    /// Show the invariants or hide them.
    ToggleInvariants,
    /// Close whatever is open.
    Escape,
    /// Take the message away.
    Dismiss,
    /// Take the last fork or reset back.
    Undo,
    /// The other language.
    ToggleLanguage,
    /// The other theme.
    ToggleTheme {
        /// Whether the system prefers dark.
        is_system_dark: bool,
    },
    /// The ensemble of the next fresh start: participants and observers.
    Choose(u8, u8),
    /// Begin afresh.
    Reset,
    /// The page is left: the last moment to save.
    Leave,
}

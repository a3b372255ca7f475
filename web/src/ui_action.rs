//! Everything a reader can do, as values.

pub mod class;
pub mod console;
pub mod export;
pub mod feed;
pub mod glossary;
pub mod lesson;
pub mod predict;
pub mod recipes;
pub mod scenario;
pub mod stage;
mod time;
mod work;

pub use time::TimeAction;
pub use work::{FileProblem, WorkAction};

use crate::stretch::Stretch;
use class::ClassAction;
use console::ConsoleAction;
use export::ExportAction;
use feed::FeedAction;
use glossary::GlossaryAction;
use lesson::LessonAction;
use predict::PredictAction;
use recipes::RecipeAction;
use scenario::ScenarioAction;
use stage::StageAction;
use std::rc::Rc;
use zklab_core::sim::action::Action;
use zklab_core::types::{Actor, ClientId, ServerId, Time};

/// A panel. On a phone one of all is seen at a time; on a wide page one of each [`Group`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Panel {
    /// The server table.
    #[default]
    Servers,
    /// The chosen server.
    Server,
    /// Clients, their sessions and watches.
    Sessions,
    /// The chosen packet.
    Packet,
    /// The reason of a decision.
    Why,
    /// The scenario of the next fresh start.
    Scenario,
    /// The space-time diagram.
    Lanes,
    /// The trees.
    Znodes,
    /// Recipes: who holds, who waits.
    Recipes,
    /// The branches, and two of them compared.
    Branches,
    /// The feed.
    Feed,
    /// The console.
    Console,
    /// The course, or the open lesson.
    Course,
}

/// Panels that share a place on a wide page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    /// At the right, above: the ensemble, and what is chosen in it.
    Inspector,
    /// Below the stage.
    Lower,
    /// Beside it: the console, alone.
    Console,
    /// At the right, below: the feed, alone.
    Feed,
    /// At the left, over the whole height: the course, alone.
    Course,
}

impl Panel {
    /// All, in the order of their tabs.
    pub const ALL: [Panel; 13] = [
        Panel::Course,
        Panel::Servers,
        Panel::Server,
        Panel::Sessions,
        Panel::Packet,
        Panel::Why,
        Panel::Scenario,
        Panel::Lanes,
        Panel::Znodes,
        Panel::Recipes,
        Panel::Branches,
        Panel::Feed,
        Panel::Console,
    ];

    /// Where it is on a wide page.
    pub const fn group(self) -> Group {
        match self {
            Panel::Servers
            | Panel::Server
            | Panel::Sessions
            | Panel::Packet
            | Panel::Why
            | Panel::Scenario => Group::Inspector,
            Panel::Lanes | Panel::Znodes | Panel::Recipes | Panel::Branches => Group::Lower,
            Panel::Console => Group::Console,
            Panel::Feed => Group::Feed,
            Panel::Course => Group::Course,
        }
    }

    /// Its name in attributes.
    pub const fn name(self) -> &'static str {
        match self {
            Panel::Servers => "servers",
            Panel::Server => "server",
            Panel::Sessions => "sessions",
            Panel::Packet => "packet",
            Panel::Why => "why",
            Panel::Scenario => "scenario",
            Panel::Lanes => "lanes",
            Panel::Znodes => "znodes",
            Panel::Recipes => "recipes",
            Panel::Branches => "branches",
            Panel::Feed => "feed",
            Panel::Console => "console",
            Panel::Course => "course",
        }
    }
}

/// Which panels are seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Panels {
    /// On a phone.
    pub sheet: Panel,
    /// On a wide page, in the inspector.
    pub inspector: Panel,
    /// On a wide page, below the stage.
    pub lower: Panel,
    /// Whether the trees have been at the front yet.
    pub has_shown_znodes: bool,
}

impl Default for Panels {
    fn default() -> Panels {
        Panels {
            sheet: Panel::Servers,
            inspector: Panel::Servers,
            lower: Panel::Lanes,
            has_shown_znodes: false,
        }
    }
}

impl Panels {
    /// Brings a panel to the front.
    pub fn show(&mut self, panel: Panel) {
        self.sheet = panel;
        self.has_shown_znodes |= panel == Panel::Znodes;
        match panel.group() {
            Group::Inspector => self.inspector = panel,
            Group::Lower => self.lower = panel,
            Group::Console | Group::Feed | Group::Course => {}
        }
    }

    /// The one at the front of a group.
    pub fn front(self, group: Group) -> Panel {
        match group {
            Group::Inspector => self.inspector,
            Group::Lower => self.lower,
            Group::Console => Panel::Console,
            Group::Feed => Panel::Feed,
            Group::Course => Panel::Course,
        }
    }
}

/// What is chosen on the stage, and shown in the inspector.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Selection {
    /// A server.
    Server(ServerId),
    /// A client.
    Client(ClientId),
    /// A packet, by its number.
    Packet(u64),
    /// What goes on between two.
    Link(Actor, Actor),
}

impl Selection {
    /// The server, if it is one.
    pub fn server(self) -> Option<ServerId> {
        match self {
            Selection::Server(id) => Some(id),
            Selection::Client(_) | Selection::Packet(_) | Selection::Link(..) => None,
        }
    }

    /// The client, if it is one.
    pub fn client(self) -> Option<ClientId> {
        match self {
            Selection::Client(id) => Some(id),
            Selection::Server(_) | Selection::Packet(_) | Selection::Link(..) => None,
        }
    }

    /// The panel that shows it.
    pub fn panel(self) -> Panel {
        match self {
            Selection::Server(_) => Panel::Server,
            Selection::Client(_) => Panel::Sessions,
            Selection::Packet(_) | Selection::Link(..) => Panel::Packet,
        }
    }
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
    /// Do several things to the world at one moment.
    Together(Rc<[Action]>),
    /// Do something with the scenario.
    Scenario(ScenarioAction),
    /// Do something with the stage.
    Stage(StageAction),
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
    /// Do something with the consoles.
    Console(ConsoleAction),
    /// Choose what the feed shows.
    Feed(FeedAction),
    /// Save something as a file.
    Export(ExportAction),
    /// Choose something, and show it in the inspector; or let it go if it was chosen.
    Select(Selection),
    /// Show the reason of the decision of this row of the feed, by its event.
    Explain(u32),
    /// Show a panel.
    Show(Panel),
    /// The lanes show another stretch of time.
    Lanes(Stretch),
    /// The pointer is on this event in the lanes, or on none.
    Hover(Option<u32>),
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
    /// Small menus close: something else was pressed.
    CloseMenus,
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
    /// Lessons and challenges.
    Lesson(LessonAction),
    /// The classroom.
    Class(ClassAction),
    /// The glossary.
    Glossary(GlossaryAction),
    /// Predict mode.
    Predict(PredictAction),
    /// Begin afresh.
    Reset,
    /// Do something with recipes.
    Recipe(RecipeAction),
    /// Do something with time: branches, steps, running until something.
    Time(TimeAction),
    /// Do something with the work as a whole: files and links.
    Work(WorkAction),
    /// The page is left: the last moment to save.
    Leave,
}

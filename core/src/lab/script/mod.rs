//! The scenario language: what an ensemble is, what is done to it, and what is expected of it. One
//! plain text for files, saved work, golden tests, lessons and `zklab run`.
//!
//! ```text
//! title "A leader dies and its log comes back"
//! ensemble 3
//! seed 42
//! start
//! until leader within 30s
//! client c1 timeout 10s
//! c1> create /x hello
//! at 30s kill s3
//! expect leader s2 within 20s
//! ```
//!
//! A statement a line; `docs/scenarios.md` is the tour and the grammar. [`parse`] reads a text,
//! [`format`] writes it in its one canonical form, line for line, and [`run::run`] lets it happen.
//!
//! What a statement does, it does with values of the rest of the lab: an [`Action`] is read from its
//! verb ([`verbs`]), a [`Condition`] from its keyword ([`expect`]). Clients are named in the text and
//! numbered in the order in which they first appear, as the world numbers them.

pub(in crate::lab) mod branches;
mod disk;
pub mod expect;
pub(in crate::lab) mod facts;
mod network;
mod ops;
mod parse;
mod print;
mod recipes;
pub mod run;
pub mod text;
pub mod verbs;

pub use expect::Condition;
pub use parse::{parse, parse_part};
pub use print::{format, of_run};
pub(in crate::lab) use print::{head, step, write_statement};

use crate::lab::Scenario;
use crate::lab::scenario::ServerLine;
use crate::mistake::Mistake;
use crate::recipe;
use crate::sim::action::Action;
use crate::txn::Op;
use crate::types::{ClientId, ServerId, Time};
use std::fmt;
use std::rc::Rc;

/// The first line of saved work: what it is, and the version of the language.
pub const VERSION: &str = "zklab 2";
/// The longest text, in bytes.
pub const MOST_BYTES: usize = 16 << 20;
/// The longest line, in bytes. A znode's data may be a megabyte.
pub const MOST_LINE_BYTES: usize = 2 << 20;
/// The most lines.
pub const MOST_LINES: usize = 200_000;
/// The most clients.
pub const MOST_CLIENTS: usize = 1000;
/// The most errors that are told of one text.
pub const MOST_ERRORS: usize = 20;
/// How long `until`, and a command that waits, wait if nothing else is said: microseconds.
pub const PATIENCE_US: u64 = 60_000_000;

/// Something in a text that cannot be understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptError {
    /// In which line, from 1.
    pub line: u32,
    /// At which character, from 1.
    pub column: u32,
    /// What was expected, and what was found.
    pub message: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for ScriptError {}

/// A text that was understood: its lines, one for one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Script {
    /// In order; the first is line 1.
    pub lines: Vec<Line>,
}

/// A line: a statement, a comment, both or neither.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    /// What it says.
    pub statement: Option<Statement>,
    /// What stands after `#`.
    pub comment: Option<String>,
}

/// What a line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Statement {
    /// `zklab 2`: it was saved by the lab.
    Version,
    /// What it shows, in a sentence or two.
    Title(String),
    /// What to look at, in two sentences.
    About(String),
    /// How many servers there are.
    Ensemble {
        /// Voters: the first ones.
        participants: u8,
        /// Observers: those after them.
        observers: u8,
    },
    /// One server's role, group and weight.
    Server(ServerLine),
    /// What decides chance.
    Seed(u64),
    /// A key of zoo.cfg.
    Set {
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    },
    /// A deliberate mistake of the protocol is switched on.
    Mistake(Mistake),
    /// Something is done, awaited or expected.
    Step(Step),
    /// What happened before does not count for later expectations.
    Mark,
    /// The steps from here on are those of a branch; before the first such line, of branch 1.
    Branch {
        /// Its number.
        number: u32,
        /// Its name, if it was given one.
        name: Option<String>,
        /// The branch it left, which stands before it, and after how many of its steps. Those are
        /// this branch's as well.
        from: Option<(u32, u32)>,
    },
    /// This branch is the one that runs; if nothing is said, the first.
    Current(u32),
    /// The run has so many events and goes on to this moment.
    End {
        /// How many events.
        events: u32,
        /// The moment.
        at: Time,
        /// Which event each action of the branch was, those that it shares left out, as far as
        /// that is known.
        acted: Vec<u32>,
    },
    /// Whoever opens it looks at the moment after so many events.
    Cursor {
        /// How many events.
        events: u32,
        /// The moment.
        at: Time,
    },
}

/// Something that takes its place in time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// When.
    pub moment: Moment,
    /// What.
    pub body: Body,
}

/// When a step happens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Moment {
    /// At once.
    Now,
    /// At this moment of the run.
    At(Time),
    /// So many microseconds later.
    After(u64),
}

/// What a step is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Body {
    /// Time passes, nothing else.
    Pass,
    /// Something is done.
    Act(Action),
    /// A line is typed in a client's console, and its answer awaited.
    Ask {
        /// Whose.
        client: ClientId,
        /// What it asks.
        op: Op,
        /// As typed.
        line: Rc<str>,
    },
    /// A client asks something of a recipe, and has it awaited: until it holds, waits for nobody,
    /// or has given back.
    Follow {
        /// Whose.
        client: ClientId,
        /// What.
        ask: recipe::Ask,
    },
    /// Time passes until something is so.
    Until {
        /// What.
        condition: Condition,
        /// How long at most, in microseconds.
        within_us: u64,
    },
    /// Something must be so.
    Expect {
        /// What.
        condition: Condition,
        /// Whether it must not be.
        is_not: bool,
        /// Not only now, but at some moment of so many microseconds (or, if it must not be, at
        /// none).
        within_us: Option<u64>,
    },
}

/// What names in a text stand for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// The servers that there are, in ascending order.
    pub servers: Vec<ServerId>,
    /// Names of clients; the first is client 1.
    pub clients: Vec<Rc<str>>,
}

impl Scope {
    /// The client of that name.
    pub fn client(&self, name: &str) -> Option<ClientId> {
        let place = self.clients.iter().position(|known| &**known == name)?;
        u16::try_from(place + 1).ok().map(ClientId)
    }

    /// The name of a client. Every client of a script has one.
    pub fn name(&self, client: ClientId) -> &str {
        let place = usize::from(client.0).checked_sub(1);
        place.and_then(|place| self.clients.get(place)).map_or("", |name| name)
    }

    /// A server exists from here on.
    pub fn add_server(&mut self, id: ServerId) {
        if let Err(place) = self.servers.binary_search(&id) {
            self.servers.insert(place, id);
        }
    }

    /// A client of that name exists from here on.
    pub fn add_client(&mut self, name: &Rc<str>) {
        if !self.clients.contains(name) {
            self.clients.push(name.clone());
        }
    }
}

impl Script {
    /// The ensemble, its settings and the seed.
    pub fn scenario(&self) -> Scenario {
        let mut scenario = Scenario::default();
        for statement in self.lines.iter().filter_map(|line| line.statement.as_ref()) {
            match statement {
                Statement::Ensemble { participants, observers } => {
                    scenario.participants = *participants;
                    scenario.observers = *observers;
                }
                Statement::Server(line) => scenario.servers.push(line.clone()),
                Statement::Seed(seed) => scenario.seed = *seed,
                Statement::Set { key, value } => {
                    scenario.config.push((key.clone(), value.clone()));
                }
                Statement::Mistake(mistake) => {
                    scenario.mistakes = scenario.mistakes.with(*mistake);
                }
                Statement::Version
                | Statement::Title(_)
                | Statement::About(_)
                | Statement::Step(_)
                | Statement::Mark
                | Statement::Branch { .. }
                | Statement::Current(_)
                | Statement::End { .. }
                | Statement::Cursor { .. } => {}
            }
        }
        scenario
    }

    /// What to look at, if it says so.
    pub fn about(&self) -> Option<&str> {
        self.lines.iter().find_map(|line| match &line.statement {
            Some(Statement::About(about)) => Some(about.as_str()),
            Some(_) | None => None,
        })
    }

    /// What it shows, if it says so.
    pub fn title(&self) -> Option<&str> {
        self.lines.iter().find_map(|line| match &line.statement {
            Some(Statement::Title(title)) => Some(title.as_str()),
            Some(_) | None => None,
        })
    }
}

//! What a client was asked and answered, for its console. Part of the world, so that going back in
//! time goes back in the console too.

use crate::chunks::Chunks;
use crate::client::session::State;
use crate::error::KeeperError;
use crate::recipe::Told;
use crate::txn::{Op, Path, Reply, WatchEvent};
use std::rc::Rc;

/// One thing that a console shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// A line was typed and sent off.
    Typed(Rc<str>),
    /// A typed request was answered.
    Answered {
        /// What was asked.
        op: Rc<Op>,
        /// The line it was typed as.
        line: Rc<str>,
        /// The answer.
        result: Result<Reply, KeeperError>,
    },
    /// A watch fired.
    Watch(WatchEvent),
    /// The session's state changed.
    State(State),
    /// A recipe has told something.
    Told(Path, Told),
}

/// The console's memory of one client.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    /// In order. Shared: a copy of the world copies the end of the list.
    pub entries: Chunks<Rc<Entry>>,
    /// How many of them are typed lines.
    pub typed: u32,
    /// Typed, not answered, by the client's number for the request.
    waiting: Vec<(u32, Rc<str>)>,
}

impl Transcript {
    /// A request was submitted; `line` is what was typed, if it was.
    pub fn submitted(&mut self, number: u32, line: Option<&Rc<str>>) {
        if let Some(line) = line {
            self.entries.push(Rc::new(Entry::Typed(line.clone())));
            self.typed += 1;
            self.waiting.push((number, line.clone()));
        }
    }

    /// A line was typed that asks something of a recipe.
    pub fn typed(&mut self, line: &Rc<str>) {
        self.entries.push(Rc::new(Entry::Typed(line.clone())));
    }

    /// A recipe tells something.
    pub fn told(&mut self, path: &Path, told: &Told) {
        self.entries.push(Rc::new(Entry::Told(path.clone(), told.clone())));
    }

    /// A request was answered.
    pub fn completed(&mut self, number: u32, op: &Op, result: &Result<Reply, KeeperError>) {
        let Some(at) = self.waiting.iter().position(|(waiting, _)| *waiting == number) else {
            return;
        };
        let (_, line) = self.waiting.remove(at);
        let op = Rc::new(op.clone());
        let answered = Entry::Answered { op, line, result: result.clone() };
        self.entries.push(Rc::new(answered));
    }

    /// A watch fired.
    pub fn watch(&mut self, event: &WatchEvent) {
        self.entries.push(Rc::new(Entry::Watch(event.clone())));
    }

    /// The session's state changed.
    pub fn state(&mut self, state: State) {
        self.entries.push(Rc::new(Entry::State(state)));
    }
}

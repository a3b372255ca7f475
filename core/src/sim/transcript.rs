//! What a client was asked and answered, for its console. Part of the world, so that going back in
//! time goes back in the console too.

use crate::chunks::Chunks;
use crate::client::session::State;
use crate::error::KeeperError;
use crate::pack::chunk::Chunk;
use crate::pack::pack_enum;
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

/// So many entries are kept as bytes together.
const TOGETHER: usize = 64;

/// Everything that a console shows, in order: what is old is kept as bytes.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    packed: Chunks<Rc<Chunk<Rc<Entry>>>>,
    /// Fewer than are kept together.
    tail: Rc<Vec<Rc<Entry>>>,
}

impl Entries {
    /// How many.
    pub fn len(&self) -> usize {
        self.packed.len() * TOGETHER + self.tail.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn push(&mut self, entry: Entry) {
        let tail = Rc::make_mut(&mut self.tail);
        tail.push(Rc::new(entry));
        if tail.len() == TOGETHER
            && let Some(chunk) = Chunk::pack(tail, &mut Vec::new())
        {
            self.packed.push(Rc::new(chunk.squeezed()));
            self.tail = Rc::default();
        }
    }

    /// From `index` on, without visiting what is before.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = Rc<Entry>> + '_ {
        let first = (index / TOGETHER).min(self.packed.len());
        let packed = self.packed.iter_from(first).flat_map(|chunk| chunk.unpack());
        packed.chain(self.tail.iter().cloned()).skip(index - first * TOGETHER)
    }
}

/// The console's memory of one client.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    /// What it shows.
    pub entries: Entries,
    /// How many of them are typed lines.
    pub typed: u32,
    /// Typed, not answered, by the client's number for the request.
    waiting: Vec<(u32, Rc<str>)>,
}

impl Transcript {
    /// A request was submitted; `line` is what was typed, if it was.
    pub fn submitted(&mut self, number: u32, line: Option<&Rc<str>>) {
        if let Some(line) = line {
            self.entries.push(Entry::Typed(line.clone()));
            self.typed += 1;
            self.waiting.push((number, line.clone()));
        }
    }

    /// A line was typed that asks something of a recipe.
    pub fn typed(&mut self, line: &Rc<str>) {
        self.entries.push(Entry::Typed(line.clone()));
    }

    /// A recipe tells something.
    pub fn told(&mut self, path: &Path, told: &Told) {
        self.entries.push(Entry::Told(path.clone(), told.clone()));
    }

    /// A request was answered.
    pub fn completed(&mut self, number: u32, op: &Op, result: &Result<Reply, KeeperError>) {
        let Some(at) = self.waiting.iter().position(|(waiting, _)| *waiting == number) else {
            return;
        };
        let (_, line) = self.waiting.remove(at);
        let op = Rc::new(op.clone());
        let answered = Entry::Answered { op, line, result: result.clone() };
        self.entries.push(answered);
    }

    /// A watch fired.
    pub fn watch(&mut self, event: &WatchEvent) {
        self.entries.push(Entry::Watch(event.clone()));
    }

    /// The session's state changed.
    pub fn state(&mut self, state: State) {
        self.entries.push(Entry::State(state));
    }
}

pack_enum!(Entry { Typed(a), Answered { op, line, result }, Watch(a), State(a), Told(a, b) });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_entries_are_kept_as_they_were() {
        let mut transcript = Transcript::default();
        for n in 0..1000_u32 {
            transcript.submitted(n, Some(&format!("create /a-{n}").into()));
            let op = Op::GetAcl { path: format!("/a-{n}").into() };
            transcript.completed(n, &op, &Err(KeeperError::NoNode));
            transcript.state(State::Connected);
        }
        let entries = transcript.entries;
        assert_eq!(entries.len(), 3000);
        let of = |at: usize| entries.iter_from(at).next();
        for n in [0, 21, 22, 500, 999] {
            let (line, path) = (format!("create /a-{n}").into(), format!("/a-{n}").into());
            let (op, result) = (Rc::new(Op::GetAcl { path }), Err(KeeperError::NoNode));
            let line: Rc<str> = line;
            assert_eq!(of(3 * n).as_deref(), Some(&Entry::Typed(line.clone())));
            let answered = Entry::Answered { op, line, result };
            assert_eq!(of(3 * n + 1).as_deref(), Some(&answered));
            assert_eq!(of(3 * n + 2).as_deref(), Some(&Entry::State(State::Connected)));
            assert_eq!(entries.iter_from(3 * n).count(), 3000 - 3 * n);
        }
        assert_eq!(of(3000), None);
        let packed: usize = entries.packed.iter().map(|chunk| chunk.bytes()).sum();
        assert!(packed < entries.len() * 12, "{packed} bytes");
    }
}

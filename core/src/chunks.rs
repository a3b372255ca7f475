//! A list that only grows at its end, and that is cheap to clone however long it is.
//!
//! The timeline keeps copies of whole worlds. Their logs and histories differ only in their tails,
//! so a copy shares all full chunks and costs a pointer per chunk.

use std::rc::Rc;

/// So many items make a chunk.
pub const CHUNK: usize = 256;

/// The full chunks of a list. Of the first ones the items may be forgotten: they still count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Full<C> {
    kept: Vec<C>,
    forgotten: usize,
}

impl<C> Default for Full<C> {
    fn default() -> Full<C> {
        Full { kept: Vec::new(), forgotten: 0 }
    }
}

impl<C> Full<C> {
    /// How many chunks.
    pub fn count(&self) -> usize {
        self.forgotten + self.kept.len()
    }

    /// Where what is kept begins: everything before this item is forgotten.
    pub fn kept_from(&self) -> usize {
        self.forgotten * CHUNK
    }

    /// How many chunks there are to be forgotten, if those are that end before item `index`.
    fn upto(&self, index: usize) -> usize {
        (index / CHUNK).min(self.count())
    }

    /// Whether there is anything to forget before `index`.
    pub fn may_forget(&self, index: usize) -> bool {
        self.forgotten < self.upto(index)
    }

    /// Forgets what is before `index`, up to a chunk of it. The length and the places of all others stay
    /// what they were.
    pub fn forget(&mut self, index: usize) {
        let upto = self.upto(index);
        self.kept.drain(..upto.saturating_sub(self.forgotten));
        self.forgotten = self.forgotten.max(upto);
    }

    /// The chunk of this number.
    pub fn find(&self, number: usize) -> Found<'_, C> {
        match number.checked_sub(self.forgotten).map(|kept| self.kept.get(kept)) {
            None => Found::Forgotten,
            Some(None) => Found::Tail,
            Some(Some(chunk)) => Found::Full(chunk),
        }
    }

    /// Those that are kept, from this number on.
    pub fn iter_from(&self, number: usize) -> impl DoubleEndedIterator<Item = &C> + '_ {
        self.kept[number.saturating_sub(self.forgotten).min(self.kept.len())..].iter()
    }

    /// The last of those that are kept whose beginning fulfils something, and its number, if those
    /// that do come before those that don't.
    pub fn last_that(&self, begins_so: impl Fn(&C) -> bool) -> Option<(usize, &C)> {
        let last = self.kept.partition_point(begins_so).checked_sub(1)?;
        Some((self.forgotten + last, &self.kept[last]))
    }

    /// One more.
    pub fn push(&mut self, chunk: C) {
        self.kept.push(chunk);
    }

    /// Keeps the first `chunks`, which are not all forgotten.
    pub fn truncate(&mut self, chunks: usize) {
        self.kept.truncate(chunks - self.forgotten);
    }
}

/// Where a chunk is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found<'a, C> {
    /// Nowhere any more.
    Forgotten,
    /// Here.
    Full(&'a C),
    /// It is not full: the tail of the list, or after it.
    Tail,
}

/// An append-mostly list in shared chunks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chunks<T> {
    full: Full<Rc<Vec<T>>>,
    tail: Rc<Vec<T>>,
}

impl<T> Default for Chunks<T> {
    fn default() -> Chunks<T> {
        Chunks { full: Full::default(), tail: Rc::new(Vec::new()) }
    }
}

impl<T: Clone> Chunks<T> {
    /// How many.
    pub fn len(&self) -> usize {
        self.full.count() * CHUNK + self.tail.len()
    }

    /// Where what is kept begins: everything before it is forgotten, though it still counts.
    pub fn kept_from(&self) -> usize {
        self.full.kept_from()
    }

    /// Forgets what is before `index`, up to a chunk of it.
    pub fn forget(&mut self, index: usize) {
        self.full.forget(index);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one at `index`.
    pub fn get(&self, index: usize) -> Option<&T> {
        match self.full.find(index / CHUNK) {
            Found::Forgotten => None,
            Found::Full(chunk) => chunk.get(index % CHUNK),
            Found::Tail => self.tail.get(index - self.full.count() * CHUNK),
        }
    }

    /// The last one.
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Adds one at the end.
    pub fn push(&mut self, item: T) {
        let tail = Rc::make_mut(&mut self.tail);
        if tail.len() == tail.capacity() {
            tail.reserve_exact(tail.len().max(4).min(CHUNK - tail.len()));
        }
        tail.push(item);
        if tail.len() == CHUNK {
            self.full.push(std::mem::take(&mut self.tail));
        }
    }

    /// Keeps the first `len`, of which none that would be the last may be forgotten.
    pub fn truncate(&mut self, len: usize) {
        if self.len() <= len {
            return;
        }
        assert!(self.kept_from() <= len, "what is forgotten cannot be the end");
        let keep = len / CHUNK;
        if let Found::Full(chunk) = self.full.find(keep) {
            self.tail = chunk.clone();
            self.full.truncate(keep);
        }
        Rc::make_mut(&mut self.tail).truncate(len % CHUNK);
    }

    /// From the first that is kept to the last.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + '_ {
        self.full.iter_from(0).flat_map(|chunk| chunk.iter()).chain(self.tail.iter())
    }

    /// From `index` on, or from where what is kept begins, without visiting what is before.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = &T> + '_ {
        let index = index.max(self.kept_from());
        let first = self.full.upto(index);
        let skip = index - first * CHUNK;
        let full = self.full.iter_from(first).flat_map(|chunk| chunk.iter());
        full.chain(self.tail.iter()).skip(skip)
    }

    /// How many at the front fulfil `predicate`, if those that do come before those that don't. What is
    /// forgotten counts among them.
    pub fn partition_point(&self, predicate: impl Fn(&T) -> bool) -> usize {
        let in_tail = self.tail.partition_point(&predicate);
        if 0 < in_tail {
            return self.full.count() * CHUNK + in_tail;
        }
        match self.full.last_that(|chunk| chunk.first().is_some_and(&predicate)) {
            Some((number, chunk)) => number * CHUNK + chunk.partition_point(&predicate),
            None => self.kept_from(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Chunks;

    #[test]
    fn behaves_like_a_vec() {
        let mut chunks = Chunks::default();
        for n in 0..1000_u32 {
            chunks.push(n);
        }
        let copy = chunks.clone();
        for cut in [1000, 999, 768, 767, 513, 512, 256, 255, 1, 0] {
            chunks.truncate(cut);
            assert_eq!(chunks.len(), cut);
            assert_eq!(
                chunks.iter().copied().collect::<Vec<_>>(),
                (0..cut as u32).collect::<Vec<_>>()
            );
            assert_eq!(chunks.last().copied(), (cut as u32).checked_sub(1));
            chunks.push(cut as u32);
            assert_eq!(chunks.get(cut), Some(&(cut as u32)));
        }
        assert_eq!(copy.len(), 1000);
        for n in [0, 1, 255, 256, 300, 768, 999, 1000] {
            assert_eq!(copy.partition_point(|item| *item < n as u32), n);
            assert_eq!(copy.iter_from(n).count(), 1000 - n);
        }
    }

    #[test]
    fn what_is_forgotten_still_counts() {
        let mut chunks = Chunks::default();
        (0..1000_u32).for_each(|n| chunks.push(n));
        let copy = chunks.clone();
        chunks.forget(600);
        assert_eq!((chunks.len(), chunks.kept_from()), (1000, 512));
        assert_eq!(
            (chunks.get(511), chunks.get(512), chunks.get(999)),
            (None, Some(&512), Some(&999))
        );
        assert!(chunks.iter().copied().eq(512..1000));
        assert!(chunks.iter_from(700).copied().eq(700..1000));
        assert_eq!(chunks.partition_point(|n| *n < 640), 640);
        assert_eq!(chunks.partition_point(|n| *n < 300), 512);
        chunks.forget(100);
        chunks.truncate(513);
        chunks.push(7);
        assert!(chunks.iter().copied().eq([512, 7]));
        chunks.forget(usize::MAX);
        assert_eq!((chunks.len(), chunks.last()), (514, Some(&7)));
        assert!(copy.iter().copied().eq(0..1000));
    }
}

//! A list that only grows at its end, and that is cheap to clone however long it is.
//!
//! The timeline keeps copies of whole worlds. Their logs and histories differ only in their tails,
//! so a copy shares all full chunks and costs a pointer per chunk.

use std::rc::Rc;

const CHUNK: usize = 256;

/// An append-mostly list in shared chunks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chunks<T> {
    /// Those that are not forgotten.
    full: Vec<Rc<Vec<T>>>,
    /// So many full chunks before them are forgotten.
    forgotten: usize,
    tail: Rc<Vec<T>>,
}

impl<T> Default for Chunks<T> {
    fn default() -> Chunks<T> {
        Chunks { full: Vec::new(), forgotten: 0, tail: Rc::new(Vec::new()) }
    }
}

impl<T: Clone> Chunks<T> {
    /// How many.
    pub fn len(&self) -> usize {
        self.full_chunks() * CHUNK + self.tail.len()
    }

    /// How many chunks are full, those that are forgotten included.
    fn full_chunks(&self) -> usize {
        self.forgotten + self.full.len()
    }

    /// Where what is kept begins: everything before it is forgotten, though it still counts.
    pub fn kept_from(&self) -> usize {
        self.forgotten * CHUNK
    }

    /// Forgets what is before `index`, up to a chunk of it. The length and the places of all others stay
    /// what they were.
    pub fn forget(&mut self, index: usize) {
        let upto = (index / CHUNK).min(self.full_chunks());
        self.full.drain(..upto.saturating_sub(self.forgotten));
        self.forgotten = self.forgotten.max(upto);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one at `index`.
    pub fn get(&self, index: usize) -> Option<&T> {
        match self.full.get((index / CHUNK).checked_sub(self.forgotten)?) {
            Some(chunk) => chunk.get(index % CHUNK),
            None => self.tail.get(index.checked_sub(self.full_chunks() * CHUNK)?),
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
        let keep = len / CHUNK - self.forgotten;
        if keep < self.full.len() {
            self.tail = self.full[keep].clone();
            self.full.truncate(keep);
        }
        Rc::make_mut(&mut self.tail).truncate(len % CHUNK);
    }

    /// From the first that is kept to the last.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + '_ {
        self.full.iter().flat_map(|chunk| chunk.iter()).chain(self.tail.iter())
    }

    /// From `index` on, or from where what is kept begins, without visiting what is before.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = &T> + '_ {
        let index = index.max(self.kept_from());
        let first = (index / CHUNK).min(self.full_chunks()) - self.forgotten;
        let skip = index - (self.forgotten + first) * CHUNK;
        let full = self.full[first..].iter().flat_map(|chunk| chunk.iter());
        full.chain(self.tail.iter()).skip(skip)
    }

    /// How many at the front fulfil `predicate`, if those that do come before those that don't. What is
    /// forgotten counts among them.
    pub fn partition_point(&self, predicate: impl Fn(&T) -> bool) -> usize {
        let starts_true = |chunk: &Rc<Vec<T>>| chunk.first().is_some_and(&predicate);
        let chunk = self.full.partition_point(starts_true);
        let in_tail = self.tail.partition_point(&predicate);
        if 0 < in_tail {
            return self.full_chunks() * CHUNK + in_tail;
        }
        match chunk.checked_sub(1) {
            Some(before) => {
                let start = (self.forgotten + before) * CHUNK;
                start + self.full[before].partition_point(&predicate)
            }
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

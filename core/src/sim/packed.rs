//! A long list that is mostly looked at near its end: whatever is older is kept as bytes.
//!
//! ```text
//!   full   ░░░░ ░░░░ ░░░░ ▒▒▒▒     256 items each, as bytes     ▒ those that were looked at last are
//!   tail                  ████     whole items                    kept whole as well
//! ```
//!
//! A run of a million events is told in some 30 MB this way; whole events with all that they point
//! to would be ten times as much. An item that has no compact form, such as a whole snapshot on its
//! way, or that is large, such as a megabyte of data that other items share, stays as it is.

use crate::chunks::{CHUNK, Found, Full};
use crate::pack::Pack;
use crate::pack::chunk::Chunk;
use std::cell::RefCell;
use std::rc::Rc;

/// Full chunks that are kept whole as well: what is looked at together lies close together.
const MOST_OPEN: usize = 16;

/// What a list may consist of.
pub trait Item: Clone + Pack {}

impl<T: Clone + Pack> Item for T {}

/// An append-mostly list. Its items are given out by value.
#[derive(Clone, Debug)]
pub struct Packed<T> {
    full: Full<Rc<Chunk<T>>>,
    tail: Rc<Vec<T>>,
    /// The full chunks that were looked at, or filled, last; the latest last.
    open: RefCell<Vec<(usize, Rc<Vec<T>>)>>,
    space: Vec<u8>,
}

impl<T> Default for Packed<T> {
    fn default() -> Packed<T> {
        Packed {
            full: Full::default(),
            tail: Rc::default(),
            open: RefCell::default(),
            space: Vec::new(),
        }
    }
}

impl<T: Item> Packed<T> {
    /// How many.
    pub fn len(&self) -> usize {
        self.full.count() * CHUNK + self.tail.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds one at the end.
    pub fn push(&mut self, item: T) {
        let tail = Rc::make_mut(&mut self.tail);
        if tail.is_empty() {
            tail.reserve_exact(CHUNK);
        }
        tail.push(item);
        if tail.len() == CHUNK {
            self.close_tail();
        }
    }

    fn close_tail(&mut self) {
        let items = std::mem::take(&mut self.tail);
        if let Some(chunk) = Chunk::pack(&items, &mut self.space) {
            let number = self.full.count();
            Self::keep_open(self.open.get_mut(), number, items);
            self.full.push(Rc::new(chunk));
        }
    }

    /// Where what is kept begins: everything before it is forgotten, though it still counts.
    pub fn kept_from(&self) -> usize {
        self.full.kept_from()
    }

    /// Forgets what is before `index`, up to a chunk of it.
    pub fn forget(&mut self, index: usize) {
        self.full.forget(index);
        let from = self.kept_from() / CHUNK;
        self.open.borrow_mut().retain(|(number, _)| from <= *number);
    }

    /// Whether there is anything to forget before `index`.
    pub fn may_forget(&self, index: usize) -> bool {
        self.full.may_forget(index)
    }

    /// The items of a chunk; the one after the full ones is the tail. Empty if it is forgotten.
    fn chunk(&self, number: usize) -> Rc<Vec<T>> {
        let chunk = match self.full.find(number) {
            Found::Forgotten => return Rc::default(),
            Found::Tail => return self.tail.clone(),
            Found::Full(chunk) => chunk,
        };
        let mut open = self.open.borrow_mut();
        if let Some(place) = open.iter().rposition(|(known, _)| *known == number) {
            open[place..].rotate_left(1);
        } else {
            Self::keep_open(&mut open, number, Rc::new(chunk.unpack()));
        }
        open.last().map(|(_, items)| items.clone()).unwrap_or_default()
    }

    fn keep_open(open: &mut Vec<(usize, Rc<Vec<T>>)>, number: usize, items: Rc<Vec<T>>) {
        if open.len() == MOST_OPEN {
            open.remove(0);
        }
        open.push((number, items));
    }

    /// The one at `index`.
    pub fn get(&self, index: usize) -> Option<T> {
        self.look(index, T::clone)
    }

    /// What is to be known of the one at `index`.
    pub fn look<R>(&self, index: usize, at: impl FnOnce(&T) -> R) -> Option<R> {
        if self.len() <= index {
            return None;
        }
        self.chunk(index / CHUNK).get(index % CHUNK).map(at)
    }

    /// The last one.
    pub fn last(&self) -> Option<T> {
        match self.tail.last() {
            Some(last) => Some(last.clone()),
            None => self.get(self.len().checked_sub(1)?),
        }
    }

    /// Keeps the first `len`, of which none that would be the last may be forgotten.
    pub fn truncate(&mut self, len: usize) {
        if self.len() <= len {
            return;
        }
        assert!(self.kept_from() <= len, "what is forgotten cannot be the end");
        let keep = len / CHUNK;
        if keep < self.full.count() {
            self.tail = self.chunk(keep);
            self.full.truncate(keep);
            self.open.borrow_mut().clear();
        }
        Rc::make_mut(&mut self.tail).truncate(len % CHUNK);
    }

    /// From the first to the last.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.iter_from(0)
    }

    /// From `index` on, or from where what is kept begins, without visiting what is before.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = T> + '_ {
        let mut at = index.max(self.kept_from());
        let mut number = at / CHUNK;
        let mut chunk = if at < self.len() { self.chunk(number) } else { Rc::default() };
        std::iter::from_fn(move || {
            if self.len() <= at {
                return None;
            }
            if at / CHUNK != number {
                number = at / CHUNK;
                chunk = self.chunk(number);
            }
            at += 1;
            chunk.get((at - 1) % CHUNK).cloned()
        })
    }

    /// How many at the front fulfil `predicate`, if those that do come before those that don't. What is
    /// forgotten counts among them.
    pub fn partition_point(&self, predicate: impl Fn(&T) -> bool) -> usize {
        if self.tail.first().is_some_and(&predicate) {
            return self.full.count() * CHUNK + self.tail.partition_point(&predicate);
        }
        match self.full.last_that(|chunk| predicate(&chunk.first)) {
            Some((number, _)) => number * CHUNK + self.chunk(number).partition_point(&predicate),
            None => self.kept_from(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Packed;
    use std::rc::Rc;

    #[test]
    fn behaves_like_a_vec() {
        let mut packed = Packed::default();
        for n in 0..1000_u32 {
            packed.push(n);
        }
        let copy = packed.clone();
        for cut in [1000, 999, 768, 767, 513, 512, 256, 255, 1, 0] {
            packed.truncate(cut);
            assert_eq!(packed.len(), cut);
            assert_eq!(packed.iter().collect::<Vec<_>>(), (0..cut as u32).collect::<Vec<_>>());
            assert_eq!(packed.last(), (cut as u32).checked_sub(1));
            packed.push(cut as u32);
            assert_eq!(packed.get(cut), Some(cut as u32));
        }
        assert_eq!(copy.len(), 1000);
        for n in [0, 1, 255, 256, 300, 768, 999, 1000] {
            assert_eq!(copy.partition_point(|item| *item < n as u32), n);
            assert_eq!(copy.iter_from(n).count(), 1000 - n);
            assert_eq!(copy.get(n), (n < 1000).then_some(n as u32));
        }
    }

    #[test]
    fn what_is_forgotten_still_counts() {
        let mut packed = Packed::default();
        (0..1000_u32).for_each(|n| packed.push(n));
        let copy = packed.clone();
        packed.forget(600);
        assert_eq!((packed.len(), packed.kept_from()), (1000, 512));
        assert_eq!((packed.get(511), packed.get(512)), (None, Some(512)));
        assert!(packed.iter().eq(512..1000));
        assert!(packed.iter_from(700).eq(700..1000));
        assert_eq!(packed.partition_point(|item| *item < 640), 640);
        assert_eq!(packed.partition_point(|item| *item < 300), 512);
        packed.forget(100);
        packed.truncate(513);
        packed.push(7);
        assert!(packed.iter().eq([512, 7]));
        assert!(copy.iter().eq(0..1000));
    }

    #[test]
    fn what_is_large_stays_whole() {
        let mut packed = Packed::default();
        let text = |n: usize| -> Rc<str> {
            if n % 100 == 7 { "x".repeat(2000).into() } else { n.to_string().into() }
        };
        (0..600).for_each(|n| packed.push(text(n)));
        assert!(packed.full.iter_from(0).all(|chunk| chunk.bytes() < 2000));
        assert!(packed.iter().eq((0..600).map(text)));
    }
}

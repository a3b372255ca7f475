//! Lists of transactions that only grow at their ends, such as the logs of all servers and what the
//! checkers remember of them: the same transactions, over and over.
//!
//! ```text
//!   zxids    1·1 … 1·255   1·256 … 1·511   …   1·2816 … 1·3071   1·3072 …
//!   groups   ░░░░░░░░░░░   ░░░░░░░░░░░░░       ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒   ████
//!            as bytes                          whole             the end, whole
//! ```
//!
//! A group ends where a counter is a multiple of 256, in every list, so complete groups are equal in
//! all of them. A [`Shelf`] sees to it that equal ones are one in memory, and that all but the last are kept
//! as bytes. That changes nothing but what they need: some 25 bytes for a transaction, however many have it.

use super::Txn;
use crate::chunks::Chunks;
use crate::pack::chunk::Chunk;
use std::collections::VecDeque;
use std::rc::Rc;

/// Counters that differ in no more than the lowest bits are in one group.
const GROUP_BITS: u32 = 8;
/// How many groups are looked through for one that is the same.
const MOST_ON_SHELF: usize = 8;

/// A complete group, as it is.
type Whole = Rc<Vec<Rc<Txn>>>;
type Packed = Rc<Chunk<Rc<Txn>>>;

/// A list of transactions. They are given out by value.
#[derive(Clone, Debug, Default)]
pub struct TxnList {
    packed: Chunks<Packed>,
    /// How many transactions these are.
    packed_len: usize,
    /// The complete groups after them.
    whole: Vec<Whole>,
    /// Whether one of these was completed since a shelf saw them.
    is_fresh: bool,
    tail: Whole,
}

/// The groups that were completed last, in whichever list.
#[derive(Debug, Default)]
pub struct Shelf {
    groups: VecDeque<(Whole, Packed)>,
    space: Vec<u8>,
}

impl Clone for Shelf {
    /// It is there to save memory: a copy of the world that is kept needs none.
    fn clone(&self) -> Shelf {
        Shelf::default()
    }
}

impl Shelf {
    /// The same group as another list has it, if one does, and its bytes.
    fn share(&mut self, group: &Whole) -> Option<(Whole, Packed)> {
        let is_same = |known: &Whole| {
            let same = |(one, other): (&Rc<Txn>, &Rc<Txn>)| Rc::ptr_eq(one, other) || one == other;
            Rc::ptr_eq(known, group)
                || known.len() == group.len() && known.iter().zip(group.iter()).all(same)
        };
        if let Some(known) = self.groups.iter().rev().find(|(known, _)| is_same(known)) {
            return Some(known.clone());
        }
        let packed = Chunk::pack(group, &mut self.space)?.squeezed();
        if self.groups.len() == MOST_ON_SHELF {
            self.groups.pop_front();
        }
        self.groups.push_back((group.clone(), Rc::new(packed)));
        self.groups.back().cloned()
    }
}

/// A group of a list.
enum Group<'a> {
    Packed(&'a Packed),
    Whole(&'a Whole),
}

impl Group<'_> {
    fn len(&self) -> usize {
        match self {
            Group::Packed(packed) => packed.items(),
            Group::Whole(whole) => whole.len(),
        }
    }

    fn items(&self) -> Vec<Rc<Txn>> {
        match self {
            Group::Packed(packed) => packed.unpack(),
            Group::Whole(whole) => whole.to_vec(),
        }
    }
}

impl TxnList {
    /// How many.
    pub fn len(&self) -> usize {
        let whole: usize = self.whole.iter().map(|group| group.len()).sum();
        self.packed_len + whole + self.tail.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds one at the end.
    pub fn push(&mut self, txn: Rc<Txn>) {
        let group = |txn: &Txn| txn.zxid.0 >> GROUP_BITS;
        if self.tail.last().is_some_and(|last| group(last) != group(&txn)) {
            self.whole.push(std::mem::take(&mut self.tail));
            self.is_fresh = true;
        }
        Rc::make_mut(&mut self.tail).push(txn);
    }

    /// Keeps complete groups as bytes, but for the last one, which is looked at often; and all of them only
    /// once, whoever has them. Returns whether one was complete that was not before.
    pub fn pack(&mut self, shelf: &mut Shelf) -> bool {
        if !std::mem::take(&mut self.is_fresh) {
            return false;
        }
        let last = self.whole.len().saturating_sub(1);
        for (n, group) in std::mem::take(&mut self.whole).into_iter().enumerate() {
            match shelf.share(&group) {
                Some((_, packed)) if n < last => {
                    self.packed_len += packed.items();
                    self.packed.push(packed);
                }
                Some((shared, _)) => self.whole.push(shared),
                None => self.whole.push(group),
            }
        }
        true
    }

    /// The groups that are not packed, oldest first.
    fn unpacked(&self) -> impl DoubleEndedIterator<Item = &Whole> + '_ {
        self.whole.iter().chain([&self.tail])
    }

    fn groups(&self) -> impl DoubleEndedIterator<Item = Group<'_>> + '_ {
        self.packed.iter().map(Group::Packed).chain(self.unpacked().map(Group::Whole))
    }

    /// The one at `index`.
    pub fn get(&self, index: usize) -> Option<Rc<Txn>> {
        let mut start = self.len();
        self.groups().rev().find_map(|group| {
            let end = start;
            start -= group.len();
            let at = index.checked_sub(start).filter(|_| index < end)?;
            match group {
                Group::Packed(packed) => packed.unpack().into_iter().nth(at),
                Group::Whole(whole) => whole.get(at).cloned(),
            }
        })
    }

    /// The last one.
    pub fn last(&self) -> Option<Rc<Txn>> {
        match self.tail.last() {
            Some(last) => Some(last.clone()),
            None => self.get(self.len().checked_sub(1)?),
        }
    }

    /// Keeps the first `len`.
    pub fn truncate(&mut self, len: usize) {
        while len < self.len() {
            let end = self.len() - self.tail.len();
            if end <= len {
                Rc::make_mut(&mut self.tail).truncate(len - end);
                return;
            }
            self.tail = match (self.whole.pop(), self.packed.last()) {
                (Some(whole), _) => whole,
                (None, None) => Whole::default(),
                (None, Some(packed)) => {
                    let items = packed.unpack();
                    self.packed_len -= items.len();
                    self.packed.truncate(self.packed.len() - 1);
                    Rc::new(items)
                }
            };
        }
    }

    /// From the first to the last.
    pub fn iter(&self) -> impl Iterator<Item = Rc<Txn>> + '_ {
        self.iter_from(0)
    }

    /// From `index` on, without unpacking what is before.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = Rc<Txn>> + '_ {
        let (mut first, mut start) = (self.packed.len(), self.packed_len);
        while index < start
            && let Some(before) = first.checked_sub(1)
        {
            first = before;
            start -= self.packed.get(first).map_or(0, |packed| packed.items());
        }
        let packed = self.packed.iter_from(first).flat_map(|packed| packed.unpack());
        let unpacked = self.unpacked().flat_map(|group| group.iter().cloned());
        packed.chain(unpacked).skip(index - start)
    }

    /// Those before `end`, the newest first.
    pub fn iter_back(&self, end: usize) -> impl Iterator<Item = Rc<Txn>> + '_ {
        let mut start = self.len();
        self.groups().rev().flat_map(move |group| {
            start -= group.len();
            let wanted = end.saturating_sub(start);
            let mut items = if wanted == 0 { Vec::new() } else { group.items() };
            items.truncate(wanted);
            items.into_iter().rev()
        })
    }

    /// How many at the front fulfil `predicate`, if those that do come before those that don't.
    pub fn partition_point(&self, predicate: impl Fn(&Rc<Txn>) -> bool) -> usize {
        let mut start = self.len();
        for group in self.unpacked().rev() {
            start -= group.len();
            if group.first().is_some_and(&predicate) {
                return start + group.partition_point(&predicate);
            }
        }
        let groups = self.packed.partition_point(|packed| predicate(&packed.first));
        let after: usize = self.packed.iter_from(groups).map(|packed| packed.items()).sum();
        match groups.checked_sub(1).and_then(|last| self.packed.get(last)) {
            Some(last) => start - after - last.items() + last.unpack().partition_point(&predicate),
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shelf, TxnList};
    use crate::txn::{Txn, TxnBody};
    use crate::types::{SessionId, Time, Xid, Zxid};
    use std::rc::Rc;

    fn txn(zxid: Zxid) -> Rc<Txn> {
        let body = TxnBody::Delete { path: format!("/a/{:010}", zxid.counter()).into() };
        Rc::new(Txn { zxid, session: SessionId(7), cxid: Xid(1), time: Time::ZERO, body })
    }

    /// Two epochs of 1000 and 500.
    fn txns() -> Vec<Rc<Txn>> {
        let first = (1..=1000).map(|counter| Zxid::new(1, counter));
        first.chain((1..=500).map(|counter| Zxid::new(2, counter))).map(txn).collect()
    }

    fn is(list: &TxnList, expected: &[Rc<Txn>]) {
        assert_eq!(list.len(), expected.len());
        assert_eq!(list.last().as_ref(), expected.last());
        assert!(list.iter().eq(expected.iter().cloned()));
        for at in [0, 1, 255, 256, 300, 700, 999, 1000, 1001, 1300, 1499, 1500] {
            assert_eq!(list.get(at).as_ref(), expected.get(at));
            let from = at.min(expected.len());
            assert!(list.iter_from(from).eq(expected[from..].iter().cloned()));
            assert!(list.iter_back(from).eq(expected[..from].iter().rev().cloned()));
            let zxid = expected.get(at).map_or(Zxid(u64::MAX), |txn| txn.zxid);
            assert_eq!(list.partition_point(|txn| txn.zxid < zxid), from);
        }
    }

    #[test]
    fn behaves_like_a_vec() {
        let all = txns();
        for pack_every in [usize::MAX, 1, 7, 600, 1500] {
            let (mut list, mut shelf) = (TxnList::default(), Shelf::default());
            for (n, txn) in (1..).zip(&all) {
                list.push(txn.clone());
                if n % pack_every == 0 {
                    list.pack(&mut shelf);
                }
            }
            let copy = list.clone();
            for cut in [1500, 1499, 1100, 1024, 1023, 800, 512, 511, 256, 3, 0] {
                list.truncate(cut);
                is(&list, &all[..cut]);
                list.pack(&mut shelf);
                is(&list, &all[..cut]);
            }
            list.push(all[0].clone());
            is(&list, &all[..1]);
            is(&copy, &all);
        }
    }

    #[test]
    fn what_several_lists_have_is_there_once() {
        let all = txns();
        let (mut lists, mut shelf) = (vec![TxnList::default(); 3], Shelf::default());
        for (n, txn) in all.iter().enumerate() {
            for (late, list) in lists.iter_mut().enumerate() {
                // One begins later than the others.
                if 100 * late <= n {
                    list.push(if n % 2 == 0 { txn.clone() } else { Rc::new((**txn).clone()) });
                    list.pack(&mut shelf);
                }
            }
        }
        let groups = |list: &TxnList| list.packed.iter().map(Rc::as_ptr).collect::<Vec<_>>();
        let all = groups(&lists[0]);
        assert_eq!(all.len(), 4, "all of the first epoch");
        assert_eq!(groups(&lists[1])[1..], all[1..]);
        assert_eq!(groups(&lists[2])[1..], all[1..]);
        let bytes: usize = lists[0].packed.iter().map(|packed| packed.bytes()).sum();
        assert!(bytes < 1000 * 20, "{bytes} bytes of 1000");
    }
}

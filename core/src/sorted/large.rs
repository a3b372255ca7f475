//! Ordered maps and sets that may hold tens of thousands of entries: znodes, children, ephemerals.
//!
//! One sorted list would move half of itself for each new entry, and would be copied whole after
//! each copy of the world. Here it is cut into short lists that copies share until they change.
//!
//! ```text
//!   chunks ──▶ [a b c d]  [f g]  [k l m]       nobody is empty; all of one before all of the next
//! ```

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// How many entries a chunk has at most.
const MOST: usize = 64;

type Chunk<K, V> = Rc<Vec<(K, V)>>;

/// A map in the order of its keys. Cloning it copies a pointer for each few dozen entries.
#[derive(Clone)]
pub struct LargeMap<K, V> {
    chunks: Vec<Chunk<K, V>>,
    len: usize,
}

impl<K, V> Default for LargeMap<K, V> {
    fn default() -> LargeMap<K, V> {
        LargeMap::new()
    }
}

impl<K, V> LargeMap<K, V> {
    /// A map without entries.
    pub const fn new() -> LargeMap<K, V> {
        LargeMap { chunks: Vec::new(), len: 0 }
    }

    /// How many entries.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All entries, the smallest key first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.chunks.iter().flat_map(|chunk| chunk.iter()).map(|(key, value)| (key, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }
}

impl<K: Ord, V> LargeMap<K, V> {
    /// Which chunk has the key, if any has.
    fn chunk_of<Q: Ord + ?Sized>(&self, key: &Q) -> usize
    where
        K: Borrow<Q>,
    {
        let is_before =
            |chunk: &Chunk<K, V>| chunk.last().is_some_and(|(last, _)| last.borrow() < key);
        self.chunks.partition_point(is_before)
    }

    /// The entry of a key.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        let chunk = self.chunks.get(self.chunk_of(key))?;
        let (key, value) = &chunk[place(chunk, key).ok()?];
        Some((key, value))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// Whether there is an entry with this key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get_key_value(key).is_some()
    }

    /// The entries with larger keys than this one.
    pub fn after<Q: Ord + ?Sized>(&self, key: &Q) -> impl Iterator<Item = (&K, &V)>
    where
        K: Borrow<Q>,
    {
        let at = self.chunk_of(key);
        let first = self.chunks.get(at).map_or(0, |chunk| match place(chunk, key) {
            Ok(place) => place + 1,
            Err(place) => place,
        });
        let entries = self.chunks[at..].iter().flat_map(|chunk| chunk.iter());
        entries.skip(first).map(|(key, value)| (key, value))
    }
}

impl<K: Ord + Clone, V: Clone> LargeMap<K, V> {
    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let at = self.chunk_of(key);
        let chunk = self.chunks.get_mut(at)?;
        let place = place(chunk, key).ok()?;
        Some(&mut Rc::make_mut(chunk)[place].1)
    }

    /// The value of a key, to be changed; if there is none, the type's default from now on.
    pub fn or_default<Q: Ord + ?Sized>(&mut self, key: &Q) -> &mut V
    where
        K: Borrow<Q> + for<'a> From<&'a Q>,
        V: Default,
    {
        if !self.contains_key(key) {
            self.insert(key.into(), V::default());
        }
        self.get_mut(key).expect("it is there by now")
    }

    /// Gives a key a value. Returns the one it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        // One that comes after all others joins the last chunk.
        let at = self.chunk_of(&key).min(self.chunks.len().saturating_sub(1));
        let Some(chunk) = self.chunks.get_mut(at) else {
            self.chunks.push(Rc::new(vec![(key, value)]));
            self.len = 1;
            return None;
        };
        let place = match place(chunk, &key) {
            Ok(place) => return Some(std::mem::replace(&mut Rc::make_mut(chunk)[place].1, value)),
            Err(place) => place,
        };
        self.len += 1;
        if chunk.len() < MOST {
            Rc::make_mut(chunk).insert(place, (key, value));
            return None;
        }
        // What grows at its end leaves full chunks behind.
        let half = if place == MOST { MOST } else { MOST / 2 };
        let entries = Rc::make_mut(chunk);
        let mut upper = entries.split_off(half);
        match place.checked_sub(half) {
            Some(place) => upper.insert(place, (key, value)),
            None => entries.insert(place, (key, value)),
        }
        self.chunks.insert(at + 1, Rc::new(upper));
        None
    }

    /// Takes an entry out. Returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.chunk_of(key);
        let chunk = self.chunks.get_mut(at)?;
        let place = place(chunk, key).ok()?;
        let (_, value) = Rc::make_mut(chunk).remove(place);
        let left = chunk.len();
        self.len -= 1;
        if left == 0 {
            self.chunks.remove(at);
        } else if self.chunks.get(at + 1).is_some_and(|next| left + next.len() <= MOST / 2) {
            let next = self.chunks.remove(at + 1);
            Rc::make_mut(&mut self.chunks[at]).extend(next.iter().cloned());
        }
        Some(value)
    }
}

fn place<K: Borrow<Q>, Q: Ord + ?Sized, V>(chunk: &[(K, V)], key: &Q) -> Result<usize, usize> {
    chunk.binary_search_by(|(known, _)| known.borrow().cmp(key))
}

impl<K: PartialEq, V: PartialEq> PartialEq for LargeMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for LargeMap<K, V> {}

impl<K: Hash, V: Hash> Hash for LargeMap<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len.hash(state);
        self.iter().for_each(|entry| entry.hash(state));
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for LargeMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> LargeMap<K, V> {
        let mut map = LargeMap::new();
        for (key, value) in items {
            map.insert(key, value);
        }
        map
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for LargeMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// A set in the order of its members. Cloning it is as cheap as of a [`LargeMap`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LargeSet<T> {
    items: LargeMap<T, ()>,
}

impl<T> Default for LargeSet<T> {
    fn default() -> LargeSet<T> {
        LargeSet::new()
    }
}

impl<T> LargeSet<T> {
    /// A set without members.
    pub const fn new() -> LargeSet<T> {
        LargeSet { items: LargeMap::new() }
    }

    /// How many members.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The members in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.items.keys()
    }

    /// The smallest member.
    pub fn first(&self) -> Option<&T> {
        self.iter().next()
    }
}

impl<T: Ord + Clone> LargeSet<T> {
    /// Whether this is a member.
    pub fn contains<Q: Ord + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.items.contains_key(item)
    }

    /// Adds a member. Returns whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        self.items.insert(item, ()).is_none()
    }

    /// Takes a member out. Returns whether it was one.
    pub fn remove<Q: Ord + ?Sized>(&mut self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.items.remove(item).is_some()
    }
}

impl<T: Ord + Clone> FromIterator<T> for LargeSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> LargeSet<T> {
        LargeSet { items: items.into_iter().map(|item| (item, ())).collect() }
    }
}

impl<T: fmt::Debug> fmt::Debug for LargeSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{LargeMap, LargeSet, MOST};
    use crate::sim::rng::Rng;
    use std::collections::{BTreeMap, BTreeSet};

    /// The same things done to chunks and to a tree, while they grow and while they shrink: nothing
    /// tells them apart, and no chunk is empty or too long.
    #[test]
    fn a_large_map_is_as_the_tree_is() {
        let mut rng = Rng::new(5);
        let (mut large, mut tree) = (LargeMap::new(), BTreeMap::new());
        for n in 0..40_000_u32 {
            let key = rng.below(3000);
            let is_growing = n % 20_000 < 10_000;
            match rng.below(8) {
                0 => assert_eq!(large.get(&key), tree.get(&key)),
                1 => assert_eq!(
                    large.get_mut(&key).map(|v| std::mem::replace(v, n)),
                    tree.get_mut(&key).map(|v| std::mem::replace(v, n))
                ),
                2 => assert!(large.after(&key).take(99).eq(tree.range(key + 1..).take(99))),
                3 | 4 if is_growing => assert_eq!(large.remove(&key), tree.remove(&key)),
                5 if !is_growing => assert_eq!(large.insert(key, n), tree.insert(key, n)),
                _ if is_growing => assert_eq!(large.insert(key, n), tree.insert(key, n)),
                _ => assert_eq!(large.remove(&key), tree.remove(&key)),
            }
            assert_eq!(large.len(), tree.len());
            assert!(large.chunks.iter().all(|chunk| (1..=MOST).contains(&chunk.len())));
            if n % 500 == 0 {
                assert!(large.iter().eq(tree.iter()) && large.iter().rev().eq(tree.iter().rev()));
            }
        }
        assert_eq!(format!("{large:?}"), format!("{tree:?}"));
    }

    #[test]
    fn what_is_shared_stays_as_it_was_and_how_it_came_to_be_does_not_count() {
        let (mut up, mut down) = (LargeSet::new(), LargeSet::new());
        (0..1000).for_each(|n| assert!(up.insert(n)));
        (0..1000).rev().for_each(|n| assert!(down.insert(n)));
        assert_eq!(up, down);
        assert_ne!(up.items.chunks.len(), down.items.chunks.len());
        let before = up.clone();
        (0..1000).step_by(3).for_each(|n| assert!(up.remove(&n) && !up.contains(&n)));
        assert!(before.iter().eq(&BTreeSet::from_iter(0..1000)) && before == down);
        assert_eq!(up.first(), Some(&1));
        assert_ne!(up, before);
    }
}

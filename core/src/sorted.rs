//! Ordered maps and sets in one sorted list each.
//!
//! An ensemble has dozens of maps, and nearly all of them hold a handful of entries: servers,
//! connections, sessions, timers. For these a sorted list is quicker than a tree, cheaper to clone,
//! and a tenth of the program: every `BTreeMap` of another type would add some 4 kB to the page.
//! What it costs is that an entry in the middle of a long list moves all that come after it; most
//! keys here are numbers that only grow, so that new entries come at the end. What may hold tens of
//! thousands of entries in no order is a [`LargeMap`] or a [`LargeSet`].
//!
//! The names and meanings of the methods are those of `BTreeMap` and `BTreeSet`.

mod large;

pub use large::{LargeMap, LargeSet};

use std::borrow::Borrow;
use std::fmt;
use std::ops::{Bound, RangeBounds};

/// A map in the order of its keys.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Map<K, V> {
    items: Vec<(K, V)>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Map<K, V> {
        Map::new()
    }
}

impl<K, V> Map<K, V> {
    /// A map without entries.
    pub const fn new() -> Map<K, V> {
        Map { items: Vec::new() }
    }

    /// How many entries.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// All entries, the smallest key first.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter(self.items.iter())
    }

    /// The same, with values that can be changed.
    pub fn iter_mut(&mut self) -> IterMut<'_, K, V> {
        IterMut(self.items.iter_mut())
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.items.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.items.iter().map(|(_, value)| value)
    }

    /// The values in the order of their keys, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.items.iter_mut().map(|(_, value)| value)
    }

    /// The keys in order, by value.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> {
        self.items.into_iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys, by value.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> {
        self.items.into_iter().map(|(_, value)| value)
    }

    /// The entry with the smallest key.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.items.first().map(|(key, value)| (key, value))
    }

    /// Takes the entry with the smallest key out.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        if self.items.is_empty() { None } else { Some(self.items.remove(0)) }
    }

    /// Keeps the entries that `keep` wants.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.items.retain_mut(|(key, value)| keep(key, value));
    }
}

impl<K: Ord, V> Map<K, V> {
    /// Where the key is, or where it would be.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.items.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }

    /// The same for a key that is likely to be a new largest one.
    fn place_of_new(&self, key: &K) -> Result<usize, usize> {
        match self.items.last() {
            Some((last, _)) if key <= last => self.place(key),
            Some(_) | None => Err(self.items.len()),
        }
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        self.items.get(place).map(|(_, value)| value)
    }

    /// The entry of a key.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        self.items.get(place).map(|(key, value)| (key, value))
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        self.items.get_mut(place).map(|(_, value)| value)
    }

    /// Whether there is an entry with this key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Gives a key a value. Returns the one it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place_of_new(&key) {
            Ok(place) => Some(std::mem::replace(&mut self.items[place].1, value)),
            Err(place) => {
                self.items.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes an entry out. Returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        Some(self.items.remove(place).1)
    }

    /// The place of a key, to look at or to fill.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let place = self.place_of_new(&key);
        Entry { map: self, key, place }
    }

    fn span<Q: Ord + ?Sized>(&self, range: &impl RangeBounds<Q>) -> std::ops::Range<usize>
    where
        K: Borrow<Q>,
    {
        let before = |key: &Q| self.items.partition_point(|(known, _)| known.borrow() < key);
        let through = |key: &Q| self.items.partition_point(|(known, _)| known.borrow() <= key);
        let start = match range.start_bound() {
            Bound::Included(key) => before(key),
            Bound::Excluded(key) => through(key),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(key) => through(key),
            Bound::Excluded(key) => before(key),
            Bound::Unbounded => self.items.len(),
        };
        start..end.max(start)
    }

    /// The entries with keys in a range.
    pub fn range<Q, R>(&self, range: R) -> Iter<'_, K, V>
    where
        Q: Ord + ?Sized,
        R: RangeBounds<Q>,
        K: Borrow<Q>,
    {
        Iter(self.items[self.span(&range)].iter())
    }

    /// The same, with values that can be changed.
    pub fn range_mut<Q, R>(&mut self, range: R) -> IterMut<'_, K, V>
    where
        Q: Ord + ?Sized,
        R: RangeBounds<Q>,
        K: Borrow<Q>,
    {
        let span = self.span(&range);
        IterMut(self.items[span].iter_mut())
    }
}

/// The place of a key in a map.
pub struct Entry<'a, K, V> {
    map: &'a mut Map<K, V>,
    key: K,
    place: Result<usize, usize>,
}

impl<'a, K, V> Entry<'a, K, V> {
    /// Its value; if there is none, this one from now on.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// Its value; if there is none, what `value` gives from now on.
    pub fn or_insert_with(self, value: impl FnOnce() -> V) -> &'a mut V {
        let place = match self.place {
            Ok(place) => place,
            Err(place) => {
                self.map.items.insert(place, (self.key, value()));
                place
            }
        };
        &mut self.map.items[place].1
    }

    /// Its value; if there is none, the type's default from now on.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// Changes the value, if there is one.
    pub fn and_modify(self, change: impl FnOnce(&mut V)) -> Entry<'a, K, V> {
        if let Ok(place) = self.place {
            change(&mut self.map.items[place].1);
        }
        self
    }
}

/// The entries of a map, in order.
pub struct Iter<'a, K, V>(std::slice::Iter<'a, (K, V)>);

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Iter(self.0.clone())
    }
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<(&'a K, &'a V)> {
        self.0.next().map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (key, value))
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

/// The entries of a map, in order, with values that can be changed.
pub struct IterMut<'a, K, V>(std::slice::IterMut<'a, (K, V)>);

impl<'a, K, V> Iterator for IterMut<'a, K, V> {
    type Item = (&'a K, &'a mut V);

    fn next(&mut self) -> Option<(&'a K, &'a mut V)> {
        self.0.next().map(|(key, value)| (&*key, value))
    }
}

impl<K, V> DoubleEndedIterator for IterMut<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (&*key, value))
    }
}

impl<'a, K, V> IntoIterator for &'a mut Map<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = IterMut<'a, K, V>;

    fn into_iter(self) -> IterMut<'a, K, V> {
        self.iter_mut()
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> std::ops::Index<&Q> for Map<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("only keys that are there are indexed")
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Iter<'a, K, V> {
        self.iter()
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, items: I) {
        for (key, value) in items {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> Map<K, V> {
        let mut map = Map::new();
        map.extend(items);
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(items: [(K, V); N]) -> Map<K, V> {
        items.into_iter().collect()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// A set in the order of its members.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set<T> {
    items: Vec<T>,
}

impl<T> Default for Set<T> {
    fn default() -> Set<T> {
        Set::new()
    }
}

impl<T> Set<T> {
    /// A set without members.
    pub const fn new() -> Set<T> {
        Set { items: Vec::new() }
    }

    /// How many members.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Removes all members.
    pub fn clear(&mut self) {
        self.items.clear();
    }

    /// The members in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// The smallest member.
    pub fn first(&self) -> Option<&T> {
        self.items.first()
    }

    /// The largest member.
    pub fn last(&self) -> Option<&T> {
        self.items.last()
    }

    /// Keeps the members that `keep` wants.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.items.retain(keep);
    }
}

impl<T: Ord> Set<T> {
    /// Whether this is a member.
    pub fn contains<Q: Ord + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.items.binary_search_by(|known| known.borrow().cmp(item)).is_ok()
    }

    /// Adds a member. Returns whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        let place = match self.items.last() {
            Some(last) if item <= *last => self.items.binary_search(&item),
            Some(_) | None => Err(self.items.len()),
        };
        if let Err(place) = place {
            self.items.insert(place, item);
        }
        place.is_err()
    }

    /// Takes a member out. Returns whether it was one.
    pub fn remove<Q: Ord + ?Sized>(&mut self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        let place = self.items.binary_search_by(|known| known.borrow().cmp(item));
        if let Ok(place) = place {
            self.items.remove(place);
        }
        place.is_ok()
    }

    /// The members of both sets, in order.
    pub fn intersection<'a>(&'a self, other: &'a Set<T>) -> impl Iterator<Item = &'a T> {
        self.iter().filter(|item| other.contains(*item))
    }

    /// The members that are not of the other set, in order.
    pub fn difference<'a>(&'a self, other: &'a Set<T>) -> impl Iterator<Item = &'a T> {
        self.iter().filter(|item| !other.contains(*item))
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.insert(item);
        }
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Set<T> {
        let mut set = Set::new();
        set.extend(items);
        set
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for Set<T> {
    fn from(items: [T; N]) -> Set<T> {
        items.into_iter().collect()
    }
}

impl<T: fmt::Debug> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Map, Set};
    use crate::sim::rng::Rng;
    use std::collections::{BTreeMap, BTreeSet};

    /// The same things done to a list and to a tree: nothing tells them apart.
    #[test]
    fn a_map_is_as_the_tree_is() {
        let mut rng = Rng::new(7);
        let (mut list, mut tree) = (Map::new(), BTreeMap::new());
        for n in 0..20_000_u32 {
            let key = rng.below(50);
            match rng.below(6) {
                0 => assert_eq!(list.insert(key, n), tree.insert(key, n)),
                1 => assert_eq!(list.remove(&key), tree.remove(&key)),
                2 => {
                    *list.entry(key).or_default() +=
                        *tree.entry(key).and_modify(|v| *v += 1).or_insert(0)
                }
                3 => {
                    let (low, high) = (key, key + rng.below(9));
                    assert!(list.range(low..high).eq(tree.range(low..high)));
                    assert!(list.range(low..=high).rev().eq(tree.range(low..=high).rev()));
                }
                4 => {
                    list.retain(|known, _| *known != key);
                    tree.retain(|known, _| *known != key);
                }
                _ => list.values_mut().zip(tree.values_mut()).for_each(|(a, b)| *a = *b),
            }
            list.iter_mut().zip(tree.values()).for_each(|((_, a), b)| *a = *b);
            assert!(list.iter().eq(tree.iter()), "{list:?} {tree:?}");
            assert_eq!(list.first_key_value(), tree.first_key_value());
            assert_eq!(list.get(&key), tree.get(&key));
        }
        assert_eq!(format!("{list:?}"), format!("{tree:?}"));
    }

    #[test]
    fn a_set_is_as_the_tree_is() {
        let mut rng = Rng::new(9);
        let (mut list, mut tree) = (Set::new(), BTreeSet::new());
        for _ in 0..5000 {
            let item = rng.below(50);
            match rng.below(2) {
                0 => assert_eq!(list.remove(&item), tree.remove(&item)),
                _ => assert_eq!(list.insert(item), tree.insert(item)),
            }
            assert!(list.iter().eq(tree.iter()));
            assert_eq!(list.contains(&item), tree.contains(&item));
        }
        let (others, other_tree) = (Set::from([9, 3, 7, 3]), BTreeSet::from([9, 3, 7, 3]));
        assert!(list.intersection(&others).eq(tree.intersection(&other_tree)));
        assert!(list.difference(&others).eq(tree.difference(&other_tree)));
        assert_eq!(format!("{list:?}"), format!("{tree:?}"));
    }
}

//! The ids of calls by their positions in the index, and back.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::pack::packed::Blocks;
use crate::snapshot::CallId;

/// The id of every call of a pack.
#[derive(Clone, Default)]
pub(in crate::pack) struct Ids {
    /// In the order of the index; without meaning where the id is an odd one.
    numbers: Blocks<u64>,
    /// From which position on calls are of which earlier snapshot.
    earlier: Vec<(usize, Option<DateTime<Utc>>)>,
    /// Ids of another form than a collection gives, by their positions.
    odd: BTreeMap<usize, CallId>,
    /// Positions, in the order of keys.
    by_key: Vec<u32>,
    alike: Alike,
}

/// Where in the order of keys those begin whose numbers begin alike. Numbers are hashes, so few do.
#[derive(Clone, Default)]
struct Alike {
    /// How many bits at the beginning of a number are looked at; 0 where nothing is known.
    bits: u32,
    /// One for each value of these bits, and one more.
    begins: Vec<u32>,
}

/// What identifies a call: its number, the earlier snapshot that it is of, and its whole id where it is an odd one.
type Key<'i> = (u64, Option<DateTime<Utc>>, Option<&'i CallId>);

fn key_of(id: &CallId) -> Key<'_> {
    if let Some(number) = id.number() {
        return (number, None, None);
    }
    let of_earlier = id.earlier().zip(id.own_number());
    let same = of_earlier.filter(|(finished, number)| CallId::of_number(*number).of_earlier(*finished) == *id);
    same.map_or((0, None, Some(id)), |(finished, number)| (number, Some(finished), None))
}

impl Ids {
    pub(super) fn push(&mut self, id: &CallId) {
        let (position, (number, earlier, odd)) = (self.numbers.len(), key_of(id));
        match odd {
            Some(id) => {
                self.odd.insert(position, id.clone());
            }
            None if self.earlier.last().is_none_or(|(_, last)| *last != earlier) => {
                self.earlier.push((position, earlier));
            }
            None => {}
        }
        self.numbers.push(number);
    }

    /// Ends the adding: from now on calls are found.
    pub(super) fn settle(&mut self) {
        self.numbers.settle();
        let mut by_key = Vec::with_capacity(self.numbers.len());
        by_key.extend((0..self.numbers.len()).filter_map(|at| u32::try_from(at).ok()));
        by_key.sort_by(|one, other| self.key(*one as usize).cmp(&self.key(*other as usize)));
        self.alike = Alike::of(by_key.iter().map(|at| self.key(*at as usize).0));
        self.by_key = by_key;
    }

    /// The id of the call at a position.
    pub(in crate::pack) fn id(&self, position: usize) -> Option<CallId> {
        if let Some(odd) = self.odd.get(&position) {
            return Some(odd.clone());
        }
        let id = CallId::of_number(self.numbers.get(position)?);
        Some(self.earlier_at(position).map_or_else(|| id.clone(), |finished| id.of_earlier(finished)))
    }

    /// Where a call stands.
    pub(in crate::pack) fn position(&self, id: &CallId) -> Option<usize> {
        let key = key_of(id);
        let some = self.by_key.get(self.alike.range(key.0)).unwrap_or(&self.by_key);
        // Hardly ever do two calls have one number.
        let number = |at: u32| self.numbers.get(at as usize).unwrap_or_default();
        let order = |at: &u32| number(*at).cmp(&key.0).then_with(|| self.key(*at as usize).cmp(&key));
        let found = some.binary_search_by(order);
        found.ok().map(|at| some[at] as usize)
    }

    fn key(&self, position: usize) -> Key<'_> {
        let odd = if self.odd.is_empty() { None } else { self.odd.get(&position) };
        let earlier = if odd.is_some() { None } else { self.earlier_at(position) };
        (self.numbers.get(position).unwrap_or_default(), earlier, odd)
    }

    fn earlier_at(&self, position: usize) -> Option<DateTime<Utc>> {
        let after = self.earlier.partition_point(|(first, _)| *first <= position);
        self.earlier.get(after.checked_sub(1)?)?.1
    }
}

impl Alike {
    /// Of numbers in order.
    fn of(numbers: impl ExactSizeIterator<Item = u64>) -> Self {
        // About four rows for each value.
        let bits = numbers.len().max(8).ilog2() - 2;
        let mut alike = Self { bits, begins: Vec::with_capacity((1 << bits) + 1) };
        let mut end = 0;
        for number in numbers {
            alike.begins.resize(alike.value(number) + 1, end);
            end += 1;
        }
        alike.begins.resize((1 << bits) + 1, end);
        alike
    }

    fn value(&self, number: u64) -> usize {
        usize::try_from(number >> (u64::BITS - self.bits)).unwrap_or_default()
    }

    /// Where in the order a number may stand.
    fn range(&self, number: u64) -> Range<usize> {
        if self.bits == 0 {
            return 0..usize::MAX;
        }
        let value = self.value(number);
        self.begins[value] as usize..self.begins[value + 1] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_found_among_any_number_of_them() {
        assert_eq!(Ids::default().position(&CallId::of_number(1)), None);
        for number in 0..40_u64 {
            // As hashes are: spread over all numbers.
            let ids: Vec<CallId> =
                (0..number).map(|n| CallId::of_number(n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
            let mut index = Ids::default();
            for id in &ids {
                index.push(id);
            }
            index.settle();
            for (at, id) in ids.iter().enumerate() {
                assert_eq!(index.position(id), Some(at), "{id} of {number}");
            }
            assert_eq!(index.position(&CallId::of_number(u64::MAX)), None);
        }
    }
}

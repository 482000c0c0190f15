//! The ids of calls by their positions in the index, and back.

use std::collections::BTreeMap;

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
        let found = self.by_key.binary_search_by(|at| self.key(*at as usize).cmp(&key));
        found.ok().map(|at| self.by_key[at] as usize)
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

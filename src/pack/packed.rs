//! Lists of which a large pack has tens of thousands of members, packed: a member takes little more room than what tells it
//! from the one before.
//!
//! Members stand in chunks that are compressed one by one. Whoever looks at them holds the chunk that they are in and
//! nothing else.

mod blocks;
mod bytes;
mod forms;
mod kept;

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

pub(super) use blocks::Blocks;
pub(super) use bytes::{Packer, Place, Shared, Unpacker};
pub(super) use kept::Kept;

use super::evidence::Ids;

/// Members in one chunk, where nobody says otherwise.
const CHUNK: usize = 64;

/// Unpacked chunks that are kept.
const KEPT: usize = 4;

/// What can be a member of a [`List`].
pub trait Form: Clone + PartialEq {
    /// Writes it down.
    fn pack(&self, into: &mut Packer<'_>);

    /// Reads it back.
    fn unpack(from: &mut Unpacker<'_>) -> Self;
}

/// A list whose members are compressed.
pub struct List<T> {
    chunk: usize,
    chunks: Vec<Place>,
    /// Those that make no whole chunk yet.
    open: Vec<T>,
    shared: Shared,
    /// The chunks that were looked at last, the newest at the end.
    kept: Kept<usize, T>,
}

/// A member that is held on its own, with the chunk that it is in.
pub struct Held<T> {
    chunk: Arc<[T]>,
    at: usize,
}

impl<T> Held<T> {
    /// The member at a place of a chunk.
    pub(super) const fn new(chunk: Arc<[T]>, at: usize) -> Self {
        Self { chunk, at }
    }
}

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.chunk[self.at]
    }
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self { chunk: Arc::clone(&self.chunk), at: self.at }
    }
}

impl<T: fmt::Debug> fmt::Debug for Held<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Form> List<T> {
    /// An empty one. Calls that stand in an index are kept as their places there.
    pub(super) fn citing(calls: &Arc<Ids>) -> Self {
        Self::in_chunks(calls, CHUNK)
    }

    /// The same, with so many members in a chunk.
    pub(super) fn in_chunks(calls: &Arc<Ids>, chunk: usize) -> Self {
        Self { chunk, shared: Shared::citing(calls), ..Self::default() }
    }

    /// Adds a member after the last.
    pub fn push(&mut self, member: T) {
        // What was looked at of the open chunk has one member less.
        let open = self.chunks.len();
        self.kept.forget(open);
        self.open.push(member);
        if self.open.len() == self.chunk {
            self.chunks.push(self.shared.pack(|packer| self.open.iter().for_each(|member| member.pack(packer))));
            self.open.clear();
        }
    }

    /// Gives back the room that was kept for more.
    pub(super) fn settle(&mut self) {
        self.open.shrink_to_fit();
        self.chunks.shrink_to_fit();
        self.shared.settle();
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.chunks.len() * self.chunk + self.open.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The members, in order.
    pub fn iter(&self) -> Iter<'_, T> {
        self.range(0..self.len())
    }

    /// Those at some positions, in order; what lies beyond the last is left out.
    #[must_use]
    pub fn range(&self, range: Range<usize>) -> Iter<'_, T> {
        let end = range.end.min(self.len());
        Iter { list: self, next: range.start.min(end), end, chunk: None }
    }

    /// The one at a position.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Held<T>> {
        (position < self.len()).then(|| Held::new(self.kept_chunk(position / self.chunk), position % self.chunk))
    }

    /// What the packed members take, in bytes.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.shared.bytes() + self.chunks.len() * size_of::<Place>()
    }

    /// A chunk, unpacked; the one after the last is open.
    fn unpacked(&self, at: usize) -> Arc<[T]> {
        let Some(place) = self.chunks.get(at) else { return self.open.as_slice().into() };
        self.shared.unpack(*place, |unpacker| (0..self.chunk).map(|_| T::unpack(unpacker)).collect())
    }

    /// The same, kept for the next one who asks.
    fn kept_chunk(&self, at: usize) -> Arc<[T]> {
        self.kept.get(at, KEPT, || self.unpacked(at))
    }
}

/// See [`List::iter`].
pub struct Iter<'l, T> {
    list: &'l List<T>,
    next: usize,
    end: usize,
    chunk: Option<(usize, Arc<[T]>)>,
}

impl<T: Form> Iterator for Iter<'_, T> {
    type Item = Held<T>;

    fn next(&mut self) -> Option<Held<T>> {
        if self.next >= self.end {
            return None;
        }
        let (chunk, at) = (self.next / self.list.chunk, self.next % self.list.chunk);
        self.next += 1;
        if self.chunk.as_ref().is_none_or(|(of, _)| *of != chunk) {
            self.chunk = Some((chunk, self.list.unpacked(chunk)));
        }
        let (_, members) = self.chunk.as_ref()?;
        Some(Held::new(Arc::clone(members), at))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.next;
        (left, Some(left))
    }
}

impl<T: Form> ExactSizeIterator for Iter<'_, T> {}

impl<'l, T: Form> IntoIterator for &'l List<T> {
    type Item = Held<T>;
    type IntoIter = Iter<'l, T>;

    fn into_iter(self) -> Iter<'l, T> {
        self.iter()
    }
}

impl<T: Form> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, members: I) {
        members.into_iter().for_each(|member| self.push(member));
    }
}

impl<T: Form> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut list = Self::default();
        list.extend(members);
        list.settle();
        list
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { chunk: CHUNK, chunks: Vec::new(), open: Vec::new(), shared: Shared::default(), kept: Kept::default() }
    }
}

impl<T: Clone> Clone for List<T> {
    fn clone(&self) -> Self {
        let Self { chunk, chunks, open, shared, .. } = self;
        Self {
            chunk: *chunk,
            chunks: chunks.clone(),
            open: open.clone(),
            shared: shared.clone(),
            kept: Kept::default(),
        }
    }
}

impl<T: Form> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(one, other)| *one == *other)
    }
}

impl<T: Form + Eq> Eq for List<T> {}

impl<T: Form> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} members", self.len())
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

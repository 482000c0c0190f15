//! Reads a file of calls piece by piece: the first time with every check, later only as long as the file is the same.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read as _, Seek as _, SeekFrom, Write};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::seen::{Brief, GROUP, Seen};
use super::{CopyError, FileEntry, Key, Place, ReadError, Snapshot, check, layout};
use crate::files::Identity;
use crate::snapshot::{Call, CallId, hex_digest};
use crate::threads;

/// How much of a file is parsed in one go, in bytes; at least one line.
const BATCH: usize = 1 << 20;
/// How much is read in one go, in bytes.
const BLOCK: usize = 1 << 18;
/// A file of fewer bytes is read before others could begin with it.
const WORTH_SEVERAL: u64 = 4 << 20;

/// Something is not as it should be. What it is, reading the whole file tells.
struct Wrong;

/// Some calls that follow each other in a file that was read and checked.
#[derive(Debug)]
pub struct Group<'s> {
    snapshot: &'s Snapshot,
    path: &'s str,
    seen: Arc<Seen>,
    number: usize,
}

impl Group<'_> {
    /// Which one of the file it is, from zero.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.number
    }

    /// Shows each of its calls, with its 1-based line; at most [`GROUP`] of them.
    ///
    /// # Errors
    /// When the file cannot be read any more, or is another one.
    pub fn each(&self, show: impl FnMut(u64, Call)) -> Result<(), ReadError> {
        self.made(show).map(drop)
    }

    /// What is made of each of its calls and its 1-based line, in order.
    fn made<T>(&self, mut make: impl FnMut(u64, Call) -> T) -> Result<Vec<T>, ReadError> {
        let mut results = Vec::new();
        let changed = || ReadError::damaged(self.path, None, "it was changed while it was read");
        let begin = self.seen.groups.get(self.number).copied().unwrap_or_default();
        let mut lines = self.snapshot.source(self.path, begin)?;
        if lines.identity != self.seen.identity {
            return Err(changed());
        }
        let first = self.number * GROUP;
        let mut line = Vec::new();
        for number in first..self.seen.calls.min((first + GROUP) as u64).try_into().unwrap_or(usize::MAX) {
            line.clear();
            lines.text.read_until(b'\n', &mut line).map_err(|source| self.snapshot.unreadable(self.path, source))?;
            results.push(make(number as u64 + 1, serde_json::from_slice(&line).map_err(|_| changed())?));
        }
        Ok(results)
    }
}

/// The text of a file, from some place in it.
struct Source<'s> {
    text: Box<dyn BufRead + Send + 's>,
    /// `None` where the text is held in memory.
    identity: Option<Identity>,
}

impl Snapshot {
    /// The calls of one file, in order, each of them checked.
    ///
    /// # Errors
    /// When the file cannot be read, or it or a call in it is not what it says it is.
    pub fn calls(&self, path: &str) -> Result<Vec<Call>, ReadError> {
        let mut calls = Vec::new();
        self.made(path, |_, call| call, |call| calls.push(call))?;
        Ok(calls)
    }

    /// Makes something of every call of one file and its 1-based line, of several at a time, and shows it in order.
    ///
    /// # Errors
    /// As [`Snapshot::calls`]; something of the file may have been shown before.
    pub fn made<T: Send>(
        &self,
        path: &str,
        make: impl Fn(u64, Call) -> T + Sync,
        mut show: impl FnMut(T),
    ) -> Result<(), ReadError> {
        self.go_on(path)?;
        let Some(seen) = self.known(path) else { return self.first(path, make, show).map(drop) };
        let groups = self.groups_of(path, &seen);
        let of_group = |group: Group<'_>| group.made(&make);
        threads::in_order_if(self.is_worth_several(path), groups.into_iter(), of_group, |made| {
            made?.into_iter().for_each(&mut show);
            Ok(())
        })
    }

    /// Writes a file as it is, byte for byte: `snapshot.json` or one of [`Snapshot::files`].
    ///
    /// # Errors
    /// When it cannot be read, is not the file that the header names, or `out` does not take it; something of it may have
    /// been written before.
    pub fn copy(&self, path: &str, out: &mut dyn Write) -> Result<(), CopyError> {
        let Some(identity) = self.header.files.get(path).and(self.known(path)).and_then(|seen| seen.identity.clone())
        else {
            return out.write_all(&self.raw(path)?).map_err(CopyError::Write);
        };
        let mut source = self.source(path, 0)?;
        let mut bytes = 0;
        loop {
            let block = source.text.fill_buf().map_err(|error| self.unreadable(path, error))?;
            if block.is_empty() {
                break;
            }
            out.write_all(block).map_err(CopyError::Write)?;
            let length = block.len();
            bytes += length as u64;
            source.text.consume(length);
        }
        // What was read and checked before is believed as long as it is the same file.
        let is_same = source.identity.as_ref() == Some(&identity) && bytes == self.entry(path)?.bytes;
        if is_same { Ok(()) } else { Err(ReadError::damaged(path, None, "it was changed while it was read").into()) }
    }

    /// The calls of one file in groups, each of which can be read by itself. Before, all of it is read and checked, where
    /// that was not done yet.
    ///
    /// # Errors
    /// As [`Snapshot::calls`].
    pub fn groups<'s>(&'s self, path: &'s str) -> Result<Vec<Group<'s>>, ReadError> {
        Ok(self.groups_of(path, &self.seen(path)?))
    }

    /// Takes for granted that a file has the hash that the header names, as long as it is the same file: somebody else
    /// compared it.
    pub fn vouch(&self, path: &str, identity: Identity) {
        self.memory.hash(path, identity);
    }

    /// What is known of a file, after reading and checking it where that was not done yet.
    pub(super) fn seen(&self, path: &str) -> Result<Arc<Seen>, ReadError> {
        self.known(path).map_or_else(|| self.first(path, |_, _| (), drop), Ok)
    }

    fn groups_of<'s>(&'s self, path: &'s str, seen: &Arc<Seen>) -> Vec<Group<'s>> {
        let group = |number| Group { snapshot: self, path, seen: Arc::clone(seen), number };
        (0..seen.groups.len()).map(group).collect()
    }

    /// What is known of a file that is still the same.
    fn known(&self, path: &str) -> Option<Arc<Seen>> {
        let seen = self.memory.seen(path)?;
        let Some(identity) = &seen.identity else { return Some(seen) };
        let now = layout::metadata(self.directory(path), path).ok()?;
        identity.is_unchanged(&Identity::of(&now)).then_some(seen)
    }

    /// Reads a file and checks everything about it.
    fn first<T: Send>(
        &self,
        path: &str,
        make: impl Fn(u64, Call) -> T + Sync,
        show: impl FnMut(T),
    ) -> Result<Arc<Seen>, ReadError> {
        let entry = self.entry(path)?;
        if let Ok(seen) = self.streamed(path, entry, make, show) {
            return Ok(self.memory.see(path, seen));
        }
        self.whole(path)?;
        Err(ReadError::damaged(path, None, "it was changed while it was read"))
    }

    fn streamed<T: Send>(
        &self,
        path: &str,
        entry: &FileEntry,
        make: impl Fn(u64, Call) -> T + Sync,
        mut show: impl FnMut(T),
    ) -> Result<Seen, Wrong> {
        let place = Place::parse(path).ok_or(Wrong)?;
        let Source { text, identity } = self.source(path, 0).map_err(|_| Wrong)?;
        let is_hashed = identity.as_ref().is_some_and(|identity| self.memory.is_hashed(path, identity));
        let mut batches = Batches { text, digest: (!is_hashed).then(Sha256::new), ..Batches::default() };
        let (mut order, mut seen) = (Order::default(), Seen { identity, ..Seen::default() });
        let parse = |batch: Result<Batch, Wrong>| batch?.calls(&place, &make);
        threads::in_order_if(self.is_worth_several(path), &mut batches, parse, |calls| {
            for (brief, key, made) in calls? {
                order.follows(key)?;
                seen.add(&brief);
                show(made);
            }
            Ok(())
        })?;
        let is_same = batches.digest.is_none_or(|digest| hex_digest(&digest.finalize()) == entry.sha256);
        let is_whole = batches.bytes == entry.bytes && seen.calls == entry.calls;
        seen.groups = batches.groups;
        if is_same && is_whole { Ok(seen) } else { Err(Wrong) }
    }

    /// A file from some byte on.
    fn source(&self, path: &str, begin: u64) -> Result<Source<'_>, ReadError> {
        if let Some(bytes) = self.parts.as_ref().and_then(|parts| parts.in_memory(path)) {
            let mut text = Cursor::new(bytes);
            text.set_position(begin);
            return Ok(Source { text: Box::new(text), identity: None });
        }
        let read = |mut file: File| {
            let identity = Identity::of(&file.metadata()?);
            file.seek(SeekFrom::Start(begin))?;
            Ok((file, identity))
        };
        let file = layout::open(self.directory(path), path)?;
        let (file, identity) = read(file).map_err(|source| self.unreadable(path, source))?;
        // Never much more than the header says, however long the file is.
        let file = file.take(self.entry(path)?.bytes.saturating_add(1));
        Ok(Source { text: Box::new(BufReader::with_capacity(BLOCK, file)), identity: Some(identity) })
    }

    fn unreadable(&self, path: &str, source: std::io::Error) -> ReadError {
        ReadError::io(&self.directory(path).join(path), source)
    }

    fn is_worth_several(&self, path: &str) -> bool {
        self.header.files.get(path).is_some_and(|entry| entry.bytes >= WORTH_SEVERAL)
    }
}

/// Cuts a text into some lines at a time, and hashes it on the way.
struct Batches<'s> {
    text: Box<dyn BufRead + Send + 's>,
    /// `None` where nobody wants the hash.
    digest: Option<Sha256>,
    bytes: u64,
    lines: usize,
    groups: Vec<u64>,
}

impl Default for Batches<'_> {
    fn default() -> Self {
        Self { text: Box::new(std::io::empty()), digest: None, bytes: 0, lines: 0, groups: Vec::new() }
    }
}

/// Whole lines.
struct Batch {
    text: Vec<u8>,
    /// Where each line ends.
    ends: Vec<usize>,
    /// How many lines of the file come before.
    before: usize,
}

impl Iterator for Batches<'_> {
    type Item = Result<Batch, Wrong>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut batch = Batch { text: Vec::new(), ends: Vec::new(), before: self.lines };
        while batch.text.len() < BATCH {
            let begin = batch.text.len();
            match self.text.read_until(b'\n', &mut batch.text) {
                Ok(0) => break,
                Ok(_) if batch.text.ends_with(b"\n") => batch.ends.push(batch.text.len()),
                Ok(_) | Err(_) => return Some(Err(Wrong)),
            }
            if self.lines.is_multiple_of(GROUP) {
                self.groups.push(self.bytes + begin as u64);
            }
            self.lines += 1;
        }
        self.bytes += batch.text.len() as u64;
        self.digest.iter_mut().for_each(|digest| digest.update(&batch.text));
        (!batch.ends.is_empty()).then_some(Ok(batch))
    }
}

impl Batch {
    /// Its calls, each checked by itself.
    fn calls<T>(&self, place: &Place, make: impl Fn(u64, Call) -> T) -> Result<Vec<(Brief, Key, T)>, Wrong> {
        let mut begin = 0;
        let mut call = |(line_number, end): (u64, &usize)| {
            let line = &self.text[std::mem::replace(&mut begin, *end)..*end];
            let call: Call = serde_json::from_slice(line).map_err(|_| Wrong)?;
            let is_here = Place::of(&call).is_ok_and(|of| of == *place);
            let is_true = is_here && check::call(&call).is_ok();
            let (brief, key) = (Brief::of(&call), Key::of(&call));
            if is_true { Ok((brief, key, make(line_number, call))) } else { Err(Wrong) }
        };
        (self.before as u64 + 1..).zip(&self.ends).map(&mut call).collect()
    }
}

/// Whether the calls of a file are in order, and each there once.
#[derive(Default)]
struct Order {
    last: Option<Key>,
    ids: BTreeSet<CallId>,
}

impl Order {
    fn follows(&mut self, key: Key) -> Result<(), Wrong> {
        let is_new = self.ids.insert(key.id().clone());
        if !is_new || self.last.as_ref().is_some_and(|last| *last >= key) {
            return Err(Wrong);
        }
        self.last = Some(key);
        Ok(())
    }
}

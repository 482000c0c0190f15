//! Reads a snapshot and believes nothing in it before it is checked.
//!
//! Every byte below `calls/` is covered by a hash in `snapshot.json`, and every call is checked against itself and its
//! place. `snapshot.json` has no hash of its own here; in a pack, the manifest has it. This module changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;

use super::call::{Call, hex_sha256};
use super::check::{self, CALLS, Key, Place};
use super::header::{FileEntry, Header, SCHEMA};
use super::outcome::Outcome;
use super::write::HEADER;
use crate::files;

mod layout;
mod seen;
mod stream;
#[cfg(test)]
mod tests;

pub use seen::GROUP;
pub use stream::Group;

/// How far beyond its stated size a file is read to find what is wrong with it, in bytes.
const READ_BEYOND: u64 = 64 * 1024;

/// Why a snapshot could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no snapshot; the wrong path was given.
    #[error("cannot open the snapshot `{}`: {what}", .path.display())]
    Missing {
        /// Where a snapshot was expected.
        path: PathBuf,
        /// What is there instead.
        what: &'static str,
    },
    /// The operating system refused.
    #[error("cannot read `{}`: {source}", .path.display())]
    Io {
        /// Which file or directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The snapshot is not what it says it is.
    #[error("the snapshot is damaged: `{file}`{}: {what}", at_line(*.line))]
    Damaged {
        /// The path below the snapshot.
        file: String,
        /// The line, 1-based.
        line: Option<u64>,
        /// What is wrong, as a clause.
        what: String,
    },
}

/// Why a file of a snapshot could not be copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// It could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It could not be written.
    #[error(transparent)]
    Write(io::Error),
}

fn at_line(line: Option<u64>) -> String {
    line.map(|line| format!(", line {line}")).unwrap_or_default()
}

impl ReadError {
    fn damaged(file: &str, line: Option<u64>, what: impl Into<String>) -> Self {
        Self::Damaged { file: file.to_owned(), line, what: what.into() }
    }

    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

/// A snapshot on disk.
#[derive(Debug)]
pub struct Snapshot {
    /// What the collection was.
    pub header: Header,
    directory: PathBuf,
    /// Where its files are, where several parts were put together.
    pub(super) parts: Option<Parts>,
    memory: seen::Memory,
    /// Whether somebody asked to stop.
    stop: Arc<AtomicBool>,
}

/// The files of a snapshot that was put together from parts.
#[derive(Debug)]
pub(super) struct Parts {
    /// `snapshot.json`, as it would be written.
    pub(super) header: Vec<u8>,
    /// The directory of each file of calls.
    pub(super) directories: BTreeMap<String, PathBuf>,
    /// The files of which every part has some lines.
    pub(super) joined: BTreeMap<String, Vec<u8>>,
}

impl Snapshot {
    /// Opens a snapshot: reads its header and checks that exactly the files that it names are there.
    ///
    /// What is in the files is checked when they are read, and all of it by [`Snapshot::check`].
    ///
    /// # Errors
    /// [`ReadError::Missing`] where there is no snapshot, else when it is damaged or cannot be read.
    pub fn open(directory: &Path) -> Result<Self, ReadError> {
        Self::open_beside(directory, &[])
    }

    /// Opens a snapshot in a directory that also holds entries of others, for instance `earlier` in a pack.
    ///
    /// # Errors
    /// As [`Snapshot::open`].
    pub fn open_beside(directory: &Path, others: &[&str]) -> Result<Self, ReadError> {
        layout::require_snapshot(directory)?;
        let header = header(&layout::read(directory, HEADER)?)?;
        layout::require_exactly(directory, &header, others)?;
        Ok(Self {
            header,
            directory: directory.to_owned(),
            parts: None,
            memory: seen::Memory::default(),
            stop: Arc::default(),
        })
    }

    /// Reads no further file once this says that somebody asked to stop.
    pub(super) fn until(&mut self, stop: &Arc<AtomicBool>) {
        self.stop = Arc::clone(stop);
    }

    /// Goes on to another file unless somebody asked to stop.
    fn go_on(&self, path: &str) -> Result<(), ReadError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(ReadError::io(&self.directory(path).join(path), io::Error::other("interrupted")));
        }
        Ok(())
    }

    /// The paths of the files of calls, in order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.header.files.keys().map(String::as_str)
    }

    /// A file as it is, byte for byte: `snapshot.json` or one of [`Snapshot::files`].
    ///
    /// # Errors
    /// When it cannot be read, or is not the file that the header names.
    pub fn raw(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.go_on(path)?;
        if let Some(bytes) = self.parts.as_ref().and_then(|parts| parts.in_memory(path)) {
            return Ok(bytes.to_vec());
        }
        if path == HEADER {
            return layout::read(&self.directory, HEADER);
        }
        let entry = self.entry(path)?;
        let directory = self.directory(path);
        let found = layout::size(directory, path)?;
        if found != entry.bytes {
            let what = format!("it has {found} bytes, but snapshot.json says {}", entry.bytes);
            return Err(self.changed(path, entry, &what));
        }
        let bytes = layout::read(directory, path)?;
        if hex_sha256(&bytes) != entry.sha256 {
            return Err(self.changed(path, entry, "its SHA-256 is not the one in snapshot.json"));
        }
        Ok(bytes)
    }

    /// A file that is not the one of the header, with the first line in it that shows so, where one does.
    fn changed(&self, path: &str, entry: &FileEntry, what: &str) -> ReadError {
        // A file that grew is read only a little beyond its size.
        let bytes = layout::read_at_most(self.directory(path), path, entry.bytes.saturating_add(READ_BEYOND));
        let lines =
            bytes.ok().zip(Place::parse(path)).map(|(bytes, place)| self::lines(path, utf8(path, &bytes)?, &place));
        match lines {
            Some(Err(ReadError::Damaged { line: Some(line), what: in_line, .. })) => {
                ReadError::damaged(path, Some(line), format!("{in_line}; as a whole, {what}"))
            }
            _ => ReadError::damaged(path, None, what),
        }
    }

    /// The calls of one file as [`Snapshot::calls`] gives them, but from all of it at once: names what is wrong.
    fn whole(&self, path: &str) -> Result<Vec<Call>, ReadError> {
        let bytes = self.raw(path)?;
        let text = utf8(path, &bytes)?;
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(ReadError::damaged(path, None, "its last line has no end"));
        }
        let place =
            Place::parse(path).ok_or_else(|| ReadError::damaged(path, None, "no file of calls has this name"))?;
        let calls = lines(path, text, &place)?;
        let expected = self.entry(path)?.calls;
        if calls.len() as u64 != expected {
            let what = format!("it holds {} calls, but snapshot.json says {expected}", calls.len());
            return Err(ReadError::damaged(path, None, what));
        }
        Ok(calls)
    }

    /// Reads everything that was not read yet, and checks the header's totals and times against it.
    ///
    /// # Errors
    /// When anything is not what it says it is, or cannot be read.
    pub fn check(&self) -> Result<(), ReadError> {
        let mut total = 0;
        let mut outcomes: BTreeMap<Outcome, u64> = BTreeMap::new();
        for path in self.files() {
            let seen = self.seen(path)?;
            total += seen.calls;
            for (outcome, count) in &seen.outcomes {
                *outcomes.entry(*outcome).or_default() += count;
            }
            if seen.times.is_some_and(|(first, last)| first < self.header.started || last > self.header.finished) {
                return Err(self.outside(path)?);
            }
        }
        if total != self.header.calls {
            let what = format!("it says {} calls, but the files hold {total}", self.header.calls);
            return Err(ReadError::damaged(HEADER, None, what));
        }
        let stated = self.header.outcomes.iter().filter(|(_, count)| **count > 0);
        if !stated.eq(outcomes.iter()) {
            return Err(ReadError::damaged(HEADER, None, "its outcomes are not those of the calls"));
        }
        Ok(())
    }

    /// Names the first call of a file that was not made while the collection ran.
    fn outside(&self, path: &str) -> Result<ReadError, ReadError> {
        let is_outside = |call: &Call| call.started < self.header.started || call.finished > self.header.finished;
        let call = self.calls(path)?.into_iter().find(is_outside).map(|call| call.id.to_string());
        let what = format!("the call `{}` lies outside of the collection's time", call.unwrap_or_default());
        Ok(ReadError::damaged(path, None, what))
    }

    /// Where a file is.
    pub(super) fn directory(&self, path: &str) -> &Path {
        self.parts.as_ref().and_then(|parts| parts.directories.get(path)).unwrap_or(&self.directory)
    }

    /// A snapshot that was put together from parts; the first of them stands for all.
    pub(super) fn of_parts(header: Header, first: &Self, parts: Parts) -> Self {
        let directory = first.directory.clone();
        Self { header, directory, parts: Some(parts), memory: seen::Memory::default(), stop: Arc::default() }
    }

    fn entry(&self, path: &str) -> Result<&FileEntry, ReadError> {
        let entry = self.header.files.get(path);
        entry.ok_or_else(|| ReadError::damaged(path, None, "snapshot.json does not name it"))
    }
}

impl Parts {
    fn in_memory(&self, path: &str) -> Option<&[u8]> {
        if path == HEADER { Some(&self.header) } else { self.joined.get(path).map(Vec::as_slice) }
    }
}

fn header(bytes: &[u8]) -> Result<Header, ReadError> {
    #[derive(Deserialize)]
    struct Schema {
        schema: String,
    }
    let damaged = |error: serde_json::Error| {
        let line = (error.line() > 0).then_some(error.line() as u64);
        ReadError::damaged(HEADER, line, error.to_string())
    };
    let Schema { schema } = serde_json::from_slice(bytes).map_err(damaged)?;
    if schema != SCHEMA {
        let what = format!("its schema is `{}`; this version reads `{SCHEMA}`", schema.escape_debug());
        return Err(ReadError::damaged(HEADER, None, what));
    }
    let header: Header = serde_json::from_slice(bytes).map_err(damaged)?;
    if header.finished < header.started {
        return Err(ReadError::damaged(HEADER, None, "the collection finished before it started"));
    }
    match header.files.keys().find(|path| Place::parse(path).is_none()) {
        Some(path) => {
            let what = format!("it names `{}`, and no file of calls has such a name", path.escape_debug());
            Err(ReadError::damaged(HEADER, None, what))
        }
        None => Ok(header),
    }
}

fn utf8<'b>(path: &str, bytes: &'b [u8]) -> Result<&'b str, ReadError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count() as u64;
        ReadError::damaged(path, Some(line), "it is not UTF-8")
    })
}

fn lines(path: &str, text: &str, place: &Place) -> Result<Vec<Call>, ReadError> {
    let mut calls = Vec::new();
    let mut ids = BTreeSet::new();
    let mut last: Option<Key> = None;
    for (line, number) in text.split_terminator('\n').zip(1_u64..) {
        let damaged = |what: String| ReadError::damaged(path, Some(number), what);
        // The parser sees one line and would call each of them the first.
        let malformed =
            |error: serde_json::Error| damaged(error.to_string().replace(" at line 1 column ", " at column "));
        let call: Call = serde_json::from_str(line).map_err(malformed)?;
        if Place::of(&call).ok().as_ref() != Some(place) {
            return Err(damaged("its account, region or service is not that of the file".to_owned()));
        }
        check::call(&call).map_err(damaged)?;
        if !ids.insert(call.id.clone()) {
            return Err(damaged(format!("the call `{}` is there twice", call.id)));
        }
        let key = Key::of(&call);
        if last.is_some_and(|last| last >= key) {
            return Err(damaged("the call is out of order".to_owned()));
        }
        last = Some(key);
        calls.push(call);
    }
    Ok(calls)
}

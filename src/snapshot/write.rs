//! Writes a snapshot: beside its target, call by call, renamed into place when it is whole.
//!
//! Only one call is in memory at a time, and of the others where they stand. What is added must be redacted already;
//! this module removes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::call::{Call, CallId, hex_digest};
use super::check::{self, Key, Place};
use super::header::{Caller, FileEntry, Header, SCHEMA, Tool};
use super::outcome::Outcome;
use super::time::whole_milliseconds;
use crate::files::{self, Existing, FileError, Staging};

#[cfg(test)]
pub(super) mod tests;

/// The header's file.
pub(super) const HEADER: &str = "snapshot.json";
/// Where calls stand, unordered, until the snapshot is finished.
const SPOOL: &str = "spool";

/// What a collection was, but for what the writer counts itself.
#[derive(Clone, Debug)]
pub struct Collection {
    /// Which program collected.
    pub tool: Tool,
    /// When the first call began.
    pub started: DateTime<Utc>,
    /// When the last call ended.
    pub finished: DateTime<Utc>,
    /// Whose credentials were used.
    pub caller: Caller,
    /// What AWS Organizations says of the organization, if it was read.
    pub organization: Option<Value>,
    /// The accounts that were looked at.
    pub accounts: Vec<String>,
    /// The regions that were looked at.
    pub regions: Vec<String>,
    /// The regions where a messaging service is offered and nobody looked.
    pub regions_not_scanned: Vec<String>,
}

/// Why a snapshot could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The target is taken, or the disk refused.
    #[error(transparent)]
    File(#[from] FileError),
    /// The same question was asked twice.
    #[error("cannot add the call `{id}` to the snapshot: it is there already")]
    Duplicate {
        /// Its id.
        id: CallId,
    },
    /// The call contradicts itself, so no reader would accept it.
    #[error("cannot add the call `{id}` ({operation}) to the snapshot: {what}")]
    Unsound {
        /// Its id.
        id: CallId,
        /// Its operation.
        operation: String,
        /// What is wrong, as a sentence.
        what: String,
    },
}

impl WriteError {
    /// The next step, where there is one.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::File(error) => error.hint(),
            Self::Duplicate { .. } | Self::Unsound { .. } => None,
        }
    }
}

/// A snapshot that is being written. Dropped before [`Writer::finish`], it leaves nothing.
#[derive(Debug)]
pub struct Writer {
    // Before `staging`, so that the handle is closed before the directory is removed.
    open: Option<Spool>,
    staging: Staging,
    files: BTreeMap<String, Lines>,
    ids: BTreeSet<CallId>,
    outcomes: BTreeMap<Outcome, u64>,
    times: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// The spool file that was written to last.
#[derive(Debug)]
struct Spool {
    path: String,
    file: BufWriter<File>,
}

/// Where the lines of one file stand in its spool.
#[derive(Debug, Default)]
struct Lines {
    size: u64,
    lines: Vec<(Key, u64, u64)>,
}

impl Writer {
    /// Begins a snapshot that will stand at `target`; makes the directories above it.
    ///
    /// # Errors
    /// When the target is there and must not be replaced, or a directory cannot be made.
    pub fn create(target: &Path, existing: Existing) -> Result<Self, WriteError> {
        Ok(Self {
            open: None,
            staging: Staging::create(target, existing)?,
            files: BTreeMap::new(),
            ids: BTreeSet::new(),
            outcomes: BTreeMap::new(),
            times: None,
        })
    }

    /// Adds a call. The order does not matter.
    ///
    /// # Errors
    /// When the call is there already, when it contradicts itself (its id, hash, times, redactions, or a name that
    /// cannot be part of a path), or when the disk refuses.
    pub fn add(&mut self, call: &Call) -> Result<(), WriteError> {
        let unsound = |what| WriteError::Unsound { id: call.id.clone(), operation: call.operation.clone(), what };
        let path = Place::of(call).map_err(unsound)?.path();
        check::call(call).map_err(unsound)?;
        if self.ids.contains(&call.id) {
            return Err(WriteError::Duplicate { id: call.id.clone() });
        }
        let mut line = serde_json::to_vec(call).map_err(|error| unsound(error.to_string()))?;
        line.push(b'\n');
        self.append(&path, &line)?;
        let lines = self.files.entry(path).or_default();
        let length = line.len() as u64;
        lines.lines.push((Key::of(call), lines.size, length));
        lines.size += length;
        self.ids.insert(call.id.clone());
        *self.outcomes.entry(call.outcome).or_default() += 1;
        let (first, last) = self.times.unwrap_or((call.started, call.finished));
        self.times = Some((first.min(call.started), last.max(call.finished)));
        Ok(())
    }

    /// Orders the calls, writes the header, brings everything to the disk and renames it into place.
    ///
    /// Where a call began before `started` or ended after `finished`, the header has the call's time.
    ///
    /// # Errors
    /// When the disk refuses; the target is then as it was.
    pub fn finish(mut self, collection: Collection) -> Result<Header, WriteError> {
        self.close()?;
        let mut files = BTreeMap::new();
        for (path, lines) in std::mem::take(&mut self.files) {
            let entry = order(&self.spool(&path), &self.staging.path().join(&path), lines)?;
            files.insert(path, entry);
        }
        let spool = self.staging.path().join(SPOOL);
        if !files.is_empty() {
            std::fs::remove_dir_all(&spool).map_err(|source| FileError::io("remove", &spool, source))?;
        }
        let header = self.header(collection, files);
        let path = self.staging.path().join(HEADER);
        let mut text = serde_json::to_vec_pretty(&header)
            .map_err(|error| FileError::io("write", &path, io::Error::other(error)))?;
        text.push(b'\n');
        files::write(&path, &text)?;
        self.staging.commit()?;
        Ok(header)
    }

    fn header(&self, collection: Collection, files: BTreeMap<String, FileEntry>) -> Header {
        let (first, last) = self.times.unwrap_or((collection.started, collection.finished));
        Header {
            schema: SCHEMA.to_owned(),
            tool: collection.tool,
            started: whole_milliseconds(collection.started.min(first)),
            finished: whole_milliseconds(collection.finished.max(last)),
            caller: collection.caller,
            organization: collection.organization,
            accounts: collection.accounts,
            regions: collection.regions,
            regions_not_scanned: collection.regions_not_scanned,
            calls: self.ids.len() as u64,
            outcomes: self.outcomes.clone(),
            files,
        }
    }

    fn spool(&self, path: &str) -> PathBuf {
        self.staging.path().join(SPOOL).join(path)
    }

    fn append(&mut self, path: &str, line: &[u8]) -> Result<(), WriteError> {
        if self.open.as_ref().is_none_or(|open| open.path != path) {
            self.close()?;
            self.open = Some(Spool { path: path.to_owned(), file: reopen(&self.spool(path))? });
        }
        let spool = self.spool(path);
        let written = self.open.as_mut().map_or(Ok(()), |open| open.file.write_all(line));
        written.map_err(|source| FileError::io("write", &spool, source).into())
    }

    fn close(&mut self) -> Result<(), WriteError> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        open.file.flush().map_err(|source| FileError::io("write", &self.spool(&open.path), source).into())
    }
}

fn reopen(path: &Path) -> Result<BufWriter<File>, FileError> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|source| FileError::io("create the directory", parent, source))?;
    }
    let file = File::options().create(true).append(true).open(path);
    file.map(BufWriter::new).map_err(|source| FileError::io("open", path, source))
}

/// Copies the lines of a spool to their file, in order.
fn order(spool: &Path, path: &Path, mut lines: Lines) -> Result<FileEntry, FileError> {
    lines.lines.sort_unstable();
    let mut from = File::open(spool).map_err(|source| FileError::io("open", spool, source))?;
    // After a write that failed halfway, the lines do not stand where they were meant to.
    if from.metadata().map_err(|source| FileError::io("look at", spool, source))?.len() != lines.size {
        return Err(FileError::io("read", spool, io::Error::other("an earlier write to it failed")));
    }
    let mut to = reopen(path)?;
    let mut hash = Sha256::new();
    let mut line = Vec::new();
    for (_, offset, length) in &lines.lines {
        line.clear();
        from.seek(SeekFrom::Start(*offset))
            .and_then(|_| (&from).take(*length).read_to_end(&mut line))
            .map_err(|source| FileError::io("read", spool, source))?;
        hash.update(&line);
        to.write_all(&line).map_err(|source| FileError::io("write", path, source))?;
    }
    to.flush().map_err(|source| FileError::io("write", path, source))?;
    Ok(FileEntry { sha256: hex_digest(&hash.finalize()), bytes: lines.size, calls: lines.lines.len() as u64 })
}

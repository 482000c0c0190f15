//! Writes a snapshot: beside its target, call by call, renamed into place when it is whole.
//!
//! Only one call is in memory at a time, and of the others where they stand: 16 bytes each. What is added must be
//! redacted already; this module removes nothing.
//!
//! ```text
//! <target>.partial/  journal.jsonl     every call as it ended, and nothing else until the collection is over
//!                    plan.json         what is collected, by whom; without it there is nothing to go on with
//!                    calls/…           the same calls, ordered, when it is over
//!                    snapshot.json     last; once it is there, the rest is removed and the directory renamed
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::call::{Call, CallId, hex_digest};
use super::check::{self, Key, Place};
use super::header::{Caller, FileEntry, Header, SCHEMA, Shard, SkippedAccount, Tool, UnreadAccount};
use super::outcome::Outcome;
use super::read::{ReadError, Snapshot};
use super::time::whole_milliseconds;
use crate::files::{self, Existing, FileError, JOURNAL, Staging};
use journal::{Journal, Memory, Spot};

mod journal;
#[cfg(test)]
pub(super) mod tests;

/// The header's file.
pub(super) const HEADER: &str = "snapshot.json";
/// What is collected, as long as it is not finished.
const PLAN: &str = "plan.json";
/// What a later run needs to find before it is worth going on.
const WORTH_KEEPING: u64 = 2;

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
    /// The accounts that were looked at, also those that could not be entered.
    pub accounts: Vec<String>,
    /// The accounts of the organization that were not looked at because they are not in use.
    pub accounts_skipped: Vec<SkippedAccount>,
    /// Which part of a collection it was.
    pub shard: Option<Shard>,
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

/// Why nothing could be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    /// There is nothing, or the disk refused.
    #[error(transparent)]
    File(#[from] FileError),
    /// It was finished, and is not what it says.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// A snapshot that is being written. Dropped before [`Writer::finish`], it leaves nothing, but for one that was begun
/// with [`Writer::begin`] and has more than the first call in it: that one can be gone on with.
#[derive(Debug)]
pub struct Writer {
    // Before `staging`, so that the handle is closed before the directory is removed.
    journal: Journal,
    staging: Staging,
    lasts: bool,
    memory: Option<Arc<Memory>>,
    files: BTreeMap<String, Vec<Spot>>,
    calls: u64,
    unread: BTreeSet<UnreadAccount>,
    outcomes: BTreeMap<Outcome, u64>,
    times: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// What an earlier run left.
#[derive(Debug)]
pub enum Resumed {
    /// A collection to go on with, and the plan that was noted.
    Begun(Box<Writer>, Vec<u8>),
    /// One that was over but for its name, which it has now.
    Finished(Box<Header>),
}

/// A call that an earlier run finished.
pub type Recalled = Arc<dyn Fn(&CallId) -> Option<Call> + Send + Sync>;

impl Writer {
    /// Begins a snapshot that will stand at `target`; makes the directories above it. If this process ends early, the
    /// snapshot is lost.
    ///
    /// # Errors
    /// When the target is there and must not be replaced, or a directory cannot be made.
    pub fn create(target: &Path, existing: Existing) -> Result<Self, WriteError> {
        Self::of(Staging::create(target, existing)?, false)
    }

    /// The same for one that a later run can go on with, as [`Writer::resume`]. It is not worth it before
    /// [`Writer::note`].
    ///
    /// # Errors
    /// As [`Writer::create`]; also when an earlier run left something to go on with and it must not be replaced.
    pub fn begin(target: &Path, existing: Existing) -> Result<Self, WriteError> {
        Self::of(Staging::create_lasting(target, existing, PLAN)?, true)
    }

    /// Goes on with what an earlier run left, or puts it into place where only that was missing.
    ///
    /// # Errors
    /// When there is nothing to go on with, or another process is at it.
    pub fn resume(target: &Path, existing: Existing) -> Result<Resumed, ResumeError> {
        let staging = Staging::reopen_lasting(target, existing)?;
        let folder = staging.path().to_owned();
        if folder.join(HEADER).is_file() {
            Self::sweep(&folder)?;
            staging.commit()?;
            return Ok(Resumed::Finished(Box::new(Snapshot::open(target)?.header)));
        }
        let plan = fs::read(folder.join(PLAN)).map_err(|source| FileError::io("read", &folder.join(PLAN), source))?;
        let (journal, memory) = Journal::reopen(&folder.join(JOURNAL))?;
        let calls = folder.join(check::CALLS);
        if calls.exists() {
            fs::remove_dir_all(&calls).map_err(|source| FileError::io("remove", &calls, source))?;
        }
        let mut writer = Self::with(journal, staging, true);
        writer.memory = Some(Arc::new(memory));
        Ok(Resumed::Begun(Box::new(writer), plan))
    }

    fn of(staging: Staging, lasts: bool) -> Result<Self, WriteError> {
        let journal = Journal::create(&staging.path().join(JOURNAL))?;
        Ok(Self::with(journal, staging, lasts))
    }

    fn with(journal: Journal, staging: Staging, lasts: bool) -> Self {
        Self {
            journal,
            staging,
            lasts,
            memory: None,
            files: BTreeMap::new(),
            calls: 0,
            unread: BTreeSet::new(),
            outcomes: BTreeMap::new(),
            times: None,
        }
    }

    /// Notes what is collected, for whoever goes on with it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn note(&mut self, plan: &[u8]) -> Result<(), WriteError> {
        Ok(self.appear(PLAN, plan)?)
    }

    /// What an earlier run had asked; `None` where there was none.
    #[must_use]
    pub fn recalled(&self) -> Option<Recalled> {
        self.memory.as_ref().map(journal::recall)
    }

    /// Adds a call. The order does not matter.
    ///
    /// # Errors
    /// When it contradicts itself (its id, hash, times, redactions, or a name that cannot be part of a path), or when the
    /// disk refuses. That it is there already is found out by [`Writer::finish`].
    pub fn add(&mut self, call: &Call) -> Result<(), WriteError> {
        let unsound = |what| WriteError::Unsound { id: call.id.clone(), operation: call.operation.clone(), what };
        let path = Place::of(call).map_err(unsound)?.path();
        check::call(call).map_err(unsound)?;
        let mut line = serde_json::to_vec(call).map_err(|error| unsound(error.to_string()))?;
        line.push(b'\n');
        let there = self.memory.as_ref().and_then(|memory| memory.spot(&call.id, &line));
        let spot = there.map_or_else(|| self.journal.append(&line), Ok)?;
        self.files.entry(path).or_default().push(spot);
        self.calls += 1;
        self.staging.outlive(self.lasts && (self.memory.is_some() || self.calls >= WORTH_KEEPING));
        self.unread.extend(UnreadAccount::of(call));
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
    /// When the same question was asked twice, or the disk refuses; the target is then as it was.
    pub fn finish(mut self, collection: Collection) -> Result<Header, WriteError> {
        let mut files = BTreeMap::new();
        for (path, spots) in std::mem::take(&mut self.files) {
            let entry = order(&self.journal, &self.staging.path().join(&path), &spots)?;
            files.insert(path, entry);
        }
        let header = self.header(collection, files);
        let mut text = serde_json::to_vec_pretty(&header)
            .map_err(|error| FileError::io("write", &self.staging.path().join(HEADER), io::Error::other(error)))?;
        text.push(b'\n');
        self.appear(HEADER, &text)?;
        Self::sweep(self.staging.path())?;
        self.staging.outlive(self.lasts);
        let Self { staging, .. } = self;
        staging.commit()?;
        Ok(header)
    }

    /// Removes what a finished snapshot does not hold.
    fn sweep(folder: &Path) -> Result<(), FileError> {
        for name in [JOURNAL, PLAN] {
            let path = folder.join(name);
            if let Err(source) = fs::remove_file(&path)
                && source.kind() != io::ErrorKind::NotFound
            {
                return Err(FileError::io("remove", &path, source));
            }
        }
        Ok(())
    }

    /// Writes a file that a process that is killed leaves whole or not at all.
    fn appear(&self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let (path, hidden) = (self.staging.path().join(name), self.staging.path().join(format!("{name}.tmp")));
        files::write(&hidden, bytes)?;
        fs::rename(&hidden, &path).map_err(|source| FileError::io("write", &path, source))
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
            shard: collection.shard,
            shards: None,
            accounts: collection.accounts,
            accounts_unread: self.unread.iter().cloned().collect(),
            accounts_skipped: collection.accounts_skipped,
            regions: collection.regions,
            regions_not_scanned: collection.regions_not_scanned,
            calls: self.calls,
            outcomes: self.outcomes.clone(),
            files,
        }
    }
}

/// Copies the lines of one file from the journal, in order.
fn order(journal: &Journal, path: &Path, spots: &[Spot]) -> Result<FileEntry, WriteError> {
    let failed = |source| FileError::io("write", path, source);
    let mut reader = journal.reader()?;
    let mut line = Vec::new();
    let mut keyed: Vec<(Key, Spot)> = Vec::with_capacity(spots.len());
    for spot in spots {
        reader.read(*spot, &mut line)?;
        let key = Key::of_line(&line).map_err(|error| FileError::io("read", path, io::Error::other(error)))?;
        keyed.push((key, *spot));
    }
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    if let Some(pair) = keyed.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(WriteError::Duplicate { id: pair[0].0.id().clone() });
    }
    let mut to = BufWriter::new(create(path)?);
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    for (_, spot) in &keyed {
        reader.read(*spot, &mut line)?;
        hash.update(&line);
        to.write_all(&line).map_err(failed)?;
        bytes += spot.bytes();
    }
    to.flush().map_err(failed)?;
    Ok(FileEntry { sha256: hex_digest(&hash.finalize()), bytes, calls: keyed.len() as u64 })
}

fn create(path: &Path) -> Result<File, FileError> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|source| FileError::io("create the directory", parent, source))?;
    }
    File::create(path).map_err(|source| FileError::io("write", path, source))
}

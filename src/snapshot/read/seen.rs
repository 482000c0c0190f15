//! What is known of a file of calls that was read and checked. As long as the file is the same, nothing of it is checked
//! again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::files::Identity;
use crate::snapshot::{Call, Outcome};

/// How many calls of a file are read at once, when it is read again.
pub const GROUP: usize = 100;

/// A file of calls that was read and checked.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Of the file; `None` where its content is held in memory.
    pub(super) identity: Option<Identity>,
    /// How many calls ended how.
    pub(super) outcomes: BTreeMap<Outcome, u64>,
    /// When the first call started and the last one finished.
    pub(super) times: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// How many calls there are.
    pub(super) calls: u64,
    /// Where every group of calls begins, in bytes.
    pub(super) groups: Vec<u64>,
}

/// What is counted of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brief {
    outcome: Outcome,
    started: DateTime<Utc>,
    finished: DateTime<Utc>,
}

impl Brief {
    pub(super) const fn of(call: &Call) -> Self {
        Self { outcome: call.outcome, started: call.started, finished: call.finished }
    }
}

impl Seen {
    pub(super) fn add(&mut self, call: &Brief) {
        self.calls += 1;
        *self.outcomes.entry(call.outcome).or_default() += 1;
        let (first, last) = self.times.unwrap_or((call.started, call.finished));
        self.times = Some((first.min(call.started), last.max(call.finished)));
    }
}

/// What a snapshot remembers of its files, by their paths.
#[derive(Debug, Default)]
pub(super) struct Memory {
    seen: Mutex<BTreeMap<String, Arc<Seen>>>,
    /// Files whose hash somebody compared already, as they were then.
    hashed: Mutex<BTreeMap<String, Identity>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    pub(super) fn seen(&self, path: &str) -> Option<Arc<Seen>> {
        locked(&self.seen).get(path).cloned()
    }

    pub(super) fn see(&self, path: &str, seen: Seen) -> Arc<Seen> {
        let seen = Arc::new(seen);
        locked(&self.seen).insert(path.to_owned(), Arc::clone(&seen));
        seen
    }

    pub(super) fn hash(&self, path: &str, identity: Identity) {
        locked(&self.hashed).insert(path.to_owned(), identity);
    }

    pub(super) fn is_hashed(&self, path: &str, identity: &Identity) -> bool {
        locked(&self.hashed).get(path).is_some_and(|hashed| hashed.is_unchanged(identity))
    }
}

//! What the places of one collection share, and what each of them has for itself.

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};

use super::limiter::Limiter;
use super::observe::{Nobody, Observer};
use super::place::MAX_PAGES;
use super::{Clock, Pace, Recall};
use crate::operations::Operation;
use crate::snapshot::{Call, CallError, Outcome};

/// Requests in flight at once, over all accounts, regions and services. Each can hold two sockets (one that was used before, and
/// one that was opened meanwhile), and a process may open about 1,000 on most machines. The quotas of one account and region
/// allow about 200 at 30 ms.
const IN_FLIGHT: usize = 256;
/// Applications that are asked about at once, over all places: each waits with about twenty questions, so these are ten times as
/// many as can be in flight. More would only wait.
const APPLICATIONS: usize = 128;
/// Finished calls that wait for the disk; beyond it, collecting waits as well.
pub(super) const FINISHED: usize = 256;

/// How much to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Everything.
    Whole,
    /// One page of a list, and one member of it.
    Sample,
}

impl Depth {
    pub(super) const fn pages(self) -> u32 {
        match self {
            Self::Whole => MAX_PAGES,
            Self::Sample => 1,
        }
    }
}

/// What all places of one collection share.
pub(super) struct Session {
    pub(super) depth: Depth,
    pub(super) denied: Vec<&'static Operation>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    pub(super) recall: Option<Recall>,
    pub(super) in_flight: Semaphore,
    pub(super) applications: Semaphore,
    finished: mpsc::Sender<Call>,
}

impl Session {
    /// A session that hands each finished call to `finished`.
    pub(super) fn new(pace: Pace, clock: &Clock, finished: mpsc::Sender<Call>) -> Self {
        Self {
            depth: Depth::Whole,
            denied: Vec::new(),
            observer: Arc::new(Nobody),
            clock: clock.clone(),
            pace,
            recall: None,
            in_flight: Semaphore::new(IN_FLIGHT),
            applications: Semaphore::new(APPLICATIONS),
            finished,
        }
    }

    /// The same, telling somebody how it goes.
    pub(super) fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// The same, asking so much.
    pub(super) fn asking(mut self, depth: Depth) -> Self {
        self.depth = depth;
        self
    }

    /// The same, taking these operations for denied without asking.
    pub(super) fn denying(mut self, denied: &[&'static Operation]) -> Self {
        self.denied = denied.to_vec();
        self
    }

    /// The same, asking nothing that is remembered.
    pub(super) fn recalling(mut self, recall: Option<Recall>) -> Self {
        self.recall = recall;
        self
    }

    /// Nobody listens any more only when the collection was stopped; then nothing is lost.
    pub(super) async fn emit(&self, call: Call) {
        let _ = self.finished.send(call).await;
    }
}

/// Why nothing can be asked in an account.
#[derive(Clone, Debug)]
pub(super) struct Closed {
    /// How the call ended that should have opened it. Never an outcome that shows something.
    pub(super) outcome: Outcome,
    /// What was said.
    pub(super) error: CallError,
}

/// One region of one account, with the pace at which it may be asked.
pub(super) struct Site {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) closed: Option<Closed>,
    pub(super) limiter: Arc<Limiter>,
}

impl Site {
    /// A region of an account, closed or open.
    pub(super) fn new(session: &Session, account: &str, region: &str, closed: Option<&Closed>) -> Self {
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            closed: closed.cloned(),
            limiter: Arc::new(Limiter::new(session.pace)),
        }
    }
}

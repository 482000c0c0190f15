//! Who watches a collection while it goes on.
//!
//! Collecting says what it is about to ask, what it has asked, and how it ended. It knows nothing of terminals, and it
//! goes on in the same way whether or not anybody listens.

use crate::operations::Operation;
use crate::snapshot::Outcome;

/// Hears of every request, from whatever task makes it. It must return at once: requests wait for it.
pub trait Observer: Send + Sync {
    /// A request of this operation in this region has come to a stage.
    fn hear(&self, region: &str, operation: &'static Operation, stage: Stage);
}

/// How far a request has come. Every request is queued once and ends once; one that is never sent was not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is known that it has to be made; it waits for the rate that AWS allows.
    Queued,
    /// It is on its way, and waits for the answer.
    Sent,
    /// It has ended.
    Ended(Outcome),
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Observer for Nobody {
    fn hear(&self, _: &str, _: &'static Operation, _: Stage) {}
}

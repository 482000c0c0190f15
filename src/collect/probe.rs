//! Which calls are allowed: every read of the catalogue, asked once in each region.
//!
//! A probe is a collection that asks for one page of each list and looks at one member of it, so it makes the calls
//! that a collection makes and no others, and a call that is added to the collection is probed without further ado. It
//! keeps no answer.

use std::collections::BTreeMap;

use super::session::{Depth, Session};
use super::{Aws, Clock, Plan, ask_as, sample};
use crate::operations::{self, Operation};
use crate::snapshot::{Call, Outcome};

/// How one call ended, without what it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What was called.
    pub operation: &'static Operation,
    /// For instance `us-east-1`.
    pub region: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The error code as received; `None` where there was none.
    pub code: Option<String>,
    /// What AWS, or the way to AWS, said instead of an answer.
    pub message: Option<String>,
    /// Whether it asked about an id that belongs to nothing, because there was none to ask about.
    pub of_nothing: bool,
}

impl Probe {
    /// The probe that a call was; `None` for an operation that is not in the catalogue.
    #[must_use]
    pub fn of(call: &Call) -> Option<Self> {
        let error = call.error.as_ref();
        Some(Self {
            operation: operations::find(&call.service, &call.operation)?,
            region: call.region.clone(),
            outcome: call.outcome,
            code: error.and_then(|error| error.code.clone()),
            message: error.and_then(|error| error.message.clone()),
            of_nothing: is_of_nothing(&call.parameters),
        })
    }
}

fn is_of_nothing(parameters: &BTreeMap<String, serde_json::Value>) -> bool {
    parameters.values().any(sample::is_of_nothing)
}

/// Probes every call in every region of the plan, and hands on each as it ends, so that whoever runs out of patience
/// keeps what there was.
pub async fn probe(aws: &Aws, plan: &Plan, clock: &Clock, mut each: impl FnMut(Probe) + Send) {
    let session = |finished| Session::new(plan.pace, clock, finished).asking(Depth::Sample);
    let mut sink = |call: Call| {
        Probe::of(&call).into_iter().for_each(&mut each);
        Ok(())
    };
    // The sink takes everything, so there is no error to pass on.
    let _ = ask_as(aws, plan, session, &mut sink).await;
}

//! AWS to calls: asks every read of [`crate::operations`] and writes down how each ended.
//!
//! With `store`, which copies bytes, the only place where the names of AWS SDK crates appear. One service that fails never
//! stops another, and a list that fails on its second page keeps its first. What was asked and answered leaves this module
//! as [`Call`]s, already redacted; nothing here judges, writes a file, or looks at the clock but through the one that is
//! passed in.
//!
//! ```text
//! connect ──> Aws ──> pinpoint, sms_voice, registrations, ses, artifact      what is asked
//!                          └──> place        pace, pages, parameters; tells the observer
//!                                 └──> record      one call: recorder (wire) + classify (outcome) ──> Call
//! ```
//!
//! `probe` walks the same way and asks for one page and one member of each list, to see which calls are allowed.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, FutureExt as _};
use tokio::sync::mpsc;

use crate::operations::Operation;
use crate::regions;
use crate::snapshot::Call;

mod artifact;
mod caller;
mod classify;
mod connect;
pub mod in_process;
mod kms;
mod limiter;
mod observe;
mod pinpoint;
mod place;
mod post;
mod probe;
mod record;
mod recorder;
mod registrations;
mod sample;
mod ses;
mod sms_voice;

pub use caller::{CallerError, caller};
pub use connect::{Aws, ConnectError, Connection, connect};
pub use kms::{KmsError, KmsKey};
pub use observe::{Nobody, Observer, Stage};
pub use post::{PostError, post};
pub use probe::{Probe, probe};
pub use sample::leads_on;

use place::{Place, Session};

/// The time, as whoever collects reads it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How fast to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Within the rates that AWS publishes.
    Quotas,
    /// As fast as answers come; for answers from inside the process.
    Unlimited,
}

/// What to collect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The caller's account, twelve digits.
    pub account: String,
    /// The regions to look at, for instance `us-east-1`; each is looked at once.
    pub regions: Vec<String>,
    /// How fast.
    pub pace: Pace,
}

/// Why a collection ended early. No answer of AWS is among the reasons.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// A finished call could not be handed on.
    #[error("failed to keep a finished call: {0}")]
    Sink(#[from] io::Error),
}

/// Takes each call when it has finished. Progress can be told here.
///
/// The order of finishing varies between runs, even when all answers come from inside the process.
pub type Sink<'a> = dyn FnMut(Call) -> io::Result<()> + Send + 'a;

/// Asks everything, in all services and regions at once, and hands each finished call to `sink`.
///
/// # Errors
/// The first error of `sink` stops the collection.
pub async fn collect(aws: &Aws, plan: &Plan, clock: &Clock, sink: &mut Sink<'_>) -> Result<(), CollectError> {
    collect_observed(aws, plan, clock, Arc::new(Nobody), sink).await
}

/// The same, telling `observer` of every request on the way.
///
/// # Errors
/// The first error of `sink` stops the collection.
pub async fn collect_observed(
    aws: &Aws,
    plan: &Plan,
    clock: &Clock,
    observer: Arc<dyn Observer>,
    sink: &mut Sink<'_>,
) -> Result<(), CollectError> {
    let session = |finished| Session::new(&plan.account, plan.pace, clock, finished).observed_by(observer);
    ask_as(aws, plan, session, sink).await
}

/// Collects as if `denied` were denied: what they ask is not asked, nor what hangs on their answers.
pub async fn rehearse(aws: &Aws, plan: &Plan, clock: &Clock, denied: &[&'static Operation]) -> Vec<Call> {
    let session = |finished| Session::new(&plan.account, plan.pace, clock, finished).denying(denied);
    let mut calls = Vec::new();
    let mut sink = |call| {
        calls.push(call);
        Ok(())
    };
    // The sink takes everything, so there is no error to pass on.
    let _ = ask_as(aws, plan, session, &mut sink).await;
    calls
}

/// Asks everything as the session says, and hands on each finished call.
async fn ask_as(
    aws: &Aws,
    plan: &Plan,
    session: impl FnOnce(mpsc::UnboundedSender<Call>) -> Session,
    sink: &mut Sink<'_>,
) -> Result<(), CollectError> {
    let (sender, mut finished) = mpsc::unbounded_channel();
    let asking = async move {
        let session = session(sender);
        ask_everything(aws, plan, &session).await;
        Ok(())
    };
    let keeping = async {
        while let Some(call) = finished.recv().await {
            sink(call)?;
        }
        Ok(())
    };
    tokio::try_join!(asking, keeping).map(|((), ())| ())
}

async fn ask_everything(aws: &Aws, plan: &Plan, session: &Session) {
    let regions: BTreeSet<&String> = plan.regions.iter().collect();
    let mut work: Vec<BoxFuture<'_, ()>> =
        regions.into_iter().map(|region| ask_region(aws, Place::new(session, region)).boxed()).collect();
    let region = regions::artifact(regions::partition(aws.region()));
    work.push(
        async move {
            let client = aws_sdk_artifact::Client::new(&aws.at(region));
            artifact::collect(Place::new(session, region), &client).await;
        }
        .boxed(),
    );
    place::all(work).await;
}

async fn ask_region(aws: &Aws, place: Place<'_>) {
    let sdk = aws.at(place.region());
    let pinpoint = aws_sdk_pinpoint::Client::new(&sdk);
    let sms_voice = aws_sdk_pinpointsmsvoicev2::Client::new(&sdk);
    let ses = aws_sdk_sesv2::Client::new(&sdk);
    tokio::join!(pinpoint::collect(place, &pinpoint), sms_voice::collect(place, &sms_voice), ses::collect(place, &ses),);
}

#[cfg(test)]
mod tests;

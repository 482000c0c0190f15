//! AWS to calls: asks every read of [`crate::operations`] and writes down how each ended.
//!
//! With `store`, which copies bytes, the only place where the names of AWS SDK crates appear. One service that fails never
//! stops another, and a list that fails on its second page keeps its first. What was asked and answered leaves this module
//! as [`Call`]s, already redacted; nothing here judges, writes a file, or looks at the clock but through the one that is
//! passed in.
//!
//! ```text
//! connect ──> Aws ──> fleet        which accounts there are, and the role that reads each of them
//!                └──> pinpoint, sms_voice, registrations, ses, artifact      what is asked
//!                          └──> place        pace, pages, parameters; tells the observer
//!                                 └──> record      one call: recorder (wire) + classify (outcome) ──> Call
//! ```
//!
//! `probe` walks the same way and asks for one page and one member of each list, to see which calls are allowed.

use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::operations::Operation;
use crate::regions;
use crate::snapshot::{Call, CallId};

mod artifact;
mod caller;
mod classify;
mod connect;
mod fleet;
pub mod in_process;
mod kms;
mod limiter;
mod observe;
mod pinpoint;
mod place;
mod plan;
mod post;
mod probe;
mod record;
mod recorder;
mod registrations;
mod sample;
mod ses;
mod session;
mod sms_voice;

pub use caller::{CallerError, caller};
pub use connect::{Aws, ConnectError, Connection, connect};
pub use fleet::{FleetError, Organization, assume, organization};
pub use kms::{KmsError, KmsKey};
pub use observe::{Nobody, Observer, Stage};
pub use plan::{Plan, Role, Target};
pub use post::{PostError, post};
pub use probe::{Probe, probe};
pub use sample::leads_on;

use place::Place;
use session::{Closed, FINISHED, Session, Site};

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

/// A call that an earlier run of the same collection finished; nothing that it shows has to be asked again.
pub type Recall = Arc<dyn Fn(&CallId) -> Option<Call> + Send + Sync>;

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

/// Asks everything, in all accounts, regions and services at once, and hands each finished call to `sink`.
///
/// # Errors
/// The first error of `sink` stops the collection.
pub async fn collect(aws: &Aws, plan: &Plan, clock: &Clock, sink: &mut Sink<'_>) -> Result<(), CollectError> {
    collect_observed(aws, plan, clock, Arc::new(Nobody), None, sink).await
}

/// The same, telling `observer` of every request on the way, and asking nothing that can be recalled.
///
/// # Errors
/// The first error of `sink` stops the collection.
pub async fn collect_observed(
    aws: &Aws,
    plan: &Plan,
    clock: &Clock,
    observer: Arc<dyn Observer>,
    recall: Option<Recall>,
    sink: &mut Sink<'_>,
) -> Result<(), CollectError> {
    let session = |finished| Session::new(plan.pace, clock, finished).observed_by(observer).recalling(recall);
    ask_as(aws, plan, session, sink).await
}

/// Collects as if `denied` were denied: what they ask is not asked, nor what hangs on their answers.
pub async fn rehearse(aws: &Aws, plan: &Plan, clock: &Clock, denied: &[&'static Operation]) -> Vec<Call> {
    let session = |finished| Session::new(plan.pace, clock, finished).denying(denied);
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
    session: impl FnOnce(mpsc::Sender<Call>) -> Session,
    sink: &mut Sink<'_>,
) -> Result<(), CollectError> {
    let (sender, mut finished) = mpsc::channel(FINISHED);
    let asking = async move {
        ask_everything(aws, plan, Arc::new(session(sender))).await;
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

/// Every account by itself, and the reports, which are the same for all of them, with the caller's own credentials.
async fn ask_everything(aws: &Aws, plan: &Plan, session: Arc<Session>) {
    let mut tasks = JoinSet::new();
    let home = regions::artifact(regions::partition(aws.region()));
    if plan.asks_for_reports() {
        let (aws, session) = (aws.clone(), Arc::clone(&session));
        let site = Site::new(&session, &plan.caller, home, None);
        tasks.spawn(async move {
            let client = aws_sdk_artifact::Client::new(&aws.at(home));
            artifact::reports(Place::new(&session, &site), &client).await;
        });
    }
    let assuming = Arc::new(limiter::Limiter::new(plan.pace));
    for share in plan.shares() {
        let (aws, session, assuming) = (aws.clone(), Arc::clone(&session), Arc::clone(&assuming));
        tasks.spawn(async move {
            let opened = fleet::enter(&aws, &session, &assuming, &share.target).await;
            ask_account(opened, &session, share, home).await;
        });
    }
    all_of(tasks).await;
}

/// The regions of one account, each by itself. Where the account could not be entered, every first question is written
/// down as one that nobody could ask.
async fn ask_account(
    opened: Result<Aws, (Aws, Closed)>,
    session: &Arc<Session>,
    share: plan::Share,
    home: &'static str,
) {
    let (aws, closed) = match opened {
        Ok(aws) => (aws, None),
        Err((aws, closed)) => (aws, Some(closed)),
    };
    let mut tasks = JoinSet::new();
    let account = &share.target.account;
    for region in &share.regions {
        let (aws, session) = (aws.clone(), Arc::clone(session));
        let site = Site::new(&session, account, region, closed.as_ref());
        tasks.spawn(async move { ask_region(&aws, Place::new(&session, &site)).await });
    }
    if share.agreements {
        let session = Arc::clone(session);
        let site = Site::new(&session, account, home, closed.as_ref());
        tasks.spawn(async move {
            let client = aws_sdk_artifact::Client::new(&aws.at(home));
            artifact::agreements(Place::new(&session, &site), &client).await;
        });
    }
    all_of(tasks).await;
}

/// Waits for all of them. Whoever stops waiting stops them.
async fn all_of(mut tasks: JoinSet<()>) {
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended
            && error.is_panic()
        {
            std::panic::resume_unwind(error.into_panic());
        }
    }
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

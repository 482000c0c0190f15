//! One SDK call, made and written down.
//!
//! Every request of this program goes through [`record`]. What is written down is redacted; what is handed back for
//! further questions is the answer as it came, and never leaves memory.

use std::collections::BTreeMap;
use std::error::Error;
use std::future::Future;
use std::iter::successors;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Clock;
use super::classify::{self, Case, Ending, Reading};
use super::recorder::{Recorder, Recording, Wire};
use super::session::Closed;
use crate::operations::{Operation, Service};
use crate::snapshot::{Call, CallError, CallId, Outcome, Question, hex_sha256, redact, time};

/// The members of a request by their names in the API model.
pub(super) type Parameters = BTreeMap<String, Value>;

/// What is asked, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// Twelve digits.
    pub(super) account: &'a str,
    /// For instance `us-east-1`.
    pub(super) region: &'a str,
    /// What is called.
    pub(super) operation: &'static Operation,
    /// With what.
    pub(super) parameters: &'a Parameters,
    /// 1-based.
    pub(super) page: u32,
}

impl Asked<'_> {
    /// The name of the call.
    pub(super) fn id(&self) -> CallId {
        CallId::derive(&Question {
            account: self.account,
            region: self.region,
            service: self.operation.service.as_str(),
            operation: self.operation.name,
            parameters: self.parameters,
            page: self.page,
        })
    }

    /// The call that is not made because the service is not offered there.
    pub(super) fn not_offered(&self, at: DateTime<Utc>) -> Call {
        self.unasked(Outcome::NotOffered, None, at)
    }

    /// The call that is not made because a rehearsal takes it for denied.
    pub(super) fn denied(&self, at: DateTime<Utc>) -> Answer {
        Answer::bare(self.unasked(Outcome::AccessDenied, None, at))
    }

    /// The call that is not made because nobody could enter the account.
    pub(super) fn behind(&self, closed: &Closed, at: DateTime<Utc>) -> Answer {
        Answer::bare(self.unasked(closed.outcome, Some(closed.error.clone()), at))
    }

    fn unasked(&self, outcome: Outcome, error: Option<CallError>, at: DateTime<Utc>) -> Call {
        let reading = Reading { outcome, error, items: None, next: None, json: None };
        self.written(&Recording::default(), &reading, (at, at))
    }

    fn written(
        &self,
        recording: &Recording,
        reading: &Reading,
        (started, finished): (DateTime<Utc>, DateTime<Utc>),
    ) -> Call {
        let wire = recording.wire.as_ref();
        let (service, operation) = (self.operation.service.as_str(), self.operation.name);
        let redact = |wire: &Wire| {
            let body = std::str::from_utf8(wire.body.as_deref()?).ok().filter(|body| !body.is_empty())?;
            let redact = if (200..300).contains(&wire.status) { redact::body } else { redact::refusal };
            Some(redact(service, operation, body))
        };
        let kept = wire.and_then(redact);
        Call {
            id: self.id(),
            service: service.to_owned(),
            operation: operation.to_owned(),
            account: self.account.to_owned(),
            region: self.region.to_owned(),
            parameters: self.parameters.clone(),
            page: self.page,
            started,
            finished,
            outcome: reading.outcome,
            error: reading.error.as_ref().map(|error| CallError {
                code: error.code.clone(),
                message: error.message.as_deref().map(redact::message),
            }),
            http_status: wire.map(|wire| wire.status),
            request_id: wire.and_then(|wire| wire.request_id.clone()),
            attempts: recording.attempts,
            items: reading.items,
            more: reading.next.is_some(),
            sha256: kept.as_ref().map(|kept| hex_sha256(kept.body.as_bytes())),
            redactions: kept.as_ref().map(|kept| kept.removed.clone()).unwrap_or_default(),
            body: kept.map(|kept| kept.body),
        }
    }
}

/// A call as it is written down, and what the next questions need of its answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The evidence.
    pub(super) call: Call,
    /// The answer of a success, before redaction; never kept.
    pub(super) json: Option<Value>,
    /// The token of the next page, when one is announced.
    pub(super) next: Option<String>,
    /// The body as received, where it is not JSON; never kept.
    pub(super) text: Option<String>,
}

impl Answer {
    /// A call that led to no answer.
    fn bare(call: Call) -> Self {
        Self { call, json: None, next: None, text: None }
    }

    /// An answer that an earlier run was given, if it shows something: what failed then is asked again.
    pub(super) fn recalled(operation: &Operation, call: Call) -> Option<Self> {
        let shows = call.outcome.is_read() || call.outcome == Outcome::EndOfSupport;
        if !shows || operation.service == Service::Sts {
            return None;
        }
        let json = call.json();
        let next = operation.paging.and_then(|paging| classify::token(json.as_ref()?.get(paging.next)?));
        Some(Self { call, json, next, text: None })
    }

    /// How the call ended.
    pub(super) const fn outcome(&self) -> Outcome {
        self.call.outcome
    }
}

/// Makes one call, waits for its end, and classifies it; and gives how many of its attempts were throttled.
///
/// `case` is given the time at which the call began.
pub(super) async fn record<'c, O, E, F>(
    asked: &Asked<'_>,
    clock: &Clock,
    case: impl FnOnce(DateTime<Utc>) -> Case<'c>,
    send: impl FnOnce(Recorder) -> F,
) -> (Answer, u32)
where
    F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send,
    E: Error + 'static,
{
    let recorder = Recorder::default();
    let started = time::whole_milliseconds(clock());
    // Boxed because an SDK future is large, and dozens of them are nested in one another.
    let ending = match Box::pin(send(recorder.clone())).await {
        Ok(_) => Ending::Accepted,
        Err(error) => ending(&error),
    };
    let finished = time::whole_milliseconds(clock());
    let recording = recorder.recording();
    let reading = classify::classify(&case(started), recording.wire.as_ref(), &ending);
    let call = asked.written(&recording, &reading, (started, finished));
    let text = if asked.operation.service == Service::Sts { text(&recording) } else { None };
    (Answer { call, json: reading.json, next: reading.next, text }, recording.throttled)
}

fn text(recording: &Recording) -> Option<String> {
    String::from_utf8(recording.wire.as_ref()?.body.clone()?).ok()
}

/// What the SDK says of a call that did not succeed.
fn ending<E: Error + 'static>(error: &SdkError<E, HttpResponse>) -> Ending {
    let text = causes(error);
    match error {
        SdkError::TimeoutError(_) => Ending::TimedOut(text),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Ending::TimedOut(text),
        SdkError::ConstructionFailure(_) => Ending::NotBuilt(text),
        SdkError::ResponseError(_) | SdkError::ServiceError(_) => Ending::Rejected(text),
        _ => Ending::NotReached(text),
    }
}

/// The causes behind a call that did not succeed, in one line, without the layers of the SDK that only say that there
/// is a cause.
fn causes<E: Error + 'static>(error: &SdkError<E, HttpResponse>) -> String {
    let says_something = |cause: &&(dyn Error + 'static)| {
        // The HTTP client's own layer has no public type; it reads "client error (Connect)".
        !(cause.is::<ConnectorError>() || cause.to_string().starts_with("client error ("))
    };
    let behind = successors(error.source(), |&cause| cause.source());
    let told: Vec<String> = behind.filter(says_something).map(ToString::to_string).collect();
    if told.is_empty() { chain(error) } else { told.join(": ") }
}

/// An error and its causes in one line. The SDK's own long form would also print the whole answer.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    successors(Some(error), |&error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

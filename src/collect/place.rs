//! Asking in one region of one account: the pace, the pages, and where the finished calls go.

use std::collections::BTreeSet;
use std::error::Error;
use std::future::Future;
use std::sync::Arc;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use futures_util::future::{BoxFuture, join_all};
use serde_json::Value;
use tokio::sync::{Semaphore, mpsc};

use super::classify::{Absence, Case};
use super::limiter::Limiter;
use super::observe::{Nobody, Observer, Stage};
use super::record::{Answer, Asked, Parameters, record};
use super::recorder::Recorder;
use super::{Clock, Pace, sample};
use crate::operations::{Operation, Service};
use crate::snapshot::{Call, Outcome, time};

/// A list of more pages than this is cut off and marked `truncated`.
pub(super) const MAX_PAGES: u32 = 10_000;
/// Members per page. Every service that pages accepts it.
const PAGE_SIZE: u32 = 100;
/// Requests in flight at once, over all services and regions. Each can hold a socket.
const IN_FLIGHT: usize = 64;

/// How much to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Everything.
    Whole,
    /// One page of a list, and one member of it.
    Sample,
}

impl Depth {
    const fn pages(self) -> u32 {
        match self {
            Self::Whole => MAX_PAGES,
            Self::Sample => 1,
        }
    }
}

/// What all places of one collection share.
pub(super) struct Session {
    account: String,
    depth: Depth,
    denied: Vec<&'static Operation>,
    observer: Arc<dyn Observer>,
    clock: Clock,
    limiter: Limiter,
    in_flight: Semaphore,
    finished: mpsc::UnboundedSender<Call>,
}

impl Session {
    /// A session that hands each finished call to `finished`.
    pub(super) fn new(account: &str, pace: Pace, clock: &Clock, finished: mpsc::UnboundedSender<Call>) -> Self {
        Self {
            account: account.to_owned(),
            depth: Depth::Whole,
            denied: Vec::new(),
            observer: Arc::new(Nobody),
            clock: clock.clone(),
            limiter: Limiter::new(pace),
            in_flight: Semaphore::new(IN_FLIGHT),
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

    /// Nobody listens any more only when the collection was stopped; then nothing is lost.
    fn emit(&self, call: Call) {
        let _ = self.finished.send(call);
    }
}

/// One region of one account.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    session: &'a Session,
    region: &'a str,
}

impl<'a> Place<'a> {
    /// A region, by its name.
    pub(super) const fn new(session: &'a Session, region: &'a str) -> Self {
        Self { session, region }
    }

    /// For instance `us-east-1`.
    pub(super) const fn region(&self) -> &'a str {
        self.region
    }

    /// Twelve digits.
    pub(super) fn account(&self) -> &'a str {
        &self.session.account
    }

    /// Asks once.
    pub(super) async fn get<O, E, F>(
        self,
        operation: &'static Operation,
        parameters: Parameters,
        absence: Absence,
        send: impl FnOnce(Recorder) -> F,
    ) -> Answer
    where
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send,
        E: Error + 'static,
    {
        let before = Before { page: 1, listed: false, seen: &BTreeSet::new() };
        let answer = self.ask(operation, &parameters, absence, before, send).await;
        self.session.emit(answer.call.clone());
        answer
    }

    /// Asks for every page of a list and gives the members of all pages.
    ///
    /// The list ends with the first page that was not observed or announces nothing. Where only a sample is asked for,
    /// it ends with the first page, and at most one member is given.
    pub(super) async fn list<O, E, F>(
        self,
        operation: &'static Operation,
        parameters: Parameters,
        send: impl Fn(Recorder, Option<String>) -> F,
    ) -> Vec<Value>
    where
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send,
        E: Error + 'static,
    {
        let (mut members, mut seen, mut token) = (Vec::new(), BTreeSet::new(), None);
        for page in 1..=self.session.depth.pages() {
            let asked = page_parameters(operation, &parameters, token.as_deref());
            let request = |recorder| send(recorder, token.clone());
            let before = Before { page, listed: !members.is_empty(), seen: &seen };
            let answer = self.ask(operation, &asked, Absence::Unconfirmed, before, request).await;
            self.session.emit(answer.call.clone());
            let observed = answer.outcome() == Outcome::Observed;
            members.extend(answer.json.and_then(|json| listed(operation, json)).unwrap_or_default());
            match answer.next {
                Some(next) if observed => {
                    seen.insert(next.clone());
                    token = Some(next);
                }
                _ => break,
            }
        }
        match self.session.depth {
            Depth::Whole => members,
            Depth::Sample => sample::of(self, operation, members),
        }
    }

    /// Writes down that nothing was asked because the service is not offered here.
    pub(super) fn not_offered(&self, operation: &'static Operation, parameters: &Parameters) {
        let parameters = page_parameters(operation, parameters, None);
        let asked = self.asked(operation, &parameters, 1);
        let now = time::whole_milliseconds((self.session.clock)());
        self.tell(operation, Stage::Queued);
        self.tell(operation, Stage::Ended(Outcome::NotOffered));
        self.session.emit(asked.not_offered(now));
    }

    fn asked<'p>(&self, operation: &'static Operation, parameters: &'p Parameters, page: u32) -> Asked<'p>
    where
        'a: 'p,
    {
        Asked { account: &self.session.account, region: self.region, operation, parameters, page }
    }

    async fn ask<O, E, F>(
        self,
        operation: &'static Operation,
        parameters: &Parameters,
        absence: Absence,
        before: Before<'_>,
        send: impl FnOnce(Recorder) -> F,
    ) -> Answer
    where
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send,
        E: Error + 'static,
    {
        if self.session.denied.contains(&operation) {
            let now = time::whole_milliseconds((self.session.clock)());
            return self.asked(operation, parameters, before.page).denied(now);
        }
        self.tell(operation, Stage::Queued);
        self.session.limiter.acquire(self.region, operation).await;
        // The semaphore is never closed, so there is nothing to fail on.
        let _permit = self.session.in_flight.acquire().await;
        self.tell(operation, Stage::Sent);
        let Before { page, listed: listed_before, seen } = before;
        let last_page = MAX_PAGES;
        let case = |started| Case { operation, started, page, absence, listed_before, seen, last_page };
        let answer = record(&self.asked(operation, parameters, page), &self.session.clock, case, send).await;
        self.session.limiter.retried(self.region, operation, answer.call.attempts.saturating_sub(1));
        self.tell(operation, Stage::Ended(answer.outcome()));
        answer
    }

    fn tell(&self, operation: &'static Operation, stage: Stage) {
        self.session.observer.hear(self.region, operation, stage);
    }
}

/// How far the reading of a list has come.
#[derive(Clone, Copy)]
struct Before<'a> {
    /// The page to ask for, 1-based.
    page: u32,
    /// Whether an earlier page had members.
    listed: bool,
    /// The tokens that earlier pages announced.
    seen: &'a BTreeSet<String>,
}

/// The request's members with those that ask for a page, by the names and types of the API model.
fn page_parameters(operation: &Operation, parameters: &Parameters, token: Option<&str>) -> Parameters {
    let mut asked = parameters.clone();
    if let Some(paging) = operation.paging {
        let (name, size) = match operation.service {
            Service::Pinpoint => ("PageSize", Value::from(PAGE_SIZE.to_string())),
            Service::Ses => ("PageSize", Value::from(PAGE_SIZE)),
            Service::Artifact => ("maxResults", Value::from(PAGE_SIZE)),
            Service::SmsVoice | Service::Sts => ("MaxResults", Value::from(PAGE_SIZE)),
        };
        asked.insert(name.to_owned(), size);
        if let Some(token) = token {
            asked.insert(paging.token.to_owned(), Value::from(token));
        }
    }
    asked
}

fn listed(operation: &Operation, mut json: Value) -> Option<Vec<Value>> {
    match json.get_mut(operation.items?)?.take() {
        Value::Array(members) => Some(members),
        _ => None,
    }
}

/// A request's members from pairs of name and value.
pub(super) fn parameters<const N: usize>(pairs: [(&str, Value); N]) -> Parameters {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A text member of an answer, unless it is empty.
pub(super) fn text<'v>(value: &'v Value, member: &str) -> Option<&'v str> {
    value.get(member)?.as_str().filter(|text| !text.is_empty())
}

/// The members that have this text, each text once: a list that changes while it is read can show a member twice.
pub(super) fn distinct<'v>(members: &'v [Value], name: &str) -> Vec<(&'v str, &'v Value)> {
    let mut seen = BTreeSet::new();
    members
        .iter()
        .filter_map(|member| Some((text(member, name)?, member)))
        .filter(|(key, _)| seen.insert(*key))
        .collect()
}

/// Does everything at once; the session bounds how many requests that makes.
pub(super) async fn all(work: Vec<BoxFuture<'_, ()>>) {
    join_all(work).await;
}

/// Asks once: place, operation, parameters, absence, and the SDK's request.
macro_rules! get {
    ($place:expr, $operation:ident, $parameters:expr, $absence:expr, $request:expr $(,)?) => {
        $place.get(&crate::operations::$operation, $parameters, $absence, move |recorder| {
            $request.customize().interceptor(recorder).send()
        })
    };
}

/// Asks for every page: place, operation, parameters, and the SDK's request, which takes the page's size and token.
macro_rules! list {
    ($place:expr, $operation:ident, $parameters:expr, |$token:ident| $request:expr $(,)?) => {
        $place.list(&crate::operations::$operation, $parameters, move |recorder, $token| {
            $request.customize().interceptor(recorder).send()
        })
    };
}

pub(super) use {get, list};

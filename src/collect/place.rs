//! Asking in one region of one account: the pace, the pages, and where the finished calls go.

use std::collections::BTreeSet;
use std::error::Error;
use std::future::Future;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use futures_util::future::{BoxFuture, join_all};
use serde_json::Value;

use super::Pace;
use super::classify::{Absence, Case};
use super::observe::Stage;
use super::record::{Answer, Asked, Parameters, record};
use super::recorder::Recorder;
use super::sample;
use super::session::{Depth, Session, Site};
use crate::operations::{self, Operation, Service};
use crate::snapshot::{Call, Outcome, redact, time};

/// A list of more pages than this is cut off and marked `truncated`.
pub(super) const MAX_PAGES: u32 = 10_000;
/// Members per page. Every service that pages accepts it.
const PAGE_SIZE: u32 = 100;
/// Members per page of AWS Organizations, which takes no more.
pub(super) const ACCOUNTS_PAGE: u32 = 20;
/// How often a question is asked whose answers are refused for their rate, each time after the SDK's own retries: somebody else
/// may use the same quota.
const ROUNDS: u32 = 3;
/// One region of one account.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    session: &'a Session,
    site: &'a Site,
}

impl<'a> Place<'a> {
    /// A region of an account, asked in this session.
    pub(super) const fn new(session: &'a Session, site: &'a Site) -> Self {
        Self { session, site }
    }

    /// For instance `us-east-1`.
    pub(super) fn region(&self) -> &'a str {
        &self.site.region
    }

    /// Twelve digits.
    pub(super) fn account(&self) -> &'a str {
        &self.site.account
    }

    /// Waits until another application may be asked about, over all places.
    pub(super) async fn turn(&self) -> Option<tokio::sync::SemaphorePermit<'a>> {
        // The semaphore is never closed, so there is nothing to fail on.
        self.session.applications.acquire().await.ok()
    }

    /// Asks once.
    pub(super) async fn get<O, E, F>(
        self,
        operation: &'static Operation,
        parameters: Parameters,
        absence: Absence,
        send: impl Fn(Recorder) -> F,
    ) -> Answer
    where
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send,
        E: Error + 'static,
    {
        let before = Before { page: 1, listed: false, seen: &BTreeSet::new() };
        let answer = match self.recalled(&self.asked(operation, &parameters, 1)) {
            Some(answer) => answer,
            None => self.ask(operation, &parameters, absence, before, send).await,
        };
        self.session.emit(answer.call.clone()).await;
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
        let members = match self.pages(operation, &parameters, &send, true).await {
            Ok(members) => members,
            Err(TokenEnded) => self.pages(operation, &parameters, &send, false).await.unwrap_or_default(),
        };
        match self.session.depth {
            Depth::Whole => members,
            Depth::Sample => sample::of(self, operation, members),
        }
    }

    /// The pages of a list; those that an earlier run read are recalled, if `recalling` allows it.
    ///
    /// # Errors
    /// When the token on the last page that was recalled is refused. Nothing of the list was handed on then.
    async fn pages<O, E, F>(
        self,
        operation: &'static Operation,
        parameters: &Parameters,
        send: &impl Fn(Recorder, Option<String>) -> F,
        recalling: bool,
    ) -> Result<Vec<Value>, TokenEnded>
    where
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send,
        E: Error + 'static,
    {
        let (mut members, mut listed, mut seen, mut token) = (Vec::new(), false, BTreeSet::new(), None);
        let mut held = Vec::new();
        for page in 1..=self.session.depth.pages() {
            let asked = page_parameters(operation, parameters, token.as_deref());
            let recalled = self.recalled(&self.asked(operation, &asked, page)).filter(|_| recalling);
            let answer = if let Some(answer) = recalled {
                held.push(answer.call.clone());
                answer
            } else {
                let request = |recorder| send(recorder, token.clone());
                let before = Before { page, listed, seen: &seen };
                let answer = self.ask(operation, &asked, Absence::Unconfirmed, before, request).await;
                if !held.is_empty() && answer.outcome() == Outcome::Unmodelled {
                    return Err(TokenEnded);
                }
                self.emit_all(std::mem::take(&mut held)).await;
                self.session.emit(answer.call.clone()).await;
                answer
            };
            let Answer { call, json, next, .. } = answer;
            let page = json.and_then(|json| self::listed(operation, json)).unwrap_or_default();
            listed |= !page.is_empty();
            if is_looked_into(operation) {
                members.extend(page);
            }
            match next {
                Some(next) if call.outcome == Outcome::Observed => {
                    seen.insert(next.clone());
                    token = Some(next);
                }
                _ => break,
            }
        }
        self.emit_all(held).await;
        Ok(members)
    }

    async fn emit_all(&self, calls: Vec<Call>) {
        for call in calls {
            self.session.emit(call).await;
        }
    }

    /// The answer that an earlier run was given to the same question, if it shows all that further questions need.
    fn recalled(&self, asked: &Asked<'_>) -> Option<Answer> {
        let call = self.session.recall.as_ref()?(&asked.id())?;
        if call.parameters != *asked.parameters {
            return None;
        }
        let answer = Answer::recalled(asked.operation, call)?;
        let members = || answer.json.clone().and_then(|json| listed(asked.operation, json)).unwrap_or_default();
        let hides = is_looked_into(asked.operation) && members().iter().any(is_hidden);
        (!hides).then_some(answer)
    }

    /// Writes down that nothing was asked because the service is not offered here.
    pub(super) async fn not_offered(&self, operation: &'static Operation, parameters: &Parameters) {
        let parameters = page_parameters(operation, parameters, None);
        let asked = self.asked(operation, &parameters, 1);
        let now = time::whole_milliseconds((self.session.clock)());
        self.tell(operation, Stage::Queued);
        self.tell(operation, Stage::Ended(Outcome::NotOffered));
        self.session.emit(asked.not_offered(now)).await;
    }

    fn asked<'p>(&self, operation: &'static Operation, parameters: &'p Parameters, page: u32) -> Asked<'p>
    where
        'a: 'p,
    {
        Asked { account: &self.site.account, region: &self.site.region, operation, parameters, page }
    }

    /// Asks until the answer is something else than that it was asked too fast, or the rounds are over.
    async fn ask<O, E, F>(
        self,
        operation: &'static Operation,
        parameters: &Parameters,
        absence: Absence,
        before: Before<'_>,
        send: impl Fn(Recorder) -> F,
    ) -> Answer
    where
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send,
        E: Error + 'static,
    {
        let asked = self.asked(operation, parameters, before.page);
        if let Some(answer) = self.unasked(operation, &asked) {
            return answer;
        }
        self.tell(operation, Stage::Queued);
        let (mut round, mut attempts) = (1, 0);
        let mut answer = loop {
            let answer = self.request(&asked, absence, before, &send, round).await;
            attempts += answer.call.attempts;
            if answer.outcome() != Outcome::Throttled || round >= self.rounds() {
                break answer;
            }
            round += 1;
        };
        answer.call.attempts = attempts;
        self.tell(operation, Stage::Ended(answer.outcome()));
        answer
    }

    /// How often to ask what is refused for its rate.
    fn rounds(&self) -> u32 {
        match (self.session.pace, self.session.depth) {
            (Pace::Quotas, Depth::Whole) => ROUNDS,
            _ => 1,
        }
    }

    /// Makes one request when its turn has come.
    async fn request<O, E, F>(
        &self,
        asked: &Asked<'_>,
        absence: Absence,
        before: Before<'_>,
        send: impl FnOnce(Recorder) -> F,
        round: u32,
    ) -> Answer
    where
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send,
        E: Error + 'static,
    {
        let operation = asked.operation;
        let turn = self.site.limiter.acquire(operation).await;
        // The semaphore is never closed, so there is nothing to fail on.
        let _permit = self.session.in_flight.acquire().await;
        if round == 1 {
            self.tell(operation, Stage::Sent);
        }
        let Before { page, listed: listed_before, seen } = before;
        let last_page = MAX_PAGES;
        let case = |started| Case { operation, started, page, absence, listed_before, seen, last_page };
        // Boxed, so that the many that wait for their turn are small.
        let (answer, throttled) = Box::pin(record(asked, &self.session.clock, case, send)).await;
        self.site.limiter.ended(operation, turn, answer.call.attempts.saturating_sub(1), throttled);
        answer
    }

    /// What stands for an answer where no request is made.
    fn unasked(&self, operation: &'static Operation, asked: &Asked<'_>) -> Option<Answer> {
        let now = || time::whole_milliseconds((self.session.clock)());
        if self.session.denied.contains(&operation) {
            return Some(asked.denied(now()));
        }
        let closed = self.site.closed.as_ref()?;
        self.tell(operation, Stage::Queued);
        self.tell(operation, Stage::Ended(closed.outcome));
        Some(asked.behind(closed, now()))
    }

    fn tell(&self, operation: &'static Operation, stage: Stage) {
        self.session.observer.hear(&self.site.region, operation, stage);
    }
}

/// A paging token that an earlier run was given is refused.
#[derive(Debug)]
struct TokenEnded;

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
            Service::Organizations => ("MaxResults", Value::from(ACCOUNTS_PAGE)),
        };
        asked.insert(name.to_owned(), size);
        if let Some(token) = token {
            asked.insert(paging.token.to_owned(), Value::from(token));
        }
    }
    asked
}

/// Whether the members of a list are needed after they were written down. The others can be many and large.
fn is_looked_into(operation: &Operation) -> bool {
    sample::leads_on(operation)
        || [operations::LIST_POOL_ORIGINATION_IDENTITIES, operations::LIST_ACCOUNTS].contains(operation)
}

/// Whether a member of a list lacks what further questions need, because it was removed before it was written down.
fn is_hidden(member: &Value) -> bool {
    const NEEDED: [&str; 12] = [
        "Id",
        "Arn",
        "PhoneNumberArn",
        "NumberType",
        "PoolId",
        "PoolArn",
        "RegistrationId",
        "RegistrationType",
        "OriginationIdentityArn",
        "ProtectConfigurationId",
        "IdentityName",
        "id",
    ];
    *member == redact::MARK || NEEDED.iter().any(|name| member[name] == redact::MARK)
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

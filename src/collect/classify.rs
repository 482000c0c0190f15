//! How a call ended, from what came over the wire.
//!
//! A pure function from an answer to an [`Outcome`]. It decides on the wire's own bytes, because the SDK reads an
//! empty answer as a value. It never turns a doubt into `observed` or `not_configured`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::recorder::Wire;
use crate::lifecycle;
use crate::operations::{self, Kind, Operation, Service};
use crate::snapshot::{CallError, Outcome};

/// What the SDK made of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It read the answer.
    Accepted,
    /// It received an answer and did not take it as a success; the text says why.
    Rejected(String),
    /// No answer within the time allowed.
    TimedOut(String),
    /// No answer: refused, reset, closed, no such host, or nothing could be sent.
    NotReached(String),
    /// The request itself could not be made.
    NotBuilt(String),
}

/// Whether the modelled not-found of a call may be believed to mean "nobody configured this".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// What the call asks about belongs to something that was observed.
    Believed,
    /// The owner itself was not observed, so its absence would look the same.
    Unconfirmed,
}

/// The circumstances of a call that bear on how it ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    /// What was called.
    pub(super) operation: &'a Operation,
    /// When.
    pub(super) started: DateTime<Utc>,
    /// 1-based.
    pub(super) page: u32,
    /// Whether a not-found means "not configured".
    pub(super) absence: Absence,
    /// Whether an earlier page of this list had members.
    pub(super) listed_before: bool,
    /// The tokens that this list announced before.
    pub(super) seen: &'a BTreeSet<String>,
    /// No page is asked for after this one.
    pub(super) last_page: u32,
}

/// How a call ended, and what its body says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    /// The word for it.
    pub(super) outcome: Outcome,
    /// What was said instead of an answer.
    pub(super) error: Option<CallError>,
    /// How many members the list or map has.
    pub(super) items: Option<u64>,
    /// The token of the next page, when one is announced.
    pub(super) next: Option<String>,
    /// The answer of a success, before redaction.
    pub(super) json: Option<Value>,
}

impl Reading {
    fn failed(outcome: Outcome, code: Option<String>, message: impl Into<String>) -> Self {
        let error = Some(CallError { code, message: Some(message.into()) });
        Self { outcome, error, items: None, next: None, json: None }
    }
}

/// Classifies one call.
pub(super) fn classify(case: &Case<'_>, wire: Option<&Wire>, ending: &Ending) -> Reading {
    let rejected = match ending {
        Ending::TimedOut(text) => return Reading::failed(Outcome::Timeout, None, text),
        Ending::NotReached(text) => return Reading::failed(Outcome::Unreachable, None, text),
        Ending::NotBuilt(text) => return Reading::failed(Outcome::Unmodelled, None, text),
        Ending::Accepted => None,
        Ending::Rejected(text) => Some(text.as_str()),
    };
    let Some((wire, body)) = wire.and_then(|wire| Some((wire, wire.body.as_deref()?))) else {
        let text = rejected.unwrap_or("the answer did not arrive whole");
        return Reading::failed(Outcome::Unreachable, None, text);
    };
    if (200..300).contains(&wire.status) { success(case, body, rejected) } else { refusal(case, wire, body) }
}

fn success(case: &Case<'_>, body: &[u8], rejected: Option<&str>) -> Reading {
    let json: Option<Value> = serde_json::from_slice(body).ok();
    let items = case.operation.items.and_then(|member| count(json.as_ref()?.get(member)?));
    let next = case.operation.paging.and_then(|paging| token(json.as_ref()?.get(paging.next)?));
    let missing = match case.operation.service {
        Service::Sts => missing_in_xml(case.operation, body),
        _ => missing_in_json(case.operation, body, json.as_ref()),
    };
    // What the SDK says of an answer that it cannot read is the inside of its parser.
    let defect = missing.or_else(|| rejected.map(str::to_owned));
    let (outcome, message) = match defect {
        Some(defect) => (Outcome::Unmodelled, Some(defect)),
        None if shows_nothing(case, items, next.as_deref()) => (Outcome::EndOfSupport, None),
        None => match dead_end(case, next.as_deref()) {
            Some(reason) => (Outcome::Truncated, Some(reason)),
            None => (Outcome::Observed, None),
        },
    };
    Reading {
        outcome,
        error: message.map(|message| CallError { code: None, message: Some(message) }),
        items,
        next,
        json,
    }
}

/// The end of a list without members about an ended feature.
fn shows_nothing(case: &Case<'_>, items: Option<u64>, next: Option<&str>) -> bool {
    case.operation.ended
        && lifecycle::is_over(case.started)
        && !case.listed_before
        && items == Some(0)
        && next.is_none()
}

/// Why the announced page cannot be asked for.
fn dead_end(case: &Case<'_>, next: Option<&str>) -> Option<String> {
    let next = next?;
    if case.seen.contains(next) {
        return Some(format!("page {} announced a token that an earlier page had announced", case.page));
    }
    (case.page >= case.last_page).then(|| format!("the list goes on after page {}", case.page))
}

/// An empty token is no token.
pub(super) fn token(value: &Value) -> Option<String> {
    value.as_str().filter(|token| !token.is_empty()).map(str::to_owned)
}

fn count(value: &Value) -> Option<u64> {
    let length = match value {
        Value::Array(members) => members.len(),
        Value::Object(members) => members.len(),
        _ => return None,
    };
    u64::try_from(length).ok()
}

/// What an answer lacks before it can count as observed.
fn missing_in_json(operation: &Operation, body: &[u8], json: Option<&Value>) -> Option<String> {
    if body.is_empty() {
        return Some("the answer is empty".to_owned());
    }
    let Some(Value::Object(members)) = json else {
        return Some("the answer is not a JSON object".to_owned());
    };
    operation.required.iter().find_map(|(name, kind)| {
        let fits = members.get(*name).is_some_and(|value| is_of(*kind, value));
        (!fits).then(|| format!("the answer lacks `{name}`, or it has another type"))
    })
}

fn is_of(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::List => value.is_array(),
        Kind::Object => value.is_object(),
        Kind::Text => value.is_string(),
        Kind::Flag => value.is_boolean(),
    }
}

fn missing_in_xml(operation: &Operation, body: &[u8]) -> Option<String> {
    const CALLER: &[&str] = &["Account", "Arn"];
    const ROLE: &[&str] = &["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"];
    let text = std::str::from_utf8(body).unwrap_or_default();
    let needed = if *operation == operations::ASSUME_ROLE { ROLE } else { CALLER };
    needed
        .iter()
        .find(|name| element(text, name).is_none())
        .map(|name| format!("the answer lacks the element `{name}`"))
}

/// The text of the first XML element of that name, when there is any.
pub(super) fn element(xml: &str, name: &str) -> Option<String> {
    let begin = xml.split_once(&format!("<{name}>"))?.1;
    let text = begin.split_once(&format!("</{name}>"))?.0.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An answer with a status outside 2xx.
fn refusal(case: &Case<'_>, wire: &Wire, body: &[u8]) -> Reading {
    let json: Option<Value> = serde_json::from_slice(body).ok().filter(Value::is_object);
    let said = said(case.operation.service, wire, body, json.as_ref());
    let outcome = match said.code.as_deref() {
        Some(code) if is_denied(code) => Outcome::AccessDenied,
        Some(code) if is_throttled(code) => Outcome::Throttled,
        _ if wire.status == 429 => Outcome::Throttled,
        _ if wire.status >= 500 => Outcome::ServerError,
        Some(code) if is_internal(code) => Outcome::ServerError,
        Some(code) if json.is_some() => not_found(case, code),
        _ => Outcome::Unmodelled,
    };
    Reading { outcome, error: Some(said), items: None, next: None, json: None }
}

/// What a modelled not-found means for this call, in an error of the service's own protocol.
fn not_found(case: &Case<'_>, code: &str) -> Outcome {
    let operation = case.operation;
    let nothing_listed = operation.ended && !case.listed_before;
    if nothing_listed && code == "NotFoundException" && lifecycle::is_over(case.started) {
        return Outcome::EndOfSupport;
    }
    match case.absence {
        Absence::Believed if operation.absent.contains(&code) => Outcome::NotConfigured,
        Absence::Believed | Absence::Unconfirmed => Outcome::Unmodelled,
    }
}

/// The code and message of an error, in the protocols of the services that are called.
fn said(service: Service, wire: &Wire, body: &[u8], json: Option<&Value>) -> CallError {
    let member = |names: &[&str]| names.iter().find_map(|name| token(json?.get(*name)?));
    let xml = |name: &str| (service == Service::Sts).then(|| element(&String::from_utf8_lossy(body), name)).flatten();
    let code = wire
        .error_type
        .clone()
        .filter(|code| !code.is_empty())
        .or_else(|| member(&["__type", "code", "Code"]))
        .or_else(|| xml("Code"));
    let message = member(&["message", "Message", "errorMessage"]).or_else(|| xml("Message"));
    let code = code.map(|code| bare(&code).to_owned());
    let message = message.unwrap_or_else(|| match code {
        Some(_) => format!("HTTP {}", wire.status),
        None => format!("HTTP {} without an error code", wire.status),
    });
    CallError { code, message: Some(message) }
}

/// An error type as AWS spells it on the wire, `namespace#Code:uri`, without namespace and address.
fn bare(code: &str) -> &str {
    let code = code.split_once(':').map_or(code, |(before, _)| before);
    code.rsplit_once('#').map_or(code, |(_, after)| after).trim()
}

/// The spellings of "you may not", and of credentials that AWS refuses.
fn is_denied(code: &str) -> bool {
    const CODES: &[&str] = &[
        "AccessDenied",
        "AccessDeniedException",
        "AccountDisabled",
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "Forbidden",
        "ForbiddenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "NotAuthorizedException",
        "OptInRequired",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "Unauthorized",
        "UnauthorizedException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    ];
    CODES.contains(&code) || code.starts_with("AuthorizationError")
}

/// Whether an answer is the service's request to slow down. It looks into the body only where the headers leave it open.
pub(super) fn is_throttling(wire: &Wire) -> bool {
    if wire.status < 400 {
        return false;
    }
    let in_body = || {
        let body: Value = serde_json::from_slice(wire.body.as_deref()?).ok()?;
        token(body.get("__type")?)
    };
    let code = wire.error_type.clone().filter(|code| !code.is_empty()).or_else(in_body);
    wire.status == 429 || code.is_some_and(|code| is_throttled(bare(&code)))
}

fn is_throttled(code: &str) -> bool {
    const CODES: &[&str] = &[
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
    ];
    CODES.contains(&code)
}

fn is_internal(code: &str) -> bool {
    const CODES: &[&str] = &[
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServerErrorException",
        "InternalServerException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    ];
    CODES.contains(&code)
}

#[cfg(test)]
mod tests;

use super::*;
use crate::operations as ops;

const BEFORE: &str = "2026-10-30T23:59:59.999Z";
const AFTER: &str = "2026-10-31T00:00:00Z";

struct Situation {
    operation: &'static Operation,
    started: &'static str,
    page: u32,
    listed_before: bool,
    absence: Absence,
    seen: &'static [&'static str],
}

const fn on(operation: &'static Operation) -> Situation {
    Situation { operation, started: BEFORE, page: 1, listed_before: false, absence: Absence::Believed, seen: &[] }
}

fn wire(status: u16, error_type: &str, body: &str) -> Wire {
    let error_type = (!error_type.is_empty()).then(|| error_type.to_owned());
    Wire { status, error_type, request_id: None, body: Some(body.as_bytes().to_vec()) }
}

fn read(situation: &Situation, wire: Option<&Wire>, ending: &Ending) -> Reading {
    let seen = situation.seen.iter().map(|token| (*token).to_owned()).collect();
    let case = Case {
        operation: situation.operation,
        started: situation.started.parse().expect("a time"),
        page: situation.page,
        listed_before: situation.listed_before,
        absence: situation.absence,
        seen: &seen,
        last_page: 4,
    };
    classify(&case, wire, ending)
}

fn answered(situation: &Situation, status: u16, error_type: &str, body: &str) -> Reading {
    let ending = if status < 300 { Ending::Accepted } else { Ending::Rejected("service error".to_owned()) };
    read(situation, Some(&wire(status, error_type, body)), &ending)
}

#[track_caller]
fn check(situation: &Situation, status: u16, error_type: &str, body: &str, expected: Outcome) -> Reading {
    let reading = answered(situation, status, error_type, body);
    assert_eq!(reading.outcome, expected, "{} {status} {error_type} {body}", situation.operation.name);
    reading
}

#[test]
fn an_answer_counts_as_observed_only_with_every_member_in_its_type() {
    use Outcome::{Observed, Unmodelled};
    let table = [
        (&ops::GET_VOICE_CHANNEL, r#"{"Enabled":false}"#, Observed),
        (&ops::GET_VOICE_CHANNEL, r#"{"Enabled":true,"New":1}"#, Observed),
        (&ops::GET_VOICE_CHANNEL, r#"{"Enabled":"false"}"#, Unmodelled),
        (&ops::GET_VOICE_CHANNEL, r#"{"Enabled":null}"#, Unmodelled),
        (&ops::GET_VOICE_CHANNEL, r#"{"enabled":false}"#, Unmodelled),
        (&ops::GET_VOICE_CHANNEL, r#"{"VoiceChannelResponse":{"Enabled":false}}"#, Unmodelled),
        (&ops::GET_VOICE_CHANNEL, "{}", Unmodelled),
        (&ops::GET_VOICE_CHANNEL, "", Unmodelled),
        (&ops::GET_VOICE_CHANNEL, "null", Unmodelled),
        (&ops::GET_VOICE_CHANNEL, r#"[{"Enabled":false}]"#, Unmodelled),
        (&ops::GET_VOICE_CHANNEL, r#"{"Enabled":false"#, Unmodelled),
        (&ops::GET_VOICE_CHANNEL, "<html></html>", Unmodelled),
        (&ops::GET_CHANNELS, r#"{"Channels":{}}"#, Observed),
        (&ops::GET_CHANNELS, r#"{"Channels":[]}"#, Unmodelled),
        (&ops::GET_APPS, r#"{"Item":[]}"#, Observed),
        (&ops::GET_APPS, r#"{"Item":{}}"#, Unmodelled),
        (&ops::GET_APPS, r#"{"Item":null}"#, Unmodelled),
        (&ops::GET_EVENT_STREAM, r#"{"DestinationStreamArn":"arn"}"#, Observed),
        (&ops::GET_EVENT_STREAM, r#"{"DestinationStreamArn":7}"#, Unmodelled),
        (&ops::GET_CALLER_IDENTITY, "<R><Arn>a</Arn><Account>111122223333</Account></R>", Observed),
        (&ops::GET_CALLER_IDENTITY, "<R><Arn>a</Arn><Account></Account></R>", Unmodelled),
        (&ops::GET_CALLER_IDENTITY, "<R><Account>111122223333</Account></R>", Unmodelled),
        (&ops::GET_CALLER_IDENTITY, "", Unmodelled),
    ];
    for (operation, body, expected) in table {
        let reading = check(&on(operation), 200, "", body, expected);
        assert_eq!(reading.error.is_none(), expected == Observed, "{body}");
    }
}

#[test]
fn an_identity_that_is_not_text_is_unmodelled() {
    let mut answer = wire(200, "", "");
    answer.body = Some(b"<R><Arn>a\xff</Arn><Account>111122223333</Account></R>".to_vec());
    let reading = read(&on(&ops::GET_CALLER_IDENTITY), Some(&answer), &Ending::Accepted);
    assert_eq!(reading.outcome, Outcome::Unmodelled);
}

#[test]
fn an_answer_that_the_sdk_rejects_is_unmodelled_even_when_nothing_seems_to_lack() {
    let moto = wire(200, "", r#"{"Item":[{"Id":"a","CreationDate":1.5}]}"#);
    let reading = read(&on(&ops::GET_APPS), Some(&moto), &Ending::Rejected("expected a string".to_owned()));
    assert_eq!(reading.outcome, Outcome::Unmodelled);
    assert_eq!(reading.error.and_then(|error| error.message).as_deref(), Some("expected a string"));
    assert!(reading.json.is_some(), "what it names can still be asked about");
}

#[test]
fn what_an_answer_lacks_is_told_before_what_the_sdk_says_of_it() {
    let empty = wire(200, "", "{}");
    let reading = read(&on(&ops::GET_APP), Some(&empty), &Ending::Rejected("StartEl { name: .. }".to_owned()));
    let message = reading.error.and_then(|error| error.message).unwrap_or_default();
    assert_eq!(
        (reading.outcome, message.as_str()),
        (Outcome::Unmodelled, "the answer lacks `Id`, or it has another type")
    );
}

#[test]
fn access_denied_is_recognised_in_every_spelling() {
    let codes = [
        "AccessDenied",
        "AccessDeniedException",
        "Forbidden",
        "ForbiddenException",
        "UnauthorizedOperation",
        "UnauthorizedException",
        "NotAuthorized",
        "AuthorizationError",
        "AuthorizationErrorException",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "IncompleteSignature",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "OptInRequired",
        "AccountDisabled",
    ];
    for code in codes {
        let reading = check(&on(&ops::GET_VOICE_CHANNEL), 403, code, r#"{"Message":"no"}"#, Outcome::AccessDenied);
        let error = reading.error.expect("an error");
        assert_eq!((error.code.as_deref(), error.message.as_deref()), (Some(code), Some("no")));
        let body = format!(r#"{{"__type":"com.amazonaws.x#{code}","message":"no"}}"#);
        check(&on(&ops::DESCRIBE_POOLS), 400, "", &body, Outcome::AccessDenied);
        let xml = format!("<E><Error><Code>{code}</Code><Message>no</Message></Error></E>");
        check(&on(&ops::GET_CALLER_IDENTITY), 403, "", &xml, Outcome::AccessDenied);
    }
}

#[test]
fn throttling_and_server_errors_are_recognised_by_code_and_by_status() {
    use Outcome::{AccessDenied, ServerError, Throttled, Unmodelled};
    let table = [
        (429, "", "", Throttled),
        (429, "", "<html></html>", Throttled),
        (400, "ThrottlingException", "{}", Throttled),
        (400, "Throttling", "{}", Throttled),
        (429, "TooManyRequestsException", r#"{"Message":"slow"}"#, Throttled),
        (400, "ThrottledException", "{}", Throttled),
        (400, "RequestLimitExceeded", "{}", Throttled),
        (400, "TooManyRequests", "{}", Throttled),
        (503, "SlowDown", "{}", Throttled),
        (400, "RequestThrottled", "{}", Throttled),
        (500, "", "<html></html>", ServerError),
        (503, "", "", ServerError),
        (500, "InternalServerErrorException", "{}", ServerError),
        (400, "InternalServerException", "{}", ServerError),
        (500, "AccessDeniedException", "{}", AccessDenied),
        (404, "", "<html></html>", Unmodelled),
        (404, "", "", Unmodelled),
        (404, "", "{}", Unmodelled),
        (403, "", r#"{"Message":"Forbidden"}"#, Unmodelled),
        (400, "BadRequestException", r#"{"Message":"what"}"#, Unmodelled),
        (405, "MethodNotAllowedException", "{}", Unmodelled),
        (410, "GoneException", "{}", Unmodelled),
        (302, "", "<html></html>", Unmodelled),
    ];
    for (status, code, body, expected) in table {
        let reading = check(&on(&ops::GET_VOICE_CHANNEL), status, code, body, expected);
        assert!(reading.error.is_some_and(|error| error.message.is_some()), "{status} {code}: something is said");
    }
}

#[test]
fn only_the_modelled_code_in_a_json_error_means_not_configured() {
    use Outcome::{NotConfigured, Unmodelled};
    let said = r#"{"Message":"Resource not found","RequestID":"x"}"#;
    let table = [
        ("NotFoundException", said, NotConfigured),
        ("NotFoundException:http://internal.amazon.com/x#y", said, NotConfigured),
        ("com.amazonaws.pinpoint#NotFoundException", said, NotConfigured),
        ("", r#"{"__type":"NotFoundException","message":"x"}"#, NotConfigured),
        ("NotFoundException", "<html></html>", Unmodelled),
        ("NotFoundException", "", Unmodelled),
        ("NotFound", said, Unmodelled),
        ("notfoundexception", said, Unmodelled),
        ("ResourceNotFoundException", said, Unmodelled),
        ("", said, Unmodelled),
        ("", "<html>NotFoundException</html>", Unmodelled),
    ];
    for (code, body, expected) in table {
        check(&on(&ops::GET_VOICE_CHANNEL), 404, code, body, expected);
        let unconfirmed = Situation { absence: Absence::Unconfirmed, ..on(&ops::GET_VOICE_CHANNEL) };
        check(&unconfirmed, 404, code, body, Unmodelled);
    }
    check(&on(&ops::GET_APP), 404, "NotFoundException", said, Unmodelled);
    check(&on(&ops::GET_RESOURCE_POLICY), 400, "ResourceNotFoundException", said, NotConfigured);
    check(&on(&ops::DESCRIBE_POOLS), 400, "ResourceNotFoundException", said, Unmodelled);
}

#[test]
fn an_ended_feature_that_shows_nothing_after_the_boundary_is_end_of_support() {
    use Outcome::{AccessDenied, EndOfSupport, Observed, Unmodelled};
    let not_found = r#"{"Message":"Resource not found"}"#;
    let after = |operation| Situation { started: AFTER, ..on(operation) };
    for operation in [&ops::GET_CAMPAIGNS, &ops::LIST_JOURNEYS, &ops::GET_SEGMENTS] {
        check(&on(operation), 200, "", r#"{"Item":[]}"#, Observed);
        check(&after(operation), 200, "", r#"{"Item":[]}"#, EndOfSupport);
        check(&after(operation), 200, "", r#"{"Item":[{"Id":"a"}]}"#, Observed);
        check(&after(operation), 200, "", r#"{"Item":[],"NextToken":"t"}"#, Observed);
        check(&after(operation), 200, "", "{}", Unmodelled);
        let last = |listed_before| Situation { page: 2, listed_before, ..after(operation) };
        check(&last(true), 200, "", r#"{"Item":[]}"#, Observed);
        check(&last(false), 200, "", r#"{"Item":[]}"#, EndOfSupport);
        check(&last(true), 404, "NotFoundException", not_found, Unmodelled);
        check(&on(operation), 404, "NotFoundException", not_found, Unmodelled);
        check(&after(operation), 404, "NotFoundException", not_found, EndOfSupport);
        check(&after(operation), 404, "NotFoundException", "<html></html>", Unmodelled);
        check(&after(operation), 404, "", "<html></html>", Unmodelled);
        check(&after(operation), 403, "ForbiddenException", not_found, AccessDenied);
    }
    check(&after(&ops::GET_IMPORT_JOBS), 200, "", r#"{"Item":[]}"#, Observed);
    check(&after(&ops::LIST_TEMPLATES), 200, "", r#"{"Item":[]}"#, Observed);
}

#[test]
fn a_page_that_cannot_be_followed_is_truncated_and_keeps_its_members() {
    let body = r#"{"Item":[{"Id":"a"},{"Id":"b"}],"NextToken":"t"}"#;
    let first = check(&on(&ops::GET_CAMPAIGNS), 200, "", body, Outcome::Observed);
    assert_eq!((first.items, first.next.as_deref()), (Some(2), Some("t")));
    let repeated = Situation { page: 2, seen: &["t"], ..on(&ops::GET_CAMPAIGNS) };
    let reading = check(&repeated, 200, "", body, Outcome::Truncated);
    assert_eq!((reading.items, reading.next.as_deref()), (Some(2), Some("t")));
    let capped = Situation { page: 4, ..on(&ops::GET_CAMPAIGNS) };
    check(&capped, 200, "", body, Outcome::Truncated);
    let empty_token = check(&capped, 200, "", r#"{"Item":[],"NextToken":""}"#, Outcome::Observed);
    assert_eq!(empty_token.next, None);
}

#[test]
fn without_a_whole_answer_it_is_a_timeout_or_unreachable_whatever_the_status() {
    let cut = Wire { body: None, ..wire(200, "", "") };
    let text = || "what happened".to_owned();
    let table = [
        (None, Ending::TimedOut(text()), Outcome::Timeout),
        (Some(&cut), Ending::TimedOut(text()), Outcome::Timeout),
        (None, Ending::NotReached(text()), Outcome::Unreachable),
        (Some(&cut), Ending::Rejected(text()), Outcome::Unreachable),
        (Some(&cut), Ending::Accepted, Outcome::Unreachable),
        (None, Ending::Accepted, Outcome::Unreachable),
        (None, Ending::NotBuilt(text()), Outcome::Unmodelled),
    ];
    for (wire, ending, expected) in table {
        let reading = read(&on(&ops::GET_APP), wire, &ending);
        assert_eq!(reading.outcome, expected, "{ending:?}");
        assert!(reading.error.is_some_and(|error| error.code.is_none() && error.message.is_some()));
    }
}

proptest::proptest! {
    #[test]
    fn no_answer_makes_it_panic_and_no_refusal_is_observed(
        status in 300u16..600, code in ".{0,40}", body in ".{0,80}", index in 0..ops::ALL.len(),
    ) {
        let reading = answered(&on(&ops::ALL[index]), status, &code, &body);
        proptest::prop_assert!(reading.outcome != Outcome::Observed);
    }
}

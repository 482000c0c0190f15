//! Every way of going wrong, on every operation, through the real SDK clients.

use super::world::{self, answer, error, of};
use crate::collect::in_process::WireResponse;
use crate::operations::{ALL, Kind, Operation, Service};
use crate::snapshot::Outcome;
use crate::snapshot::redact;

/// Operations whose answers others are asked about. They are spoiled one at a time, the others all at once.
const ROOTS: [&str; 8] = [
    "GetApps",
    "DescribePhoneNumbers",
    "DescribePools",
    "DescribeRegistrations",
    "DescribeProtectConfigurations",
    "ListEmailIdentities",
    "ListConfigurationSets",
    "ListReports",
];

type Answer = fn(&Operation) -> WireResponse;

/// On each operation, in both groups, `spoilt` must end in `expected`.
async fn check(name: &str, spoilt: Answer, expected: Outcome) {
    for roots in [true, false] {
        let in_group = move |operation: &Operation| ROOTS.contains(&operation.name) == roots;
        let calls = world::collect(move |operation, _| in_group(operation).then(|| spoilt(operation))).await;
        for operation in ALL.iter().filter(|operation| operation.service != Service::Sts && in_group(operation)) {
            let ended = of(&calls, operation);
            assert!(!ended.is_empty(), "{name}: {} was not called", operation.name);
            for call in ended {
                let sent = spoilt(operation);
                assert_eq!(call.outcome, expected, "{name}: {} {:?}", operation.name, call.error);
                assert_eq!(call.http_status, Some(sent.status), "{name}: {}", operation.name);
                let kept = redact::body(operation.service.as_str(), operation.name, &sent.body).body;
                assert_eq!(call.body.clone().unwrap_or_default(), kept, "{name}: {}", operation.name);
                assert!(call.error.is_some() && call.request_id.is_some(), "{name}: {}", operation.name);
                assert_eq!(call.attempts, 1, "{name}: {}", operation.name);
            }
        }
        let spared = calls.iter().filter(|call| {
            crate::operations::find(&call.service, &call.operation).is_some_and(|operation| !in_group(operation))
        });
        for call in spared {
            assert_eq!(call.outcome, Outcome::Observed, "{name} on others spoiled {}", call.operation);
        }
    }
}

#[tokio::test]
async fn access_denied_in_both_spellings_is_access_denied() {
    check("AccessDenied", |_| error(403, "AccessDeniedException"), Outcome::AccessDenied).await;
    check("Forbidden", |_| error(403, "ForbiddenException"), Outcome::AccessDenied).await;
    let in_body = |_: &Operation| answer(400, r#"{"__type":"x#UnrecognizedClientException","message":"no"}"#);
    check("in the body", in_body, Outcome::AccessDenied).await;
}

#[tokio::test]
async fn throttling_is_throttled_by_code_and_by_status() {
    check("code", |_| error(400, "ThrottlingException"), Outcome::Throttled).await;
    check("Pinpoint's code", |_| error(429, "TooManyRequestsException"), Outcome::Throttled).await;
    check("status", |_| answer(429, "<html>slow down</html>"), Outcome::Throttled).await;
}

#[tokio::test]
async fn a_server_error_is_a_server_error_with_or_without_a_model() {
    check("HTML", |_| answer(500, "<html>oops</html>"), Outcome::ServerError).await;
    check("empty", |_| answer(503, ""), Outcome::ServerError).await;
    check("modelled", |_| error(500, "InternalServerErrorException"), Outcome::ServerError).await;
}

#[tokio::test]
async fn an_answer_that_the_model_does_not_know_is_unmodelled() {
    check("malformed JSON", |_| answer(200, r#"{"Item":["#), Outcome::Unmodelled).await;
    check("HTML 404", |_| answer(404, "<html>404</html>"), Outcome::Unmodelled).await;
    check("HTML 200", |_| answer(200, "<html>sign in</html>"), Outcome::Unmodelled).await;
    check("unknown code", |_| error(400, "TeapotException"), Outcome::Unmodelled).await;
    check("no members", |_| answer(200, "{}"), Outcome::Unmodelled).await;
    check("no body", |_| answer(200, ""), Outcome::Unmodelled).await;
    check("null", |_| answer(200, "null"), Outcome::Unmodelled).await;
}

#[tokio::test]
async fn required_members_of_another_type_or_null_are_unmodelled() {
    fn with(operation: &Operation, value: fn(Kind) -> &'static str) -> WireResponse {
        let members: Vec<String> =
            operation.required.iter().map(|(name, kind)| format!(r#""{name}":{}"#, value(*kind))).collect();
        answer(200, &format!("{{{}}}", members.join(",")))
    }
    check("number", |operation| with(operation, |_| "7.5"), Outcome::Unmodelled).await;
    check("null", |operation| with(operation, |_| "null"), Outcome::Unmodelled).await;
    let swapped = |operation: &Operation| with(operation, |kind| if kind == Kind::Object { "[]" } else { "{}" });
    check("swapped", swapped, Outcome::Unmodelled).await;
}

#[tokio::test]
async fn a_list_whose_members_have_wrong_types_is_unmodelled_and_what_it_names_is_still_asked_about() {
    let calls = world::collect(|operation, _| {
        (operation.name == "GetApps").then(|| answer(200, r#"{"Item":[{"Id":"app1","CreationDate":1700000000.5}]}"#))
    })
    .await;
    let apps = of(&calls, &crate::operations::GET_APPS);
    assert_eq!((apps[0].outcome, apps[0].items), (Outcome::Unmodelled, Some(1)));
    assert!(apps[0].body.is_some());
    let tags = of(&calls, &crate::operations::LIST_TAGS_FOR_RESOURCE);
    assert_eq!(tags[0].parameters["ResourceArn"], "arn:aws:mobiletargeting:us-east-1:111122223333:apps/app1");
}

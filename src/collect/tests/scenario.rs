//! What is asked, of whom, and with what.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::world::{self, ACCOUNT, AFTER, BEFORE, REGION, answer, clock, error, of, outcomes};
use crate::collect::in_process::{self, WireRequest};
use crate::collect::{CollectError, Pace, Plan, caller, collect};
use crate::operations::{self as ops, ALL, Service};
use crate::snapshot::{Call, Outcome, hex_sha256};

#[tokio::test]
async fn every_operation_of_the_catalogue_is_reached_and_no_other() {
    let calls = world::collect(|_, _| None).await;
    let mut called: BTreeSet<(&str, &str)> =
        calls.iter().map(|call| (call.service.as_str(), call.operation.as_str())).collect();
    called.insert((Service::Sts.as_str(), "GetCallerIdentity"));
    let known: BTreeSet<(&str, &str)> = ALL.iter().map(|known| (known.service.as_str(), known.name)).collect();
    assert_eq!(called, known);
    for call in &calls {
        assert_eq!(call.outcome, Outcome::Observed, "{}: {:?}", call.operation, call.error);
        assert_eq!((call.attempts, call.http_status, call.more), (1, Some(200), false), "{}", call.operation);
        assert_eq!(call.sha256.as_deref(), call.body.as_ref().map(|body| hex_sha256(body.as_bytes())).as_deref());
        assert_eq!(call.request_id.as_deref(), Some("00000000-0000-4000-8000-000000000001"));
        assert_eq!((call.account.as_str(), call.region.as_str()), (ACCOUNT, REGION));
    }
}

#[tokio::test]
async fn equal_answers_at_one_time_give_equal_calls_in_whatever_order() {
    let mut runs = [world::collect(|_, _| None).await, world::collect(|_, _| None).await];
    for run in &mut runs {
        run.sort_by(|one, other| one.id.cmp(&other.id));
    }
    assert!(runs[0] == runs[1], "two runs differ");
}

#[tokio::test]
async fn what_is_written_down_as_asked_is_what_was_sent() {
    let (calls, requests) = world::collect_with_requests().await;
    assert_eq!(calls.len(), requests.len());
    for call in &calls {
        let sent = requests.iter().any(|(operation, request)| {
            operation.name == call.operation
                && call.parameters.iter().all(|(name, value)| carries(request, name, value))
        });
        assert!(sent, "{} was not sent with {:?}", call.operation, call.parameters);
    }
    let by_name = |name: &str| &of(&calls, ops::find("pinpoint", name).expect("known"))[0].parameters;
    assert_eq!(json!(by_name("GetApps")), json!({"PageSize": "100"}));
    assert_eq!(json!(by_name("GetCampaigns")), json!({"ApplicationId": "app1", "PageSize": "100"}));
}

/// In a JSON request the member itself; in another one the value, somewhere in the path or the query.
fn carries(request: &WireRequest, name: &str, value: &Value) -> bool {
    if let Ok(Value::Object(members)) = serde_json::from_str(&request.body) {
        return members.get(name) == Some(value);
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    request.path.replace("%3A", ":").replace("%2F", "/").contains(&text)
}

#[tokio::test]
async fn registrations_and_policies_are_asked_for_short_codes_and_their_pools_only() {
    let calls = world::collect(|_, _| None).await;
    let asked = |operation, member: &str| -> Vec<String> {
        of(&calls, operation)
            .iter()
            .map(|call| call.parameters[member].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(asked(&ops::DESCRIBE_REGISTRATION_VERSIONS, "RegistrationId"), ["registration-1", "registration-3"]);
    assert_eq!(asked(&ops::LIST_REGISTRATION_ASSOCIATIONS, "RegistrationId"), ["registration-1", "registration-3"]);
    assert_eq!(asked(&ops::DESCRIBE_REGISTRATION_FIELD_VALUES, "RegistrationId"), ["registration-1"]);
    assert_eq!(of(&calls, &ops::DESCRIBE_REGISTRATION_FIELD_VALUES)[0].parameters["VersionNumber"], 2);
    let kinds = ["US_SHORT_CODE_REGISTRATION", "us_short_code_registration"];
    assert_eq!(asked(&ops::DESCRIBE_REGISTRATION_FIELD_DEFINITIONS, "RegistrationType"), kinds);
    let arns = ["phone-number/p1", "pool/pool-1"].map(|end| format!("arn:aws:sms-voice:{REGION}:{ACCOUNT}:{end}"));
    assert_eq!(asked(&ops::GET_RESOURCE_POLICY, "ResourceArn"), arns);
    assert_eq!(asked(&ops::DESCRIBE_PHONE_NUMBERS, "Owner").len(), 2);
    assert_eq!(asked(&ops::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET, "NumberCapability"), ["VOICE", "SMS"]);
}

#[tokio::test]
async fn a_pool_holds_a_short_code_also_when_only_its_member_list_says_so() {
    let calls = world::collect(|operation, request| match operation.name {
        "DescribePhoneNumbers" => {
            Some(answer(200, r#"{"PhoneNumbers":[{"PhoneNumberArn":"arn:p1","NumberType":"short_code"}]}"#))
        }
        "ListPoolOriginationIdentities" if request.body.contains("pool-2") => {
            Some(answer(200, r#"{"OriginationIdentities":[{"OriginationIdentityArn":"arn:p1"}]}"#))
        }
        _ => None,
    })
    .await;
    let arns: Vec<&Value> =
        of(&calls, &ops::GET_RESOURCE_POLICY).iter().map(|call| &call.parameters["ResourceArn"]).collect();
    assert_eq!(arns, ["arn:aws:sms-voice:us-east-1:111122223333:pool/pool-2", "arn:p1"]);
}

#[tokio::test]
async fn a_channel_is_not_configured_only_in_an_application_that_was_observed() {
    let missing = |name: &str| name.ends_with("Channel") || name == "GetEventStream";
    let calls =
        world::collect(move |operation, _| missing(operation.name).then(|| error(404, "NotFoundException"))).await;
    let without_application = world::collect(move |operation, _| {
        (missing(operation.name) || operation.name == "GetApp").then(|| error(404, "NotFoundException"))
    })
    .await;
    for operation in ALL.iter().filter(|operation| missing(operation.name)) {
        assert_eq!(outcomes(&calls, operation), [Outcome::NotConfigured], "{}", operation.name);
        assert_eq!(outcomes(&without_application, operation), [Outcome::Unmodelled], "{}", operation.name);
        let kept = of(&without_application, operation)[0].error.clone().expect("the error is kept");
        assert_eq!(kept.code.as_deref(), Some("NotFoundException"));
    }
    assert_eq!(outcomes(&without_application, &ops::GET_APP), [Outcome::Unmodelled]);
}

#[tokio::test]
async fn an_empty_list_of_an_ended_feature_is_end_of_support_after_the_boundary_only() {
    for (at, expected) in [(BEFORE, Outcome::Observed), (AFTER, Outcome::EndOfSupport)] {
        let calls =
            world::collect_at(at, REGION, |operation, _| operation.ended.then(|| answer(200, r#"{"Item":[]}"#))).await;
        for operation in ALL.iter().filter(|operation| operation.ended) {
            assert_eq!(outcomes(&calls, operation), [expected], "{} at {at}", operation.name);
        }
        assert_eq!(outcomes(&calls, &ops::GET_IMPORT_JOBS), [Outcome::Observed]);
    }
}

#[tokio::test]
async fn a_service_that_is_not_offered_is_written_down_without_a_request() {
    let calls = world::collect_at(BEFORE, "us-west-1", |operation, _| {
        assert_ne!(operation.service, Service::Pinpoint, "us-west-1 has no Amazon Pinpoint");
        None
    })
    .await;
    let pinpoint: Vec<&Call> = calls.iter().filter(|call| call.service == "pinpoint").collect();
    let names: Vec<&str> = pinpoint.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(names, ["GetApps", "ListTemplates", "GetRecommenderConfigurations"]);
    for call in pinpoint {
        assert_eq!(call.outcome, Outcome::NotOffered);
        assert_eq!((call.attempts, call.http_status, &call.body, &call.sha256), (0, None, &None, &None));
    }
    let nowhere = world::collect_at(BEFORE, "ap-east-1", |_, _| None).await;
    let not_offered = nowhere.iter().filter(|call| call.outcome == Outcome::NotOffered).count();
    assert_eq!(not_offered, 3 + 2 + 8);
    assert_eq!(outcomes(&nowhere, &ops::GET_ACCOUNT), [Outcome::Observed]);
}

#[tokio::test]
async fn artifact_is_asked_once_in_its_own_region() {
    let aws = in_process::aws("eu-west-1", |request| answer(200, world::body(world::operation_of(request))));
    let regions = ["eu-west-1", "eu-central-1", "eu-west-1"].map(str::to_owned).to_vec();
    let plan = Plan::own(ACCOUNT, regions, Pace::Unlimited);
    let mut calls: Vec<Call> = Vec::new();
    let mut sink = |call| {
        calls.push(call);
        Ok(())
    };
    let clock = clock(BEFORE);
    let collecting = collect(&aws, &plan, &clock, &mut sink);
    assert_may_be_spawned(&collecting);
    collecting.await.expect("collects");
    let artifact = of(&calls, &ops::LIST_REPORTS);
    assert_eq!(artifact.iter().map(|call| call.region.as_str()).collect::<Vec<_>>(), ["us-east-1"]);
    let mut regions: Vec<&str> = of(&calls, &ops::GET_APPS).iter().map(|call| call.region.as_str()).collect();
    regions.sort_unstable();
    assert_eq!(regions, ["eu-central-1", "eu-west-1"]);
}

#[tokio::test]
async fn a_sink_that_fails_stops_the_collection() {
    let aws = in_process::aws(REGION, |request| answer(200, world::body(world::operation_of(request))));
    let plan = Plan::own(ACCOUNT, vec![REGION.to_owned()], Pace::Unlimited);
    let mut taken = 0;
    let mut sink = |_| {
        taken += 1;
        if taken < 3 { Ok(()) } else { Err(std::io::Error::other("disk full")) }
    };
    let CollectError::Sink(error) = collect(&aws, &plan, &clock(BEFORE), &mut sink).await.expect_err("stops");
    assert_eq!((error.to_string().as_str(), taken), ("disk full", 3));
}

#[tokio::test]
async fn the_caller_is_read_and_written_down_under_its_account() {
    let aws = in_process::aws(REGION, |request| answer(200, world::body(world::operation_of(request))));
    let (call, caller) = caller(&aws, &clock(BEFORE)).await;
    let caller = caller.expect("an identity");
    assert_eq!((caller.account.as_str(), caller.arn.as_str()), (ACCOUNT, "arn:aws:iam::111122223333:user/auditor"));
    assert_eq!((call.account.as_str(), call.outcome, call.attempts), (ACCOUNT, Outcome::Observed, 1));
    assert_eq!(call.service, "sts");
}

#[tokio::test]
async fn a_caller_who_is_refused_learns_why_and_the_call_is_kept() {
    let refused =
        "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The token expired</Message></Error></ErrorResponse>";
    let aws = in_process::aws(REGION, move |_| answer(403, refused));
    let (call, caller) = caller(&aws, &clock(BEFORE)).await;
    let error = caller.expect_err("no identity");
    assert_eq!((error.outcome, error.message.as_str()), (Outcome::AccessDenied, "ExpiredToken: The token expired"));
    assert!(error.to_string().ends_with("these are: it refuses them: ExpiredToken: The token expired"), "{error}");
    assert!(error.hint().contains("aws sso login"), "{}", error.hint());
    assert_eq!((call.account.as_str(), call.http_status), ("unknown", Some(403)));
    for empty in ["", "{}", "<GetCallerIdentityResponse/>"] {
        let aws = in_process::aws(REGION, move |_| answer(200, empty));
        let (call, caller) = super::super::caller(&aws, &clock(BEFORE)).await;
        assert_eq!((call.outcome, caller.is_err()), (Outcome::Unmodelled, true), "{empty}");
    }
}

fn assert_may_be_spawned<T: Send>(_: &T) {}

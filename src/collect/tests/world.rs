//! A small account that answers every operation, and a way to spoil single answers.

use std::sync::{Arc, Mutex};

use crate::collect::in_process::{self, WireRequest, WireResponse};
use crate::collect::{Clock, Pace, Plan};
use crate::operations::{self, Operation, Service};
use crate::snapshot::{Call, CallId, Outcome};

pub(super) const ACCOUNT: &str = "111122223333";
pub(super) const REGION: &str = "us-east-1";
/// While campaigns and journeys still existed.
pub(super) const BEFORE: &str = "2026-10-01T12:00:00Z";
pub(super) const AFTER: &str = "2026-11-23T12:00:00Z";

pub(super) fn clock(at: &str) -> Clock {
    let at = at.parse().expect("a time");
    Arc::new(move || at)
}

pub(super) fn answer(status: u16, body: &str) -> WireResponse {
    let headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("x-amzn-requestid".to_owned(), "00000000-0000-4000-8000-000000000001".to_owned()),
    ];
    WireResponse { status, headers, body: body.to_owned() }
}

pub(super) fn error(status: u16, code: &str) -> WireResponse {
    let mut response = answer(status, r#"{"Message":"as AWS says it"}"#);
    response.headers.push(("x-amzn-errortype".to_owned(), code.to_owned()));
    response
}

/// Collects one region; `spoil` may replace the answer of an operation.
pub(super) async fn collect_at(
    at: &str,
    region: &str,
    spoil: impl Fn(&'static Operation, &WireRequest) -> Option<WireResponse> + Send + Sync + 'static,
) -> Vec<Call> {
    let aws = in_process::aws(region, move |request| {
        let operation = operation_of(request);
        spoil(operation, request).unwrap_or_else(|| answer(200, body(operation)))
    });
    let plan = Plan::own(ACCOUNT, vec![region.to_owned()], Pace::Unlimited);
    let mut calls = Vec::new();
    let mut sink = |call| {
        calls.push(call);
        Ok(())
    };
    crate::collect::collect(&aws, &plan, &clock(at), &mut sink).await.expect("the sink takes everything");
    assert_each_question_is_asked_once(&calls);
    calls
}

pub(super) async fn collect(
    spoil: impl Fn(&'static Operation, &WireRequest) -> Option<WireResponse> + Send + Sync + 'static,
) -> Vec<Call> {
    collect_at(BEFORE, REGION, spoil).await
}

/// Collects and also gives every request that was sent.
pub(super) async fn collect_with_requests() -> (Vec<Call>, Vec<(&'static Operation, WireRequest)>) {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&requests);
    let calls = collect(move |operation, request| {
        log.lock().expect("no panic").push((operation, request.clone()));
        None
    })
    .await;
    let requests = requests.lock().expect("no panic").clone();
    (calls, requests)
}

pub(super) fn of<'c>(calls: &'c [Call], operation: &Operation) -> Vec<&'c Call> {
    calls.iter().filter(|call| call.operation == operation.name && call.service == operation.service.as_str()).collect()
}

pub(super) fn outcomes(calls: &[Call], operation: &Operation) -> Vec<Outcome> {
    of(calls, operation).iter().map(|call| call.outcome).collect()
}

fn assert_each_question_is_asked_once(calls: &[Call]) {
    let mut ids: Vec<&CallId> = calls.iter().map(|call| &call.id).collect();
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "a question was asked twice");
}

/// Which operation a request calls, from target or path.
pub(super) fn operation_of(request: &WireRequest) -> &'static Operation {
    let (service, name) = match (&request.target, request.host.split('.').next()) {
        (Some(target), _) => (Service::SmsVoice, target.split_once('.').expect("a target").1.to_owned()),
        (None, Some("sts")) => (Service::Sts, "GetCallerIdentity".to_owned()),
        (None, Some("pinpoint")) => (Service::Pinpoint, pinpoint(&request.path).to_owned()),
        (None, Some("email")) => (Service::Ses, ses(&request.path).to_owned()),
        (None, Some("artifact")) => (Service::Artifact, artifact(&request.path).to_owned()),
        _ => panic!("nobody plays {}", request.host),
    };
    operations::find(service.as_str(), &name).unwrap_or_else(|| panic!("{name} is not in the catalogue"))
}

fn segments(path: &str) -> Vec<&str> {
    path.split('?').next().unwrap_or_default().trim_matches('/').split('/').collect()
}

fn pinpoint(path: &str) -> &'static str {
    match segments(path)[..] {
        ["v1", "apps"] => "GetApps",
        ["v1", "templates"] => "ListTemplates",
        ["v1", "recommenders"] => "GetRecommenderConfigurations",
        ["v1", "tags", _] => "ListTagsForResource",
        ["v1", "apps", _] => "GetApp",
        ["v1", "apps", _, "settings"] => "GetApplicationSettings",
        ["v1", "apps", _, "channels"] => "GetChannels",
        ["v1", "apps", _, "eventstream"] => "GetEventStream",
        ["v1", "apps", _, "campaigns"] => "GetCampaigns",
        ["v1", "apps", _, "journeys"] => "ListJourneys",
        ["v1", "apps", _, "segments"] => "GetSegments",
        ["v1", "apps", _, "jobs", "import"] => "GetImportJobs",
        ["v1", "apps", _, "jobs", "export"] => "GetExportJobs",
        ["v1", "apps", _, "channels", channel] => match channel {
            "email" => "GetEmailChannel",
            "sms" => "GetSmsChannel",
            "voice" => "GetVoiceChannel",
            "apns" => "GetApnsChannel",
            "apns_sandbox" => "GetApnsSandboxChannel",
            "apns_voip" => "GetApnsVoipChannel",
            "apns_voip_sandbox" => "GetApnsVoipSandboxChannel",
            "gcm" => "GetGcmChannel",
            "adm" => "GetAdmChannel",
            "baidu" => "GetBaiduChannel",
            other => panic!("no channel {other}"),
        },
        _ => panic!("no operation at {path}"),
    }
}

fn ses(path: &str) -> &'static str {
    match segments(path)[..] {
        ["v2", "email", "account"] => "GetAccount",
        ["v2", "email", "list-identities"] => "ListEmailIdentities",
        ["v2", "email", "identities", _] => "GetEmailIdentity",
        ["v2", "email", "list-configuration-sets"] => "ListConfigurationSets",
        ["v2", "email", "configuration-sets", _] => "GetConfigurationSet",
        ["v2", "email", "configuration-sets", _, "event-destinations"] => "GetConfigurationSetEventDestinations",
        _ => panic!("no operation at {path}"),
    }
}

fn artifact(path: &str) -> &'static str {
    match segments(path)[..] {
        ["v1", "report", "list"] => "ListReports",
        ["v1", "report", "listVersions"] => "ListReportVersions",
        ["v1", "report", "getMetadata"] => "GetReportMetadata",
        ["v1", "customer-agreement", "list"] => "ListCustomerAgreements",
        _ => panic!("no operation at {path}"),
    }
}

/// A complete answer with one member in each list.
pub(super) fn body(operation: &Operation) -> &'static str {
    match operation.name {
        "GetApps" => {
            r#"{"Item":[{"Arn":"arn:aws:mobiletargeting:us-east-1:111122223333:apps/app1","Id":"app1","Name":"reminders"}]}"#
        }
        "GetApp" => {
            r#"{"Arn":"arn:aws:mobiletargeting:us-east-1:111122223333:apps/app1","Id":"app1","Name":"reminders"}"#
        }
        "GetApplicationSettings" => r#"{"ApplicationId":"app1"}"#,
        "GetChannels" => r#"{"Channels":{"SMS":{"Enabled":true}}}"#,
        "GetEventStream" => {
            r#"{"ApplicationId":"app1","DestinationStreamArn":"arn:aws:kinesis:us-east-1:111122223333:stream/s","RoleArn":"arn:aws:iam::111122223333:role/r"}"#
        }
        "ListTagsForResource" => r#"{"tags":{"DataClassification":"PHI"}}"#,
        name if name.ends_with("Channel") => r#"{"ApplicationId":"app1","Enabled":true,"Platform":"X"}"#,
        _ if operation.service == Service::Pinpoint => r#"{"Item":[{"Id":"x1"}]}"#,
        _ => other(operation.name),
    }
}

fn other(name: &str) -> &'static str {
    match name {
        "DescribePhoneNumbers" => {
            r#"{"PhoneNumbers":[{"PhoneNumberArn":"arn:aws:sms-voice:us-east-1:111122223333:phone-number/p1","NumberType":"SHORT_CODE","PhoneNumber":"24680","PoolId":"pool-1","RegistrationId":"registration-1"},{"PhoneNumberArn":"arn:aws:sms-voice:us-east-1:111122223333:phone-number/p2","NumberType":"TEN_DLC","PhoneNumber":"+12065550100","RegistrationId":"registration-2"}]}"#
        }
        "DescribePools" => {
            r#"{"Pools":[{"PoolArn":"arn:aws:sms-voice:us-east-1:111122223333:pool/pool-1","PoolId":"pool-1"},{"PoolArn":"arn:aws:sms-voice:us-east-1:111122223333:pool/pool-2","PoolId":"pool-2"}]}"#
        }
        "ListPoolOriginationIdentities" => r#"{"OriginationIdentities":[{"OriginationIdentity":"sender"}]}"#,
        "DescribeSenderIds" => r#"{"SenderIds":[{"SenderId":"CLINIC"}]}"#,
        "DescribeRegistrations" => {
            r#"{"Registrations":[{"RegistrationId":"registration-1","RegistrationType":"US_SHORT_CODE_REGISTRATION","ApprovedVersionNumber":2},{"RegistrationId":"registration-2","RegistrationType":"US_TEN_DLC_CAMPAIGN_REGISTRATION","ApprovedVersionNumber":1},{"RegistrationId":"registration-3","RegistrationType":"us_short_code_registration"}]}"#
        }
        "DescribeRegistrationVersions" => r#"{"RegistrationVersions":[{"VersionNumber":2}]}"#,
        "DescribeRegistrationFieldDefinitions" => r#"{"RegistrationFieldDefinitions":[{"FieldPath":"a.b"}]}"#,
        "DescribeRegistrationFieldValues" => r#"{"RegistrationFieldValues":[{"FieldPath":"a.b"}]}"#,
        "ListRegistrationAssociations" => r#"{"RegistrationAssociations":[{"ResourceId":"p1"}]}"#,
        "DescribeOptOutLists" => r#"{"OptOutLists":[{"OptOutListName":"Default"}]}"#,
        "DescribeProtectConfigurations" => r#"{"ProtectConfigurations":[{"ProtectConfigurationId":"protect-1"}]}"#,
        "GetProtectConfigurationCountryRuleSet" => r#"{"CountryRuleSet":{"US":{"ProtectStatus":"BLOCK"}}}"#,
        "GetResourcePolicy" => r#"{"ResourceArn":"arn"}"#,
        "DescribeAccountAttributes" => r#"{"AccountAttributes":[{"Name":"ACCOUNT_TIER","Value":"PRODUCTION"}]}"#,
        "DescribeSpendLimits" => r#"{"SpendLimits":[{"EnforcedLimit":0}]}"#,
        "DescribeConfigurationSets" => r#"{"ConfigurationSets":[{"ConfigurationSetName":"set"}]}"#,
        "GetAccount" => r#"{"SendingEnabled":true}"#,
        "ListEmailIdentities" => r#"{"EmailIdentities":[{"IdentityName":"mail.example.org"}]}"#,
        "GetEmailIdentity" => r#"{"VerifiedForSendingStatus":true}"#,
        "ListConfigurationSets" => r#"{"ConfigurationSets":["tls"]}"#,
        "GetConfigurationSet" => r#"{"ConfigurationSetName":"tls"}"#,
        "GetConfigurationSetEventDestinations" => r#"{"EventDestinations":[]}"#,
        "ListReports" => r#"{"reports":[{"id":"report-0000000000000001"}]}"#,
        "ListReportVersions" => r#"{"reports":[{"id":"report-0000000000000001","version":1}]}"#,
        "GetReportMetadata" => r#"{"reportDetails":{"id":"report-0000000000000001"}}"#,
        "ListCustomerAgreements" => r#"{"customerAgreements":[{"name":"AWS Business Associate Addendum"}]}"#,
        "GetCallerIdentity" => {
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/auditor</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        }
        other => panic!("no answer for {other}"),
    }
}

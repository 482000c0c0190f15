//! The table: one entry for each list that a rule compares a value with.

use serde_json::{Value, json};

use super::Closed;
use crate::estate::{
    AgreementState, AuthenticationMethod, CampaignStatus, Capability, ChannelType, DkimStatus, JourneyState,
    MessageType, NumberStatus, NumberType, ProtectStatus, RegistrationStatus, TemplateType, TlsPolicy,
};
use crate::operations::{self as op, Operation};
use crate::rules::phi_numbers::testing::CODE_ARN;
use crate::rules::testing::estates::{IDENTITY, LATE, POOL_ARN, SET_ARN, clean};
use crate::rules::testing::{
    ACCOUNT, APP_ARN, Account, PLACE, REGION, about_app, campaign, campaign_arn, identity_arn, journey, journey_arn,
};
use crate::snapshot::Outcome;

macro_rules! words {
    ($list:ident) => {
        $list::KNOWN.iter().map(|word| word.as_str().to_owned()).collect::<Vec<_>>()
    };
    ($($word:literal),+ $(,)?) => {
        vec![$($word.to_owned()),+]
    };
}

/// An entry of the table.
fn closed(
    list: &'static str,
    known: Vec<String>,
    good: &'static str,
    with: fn(&str) -> Account,
    rests: &[(&'static str, &str)],
) -> Closed {
    let rests = rests.iter().map(|(rule, resource)| (*rule, (*resource).to_owned())).collect();
    Closed { list, known, good, with, rests }
}

/// The account in which all is as it should be, with another answer to one question.
fn changed(operation: &Operation, change: impl Fn(&mut Value)) -> Account {
    let mut account = clean();
    account.change(operation, change);
    account
}

/// The same with another record of the short code, its messages, or its other members.
fn of_number(member: &str, value: &Value) -> Account {
    changed(&op::DESCRIBE_PHONE_NUMBERS, |body| {
        if let Some(number) = body["PhoneNumbers"].get_mut(0) {
            number[member] = value.clone();
        }
    })
}

fn of_campaign(members: &Value) -> Account {
    changed(&op::GET_CAMPAIGNS, |body| body["Item"] = json!([campaign("c", members.clone())]))
}

fn of_journey(activity: &Value) -> Account {
    let journey = journey("j", "ACTIVE", json!({"a": activity}));
    changed(&op::LIST_JOURNEYS, |body| body["Item"] = json!([journey]))
}

/// After the end of support, one campaign or journey and nothing else.
fn late(list: &Operation, item: &Value) -> Account {
    let mut account = Account::new();
    account.answer(list, about_app(), json!({"Item": [item]}));
    account.at(LATE.0, LATE.1)
}

fn of_report(member: &str, word: &str) -> Account {
    changed(&op::LIST_REPORTS, |body| body["reports"][0][member] = json!(word))
}

fn of_policy(statement: &Value) -> Account {
    let text = json!({"Statement": [statement]}).to_string();
    let mut account = clean();
    let body = json!({"ResourceArn": POOL_ARN, "Policy": text});
    account.answer(&op::GET_RESOURCE_POLICY, json!({"ResourceArn": POOL_ARN}), body);
    account
}

pub(super) fn lists() -> Vec<Closed> {
    [channels(), numbers(), campaigns(), journeys(), push_and_mail(), voice(), agreements(), destinations()]
        .into_iter()
        .flatten()
        .collect()
}

fn channels() -> Vec<Closed> {
    vec![
        closed(
            "ChannelType in GetChannels",
            words!(ChannelType),
            "ADM",
            |word| changed(&op::GET_CHANNELS, |body| body["Channels"][word] = json!({"Enabled": true})),
            &[("channels-permitted", APP_ARN)],
        ),
        closed(
            "ChannelType in GetChannels, for a message to all channels",
            words!(ChannelType),
            "BAIDU",
            |word| {
                let mut account = of_campaign(&json!({"MessageConfiguration": {"DefaultMessage": {}}}));
                account.change(&op::GET_CHANNELS, |body| body["Channels"][word] = json!({"Enabled": true}));
                account
            },
            &[("campaign-channels-permitted", &campaign_arn("c"))],
        ),
    ]
}

fn numbers() -> Vec<Closed> {
    let origination = "sms-origination-short-code";
    let (reminder, welcome) = (campaign_arn("reminder"), journey_arn("welcome"));
    let senders = [(origination, APP_ARN), (origination, reminder.as_str()), (origination, welcome.as_str())];
    let code = |rule| (rule, CODE_ARN);
    let with_code =
        |rules: &[&'static str]| [&senders[..], &rules.iter().copied().map(code).collect::<Vec<_>>()].concat();
    vec![
        closed(
            "NumberType in DescribePhoneNumbers",
            words!(NumberType),
            "SHORT_CODE",
            |word| of_number("NumberType", &json!(word)),
            &with_code(&["short-code-dedicated", "short-code-phi-purpose"]),
        ),
        closed(
            "NumberStatus in DescribePhoneNumbers",
            words!(NumberStatus),
            "ACTIVE",
            |word| of_number("Status", &json!(word)),
            &with_code(&["short-code-dedicated"]),
        ),
        closed(
            "Capability, the only one of a number",
            words!(Capability),
            "SMS",
            |word| of_number("NumberCapabilities", &json!([word])),
            &with_code(&["voice-capability-absent"]),
        ),
        closed(
            "Capability, one more of a number",
            words!(Capability),
            "RCS",
            |word| of_number("NumberCapabilities", &json!(["SMS", word])),
            &[code("voice-capability-absent")],
        ),
        closed(
            "MessageType of a number",
            words!(MessageType),
            "TRANSACTIONAL",
            |word| of_number("MessageType", &json!(word)),
            &[code("sms-transactional")],
        ),
        closed(
            "RegistrationStatus in DescribeRegistrations",
            words!(RegistrationStatus),
            "COMPLETE",
            |word| {
                changed(&op::DESCRIBE_REGISTRATIONS, |body| {
                    body["Registrations"][0]["RegistrationStatus"] = json!(word);
                })
            },
            &[code("short-code-phi-purpose")],
        ),
        closed(
            "answer to the question for a HIPAA eligible use case",
            words!("Yes", "No"),
            "Yes",
            |word| {
                changed(&op::DESCRIBE_REGISTRATION_FIELD_VALUES, |body| {
                    body["RegistrationFieldValues"][0]["SelectChoices"] = json!([word]);
                })
            },
            &[code("short-code-phi-purpose")],
        ),
        closed(
            "member of a pool",
            vec![CODE_ARN.to_owned()],
            CODE_ARN,
            |word| {
                changed(&op::LIST_POOL_ORIGINATION_IDENTITIES, |body| {
                    let members = [CODE_ARN, word].map(|arn| json!({"OriginationIdentityArn": arn}));
                    body["OriginationIdentities"] = json!(members);
                })
            },
            &[code("short-code-dedicated")],
        ),
        closed(
            "Effect of a resource policy",
            words!("Allow", "Deny"),
            "Deny",
            |word| of_policy(&json!({"Effect": word, "Principal": "*"})),
            &[code("short-code-dedicated")],
        ),
        closed(
            "kind of principal of a resource policy",
            words!("AWS", "CanonicalUser", "Federated", "Service"),
            "AWS",
            |word| of_policy(&json!({"Effect": "Allow", "Principal": {word: ACCOUNT}})),
            &[code("short-code-dedicated")],
        ),
    ]
}

fn campaigns() -> Vec<Closed> {
    let permitted = "campaign-channels-permitted";
    let messages = words!(
        "ADMMessage",
        "APNSMessage",
        "BaiduMessage",
        "CustomMessage",
        "DefaultMessage",
        "EmailMessage",
        "GCMMessage",
        "InAppMessage",
        "SMSMessage",
    );
    let templates = words!("EmailTemplate", "InAppTemplate", "PushTemplate", "SMSTemplate", "VoiceTemplate");
    let c = campaign_arn("c");
    vec![
        closed(
            "member of MessageConfiguration",
            messages.clone(),
            "EmailMessage",
            |word| of_campaign(&json!({"MessageConfiguration": {word: {}}})),
            &[(permitted, &c)],
        ),
        closed(
            "one more member of MessageConfiguration",
            messages.clone(),
            "GCMMessage",
            |word| of_campaign(&json!({"MessageConfiguration": {"EmailMessage": {}, word: {}}})),
            &[(permitted, &c)],
        ),
        closed(
            "member of MessageConfiguration of a treatment",
            messages,
            "ADMMessage",
            |word| {
                let treatment = json!({"Id": "t", "MessageConfiguration": {word: {}}});
                of_campaign(&json!({"MessageConfiguration": {"SMSMessage": {}}, "AdditionalTreatments": [treatment]}))
            },
            &[(permitted, &c)],
        ),
        closed(
            "member of TemplateConfiguration",
            templates,
            "PushTemplate",
            |word| of_campaign(&json!({"TemplateConfiguration": {word: {"Name": "t"}}})),
            &[(permitted, &c)],
        ),
        closed(
            "MessageType of a campaign",
            words!(MessageType),
            "TRANSACTIONAL",
            |word| of_campaign(&json!({"MessageConfiguration": {"SMSMessage": {"MessageType": word}}})),
            &[("sms-transactional", &c)],
        ),
        closed(
            "CampaignStatus, after the end of support",
            words!(CampaignStatus),
            "COMPLETED",
            |word| late(&op::GET_CAMPAIGNS, &campaign("c", json!({"State": {"CampaignStatus": word}}))),
            &[("service-supported", APP_ARN)],
        ),
    ]
}

fn journeys() -> Vec<Closed> {
    let j = journey_arn("j");
    let activities = words!(
        "CUSTOM",
        "ConditionalSplit",
        "ContactCenter",
        "Description",
        "EMAIL",
        "Holdout",
        "MultiCondition",
        "PUSH",
        "RandomSplit",
        "SMS",
        "Wait",
    );
    vec![
        closed(
            "member of Activity",
            activities.clone(),
            "Wait",
            |word| of_journey(&json!({word: {}})),
            &[("journey-channels-permitted", &j)],
        ),
        closed(
            "member of Activity beside its description",
            activities,
            "EMAIL",
            |word| of_journey(&json!({"Description": "d", word: {}})),
            &[("journey-channels-permitted", &j)],
        ),
        closed(
            "MessageType of a journey",
            words!(MessageType),
            "TRANSACTIONAL",
            |word| of_journey(&json!({"SMS": {"MessageConfig": {"MessageType": word}}})),
            &[("sms-transactional", &j)],
        ),
        closed(
            "JourneyState, after the end of support",
            words!(JourneyState),
            "PAUSED",
            |word| late(&op::LIST_JOURNEYS, &journey("j", word, json!({}))),
            &[("service-supported", APP_ARN)],
        ),
    ]
}

fn push_and_mail() -> Vec<Closed> {
    let channel = |kind: &str| format!("{APP_ARN}/channels/{kind}");
    let identity = identity_arn(REGION, IDENTITY);
    vec![
        closed(
            "AuthenticationMethod of APNs",
            words!(AuthenticationMethod),
            "TOKEN",
            |word| changed(&op::GET_APNS_CHANNEL, |body| body["DefaultAuthenticationMethod"] = json!(word)),
            &[("push-token-credentials", &channel("apns"))],
        ),
        closed(
            "AuthenticationMethod of FCM",
            words!(AuthenticationMethod),
            "TOKEN",
            |word| changed(&op::GET_GCM_CHANNEL, |body| body["DefaultAuthenticationMethod"] = json!(word)),
            &[("push-token-credentials", &channel("gcm"))],
        ),
        closed(
            "DkimStatus in GetEmailIdentity",
            words!(DkimStatus),
            "SUCCESS",
            |word| changed(&op::GET_EMAIL_IDENTITY, |body| body["DkimAttributes"]["Status"] = json!(word)),
            &[("email-dkim-signed", APP_ARN), ("email-dkim-signed", &identity)],
        ),
        closed(
            "TlsPolicy in GetConfigurationSet",
            words!(TlsPolicy),
            "REQUIRE",
            |word| changed(&op::GET_CONFIGURATION_SET, |body| body["DeliveryOptions"]["TlsPolicy"] = json!(word)),
            &[("email-tls-required", APP_ARN), ("email-tls-required", &identity)],
        ),
    ]
}

fn voice() -> Vec<Closed> {
    let blocked = [("voice-sending-blocked", PLACE)];
    vec![
        closed(
            "ProtectStatus of a country",
            words!(ProtectStatus),
            "BLOCK",
            |word| {
                changed(&op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET, |body| {
                    body["CountryRuleSet"]["CA"] = json!({"ProtectStatus": word});
                })
            },
            &blocked,
        ),
        closed(
            "name of a spend limit",
            words!("VOICE_MESSAGE_MONTHLY_SPEND_LIMIT"),
            "VOICE_MESSAGE_MONTHLY_SPEND_LIMIT",
            |word| {
                let mut account = clean();
                account.fail(&op::DESCRIBE_PROTECT_CONFIGURATIONS, json!({}), Outcome::AccessDenied);
                account.fail(&op::DESCRIBE_ACCOUNT_ATTRIBUTES, json!({}), Outcome::AccessDenied);
                let limits = json!({"SpendLimits": [{"Name": word, "EnforcedLimit": 0}]});
                account.answer(&op::DESCRIBE_SPEND_LIMITS, json!({}), limits);
                account
            },
            &blocked,
        ),
        closed(
            "name of an attribute of the account",
            words!("DEFAULT_PROTECT_CONFIGURATION_ID"),
            "DEFAULT_PROTECT_CONFIGURATION_ID",
            |word| {
                let mut account = clean();
                account.change(&op::DESCRIBE_PROTECT_CONFIGURATIONS, |body| body["NextToken"] = json!("more"));
                account.change(&op::DESCRIBE_ACCOUNT_ATTRIBUTES, |body| {
                    body["AccountAttributes"][0]["Name"] = json!(word);
                });
                account
            },
            &blocked,
        ),
        closed(
            "TemplateType in ListTemplates",
            words!(TemplateType),
            "INAPP",
            |word| changed(&op::LIST_TEMPLATES, |body| body["Item"][0]["TemplateType"] = json!(word)),
            &[("voice-templates-absent", PLACE)],
        ),
    ]
}

fn agreements() -> Vec<Closed> {
    vec![
        closed(
            "AgreementState in ListCustomerAgreements",
            words!(AgreementState),
            "ACTIVE",
            |word| changed(&op::LIST_CUSTOMER_AGREEMENTS, |body| body["customerAgreements"][0]["state"] = json!(word)),
            &[("baa-active", "account/111122223333")],
        ),
        closed(
            "state of a report",
            words!("PUBLISHED", "UNPUBLISHED"),
            "PUBLISHED",
            |word| of_report("state", word),
            &[("artifact-report-current", "program/soc")],
        ),
        closed(
            "upload state of a report",
            words!("COMPLETE", "FAILED", "FAULT", "PROCESSING"),
            "COMPLETE",
            |word| of_report("uploadState", word),
            &[("artifact-report-current", "program/soc")],
        ),
    ]
}

fn destinations() -> Vec<Closed> {
    vec![
        closed(
            "kind of an event destination",
            words!(
                "CloudWatchLogsDestination",
                "Enabled",
                "EventDestinationName",
                "KinesisFirehoseDestination",
                "MatchingEventTypes",
                "SnsDestination",
            ),
            "SnsDestination",
            |word| {
                let topic = json!({"TopicArn": "arn:aws:sns:us-east-1:111122223333:events"});
                changed(&op::DESCRIBE_CONFIGURATION_SETS, |body| {
                    body["ConfigurationSets"][0]["EventDestinations"] = json!([{"Enabled": true, word: topic}]);
                })
            },
            &[("event-destinations-declared", SET_ARN)],
        ),
        closed(
            "member of a hook",
            words!("LambdaFunctionName", "Mode", "WebUrl"),
            "Mode",
            |word| changed(&op::GET_APPLICATION_SETTINGS, |body| body["CampaignHook"] = json!({word: "x"})),
            &[("hooks-declared", APP_ARN)],
        ),
    ]
}

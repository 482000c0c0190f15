//! Every closed list that a rule compares a value with, and what must never rest on a word that is not in it.
//!
//! One entry in [`lists`] for each list: what is compared, the words that the rules know, and the verdicts that would
//! be a pass only because of the word. A new list is a new entry; a test holds them against `estate/words.rs`.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::estates::{CODE_ARN, FORM, LATE, POOL_ARN, SET_ARN, clean};
use super::{
    ACCOUNT, APP, APP_ARN, Account, PLACE, about_app, campaign, campaign_arn, identity_arn, journey, journey_arn,
};
use crate::estate::{
    AgreementState, AuthenticationMethod, CampaignStatus, Capability, ChannelType, DkimStatus, JourneyState,
    MessageType, NumberStatus, NumberType, ProtectStatus, RegistrationStatus, TemplateType, TlsPolicy,
};
use crate::operations::{self as op, Operation};
use crate::rules::{self, Verdict};
use crate::snapshot::Outcome;

/// Words that rules compare a value with.
struct Closed {
    /// The type in `estate/words.rs` where there is one, and where the value stands.
    list: &'static str,
    /// Every word of the list.
    known: Vec<String>,
    /// One of them with which everything that rests on it passes.
    good: &'static str,
    /// An account with that word.
    with: fn(&str) -> Account,
    /// Rules, and the resources on which they pass only because of the word.
    rests: Vec<(&'static str, String)>,
}

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

fn lists() -> Vec<Closed> {
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
    let identity = identity_arn(super::REGION, super::estates::IDENTITY);
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

/// A word that somebody may invent: out of nothing, or out of a word of the list.
fn invented(known: &str, junk: &str, how: usize) -> String {
    match how {
        0 => junk.to_owned(),
        1 => format!("{known}{junk}"),
        2 => format!("{junk}{known}"),
        3 => known.replacen(['_', 'S', 'e'], junk, 1),
        _ => junk.to_uppercase(),
    }
}

fn verdict(account: &Account, rule: &str, resource: &str) -> Verdict {
    account.verdict(rules::find(rule).expect(rule), resource)
}

#[test]
fn a_word_of_the_list_passes_so_that_another_one_can_be_seen_not_to() {
    for Closed { list, known, good, with, rests } in lists() {
        assert!(known.iter().any(|word| word == good), "{list}");
        for (rule, resource) in rests {
            assert_eq!(verdict(&with(good), rule, &resource), Verdict::Pass, "{list}: {rule} on {resource}");
        }
    }
}

#[test]
fn every_list_of_words_of_the_estate_has_an_entry() {
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/estate/words.rs")).expect("a file");
    let is_name = |line: &&str| line.starts_with("    ") && line.ends_with(" {") && !line[4..].starts_with([' ', '(']);
    let of_macro = source.split("words! {").skip(1).filter_map(|list| list.lines().find(is_name));
    let names: Vec<&str> = of_macro.map(|line| line.trim().trim_end_matches(" {")).collect();
    assert!(names.len() >= 14, "{names:?}");
    for name in names {
        assert!(lists().iter().any(|closed| closed.list.split([' ', ',']).next() == Some(name)), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn no_word_outside_a_list_is_ever_permitted(
        list: Index,
        word: Index,
        junk in prop_oneof!["[A-Z_]{1,20}", "[a-zA-Z0-9 ._-]{0,12}", "\\PC{0,8}"],
        how in 0usize..5,
    ) {
        let lists = lists();
        let Closed { list, known, with, rests, .. } = list.get(&lists);
        let word = invented(word.get::<String>(known), &junk, how);
        prop_assume!(!known.iter().any(|known| known.eq_ignore_ascii_case(word.trim())));
        for (rule, resource) in rests {
            let verdict = verdict(&with(&word), rule, resource);
            prop_assert!(
                matches!(verdict, Verdict::Fail | Verdict::NotEvaluated(_)),
                "{}: {} with {:?} is {} on {}", list, rule, word, verdict.as_str(), resource
            );
        }
    }
}

/// Every list at once, for the matrix: the words of one account that nobody knows.
pub(super) fn unknown_everywhere() -> Account {
    const NEW: &str = "SOMETHING_NEW";
    let mut account = clean();
    let text = json!({"MessageType": NEW, "OriginationNumber": "24680"});
    account.change(&op::GET_CHANNELS, |body| body["Channels"][NEW] = json!({"Enabled": true}));
    account.change(&op::GET_CAMPAIGNS, |body| {
        let members = json!({"State": {"CampaignStatus": NEW}, "MessageConfiguration": {NEW: {}, "SMSMessage": text}});
        body["Item"] = json!([campaign("c", members)]);
    });
    account.change(&op::LIST_JOURNEYS, |body| {
        let activities = json!({"a": {NEW: {}}, "b": {"SMS": {"MessageConfig": text}}});
        body["Item"] = json!([journey("j", NEW, activities)]);
    });
    account.change(&op::DESCRIBE_PHONE_NUMBERS, |body| {
        let Some(number) = body["PhoneNumbers"].get_mut(0) else { return };
        number["NumberCapabilities"] = json!(["SMS", NEW]);
        for member in ["NumberType", "Status", "MessageType"] {
            number[member] = json!(NEW);
        }
    });
    account.change(&op::DESCRIBE_REGISTRATIONS, |body| body["Registrations"][0]["RegistrationStatus"] = json!(NEW));
    account.change(&op::LIST_TEMPLATES, |body| body["Item"][0]["TemplateType"] = json!(NEW));
    account.change(&op::GET_EMAIL_IDENTITY, |body| body["DkimAttributes"]["Status"] = json!(NEW));
    account.change(&op::GET_CONFIGURATION_SET, |body| body["DeliveryOptions"]["TlsPolicy"] = json!(NEW));
    for channel in [&op::GET_APNS_CHANNEL, &op::GET_GCM_CHANNEL] {
        account.change(channel, |body| body["DefaultAuthenticationMethod"] = json!(NEW));
    }
    account.change(&op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET, |body| {
        body["CountryRuleSet"]["US"]["ProtectStatus"] = json!(NEW);
    });
    account.change(&op::LIST_CUSTOMER_AGREEMENTS, |body| body["customerAgreements"][0]["state"] = json!(NEW));
    account.change(&op::LIST_REPORTS, |body| {
        body["reports"].as_array_mut().expect("a list").iter_mut().for_each(|report| report["state"] = json!(NEW));
    });
    account.change(&op::DESCRIBE_CONFIGURATION_SETS, |body| {
        body["ConfigurationSets"][0]["EventDestinations"] = json!([{"Enabled": true, NEW: {}}]);
    });
    account
        .change(&op::GET_APPLICATION_SETTINGS, |body| body["CampaignHook"] = json!({"ApplicationId": APP, NEW: "x"}));
    let questions = json!({"RegistrationFieldDefinitions": []});
    account.answer(&op::DESCRIBE_REGISTRATION_FIELD_DEFINITIONS, json!({"RegistrationType": FORM}), questions);
    account
}

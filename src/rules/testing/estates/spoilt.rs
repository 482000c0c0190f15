//! What may become of an account: reads fail, answers are silent or cut, words are unknown.

use serde_json::{Value, json};

use super::{FORM, clean};
use crate::operations::{self as op, Operation};
use crate::rules::testing::{APP, Account, campaign, journey};
use crate::snapshot::{CallError, Outcome};

/// Every question but the first ends so.
pub(in crate::rules::testing) fn failing(account: Account, outcome: Outcome) -> Account {
    account.each(|call| {
        call.outcome = outcome;
        (call.body, call.sha256) = (None, None);
        call.error = Some(CallError { code: Some("Example".into()), message: None });
    })
}

/// Every answer is an object without members.
pub(in crate::rules::testing) fn silent(account: Account) -> Account {
    account.each(|call| {
        call.outcome = Outcome::Observed;
        call.body = Some("{}".to_owned());
    })
}

/// Every list announces another page, which nobody has fetched.
pub(in crate::rules::testing) fn cut(account: Account) -> Account {
    account.each(|call| {
        let operation = op::find(&call.service, &call.operation).expect("an operation");
        let (Some(paging), Some(body)) = (operation.paging, &call.body) else { return };
        let mut body: Value = serde_json::from_str(body).expect("JSON");
        body[paging.next] = json!("more");
        call.body = Some(body.to_string());
    })
}

/// That list announces another page.
pub(in crate::rules::testing) fn cut_list(mut account: Account, list: &Operation) -> Account {
    let paging = list.paging.expect("a list");
    account.change(list, |body| body[paging.next] = json!("more"));
    account
}

/// The members that AWS documents as always there, and that some rule needs, are not there.
pub(in crate::rules::testing) fn lacking(account: Account) -> Account {
    const LEFT_OUT: [&str; 29] = [
        "AccountDefault",
        "Activities",
        "CampaignStatus",
        "Definition",
        "DefaultAuthenticationMethod",
        "DeletionProtectionEnabled",
        "DkimAttributes",
        "EnforcedLimit",
        "EventDestinations",
        "HasFcmServiceCredentials",
        "HasTokenKey",
        "Identity",
        "MessageConfiguration",
        "MessageType",
        "OptOutListName",
        "Policy",
        "ProtectStatus",
        "RecommendationProviderUri",
        "RegistrationStatus",
        "SelfManagedOptOutsEnabled",
        "SharedRoutesEnabled",
        "State",
        "TemplateType",
        "TwoWayEnabled",
        "VerifiedForSendingStatus",
        "effectiveStart",
        "periodEnd",
        "state",
        "tags",
    ];
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    account.each(|call| {
        let Some(Ok(mut body)) = call.body.as_deref().map(serde_json::from_str::<Value>) else { return };
        strip(&mut body);
        if let Some(channels) = body.get_mut("Channels").and_then(Value::as_object_mut) {
            channels.values_mut().for_each(|entry| *entry = json!({}));
        }
        call.body = Some(body.to_string());
    })
}

/// Words that nobody knows, in every place where a rule compares one.
pub(in crate::rules::testing) fn unknown_everywhere() -> Account {
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

//! An account in which everything is wrong.

use serde_json::json;

use super::{IDENTITY, LATE, undeclared};
use crate::operations as op;
use crate::rules::phi_numbers::testing::CODE;
use crate::rules::testing::{APP, APP_ARN, Account, about_app, app, campaign, journey};

const NEWSLETTER: &str = "fedcba9876543210fedcba9876543210";
const ELSEWHERE: &str = "arn:aws:sns:us-east-1:444455556666:elsewhere";

/// Everything is wrong, and nothing but the short code is declared. Beside the application an excluded one names the
/// short code.
pub(in crate::rules::testing) fn wrong() -> Account {
    let mut account = undeclared().config(
        "[phi]\nemail_identities = ['mail.example.org']\n[[phi.short_code]]\nnumber = '24680'\n\
         [[phi.excluded]]\napplication = 'newsletter'\nreason = 'news'\ndeclared_by = 'privacy officer'\n\
         declared_on = 2026-09-01\n",
    );
    wrong_channels(&mut account);
    wrong_sends(&mut account);
    wrong_flows(&mut account);
    wrong_numbers(&mut account);
    wrong_mail(&mut account);
    newsletter(&mut account);
    account.change(&op::LIST_REPORTS, |body| body["reports"] = json!([]));
    account.change(&op::LIST_CUSTOMER_AGREEMENTS, |body| {
        body["customerAgreements"][0]["state"] = json!("CUSTOMER_TERMINATED");
    });
    account.at(LATE.0, LATE.1).without_looking_in(&["eu-west-1"])
}

fn wrong_channels(account: &mut Account) {
    let on = json!({"Enabled": true, "ApplicationId": APP});
    let map = json!({"VOICE": on, "CUSTOM": on, "IN_APP": on, "SMS": on, "EMAIL": on, "APNS_SANDBOX": on, "GCM": on});
    account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": map}));
    account.answer(&op::GET_VOICE_CHANNEL, about_app(), json!({"Enabled": true}));
    account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": true, "SenderId": "CLINIC"}));
    let certificate = json!({"Enabled": true, "DefaultAuthenticationMethod": "CERTIFICATE", "HasTokenKey": false});
    account.answer(&op::GET_APNS_CHANNEL, about_app(), certificate.clone());
    account.answer(&op::GET_APNS_SANDBOX_CHANNEL, about_app(), certificate);
    let key = json!({"Enabled": true, "DefaultAuthenticationMethod": "KEY", "HasFcmServiceCredentials": false});
    account.answer(&op::GET_GCM_CHANNEL, about_app(), key);
}

fn wrong_sends(account: &mut Account) {
    let text = json!({"OriginationNumber": "+12065550142", "SenderId": "CLINIC", "MessageType": "PROMOTIONAL"});
    let messages = json!({"SMSMessage": text, "CustomMessage": {}, "DefaultMessage": {}});
    let members = json!({"MessageConfiguration": messages, "Hook": {"WebUrl": "https://hooks.example.com"}});
    account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [campaign("bad", members)]}));
    let activities = json!({"call": {"ContactCenter": {}}, "send": {"SMS": {"MessageConfig": text}}});
    account.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": [journey("bad", "ACTIVE", activities)]}));
}

fn wrong_flows(account: &mut Account) {
    let stream = json!({"DestinationStreamArn": "arn:aws:kinesis:us-east-1:444455556666:stream/x"});
    account.answer(&op::GET_EVENT_STREAM, about_app(), stream);
    account.change(&op::DESCRIBE_CONFIGURATION_SETS, |body| {
        body["ConfigurationSets"][0]["EventDestinations"][0]["SnsDestination"]["TopicArn"] = json!(ELSEWHERE);
    });
    account.change(&op::LIST_TEMPLATES, |body| body["Item"][0]["TemplateType"] = json!("VOICE"));
}

fn wrong_numbers(account: &mut Account) {
    account.change(&op::DESCRIBE_PHONE_NUMBERS, |body| {
        let Some(code) = body["PhoneNumbers"].get_mut(0) else { return };
        code["NumberCapabilities"] = json!(["SMS", "VOICE"]);
        code["MessageType"] = json!("PROMOTIONAL");
        code["DeletionProtectionEnabled"] = json!(false);
        code["OptOutListName"] = json!("");
        code["TwoWayChannelArn"] = json!(ELSEWHERE);
    });
    account.change(&op::DESCRIBE_POOLS, |body| body["Pools"][0]["SharedRoutesEnabled"] = json!(true));
    account.change(&op::DESCRIBE_REGISTRATION_FIELD_VALUES, |body| {
        body["RegistrationFieldValues"][0]["SelectChoices"] = json!(["No"]);
    });
    account.change(&op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET, |body| {
        body["CountryRuleSet"]["US"]["ProtectStatus"] = json!("ALLOW");
    });
}

fn wrong_mail(account: &mut Account) {
    let dkim = json!({"SigningEnabled": false, "Status": "FAILED"});
    let shown = json!({"VerifiedForSendingStatus": false, "DkimAttributes": dkim});
    account.answer(&op::GET_EMAIL_IDENTITY, json!({"EmailIdentity": IDENTITY}), shown);
}

/// An application without PHI whose SMS channel names the short code.
fn newsletter(account: &mut Account) {
    let arn = APP_ARN.replace(APP, NEWSLETTER);
    let other = json!({"Id": NEWSLETTER, "Arn": arn, "Name": "newsletter", "tags": {}});
    account.answer(&op::GET_APPS, json!({}), json!({"Item": [app(), other]}));
    let about = json!({"ApplicationId": NEWSLETTER});
    account.answer(&op::GET_APP, about.clone(), other);
    account.answer(&op::GET_SMS_CHANNEL, about.clone(), json!({"Enabled": true, "ShortCode": CODE}));
    for list in [&op::GET_CAMPAIGNS, &op::LIST_JOURNEYS] {
        account.answer(list, about.clone(), json!({"Item": []}));
    }
}

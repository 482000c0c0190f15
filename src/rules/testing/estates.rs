//! Whole accounts for the tests that run every rule: one in which all is as it should be, one in which nothing is
//! ([`wrong`]), and what may become of either ([`spoilt`]).

pub(super) mod spoilt;
pub(super) mod wrong;

use serde_json::{Value, json};

use super::{APP, Account, REGION, about_app, campaign, identity_arn, journey};
use crate::operations as op;
use crate::rules::phi_numbers::testing::{CODE, CODE_ARN, record};
use crate::snapshot::Outcome;

pub(super) const POOL_ARN: &str = "arn:aws:sms-voice:us-east-1:111122223333:pool/pool-1";
pub(super) const SET_ARN: &str = "arn:aws:sms-voice:us-east-1:111122223333:configuration-set/sms";
pub(super) const FORM: &str = "US_SHORT_CODE_REGISTRATION";
pub(super) const IDENTITY: &str = "mail.example.org";
const STREAM: &str = "arn:aws:kinesis:us-east-1:111122223333:stream/events";
const HOOK: &str = "arn:aws:lambda:us-east-1:111122223333:function:consent";
const MODEL: &str = "arn:aws:personalize:us-east-1:111122223333:campaign/articles";

/// After the support of Amazon Pinpoint ended, in a period that began before.
pub(super) const LATE: (&str, &str) = ("2026-11-23T10:00:00Z", "2026-Q4");
/// In a period that lies wholly after the end.
pub(super) const AFTER: (&str, &str) = ("2026-11-23T10:00:00Z", "2026-11-01..2026-12-31");

/// What is declared about the account in which all is as it should be.
const DECLARED: &str = r#"
[phi]
applications = ["reminders"]
email_identities = ["mail.example.org"]
[[phi.short_code]]
number = "24680"
country = "US"
[[phi.processor]]
target = "arn:aws:lambda:us-east-1:111122223333:function:consent"
purpose = "drops who did not consent"
[[phi.processor]]
target = "arn:aws:s3:::endpoints"
purpose = "imports and exports"
[[phi.processor]]
target = "arn:aws:personalize:us-east-1:111122223333:campaign/articles"
purpose = "articles"
"#;

/// Statements for everything that only a person can say.
pub(super) const STATED: &str = r#"
[phi]
applications = ["reminders"]
email_identities = ["mail.example.org"]
[[phi.short_code]]
number = "24680"
purpose = "appointment reminders"
support_case = "case-1"
requested_on = 2025-03-04
[[attestation]]
id = "opt_out"
statement = "We honour STOP."
by = "J. Doe"
role = "Officer"
on = 2026-07-15
[agreements]
offline_baa = { reference = "contract 7", by = "J. Doe", on = 2026-01-10 }
[aws.unscanned]
reason = "denied by policy"
declared_by = "platform team"
declared_on = 2026-09-01
"#;

/// All is as it should be, and declared.
pub(crate) fn clean() -> Account {
    undeclared().config(DECLARED)
}

/// The same account without declarations.
pub(crate) fn undeclared() -> Account {
    let mut account = Account::new();
    channels(&mut account);
    sends(&mut account);
    flows(&mut account);
    short_code(&mut account);
    pool(&mut account);
    registration(&mut account);
    voice(&mut account);
    mail(&mut account);
    artifact(&mut account);
    account
}

fn channels(account: &mut Account) {
    let on = json!({"Enabled": true, "ApplicationId": APP});
    let bare = json!({"Enabled": true, "Version": 1});
    let map = json!({"SMS": on, "EMAIL": on, "GCM": on, "APNS": on, "VOICE": {"Enabled": false}, "IN_APP": bare});
    account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": map}));
    account.answer(&op::GET_VOICE_CHANNEL, about_app(), json!({"Enabled": false}));
    account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": true, "ShortCode": CODE}));
    let email = json!({"Enabled": true, "Identity": identity_arn(REGION, IDENTITY)});
    account.answer(&op::GET_EMAIL_CHANNEL, about_app(), email);
    let apns = json!({"Enabled": true, "DefaultAuthenticationMethod": "TOKEN", "HasTokenKey": true});
    account.answer(&op::GET_APNS_CHANNEL, about_app(), apns);
    let gcm = json!({"Enabled": true, "DefaultAuthenticationMethod": "TOKEN", "HasFcmServiceCredentials": true});
    account.answer(&op::GET_GCM_CHANNEL, about_app(), gcm);
}

fn sends(account: &mut Account) {
    let text = json!({"OriginationNumber": CODE, "MessageType": "TRANSACTIONAL"});
    let treatment = json!({"Id": "t", "TreatmentName": "B", "MessageConfiguration": {"EmailMessage": {}}});
    let members = json!({"MessageConfiguration": {"SMSMessage": text}, "Hook": {"LambdaFunctionName": HOOK},
        "AdditionalTreatments": [treatment]});
    let deleted = json!({"State": {"CampaignStatus": "DELETED"}, "MessageConfiguration": {"SMSMessage": text}});
    let campaigns = [campaign("reminder", members), campaign("deleted", deleted)];
    account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": campaigns}));
    let activities = json!({"send": {"SMS": {"MessageConfig": text}}, "wait": {"Wait": {}}, "mail": {"EMAIL": {}}});
    let journeys = [journey("welcome", "DRAFT", activities.clone()), journey("closed", "CLOSED", activities)];
    account.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": journeys}));
}

fn flows(account: &mut Account) {
    let settings = json!({"ApplicationId": APP, "CampaignHook": {"LambdaFunctionName": HOOK, "Mode": "FILTER"}});
    account.answer(&op::GET_APPLICATION_SETTINGS, about_app(), settings);
    account.answer(&op::GET_EVENT_STREAM, about_app(), json!({"DestinationStreamArn": STREAM}));
    let import = json!({"Id": "i", "Definition": {"S3Url": "s3://endpoints/in.csv"}});
    account.answer(&op::GET_IMPORT_JOBS, about_app(), json!({"Item": [import]}));
    let export = json!({"Id": "e", "Definition": {"S3UrlPrefix": "s3://endpoints/out"}});
    account.answer(&op::GET_EXPORT_JOBS, about_app(), json!({"Item": [export]}));
    let model = json!({"Id": "r", "RecommendationProviderUri": MODEL, "RecommendationTransformerUri": HOOK});
    account.answer(&op::GET_RECOMMENDER_CONFIGURATIONS, json!({}), json!({"Item": [model]}));
    let destination = json!({"EventDestinationName": "d", "Enabled": true, "MatchingEventTypes": ["ALL"],
        "SnsDestination": {"TopicArn": "arn:aws:sns:us-east-1:111122223333:events"}});
    let set = json!({"ConfigurationSetArn": SET_ARN, "ConfigurationSetName": "sms",
        "EventDestinations": [destination]});
    account.answer(&op::DESCRIBE_CONFIGURATION_SETS, json!({}), json!({"ConfigurationSets": [set]}));
    let templates = ["SMS", "EMAIL", "PUSH", "INAPP"].map(|kind| json!({"TemplateName": kind, "TemplateType": kind}));
    account.answer(&op::LIST_TEMPLATES, json!({}), json!({"Item": templates}));
}

fn short_code(account: &mut Account) {
    let members = json!({
        "PoolId": "pool-1",
        "RegistrationId": "registration-1",
        "DeletionProtectionEnabled": true,
        "SelfManagedOptOutsEnabled": false,
        "OptOutListName": "Default",
        "TwoWayEnabled": true,
        "TwoWayChannelArn": "arn:aws:sns:us-east-1:111122223333:replies",
    });
    account.numbers(json!([record(CODE, members)]));
}

fn pool(account: &mut Account) {
    let pool = json!({"PoolId": "pool-1", "PoolArn": POOL_ARN, "SharedRoutesEnabled": false});
    account.answer(&op::DESCRIBE_POOLS, json!({}), json!({"Pools": [pool]}));
    let members = json!({"OriginationIdentities": [{"OriginationIdentityArn": CODE_ARN}]});
    account.answer(&op::LIST_POOL_ORIGINATION_IDENTITIES, json!({"PoolId": "pool-1"}), members);
    let own = json!({"Statement": [{"Effect": "Allow", "Principal": {"AWS": super::ACCOUNT}}]}).to_string();
    let asked = json!({"ResourceArn": CODE_ARN});
    account.answer(&op::GET_RESOURCE_POLICY, asked, json!({"ResourceArn": CODE_ARN, "Policy": own}));
    account.fail(&op::GET_RESOURCE_POLICY, json!({"ResourceArn": POOL_ARN}), Outcome::NotConfigured);
}

fn registration(account: &mut Account) {
    let registration = json!({"RegistrationId": "registration-1", "RegistrationType": FORM,
        "RegistrationStatus": "COMPLETE", "ApprovedVersionNumber": 1});
    account.answer(&op::DESCRIBE_REGISTRATIONS, json!({}), json!({"Registrations": [registration]}));
    let question = json!({"FieldPath": "x.y", "DisplayHints": {"Title": "HIPAA eligible use case"}});
    let questions = json!({"RegistrationFieldDefinitions": [question]});
    account.answer(&op::DESCRIBE_REGISTRATION_FIELD_DEFINITIONS, json!({"RegistrationType": FORM}), questions);
    let answers = json!({"RegistrationFieldValues": [{"FieldPath": "x.y", "SelectChoices": ["Yes"]}]});
    let asked = json!({"RegistrationId": "registration-1", "VersionNumber": 1});
    account.answer(&op::DESCRIBE_REGISTRATION_FIELD_VALUES, asked, answers);
}

/// Voice is blocked by the country rules alone.
fn voice(account: &mut Account) {
    let limit = json!({"Name": "VOICE_MESSAGE_MONTHLY_SPEND_LIMIT", "EnforcedLimit": 50});
    account.answer(&op::DESCRIBE_SPEND_LIMITS, json!({}), json!({"SpendLimits": [limit]}));
    let attribute = json!({"Name": "DEFAULT_PROTECT_CONFIGURATION_ID", "Value": "protect-1"});
    account.answer(&op::DESCRIBE_ACCOUNT_ATTRIBUTES, json!({}), json!({"AccountAttributes": [attribute]}));
    let configuration = json!({"ProtectConfigurationId": "protect-1", "AccountDefault": true});
    let configurations = json!({"ProtectConfigurations": [configuration]});
    account.answer(&op::DESCRIBE_PROTECT_CONFIGURATIONS, json!({}), configurations);
    let asked = json!({"ProtectConfigurationId": "protect-1", "NumberCapability": "VOICE"});
    let rules = json!({"CountryRuleSet": {"US": {"ProtectStatus": "BLOCK"}}});
    account.answer(&op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET, asked, rules);
}

fn mail(account: &mut Account) {
    let identities = json!({"EmailIdentities": [{"IdentityName": IDENTITY}]});
    account.answer(&op::LIST_EMAIL_IDENTITIES, json!({}), identities);
    let dkim = json!({"SigningEnabled": true, "Status": "SUCCESS"});
    let shown = json!({"VerifiedForSendingStatus": true, "DkimAttributes": dkim, "ConfigurationSetName": "secure"});
    account.answer(&op::GET_EMAIL_IDENTITY, json!({"EmailIdentity": IDENTITY}), shown);
    account.answer(&op::LIST_CONFIGURATION_SETS, json!({}), json!({"ConfigurationSets": ["secure"]}));
    let set = json!({"ConfigurationSetName": "secure", "DeliveryOptions": {"TlsPolicy": "REQUIRE"}});
    account.answer(&op::GET_CONFIGURATION_SET, json!({"ConfigurationSetName": "secure"}), set);
}

fn artifact(account: &mut Account) {
    let names = ["SOC 2 Report", "FedRAMP Customer Package", "ISO 27001", "ISO 27017", "ISO 27018", "ISO 9001"];
    let report = |(index, name): (usize, &str)| {
        json!({"id": format!("report-000000000000000{index}"), "name": name, "version": 1, "state": "PUBLISHED",
            "uploadState": "COMPLETE", "periodStart": "2026-01-01T00:00:00Z", "periodEnd": "2027-12-31T00:00:00Z"})
    };
    let reports: Vec<Value> = names.into_iter().enumerate().map(report).collect();
    for report in &reports {
        let versions = json!({"reports": [report]});
        account.answer(&op::LIST_REPORT_VERSIONS, json!({"reportId": report["id"]}), versions);
    }
    account.answer(&op::LIST_REPORTS, json!({}), json!({"reports": reports}));
    let agreement = json!({"name": "AWS Business Associate Addendum", "state": "ACTIVE",
        "effectiveStart": "2024-01-01T00:00:00Z"});
    account.answer(&op::LIST_CUSTOMER_AGREEMENTS, json!({}), json!({"customerAgreements": [agreement]}));
}

/// No application, no number, no identity, no report and no agreement; nothing is declared.
pub(super) fn empty() -> Account {
    let mut account = Account::new();
    account.answer(&op::GET_APPS, json!({}), json!({"Item": []}));
    account.answer(&op::LIST_TEMPLATES, json!({}), json!({"Item": []}));
    account
}

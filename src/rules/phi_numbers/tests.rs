//! What all rules about single numbers have in common.

use serde_json::{Value, json};

use super::testing::{CODE, CODE_ARN, account, record};
use crate::operations::{self as op, Operation};
use crate::rules::testing::{APP_ARN, Account, EXCLUDED, PLACE, UNREAD, about_app, campaign, journey, unread};
use crate::rules::{self, Finding, Reason, Rule, Verdict};
use crate::snapshot::Outcome;

const MISSING: &str = "account/111122223333/region/us-east-1/phone-number/13579";
const DECLARED: &str = "[[phi.short_code]]\nnumber = '+13579'\npurpose = 'results'\nsupport_case = 'case-1'\n";

/// The rules about numbers, without those about what sends.
const RULES: [&Rule; 8] = [
    &rules::voice_capability_absent::RULE,
    &rules::short_code_dedicated::RULE,
    &rules::short_code_phi_purpose::RULE,
    &rules::short_code_reserved_for_phi::RULE,
    &rules::sms_transactional::RULE,
    &rules::short_code_deletion_protected::RULE,
    &rules::opt_out_managed::RULE,
    &rules::two_way_destination_declared::RULE,
];

/// The findings of a rule that are not about what sends.
fn about_numbers(account: &Account, rule: &Rule) -> Vec<Finding> {
    account.judge(rule).into_iter().filter(|finding| !finding.resource.starts_with(APP_ARN)).collect()
}

fn resources(account: &Account, rule: &Rule) -> Vec<String> {
    about_numbers(account, rule).into_iter().map(|finding| finding.resource).collect()
}

/// All but the purpose are as they should be.
fn good() -> Value {
    json!({
        "DeletionProtectionEnabled": true,
        "SelfManagedOptOutsEnabled": false,
        "OptOutListName": "Default",
        "TwoWayEnabled": false,
        "RegistrationId": "registration-1",
    })
}

fn good_account() -> Account {
    let mut account = account(good());
    let registration = json!({"RegistrationId": "registration-1", "RegistrationType": "US_SHORT_CODE_REGISTRATION",
        "RegistrationStatus": "COMPLETE", "ApprovedVersionNumber": 1});
    account.answer(&op::DESCRIBE_REGISTRATIONS, json!({}), json!({"Registrations": [registration]}));
    let question = json!({"FieldPath": "x.y", "DisplayHints": {"Title": "HIPAA eligible use case"}});
    let asked = json!({"RegistrationType": "US_SHORT_CODE_REGISTRATION"});
    let body = json!({"RegistrationFieldDefinitions": [question]});
    account.answer(&op::DESCRIBE_REGISTRATION_FIELD_DEFINITIONS, asked, body);
    let asked = json!({"RegistrationId": "registration-1", "VersionNumber": 1});
    let body = json!({"RegistrationFieldValues": [{"FieldPath": "x.y", "SelectChoices": ["Yes"]}]});
    account.answer(&op::DESCRIBE_REGISTRATION_FIELD_VALUES, asked, body);
    account
}

#[test]
fn a_short_code_as_it_should_be_passes_every_rule() {
    let account = good_account();
    for rule in RULES {
        let verdicts: Vec<_> = account.judge(rule).into_iter().map(|it| (it.resource, it.verdict)).collect();
        assert_eq!(verdicts, [(CODE_ARN.to_owned(), Verdict::Pass)], "{}", rule.id);
    }
}

#[test]
fn a_short_code_is_found_where_a_channel_a_treatment_or_an_activity_names_it() {
    let message = json!({"SMSMessage": {"OriginationNumber": "+13579"}});
    let treatment = json!({"Id": "t", "MessageConfiguration": message});
    let campaigns = [
        campaign("c", json!({"MessageConfiguration": message})),
        campaign("c", json!({"MessageConfiguration": {"EmailMessage": {}}, "AdditionalTreatments": [treatment]})),
    ];
    let activities = json!({"a": {"SMS": {"MessageConfig": {"OriginationNumber": "13579"}}}});
    let named: [(&Operation, Value); 4] = [
        (&op::GET_SMS_CHANNEL, json!({"Enabled": true, "ShortCode": " 13579 "})),
        (&op::GET_CAMPAIGNS, json!({"Item": [campaigns[0]]})),
        (&op::GET_CAMPAIGNS, json!({"Item": [campaigns[1]]})),
        (&op::LIST_JOURNEYS, json!({"Item": [journey("j", "ACTIVE", activities)]})),
    ];
    for (operation, body) in named {
        let mut account = account(json!({}));
        account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": true}));
        account.numbers(json!([record(CODE, json!({})), record("13579", json!({}))]));
        account.answer(operation, about_app(), body);
        for rule in RULES {
            assert_eq!(resources(&account, rule), [CODE_ARN.replace(CODE, "13579")], "{} {}", rule.id, operation.name);
        }
    }
}

#[test]
fn another_type_of_number_is_not_judged_as_a_short_code_unless_declared() {
    let account = account(json!({"NumberType": "TEN_DLC"}));
    for rule in &RULES[1..] {
        assert_eq!(resources(&account, rule), [""; 0], "{}", rule.id);
    }
    let account = account.config(&DECLARED.replace("13579", CODE));
    for rule in &RULES[1..3] {
        assert_eq!(account.verdict(rule, CODE_ARN), Verdict::Fail, "{}", rule.id);
    }
}

#[test]
fn what_only_an_excluded_or_skipped_application_names_is_not_judged() {
    for config in [EXCLUDED, "[phi]\nundeclared = 'skip'\n"] {
        let account = good_account().config(config);
        for rule in RULES {
            assert_eq!(resources(&account, rule), [""; 0], "{}", rule.id);
        }
    }
}

#[test]
fn an_unread_inventory_is_admitted_on_the_place() {
    for rule in RULES {
        for outcome in UNREAD {
            let mut account = good_account();
            account.fail(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), outcome);
            let findings = account.judge(rule);
            assert_eq!(findings.len(), 1, "{}", rule.id);
            assert_eq!((findings[0].resource.as_str(), findings[0].verdict), (PLACE, unread(outcome)), "{}", rule.id);
            assert!(!findings[0].evidence.is_empty());
        }
    }
}

#[test]
fn nothing_passes_on_a_truncated_inventory_and_what_was_seen_may_fail() {
    let bad = json!({"NumberCapabilities": ["VOICE"], "MessageType": "PROMOTIONAL", "DeletionProtectionEnabled": false,
        "SelfManagedOptOutsEnabled": false, "OptOutListName": "", "TwoWayEnabled": true, "TwoWayChannelArn": "connect"});
    for rule in RULES {
        for (members, is_bad) in [(good(), false), (bad.clone(), true)] {
            let mut account = good_account();
            let body = json!({"PhoneNumbers": [record(CODE, members)], "NextToken": "more"}).to_string();
            account.page(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), 1, &body, Outcome::Observed);
            let cut = unread(Outcome::Truncated);
            assert_eq!(account.verdict(rule, PLACE), cut, "{}", rule.id);
            let by_record = |id: &str| {
                !["short-code-dedicated", "short-code-phi-purpose", "short-code-reserved-for-phi"].contains(&id)
            };
            let expected = if is_bad && by_record(rule.id) { Verdict::Fail } else { cut };
            assert_eq!(account.verdict(rule, CODE_ARN), expected, "{}", rule.id);
        }
    }
}

#[test]
fn unread_originations_are_admitted_on_the_place() {
    for rule in RULES {
        for operation in [&op::GET_SMS_CHANNEL, &op::GET_CAMPAIGNS, &op::LIST_JOURNEYS] {
            for outcome in UNREAD {
                let mut account = good_account();
                account.fail(operation, about_app(), outcome);
                assert_eq!(account.verdict(rule, PLACE), unread(outcome), "{} {}", rule.id, operation.name);
                let seen = resources(&account, rule).contains(&CODE_ARN.to_owned());
                assert_eq!(seen, operation.name != "GetSmsChannel", "{}", rule.id);
            }
        }
    }
}

#[test]
fn a_campaign_or_journey_that_does_not_say_what_it_sends_is_admitted_on_the_place() {
    let silent = |state: &str| json!({"Id": "j", "Name": "j", "State": state});
    let deleted = json!({"State": {"CampaignStatus": "DELETED"}});
    for (list, item, is_admitted) in [
        (&op::GET_CAMPAIGNS, campaign("c", json!({})), true),
        (&op::GET_CAMPAIGNS, campaign("c", deleted), false),
        (&op::LIST_JOURNEYS, silent("ACTIVE"), true),
        (&op::LIST_JOURNEYS, silent("CANCELLED"), false),
    ] {
        let mut account = good_account();
        account.answer(list, about_app(), json!({"Item": [item]}));
        for rule in RULES {
            let found = account.judge(rule).into_iter().find(|finding| finding.resource == PLACE);
            let expected = is_admitted.then_some(unread(Outcome::Unmodelled));
            assert_eq!(found.map(|finding| finding.verdict), expected, "{} {item}", rule.id);
        }
    }
}

#[test]
fn lists_that_ended_are_admitted_by_the_period() {
    for rule in RULES {
        let late = |period: &str| good_account().at("2026-11-23T10:00:00Z", period);
        assert_eq!(late("2026-Q4").verdict(rule, PLACE), unread(Outcome::EndOfSupport), "{}", rule.id);
        assert_eq!(late("2026-Q4").verdict(rule, CODE_ARN), Verdict::Pass, "{}", rule.id);
        let after = late("2026-11-01..2026-12-31");
        assert_eq!(after.verdict(rule, PLACE), Verdict::NotApplicable, "{}", rule.id);
        assert_eq!(after.verdict(rule, CODE_ARN), Verdict::Pass, "{}", rule.id);
    }
}

#[test]
fn an_application_without_sms_hides_no_sender_in_an_unread_list() {
    for rule in RULES {
        let mut account = Account::new();
        account.fail(&op::GET_CAMPAIGNS, about_app(), Outcome::AccessDenied);
        assert_eq!(resources(&account, rule), [""; 0], "{}", rule.id);
    }
}

#[test]
fn where_the_service_is_not_offered_there_are_no_numbers() {
    for rule in RULES {
        let mut account = good_account();
        account.fail(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), Outcome::NotOffered);
        account.fail(&op::GET_CAMPAIGNS, about_app(), Outcome::AccessDenied);
        assert_eq!(account.verdict(rule, PLACE), Verdict::NotApplicable, "{}", rule.id);
    }
}

#[test]
fn a_declared_short_code_is_judged_although_no_application_names_it() {
    let mut account = good_account().config(DECLARED);
    account.numbers(json!([record(CODE, good()), record("13579", json!({}))]));
    for rule in RULES {
        assert_eq!(resources(&account, rule), [CODE_ARN.replace(CODE, "13579"), CODE_ARN.to_owned()], "{}", rule.id);
    }
}

#[test]
fn a_declared_short_code_in_no_inventory_is_one_finding_and_never_a_pass() {
    for rule in RULES {
        let account = good_account().config(DECLARED);
        assert_eq!(account.verdict(rule, MISSING), Verdict::NotEvaluated(Reason::Unspecified), "{}", rule.id);
        assert_eq!(resources(&account, rule).len(), 2, "{}", rule.id);
        for outcome in UNREAD {
            let mut account = good_account().config(DECLARED);
            account.fail(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), outcome);
            assert_eq!(account.verdict(rule, MISSING), unread(outcome), "{}", rule.id);
        }
    }
}

#[test]
fn a_declared_short_code_that_an_application_names_and_nobody_has_is_one_finding() {
    for rule in RULES {
        let mut account = good_account().config(DECLARED);
        account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": true, "ShortCode": "13579"}));
        assert_eq!(resources(&account, rule), [MISSING], "{}", rule.id);
    }
}

#[test]
fn a_declared_short_code_of_another_account_is_not_the_accounts_own() {
    let mut account = good_account().config(DECLARED);
    let shared = json!({"PhoneNumbers": [record("13579", good())]});
    account.answer(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SHARED"}), shared);
    let arn = CODE_ARN.replace(CODE, "13579");
    for rule in &RULES[1..] {
        let verdict = account.verdict(rule, &arn);
        let own = ["short-code-dedicated", "short-code-phi-purpose"].contains(&rule.id);
        let expected = if own { Verdict::Fail } else { Verdict::NotEvaluated(Reason::Unspecified) };
        assert_eq!(verdict, expected, "{}", rule.id);
    }
}

#[test]
fn a_short_code_of_another_account_that_an_application_names_is_judged_as_a_declared_one() {
    let mut account = good_account();
    account.numbers(json!([]));
    for (kind, is_judged) in [("SHORT_CODE", true), ("TEN_DLC", false)] {
        let shared = json!({"PhoneNumbers": [record(CODE, json!({"NumberType": kind}))]});
        account.answer(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SHARED"}), shared);
        for rule in &RULES[1..] {
            let own = ["short-code-dedicated", "short-code-phi-purpose"].contains(&rule.id);
            let verdict = if own { Verdict::Fail } else { Verdict::NotEvaluated(Reason::Unspecified) };
            let expected: &[Verdict] = if is_judged { &[verdict] } else { &[] };
            let verdicts: Vec<Verdict> = about_numbers(&account, rule).iter().map(|finding| finding.verdict).collect();
            assert_eq!(verdicts, expected, "{} {kind}", rule.id);
        }
    }
}

#[test]
fn a_number_that_two_pages_show_is_judged_once() {
    let mut account = good_account();
    account.numbers(json!([record(CODE, good()), record(CODE, good())]));
    for rule in RULES {
        assert_eq!(resources(&account, rule), [CODE_ARN], "{}", rule.id);
    }
}

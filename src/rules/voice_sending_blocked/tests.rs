use serde_json::{Value, json};

use super::*;
use crate::operations::Operation;
use crate::rules::Verdict;
use crate::rules::testing::{Account, EXCLUDED, PLACE, UNREAD, unread};
use crate::snapshot::Outcome;

const NONE: Value = Value::Null;

fn limit(value: Value) -> Value {
    json!({"SpendLimits": [
        {"Name": "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", "EnforcedLimit": 0},
        {"Name": "voice_message_monthly_spend_limit", "EnforcedLimit": value},
    ]})
}

fn rules_of(id: &str) -> Value {
    json!({"ProtectConfigurationId": id, "NumberCapability": "VOICE"})
}

/// An account whose voice limit is that, and whose default protect configuration has these rules for voice.
fn with(limit_is: Value, countries: Value) -> Account {
    let mut account = Account::new();
    account.answer(&op::DESCRIBE_SPEND_LIMITS, json!({}), limit(limit_is));
    let has_default = !countries.is_null();
    let attribute = json!({"Name": "DEFAULT_PROTECT_CONFIGURATION_ID", "Value": "protect-1"});
    let attributes = if has_default { json!([attribute]) } else { json!([]) };
    account.answer(&op::DESCRIBE_ACCOUNT_ATTRIBUTES, json!({}), json!({"AccountAttributes": attributes}));
    configurations(&mut account, json!([{"ProtectConfigurationId": "protect-1", "AccountDefault": has_default}]));
    if has_default {
        let body = json!({"CountryRuleSet": countries});
        account.answer(&op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET, rules_of("protect-1"), body);
    }
    account
}

fn configurations(account: &mut Account, list: Value) {
    account.answer(&op::DESCRIBE_PROTECT_CONFIGURATIONS, json!({}), json!({"ProtectConfigurations": list}));
}

fn blocked() -> Value {
    json!({"US": {"ProtectStatus": "BLOCK"}, "CA": {"ProtectStatus": "block"}})
}

const SECOND_PROOF: [&Operation; 3] = [
    &op::DESCRIBE_ACCOUNT_ATTRIBUTES,
    &op::DESCRIBE_PROTECT_CONFIGURATIONS,
    &op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET,
];

fn asked(operation: &Operation) -> Value {
    if *operation == op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET { rules_of("protect-1") } else { json!({}) }
}

#[test]
fn either_proof_is_enough() {
    assert_eq!(with(json!(0), NONE).verdict(&RULE, PLACE), Verdict::Pass);
    assert_eq!(with(json!(50), blocked()).verdict(&RULE, PLACE), Verdict::Pass);
    assert_eq!(with(json!(0), blocked()).verdict(&RULE, PLACE), Verdict::Pass);
}

#[test]
fn fails_when_both_were_read_and_neither_is_so() {
    for countries in [
        NONE,
        json!({}),
        json!({"US": {"ProtectStatus": "BLOCK"}, "CA": {"ProtectStatus": "ALLOW"}}),
        json!({"US": {"ProtectStatus": "MONITOR"}}),
        json!({"US": {"ProtectStatus": "FILTER"}}),
        json!({"US": {"ProtectStatus": "SOMETHING_NEW"}}),
    ] {
        let account = with(json!(50), countries.clone());
        assert_eq!(account.verdict(&RULE, PLACE), Verdict::Fail, "{countries}");
    }
    let mut account = with(json!(50), NONE);
    account.answer(&op::DESCRIBE_SPEND_LIMITS, json!({}), json!({"SpendLimits": []}));
    assert_eq!(account.verdict(&RULE, PLACE), Verdict::Fail);
}

#[test]
fn one_proof_that_was_seen_passes_although_the_other_is_unread() {
    for outcome in UNREAD {
        for operation in SECOND_PROOF {
            let mut account = with(json!(0), blocked());
            account.fail(operation, asked(operation), outcome);
            assert_eq!(account.verdict(&RULE, PLACE), Verdict::Pass, "{}", operation.name);
        }
        let mut account = with(json!(50), blocked());
        account.fail(&op::DESCRIBE_SPEND_LIMITS, json!({}), outcome);
        let finding = account.finding(&RULE, PLACE);
        assert_eq!(finding.verdict, Verdict::Pass);
        assert!(!finding.message.contains("DescribeSpendLimits"), "{}", finding.message);
    }
}

#[test]
fn none_seen_and_one_unread_is_not_evaluated() {
    for outcome in UNREAD {
        let mut account = with(json!(50), NONE);
        account.fail(&op::DESCRIBE_SPEND_LIMITS, json!({}), outcome);
        assert_eq!(account.verdict(&RULE, PLACE), unread(outcome));
        for operation in [&op::DESCRIBE_ACCOUNT_ATTRIBUTES, &op::DESCRIBE_PROTECT_CONFIGURATIONS] {
            let mut account = with(json!(50), NONE);
            account.fail(operation, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, PLACE), unread(outcome), "{}", operation.name);
        }
        let mut account = with(json!(50), blocked());
        account.fail(&op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET, rules_of("protect-1"), outcome);
        assert_eq!(account.verdict(&RULE, PLACE), unread(outcome));
    }
    assert_eq!(Account::new().verdict(&RULE, PLACE), unread(Outcome::Unmodelled), "never asked");
}

#[test]
fn the_default_is_known_from_the_attribute_or_from_the_list() {
    for operation in [&op::DESCRIBE_ACCOUNT_ATTRIBUTES, &op::DESCRIBE_PROTECT_CONFIGURATIONS] {
        let mut account = with(json!(50), blocked());
        account.fail(operation, json!({}), Outcome::AccessDenied);
        assert_eq!(account.verdict(&RULE, PLACE), Verdict::Pass, "{}", operation.name);
    }
    let mut account = with(json!(50), blocked());
    account.answer(&op::DESCRIBE_ACCOUNT_ATTRIBUTES, json!({}), json!({"AccountAttributes": []}));
    assert_eq!(account.verdict(&RULE, PLACE), Verdict::Pass);
}

#[test]
fn two_defaults_that_disagree_are_none() {
    let other = json!({"ProtectConfigurationId": "protect-2", "AccountDefault": true});
    for list in [
        json!([{"ProtectConfigurationId": "protect-1", "AccountDefault": false}]),
        json!([{"ProtectConfigurationId": "protect-1", "AccountDefault": true}, other]),
        json!([other]),
    ] {
        let mut account = with(json!(50), blocked());
        configurations(&mut account, list.clone());
        assert_eq!(account.verdict(&RULE, PLACE), unread(Outcome::Unmodelled), "{list}");
    }
}

#[test]
fn a_configuration_that_is_not_the_default_proves_nothing() {
    let mut account = with(json!(50), NONE);
    let body = json!({"CountryRuleSet": blocked()});
    account.answer(&op::GET_PROTECT_CONFIGURATION_COUNTRY_RULE_SET, rules_of("protect-1"), body);
    assert_eq!(account.verdict(&RULE, PLACE), Verdict::Fail);
}

#[test]
fn where_the_rules_were_not_asked_for_the_list_is_what_is_missing() {
    let mut account = with(json!(50), NONE);
    let attribute = json!({"Name": "default_protect_configuration_id", "Value": "protect-1"});
    account.answer(&op::DESCRIBE_ACCOUNT_ATTRIBUTES, json!({}), json!({"AccountAttributes": [attribute]}));
    account.fail(&op::DESCRIBE_PROTECT_CONFIGURATIONS, json!({}), Outcome::Throttled);
    assert_eq!(account.verdict(&RULE, PLACE), unread(Outcome::Throttled));
}

#[test]
fn members_that_lack_and_lists_that_are_cut_prove_nothing() {
    assert_eq!(with(json!(null), NONE).verdict(&RULE, PLACE), unread(Outcome::Unmodelled));
    assert_eq!(with(json!("0"), NONE).verdict(&RULE, PLACE), unread(Outcome::Unmodelled));
    let lacking = json!({"US": {"ProtectStatus": "BLOCK"}, "CA": {}});
    assert_eq!(with(json!(50), lacking).verdict(&RULE, PLACE), unread(Outcome::Unmodelled));
    let mut account = with(json!(50), NONE);
    configurations(&mut account, json!([{"ProtectConfigurationId": "protect-1"}]));
    assert_eq!(account.verdict(&RULE, PLACE), unread(Outcome::Unmodelled));
    let mut account = with(json!(50), NONE);
    let mut cut = limit(json!(0));
    cut["NextToken"] = json!("more");
    account.page(&op::DESCRIBE_SPEND_LIMITS, json!({}), 1, &cut.to_string(), Outcome::Observed);
    assert_eq!(account.verdict(&RULE, PLACE), unread(Outcome::Truncated));
}

#[test]
fn is_not_applicable_where_no_application_carries_phi_and_where_the_service_is_not_offered() {
    assert_eq!(with(json!(50), NONE).config(EXCLUDED).verdict(&RULE, PLACE), Verdict::NotApplicable);
    let mut account = Account::new();
    for operation in [&op::DESCRIBE_SPEND_LIMITS, SECOND_PROOF[0], SECOND_PROOF[1]] {
        account.fail(operation, json!({}), Outcome::NotOffered);
    }
    assert_eq!(account.verdict(&RULE, PLACE), Verdict::NotApplicable);
}

#[test]
fn a_list_that_was_cut_may_still_name_another_default() {
    let cut = |list: Value| {
        let mut account = with(json!(50), blocked());
        let page = json!({"ProtectConfigurations": list, "NextToken": "more"}).to_string();
        account.page(&op::DESCRIBE_PROTECT_CONFIGURATIONS, json!({}), 1, &page, Outcome::Observed);
        account.verdict(&RULE, PLACE)
    };
    let named = |id: &str, is_default: bool| json!({"ProtectConfigurationId": id, "AccountDefault": is_default});
    assert_eq!(cut(json!([named("protect-1", true)])), Verdict::Pass, "the attribute alone says so");
    assert_eq!(cut(json!([named("protect-2", false)])), Verdict::Pass);
    for other in [named("protect-2", true), named("protect-1", false)] {
        assert_eq!(cut(json!([other])), unread(Outcome::Unmodelled), "{other}");
    }
}

#[test]
fn where_nobody_knows_the_applications_nothing_passes_and_what_was_seen_fails() {
    for outcome in UNREAD {
        for (limit, verdict) in [(0, unread(outcome)), (50, Verdict::Fail)] {
            let mut account = with(json!(limit), NONE);
            account.fail(&op::GET_APPS, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, PLACE), verdict);
        }
    }
}

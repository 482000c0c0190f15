//! The two rules that judge from the chain, link by link.

use serde_json::{Value, json};

use super::*;
use crate::operations::{self as op, Operation};
use crate::rules::phi_numbers::testing::{CODE, CODE_ARN, account, record};
use crate::rules::short_code_dedicated::RULE as DEDICATED;
use crate::rules::short_code_phi_purpose::RULE as PURPOSE;
use crate::rules::testing::{
    APP_ARN, Account, UNREAD, about_app, campaign, campaign_arn, journey, journey_arn, unread,
};
use crate::rules::{Reason, Verdict};
use crate::snapshot::Outcome;

const POOL_ARN: &str = "arn:aws:sms-voice:us-east-1:111122223333:pool/pool-1";
const KIND: &str = "US_SHORT_CODE_REGISTRATION";
const DECLARED: &str = "[[phi.short_code]]\nnumber = '24680'\npurpose = 'reminders'\nsupport_case = 'case-1'\n\
    requested_on = 2025-03-04\n";
const NEEDS: Verdict = Verdict::NotEvaluated(Reason::NeedsAttestation);

fn arn(number: &str) -> String {
    CODE_ARN.replace(CODE, number)
}

/// The short code in a pool with these members by ARN.
fn pooled(shared_routes: Value, members: &[&str]) -> Account {
    let mut account = account(json!({}));
    account.numbers(json!([
        record(CODE, json!({"PoolId": "pool-1"})),
        record("13579", json!({"PoolId": "pool-1"})),
        record("97531", json!({"Status": "PENDING"})),
        record("+12065550142", json!({"NumberType": "LONG_CODE"})),
    ]));
    let pool = json!({"PoolId": "pool-1", "PoolArn": POOL_ARN, "SharedRoutesEnabled": shared_routes});
    account.answer(&op::DESCRIBE_POOLS, json!({}), json!({"Pools": [pool]}));
    let members: Vec<Value> = members.iter().map(|arn| json!({"OriginationIdentityArn": arn})).collect();
    let body = json!({"OriginationIdentities": members});
    account.answer(&op::LIST_POOL_ORIGINATION_IDENTITIES, json!({"PoolId": "pool-1"}), body);
    account.fail(&op::GET_RESOURCE_POLICY, json!({"ResourceArn": POOL_ARN}), Outcome::NotConfigured);
    account
}

fn policy(account: &mut Account, arn: &str, principal: &Value) {
    let text = json!({"Statement": [{"Effect": "Allow", "Principal": principal}]}).to_string();
    account.answer(&op::GET_RESOURCE_POLICY, json!({"ResourceArn": arn}), json!({"ResourceArn": arn, "Policy": text}));
}

#[test]
fn a_code_in_no_pool_and_in_a_pool_of_short_codes_is_dedicated() {
    assert_eq!(account(json!({})).verdict(&DEDICATED, CODE_ARN), Verdict::Pass);
    assert_eq!(pooled(json!(false), &[CODE_ARN, &arn("13579")]).verdict(&DEDICATED, CODE_ARN), Verdict::Pass);
}

#[test]
fn shared_routes_break_it_and_a_pool_that_does_not_say_is_unmodelled() {
    assert_eq!(pooled(json!(true), &[CODE_ARN]).verdict(&DEDICATED, CODE_ARN), Verdict::Fail);
    assert_eq!(pooled(json!(null), &[CODE_ARN]).verdict(&DEDICATED, CODE_ARN), unread(Outcome::Unmodelled));
}

#[test]
fn another_kind_of_member_breaks_it_whether_or_not_the_inventory_is_complete() {
    let others = [
        arn("+12065550142"),
        arn("97531"),
        "arn:aws:sms-voice:us-east-1:111122223333:sender-id/CLINIC/GB".to_owned(),
        "arn:aws:sms-voice:us-east-1:111122223333:rcs-agent/rcs-1".to_owned(),
        "arn:aws:sms-voice:us-east-1:444455556666:phone-number/phone-24680".to_owned(),
        arn("unknown"),
    ];
    for other in others {
        assert_eq!(pooled(json!(false), &[CODE_ARN, &other]).verdict(&DEDICATED, CODE_ARN), Verdict::Fail, "{other}");
        let mut cut = pooled(json!(false), &[CODE_ARN, &other]);
        let body = json!({"PhoneNumbers": [record(CODE, json!({"PoolId": "pool-1"}))], "NextToken": "more"});
        cut.page(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), 1, &body.to_string(), Outcome::Observed);
        let is_number = other.contains("phone-number");
        let expected = if is_number { unread(Outcome::Truncated) } else { Verdict::Fail };
        assert_eq!(cut.verdict(&DEDICATED, CODE_ARN), expected, "{other}");
    }
}

#[test]
fn a_pool_that_lists_the_number_counts_although_the_number_does_not_name_it() {
    let mut account = pooled(json!(true), &[CODE_ARN]);
    account.numbers(json!([record(CODE, json!({}))]));
    assert_eq!(account.verdict(&DEDICATED, CODE_ARN), Verdict::Fail);
}

#[test]
fn a_pool_that_nothing_shows_or_that_does_not_show_the_number_is_unmodelled() {
    let mut account = pooled(json!(false), &[CODE_ARN]);
    account.answer(&op::DESCRIBE_POOLS, json!({}), json!({"Pools": []}));
    assert_eq!(account.verdict(&DEDICATED, CODE_ARN), unread(Outcome::Unmodelled));
    assert_eq!(pooled(json!(false), &[]).verdict(&DEDICATED, CODE_ARN), unread(Outcome::Unmodelled));
}

#[test]
fn a_policy_of_the_number_or_the_pool_may_name_only_the_account() {
    let own = json!({"AWS": "arn:aws:iam::111122223333:root"});
    for target in [CODE_ARN, POOL_ARN] {
        for (principal, verdict) in [
            (own.clone(), Verdict::Pass),
            (json!("*"), Verdict::Fail),
            (json!({"AWS": ["111122223333", "444455556666"]}), Verdict::Fail),
        ] {
            let mut account = pooled(json!(false), &[CODE_ARN]);
            policy(&mut account, target, &principal);
            assert_eq!(account.verdict(&DEDICATED, CODE_ARN), verdict, "{principal}");
        }
        for (text, verdict) in [("", Verdict::Fail), ("[redacted]", unread(Outcome::Unmodelled))] {
            let mut account = pooled(json!(false), &[CODE_ARN]);
            let body = json!({"ResourceArn": target, "Policy": text});
            account.answer(&op::GET_RESOURCE_POLICY, json!({"ResourceArn": target}), body);
            assert_eq!(account.verdict(&DEDICATED, CODE_ARN), verdict, "{text}");
        }
        let mut account = pooled(json!(false), &[CODE_ARN]);
        account.answer(&op::GET_RESOURCE_POLICY, json!({"ResourceArn": target}), json!({"ResourceArn": target}));
        assert_eq!(account.verdict(&DEDICATED, CODE_ARN), unread(Outcome::Unmodelled));
    }
}

#[test]
fn dedication_is_not_evaluated_when_any_link_is_unread_and_fails_when_another_is_broken() {
    let links: [(&Operation, Value); 4] = [
        (&op::DESCRIBE_POOLS, json!({})),
        (&op::LIST_POOL_ORIGINATION_IDENTITIES, json!({"PoolId": "pool-1"})),
        (&op::GET_RESOURCE_POLICY, json!({"ResourceArn": CODE_ARN})),
        (&op::GET_RESOURCE_POLICY, json!({"ResourceArn": POOL_ARN})),
    ];
    for (operation, asked) in links {
        for outcome in UNREAD {
            let mut account = pooled(json!(false), &[CODE_ARN]);
            account.fail(operation, asked.clone(), outcome);
            assert_eq!(account.verdict(&DEDICATED, CODE_ARN), unread(outcome), "{} {asked}", operation.name);
            if asked["ResourceArn"] != CODE_ARN {
                policy(&mut account, CODE_ARN, &json!("*"));
                assert_eq!(account.verdict(&DEDICATED, CODE_ARN), Verdict::Fail, "{} {asked}", operation.name);
            }
        }
    }
}

#[test]
fn a_code_that_names_no_pool_passes_only_when_no_pool_can_list_it() {
    let in_no_pool = |account: &mut Account| account.numbers(json!([record(CODE, json!({}))]));
    for outcome in UNREAD {
        let mut account = account(json!({}));
        account.fail(&op::DESCRIBE_POOLS, json!({}), outcome);
        assert_eq!(account.verdict(&DEDICATED, CODE_ARN), unread(outcome));
        let mut account = pooled(json!(false), &[]);
        in_no_pool(&mut account);
        assert_eq!(account.verdict(&DEDICATED, CODE_ARN), Verdict::Pass);
        account.fail(&op::LIST_POOL_ORIGINATION_IDENTITIES, json!({"PoolId": "pool-1"}), outcome);
        assert_eq!(account.verdict(&DEDICATED, CODE_ARN), unread(outcome));
    }
}

#[test]
fn truncated_lists_of_pools_and_members_pass_nothing() {
    let pool = json!({"PoolId": "pool-1", "PoolArn": POOL_ARN, "SharedRoutesEnabled": false});
    let mut account = pooled(json!(false), &[CODE_ARN]);
    let body = json!({"Pools": [pool], "NextToken": "more"}).to_string();
    account.page(&op::DESCRIBE_POOLS, json!({}), 1, &body, Outcome::Observed);
    assert_eq!(account.verdict(&DEDICATED, CODE_ARN), unread(Outcome::Truncated));
    for (member, verdict) in [(CODE_ARN, unread(Outcome::Truncated)), ("arn:other", Verdict::Fail)] {
        let mut account = pooled(json!(false), &[CODE_ARN]);
        let body = json!({"OriginationIdentities": [{"OriginationIdentityArn": member}], "NextToken": "more"});
        let asked = json!({"PoolId": "pool-1"});
        account.page(&op::LIST_POOL_ORIGINATION_IDENTITIES, asked, 1, &body.to_string(), Outcome::Observed);
        assert_eq!(account.verdict(&DEDICATED, CODE_ARN), verdict);
    }
}

/// The short code with a registration in that status, and these choices in version 2.
fn registered(status: &str, approved: Value, choices: Value) -> Account {
    let mut account = account(json!({"RegistrationId": "registration-1"}));
    let registration = json!({"RegistrationId": "registration-1", "RegistrationType": KIND,
        "RegistrationStatus": status, "ApprovedVersionNumber": approved});
    account.answer(&op::DESCRIBE_REGISTRATIONS, json!({}), json!({"Registrations": [registration]}));
    questions(&mut account, &["Company name", "HIPAA eligible use case"]);
    answers(&mut account, json!([{"FieldPath": "field.1", "SelectChoices": choices}]));
    account
}

fn questions(account: &mut Account, titles: &[&str]) {
    let question = |(index, title): (usize, &&str)| json!({"FieldPath": format!("field.{index}"), "DisplayHints": {"Title": title, "ShortDescription": "x"}});
    let questions: Vec<Value> = titles.iter().enumerate().map(question).collect();
    let body = json!({"RegistrationFieldDefinitions": questions});
    account.answer(&op::DESCRIBE_REGISTRATION_FIELD_DEFINITIONS, json!({"RegistrationType": KIND}), body);
}

fn of_version() -> Value {
    json!({"RegistrationId": "registration-1", "VersionNumber": 2})
}

fn answers(account: &mut Account, values: Value) {
    let body = json!({"RegistrationFieldValues": values});
    account.answer(&op::DESCRIBE_REGISTRATION_FIELD_VALUES, of_version(), body);
}

#[test]
fn the_answer_decides_and_a_declaration_changes_neither_yes_nor_no() {
    for (choices, verdict) in [
        (json!(["Yes"]), Verdict::Pass),
        (json!([" YES "]), Verdict::Pass),
        (json!(["No"]), Verdict::Fail),
        (json!(["no"]), Verdict::Fail),
        (json!(["Yes", "No"]), Verdict::Fail),
        (json!(["Perhaps"]), unread(Outcome::Unmodelled)),
        (json!(["Yes", "Perhaps"]), unread(Outcome::Unmodelled)),
    ] {
        let account = registered("COMPLETE", json!(2), choices.clone());
        assert_eq!(account.verdict(&PURPOSE, CODE_ARN), verdict, "{choices}");
        assert_eq!(account.config(DECLARED).verdict(&PURPOSE, CODE_ARN), verdict, "{choices}");
    }
}

#[test]
fn a_registration_that_does_not_say_needs_a_statement_and_takes_one() {
    let mut no_question = registered("COMPLETE", json!(2), json!(["Yes"]));
    questions(&mut no_question, &["Company name", "Something else"]);
    let mut no_answer = registered("COMPLETE", json!(2), json!(["Yes"]));
    answers(&mut no_answer, json!([{"FieldPath": "field.0", "SelectChoices": ["Yes"]}]));
    for silent in [
        account(json!({})),
        registered("REVIEWING", json!(2), json!(["Yes"])),
        registered("SOMETHING_NEW", json!(2), json!(["Yes"])),
        registered("REQUIRES_UPDATES", json!(null), json!(["Yes"])),
        registered("COMPLETE", json!(null), json!(["Yes"])),
        registered("COMPLETE", json!(2), json!([])),
        no_question,
        no_answer,
    ] {
        assert_eq!(silent.verdict(&PURPOSE, CODE_ARN), NEEDS);
        let finding = silent.config(DECLARED).finding(&PURPOSE, CODE_ARN);
        assert_eq!(finding.verdict, Verdict::Attested);
        assert!(finding.message.contains("on 2025-03-04: 24680 was requested for reminders"), "{}", finding.message);
        assert!(!finding.evidence.is_empty());
        assert_eq!(finding.attestation.and_then(|it| it.reference).as_deref(), Some("case-1"));
    }
}

#[test]
fn a_declaration_without_a_purpose_or_a_case_is_no_statement() {
    for left_out in ["purpose = 'reminders'\n", "support_case = 'case-1'\n"] {
        let account = account(json!({})).config(&DECLARED.replace(left_out, ""));
        assert_eq!(account.verdict(&PURPOSE, CODE_ARN), NEEDS);
    }
}

#[test]
fn a_plain_no_counts_although_the_registration_is_not_complete() {
    let account = registered("REQUIRES_UPDATES", json!(2), json!(["No"])).config(DECLARED);
    assert_eq!(account.verdict(&PURPOSE, CODE_ARN), Verdict::Fail);
}

#[test]
fn the_question_is_found_by_its_title_and_one_with_nothing_after_it_comes_first() {
    for title in ["hipaa eligible use case – is your use case HIPAA eligible?", " HIPAA Eligible Use Case "] {
        let mut account = registered("complete", json!(2), json!(["Yes"]));
        questions(&mut account, &["x", title, "y"]);
        assert_eq!(account.verdict(&PURPOSE, CODE_ARN), Verdict::Pass, "{title}");
    }
    let mut account = registered("COMPLETE", json!(2), json!(["Yes"]));
    questions(&mut account, &["HIPAA eligible use case details", "HIPAA eligible use case"]);
    let values = json!([{"FieldPath": "field.0", "SelectChoices": ["No"]},
        {"FieldPath": "field.1", "SelectChoices": ["Yes"]}]);
    answers(&mut account, values);
    assert_eq!(account.verdict(&PURPOSE, CODE_ARN), Verdict::Pass);
}

#[test]
fn purpose_is_not_evaluated_when_any_link_is_unread_even_when_declared() {
    let links: [(&Operation, Value); 3] = [
        (&op::DESCRIBE_REGISTRATIONS, json!({})),
        (&op::DESCRIBE_REGISTRATION_FIELD_DEFINITIONS, json!({"RegistrationType": KIND})),
        (&op::DESCRIBE_REGISTRATION_FIELD_VALUES, of_version()),
    ];
    for (operation, asked) in links {
        for outcome in UNREAD {
            let mut account = registered("COMPLETE", json!(2), json!(["Yes"])).config(DECLARED);
            account.fail(operation, asked.clone(), outcome);
            assert_eq!(account.verdict(&PURPOSE, CODE_ARN), unread(outcome), "{}", operation.name);
        }
        let mut account = registered("COMPLETE", json!(2), json!(["Yes"])).config(DECLARED);
        account.answer(operation, asked, json!({}));
        assert_eq!(account.verdict(&PURPOSE, CODE_ARN), unread(Outcome::Unmodelled), "{}", operation.name);
    }
}

#[test]
fn a_registration_that_lacks_its_status_or_that_nothing_shows_is_unmodelled() {
    let mut account = registered("COMPLETE", json!(2), json!(["Yes"])).config(DECLARED);
    let registration = json!({"RegistrationId": "registration-1", "RegistrationType": KIND});
    account.answer(&op::DESCRIBE_REGISTRATIONS, json!({}), json!({"Registrations": [registration]}));
    assert_eq!(account.verdict(&PURPOSE, CODE_ARN), unread(Outcome::Unmodelled));
    account.answer(&op::DESCRIBE_REGISTRATIONS, json!({}), json!({"Registrations": []}));
    assert_eq!(account.verdict(&PURPOSE, CODE_ARN), unread(Outcome::Unmodelled));
}

#[test]
fn truncated_answers_pass_nothing_and_a_no_among_them_fails() {
    for (choice, verdict) in [("Yes", unread(Outcome::Truncated)), ("No", Verdict::Fail)] {
        let mut account = registered("COMPLETE", json!(2), json!([]));
        let values = json!([{"FieldPath": "field.1", "SelectChoices": [choice]}]);
        let body = json!({"RegistrationFieldValues": values, "NextToken": "more"}).to_string();
        account.page(&op::DESCRIBE_REGISTRATION_FIELD_VALUES, of_version(), 1, &body, Outcome::Observed);
        assert_eq!(account.verdict(&PURPOSE, CODE_ARN), verdict, "{choice}");
    }
}

#[test]
fn the_chain_tells_every_link_in_order_and_names_the_first_that_broke() {
    let mut account = registered("COMPLETE", json!(2), json!(["Yes"])).config(DECLARED);
    let titles = |account: &Account| account.judge_with(chains);
    let told = titles(&account);
    assert_eq!(told.len(), 1);
    let links: Vec<&str> = told[0].links.iter().map(|link| link.title).collect();
    let expected = [
        "Short code",
        "Status",
        "Pool",
        "Resource policy of the number",
        "Registration",
        "Approved version",
        "HIPAA eligible use case",
        "Declaration",
    ];
    assert_eq!(links, expected);
    assert_eq!(told[0].first_broken(), None);
    assert!(told[0].links[..7].iter().all(|link| link.state == LinkState::Holds && !link.calls.is_empty()));
    assert_eq!(told[0].links[7].state, LinkState::Stated);
    policy(&mut account, CODE_ARN, &json!("*"));
    answers(&mut account, json!([{"FieldPath": "field.1", "SelectChoices": ["No"]}]));
    let told = titles(&account);
    assert_eq!(told[0].first_broken().map(|link| link.title), Some("Resource policy of the number"));
}

/// The titles of the steps of the only chain; those not reached in parentheses.
fn steps(account: &Account) -> Vec<String> {
    let told = account.judge_with(chains);
    assert_eq!(told.len(), 1);
    let title = |step: Step<'_>| match step {
        Step::Told(link) => link.title.to_owned(),
        Step::NotReached { title } => format!("({title})"),
    };
    told[0].steps().into_iter().map(title).collect()
}

#[test]
fn a_number_in_no_pool_has_no_step_about_one_and_a_missing_registration_reaches_nothing() {
    assert_eq!(
        steps(&account(json!({})).config(DECLARED)),
        [
            "Short code",
            "Status",
            "Pool",
            "Resource policy of the number",
            "Registration",
            "(Approved version)",
            "(HIPAA eligible use case)",
            "Declaration",
        ]
    );
}

#[test]
fn a_number_that_is_nowhere_reaches_nothing_and_a_complete_chain_reaches_everything() {
    let every = [
        "Short code",
        "Status",
        "Pool",
        "Members of the pool",
        "Resource policy of the number",
        "Resource policy of the pool",
        "Registration",
        "Approved version",
        "HIPAA eligible use case",
    ];
    let mut nowhere = account(json!({}));
    nowhere.numbers(json!([]));
    let told = steps(&nowhere.config(DECLARED));
    let reached: Vec<&str> = told.iter().map(String::as_str).filter(|title| !title.starts_with('(')).collect();
    assert_eq!(reached, ["Short code", "Declaration"]);
    assert_eq!(told.iter().map(|title| title.trim_matches(['(', ')'])).collect::<Vec<_>>()[..9], every);
    let mut complete = pooled(json!(false), &[CODE_ARN]);
    complete.numbers(json!([record(CODE, json!({"PoolId": "pool-1", "RegistrationId": "registration-1"}))]));
    let registration = json!({"RegistrationId": "registration-1", "RegistrationType": KIND,
        "RegistrationStatus": "COMPLETE", "ApprovedVersionNumber": 2});
    complete.answer(&op::DESCRIBE_REGISTRATIONS, json!({}), json!({"Registrations": [registration]}));
    assert_eq!(steps(&complete), every, "an answer that was not read is a link of its own");
}

#[test]
fn a_pool_that_nothing_shows_reaches_neither_its_members_nor_its_policy() {
    let mut account = pooled(json!(false), &[CODE_ARN]);
    account.fail(&op::DESCRIBE_POOLS, json!({}), Outcome::AccessDenied);
    let told = steps(&account);
    assert_eq!(
        told[2..6],
        ["Pool", "(Members of the pool)", "Resource policy of the number", "(Resource policy of the pool)"]
    );
}

#[test]
fn a_chain_names_what_sends_from_the_code_and_what_is_over() {
    let mut account = account(json!({}));
    let sms = |origination: Value| json!({"MessageConfiguration": {"SMSMessage": {"OriginationNumber": origination}}});
    let mut deleted = sms(json!("+24680"));
    deleted["State"] = json!({"CampaignStatus": "DELETED"});
    let other_first = json!({"MessageConfiguration": {"SMSMessage": {"OriginationNumber": "13579"}},
        "AdditionalTreatments": [{"Id": "b", "MessageConfiguration": {"SMSMessage": {"OriginationNumber": "24680"}}}]});
    let campaigns = json!([
        campaign("named", sms(json!("24680"))),
        campaign("inherits", sms(json!(null))),
        campaign("treatment", other_first),
        campaign("other", sms(json!("13579"))),
        campaign("mail", json!({"MessageConfiguration": {"EmailMessage": {}}})),
        campaign("gone", deleted),
    ]);
    account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": campaigns}));
    let activity = |origination: &str| json!({"a": {"SMS": {"MessageConfig": {"OriginationNumber": origination}}}});
    let journeys = json!([journey("way", "ACTIVE", activity("24680")), journey("shut", "CLOSED", activity("24680"))]);
    account.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": journeys}));
    let told = account.judge_with(chains);
    let origins: Vec<_> =
        told[0].origins.iter().map(|it| (it.what.as_str(), it.inherits, it.silent.as_deref())).collect();
    assert_eq!(
        origins,
        [
            ("the SMS channel", false, None),
            ("campaign named", false, None),
            ("campaign inherits", true, None),
            ("campaign treatment", false, None),
            ("campaign gone", false, Some("The campaign is DELETED.")),
            ("journey way", false, None),
            ("journey shut", false, Some("The journey is CLOSED.")),
        ]
    );
    assert_eq!(told[0].origins[1].resource, campaign_arn("named"));
    assert_eq!(told[0].origins[5].resource, journey_arn("way"));
    assert!(told[0].origins.iter().all(|origin| origin.application == APP_ARN && !origin.calls.is_empty()));
    assert_eq!(told[0].origins[2].calls.len(), 2, "what inherits rests on the channel too");
}

#[test]
fn nothing_goes_out_where_the_sms_channel_is_off() {
    let mut account = account(json!({}));
    account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": false, "ShortCode": CODE}));
    let told = account.judge_with(chains);
    assert_eq!(told[0].origins[0].silent.as_deref(), Some("GetSmsChannel shows the SMS channel disabled."));
}

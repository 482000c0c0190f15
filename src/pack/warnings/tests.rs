use serde_json::json;

use super::super::waivers::Waivers;
use super::*;
use crate::operations as op;
use crate::rules::testing::estates::{clean, undeclared};
use crate::rules::testing::{APP, APP_ARN, Account, IDENTITY, UNREAD, processor};
use crate::snapshot::Outcome;

/// What of the declarations an estate shows.
fn met<'c>(config: &'c Config, estate: &Estate) -> Met<'c> {
    let mut met = Met::new(config);
    estate.places.iter().for_each(|place| met.note(place));
    met
}

/// The warnings of an account.
fn of(account: &Account) -> Vec<String> {
    account.with_findings(|context, mut findings| {
        let on = context.at().date_naive();
        let mut waivers = Waivers::of(context.config, on);
        waivers.apply(&mut findings);
        let (findings, unused_waivers) = (findings.into_iter().collect(), waivers.without_effect());
        let met = met(context.config, context.estate);
        let seen = Seen { estate: context.estate, findings: &findings, unused_waivers: &unused_waivers, met: &met };
        warnings(&seen, context.config, Some(""))
    })
}

/// The warnings of an account that is as it should be, with these declarations.
fn declaring(toml: &str) -> Vec<String> {
    of(&undeclared().config(toml))
}

fn excluding(application: &str) -> String {
    format!(
        "[[phi.excluded]]\napplication = '{application}'\nreason = 'r'\ndeclared_by = 'd'\ndeclared_on = 2026-09-01\n"
    )
}

fn statement(id: &str, on: &str) -> String {
    format!("[[attestation]]\nid = '{id}'\nstatement = 's'\nby = 'b'\nrole = 'r'\non = {on}\n")
}

fn waiver(rule: &str, resource: &str, (approved, expires): (&str, &str)) -> String {
    format!(
        "[[waiver]]\nrule = '{rule}'\nresource = '{resource}'\nreason = 'r'\nowner = 'a'\napprover = 'b'\n\
         ticket = 'T-1'\nexpires = {expires}\napproved_on = {approved}\n"
    )
}

#[test]
fn declarations_that_all_mean_something_give_no_warning() {
    assert_eq!(of(&clean()), [""; 0]);
}

#[test]
fn no_configuration_at_all_is_said() {
    let warnings = clean().with_findings(|context, findings| {
        let findings = findings.into_iter().collect();
        let config = Config::default();
        let met = met(&config, context.estate);
        warnings(&Seen { estate: context.estate, findings: &findings, unused_waivers: &[], met: &met }, &config, None)
    });
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("There was no configuration: every application"), "{}", warnings[0]);
}

#[test]
fn an_application_that_nobody_has_is_named() {
    let twice = format!("[phi]\napplications = ['{APP}', 'remindres']\n{}", excluding("newsletter"));
    assert_eq!(
        declaring(&twice),
        [
            "phi.applications names remindres, which no scanned account and region has.",
            "phi.excluded names newsletter, which no scanned account and region has.",
        ]
    );
}

#[test]
fn a_name_that_several_applications_have_is_named() {
    let mut account = undeclared().config("[phi]\napplications = ['reminders']\n");
    let other = json!({"Id": "b".repeat(32), "Arn": format!("{APP_ARN}b"), "Name": "reminders", "tags": {}});
    account.change(&op::GET_APPS, |body| body["Item"].as_array_mut().expect("a list").push(other.clone()));
    assert_eq!(of(&account), ["phi.applications names reminders, which 2 applications are called."]);
}

#[test]
fn a_tag_that_no_application_has_is_named() {
    let mut account = undeclared().config("[phi.tags]\nData = 'PHI'\nTeam = 'care'\n");
    account.change(&op::GET_APPS, |body| body["Item"][0]["tags"] = json!({"Data": "phi", "team": "care"}));
    assert_eq!(of(&account), ["phi.tags names Team = care, which no application has."]);
}

#[test]
fn an_application_that_is_declared_and_excluded_is_named() {
    let both = format!("[phi]\napplications = ['{APP}']\n{}", excluding("reminders"));
    assert_eq!(declaring(&both), ["reminders is declared to carry PHI and excluded; it was judged as carrying PHI."]);
}

#[test]
fn an_email_identity_of_no_region_is_named() {
    assert_eq!(declaring(IDENTITY), [""; 0]);
    assert_eq!(
        declaring("[phi]\nemail_identities = ['mial.example.org', 'MAIL.example.org']\n"),
        ["phi.email_identities names mial.example.org, which no scanned account and region has."]
    );
}

#[test]
fn a_short_code_that_is_not_in_the_inventory_is_named() {
    let code = |number: &str| declaring(&format!("[[phi.short_code]]\nnumber = '{number}'\n"));
    assert_eq!(code("+24680"), [""; 0]);
    assert_eq!(code("24608"), ["phi.short_code names 24608, which is not among the numbers of a scanned account."]);
}

#[test]
fn a_short_code_of_another_country_is_named() {
    let code = |country: &str| declaring(&format!("[[phi.short_code]]\nnumber = '24680'\ncountry = '{country}'\n"));
    assert_eq!(code("us"), [""; 0]);
    assert_eq!(code("CA"), ["phi.short_code says that 24680 is of CA; DescribePhoneNumbers shows US."]);
}

#[test]
fn a_processor_that_receives_nothing_is_named() {
    for used in [
        "arn:aws:kinesis:us-east-1:111122223333:stream/events",
        "arn:aws:lambda:us-east-1:111122223333:function:consent",
        "arn:aws:personalize:us-east-1:111122223333:campaign/articles",
        "arn:aws:s3:::endpoints",
        "arn:aws:sns:us-east-1:111122223333:events",
        "arn:aws:sns:us-east-1:111122223333:replies",
    ] {
        assert_eq!(declaring(&processor(used)), [""; 0], "{used}");
    }
    assert_eq!(
        declaring(&processor("arn:aws:s3:::endpionts")),
        ["phi.processor names arn:aws:s3:::endpionts, which is no stream, hook, recommender, bucket or other \
          destination that was read."]
    );
}

#[test]
fn an_attestation_whose_id_nothing_asks_for_is_named() {
    let on = "2026-07-15";
    let text = [statement("risk_analysis", on), statement("risk_analisys", on)].concat();
    assert_eq!(declaring(&text), ["The attestation risk_analisys answers no control and no rule."]);
}

#[test]
fn an_attestation_that_only_a_rule_asks_for_has_to_be_used() {
    let statements = [statement("opt_out", "2026-07-15"), statement("opt_out", "2025-07-15")].concat();
    assert_eq!(
        declaring(&statements),
        [
            "The attestation opt_out of 2026-07-15 is used by no finding and no control.",
            "The attestation opt_out of 2025-07-15 is used by no finding and no control.",
        ]
    );
    let mut account = undeclared().config(&statements);
    account.change(&op::DESCRIBE_PHONE_NUMBERS, |body| {
        if let Some(number) = body["PhoneNumbers"].get_mut(0) {
            number["SelfManagedOptOutsEnabled"] = json!(true);
        }
    });
    assert_eq!(of(&account), ["The attestation opt_out of 2025-07-15 is used by no finding and no control."]);
}

#[test]
fn a_waiver_without_a_finding_or_without_a_rule_is_named() {
    let days = ("2026-08-01", "2026-12-31");
    assert_eq!(
        declaring(&waiver("hooks-declared", "arn:x", days)),
        ["The waiver T-1 of rule hooks-declared on arn:x matches no finding."]
    );
    assert_eq!(
        declaring(&waiver("hook-declared", APP_ARN, days)),
        ["The waiver T-1 names the rule hook-declared, which does not exist."]
    );
}

#[test]
fn a_waiver_beside_a_finding_that_is_no_fail_is_named() {
    let days = ("2026-08-01", "2026-12-31");
    assert_eq!(declaring(&waiver("hooks-declared", APP_ARN, days)), [""; 0]);
    let who = format!("The waiver T-1 of rule channels-permitted on {APP_ARN} does not count");
    assert_eq!(
        declaring(&waiver("channels-permitted", APP_ARN, days)),
        [format!("{who}: it accepts a fail, and the verdict is pass.")]
    );
}

#[test]
fn a_waiver_that_ended_or_has_not_begun_is_named_with_its_day() {
    let who = format!("The waiver T-1 of rule hooks-declared on {APP_ARN}");
    for (days, what) in [
        (("2025-09-01", "2026-08-31"), "ended on 2026-08-31"),
        (("2026-10-01", "2026-12-31"), "was approved only on 2026-10-01"),
    ] {
        assert_eq!(declaring(&waiver("hooks-declared", APP_ARN, days)), [format!("{who} {what} and does not count.")]);
    }
}

#[test]
fn a_pattern_that_no_report_has_is_named() {
    let named = |name: &str| declaring(&format!("[[artifact.report]]\nprogram = 'iso27001'\nname = '{name}'\n"));
    assert_eq!(named("(?i)iso.*27001"), [""; 0]);
    assert_eq!(named("(?i)iso-27001"), ["artifact.report for iso27001 matches no report that was read: (?i)iso-27001"]);
}

#[test]
fn an_offline_addendum_that_no_finding_uses_is_named() {
    let offline = "[agreements]\noffline_baa = { reference = 'c', by = 'J. Doe', on = 2026-01-10 }\n";
    let unused = "agreements.offline_baa is used by no finding: AWS Artifact shows an addendum, or was not read.";
    assert_eq!(declaring(offline), [unused]);
    let mut account = undeclared().config(offline);
    account.change(&op::LIST_CUSTOMER_AGREEMENTS, |body| body["customerAgreements"] = json!([]));
    assert_eq!(of(&account), [""; 0]);
}

#[test]
fn a_reason_for_unscanned_regions_where_all_were_scanned_is_named() {
    let why = "[aws.unscanned]\nreason = 'r'\ndeclared_by = 'd'\ndeclared_on = 2026-09-01\n";
    assert_eq!(declaring(why), ["aws.unscanned says why regions need no look, and every region was looked at."]);
    assert_eq!(of(&undeclared().config(why).without_looking_in(&["eu-west-1"])), [""; 0]);
}

#[test]
fn an_account_in_which_no_application_was_seen_is_told_why() {
    let told = |account: &Account| account.judge_with(|context| met(context.config, context.estate).no_applications());
    let mut account = Account::new();
    assert_eq!(told(&account), [""; 0], "it has one");
    account.answer(&op::GET_APPS, json!({}), json!({"Item": []}));
    let none = "No application of Amazon Pinpoint was judged in us-east-1: GetApps shows none.";
    assert_eq!(told(&account), [none]);
    for outcome in UNREAD {
        account.fail(&op::GET_APPS, json!({}), outcome);
        let told = told(&account).concat();
        assert!(told.contains("in us-east-1: "));
        assert!(told.ends_with(&format!("could not be read: {}.", outcome.in_words())));
    }
    account.fail(&op::GET_APPS, json!({}), Outcome::NotOffered);
    assert!(told(&account).concat().contains("AWS does not offer the service in this region."));
    let account = account.also_in("us-west-2", &Account::new());
    assert_eq!(told(&account), [""; 0], "the other region has one");
}

#[test]
fn a_statement_that_only_a_line_of_the_security_rule_asks_for_is_used() {
    for id in ["training", "security_official"] {
        assert!(security_rule::attestations().any(|asked| asked == id), "{id}");
        assert_eq!(declaring(&statement(id, "2026-07-15")), [""; 0]);
    }
}

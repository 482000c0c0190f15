//! "a dedicated short code that you requested for your AWS account".

use super::context::Context;
use super::judgement::Judgement;
use super::sms::{self, Message};
use super::{Finding, Rule, rule};
use crate::config::same_number;
use crate::estate::{Application, Capability, Listed, NumberStatus, NumberType, PhoneNumber, Place, Reading};
use crate::snapshot::CallId;

rule! {
    /// Every SMS of an application that carries PHI names an active short code of the account.
    ///
    /// The application's SMS channel, and every SMS message of its campaigns, their treatments and its journeys, has to
    /// name its origination. A campaign or journey that names none inherits the application's. What is named has to be,
    /// in `DescribePhoneNumbers` of the same account and region with Owner SELF, a SHORT_CODE in status ACTIVE that is
    /// capable of SMS. A number that is only shared to the account is not its own.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says that SMS messages that contain PHI should be sent from a dedicated
    /// short code that was requested for the account for that purpose. Where no origination is named, AWS picks one, and
    /// its documentation disagrees on which.
    ///
    /// ## Fix
    ///
    /// AWS CLI: `aws pinpoint update-sms-channel --application-id ID --sms-channel-request
    /// Enabled=true,ShortCode=CODE`, and name the short code in each campaign and journey that names something else.
    ///
    /// ## Limits
    ///
    /// A direct send can name another origination in each call. When AWS cannot use the named one, it may fall back to
    /// another. Only delivery events show which number a message came from.
    "sms-origination-short-code", "SMS from a named short code", Required, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    sms::judge_senders(rule, context, judge_channel, judge_message)
}

fn judge_channel(place: &Place, application: &Application, judgement: &mut Judgement) {
    judge_application_code(place, application, "The SMS channel", judgement);
}

fn judge_message(place: &Place, application: &Application, message: &Message<'_>, judgement: &mut Judgement) {
    let Message { label, sms, call } = message;
    if let Some(number) = sms.and_then(|sms| sms.origination_number.as_deref()) {
        let who = format!("The SMS message of {label}");
        judge_number(place, number, &who, std::slice::from_ref(*call), judgement);
    } else {
        let who = format!("The SMS message of {label} names no origination; the application's SMS channel");
        judge_application_code(place, application, &who, judgement);
    }
}

fn judge_application_code(place: &Place, application: &Application, who: &str, judgement: &mut Judgement) {
    let unnamed = || format!("{who} names no origination, so AWS picks one.");
    match &application.sms {
        Reading::Seen { value, calls } => match &value.short_code {
            Some(number) => judge_number(place, number, who, calls, judgement),
            None => judgement.violated(unnamed(), calls),
        },
        // Only GetChannels shows it enabled, and that names no origination.
        Reading::Absent { calls } => judgement.violated(unnamed(), calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
}

/// Looks a number up in the account's own inventory.
fn judge_number(place: &Place, number: &str, who: &str, named_by: &[CallId], judgement: &mut Judgement) {
    let own = &place.numbers.own;
    if let Some(gap) = &own.gap {
        judgement.unread(gap);
    }
    let found: Vec<&Listed<PhoneNumber>> =
        own.seen.iter().filter(|listed| same_number(&listed.value.number, number)).collect();
    for listed in &found {
        let calls = [named_by, std::slice::from_ref(&listed.call)].concat();
        judge_kind(&listed.value, number, who, &calls, judgement);
    }
    if found.is_empty() && own.gap.is_none() {
        not_own(place, number, who, named_by, judgement);
    }
}

fn judge_kind(found: &PhoneNumber, number: &str, who: &str, calls: &[CallId], judgement: &mut Judgement) {
    let PhoneNumber { kind, status, capabilities, .. } = found;
    if *kind != NumberType::ShortCode {
        judgement.violated(format!("{who} names {number}, which is a {kind}."), calls);
    } else if *status != NumberStatus::Active {
        judgement.violated(format!("{who} names the short code {number}, which is {status}."), calls);
    } else if !capabilities.contains(&Capability::Sms) {
        judgement.violated(format!("{who} names the short code {number}, which cannot send SMS."), calls);
    } else {
        judgement.holds(format!("{who} names {number}, an ACTIVE SHORT_CODE of the account."), calls);
    }
}

fn not_own(place: &Place, number: &str, who: &str, named_by: &[CallId], judgement: &mut Judgement) {
    let shared = place.numbers.shared.seen.iter().find(|listed| same_number(&listed.value.number, number));
    let mut calls = [named_by, place.numbers.own.calls.as_slice()].concat();
    if let Some(listed) = shared {
        calls.push(listed.call.clone());
        judgement.violated(format!("{who} names {number}, which another account shares with this one."), &calls);
    } else {
        judgement.violated(
            format!("{who} names {number}, which is not among the account's numbers in this region."),
            &calls,
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::Verdict;
    use crate::rules::testing::{
        APP_ARN, Account, EXCLUDED, UNREAD, about_app, campaign, campaign_arn, journey, journey_arn, number, unread,
    };
    use crate::snapshot::Outcome;

    /// An application whose SMS channel names `short_code`, in an account with these numbers.
    fn account(short_code: Option<&str>, numbers: Value) -> Account {
        let mut account = Account::new();
        account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": true, "ShortCode": short_code}));
        account.numbers(numbers);
        account
    }

    fn good() -> Value {
        number("24680", "SHORT_CODE", "ACTIVE", &["SMS"])
    }

    #[test]
    fn an_application_passes_when_it_names_an_active_short_code_of_the_account() {
        for named in ["24680", "+24680"] {
            assert_eq!(account(Some(named), json!([good()])).verdict(&RULE, APP_ARN), Verdict::Pass);
        }
        let lower = number("24680", "short_code", "active", &["sms"]);
        assert_eq!(account(Some("24680"), json!([lower])).verdict(&RULE, APP_ARN), Verdict::Pass);
    }

    #[test]
    fn an_application_fails_when_it_names_none() {
        assert_eq!(account(None, json!([good()])).verdict(&RULE, APP_ARN), Verdict::Fail);
        assert_eq!(account(Some(" "), json!([good()])).verdict(&RULE, APP_ARN), Verdict::Fail);
    }

    #[test]
    fn an_application_fails_for_every_other_type_status_and_capability() {
        let named = "24680";
        for kind in ["LONG_CODE", "TOLL_FREE", "TEN_DLC", "SIMULATOR", "SATELLITE", ""] {
            let numbers = json!([number(named, kind, "ACTIVE", &["SMS"])]);
            assert_eq!(account(Some(named), numbers).verdict(&RULE, APP_ARN), Verdict::Fail, "{kind}");
        }
        for status in ["PENDING", "ASSOCIATING", "DISASSOCIATING", "DELETED", "RESTING"] {
            let numbers = json!([number(named, "SHORT_CODE", status, &["SMS"])]);
            assert_eq!(account(Some(named), numbers).verdict(&RULE, APP_ARN), Verdict::Fail, "{status}");
        }
        for capabilities in [&[][..], &["VOICE"], &["MMS"], &["RCS"], &["SMS_TOMORROW"]] {
            let numbers = json!([number(named, "SHORT_CODE", "ACTIVE", capabilities)]);
            assert_eq!(account(Some(named), numbers).verdict(&RULE, APP_ARN), Verdict::Fail, "{capabilities:?}");
        }
    }

    #[test]
    fn an_application_fails_when_the_number_is_not_in_the_inventory_or_only_shared() {
        assert_eq!(account(Some("13579"), json!([good()])).verdict(&RULE, APP_ARN), Verdict::Fail);
        let mut shared = account(Some("13579"), json!([good()]));
        let numbers = json!({"PhoneNumbers": [number("13579", "SHORT_CODE", "ACTIVE", &["SMS"])]});
        shared.answer(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SHARED"}), numbers);
        let finding = shared.finding(&RULE, APP_ARN);
        assert_eq!(finding.verdict, Verdict::Fail);
        assert!(finding.message.contains("another account shares"), "{}", finding.message);
    }

    #[test]
    fn an_application_is_not_applicable_without_an_enabled_sms_channel() {
        assert_eq!(Account::new().verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        let mut account = Account::new();
        account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": false}));
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
    }

    #[test]
    fn a_channel_that_only_the_map_shows_enabled_is_judged() {
        let mut account = Account::new();
        account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": {"SMS": {"Enabled": true}}}));
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Fail);
    }

    #[test]
    fn is_not_evaluated_when_the_channel_or_the_inventory_is_unread() {
        for outcome in UNREAD {
            let mut channel = Account::new();
            channel.fail(&op::GET_SMS_CHANNEL, about_app(), outcome);
            assert_eq!(channel.verdict(&RULE, APP_ARN), unread(outcome));
            let mut inventory = account(Some("24680"), json!([]));
            inventory.fail(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), outcome);
            assert_eq!(inventory.verdict(&RULE, APP_ARN), unread(outcome));
            let mut unnamed = account(None, json!([]));
            unnamed.fail(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), outcome);
            assert_eq!(unnamed.verdict(&RULE, APP_ARN), Verdict::Fail, "seen wrong beats not seen");
        }
    }

    #[test]
    fn nothing_passes_on_a_truncated_inventory_but_what_was_seen_may_fail() {
        let cut = |number: Value| {
            let mut account = account(Some("24680"), json!([]));
            let body = json!({"PhoneNumbers": [number], "NextToken": "more"}).to_string();
            account.page(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), 1, &body, Outcome::Observed);
            account.verdict(&RULE, APP_ARN)
        };
        assert_eq!(cut(good()), unread(Outcome::Truncated));
        assert_eq!(cut(number("13579", "SHORT_CODE", "ACTIVE", &["SMS"])), unread(Outcome::Truncated));
        assert_eq!(cut(number("24680", "LONG_CODE", "ACTIVE", &["SMS"])), Verdict::Fail);
    }

    #[test]
    fn a_number_that_lacks_its_type_makes_the_inventory_unmodelled() {
        let mut odd = good();
        odd.as_object_mut().expect("an object").remove("NumberType");
        assert_eq!(account(Some("24680"), json!([odd])).verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
    }

    #[test]
    fn a_campaign_is_judged_by_each_treatment_and_inherits_what_it_leaves_open() {
        let mut account =
            account(Some("24680"), json!([good(), number("+12065550142", "LONG_CODE", "ACTIVE", &["SMS", "VOICE"])]));
        let sms = |origination: Value| json!({"SMSMessage": {"OriginationNumber": origination}});
        let treatment = json!({"Id": "b", "TreatmentName": "B", "MessageConfiguration": sms(json!("+12065550142"))});
        let campaigns = json!([
            campaign("named", json!({"MessageConfiguration": sms(json!("24680"))})),
            campaign("inherits", json!({"MessageConfiguration": sms(json!(null))})),
            campaign("long", json!({"MessageConfiguration": sms(json!("24680")), "AdditionalTreatments": [treatment]})),
            campaign("template", json!({"TemplateConfiguration": {"SMSTemplate": {"Name": "t"}}})),
            campaign("default", json!({"MessageConfiguration": {"DefaultMessage": {}}})),
            campaign(
                "gone",
                json!({"MessageConfiguration": sms(json!("+12065550142")), "State": {"CampaignStatus": "DELETED"}})
            ),
        ]);
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": campaigns}));
        for (id, verdict) in [
            ("named", Verdict::Pass),
            ("inherits", Verdict::Pass),
            ("long", Verdict::Fail),
            ("template", Verdict::Pass),
            ("default", Verdict::Pass),
            ("gone", Verdict::NotApplicable),
        ] {
            assert_eq!(account.verdict(&RULE, &campaign_arn(id)), verdict, "{id}");
        }
    }

    #[test]
    fn a_campaign_that_inherits_nothing_fails() {
        let mut account = account(None, json!([good()]));
        let campaigns = json!([campaign("inherits", json!({"MessageConfiguration": {"SMSMessage": {}}}))]);
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": campaigns}));
        assert_eq!(account.verdict(&RULE, &campaign_arn("inherits")), Verdict::Fail);
    }

    #[test]
    fn a_journey_is_judged_by_each_sms_activity() {
        let mut account = account(Some("24680"), json!([good()]));
        let sms = |origination: Value| json!({"SMS": {"MessageConfig": {"OriginationNumber": origination}}});
        let journeys = json!([
            journey("good", "ACTIVE", json!({"a": sms(json!("24680")), "b": sms(json!(null)), "c": {"EMAIL": {}}})),
            journey("bad", "DRAFT", json!({"a": sms(json!("24680")), "b": sms(json!("13579"))})),
            journey("closed", "CLOSED", json!({"a": sms(json!("13579"))})),
        ]);
        account.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": journeys}));
        assert_eq!(account.verdict(&RULE, &journey_arn("good")), Verdict::Pass);
        assert_eq!(account.verdict(&RULE, &journey_arn("bad")), Verdict::Fail);
        assert_eq!(account.verdict(&RULE, &journey_arn("closed")), Verdict::NotApplicable);
    }

    #[test]
    fn a_pass_names_the_calls_that_show_channel_and_number() {
        let mut account = Account::new();
        let channel = account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": true, "ShortCode": "24680"}));
        let numbers = account.numbers(json!([good()]));
        assert_eq!(account.finding(&RULE, APP_ARN).evidence, [channel, numbers]);
    }

    #[test]
    fn nothing_passes_on_a_list_that_was_cut_and_what_was_seen_may_fail() {
        let message = |number: &str| json!({"MessageConfiguration": {"SMSMessage": {"OriginationNumber": number}}});
        let gone = json!({"TemplateConfiguration": {"SMSTemplate": {}}, "State": {"CampaignStatus": "DELETED"}});
        let campaigns = [campaign("good", message("24680")), campaign("bad", message("13579")), campaign("gone", gone)];
        let activity = |number: &str| json!({"a": {"SMS": {"MessageConfig": {"OriginationNumber": number}}}});
        let journeys = [journey("good", "ACTIVE", activity("24680")), journey("bad", "DRAFT", activity("13579"))];
        let mut account = account(Some("24680"), json!([good()]));
        for (list, items) in [(&op::GET_CAMPAIGNS, json!(campaigns)), (&op::LIST_JOURNEYS, json!(journeys))] {
            let page = json!({"Item": items, "NextToken": "more"}).to_string();
            account.page(list, about_app(), 1, &page, Outcome::Observed);
        }
        for (resource, verdict) in [
            (campaign_arn("good"), unread(Outcome::Truncated)),
            (campaign_arn("bad"), Verdict::Fail),
            (campaign_arn("gone"), Verdict::NotApplicable),
            (journey_arn("good"), unread(Outcome::Truncated)),
            (journey_arn("bad"), Verdict::Fail),
            (format!("{APP_ARN}/campaigns"), unread(Outcome::Truncated)),
            (format!("{APP_ARN}/journeys"), unread(Outcome::Truncated)),
            (APP_ARN.to_owned(), Verdict::Pass),
        ] {
            assert_eq!(account.verdict(&RULE, &resource), verdict, "{resource}");
        }
    }

    #[test]
    fn a_list_that_was_cut_behind_a_channel_that_is_off_is_not_applicable() {
        let mut account = Account::new();
        let sends = campaign("c", json!({"MessageConfiguration": {"SMSMessage": {}}}));
        let page = json!({"Item": [sends], "NextToken": "more"}).to_string();
        account.page(&op::GET_CAMPAIGNS, about_app(), 1, &page, Outcome::Observed);
        for resource in [campaign_arn("c"), format!("{APP_ARN}/campaigns")] {
            assert_eq!(account.verdict(&RULE, &resource), Verdict::NotApplicable, "{resource}");
        }
    }

    #[test]
    fn an_excluded_application_and_what_it_sends_are_not_applicable() {
        let mut account = account(None, json!([])).config(EXCLUDED);
        let sends = campaign("c", json!({"MessageConfiguration": {"SMSMessage": {}}}));
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [sends]}));
        for resource in [APP_ARN.to_owned(), campaign_arn("c")] {
            assert_eq!(account.verdict(&RULE, &resource), Verdict::NotApplicable, "{resource}");
        }
    }

    #[test]
    fn what_does_not_say_what_it_sends_may_send_sms() {
        let silent = json!({"Id": "silent", "Name": "silent", "State": "ACTIVE"});
        let closed = json!({"Id": "closed", "Name": "closed", "State": "CLOSED"});
        let treatment = json!({"Id": "t"});
        let one = json!({"MessageConfiguration": {"EmailMessage": {}}, "AdditionalTreatments": [treatment]});
        let bad = json!({"MessageConfiguration": {"SMSMessage": {"OriginationNumber": "13579"}},
            "AdditionalTreatments": [treatment]});
        let mut account = account(Some("24680"), json!([good()]));
        let campaigns = [campaign("silent", json!({})), campaign("one", one), campaign("bad", bad)];
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": campaigns}));
        account.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": [silent, closed]}));
        for (resource, verdict) in [
            (campaign_arn("silent"), unread(Outcome::Unmodelled)),
            (campaign_arn("one"), unread(Outcome::Unmodelled)),
            (campaign_arn("bad"), Verdict::Fail),
            (journey_arn("silent"), unread(Outcome::Unmodelled)),
            (journey_arn("closed"), Verdict::NotApplicable),
        ] {
            assert_eq!(account.verdict(&RULE, &resource), verdict, "{resource}");
        }
    }
}

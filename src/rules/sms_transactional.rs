//! SMS with PHI is about care, not marketing.

use super::context::Context;
use super::judgement::Judgement;
use super::phi_numbers;
use super::sms::{self, Message};
use super::{Finding, Rule, Verdict, rule};
use crate::estate::{MessageType, SmsMessage};
use crate::snapshot::CallId;

rule! {
    /// SMS campaigns and journeys of applications that carry PHI, and their short codes, are for transactional messages.
    ///
    /// Passes when the message type is TRANSACTIONAL, and fails when it is anything else. A campaign or journey that does
    /// not name a message type, because it goes out through a template or says nothing, is left open.
    ///
    /// ## Why
    ///
    /// Marketing with PHI needs the individual's own authorization (45 CFR 164.508(a)(3)); messages about treatment,
    /// payment and operations do not. AWS calls messages that promote products PROMOTIONAL.
    ///
    /// ## Fix
    ///
    /// Set the message type of the campaign or activity to TRANSACTIONAL (AWS CLI: `aws pinpoint update-campaign`,
    /// `aws pinpoint update-journey`). The API cannot change the type of a short code: ask AWS Support. Move marketing to
    /// an application that carries no PHI.
    ///
    /// ## Limits
    ///
    /// It shows the declared type of the messages, not their content.
    "sms-transactional", "SMS for transactional messages only", Recommended, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let mut findings = sms::judge_messages(rule, context, |_, _, message, judgement| judge_message(message, judgement));
    let mut numbers =
        phi_numbers::judge_short_codes(rule, context, |_, number, calls, judgement| match &number.message_type {
            Some(kind) => judge_type(kind, &format!("The short code {}", number.number), calls, judgement),
            None => judgement.lacks("DescribePhoneNumbers", calls),
        });
    // Both admit an unread list of applications on the same place. What the numbers admit holds all that is unknown,
    // unless it is that AWS offers none there.
    let is_nowhere = |finding: &Finding| finding.verdict == Verdict::NotApplicable;
    findings.retain(|own| !numbers.iter().any(|number| number.resource == own.resource && !is_nowhere(number)));
    numbers.retain(|number| findings.iter().all(|own| own.resource != number.resource));
    findings.extend(numbers);
    findings
}

fn judge_message(message: &Message<'_>, judgement: &mut Judgement) {
    let Message { label, sms, call } = message;
    let calls = std::slice::from_ref(*call);
    let who = format!("The SMS message of {label}");
    match sms.and_then(SmsMessage::kind) {
        Some(kind) => judge_type(&kind, &who, calls, judgement),
        None => judgement.unspecified(format!("{who} names no message type."), calls),
    }
}

fn judge_type(kind: &MessageType, who: &str, calls: &[CallId], judgement: &mut Judgement) {
    match kind {
        MessageType::Transactional => judgement.holds(format!("{who} is TRANSACTIONAL."), calls),
        MessageType::Promotional | MessageType::Unknown(_) => {
            judgement.violated(format!("{who} is {kind}, not TRANSACTIONAL."), calls);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::Reason;
    use crate::rules::phi_numbers::testing::{CODE_ARN, account};
    use crate::rules::testing::{
        APP_ARN, EXCLUDED, PLACE, UNREAD, about_app, app, campaign, campaign_arn, journey, journey_arn, unread,
    };
    use crate::snapshot::Outcome;

    const OPEN: Verdict = Verdict::NotEvaluated(Reason::Unspecified);

    fn types() -> [(Value, Verdict); 6] {
        [
            (json!("TRANSACTIONAL"), Verdict::Pass),
            (json!("transactional"), Verdict::Pass),
            (json!("PROMOTIONAL"), Verdict::Fail),
            (json!("SOMETHING_NEW"), Verdict::Fail),
            (json!(null), OPEN),
            (json!(""), OPEN),
        ]
    }

    #[test]
    fn a_short_code_follows_its_message_type() {
        for (kind, verdict) in types().into_iter().take(4) {
            assert_eq!(account(json!({"MessageType": kind})).verdict(&RULE, CODE_ARN), verdict, "{kind}");
        }
        assert_eq!(account(json!({"MessageType": null})).verdict(&RULE, CODE_ARN), unread(Outcome::Unmodelled));
    }

    #[test]
    fn a_campaign_follows_each_of_its_messages() {
        let good = json!({"SMSMessage": {"MessageType": "TRANSACTIONAL"}});
        for (kind, verdict) in types() {
            let message = json!({"SMSMessage": {"MessageType": kind}});
            let mut account = account(json!({}));
            let own = campaign("own", json!({"MessageConfiguration": message}));
            let treatment = json!({"Id": "t", "MessageConfiguration": message});
            let members = json!({"MessageConfiguration": good, "AdditionalTreatments": [treatment]});
            let treated = campaign("treated", members);
            account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [own, treated]}));
            assert_eq!(account.verdict(&RULE, &campaign_arn("own")), verdict, "{kind}");
            assert_eq!(account.verdict(&RULE, &campaign_arn("treated")), verdict, "{kind}");
        }
    }

    #[test]
    fn a_journey_follows_its_activities() {
        for (kind, verdict) in types() {
            let mut account = account(json!({}));
            let activities = json!({"a": {"SMS": {"MessageConfig": {"MessageType": kind}}}});
            account.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": [journey("j", "ACTIVE", activities)]}));
            assert_eq!(account.verdict(&RULE, &journey_arn("j")), verdict, "{kind}");
        }
    }

    #[test]
    fn a_template_leaves_the_type_open() {
        let mut account = account(json!({}));
        let template = campaign("c", json!({"TemplateConfiguration": {"SMSTemplate": {"Name": "t"}}}));
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [template]}));
        assert_eq!(account.verdict(&RULE, &campaign_arn("c")), OPEN);
    }

    #[test]
    fn the_application_itself_is_not_judged() {
        assert!(account(json!({})).judge(&RULE).iter().all(|finding| finding.resource != APP_ARN));
    }

    #[test]
    fn an_unread_list_has_its_own_finding_and_an_unread_list_of_applications_one_on_the_place() {
        for outcome in UNREAD {
            let mut unlisted = account(json!({}));
            unlisted.fail(&op::GET_CAMPAIGNS, about_app(), outcome);
            assert_eq!(unlisted.verdict(&RULE, &format!("{APP_ARN}/campaigns")), unread(outcome));
            let mut blind = account(json!({}));
            blind.fail(&op::GET_APPS, json!({}), outcome);
            assert_eq!(blind.verdict(&RULE, PLACE), unread(outcome));
            assert_eq!(blind.judge(&RULE).len(), 1);
        }
        let mut cut = account(json!({}));
        let body = json!({"Item": [app()], "NextToken": "more"}).to_string();
        cut.page(&op::GET_APPS, json!({}), 1, &body, Outcome::Observed);
        let resources: Vec<String> = cut.judge(&RULE).into_iter().map(|finding| finding.resource).collect();
        assert_eq!(resources, [PLACE, CODE_ARN]);
    }

    #[test]
    fn campaigns_of_an_excluded_application_are_not_applicable() {
        let mut account = account(json!({})).config(EXCLUDED);
        let promotional = json!({"MessageConfiguration": {"SMSMessage": {"MessageType": "PROMOTIONAL"}}});
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [campaign("c", promotional)]}));
        assert_eq!(account.verdict(&RULE, &campaign_arn("c")), Verdict::NotApplicable);
        assert_eq!(account.judge(&RULE).len(), 1);
    }

    #[test]
    fn nothing_passes_on_a_list_that_was_cut_and_what_was_seen_may_fail() {
        let message = |kind: &str| json!({"MessageConfiguration": {"SMSMessage": {"MessageType": kind}}});
        let activity = |kind: &str| json!({"a": {"SMS": {"MessageConfig": {"MessageType": kind}}}});
        let (care, news) = ("TRANSACTIONAL", "PROMOTIONAL");
        let campaigns = json!([campaign("good", message(care)), campaign("bad", message(news))]);
        let journeys = json!([journey("good", "ACTIVE", activity(care)), journey("bad", "ACTIVE", activity(news))]);
        for (operation, items, arn) in [
            (&op::GET_CAMPAIGNS, campaigns, campaign_arn as fn(&str) -> String),
            (&op::LIST_JOURNEYS, journeys, journey_arn),
        ] {
            let mut account = account(json!({}));
            let page = json!({"Item": items, "NextToken": "more"}).to_string();
            account.page(operation, about_app(), 1, &page, Outcome::Observed);
            assert_eq!(account.verdict(&RULE, &arn("good")), unread(Outcome::Truncated), "{}", operation.name);
            assert_eq!(account.verdict(&RULE, &arn("bad")), Verdict::Fail, "{}", operation.name);
        }
    }

    #[test]
    fn unread_applications_are_admitted_although_no_numbers_are_offered() {
        let mut account = account(json!({}));
        account.fail(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SELF"}), Outcome::NotOffered);
        account.fail(&op::GET_APPS, json!({}), Outcome::AccessDenied);
        let findings = account.judge(&RULE);
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].resource.as_str(), findings[0].verdict), (PLACE, unread(Outcome::AccessDenied)));
    }
}

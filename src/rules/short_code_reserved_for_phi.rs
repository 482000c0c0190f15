//! A short code that carries PHI carries nothing else.

use super::context::Context;
use super::judgement::Judgement;
use super::phi_numbers::{self, PhiNumber};
use super::scope::Phi;
use super::sms::{self, Sending};
use super::{Finding, Rule, rule};
use crate::config::same_number;
use crate::estate::{Application, Gap, Reading, SmsChannel};
use crate::lifecycle;
use crate::snapshot::Outcome;

rule! {
    /// No application that is declared to carry no PHI sends from a short code that carries PHI.
    ///
    /// Judges each short code that an application for PHI names, and each that `[[phi.short_code]]` declares, against the
    /// excluded applications of the same account and region. Fails when one names the number in its SMS channel, in a
    /// campaign or treatment that is not DELETED, or in a journey that is not CANCELLED or CLOSED, and when one with SMS
    /// enabled names no origination, because AWS then picks a number of the account.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint asks for a short code that is dedicated to the explicit purpose of
    /// messages that will or may contain PHI. Where no origination is named, one of AWS's guides says that a
    /// short code of the account comes first.
    ///
    /// ## Fix
    ///
    /// Name another origination: `aws pinpoint update-sms-channel --application-id ID --sms-channel-request
    /// Enabled=true,ShortCode=OTHER`, and in the campaigns and journeys that name the short code. Or disable the SMS
    /// channel of the excluded application.
    ///
    /// ## Limits
    ///
    /// A direct send can name any number of the account in each call; no configuration shows that.
    "short-code-reserved-for-phi", "Short code reserved for PHI", Recommended, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    phi_numbers::judge_short_codes(rule, context, |code, _, _, judgement| judge_code(context, code, judgement))
}

fn judge_code(context: &Context<'_>, code: &PhiNumber<'_>, judgement: &mut Judgement) {
    let applications = &code.place.applications;
    let is_excluded = |application: &&Application| matches!(Phi::of(application, context.config), Phi::Excluded { .. });
    let mut excluded = applications.iter().filter(is_excluded).peekable();
    match &applications.gap {
        // Without Amazon Pinpoint there is no other application.
        Some(gap) if gap.outcome == Outcome::NotOffered => judgement.holds(gap.sentence(), &gap.calls),
        Some(gap) => judgement.unread(gap),
        None if excluded.peek().is_none() => {
            let sentence = "GetApps lists no excluded application in this account and region.";
            judgement.holds(sentence, &applications.calls);
        }
        None => {}
    }
    for application in excluded {
        judge_application(context, code.number, application, judgement);
    }
}

fn judge_application(context: &Context<'_>, number: &str, application: &Application, judgement: &mut Judgement) {
    let name = &application.name;
    let who = format!("The excluded application {name}");
    for origination in phi_numbers::originations(application) {
        if !origination.is_over && same_number(origination.number, number) {
            let sentence = format!("{who} names {number} in {}.", origination.who);
            judgement.violated(sentence, &origination.calls);
        }
    }
    let sending = sms::sending(application);
    match (&sending, &application.sms) {
        (Sending::Unread(gap), _) => judgement.unread(gap),
        (Sending::Off { calls, .. }, _) => judgement.holds(format!("{who} has no enabled SMS channel."), calls),
        (Sending::On, Reading::Seen { value: SmsChannel { short_code: Some(named), .. }, calls }) => {
            judgement.holds(format!("The SMS channel of {name} names {named}."), calls);
        }
        (Sending::On, channel) => {
            let sentence = format!("{who} can send SMS and names no origination, so AWS picks one.");
            judgement.violated(sentence, channel.calls());
        }
    }
    if matches!(sending, Sending::Off { .. }) {
        return;
    }
    for gap in &sms::unknown_senders(application) {
        judge_list(context, gap, judgement);
    }
}

/// Once the whole period lies after the end of support, no campaign or journey sends any more.
fn judge_list(context: &Context<'_>, gap: &Gap, judgement: &mut Judgement) {
    if gap.outcome == Outcome::EndOfSupport && context.period.start > lifecycle::LAST_DAY {
        judgement.holds(gap.sentence(), &gap.calls);
    } else {
        judgement.unread(gap);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::Verdict;
    use crate::rules::phi_numbers::testing::{CODE_ARN, account};
    use crate::rules::testing::{Account, UNREAD, app, campaign, journey, unread};

    const OTHER: &str = "fedcba9876543210fedcba9876543210";
    const EXCLUDED: &str = "[[phi.excluded]]\napplication = 'newsletter'\nreason = 'news'\n\
        declared_by = 'privacy officer'\ndeclared_on = 2026-09-01\n";

    fn about_other() -> Value {
        json!({"ApplicationId": OTHER})
    }

    /// Beside the application for PHI, an excluded one with this SMS channel and nothing else.
    fn beside(channel: Option<Value>) -> Account {
        let mut account = account(json!({})).config(EXCLUDED);
        let arn = format!("arn:aws:mobiletargeting:us-east-1:111122223333:apps/{OTHER}");
        let other = json!({"Id": OTHER, "Arn": arn, "Name": "newsletter", "tags": {}});
        account.answer(&op::GET_APPS, json!({}), json!({"Item": [app(), other]}));
        account.answer(&op::GET_APP, about_other(), other);
        account.answer(&op::GET_CHANNELS, about_other(), json!({"Channels": {}}));
        for list in [&op::GET_CAMPAIGNS, &op::LIST_JOURNEYS] {
            account.answer(list, about_other(), json!({"Item": []}));
        }
        match channel {
            Some(channel) => account.answer(&op::GET_SMS_CHANNEL, about_other(), channel),
            None => account.fail(&op::GET_SMS_CHANNEL, about_other(), Outcome::NotConfigured),
        };
        account
    }

    fn elsewhere() -> Account {
        beside(Some(json!({"Enabled": true, "ShortCode": "99999"})))
    }

    #[test]
    fn an_excluded_application_may_not_name_it_nor_leave_its_origination_open() {
        for (channel, verdict) in [
            (None, Verdict::Pass),
            (Some(json!({"Enabled": false})), Verdict::Pass),
            (Some(json!({"Enabled": true, "ShortCode": "99999"})), Verdict::Pass),
            (Some(json!({"Enabled": true, "ShortCode": "+24680"})), Verdict::Fail),
            (Some(json!({"Enabled": false, "ShortCode": "24680"})), Verdict::Fail),
            (Some(json!({"Enabled": true})), Verdict::Fail),
            (Some(json!({"Enabled": true, "ShortCode": ""})), Verdict::Fail),
        ] {
            assert_eq!(beside(channel.clone()).verdict(&RULE, CODE_ARN), verdict, "{channel:?}");
        }
    }

    #[test]
    fn an_application_that_nobody_excluded_may_name_it() {
        let mut account = account(json!({}));
        let arn = format!("arn:aws:mobiletargeting:us-east-1:111122223333:apps/{OTHER}");
        let other = json!({"Id": OTHER, "Arn": arn, "Name": "newsletter", "tags": {}});
        account.answer(&op::GET_APPS, json!({}), json!({"Item": [app(), other]}));
        account.answer(&op::GET_SMS_CHANNEL, about_other(), json!({"Enabled": true, "ShortCode": "24680"}));
        assert_eq!(account.verdict(&RULE, CODE_ARN), Verdict::Pass);
    }

    #[test]
    fn campaigns_and_journeys_that_can_still_send_count() {
        let message = json!({"SMSMessage": {"OriginationNumber": "24680"}});
        let treatment = json!({"AdditionalTreatments": [{"Id": "t", "MessageConfiguration": message}]});
        let with_status = |status: &str| json!({"MessageConfiguration": message, "State": {"CampaignStatus": status}});
        let activities = json!({"a": {"SMS": {"MessageConfig": {"OriginationNumber": "24680"}}}});
        for (list, item, verdict) in [
            (&op::GET_CAMPAIGNS, campaign("c", json!({"MessageConfiguration": message})), Verdict::Fail),
            (&op::GET_CAMPAIGNS, campaign("c", treatment), Verdict::Fail),
            (&op::GET_CAMPAIGNS, campaign("c", with_status("COMPLETED")), Verdict::Fail),
            (&op::GET_CAMPAIGNS, campaign("c", with_status("DELETED")), Verdict::Pass),
            (&op::LIST_JOURNEYS, journey("j", "ACTIVE", activities.clone()), Verdict::Fail),
            (&op::LIST_JOURNEYS, journey("j", "CANCELLED", activities.clone()), Verdict::Pass),
            (&op::LIST_JOURNEYS, journey("j", "CLOSED", activities), Verdict::Pass),
        ] {
            let mut account = elsewhere();
            account.answer(list, about_other(), json!({"Item": [item]}));
            assert_eq!(account.verdict(&RULE, CODE_ARN), verdict, "{item}");
        }
    }

    #[test]
    fn what_an_excluded_application_does_not_show_is_no_pass() {
        for outcome in UNREAD {
            for operation in [&op::GET_SMS_CHANNEL, &op::GET_CAMPAIGNS, &op::LIST_JOURNEYS] {
                let mut account = elsewhere();
                account.fail(operation, about_other(), outcome);
                assert_eq!(account.verdict(&RULE, CODE_ARN), unread(outcome), "{}", operation.name);
                assert_eq!(account.judge(&RULE).len(), 1, "nothing is unknown about PHI itself");
            }
            let mut off = beside(None);
            off.fail(&op::GET_CAMPAIGNS, about_other(), outcome);
            assert_eq!(off.verdict(&RULE, CODE_ARN), Verdict::Pass);
        }
    }

    #[test]
    fn what_an_excluded_application_does_not_say_that_it_sends_is_no_pass() {
        for (list, item) in [
            (&op::GET_CAMPAIGNS, campaign("c", json!({}))),
            (&op::LIST_JOURNEYS, json!({"Id": "j", "Name": "j", "State": "ACTIVE"})),
        ] {
            let mut account = elsewhere();
            account.answer(list, about_other(), json!({"Item": [item]}));
            assert_eq!(account.verdict(&RULE, CODE_ARN), unread(Outcome::Unmodelled), "{item}");
        }
    }

    #[test]
    fn a_truncated_list_of_applications_may_hide_an_excluded_one() {
        let mut account = account(json!({}));
        let body = json!({"Item": [app()], "NextToken": "more"}).to_string();
        account.page(&op::GET_APPS, json!({}), 1, &body, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, CODE_ARN), unread(Outcome::Truncated));
    }

    #[test]
    fn lists_that_ended_count_by_the_period() {
        let late = |period: &str| elsewhere().at("2026-11-23T10:00:00Z", period);
        assert_eq!(late("2026-Q4").verdict(&RULE, CODE_ARN), unread(Outcome::EndOfSupport));
        assert_eq!(late("2026-11-01..2026-12-31").verdict(&RULE, CODE_ARN), Verdict::Pass);
    }
}

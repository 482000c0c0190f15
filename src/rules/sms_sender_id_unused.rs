//! A sender id is not a short code.

use super::context::Context;
use super::judgement::Judgement;
use super::sms::{self, Message};
use super::{Finding, Rule, rule};
use crate::estate::{Application, Reading};

rule! {
    /// No SMS of an application that carries PHI names a sender id.
    ///
    /// Looks at the SMS channel of the application, and at every SMS message of its campaigns, their treatments and its
    /// journeys. What a campaign or journey leaves open falls back to the application's channel, which is judged there.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says that SMS messages that contain PHI should be sent from a dedicated
    /// short code. A sender id is an alphabetic name and no short code.
    ///
    /// ## Fix
    ///
    /// Remove the sender id: `aws pinpoint update-sms-channel --application-id ID --sms-channel-request
    /// Enabled=true,ShortCode=CODE`, and edit campaigns and journeys that name one.
    ///
    /// ## Limits
    ///
    /// A direct send can name a sender id of its own in each call; no configuration shows that.
    "sms-sender-id-unused", "No sender id for SMS", Required, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    sms::judge_senders(
        rule,
        context,
        |_, application, judgement| judge_channel(application, judgement),
        |_, _, message, judgement| judge_message(message, judgement),
    )
}

fn judge_channel(application: &Application, judgement: &mut Judgement) {
    match &application.sms {
        Reading::Seen { value, calls } => match &value.sender_id {
            Some(sender) => judgement.violated(format!("The SMS channel names the sender id {sender}."), calls),
            None => judgement.holds("The SMS channel names no sender id.", calls),
        },
        // Only GetChannels shows it enabled, and that names no sender.
        Reading::Absent { calls } => judgement.lacks("GetSmsChannel", calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
}

fn judge_message(message: &Message<'_>, judgement: &mut Judgement) {
    let Message { label, sms, call } = message;
    let calls = std::slice::from_ref(*call);
    match sms.and_then(|sms| sms.sender_id.as_deref()) {
        Some(sender) => judgement.violated(format!("The SMS message of {label} names the sender id {sender}."), calls),
        None => judgement.holds(format!("The SMS message of {label} names no sender id."), calls),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::operations as op;
    use crate::rules::Verdict;
    use crate::rules::testing::{
        APP_ARN, Account, EXCLUDED, UNREAD, about_app, campaign, campaign_arn, journey, journey_arn, unread,
    };
    use crate::snapshot::Outcome;

    fn sms(channel: serde_json::Value) -> Account {
        let mut account = Account::new();
        account.answer(&op::GET_SMS_CHANNEL, about_app(), channel);
        account
    }

    #[test]
    fn an_application_passes_without_a_sender_id_and_fails_with_one() {
        for blank in [
            json!({"Enabled": true}),
            json!({"Enabled": true, "SenderId": ""}),
            json!({"Enabled": true, "SenderId": null}),
        ] {
            assert_eq!(sms(blank).verdict(&RULE, APP_ARN), Verdict::Pass);
        }
        assert_eq!(sms(json!({"Enabled": true, "SenderId": "CLINIC"})).verdict(&RULE, APP_ARN), Verdict::Fail);
    }

    #[test]
    fn is_not_applicable_without_an_enabled_sms_channel() {
        assert_eq!(Account::new().verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        assert_eq!(
            sms(json!({"Enabled": false, "SenderId": "CLINIC"})).verdict(&RULE, APP_ARN),
            Verdict::NotApplicable
        );
    }

    #[test]
    fn a_campaign_fails_when_any_treatment_names_one() {
        let mut account = sms(json!({"Enabled": true}));
        let treatment =
            json!({"Id": "t", "TreatmentName": "B", "MessageConfiguration": {"SMSMessage": {"SenderId": "CLINIC"}}});
        let bad =
            campaign("bad", json!({"MessageConfiguration": {"SMSMessage": {}}, "AdditionalTreatments": [treatment]}));
        let good = campaign("good", json!({"MessageConfiguration": {"SMSMessage": {"MessageType": "TRANSACTIONAL"}}}));
        let mail = campaign("mail", json!({"MessageConfiguration": {"EmailMessage": {}}}));
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [bad, good, mail]}));
        let finding = account.finding(&RULE, &campaign_arn("bad"));
        assert_eq!(finding.verdict, Verdict::Fail);
        assert!(finding.message.contains("treatment B"), "{}", finding.message);
        assert_eq!(account.verdict(&RULE, &campaign_arn("good")), Verdict::Pass);
        assert!(account.judge(&RULE).iter().all(|finding| finding.resource != campaign_arn("mail")));
    }

    #[test]
    fn a_journey_fails_when_an_activity_names_one() {
        let mut account = sms(json!({"Enabled": true}));
        let activities = json!({"a": {"SMS": {"MessageConfig": {"SenderId": "CLINIC"}}}});
        account.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": [journey("j", "ACTIVE", activities)]}));
        assert_eq!(account.verdict(&RULE, &journey_arn("j")), Verdict::Fail);
    }

    #[test]
    fn what_was_seen_may_fail_while_the_channel_is_unread_and_nothing_passes() {
        for outcome in UNREAD {
            let mut account = Account::new();
            account.fail(&op::GET_SMS_CHANNEL, about_app(), outcome);
            let bad = campaign("bad", json!({"MessageConfiguration": {"SMSMessage": {"SenderId": "CLINIC"}}}));
            let good = campaign("good", json!({"MessageConfiguration": {"SMSMessage": {}}}));
            account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [bad, good]}));
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome));
            assert_eq!(account.verdict(&RULE, &campaign_arn("bad")), Verdict::Fail);
            assert_eq!(account.verdict(&RULE, &campaign_arn("good")), unread(outcome));
        }
    }

    #[test]
    fn a_list_that_is_unread_has_its_own_finding() {
        for (operation, list) in [(&op::GET_CAMPAIGNS, "campaigns"), (&op::LIST_JOURNEYS, "journeys")] {
            for outcome in UNREAD {
                let mut account = sms(json!({"Enabled": true}));
                account.fail(operation, about_app(), outcome);
                assert_eq!(account.verdict(&RULE, &format!("{APP_ARN}/{list}")), unread(outcome));
                assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Pass);
            }
        }
    }

    #[test]
    fn an_empty_list_after_the_end_of_support_depends_on_the_period() {
        let late = |period: &str| sms(json!({"Enabled": true})).at("2026-11-23T10:00:00Z", period);
        let list = format!("{APP_ARN}/campaigns");
        assert_eq!(late("2026-Q4").verdict(&RULE, &list), unread(Outcome::EndOfSupport));
        assert_eq!(late("2026-11-01..2026-12-31").verdict(&RULE, &list), Verdict::NotApplicable);
    }

    #[test]
    fn a_message_of_unknown_shape_makes_the_list_unread() {
        let mut account = sms(json!({"Enabled": true}));
        let odd = campaign("odd", json!({"MessageConfiguration": {"SMSMessage": {"SenderId": 7}}}));
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [odd]}));
        assert_eq!(account.verdict(&RULE, &format!("{APP_ARN}/campaigns")), unread(Outcome::Unmodelled));
    }

    #[test]
    fn a_channel_that_only_the_map_shows_enabled_may_name_one() {
        let mut account = Account::new();
        account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": {"SMS": {"Enabled": true}}}));
        assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
    }

    #[test]
    fn nothing_passes_on_a_list_that_was_cut_and_what_was_seen_may_fail() {
        let message = |sender: Option<&str>| json!({"MessageConfiguration": {"SMSMessage": {"SenderId": sender}}});
        let activity = |sender: Option<&str>| json!({"a": {"SMS": {"MessageConfig": {"SenderId": sender}}}});
        let campaigns = json!([campaign("good", message(None)), campaign("bad", message(Some("CLINIC")))]);
        let journeys =
            json!([journey("good", "ACTIVE", activity(None)), journey("bad", "ACTIVE", activity(Some("CLINIC")))]);
        for (operation, items, arn) in [
            (&op::GET_CAMPAIGNS, campaigns, campaign_arn as fn(&str) -> String),
            (&op::LIST_JOURNEYS, journeys, journey_arn),
        ] {
            let mut account = sms(json!({"Enabled": true}));
            let page = json!({"Item": items, "NextToken": "more"}).to_string();
            account.page(operation, about_app(), 1, &page, Outcome::Observed);
            assert_eq!(account.verdict(&RULE, &arn("good")), unread(Outcome::Truncated), "{}", operation.name);
            assert_eq!(account.verdict(&RULE, &arn("bad")), Verdict::Fail, "{}", operation.name);
            assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Pass, "the channel is no member of the list");
        }
    }

    #[test]
    fn what_can_send_nothing_any_more_and_what_is_excluded_is_not_applicable() {
        let named = json!({"SMSMessage": {"SenderId": "CLINIC"}});
        let deleted = json!({"MessageConfiguration": named, "State": {"CampaignStatus": "DELETED"}});
        let activities = json!({"a": {"SMS": {"MessageConfig": {"SenderId": "CLINIC"}}}});
        let mut account = sms(json!({"Enabled": true, "SenderId": "CLINIC"}));
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [campaign("gone", deleted)]}));
        account.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": [journey("closed", "CLOSED", activities)]}));
        for resource in [campaign_arn("gone"), journey_arn("closed")] {
            assert_eq!(account.verdict(&RULE, &resource), Verdict::NotApplicable, "{resource}");
        }
        assert_eq!(account.config(EXCLUDED).verdict(&RULE, APP_ARN), Verdict::NotApplicable);
    }
}

//! "you should use the email channel, push notification channel, or SMS channel", for campaigns.

use super::context::Context;
use super::judgement::Judgement;
use super::lists::judge_members;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Application, Campaign, ChannelEntry, ChannelType, Reading, Treatment};
use crate::operations::{self as op, Operation};
use crate::snapshot::CallId;

rule! {
    /// Every campaign of an application that carries PHI sends by email, SMS or push only.
    ///
    /// Looks at the messages, the templates and the custom delivery of the campaign and of every additional treatment.
    /// Permitted are `EmailMessage`, `SMSMessage`, `ADMMessage`, `APNSMessage`, `BaiduMessage`, `GCMMessage`,
    /// `EmailTemplate`, `SMSTemplate` and `PushTemplate`. Everything else is not, including what AWS adds later.
    /// `DefaultMessage` goes out through every channel of the application, so it fails while a channel is enabled there
    /// that is not permitted. A deleted campaign is not applicable.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says that messages that contain PHI should go through the email, push
    /// notification or SMS channel. It names no other one. A custom channel hands the message to a function or web hook
    /// of the customer's.
    ///
    /// ## Fix
    ///
    /// Edit the campaign: `aws pinpoint update-campaign --application-id ID --campaign-id ID --write-campaign-request
    /// file://campaign.json`, or delete it. For a `DefaultMessage`, name each channel instead, or disable the channel
    /// that is not permitted. Since 2026-10-30 the console of Amazon Pinpoint is closed.
    ///
    /// ## Limits
    ///
    /// It shows how campaigns were configured when observed, not what they sent before. A template's own type is not
    /// looked up; the campaign names the kind of template.
    "campaign-channels-permitted", "Campaigns send by email, SMS and push only", Required, Channels, judge
}

/// Messages of one permitted channel (Amazon Pinpoint API, `MessageConfiguration`).
const PERMITTED_MESSAGES: [&str; 6] =
    ["ADMMessage", "APNSMessage", "BaiduMessage", "EmailMessage", "GCMMessage", "SMSMessage"];
/// Templates of permitted channels (Amazon Pinpoint API, `TemplateConfiguration`).
const PERMITTED_TEMPLATES: [&str; 3] = ["EmailTemplate", "PushTemplate", "SMSTemplate"];
/// Goes out through every channel that the application has enabled.
const EVERY_CHANNEL: &str = "DefaultMessage";

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        let own = || (Subject::list(place, application, "campaigns"), Judgement::new());
        judge_members(&application.campaigns, own, |listed| {
            let subject = Subject::below(place, listed.value.arn.clone(), &listed.value.name);
            Some((subject, judge_campaign(application, &listed.value, &listed.call)))
        })
    })
}

fn judge_campaign(application: &Application, campaign: &Campaign, call: &CallId) -> Judgement {
    let mut judgement = Judgement::new();
    if campaign.is_deleted() {
        judgement.not_applicable("The campaign is DELETED.", std::slice::from_ref(call));
        return judgement;
    }
    for treatment in &campaign.treatments {
        judge_treatment(application, treatment, std::slice::from_ref(call), &mut judgement);
    }
    judgement
}

fn judge_treatment(application: &Application, treatment: &Treatment, calls: &[CallId], judgement: &mut Judgement) {
    let Treatment { label, messages, templates, custom_delivery, .. } = treatment;
    let who = capitalized(label);
    if treatment.is_silent() {
        judgement.lacks(op::GET_CAMPAIGNS.name, calls);
    }
    if *custom_delivery {
        judgement.violated(format!("{who} uses CustomDeliveryConfiguration, which is not permitted."), calls);
    }
    let permitted = PERMITTED_MESSAGES.iter().chain(&PERMITTED_TEMPLATES);
    for member in messages.iter().chain(templates) {
        if member.eq_ignore_ascii_case(EVERY_CHANNEL) {
            judge_every_channel(application, &who, calls, judgement);
        } else if permitted.clone().any(|permitted| permitted.eq_ignore_ascii_case(member)) {
            judgement.holds(format!("{who} uses {member}."), calls);
        } else {
            judgement.violated(format!("{who} uses {member}, which is not permitted."), calls);
        }
    }
}

/// A message for all channels, judged by the channels that are enabled: in `GetChannels`, and in the own answer of the
/// voice channel, the only one not permitted that has one.
fn judge_every_channel(application: &Application, who: &str, calls: &[CallId], judgement: &mut Judgement) {
    let refuse = |operation: &Operation, channel: &ChannelType, shown_by: &[CallId], judgement: &mut Judgement| {
        let sentence = format!("{who} uses DefaultMessage while {} shows {channel} enabled.", operation.name);
        judgement.violated(sentence, &[calls, shown_by].concat());
    };
    match &application.channels {
        Reading::Seen { value: entries, calls: shown_by } => {
            for entry in entries.iter().filter(|entry| is_not_permitted(entry)) {
                match entry.enabled {
                    Some(true) => refuse(&op::GET_CHANNELS, &entry.channel, shown_by, judgement),
                    Some(false) => {}
                    None => judgement.lacks(op::GET_CHANNELS.name, shown_by),
                }
            }
        }
        Reading::Absent { calls } => judgement.lacks(op::GET_CHANNELS.name, calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
    match application.single(&ChannelType::Voice) {
        Reading::Seen { value, calls: shown_by } if value.enabled => {
            refuse(&op::GET_VOICE_CHANNEL, &ChannelType::Voice, &shown_by, judgement);
        }
        Reading::Seen { .. } | Reading::Absent { .. } => {}
        Reading::Unread(gap) => judgement.unread(&gap),
    }
    let sentence = format!("{who} uses DefaultMessage, and every channel that is enabled is permitted.");
    judgement.holds(sentence, &[calls, application.channels.calls()].concat());
}

/// The bare `IN_APP` entry that AWS returns for every application is no channel that somebody configured.
fn is_not_permitted(entry: &ChannelEntry) -> bool {
    !entry.channel.is_permitted_for_phi() && (entry.configured || entry.channel != ChannelType::InApp)
}

fn capitalized(label: &str) -> String {
    let mut characters = label.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP_ARN, Account, EXCLUDED, UNREAD, about_app, campaign, campaign_arn, unread};
    use crate::snapshot::Outcome;

    fn with(members: Value) -> Account {
        let mut account = Account::new();
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [campaign("c", members)]}));
        account
    }

    fn verdict(members: Value) -> Verdict {
        with(members).verdict(&RULE, &campaign_arn("c"))
    }

    fn message(member: &str) -> Value {
        json!({"MessageConfiguration": {member: {}}})
    }

    fn list() -> String {
        format!("{APP_ARN}/campaigns")
    }

    /// Every member of `MessageConfiguration` and `TemplateConfiguration` of the service model, with what becomes of it.
    const MESSAGES: [(&str, bool); 8] = [
        ("ADMMessage", true),
        ("APNSMessage", true),
        ("BaiduMessage", true),
        ("EmailMessage", true),
        ("GCMMessage", true),
        ("SMSMessage", true),
        ("CustomMessage", false),
        ("InAppMessage", false),
    ];
    const TEMPLATES: [(&str, bool); 5] = [
        ("EmailTemplate", true),
        ("PushTemplate", true),
        ("SMSTemplate", true),
        ("VoiceTemplate", false),
        ("InAppTemplate", false),
    ];

    fn expected(permitted: bool) -> Verdict {
        if permitted { Verdict::Pass } else { Verdict::Fail }
    }

    #[test]
    fn every_message_and_template_has_its_verdict_and_unknown_ones_fail() {
        for (member, permitted) in MESSAGES {
            assert_eq!(verdict(message(member)), expected(permitted), "{member}");
            assert_eq!(verdict(message(&member.to_lowercase())), expected(permitted), "{member}");
        }
        for (member, permitted) in TEMPLATES {
            assert_eq!(verdict(json!({"TemplateConfiguration": {member: {}}})), expected(permitted), "{member}");
        }
        for member in ["WhatsAppMessage", "VoiceMessage", "DefaultPushNotificationMessage"] {
            assert_eq!(verdict(message(member)), Verdict::Fail, "{member}");
        }
        assert_eq!(verdict(json!({"TemplateConfiguration": {"RCSTemplate": {}}})), Verdict::Fail);
        let unset = json!({"MessageConfiguration": {"CustomMessage": null, "EmailMessage": {}}});
        assert_eq!(verdict(unset), Verdict::Pass);
    }

    #[test]
    fn a_permitted_message_does_not_make_up_for_another_and_custom_delivery_fails() {
        assert_eq!(verdict(json!({"MessageConfiguration": {"SMSMessage": {}, "CustomMessage": {}}})), Verdict::Fail);
        let delivery = json!({"DeliveryUri": "arn:aws:lambda:us-east-1:111122223333:function:f"});
        let both = json!({"MessageConfiguration": {"SMSMessage": {}}, "CustomDeliveryConfiguration": delivery});
        assert_eq!(verdict(both), Verdict::Fail);
    }

    #[test]
    fn every_additional_treatment_counts_as_the_campaign_itself() {
        for part in [
            message("CustomMessage"),
            json!({"TemplateConfiguration": {"VoiceTemplate": {}}}),
            json!({"CustomDeliveryConfiguration": {"DeliveryUri": "https://example.org"}}),
        ] {
            let mut bad = json!({"Id": "t2", "TreatmentName": "B"});
            bad.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
            let good = json!({"Id": "t1", "TemplateConfiguration": {"SMSTemplate": {}}});
            let account =
                with(json!({"MessageConfiguration": {"SMSMessage": {}}, "AdditionalTreatments": [good, bad]}));
            let finding = account.finding(&RULE, &campaign_arn("c"));
            assert_eq!(finding.verdict, Verdict::Fail);
            assert!(finding.message.contains("Treatment B uses"), "{}", finding.message);
        }
    }

    #[test]
    fn a_message_for_all_channels_fails_while_one_is_enabled_that_is_not_permitted() {
        let verdict = |channels: Value| {
            let mut account = with(message("DefaultMessage"));
            account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": channels}));
            account.verdict(&RULE, &campaign_arn("c"))
        };
        assert_eq!(verdict(json!({"SMS": {"Enabled": true}, "VOICE": {"Enabled": false}})), Verdict::Pass);
        assert_eq!(verdict(json!({"IN_APP": {"Enabled": true}})), Verdict::Pass);
        assert_eq!(verdict(json!({"IN_APP": {"Enabled": true, "ApplicationId": "x"}})), Verdict::Fail);
        assert_eq!(verdict(json!({"VOICE": {}})), unread(Outcome::Unmodelled));
        for channel in ["VOICE", "CUSTOM", "WHATSAPP"] {
            assert_eq!(verdict(json!({channel: {"Enabled": true}})), Verdict::Fail, "{channel}");
        }
        let mut account = with(message("DefaultMessage"));
        account.answer(&op::GET_VOICE_CHANNEL, about_app(), json!({"Enabled": true}));
        assert_eq!(account.verdict(&RULE, &campaign_arn("c")), Verdict::Fail);
    }

    #[test]
    fn a_message_for_all_channels_needs_the_channels_and_no_other_message_does() {
        for outcome in UNREAD {
            for operation in [&op::GET_CHANNELS, &op::GET_VOICE_CHANNEL] {
                let mut account = with(message("defaultmessage"));
                account.fail(operation, about_app(), outcome);
                assert_eq!(account.verdict(&RULE, &campaign_arn("c")), unread(outcome), "{}", operation.name);
                let mut account = with(message("EmailMessage"));
                account.fail(operation, about_app(), outcome);
                assert_eq!(account.verdict(&RULE, &campaign_arn("c")), Verdict::Pass, "{}", operation.name);
            }
        }
        let mut both = with(json!({"MessageConfiguration": {"DefaultMessage": {}, "CustomMessage": {}}}));
        both.fail(&op::GET_CHANNELS, about_app(), Outcome::AccessDenied);
        assert_eq!(both.verdict(&RULE, &campaign_arn("c")), Verdict::Fail);
    }

    #[test]
    fn a_deleted_campaign_is_not_applicable_and_one_without_a_state_is_judged() {
        let custom = json!({"CustomMessage": {}});
        for (state, verdict) in [
            (json!({"CampaignStatus": "deleted"}), Verdict::NotApplicable),
            (json!({"CampaignStatus": "COMPLETED"}), Verdict::Fail),
            (json!({"CampaignStatus": "RESTING"}), Verdict::Fail),
            (json!({}), Verdict::Fail),
            (Value::Null, Verdict::Fail),
        ] {
            assert_eq!(self::verdict(json!({"State": state, "MessageConfiguration": custom})), verdict, "{state}");
        }
    }

    #[test]
    fn a_campaign_that_names_no_message_is_unmodelled() {
        assert_eq!(verdict(json!({})), unread(Outcome::Unmodelled));
        assert_eq!(
            verdict(json!({"MessageConfiguration": {}, "TemplateConfiguration": {}})),
            unread(Outcome::Unmodelled)
        );
    }

    #[test]
    fn a_list_that_is_unread_or_cut_has_its_own_finding_and_what_was_seen_is_judged() {
        for outcome in UNREAD {
            let mut account = Account::new();
            account.fail(&op::GET_CAMPAIGNS, about_app(), outcome);
            assert_eq!(account.verdict(&RULE, &list()), unread(outcome));
        }
        let mut account = Account::new();
        let page = json!({"Item": [campaign("c", message("CustomMessage"))], "NextToken": "more"}).to_string();
        account.page(&op::GET_CAMPAIGNS, about_app(), 1, &page, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, &list()), unread(Outcome::Truncated));
        assert_eq!(account.verdict(&RULE, &campaign_arn("c")), Verdict::Fail);
        let mut empty = Account::new();
        empty.answer(&op::GET_CAMPAIGNS, about_app(), json!({}));
        assert_eq!(empty.verdict(&RULE, &list()), unread(Outcome::Unmodelled));
        assert!(Account::new().judge(&RULE).is_empty());
    }

    #[test]
    fn an_empty_list_after_the_end_of_support_depends_on_the_period() {
        let late = |period: &str| Account::new().at("2026-11-23T10:00:00Z", period).verdict(&RULE, &list());
        assert_eq!(late("2026-Q4"), unread(Outcome::EndOfSupport));
        assert_eq!(late("2026-11-01..2026-12-31"), Verdict::NotApplicable);
        let still_there = with(message("CustomMessage")).at("2026-11-23T10:00:00Z", "2026-Q4");
        assert_eq!(still_there.verdict(&RULE, &campaign_arn("c")), Verdict::Fail);
    }

    #[test]
    fn an_excluded_application_is_not_applicable() {
        let account = with(message("CustomMessage")).config(EXCLUDED);
        assert_eq!(account.verdict(&RULE, &campaign_arn("c")), Verdict::NotApplicable);
    }

    #[test]
    fn a_campaign_that_names_a_message_twice_makes_the_list_unmodelled() {
        let twice = r#""MessageConfiguration": {"EmailMessage": {}, "CustomMessage": {}, "CustomMessage": null}"#;
        let mut account = Account::new();
        let page = format!(r#"{{"Item": [{{"Id": "c", "Arn": "{}", {twice}}}]}}"#, campaign_arn("c"));
        account.page(&op::GET_CAMPAIGNS, about_app(), 1, &page, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, &list()), unread(Outcome::Unmodelled));
        assert_eq!(account.judge(&RULE).len(), 1);
    }

    #[test]
    fn a_deleted_campaign_on_a_list_that_was_cut_is_not_applicable_and_another_does_not_pass() {
        let deleted = campaign("gone", json!({"State": {"CampaignStatus": "DELETED"}}));
        let items = json!([deleted, campaign("c", message("EmailMessage"))]);
        let mut account = Account::new();
        let page = json!({"Item": items, "NextToken": "more"}).to_string();
        account.page(&op::GET_CAMPAIGNS, about_app(), 1, &page, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, &campaign_arn("gone")), Verdict::NotApplicable);
        assert_eq!(account.verdict(&RULE, &campaign_arn("c")), unread(Outcome::Truncated));
    }
}

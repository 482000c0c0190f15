//! "you should use the email channel, push notification channel, or SMS channel".

use super::context::Context;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Application, ChannelEntry, ChannelType, Reading};
use crate::snapshot::CallId;

rule! {
    /// Every enabled channel of an application that carries PHI is email, SMS or push.
    ///
    /// Permitted are EMAIL, SMS, PUSH, GCM, APNS, APNS_SANDBOX, APNS_VOIP, APNS_VOIP_SANDBOX, ADM and BAIDU. Everything
    /// else is not, including channels that AWS adds later. APNS_VOIP is a push channel, not the voice channel. The bare
    /// IN_APP entry that AWS returns for every application counts only when somebody configured it.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says that messages that contain PHI should go through the email, push
    /// notification or SMS channel. It names no other one.
    ///
    /// ## Fix
    ///
    /// Disable the channel: `aws pinpoint update-voice-channel --application-id ID --voice-channel-request
    /// Enabled=false`, and likewise for other channels. Move what needs it to an application that carries no PHI, and
    /// declare that under `[[phi.excluded]]`.
    ///
    /// ## Limits
    ///
    /// It shows which channels were enabled when observed, not which messages went through them.
    "channels-permitted", "Only email, SMS and push enabled", Required, Channels, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        vec![(Subject::application(place, application), judge_channels(application))]
    })
}

fn judge_channels(application: &Application) -> Judgement {
    let mut judgement = Judgement::new();
    match &application.channels {
        Reading::Seen { value: entries, calls } => {
            for entry in entries {
                judge_entry(entry, calls, &mut judgement);
            }
            judgement.holds(permitted_sentence(entries), calls);
        }
        Reading::Absent { calls } => judgement.lacks("GetChannels", calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
    judgement
}

fn judge_entry(entry: &ChannelEntry, calls: &[CallId], judgement: &mut Judgement) {
    let ChannelEntry { channel, enabled, configured } = entry;
    if *channel == ChannelType::InApp && !configured {
        return;
    }
    match enabled {
        Some(true) if channel.is_permitted_for_phi() => {}
        Some(true) => {
            judgement.violated(format!("GetChannels shows {channel} enabled, which is not permitted."), calls);
        }
        Some(false) => {}
        None => judgement.lacks("GetChannels", calls),
    }
}

fn permitted_sentence(entries: &[ChannelEntry]) -> String {
    let enabled: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.enabled == Some(true) && entry.channel.is_permitted_for_phi())
        .map(|entry| entry.channel.as_str())
        .collect();
    match enabled.as_slice() {
        [] => "GetChannels shows no channel enabled.".to_owned(),
        some => format!("GetChannels shows only permitted channels enabled: {}.", some.join(", ")),
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents are written in place, as literals")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP_ARN, Account, UNREAD, about_app, unread};
    use crate::snapshot::Outcome;

    fn verdict(channels: Value) -> Verdict {
        let mut account = Account::new();
        account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": channels}));
        account.verdict(&RULE, APP_ARN)
    }

    #[test]
    fn passes_for_every_permitted_channel_and_for_none() {
        assert_eq!(verdict(json!({})), Verdict::Pass);
        for name in [
            "EMAIL",
            "SMS",
            "PUSH",
            "GCM",
            "APNS",
            "APNS_SANDBOX",
            "APNS_VOIP",
            "APNS_VOIP_SANDBOX",
            "ADM",
            "BAIDU",
            "email",
        ] {
            assert_eq!(verdict(json!({name: {"Enabled": true}})), Verdict::Pass, "{name}");
        }
    }

    #[test]
    fn fails_for_every_other_channel_that_is_enabled() {
        for name in ["VOICE", "CUSTOM", "WHATSAPP", "", "voice"] {
            let channels = json!({name: {"Enabled": true}, "SMS": {"Enabled": true}});
            assert_eq!(verdict(channels), Verdict::Fail, "{name}");
            assert_eq!(verdict(json!({name: {"Enabled": false}})), Verdict::Pass, "{name}");
        }
    }

    #[test]
    fn in_app_counts_only_when_somebody_configured_it() {
        assert_eq!(verdict(json!({"IN_APP": {"Enabled": true, "IsArchived": false, "Version": 1}})), Verdict::Pass);
        for member in ["CreationDate", "ApplicationId"] {
            assert_eq!(verdict(json!({"IN_APP": {"Enabled": true, member: "x"}})), Verdict::Fail);
            assert_eq!(verdict(json!({"IN_APP": {"Enabled": false, member: "x"}})), Verdict::Pass);
        }
    }

    #[test]
    fn an_entry_that_does_not_say_whether_it_is_enabled_is_unmodelled() {
        assert_eq!(verdict(json!({"VOICE": {}})), unread(Outcome::Unmodelled));
        assert_eq!(verdict(json!({"VOICE": {}, "CUSTOM": {"Enabled": true}})), Verdict::Fail);
        assert_eq!(verdict(json!({"SMS": {"Enabled": "yes"}})), unread(Outcome::Unmodelled));
    }

    #[test]
    fn is_not_evaluated_when_unread_and_when_the_map_is_missing() {
        for outcome in UNREAD {
            let mut account = Account::new();
            account.fail(&op::GET_CHANNELS, about_app(), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome));
        }
        let mut account = Account::new();
        account.answer(&op::GET_CHANNELS, about_app(), json!({}));
        assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
    }

    #[test]
    fn an_excluded_application_is_not_applicable() {
        let mut account = Account::new().config(crate::rules::testing::EXCLUDED);
        account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": {"VOICE": {"Enabled": true}}}));
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
    }

    #[test]
    fn an_answer_that_names_a_channel_twice_is_unmodelled() {
        let mut account = Account::new();
        let twice = r#"{"Channels": {"VOICE": {"Enabled": true}, "VOICE": {"Enabled": false}}}"#;
        account.page(&op::GET_CHANNELS, about_app(), 1, twice, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
    }
}

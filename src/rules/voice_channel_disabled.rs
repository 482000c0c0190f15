//! "The voice channel is not AWS HIPAA eligible; do not use the voice channel".

use super::context::Context;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Application, ChannelType, Reading};

rule! {
    /// An application that carries PHI has no enabled voice channel.
    ///
    /// Passes when `GetVoiceChannel` shows that the channel was never configured or is disabled, and `GetChannels`
    /// shows no enabled VOICE entry. Fails when either shows it enabled. Both have to be read.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says that the voice channel is not HIPAA eligible and must not be
    /// used for messages that contain PHI. AWS's list of HIPAA eligible services excludes voice messages from Amazon
    /// Pinpoint and AWS End User Messaging, so the business associate addendum does not reach them
    /// (45 CFR 164.502(e), 164.308(b)(1)).
    ///
    /// ## Fix
    ///
    /// AWS CLI: `aws pinpoint update-voice-channel --application-id ID --voice-channel-request Enabled=false`, or
    /// `aws pinpoint delete-voice-channel --application-id ID`.
    ///
    /// ## Limits
    ///
    /// It shows that voice was disabled when observed. It cannot show that voice was not used: a direct send names its
    /// channel in each call, and AWS End User Messaging SMS can send voice messages without an application.
    "voice-channel-disabled", "Voice channel disabled", Required, Voice, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        let mut judgement = Judgement::new();
        single_channel(application, &mut judgement);
        all_channels(application, &mut judgement);
        vec![(Subject::application(place, application), judgement)]
    })
}

fn single_channel(application: &Application, judgement: &mut Judgement) {
    match application.single(&ChannelType::Voice) {
        Reading::Seen { value, calls } if value.enabled => {
            judgement.violated("GetVoiceChannel shows the voice channel enabled.", &calls);
        }
        Reading::Seen { calls, .. } => judgement.holds("GetVoiceChannel shows the voice channel disabled.", &calls),
        Reading::Absent { calls } => judgement.holds("GetVoiceChannel shows no voice channel.", &calls),
        Reading::Unread(gap) => judgement.unread(&gap),
    }
}

fn all_channels(application: &Application, judgement: &mut Judgement) {
    match &application.channels {
        Reading::Seen { value: entries, calls } => {
            let mut voice = entries.iter().filter(|entry| entry.channel == ChannelType::Voice).peekable();
            if voice.peek().is_none() {
                judgement.holds("GetChannels shows no VOICE entry.", calls);
            }
            for entry in voice {
                match entry.enabled {
                    Some(true) => judgement.violated("GetChannels shows VOICE enabled.", calls),
                    Some(false) => judgement.holds("GetChannels shows VOICE disabled.", calls),
                    None => judgement.lacks("GetChannels", calls),
                }
            }
        }
        Reading::Absent { calls } => judgement.lacks("GetChannels", calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::operations as op;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP_ARN, Account, UNREAD, about_app, unread};
    use crate::snapshot::Outcome;

    fn with(voice: Option<bool>, entry: Option<serde_json::Value>) -> Account {
        let mut account = Account::new();
        if let Some(enabled) = voice {
            account.answer(&op::GET_VOICE_CHANNEL, about_app(), json!({"Enabled": enabled, "Platform": "VOICE"}));
        }
        if let Some(entry) = entry {
            account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": {"VOICE": entry}}));
        }
        account
    }

    #[test]
    fn passes_when_never_configured_or_disabled_in_both_answers() {
        for voice in [None, Some(false)] {
            for entry in [None, Some(json!({"Enabled": false}))] {
                assert_eq!(with(voice, entry).verdict(&RULE, APP_ARN), Verdict::Pass);
            }
        }
    }

    #[test]
    fn fails_when_either_answer_shows_it_enabled_even_if_the_other_is_unread() {
        assert_eq!(with(Some(true), None).verdict(&RULE, APP_ARN), Verdict::Fail);
        assert_eq!(with(None, Some(json!({"Enabled": true}))).verdict(&RULE, APP_ARN), Verdict::Fail);
        for outcome in UNREAD {
            let mut account = with(Some(true), None);
            account.fail(&op::GET_CHANNELS, about_app(), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Fail);
            let mut account = with(None, Some(json!({"Enabled": true})));
            account.fail(&op::GET_VOICE_CHANNEL, about_app(), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Fail);
        }
    }

    #[test]
    fn the_entry_of_the_map_compares_without_regard_to_case() {
        let mut account = Account::new();
        account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": {"voice": {"Enabled": true}}}));
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Fail);
    }

    #[test]
    fn is_not_evaluated_when_either_answer_is_unread() {
        for outcome in UNREAD {
            for operation in [&op::GET_VOICE_CHANNEL, &op::GET_CHANNELS] {
                let mut account = Account::new();
                account.fail(operation, about_app(), outcome);
                assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome), "{}", operation.name);
            }
        }
    }

    #[test]
    fn is_not_evaluated_when_an_answer_lacks_the_member() {
        assert_eq!(with(None, Some(json!({}))).verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
        let mut account = Account::new();
        account.answer(&op::GET_VOICE_CHANNEL, about_app(), json!({"Platform": "VOICE"}));
        assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
    }

    #[test]
    fn a_missing_channel_is_believed_only_when_the_application_was_seen() {
        let mut account = Account::new();
        account.fail(&op::GET_APP, about_app(), Outcome::AccessDenied);
        assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::AccessDenied));
    }

    #[test]
    fn an_excluded_application_is_not_applicable_with_the_declaration_as_the_fact() {
        let account = with(Some(true), None).config(crate::rules::testing::EXCLUDED);
        let finding = account.finding(&RULE, APP_ARN);
        assert_eq!(finding.verdict, Verdict::NotApplicable);
        assert!(finding.message.contains("privacy officer declared on 2026-09-01"), "{}", finding.message);
    }

    #[test]
    fn a_list_of_applications_that_is_unread_or_cut_is_one_finding_on_the_place() {
        let place = "account/111122223333/region/us-east-1";
        for outcome in UNREAD {
            let mut account = Account::new();
            account.fail(&op::GET_APPS, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, place), unread(outcome));
            assert_eq!(account.judge(&RULE).len(), 1);
        }
        let mut account = Account::new();
        let body = json!({"Item": [crate::rules::testing::app()], "NextToken": "more"}).to_string();
        account.page(&op::GET_APPS, json!({}), 1, &body, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, place), unread(Outcome::Truncated));
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Pass);
    }

    #[test]
    fn two_entries_that_disagree_count_both() {
        for (other, verdict) in [(json!({"Enabled": true}), Verdict::Fail), (json!({}), unread(Outcome::Unmodelled))] {
            let mut account = Account::new();
            let channels = json!({"VOICE": {"Enabled": false}, "voice": other});
            account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": channels}));
            assert_eq!(account.verdict(&RULE, APP_ARN), verdict);
        }
    }
}

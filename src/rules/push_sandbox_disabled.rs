//! Sandbox channels of Apple's push service are for development.

use super::context::Context;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Application, ChannelEntry, ChannelType, PushChannel, Reading};
use crate::operations as op;
use crate::snapshot::CallId;

rule! {
    /// An application that carries PHI has no enabled sandbox push channel.
    ///
    /// Passes when neither `APNS_SANDBOX` nor `APNS_VOIP_SANDBOX` is enabled, in their own answers and in
    /// `GetChannels`. Fails when one is, in either. Where no push channel at all is enabled, the application is not
    /// applicable.
    ///
    /// ## Why
    ///
    /// Apple's sandbox environment serves builds under development. PHI in development systems is outside the
    /// safeguards of production (NIST SP 800-53r5 CM-4(1), SA-3(2)).
    ///
    /// ## Fix
    ///
    /// `aws pinpoint update-apns-sandbox-channel --application-id ID --apns-sandbox-channel-request Enabled=false`, or
    /// the same with `apns-voip-sandbox`. Console: AWS End User Messaging, Push. For test devices use an application
    /// that carries no PHI.
    ///
    /// ## Limits
    ///
    /// It shows which channels were enabled when observed, not which messages went through them.
    "push-sandbox-disabled", "Push sandbox disabled", Recommended, Push, judge
}

const SANDBOXES: [ChannelType; 2] = [ChannelType::ApnsSandbox, ChannelType::ApnsVoipSandbox];

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        let mut judgement = Judgement::new();
        for push in application.push.iter().filter(|push| SANDBOXES.contains(&push.channel)) {
            judge_channel(push, &mut judgement);
        }
        judge_entries(application, &mut judgement);
        if let Some(calls) = none_enabled(application) {
            judgement.not_applicable("No push channel is enabled.", &calls);
        }
        vec![(Subject::application(place, application), judgement)]
    })
}

fn judge_channel(push: &PushChannel, judgement: &mut Judgement) {
    let PushChannel { channel, operation, shown, .. } = push;
    match shown {
        Reading::Seen { value, calls } if value.enabled => {
            judgement.violated(format!("{operation} shows {channel} enabled."), calls);
        }
        Reading::Seen { calls, .. } => judgement.holds(format!("{operation} shows {channel} disabled."), calls),
        Reading::Absent { calls } => judgement.holds(format!("{operation} shows no {channel}."), calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
}

fn judge_entries(application: &Application, judgement: &mut Judgement) {
    let operation = op::GET_CHANNELS.name;
    match &application.channels {
        Reading::Seen { value: entries, calls } => {
            for entry in entries.iter().filter(|entry| SANDBOXES.contains(&entry.channel)) {
                match (&entry.channel, entry.enabled) {
                    (channel, Some(true)) => judgement.violated(format!("{operation} shows {channel} enabled."), calls),
                    (_, Some(false)) => {}
                    (_, None) => judgement.lacks(operation, calls),
                }
            }
            judgement.holds(format!("{operation} shows no sandbox channel enabled."), calls);
        }
        Reading::Absent { calls } => judgement.lacks(operation, calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
}

/// The calls that show that no push channel is enabled; `None` when one is, or when one could not be read.
fn none_enabled(application: &Application) -> Option<Vec<CallId>> {
    let Reading::Seen { value: entries, calls } = &application.channels else { return None };
    let may_send = |entry: &ChannelEntry| entry.channel.is_push() && entry.enabled != Some(false);
    if entries.iter().any(may_send) {
        return None;
    }
    let mut evidence = calls.clone();
    for push in &application.push {
        match &push.shown {
            Reading::Seen { value, calls } if !value.enabled => evidence.extend(calls.iter().cloned()),
            Reading::Absent { calls } => evidence.extend(calls.iter().cloned()),
            Reading::Seen { .. } | Reading::Unread(_) => return None,
        }
    }
    Some(evidence)
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents stand inline in the calls")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations::Operation;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP_ARN, Account, EXCLUDED, UNREAD, about_app, unread};
    use crate::snapshot::Outcome;

    const SANDBOX: [(&Operation, &str); 2] =
        [(&op::GET_APNS_SANDBOX_CHANNEL, "APNS_SANDBOX"), (&op::GET_APNS_VOIP_SANDBOX_CHANNEL, "APNS_VOIP_SANDBOX")];

    /// An application with an enabled FCM channel.
    fn pushing() -> Account {
        let mut account = Account::new();
        account.answer(&op::GET_GCM_CHANNEL, about_app(), json!({"Enabled": true}));
        account
    }

    fn listed(account: &mut Account, channels: Value) {
        account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": channels}));
    }

    #[test]
    fn passes_when_neither_is_enabled_in_its_own_answer_and_in_the_list() {
        assert_eq!(pushing().verdict(&RULE, APP_ARN), Verdict::Pass);
        let mut account = pushing();
        for (operation, _) in SANDBOX {
            account.answer(operation, about_app(), json!({"Enabled": false}));
        }
        listed(&mut account, json!({"GCM": {"Enabled": true}, "APNS_SANDBOX": {"Enabled": false}}));
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Pass);
        let mut only_in_the_list = Account::new();
        listed(&mut only_in_the_list, json!({"PUSH": {"Enabled": true}}));
        assert_eq!(only_in_the_list.verdict(&RULE, APP_ARN), Verdict::Pass);
    }

    #[test]
    fn fails_when_one_is_enabled_in_either_answer_even_if_the_other_is_unread() {
        for (operation, name) in SANDBOX {
            let mut own = Account::new();
            own.answer(operation, about_app(), json!({"Enabled": true}));
            assert_eq!(own.verdict(&RULE, APP_ARN), Verdict::Fail);
            let mut entry = Account::new();
            listed(&mut entry, json!({name.to_lowercase(): {"Enabled": true}}));
            assert_eq!(entry.verdict(&RULE, APP_ARN), Verdict::Fail);
            for outcome in UNREAD {
                own.fail(&op::GET_CHANNELS, about_app(), outcome);
                assert_eq!(own.verdict(&RULE, APP_ARN), Verdict::Fail);
                entry.fail(operation, about_app(), outcome);
                assert_eq!(entry.verdict(&RULE, APP_ARN), Verdict::Fail);
            }
        }
    }

    #[test]
    fn is_not_applicable_when_every_push_channel_was_read_and_none_is_enabled() {
        assert_eq!(Account::new().verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        let mut disabled = Account::new();
        disabled.answer(&op::GET_GCM_CHANNEL, about_app(), json!({"Enabled": false}));
        listed(&mut disabled, json!({"GCM": {"Enabled": false}, "SMS": {"Enabled": true}}));
        assert_eq!(disabled.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
    }

    #[test]
    fn an_unread_channel_that_is_no_sandbox_decides_nothing() {
        for outcome in UNREAD {
            let mut account = Account::new();
            account.fail(&op::GET_GCM_CHANNEL, about_app(), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Pass);
        }
    }

    #[test]
    fn is_not_evaluated_when_either_answer_is_unread_or_lacks_the_member() {
        for outcome in UNREAD {
            for operation in [SANDBOX[0].0, SANDBOX[1].0, &op::GET_CHANNELS] {
                for mut account in [Account::new(), pushing()] {
                    account.fail(operation, about_app(), outcome);
                    assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome), "{}", operation.name);
                }
            }
        }
        for (operation, name) in SANDBOX {
            let mut entry = pushing();
            listed(&mut entry, json!({name: {}}));
            assert_eq!(entry.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
            let mut own = pushing();
            own.answer(operation, about_app(), json!({"Platform": name}));
            assert_eq!(own.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
        }
    }

    #[test]
    fn an_excluded_application_is_not_applicable() {
        let mut account = pushing().config(EXCLUDED);
        account.answer(&op::GET_APNS_SANDBOX_CHANNEL, about_app(), json!({"Enabled": true}));
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
    }
}

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
    /// Passes when neither APNS_SANDBOX nor APNS_VOIP_SANDBOX is enabled, in their own answers and in `GetChannels`.
    /// Fails when one is, in either. Where no push channel at all is enabled, the application is not applicable.
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

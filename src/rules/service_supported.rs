//! Nothing depends on a feature that AWS no longer supports.

use super::context::Context;
use super::email::is_listed_as_enabled;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Application, Campaign, CampaignStatus, Gap, Journey, JourneyState, Reading};
use crate::lifecycle;
use crate::operations as op;
use crate::snapshot::{CallId, Outcome};

rule! {
    /// An application that carries PHI uses nothing that ended with the support of Amazon Pinpoint.
    ///
    /// Fails when a campaign is SCHEDULED, EXECUTING, PENDING_NEXT_RUN or PAUSED, a journey is ACTIVE, or the email
    /// channel is enabled. Passes when campaigns, journeys and the email channel were read and none of that is so; an
    /// answer that shows nothing after the end of support means here that nothing is in use. Not applicable when it was
    /// collected before 2026-10-31.
    ///
    /// ## Why
    ///
    /// AWS ended the support of Amazon Pinpoint on 2026-10-30: endpoints, segments, campaigns, journeys, analytics and
    /// email (Amazon Pinpoint user guide, end of support notice). NIST SP 800-53r5 SA-22 asks to replace components
    /// that are no longer supported; 45 CFR 164.308(a)(8) asks for an evaluation after such a change.
    ///
    /// ## Fix
    ///
    /// Move campaigns and journeys to Amazon Connect outbound campaigns, and email to Amazon SES. Then delete what is
    /// left: `aws pinpoint delete-campaign`, `aws pinpoint update-journey-state` with State=CANCELLED,
    /// `aws pinpoint delete-email-channel`, each with `--application-id ID`.
    ///
    /// ## Limits
    ///
    /// It does not show whether another system still calls an ended API.
    "service-supported", "Nothing unsupported in use", Recommended, Agreements, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        let mut judgement = Judgement::new();
        if lifecycle::is_over(context.at()) {
            judge_campaigns(application, &mut judgement);
            judge_journeys(application, &mut judgement);
            judge_email(application, &mut judgement);
        } else {
            let sentence = "This was collected before the support of Amazon Pinpoint ended (2026-10-30).";
            judgement.not_applicable(sentence, std::slice::from_ref(&application.listed_by));
        }
        vec![(Subject::application(place, application), judgement)]
    })
}

fn judge_campaigns(application: &Application, judgement: &mut Judgement) {
    use CampaignStatus::{Completed, Deleted, Executing, Invalid, Paused, PendingNextRun, Scheduled, Unknown};
    let campaigns = &application.campaigns;
    for listed in &campaigns.seen {
        let Campaign { name, status, .. } = &listed.value;
        let calls = std::slice::from_ref(&listed.call);
        match status {
            Some(status @ (Scheduled | Executing | PendingNextRun | Paused)) => {
                judgement.violated(format!("The campaign {name} is {status}."), calls);
            }
            Some(Completed | Deleted | Invalid) => {}
            Some(Unknown(_)) | None => judgement.lacks(op::GET_CAMPAIGNS.name, calls),
        }
    }
    judge_end(campaigns.gap.as_ref(), "No campaign is under way.", &campaigns.calls, judgement);
}

fn judge_journeys(application: &Application, judgement: &mut Judgement) {
    use JourneyState::{Active, Cancelled, Closed, Completed, Draft, Paused, Unknown};
    let journeys = &application.journeys;
    for listed in &journeys.seen {
        let Journey { name, state, .. } = &listed.value;
        let calls = std::slice::from_ref(&listed.call);
        match state {
            Some(Active) => judgement.violated(format!("The journey {name} is ACTIVE."), calls),
            Some(Draft | Completed | Cancelled | Closed | Paused) => {}
            Some(Unknown(_)) | None => judgement.lacks(op::LIST_JOURNEYS.name, calls),
        }
    }
    judge_end(journeys.gap.as_ref(), "No journey is ACTIVE.", &journeys.calls, judgement);
}

/// What the end of a list says: that nothing is in use, also when it ended with the support.
fn judge_end(gap: Option<&Gap>, none: &str, calls: &[CallId], judgement: &mut Judgement) {
    match gap {
        None => judgement.holds(none, calls),
        Some(gap) if gap.outcome == Outcome::EndOfSupport => judgement.holds(gap.sentence(), &gap.calls),
        Some(gap) => judgement.unread(gap),
    }
}

fn judge_email(application: &Application, judgement: &mut Judgement) {
    match &application.email {
        Reading::Seen { value, calls } if value.enabled => {
            judgement.violated("GetEmailChannel shows the email channel enabled.", calls);
        }
        _ if is_listed_as_enabled(application) => {
            judgement.violated("GetChannels shows EMAIL enabled.", application.channels.calls());
        }
        Reading::Seen { calls, .. } => judgement.holds("GetEmailChannel shows the email channel disabled.", calls),
        Reading::Absent { calls } => judgement.holds("GetEmailChannel shows no email channel.", calls),
        Reading::Unread(gap) => judge_end(Some(gap), "", &[], judgement),
    }
}

//! Nothing depends on a feature that AWS no longer supports.

use super::context::Context;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{
    Application, Campaign, CampaignStatus, ChannelType, Gap, Journey, JourneyState, Listed, Listing, Reading,
};
use crate::lifecycle;
use crate::operations as op;
use crate::snapshot::{CallId, Outcome};

rule! {
    /// An application that carries PHI uses nothing that ended with the support of Amazon Pinpoint.
    ///
    /// Fails when a campaign is `SCHEDULED`, `EXECUTING`, `PENDING_NEXT_RUN` or `PAUSED`, a journey is ACTIVE, or the
    /// email channel is enabled in either answer. Passes when campaigns, journeys and both answers were read and none of
    /// that is so; an answer that shows nothing after the end of support means here that nothing is in use. Not
    /// applicable when it was collected before 2026-10-31.
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
    /// left: `aws pinpoint delete-campaign`, `aws pinpoint update-journey-state` with State=CANCELLED, `aws pinpoint
    /// delete-email-channel`, each with `--application-id ID`.
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
    for listed in seen_now(campaigns) {
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
    judge_end(application.own_gaps.campaigns.as_ref(), "No campaign is under way.", &campaigns.calls, judgement);
}

fn judge_journeys(application: &Application, judgement: &mut Judgement) {
    use JourneyState::{Active, Cancelled, Closed, Completed, Draft, Paused, Unknown};
    let journeys = &application.journeys;
    for listed in seen_now(journeys) {
        let Journey { name, state, .. } = &listed.value;
        let calls = std::slice::from_ref(&listed.call);
        match state {
            Some(Active) => judgement.violated(format!("The journey {name} is ACTIVE."), calls),
            Some(Draft | Completed | Cancelled | Closed | Paused) => {}
            Some(Unknown(_)) | None => judgement.lacks(op::LIST_JOURNEYS.name, calls),
        }
    }
    judge_end(application.own_gaps.journeys.as_ref(), "No journey is ACTIVE.", &journeys.calls, judgement);
}

/// What the newest snapshot itself shows: an earlier one shows what was in use, not what still is.
fn seen_now<T>(list: &Listing<T>) -> impl Iterator<Item = &Listed<T>> {
    list.seen.iter().filter(|listed| listed.call.earlier().is_none())
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
        Reading::Seen { calls, .. } => judgement.holds("GetEmailChannel shows the email channel disabled.", calls),
        Reading::Absent { calls } => judgement.holds("GetEmailChannel shows no email channel.", calls),
        Reading::Unread(gap) => judge_end(Some(gap), "", &[], judgement),
    }
    match &application.channels {
        Reading::Seen { calls, .. } if application.is_listed_as_enabled(&ChannelType::Email) => {
            judgement.violated("GetChannels shows EMAIL enabled.", calls);
        }
        Reading::Seen { value: entries, calls } => {
            if entries.iter().any(|entry| entry.channel == ChannelType::Email && entry.enabled.is_none()) {
                judgement.lacks(op::GET_CHANNELS.name, calls);
            }
            judgement.holds("GetChannels shows EMAIL not enabled.", calls);
        }
        Reading::Absent { calls } => judgement.lacks(op::GET_CHANNELS.name, calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents stand inline in the calls")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP_ARN, Account, EXCLUDED, UNREAD, about_app, campaign, journey, recall, unread};

    const LATE: &str = "2026-11-23T10:00:00Z";

    fn late(account: Account) -> Verdict {
        account.at(LATE, "2026-Q4").verdict(&RULE, APP_ARN)
    }

    fn with_campaign(state: Value) -> Account {
        let mut account = Account::new();
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [campaign("c", json!({"State": state}))]}));
        account
    }

    fn with_journey(state: &str) -> Account {
        let mut account = Account::new();
        account.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": [journey("j", state, json!({}))]}));
        account
    }

    #[test]
    fn what_shows_nothing_after_the_end_of_support_is_not_in_use() {
        for period in ["2026-Q4", "2026-11-01..2026-12-31"] {
            assert_eq!(Account::new().at(LATE, period).verdict(&RULE, APP_ARN), Verdict::Pass);
        }
        let mut ended = Account::new();
        for operation in [&op::GET_CAMPAIGNS, &op::LIST_JOURNEYS, &op::GET_EMAIL_CHANNEL] {
            ended.fail(operation, about_app(), Outcome::EndOfSupport);
        }
        assert_eq!(late(ended), Verdict::Pass);
    }

    #[test]
    fn every_campaign_status_has_its_verdict() {
        for (status, expected) in [
            ("SCHEDULED", Verdict::Fail),
            ("EXECUTING", Verdict::Fail),
            ("PENDING_NEXT_RUN", Verdict::Fail),
            ("PAUSED", Verdict::Fail),
            ("paused", Verdict::Fail),
            ("COMPLETED", Verdict::Pass),
            ("DELETED", Verdict::Pass),
            ("INVALID", Verdict::Pass),
            ("RESTING", unread(Outcome::Unmodelled)),
        ] {
            assert_eq!(late(with_campaign(json!({"CampaignStatus": status}))), expected, "{status}");
        }
        assert_eq!(late(with_campaign(json!({}))), unread(Outcome::Unmodelled));
    }

    #[test]
    fn every_journey_state_has_its_verdict() {
        for (state, expected) in [
            ("ACTIVE", Verdict::Fail),
            ("active", Verdict::Fail),
            ("DRAFT", Verdict::Pass),
            ("COMPLETED", Verdict::Pass),
            ("CANCELLED", Verdict::Pass),
            ("CLOSED", Verdict::Pass),
            ("PAUSED", Verdict::Pass),
            ("RESTING", unread(Outcome::Unmodelled)),
        ] {
            assert_eq!(late(with_journey(state)), expected, "{state}");
        }
        let mut silent = Account::new();
        silent.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": [{"Id": "j", "Name": "j"}]}));
        assert_eq!(late(silent), unread(Outcome::Unmodelled));
    }

    #[test]
    fn fails_while_the_email_channel_is_enabled_in_either_answer() {
        for (enabled, expected) in [(true, Verdict::Fail), (false, Verdict::Pass)] {
            let mut own = Account::new();
            own.answer(&op::GET_EMAIL_CHANNEL, about_app(), json!({"Enabled": enabled}));
            assert_eq!(late(own), expected);
            let mut listed = Account::new();
            let channels = json!({"Channels": {"EMAIL": {"Enabled": enabled}}});
            listed.answer(&op::GET_CHANNELS, about_app(), channels);
            assert_eq!(late(listed), expected);
        }
    }

    #[test]
    fn is_not_evaluated_when_something_is_unread_or_cut_unless_a_violation_was_seen() {
        let operations = [&op::GET_CAMPAIGNS, &op::LIST_JOURNEYS, &op::GET_EMAIL_CHANNEL, &op::GET_CHANNELS];
        for outcome in UNREAD {
            for operation in operations {
                let mut account = Account::new();
                account.fail(operation, about_app(), outcome);
                assert_eq!(late(account), unread(outcome), "{}", operation.name);
            }
            let mut account = with_journey("ACTIVE");
            account.fail(&op::GET_CAMPAIGNS, about_app(), outcome);
            assert_eq!(late(account), Verdict::Fail);
        }
        let mut silent = Account::new();
        silent.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": {"EMAIL": {}}}));
        assert_eq!(late(silent), unread(Outcome::Unmodelled));
        let mut cut = Account::new();
        let page = json!({"Item": [], "NextToken": "more"}).to_string();
        cut.page(&op::GET_CAMPAIGNS, about_app(), 1, &page, Outcome::Observed);
        assert_eq!(late(cut), unread(Outcome::Truncated));
    }

    #[test]
    fn what_only_an_earlier_snapshot_shows_is_not_in_use_and_does_not_fill_in_what_is_unread() {
        let before = with_campaign(json!({"CampaignStatus": "SCHEDULED"})).at("2026-10-20T09:00:00Z", "2026-Q4");
        let verdict = |newest: Account| {
            let findings = recall(&newest.at(LATE, "2026-Q4"), &[&before], &RULE);
            findings.into_iter().find(|finding| finding.resource == APP_ARN).expect("a finding").verdict
        };
        assert_eq!(verdict(Account::new()), Verdict::Pass);
        let mut denied = Account::new();
        denied.fail(&op::GET_CAMPAIGNS, about_app(), Outcome::AccessDenied);
        assert_eq!(verdict(denied), unread(Outcome::AccessDenied));
    }

    #[test]
    fn is_not_applicable_when_collected_before_the_boundary() {
        let account = || with_journey("ACTIVE");
        for at in ["2026-09-30T16:00:00Z", "2026-10-30T23:59:59Z"] {
            assert_eq!(account().at(at, "2026-Q4").verdict(&RULE, APP_ARN), Verdict::NotApplicable, "{at}");
        }
        assert_eq!(account().at("2026-10-31T00:00:00Z", "2026-Q4").verdict(&RULE, APP_ARN), Verdict::Fail);
    }

    #[test]
    fn an_excluded_application_is_not_applicable() {
        assert_eq!(late(with_journey("ACTIVE").config(EXCLUDED)), Verdict::NotApplicable);
    }
}

//! "you should use the email channel, push notification channel, or SMS channel", for journeys.

use super::context::Context;
use super::judgement::Judgement;
use super::lists::judge_members;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Activity, Journey};
use crate::operations as op;
use crate::snapshot::CallId;

rule! {
    /// Every activity of a journey of an application that carries PHI sends by email, SMS or push, or sends nothing.
    ///
    /// Permitted are EMAIL, SMS and PUSH, and `ConditionalSplit`, `MultiCondition`, `RandomSplit`, `Holdout` and
    /// `Wait`, which send nothing. CUSTOM, `ContactCenter` and everything that AWS adds later fail, and so does an
    /// activity that has several kinds or none. A journey in state CANCELLED or CLOSED is not applicable.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says that messages that contain PHI should go through the email, push
    /// notification or SMS channel. It names no other one. `ContactCenter` is a telephone call through Amazon Connect;
    /// CUSTOM hands the message to a function or web hook of the customer's.
    ///
    /// ## Fix
    ///
    /// Cancel the journey and publish one without the activity: `aws pinpoint update-journey-state --application-id ID
    /// --journey-id ID --journey-state-request State=CANCELLED`. Since 2026-10-30 the console of Amazon Pinpoint is
    /// closed.
    ///
    /// ## Limits
    ///
    /// It shows how journeys were configured when observed, not what they sent before.
    "journey-channels-permitted", "Journeys send by email, SMS and push only", Required, Channels, judge
}

/// What an activity may do (Amazon Pinpoint API, `Activity`).
const PERMITTED: [&str; 8] =
    ["EMAIL", "SMS", "PUSH", "ConditionalSplit", "MultiCondition", "RandomSplit", "Holdout", "Wait"];

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        let own = || (Subject::list(place, application, "journeys"), Judgement::new());
        judge_members(&application.journeys, own, |listed| {
            let subject = Subject::below(place, listed.value.arn.clone(), &listed.value.name);
            Some((subject, judge_journey(&listed.value, std::slice::from_ref(&listed.call))))
        })
    })
}

fn judge_journey(journey: &Journey, calls: &[CallId]) -> Judgement {
    let mut judgement = Judgement::new();
    if let Some(state) = journey.end() {
        judgement.not_applicable(format!("The journey is {state}."), calls);
        return judgement;
    }
    for activity in &journey.activities {
        judge_activity(activity, calls, &mut judgement);
    }
    if journey.shows_activities {
        let count = journey.activities.len();
        judgement.holds(format!("Activities of permitted kinds: {count} of {count}."), calls);
    } else {
        judgement.lacks(op::LIST_JOURNEYS.name, calls);
    }
    judgement
}

fn judge_activity(Activity { id, kinds, .. }: &Activity, calls: &[CallId], judgement: &mut Judgement) {
    match kinds.as_slice() {
        [kind] if PERMITTED.iter().any(|permitted| permitted.eq_ignore_ascii_case(kind)) => {}
        [kind] if kind.eq_ignore_ascii_case("ContactCenter") => judgement.violated(
            format!("Activity {id} is {kind}, a telephone call through Amazon Connect, which is not permitted."),
            calls,
        ),
        [kind] => judgement.violated(format!("Activity {id} is {kind}, which is not permitted."), calls),
        [] => judgement.violated(format!("Activity {id} is of no known kind, which is not permitted."), calls),
        several => judgement.violated(
            format!("Activity {id} is of several kinds ({}), which is not permitted.", several.join(", ")),
            calls,
        ),
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents stand inline in the calls")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP_ARN, Account, EXCLUDED, UNREAD, about_app, journey, journey_arn, unread};
    use crate::snapshot::Outcome;

    fn with(journey: Value) -> Account {
        let mut account = Account::new();
        account.answer(&op::LIST_JOURNEYS, about_app(), json!({"Item": [journey]}));
        account
    }

    fn verdict(activities: Value) -> Verdict {
        with(journey("j", "ACTIVE", activities)).verdict(&RULE, &journey_arn("j"))
    }

    fn list() -> String {
        format!("{APP_ARN}/journeys")
    }

    #[test]
    fn every_kind_of_activity_has_its_verdict_and_unknown_ones_fail() {
        for (kind, expected) in [
            ("EMAIL", Verdict::Pass),
            ("SMS", Verdict::Pass),
            ("PUSH", Verdict::Pass),
            ("ConditionalSplit", Verdict::Pass),
            ("MultiCondition", Verdict::Pass),
            ("RandomSplit", Verdict::Pass),
            ("Holdout", Verdict::Pass),
            ("Wait", Verdict::Pass),
            ("wait", Verdict::Pass),
            ("CUSTOM", Verdict::Fail),
            ("ContactCenter", Verdict::Fail),
            ("VOICE", Verdict::Fail),
            ("WhatsApp", Verdict::Fail),
        ] {
            assert_eq!(verdict(json!({"a": {"Description": "d", kind: {}}, "b": {"SMS": {}}})), expected, "{kind}");
        }
    }

    #[test]
    fn an_activity_with_several_kinds_or_none_fails() {
        assert_eq!(verdict(json!({"a": {"SMS": {}, "EMAIL": {}}})), Verdict::Fail);
        assert_eq!(verdict(json!({"a": {}})), Verdict::Fail);
        assert_eq!(verdict(json!({"a": {"Description": "d", "SMS": null}})), Verdict::Fail);
        assert_eq!(verdict(json!({"a": {"SMS": {}, "CUSTOM": null}})), Verdict::Pass);
    }

    #[test]
    fn a_telephone_call_is_called_so() {
        let account = with(journey("j", "DRAFT", json!({"call03": {"ContactCenter": {}}})));
        let message = account.finding(&RULE, &journey_arn("j")).message;
        assert!(message.contains("Activity call03 is ContactCenter, a telephone call"), "{message}");
    }

    #[test]
    fn a_cancelled_or_closed_journey_is_not_applicable_and_every_other_state_is_judged() {
        let custom = json!({"a": {"CUSTOM": {}}});
        for state in ["CANCELLED", "CLOSED", "closed"] {
            let account = with(journey("j", state, custom.clone()));
            assert_eq!(account.verdict(&RULE, &journey_arn("j")), Verdict::NotApplicable, "{state}");
        }
        for state in ["DRAFT", "ACTIVE", "COMPLETED", "PAUSED", "RESTING"] {
            let account = with(journey("j", state, custom.clone()));
            assert_eq!(account.verdict(&RULE, &journey_arn("j")), Verdict::Fail, "{state}");
        }
        let stateless = with(json!({"Id": "j", "Name": "j", "Activities": custom}));
        assert_eq!(stateless.verdict(&RULE, &journey_arn("j")), Verdict::Fail);
    }

    #[test]
    fn a_journey_without_a_list_of_activities_is_unmodelled_and_an_empty_list_is_an_answer() {
        let silent = with(json!({"Id": "j", "Name": "j", "State": "ACTIVE"}));
        assert_eq!(silent.verdict(&RULE, &journey_arn("j")), unread(Outcome::Unmodelled));
        assert_eq!(verdict(json!({})), Verdict::Pass);
    }

    #[test]
    fn a_list_that_is_unread_or_cut_has_its_own_finding_and_what_was_seen_is_judged() {
        for outcome in UNREAD {
            let mut account = Account::new();
            account.fail(&op::LIST_JOURNEYS, about_app(), outcome);
            assert_eq!(account.verdict(&RULE, &list()), unread(outcome));
        }
        let mut account = Account::new();
        let page = json!({"Item": [journey("j", "ACTIVE", json!({"a": {"CUSTOM": {}}}))], "NextToken": "more"});
        account.page(&op::LIST_JOURNEYS, about_app(), 1, &page.to_string(), Outcome::Observed);
        assert_eq!(account.verdict(&RULE, &list()), unread(Outcome::Truncated));
        assert_eq!(account.verdict(&RULE, &journey_arn("j")), Verdict::Fail);
    }

    #[test]
    fn an_empty_list_after_the_end_of_support_depends_on_the_period() {
        let late = |period: &str| Account::new().at("2026-11-23T10:00:00Z", period).verdict(&RULE, &list());
        assert_eq!(late("2026-Q4"), unread(Outcome::EndOfSupport));
        assert_eq!(late("2026-11-01..2026-12-31"), Verdict::NotApplicable);
    }

    #[test]
    fn an_excluded_application_is_not_applicable() {
        let account = with(journey("j", "ACTIVE", json!({"a": {"CUSTOM": {}}}))).config(EXCLUDED);
        assert_eq!(account.verdict(&RULE, &journey_arn("j")), Verdict::NotApplicable);
    }

    #[test]
    fn nothing_passes_on_a_list_that_was_cut() {
        let mut account = Account::new();
        let activities = json!({"a": {"EMAIL": {}}});
        let items = json!([journey("j", "ACTIVE", activities.clone()), journey("closed", "CLOSED", activities)]);
        let page = json!({"Item": items, "NextToken": "more"}).to_string();
        account.page(&op::LIST_JOURNEYS, about_app(), 1, &page, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, &journey_arn("j")), unread(Outcome::Truncated));
        assert_eq!(account.verdict(&RULE, &journey_arn("closed")), Verdict::NotApplicable);
    }
}

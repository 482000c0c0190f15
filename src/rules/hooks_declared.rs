//! A hook sees every endpoint of a campaign.

use super::context::Context;
use super::judgement::Judgement;
use super::processors::{self, Own};
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Application, Hook, Place, Reading};
use crate::operations::{self as op, Operation};
use crate::snapshot::{CallId, Outcome};

rule! {
    /// Every Lambda function and web hook that an application's campaigns call is a declared processor.
    ///
    /// Looks at `CampaignHook` in the settings of the application and at Hook in each campaign that is not deleted. A
    /// Lambda function matches `target` by its ARN, with or without a version or alias, or by its name in the same
    /// account and region; a web hook by its exact address. When campaigns ended with the support of Amazon Pinpoint,
    /// the settings alone decide.
    ///
    /// ## Why
    ///
    /// Amazon Pinpoint sends endpoints with their attributes to the hook before it sends the messages (Amazon Pinpoint
    /// API, `CampaignHook`). What receives PHI has to be known, and another party needs a business associate agreement
    /// (45 CFR 164.308(b)(1), 164.502(e)); NIST SP 800-53r5 SA-9, CA-3.
    ///
    /// ## Fix
    ///
    /// Name the function or address under `[[phi.processor]]` with its purpose, or remove the hook: `aws pinpoint
    /// update-application-settings --application-id ID --write-application-settings-request file://settings.json` with
    /// an empty `CampaignHook`.
    ///
    /// ## Limits
    ///
    /// It shows which hooks were configured when observed, not what they do with the data.
    "hooks-declared", "Campaign hooks declared", Recommended, Channels, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        let mut judgement = Judgement::new();
        judge_settings(context, place, application, &mut judgement);
        judge_campaigns(context, place, application, &mut judgement);
        vec![(Subject::application(place, application), judgement)]
    })
}

fn judge_settings(context: &Context<'_>, place: &Place, application: &Application, judgement: &mut Judgement) {
    match &application.settings {
        Reading::Seen { value, calls } => match value.campaign_hook.as_ref().filter(|hook| hook.is_set()) {
            Some(hook) => {
                let who = (&op::GET_APPLICATION_SETTINGS, "CampaignHook in the settings calls");
                judge_hook((context, place), who, hook, calls, judgement);
            }
            None => judgement.holds("The settings name no CampaignHook.", calls),
        },
        Reading::Absent { calls } => judgement.lacks(op::GET_APPLICATION_SETTINGS.name, calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
}

fn judge_campaigns(context: &Context<'_>, place: &Place, application: &Application, judgement: &mut Judgement) {
    let campaigns = &application.campaigns;
    for listed in campaigns.seen.iter().filter(|listed| !listed.value.is_deleted()) {
        if let Some(hook) = listed.value.hook.as_ref().filter(|hook| hook.is_set()) {
            let who = format!("Hook in the campaign {} calls", listed.value.name);
            let who = (&op::GET_CAMPAIGNS, who.as_str());
            judge_hook((context, place), who, hook, std::slice::from_ref(&listed.call), judgement);
        }
    }
    match &campaigns.gap {
        None => judgement.holds(format!("Campaigns read for a Hook: {}.", campaigns.seen.len()), &campaigns.calls),
        Some(gap) if gap.outcome == Outcome::EndOfSupport => judgement.holds(gap.sentence(), &gap.calls),
        Some(gap) => judgement.unread(gap),
    }
}

fn judge_hook(
    at: (&Context<'_>, &Place),
    (operation, who): (&Operation, &str),
    hook: &Hook,
    calls: &[CallId],
    judgement: &mut Judgement,
) {
    for receiver in processors::of_hook(hook) {
        processors::judge(at, who, receiver, Own::IsDeclaredToo, calls, judgement);
    }
    if hook.calls_something_else {
        judgement.lacks(operation.name, calls);
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents stand inline in the calls")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP, APP_ARN, Account, EXCLUDED, UNREAD, about_app, campaign, unread};

    const DECLARED: &str = r#"
[[phi.processor]]
target = "arn:aws:lambda:us-east-1:111122223333:function:filter"
purpose = "drops endpoints without consent"
[[phi.processor]]
target = "https://hooks.example.org/in"
purpose = "the same"
"#;

    fn settings(hook: Value) -> Account {
        let mut account = Account::new();
        let body = json!({"ApplicationId": APP, "CampaignHook": hook});
        account.answer(&op::GET_APPLICATION_SETTINGS, about_app(), body);
        account
    }

    fn in_campaign(hook: Value, status: &str) -> Account {
        let mut account = Account::new();
        let campaign = campaign("c", json!({"Hook": hook, "State": {"CampaignStatus": status}}));
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": [campaign]}));
        account
    }

    #[test]
    fn passes_without_a_hook() {
        for none in [json!({}), Value::Null, json!({"LambdaFunctionName": "", "Mode": "FILTER"})] {
            assert_eq!(settings(none.clone()).verdict(&RULE, APP_ARN), Verdict::Pass, "{none}");
            assert_eq!(in_campaign(none.clone(), "SCHEDULED").verdict(&RULE, APP_ARN), Verdict::Pass, "{none}");
        }
        let mut account = Account::new();
        account.answer(&op::GET_APPLICATION_SETTINGS, about_app(), json!({"ApplicationId": APP}));
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Pass);
    }

    #[test]
    fn every_function_and_address_has_to_be_declared() {
        let function = "arn:aws:lambda:us-east-1:111122223333:function:filter";
        for (hook, declared) in [
            (json!({"LambdaFunctionName": function}), true),
            (json!({"LambdaFunctionName": format!("{function}:live")}), true),
            (json!({"LambdaFunctionName": "filter"}), true),
            (json!({"WebUrl": "https://hooks.example.org/in"}), true),
            (json!({"LambdaFunctionName": "filter", "WebUrl": "https://hooks.example.org/in"}), true),
            (json!({"LambdaFunctionName": "other"}), false),
            (json!({"WebUrl": "https://hooks.example.org/"}), false),
            (json!({"LambdaFunctionName": "filter", "WebUrl": "https://example.com"}), false),
        ] {
            let expected = if declared { Verdict::Pass } else { Verdict::Fail };
            for account in [settings(hook.clone()), in_campaign(hook.clone(), "SCHEDULED")] {
                assert_eq!(account.config(DECLARED).verdict(&RULE, APP_ARN), expected, "{hook}");
            }
            assert_eq!(settings(hook).verdict(&RULE, APP_ARN), Verdict::Fail);
        }
    }

    #[test]
    fn a_member_that_nobody_knows_may_name_something_to_call() {
        for (hook, verdict) in [
            (json!({"LambdaFunctionName": "filter", "Mode": "FILTER", "QueueArn": null}), Verdict::Pass),
            (json!({"LambdaFunctionName": "filter", "QueueArn": "arn:q"}), unread(Outcome::Unmodelled)),
            (json!({"QueueArn": "arn:q"}), unread(Outcome::Unmodelled)),
            (json!({"LambdaFunctionName": "other", "QueueArn": "arn:q"}), Verdict::Fail),
        ] {
            for account in [settings(hook.clone()), in_campaign(hook.clone(), "SCHEDULED")] {
                assert_eq!(account.config(DECLARED).verdict(&RULE, APP_ARN), verdict, "{hook}");
            }
        }
    }

    #[test]
    fn the_hook_of_a_deleted_campaign_does_not_count() {
        let hook = json!({"LambdaFunctionName": "other"});
        assert_eq!(in_campaign(hook.clone(), "DELETED").verdict(&RULE, APP_ARN), Verdict::Pass);
        assert_eq!(in_campaign(hook, "COMPLETED").verdict(&RULE, APP_ARN), Verdict::Fail);
    }

    #[test]
    fn is_not_evaluated_when_settings_or_campaigns_are_unread_unless_a_hook_was_seen() {
        for outcome in UNREAD {
            for operation in [&op::GET_APPLICATION_SETTINGS, &op::GET_CAMPAIGNS] {
                let mut account = Account::new();
                account.fail(operation, about_app(), outcome);
                assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome), "{}", operation.name);
            }
            let mut account = settings(json!({"LambdaFunctionName": "other"}));
            account.fail(&op::GET_CAMPAIGNS, about_app(), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Fail);
        }
    }

    #[test]
    fn a_truncated_list_of_campaigns_is_not_evaluated_and_settings_without_their_member_are_unmodelled() {
        let mut account = Account::new();
        let page = json!({"Item": [campaign("c", json!({}))], "NextToken": "more"}).to_string();
        account.page(&op::GET_CAMPAIGNS, about_app(), 1, &page, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Truncated));
        let mut account = Account::new();
        account.answer(&op::GET_APPLICATION_SETTINGS, about_app(), json!({}));
        assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
    }

    #[test]
    fn the_settings_alone_decide_after_the_end_of_support() {
        let late = |account: Account| account.at("2026-11-23T10:00:00Z", "2026-Q4").verdict(&RULE, APP_ARN);
        assert_eq!(late(Account::new()), Verdict::Pass);
        assert_eq!(late(settings(json!({"LambdaFunctionName": "other"}))), Verdict::Fail);
        let mut account = Account::new();
        account.fail(&op::GET_APPLICATION_SETTINGS, about_app(), Outcome::AccessDenied);
        assert_eq!(late(account), unread(Outcome::AccessDenied));
    }

    #[test]
    fn an_excluded_application_is_not_applicable() {
        let account = settings(json!({"LambdaFunctionName": "other"})).config(EXCLUDED);
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
    }
}

//! Nobody prepared a voice message.

use super::context::Context;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Place, TemplateType};

rule! {
    /// No message template for voice exists where an application carries PHI.
    ///
    /// Passes when `ListTemplates` was read to its end and shows no template of type VOICE, and fails when it shows one.
    /// A type that this version does not know is no pass. Templates belong to an account and region, not to an
    /// application.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says not to use the voice channel for messages that contain PHI. A
    /// voice template is a message that is ready to be spoken.
    ///
    /// ## Fix
    ///
    /// AWS CLI: `aws pinpoint delete-voice-template --template-name NAME`.
    ///
    /// ## Limits
    ///
    /// A voice message needs no template: a direct send carries its own text. The text of templates is never read.
    "voice-templates-absent", "No voice templates", Recommended, Voice, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_places(rule, |place| vec![(Subject::place(place), judge_templates(place))])
}

fn judge_templates(place: &Place) -> Judgement {
    let mut judgement = Judgement::new();
    let templates = &place.templates;
    for listed in &templates.seen {
        let calls = std::slice::from_ref(&listed.call);
        match &listed.value.kind {
            Some(TemplateType::Voice) => {
                let name = listed.value.name.as_deref().unwrap_or("without a name");
                judgement.violated(format!("ListTemplates shows the voice template {name}."), calls);
            }
            Some(TemplateType::Email | TemplateType::Sms | TemplateType::Push | TemplateType::InApp) => {}
            // Nobody knows what a template of a type that AWS adds later says, or how.
            Some(TemplateType::Unknown(_)) | None => judgement.lacks("ListTemplates", calls),
        }
    }
    match &templates.gap {
        Some(gap) => judgement.unread(gap),
        None => judgement.holds("ListTemplates shows no voice template.", &templates.calls),
    }
    judgement
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP_ARN, Account, EXCLUDED, PLACE, UNREAD, app, unread};
    use crate::snapshot::Outcome;

    fn with(kinds: &[&str]) -> Account {
        let mut account = Account::new();
        let template = |kind: &&str| json!({"TemplateName": "reminder", "TemplateType": kind, "Arn": "x"});
        let items: Vec<Value> = kinds.iter().map(template).collect();
        account.answer(&op::LIST_TEMPLATES, json!({}), json!({"Item": items}));
        account
    }

    #[test]
    fn fails_when_a_voice_template_exists() {
        assert_eq!(with(&[]).verdict(&RULE, PLACE), Verdict::Pass);
        assert_eq!(with(&["EMAIL", "SMS", "PUSH", "INAPP"]).verdict(&RULE, PLACE), Verdict::Pass);
        for kind in ["VOICE", "voice"] {
            assert_eq!(with(&["SMS", kind]).verdict(&RULE, PLACE), Verdict::Fail);
            assert_eq!(with(&["SPEECH", kind]).verdict(&RULE, PLACE), Verdict::Fail);
        }
        assert_eq!(with(&["SMS", "SPEECH"]).verdict(&RULE, PLACE), unread(Outcome::Unmodelled));
    }

    #[test]
    fn an_unread_or_incomplete_list_is_no_pass_and_what_was_seen_may_fail() {
        for outcome in UNREAD {
            let mut account = Account::new();
            account.fail(&op::LIST_TEMPLATES, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, PLACE), unread(outcome));
        }
        assert_eq!(Account::new().verdict(&RULE, PLACE), unread(Outcome::Unmodelled), "never asked");
        for (kind, verdict) in [("SMS", unread(Outcome::Truncated)), ("VOICE", Verdict::Fail)] {
            let mut account = Account::new();
            let body = json!({"Item": [{"TemplateType": kind}], "NextToken": "more"}).to_string();
            account.page(&op::LIST_TEMPLATES, json!({}), 1, &body, Outcome::Observed);
            assert_eq!(account.verdict(&RULE, PLACE), verdict);
        }
        for body in [json!({}), json!({"Item": [{"TemplateName": "x"}]}), json!({"Item": [{"TemplateType": 7}]})] {
            let mut account = Account::new();
            account.answer(&op::LIST_TEMPLATES, json!({}), body);
            assert_eq!(account.verdict(&RULE, PLACE), unread(Outcome::Unmodelled));
        }
    }

    #[test]
    fn is_not_applicable_where_no_application_carries_phi() {
        assert_eq!(with(&["VOICE"]).config(EXCLUDED).verdict(&RULE, PLACE), Verdict::NotApplicable);
        let skip = "[phi]\nundeclared = 'skip'\n";
        assert_eq!(with(&["VOICE"]).config(skip).verdict(&RULE, PLACE), Verdict::NotApplicable);
        let mut none = with(&["VOICE"]);
        none.answer(&op::GET_APPS, json!({}), json!({"Item": []}));
        assert_eq!(none.verdict(&RULE, PLACE), Verdict::NotApplicable);
    }

    #[test]
    fn where_nobody_knows_the_applications_nothing_passes_and_what_was_seen_fails() {
        for outcome in UNREAD {
            for (kind, verdict) in [("SMS", unread(outcome)), ("VOICE", Verdict::Fail)] {
                let mut account = with(&[kind]);
                account.fail(&op::GET_APPS, json!({}), outcome);
                assert_eq!(account.verdict(&RULE, PLACE), verdict);
            }
        }
        let mut elsewhere = with(&["VOICE"]);
        elsewhere.fail(&op::GET_APPS, json!({}), Outcome::NotOffered);
        assert_eq!(elsewhere.verdict(&RULE, PLACE), Verdict::NotApplicable);
        let cut = json!({"Item": [app()], "NextToken": "more"}).to_string();
        let mut account = with(&[]);
        account.page(&op::GET_APPS, json!({}), 1, &cut, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, PLACE), Verdict::Pass);
        assert_eq!(account.judge(&RULE).len(), 1, "and nothing on {APP_ARN}");
    }

    #[test]
    fn an_empty_list_after_the_end_of_support_is_an_answer() {
        let account = with(&[]).at("2026-11-23T10:00:00Z", "2026-Q4");
        assert_eq!(account.verdict(&RULE, PLACE), Verdict::Pass);
    }
}

//! Somebody said which applications carry PHI.

use super::context::Context;
use super::judgement::Judgement;
use super::scope::Phi;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Application, Reading};

rule! {
    /// For every application somebody declared whether it carries PHI.
    ///
    /// Passes when the configuration names the application or one of its tags, or excludes it. Fails when nothing
    /// declares it. Where tags could not be read, an application that nothing else declares is judged as if it carried
    /// PHI, and this rule is not evaluated.
    ///
    /// ## Why
    ///
    /// No API shows whether a message contains PHI. A risk analysis has to know where PHI is created, received,
    /// maintained or transmitted (45 CFR 164.308(a)(1)(ii)(A)); NIST SP 800-66r2 begins with that inventory.
    ///
    /// ## Fix
    ///
    /// Name the application under `phi.applications`, tag it and name the tag under `phi.tags`, or exclude it under
    /// `[[phi.excluded]]` with a reason, a person and a date.
    ///
    /// ## Limits
    ///
    /// It shows that somebody declared it, not that the declaration is right.
    "phi-scope-declared", "PHI scope declared", Recommended, Agreements, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.applications(rule, |place, application| {
        vec![(Subject::application(place, application), judge_scope(application, context))]
    })
}

fn judge_scope(application: &Application, context: &Context<'_>) -> Judgement {
    let mut judgement = Judgement::new();
    let listed = std::slice::from_ref(&application.listed_by);
    match (Phi::of(application, context.config), &application.tags) {
        (Phi::Declared { how }, tags) => {
            let calls = if how.starts_with("its tag") { tags.calls() } else { listed };
            judgement.holds(format!("The application carries PHI: {how}."), calls);
        }
        (Phi::Excluded { declared_by, declared_on, reason }, _) => judgement.holds(
            format!("{declared_by} declared on {declared_on} that the application carries no PHI: {reason}."),
            listed,
        ),
        (Phi::Undeclared { .. }, Reading::Seen { calls, .. }) => {
            judgement.violated("Nothing declares whether the application carries PHI.", calls);
        }
        (Phi::Undeclared { .. }, Reading::Unread(gap)) => judgement.unread(gap),
        (Phi::Undeclared { .. }, Reading::Absent { calls }) => judgement.lacks("ListTagsForResource", calls),
    }
    judgement
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::operations as op;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP, APP_ARN, Account, EXCLUDED, UNREAD, about_app, unread};

    const TAG: &str = "[phi]\ntags = { Data = \"PHI\" }\n";

    /// An account whose application comes without inline tags.
    fn untagged() -> Account {
        let mut account = Account::new();
        let app = json!({"Id": APP, "Arn": APP_ARN, "Name": "reminders"});
        account.answer(&op::GET_APPS, json!({}), json!({"Item": [app.clone()]}));
        account.answer(&op::GET_APP, about_app(), app);
        account
    }

    #[test]
    fn passes_when_declared_by_id_or_name_or_excluded() {
        for name in [APP, "reminders", APP_ARN, &APP.to_uppercase()] {
            let account = Account::new().config(&format!("[phi]\napplications = [\"{name}\"]\n"));
            assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Pass, "{name}");
        }
        assert_eq!(Account::new().config(EXCLUDED).verdict(&RULE, APP_ARN), Verdict::Pass);
    }

    #[test]
    fn passes_when_a_tag_declares_it_wherever_the_tag_was_read() {
        let mut listed = untagged().config(TAG);
        listed.answer(&op::LIST_TAGS_FOR_RESOURCE, json!({"ResourceArn": APP_ARN}), json!({"tags": {"Data": "phi"}}));
        assert_eq!(listed.verdict(&RULE, APP_ARN), Verdict::Pass);
        let mut inline = untagged().config(TAG);
        let app = json!({"Id": APP, "Arn": APP_ARN, "Name": "reminders", "tags": {"Data": "PHI"}});
        inline.answer(&op::GET_APP, about_app(), app);
        assert_eq!(inline.verdict(&RULE, APP_ARN), Verdict::Pass);
    }

    #[test]
    fn fails_when_nothing_declares_it_whatever_the_default_for_undeclared_ones() {
        assert_eq!(Account::new().verdict(&RULE, APP_ARN), Verdict::Fail);
        let skip = Account::new().config("[phi]\nundeclared = \"skip\"\n");
        assert_eq!(skip.verdict(&RULE, APP_ARN), Verdict::Fail);
    }

    #[test]
    fn is_not_evaluated_when_tags_are_unread_and_the_application_is_then_judged_as_one_with_phi() {
        for outcome in UNREAD {
            let mut account = untagged().config("[phi]\nundeclared = \"skip\"\n");
            account.fail(&op::LIST_TAGS_FOR_RESOURCE, json!({"ResourceArn": APP_ARN}), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome));
            assert_eq!(account.verdict(&crate::rules::voice_channel_disabled::RULE, APP_ARN), Verdict::Pass);
        }
    }

    #[test]
    fn a_skipped_application_is_not_applicable_to_the_rules_about_phi() {
        let account = Account::new().config("[phi]\nundeclared = \"skip\"\n");
        assert_eq!(account.verdict(&crate::rules::voice_channel_disabled::RULE, APP_ARN), Verdict::NotApplicable);
    }
}

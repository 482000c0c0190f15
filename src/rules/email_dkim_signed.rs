//! Email carries a signature of its domain.

use super::context::Context;
use super::email;
use super::judgement::Judgement;
use super::{Finding, Rule, rule};
use crate::estate::{DkimStatus, ShownIdentity};
use crate::operations as op;
use crate::snapshot::CallId;

rule! {
    /// The Amazon SES identity behind every sender of PHI signs with DKIM.
    ///
    /// Judges the same identities as `email-identity-verified`. Passes when `GetEmailIdentity` shows `SigningEnabled`
    /// and Status SUCCESS; every other status fails. An identity that nobody has is not applicable here, because it
    /// fails there.
    ///
    /// ## Why
    ///
    /// A DKIM signature lets receivers see that a message was not changed and comes from the domain (RFC 6376; NIST SP
    /// 800-177r1, section 4.5). 45 CFR 164.312(c)(1) asks for protection of PHI against improper alteration.
    ///
    /// ## Fix
    ///
    /// Publish the CNAME records that `aws sesv2 get-email-identity --email-identity NAME` shows, and `aws sesv2
    /// put-email-identity-dkim-attributes --email-identity NAME --signing-enabled`. Console: Amazon SES, Configuration,
    /// Identities, Authentication.
    ///
    /// ## Limits
    ///
    /// It shows that signing worked when AWS last checked, not that each message was signed. Mail for an address may be
    /// signed through its domain, which is a separate identity.
    "email-dkim-signed", "Email signed with DKIM", Recommended, Email, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    email::judge_senders(rule, context, |sender, judgement| {
        let missing =
            |judgement: &mut Judgement, sentence: &str, calls: &[_]| judgement.not_applicable(sentence, calls);
        sender.look(judgement, missing, |_, name, identity, calls, judgement| {
            judge_dkim(name, identity, calls, judgement);
        });
    })
}

fn judge_dkim(name: &str, identity: &ShownIdentity, calls: &[CallId], judgement: &mut Judgement) {
    let enabled = identity.dkim.as_ref().and_then(|dkim| dkim.signing_enabled);
    let status = identity.dkim.as_ref().and_then(|dkim| dkim.status.as_ref());
    match enabled {
        Some(true) => judgement.holds(format!("GetEmailIdentity shows DKIM signing enabled for {name}."), calls),
        Some(false) => {
            judgement.violated(format!("GetEmailIdentity shows DKIM signing disabled for {name}."), calls);
        }
        None => judgement.lacks(op::GET_EMAIL_IDENTITY.name, calls),
    }
    match status {
        Some(DkimStatus::Success) => judgement.holds("The DKIM status is SUCCESS.", calls),
        Some(other) => judgement.violated(format!("The DKIM status of {name} is {other}."), calls),
        None => judgement.lacks(op::GET_EMAIL_IDENTITY.name, calls),
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents stand inline in the calls")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::Verdict;
    use crate::rules::testing::{
        APP_ARN, Account, EXCLUDED, IDENTITY, REGION, UNREAD, about_app, email_channel, identity_arn, unread,
        with_identity,
    };
    use crate::snapshot::Outcome;

    fn with(dkim: Value) -> Account {
        let mut account = with_identity(json!({"VerifiedForSendingStatus": true, "DkimAttributes": dkim}));
        email_channel(&mut account, json!({}));
        account.config(IDENTITY)
    }

    fn verdict(dkim: Value) -> Verdict {
        let account = with(dkim);
        let seen = account.verdict(&RULE, APP_ARN);
        assert_eq!(account.verdict(&RULE, &identity_arn(REGION, "mail.example.org")), seen);
        seen
    }

    #[test]
    fn passes_only_when_signing_is_enabled_with_status_success() {
        for (enabled, status, expected) in [
            (true, "SUCCESS", Verdict::Pass),
            (true, "success", Verdict::Pass),
            (false, "SUCCESS", Verdict::Fail),
            (true, "PENDING", Verdict::Fail),
            (true, "FAILED", Verdict::Fail),
            (true, "TEMPORARY_FAILURE", Verdict::Fail),
            (true, "NOT_STARTED", Verdict::Fail),
            (true, "RESTING", Verdict::Fail),
        ] {
            assert_eq!(verdict(json!({"SigningEnabled": enabled, "Status": status})), expected, "{enabled} {status}");
        }
    }

    #[test]
    fn an_answer_that_lacks_a_member_is_unmodelled_unless_the_other_one_is_wrong() {
        for lacking in [Value::Null, json!({}), json!({"SigningEnabled": true}), json!({"Status": "SUCCESS"})] {
            assert_eq!(verdict(lacking.clone()), unread(Outcome::Unmodelled), "{lacking}");
        }
        assert_eq!(verdict(json!({"SigningEnabled": false})), Verdict::Fail);
        assert_eq!(verdict(json!({"Status": "FAILED"})), Verdict::Fail);
    }

    #[test]
    fn is_not_evaluated_when_the_identity_the_list_or_the_channel_is_unread() {
        for outcome in UNREAD {
            let mut account = with(json!({"SigningEnabled": true, "Status": "SUCCESS"}));
            account.fail(&op::GET_EMAIL_IDENTITY, json!({"EmailIdentity": "mail.example.org"}), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome));
            account.fail(&op::LIST_EMAIL_IDENTITIES, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome));
            account.fail(&op::GET_EMAIL_CHANNEL, about_app(), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome));
        }
    }

    #[test]
    fn is_not_applicable_without_an_identity_or_a_channel_and_for_an_excluded_application() {
        let missing = Account::new().config(IDENTITY);
        let nowhere = "account/111122223333/email-identity/MAIL.example.org";
        assert_eq!(missing.verdict(&RULE, nowhere), Verdict::NotApplicable);
        assert_eq!(missing.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        let excluded = with(json!({"SigningEnabled": false})).config(EXCLUDED);
        assert_eq!(excluded.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
    }
}

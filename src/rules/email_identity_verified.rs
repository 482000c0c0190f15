//! Email is sent as an identity that Amazon SES has verified.

use super::context::Context;
use super::email;
use super::judgement::Judgement;
use super::{Finding, Rule, rule};

rule! {
    /// The Amazon SES identity behind every sender of PHI is verified for sending.
    ///
    /// Judges the identity behind the email channel of each application that carries PHI, and each identity under
    /// `phi.email_identities`, wherever Amazon SES lists it; names compare without regard to case. Fails when
    /// `GetEmailIdentity` shows `VerifiedForSendingStatus` false, and when no account and region that was looked at
    /// lists the identity. An application without an enabled email channel is not applicable.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint names the email channel for PHI; Amazon SES sends nothing for an
    /// identity that is not verified. Verification shows that the account controls the domain or address that
    /// recipients see (45 CFR 164.312(d), person or entity authentication).
    ///
    /// ## Fix
    ///
    /// Publish the DNS records that `aws sesv2 get-email-identity --email-identity NAME` shows, or create the identity
    /// with `aws sesv2 create-email-identity --email-identity NAME`. Console: Amazon SES, Configuration, Identities.
    ///
    /// ## Limits
    ///
    /// An identity of an account or region that was not looked at is not evaluated (`unspecified`). A message can name
    /// another sender in each call.
    "email-identity-verified", "Email identity verified", Required, Email, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    email::judge_senders(rule, context, |sender, judgement| {
        let missing = |judgement: &mut Judgement, sentence: &str, calls: &[_]| judgement.violated(sentence, calls);
        sender.look(judgement, missing, |place, name, identity, calls, judgement| {
            let region = &place.region;
            if identity.verified {
                judgement.holds(format!("GetEmailIdentity shows {name} in {region} verified for sending."), calls);
            } else {
                judgement.violated(format!("GetEmailIdentity shows {name} in {region} not verified."), calls);
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::testing::{
        APP_ARN, Account, EXCLUDED, IDENTITY, REGION, UNREAD, about_app, email_channel, identity_arn, unread,
        with_identity,
    };
    use crate::rules::{Reason, Verdict};
    use crate::snapshot::Outcome;

    const NOWHERE: &str = "account/111122223333/email-identity/MAIL.example.org";

    fn identity() -> String {
        identity_arn(REGION, "mail.example.org")
    }

    fn sending(verified: bool, members: Value) -> Account {
        let mut account = with_identity(json!({"VerifiedForSendingStatus": verified}));
        email_channel(&mut account, members);
        account.config(IDENTITY)
    }

    #[test]
    fn the_identity_and_the_application_it_stands_behind_are_judged() {
        for (verified, expected) in [(true, Verdict::Pass), (false, Verdict::Fail)] {
            let account = sending(verified, json!({}));
            assert_eq!(account.verdict(&RULE, APP_ARN), expected);
            assert_eq!(account.verdict(&RULE, &identity()), expected);
            assert_eq!(account.judge(&RULE).len(), 2);
        }
        let shouting = sending(true, json!({"Identity": identity_arn(REGION, "Mail.Example.Org")}));
        assert_eq!(shouting.verdict(&RULE, APP_ARN), Verdict::Pass);
    }

    #[test]
    fn an_application_without_an_enabled_email_channel_is_not_applicable_also_after_the_end_of_support() {
        for (at, period) in [("2026-09-30T10:00:00Z", "2026-Q3"), ("2026-11-23T10:00:00Z", "2026-Q4")] {
            assert_eq!(Account::new().at(at, period).verdict(&RULE, APP_ARN), Verdict::NotApplicable);
            let mut disabled = Account::new();
            disabled.answer(&op::GET_EMAIL_CHANNEL, about_app(), json!({"Enabled": false}));
            assert_eq!(disabled.at(at, period).verdict(&RULE, APP_ARN), Verdict::NotApplicable);
            let mut ended = Account::new();
            ended.fail(&op::GET_EMAIL_CHANNEL, about_app(), Outcome::EndOfSupport);
            assert_eq!(ended.at(at, period).verdict(&RULE, APP_ARN), Verdict::NotApplicable);
            for outcome in UNREAD {
                let mut account = Account::new();
                account.fail(&op::GET_EMAIL_CHANNEL, about_app(), outcome);
                assert_eq!(account.at(at, period).verdict(&RULE, APP_ARN), unread(outcome));
            }
        }
    }

    #[test]
    fn a_channel_that_only_the_list_of_channels_shows_enabled_is_judged() {
        let listed = json!({"Channels": {"email": {"Enabled": true}}});
        let mut disabled = with_identity(json!({"VerifiedForSendingStatus": false}));
        email_channel(&mut disabled, json!({"Enabled": false}));
        disabled.answer(&op::GET_CHANNELS, about_app(), listed.clone());
        assert_eq!(disabled.verdict(&RULE, APP_ARN), Verdict::Fail);
        let mut absent = Account::new();
        absent.answer(&op::GET_CHANNELS, about_app(), listed);
        assert_eq!(absent.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
    }

    #[test]
    fn an_identity_that_no_region_lists_fails() {
        let mut account = Account::new().config(IDENTITY);
        email_channel(&mut account, json!({}));
        assert_eq!(account.verdict(&RULE, NOWHERE), Verdict::Fail);
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::Fail);
        let mut gone = sending(true, json!({}));
        gone.fail(&op::GET_EMAIL_IDENTITY, json!({"EmailIdentity": "mail.example.org"}), Outcome::NotConfigured);
        assert_eq!(gone.verdict(&RULE, &identity()), Verdict::Fail);
    }

    #[test]
    fn an_address_is_not_looked_up_by_its_domain() {
        let account = with_identity(json!({"VerifiedForSendingStatus": true}))
            .config("[phi]\nemail_identities = [\"a@mail.example.org\"]\n");
        assert_eq!(account.verdict(&RULE, "account/111122223333/email-identity/a@mail.example.org"), Verdict::Fail);
    }

    #[test]
    fn an_identity_is_judged_in_every_region_that_has_it() {
        let west = with_identity(json!({"VerifiedForSendingStatus": false}));
        let account = sending(true, json!({})).also_in("us-west-2", &west);
        assert_eq!(account.verdict(&RULE, &identity()), Verdict::Pass);
        assert_eq!(account.verdict(&RULE, &identity_arn("us-west-2", "mail.example.org")), Verdict::Fail);
        let gov = with_identity(json!({"VerifiedForSendingStatus": true}));
        let account = account.also_in("us-gov-west-1", &gov);
        let arn = "arn:aws-us-gov:ses:us-gov-west-1:111122223333:identity/mail.example.org";
        assert_eq!(account.verdict(&RULE, arn), Verdict::Pass);
        let only_there = Account::new().config(IDENTITY).also_in("us-west-2", &west);
        assert_eq!(only_there.verdict(&RULE, &identity_arn("us-west-2", "mail.example.org")), Verdict::Fail);
        assert!(only_there.judge(&RULE).iter().all(|finding| finding.resource != NOWHERE));
    }

    #[test]
    fn an_identity_that_nobody_lists_is_not_evaluated_while_a_list_is_unread_or_cut() {
        for outcome in UNREAD {
            let mut west = Account::new();
            west.fail(&op::LIST_EMAIL_IDENTITIES, json!({}), outcome);
            let account = Account::new().config(IDENTITY).also_in("us-west-2", &west);
            assert_eq!(account.verdict(&RULE, NOWHERE), unread(outcome));
        }
        let mut account = Account::new().config(IDENTITY);
        let page = json!({"EmailIdentities": [], "NextToken": "more"}).to_string();
        account.page(&op::LIST_EMAIL_IDENTITIES, json!({}), 1, &page, Outcome::Observed);
        email_channel(&mut account, json!({}));
        assert_eq!(account.verdict(&RULE, NOWHERE), unread(Outcome::Truncated));
        assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Truncated));
    }

    #[test]
    fn nothing_passes_on_a_list_that_was_cut_and_what_was_seen_may_fail() {
        for (verified, verdict) in [(true, unread(Outcome::Truncated)), (false, Verdict::Fail)] {
            let mut account = sending(verified, json!({}));
            let page = json!({"EmailIdentities": [{"IdentityName": "mail.example.org"}], "NextToken": "more"});
            account.page(&op::LIST_EMAIL_IDENTITIES, json!({}), 1, &page.to_string(), Outcome::Observed);
            assert_eq!(account.verdict(&RULE, APP_ARN), verdict);
            assert_eq!(account.verdict(&RULE, &identity()), verdict);
        }
    }

    #[test]
    fn an_identity_that_may_be_in_one_more_region_is_admitted() {
        for outcome in UNREAD {
            let mut west = Account::new();
            west.fail(&op::LIST_EMAIL_IDENTITIES, json!({}), outcome);
            let account = sending(true, json!({})).also_in("us-west-2", &west);
            assert_eq!(account.verdict(&RULE, &identity()), Verdict::Pass);
            assert_eq!(account.verdict(&RULE, NOWHERE), unread(outcome));
        }
        let mut nowhere = Account::new().config(IDENTITY);
        let call = nowhere.fail(&op::LIST_EMAIL_IDENTITIES, json!({}), Outcome::NotOffered);
        let finding = nowhere.finding(&RULE, NOWHERE);
        assert_eq!((finding.verdict, finding.evidence), (Verdict::Fail, vec![call]), "it can be in no such region");
        let mut west = Account::new();
        west.fail(&op::LIST_EMAIL_IDENTITIES, json!({}), Outcome::NotOffered);
        let account = sending(true, json!({})).also_in("us-west-2", &west);
        assert!(account.judge(&RULE).iter().all(|finding| finding.resource != NOWHERE));
    }

    #[test]
    fn an_ended_channel_that_the_list_of_channels_shows_enabled_is_unmodelled() {
        let mut account = Account::new();
        account.fail(&op::GET_EMAIL_CHANNEL, about_app(), Outcome::EndOfSupport);
        account.answer(&op::GET_CHANNELS, about_app(), json!({"Channels": {"EMAIL": {"Enabled": true}}}));
        let account = account.at("2026-11-23T10:00:00Z", "2026-11-01..2026-12-31");
        assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
    }

    #[test]
    fn is_not_evaluated_when_the_identity_is_unread_or_lacks_its_status() {
        for outcome in UNREAD {
            let mut account = sending(true, json!({}));
            account.fail(&op::GET_EMAIL_IDENTITY, json!({"EmailIdentity": "mail.example.org"}), outcome);
            assert_eq!(account.verdict(&RULE, &identity()), unread(outcome));
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome));
        }
        let account = with_identity(json!({"VerificationStatus": "SUCCESS"})).config(IDENTITY);
        assert_eq!(account.verdict(&RULE, &identity()), unread(Outcome::Unmodelled));
    }

    #[test]
    fn an_identity_where_nobody_looked_is_unspecified_and_a_channel_that_names_none_is_unmodelled() {
        for elsewhere in [
            "arn:aws:ses:eu-west-1:111122223333:identity/mail.example.org",
            "arn:aws:ses:us-east-1:444455556666:identity/mail.example.org",
        ] {
            let account = sending(true, json!({"Identity": elsewhere}));
            let finding = account.finding(&RULE, APP_ARN);
            assert_eq!(finding.verdict, Verdict::NotEvaluated(Reason::Unspecified), "{elsewhere}");
            assert!(finding.message.contains("did not look"), "{}", finding.message);
        }
        for none in [Value::Null, json!(""), json!("mail.example.org"), json!("arn:aws:sns:us-east-1:1:identity/x")] {
            let account = sending(true, json!({"Identity": none}));
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled), "{none}");
        }
    }

    #[test]
    fn an_excluded_application_is_not_applicable_while_a_declared_identity_is_judged() {
        let account = sending(false, json!({})).config(EXCLUDED);
        assert_eq!(account.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        assert_eq!(account.verdict(&RULE, &identity()), Verdict::Fail);
    }
}

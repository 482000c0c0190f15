//! Email is handed over through TLS or not at all.

use super::context::Context;
use super::email::{self, Identity, Sender};
use super::finding::Attestation;
use super::judgement::{Judgement, attested_sentence};
use super::{Finding, Rule, Verdict, rule};
use crate::estate::{Place, Reading, TlsPolicy};
use crate::snapshot::CallId;

rule! {
    /// The configuration set of every sender of PHI requires TLS.
    ///
    /// Judges the same senders as `email-identity-verified`. The configuration set is the one that the email channel
    /// names, else the default of the identity. Passes when `GetConfigurationSet` shows `TlsPolicy` REQUIRE. Fails when
    /// it is OPTIONAL or not set, when no configuration set is named, and when the named one does not exist: delivery
    /// is then opportunistic. An identity that nobody has is not applicable here, because it fails there.
    ///
    /// ## Why
    ///
    /// 45 CFR 164.312(e)(1) asks for protection of PHI in transmission; encryption is addressable under
    /// 164.312(e)(2)(ii). NIST SP 800-177r1 and AWS Security Hub control SES.3 ask for TLS on delivery. With an
    /// attestation `addressable_transmission_encryption` that says why encryption is not required, the finding fails
    /// all the same and shows both.
    ///
    /// ## Fix
    ///
    /// `aws sesv2 put-configuration-set-delivery-options --configuration-set-name NAME --tls-policy REQUIRE`, and name
    /// the set as the identity's default: `aws sesv2 put-email-identity-configuration-set-attributes --email-identity
    /// NAME --configuration-set-name NAME`. Console: Amazon SES, Configuration, Configuration sets, TLS.
    ///
    /// ## Limits
    ///
    /// A message can name another configuration set in each call. TLS protects the hop to the receiver's server, not
    /// what happens behind it.
    "email-tls-required", "Email delivered over TLS only", Recommended, Email, judge
}

/// The attestation that stands beside a failure.
const ADDRESSABLE: &str = "addressable_transmission_encryption";

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let attestation = context.config.newest_attestation(ADDRESSABLE).map(Attestation::from);
    let mut findings = email::judge_senders(rule, context, judge_sender);
    for finding in findings.iter_mut().filter(|finding| finding.verdict == Verdict::Fail) {
        if let Some(attestation) = attestation.clone() {
            finding.message.push(' ');
            finding.message.push_str(&attested_sentence(&attestation));
            finding.attestation = Some(attestation);
        }
    }
    findings
}

fn judge_sender(sender: &Sender<'_>, judgement: &mut Judgement) {
    let missing = |judgement: &mut Judgement, sentence: &str, calls: &[_]| judgement.not_applicable(sentence, calls);
    match (&sender.named_set, &sender.identity) {
        (Some((place, set)), Identity::Shown { .. } | Identity::Elsewhere { .. } | Identity::Unread(_)) => {
            judge_set(place, set, &sender.calls, judgement);
        }
        _ => sender.look(judgement, missing, |place, name, identity, calls, judgement| {
            match &identity.configuration_set {
                Some(set) => judge_set(place, set, calls, judgement),
                None => judgement.violated(
                    format!("Nothing names a configuration set for {name}, so TLS is used only where offered."),
                    calls,
                ),
            }
        }),
    }
}

fn judge_set(place: &Place, name: &str, named_by: &[CallId], judgement: &mut Judgement) {
    let sets = &place.ses.configuration_sets;
    sets.gap.iter().for_each(|gap| judgement.unread(gap));
    let Some(listed) = sets.seen.iter().find(|listed| listed.value.name == name) else {
        if sets.gap.is_none() {
            judgement.violated(none(name), &[named_by, &sets.calls].concat());
        }
        return;
    };
    match &listed.value.tls_policy {
        Reading::Seen { value, calls } => {
            let calls = [named_by, calls].concat();
            match value {
                Some(TlsPolicy::Require) => {
                    judgement.holds(format!("The configuration set {name} has TlsPolicy REQUIRE."), &calls);
                }
                Some(other) => {
                    judgement.violated(format!("The configuration set {name} has TlsPolicy {other}."), &calls);
                }
                None => judgement.violated(format!("The configuration set {name} has no TlsPolicy."), &calls),
            }
        }
        Reading::Absent { calls } => judgement.violated(none(name), &[named_by, calls].concat()),
        Reading::Unread(gap) => judgement.unread(gap),
    }
}

fn none(name: &str) -> String {
    format!("The configuration set {name} does not exist, so TLS is used only where offered.")
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents stand inline in the calls")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::Reason;
    use crate::rules::testing::{
        APP_ARN, Account, EXCLUDED, IDENTITY, REGION, UNREAD, about_app, email_channel, identity_arn, unread,
        with_identity,
    };
    use crate::snapshot::Outcome;

    fn identity() -> String {
        identity_arn(REGION, "mail.example.org")
    }

    /// The identity has this default set, and `lax` answers as given.
    fn account(default: Value, lax: Value) -> Account {
        let mut account = with_identity(json!({"VerifiedForSendingStatus": true, "ConfigurationSetName": default}));
        account.answer(&op::LIST_CONFIGURATION_SETS, json!({}), json!({"ConfigurationSets": ["secure", "lax"]}));
        account.answer(&op::GET_CONFIGURATION_SET, json!({"ConfigurationSetName": "lax"}), lax);
        account.config(IDENTITY)
    }

    fn lax(delivery: Value) -> Value {
        json!({"ConfigurationSetName": "lax", "DeliveryOptions": delivery})
    }

    fn optional() -> Value {
        lax(json!({"TlsPolicy": "OPTIONAL"}))
    }

    #[test]
    fn the_default_set_of_the_identity_has_to_require_tls() {
        for (default, set, expected) in [
            (json!("secure"), optional(), Verdict::Pass),
            (json!("lax"), lax(json!({"TlsPolicy": "require"})), Verdict::Pass),
            (json!("lax"), optional(), Verdict::Fail),
            (json!("lax"), lax(json!({"TlsPolicy": "SOMETIMES"})), Verdict::Fail),
            (json!("lax"), lax(json!({})), Verdict::Fail),
            (json!("lax"), lax(Value::Null), Verdict::Fail),
            (json!("gone"), optional(), Verdict::Fail),
            (json!("Secure"), optional(), Verdict::Fail),
            (Value::Null, optional(), Verdict::Fail),
            (json!(""), optional(), Verdict::Fail),
            (json!("lax"), json!({}), unread(Outcome::Unmodelled)),
        ] {
            let mut account = account(default.clone(), set.clone());
            email_channel(&mut account, json!({}));
            assert_eq!(account.verdict(&RULE, &identity()), expected, "{default} {set}");
            assert_eq!(account.verdict(&RULE, APP_ARN), expected, "{default} {set}");
        }
    }

    #[test]
    fn the_set_that_the_channel_names_wins_over_the_default() {
        for (default, named, expected) in
            [("lax", "secure", Verdict::Pass), ("secure", "lax", Verdict::Fail), ("secure", "gone", Verdict::Fail)]
        {
            let mut account = account(json!(default), optional());
            email_channel(&mut account, json!({"ConfigurationSet": named}));
            assert_eq!(account.verdict(&RULE, APP_ARN), expected, "{named}");
        }
    }

    #[test]
    fn a_named_set_that_does_not_exist_fails_only_when_the_list_was_read_to_its_end() {
        let mut gone = account(json!("lax"), optional());
        gone.fail(&op::GET_CONFIGURATION_SET, json!({"ConfigurationSetName": "lax"}), Outcome::NotConfigured);
        assert_eq!(gone.verdict(&RULE, &identity()), Verdict::Fail);
        let mut cut = account(json!("gone"), optional());
        let page = json!({"ConfigurationSets": ["secure"], "NextToken": "more"}).to_string();
        cut.page(&op::LIST_CONFIGURATION_SETS, json!({}), 1, &page, Outcome::Observed);
        assert_eq!(cut.verdict(&RULE, &identity()), unread(Outcome::Truncated));
    }

    #[test]
    fn nothing_passes_on_a_list_of_sets_that_was_cut_and_what_was_seen_may_fail() {
        for (default, verdict) in [("secure", unread(Outcome::Truncated)), ("lax", Verdict::Fail)] {
            let mut account = account(json!(default), optional());
            let page = json!({"ConfigurationSets": ["secure", "lax"], "NextToken": "more"}).to_string();
            account.page(&op::LIST_CONFIGURATION_SETS, json!({}), 1, &page, Outcome::Observed);
            assert_eq!(account.verdict(&RULE, &identity()), verdict, "{default}");
        }
    }

    #[test]
    fn is_not_evaluated_when_something_is_unread() {
        for outcome in UNREAD {
            let mut account = account(json!("lax"), optional());
            account.fail(&op::GET_CONFIGURATION_SET, json!({"ConfigurationSetName": "lax"}), outcome);
            assert_eq!(account.verdict(&RULE, &identity()), unread(outcome));
            account.fail(&op::LIST_CONFIGURATION_SETS, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, &identity()), unread(outcome));
            account.fail(&op::GET_EMAIL_IDENTITY, json!({"EmailIdentity": "mail.example.org"}), outcome);
            assert_eq!(account.verdict(&RULE, &identity()), unread(outcome));
            account.fail(&op::GET_EMAIL_CHANNEL, about_app(), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome));
        }
    }

    #[test]
    fn the_set_of_the_channel_is_judged_although_the_identity_is_elsewhere() {
        let elsewhere = "arn:aws:ses:eu-west-1:111122223333:identity/mail.example.org";
        for (set, expected) in [
            (json!("secure"), Verdict::Pass),
            (json!("lax"), Verdict::Fail),
            (Value::Null, Verdict::NotEvaluated(Reason::Unspecified)),
        ] {
            let mut account = account(json!("lax"), optional());
            email_channel(&mut account, json!({"ConfigurationSet": set, "Identity": elsewhere}));
            assert_eq!(account.verdict(&RULE, APP_ARN), expected);
        }
    }

    #[test]
    fn is_not_applicable_without_an_identity_or_a_channel_and_for_an_excluded_application() {
        let mut missing = Account::new().config(IDENTITY);
        assert_eq!(missing.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        email_channel(&mut missing, json!({"ConfigurationSet": "gone"}));
        let nowhere = "account/111122223333/email-identity/MAIL.example.org";
        assert_eq!(missing.verdict(&RULE, nowhere), Verdict::NotApplicable);
        assert_eq!(missing.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        let mut excluded = account(json!("lax"), optional()).config(EXCLUDED);
        email_channel(&mut excluded, json!({}));
        assert_eq!(excluded.verdict(&RULE, APP_ARN), Verdict::NotApplicable);
    }

    #[test]
    fn an_attestation_stands_beside_a_failure_and_changes_nothing() {
        const STATED: &str = r#"
[[attestation]]
id = "addressable_transmission_encryption"
statement = "Receivers without TLS get mail all the same."
by = "J. Doe"
role = "Security Officer"
on = 2026-08-20
"#;
        let fails = account(json!("lax"), optional()).config(STATED).finding(&RULE, &identity());
        assert_eq!(fails.verdict, Verdict::Fail);
        assert!(fails.message.ends_with("Receivers without TLS get mail all the same."), "{}", fails.message);
        assert_eq!(fails.attestation.map(|stated| stated.id), Some(ADDRESSABLE.to_owned()));
        let passes = account(json!("secure"), optional()).config(STATED).finding(&RULE, &identity());
        assert_eq!((passes.verdict, passes.attestation), (Verdict::Pass, None));
        let other = STATED.replace(ADDRESSABLE, "risk_analysis");
        assert_eq!(account(json!("lax"), optional()).config(&other).finding(&RULE, &identity()).attestation, None);
    }
}

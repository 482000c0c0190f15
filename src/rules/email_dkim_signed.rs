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
    /// Judges the same identities as `email-identity-verified`. Passes when `GetEmailIdentity` shows SigningEnabled and
    /// Status SUCCESS; every other status fails. An identity that nobody has is not applicable here, because it fails
    /// there.
    ///
    /// ## Why
    ///
    /// A DKIM signature lets receivers see that a message was not changed and comes from the domain (RFC 6376; NIST SP
    /// 800-177r1, section 4.5). 45 CFR 164.312(c)(1) asks for protection of PHI against improper alteration.
    ///
    /// ## Fix
    ///
    /// Publish the CNAME records that `aws sesv2 get-email-identity --email-identity NAME` shows, and
    /// `aws sesv2 put-email-identity-dkim-attributes --email-identity NAME --signing-enabled`. Console: Amazon SES,
    /// Configuration, Identities, Authentication.
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

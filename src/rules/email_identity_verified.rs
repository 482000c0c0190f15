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
    /// `GetEmailIdentity` shows VerifiedForSendingStatus false, and when no account and region that was looked at lists
    /// the identity. An application without an enabled email channel is not applicable.
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
    /// An identity of an account or region that was not looked at is not evaluated (`unspecified`). One that exists in
    /// a region whose list could not be read is not seen there when another region has it. A message can name another
    /// sender in each call.
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

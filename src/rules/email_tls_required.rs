//! Email is handed over through TLS or not at all.

use super::context::Context;
use super::email::{self, Identity, Sender};
use super::finding::Attestation;
use super::judgement::{Judgement, attested_sentence};
use super::{Finding, Rule, Verdict, rule};
use crate::config;
use crate::estate::{Place, Reading, TlsPolicy};
use crate::snapshot::CallId;

rule! {
    /// The configuration set of every sender of PHI requires TLS.
    ///
    /// Judges the same senders as `email-identity-verified`. The configuration set is the one that the email channel
    /// names, else the default of the identity. Passes when `GetConfigurationSet` shows TlsPolicy REQUIRE. Fails when it
    /// is OPTIONAL or not set, when no configuration set is named, and when the named one does not exist: delivery is
    /// then opportunistic. An identity that nobody has is not applicable here, because it fails there.
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
    let attestation = context.config.attestations.iter().find(|attestation| attestation.id == ADDRESSABLE);
    let mut findings = email::judge_senders(rule, context, judge_sender);
    for finding in findings.iter_mut().filter(|finding| finding.verdict == Verdict::Fail) {
        if let Some(attestation) = attestation.map(stated) {
            finding.message.push(' ');
            finding.message.push_str(&attested_sentence(&attestation));
            finding.attestation = Some(attestation);
        }
    }
    findings
}

fn stated(attestation: &config::Attestation) -> Attestation {
    let config::Attestation { id, statement, by, role, on, reference } = attestation.clone();
    Attestation { id, statement, by: Some(by), role: Some(role), on: Some(on), reference }
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
    let Some(listed) = sets.seen.iter().find(|listed| listed.value.name == name) else {
        match &sets.gap {
            Some(gap) => judgement.unread(gap),
            None => judgement.violated(none(name), &[named_by, &sets.calls].concat()),
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

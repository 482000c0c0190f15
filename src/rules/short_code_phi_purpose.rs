//! "requested ... for the explicit purpose of sending messages that will or may contain PHI".

use super::context::Context;
use super::finding::Attestation;
use super::judgement::Judgement;
use super::phi_numbers::PhiNumber;
use super::short_code::{self, Link, LinkState, Part};
use super::{Finding, Rule, rule};
use crate::config::ShortCode;

rule! {
    /// A short code that carries PHI was requested for that purpose.
    ///
    /// Judges each short code that an application for PHI names, and each that `[[phi.short_code]]` declares. Passes when
    /// its registration is COMPLETE and the approved version answers yes to the question titled "HIPAA eligible use
    /// case". Fails when the answer is no. Where the registration was read and does not say (there is none, it is not
    /// COMPLETE, no version is approved, or it has no such question), a purpose and a support case under
    /// `[[phi.short_code]]` stand as a person's statement.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says that SMS messages that contain PHI should be sent from a dedicated
    /// short code that was requested for the explicit purpose of sending messages that will or may contain PHI. AWS's
    /// page on short codes asks to name this purpose in the support case of the request.
    ///
    /// ## Fix
    ///
    /// Submit a new version of the registration with the right answer: in the console of AWS End User Messaging, SMS,
    /// Registrations; AWS CLI: `aws pinpoint-sms-voice-v2 create-registration-version`, `put-registration-field-value`
    /// and `submit-registration-version`. For a short code that was requested through a support case, write `purpose`,
    /// `support_case` and `requested_on` under `[[phi.short_code]]`.
    ///
    /// ## Limits
    ///
    /// The API does not show the text of support cases. The registration shows what was answered when the number was
    /// requested, not what was sent from it since.
    "short-code-phi-purpose", "Short code requested for PHI", Required, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    short_code::judge(rule, context, Part::Purpose, judge_links)
}

fn judge_links(code: &PhiNumber<'_>, links: &[Link], judgement: &mut Judgement) {
    let observed = || links.iter().filter(|link| !link.is_declaration());
    let mut open = observed().filter(|link| link.state == LinkState::Open).peekable();
    observed().filter(|link| link.state != LinkState::Open).for_each(|link| link.state_in(judgement));
    if open.peek().is_none() {
        return;
    }
    if let Some(attestation) = code.declared.and_then(attestation) {
        for link in open {
            judgement.holds(link.sentence.clone(), &link.calls);
        }
        judgement.attested(attestation, &[]);
    } else {
        for link in open {
            judgement.needs_attestation(link.sentence.clone(), &link.calls);
        }
        let ask = "Its purpose and the support case of the request have to be stated under [[phi.short_code]].";
        judgement.needs_attestation(ask, &[]);
    }
}

/// The declaration as a person's statement, when it has both a purpose and a support case.
fn attestation(declared: &ShortCode) -> Option<Attestation> {
    let ShortCode { number, purpose: Some(purpose), support_case: Some(case), requested_on, .. } = declared else {
        return None;
    };
    Some(Attestation {
        id: "short_code_purpose".to_owned(),
        statement: format!("{number} was requested for {purpose} (support case {case})."),
        by: None,
        role: None,
        on: *requested_on,
        reference: Some(case.clone()),
    })
}

//! A business associate addendum with AWS is in force.

use super::context::Context;
use super::finding::Attestation;
use super::judgement::Judgement;
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Agreement, AgreementState, Artifact, Listed};

rule! {
    /// Every account that was looked at is under an active business associate addendum with AWS.
    ///
    /// Passes when `ListCustomerAgreements` shows an agreement named like "Business Associate Addendum" in state ACTIVE
    /// whose effective time covers the collection. Fails when every such agreement is terminated, ended or not yet in
    /// effect. An empty list proves nothing, because an agreement can be offline: `agreements.offline_baa` in the
    /// configuration then stands as a person's statement.
    ///
    /// ## Why
    ///
    /// A cloud provider that holds electronic PHI is a business associate, and a covered entity needs its written
    /// assurances (45 CFR 164.308(b)(1), 164.314(a), 164.502(e), 164.504(e); HHS guidance on cloud computing, 2016).
    ///
    /// ## Fix
    ///
    /// Accept the AWS Business Associate Addendum in AWS Artifact, for the account or for the organization. This
    /// program never accepts terms.
    ///
    /// ## Limits
    ///
    /// It shows that the agreement was in force when observed, not what it says.
    "baa-active", "Business associate addendum in force", Required, Agreements, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let account = |(account, artifact): (&String, &Artifact)| {
        let resource = format!("account/{account}");
        let subject = Subject { account: account.clone(), region: None, resource, name: None };
        judge_account(artifact, context).conclude(rule, subject, context)
    };
    let accounts = context.estate.artifacts.iter().filter(|_| context.judges_beyond());
    accounts.map(account).collect()
}

/// Whether AWS calls an agreement a business associate addendum.
#[must_use]
pub(crate) fn is_baa(agreement: &Agreement) -> bool {
    agreement.name.as_deref().is_some_and(|name| name.to_ascii_lowercase().contains("business associate addendum"))
}

fn judge_account(artifact: &Artifact, context: &Context<'_>) -> Judgement {
    let mut judgement = Judgement::new();
    let listing = &artifact.agreements;
    if let Some(gap) = &listing.gap {
        judgement.unread(gap);
        return judgement;
    }
    let addenda: Vec<&Listed<Agreement>> = listing.seen.iter().filter(|listed| is_baa(&listed.value)).collect();
    if addenda.is_empty() {
        offline(&mut judgement, context, &listing.calls);
        return judgement;
    }
    let states: Vec<(State, &Listed<Agreement>)> =
        addenda.into_iter().map(|listed| (state(&listed.value, context), listed)).collect();
    if let Some((_, listed)) = states.iter().find(|(state, _)| *state == State::InForce) {
        judgement.holds(in_force_sentence(&listed.value), std::slice::from_ref(&listed.call));
    } else if states.iter().any(|(state, _)| *state == State::Unknown) {
        judgement.lacks("ListCustomerAgreements", &listing.calls);
    } else {
        for (_, listed) in states {
            judgement.violated(over_sentence(&listed.value), std::slice::from_ref(&listed.call));
        }
    }
    judgement
}

fn offline(judgement: &mut Judgement, context: &Context<'_>, calls: &[crate::snapshot::CallId]) {
    let Some(baa) = &context.config.agreements.offline_baa else {
        judgement.needs_attestation(
            "AWS Artifact lists no business associate addendum. One that was signed offline has to be stated \
             under agreements.offline_baa.",
            calls,
        );
        return;
    };
    judgement.attested(Attestation::from(baa), calls);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    InForce,
    Over,
    /// The answer lacks what is needed to tell.
    Unknown,
}

fn state(agreement: &Agreement, context: &Context<'_>) -> State {
    let at = context.at();
    let Some(state) = &agreement.state else { return State::Unknown };
    if *state != AgreementState::Active || agreement.effective_end.is_some_and(|end| end <= at) {
        return State::Over;
    }
    match agreement.effective_start {
        Some(start) if start <= at => State::InForce,
        Some(_) => State::Over,
        None => State::Unknown,
    }
}

fn in_force_sentence(agreement: &Agreement) -> String {
    let name = agreement.name.as_deref().unwrap_or("The agreement");
    let since = agreement.effective_start.map(|start| format!(" since {}", start.date_naive())).unwrap_or_default();
    let scope = if agreement.organization_arn.is_some() { "the organization" } else { "the account" };
    format!("AWS Artifact lists \"{name}\" for {scope}, ACTIVE{since}.")
}

fn over_sentence(agreement: &Agreement) -> String {
    let name = agreement.name.as_deref().unwrap_or("The agreement");
    let state = agreement.state.as_ref().map_or("unknown", AgreementState::as_str);
    let day = |time: Option<chrono::DateTime<chrono::Utc>>| time.map(|time| time.date_naive().to_string());
    let from = day(agreement.effective_start).map(|day| format!(" from {day}")).unwrap_or_default();
    let to = day(agreement.effective_end).map(|day| format!(" to {day}")).unwrap_or_default();
    format!("AWS Artifact lists \"{name}\" in state {state}{from}{to}, which is not in force.")
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents are written in place, as literals")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::operations as op;
    use crate::rules::testing::{Account, UNREAD, unread};
    use crate::rules::{Reason, Verdict};
    use crate::snapshot::Outcome;

    const RESOURCE: &str = "account/111122223333";
    const OFFLINE: &str =
        "[agreements]\noffline_baa = { reference = \"contract 7\", by = \"J. Doe\", on = 2026-01-10 }\n";

    fn with(agreements: Value) -> Account {
        let mut account = Account::new();
        account.answer(&op::LIST_CUSTOMER_AGREEMENTS, json!({}), json!({"customerAgreements": agreements}));
        account
    }

    fn baa(state: &str, start: &str, end: Option<&str>) -> Value {
        json!({"name": "AWS Business Associate Addendum", "state": state, "effectiveStart": start, "effectiveEnd": end})
    }

    #[test]
    fn passes_when_one_is_active_and_in_effect_whatever_the_others_are() {
        let active = baa("ACTIVE", "2024-01-01T00:00:00Z", None);
        let ended = baa("CUSTOMER_TERMINATED", "2020-01-01T00:00:00Z", Some("2023-12-31T00:00:00Z"));
        assert_eq!(with(json!([active])).verdict(&RULE, RESOURCE), Verdict::Pass);
        assert_eq!(with(json!([ended, active])).verdict(&RULE, RESOURCE), Verdict::Pass);
        let until_later = baa("active", "2024-01-01T00:00:00Z", Some("2027-01-01T00:00:00Z"));
        assert_eq!(with(json!([until_later])).verdict(&RULE, RESOURCE), Verdict::Pass);
    }

    #[test]
    fn fails_when_every_one_is_terminated_ended_or_not_yet_in_effect() {
        let table = [
            baa("CUSTOMER_TERMINATED", "2024-01-01T00:00:00Z", None),
            baa("AWS_TERMINATED", "2024-01-01T00:00:00Z", None),
            baa("SOMETHING_NEW", "2024-01-01T00:00:00Z", None),
            baa("ACTIVE", "2024-01-01T00:00:00Z", Some("2026-09-30T15:59:59Z")),
            baa("ACTIVE", "2026-10-01T00:00:00Z", None),
        ];
        for agreement in &table {
            assert_eq!(with(json!([agreement])).verdict(&RULE, RESOURCE), Verdict::Fail, "{agreement}");
        }
        assert_eq!(with(json!(table)).config(OFFLINE).verdict(&RULE, RESOURCE), Verdict::Fail);
    }

    #[test]
    fn an_agreement_that_does_not_say_its_state_or_start_is_unmodelled() {
        let name = "AWS Business Associate Addendum";
        for agreement in [json!({"name": name}), json!({"name": name, "state": "ACTIVE"})] {
            assert_eq!(with(json!([agreement])).verdict(&RULE, RESOURCE), unread(Outcome::Unmodelled));
        }
    }

    #[test]
    fn an_empty_list_needs_a_statement_and_takes_one() {
        for list in [json!([]), json!([{"name": "Nondisclosure Agreement", "state": "ACTIVE"}])] {
            let needs = Verdict::NotEvaluated(Reason::NeedsAttestation);
            assert_eq!(with(list.clone()).verdict(&RULE, RESOURCE), needs);
            let finding = with(list).config(OFFLINE).finding(&RULE, RESOURCE);
            assert_eq!(finding.verdict, Verdict::Attested);
            assert_eq!(finding.attestation.and_then(|attestation| attestation.by).as_deref(), Some("J. Doe"));
        }
    }

    #[test]
    fn unread_is_not_evaluated_even_with_an_offline_declaration() {
        for outcome in UNREAD {
            let mut account = Account::new().config(OFFLINE);
            account.fail(&op::LIST_CUSTOMER_AGREEMENTS, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, RESOURCE), unread(outcome));
        }
    }

    #[test]
    fn nothing_passes_on_a_truncated_list() {
        let mut account = Account::new();
        let active = baa("ACTIVE", "2024-01-01T00:00:00Z", None);
        let body = json!({"customerAgreements": [active], "nextToken": "more"}).to_string();
        account.page(&op::LIST_CUSTOMER_AGREEMENTS, json!({}), 1, &body, Outcome::Observed);
        assert_eq!(account.verdict(&RULE, RESOURCE), unread(Outcome::Truncated));
    }
}

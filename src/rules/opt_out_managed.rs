//! Who asks for silence gets it: somebody keeps the opt-out list of a short code.

use super::context::Context;
use super::finding::Attestation;
use super::judgement::Judgement;
use super::phi_numbers;
use super::{Finding, Rule, rule};
use crate::estate::PhoneNumber;
use crate::snapshot::CallId;

/// The id of the attestation that says who honours opt-outs.
const ATTESTATION: &str = "opt_out";

rule! {
    /// For a short code that carries PHI, somebody keeps track of who opted out.
    ///
    /// Judges each short code that an application for PHI names, and each that `[[phi.short_code]]` declares. Passes when
    /// AWS manages opt-outs with a named list. Fails when AWS manages them and no list is named. Where opt-outs are
    /// self-managed no API shows how: the attestation `opt_out` then stands as a person's statement.
    ///
    /// ## Why
    ///
    /// An individual may ask for communications by other means (45 CFR 164.522(b)), and whoever withdraws consent must
    /// no longer be texted (47 CFR 64.1200(a)(10)). AWS End User Messaging answers STOP and HELP unless opt-outs are
    /// self-managed.
    ///
    /// ## Fix
    ///
    /// AWS CLI: `aws pinpoint-sms-voice-v2 update-phone-number --phone-number-id ID --opt-out-list-name LIST
    /// --no-self-managed-opt-outs-enabled`; or write an `[[attestation]]` with id `opt_out`.
    ///
    /// ## Limits
    ///
    /// Who opted out is never read. It shows that a list is set, not that every message respected it.
    "opt-out-managed", "Opt-outs managed", Recommended, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    phi_numbers::judge_short_codes(rule, context, |_, number, calls, judgement| {
        judge_number(context, number, calls, judgement);
    })
}

fn judge_number(context: &Context<'_>, number: &PhoneNumber, calls: &[CallId], judgement: &mut Judgement) {
    let name = &number.number;
    match (number.self_managed_opt_outs, number.opt_out_list.as_deref().map(str::trim)) {
        (Some(true), _) => self_managed(context, name, calls, judgement),
        (Some(false), Some("")) => {
            judgement.violated(format!("DescribePhoneNumbers shows no opt-out list for {name}."), calls);
        }
        (Some(false), Some(list)) => {
            judgement.holds(
                format!("DescribePhoneNumbers shows that AWS manages opt-outs of {name} with the list {list}."),
                calls,
            );
        }
        (None, _) | (_, None) => judgement.lacks("DescribePhoneNumbers", calls),
    }
}

fn self_managed(context: &Context<'_>, name: &str, calls: &[CallId], judgement: &mut Judgement) {
    let sentence = format!("DescribePhoneNumbers shows that opt-outs of {name} are self-managed.");
    let statements = context.config.attestations.iter().filter(|attestation| attestation.id == ATTESTATION);
    let Some(statement) = statements.max_by_key(|attestation| attestation.on) else {
        judgement.needs_attestation(sentence, calls);
        judgement.needs_attestation("Who honours them has to be stated by an attestation with id opt_out.", &[]);
        return;
    };
    judgement.holds(sentence, calls);
    judgement.attested(Attestation::from(statement), &[]);
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "a test reads best with its documents in place")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::phi_numbers::testing::{CODE_ARN, account};
    use crate::rules::testing::unread;
    use crate::rules::{Reason, Verdict};
    use crate::snapshot::Outcome;

    const STATEMENT: &str = "[[attestation]]\nid = 'opt_out'\nstatement = 'We honour STOP.'\nby = 'J. Doe'\n\
        role = 'Officer'\non = 2026-07-15\n[[attestation]]\nid = 'opt_out'\nstatement = 'Older.'\nby = 'X'\n\
        role = 'Y'\non = 2025-07-15\n";

    fn number(self_managed: Value, list: Value) -> Value {
        json!({"SelfManagedOptOutsEnabled": self_managed, "OptOutListName": list})
    }

    #[test]
    fn a_named_list_that_aws_manages_passes_and_none_fails() {
        for (list, verdict) in [("Default", Verdict::Pass), ("", Verdict::Fail), (" ", Verdict::Fail)] {
            assert_eq!(account(number(json!(false), json!(list))).verdict(&RULE, CODE_ARN), verdict, "{list}");
        }
    }

    #[test]
    fn self_managed_opt_outs_need_a_statement_and_take_the_newest() {
        let needs = Verdict::NotEvaluated(Reason::NeedsAttestation);
        for list in ["Default", ""] {
            let members = number(json!(true), json!(list));
            assert_eq!(account(members.clone()).verdict(&RULE, CODE_ARN), needs);
            let other = STATEMENT.replace("opt_out", "risk_analysis");
            assert_eq!(account(members.clone()).config(&other).verdict(&RULE, CODE_ARN), needs);
            let finding = account(members).config(STATEMENT).finding(&RULE, CODE_ARN);
            assert_eq!(finding.verdict, Verdict::Attested);
            assert!(finding.message.contains("Stated by J. Doe on 2026-07-15: We honour STOP."), "{}", finding.message);
            assert!(!finding.evidence.is_empty());
        }
    }

    #[test]
    fn a_statement_covers_no_missing_list_and_no_answer_without_the_setting() {
        let failing = account(number(json!(false), json!(""))).config(STATEMENT);
        assert_eq!(failing.verdict(&RULE, CODE_ARN), Verdict::Fail);
        for members in [
            json!({}),
            json!({"OptOutListName": "Default"}),
            json!({"SelfManagedOptOutsEnabled": false}),
            number(Value::Null, json!("")),
        ] {
            let account = account(members.clone()).config(STATEMENT);
            assert_eq!(account.verdict(&RULE, CODE_ARN), unread(Outcome::Unmodelled), "{members}");
        }
    }
}

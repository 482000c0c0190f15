//! A short code that carries PHI cannot be released by mistake.

use super::context::Context;
use super::phi_numbers;
use super::{Finding, Rule, rule};

rule! {
    /// A short code that carries PHI is protected from deletion.
    ///
    /// Judges each short code that an application for PHI names, and each that `[[phi.short_code]]` declares. Passes when
    /// `DescribePhoneNumbers` shows `DeletionProtectionEnabled` true, and fails when it shows false.
    ///
    /// ## Why
    ///
    /// A short code that is released goes to somebody else, who then gets the answers of patients. Contingency planning
    /// covers the loss of a system that electronic PHI depends on (45 CFR 164.308(a)(7)). NIST SP 800-53 CM-5
    /// asks for access restrictions on changes; the setting is AWS End User Messaging's own.
    ///
    /// ## Fix
    ///
    /// AWS CLI: `aws pinpoint-sms-voice-v2 update-phone-number --phone-number-id ID --deletion-protection-enabled`.
    ///
    /// ## Limits
    ///
    /// Whoever may change the number may also lift the protection.
    "short-code-deletion-protected", "Short code protected from deletion", Recommended, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    phi_numbers::judge_short_codes(rule, context, |_, number, calls, judgement| {
        let name = &number.number;
        match number.deletion_protection {
            Some(true) => {
                judgement.holds(format!("DescribePhoneNumbers shows {name} protected from deletion."), calls);
            }
            Some(false) => {
                judgement.violated(format!("DescribePhoneNumbers shows {name} not protected from deletion."), calls);
            }
            None => judgement.lacks("DescribePhoneNumbers", calls),
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rules::Verdict;
    use crate::rules::phi_numbers::testing::{CODE_ARN, account};
    use crate::rules::testing::unread;
    use crate::snapshot::Outcome;

    #[test]
    fn follows_the_setting_and_an_answer_without_it_is_unmodelled() {
        for (members, verdict) in [
            (json!({"DeletionProtectionEnabled": true}), Verdict::Pass),
            (json!({"DeletionProtectionEnabled": false}), Verdict::Fail),
            (json!({"DeletionProtectionEnabled": null}), unread(Outcome::Unmodelled)),
            (json!({}), unread(Outcome::Unmodelled)),
        ] {
            assert_eq!(account(members.clone()).verdict(&RULE, CODE_ARN), verdict, "{members}");
        }
    }

    #[test]
    fn a_wrong_type_makes_the_inventory_unread() {
        let findings = account(json!({"DeletionProtectionEnabled": "yes"})).judge(&RULE);
        let place = "account/111122223333/region/us-east-1";
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].resource.as_str(), findings[0].verdict), (place, unread(Outcome::Unmodelled)));
    }
}

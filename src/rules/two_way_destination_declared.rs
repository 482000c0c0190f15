//! Where the answers of patients go.

use super::context::Context;
use super::judgement::Judgement;
use super::phi_numbers::{self, PhiNumber};
use super::processors::{self, Own, Receiver};
use super::{Finding, Rule, rule};
use crate::estate::PhoneNumber;
use crate::snapshot::CallId;

rule! {
    /// What people send to a short code that carries PHI stays in the account, or goes where somebody declared it.
    ///
    /// Judges each short code that an application for PHI names, and each that `[[phi.short_code]]` declares. Passes when
    /// two-way messaging is off, or its destination is an ARN in the same account, or the destination is a declared
    /// `[[phi.processor]]`. Fails when it lies elsewhere, or is no ARN (Amazon Connect), and nobody declared it.
    ///
    /// ## Why
    ///
    /// Whoever receives PHI on behalf of a covered entity is a business associate or part of its own workforce
    /// (45 CFR 164.502(e), 164.308(b)); the destination of incoming messages receives the answers of patients.
    ///
    /// ## Fix
    ///
    /// AWS CLI: `aws pinpoint-sms-voice-v2 update-phone-number --phone-number-id ID --no-two-way-enabled`, or
    /// `--two-way-channel-arn ARN`. Or declare the destination under `[[phi.processor]]`; one that is no ARN, such as
    /// `connect.us-east-1.amazonaws.com`, with `https://` before it.
    ///
    /// ## Limits
    ///
    /// It shows the first destination, not where a topic or a contact flow sends messages from there.
    "two-way-destination-declared", "Destination of replies declared", Recommended, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    phi_numbers::judge_short_codes(rule, context, |code, number, calls, judgement| {
        judge_number(context, code, number, calls, judgement);
    })
}

fn judge_number(
    context: &Context<'_>,
    code: &PhiNumber<'_>,
    number: &PhoneNumber,
    calls: &[CallId],
    judgement: &mut Judgement,
) {
    let name = &number.number;
    match (number.two_way, number.two_way_channel.as_deref()) {
        (Some(false), _) => {
            judgement.holds(format!("DescribePhoneNumbers shows two-way messaging off for {name}."), calls);
        }
        (Some(true), Some(target)) => {
            let who = format!("DescribePhoneNumbers shows that replies to {name} go to");
            let receiver = Receiver::Channel(target);
            processors::judge((context, code.place), &who, receiver, Own::Suffices, calls, judgement);
        }
        (None, _) | (Some(true), None) => judgement.lacks("DescribePhoneNumbers", calls),
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "a test reads best with its documents in place")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::Verdict;
    use crate::rules::phi_numbers::testing::{CODE_ARN, account};
    use crate::rules::testing::unread;
    use crate::snapshot::Outcome;

    fn two_way(enabled: Value, target: Value) -> Value {
        json!({"TwoWayEnabled": enabled, "TwoWayChannelArn": target})
    }

    #[test]
    fn passes_when_off_whatever_the_destination_was() {
        for target in [json!(null), json!("arn:aws:sns:us-east-1:444455556666:replies"), json!("connect")] {
            assert_eq!(account(two_way(json!(false), target)).verdict(&RULE, CODE_ARN), Verdict::Pass);
        }
    }

    #[test]
    fn passes_in_the_same_account_and_fails_elsewhere() {
        for (target, verdict) in [
            ("arn:aws:sns:us-east-1:111122223333:replies", Verdict::Pass),
            ("arn:aws:sns:us-east-1:444455556666:replies", Verdict::Fail),
            ("arn:aws:s3:::111122223333", Verdict::Fail),
            ("connect.us-east-1.amazonaws.com", Verdict::Fail),
            ("arn:aws:sns:us-east-1:111122223333:", Verdict::Fail),
        ] {
            assert_eq!(account(two_way(json!(true), json!(target))).verdict(&RULE, CODE_ARN), verdict, "{target}");
        }
    }

    #[test]
    fn passes_when_declared() {
        for (target, declared) in [
            ("arn:aws:sns:us-east-1:444455556666:replies", "arn:aws:sns:us-east-1:444455556666:replies"),
            ("connect.us-east-1.amazonaws.com", "https://connect.us-east-1.amazonaws.com"),
        ] {
            let config = format!("[[phi.processor]]\ntarget = '{declared}'\npurpose = 'replies'\n");
            let account = account(two_way(json!(true), json!(target)));
            assert_eq!(account.config(&config).verdict(&RULE, CODE_ARN), Verdict::Pass, "{target}");
        }
    }

    #[test]
    fn an_answer_without_the_setting_or_the_destination_is_unmodelled() {
        for members in [json!({}), two_way(json!(true), json!(null)), two_way(json!(true), json!(" "))] {
            assert_eq!(account(members.clone()).verdict(&RULE, CODE_ARN), unread(Outcome::Unmodelled), "{members}");
        }
    }
}

//! A number that carries PHI cannot place calls.

use super::context::Context;
use super::judgement::Judgement;
use super::phi_numbers::{self, PhiNumber, Record};
use super::{Finding, Rule, rule};
use crate::estate::{Capability, Listed, PhoneNumber};

rule! {
    /// A number that is used or declared for PHI is not capable of voice.
    ///
    /// Judges each number, whatever its type, that an application for PHI names as its origination, and each that
    /// `[[phi.short_code]]` declares. Passes when `NumberCapabilities` in `DescribePhoneNumbers` lacks VOICE, and fails
    /// when it has it. A capability that this version does not know is no pass.
    ///
    /// ## Why
    ///
    /// AWS's compliance page for Amazon Pinpoint says not to use the voice channel for messages that contain PHI, and
    /// AWS's list of HIPAA eligible services excludes voice messages. What cannot speak is not misused by mistake.
    ///
    /// ## Fix
    ///
    /// Send PHI from a short code that is capable of SMS only. The capabilities of a number cannot be changed: request
    /// another by a registration in the console of AWS End User Messaging, and release this one.
    ///
    /// ## Limits
    ///
    /// It shows what the number can do, not what was sent from it. Other numbers of the account may be capable of voice.
    "voice-capability-absent", "No voice capability where PHI is sent from", Recommended, Voice, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let judged = phi_numbers::numbers(context).into_iter().map(|number| {
        let mut judgement = Judgement::new();
        judge_number(&number, &mut judgement);
        judgement.conclude(rule, number.subject(), context)
    });
    judged.chain(phi_numbers::admit(rule, context)).collect()
}

fn judge_number(number: &PhiNumber<'_>, judgement: &mut Judgement) {
    let numbers = &number.place.numbers;
    match &number.record {
        Record::Own(listed) => {
            numbers.own.gap.iter().for_each(|gap| judgement.unread(gap));
            judge_capabilities(listed, judgement);
        }
        Record::Shared(listed) => {
            numbers.shared.gap.iter().for_each(|gap| judgement.unread(gap));
            judge_capabilities(listed, judgement);
        }
        Record::Missing { calls } => {
            // A number that is not the account's own may be among those that another account shares with it.
            numbers.shared.gap.iter().for_each(|gap| judgement.unread(gap));
            judgement.unspecified(phi_numbers::missing_sentence(number.number), calls);
        }
        Record::Unread(gap) => judgement.unread(gap),
    }
}

fn judge_capabilities(listed: &Listed<PhoneNumber>, judgement: &mut Judgement) {
    let Listed { value: PhoneNumber { number, capabilities, .. }, call } = listed;
    let calls = std::slice::from_ref(call);
    let words: Vec<&str> = capabilities.iter().map(Capability::as_str).collect();
    if capabilities.contains(&Capability::Voice) {
        judgement.violated(format!("DescribePhoneNumbers shows {number} capable of {}.", words.join(", ")), calls);
    } else if capabilities.iter().any(|capability| matches!(capability, Capability::Unknown(_))) {
        // Nobody knows whether what AWS adds later speaks.
        judgement.lacks("DescribePhoneNumbers", calls);
    } else if words.is_empty() {
        judgement.holds(format!("DescribePhoneNumbers shows no capability of {number}."), calls);
    } else {
        judgement.holds(format!("DescribePhoneNumbers shows {number} capable of {} only.", words.join(", ")), calls);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::operations as op;
    use crate::rules::phi_numbers::testing::{CODE_ARN, account};
    use crate::rules::testing::{UNREAD, about_app, number, unread};
    use crate::rules::{Reason, Verdict};
    use crate::snapshot::Outcome;

    #[test]
    fn fails_when_the_number_is_capable_of_voice() {
        for (capabilities, verdict) in [
            (json!(["SMS"]), Verdict::Pass),
            (json!(["SMS", "MMS", "RCS"]), Verdict::Pass),
            (json!([]), Verdict::Pass),
            (json!(["SMS", "HOLOGRAM"]), unread(Outcome::Unmodelled)),
            (json!(["HOLOGRAM", "VOICE"]), Verdict::Fail),
            (json!(["SMS", "VOICE"]), Verdict::Fail),
            (json!(["voice"]), Verdict::Fail),
        ] {
            let account = account(json!({"NumberCapabilities": capabilities}));
            assert_eq!(account.verdict(&RULE, CODE_ARN), verdict, "{capabilities}");
        }
    }

    #[test]
    fn every_type_of_number_that_is_used_counts() {
        let mut account = account(json!({"NumberType": "LONG_CODE", "NumberCapabilities": ["SMS", "VOICE"]}));
        assert_eq!(account.verdict(&RULE, CODE_ARN), Verdict::Fail);
        account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": true}));
        assert_eq!(account.judge(&RULE), [], "a number that nobody uses for PHI");
    }

    #[test]
    fn a_shared_number_is_judged_and_a_missing_one_left_open() {
        let mut account = account(json!({}));
        account.numbers(json!([]));
        let missing = "account/111122223333/region/us-east-1/phone-number/24680";
        assert_eq!(account.verdict(&RULE, missing), Verdict::NotEvaluated(Reason::Unspecified));
        for outcome in UNREAD {
            account.fail(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SHARED"}), outcome);
            assert_eq!(account.verdict(&RULE, missing), unread(outcome), "another account may share it");
        }
        let shared = number("24680", "SHORT_CODE", "ACTIVE", &["SMS", "VOICE"]);
        account.answer(&op::DESCRIBE_PHONE_NUMBERS, json!({"Owner": "SHARED"}), json!({"PhoneNumbers": [shared]}));
        assert_eq!(account.verdict(&RULE, CODE_ARN), Verdict::Fail);
    }
}

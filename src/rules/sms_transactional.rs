//! SMS with PHI is about care, not marketing.

use super::context::Context;
use super::judgement::Judgement;
use super::phi_numbers;
use super::sms::{self, Message};
use super::{Finding, Rule, rule};
use crate::estate::MessageType;
use crate::snapshot::CallId;

rule! {
    /// SMS campaigns and journeys of applications that carry PHI, and their short codes, are for transactional messages.
    ///
    /// Passes when the message type is TRANSACTIONAL, and fails when it is anything else. A campaign or journey that does
    /// not name a message type, because it goes out through a template or says nothing, is left open.
    ///
    /// ## Why
    ///
    /// Marketing with PHI needs the individual's own authorization (45 CFR 164.508(a)(3)); messages about treatment,
    /// payment and operations do not. AWS calls messages that promote products PROMOTIONAL.
    ///
    /// ## Fix
    ///
    /// Set the message type of the campaign or activity to TRANSACTIONAL in Amazon Pinpoint, and that of the short code
    /// by `aws pinpoint-sms-voice-v2 update-phone-number`, or through AWS Support where the API does not offer it. Move
    /// marketing to an application that carries no PHI.
    ///
    /// ## Limits
    ///
    /// It shows the declared type of the messages, not their content.
    "sms-transactional", "SMS for transactional messages only", Recommended, Sms, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let mut findings = sms::judge_messages(rule, context, |_, _, message, judgement| judge_message(message, judgement));
    let numbers =
        phi_numbers::judge_short_codes(rule, context, |_, number, calls, judgement| match &number.message_type {
            Some(kind) => judge_type(kind, &format!("The short code {}", number.number), calls, judgement),
            None => judgement.lacks("DescribePhoneNumbers", calls),
        });
    // Both admit an unread list of applications on the same place; what the numbers admit holds all that is unknown.
    findings.retain(|finding| numbers.iter().all(|number| number.resource != finding.resource));
    findings.extend(numbers);
    findings
}

fn judge_message(message: &Message<'_>, judgement: &mut Judgement) {
    let Message { label, sms, call } = message;
    let calls = std::slice::from_ref(*call);
    let who = format!("The SMS message of {label}");
    match sms.and_then(|sms| sms.kind()) {
        Some(kind) => judge_type(&kind, &who, calls, judgement),
        None => judgement.unspecified(format!("{who} names no message type."), calls),
    }
}

fn judge_type(kind: &MessageType, who: &str, calls: &[CallId], judgement: &mut Judgement) {
    match kind {
        MessageType::Transactional => judgement.holds(format!("{who} is TRANSACTIONAL."), calls),
        MessageType::Promotional | MessageType::Unknown(_) => {
            judgement.violated(format!("{who} is {kind}, not TRANSACTIONAL."), calls);
        }
    }
}

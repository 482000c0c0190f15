//! Events of SMS and voice messages carry telephone numbers of recipients.

use super::context::Context;
use super::judgement::Judgement;
use super::processors::{self, Own, Receiver};
use super::{Finding, Rule, Subject, rule};
use crate::estate::{EventDestination, Place, SmsConfigurationSet};
use crate::operations as op;
use crate::snapshot::CallId;

rule! {
    /// Events of SMS stay in the account, or go to a declared processor.
    ///
    /// Looks at every configuration set of AWS End User Messaging SMS in an account and region where an application
    /// carries PHI. Passes when each enabled event destination is in the same account or is the `target` of a
    /// `[[phi.processor]]`. Not applicable without a configuration set, or without such an application.
    ///
    /// ## Why
    ///
    /// Event records carry the recipient's telephone number and the message's metadata (AWS End User Messaging SMS user
    /// guide, "Event types and event data"). What receives PHI has to be known, and another party needs a business
    /// associate agreement (45 CFR 164.308(b)(1), 164.502(e)); NIST SP 800-53r5 CA-3.
    ///
    /// ## Fix
    ///
    /// Name the destination under `[[phi.processor]]` with its purpose, or remove it: `aws pinpoint-sms-voice-v2
    /// delete-event-destination --configuration-set-name NAME --event-destination-name NAME`. Console: AWS End User
    /// Messaging, SMS, Configuration sets.
    ///
    /// ## Limits
    ///
    /// It shows where events went when observed, not who reads them there.
    "event-destinations-declared", "Event destinations declared", Recommended, DataFlow, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let places = context.estate.places.iter().flat_map(|place| judge_place(context, place));
    places.map(|(subject, judgement)| judgement.conclude(rule, subject, context)).collect()
}

fn judge_place(context: &Context<'_>, place: &Place) -> Vec<(Subject, Judgement)> {
    let sets = &place.sms_configuration_sets;
    let mut own = Judgement::new();
    if !context.carries_phi(place) {
        own.not_applicable("No application that carries PHI lives here.", &place.applications.calls);
        return vec![(Subject::place(place), own)];
    }
    let mut judged = Vec::new();
    for listed in &sets.seen {
        let mut judgement = Judgement::new();
        judge_set(context, place, &listed.value, std::slice::from_ref(&listed.call), &mut judgement);
        if let Some(gap) = &sets.gap {
            judgement.unread(gap);
        }
        judged.push((Subject::below(place, listed.value.arn.clone(), &listed.value.name), judgement));
    }
    match &sets.gap {
        Some(gap) => own.unread(gap),
        None if judged.is_empty() => {
            own.not_applicable("DescribeConfigurationSets shows no configuration set.", &sets.calls);
        }
        None => return judged,
    }
    judged.push((Subject::place(place), own));
    judged
}

fn judge_set(
    context: &Context<'_>,
    place: &Place,
    set: &SmsConfigurationSet,
    calls: &[CallId],
    judgement: &mut Judgement,
) {
    let Some(destinations) = &set.event_destinations else {
        judgement.lacks(op::DESCRIBE_CONFIGURATION_SETS.name, calls);
        return;
    };
    for EventDestination { name, enabled, targets } in destinations {
        match enabled {
            Some(false) => {}
            Some(true) if !targets.is_empty() => {
                for target in targets {
                    let (who, receiver) = (format!("The event destination {name} is"), Receiver::Resource(target));
                    processors::judge((context, place), &who, receiver, Own::Suffices, calls, judgement);
                }
            }
            // Enabled without a destination that this version knows, or silent about being enabled.
            Some(true) | None => judgement.lacks(op::DESCRIBE_CONFIGURATION_SETS.name, calls),
        }
    }
    judgement.holds(format!("Event destinations of {}: {}.", set.name, destinations.len()), calls);
}

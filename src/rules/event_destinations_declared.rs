//! Events of SMS and voice messages carry telephone numbers of recipients.

use super::context::Context;
use super::judgement::Judgement;
use super::lists::judge_members;
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
    context.phi_places(rule, |place| judge_place(context, place))
}

fn judge_place(context: &Context<'_>, place: &Place) -> Vec<(Subject, Judgement)> {
    let sets = &place.sms_configuration_sets;
    let own = || (Subject::place(place), Judgement::new());
    let mut judged = judge_members(sets, own, |listed| {
        let mut judgement = Judgement::new();
        judge_set(context, place, &listed.value, std::slice::from_ref(&listed.call), &mut judgement);
        Some((Subject::below(place, listed.value.arn.clone(), &listed.value.name), judgement))
    });
    if judged.is_empty() {
        let (subject, mut judgement) = own();
        judgement.not_applicable("DescribeConfigurationSets shows no configuration set.", &sets.calls);
        judged.push((subject, judgement));
    }
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
    for EventDestination { name, enabled, targets, goes_elsewhere } in destinations {
        if *enabled == Some(false) {
            continue;
        }
        // Silent about being enabled, or with a destination that this version does not know, or with none.
        if enabled.is_none() || *goes_elsewhere || targets.is_empty() {
            judgement.lacks(op::DESCRIBE_CONFIGURATION_SETS.name, calls);
        }
        for target in targets.iter().filter(|_| enabled.is_some()) {
            let (who, receiver) = (format!("The event destination {name} is"), Receiver::Resource(target));
            processors::judge((context, place), &who, receiver, Own::Suffices, calls, judgement);
        }
    }
    judgement.holds(format!("Event destinations of {}: {}.", set.name, destinations.len()), calls);
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents stand inline in the calls")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::Verdict;
    use crate::rules::testing::{Account, EXCLUDED, PLACE, UNREAD, processor, unread};
    use crate::snapshot::Outcome;

    const SET: &str = "arn:aws:sms-voice:us-east-1:111122223333:configuration-set/sms";
    const TOPIC: &str = "arn:aws:sns:us-east-1:444455556666:sms-events";

    fn set(destinations: Value) -> Value {
        json!({"ConfigurationSetArn": SET, "ConfigurationSetName": "sms", "EventDestinations": destinations})
    }

    fn with(destinations: Value) -> Account {
        let mut account = Account::new();
        let body = json!({"ConfigurationSets": [set(destinations)]});
        account.answer(&op::DESCRIBE_CONFIGURATION_SETS, json!({}), body);
        account
    }

    fn to(kind: &str, member: &str, arn: &str) -> Value {
        json!({"EventDestinationName": "d", "Enabled": true, kind: {member: arn}})
    }

    #[test]
    fn every_enabled_destination_is_in_the_account_or_declared() {
        for (kind, member, service) in [
            ("CloudWatchLogsDestination", "LogGroupArn", "logs"),
            ("KinesisFirehoseDestination", "DeliveryStreamArn", "firehose"),
            ("SnsDestination", "TopicArn", "sns"),
        ] {
            let own = to(kind, member, &format!("arn:aws:{service}:us-east-1:111122223333:x"));
            let other = format!("arn:aws:{service}:us-east-1:444455556666:x");
            let elsewhere = to(kind, member, &other);
            assert_eq!(with(json!([own])).verdict(&RULE, SET), Verdict::Pass, "{kind}");
            assert_eq!(with(json!([own, elsewhere])).verdict(&RULE, SET), Verdict::Fail, "{kind}");
            let declared = with(json!([own, elsewhere])).config(&processor(&other));
            assert_eq!(declared.verdict(&RULE, SET), Verdict::Pass, "{kind}");
        }
        assert_eq!(with(json!([])).verdict(&RULE, SET), Verdict::Pass);
    }

    #[test]
    fn a_disabled_destination_does_not_count() {
        let off = json!({"EventDestinationName": "d", "Enabled": false, "SnsDestination": {"TopicArn": TOPIC}});
        assert_eq!(with(json!([off])).verdict(&RULE, SET), Verdict::Pass);
    }

    #[test]
    fn what_an_answer_lacks_is_unmodelled_unless_another_destination_is_wrong() {
        let silent = json!({"EventDestinationName": "d", "SnsDestination": {"TopicArn": TOPIC}});
        let unknown = json!({"EventDestinationName": "d", "Enabled": true, "PigeonDestination": {"Loft": TOPIC}});
        let own = "arn:aws:sns:us-east-1:111122223333:x";
        let two = json!({"EventDestinationName": "d", "Enabled": true, "MatchingEventTypes": ["ALL"],
            "SnsDestination": {"TopicArn": own}, "PigeonDestination": {"Loft": TOPIC}});
        for lacking in [silent, unknown, two] {
            assert_eq!(with(json!([lacking])).verdict(&RULE, SET), unread(Outcome::Unmodelled), "{lacking}");
            let wrong = to("SnsDestination", "TopicArn", TOPIC);
            assert_eq!(with(json!([lacking, wrong])).verdict(&RULE, SET), Verdict::Fail);
        }
        assert_eq!(with(Value::Null).verdict(&RULE, SET), unread(Outcome::Unmodelled));
    }

    #[test]
    fn is_not_applicable_without_a_configuration_set_or_an_application_that_carries_phi() {
        assert_eq!(Account::new().verdict(&RULE, PLACE), Verdict::NotApplicable);
        let wrong = json!([to("SnsDestination", "TopicArn", TOPIC)]);
        let excluded = with(wrong.clone()).config(EXCLUDED);
        assert_eq!(excluded.verdict(&RULE, PLACE), Verdict::NotApplicable);
        assert_eq!(excluded.judge(&RULE).len(), 1);
        let mut empty = with(wrong.clone());
        empty.answer(&op::GET_APPS, json!({}), json!({"Item": []}));
        assert_eq!(empty.verdict(&RULE, PLACE), Verdict::NotApplicable);
        let mut not_offered = with(wrong);
        not_offered.fail(&op::GET_APPS, json!({}), Outcome::NotOffered);
        assert_eq!(not_offered.verdict(&RULE, PLACE), Verdict::NotApplicable);
    }

    #[test]
    fn unread_applications_may_carry_phi() {
        for outcome in UNREAD {
            let mut account = with(json!([to("SnsDestination", "TopicArn", TOPIC)])).config(EXCLUDED);
            account.fail(&op::GET_APPS, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, SET), Verdict::Fail);
            let own = to("SnsDestination", "TopicArn", "arn:aws:sns:us-east-1:111122223333:x");
            let mut account = with(json!([own]));
            account.fail(&op::GET_APPS, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, SET), unread(outcome));
            let mut none = Account::new();
            none.fail(&op::GET_APPS, json!({}), outcome);
            assert_eq!(none.verdict(&RULE, PLACE), Verdict::NotApplicable, "without a set nothing is sent anywhere");
        }
    }

    #[test]
    fn an_unread_list_is_not_evaluated_and_nothing_passes_on_one_that_was_cut() {
        for outcome in UNREAD {
            let mut account = Account::new();
            account.fail(&op::DESCRIBE_CONFIGURATION_SETS, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, PLACE), unread(outcome));
        }
        for (destinations, expected) in
            [(json!([]), unread(Outcome::Truncated)), (json!([to("SnsDestination", "TopicArn", TOPIC)]), Verdict::Fail)]
        {
            let mut account = Account::new();
            let page = json!({"ConfigurationSets": [set(destinations)], "NextToken": "more"}).to_string();
            account.page(&op::DESCRIBE_CONFIGURATION_SETS, json!({}), 1, &page, Outcome::Observed);
            assert_eq!(account.verdict(&RULE, SET), expected);
            assert_eq!(account.verdict(&RULE, PLACE), unread(Outcome::Truncated));
        }
        let mut not_offered = Account::new();
        not_offered.fail(&op::DESCRIBE_CONFIGURATION_SETS, json!({}), Outcome::NotOffered);
        assert_eq!(not_offered.verdict(&RULE, PLACE), Verdict::NotApplicable);
    }
}

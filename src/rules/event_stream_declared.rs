//! Events of an application carry attributes of its endpoints.

use super::context::Context;
use super::judgement::Judgement;
use super::processors::{self, Own, Receiver};
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Application, Place, Reading};

rule! {
    /// Events of an application that carries PHI go to a stream of its own account, or to a declared one.
    ///
    /// Passes when the stream that `GetEventStream` names is in the application's own account, or is the `target` of a
    /// `[[phi.processor]]`. Not applicable when the application has no event stream.
    ///
    /// ## Why
    ///
    /// Event records carry endpoint attributes, addresses and message metadata (Amazon Pinpoint developer guide,
    /// "Streaming events"). What receives PHI has to be known, and another party needs a business associate agreement
    /// (45 CFR 164.308(b)(1), 164.502(e)); NIST SP 800-53r5 CA-3.
    ///
    /// ## Fix
    ///
    /// Name the stream under `[[phi.processor]]` with its purpose, or point the events elsewhere: `aws pinpoint
    /// put-event-stream --application-id ID --write-event-stream DestinationStreamArn=ARN,RoleArn=ARN`, or `aws
    /// pinpoint delete-event-stream --application-id ID`.
    ///
    /// ## Limits
    ///
    /// It shows where events went when observed, not who reads the stream.
    "event-stream-declared", "Event stream declared", Recommended, DataFlow, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    context.phi_applications(rule, |place, application| {
        vec![(Subject::application(place, application), judge_stream(context, place, application))]
    })
}

fn judge_stream(context: &Context<'_>, place: &Place, application: &Application) -> Judgement {
    let mut judgement = Judgement::new();
    match &application.event_stream {
        Reading::Seen { value, calls } => {
            let receiver = Receiver::Resource(&value.destination_stream_arn);
            processors::judge((context, place), "Events go to", receiver, Own::Suffices, calls, &mut judgement);
        }
        Reading::Absent { calls } => judgement.not_applicable("GetEventStream shows no event stream.", calls),
        Reading::Unread(gap) => judgement.unread(gap),
    }
    judgement
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::operations as op;
    use crate::rules::Verdict;
    use crate::rules::testing::{APP_ARN, Account, EXCLUDED, UNREAD, about_app, processor, unread};
    use crate::snapshot::Outcome;

    const ELSEWHERE: &str = "arn:aws:firehose:us-east-1:444455556666:deliverystream/analytics";

    fn to(stream: &str) -> Account {
        let mut account = Account::new();
        account.answer(&op::GET_EVENT_STREAM, about_app(), json!({"DestinationStreamArn": stream}));
        account
    }

    #[test]
    fn passes_in_the_own_account_or_declared_and_fails_elsewhere() {
        let own = to("arn:aws:kinesis:eu-west-1:111122223333:stream/events");
        assert_eq!(own.verdict(&RULE, APP_ARN), Verdict::Pass);
        assert_eq!(to(ELSEWHERE).verdict(&RULE, APP_ARN), Verdict::Fail);
        assert_eq!(to(ELSEWHERE).config(&processor(ELSEWHERE)).verdict(&RULE, APP_ARN), Verdict::Pass);
        assert_eq!(to("stream/events").verdict(&RULE, APP_ARN), Verdict::Fail);
    }

    #[test]
    fn is_not_applicable_without_a_stream_if_the_application_was_seen_and_when_excluded() {
        assert_eq!(Account::new().verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        assert_eq!(to(ELSEWHERE).config(EXCLUDED).verdict(&RULE, APP_ARN), Verdict::NotApplicable);
        let mut unseen = Account::new();
        unseen.fail(&op::GET_APP, about_app(), Outcome::Throttled);
        assert_eq!(unseen.verdict(&RULE, APP_ARN), unread(Outcome::Throttled));
    }

    #[test]
    fn is_not_evaluated_when_unread_or_without_a_destination() {
        for outcome in UNREAD {
            let mut account = Account::new();
            account.fail(&op::GET_EVENT_STREAM, about_app(), outcome);
            assert_eq!(account.verdict(&RULE, APP_ARN), unread(outcome));
        }
        let mut account = Account::new();
        account.answer(&op::GET_EVENT_STREAM, about_app(), json!({}));
        assert_eq!(account.verdict(&RULE, APP_ARN), unread(Outcome::Unmodelled));
    }
}

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
    /// Name the stream under `[[phi.processor]]` with its purpose, or point the events elsewhere:
    /// `aws pinpoint put-event-stream --application-id ID --write-event-stream DestinationStreamArn=ARN,RoleArn=ARN`,
    /// or `aws pinpoint delete-event-stream --application-id ID`.
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

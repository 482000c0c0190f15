//! A recommender model reads attributes of endpoints.

use super::context::Context;
use super::judgement::Judgement;
use super::processors::{self, Own, Receiver};
use super::{Finding, Rule, Subject, rule};
use crate::estate::{Place, Recommender};
use crate::operations as op;
use crate::snapshot::CallId;

rule! {
    /// Every recommender model that messages may use is a declared processor, with its transforming function.
    ///
    /// Passes when the account and region has no recommender configuration, or when the provider and the transformer of
    /// each are the `target` of a `[[phi.processor]]`, in the own account too. Where no application carries PHI, what
    /// is not declared is not applicable.
    ///
    /// ## Why
    ///
    /// Amazon Pinpoint sends user or endpoint ids to the model and attributes to the transforming function (Amazon
    /// Pinpoint developer guide, "Customizing recommendations with AWS Lambda"). What receives PHI has to be known
    /// (45 CFR 164.308(a)(1)(ii)(A), 164.502(b), minimum necessary).
    ///
    /// ## Fix
    ///
    /// Name the Amazon Personalize campaign and the function under `[[phi.processor]]` with their purpose, or
    /// `aws pinpoint delete-recommender-configuration --recommender-id ID`.
    ///
    /// ## Limits
    ///
    /// A recommender belongs to no application; which templates use it is in their bodies, which are never read.
    "recommenders-declared", "Recommenders declared", Recommended, DataFlow, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let place = |place| judge_place(context, place).conclude(rule, Subject::place(place), context);
    context.estate.places.iter().map(place).collect()
}

fn judge_place(context: &Context<'_>, place: &Place) -> Judgement {
    let mut judgement = Judgement::new();
    let recommenders = &place.recommenders;
    if recommenders.gap.is_some() || !recommenders.seen.is_empty() {
        if !context.carries_phi(place) {
            judgement.not_applicable("No application that carries PHI lives here.", &place.applications.calls);
            return judgement;
        }
    } else {
        judgement.holds("GetRecommenderConfigurations shows no recommender.", &recommenders.calls);
    }
    if let Some(gap) = &recommenders.gap {
        judgement.unread(gap);
    }
    for listed in &recommenders.seen {
        judge_one(context, place, &listed.value, std::slice::from_ref(&listed.call), &mut judgement);
    }
    judgement
}

fn judge_one(
    context: &Context<'_>,
    place: &Place,
    Recommender { name, provider, transformer }: &Recommender,
    calls: &[CallId],
    judgement: &mut Judgement,
) {
    let mut flows_to = |who: String, receiver| {
        processors::judge((context, place), &who, receiver, Own::IsDeclaredToo, calls, judgement);
    };
    if let Some(function) = transformer {
        flows_to(format!("The recommender {name} transforms by"), Receiver::Function(function));
    }
    match provider {
        Some(arn) => flows_to(format!("The recommender {name} asks"), Receiver::Resource(arn)),
        None => judgement.lacks(op::GET_RECOMMENDER_CONFIGURATIONS.name, calls),
    }
}

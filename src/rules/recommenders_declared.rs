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
    /// each are the `target` of a `[[phi.processor]]`, in the own account too. A recommender belongs to no application,
    /// so it is judged whether or not one there is declared to carry PHI.
    ///
    /// ## Why
    ///
    /// Amazon Pinpoint sends user or endpoint ids to the model and attributes to the transforming function (Amazon
    /// Pinpoint developer guide, "Customizing recommendations with AWS Lambda"). What receives PHI has to be known (45
    /// CFR 164.308(a)(1)(ii)(A), 164.502(b), minimum necessary).
    ///
    /// ## Fix
    ///
    /// Name the Amazon Personalize campaign and the function under `[[phi.processor]]` with their purpose, or `aws
    /// pinpoint delete-recommender-configuration --recommender-id ID`.
    ///
    /// ## Limits
    ///
    /// A recommender belongs to no application; which templates use it is in their bodies, which are never read.
    "recommenders-declared", "Recommenders declared", Recommended, DataFlow, judge
}

fn judge(rule: &Rule, context: &Context<'_>) -> Vec<Finding> {
    let places = context.places().iter();
    places.map(|place| judge_place(context, place).conclude(rule, Subject::place(place), context)).collect()
}

fn judge_place(context: &Context<'_>, place: &Place) -> Judgement {
    let recommenders = &place.recommenders;
    let mut judgement = Judgement::new();
    if recommenders.gap.is_none() && recommenders.seen.is_empty() {
        judgement.holds("GetRecommenderConfigurations shows no recommender.", &recommenders.calls);
    }
    recommenders.gap.iter().for_each(|gap| judgement.unread(gap));
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
        flows_to(format!("The recommender {name} uses the function"), Receiver::Function(function));
    }
    match provider {
        Some(arn) => flows_to(format!("The recommender {name} uses the model"), Receiver::Resource(arn)),
        None => judgement.lacks(op::GET_RECOMMENDER_CONFIGURATIONS.name, calls),
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "documents stand inline in the calls")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::Verdict;
    use crate::rules::testing::{Account, EXCLUDED, PLACE, UNREAD, processor, unread};
    use crate::snapshot::Outcome;

    const MODEL: &str = "arn:aws:personalize:us-east-1:111122223333:campaign/articles";
    const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:titles";

    fn recommender(transformer: Value) -> Value {
        json!({"Id": "r", "RecommendationProviderUri": MODEL, "RecommendationTransformerUri": transformer})
    }

    fn with(recommender: Value) -> Account {
        let mut account = Account::new();
        account.answer(&op::GET_RECOMMENDER_CONFIGURATIONS, json!({}), json!({"Item": [recommender]}));
        account
    }

    #[test]
    fn passes_without_a_recommender() {
        assert_eq!(Account::new().verdict(&RULE, PLACE), Verdict::Pass);
        assert_eq!(Account::new().config(EXCLUDED).verdict(&RULE, PLACE), Verdict::Pass);
    }

    #[test]
    fn provider_and_transformer_have_to_be_declared_in_the_own_account_too() {
        for (transformer, declared, expected) in [
            (Value::Null, vec![MODEL], Verdict::Pass),
            (json!("titles"), vec![MODEL, FUNCTION], Verdict::Pass),
            (json!(FUNCTION), vec![MODEL, FUNCTION], Verdict::Pass),
            (json!(FUNCTION), vec![MODEL], Verdict::Fail),
            (json!(FUNCTION), vec![FUNCTION], Verdict::Fail),
            (Value::Null, vec![], Verdict::Fail),
        ] {
            let toml: String = declared.iter().map(|target| processor(target)).collect();
            let account = with(recommender(transformer.clone())).config(&toml);
            assert_eq!(account.verdict(&RULE, PLACE), expected, "{transformer} {declared:?}");
        }
    }

    #[test]
    fn who_carries_phi_makes_no_difference() {
        let excluded = with(recommender(Value::Null)).config(EXCLUDED);
        assert_eq!(excluded.verdict(&RULE, PLACE), Verdict::Fail);
        let mut declared = with(recommender(Value::Null)).config(&processor(MODEL));
        assert_eq!(declared.verdict(&RULE, PLACE), Verdict::Pass);
        declared.fail(&op::GET_APPS, json!({}), Outcome::AccessDenied);
        assert_eq!(declared.verdict(&RULE, PLACE), Verdict::Pass);
    }

    #[test]
    fn is_not_evaluated_when_unread_cut_or_without_a_provider() {
        for outcome in UNREAD {
            let mut account = Account::new();
            account.fail(&op::GET_RECOMMENDER_CONFIGURATIONS, json!({}), outcome);
            assert_eq!(account.verdict(&RULE, PLACE), unread(outcome));
        }
        for (item, expected) in
            [(json!([]), unread(Outcome::Truncated)), (json!([recommender(Value::Null)]), Verdict::Fail)]
        {
            let mut account = Account::new();
            let page = json!({"Item": item, "NextToken": "more"}).to_string();
            account.page(&op::GET_RECOMMENDER_CONFIGURATIONS, json!({}), 1, &page, Outcome::Observed);
            assert_eq!(account.verdict(&RULE, PLACE), expected);
        }
        assert_eq!(with(json!({"Id": "r"})).verdict(&RULE, PLACE), unread(Outcome::Unmodelled));
        let mut not_offered = Account::new();
        not_offered.fail(&op::GET_RECOMMENDER_CONFIGURATIONS, json!({}), Outcome::NotOffered);
        assert_eq!(not_offered.verdict(&RULE, PLACE), Verdict::NotApplicable);
    }
}

//! Which rules cannot judge when certain calls are denied.
//!
//! No table says so. The rules run over an example account in which the same calls are denied, and those that can no
//! longer say what they could say before are blind. So the answer is the code's own, also for rules and calls that are
//! added later; a test holds it against the verdicts on accounts in which the calls are denied on the wire.

use std::collections::{BTreeMap, BTreeSet};

use super::example::{Example, is_of};
use crate::demo;
use crate::estate::Estate;
use crate::operations::Operation;
use crate::period::Period;
use crate::programs;
use crate::rules::{self, Context, Finding, Reason, Verdict};
use crate::snapshot::{Call, CallId, Outcome};

/// The operations that each blind rule misses, by the rule's id.
pub type Blind = BTreeMap<&'static str, BTreeSet<&'static str>>;

/// The rules that are blind when all of these operations are denied, and everything that each misses.
///
/// A list that is denied hides what else a rule would miss with the list at hand, so each operation is also tried
/// alone.
pub async fn blind(example: &Example, denied: &[&'static Operation]) -> Blind {
    let mut blind = blind_together(example, denied).await;
    for operation in denied.iter().filter(|_| denied.len() > 1) {
        for rule in blind_together(example, &[operation]).await.into_keys() {
            blind.entry(rule).or_default().insert(operation.name);
        }
    }
    for lacks in blind.values_mut().filter(|lacks| lacks.is_empty()) {
        // Only all of them together blind the rule, and it cannot say which.
        lacks.extend(denied.iter().map(|operation| operation.name));
    }
    blind
}

/// Rule and resource.
pub(super) type Key = (&'static str, String);

fn key(finding: &Finding) -> Key {
    (finding.rule, finding.resource.clone())
}

fn is_unread(finding: &Finding) -> bool {
    matches!(finding.verdict, Verdict::NotEvaluated(Reason::Unread(_)))
}

/// What these calls leave unread.
pub(super) fn unread(example: &Example, calls: &[Call]) -> BTreeSet<Key> {
    judge(example, calls).iter().filter(|finding| is_unread(finding)).map(key).collect()
}

/// The rules that are blind when all of these operations are denied, and what each notices that it misses.
///
/// What the example account itself denies, before anything else is, does not count.
pub(super) async fn blind_together(example: &Example, denied: &[&'static Operation]) -> Blind {
    let calls = example.denying(denied).await;
    let operation = |call: &Call| denied.iter().find(|operation| is_of(call, operation)).map(|found| found.name);
    let refused = calls.iter().filter(|call| call.outcome == Outcome::AccessDenied);
    let missing: BTreeMap<&CallId, &str> = refused.filter_map(|call| Some((&call.id, operation(call)?))).collect();
    let mut blind = Blind::new();
    for finding in judge(example, &calls) {
        if is_unread(&finding) && !example.unread.contains(&key(&finding)) {
            let lacks = finding.evidence.iter().filter_map(|id| missing.get(id).copied());
            blind.entry(finding.rule).or_default().extend(lacks);
        }
    }
    blind
}

fn judge(example: &Example, calls: &[Call]) -> Vec<Finding> {
    let estate = Estate::of_calls(demo::ACCOUNT, &demo::REGIONS, example.at, calls.iter().cloned());
    let period = Period::quarter_of(example.at);
    rules::judge(&Context {
        estate: &estate,
        config: &example.config,
        period: &period,
        programs: programs::all(),
        focus: rules::Focus::Everything,
    })
}

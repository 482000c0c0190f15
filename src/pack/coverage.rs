//! What each rule could examine, counted from its findings.

use super::{Findings, RuleCoverage, Summary};
use crate::rules;

/// One entry for each rule of the catalogue, in its order.
///
/// A resource that the rule does not concern is not eligible. One that needs a person's statement that nobody gave is
/// eligible and not examined.
pub(super) fn coverage(findings: &Findings) -> Vec<RuleCoverage> {
    let of_rule = |rule: &&'static rules::Rule| {
        let mut coverage = RuleCoverage {
            id: rule.id,
            title: rule.title,
            level: rule.level,
            eligible: 0,
            examined: 0,
            unexamined: std::collections::BTreeMap::new(),
        };
        for run in findings.runs().filter(|run| run.rule == rule.id) {
            let Summary { pass, fail, attested, not_evaluated, .. } = run.summary;
            coverage.examined += pass + fail + attested;
            coverage.eligible += pass + fail + attested + not_evaluated;
            for (reason, number) in run.reasons() {
                *coverage.unexamined.entry(reason).or_default() += number;
            }
        }
        coverage
    };
    rules::ALL.iter().map(of_rule).collect()
}

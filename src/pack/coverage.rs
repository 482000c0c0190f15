//! What each rule could examine, counted from its findings.

use super::{RuleCoverage, Unexamined};
use crate::rules::{self, Finding, Verdict};

/// One entry for each rule of the catalogue, in its order.
///
/// A resource that the rule does not concern is not eligible. One that needs a person's statement that nobody gave is
/// eligible and not examined.
pub(super) fn coverage(findings: &[Finding]) -> Vec<RuleCoverage> {
    rules::ALL
        .iter()
        .map(|rule| {
            let mut coverage = RuleCoverage {
                id: rule.id,
                title: rule.title,
                level: rule.level,
                eligible: 0,
                examined: 0,
                unexamined: Vec::new(),
            };
            for finding in findings.iter().filter(|finding| finding.rule == rule.id) {
                count(&mut coverage, finding);
            }
            coverage
        })
        .collect()
}

fn count(coverage: &mut RuleCoverage, finding: &Finding) {
    match finding.verdict {
        Verdict::NotApplicable => return,
        Verdict::Pass | Verdict::Fail | Verdict::Attested => coverage.examined += 1,
        Verdict::NotEvaluated(reason) => {
            let resource = finding.resource.clone();
            coverage.unexamined.push(Unexamined { resource, reason: reason.as_str() });
        }
    }
    coverage.eligible += 1;
}

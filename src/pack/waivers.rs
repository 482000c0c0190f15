//! Accepted exceptions: they stand beside a verdict and never change it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::config::{Config, Waiver};
use crate::rules::{AppliedWaiver, Finding, Verdict};

/// Puts each waiver beside the finding that it names, and gives back those that name none.
///
/// A waiver counts only for a `fail`, and only from the day it was approved to the day it expires.
pub(super) fn apply<'c>(findings: &mut [Finding], config: &'c Config, on: NaiveDate) -> Vec<&'c Waiver> {
    let mut used = BTreeSet::new();
    for finding in findings {
        let named = config
            .waivers
            .iter()
            .enumerate()
            .find(|(_, waiver)| waiver.rule == finding.rule && waiver.resource == finding.resource);
        if let Some((index, waiver)) = named {
            used.insert(index);
            finding.waiver = Some(applied(waiver, finding.verdict, on));
        }
    }
    config.waivers.iter().enumerate().filter(|(index, _)| !used.contains(index)).map(|(_, waiver)| waiver).collect()
}

fn applied(waiver: &Waiver, verdict: Verdict, on: NaiveDate) -> AppliedWaiver {
    AppliedWaiver {
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        approver: waiver.approver.clone(),
        ticket: waiver.ticket.clone(),
        approved_on: waiver.approved_on,
        expires: waiver.expires,
        valid: verdict == Verdict::Fail && waiver.is_valid_on(on),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Level, Reason};

    fn finding(verdict: Verdict) -> Finding {
        Finding {
            rule: "voice-channel-disabled",
            level: Level::Required,
            account: "111122223333".into(),
            region: None,
            resource: "arn:x".into(),
            resource_name: None,
            verdict,
            message: String::new(),
            evidence: Vec::new(),
            attestation: None,
            waiver: None,
        }
    }

    fn config(resource: &str) -> Config {
        let text = format!(
            "[[waiver]]\nrule = \"voice-channel-disabled\"\nresource = \"{resource}\"\nreason = \"r\"\nowner = \"a\"\n\
             approver = \"b\"\nticket = \"T-1\"\nexpires = 2026-12-31\napproved_on = 2026-07-01\n"
        );
        Config::parse(&text, "evidence.toml").expect("a configuration")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_waiver_counts_for_a_fail_between_its_days_and_never_changes_the_verdict() {
        for (on, valid) in [("2026-06-30", false), ("2026-07-01", true), ("2026-12-31", true), ("2027-01-01", false)] {
            let mut findings = [finding(Verdict::Fail)];
            assert!(apply(&mut findings, &config("arn:x"), day(on)).is_empty());
            assert_eq!(findings[0].is_waived(), valid, "{on}");
            assert_eq!(findings[0].verdict, Verdict::Fail);
        }
    }

    #[test]
    fn a_waiver_never_covers_what_was_not_evaluated() {
        let mut findings = [finding(Verdict::NotEvaluated(Reason::NeedsAttestation))];
        apply(&mut findings, &config("arn:x"), day("2026-08-01"));
        assert!(!findings[0].is_waived());
        assert!(findings[0].waiver.is_some());
    }

    #[test]
    fn a_waiver_that_names_nothing_is_given_back() {
        let mut findings = [finding(Verdict::Fail)];
        let config = config("arn:y");
        assert_eq!(apply(&mut findings, &config, day("2026-08-01")).len(), 1);
        assert!(findings[0].waiver.is_none());
    }
}

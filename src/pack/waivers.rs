//! Accepted exceptions: they stand beside a verdict and never change it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::config::{Config, Waiver};
use crate::rules::{AppliedWaiver, Finding, Verdict};

/// The waivers of a configuration, and which of them were put beside a finding.
pub(super) struct Waivers<'c> {
    all: &'c [Waiver],
    used: BTreeSet<usize>,
    on: NaiveDate,
}

impl<'c> Waivers<'c> {
    /// Those of a configuration, as they count on a day.
    pub(super) fn of(config: &'c Config, on: NaiveDate) -> Self {
        Self { all: &config.waivers, used: BTreeSet::new(), on }
    }

    /// Puts each waiver beside the finding that it names.
    ///
    /// A waiver counts only for a `fail`, and only from the day it was approved to the day it expires.
    pub(super) fn apply(&mut self, findings: &mut [Finding]) {
        for finding in findings {
            let names = |waiver: &Waiver| waiver.rule == finding.rule && waiver.resource == finding.resource;
            if let Some((index, waiver)) = self.all.iter().enumerate().find(|(_, waiver)| names(waiver)) {
                self.used.insert(index);
                finding.waiver = Some(applied(waiver, finding.verdict, self.on));
            }
        }
    }

    /// Those that name no finding.
    pub(super) fn without_effect(&self) -> Vec<&'c Waiver> {
        let unused = self.all.iter().enumerate().filter(|(index, _)| !self.used.contains(index));
        unused.map(|(_, waiver)| waiver).collect()
    }
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

    /// Whether every waiver names a finding.
    fn apply(findings: &mut [Finding], config: &Config, on: NaiveDate) -> bool {
        let mut waivers = Waivers::of(config, on);
        waivers.apply(findings);
        waivers.without_effect().is_empty()
    }

    #[test]
    fn a_waiver_counts_for_a_fail_between_its_days_and_never_changes_the_verdict() {
        for (on, valid) in [("2026-06-30", false), ("2026-07-01", true), ("2026-12-31", true), ("2027-01-01", false)] {
            let mut findings = [finding(Verdict::Fail)];
            assert!(apply(&mut findings, &config("arn:x"), day(on)));
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
        assert!(!apply(&mut findings, &config, day("2026-08-01")));
        assert!(findings[0].waiver.is_none());
    }
}

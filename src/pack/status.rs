//! The status of a control: what findings, statements and reports amount to, in the same way for every control.
//!
//! A control's customer part rests on rules and statements, AWS's part on a report. Each piece has a status of its own,
//! and the control has the worst of them.

use crate::rules::{Finding, Reason, Verdict};

/// The status of a control, or of a part of it. The order is that of precedence: of several, the last one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// What was read shows that none of its rules concerns anything there.
    NotApplicable,
    /// AWS's part, and a report covers the period.
    Inherited,
    /// At least one of its rules passed, none failed, and none is unevaluated.
    Met,
    /// It rests on a person's statement, and nothing speaks against it.
    Attested,
    /// AWS's part, and no report covers the period.
    InheritedGap,
    /// It needs a statement that nobody has given.
    NeedsAttestation,
    /// Something it needs was not read, or nothing was seen that bears on it.
    NotEvaluated,
    /// At least one of its rules failed, whether or not a waiver stands beside the fail.
    NotMet,
}

impl Status {
    /// Every status, the one that weighs most first.
    pub const ALL: [Self; 8] = [
        Self::NotMet,
        Self::NotEvaluated,
        Self::NeedsAttestation,
        Self::InheritedGap,
        Self::Attested,
        Self::Met,
        Self::Inherited,
        Self::NotApplicable,
    ];

    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotMet => "not_met",
            Self::NotEvaluated => "not_evaluated",
            Self::NeedsAttestation => "needs_attestation",
            Self::InheritedGap => "inherited_gap",
            Self::Attested => "attested",
            Self::Met => "met",
            Self::Inherited => "inherited",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// What one finding makes of a control.
    const fn of_finding(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Fail => Self::NotMet,
            Verdict::NotEvaluated(Reason::NeedsAttestation) => Self::NeedsAttestation,
            Verdict::NotEvaluated(Reason::Unread(_) | Reason::Unspecified) => Self::NotEvaluated,
            Verdict::Attested => Self::Attested,
            Verdict::Pass => Self::Met,
            Verdict::NotApplicable => Self::NotApplicable,
        }
    }

    /// The customer's part: from the findings of its rules, and from whether each statement that it needs was given.
    ///
    /// Without a finding and without a statement nothing was seen, which is `not_evaluated` and never `met`.
    pub(super) fn of_customer(verdicts: impl Iterator<Item = Verdict>, statements: impl Iterator<Item = bool>) -> Self {
        let of_findings = verdicts.map(Self::of_finding);
        let of_statements = statements.map(|given| if given { Self::Attested } else { Self::NeedsAttestation });
        of_findings.chain(of_statements).max().unwrap_or(Self::NotEvaluated)
    }

    /// AWS's part: from the finding of the rule that asks for the program's reports, and from whether reports of the
    /// kind that the control needs cover the period (`None` when that was not read).
    pub(super) fn of_aws(finding: Option<&Finding>, kind_covers: Option<bool>) -> Self {
        match (finding.map(|finding| finding.verdict), kind_covers) {
            (Some(Verdict::Pass), Some(true)) => Self::Inherited,
            (Some(Verdict::Pass), Some(false)) | (Some(Verdict::Fail), _) => Self::InheritedGap,
            _ => Self::NotEvaluated,
        }
    }

    /// A control's status: the worse of its parts.
    pub(super) fn of_parts(customer: Option<Self>, aws: Option<Self>) -> Self {
        customer.max(aws).unwrap_or(Self::NotEvaluated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Level;
    use crate::snapshot::Outcome;

    const DENIED: Verdict = Verdict::NotEvaluated(Reason::Unread(Outcome::AccessDenied));
    const OPEN: Verdict = Verdict::NotEvaluated(Reason::Unspecified);
    const NEEDS: Verdict = Verdict::NotEvaluated(Reason::NeedsAttestation);

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

    fn customer(verdicts: &[Verdict], statements: &[bool]) -> Status {
        Status::of_customer(verdicts.iter().copied(), statements.iter().copied())
    }

    #[test]
    fn met_needs_a_pass_no_fail_nothing_unevaluated_and_no_missing_statement() {
        use Verdict::{Attested, Fail, NotApplicable, Pass};
        let table: [(&[Verdict], &[bool], Status); 15] = [
            (&[Pass], &[], Status::Met),
            (&[Pass, NotApplicable], &[], Status::Met),
            (&[Pass, Fail], &[], Status::NotMet),
            (&[Pass, Fail, DENIED, NEEDS], &[false], Status::NotMet),
            (&[Pass, DENIED], &[], Status::NotEvaluated),
            (&[Pass, OPEN, NEEDS], &[false], Status::NotEvaluated),
            (&[Pass, NEEDS], &[], Status::NeedsAttestation),
            (&[Pass], &[false], Status::NeedsAttestation),
            (&[Pass], &[true, false], Status::NeedsAttestation),
            (&[Pass], &[true], Status::Attested),
            (&[Pass, Attested], &[], Status::Attested),
            (&[], &[true], Status::Attested),
            (&[NotApplicable], &[], Status::NotApplicable),
            (&[NotApplicable], &[false], Status::NeedsAttestation),
            (&[], &[], Status::NotEvaluated),
        ];
        for (verdicts, statements, expected) in table {
            assert_eq!(customer(verdicts, statements), expected, "{verdicts:?} {statements:?}");
        }
    }

    #[test]
    fn a_part_of_aws_is_inherited_only_on_a_pass_and_a_report_of_its_kind() {
        let of = |verdict, covers| Status::of_aws(Some(&finding(verdict)), covers);
        assert_eq!(of(Verdict::Pass, Some(true)), Status::Inherited);
        assert_eq!(of(Verdict::Pass, Some(false)), Status::InheritedGap);
        assert_eq!(of(Verdict::Pass, None), Status::NotEvaluated);
        assert_eq!(of(Verdict::Fail, Some(true)), Status::InheritedGap);
        assert_eq!(of(DENIED, Some(true)), Status::NotEvaluated);
        assert_eq!(of(Verdict::NotApplicable, Some(true)), Status::NotEvaluated);
        assert_eq!(Status::of_aws(None, Some(true)), Status::NotEvaluated);
    }

    #[test]
    fn the_worse_part_stands() {
        let both = |customer, aws| Status::of_parts(Some(customer), Some(aws));
        assert_eq!(both(Status::Met, Status::Inherited), Status::Met);
        assert_eq!(both(Status::Met, Status::InheritedGap), Status::InheritedGap);
        assert_eq!(both(Status::NotMet, Status::InheritedGap), Status::NotMet);
        assert_eq!(both(Status::NotApplicable, Status::Inherited), Status::Inherited);
        assert_eq!(both(Status::Attested, Status::NotEvaluated), Status::NotEvaluated);
        assert_eq!(Status::of_parts(None, Some(Status::Inherited)), Status::Inherited);
        assert_eq!(Status::of_parts(None, None), Status::NotEvaluated);
    }

    #[test]
    fn the_list_is_complete_and_in_order() {
        assert!(Status::ALL.is_sorted_by(|a, b| a > b));
        assert_eq!(Status::ALL.len(), 8);
    }
}

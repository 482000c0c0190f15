//! What is known of a finding without unpacking it: its verdict, and whether a valid waiver accepts it. One byte.

use crate::rules::{Finding, Reason, Verdict};
use crate::snapshot::Outcome;

/// Set where the finding is waived.
const WAIVED: u8 = 0x80;

/// Where the numbers of the outcomes begin that leave something unread.
const OUTCOMES: u8 = 6;

/// A finding's verdict and waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u8);

impl Mark {
    pub(super) fn of(finding: &Finding) -> Self {
        Self(of_verdict(finding.verdict) | if finding.is_waived() { WAIVED } else { 0 })
    }

    /// The finding's verdict.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        verdict(self.0 & !WAIVED)
    }

    /// Whether a valid waiver accepts it.
    #[must_use]
    pub const fn is_waived(self) -> bool {
        self.0 & WAIVED != 0
    }

    /// Whether it leaves something to do: it failed, waived or not, or could not be evaluated.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.verdict().is_open()
    }
}

/// The number of a verdict, below [`WAIVED`].
pub(super) fn of_verdict(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::Fail => 1,
        Verdict::NotApplicable => 2,
        Verdict::Attested => 3,
        Verdict::NotEvaluated(Reason::NeedsAttestation) => 4,
        Verdict::NotEvaluated(Reason::Unspecified) => 5,
        Verdict::NotEvaluated(Reason::Unread(outcome)) => {
            let place = Outcome::ALL.iter().position(|known| *known == outcome).unwrap_or_default();
            OUTCOMES + u8::try_from(place).unwrap_or_default()
        }
    }
}

/// The reverse.
pub(super) fn verdict(number: u8) -> Verdict {
    match number {
        0 => Verdict::Pass,
        1 => Verdict::Fail,
        2 => Verdict::NotApplicable,
        3 => Verdict::Attested,
        4 => Verdict::NotEvaluated(Reason::NeedsAttestation),
        5 => Verdict::NotEvaluated(Reason::Unspecified),
        other => {
            let outcome = Outcome::ALL.get(usize::from(other - OUTCOMES)).copied();
            Verdict::NotEvaluated(Reason::Unread(outcome.unwrap_or(Outcome::Unmodelled)))
        }
    }
}

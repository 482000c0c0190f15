//! Exit codes: a contract with pipelines.

use std::process::ExitCode;

use crate::pack::{Pack, Run, Summary};
use crate::rules::Level;
use crate::snapshot::Outcome;

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Every `required` rule that applies passed, is attested, or carries a valid waiver.
    Success = 0,
    /// At least one unwaived `fail` of a `required` rule.
    Violation = 1,
    /// The command line or the configuration is wrong, or something could not be done.
    Usage = 2,
    /// No such fail, but a `required` rule is `not_evaluated`.
    NotEvaluated = 3,
    /// A pack or snapshot is not what its seal says.
    Integrity = 4,
    /// No call but the caller's identity ended `observed` or `not_configured`.
    NothingEvaluated = 5,
    /// Stopped from the keyboard, by the shell's convention for SIGINT.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Which rules decide, and whether verdicts decide at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strictness {
    /// Whether `recommended` rules count as well.
    pub strict: bool,
    /// Whether verdicts leave the exit code alone.
    pub exit_zero: bool,
}

impl Exit {
    /// The exit code that a pack asks for.
    #[must_use]
    pub fn of(pack: &Pack, strictness: Strictness) -> Self {
        let is_read = |outcome: Outcome| outcome.is_read();
        let evaluated =
            pack.evidence.iter().any(|row| row.service != "sts" && is_read(row.outcome) && row.id.earlier().is_none());
        if !evaluated {
            return Self::NothingEvaluated;
        }
        if strictness.exit_zero {
            return Self::Success;
        }
        let counts = |run: &&Run| strictness.strict || run.level == Level::Required;
        let summary: Summary = pack.findings.runs().filter(counts).map(|run| run.summary).sum();
        match (summary.fail - summary.waived, summary.not_evaluated) {
            (0, 0) => Self::Success,
            (0, _) => Self::NotEvaluated,
            _ => Self::Violation,
        }
    }
}

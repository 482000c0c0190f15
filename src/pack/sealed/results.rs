//! What `results.json` says, as far as somebody asks it. A key that a later version adds is passed over.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::pack::{Span, Verdicts};
use crate::rules::{Finding, Level, Verdict};
use crate::snapshot::{Outcome, Tool, time};

/// The only version of the format that there is.
const SCHEMA: &str = "pinpoint-evidence/results/v1";

/// The results of a pack.
#[derive(Clone, Debug, Deserialize)]
pub struct Results {
    schema: String,
    /// Which program judged.
    pub tool: Tool,
    /// The customer, when the configuration names it.
    pub organization: Option<SealedOrganization>,
    /// What the pack covers.
    pub period: Span,
    /// When the evidence was collected.
    pub collected: SealedTimes,
    /// The day until which the pack is kept.
    pub retain_until: NaiveDate,
    /// How many findings have each verdict.
    pub summary: Verdicts,
    /// What was looked at.
    pub scope: SealedScope,
    /// Every finding.
    pub findings: Vec<SealedFinding>,
    /// Every rule.
    pub rules: Vec<SealedRule>,
    /// Audit reports that AWS Artifact lists.
    pub reports: Vec<SealedReport>,
    /// Agreements that AWS Artifact lists.
    pub agreements: Vec<SealedAgreement>,
    /// The index of every call.
    pub evidence: Vec<SealedCall>,
}

impl Results {
    /// Reads the file; the error is a clause about it.
    ///
    /// # Errors
    /// When it is no such file, or of a version that this program does not know.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        let results: Self = serde_json::from_slice(json).map_err(|error| format!("does not parse: {error}"))?;
        Self::knows(&results.schema).map(|()| results)
    }

    /// Whether this program reads files of that schema; the error is a clause about the file.
    ///
    /// # Errors
    /// When it does not.
    pub fn knows(schema: &str) -> Result<(), String> {
        if schema == SCHEMA {
            return Ok(());
        }
        Err(format!("its schema is `{}`; this version reads `{SCHEMA}`", schema.escape_debug()))
    }

    /// Findings of required rules that failed without a valid waiver or could not be evaluated.
    #[must_use]
    pub fn open(&self) -> u64 {
        let open =
            self.findings.iter().filter(|finding| finding.level == Level::Required && finding.judged().is_open());
        open.count() as u64
    }
}

/// The customer.
#[derive(Clone, Debug, Deserialize)]
pub struct SealedOrganization {
    /// Its name.
    pub name: String,
}

/// The first call's start and the last call's end.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct SealedTimes {
    /// The first call's start.
    #[serde(with = "time")]
    pub first: DateTime<Utc>,
    /// The last call's end: the time that everything is judged at.
    #[serde(with = "time")]
    pub last: DateTime<Utc>,
}

/// What was looked at.
#[derive(Clone, Debug, Deserialize)]
pub struct SealedScope {
    /// In order.
    pub accounts: Vec<String>,
    /// In order.
    pub regions: Vec<String>,
    /// Every application seen.
    pub applications: Vec<SealedApplication>,
}

/// An application.
#[derive(Clone, Debug, Deserialize)]
pub struct SealedApplication {
    /// 32 hexadecimal digits.
    pub id: String,
    /// As AWS gave it.
    pub arn: String,
    /// As AWS gave it.
    pub name: String,
    /// `declared`, `excluded` or `undeclared`.
    pub phi: String,
}

/// One rule on one resource.
#[derive(Clone, Debug, Deserialize)]
pub struct SealedFinding {
    /// The fingerprint of rule and resource.
    pub id: String,
    /// The rule's id.
    pub rule: String,
    /// The rule's level.
    pub level: Level,
    /// Twelve digits.
    pub account: String,
    /// Where, when the resource lives in a region.
    pub region: Option<String>,
    /// In the one form that its kind has.
    pub resource: String,
    /// What people call it.
    pub resource_name: Option<String>,
    /// The verdict.
    pub verdict: SealedVerdict,
    /// Why it was not evaluated.
    pub reason: Option<String>,
    /// What was seen.
    pub message: String,
    /// Ids of the calls it rests on.
    pub evidence: Vec<String>,
    /// The accepted exception for it, valid or not.
    pub waiver: Option<SealedWaiver>,
}

/// An accepted exception.
#[derive(Clone, Debug, Deserialize)]
pub struct SealedWaiver {
    /// Where it is tracked.
    pub ticket: String,
    /// Its last day.
    pub expires: NaiveDate,
    /// Whether it counts.
    pub valid: bool,
}

/// A verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealedVerdict {
    /// `pass`
    Pass,
    /// `fail`
    Fail,
    /// `not_evaluated`
    NotEvaluated,
    /// `not_applicable`
    NotApplicable,
    /// `attested`
    Attested,
}

/// A verdict with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// The verdict.
    pub verdict: SealedVerdict,
    /// Why it was not evaluated.
    pub reason: Option<String>,
    /// Whether a valid waiver stands beside it.
    pub waived: bool,
}

impl Judged {
    /// Whether somebody has to do something: a fail that nothing accepts, or something that could not be evaluated.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.verdict {
            SealedVerdict::Fail => !self.waived,
            SealedVerdict::NotEvaluated => true,
            SealedVerdict::Pass | SealedVerdict::NotApplicable | SealedVerdict::Attested => false,
        }
    }
}

impl SealedFinding {
    /// The verdict with what belongs to it.
    #[must_use]
    pub fn judged(&self) -> Judged {
        let waived = self.waiver.as_ref().is_some_and(|waiver| waiver.valid);
        Judged { verdict: self.verdict, reason: self.reason.clone(), waived }
    }
}

impl From<&Finding> for Judged {
    fn from(finding: &Finding) -> Self {
        Self {
            verdict: match finding.verdict {
                Verdict::Pass => SealedVerdict::Pass,
                Verdict::Fail => SealedVerdict::Fail,
                Verdict::NotEvaluated(_) => SealedVerdict::NotEvaluated,
                Verdict::NotApplicable => SealedVerdict::NotApplicable,
                Verdict::Attested => SealedVerdict::Attested,
            },
            reason: finding.verdict.reason().map(|reason| reason.to_string()),
            waived: finding.is_waived(),
        }
    }
}

/// A rule.
#[derive(Clone, Debug, Deserialize)]
pub struct SealedRule {
    /// In kebab-case.
    pub id: String,
    /// What it asks, in a few words.
    pub title: String,
    /// The rule's level.
    pub level: Level,
}

/// A pointer to an audit report.
#[derive(Clone, Debug, Deserialize)]
pub struct SealedReport {
    /// The program that claims it.
    pub program: Option<String>,
    /// As AWS gave it.
    pub id: String,
    /// As AWS gave it.
    pub name: Option<String>,
    /// As AWS gave it.
    pub version: Option<i64>,
    /// First day covered.
    pub period_start: Option<NaiveDate>,
    /// Last day covered.
    pub period_end: Option<NaiveDate>,
    /// As AWS gave it.
    pub state: Option<String>,
}

/// An agreement.
#[derive(Clone, Debug, Deserialize)]
pub struct SealedAgreement {
    /// As AWS gave it.
    pub name: Option<String>,
    /// As AWS gave it.
    pub arn: Option<String>,
    /// As AWS gave it.
    pub state: Option<String>,
    /// Since when.
    pub effective_start: Option<String>,
    /// Until when.
    pub effective_end: Option<String>,
}

/// A call in the index of the evidence.
#[derive(Clone, Debug, Deserialize)]
pub struct SealedCall {
    /// Its id in the pack.
    pub id: String,
    /// How it ended.
    pub outcome: Outcome,
    /// SHA-256 of the recorded body.
    pub sha256: Option<String>,
}

impl fmt::Display for SealedVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotEvaluated => "not evaluated",
            Self::NotApplicable => "not applicable",
            Self::Attested => "attested",
        })
    }
}

//! What a rule says of a resource.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::config::{self, OfflineBaa};
use crate::snapshot::{CallId, Outcome, hex_sha256};

/// How a message begins.
pub(super) const OBSERVED: &str = "Observed ";

/// How much a rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A sentence of AWS's compliance page for Amazon Pinpoint, or of a law, says so.
    Required,
    /// Good practice; the rule's text says whose.
    Recommended,
}

impl Level {
    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Recommended => "recommended",
        }
    }
}

/// The verdict of one rule on one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// What was read shows that the rule holds.
    Pass,
    /// What was read shows that it does not.
    Fail,
    /// Something it needs could not be read, is left open, or has to be said by a person.
    NotEvaluated(Reason),
    /// It does not concern this resource; the message says which fact shows it.
    NotApplicable,
    /// A person's dated statement stands where no API can answer.
    Attested,
}

impl Verdict {
    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotEvaluated(_) => "not_evaluated",
            Self::NotApplicable => "not_applicable",
            Self::Attested => "attested",
        }
    }

    /// Whether it leaves something to do: it failed, waived or not, or could not be evaluated.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Fail | Self::NotEvaluated(_))
    }

    /// Why it is `not_evaluated`.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::NotEvaluated(reason) => Some(reason),
            _ => None,
        }
    }
}

/// Why a rule could not be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// How the call that was missing ended. Never `observed` or `not_configured`.
    Unread(Outcome),
    /// Only a person can say it, and nobody has.
    NeedsAttestation,
    /// The configuration leaves it open.
    Unspecified,
}

impl Reason {
    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unread(outcome) => outcome.as_str(),
            Self::NeedsAttestation => "needs_attestation",
            Self::Unspecified => "unspecified",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A person's dated statement, from the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// What it answers, for instance `short_code_purpose`.
    pub id: String,
    /// What the person says.
    pub statement: String,
    /// Who says it.
    pub by: Option<String>,
    /// As what.
    pub role: Option<String>,
    /// When; an ISO date.
    pub on: Option<chrono::NaiveDate>,
    /// Where the original lies.
    pub reference: Option<String>,
}

impl From<&config::Attestation> for Attestation {
    fn from(stated: &config::Attestation) -> Self {
        let config::Attestation { id, statement, by, role, on, reference } = stated.clone();
        Self { id, statement, by: Some(by), role: Some(role), on: Some(on), reference }
    }
}

impl From<&OfflineBaa> for Attestation {
    fn from(baa: &OfflineBaa) -> Self {
        Self {
            id: "offline_baa".to_owned(),
            statement: format!("A business associate addendum is in force outside AWS Artifact ({}).", baa.reference),
            by: Some(baa.by.clone()),
            role: None,
            on: Some(baa.on),
            reference: Some(baa.reference.clone()),
        }
    }
}

/// An accepted exception as it stands beside a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedWaiver {
    /// Why the exception is accepted.
    pub reason: String,
    /// Who carries it.
    pub owner: String,
    /// Who accepted it.
    pub approver: String,
    /// Where it is tracked.
    pub ticket: String,
    /// The day it was accepted.
    pub approved_on: chrono::NaiveDate,
    /// Its last day.
    pub expires: chrono::NaiveDate,
    /// Whether it counts at the time of the pack, for this verdict.
    pub valid: bool,
}

/// One rule on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// The rule's level.
    pub level: Level,
    /// Twelve digits; for a program, the caller's account.
    pub account: String,
    /// Where, when the resource lives in a region.
    pub region: Option<String>,
    /// In the one form that its kind has (an ARN where there is one).
    pub resource: String,
    /// What people call it.
    pub resource_name: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// What was seen, in one or two sentences.
    pub message: String,
    /// The calls it rests on, in order, each once.
    pub evidence: Vec<CallId>,
    /// The statement that an `attested` verdict rests on, or that stands beside a failure without changing it.
    pub attestation: Option<Attestation>,
    /// The accepted exception for it, valid or not.
    pub waiver: Option<AppliedWaiver>,
}

impl Finding {
    /// A fingerprint of rule and resource: the same in every pack, so that tickets and diffs can key on it.
    ///
    /// What another account owns and shares is seen once in every account that it is shared with, so there the account
    /// belongs to it.
    #[must_use]
    pub fn id(&self) -> String {
        match self.owner() {
            Some(owner) if owner != self.account => {
                Self::id_of(self.rule, &format!("{}\n{}", self.resource, self.account))
            }
            _ => Self::id_of(self.rule, &self.resource),
        }
    }

    /// The account in the resource's ARN, if it has one.
    fn owner(&self) -> Option<&str> {
        let owner = self.resource.strip_prefix("arn:")?.split(':').nth(3)?;
        (!owner.is_empty()).then_some(owner)
    }

    /// The fingerprint of the finding of a rule on a resource that no other account shares.
    #[must_use]
    pub fn id_of(rule: &str, resource: &str) -> String {
        format!("f-{}", &hex_sha256(format!("{rule}\n{resource}").as_bytes())[..16])
    }

    /// Where it stands among the findings of its rule: by account, region and resource.
    #[must_use]
    pub fn place(&self) -> (&str, Option<&str>, &str) {
        (&self.account, self.region.as_deref(), &self.resource)
    }

    /// The two parts of its message: when it was observed, and what; the first is empty where the message does not say.
    #[must_use]
    pub fn told(&self) -> (&str, &str) {
        let dated = self.message.strip_prefix(OBSERVED).and_then(|message| message.split_once(": "));
        dated.unwrap_or(("", &self.message))
    }

    /// Whether a valid waiver accepts it.
    #[must_use]
    pub fn is_waived(&self) -> bool {
        self.waiver.as_ref().is_some_and(|waiver| waiver.valid)
    }
}

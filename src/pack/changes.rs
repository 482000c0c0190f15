//! What changed between two packs, and why: schema `pinpoint-evidence/diff/v1`.
//!
//! These structures are the format, frozen: `diff --format json` and `changes.json` hold them field by field, and the
//! pages are made from them alone, so that a page says nothing that the data does not. Every key is always present,
//! `null` where there is nothing. A later field has a default, and a change of meaning is a new version of the schema.

mod listed;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use listed::{AgreementChange, AgreementState, Listed, ReportChange, ReportState, ResourceChange};

use super::model::Pack;
use super::sealed::Judged;
use crate::rules::Level;
use crate::snapshot::{Outcome, Tool, time};

/// The value of [`Changes::schema`].
pub const CHANGES_SCHEMA: &str = "pinpoint-evidence/diff/v1";

/// The JSON Schema (draft 2020-12) of [`Changes`].
pub const CHANGES_SCHEMA_JSON: &str = include_str!("changes.schema.json");

/// Everything that differs between two packs. The order of the fields is the order in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// [`CHANGES_SCHEMA`].
    pub schema: String,
    /// Which program compared.
    pub tool: Tool,
    /// The earlier pack.
    pub old: Compared,
    /// The later pack.
    pub new: Compared,
    /// Three to six sentences for somebody who reads nothing else.
    pub summary: Vec<String>,
    /// How many findings went which way.
    pub counts: Counts,
    /// What changed, the most important first. One without findings moved no verdict.
    pub causes: Vec<Cause>,
    /// Every finding that appeared, vanished or changed: by direction, level, rule, resource.
    pub findings: Vec<FindingChange>,
    /// Resources that one pack shows and the other does not.
    pub resources: Vec<ResourceChange>,
    /// Audit reports of AWS that one pack lists and the other does not, or lists otherwise.
    pub reports: Vec<ReportChange>,
    /// Agreements, likewise.
    pub agreements: Vec<AgreementChange>,
    /// Entries of the declarations that differ.
    pub declarations: Vec<Field>,
    /// Rules that one version of the program has and the other has not, or has at another level.
    pub rules: Vec<RuleChange>,
}

impl Changes {
    /// Whether what it says of the later pack is what that pack says.
    #[must_use]
    pub fn is_about(&self, pack: &Pack) -> bool {
        let positions = pack.findings.positions(self.findings.iter().map(|change| change.id.as_str()));
        let judged = |id: &str| Some(Judged::from(&*pack.findings.get(*positions.get(id)?)?));
        let told = self.findings.iter().filter(|change| change.after.is_some()).count();
        let new = &self.new;
        (&new.period.name, new.period.start, new.period.end) == (&pack.period.name, pack.period.start, pack.period.end)
            && (new.judged_at, &new.tool, &new.caller) == (pack.collected.last, &pack.tool, &pack.caller.arn)
            && self.findings.iter().all(|change| judged(&change.id) == change.after)
            && usize::try_from(self.counts.unchanged).is_ok_and(|unchanged| unchanged + told == pack.findings.len())
    }
}

/// One of the two packs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// What it covers.
    pub period: Span,
    /// The time that its verdicts are given for.
    #[serde(with = "time")]
    pub judged_at: DateTime<Utc>,
    /// Which program judged.
    pub tool: Tool,
    /// Whose credentials collected.
    pub caller: String,
    /// The root digest of its manifest; `null` for the pack that holds this file, whose manifest comes later.
    pub root: Option<String>,
    /// How many findings have each verdict.
    pub summary: Verdicts,
    /// Findings of required rules that failed without a valid waiver or could not be evaluated.
    pub open: u64,
}

/// A period; both days belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// For instance `2026-Q4`.
    pub name: String,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

/// How many findings have each verdict; `waived` counts those of the fails that a valid waiver accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdicts {
    /// `pass`
    pub pass: u64,
    /// `fail`
    pub fail: u64,
    /// `not_evaluated`
    pub not_evaluated: u64,
    /// `not_applicable`
    pub not_applicable: u64,
    /// `attested`
    pub attested: u64,
    /// `waived`
    pub waived: u64,
}

/// How many findings went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Of [`Direction::Worse`].
    pub worse: u64,
    /// Of [`Direction::Unseen`].
    pub unseen: u64,
    /// Of [`Direction::Better`].
    pub better: u64,
    /// Of [`Direction::Other`].
    pub other: u64,
    /// In both packs with the same verdict.
    pub unchanged: u64,
}

/// Which way a finding went. What can no longer be read is never better, whatever it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It fails now and did not, or lost its waiver.
    Worse,
    /// It was judged and can no longer be, or was seen and the list that showed it can no longer be read.
    Unseen,
    /// It is no longer open: it failed or could not be evaluated, and now passes, is attested, is waived or is gone.
    Better,
    /// None of these, for instance from `pass` to `attested`.
    Other,
}

/// A finding that is not the same in both packs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingChange {
    /// The fingerprint of rule and resource.
    pub id: String,
    /// The rule's id.
    pub rule: String,
    /// As in the later pack that has it.
    pub level: Level,
    /// Twelve digits.
    pub account: String,
    /// Where, when the resource lives in a region.
    pub region: Option<String>,
    /// In the one form that its kind has.
    pub resource: String,
    /// What people call it.
    pub resource_name: Option<String>,
    /// Which way it went.
    pub direction: Direction,
    /// What was seen, in the words of the later pack that has it.
    pub message: String,
    /// `null` when the earlier pack does not have it.
    pub before: Option<Judged>,
    /// `null` when the later pack does not have it.
    pub after: Option<Judged>,
    /// Ids of [`Cause`], at least one.
    pub causes: Vec<String>,
}

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// AWS shows another configuration.
    Configuration,
    /// A call is denied that was answered, or answered that was denied.
    Permission,
    /// A call could be read in one collection only, for another reason than permission; or a region was looked at in
    /// one only.
    Collection,
    /// The declarations say something else.
    Declaration,
    /// Another version of this program judged.
    Tool,
    /// A feature ended with the support of Amazon Pinpoint.
    Retirement,
    /// Nothing was changed; another period is judged, at another time.
    Period,
    /// Nothing that is known explains it.
    Undetermined,
}

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// `cause-1` and so on: unique in this file only.
    pub id: String,
    /// What kind of thing.
    pub kind: CauseKind,
    /// What happened, in a sentence.
    pub sentence: String,
    /// The fields of the declarations, for [`CauseKind::Declaration`].
    pub declared: Vec<Field>,
    /// The answers that differ.
    pub answers: Vec<AnswerChange>,
    /// When it was last modified, as the later answer says.
    pub last_modified: Option<String>,
    /// By whom, as the later answer says.
    pub last_modified_by: Option<String>,
    /// Ids of the findings that it moved, in the order of [`Changes::findings`].
    pub findings: Vec<String>,
}

/// An answer of AWS that is not the same in both snapshots: all pages of one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerChange {
    /// The service's name in the AWS CLI.
    pub service: String,
    /// The API's name of the operation.
    pub operation: String,
    /// Twelve digits.
    pub account: String,
    /// Where.
    pub region: String,
    /// What was asked, without paging; possibly empty.
    pub about: String,
    /// `null` when it was not asked.
    pub before: Option<Ended>,
    /// `null` when it was not asked.
    pub after: Option<Ended>,
    /// What differs in the bodies.
    pub fields: Vec<Field>,
}

/// How a question ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// Of the first page that could not be read, else of the first page.
    pub outcome: Outcome,
    /// The error's code, as received.
    pub error: Option<String>,
    /// The calls, as the pack's index of evidence names them; pages that are equal in both packs are left out.
    pub calls: Vec<String>,
}

/// One value that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Where: members joined by dots, a list's entry in brackets by its name, for instance
    /// `PhoneNumbers[+12065550142].PoolId`.
    pub path: String,
    /// `null` when it was not there.
    pub before: Option<Value>,
    /// `null` when it is no longer there.
    pub after: Option<Value>,
}

/// A rule that is not the same for both packs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleChange {
    /// Its id.
    pub id: String,
    /// Its level in the earlier pack; `null` when that has no such rule.
    pub before: Option<Level>,
    /// Its level in the later pack; `null` when that has no such rule.
    pub after: Option<Level>,
}

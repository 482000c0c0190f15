//! The pack as a value: everything that any document or machine format shows.
//!
//! Renderers take it and add nothing: a fact that is not here appears in no document.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use chrono::{DateTime, NaiveDate, Utc};

use super::changes::Changes;
use super::declared::Declared;
use super::evidence::Evidence;
use super::findings::{Findings, Found};
use super::flows::Flows;
use super::packed::List;
use super::request::Request;
use super::status::Status;
use crate::period::Period;
use crate::programs;
use crate::rules::{Attestation, Chain, Finding, Level, Phi, Reason, Verdict};
use crate::snapshot::{CallId, Caller, Outcome, SkippedAccount, Tool, UnreadAccount};

/// Everything a pack says.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Which program judged.
    pub tool: Tool,
    /// The customer, when the configuration names it.
    pub organization: Option<Organization>,
    /// What the pack covers.
    pub period: Period,
    /// When the evidence was collected.
    pub collected: Collected,
    /// Who collected it.
    pub caller: Caller,
    /// The day until which the pack is kept: six years after the period (45 CFR 164.316(b)(2)(i)).
    pub retain_until: NaiveDate,
    /// How many findings have each verdict.
    pub summary: Summary,
    /// What was looked at.
    pub scope: Scope,
    /// Every finding: by level, rule, resource.
    pub findings: Findings,
    /// The proof chain of every short code that carries PHI.
    pub short_codes: List<Chain>,
    /// Every rule, with what it could examine.
    pub rules: Vec<RuleCoverage>,
    /// The audit programs.
    pub programs: Vec<Program>,
    /// The audit reports that AWS Artifact lists and that a program claims.
    pub reports: Vec<Report>,
    /// The agreements that AWS Artifact lists.
    pub agreements: Vec<Agreement>,
    /// Where message data comes from and goes to besides the recipient.
    pub flows: Flows,
    /// What people declared.
    pub declared: Declared,
    /// What of the pack was asked for.
    pub request: Request,
    /// The index of every call.
    pub evidence: Evidence,
    /// The files that hold the calls, in order of their paths.
    pub evidence_files: Vec<EvidenceFile>,
    /// What in the declarations had no effect, and other things that a reader must know.
    pub warnings: Vec<String>,
    /// The configuration as it was given; empty when there was none.
    pub declarations: String,
    /// What changed since an earlier pack, where one was named. No verdict rests on it.
    pub changes: Option<Changes>,
}

/// The customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// `covered_entity` or `business_associate` (45 CFR 160.103).
    pub role: Option<String>,
}

/// When the evidence was collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collected {
    /// The first call's start.
    pub first: DateTime<Utc>,
    /// The last call's end: the time that everything is judged at.
    pub last: DateTime<Utc>,
}

/// How many findings have each verdict; `waived` counts those of them that a valid waiver accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// `pass`
    pub pass: u64,
    /// `fail`, waived or not
    pub fail: u64,
    /// `not_evaluated`
    pub not_evaluated: u64,
    /// `not_applicable`
    pub not_applicable: u64,
    /// `attested`
    pub attested: u64,
    /// Fails with a valid waiver.
    pub waived: u64,
}

impl Summary {
    /// Counts findings.
    pub fn of<F: Deref<Target = Finding>>(findings: impl IntoIterator<Item = F>) -> Self {
        let mut summary = Self::default();
        findings.into_iter().for_each(|finding| summary.count(&finding));
        summary
    }

    /// Counts one finding more.
    pub(crate) fn count(&mut self, finding: &Finding) {
        match finding.verdict {
            Verdict::Pass => self.pass += 1,
            Verdict::Fail => self.fail += 1,
            Verdict::NotEvaluated(_) => self.not_evaluated += 1,
            Verdict::NotApplicable => self.not_applicable += 1,
            Verdict::Attested => self.attested += 1,
        }
        self.waived += u64::from(finding.is_waived());
    }

    /// The verdict that a reader must see first.
    #[must_use]
    pub const fn heaviest(&self) -> Option<Verdict> {
        match self {
            Self { fail: 1.., .. } => Some(Verdict::Fail),
            Self { not_evaluated: 1.., .. } => Some(Verdict::NotEvaluated(Reason::Unspecified)),
            Self { attested: 1.., .. } => Some(Verdict::Attested),
            Self { pass: 1.., .. } => Some(Verdict::Pass),
            Self { not_applicable: 1.., .. } => Some(Verdict::NotApplicable),
            _ => None,
        }
    }

    /// How many are open: fails without a valid waiver, and what could not be evaluated.
    #[must_use]
    pub const fn open(&self) -> u64 {
        self.fail - self.waived + self.not_evaluated
    }

    /// How many there are, of any verdict.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.pass + self.fail + self.not_evaluated + self.not_applicable + self.attested
    }
}

/// Counts of one more.
impl std::ops::AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.not_evaluated += other.not_evaluated;
        self.not_applicable += other.not_applicable;
        self.attested += other.attested;
        self.waived += other.waived;
    }
}

impl std::iter::Sum for Summary {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |mut sum, counts| {
            sum += counts;
            sum
        })
    }
}

/// For instance "2 fail (1 waived), 3 pass"; what there is none of is left out.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waived = if self.waived > 0 { format!(" ({} waived)", self.waived) } else { String::new() };
        let counts = [
            (self.fail, format!("fail{waived}")),
            (self.not_evaluated, "not evaluated".to_owned()),
            (self.attested, "attested".to_owned()),
            (self.pass, "pass".to_owned()),
            (self.not_applicable, "not applicable".to_owned()),
        ];
        let shown: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        f.write_str(if shown.is_empty() { "no finding" } else { "" })?;
        f.write_str(&shown.join(", "))
    }
}

/// What was looked at, and what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// In order.
    pub accounts: Vec<String>,
    /// The accounts among them that could not be entered.
    pub accounts_unread: Vec<UnreadAccount>,
    /// The accounts of the organization that were not looked at because they are not in use.
    pub accounts_skipped: Vec<SkippedAccount>,
    /// In order.
    pub regions: Vec<String>,
    /// Regions where a messaging service is offered and nobody looked.
    pub regions_not_scanned: Vec<String>,
    /// Every application seen.
    pub applications: List<Application>,
}

/// A Pinpoint project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// 32 hexadecimal digits.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// What people call it.
    pub name: String,
    /// Twelve digits.
    pub account: String,
    /// Where.
    pub region: String,
    /// Whether it carries PHI.
    pub phi: Phi,
    /// Each channel, in the order of the API's documentation.
    pub channels: Vec<Channel>,
}

/// A channel of an application, as observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// The API's word, for instance `APNS_SANDBOX`.
    pub name: String,
    /// Whether AWS's compliance page permits it for PHI.
    pub permitted: bool,
    /// What was seen.
    pub state: ChannelState,
    /// The calls that show it.
    pub evidence: Vec<CallId>,
}

/// What was seen of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelState {
    /// Messages can be sent through it.
    Enabled,
    /// Configured and switched off.
    Disabled,
    /// Nobody configured it.
    NotConfigured,
    /// Could not be read; how the call ended.
    Unread(Outcome),
}

impl ChannelState {
    /// Whether messages can be sent through it.
    #[must_use]
    pub const fn is_enabled(self) -> bool {
        matches!(self, Self::Enabled)
    }

    /// Whether it could not be read.
    #[must_use]
    pub const fn is_unread(self) -> bool {
        matches!(self, Self::Unread(_))
    }
}

/// What one rule could examine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCoverage {
    /// The rule's id.
    pub id: &'static str,
    /// What it asks, in a few words.
    pub title: &'static str,
    /// Its level.
    pub level: Level,
    /// How many resources it concerns.
    pub eligible: u64,
    /// Of how many it could say something.
    pub examined: u64,
    /// How many it could not examine, by reason.
    pub unexamined: BTreeMap<&'static str, u64>,
}

/// An audit program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// For instance `iso27001`.
    pub id: String,
    /// For instance `ISO/IEC 27001`.
    pub title: String,
    /// The edition that AWS's compliance page for Amazon Pinpoint names.
    pub named_by_aws: Option<String>,
    /// The edition that the matching report's name carries.
    pub on_report: Option<String>,
    /// The edition in force.
    pub in_force: Option<String>,
    /// As of which month that is known.
    pub checked: String,
    /// What a reader must know about the editions, one dated sentence each.
    pub dates: Vec<String>,
    /// The edition that the controls' other numbers are from.
    pub other_numbers: Option<String>,
    /// Its controls.
    pub groups: Vec<ControlGroup>,
}

impl Program {
    /// Every control, in order.
    pub fn controls(&self) -> impl Iterator<Item = &Control> {
        self.groups.iter().flat_map(|group| &group.controls)
    }
}

/// Controls that one edition or part of a program lists together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlGroup {
    /// For a heading.
    pub title: String,
    /// The edition that the identifiers are from.
    pub edition: String,
    /// The program whose reports stand for AWS's part.
    pub reports_of: String,
    /// The one kind of its reports that does; any when `None`.
    pub reports_kind: Option<String>,
    /// What those reports amount to: `inherited`, `inherited_gap`, or `not_evaluated`.
    pub aws: Status,
    /// The controls.
    pub controls: Vec<Control>,
}

/// One control, with what the pack holds on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Its identity and what bears on it.
    pub definition: programs::Control,
    /// The worse of its parts.
    pub status: Status,
    /// The customer's part; `None` where AWS answers alone.
    pub customer: Option<Status>,
    /// AWS's part; `None` where no report stands for it.
    pub aws: Option<Status>,
    /// The program whose finding on AWS's reports bears on it, where one of its rules is about them.
    pub reports_of: String,
    /// ARNs (else ids) of the reports that stand for AWS's part.
    pub reports: Vec<String>,
    /// The statements that people gave for it.
    pub attestations: Vec<Attestation>,
    /// Ids of the statements that it needs and nobody gave.
    pub missing: Vec<String>,
}

impl Control {
    /// Whether a finding of one of its rules bears on it: of those on AWS's reports, the one on its own program.
    #[must_use]
    pub fn is_borne_by(&self, finding: &Finding) -> bool {
        finding.rule != REPORTS_RULE || finding.resource.strip_prefix("program/") == Some(&self.reports_of)
    }

    /// The findings of its rules, by rule in the order of the control, with their positions in the pack's list.
    pub fn findings<'s>(&'s self, all: &'s Findings) -> impl Iterator<Item = (usize, Found)> + 's {
        let of_rules = self.definition.rules.iter().flat_map(|rule| all.of_rule(rule));
        of_rules.filter(|(_, finding)| self.is_borne_by(finding))
    }

    /// Their ids.
    pub fn finding_ids<'s>(&'s self, all: &'s Findings) -> impl Iterator<Item = String> + 's {
        let own = Finding::id_of(REPORTS_RULE, &format!("program/{}", self.reports_of));
        let runs = self.definition.rules.iter().flat_map(|rule| all.runs().filter(move |run| run.rule == rule));
        runs.flat_map(move |run| {
            let own = own.clone();
            run.ids().filter(move |id| run.rule != REPORTS_RULE || *id == own)
        })
    }

    /// What the findings of each of its rules amount to; a rule without one is left out.
    #[must_use]
    pub fn tallies<'s>(&'s self, all: &Findings) -> Vec<(&'s str, Summary)> {
        let of_rule = |rule: &'s String| {
            let summary = if rule == REPORTS_RULE {
                Summary::of(self.findings(all).map(|(_, it)| it).filter(|it| it.rule == REPORTS_RULE))
            } else {
                all.runs().filter(|run| run.rule == rule).map(|run| run.summary).sum()
            };
            (summary != Summary::default()).then_some((rule.as_str(), summary))
        };
        self.definition.rules.iter().filter_map(of_rule).collect()
    }
}

/// The rule whose findings are one for each program.
pub(crate) const REPORTS_RULE: &str = "artifact-report-current";

/// A pointer to an audit report in AWS Artifact; never the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The program that claims it; `None` when no pattern matches.
    pub program: Option<String>,
    /// Which kind of report of the program it is, for instance `SOC 2`; `None` where its name says none.
    pub kind: Option<String>,
    /// As AWS gave it.
    pub arn: Option<String>,
    /// As AWS gave it.
    pub id: String,
    /// As AWS gave it.
    pub name: Option<String>,
    /// As AWS gave it.
    pub series: Option<String>,
    /// As AWS gave it.
    pub category: Option<String>,
    /// As AWS gave it.
    pub version: Option<i64>,
    /// First day that the report covers.
    pub period_start: Option<NaiveDate>,
    /// Last day that the report covers.
    pub period_end: Option<NaiveDate>,
    /// `PUBLISHED` or `UNPUBLISHED`.
    pub state: Option<String>,
    /// Whether AWS has published it, as a whole.
    pub usable: bool,
    /// Whether it covers the pack's whole period by itself; `None` without dates.
    pub covers_period: Option<bool>,
    /// Days of the pack's period that it leaves uncovered by itself; `None` without dates.
    pub gap_days: Option<i64>,
    /// Whether it is a bridge ("continued operations") letter.
    pub bridge_letter: bool,
    /// The calls that show it.
    pub evidence: Vec<CallId>,
}

/// An agreement that AWS Artifact lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// As AWS gave it.
    pub name: Option<String>,
    /// As AWS gave it.
    pub arn: Option<String>,
    /// As AWS gave it.
    pub state: Option<String>,
    /// Since when.
    pub effective_start: Option<DateTime<Utc>>,
    /// Until when.
    pub effective_end: Option<DateTime<Utc>>,
    /// `account` or `organization`.
    pub scope: &'static str,
    /// The ARN of the organization that it is for.
    pub organization: Option<String>,
    /// Whether it is a business associate addendum.
    pub baa: bool,
    /// The account that lists it.
    pub account: String,
    /// The calls that show it.
    pub evidence: Vec<CallId>,
}

/// A file of calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Below the pack, with `/`.
    pub path: String,
    /// Of its bytes, in lower-case hexadecimal.
    pub sha256: String,
}

/// One call in the index of the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Its id.
    pub id: CallId,
    /// The service's name in the AWS CLI.
    pub service: String,
    /// The API's name of the operation.
    pub operation: String,
    /// What it was about, for a reader: the request's members without paging, or empty.
    pub about: String,
    /// Twelve digits.
    pub account: String,
    /// Where.
    pub region: String,
    /// 1-based.
    pub page: u32,
    /// When it began.
    pub started: DateTime<Utc>,
    /// AWS's id of the request.
    pub request_id: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// SHA-256 of the recorded body.
    pub sha256: Option<String>,
    /// The file below the pack, with `/`, for instance `evidence/calls/111122223333/us-east-1/pinpoint.jsonl`.
    pub file: String,
    /// Its line in that file, 1-based.
    pub line: u64,
}

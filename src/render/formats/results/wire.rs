//! The format, field by field, in the order of the file.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::SCHEMA_ID;
use super::stream::Stream;
use crate::pack::{self, ChannelState, Pack};
use crate::rules;
use crate::snapshot::{SkippedAccount, UnreadAccount, time};

/// The whole file.
#[derive(Serialize)]
pub(super) struct Results<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    organization: Option<Organization<'a>>,
    period: Period<'a>,
    collected: Collected,
    retain_until: NaiveDate,
    summary: Summary,
    scope: Scope<'a>,
    findings: Stream<'a, OfFound>,
    rules: Stream<'a, Rule<'a>>,
    programs: Stream<'a, Program<'a>>,
    reports: Stream<'a, Report<'a>>,
    agreements: Stream<'a, Agreement<'a>>,
    evidence: Stream<'a, OfRow>,
    warnings: &'a [String],
    request: Request<'a>,
}

#[derive(Serialize)]
struct Request<'a> {
    programs: &'a [&'static str],
    documents: Vec<&'static str>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct Organization<'a> {
    name: &'a str,
    role: Option<&'a str>,
}

#[derive(Serialize)]
struct Period<'a> {
    name: &'a str,
    start: NaiveDate,
    end: NaiveDate,
}

#[derive(Serialize)]
struct Collected {
    first: String,
    last: String,
}

#[derive(Serialize)]
struct Summary {
    pass: u64,
    fail: u64,
    not_evaluated: u64,
    not_applicable: u64,
    attested: u64,
    waived: u64,
}

#[derive(Serialize)]
struct Scope<'a> {
    accounts: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    accounts_unread: &'a [UnreadAccount],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    accounts_skipped: &'a [SkippedAccount],
    regions: &'a [String],
    regions_not_scanned: &'a [String],
    applications: Stream<'a, OfApplication>,
}

#[derive(Serialize)]
struct Application<'a> {
    id: &'a str,
    arn: &'a str,
    name: &'a str,
    account: &'a str,
    region: &'a str,
    phi: &'static str,
    channels: Vec<&'a str>,
}

#[derive(Serialize)]
struct Finding<'a> {
    id: String,
    rule: &'a str,
    level: &'static str,
    account: &'a str,
    region: Option<&'a str>,
    resource: &'a str,
    resource_name: Option<&'a str>,
    verdict: &'static str,
    reason: Option<&'static str>,
    message: &'a str,
    evidence: &'a [crate::snapshot::CallId],
    attestation: Option<Attestation<'a>>,
    waiver: Option<Waiver<'a>>,
}

#[derive(Serialize)]
struct Attestation<'a> {
    id: &'a str,
    statement: &'a str,
    by: Option<&'a str>,
    role: Option<&'a str>,
    on: Option<NaiveDate>,
    reference: Option<&'a str>,
}

#[derive(Serialize)]
struct Waiver<'a> {
    reason: &'a str,
    owner: &'a str,
    approver: &'a str,
    ticket: &'a str,
    approved_on: NaiveDate,
    expires: NaiveDate,
    valid: bool,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'a str,
    title: &'a str,
    level: &'static str,
    coverage: Coverage<'a>,
}

#[derive(Serialize)]
struct Coverage<'a> {
    eligible: u64,
    examined: u64,
    unexamined: Stream<'a, Unexamined>,
}

#[derive(Serialize)]
struct Unexamined {
    resource: String,
    reason: &'static str,
}

#[derive(Serialize)]
struct Program<'a> {
    id: &'a str,
    title: &'a str,
    editions: Editions<'a>,
    controls: Stream<'a, Control<'a>>,
}

#[derive(Serialize)]
struct Control<'a> {
    id: &'a str,
    title: &'a str,
    responsibility: &'static str,
    aws_part: Option<&'a str>,
    customer_part: Option<&'a str>,
    status: &'static str,
    findings: Stream<'a, String>,
    reports: &'a [String],
    attestations: Vec<&'a str>,
}

#[derive(Serialize)]
struct Editions<'a> {
    named_by_aws: Option<&'a str>,
    on_report: Option<&'a str>,
    in_force: Option<&'a str>,
}

#[derive(Serialize)]
struct Report<'a> {
    program: Option<&'a str>,
    arn: Option<&'a str>,
    id: &'a str,
    name: Option<&'a str>,
    series: Option<&'a str>,
    category: Option<&'a str>,
    version: Option<i64>,
    period_start: Option<NaiveDate>,
    period_end: Option<NaiveDate>,
    state: Option<&'a str>,
    covers_period: Option<bool>,
    gap_days: Option<i64>,
    bridge_letter: bool,
}

#[derive(Serialize)]
struct Agreement<'a> {
    name: Option<&'a str>,
    arn: Option<&'a str>,
    state: Option<&'a str>,
    effective_start: Option<String>,
    effective_end: Option<String>,
    scope: &'a str,
    baa: bool,
}

#[derive(Serialize)]
struct Evidence<'a> {
    id: &'a crate::snapshot::CallId,
    service: &'a str,
    operation: &'a str,
    account: &'a str,
    region: &'a str,
    page: u32,
    outcome: &'static str,
    sha256: Option<&'a str>,
    file: &'a str,
}

/// The pack in the form of the file.
pub(super) fn results(pack: &Pack) -> Results<'_> {
    let pack::Summary { pass, fail, not_evaluated, not_applicable, attested, waived } = pack.summary;
    Results {
        schema: SCHEMA_ID,
        tool: Tool { name: &pack.tool.name, version: &pack.tool.version },
        organization: pack.organization.as_ref().map(|o| Organization { name: &o.name, role: o.role.as_deref() }),
        period: Period { name: &pack.period.name, start: pack.period.start, end: pack.period.end },
        collected: Collected { first: time::format(pack.collected.first), last: time::format(pack.collected.last) },
        retain_until: pack.retain_until,
        summary: Summary { pass, fail, not_evaluated, not_applicable, attested, waived },
        scope: scope(&pack.scope),
        findings: Stream::new(|| pack.findings.iter().map(OfFound)),
        rules: Stream::new(|| pack.rules.iter().map(|of| rule(of, &pack.findings))),
        programs: Stream::new(|| pack.programs.iter().map(|of| program(of, &pack.findings))),
        reports: Stream::new(|| pack.reports.iter().map(report)),
        agreements: Stream::new(|| pack.agreements.iter().map(agreement)),
        evidence: Stream::new(|| pack.evidence.iter().map(OfRow)),
        warnings: &pack.warnings,
        request: Request {
            programs: pack.request.programs(),
            documents: pack.request.documents().iter().map(|document| document.as_str()).collect(),
        },
    }
}

fn scope(scope: &pack::Scope) -> Scope<'_> {
    Scope {
        accounts: &scope.accounts,
        accounts_unread: &scope.accounts_unread,
        accounts_skipped: &scope.accounts_skipped,
        regions: &scope.regions,
        regions_not_scanned: &scope.regions_not_scanned,
        applications: Stream::new(|| scope.applications.iter().map(OfApplication)),
    }
}

/// An application that is turned into the form of the file when it is written.
pub(super) struct OfApplication(pack::Held<pack::Application>);

impl Serialize for OfApplication {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        application(&self.0).serialize(serializer)
    }
}

fn application(application: &pack::Application) -> Application<'_> {
    let enabled = application.channels.iter().filter(|channel| channel.state == ChannelState::Enabled);
    Application {
        id: &application.id,
        arn: &application.arn,
        name: &application.name,
        account: &application.account,
        region: &application.region,
        phi: application.phi.as_str(),
        channels: enabled.map(|channel| channel.name.as_str()).collect(),
    }
}

/// A finding that is turned into the form of the file when it is written.
pub(super) struct OfFound(pack::Found);

impl Serialize for OfFound {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        finding(&self.0).serialize(serializer)
    }
}

fn finding(finding: &rules::Finding) -> Finding<'_> {
    Finding {
        id: finding.id(),
        rule: finding.rule,
        level: finding.level.as_str(),
        account: &finding.account,
        region: finding.region.as_deref(),
        resource: &finding.resource,
        resource_name: finding.resource_name.as_deref(),
        verdict: finding.verdict.as_str(),
        reason: finding.verdict.reason().map(rules::Reason::as_str),
        message: &finding.message,
        evidence: &finding.evidence,
        attestation: finding.attestation.as_ref().map(attestation),
        waiver: finding.waiver.as_ref().map(waiver),
    }
}

fn attestation(attestation: &rules::Attestation) -> Attestation<'_> {
    Attestation {
        id: &attestation.id,
        statement: &attestation.statement,
        by: attestation.by.as_deref(),
        role: attestation.role.as_deref(),
        on: attestation.on,
        reference: attestation.reference.as_deref(),
    }
}

fn waiver(waiver: &rules::AppliedWaiver) -> Waiver<'_> {
    Waiver {
        reason: &waiver.reason,
        owner: &waiver.owner,
        approver: &waiver.approver,
        ticket: &waiver.ticket,
        approved_on: waiver.approved_on,
        expires: waiver.expires,
        valid: waiver.valid,
    }
}

fn rule<'a>(rule: &'a pack::RuleCoverage, findings: &'a pack::Findings) -> Rule<'a> {
    let unexamined = move || {
        let of_rule = findings.where_run(|run| run.rule == rule.id && run.summary.not_evaluated > 0);
        of_rule.filter_map(|(_, finding)| {
            let reason = finding.verdict.reason()?.as_str();
            Some(Unexamined { resource: finding.resource.clone(), reason })
        })
    };
    let unexamined = Stream::new(unexamined);
    Rule {
        id: rule.id,
        title: rule.title,
        level: rule.level.as_str(),
        coverage: Coverage { eligible: rule.eligible, examined: rule.examined, unexamined },
    }
}

fn program<'a>(program: &'a pack::Program, findings: &'a pack::Findings) -> Program<'a> {
    Program {
        id: &program.id,
        title: &program.title,
        editions: Editions {
            named_by_aws: program.named_by_aws.as_deref(),
            on_report: program.on_report.as_deref(),
            in_force: program.in_force.as_deref(),
        },
        controls: Stream::new(move || program.controls().map(|of| control(of, findings))),
    }
}

fn control<'a>(control: &'a pack::Control, findings: &'a pack::Findings) -> Control<'a> {
    Control {
        id: &control.definition.id,
        title: &control.definition.title,
        responsibility: control.definition.responsibility.as_str(),
        aws_part: control.definition.aws_part.as_deref(),
        customer_part: control.definition.customer_part.as_deref(),
        status: control.status.as_str(),
        findings: Stream::new(move || control.finding_ids(findings)),
        reports: &control.reports,
        attestations: control.attestations.iter().map(|attestation| attestation.id.as_str()).collect(),
    }
}

fn report(report: &pack::Report) -> Report<'_> {
    Report {
        program: report.program.as_deref(),
        arn: report.arn.as_deref(),
        id: &report.id,
        name: report.name.as_deref(),
        series: report.series.as_deref(),
        category: report.category.as_deref(),
        version: report.version,
        period_start: report.period_start,
        period_end: report.period_end,
        state: report.state.as_deref(),
        covers_period: report.covers_period,
        gap_days: report.gap_days,
        bridge_letter: report.bridge_letter,
    }
}

fn agreement(agreement: &pack::Agreement) -> Agreement<'_> {
    let at = |moment: Option<DateTime<Utc>>| moment.map(time::format);
    Agreement {
        name: agreement.name.as_deref(),
        arn: agreement.arn.as_deref(),
        state: agreement.state.as_deref(),
        effective_start: at(agreement.effective_start),
        effective_end: at(agreement.effective_end),
        scope: agreement.scope,
        baa: agreement.baa,
    }
}

/// A call that is turned into the form of the file when it is written.
pub(super) struct OfRow(pack::EvidenceRow);

impl Serialize for OfRow {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        evidence(&self.0).serialize(serializer)
    }
}

fn evidence(row: &pack::EvidenceRow) -> Evidence<'_> {
    Evidence {
        id: &row.id,
        service: &row.service,
        operation: &row.operation,
        account: &row.account,
        region: &row.region,
        page: row.page,
        outcome: row.outcome.as_str(),
        sha256: row.sha256.as_deref(),
        file: &row.file,
    }
}

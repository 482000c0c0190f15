//! `programs/<program>`: what an auditor of one program takes, alone.

mod controls;
mod open;

use std::collections::BTreeMap;

use serde::Serialize;

use self::controls::{GroupSection, groups};
use self::open::{NeededRow, OpenRow, SaidRow, needed, open, said};
use crate::pack::write_up::Picture;
use crate::pack::{
    Agreement, Control, DocumentName, Findings, Lane, Pack, Phi, Program, REPORTS_RULE, Report, Status, Timeline,
};
use crate::programs::{self, ProgramPage};
use crate::render::html::Pictures;
use crate::render::index_of_calls::{CallIndex, CallLink};
use crate::render::page::Page;
use crate::render::rows::Repeated;
use crate::render::{svg, words};
use crate::rules::Finding;

/// Open findings that a page names.
const OPEN_SHOWN: usize = 50;

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View<'a> {
    title: &'a str,
    name: &'static str,
    organization: &'a str,
    period: [String; 2],
    first: String,
    last: String,
    accounts: &'a [String],
    regions: &'a [String],
    regions_not_scanned: &'a [String],
    applications: PhiCounts,
    editions: Editions<'a>,
    rests_on: Vec<SourceRow>,
    /// Whether a report has dates that can be drawn.
    has_picture: bool,
    /// Whether the HIPAA write-up says more.
    write_up: bool,
    report_finding: Option<FindingLink>,
    reports: Vec<ReportRow<'a>>,
    agreements: Vec<AgreementRow<'a>>,
    total: u64,
    statuses: Vec<StatusRow>,
    open: Vec<OpenRow>,
    open_total: u64,
    needed: Vec<NeededRow<'a>>,
    said: Vec<SaidRow<'a>>,
    unverified: u64,
    groups: Vec<GroupSection<'a>>,
}

#[derive(Default, Serialize)]
struct PhiCounts {
    total: u64,
    declared: u64,
    excluded: u64,
    undeclared: u64,
}

#[derive(Serialize)]
struct Editions<'a> {
    named_by_aws: &'a str,
    on_report: &'a str,
    in_force: &'a str,
    checked: &'a str,
    differences: Vec<String>,
    dates: &'a [String],
}

/// A finding as a line of another table names it.
#[derive(Serialize)]
struct FindingLink {
    verdict: &'static str,
    reason: String,
    rule: &'static str,
    address: String,
    message: String,
}

/// Reports that stand for AWS's part, and what they amount to.
#[derive(Serialize)]
struct SourceRow {
    name: String,
    status: &'static str,
    sentence: String,
}

/// A program, and the one kind of its reports that counts, or any.
type Source<'a> = (&'a str, Option<&'a str>);

#[derive(Serialize)]
struct ReportRow<'a> {
    name: &'a str,
    series: &'a str,
    id: &'a str,
    version: String,
    covers: String,
    uncovered: String,
    state: &'a str,
    letter: bool,
    evidence: Vec<CallLink>,
}

#[derive(Serialize)]
struct AgreementRow<'a> {
    name: &'a str,
    account: &'a str,
    scope: &'a str,
    state: &'a str,
    since: String,
    until: String,
    baa: bool,
    evidence: Vec<CallLink>,
}

#[derive(Serialize)]
struct StatusRow {
    label: &'static str,
    controls: u64,
    meaning: &'static str,
}

/// The programs that have a page.
pub(in crate::render) fn all(pack: &Pack) -> Vec<(&Program, ProgramPage)> {
    pack.programs.iter().filter_map(|program| Some((program, programs::page(&program.id)?))).collect()
}

/// The page of a program.
pub(in crate::render) fn page<'a>(
    pack: &'a Pack,
    (program, page): (&'a Program, ProgramPage),
    calls: &CallIndex<'_>,
) -> (Page<'a, View<'a>>, Pictures) {
    let timeline = Timeline::of(pack, program);
    let view = view(pack, program, page.name, calls, &timeline);
    let picture = svg::draw(&Picture::Timeline(timeline));
    let (document, template, repeated) = (page.document.into(), "program.md.tera", Repeated::default());
    (Page { document, number: 0, title: page.name, template, view, repeated }, Pictures::from([picture]))
}

fn view<'a>(
    pack: &'a Pack,
    program: &'a Program,
    name: &'static str,
    calls: &CallIndex<'_>,
    timeline: &Timeline,
) -> View<'a> {
    let (open, open_total) = open(program, &pack.findings, calls);
    let sources = sources(program);
    View {
        title: &program.title,
        name,
        organization: pack.organization.as_ref().map_or("", |of| words::name_or(Some(&of.name), "")),
        period: [words::day(pack.period.start), words::day(pack.period.end)],
        first: words::minute(pack.collected.first),
        last: words::minute(pack.collected.last),
        accounts: &pack.scope.accounts,
        regions: &pack.scope.regions,
        regions_not_scanned: &pack.scope.regions_not_scanned,
        applications: applications(pack),
        editions: editions(program),
        report_finding: report_finding(&sources, &pack.findings, calls),
        reports: reports(pack, &sources, calls),
        rests_on: rests_on(timeline),
        has_picture: timeline.lanes.iter().any(|lane| !lane.bars.is_empty()),
        write_up: program.id == "hipaa" && pack.request.has(DocumentName::HipaaSharedResponsibility),
        agreements: if program.id == "hipaa" { agreements(pack, calls) } else { Vec::new() },
        total: words::number(program.controls().count()),
        statuses: statuses(program),
        open_total,
        open,
        needed: needed(program),
        said: said(program),
        unverified: words::number(program.controls().filter(|control| !control.definition.verified).count()),
        groups: groups(program, pack, calls),
    }
}

/// The reports that stand for AWS's part, each source once.
fn sources(program: &Program) -> Vec<Source<'_>> {
    let mut sources: Vec<Source<'_>> = Vec::new();
    for group in &program.groups {
        let source = (group.reports_of.as_str(), group.reports_kind.as_deref());
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources
}

fn rests_on(timeline: &Timeline) -> Vec<SourceRow> {
    let row = |lane: &Lane| {
        let (id, kind) = &lane.of;
        let of = programs::page(id).map_or(id.as_str(), |page| page.name);
        SourceRow {
            name: kind.clone().unwrap_or_else(|| of.to_owned()),
            status: words::status(lane.status),
            sentence: lane.sentence(timeline.observed_until),
        }
    };
    timeline.lanes.iter().map(row).collect()
}

fn applications(pack: &Pack) -> PhiCounts {
    let mut counts = PhiCounts { total: words::number(pack.scope.applications.len()), ..PhiCounts::default() };
    for application in &pack.scope.applications {
        match application.phi {
            Phi::Declared { .. } => counts.declared += 1,
            Phi::Excluded { .. } => counts.excluded += 1,
            Phi::Undeclared { .. } => counts.undeclared += 1,
        }
    }
    counts
}

fn editions(program: &Program) -> Editions<'_> {
    let (named, seen, in_force) =
        (program.named_by_aws.as_deref(), program.on_report.as_deref(), program.in_force.as_deref());
    let is_year = |edition: &str| edition.len() == 4 && edition.bytes().all(|byte| byte.is_ascii_digit());
    let mut differences = Vec::new();
    if let (Some(named), Some(in_force)) = (named, in_force)
        && named != in_force
        && is_year(named)
    {
        differences.push(format!("AWS's page names the edition of {named}; the edition of {in_force} is in force."));
    }
    if let (Some(named), Some(seen)) = (named, seen)
        && named != seen
    {
        differences.push(format!("The name of the report carries {seen}; AWS's page names {named}."));
    }
    if let (Some(in_force), Some(seen)) = (in_force, seen)
        && in_force != seen
        && is_year(in_force)
    {
        differences.push(format!("The name of the report carries {seen}; the edition of {in_force} is in force."));
    }
    Editions {
        named_by_aws: named.unwrap_or("none"),
        on_report: seen.unwrap_or(if sources(program).iter().any(|source| source.0 == program.id) {
            "the names of the reports carry none"
        } else {
            "no such report exists"
        }),
        in_force: in_force.unwrap_or("none"),
        checked: &program.checked,
        differences,
        dates: &program.dates,
    }
}

fn report_finding(sources: &[Source<'_>], findings: &Findings, calls: &CallIndex<'_>) -> Option<FindingLink> {
    let of_source = |finding: &Finding| {
        finding.rule == REPORTS_RULE
            && finding.resource.strip_prefix("program/").is_some_and(|id| sources.iter().any(|source| source.0 == id))
    };
    let own = findings.of_rule(REPORTS_RULE).filter(|(_, finding)| of_source(finding));
    // Of several the one with the first id.
    own.min_by_key(|(_, finding)| finding.id()).map(|(place, finding)| link(place, &finding, calls))
}

fn link(place: usize, finding: &Finding, calls: &CallIndex<'_>) -> FindingLink {
    FindingLink {
        verdict: words::verdict(finding.verdict),
        reason: finding.verdict.reason().map(words::reason).unwrap_or_default(),
        rule: finding.rule,
        address: calls.of_finding(place),
        message: finding.message.clone(),
    }
}

/// Where the findings of a rule begin, for a link.
fn rule_addresses(pack: &Pack, calls: &CallIndex<'_>) -> BTreeMap<&'static str, String> {
    let mut first = BTreeMap::new();
    for run in pack.findings.runs() {
        first.entry(run.rule).or_insert_with(|| calls.findings().of_rule(run.rule, run.first));
    }
    first
}

fn reports<'a>(pack: &'a Pack, sources: &[Source<'_>], calls: &CallIndex<'_>) -> Vec<ReportRow<'a>> {
    let stands = |report: &Report, (id, kind): &Source<'_>| {
        let of_kind =
            kind.is_none() || report.kind.as_deref() == *kind || (report.bridge_letter && report.kind.is_none());
        report.program.as_deref() == Some(*id) && of_kind
    };
    let claimed = |report: &&Report| sources.iter().any(|source| stands(report, source));
    let row = |report: &'a Report| ReportRow {
        name: report.name.as_deref().unwrap_or("(no name)"),
        series: report.series.as_deref().unwrap_or_default(),
        id: &report.id,
        version: report.version.map_or_else(|| "–".to_owned(), |version| version.to_string()),
        covers: match (report.period_start, report.period_end) {
            (Some(start), Some(end)) => format!("{} to {}", words::day(start), words::day(end)),
            _ => "no dates".to_owned(),
        },
        uncovered: report
            .gap_days
            .and_then(|days| u64::try_from(days).ok())
            .map_or_else(|| "unknown".to_owned(), words::count),
        state: report.state.as_deref().unwrap_or("unknown"),
        letter: report.bridge_letter,
        evidence: calls.links(&report.evidence),
    };
    pack.reports.iter().filter(claimed).map(row).collect()
}

fn agreements<'a>(pack: &'a Pack, calls: &CallIndex<'_>) -> Vec<AgreementRow<'a>> {
    let row = |agreement: &'a Agreement| AgreementRow {
        name: agreement.name.as_deref().unwrap_or("(no name)"),
        account: &agreement.account,
        scope: agreement.scope,
        state: agreement.state.as_deref().unwrap_or("unknown"),
        since: agreement.effective_start.map_or_else(|| "unknown".to_owned(), words::minute),
        until: agreement.effective_end.map_or_else(|| "open".to_owned(), words::minute),
        baa: agreement.baa,
        evidence: calls.links(&agreement.evidence),
    };
    pack.agreements.iter().map(row).collect()
}

fn statuses(program: &Program) -> Vec<StatusRow> {
    let row = |status: Status| StatusRow {
        label: words::status(status),
        controls: words::number(program.controls().filter(|control: &&Control| control.status == status).count()),
        meaning: words::meaning_of(status),
    };
    Status::ALL.into_iter().map(row).filter(|row| row.controls > 0).collect()
}

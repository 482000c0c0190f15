//! Pointers to audit reports as documents show them, and the editions that they carry.

use super::controls::Basis;
use super::{Findings, Program, Report};
use crate::estate;
use crate::programs::coverage::{self, Span};
use crate::programs::{self, days_covered, is_bridge_letter, is_usable};
use crate::rules::{Context, programs_of_report};

/// Every report that AWS Artifact lists to the caller's account, in every version that was seen; one that belongs to
/// several programs stands once for each.
pub(super) fn reports(context: &Context<'_>) -> Vec<Report> {
    let Some(artifact) = context.artifact() else { return Vec::new() };
    let mut reports: Vec<Report> = artifact
        .every_version()
        .into_iter()
        .flat_map(|report| {
            let programs = programs_of_report(report, context);
            let ids: Vec<Option<String>> = match programs.as_slice() {
                [] => vec![None],
                some => some.iter().map(|program| Some(program.id.clone())).collect(),
            };
            ids.into_iter().map(|program| pointer(report, program, context)).collect::<Vec<_>>()
        })
        .collect();
    let position = |report: &Report| programs::IDS.iter().position(|id| report.program.as_deref() == Some(id));
    reports.sort_by_cached_key(|report| {
        (position(report).is_none(), position(report), report.name.clone(), report.id.clone(), report.version)
    });
    reports
}

fn pointer(report: &estate::Report, program: Option<String>, context: &Context<'_>) -> Report {
    let span = days_covered(report);
    let period = context.period.observed_until(context.at()).map(|end| Span { start: context.period.start, end });
    let gap_days = period.zip(span).map(|(period, span)| coverage::days(&coverage::uncovered(period, &[span], &[])));
    let claimed = context.programs.iter().find(|known| Some(&known.id) == program.as_ref());
    let patterns = claimed.and_then(|program| program.report.as_ref());
    Report {
        kind: patterns.and_then(|patterns| patterns.kind_of(report)).map(str::to_owned),
        program,
        arn: report.arn.clone(),
        id: report.id.clone(),
        name: report.name.clone(),
        series: report.series.clone(),
        category: report.category.clone(),
        version: report.version,
        period_start: report.period_start,
        period_end: report.period_end,
        state: report.state.clone(),
        usable: is_usable(report),
        covers_period: gap_days.map(|days| days == 0),
        gap_days,
        bridge_letter: is_bridge_letter(report),
        evidence: report.calls.clone(),
    }
}

/// The audit programs with their three editions and their controls.
pub(super) fn programs(context: &Context<'_>, reports: &[Report], findings: &Findings) -> Vec<Program> {
    let basis = Basis::new(findings, context.config, reports);
    context.programs.iter().map(|program| self::program(program, context, reports, &basis)).collect()
}

fn program(program: &programs::Program, context: &Context<'_>, reports: &[Report], basis: &Basis<'_>) -> Program {
    let editions = &program.editions;
    let on_report = reports
        .iter()
        .filter(|report| report.program.as_deref() == Some(&program.id))
        .filter_map(|report| editions.on_report.as_ref()?.captures(report.name.as_deref()?)?.get(1))
        .map(|edition| edition.as_str().to_owned())
        .max();
    Program {
        id: program.id.clone(),
        title: program.title.clone(),
        named_by_aws: editions.named_by_aws.clone(),
        on_report,
        in_force: editions.in_force.clone(),
        checked: editions.checked.clone(),
        dates: editions.dates.clone(),
        other_numbers: editions.other_numbers.clone(),
        groups: basis.groups(program, |id, kind| kind.map_or(Some(true), |kind| kind_covers(id, kind, context))),
    }
}

/// Whether the published and complete reports of one kind of a program cover the period, with the letters that go on
/// from them; `None` when a list that could hold the missing one was not read to its end. Whether those of any kind
/// do, the finding of `artifact-report-current` says.
fn kind_covers(id: &str, kind: &str, context: &Context<'_>) -> Option<bool> {
    let artifact = context.artifact()?;
    let last = context.period.observed_until(context.at())?;
    let patterns = context.programs.iter().find(|program| program.id == id)?.report.as_ref()?;
    let belongs = |report: &&estate::Report| programs_of_report(report, context).iter().any(|program| program.id == id);
    let is_cut = |report: &estate::Report| artifact.versions_gap(&report.id).is_some();
    let unread = artifact.reports.gap.is_some() || artifact.every_version().into_iter().filter(belongs).any(is_cut);
    let (mut reports, mut letters) = (Vec::new(), Vec::new());
    for report in artifact.every_version_read_to_the_end().into_iter().filter(belongs) {
        let (Some(span), true) = (days_covered(report), is_usable(report)) else { continue };
        match (is_bridge_letter(report), patterns.kind_of(report)) {
            (false, Some(of)) if of == kind => reports.push(span),
            (true, of) if of.is_none_or(|of| of == kind) => letters.push(span),
            _ => {}
        }
    }
    let covered = coverage::uncovered(Span { start: context.period.start, end: last }, &reports, &letters).is_empty();
    if covered { Some(true) } else { (!unread).then_some(false) }
}

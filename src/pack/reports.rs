//! Pointers to audit reports as documents show them, and the editions that they carry.

use super::{Program, Report};
use crate::estate;
use crate::programs::coverage::{self, Span};
use crate::programs::{self, is_bridge_letter};
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
    let span = report.period_start.zip(report.period_end).and_then(|(start, end)| Span::new(start, end));
    let period = context.period.observed_until(context.at()).map(|end| Span { start: context.period.start, end });
    let gap_days = period.zip(span).map(|(period, span)| coverage::days(&coverage::uncovered(period, &[span], &[])));
    Report {
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
        covers_period: gap_days.map(|days| days == 0),
        gap_days,
        bridge_letter: is_bridge_letter(report),
        evidence: report.calls.clone(),
    }
}

/// The audit programs with their three editions.
pub(super) fn programs(context: &Context<'_>, reports: &[Report]) -> Vec<Program> {
    context.programs.iter().map(|program| self::program(program, reports)).collect()
}

fn program(program: &programs::Program, reports: &[Report]) -> Program {
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
    }
}

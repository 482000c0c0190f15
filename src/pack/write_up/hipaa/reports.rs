//! Part 13: pointers to AWS's audit reports: id, version, series, period, gap. Never a report's text.

use super::case::Case;
use crate::pack::write_up::{Basis, Block, Column, Ground, Part, Picture, Row, Source, Statement, Table, Text};
use crate::pack::{Report, Timeline};

const GUIDE: &str = "Pointers only: the terms of the reports allow no excerpt, and this program never downloads one. Get them \
    in AWS Artifact by their id. The picture stands in the HTML page; the table says the same.";

pub(super) fn part(case: &Case<'_>) -> Part {
    let timeline = Timeline::of(case.pack, case.program);
    let mut blocks = vec![Block::Guide(GUIDE), Block::Says(says(case, &timeline))];
    let rows: Vec<Row> = of(case).into_iter().map(|report| row(case, report)).collect();
    if !rows.is_empty() {
        if timeline.lanes.iter().any(|lane| !lane.bars.is_empty()) {
            blocks.push(Block::Picture(Picture::Timeline(timeline)));
        }
        blocks.push(Block::Table(Table {
            columns: &[
                Column::Words("Document, series"),
                Column::Words("Id, version"),
                Column::Words("Covers"),
                Column::Numbers("Days of the period left open"),
                Column::Numbers("Days from its end to the collection"),
                Column::Words("State"),
            ],
            rows,
        }));
    }
    Part { title: "AWS's audit reports in AWS Artifact", blocks }
}

/// The reports that stand for AWS's part.
pub(super) fn of<'a>(case: &Case<'a>) -> Vec<&'a Report> {
    let groups = &case.program.groups;
    let stands = |report: &&Report| {
        groups.iter().any(|group| crate::pack::stands(report, (&group.reports_of, group.reports_kind.as_deref())))
    };
    case.pack.reports.iter().filter(stands).collect()
}

fn says(case: &Case<'_>, timeline: &Timeline) -> Vec<Statement> {
    let mut says = vec![Statement::new(
        "There is no HIPAA certificate and no HIPAA report of AWS. The addendum and the list of eligible services stand \
             for HIPAA; what AWS does by itself is in its SOC 2 report.",
        Basis::of(Ground::Aws(Source::EligibleServices)).and(Ground::Aws(Source::CompliancePage)),
    )];
    for lane in &timeline.lanes {
        let kind = lane.of.1.as_deref().unwrap_or(&lane.of.0);
        let calls = of(case).into_iter().flat_map(|report| &report.evidence);
        let sentence = format!("{kind}: {}", lane.sentence(timeline.observed_until));
        says.push(Statement::new(sentence, Ground::evidence(calls)));
    }
    says.push(Statement::new(
        "That AWS Artifact lists a report does not show that Amazon Pinpoint is in its scope.",
        case.who_stated("service_scope"),
    ));
    says
}

fn row(case: &Case<'_>, report: &Report) -> Row {
    let name = Text::from(report.name.clone().unwrap_or_else(|| "(no name)".to_owned()));
    let name = report.series.iter().fold(name, |name, series| name.line(series.clone()));
    let name = if report.bridge_letter { name.line("bridge letter") } else { name };
    let version = report.version.map_or_else(|| "no version".to_owned(), |version| format!("version {version}"));
    let covers = match (report.period_start, report.period_end) {
        (Some(start), Some(end)) => format!("{start} to {end}"),
        _ => "no dates".to_owned(),
    };
    let open = report.gap_days.map_or_else(|| "unknown".to_owned(), |days| days.to_string());
    let judged = case.pack.collected.last.date_naive();
    let since =
        report.period_end.map_or_else(|| "unknown".to_owned(), |end| (judged - end).num_days().max(0).to_string());
    let state = report.state.clone().unwrap_or_else(|| "unknown".to_owned());
    let state = if report.usable { state } else { format!("{state}; covers nothing") };
    let id = Text::blank().code(&report.id).line(version);
    Row::new([name, id, covers.into(), open.into(), since.into(), state.into()], Ground::evidence(&report.evidence))
}

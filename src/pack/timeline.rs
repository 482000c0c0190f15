//! Which days AWS's audit reports cover, against the days that the pack speaks for. Pure arithmetic on the pack.

use chrono::NaiveDate;

use super::{Pack, Program, Report};
use crate::programs::coverage::{Span, uncovered};

/// The reports of a program against the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The pack's period.
    pub period: Span,
    /// The last day of it that the collection speaks for; `None` when the period begins later.
    pub observed_until: Option<NaiveDate>,
    /// One for each kind of report that stands for AWS's part.
    pub lanes: Vec<Lane>,
}

/// The reports of one kind, and the letters that go on from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The program and the kind, for instance `soc` and `SOC 2`.
    pub of: (String, Option<String>),
    /// The documents with dates, oldest first.
    pub bars: Vec<Bar>,
    /// How many documents do not say which days they cover.
    pub undated: usize,
    /// The days of the period, up to the collection, that they leave open together.
    pub uncovered: Vec<Span>,
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// As AWS calls it.
    pub name: String,
    /// As AWS gave it.
    pub version: Option<i64>,
    /// The days that it covers.
    pub span: Span,
    /// What it is worth.
    pub kind: BarKind,
}

/// What a document is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarKind {
    /// A report that is published.
    Report,
    /// A published bridge letter, which goes on from a report.
    Letter,
    /// Not published, or not there as a whole: it covers nothing.
    Withdrawn,
}

impl Timeline {
    /// The reports that stand for AWS's part of a program's controls.
    #[must_use]
    pub fn of(pack: &Pack, program: &Program) -> Self {
        let period = Span { start: pack.period.start, end: pack.period.end };
        let observed_until = pack.period.observed_until(pack.collected.last);
        let mut lanes: Vec<Lane> = Vec::new();
        for group in &program.groups {
            let of = (group.reports_of.clone(), group.reports_kind.clone());
            if !lanes.iter().any(|lane| lane.of == of) {
                lanes.push(lane(pack, of, observed_until.map(|end| Span { end, ..period })));
            }
        }
        Self { period, observed_until, lanes }
    }
}

/// Whether a report stands for a program and a kind; a letter that names no kind stands for each.
pub(crate) fn stands(report: &Report, (program, kind): (&str, Option<&str>)) -> bool {
    let of_kind = kind.is_none() || report.kind.as_deref() == kind;
    report.program.as_deref() == Some(program) && (of_kind || (report.bridge_letter && report.kind.is_none()))
}

fn lane(pack: &Pack, of: (String, Option<String>), asked: Option<Span>) -> Lane {
    let reports: Vec<&Report> = pack.reports.iter().filter(|report| stands(report, (&of.0, of.1.as_deref()))).collect();
    let mut bars: Vec<Bar> = reports.iter().filter_map(|report| bar(report)).collect();
    bars.sort_by(|a, b| (a.span, &a.name, a.version).cmp(&(b.span, &b.name, b.version)));
    let spans =
        |kind: BarKind| -> Vec<Span> { bars.iter().filter(|bar| bar.kind == kind).map(|bar| bar.span).collect() };
    let left = asked.map(|asked| uncovered(asked, &spans(BarKind::Report), &spans(BarKind::Letter)));
    Lane { of, undated: reports.len() - bars.len(), uncovered: left.unwrap_or_default(), bars }
}

fn bar(report: &Report) -> Option<Bar> {
    let kind = match (report.usable, report.bridge_letter) {
        (false, _) => BarKind::Withdrawn,
        (true, true) => BarKind::Letter,
        (true, false) => BarKind::Report,
    };
    let name = report.name.clone().unwrap_or_else(|| report.id.clone());
    Some(Bar { name, version: report.version, span: Span::of(report.period_start, report.period_end)?, kind })
}

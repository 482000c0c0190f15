//! Which days AWS's audit reports cover, against the days that the pack speaks for. Pure arithmetic on the pack.

use chrono::NaiveDate;

use super::{Pack, Program, Report, Status};
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
    /// What they amount to: documents without dates, or a list that was cut, may cover what seems open.
    pub status: Status,
}

impl Lane {
    /// What they amount to, as a sentence of one stretch or several.
    #[must_use]
    pub fn sentence(&self, observed_until: Option<NaiveDate>) -> String {
        let Some(until) = observed_until else {
            return "The period begins after the collection, so nothing can be held against it.".to_owned();
        };
        let spans: Vec<String> = self.uncovered.iter().map(|span| format!("{} to {}", span.start, span.end)).collect();
        match self.status {
            Status::Inherited => {
                format!("The reports and the letters that go on from them cover every day of the period up to {until}.")
            }
            Status::InheritedGap if self.bars.is_empty() => "AWS Artifact shows no such report.".to_owned(),
            Status::InheritedGap => {
                format!("Up to {until}, the reports and letters leave open: {}.", spans.join(", "))
            }
            _ => "Whether the reports cover the period could not be told.".to_owned(),
        }
    }
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
                lanes.push(lane(pack, of, group.aws, observed_until.map(|end| Span { end, ..period })));
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

fn lane(pack: &Pack, of: (String, Option<String>), status: Status, asked: Option<Span>) -> Lane {
    let reports: Vec<&Report> = pack.reports.iter().filter(|report| stands(report, (&of.0, of.1.as_deref()))).collect();
    let mut bars: Vec<Bar> = reports.iter().filter_map(|report| bar(report)).collect();
    bars.sort_by(|a, b| (a.span, &a.name, a.version).cmp(&(b.span, &b.name, b.version)));
    let spans =
        |kind: BarKind| -> Vec<Span> { bars.iter().filter(|bar| bar.kind == kind).map(|bar| bar.span).collect() };
    let left = asked.map(|asked| uncovered(asked, &spans(BarKind::Report), &spans(BarKind::Letter)));
    Lane { of, undated: reports.len() - bars.len(), uncovered: left.unwrap_or_default(), status, bars }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// The kind, whether it is usable, whether it is a letter, and its days.
    type Shown = (&'static str, bool, bool, Option<(&'static str, &'static str)>);

    /// The first lane of HIPAA, which rests on SOC 2, with these reports.
    fn lane_of(reports: &[Shown], status: Status) -> Lane {
        let mut pack = sample::with_every_control();
        let first = pack.reports[0].clone();
        pack.reports = reports
            .iter()
            .map(|(kind, usable, bridge_letter, dates)| Report {
                kind: (!kind.is_empty()).then(|| (*kind).to_owned()),
                usable: *usable,
                bridge_letter: *bridge_letter,
                period_start: dates.map(|(start, _)| day(start)),
                period_end: dates.map(|(_, end)| day(end)),
                ..first.clone()
            })
            .collect();
        let hipaa = pack.programs.iter_mut().find(|program| program.id == "hipaa").expect("a program");
        hipaa.groups.iter_mut().for_each(|group| group.aws = status);
        let hipaa = hipaa.clone();
        let timeline = Timeline::of(&pack, &hipaa);
        let [lane] = &timeline.lanes[..] else { panic!("{:?}", timeline.lanes) };
        lane.clone()
    }

    #[test]
    fn letters_go_on_from_reports_of_the_kind_and_what_is_withdrawn_covers_nothing() {
        let reports = [
            ("SOC 2", true, false, Some(("2025-07-01", "2026-07-31"))),
            ("", true, true, Some(("2026-08-01", "2026-08-31"))),
            ("SOC 1", true, false, Some(("2026-01-01", "2026-12-31"))),
            ("SOC 2", false, false, Some(("2026-01-01", "2026-12-31"))),
            ("SOC 2", true, false, None),
        ];
        let lane = lane_of(&reports, Status::InheritedGap);
        assert_eq!(lane.of, ("soc".to_owned(), Some("SOC 2".to_owned())));
        let kinds: Vec<BarKind> = lane.bars.iter().map(|bar| bar.kind).collect();
        assert_eq!(kinds, [BarKind::Report, BarKind::Withdrawn, BarKind::Letter]);
        assert_eq!(
            (lane.undated, &lane.uncovered[..]),
            (1, &[Span { start: day("2026-09-01"), end: day("2026-09-30") }][..])
        );
        let until = Some(day("2026-09-30"));
        assert_eq!(
            lane.sentence(until),
            "Up to 2026-09-30, the reports and letters leave open: 2026-09-01 to 2026-09-30."
        );
    }

    #[test]
    fn a_sentence_says_no_more_than_the_status() {
        let until = Some(day("2026-09-30"));
        let none = |status| lane_of(&[], status).sentence(until);
        assert_eq!(none(Status::InheritedGap), "AWS Artifact shows no such report.");
        assert_eq!(none(Status::NotEvaluated), "Whether the reports cover the period could not be told.");
        let later = lane_of(&[], Status::NotEvaluated).sentence(None);
        assert_eq!(later, "The period begins after the collection, so nothing can be held against it.");
    }
}

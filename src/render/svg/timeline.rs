//! The days that AWS's reports cover, against the period of the pack.

use chrono::{Datelike as _, Days, NaiveDate};

use super::{Drawing, WIDTH, shortened};
use crate::pack::{Bar, BarKind, Lane, Status, Timeline};
use crate::programs;
use crate::programs::coverage::Span;

/// Where the days begin; names stand before.
const LEFT: i64 = 252;
const TOP: i64 = 40;
const ROW: i64 = 32;
const BAR: i64 = 12;
/// Documents that a lane has room for: those that end last.
const BARS: usize = 8;
/// Characters of a name.
const CHARACTERS: usize = 36;
/// How far before and after the period the picture goes at most, in days.
const BEFORE: u64 = 800;
const AFTER: u64 = 400;

/// What pages call it.
pub(super) const NAME: &str = "timeline";

pub(super) fn draw(of: &Timeline) -> String {
    let mut drawing = Drawing::new(NAME, "Days that AWS's reports cover, against the period");
    let scale = Scale::of(of);
    let rows: i64 = of.lanes.iter().map(rows).sum();
    let bottom = TOP + rows * ROW;
    let Span { start, end } = of.period;
    drawing.rectangle("band", (scale.x(start), TOP - 14), (scale.width(of.period), bottom - TOP + 14));
    let words = format!("period {start} to {end}");
    if scale.x(start) > i64::midpoint(LEFT, WIDTH) {
        drawing.text("small end", (scale.after(end), TOP - 20), &words);
    } else {
        drawing.text("small", (scale.x(start), TOP - 20), &words);
    }
    drawing.says(&format!("The period is {start} to {end}."));
    years(&mut drawing, &scale, bottom);
    if let Some(until) = of.observed_until.filter(|until| *until < end) {
        drawing.line("collected", (scale.after(until), TOP - 14), (scale.after(until), bottom));
        drawing.says(&format!("It was collected on {until}."));
    }
    let mut y = TOP;
    for lane in &of.lanes {
        y = lane_at(&mut drawing, &scale, lane, y, of.observed_until.is_some());
    }
    drawing.finish(bottom + 18)
}

/// Where a stretch of days is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Within,
    Before,
    After,
}

/// From days to places.
struct Scale {
    first: NaiveDate,
    days: i64,
}

impl Scale {
    fn of(timeline: &Timeline) -> Self {
        let Span { start, end } = timeline.period;
        let spans = || timeline.lanes.iter().flat_map(shown).map(|bar| bar.span);
        let earliest = start.checked_sub_days(Days::new(BEFORE)).unwrap_or(start);
        let latest = end.checked_add_days(Days::new(AFTER)).unwrap_or(end);
        let first = spans().map(|span| span.start).fold(start, NaiveDate::min).max(earliest);
        let last = spans().map(|span| span.end).fold(end, NaiveDate::max).min(latest);
        Self { first, days: (last - first).num_days() + 1 }
    }

    /// The place of a day's begin, within the picture.
    fn x(&self, day: NaiveDate) -> i64 {
        let days = (day - self.first).num_days().clamp(0, self.days);
        LEFT + days * (WIDTH - LEFT) / self.days
    }

    /// The place of a day's end.
    fn after(&self, day: NaiveDate) -> i64 {
        self.x(day.succ_opt().unwrap_or(day))
    }

    /// Whether any of the days is within the picture.
    fn place(&self, span: Span) -> Place {
        let last = self.first + Days::new(u64::try_from(self.days - 1).unwrap_or_default());
        match (span.end < self.first, span.start > last) {
            (true, _) => Place::Before,
            (_, true) => Place::After,
            _ => Place::Within,
        }
    }

    /// At least wide enough to be seen.
    fn width(&self, span: Span) -> i64 {
        (self.after(span.end) - self.x(span.start)).max(2)
    }
}

fn years(drawing: &mut Drawing, scale: &Scale, bottom: i64) {
    let last = scale.first + Days::new(u64::try_from(scale.days).unwrap_or_default());
    for year in scale.first.year() + 1..=last.year() {
        if let Some(day) = NaiveDate::from_ymd_opt(year, 1, 1) {
            drawing.line("year", (scale.x(day), TOP - 14), (scale.x(day), bottom));
            drawing.text("small", (scale.x(day) + 3, bottom + 13), &year.to_string());
        }
    }
}

/// The documents of a lane that the picture has room for: those that end last, oldest first.
fn shown(lane: &Lane) -> Vec<&Bar> {
    let mut bars: Vec<&Bar> = lane.bars.iter().collect();
    bars.sort_by_key(|bar| (bar.span.end, bar.span.start));
    let left_out = bars.len().saturating_sub(BARS);
    bars.split_off(left_out)
}

/// A heading, the documents, and what they leave open.
fn rows(lane: &Lane) -> i64 {
    i64::try_from(shown(lane).len()).unwrap_or_default() + 2
}

fn lane_at(drawing: &mut Drawing, scale: &Scale, lane: &Lane, top: i64, is_observed: bool) -> i64 {
    let (program, kind) = &lane.of;
    let of = programs::page(program).map_or(program.as_str(), |page| page.name);
    let heading = kind.as_deref().unwrap_or(of);
    drawing.text("strong", (0, top + 14), heading);
    let bars = shown(lane);
    let unseen = lane.bars.len() - bars.len();
    if unseen + lane.undated > 0 {
        let words = format!("not drawn: {unseen} older, {} without dates", lane.undated);
        drawing.text("small", (0, top + 28), &words);
        drawing.says(&format!("{heading}: {words}."));
    }
    let mut y = top + ROW;
    for bar in bars {
        bar_at(drawing, scale, bar, y);
        y += ROW;
    }
    left_open(drawing, scale, lane, y, is_observed);
    y + ROW
}

fn bar_at(drawing: &mut Drawing, scale: &Scale, bar: &Bar, y: i64) {
    let (class, what) = match bar.kind {
        BarKind::Report => ("report", ""),
        BarKind::Letter => ("letter", ", letter"),
        BarKind::Withdrawn => ("withdrawn", ", not published"),
    };
    let version = bar.version.map(|version| format!(" v{version}")).unwrap_or_default();
    let dates = format!("{} to {}{what}", bar.span.start, bar.span.end);
    drawing.text("label", (0, y + 12), &shortened(&format!("{}{version}", bar.name), CHARACTERS));
    drawing.text("small", (0, y + 25), &dates);
    match scale.place(bar.span) {
        Place::Within => drawing.rectangle(class, (scale.x(bar.span.start), y + 6), (scale.width(bar.span), BAR)),
        Place::Before => drawing.text("small", (LEFT, y + 16), "‹ earlier"),
        Place::After => drawing.text("small end", (WIDTH, y + 16), "later ›"),
    }
    drawing.says(&format!("{}{version}: {dates}.", bar.name));
}

fn left_open(drawing: &mut Drawing, scale: &Scale, lane: &Lane, y: i64, is_observed: bool) {
    let words = match (lane.status, lane.uncovered.as_slice()) {
        _ if !is_observed => "the period is still to come".to_owned(),
        (Status::Inherited, _) => "■ no day left open".to_owned(),
        (Status::InheritedGap, [one]) => format!("▲ open: {} to {}", one.start, one.end),
        (Status::InheritedGap, several) => format!("▲ open: {} stretches", several.len()),
        _ => "◇ could not be told".to_owned(),
    };
    drawing.text("label", (0, y + 12), &words);
    drawing.says(&format!("{words}."));
    if lane.status == Status::InheritedGap {
        for span in &lane.uncovered {
            drawing.rectangle("gap", (scale.x(span.start), y + 4), (scale.width(*span), BAR + 4));
            drawing.says(&format!("Left open: {} to {}.", span.start, span.end));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: &str, end: &str) -> Span {
        Span { start: start.parse().expect("a day"), end: end.parse().expect("a day") }
    }

    fn bar(name: &str, kind: BarKind, span: Span) -> Bar {
        Bar { name: name.to_owned(), version: Some(2), span, kind }
    }

    fn a_timeline(bars: Vec<Bar>, uncovered: Vec<Span>) -> Timeline {
        let status = if uncovered.is_empty() { Status::Inherited } else { Status::InheritedGap };
        let lane = Lane { of: ("soc".to_owned(), Some("SOC 2".to_owned())), bars, undated: 1, uncovered, status };
        let period = span("2026-07-01", "2026-09-30");
        Timeline { period, observed_until: Some(period.end), lanes: vec![lane] }
    }

    #[test]
    fn a_day_stands_where_its_share_of_the_width_is() {
        let timeline =
            a_timeline(vec![bar("SOC 2 Report", BarKind::Report, span("2025-07-01", "2026-06-30"))], Vec::new());
        let scale = Scale::of(&timeline);
        assert_eq!((scale.first, scale.days), (span("2025-07-01", "2025-07-01").start, 457));
        assert_eq!((scale.x(scale.first), scale.after(timeline.period.end)), (LEFT, WIDTH));
        assert!(scale.x(timeline.period.start) > LEFT + (WIDTH - LEFT) * 3 / 4);
    }

    #[test]
    fn every_document_and_every_gap_stands_in_the_picture_and_in_its_text() {
        let bars = vec![
            bar("SOC 2 Report", BarKind::Report, span("2025-10-01", "2026-06-30")),
            bar("Letter", BarKind::Letter, span("2026-07-01", "2026-07-31")),
            bar("Old", BarKind::Withdrawn, span("2024-10-01", "2025-09-30")),
        ];
        let svg = draw(&a_timeline(bars, vec![span("2026-08-01", "2026-09-30")]));
        for words in [
            "class=\"report\"",
            "class=\"letter\"",
            "class=\"withdrawn\"",
            "class=\"gap\"",
            ">▲ open: 2026-08-01 to 2026-09-30<",
            "Left open: 2026-08-01 to 2026-09-30.",
            "Letter v2: 2026-07-01 to 2026-07-31, letter.",
            "not drawn: 0 older, 1 without dates",
        ] {
            assert!(svg.contains(words), "{words}\n{svg}");
        }
    }

    #[test]
    fn reports_of_long_ago_or_for_ever_stay_within_the_picture() {
        let far = span("1990-01-01", "2200-12-31");
        let svg = draw(&a_timeline(vec![bar("Far", BarKind::Report, far)], Vec::new()));
        for part in svg.split("<rect ").skip(1) {
            let number = |name: &str| -> i64 {
                let rest = part.split(&format!("{name}=\"")).nth(1).expect(name);
                rest.split('"').next().expect("a value").parse().expect("a number")
            };
            assert!(number(" x") >= LEFT && number(" x") + number("width") <= WIDTH, "{part}");
        }
    }

    #[test]
    fn what_lies_outside_of_the_picture_is_said_and_not_drawn() {
        let bars = vec![
            bar("Old", BarKind::Report, span("2010-01-01", "2012-12-31")),
            bar("Next", BarKind::Report, span("2040-01-01", "2042-12-31")),
        ];
        let svg = draw(&a_timeline(bars, vec![span("2026-07-01", "2026-09-30")]));
        assert!(svg.contains(">‹ earlier<") && svg.contains(">later ›<"), "{svg}");
        assert!(!svg.contains("class=\"report\""), "{svg}");
    }

    #[test]
    fn what_could_not_be_told_is_not_drawn_as_open() {
        let mut unknown = a_timeline(Vec::new(), vec![span("2026-07-01", "2026-09-30")]);
        unknown.lanes[0].status = Status::NotEvaluated;
        let svg = draw(&unknown);
        assert!(svg.contains(">◇ could not be told<") && !svg.contains("class=\"gap\""), "{svg}");
    }

    #[test]
    fn a_lane_draws_what_ends_last() {
        let many =
            (1..=20).map(|day| bar("R", BarKind::Report, span("2026-01-01", &format!("2026-07-{day:02}")))).collect();
        let timeline = a_timeline(many, Vec::new());
        let ends: Vec<u32> = shown(&timeline.lanes[0]).iter().map(|bar| bar.span.end.day()).collect();
        assert_eq!(ends, (13..=20).collect::<Vec<u32>>());
    }
}

//! Which days of a period audit reports and bridge letters cover. Pure arithmetic on whole days.

use chrono::{Days, NaiveDate};

/// A stretch of whole days; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

impl Span {
    /// The days from one to the other; `None` when they are in the wrong order.
    #[must_use]
    pub fn new(start: NaiveDate, end: NaiveDate) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// The days of a document that says both; one that leaves its begin or its end open says nothing that can be counted.
    #[must_use]
    pub fn of(start: Option<NaiveDate>, end: Option<NaiveDate>) -> Option<Self> {
        Self::new(start?, end?)
    }

    /// How many days it has.
    #[must_use]
    pub fn days(self) -> i64 {
        (self.end - self.start).num_days() + 1
    }
}

/// The days of `period` that neither a report covers nor a bridge letter that goes on from a report.
///
/// A bridge letter is management's statement that nothing changed since a report: without a report that it touches, it
/// covers nothing.
#[must_use]
pub fn uncovered(period: Span, reports: &[Span], bridges: &[Span]) -> Vec<Span> {
    let mut spans: Vec<(Span, bool)> =
        reports.iter().map(|span| (*span, true)).chain(bridges.iter().map(|span| (*span, false))).collect();
    spans.sort_unstable();
    let mut blocks: Vec<(Span, bool)> = Vec::new();
    for (span, is_report) in spans {
        match blocks.last_mut() {
            Some((block, has_report)) if span.start <= next(block.end) => {
                block.end = block.end.max(span.end);
                *has_report |= is_report;
            }
            _ => blocks.push((span, is_report)),
        }
    }
    let covered = blocks.into_iter().filter(|(_, has_report)| *has_report).map(|(block, _)| block);
    subtract(period, covered)
}

/// How many days the spans have together; they must not overlap.
#[must_use]
pub fn days(spans: &[Span]) -> i64 {
    spans.iter().map(|span| span.days()).sum()
}

/// What is left of `period` without the blocks, which come in order and do not touch each other.
fn subtract(period: Span, blocks: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut left = Vec::new();
    let mut from = period.start;
    for block in blocks {
        if block.end < from || block.start > period.end {
            continue;
        }
        if block.start > from {
            left.extend(Span::new(from, previous(block.start)));
        }
        if block.end >= period.end {
            return left;
        }
        from = next(block.end);
    }
    left.extend(Span::new(from, period.end));
    left
}

fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

fn previous(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(offset: u64) -> NaiveDate {
        // From 2027-12-20 the offsets cross the leap day of 2028.
        NaiveDate::from_ymd_opt(2027, 12, 20).expect("a date") + Days::new(offset)
    }

    /// The days of a document as AWS may give them: both ends, one of them, none, or in the wrong order.
    type Dates = (Option<NaiveDate>, Option<NaiveDate>);

    fn dates() -> impl Strategy<Value = Dates> {
        (prop::option::weighted(0.9, 0u64..100), prop::option::weighted(0.9, -3i64..40)).prop_map(|(start, length)| {
            let end = length.and_then(|length| start.unwrap_or(50).checked_add_signed(length));
            (start.map(day), end.map(day))
        })
    }

    fn period() -> impl Strategy<Value = Span> {
        (0u64..100, 0u64..40).prop_map(|(start, length)| Span { start: day(start), end: day(start + length) })
    }

    /// A period, reports, and letters.
    type Case = (Span, Vec<Dates>, Vec<Dates>);

    fn case() -> impl Strategy<Value = Case> {
        (period(), prop::collection::vec(dates(), 0..5), prop::collection::vec(dates(), 0..4))
    }

    fn spans(dates: &[Dates]) -> Vec<Span> {
        dates.iter().filter_map(|(start, end)| Span::of(*start, *end)).collect()
    }

    /// The same question, answered one day at a time: a day is covered if a report has it, or if a run of days that
    /// reports or letters have leads from it to a day that a report has. What does not say both ends has no day.
    fn by_the_day((period, reports, bridges): &Case) -> Vec<NaiveDate> {
        let all: Vec<NaiveDate> = (0..200).map(day).collect();
        let has = |documents: &[Dates], day: NaiveDate| {
            documents.iter().any(|dates| matches!(dates, (Some(start), Some(end)) if *start <= day && day <= *end))
        };
        let touched = |day: NaiveDate| has(reports, day) || has(bridges, day);
        let linked = |index: usize| {
            let back = all[..=index].iter().rev().take_while(|day| touched(**day));
            let on = all[index..].iter().take_while(|day| touched(**day));
            back.chain(on).any(|day| has(reports, *day))
        };
        let in_period = |day: NaiveDate| period.start <= day && day <= period.end;
        all.iter().enumerate().filter(|(i, day)| in_period(**day) && !linked(*i)).map(|(_, day)| *day).collect()
    }

    proptest! {
        #[test]
        fn agrees_with_a_day_by_day_model(case in case()) {
            let left = uncovered(case.0, &spans(&case.1), &spans(&case.2));
            let listed: Vec<NaiveDate> =
                left.iter().flat_map(|span| span.start.iter_days().take_while(move |day| *day <= span.end)).collect();
            prop_assert_eq!(&listed, &by_the_day(&case));
            prop_assert_eq!(days(&left), i64::try_from(listed.len()).expect("small"));
        }
    }

    /// A kind of case, and whether one is of it.
    type Kind = (&'static str, fn(&Case) -> bool);

    fn any_pair(case: &Case, is: impl Fn(Span, Span) -> bool) -> bool {
        let all = spans(&case.1);
        all.iter().enumerate().any(|(i, a)| all.iter().enumerate().any(|(j, b)| i != j && is(*a, *b)))
    }

    const KINDS: [Kind; 11] = [
        ("overlapping", |case| any_pair(case, |a, b| a.start < b.start && b.start <= a.end && a.end < b.end)),
        ("nested", |case| any_pair(case, |a, b| a.start < b.start && b.end < a.end)),
        ("touching", |case| any_pair(case, |a, b| next(a.end) == b.start)),
        ("gapped", |case| any_pair(case, |a, b| next(a.end) < b.start)),
        ("open-ended", |case| case.1.iter().any(|dates| dates.0.is_some() && dates.1.is_none())),
        ("without a begin", |case| case.1.iter().any(|dates| dates.0.is_none() && dates.1.is_some())),
        ("without dates", |case| case.1.contains(&(None, None))),
        ("in the wrong order", |case| case.1.iter().any(|dates| matches!(dates, (Some(a), Some(b)) if a > b))),
        ("a letter that covers days", |case| {
            let (period, reports) = (case.0, spans(&case.1));
            uncovered(period, &reports, &[]) != uncovered(period, &reports, &spans(&case.2))
        }),
        ("a letter that goes on from nothing", |case| {
            let (period, reports) = (case.0, spans(&case.1));
            !case.2.is_empty() && uncovered(period, &reports, &[]) == uncovered(period, &reports, &spans(&case.2))
        }),
        ("a leap day left open", |case| by_the_day(case).contains(&day(71))),
    ];

    #[test]
    fn the_cases_are_of_every_kind() {
        use proptest::strategy::ValueTree as _;
        use proptest::test_runner::TestRunner;
        assert_eq!(day(71), NaiveDate::from_ymd_opt(2028, 2, 29).expect("a leap day"));
        let mut runner = TestRunner::deterministic();
        let cases: Vec<Case> = (0..512).map(|_| case().new_tree(&mut runner).expect("a case").current()).collect();
        for (kind, is) in KINDS {
            let found = cases.iter().filter(|case| is(case)).count();
            assert!(found >= 5, "{kind}: {found} of {}", cases.len());
        }
    }

    #[test]
    fn a_bridge_letter_alone_covers_nothing() {
        let period = Span { start: day(10), end: day(20) };
        assert_eq!(uncovered(period, &[], &[period]), [period]);
    }

    #[test]
    fn a_bridge_letter_goes_on_from_the_day_after_a_report() {
        let period = Span { start: day(10), end: day(20) };
        let report = Span { start: day(0), end: day(12) };
        assert_eq!(uncovered(period, &[report], &[Span { start: day(13), end: day(30) }]), []);
        let late = Span { start: day(14), end: day(30) };
        assert_eq!(uncovered(period, &[report], &[late]), [Span { start: day(13), end: day(20) }]);
    }
}

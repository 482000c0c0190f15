//! The time that a pack covers: normally a calendar quarter, in UTC.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};

/// A stretch of whole days; both ends belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// `2026-Q4`, or `2026-10-01..2026-12-31` where it is no calendar quarter.
    pub name: String,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

/// How long HIPAA documentation is kept (45 CFR 164.316(b)(2)(i)).
const RETENTION_YEARS: u32 = 6;

impl Period {
    /// The calendar quarter of a moment.
    #[must_use]
    pub fn quarter_of(moment: DateTime<Utc>) -> Self {
        let day = moment.date_naive();
        let quarter = day.month0() / 3 + 1;
        Self::quarter(day.year(), quarter).unwrap_or_else(|| Self::between(day, day))
    }

    fn quarter(year: i32, quarter: u32) -> Option<Self> {
        let start = NaiveDate::from_ymd_opt(year, quarter.checked_sub(1)? * 3 + 1, 1)?;
        let end = start.checked_add_months(Months::new(3))?.pred_opt()?;
        Some(Self { name: format!("{year}-Q{quarter}"), start, end })
    }

    fn between(start: NaiveDate, end: NaiveDate) -> Self {
        Self { name: format!("{start}..{end}"), start, end }
    }

    /// The last day of it that a collection at `moment` can speak for; `None` when it begins later.
    #[must_use]
    pub fn observed_until(&self, moment: DateTime<Utc>) -> Option<NaiveDate> {
        let last = self.end.min(moment.date_naive());
        (last >= self.start).then_some(last)
    }

    /// The day until which a pack for this period is kept: six years after its end.
    #[must_use]
    pub fn retain_until(&self) -> NaiveDate {
        self.end.checked_add_months(Months::new(12 * RETENTION_YEARS)).unwrap_or(NaiveDate::MAX)
    }

    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.end + Days::new(1) - self.start).num_days()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Why a text is no period; fit after the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a period; write `2026-Q4` or `2026-10-01..2026-12-31`{}", why.map(|why| format!(" ({why})")).unwrap_or_default())]
pub struct PeriodError {
    text: String,
    why: Option<&'static str>,
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |why| PeriodError { text: text.to_owned(), why };
        if let Some((year, quarter)) = text.split_once("-Q") {
            let four_digits = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
            let (true, Ok(year)) = (four_digits, year.parse()) else { return Err(wrong(None)) };
            return match quarter {
                "1" | "2" | "3" | "4" => {
                    let quarter = u32::from(quarter.as_bytes()[0] - b'0');
                    Self::quarter(year, quarter).ok_or_else(|| wrong(None))
                }
                _ => Err(wrong(Some("a year has quarters Q1 to Q4"))),
            };
        }
        let Some((start, end)) = text.split_once("..") else { return Err(wrong(None)) };
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let (Some(start), Some(end)) = (day(start), day(end)) else { return Err(wrong(None)) };
        if end < start {
            return Err(wrong(Some("it ends before it begins")));
        }
        let between = Self::between(start, end);
        let quarter = start.and_hms_opt(0, 0, 0).map(|start| Self::quarter_of(start.and_utc()));
        Ok(quarter.filter(|quarter| quarter.start == start && quarter.end == end).unwrap_or(between))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_quarter_has_its_first_and_last_day() {
        let period: Period = "2026-Q4".parse().expect("a period");
        assert_eq!((period.start, period.end, period.days()), (day("2026-10-01"), day("2026-12-31"), 92));
        assert_eq!(period.retain_until(), day("2032-12-31"));
        let leap: Period = "2028-Q1".parse().expect("a period");
        assert_eq!(leap.days(), 91);
    }

    #[test]
    fn days_that_make_a_quarter_are_named_as_the_quarter() {
        let period: Period = "2026-10-01..2026-12-31".parse().expect("a period");
        assert_eq!(period.name, "2026-Q4");
        let odd: Period = "2026-10-02..2026-12-31".parse().expect("a period");
        assert_eq!(odd.name, "2026-10-02..2026-12-31");
    }

    #[test]
    fn what_is_no_period_is_refused_with_the_form_to_write() {
        for text in [
            "",
            "2026",
            "2026-Q5",
            "2026-Q0",
            "2026-q4",
            "2026-02-30..2026-03-01",
            "2026-03-02..2026-03-01",
            "-5-Q1",
            "2026-Q11",
        ] {
            let error = text.parse::<Period>().expect_err(text);
            assert!(error.to_string().contains("write `2026-Q4`"), "{error}");
        }
    }

    #[test]
    fn a_running_period_is_observed_until_the_collection_and_a_later_one_not_at_all() {
        let period: Period = "2026-Q4".parse().expect("a period");
        let at = |text: &str| DateTime::parse_from_rfc3339(text).expect("a time").with_timezone(&Utc);
        assert_eq!(period.observed_until(at("2026-11-23T10:00:00Z")), Some(day("2026-11-23")));
        assert_eq!(period.observed_until(at("2027-02-01T10:00:00Z")), Some(day("2026-12-31")));
        assert_eq!(period.observed_until(at("2026-09-30T23:59:59Z")), None);
        assert_eq!(Period::quarter_of(at("2026-11-23T10:00:00Z")), period);
    }
}

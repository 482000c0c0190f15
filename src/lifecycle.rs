//! The end of support of Amazon Pinpoint.
//!
//! AWS ended its support on 2026-10-30 (Amazon Pinpoint end of support notice): console, endpoints, segments,
//! campaigns, journeys, analytics and email. The APIs for SMS, voice, push and one-time passwords go on as AWS End
//! User Messaging. An empty answer about an ended feature that was given after that day shows nothing.

use chrono::{DateTime, NaiveDate, Utc};

/// The last day of support.
pub const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 10, 30) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The first moment after the end of support: 2026-10-31T00:00:00Z.
#[must_use]
pub fn boundary() -> DateTime<Utc> {
    (LAST_DAY + chrono::Days::new(1)).and_time(chrono::NaiveTime::MIN).and_utc()
}

/// Whether a call that began then was made after the end of support.
#[must_use]
pub fn is_over(started: DateTime<Utc>) -> bool {
    started >= boundary()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn support_is_over_from_the_first_moment_of_the_next_day() {
        assert_eq!(boundary().to_rfc3339(), "2026-10-31T00:00:00+00:00");
        assert!(is_over(boundary()));
        assert!(!is_over(boundary() - chrono::TimeDelta::milliseconds(1)));
    }
}

//! The dates on which features of Amazon Pinpoint ended.
//!
//! Collecting and judging share them, so that both draw the line in the same place. This module holds dates only.

use chrono::{DateTime, Utc};

/// The first moment after the support of Amazon Pinpoint, `2026-10-31T00:00:00Z`.
///
/// AWS ended campaigns, journeys, segments, analytics and the email channel "effective October 30, 2026" (Amazon
/// Pinpoint end of support). From this moment on, an empty answer about one of them shows nothing.
pub const END_OF_SUPPORT: DateTime<Utc> = match DateTime::from_timestamp(1_793_404_800, 0) {
    Some(moment) => moment,
    None => DateTime::UNIX_EPOCH,
};

/// Whether the ended features of Amazon Pinpoint were over at that time.
#[must_use]
pub fn has_ended(at: DateTime<Utc>) -> bool {
    at >= END_OF_SUPPORT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_is_the_midnight_that_ends_the_last_day_of_support() {
        assert_eq!(END_OF_SUPPORT.to_rfc3339(), "2026-10-31T00:00:00+00:00");
        assert!(has_ended(END_OF_SUPPORT));
        assert!(!has_ended(END_OF_SUPPORT - chrono::TimeDelta::milliseconds(1)));
    }
}

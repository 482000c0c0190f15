//! Times in files: UTC, whole milliseconds, `Z`.

use chrono::{DateTime, SecondsFormat, SubsecRound as _, Utc};
use serde::{Deserialize as _, Deserializer, Serializer, de};

/// The one written form, for instance `2026-11-23T21:00:00.000Z`.
#[must_use]
pub fn format(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Cuts a time to what a file can hold, so that a value and its written form are equal.
#[must_use]
pub fn whole_milliseconds(time: DateTime<Utc>) -> DateTime<Utc> {
    time.trunc_subsecs(3)
}

/// For `#[serde(with = "…")]`.
///
/// # Errors
/// Those of the serialiser.
pub fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format(*time))
}

/// For `#[serde(with = "…")]`.
///
/// # Errors
/// When the text is not an RFC 3339 time.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let time = DateTime::parse_from_rfc3339(&text)
        .map_err(|error| de::Error::custom(format!("`{text}` is not an RFC 3339 time: {error}")))?;
    Ok(time.with_timezone(&Utc))
}

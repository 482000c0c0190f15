//! What an authority signs: `TSTInfo` of RFC 3161, section 2.4.2.

use chrono::{DateTime, NaiveDate, Utc};

use super::NotStamped;
use crate::seal::der::{self, Malformed, Reader};

/// A time over an imprint.
#[derive(Debug)]
pub(super) struct Token<'a> {
    /// The OID of the hash.
    pub(super) algorithm: &'a [u8],
    pub(super) imprint: &'a [u8],
    pub(super) time: DateTime<Utc>,
    pub(super) nonce: Option<&'a [u8]>,
}

impl<'a> Token<'a> {
    pub(super) fn parse(content: &'a [u8]) -> Result<Self, NotStamped> {
        let mut whole = Reader::new(content);
        let mut info = whole.sequence()?;
        whole.end()?;
        if info.small()? != 1 {
            return Err(NotStamped::new("it is of a version that this program does not know"));
        }
        info.take(der::OID)?;
        let mut imprint = info.sequence()?;
        let algorithm = imprint.sequence()?.take(der::OID)?;
        let hash = imprint.take(der::OCTET_STRING)?;
        info.take(der::INTEGER)?;
        let time = time(info.take(der::GENERALIZED_TIME)?)?;
        // How exact it says to be, and whether its times are in order: of no use where only one is asked for.
        info.optional(der::SEQUENCE)?;
        info.optional(der::BOOLEAN)?;
        Ok(Self { algorithm, imprint: hash, time, nonce: info.optional(der::INTEGER)? })
    }
}

/// `YYYYMMDDhhmmss[.f]Z`
fn time(text: &[u8]) -> Result<DateTime<Utc>, Malformed> {
    let text = std::str::from_utf8(text).ok().and_then(|text| text.strip_suffix('Z')).ok_or(Malformed)?;
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if seconds.len() != 14 || !is_number(seconds) || !is_number(fraction) || fraction.len() > 9 {
        return Err(Malformed);
    }
    let part = |from: usize, to: usize| seconds[from..to].parse::<u32>().map_err(|_| Malformed);
    let year = i32::try_from(part(0, 4)?).map_err(|_| Malformed)?;
    let nanoseconds = format!("{fraction:0<9}").parse().map_err(|_| Malformed)?;
    let time = NaiveDate::from_ymd_opt(year, part(4, 6)?, part(6, 8)?)
        .and_then(|day| day.and_hms_nano_opt(part(8, 10).ok()?, part(10, 12).ok()?, part(12, 14).ok()?, nanoseconds));
    time.map(|time| time.and_utc()).ok_or(Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        let read = |text: &str| time(text.as_bytes()).map(|time| time.to_rfc3339());
        assert_eq!(read("20261128093000Z"), Ok("2026-11-28T09:30:00+00:00".to_owned()));
        assert_eq!(read("20261128093000.25Z"), Ok("2026-11-28T09:30:00.250+00:00".to_owned()));
        for other in
            ["20261128093000", "20261328093000Z", "202611280930Z", "20261128093000.1234567890Z", "+0261128093000Z"]
        {
            assert_eq!(read(other), Err(Malformed), "{other}");
        }
    }
}

//! Text as formats take it.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};

/// On one line, without space at its ends, and never empty: what many formats ask of a value. Nothing else changes.
pub(super) fn line(value: &str) -> Cow<'_, str> {
    const SPACE: [char; 2] = [' ', '\u{feff}'];
    let breaks = |c: char| c != ' ' && (c.is_whitespace() || c.is_control());
    let text: Cow<'_, str> =
        if value.contains(breaks) { Cow::Owned(value.replace(breaks, " ")) } else { Cow::Borrowed(value) };
    match text.trim_matches(SPACE) {
        "" => Cow::Borrowed("-"),
        trimmed if trimmed.len() == text.len() => text,
        trimmed => Cow::Owned(trimmed.to_owned()),
    }
}

/// At most so many characters, with an ellipsis where something was cut.
pub(super) fn at_most(characters: usize, value: &str) -> Cow<'_, str> {
    if value.chars().nth(characters).is_none() {
        return Cow::Borrowed(value);
    }
    let kept: String = value.chars().take(characters.saturating_sub(1)).collect();
    Cow::Owned(kept + "…")
}

/// In whole seconds, `Z`.
pub(super) fn seconds(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_break_and_no_space_at_its_ends() {
        for (value, expected) in [
            ("a b", "a b"),
            (" a\nb\t", "a b"),
            ("\u{feff}a\u{2028}b\u{a0}", "a b"),
            ("", "-"),
            (" \n ", "-"),
            ("a\u{0}b\u{85}", "a b"),
        ] {
            assert_eq!(line(value), expected, "{value:?}");
        }
    }

    #[test]
    fn what_is_cut_says_so_and_keeps_whole_characters() {
        assert_eq!(at_most(3, "äöü"), "äöü");
        assert_eq!(at_most(3, "äöüß"), "äö…");
    }

    #[test]
    fn times_are_in_whole_seconds() {
        assert_eq!(seconds("2026-09-30T16:00:00.123Z".parse().expect("a time")), "2026-09-30T16:00:00Z");
    }
}

//! JSON that is made while it is written, and how it is laid out.

use std::fmt;
use std::io::{self, Write};

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::ser::PrettyFormatter;
use serde_json::value::{RawValue, to_raw_value};

/// An array whose members are made one at a time.
pub(super) struct Stream<'a, T>(Box<dyn Fn() -> Box<dyn Iterator<Item = T> + 'a> + 'a>);

impl<'a, T> Stream<'a, T> {
    /// `members` is asked once for each writing.
    pub(super) fn new<I: Iterator<Item = T> + 'a>(members: impl Fn() -> I + 'a) -> Self {
        Self(Box::new(move || Box::new(members())))
    }
}

impl<T: Serialize> Serialize for Stream<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

impl<T> fmt::Debug for Stream<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stream")
    }
}

/// A value as JSON on one line, inside a document that is indented. It is made at once, so that what it was made from
/// can go.
pub(super) struct Line(Result<Box<RawValue>, serde_json::Error>);

impl Line {
    pub(super) fn of<T: Serialize>(value: &T) -> Self {
        Self(to_raw_value(value))
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// Writes a value as JSON, indented, with a line break at its end.
///
/// # Errors
/// When `out` refuses.
pub(super) fn indented<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, PrettyFormatter::new());
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_inside_a_document_that_is_indented() {
        let lines = Stream::new(|| [1, 2].into_iter().map(|number| Line::of(&[number, number])));
        let mut out = Vec::new();
        indented(&lines, &mut out).expect("written");
        assert_eq!(String::from_utf8(out).expect("text"), "[\n  [1,1],\n  [2,2]\n]\n");
    }

    #[test]
    fn a_stream_is_an_array() {
        let numbers = [1, 2, 3];
        let stream = Stream::new(|| numbers.iter().map(|number| number * 2));
        assert_eq!(serde_json::to_string(&stream).expect("JSON"), "[2,4,6]");
    }
}

//! JSON that is made while it is written, and how it is laid out.

use std::fmt;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::{Formatter, PrettyFormatter};

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

/// Writes a value as JSON, indented, with a line break at its end.
///
/// # Errors
/// When `out` refuses.
pub(super) fn indented<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, PrettyFormatter::new());
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// Writes a value as JSON, indented down to `depth` levels and with what is deeper on one line, so that each member of
/// a long list is a line; with a line break at the end.
///
/// # Errors
/// When `out` refuses.
pub(super) fn lines<T: Serialize>(value: &T, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Lines { level: 0, depth, empty: true });
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// See [`lines`].
struct Lines {
    level: usize,
    depth: usize,
    /// Whether nothing stands yet in the array or object that was begun last.
    empty: bool,
}

impl Lines {
    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, sign: &[u8]) -> io::Result<()> {
        self.level += 1;
        self.empty = true;
        out.write_all(sign)
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, sign: &[u8]) -> io::Result<()> {
        let broken = self.level <= self.depth && !self.empty;
        self.level -= 1;
        self.empty = false;
        if broken {
            self.line(out)?;
        }
        out.write_all(sign)
    }

    fn member<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        self.empty = false;
        if self.level <= self.depth { self.line(out) } else { Ok(()) }
    }

    fn line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.level).try_for_each(|_| out.write_all(b" "))
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.member(out, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.member(out, first)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_stream_is_an_array() {
        let numbers = [1, 2, 3];
        let stream = Stream::new(|| numbers.iter().map(|number| number * 2));
        assert_eq!(serde_json::to_string(&stream).expect("JSON"), "[2,4,6]");
    }

    #[test]
    fn what_is_deep_stands_on_one_line() {
        let mut out = Vec::new();
        let value = json!({"a": [{"b": [1, 2]}, {"c": {}}], "d": []});
        lines(&value, 2, &mut out).expect("written");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(text, "{\n \"a\":[\n  {\"b\":[1,2]},\n  {\"c\":{}}\n ],\n \"d\":[]\n}\n");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), value);
    }
}

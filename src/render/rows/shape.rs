//! What a row is but for its texts, as bytes: equal ones for rows that its template shows alike.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Writes a row as JSON without the names of its fields: rows of one template have the same.
pub(super) fn write(row: &impl Serialize, out: &mut Vec<u8>) -> serde_json::Result<()> {
    row.serialize(&mut Serializer::with_formatter(out, Nameless::default()))
}

/// Leaves out names of fields.
#[derive(Default)]
struct Nameless {
    in_name: bool,
}

impl Formatter for Nameless {
    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, _first: bool) -> io::Result<()> {
        self.in_name = true;
        out.write_all(b",")
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.in_name = false;
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, _out: &mut W) -> io::Result<()> {
        Ok(())
    }

    fn begin_string<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.in_name { Ok(()) } else { out.write_all(b"\"") }
    }

    fn end_string<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.in_name { Ok(()) } else { out.write_all(b"\"") }
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if self.in_name { Ok(()) } else { out.write_all(fragment.as_bytes()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Row {
        words: &'static str,
        more: Vec<Option<u8>>,
        inner: Option<Inner>,
    }

    #[derive(Serialize)]
    struct Inner {
        yes: bool,
        no: &'static str,
    }

    #[test]
    fn a_shape_is_the_row_without_the_names_of_its_fields() {
        let row = Row { words: "a\"b", more: vec![Some(1), None], inner: Some(Inner { yes: true, no: "" }) };
        let mut shape = Vec::new();
        write(&row, &mut shape).expect("memory takes everything");
        assert_eq!(String::from_utf8_lossy(&shape), r#"{,"a\"b",[1,null],{,true,""}}"#);
    }
}

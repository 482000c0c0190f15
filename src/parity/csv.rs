//! `findings.csv`, as RFC 4180 has it.

use std::fs::File;
use std::io::{BufRead, BufReader};

use super::Unread;
use super::claims::{Claims, Said};

pub(super) fn read(file: File, claims: &mut Claims<'_>) -> Result<(), Unread> {
    let mut rows = Rows { input: BufReader::with_capacity(1 << 16, file), line: 0 };
    let header = rows.next()?.unwrap_or_default();
    let place = |name: &str| header.iter().position(|column| column == name);
    let places =
        ["id", "verdict", "rule", "level", "reason", "resource", "message", "evidence", "waiver_valid"].map(place);
    if places[0].is_none() {
        return Err(Unread::Form("its first row names no column `id`".to_owned()));
    }
    while let Some(row) = rows.next()? {
        if row.len() != header.len() {
            return Err(Unread::Form(format!("the row before line {} has {} cells", rows.line + 1, row.len())));
        }
        let cell = |at: usize| places[at].map(|place| unguarded(&row[place]));
        claims.finding(&Said {
            id: cell(0).unwrap_or_default(),
            verdict: cell(1),
            rule: cell(2),
            level: cell(3),
            reason: cell(4),
            resource: cell(5),
            message: cell(6),
            evidence: cell(7).map(|calls| calls.split_whitespace().collect()),
            waived: cell(8).map(|valid| valid == "true"),
            ..Said::default()
        });
    }
    claims.nothing_left_out(|_| true);
    Ok(())
}

/// A cell without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn unguarded(cell: &str) -> &str {
    let is_sign = |c: char| c.is_control() || "=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(c);
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(is_sign)).unwrap_or(cell)
}

/// The rows of a file, one at a time.
struct Rows<R> {
    input: R,
    line: u64,
}

impl<R: BufRead> Rows<R> {
    fn next(&mut self) -> Result<Option<Vec<String>>, Unread> {
        let mut text = String::new();
        loop {
            self.line += 1;
            if self.input.read_line(&mut text)? == 0 {
                break;
            }
            // A line break inside of quotes belongs to the cell.
            if text.matches('"').count().is_multiple_of(2) {
                break;
            }
        }
        if text.is_empty() { Ok(None) } else { self.cells(&text).map(Some) }
    }

    fn cells(&self, row: &str) -> Result<Vec<String>, Unread> {
        let wrong = |what: &str| Unread::Form(format!("line {}: {what}", self.line));
        let mut rest = row.strip_suffix("\r\n").ok_or_else(|| wrong("does not end with CRLF"))?;
        let mut cells = Vec::new();
        loop {
            let (cell, after) = if let Some(quoted) = rest.strip_prefix('"') {
                unquoted(quoted).ok_or_else(|| wrong("a quote is not closed"))?
            } else {
                let end = rest.find(',').unwrap_or(rest.len());
                if rest[..end].contains(['"', '\r', '\n']) {
                    return Err(wrong("a cell that needs quotes has none"));
                }
                (rest[..end].to_owned(), &rest[end..])
            };
            cells.push(cell);
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None if after.is_empty() => return Ok(cells),
                None => return Err(wrong("something follows a quoted cell")),
            }
        }
    }
}

/// What stands in quotes, and what follows them.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('"')?;
        cell.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Some((cell, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(csv: &str) -> Result<Vec<Vec<String>>, Unread> {
        let mut rows = Rows { input: std::io::Cursor::new(csv), line: 0 };
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(row);
        }
        Ok(all)
    }

    #[test]
    fn cells_are_read_as_the_rfc_says_and_nothing_else_is() {
        let read = rows("a,b\r\n\"x,\"\"y\"\"\nz\",\r\n").expect("rows");
        assert_eq!(read, [vec!["a".to_owned(), "b".to_owned()], vec!["x,\"y\"\nz".to_owned(), String::new()]]);
        for wrong in ["a,b\n", "a\"b\r\n", "\"a\"b\r\n", "\"a\r\n"] {
            assert!(rows(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(unguarded("'=1"), "=1");
        assert_eq!(unguarded("'a"), "'a");
    }
}

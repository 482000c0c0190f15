//! The pages that people read: the findings with their verdicts, and the counts on the cover, in Markdown. The HTML
//! pages are made from the same text.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

use super::claims::{Claims, Said};

/// What stands in the pages, where there are any.
pub(super) fn read(
    files: &BTreeSet<&str>,
    open: impl Fn(&str) -> io::Result<File>,
    claims: &mut Claims<'_>,
) -> io::Result<()> {
    let is_page =
        |path: &&&str| path.starts_with("findings") && Path::new(path).extension().is_some_and(|it| it == "md");
    let pages = files.iter().filter(is_page);
    let mut any = false;
    for path in pages {
        any = true;
        let mut page = BufReader::new(open(path)?);
        let mut line = String::new();
        while page.read_line(&mut line)? > 0 {
            row(&line, claims);
            line.clear();
        }
    }
    if any {
        claims.nothing_left_out(|_| true);
    }
    Ok(())
}

/// A row of the table begins with the finding's anchor, and its verdict in bold behind a shape.
fn row(line: &str, claims: &mut Claims<'_>) {
    let Some(row) = line.strip_prefix("| <a id=\"f-") else { return };
    let Some((digits, rest)) = row.split_once("\"></a>**") else { return };
    let Some((label, _)) = rest.split_once("**") else { return };
    let verdict = label.split_once(' ').map_or(label, |(_, words)| words).replace(' ', "_");
    claims.finding(&Said { id: &format!("f-{digits}"), verdict: Some(&verdict), ..Said::default() });
}

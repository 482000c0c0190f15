//! `findings.csv`: the findings for a spreadsheet. RFC 4180: comma, CRLF, a header row, quotes where needed.
//!
//! A spreadsheet takes some cells for formulas. A cell that begins like one gets an apostrophe before it; whoever reads
//! the file by program finds the untouched values in `results.json`.

use std::io::{self, Write};

use super::{Facts, File, Format, always};
use crate::render::words;
use crate::rules::Finding;

/// The header row.
const COLUMNS: [&str; 20] = [
    "id",
    "rule",
    "level",
    "verdict",
    "reason",
    "account",
    "region",
    "resource",
    "resource_name",
    "message",
    "evidence",
    "attested_by",
    "attested_on",
    "attestation",
    "waiver_valid",
    "waiver_owner",
    "waiver_approver",
    "waiver_ticket",
    "waiver_expires",
    "judged_at",
];

/// Named by `--format csv`.
pub(super) const FORMAT: Format = Format {
    name: "csv",
    title: "the findings for a spreadsheet (RFC 4180)",
    files: &[File { path: "findings.csv", has: always, write }],
};

fn write(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let judged = crate::snapshot::time::format(facts.pack.collected.last);
    out.write_all(row(&COLUMNS.map(str::to_owned)).as_bytes())?;
    for finding in &facts.pack.findings {
        out.write_all(row(&cells(&finding, &judged)).as_bytes())?;
    }
    Ok(())
}

fn cells(finding: &Finding, judged: &str) -> [String; COLUMNS.len()] {
    let attestation = finding.attestation.as_ref();
    let waiver = finding.waiver.as_ref();
    let evidence: Vec<String> = finding.evidence.iter().map(ToString::to_string).collect();
    [
        finding.id(),
        finding.rule.to_owned(),
        finding.level.as_str().to_owned(),
        finding.verdict.as_str().to_owned(),
        finding.verdict.reason().map(|reason| reason.to_string()).unwrap_or_default(),
        finding.account.clone(),
        finding.region.clone().unwrap_or_default(),
        finding.resource.clone(),
        finding.resource_name.clone().unwrap_or_default(),
        finding.message.clone(),
        evidence.join(" "),
        attestation.and_then(|a| a.by.clone()).unwrap_or_default(),
        attestation.and_then(|a| a.on).map(words::day).unwrap_or_default(),
        attestation.map(|a| a.statement.clone()).unwrap_or_default(),
        waiver.map(|w| w.valid.to_string()).unwrap_or_default(),
        waiver.map(|w| w.owner.clone()).unwrap_or_default(),
        waiver.map(|w| w.approver.clone()).unwrap_or_default(),
        waiver.map(|w| w.ticket.clone()).unwrap_or_default(),
        waiver.map(|w| words::day(w.expires)).unwrap_or_default(),
        judged.to_owned(),
    ]
}

fn row(cells: &[String]) -> String {
    let mut csv = String::new();
    for (at, value) in cells.iter().enumerate() {
        if at > 0 {
            csv.push(',');
        }
        cell(value, &mut csv);
    }
    csv.push_str("\r\n");
    csv
}

/// What a formula may begin with: the signs that OWASP names for CSV injection, those of full width among them.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// One cell.
fn cell(value: &str, csv: &mut String) {
    let guard = if value.starts_with(FORMULA) { "'" } else { "" };
    if value.contains([',', '"', '\r', '\n']) {
        csv.push('"');
        csv.push_str(guard);
        csv.push_str(&value.replace('"', "\"\""));
        csv.push('"');
    } else {
        csv.push_str(guard);
        csv.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    fn written(value: &str) -> String {
        let mut csv = String::new();
        cell(value, &mut csv);
        csv
    }

    #[test]
    fn cells_that_begin_like_formulas_are_text() {
        for value in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\u{ff1d}1"] {
            assert!(written(value).trim_start_matches('"').starts_with('\''), "{value:?}");
        }
        assert_eq!(written("=cmd|' /C calc'!A0,\"x\""), "\"'=cmd|' /C calc'!A0,\"\"x\"\"\"");
        assert_eq!(written("a=1"), "a=1");
    }

    #[test]
    fn there_is_a_header_row_and_a_row_for_each_finding() {
        let pack = sample::pack();
        let mut out = Vec::new();
        write(&Facts { pack: &pack }, &mut out).expect("written");
        let csv = String::from_utf8(out).expect("text");
        assert!(csv.starts_with("id,rule,level,verdict,reason,"));
        assert_eq!(csv.split_terminator("\r\n").count(), pack.findings.len() + 1);
        assert!(!csv.replace("\r\n", "").contains('\n'));
        assert!(csv.contains(",push-sandbox-disabled,recommended,fail,,111122223333,us-east-1,"));
        assert!(csv.contains(",true,mobile team,security officer,SEC-2041,2027-01-31,2026-09-30T16:00:00.000Z\r\n"));
    }
}

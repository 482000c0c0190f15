//! `junit/results.xml`: one test case for each finding, one suite for each rule, for pipelines.
//!
//! | In the pack | in the test case | why |
//! |---|---|---|
//! | `pass` | nothing | |
//! | `fail` | `failure`, waived or not | a waiver never changes a verdict |
//! | `not_evaluated` | `error` | the test could not be made; what could not be read is never a pass |
//! | `not_applicable` | `skipped` | |
//! | `attested` | `skipped`, with the statement | this program did not test it |

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::text::seconds;
use super::{Facts, File, Format, always};
use crate::pack::{Pack, Summary};
use crate::rules::{Finding, Verdict};

/// Named by `--format junit`.
pub(super) const FORMAT: Format = Format {
    name: "junit",
    title: "test cases for pipelines (JUnit XML)",
    files: &[File { path: "junit/results.xml", has: always, write }],
};

fn write(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let pack = facts.pack;
    let counts = counts(pack);
    let Summary { fail, not_evaluated, .. } = pack.summary;
    let all: u64 = counts.values().map(Summary::total).sum();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"{}\" tests=\"{all}\" failures=\"{fail}\" errors=\"{not_evaluated}\">",
        escaped(&format!("{} {}", pack.tool.name, pack.period.name))
    )?;
    let mut open = None;
    for finding in &pack.findings {
        if open != Some(finding.rule) {
            close(open, out)?;
            begin(pack, &finding, counts.get(finding.rule).copied().unwrap_or_default(), out)?;
            open = Some(finding.rule);
        }
        out.write_all(case(&finding).as_bytes())?;
    }
    close(open, out)?;
    writeln!(out, "</testsuites>")
}

/// What each suite counts.
fn counts(pack: &Pack) -> BTreeMap<&'static str, Summary> {
    let mut counts: BTreeMap<&str, Summary> = BTreeMap::new();
    for run in pack.findings.runs() {
        *counts.entry(run.rule).or_default() += run.summary;
    }
    counts
}

fn begin(pack: &Pack, finding: &Finding, suite: Summary, out: &mut dyn Write) -> io::Result<()> {
    let at = seconds(pack.collected.last);
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" timestamp=\"{}\">",
        escaped(finding.rule),
        suite.total(),
        suite.fail,
        suite.not_evaluated,
        suite.not_applicable + suite.attested,
        // The format knows no time zone.
        at.trim_end_matches('Z')
    )?;
    writeln!(out, "    <properties><property name=\"level\" value=\"{}\"/></properties>", finding.level.as_str())
}

fn close(open: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    if open.is_some() { writeln!(out, "  </testsuite>") } else { Ok(()) }
}

fn case(finding: &Finding) -> String {
    let message = escaped(&finding.message);
    let mut case = String::new();
    let _ = writeln!(
        case,
        "    <testcase classname=\"{}\" name=\"{}\">",
        escaped(finding.rule),
        escaped(&finding.resource)
    );
    let _ = match finding.verdict {
        Verdict::Pass => Ok(()),
        Verdict::Fail => writeln!(case, "      <failure type=\"{}\" message=\"{message}\"/>", finding.level.as_str()),
        Verdict::NotEvaluated(reason) => writeln!(case, "      <error type=\"{reason}\" message=\"{message}\"/>"),
        Verdict::NotApplicable | Verdict::Attested => {
            writeln!(case, "      <skipped type=\"{}\" message=\"{message}\"/>", finding.verdict.as_str())
        }
    };
    let _ = writeln!(case, "      <system-out>{}</system-out>\n    </testcase>", escaped(&told(finding)));
    case
}

/// What the format has no place for, one `name: value` a line.
fn told(finding: &Finding) -> String {
    let evidence: Vec<String> = finding.evidence.iter().map(ToString::to_string).collect();
    let mut told = format!(
        "finding: {}\nverdict: {}\nlevel: {}\nevidence: {}",
        finding.id(),
        finding.verdict.as_str(),
        finding.level.as_str(),
        evidence.join(" ")
    );
    let mut add = |name: &str, value: &str| {
        let _ = write!(told, "\n{name}: {}", super::text::line(value));
    };
    if let Some(name) = &finding.resource_name {
        add("name", name);
    }
    if finding.verdict == Verdict::Pass {
        add("seen", &finding.message);
    }
    if let Some(said) = &finding.attestation {
        add("attested", &said.statement);
    }
    if let Some(waiver) = &finding.waiver {
        let valid = if waiver.valid { "valid" } else { "not valid" };
        add("waiver", &format!("{valid}, {}, until {}", waiver.ticket, waiver.expires));
    }
    told
}

/// As text or as the value of an attribute. What XML 1.0 cannot hold at all becomes U+FFFD.
fn escaped(text: &str) -> String {
    let acts = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let mut xml = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(acts) {
        xml.push_str(&rest[..at]);
        let mut after = rest[at..].chars();
        match after.next().unwrap_or_default() {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            // As references, so that no reader makes a space of them in an attribute.
            space @ ('\n' | '\r' | '\t') => {
                let _ = write!(xml, "&#{};", u32::from(space));
            }
            _ => xml.push('\u{fffd}'),
        }
        rest = after.as_str();
    }
    xml.push_str(rest);
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_inert_and_holds_nothing_that_xml_cannot_hold() {
        assert_eq!(escaped("<a b=\"c\">&\n\u{1}"), "&lt;a b=&quot;c&quot;&gt;&amp;&#10;\u{fffd}");
    }
}

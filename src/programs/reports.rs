//! Recognises which program an AWS Artifact report belongs to. What no pattern matches stays unmatched.

use regex::Regex;
use serde::{Deserialize, Deserializer, de};

use super::Program;
use super::coverage::Span;
use crate::estate::Report;

/// How the reports of a program are recognised.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportPatterns {
    /// Matches what AWS calls a report of the program.
    #[serde(deserialize_with = "pattern")]
    pub pattern: Regex,
    /// Kinds of report that stand for themselves: a SOC 1 report does not fill the gap of a SOC 2 report.
    #[serde(default, rename = "kind")]
    pub kinds: Vec<Kind>,
}

/// One kind of report of a program.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// For a sentence.
    pub name: String,
    /// Matches what AWS calls it.
    #[serde(deserialize_with = "pattern")]
    pub pattern: Regex,
}

impl ReportPatterns {
    /// Which of the kinds a report is; a report that names none of them stands for the program as a whole.
    #[must_use]
    pub fn kind_of(&self, report: &Report) -> Option<&str> {
        let text = title(report);
        self.kinds.iter().find(|kind| kind.pattern.is_match(&text)).map(|kind| kind.name.as_str())
    }
}

/// The programs that a report belongs to.
///
/// Name and series decide. Category and description are asked only when those say nothing, and believed only when
/// they point to a single program: descriptions like to mention other programs.
///
/// `name_of` gives the pattern that the configuration sets for a program instead of the built-in one.
#[must_use]
pub fn matching_programs<'p>(
    report: &Report,
    programs: &'p [Program],
    name_of: impl Fn(&str) -> Option<Regex>,
) -> Vec<&'p Program> {
    let by = |text: &str| -> Vec<&'p Program> {
        let matches = |program: &&Program| match (name_of(&program.id), &program.report) {
            (Some(name), _) => report.name.as_deref().is_some_and(|text| name.is_match(text)),
            (None, Some(report)) => report.pattern.is_match(text),
            (None, None) => false,
        };
        programs.iter().filter(matches).collect()
    };
    let named = by(&title(report));
    if !named.is_empty() {
        return named;
    }
    let described =
        by(&[report.category.as_deref(), report.description.as_deref()].map(Option::unwrap_or_default).join("\n"));
    if described.len() == 1 { described } else { Vec::new() }
}

/// Whether it is a letter by which AWS says that nothing changed since the last report.
#[must_use]
pub fn is_bridge_letter(report: &Report) -> bool {
    let text = title(report).to_ascii_lowercase();
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.contains(&"bridge") || words.windows(2).any(|pair| pair == ["continued", "operations"])
}

/// Whether AWS has published it, as a whole.
#[must_use]
pub fn is_usable(report: &Report) -> bool {
    let is =
        |word: &Option<String>, wanted: &str| word.as_deref().is_some_and(|word| word.eq_ignore_ascii_case(wanted));
    is(&report.state, "PUBLISHED") && is(&report.upload_state, "COMPLETE")
}

/// The days that it covers; `None` when it does not say.
#[must_use]
pub fn days_covered(report: &Report) -> Option<Span> {
    Span::new(report.period_start?, report.period_end?)
}

fn title(report: &Report) -> String {
    [report.series.as_deref(), report.name.as_deref()].map(Option::unwrap_or_default).join("\n")
}

fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Regex, D::Error> {
    let text = String::deserialize(deserializer)?;
    Regex::new(&text).map_err(de::Error::custom)
}

pub(super) fn optional_pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Regex>, D::Error> {
    pattern(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::all;

    fn report(series: &str, name: &str, description: &str) -> Report {
        serde_json::from_value(serde_json::json!({
            "id": "report-0123456789abcdef", "series": series, "name": name, "description": description,
        }))
        .expect("a report")
    }

    fn programs_of(report: &Report) -> Vec<&str> {
        matching_programs(report, all(), |_| None).into_iter().map(|program| program.id.as_str()).collect()
    }

    #[test]
    fn names_and_series_decide() {
        let table = [
            ("SOC", "SOC 2 Type II Report", vec!["soc"]),
            ("", "SOC_1 Report - Current", vec!["soc"]),
            ("SOC", "SOC Continued Operations Letter", vec!["soc"]),
            ("FedRAMP", "FedRAMP Class C Customer Package", vec!["fedramp"]),
            ("ISO", "ISO 27001-2022 Certificate", vec!["iso27001"]),
            ("ISO", "ISO27017-2015", vec!["iso27017"]),
            ("ISO", "ISO 9001 and ISO 27001", vec!["iso27001", "iso9001"]),
            ("PCI", "PCI DSS Attestation of Compliance", vec![]),
            ("", "Association Report 127001", vec![]),
        ];
        for (series, name, expected) in table {
            assert_eq!(programs_of(&report(series, name, "")), expected, "{series} {name}");
        }
    }

    #[test]
    fn a_description_counts_only_when_it_points_to_one_program() {
        assert_eq!(programs_of(&report("", "Certificate", "ISO 27018 certificate")), ["iso27018"]);
        assert_eq!(programs_of(&report("", "Certificate", "ISO 27018 and SOC 2")), Vec::<&str>::new());
        assert_eq!(programs_of(&report("PCI", "SOC 2 Report", "not ISO 9001")), ["soc"]);
    }

    #[test]
    fn bridge_letters_are_known_by_their_name() {
        assert!(is_bridge_letter(&report("SOC", "SOC Continued Operations Letter", "")));
        assert!(is_bridge_letter(&report("", "SOC 2 bridge-letter", "")));
        assert!(!is_bridge_letter(&report("SOC", "SOC 2 Report", "see the bridge letter")));
    }

    #[test]
    fn a_soc_report_knows_its_kind() {
        let soc = all()[0].report.as_ref().expect("patterns");
        assert_eq!(soc.kind_of(&report("SOC", "SOC 1 Report", "")), Some("SOC 1"));
        assert_eq!(soc.kind_of(&report("SOC", "SOC Continued Operations Letter", "")), None);
        assert_eq!(soc.kind_of(&report("SOC", "SOC 12", "")), None);
    }
}

//! The audit programs that AWS's compliance page for Amazon Pinpoint names, as data: one TOML file each.
//!
//! This module knows editions and how AWS Artifact calls a program's reports. It never judges.

pub mod coverage;
mod reports;

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

pub use reports::{ReportPatterns, is_bridge_letter, matching_programs};

/// An audit program.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// For instance `iso27001`.
    pub id: String,
    /// For a heading.
    pub title: String,
    /// The editions that matter.
    pub editions: Editions,
    /// How its reports are recognised; `None` where no report exists.
    pub report: Option<ReportPatterns>,
}

/// The edition that AWS's page names, the one on a report, and the one in force: three facts that often differ.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Editions {
    /// As AWS's compliance page for Amazon Pinpoint names it.
    pub named_by_aws: Option<String>,
    /// As its publisher has it in force.
    pub in_force: Option<String>,
    /// Finds the edition in the name of a report; its first group is the year.
    #[serde(default, deserialize_with = "reports::optional_pattern")]
    pub on_report: Option<Regex>,
}

/// The files, in the order in which documents list the programs.
const FILES: [(&str, &str); 7] = [
    ("soc", include_str!("data/soc.toml")),
    ("fedramp", include_str!("data/fedramp.toml")),
    ("hipaa", include_str!("data/hipaa.toml")),
    ("iso27001", include_str!("data/iso27001.toml")),
    ("iso27017", include_str!("data/iso27017.toml")),
    ("iso27018", include_str!("data/iso27018.toml")),
    ("iso9001", include_str!("data/iso9001.toml")),
];

/// The ids of the programs.
pub const IDS: [&str; 7] = ["soc", "fedramp", "hipaa", "iso27001", "iso27017", "iso27018", "iso9001"];

static PROGRAMS: LazyLock<Vec<Program>> = LazyLock::new(|| {
    // A file that does not parse is found by the tests below, before anybody can run the program.
    FILES.iter().filter_map(|(_, text)| toml::from_str(text).ok()).collect()
});

/// Every program.
#[must_use]
pub fn all() -> &'static [Program] {
    &PROGRAMS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_program_with_the_id_of_its_name() {
        for ((name, text), id) in FILES.iter().zip(IDS) {
            let program: Program = toml::from_str(text).expect(name);
            assert_eq!((program.id.as_str(), *name), (id, id));
        }
        assert_eq!(all().len(), FILES.len());
    }

    #[test]
    fn every_file_on_disk_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/programs/data");
        assert_eq!(std::fs::read_dir(folder).expect("the folder").count(), FILES.len());
    }
}

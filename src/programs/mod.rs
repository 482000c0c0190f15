//! The audit programs that AWS's compliance page for Amazon Pinpoint names, as data: one TOML file each.
//!
//! This module knows editions, controls, and how AWS Artifact calls a program's reports. It never judges: a control
//! names the rules and statements that bear on it, and what they amount to is for [`crate::pack`] to say.

pub mod attestations;
mod control;
pub mod coverage;
mod reports;
pub mod security_rule;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

pub use control::{Baseline, Control, Group, Kind, ReportSource, Responsibility};
pub use reports::{ReportPatterns, days_covered, is_bridge_letter, is_usable, matching_programs};

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
    /// Its controls.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
}

impl Program {
    /// Every control, in order.
    pub fn controls(&self) -> impl Iterator<Item = &Control> {
        self.groups.iter().flat_map(|group| &group.controls)
    }

    /// Whose reports stand for AWS's part of the controls of a group: a program, and one kind of its reports.
    #[must_use]
    pub fn source_of<'a>(&'a self, group: &'a Group) -> (&'a str, Option<&'a str>) {
        group.reports.as_ref().map_or((&self.id, None), |source| (&source.program, source.kind.as_deref()))
    }
}

/// The edition that AWS's page names, the one on a report, and the one in force: three facts that often differ.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Editions {
    /// As AWS's compliance page for Amazon Pinpoint names it.
    pub named_by_aws: Option<String>,
    /// As its publisher has it in force.
    pub in_force: Option<String>,
    /// The month of the newest text that says so.
    pub checked: String,
    /// Finds the edition in the name of a report; its first group is the year.
    #[serde(default, deserialize_with = "reports::optional_pattern")]
    pub on_report: Option<Regex>,
    /// What a reader must know about the editions, one dated sentence each.
    pub dates: Vec<String>,
    /// The edition that the controls' other numbers are from.
    pub other_numbers: Option<String>,
}

/// A program's file.
struct File {
    id: &'static str,
    text: &'static str,
    page: ProgramPage,
}

/// Where a pack's page about a program stands, and what short texts call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramPage {
    /// Its file below the pack, without ending.
    pub document: &'static str,
    /// For instance `ISO/IEC 27001`.
    pub name: &'static str,
}

macro_rules! file {
    ($id:literal, $name:literal) => {
        File {
            id: $id,
            text: include_str!(concat!("data/", $id, ".toml")),
            page: ProgramPage { document: concat!("programs/", $id), name: $name },
        }
    };
}

/// The files, in the order in which documents list the programs.
const FILES: [File; 7] = [
    file!("soc", "SOC"),
    file!("fedramp", "FedRAMP"),
    file!("hipaa", "HIPAA"),
    file!("iso27001", "ISO/IEC 27001"),
    file!("iso27017", "ISO/IEC 27017"),
    file!("iso27018", "ISO/IEC 27018"),
    file!("iso9001", "ISO 9001"),
];

/// The ids of the programs.
pub const IDS: [&str; 7] = ["soc", "fedramp", "hipaa", "iso27001", "iso27017", "iso27018", "iso9001"];

static PROGRAMS: LazyLock<Vec<Program>> = LazyLock::new(|| {
    // A file that does not parse is found by the tests below, before anybody can run the program.
    FILES.iter().filter_map(|file| toml::from_str(file.text).ok()).collect()
});

/// Every program.
#[must_use]
pub fn all() -> &'static [Program] {
    &PROGRAMS
}

/// The page of a program in a pack.
#[must_use]
pub fn page(id: &str) -> Option<ProgramPage> {
    FILES.iter().find(|file| file.id == id).map(|file| file.page)
}

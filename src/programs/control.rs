//! The controls of a program: identifiers, who answers for what, and what bears on each.
//!
//! Titles are our own words: the texts of ISO and AICPA are theirs and stand nowhere here.

use serde::Deserialize;

/// Controls that one edition or part of a program lists together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// For a heading.
    pub title: String,
    /// The edition that the identifiers are from.
    pub edition: String,
    /// Whose reports stand for AWS's part; the program's own, of any kind, when `None`.
    pub reports: Option<ReportSource>,
    /// The controls, in the order of the edition.
    #[serde(rename = "control")]
    pub controls: Vec<Control>,
}

/// The reports that stand for AWS's part of some controls.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportSource {
    /// The program that the reports belong to.
    pub program: String,
    /// The name of one kind of its reports; any when `None`.
    pub kind: Option<String>,
}

/// One identifier of a program.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// As the program writes it, for instance `164.312(e)(1)`.
    pub id: String,
    /// The same as a token that OSCAL accepts, for instance `hipaa-164.312.e.1`.
    pub token: String,
    /// A few words of our own.
    pub title: String,
    /// What the program says of its weight, for instance `Addressable`.
    pub level: Option<String>,
    /// The baselines that hold it; only for NIST SP 800-53.
    #[serde(default)]
    pub baselines: Vec<Baseline>,
    /// Its number in the edition that [`super::Editions::other_numbers`] names.
    pub other_number: Option<String>,
    /// Controls of NIST SP 800-53 that the publisher's own crosswalk names (for HIPAA, SP 800-66 Rev 2).
    #[serde(default)]
    pub nist_refs: Vec<String>,
    /// Who answers for it.
    pub responsibility: Responsibility,
    /// What AWS does.
    pub aws_part: Option<String>,
    /// What the customer does.
    pub customer_part: Option<String>,
    /// What stands behind it here.
    pub kind: Kind,
    /// The rules whose facts bear on it.
    #[serde(default)]
    pub rules: Vec<String>,
    /// What only a person can say of it: ids of [`super::attestations`].
    #[serde(default)]
    pub attestations: Vec<String>,
    /// Whether AWS's audit report stands for AWS's part.
    #[serde(default)]
    pub reports: bool,
    /// Whether the identifier was checked against its publisher or a copy of it.
    #[serde(default = "yes")]
    pub verified: bool,
    /// What a reader should know about it.
    pub note: Option<String>,
}

const fn yes() -> bool {
    true
}

/// What stands behind a control in a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Rules.
    Auto,
    /// Rules and a person's statement.
    Mixed,
    /// A person's statement.
    Attest,
    /// A pointer to AWS's report.
    Pointer,
}

/// Who answers for a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Responsibility {
    /// AWS alone.
    Aws,
    /// The customer alone, whatever AWS offers for it.
    Customer,
    /// Each for a part.
    Shared,
}

impl Responsibility {
    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Customer => "customer",
            Self::Shared => "shared",
        }
    }
}

/// A baseline of NIST SP 800-53 controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// NIST SP 800-53B, low impact.
    NistLow,
    /// NIST SP 800-53B, moderate impact.
    NistModerate,
    /// NIST SP 800-53B, high impact.
    NistHigh,
    /// FedRAMP Rev5, low impact.
    Rev5Low,
    /// FedRAMP Rev5, moderate impact.
    Rev5Moderate,
    /// FedRAMP Rev5, high impact.
    Rev5High,
    /// FedRAMP Consolidated Rules for 2026, Certification Class B.
    ClassB,
    /// FedRAMP Consolidated Rules for 2026, Certification Class C.
    ClassC,
    /// FedRAMP Consolidated Rules for 2026, Certification Class D.
    ClassD,
}

impl Baseline {
    /// Which of the three lists it belongs to, and its letter there.
    #[must_use]
    pub const fn short(self) -> (&'static str, &'static str) {
        match self {
            Self::NistLow => ("NIST", "L"),
            Self::NistModerate => ("NIST", "M"),
            Self::NistHigh => ("NIST", "H"),
            Self::Rev5Low => ("Rev5", "L"),
            Self::Rev5Moderate => ("Rev5", "M"),
            Self::Rev5High => ("Rev5", "H"),
            Self::ClassB => ("Class", "B"),
            Self::ClassC => ("Class", "C"),
            Self::ClassD => ("Class", "D"),
        }
    }
}

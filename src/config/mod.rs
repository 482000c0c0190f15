//! The configuration, `evidence.toml`: what only a person can say, and what to look at.
//!
//! Every problem of a file is found in one pass and named by line and key; nothing is guessed and no key is ignored.
//! It never reads the file, the clock or the environment, and it never judges: whether a waiver has expired is asked
//! with a date, and which application a declaration means is for the rules to find.
//!
//! One file per table of the configuration (type, reading, tests), over three that know TOML and no table:
//! `table` (keys), `value` (values) and `error` (problems).

mod agreements;
mod artifact;
mod attestation;
mod aws;
mod error;
mod organization;
mod phi;
mod table;
mod value;
mod waiver;

#[cfg(test)]
mod tests;

pub use agreements::{Agreements, OfflineBaa};
pub use artifact::{PROGRAMS, ReportPattern};
pub use attestation::Attestation;
pub use aws::{Accounts, Aws, Regions, Unscanned};
pub use error::{ConfigError, Problem, ProblemKind};
pub use organization::{Organization, Role};
pub use phi::{Excluded, Phi, Processor, ShortCode, Undeclared, same_number};
pub use waiver::{LONGEST_WAIVER_DAYS, Waiver};

use error::Problems;
use table::Table;

/// A configuration that uses every key, with a comment for each.
pub const EXAMPLE: &str = include_str!("example.toml");

/// The JSON Schema (draft 2020-12) of the configuration; TOML dates are JSON strings such as `2026-01-31`.
///
/// It describes each value by itself. What holds between two values, such as a waiver's owner and approver, only
/// [`Config::parse`] checks.
pub const SCHEMA: &str = include_str!("schema.json");

/// What `evidence.toml` says. The default is what holds when there is none.
///
/// Free text is kept without surrounding blanks; a tag is kept exactly.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `[organization]`: the customer.
    pub organization: Option<Organization>,
    /// `[phi]`: where PHI is, and what may carry or receive it.
    pub phi: Phi,
    /// `[[attestation]]`: what a person states where no API can answer, in the order of the file.
    pub attestations: Vec<Attestation>,
    /// `[[waiver]]`: accepted exceptions, in the order of the file; at most one for a rule on a resource.
    pub waivers: Vec<Waiver>,
    /// `[[artifact.report]]`: how AWS names its reports, where the built-in patterns do not fit.
    pub artifact_reports: Vec<ReportPattern>,
    /// `[agreements]`: agreements that AWS Artifact does not list.
    pub agreements: Agreements,
    /// `[aws]`: where to look.
    pub aws: Aws,
}

impl Config {
    /// Reads a configuration. `file` is what the problems call it.
    ///
    /// # Errors
    /// Every problem of the file: each unknown key, missing key, wrong type and value that cannot be. A text that is
    /// no TOML is reported by its syntax alone.
    pub fn parse(text: &str, file: &str) -> Result<Self, ConfigError> {
        let mut problems = Problems::new(text, file);
        let config = table::read(text, &mut problems, Self::read);
        problems.into_result(config)
    }

    /// The newest statement of that id.
    #[must_use]
    pub fn newest_attestation(&self, id: &str) -> Option<&Attestation> {
        self.attestations.iter().filter(|attestation| attestation.id == id).max_by_key(|attestation| attestation.on)
    }

    fn read(table: &mut Table<'_, '_>) -> Self {
        Self {
            organization: table.table("organization", Organization::read).flatten(),
            phi: table.table("phi", Phi::read).unwrap_or_default(),
            attestations: table.tables("attestation", Attestation::read),
            waivers: waiver::read_all(table),
            artifact_reports: table.table("artifact", artifact::read_all).unwrap_or_default(),
            agreements: table.table("agreements", Agreements::read).unwrap_or_default(),
            aws: table.table("aws", Aws::read).unwrap_or_default(),
        }
    }
}

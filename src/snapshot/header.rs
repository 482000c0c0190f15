//! `snapshot.json`: what a collection was, and the hashes of its files.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::outcome::Outcome;

/// The value of [`Header::schema`].
pub const SCHEMA: &str = "pinpoint-evidence/snapshot/v1";

/// The header of a snapshot. The order of the fields is the order in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`SCHEMA`].
    pub schema: String,
    /// Which program collected.
    pub tool: Tool,
    /// When the first call began.
    #[serde(with = "super::time")]
    pub started: DateTime<Utc>,
    /// When the last call ended. Every verdict is given for this time.
    #[serde(with = "super::time")]
    pub finished: DateTime<Utc>,
    /// Whose credentials were used.
    pub caller: Caller,
    /// What AWS Organizations says of the organization, if it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<Value>,
    /// The accounts that were looked at, in order.
    pub accounts: Vec<String>,
    /// The regions that were looked at, in order.
    pub regions: Vec<String>,
    /// The regions where a messaging service is offered and nobody looked, in order.
    pub regions_not_scanned: Vec<String>,
    /// How many calls the files hold.
    pub calls: u64,
    /// How they ended.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// The files by their path below the snapshot, with `/`.
    pub files: BTreeMap<String, FileEntry>,
}

/// A program and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// `pinpoint-evidence`.
    pub name: String,
    /// For instance `0.1.0`.
    pub version: String,
}

impl Tool {
    /// This program.
    #[must_use]
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// Whose credentials were used, as AWS STS names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// Twelve digits.
    pub account: String,
    /// The user or the role session.
    pub arn: String,
}

/// One file of calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// SHA-256 of the file, in lower-case hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Its lines.
    pub calls: u64,
}

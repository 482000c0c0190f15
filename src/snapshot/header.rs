//! `snapshot.json`: what a collection was, and the hashes of its files.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::{Call, CallId};
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
    /// Which part of a collection this is, where several processes shared the work. The accounts and regions are those
    /// of the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// Of which parts this was put together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shards: Option<Shards>,
    /// The accounts that were looked at, in order.
    pub accounts: Vec<String>,
    /// The accounts among them that could not be entered, in order: nothing was read there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts_unread: Vec<UnreadAccount>,
    /// The accounts of the organization that were not looked at because AWS Organizations does not call them active,
    /// in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts_skipped: Vec<SkippedAccount>,
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

/// One of several equal parts of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Which: 0 for the first.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

/// The parts that a snapshot was put together from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shards {
    /// How many the collection was divided into.
    pub of: u32,
    /// Those that were not there, in order: nothing is known of what they were to look at.
    pub missing: Vec<u32>,
}

/// An account whose role could not be assumed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnreadAccount {
    /// Twelve digits.
    pub account: String,
    /// How the call ended that would have opened the account.
    pub outcome: Outcome,
    /// That call.
    pub call: CallId,
}

impl UnreadAccount {
    /// What a call says of its account: something only where it is one that should have assumed a role and did not.
    #[must_use]
    pub fn of(call: &Call) -> Option<Self> {
        let assumes = (call.service.as_str(), call.operation.as_str()) == ("sts", "AssumeRole");
        let unread = || Self { account: call.account.clone(), outcome: call.outcome, call: call.id.clone() };
        (assumes && !call.outcome.is_read()).then(unread)
    }
}

/// An account of the organization that was not looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkippedAccount {
    /// Twelve digits.
    pub account: String,
    /// Its name in the organization.
    pub name: String,
    /// What AWS Organizations calls it, for instance `SUSPENDED`.
    pub status: String,
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

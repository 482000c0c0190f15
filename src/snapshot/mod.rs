//! The value in the middle: every call of one collection, on disk, before anything is judged.
//!
//! Collecting ends in a snapshot; whatever comes after is a function of it. A snapshot holds what AWS answered, as it
//! came, except for the redactions, which happen before anything reaches the disk.
//!
//! This module never speaks to the network and never looks at a clock.

mod call;
mod check;
mod header;
mod merge;
mod outcome;
pub mod read;
pub mod redact;
pub mod several;
pub mod time;
pub mod write;

pub use call::{Call, CallError, CallId, EARLIER, Question, hex_digest, hex_sha256, is_paging_token};
pub use header::{Caller, FileEntry, Header, SCHEMA, Shard, Shards, SkippedAccount, Tool, UnreadAccount};
pub use outcome::Outcome;
pub use read::{ReadError, Snapshot};
pub use write::{Collection, ResumeError, Resumed, WriteError, Writer};

/// The JSON Schema of `snapshot.json`; a line of its files is under `$defs/call`.
pub const SCHEMA_JSON: &str = include_str!("schema.json");

//! What a collection could see, before it is made: who asks, which calls are allowed, and which rules would be blind.
//!
//! [`crate::collect::probe`] asks; this module judges what came back. It asks AWS nothing, and it says nothing of what
//! the account holds.
//!
//! ```text
//! probes ──> access       which calls are allowed, and where
//!              └──> blindness     the rules over the example account, with the same calls denied
//!            managed      what AWS's own policies would allow
//!                 └──> report ──> text, json
//! ```
//!
//! What a probe cannot show: a policy may allow a call for one resource and deny it for another, and a probe asks about
//! one. Only the collection asks about all.

mod access;
mod blindness;
mod example;
mod json;
pub mod managed;
mod report;
mod text;

pub use access::{Access, Permission, Place, permissions};
pub use blindness::{Blind, blind};
pub use example::Example;
pub use json::json;
pub use report::{BlindRule, Examined, ManagedReport, Report};
pub use text::text;

/// The JSON Schema of the report.
pub const SCHEMA_JSON: &str = include_str!("schema.json");
/// The report's name in its own `schema` member.
pub const SCHEMA: &str = "pinpoint-evidence/doctor/v1";

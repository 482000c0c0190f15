//! The seal: a manifest of hashes over everything in a pack. Bytes only: nothing here knows what a pack says.

mod manifest;
mod verify;
mod write;

pub use manifest::{Entry, MANIFEST, Manifest, SCHEMA, SCHEMA_JSON};
pub use verify::{Deviation, manifest, verify};
pub use write::PackWriter;

/// The independent check that every pack carries: its name and its text.
pub const VERIFY_PY: (&str, &str) = ("verify.py", include_str!("verify.py"));

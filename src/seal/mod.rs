//! The seal: a manifest of hashes over everything in a pack. Bytes only: nothing here knows what a pack says.

mod manifest;
mod write;

pub use manifest::{Entry, MANIFEST, Manifest, SCHEMA, SCHEMA_JSON};
pub use write::PackWriter;

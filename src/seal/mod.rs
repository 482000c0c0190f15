//! The seal: a manifest of hashes over everything in a pack, a signature over that, and a trusted time over the
//! signature. Bytes only: nothing here knows what a pack means, asks anybody, or looks at a clock.

mod der;
mod envelope;
mod keys;
mod manifest;
mod same;
mod signature;
mod statement;
mod timestamp;
mod verify;
mod write;

pub use envelope::{ENVELOPE, Envelope, Message, NotSigned, PAYLOAD_TYPE};
pub use keys::{KeyError, PublicKey, SigningKey};
pub use manifest::{Entry, MANIFEST, Manifest, SCHEMA, SCHEMA_JSON};
pub use signature::{Signed, signature};
pub use statement::{PREDICATE_TYPE, STATEMENT_TYPE, Statement};
pub use timestamp::{Authorities, NotStamped, QUERY_TYPE, Stamp, TIMESTAMP, query, stamp};
pub use verify::{Check, Deviation, check};
pub use write::PackWriter;

/// The independent check that every pack carries: its name and its text.
pub const VERIFY_PY: (&str, &str) = ("verify.py", include_str!("verify.py"));

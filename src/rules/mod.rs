//! One judgement per file.

mod finding;

pub use finding::{AppliedWaiver, Attestation, Finding, Level, Reason, Verdict};

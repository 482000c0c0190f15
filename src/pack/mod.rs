//! Snapshot and declarations in, a [`Pack`] out. Pure: no network, no clock, no environment.

mod agreements;
mod applications;
mod build;
mod changes;
mod controls;
mod coverage;
mod model;
mod reports;
mod sealed;
mod status;
mod ticket;
mod waivers;
mod warnings;

pub use crate::period::Period;
pub use crate::rules::Phi;
pub use build::{Inputs, build, estate, judge};
pub use changes::*;
pub use model::*;
pub use sealed::{Judged, Results, Sealed, SealedAgreement, SealedError, SealedFinding, SealedReport, SealedVerdict};
pub use status::Status;
pub use ticket::*;

/// The configuration's name in a pack.
pub const DECLARATIONS: &str = "declarations.toml";

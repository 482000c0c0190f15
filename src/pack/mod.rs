//! Snapshot and declarations in, a [`Pack`] out. Pure: no network, no clock, no environment.

mod agreements;
mod applications;
mod build;
mod changes;
mod controls;
mod coverage;
mod declared;
pub(crate) mod evidence;
pub(crate) mod findings;
mod flows;
mod gather;
mod model;
mod packed;
mod reports;
mod request;
mod sealed;
mod status;
mod ticket;
mod timeline;
mod waivers;
mod warnings;
pub mod write_up;

pub use crate::period::Period;
pub use crate::rules::{Chain, Phi};
pub use build::{Inputs, build, estate, judge};
pub use changes::*;
pub use declared::Declared;
pub use evidence::Evidence;
pub use findings::{Findings, Found, Mark, Run};
pub use flows::{Flow, FlowKind, FlowTarget, Flows};
pub use model::*;
pub use packed::{Held, List};
pub use request::{DocumentName, Request, RequestError};
pub use sealed::{Judged, Results, Sealed, SealedAgreement, SealedError, SealedFinding, SealedReport, SealedVerdict};
pub use status::Status;
pub use ticket::*;
pub use timeline::{Bar, BarKind, Lane, Timeline};

pub(crate) use model::REPORTS_RULE;
pub(crate) use timeline::stands;

/// The configuration's name in a pack.
pub const DECLARATIONS: &str = "declarations.toml";

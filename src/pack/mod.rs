//! Snapshot and declarations in, a [`Pack`] out. Pure: no network, no clock, no environment.

mod model;

pub use crate::period::Period;
pub use crate::rules::Phi;
pub use model::*;

//! Snapshot and declarations in, a [`Pack`] out. Pure: no network, no clock, no environment.

mod model;

pub use model::*;

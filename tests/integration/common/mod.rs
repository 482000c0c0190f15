//! What every topic uses.

pub(crate) mod account;
pub(crate) mod bench;
pub(crate) mod committed;
pub(crate) mod endpoint;
pub(crate) mod keys;
pub(crate) mod packs;
pub(crate) mod pipeline;
pub(crate) mod quarter;
pub(crate) mod unzip;
pub(crate) mod wire;

pub(crate) use bench::{Bench, Finished};
pub(crate) use endpoint::{Endpoint, Reply};

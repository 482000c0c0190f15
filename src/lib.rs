//! Compliance evidence for Amazon Pinpoint and its successors.

pub mod cli;
pub mod collect;
pub mod config;
pub mod demo;
pub mod estate;
pub mod lifecycle;
pub mod operations;
pub mod pack;
pub mod programs;
pub mod regions;
pub mod render;
pub mod rules;
pub mod seal;
pub mod snapshot;

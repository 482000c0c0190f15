//! Compliance evidence for Amazon Pinpoint, AWS End User Messaging and Amazon SES.
//!
//! ```text
//! main -> cli -> collect ----> snapshot <---- estate <---- rules <---- pack <---- programs
//!           \--> render ---> pack          seal (bytes only)        config: leaf
//! ```
//!
//! | Module | What it is for |
//! |---|---|
//! | [`cli`] | one file for each command; the only place that looks at clock, environment and terminal |
//! | [`collect`] | AWS to calls; with [`store`] the only place that knows the AWS SDK |
//! | [`snapshot`] | the value in the middle: calls on disk, redacted, hashed |
//! | [`estate`] | the typed view of a snapshot, in which nobody can forget what could not be read |
//! | [`rules`] | one judgement for each file |
//! | [`programs`] | the audit programs as data |
//! | [`pack`] | estate, declarations, rules and programs to one value, judged one account and region after the other |
//! | [`render`] | that value to documents and data |
//! | [`seal`] | the manifest over a pack's bytes |
//! | [`parity`] | whether the machine formats say what `results.json` says, read back by readers of their own |
//! | [`config`] | `evidence.toml`, what only a person can say |
//! | [`demo`] | an example account as wire documents |
//! | [`operations`], [`regions`], [`lifecycle`], [`period`] | facts and arithmetic that several of them need |
//! | [`store`] | the same in an object store, `s3://`: copies of directories, never a judgement |
//! | [`doctor`], [`init`] | what a collection could see, judged before it; a configuration to begin with |
//! | [`diff`] | two packs to what changed between them, and why |
//! | [`files`], [`archive`] | directories and files that appear whole or not at all, and as one file |
//! | `hex`, `json` | hexadecimal digits, white space in JSON |
//! | `threads` | work on several cores of which the results come in order |
//! | [`policy`], [`explain`], [`exit`] | the IAM policy, the catalogue as text, the exit codes |
//!
//! # Invariants
//!
//! - What could not be read is never a pass: [`estate::Reading`] has no value to use in that case, and the judgement in
//!   [`rules`] passes only on facts.
//! - Everything after the snapshot is a pure function of files: no network, no clock, no environment.
//! - No call is made that is not in [`operations`], and nothing in there changes anything or reads what people wrote.

pub mod archive;
pub mod cli;
pub mod collect;
pub mod config;
pub mod demo;
pub mod diff;
pub mod doctor;
pub mod estate;
pub mod exit;
pub mod explain;
pub mod files;
mod fill;
mod hex;
pub mod init;
mod json;
pub mod lifecycle;
pub mod operations;
pub mod pack;
pub mod parity;
pub mod period;
pub mod policy;
pub mod programs;
pub mod regions;
pub mod render;
pub mod rules;
pub mod seal;
pub mod snapshot;
pub mod store;
mod threads;

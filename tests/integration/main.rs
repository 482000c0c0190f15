//! The program as its users meet it, and the library from AWS's wire to the verdicts.
//!
//! `common` holds what every topic uses: a driver for the binary in a scrubbed environment, an AWS endpoint on the
//! loopback, the wire in terms of the catalogue of operations, and a healthy account. Every other module is one topic;
//! a new test goes into the module of its topic, a new topic gets a module and its line here. Nothing leaves this
//! machine, and nothing is read from the environment of whoever runs the tests.

mod common;

mod bad_input;
mod declarations;
mod demo_is_committed;
mod determinism;
mod diff;
mod disk;
mod doctor;
mod endpoints;
mod exit_codes;
mod faults;
mod formats;
mod frozen;
mod init;
mod interruption;
mod life_after;
mod live;
mod policy;
mod progress;
mod quarters;
mod requests;
mod schemas;
mod secrets;
mod signature;
mod sockets;
mod tamper;
mod texts;
mod ticket;
mod timestamps;
mod waivers;

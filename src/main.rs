//! The program: parse, run, exit code.

use std::process::ExitCode;

/// A large pack is made of millions of short texts, which the allocator of most systems is slow with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    pinpoint_evidence::cli::run(std::env::args_os()).into()
}

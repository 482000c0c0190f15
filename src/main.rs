//! The program: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    pinpoint_evidence::cli::run(std::env::args_os()).into()
}

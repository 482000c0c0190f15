//! `policy`: the IAM policy that a collection needs.

use super::args::{Policy, PolicyFormat};
use super::failure::Failure;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::policy;

pub(super) fn run(options: &Policy, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match options.format {
        PolicyFormat::Json => terminal.data(&policy::text())?,
    }
    Ok(Exit::Success)
}

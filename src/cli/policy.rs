//! `policy`: the IAM policy that a collection needs, by itself or with a role.

use super::args::{Policy, PolicyFormat};
use super::failure::Failure;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::policy;

pub(super) fn run(options: &Policy, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let text = match options.format {
        PolicyFormat::Json => policy::json(),
        PolicyFormat::Cloudformation => policy::cloudformation()?,
        PolicyFormat::Terraform => policy::terraform()?,
    };
    terminal.data(&text)?;
    Ok(Exit::Success)
}

//! `policy`: the IAM policy that a collection needs, by itself or with a role.

use super::args::{Policy, PolicyFormat};
use super::failure::Failure;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::policy;

pub(super) fn run(options: &Policy, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let text = match (options.format, options.stackset, options.management) {
        (PolicyFormat::Json, false, false) => policy::json(),
        (PolicyFormat::Json, false, true) => policy::management_json(),
        (PolicyFormat::Cloudformation, false, false) => policy::cloudformation()?,
        (PolicyFormat::Cloudformation, true, _) => policy::stackset()?,
        (PolicyFormat::Cloudformation, false, true) => policy::management_cloudformation()?,
        (PolicyFormat::Terraform, false, false) => policy::terraform()?,
        (_, true, _) => {
            return Err(Failure::usage("--stackset is for --format cloudformation").hint("add --format cloudformation"));
        }
        (PolicyFormat::Terraform, false, true) => {
            let failure = Failure::usage("--management is for --format json and --format cloudformation");
            return Err(failure.hint("attach what --format json --management prints to the role of --format terraform"));
        }
    };
    terminal.data(&text)?;
    Ok(Exit::Success)
}

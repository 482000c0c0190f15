//! `completions`: what a shell needs to complete the command line.

use clap::CommandFactory as _;
use clap_complete::{Shell as Form, generate};

use super::args::{Arguments, Completions, Shell};
use super::failure::Failure;
use super::terminal::Terminal;
use crate::exit::Exit;

pub(super) fn run(options: &Completions, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let form = match options.shell {
        Shell::Bash => Form::Bash,
        Shell::Zsh => Form::Zsh,
        Shell::Fish => Form::Fish,
        Shell::PowerShell => Form::PowerShell,
    };
    let mut program = Arguments::command();
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    generate(form, &mut program, name, &mut script);
    terminal.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}

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
        Shell::Powershell => Form::PowerShell,
    };
    let mut program = Arguments::command();
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    generate(form, &mut program, &name, &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if options.shell == Shell::Bash {
        // clap_complete 4.6.11 spells the program's name in two ways when it has a hyphen, and bash then completes no
        // option of any command. tests/outside/terminal.py asks bash.
        script = script.replace(&name.replace('-', "__subcmd__"), &name.replace('-', "__"));
    }
    terminal.data(&script)?;
    Ok(Exit::Success)
}

//! The command line: one file for each command.
//!
//! Here, and nowhere deeper, the program looks at the clock, the environment and the terminal. Standard output carries
//! data, standard error carries talk.

mod args;
mod changes;
mod collect;
mod collection;
mod completions;
mod conclusion;
mod demo;
mod diff;
mod doctor;
mod examples;
mod explain;
mod failure;
mod init;
mod inputs;
mod interrupt;
mod man;
mod pack;
mod policy;
mod progress;
mod remote;
mod schema;
mod signing;
mod terminal;
mod ticket;
mod verify;

use std::ffi::OsString;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::exit::Exit;
use args::{Arguments, Command};
use failure::Failure;
use terminal::Terminal;

/// Runs one command.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let program = Arguments::command().color(terminal::colour_of_help(&arguments));
    let parsed = program.try_get_matches_from(arguments).and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return terminal::usage(&error),
    };
    let mut terminal = Terminal::new(&arguments.talk);
    match dispatch(arguments.command, &mut terminal) {
        Ok(exit) => exit,
        Err(failure) => terminal.failure(&failure),
    }
}

fn dispatch(command: Command, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match command {
        Command::Demo(options) => demo::run(&options, terminal),
        Command::Init(options) => init::run(&options, terminal),
        Command::Doctor(options) => doctor::run(&options, terminal),
        Command::Collect(options) => collect::run(&options, terminal),
        Command::Pack(options) => pack::run(&options, terminal),
        Command::Verify(options) => verify::run(&options, terminal),
        Command::Diff(options) => diff::run(&options, terminal),
        Command::Ticket(options) => ticket::run(&options, terminal),
        Command::Policy(options) => policy::run(&options, terminal),
        Command::Explain(options) => explain::run(&options, terminal),
        Command::Schema(options) => schema::run(&options, terminal),
        Command::Completions(options) => completions::run(&options, terminal),
        Command::Man(options) => man::run(&options, terminal),
    }
}

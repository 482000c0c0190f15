//! `man`: the manual pages, from the same definition as the help.

use std::io;
use std::path::Path;

use clap::CommandFactory as _;
use clap_mangen::Man as Page;

use super::args::{Arguments, Man};
use super::failure::Failure;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::files::{self, Existing};

pub(super) fn run(options: &Man, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut program = Arguments::command().disable_help_subcommand(true);
    program.build();
    let Some(directory) = &options.out else {
        terminal.data(&page(&program)?.1)?;
        return Ok(Exit::Success);
    };
    let commands = program.get_subcommands().filter(|command| !command.is_hide_set());
    for command in std::iter::once(&program).chain(commands) {
        let (name, text) = page(command)?;
        write(&directory.join(name), &text, options.force)?;
    }
    terminal.data(&format!("{}\n", directory.display()))?;
    Ok(Exit::Success)
}

/// The name and the text of one page.
fn page(command: &clap::Command) -> Result<(String, String), Failure> {
    let page = Page::new(command.clone());
    let mut roff = Vec::new();
    render(&page, command, &mut roff).map_err(|error| Failure::usage(format!("cannot make a manual page: {error}")))?;
    Ok((page.get_filename(), String::from_utf8_lossy(&roff).into_owned()))
}

fn render(page: &Page, command: &clap::Command, roff: &mut Vec<u8>) -> io::Result<()> {
    page.render_title(roff)?;
    page.render_name_section(roff)?;
    page.render_synopsis_section(roff)?;
    page.render_description_section(roff)?;
    page.render_options_section(roff)?;
    if command.has_subcommands() {
        page.render_subcommands_section(roff)?;
    }
    // The crate would fill these lines into one paragraph, and nobody could copy a command from it.
    if let Some(examples) = command.get_after_help() {
        roff.extend(preformatted(&examples.to_string()).bytes());
    }
    Ok(())
}

/// A section with its lines as they are. A backslash begins an escape in roff, and a dot or quote at the begin of a
/// line a request.
fn preformatted(text: &str) -> String {
    let mut roff = ".SH NOTES\n.nf\n".to_owned();
    for line in text.lines() {
        let line = line.replace('\\', "\\e").replace('-', "\\-");
        let guard = if line.starts_with(['.', '\'']) { "\\&" } else { "" };
        roff.extend([guard, &line, "\n"]);
    }
    roff + ".fi\n"
}

/// An earlier page of the same text stays as it is.
fn write(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    if std::fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(());
    }
    let existing = if force { Existing::Replace } else { Existing::Refuse };
    Ok(files::write_one(path, text.as_bytes(), existing)?)
}

//! Standard output and standard error.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write as _};

use super::args::{Color, Progress, Talk};
use super::failure::Failure;
use crate::exit::Exit;

/// Where data and talk go.
#[derive(Debug)]
pub(super) struct Terminal {
    quiet: bool,
    verbose: bool,
    colour: bool,
    progress: Form,
}

/// How a collection's progress is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Lines that are drawn over.
    Bars,
    /// A line now and then.
    Plain,
    /// A JSON object a line.
    Json,
    /// Not at all.
    Nothing,
}

/// The columns that are written where nobody can say how many there are.
const WIDTH: usize = 100;

impl Terminal {
    pub(super) fn new(talk: &Talk) -> Self {
        let on_terminal = io::stderr().is_terminal();
        Self {
            quiet: talk.quiet,
            verbose: talk.verbose,
            colour: match talk.color {
                Color::Auto => on_terminal && !no_colour(),
                Color::Always => true,
                Color::Never => false,
            },
            progress: match talk.progress {
                Progress::Auto if talk.quiet || !on_terminal => Form::Nothing,
                // Such a terminal cannot draw over a line.
                Progress::Auto if variable("TERM").is_none_or(|term| term == "dumb") => Form::Plain,
                Progress::Auto => Form::Bars,
                Progress::Plain => Form::Plain,
                Progress::Json => Form::Json,
                Progress::None => Form::Nothing,
            },
        }
    }

    /// Data, to standard output. A reader that went away is no error.
    #[expect(clippy::unused_self, reason = "data goes through the terminal like everything else")]
    pub(super) fn data(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::usage(format!("cannot write to standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// A line for people.
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            line_to_stderr(line);
        }
    }

    /// Whether more was asked for.
    pub(super) const fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Something that a person has to know.
    pub(super) fn warn(&self, text: &str) {
        if !self.quiet {
            line_to_stderr(&format!("{} {text}", self.paint("warning:", "33")));
        }
    }

    /// A line of progress, in the form that was asked for, whether or not anything else is said.
    #[expect(clippy::unused_self, reason = "progress goes through the terminal like everything else")]
    pub(super) fn tell(&self, line: &str) {
        line_to_stderr(line);
    }

    /// How progress is told.
    pub(super) const fn progress(&self) -> Form {
        self.progress
    }

    /// The columns for text on standard output: `COLUMNS`, else the terminal's.
    #[expect(clippy::unused_self, reason = "the width is the terminal's")]
    pub(super) fn width(&self) -> usize {
        width(terminal_size::terminal_size_of(io::stdout()))
    }

    /// The columns for text on standard error.
    #[expect(clippy::unused_self, reason = "the width is the terminal's")]
    pub(super) fn error_width(&self) -> usize {
        width(terminal_size::terminal_size_of(io::stderr()))
    }

    /// Tells why a command did not do what it was asked, and gives back its exit code.
    pub(super) fn failure(&self, failure: &Failure) -> Exit {
        let (message, hint) = failure.lines();
        line_to_stderr(&format!("{} {message}", self.paint("error:", "31")));
        if let Some(hint) = hint {
            line_to_stderr(&format!("{} {hint}", self.paint("hint:", "36")));
        }
        failure.exit()
    }

    fn paint(&self, word: &str, colour: &str) -> String {
        if self.colour { format!("\u{1b}[1;{colour}m{word}\u{1b}[0m") } else { word.to_owned() }
    }
}

/// The colour of what the command line's parser itself says: it has to be known before the command line is parsed.
pub(super) fn colour_of_help(arguments: &[OsString]) -> clap::ColorChoice {
    let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let asked = |choice: &str| {
        let joined = format!("--color={choice}");
        words.contains(&joined.as_str()) || words.windows(2).any(|pair| pair == ["--color", choice])
    };
    match (asked("never"), asked("always")) {
        (true, _) => clap::ColorChoice::Never,
        (false, true) => clap::ColorChoice::Always,
        (false, false) => clap::ColorChoice::Auto,
    }
}

/// What the command line's parser says: help and version are data, the rest is an error.
pub(super) fn usage(error: &clap::Error) -> Exit {
    // A reader that went away is no error.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Success }
}

fn line_to_stderr(line: &str) {
    // There is nowhere left to say that standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

fn no_colour() -> bool {
    variable("NO_COLOR").is_some()
}

fn width(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    let asked = variable("COLUMNS").and_then(|columns| columns.to_str()?.parse().ok()).filter(|columns| *columns > 0);
    asked.or_else(|| size.map(|(width, _)| usize::from(width.0))).unwrap_or(WIDTH)
}

/// A variable that is set to something.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

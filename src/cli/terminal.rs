//! Standard output and standard error.

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
    progress: Progress,
}

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
                Progress::Auto if on_terminal && !talk.quiet => Progress::Plain,
                Progress::Auto => Progress::None,
                other => other,
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

    /// A line for people who asked for more.
    pub(super) fn detail(&self, line: &str) {
        if self.verbose {
            line_to_stderr(line);
        }
    }

    /// Something that a person has to know.
    pub(super) fn warn(&self, text: &str) {
        if !self.quiet {
            line_to_stderr(&format!("{} {text}", self.paint("warning:", "33")));
        }
    }

    /// Progress: the same event in words and as JSON.
    pub(super) fn progress(&self, words: &str, json: &serde_json::Value) {
        match self.progress {
            Progress::Plain => line_to_stderr(words),
            Progress::Json => line_to_stderr(&json.to_string()),
            Progress::Auto | Progress::None => {}
        }
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

#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

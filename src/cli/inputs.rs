//! What a command needs besides its flags: the configuration and the clock.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::args::Declarations;
use super::failure::Failure;
use super::terminal::Terminal;
use crate::collect::Clock;
use crate::config::Config;

/// The configuration that is used when none is named.
const DEFAULT: &str = "evidence.toml";

/// The declarations, parsed and as they were written.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) config: Config,
    pub(super) text: Option<String>,
}

/// Reads the configuration: the one that is named, else `evidence.toml` where it is there, else none.
pub(super) fn declared(declarations: &Declarations, terminal: &Terminal) -> Result<Declared, Failure> {
    let path = declarations.config.as_deref().unwrap_or(Path::new(DEFAULT));
    let named = declarations.config.is_some();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !named => {
            return Ok(Declared { config: Config::default(), text: None });
        }
        Err(error) => {
            let failure = Failure::usage(format!("cannot read the configuration `{}`: {error}", path.display()));
            return Err(failure.hint("name a TOML file with --config, or leave it out"));
        }
    };
    if !named {
        terminal.say("Using evidence.toml in this directory.");
    }
    let config = Config::parse(&text, &path.display().to_string())?;
    Ok(Declared { config, text: Some(text) })
}

/// The system's clock, cut to what a file can hold.
pub(super) fn clock() -> Clock {
    Arc::new(now)
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is read")]
fn now() -> DateTime<Utc> {
    DateTime::from(std::time::SystemTime::now())
}

//! How long each part of making a pack took.

use std::time::Instant;

use serde_json::json;

use crate::cli::terminal::{Form, Terminal};

/// Tells of each part when it has ended, where lines were asked for.
pub(in crate::cli) struct Phases<'t> {
    terminal: &'t Terminal,
    since: Instant,
}

impl<'t> Phases<'t> {
    /// The first part begins now.
    pub(in crate::cli) fn new(terminal: &'t Terminal) -> Self {
        Self { terminal, since: Instant::now() }
    }

    /// A part has ended, and the next one begins.
    pub(in crate::cli) fn ended(&mut self, phase: &'static str) {
        let seconds = (self.since.elapsed().as_secs_f64() * 1e3).round() / 1e3;
        match self.terminal.progress() {
            Form::Json => {
                self.terminal.tell(&json!({"event": "packing", "phase": phase, "seconds": seconds}).to_string());
            }
            Form::Plain => self.terminal.tell(&format!("packing: {phase} after {seconds} s")),
            Form::Bars | Form::Nothing => {}
        }
        self.since = Instant::now();
    }
}

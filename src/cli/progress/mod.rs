//! Tells of a collection while it goes on, on standard error.
//!
//! The collector talks to an observer and knows no terminal; a board counts what it says; here somebody looks at the
//! board from time to time and shows it.

mod board;
mod phases;
mod words;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::{Form, Terminal};
use crate::collect::{Observer, Stage};
use crate::operations::Operation;
use board::Board;

pub(super) use phases::Phases;

/// The JSON Schema of a line of `--progress json`.
pub(super) const SCHEMA: &str = include_str!("schema.json");

/// How often the board is looked at.
const TICK: Duration = Duration::from_millis(200);

/// The progress of one collection.
pub(super) struct Progress {
    board: Arc<Shared>,
    begun: Instant,
    shown: Shown,
}

/// What the collector tells and the terminal shows.
#[derive(Default)]
struct Shared(Mutex<Board>);

impl Observer for Shared {
    fn hear(&self, region: &str, operation: &'static Operation, stage: Stage) {
        self.with(|board| board.hear(region, operation, stage));
    }
}

impl Shared {
    fn with<T>(&self, look: impl FnOnce(&mut Board) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The form in which it is shown.
enum Shown {
    Bars(Bars),
    /// Lines, and when the last one was written.
    Lines {
        every: Duration,
        json: bool,
        last: Option<Instant>,
    },
    Nothing,
}

/// Lines on a terminal that are drawn over. Removed when dropped, also when the collection is interrupted.
struct Bars(ProgressBar);

impl Drop for Bars {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Progress {
    /// Begins to count.
    pub(super) fn new(terminal: &Terminal) -> Self {
        let lines = |every, json| Shown::Lines { every, json, last: None };
        let shown = match terminal.progress() {
            Form::Bars => Shown::Bars(Bars::new()),
            Form::Plain => lines(Duration::from_secs(5), false),
            Form::Json => lines(Duration::from_secs(1), true),
            Form::Nothing => Shown::Nothing,
        };
        Self { board: Arc::default(), begun: Instant::now(), shown }
    }

    /// Whom the collector tells.
    pub(super) fn observer(&self) -> Arc<dyn Observer> {
        Arc::<Shared>::clone(&self.board)
    }

    /// Shows how it goes while `work` goes on, and how it went at its end.
    pub(super) async fn during<T>(mut self, terminal: &Terminal, work: impl Future<Output = T>) -> T {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        tokio::pin!(work);
        let done = loop {
            tokio::select! {
                done = &mut work => break done,
                _ = ticks.tick() => self.show(terminal),
            }
        };
        self.finish(terminal);
        done
    }

    fn show(&mut self, terminal: &Terminal) {
        let elapsed = self.begun.elapsed();
        let board = &self.board;
        board.with(|board| board.sample(elapsed));
        match &mut self.shown {
            Shown::Bars(bars) => {
                let width = terminal.error_width();
                let lines = board.with(|board| words::lines(board, elapsed, width));
                bars.0.set_message(lines.join("\n"));
            }
            Shown::Lines { every, json, last } if last.is_none_or(|last| last.elapsed() >= *every) => {
                *last = Some(Instant::now());
                let text = board.with(|board| match json {
                    true => words::event("collecting", board, elapsed).to_string(),
                    false => words::line(board, elapsed),
                });
                terminal.tell(&text);
            }
            Shown::Lines { .. } | Shown::Nothing => {}
        }
    }

    fn finish(self, terminal: &Terminal) {
        let elapsed = self.begun.elapsed();
        match self.shown {
            Shown::Lines { json: true, .. } => {
                terminal.tell(&self.board.with(|board| words::event("collected", board, elapsed).to_string()));
            }
            Shown::Lines { json: false, .. } => {
                terminal.tell(&self.board.with(|board| words::last_line(board, elapsed)));
            }
            Shown::Bars(_) | Shown::Nothing => {}
        }
    }
}

impl Bars {
    fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        // The lines are ready-made; the template is fixed, and a style that does not parse would be the crate's own.
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

//! `diff`: what changed between two packs, and why.

use std::path::Path;

use super::args::{Diff, DiffFormat};
use super::failure::Failure;
use super::remote::Source;
use super::terminal::Terminal;
use crate::diff;
use crate::exit::Exit;
use crate::pack::{Changes, Sealed};
use crate::render;
use crate::threads;

/// Exit code 0 whatever differs: a difference is no failure, and the later pack's own exit code says what is open.
pub(super) fn run(options: &Diff, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let changes = compare(&options.old, &options.new, terminal)?;
    terminal.data(&match options.format {
        DiffFormat::Md => render::changes_markdown(&changes)?,
        DiffFormat::Json => render::changes_json(&changes)?,
    })?;
    Ok(Exit::Success)
}

fn compare(old: &Path, new: &Path, terminal: &Terminal) -> Result<Changes, Failure> {
    let (old_name, new_name) = (old.display().to_string(), new.display().to_string());
    let (old, new) = (Source::open(old, terminal)?, Source::open(new, terminal)?);
    let (old, new) = threads::both(|| Sealed::open(old.path()), || Sealed::open(new.path()));
    let (old, new) = (old?, new?);
    warn(&old, &new, terminal);
    let (before, after) = (old.snapshots()?, new.snapshots()?);
    Ok(diff::compare(old.source(&old_name, &before), new.source(&new_name, &after))?)
}

/// What somebody may not have meant.
fn warn(old: &Sealed, new: &Sealed, terminal: &Terminal) {
    let (before, after) = (&old.results, &new.results);
    if before.collected.last > after.collected.last {
        terminal.warn("the first pack is the newer one; the story is told backwards");
    }
    if before.scope.accounts != after.scope.accounts {
        let of = |accounts: &[String]| accounts.join(", ");
        let (before, after) = (of(&before.scope.accounts), of(&after.scope.accounts));
        terminal.warn(&format!("the packs are about different accounts: {before} and {after}"));
    }
}

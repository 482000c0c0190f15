//! `collect`: AWS to a snapshot.

use super::args::Collect;
use super::failure::Failure;
use super::terminal::Terminal;
use super::{collection, inputs};
use crate::exit::Exit;
use crate::files::Existing;

pub(super) fn run(options: &Collect, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let declared = inputs::declared(&options.declarations, terminal)?;
    let existing = if options.output.force { Existing::Replace } else { Existing::Refuse };
    let target = &options.output.out;
    let work = collection::from_aws(&options.aws, &declared.config, target, existing, terminal);
    let header = collection::run(work)?;
    let counts: Vec<String> = header.outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    terminal.say(&format!("{} calls: {}.", header.calls, counts.join(", ")));
    terminal.say(&format!("Next: pinpoint-evidence pack --from {} --out PACK", target.display()));
    terminal.data(&format!("{}\n", target.display()))?;
    // The caller's identity is always read, or there would be no snapshot.
    let read: u64 = header.outcomes.iter().filter(|(outcome, _)| outcome.is_read()).map(|(_, count)| count).sum();
    Ok(if read > 1 { Exit::Success } else { Exit::NothingEvaluated })
}

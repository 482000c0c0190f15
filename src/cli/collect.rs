//! `collect`: AWS to a snapshot.

use std::path::Path;

use super::args::Collect;
use super::failure::Failure;
use super::inputs::Declared;
use super::remote::Destination;
use super::terminal::Terminal;
use super::{collection, conclusion, inputs};
use crate::exit::Exit;
use crate::pack::{self, Inputs};
use crate::snapshot::several::Snapshots;

pub(super) fn run(options: &Collect, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let declared = inputs::declared(&options.declarations, terminal)?;
    let destination = Destination::open(&options.output, &options.aws)?;
    let (target, existing) = (destination.path(), destination.existing());
    let work = collection::from_aws(&options.aws, &declared.config, target, existing, terminal);
    let header = collection::run(work)?;
    let counts: Vec<String> = header.outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    terminal.say(&format!("{} calls: {}.", header.calls, counts.join(", ")));
    conclude(target, &options.output.out, &declared, terminal)?;
    destination.publish(terminal)?;
    terminal.data(&format!("{}\n", options.output.out.display()))?;
    // The caller's identity is always read, or there would be no snapshot.
    let read: u64 = header.outcomes.iter().filter(|(outcome, _)| outcome.is_read()).map(|(_, count)| count).sum();
    Ok(if read > 1 { Exit::Success } else { Exit::NothingEvaluated })
}

/// What a pack of this snapshot would say. Nothing of it is written.
fn conclude(snapshot: &Path, named: &Path, declared: &Declared, terminal: &Terminal) -> Result<(), Failure> {
    let snapshots = Snapshots::open(&[snapshot.to_owned()])?;
    let declarations = declared.text.as_deref();
    let inputs = Inputs { snapshots: &snapshots, config: &declared.config, declarations, period: None };
    let pack = pack::build(inputs)?;
    conclusion::say(&pack, "the pack's findings", terminal);
    let make = format!("pinpoint-evidence pack --from {} --out PACK", named.display());
    terminal.say(&format!("Next: `{make}` makes the pack; {}. The snapshot:", conclusion::next(&pack)));
    Ok(())
}

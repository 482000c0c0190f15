//! `collect`: AWS to a snapshot.

use std::path::Path;

use super::args::{Collect, Output, Part};
use super::collection::Life;
use super::failure::Failure;
use super::inputs::Declared;
use super::remote::Destination;
use super::terminal::Terminal;
use super::{collection, conclusion, inputs};
use crate::exit::Exit;
use crate::pack::{self, Inputs};
use crate::snapshot::Shard;
use crate::snapshot::several::Snapshots;

/// Where Kubernetes (an Indexed Job) and AWS Batch (an array job) say which of several equal processes this is.
const INDEXES: [&str; 2] = ["JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"];

pub(super) fn run(options: &Collect, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let declared = inputs::declared(&options.declarations, terminal)?;
    let (out, life) = match (&options.resume, &options.out) {
        (Some(stopped), _) => (stopped, Life::Resumed),
        (None, Some(new)) => (new, Life::Lasting),
        (None, None) => return Err(Failure::usage("there is no directory to write").hint("name one with --out")),
    };
    let output = Output { out: out.clone(), force: options.force };
    let destination = Destination::open(&output, &options.aws)?;
    let (target, existing) = (destination.path(), destination.existing());
    // What is copied to an object store is written to a directory that nobody would find again.
    let life = if target == out { life } else { Life::Passing };
    let shard = shard(&options.part)?;
    let work = collection::from_aws(&options.aws, &declared.config, (target, existing, life), shard, terminal);
    let header = collection::run(work).map_err(|failure| failure.resumable(target))?;
    let counts: Vec<String> = header.outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    terminal.say(&format!("{} calls: {}.", header.calls, counts.join(", ")));
    match header.shard {
        Some(Shard { index, of }) => terminal.say(&format!(
            "This is part {index} of {of}. Next: `pinpoint-evidence pack` with a --from for each part. The snapshot:"
        )),
        None => conclude(target, out, &declared, terminal)?,
    }
    destination.publish(terminal)?;
    terminal.data(&format!("{}\n", out.display()))?;
    // The caller's identity is always read, or there would be no snapshot.
    let read: u64 = header.outcomes.iter().filter(|(outcome, _)| outcome.is_read()).map(|(_, count)| count).sum();
    // A part may be the one in which there is nothing to read.
    Ok(if read > 1 || header.shard.is_some() { Exit::Success } else { Exit::NothingEvaluated })
}

/// The part that the flags and the environment name.
fn shard(part: &Part) -> Result<Option<Shard>, Failure> {
    let Some(of) = part.shards else { return Ok(part.shard) };
    let Some((name, value)) = INDEXES.iter().find_map(|name| Some((name, variable(name)?))) else {
        let failure = Failure::usage(format!("--shards {of} needs to know which part this is"));
        return Err(failure.hint(format!("run it where {} is set, or say --shard I/{of}", INDEXES.join(" or "))));
    };
    match value.parse() {
        Ok(index) if index < of => Ok(Some(Shard { index, of })),
        _ => {
            let failure = Failure::usage(format!("{name} is `{}`", value.escape_debug()));
            Err(failure.hint(format!("with --shards {of} it has to be a number from 0 to {}", of - 1)))
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
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

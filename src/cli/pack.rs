//! `pack`: a snapshot, or AWS directly, to a sealed pack.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::args;
use super::changes;
use super::collection::{self, Life};
use super::conclusion;
use super::failure::Failure;
use super::inputs::{self, Declared};
use super::interrupt::Interrupt;
use super::progress::Phases;
use super::remote::{Destination, Source};
use super::signing::Signer;
use super::terminal::Terminal;
use crate::exit::{Exit, Strictness};
use crate::files::Existing;
use crate::pack::{self, DocumentName, Inputs, Pack, Request, Sealed};
use crate::period::Period;
use crate::render::formats::Chosen;
use crate::render::{self, Content};
use crate::seal::{PackWriter, VERIFY_PY};
use crate::snapshot::read::{CopyError, Snapshot};
use crate::snapshot::several::Snapshots;

pub(super) fn run(options: &args::Pack, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen()?;
    interrupt.judge(packed(options, &interrupt, terminal))
}

fn packed(options: &args::Pack, interrupt: &Interrupt, terminal: &Terminal) -> Result<Exit, Failure> {
    let request = Request::new(&options.wanted.programs, &options.wanted.documents).map_err(Failure::usage)?;
    if request.documents().contains(&DocumentName::Changes) && options.previous.is_none() {
        let failure = Failure::usage("the document `changes` needs an earlier pack");
        return Err(failure.hint("name it with --previous PACK"));
    }
    let declared = inputs::declared(&options.declarations, terminal)?;
    // Begun first, so that a target that cannot be written is known before the first call.
    let destination = Destination::open(&options.output, &options.aws)?;
    let writer = PackWriter::create(destination.path(), destination.existing())?;
    let earlier = options.previous.as_deref().map(|named| Source::open(named, terminal)).transpose()?;
    let previous = earlier.as_ref().map(|earlier| Sealed::open(earlier.path())).transpose()?;
    let signer = Signer::ready(&options.sealing, &options.aws)?;
    if !options.from.is_empty() {
        let sources = Source::all(&options.from, terminal)?;
        let directories: Vec<PathBuf> = sources.iter().map(|source| source.path().to_owned()).collect();
        let mut snapshots = Snapshots::open(&directories)?;
        snapshots.until(interrupt.flag());
        let inputs = (&snapshots, &declared, previous.as_ref());
        return finish(options, request, (writer, destination), (inputs, &signer), (interrupt, terminal));
    }
    let live = Live(hidden_beside(destination.path(), "snapshot"));
    let work = collection::from_aws(
        &options.aws,
        &declared.config,
        (&live.0, Existing::Refuse, Life::Passing),
        None,
        terminal,
    );
    collection::run(work)?;
    let mut snapshots = Snapshots::open(std::slice::from_ref(&live.0))?;
    snapshots.until(interrupt.flag());
    let inputs = (&snapshots, &declared, previous.as_ref());
    finish(options, request, (writer, destination), (inputs, &signer), (interrupt, terminal))
}

/// Judges, writes and concludes.
fn finish(
    options: &args::Pack,
    request: Request,
    (writer, destination): (PackWriter, Destination),
    ((snapshots, declared, previous), signer): ((&Snapshots, &Declared, Option<&Sealed>), &Signer),
    (interrupt, terminal): (&Interrupt, &Terminal),
) -> Result<Exit, Failure> {
    let mut phases = Phases::new(terminal);
    let mut pack = judge(snapshots, declared, options.judging.period.clone(), request, terminal)?;
    if let Some(previous) = previous {
        pack.changes = Some(changes::since(previous, &pack, snapshots)?);
    }
    phases.ended("judged");
    interrupt.check()?;
    write(writer, snapshots, &pack, (&Chosen::named(&options.formats), signer), (interrupt, &mut phases))?;
    signer.say(terminal);
    destination.publish(terminal)?;
    conclude(&pack, &options.output.out, terminal)?;
    Ok(Exit::of(&pack, Strictness { strict: options.judging.strict, exit_zero: options.judging.exit_zero }))
}

/// Judges a snapshot, leaves out what was not asked for, and warns of that and of declarations without effect.
pub(super) fn judge(
    snapshots: &Snapshots,
    declared: &Declared,
    period: Option<Period>,
    request: Request,
    terminal: &Terminal,
) -> Result<Pack, Failure> {
    // A pack holds no configuration and an empty one alike, so `verify` could not tell them apart.
    let declarations = declared.text.as_deref().filter(|text| !text.is_empty());
    let pack = pack::build(Inputs { snapshots, config: &declared.config, declarations, period })?.narrowed(request);
    for warning in &pack.warnings {
        terminal.warn(warning);
    }
    Ok(pack)
}

/// Renders and seals.
pub(super) fn write(
    writer: PackWriter,
    snapshots: &Snapshots,
    pack: &Pack,
    (chosen, signer): (&Chosen, &Signer),
    (interrupt, phases): (&Interrupt, &mut Phases<'_>),
) -> Result<(), Failure> {
    let add = |path: &str, content: Content<'_>| {
        interrupt.check()?;
        let added = writer.add_with(path, |out| content(&mut interrupt.watch(out)));
        added.map_err(Failure::from)
    };
    render::each_page(pack, chosen, snapshots, &add)?;
    phases.ended("pages");
    render::each_format(pack, chosen, &add)?;
    phases.ended("formats");
    writer.add(pack::DECLARATIONS, pack.declarations.as_bytes())?;
    let (name, text) = VERIFY_PY;
    writer.add(name, text.as_bytes())?;
    snapshots.each_file(|path, snapshot, file| copy(&writer, path, (snapshot, file)))?;
    interrupt.check()?;
    writer.finish_with(pack.tool.clone(), pack.retain_until, |staging, manifest| signer.seal(staging, manifest))?;
    phases.ended("sealed");
    Ok(())
}

/// Adds a file of a snapshot to the pack.
fn copy(writer: &PackWriter, path: &str, (snapshot, file): (&Snapshot, &str)) -> Result<(), Failure> {
    let mut unread = None;
    let added = writer.add_with(path, |out| match snapshot.copy(file, out) {
        Ok(()) => Ok(()),
        Err(CopyError::Write(error)) => Err(error),
        Err(CopyError::Read(error)) => {
            unread = Some(error);
            Err(io::ErrorKind::InvalidData.into())
        }
    });
    match unread {
        Some(error) => Err(error.into()),
        None => Ok(added?),
    }
}

/// The result in a few lines, and where to look.
pub(super) fn conclude(pack: &Pack, target: &Path, terminal: &Terminal) -> Result<(), Failure> {
    conclusion::say(pack, &target.join("findings.html").display().to_string(), terminal);
    for sentence in pack.changes.iter().flat_map(|changes| &changes.summary) {
        terminal.say(sentence);
    }
    let first = render::first_page(pack);
    let what = if first == "index.html" { "cover page" } else { "first page" };
    terminal.say(&format!("Next: {}. The {what}:", conclusion::next(pack)));
    terminal.data(&format!("{}\n", target.join(first).display()))
}

/// A hidden name beside a target, for what only lives until the target is written.
pub(super) fn hidden_beside(target: &Path, what: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".{}.{what}", std::process::id()));
    target.with_file_name(name)
}

/// A snapshot that only lives until its pack is written.
struct Live(PathBuf);

impl Drop for Live {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

//! `pack`: a snapshot, or AWS directly, to a sealed pack.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::args;
use super::collection;
use super::failure::Failure;
use super::inputs::{self, Declared};
use super::terminal::Terminal;
use crate::exit::{Exit, Strictness};
use crate::files::Existing;
use crate::pack::{self, Inputs, Pack, Request};
use crate::period::Period;
use crate::render;
use crate::rules::{Level, Verdict};
use crate::seal::{PackWriter, VERIFY_PY};
use crate::snapshot::several::Snapshots;

pub(super) fn run(options: &args::Pack, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let request = Request::new(&options.wanted.programs, &options.wanted.documents).map_err(Failure::usage)?;
    let declared = inputs::declared(&options.declarations, terminal)?;
    let existing = if options.output.force { Existing::Replace } else { Existing::Refuse };
    let target = &options.output.out;
    // Begun first, so that a target that cannot be written is known before the first call.
    let writer = PackWriter::create(target, existing)?;
    if !options.from.is_empty() {
        return finish(options, request, writer, (&Snapshots::open(&options.from)?, &declared), terminal);
    }
    let live = Live(hidden_beside(target, "snapshot"));
    let work = collection::from_aws(&options.aws, &declared.config, &live.0, Existing::Refuse, terminal);
    collection::run(work)?;
    let snapshots = Snapshots::open(std::slice::from_ref(&live.0))?;
    finish(options, request, writer, (&snapshots, &declared), terminal)
}

/// Judges, writes and concludes.
fn finish(
    options: &args::Pack,
    request: Request,
    writer: PackWriter,
    (snapshots, declared): (&Snapshots, &Declared),
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let pack = judge(snapshots, declared, options.judging.period.clone(), request, terminal)?;
    write(writer, snapshots, &pack)?;
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
    let declarations = declared.text.as_deref();
    let pack = pack::build(Inputs { snapshots, config: &declared.config, declarations, period })?.narrowed(request);
    for warning in &pack.warnings {
        terminal.warn(warning);
    }
    Ok(pack)
}

/// Renders and seals.
pub(super) fn write(mut writer: PackWriter, snapshots: &Snapshots, pack: &Pack) -> Result<(), Failure> {
    for document in render::documents(pack)? {
        writer.add(&document.path, &document.bytes)?;
    }
    writer.add(pack::DECLARATIONS, pack.declarations.as_bytes())?;
    let (name, text) = VERIFY_PY;
    writer.add(name, text.as_bytes())?;
    snapshots.each_file(|path, bytes| writer.add(path, bytes).map_err(Failure::from))?;
    writer.finish(pack.tool.clone(), pack.retain_until)?;
    Ok(())
}

/// The result in a few lines, and where to look.
pub(super) fn conclude(pack: &Pack, target: &Path, terminal: &Terminal) -> Result<(), Failure> {
    let summary = pack.summary;
    terminal.say(&format!(
        "{} findings for {}: {} pass, {} fail ({} waived), {} not evaluated, {} not applicable, {} attested.",
        pack.findings.len(),
        pack.period,
        summary.pass,
        summary.fail,
        summary.waived,
        summary.not_evaluated,
        summary.not_applicable,
        summary.attested,
    ));
    for finding in pack.findings.iter().filter(|finding| finding.level == Level::Required && !finding.is_waived()) {
        let resource = finding.resource_name.as_deref().unwrap_or(&finding.resource);
        match finding.verdict {
            Verdict::Fail => terminal.detail(&format!("fail  {}  {resource}: {}", finding.rule, finding.message)),
            Verdict::NotEvaluated(reason) => {
                terminal
                    .detail(&format!("not evaluated ({reason})  {}  {resource}: {}", finding.rule, finding.message));
            }
            _ => {}
        }
    }
    let first = render::first_page(pack);
    terminal.say(if first == "index.html" { "Open the cover page:" } else { "Open the first page:" });
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

//! `verify`: is a pack whole, unchanged, and do its verdicts follow from its evidence?

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::args::Verify;
use super::changes;
use super::failure::Failure;
use super::terminal::Terminal;
use crate::config::Config;
use crate::exit::Exit;
use crate::files;
use crate::pack::{self, Inputs, Request, RequestError};
use crate::period::Period;
use crate::render;
use crate::render::formats::Chosen;
use crate::seal::{self, Deviation, MANIFEST, Manifest};
use crate::snapshot::Tool;
use crate::snapshot::several::Snapshots;

pub(super) fn run(options: &Verify, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let pack = &options.pack;
    let unreadable = |error: std::io::Error| {
        let failure = Failure::usage(format!("cannot read the pack `{}`: {error}", pack.display()));
        failure.hint("name the directory that `pinpoint-evidence pack --out DIR` wrote")
    };
    let (manifest, mut deviations) = match seal::manifest(pack).map_err(unreadable)? {
        Ok(manifest) => {
            let deviations = seal::verify(pack, &manifest).map_err(unreadable)?;
            (Some(manifest), deviations)
        }
        Err(deviation) => (None, vec![deviation]),
    };
    if let (Some(manifest), true) = (&manifest, deviations.is_empty()) {
        deviations = reperform(pack, manifest, terminal)?;
    }
    for deviation in &deviations {
        terminal.data(&format!("{deviation}\n"))?;
    }
    if deviations.is_empty() {
        terminal.data(&format!("{} is whole and unchanged.\n", pack.display()))?;
        return Ok(Exit::Success);
    }
    let count = deviations.len();
    Err(Failure::new(Exit::Integrity, format!("`{}` is not what its seal says: {count} deviations", pack.display())))
}

/// What the pack's own results say they are about.
#[derive(Deserialize)]
struct Claimed {
    period: ClaimedPeriod,
    #[serde(default)]
    request: ClaimedRequest,
}

/// What the pack was narrowed to; to nothing, where it does not say.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ClaimedRequest {
    programs: Vec<String>,
    documents: Vec<String>,
}

impl ClaimedRequest {
    fn parse(&self) -> Result<Request, RequestError> {
        let documents = self.documents.iter().map(|document| document.parse()).collect::<Result<Vec<_>, _>>()?;
        Request::new(&self.programs, &documents)
    }
}

#[derive(Deserialize)]
struct ClaimedPeriod {
    start: chrono::NaiveDate,
    end: chrono::NaiveDate,
}

/// Judges the evidence again with the declarations in the pack, and compares every document.
fn reperform(pack: &Path, manifest: &Manifest, terminal: &Terminal) -> Result<Vec<Deviation>, Failure> {
    let snapshots = Snapshots::in_pack(&pack.join("evidence"))?;
    snapshots.check()?;
    if manifest.tool != Tool::this() {
        terminal.warn(&format!(
            "the pack was written by version {}; its files and evidence were checked, and its verdicts were not judged again",
            manifest.tool.version
        ));
        return Ok(Vec::new());
    }
    let read = |name: &str| {
        fs::read_to_string(pack.join(name)).map_err(|error| Failure::usage(format!("cannot read `{name}`: {error}")))
    };
    let wrong = |name: &str, error: &dyn std::fmt::Display| {
        Failure::new(Exit::Integrity, format!("`{name}` in the pack does not parse: {error}"))
    };
    let declarations = read(pack::DECLARATIONS)?;
    let config = Config::parse(&declarations, pack::DECLARATIONS).map_err(|error| wrong(pack::DECLARATIONS, &error))?;
    let results = read("results.json")?;
    let claimed: Claimed = serde_json::from_str(&results).map_err(|error| wrong("results.json", &error))?;
    let period: Period = format!("{}..{}", claimed.period.start, claimed.period.end)
        .parse()
        .map_err(|error: crate::period::PeriodError| wrong("results.json", &error))?;
    let request = claimed.request.parse().map_err(|error| wrong("results.json", &error))?;
    let declarations = (!declarations.is_empty()).then_some(declarations.as_str());
    let inputs = Inputs { snapshots: &snapshots, config: &config, declarations, period: Some(period) };
    let mut again = pack::build(inputs)?.narrowed(request);
    let mut deviations = changes::recall(pack, manifest, &mut again)?;
    let chosen = Chosen::in_pack(&manifest.files.iter().map(|entry| entry.path.as_str()).collect());
    render::each_document(&again, &chosen, |path, content| {
        if !files::has(&pack.join(path), content) {
            let what = format!("does not follow from the evidence and the declarations under {MANIFEST}");
            deviations.push(Deviation { path: path.to_owned(), what });
        }
        Ok::<(), Failure>(())
    })?;
    Ok(deviations)
}

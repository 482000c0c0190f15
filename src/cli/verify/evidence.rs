//! Whether a pack's documents follow from its evidence and its declarations: judged again, written again, compared.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use super::verdicts::{self, Verdicts};
use super::{BLOCK, Found, RESULTS};
use crate::cli::changes;
use crate::cli::failure::Failure;
use crate::config::Config;
use crate::exit::Exit;
use crate::files::{self, Identity};
use crate::pack::{self, Inputs, Pack, Request, RequestError};
use crate::period::Period;
use crate::render;
use crate::render::formats::Chosen;
use crate::seal::{Deviation, Manifest};
use crate::snapshot::Tool;
use crate::snapshot::several::Snapshots;

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

/// A pack whose evidence was judged again with the declarations in it.
pub(super) struct Again<'p> {
    pack: &'p Path,
    manifest: &'p Manifest,
    snapshots: Snapshots,
    /// What came of it, where this very version wrote the pack: it has to be the same, byte for byte.
    same: Option<Pack>,
    found: Found,
}

impl<'p> Again<'p> {
    /// Judges. Of another version's pack it is said how the verdicts differ.
    ///
    /// `compared` are the files that were held against the manifest.
    pub(super) fn judge(
        pack: &'p Path,
        manifest: &'p Manifest,
        compared: BTreeMap<String, Identity>,
    ) -> Result<Self, Failure> {
        let snapshots = Snapshots::in_pack(&pack.join("evidence"))?;
        snapshots.vouch(|path| Some((manifest.sha256(path)?.to_owned(), compared.get(path)?.clone())));
        // Of most files nobody asks any more.
        drop(compared);
        let judged = judge(pack, &snapshots);
        let mut found = Found::default();
        let same = if manifest.tool == Tool::this() {
            let mut again = judged?;
            // After judging, for what was read and checked on the way need not be read again.
            snapshots.check()?;
            found.deviations = changes::recall(pack, manifest, &mut again)?;
            Some(again)
        } else {
            snapshots.check()?;
            found.notes = match judged {
                Ok(again) => verdicts::of_another_version(&manifest.tool, &said(pack)?, &again),
                // What another version declares or asks need not be known to this one.
                Err(failure) => vec![verdicts::not_judged(&manifest.tool, failure.lines().0)],
            };
            None
        };
        Ok(Self { pack, manifest, snapshots, same, found })
    }

    /// Writes every document again, and compares it with the one that is there.
    pub(super) fn compare(mut self) -> Result<Found, Failure> {
        if let Some(again) = &self.same {
            documents((self.pack, self.manifest), &self.snapshots, again, &mut self.found.deviations)?;
        }
        Ok(self.found)
    }
}

/// Judges again what the pack says that it is about.
fn judge(pack: &Path, snapshots: &Snapshots) -> Result<Pack, Failure> {
    let declarations = read(pack, pack::DECLARATIONS)?;
    let config = Config::parse(&declarations, pack::DECLARATIONS).map_err(|error| wrong(pack::DECLARATIONS, &error))?;
    let results = BufReader::with_capacity(BLOCK, open(pack, RESULTS)?);
    let claimed: Claimed = serde_json::from_reader(results).map_err(|error| wrong(RESULTS, &error))?;
    let period: Period = format!("{}..{}", claimed.period.start, claimed.period.end)
        .parse()
        .map_err(|error: crate::period::PeriodError| wrong(RESULTS, &error))?;
    let request = claimed.request.parse().map_err(|error| wrong(RESULTS, &error))?;
    let declarations = (!declarations.is_empty()).then_some(declarations.as_str());
    let inputs = Inputs { snapshots, config: &config, declarations, period: Some(period) };
    Ok(pack::build(inputs)?.narrowed(request))
}

/// Writes every document again, and compares it with the one that is there.
fn documents(
    (pack, manifest): (&Path, &Manifest),
    snapshots: &Snapshots,
    again: &Pack,
    deviations: &mut Vec<Deviation>,
) -> Result<(), Failure> {
    let chosen = Chosen::in_pack(&manifest.files.iter().map(|entry| entry.path.as_str()).collect());
    // Documents come in no order, what is said of them is in that of their paths.
    let found = Mutex::new(BTreeMap::new());
    let compare = |path: &str, content: render::Content<'_>| {
        if !files::has(&pack.join(path), content) {
            let mut of_it = if path == RESULTS { verdicts::differing(&said(pack)?, again) } else { Vec::new() };
            of_it.push(Deviation::new(path, "does not follow from the evidence and the declarations in the pack"));
            found.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), of_it);
        }
        Ok::<(), Failure>(())
    };
    render::each_page(again, &chosen, snapshots, &compare)?;
    render::each_format(again, &chosen, &compare)?;
    deviations.extend(found.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().flatten());
    Ok(())
}

/// The verdicts that the pack gives.
fn said(pack: &Path) -> Result<Verdicts, Failure> {
    verdicts::said(open(pack, RESULTS)?).map_err(|error| wrong(RESULTS, &error))
}

fn open(pack: &Path, name: &str) -> Result<File, Failure> {
    File::open(pack.join(name)).map_err(|error| unreadable(name, &error))
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Failure::usage(format!("cannot read `{name}`: {error}"))
}

fn read(pack: &Path, name: &str) -> Result<String, Failure> {
    fs::read_to_string(pack.join(name)).map_err(|error| unreadable(name, &error))
}

fn wrong(name: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(Exit::Integrity, format!("`{name}` in the pack does not parse: {error}"))
}

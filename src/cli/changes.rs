//! What a pack says of an earlier one: made by `pack --previous`, held against the pack by `verify`.

use std::fs;
use std::path::Path;

use super::failure::Failure;
use crate::diff::{self, Source};
use crate::exit::Exit;
use crate::pack::{Changes, Pack, Results, Sealed};
use crate::render::{self, CHANGES};
use crate::seal::{Deviation, Manifest};
use crate::snapshot::several::Snapshots;

/// What changed since an earlier pack.
pub(super) fn since(previous: &Sealed, pack: &Pack, snapshots: &Snapshots) -> Result<Changes, Failure> {
    let mut json = Vec::new();
    render::results_json(pack, &mut json).map_err(Failure::usage)?;
    let results = Results::parse(&json).map_err(Failure::usage)?;
    let before = previous.snapshots()?;
    let name = previous.directory().display().to_string();
    let old = previous.source(&name, &before);
    let new =
        Source { name: "the new pack", results: &results, root: None, snapshots, declarations: &pack.declarations };
    Ok(diff::compare(old, new)?)
}

/// Gives a pack that was judged again what the one on disk says of an earlier one, for its pages to be written from.
///
/// The earlier pack is not there, so the comparison itself is not made again; what it says of this pack is checked.
pub(super) fn recall(directory: &Path, manifest: &Manifest, again: &mut Pack) -> Result<Vec<Deviation>, Failure> {
    if !manifest.files.iter().any(|entry| entry.path == CHANGES) {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(directory.join(CHANGES))
        .map_err(|error| Failure::usage(format!("cannot read `{CHANGES}`: {error}")))?;
    let changes: Changes = serde_json::from_str(&text)
        .map_err(|error| Failure::new(Exit::Integrity, format!("`{CHANGES}` in the pack does not parse: {error}")))?;
    let is_about = changes.is_about(again);
    again.changes = Some(changes);
    let what = "what it says of this pack is not what this pack says".to_owned();
    Ok(if is_about { Vec::new() } else { vec![Deviation { path: CHANGES.to_owned(), what }] })
}

//! Compares a pack on disk with its manifest, and lists every deviation.

mod compare;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use super::manifest::{self, MANIFEST, Manifest};
use super::{ENVELOPE, TIMESTAMP, VERIFY_PY};
use crate::files::Identity;

/// The files of a pack that the manifest does not list: what seals it.
const UNLISTED: [&str; 3] = [MANIFEST, ENVELOPE, TIMESTAMP];

/// One way in which a pack is not what its seal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// Which file, below the pack, with `/`.
    pub path: String,
    /// What about it.
    pub what: String,
}

impl Deviation {
    /// What about which file.
    pub fn new(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { path: path.into(), what: what.into() }
    }
}

/// What is not printable ASCII is written as its code point: a name must neither steer a terminal nor look like another.
impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.path.chars() {
            match character {
                ' '..='~' => write!(f, "{character}")?,
                other => write!(f, "{}", other.escape_unicode())?,
            }
        }
        write!(f, ": {}", self.what)
    }
}

/// A pack held against its manifest.
#[derive(Debug)]
pub struct Check {
    /// The manifest, where it can be read.
    pub manifest: Option<Manifest>,
    /// Every way in which the pack is not what its manifest says.
    pub deviations: Vec<Deviation>,
    /// The files that are those of the manifest, by their paths, as they were when they were compared.
    pub compared: BTreeMap<String, Identity>,
}

/// Compares every file with the manifest: changed, removed, added, renamed, swapped, linked, and a manifest that is
/// missing, contradicts itself or is not written as manifests are.
///
/// # Errors
/// When there is no such directory, it cannot be listed, or nothing in it is of a pack.
pub fn check(pack: &Path) -> io::Result<Check> {
    let (present, mut deviations) = tree::walk(pack)?;
    if ![MANIFEST, VERIFY_PY.0].iter().any(|name| present.contains(*name)) {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no {MANIFEST} in it")));
    }
    let crooked = |name: &&str| present.contains(*name) && !is_plain_file(&pack.join(name));
    deviations.extend(UNLISTED.into_iter().filter(crooked).map(|name| Deviation::new(name, "not a plain file")));
    let bytes = match read(pack, &present) {
        Ok(bytes) => bytes,
        Err(what) => {
            deviations.extend(what.map(|what| Deviation::new(MANIFEST, what)));
            return Ok(Check { manifest: None, deviations, compared: BTreeMap::new() });
        }
    };
    let manifest: Manifest = match serde_json::from_slice(&bytes) {
        Ok(manifest) => manifest,
        Err(error) => {
            deviations.push(Deviation::new(MANIFEST, format!("not a manifest: {error}")));
            return Ok(Check { manifest: None, deviations, compared: BTreeMap::new() });
        }
    };
    deviations.extend(manifest.faults(&bytes).into_iter().map(|(path, what)| Deviation::new(path, what)));
    deviations.extend(added(&present, &manifest));
    let (differing, compared) = compare::files(pack, &manifest.files, &present);
    deviations.extend(differing);
    Ok(Check { manifest: Some(manifest), deviations, compared })
}

/// The bytes of the manifest; else what about it, which is nothing where it was said already.
fn read(pack: &Path, present: &BTreeSet<String>) -> Result<Vec<u8>, Option<&'static str>> {
    let path = pack.join(MANIFEST);
    if !present.contains(MANIFEST) {
        return Err(Some("removed"));
    }
    if !is_plain_file(&path) {
        return Err(None);
    }
    fs::read(path).map_err(|_| Some("cannot be read"))
}

fn added<'a>(present: &'a BTreeSet<String>, manifest: &Manifest) -> impl Iterator<Item = Deviation> + use<'a> {
    let listed: BTreeSet<&str> = manifest.files.iter().map(|entry| entry.path.as_str()).collect();
    let is_added = |path: &&String| !listed.contains(path.as_str()) && !UNLISTED.contains(&path.as_str());
    let added: Vec<&String> = present.iter().filter(is_added).collect();
    added.into_iter().map(|path| Deviation::new(path, "added"))
}

/// Whether a path is a file itself: no link to one, and nothing that would never end to be read.
pub(super) fn is_plain_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

/// Whether a listed path may be looked at: one that leads elsewhere is not.
fn is_readable(path: &str) -> bool {
    manifest::is_plain(path)
}

//! A pack on disk, read back. Nothing in it is believed before its files were compared with its manifest.

mod results;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

pub use results::{Judged, Results, SealedAgreement, SealedFinding, SealedReport, SealedVerdict};

use super::DECLARATIONS;
use super::ticket::PackDigest;
use crate::archive::Member;
use crate::files::Identity;
use crate::seal::{self, Check, Deviation, ENVELOPE, MANIFEST, Manifest};
use crate::snapshot::hex_sha256;
use crate::snapshot::several::{Snapshots, SnapshotsError};

/// The file that holds a pack as data.
const RESULTS: &str = "results.json";

/// A pack whose files are those of its manifest.
#[derive(Debug)]
pub struct Sealed {
    /// Its manifest.
    pub manifest: Manifest,
    /// What it says.
    pub results: Results,
    /// What people declared, as it was used; empty when there was nothing.
    pub declarations: String,
    /// SHA-256 of its manifest as it lies there.
    manifest_sha256: String,
    /// Its files, as they were when they were compared with the manifest.
    compared: BTreeMap<String, Identity>,
    directory: PathBuf,
}

/// Why a pack could not be read back.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    /// There is no pack, or the operating system refused.
    #[error("cannot read the pack `{}`: {source}", .path.display())]
    Unreadable {
        /// Where a pack was expected.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// It is not what its manifest says.
    #[error("`{}` is not what its seal says: {}", .path.display(), first(.deviations))]
    Damaged {
        /// The pack.
        path: PathBuf,
        /// At least one.
        deviations: Vec<Deviation>,
    },
}

fn first(deviations: &[Deviation]) -> String {
    let first = deviations.first().map(ToString::to_string).unwrap_or_default();
    match deviations.len() {
        0 | 1 => first,
        2 => format!("{first} (and 1 more)"),
        more => format!("{first} (and {} more)", more - 1),
    }
}

impl Sealed {
    /// Reads a pack back, after comparing every file with the manifest.
    ///
    /// # Errors
    /// When there is no pack, or it is not what its manifest says.
    pub fn open(directory: &Path) -> Result<Self, SealedError> {
        let unreadable = |source| SealedError::Unreadable { path: directory.to_owned(), source };
        let damaged = |deviations| SealedError::Damaged { path: directory.to_owned(), deviations };
        let (manifest, compared) = match seal::check(directory).map_err(unreadable)? {
            Check { manifest: Some(manifest), deviations, compared } if deviations.is_empty() => (manifest, compared),
            Check { deviations, .. } => return Err(damaged(deviations)),
        };
        let listed = |name: &str| manifest.files.iter().any(|entry| entry.path == name);
        for name in [RESULTS, DECLARATIONS] {
            if !listed(name) {
                let what = format!("{MANIFEST} does not list it, so this is no pack");
                return Err(damaged(vec![Deviation { path: name.to_owned(), what }]));
            }
        }
        let results = Results::parse(&std::fs::read(directory.join(RESULTS)).map_err(unreadable)?)
            .map_err(|what| damaged(vec![Deviation { path: RESULTS.to_owned(), what }]))?;
        let declarations = std::fs::read_to_string(directory.join(DECLARATIONS)).map_err(unreadable)?;
        let manifest_sha256 = hex_sha256(&std::fs::read(directory.join(MANIFEST)).map_err(unreadable)?);
        Ok(Self { manifest, results, declarations, compared, manifest_sha256, directory: directory.to_owned() })
    }

    /// Where it lies.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What its manifest says of it as a whole.
    #[must_use]
    pub fn digest(&self) -> PackDigest {
        let Manifest { tool, retain_until, root, files, .. } = &self.manifest;
        PackDigest {
            tool: tool.clone(),
            manifest_sha256: self.manifest_sha256.clone(),
            root: root.clone(),
            files: files.len() as u64,
            bytes: files.iter().map(|entry| entry.bytes).sum(),
            signed: self.directory.join(ENVELOPE).is_file(),
            retain_until: *retain_until,
        }
    }

    /// Every file of it in byte order of the paths: those of the manifest, the manifest, and what seals it.
    ///
    /// # Errors
    /// When the directory cannot be listed.
    pub fn members(&self) -> io::Result<Vec<Member>> {
        let mut names: Vec<String> = self.manifest.files.iter().map(|entry| entry.path.clone()).collect();
        for entry in std::fs::read_dir(&self.directory)? {
            let entry = entry?;
            // The manifest itself, a signature, a time stamp: what else there is would be a deviation.
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("manifest.") && entry.file_type()?.is_file() {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names.into_iter().map(|name| Member { path: self.directory.join(&name), name }).collect())
    }

    /// The snapshots that it carries.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn snapshots(&self) -> Result<Snapshots, SnapshotsError> {
        let snapshots = Snapshots::in_pack(&self.directory.join("evidence"))?;
        snapshots.vouch(|path| Some((self.manifest.sha256(path)?.to_owned(), self.compared.get(path)?.clone())));
        Ok(snapshots)
    }
}

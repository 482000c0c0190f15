//! The snapshots that a pack rests on: the newest, which judges, and those from before.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::call::EARLIER;
use super::merge;
use super::read::{ReadError, Snapshot};
use super::time;
use crate::files::Identity;

/// The newest snapshot, and the earlier ones, oldest first.
#[derive(Debug)]
pub struct Snapshots {
    /// Judges.
    pub newest: Snapshot,
    /// Judge ended features that the newest could not observe.
    pub earlier: Vec<Snapshot>,
}

/// Why several snapshots cannot be judged together.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotsError {
    /// One of them cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// There is none.
    #[error("there is no snapshot")]
    None,
    /// Parts of a collection that do not belong together.
    #[error("the parts cannot be put together: {0}")]
    Parts(String),
    /// Two were finished at the same moment, so nobody can say which is newer.
    #[error("two snapshots were both finished at {0}")]
    SameTime(String),
}

impl Snapshots {
    /// Opens snapshots, in whatever order they are named. Parts of one collection become one snapshot.
    ///
    /// # Errors
    /// When one cannot be read, two are of the same moment, or parts do not belong together.
    pub fn open(paths: &[PathBuf]) -> Result<Self, SnapshotsError> {
        let all = paths.iter().map(|path| Snapshot::open(path)).collect::<Result<_, _>>()?;
        Self::of(merge::together(all)?)
    }

    /// Opens the snapshots that a pack carries below `evidence`.
    ///
    /// # Errors
    /// When one cannot be read, or two are of the same moment.
    pub fn in_pack(evidence: &Path) -> Result<Self, SnapshotsError> {
        let mut all = vec![Snapshot::open_beside(evidence, &[EARLIER])?];
        let folder = evidence.join(EARLIER);
        if folder.is_dir() {
            let unreadable = |source| ReadError::Io { path: folder.clone(), source };
            for entry in fs::read_dir(&folder).map_err(unreadable)? {
                all.push(Snapshot::open(&entry.map_err(unreadable)?.path())?);
            }
        }
        Self::of(all)
    }

    /// Puts them in order.
    ///
    /// # Errors
    /// When there is none, or two are of the same moment.
    pub fn of(mut all: Vec<Snapshot>) -> Result<Self, SnapshotsError> {
        all.sort_by_key(|snapshot| snapshot.header.finished);
        for pair in all.windows(2) {
            let finished = pair[0].header.finished;
            if finished == pair[1].header.finished {
                return Err(SnapshotsError::SameTime(time::format(finished)));
            }
        }
        let newest = all.pop().ok_or(SnapshotsError::None)?;
        Ok(Self { newest, earlier: all })
    }

    /// Reads no further file once this says that somebody asked to stop; who reads gets an error then.
    pub fn until(&mut self, stop: &Arc<AtomicBool>) {
        self.newest.until(stop);
        self.earlier.iter_mut().for_each(|snapshot| snapshot.until(stop));
    }

    /// Shows every file once: the path that it has in a pack, its snapshot, and its path there.
    ///
    /// # Errors
    /// When `keep` refuses one.
    pub fn each_file<E>(&self, mut keep: impl FnMut(&str, &Snapshot, &str) -> Result<(), E>) -> Result<(), E> {
        let mut of = |snapshot: &Snapshot, folder: &str| {
            let mut files = std::iter::once("snapshot.json").chain(snapshot.files());
            files.try_for_each(|file| keep(&format!("evidence/{folder}{file}"), snapshot, file))
        };
        of(&self.newest, "")?;
        self.earlier.iter().try_for_each(|snapshot| of(snapshot, &format!("{}/", folder(snapshot))))
    }

    /// Takes for granted what somebody compared already: `compared` gives the SHA-256 that a file of the pack had, and the
    /// file as it was then. What is another file by now, or was another one than the snapshot's, is read like any other.
    pub fn vouch(&self, compared: impl Fn(&str) -> Option<(String, Identity)>) {
        let of = |snapshot: &Snapshot, folder: &str| {
            for (file, entry) in &snapshot.header.files {
                match compared(&format!("evidence/{folder}{file}")) {
                    Some((sha256, identity)) if sha256 == entry.sha256 => snapshot.vouch(file, identity),
                    _ => {}
                }
            }
        };
        of(&self.newest, "");
        self.earlier.iter().for_each(|snapshot| of(snapshot, &format!("{}/", folder(snapshot))));
    }

    /// Reads everything and checks every hash and total.
    ///
    /// # Errors
    /// At the first thing that is not what it says it is.
    pub fn check(&self) -> Result<(), ReadError> {
        self.newest.check()?;
        self.earlier.iter().try_for_each(Snapshot::check)
    }
}

/// Where an earlier snapshot lies in a pack, below `evidence`.
#[must_use]
pub fn folder(snapshot: &Snapshot) -> String {
    format!("{EARLIER}/{}", time::format(snapshot.header.finished))
}

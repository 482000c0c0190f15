//! Directories and files that appear whole or not at all.
//!
//! A snapshot and a pack are written in a hidden directory beside their target and renamed into place. What a killed
//! run leaves behind keeps its hidden name, which [`is_unfinished`] knows, so it is never taken for the real thing.
//! This module never decides what is written, and never removes a directory that this program did not make.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

mod identity;
#[cfg(test)]
mod tests;

pub use identity::Identity;

/// Ends the name of a directory that is being written.
const UNFINISHED: &str = ".partial";
/// Ends the name of a directory that is being replaced.
const REPLACED: &str = ".replaced";
/// The files by which a directory of this program is known: a snapshot has the first, a pack the second.
pub const OURS: [&str; 2] = ["snapshot.json", "manifest.json"];
/// What a snapshot holds as long as it is not finished: every call that was made, as it ended.
pub const JOURNAL: &str = "journal.jsonl";
/// How many names are tried before giving up; each belongs to a killed run of the same process id.
const NAMES: u32 = 10_000;

/// What to do when the target is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Stop, whatever it is: also an empty directory or a symbolic link that leads nowhere.
    Refuse,
    /// Put the new directory in its place, if it is a snapshot, a pack, empty, or a symbolic link.
    Replace,
}

/// Why a file or directory could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Something has the target's name already.
    #[error("cannot write to `{}`: it exists", .path.display())]
    Exists {
        /// The target.
        path: PathBuf,
    },
    /// Something has the file's name already.
    #[error("cannot write to `{}`: it exists", .path.display())]
    FileExists {
        /// The file.
        path: PathBuf,
    },
    /// Something that is no file has the file's name.
    #[error("cannot replace `{}`: it is no file", .path.display())]
    NoFile {
        /// What is there.
        path: PathBuf,
    },
    /// An earlier run was stopped on the way to this target, and what it had is still there.
    #[error("cannot begin `{}`: an earlier run was stopped on the way to it, and left `{}`", .target.display(), .path.display())]
    Begun {
        /// The target.
        target: PathBuf,
        /// What is there.
        path: PathBuf,
    },
    /// No earlier run was stopped on the way to this target.
    #[error("cannot go on with `{}`: there is no `{}`", .target.display(), .path.display())]
    NotBegun {
        /// The target.
        target: PathBuf,
        /// What is not there.
        path: PathBuf,
    },
    /// The target is there, and replacing it could destroy what is not ours.
    #[error("cannot replace `{}`: it is neither a snapshot nor a pack", .path.display())]
    NotOurs {
        /// The target.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {action} `{}`: {source}", .path.display())]
    Io {
        /// What was attempted, fit after "cannot".
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl FileError {
    /// Names what was attempted beside the cause.
    #[must_use]
    pub fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }

    /// The next step, where there is one.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Exists { .. } => Some("choose another directory, or pass --force to replace it"),
            Self::FileExists { .. } => Some("choose another name, or pass --force to replace it"),
            Self::Begun { .. } => Some("go on with `collect --resume DIR`, or pass --force to begin anew"),
            Self::NotBegun { .. } => {
                Some("name the directory that the stopped run was to write, as in `collect --resume DIR`")
            }
            Self::NoFile { .. } => Some("choose another name"),
            Self::NotOurs { .. } => Some("choose another directory, or remove this one yourself"),
            Self::Io { source, .. } => io_hint(source.kind()),
        }
    }
}

fn io_hint(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Some("free some space, or choose a directory on another disk")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            Some("choose a directory that you may write to")
        }
        io::ErrorKind::NotADirectory => Some("a part of the path is a file; choose another directory"),
        io::ErrorKind::InvalidInput => Some("name a directory to create, for instance ./output"),
        _ => None,
    }
}

/// A hidden directory beside its target. Dropped before [`Staging::commit`], it is removed with all it holds.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    existing: Existing,
    path: PathBuf,
    done: bool,
}

impl Staging {
    /// Makes the hidden directory, and the parents of the target.
    ///
    /// # Errors
    /// When the target is there and must not be replaced, or when a directory cannot be made.
    pub fn create(target: &Path, existing: Existing) -> Result<Self, FileError> {
        check_target(target, existing)?;
        let parent = parent(target);
        fs::create_dir_all(&parent).map_err(|source| FileError::io("create the directory", &parent, source))?;
        let path = fresh(target, UNFINISHED, |path| fs::create_dir(path))?;
        Ok(Self { target: target.to_owned(), existing, path, done: false })
    }

    /// Makes a directory that outlives this process, under a name that a later run finds: the target's with `.partial`.
    /// What an earlier run left there counts only with `proof` in it.
    ///
    /// # Errors
    /// When the target is there and must not be replaced, when an earlier run left something that must not be replaced
    /// either, or when a directory cannot be made.
    pub fn create_lasting(target: &Path, existing: Existing, proof: &str) -> Result<Self, FileError> {
        check_target(target, existing)?;
        let parent = parent(target);
        fs::create_dir_all(&parent).map_err(|source| FileError::io("create the directory", &parent, source))?;
        let path = lasting(target);
        if fs::symlink_metadata(&path).is_ok() {
            let counts = path.join(proof).is_file();
            if counts && existing == Existing::Refuse {
                return Err(FileError::Begun { target: target.to_owned(), path });
            }
            if !counts
                && !is_ours(&path, &fs::symlink_metadata(&path).map_err(|e| FileError::io("look at", &path, e))?)?
            {
                return Err(FileError::NotOurs { path });
            }
            remove(&path)?;
        }
        fs::create_dir(&path).map_err(|source| FileError::io("create the directory", &path, source))?;
        Ok(Self { target: target.to_owned(), existing, path, done: false })
    }

    /// Goes on with what an earlier run left.
    ///
    /// # Errors
    /// When there is nothing to go on with, or the target is there and must not be replaced.
    pub fn reopen_lasting(target: &Path, existing: Existing) -> Result<Self, FileError> {
        check_target(target, existing)?;
        let path = lasting(target);
        if !path.is_dir() {
            return Err(FileError::NotBegun { target: target.to_owned(), path });
        }
        // Until it is known to be ours, nothing may remove it.
        Ok(Self { target: target.to_owned(), existing, path, done: true })
    }

    /// Leaves it where it is when this value is dropped, or not.
    pub fn outlive(&mut self, outlives: bool) {
        self.done = outlives;
    }

    /// Where to write.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Brings everything to the disk and renames it into place.
    ///
    /// A directory that is replaced is moved aside first and removed last, so that at every moment the old one or
    /// the new one is whole under some name.
    ///
    /// # Errors
    /// When the disk refuses; the target is then as it was. Also when something took the target's name meanwhile.
    pub fn commit(mut self) -> Result<(), FileError> {
        sync_tree(&self.path)?;
        check_target(&self.target, self.existing)?;
        let aside = self.move_aside()?;
        if let Err(source) = fs::rename(&self.path, &self.target) {
            if let Some(aside) = &aside {
                let _ = fs::rename(aside, &self.target);
            }
            return Err(FileError::io("rename the finished directory to", &self.target, source));
        }
        self.done = true;
        sync_directory(&parent(&self.target))?;
        aside.map_or(Ok(()), |aside| remove(&aside))
    }

    fn move_aside(&self) -> Result<Option<PathBuf>, FileError> {
        if fs::symlink_metadata(&self.target).is_err() {
            return Ok(None);
        }
        fresh(&self.target, REPLACED, |path| {
            // A rename would silently replace an empty directory of that name.
            if fs::symlink_metadata(path).is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(&self.target, path)
        })
        .map(Some)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Whether the name is one that [`Staging`] gives to a directory that is not finished.
#[must_use]
pub fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with('.') && name.ends_with(UNFINISHED) || path.join(JOURNAL).is_file()
}

/// Where a run that may be stopped keeps what it has.
#[must_use]
pub fn lasting(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(UNFINISHED);
    target.with_file_name(name)
}

/// Writes a whole file and the directories above it.
///
/// # Errors
/// When the disk refuses.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    create(path)?.write_all(bytes).map_err(|source| FileError::io("write", path, source))
}

/// Makes an empty file, and the directories above it.
///
/// # Errors
/// When the disk refuses.
pub fn create(path: &Path) -> Result<File, FileError> {
    let parent = parent(path);
    fs::create_dir_all(&parent).map_err(|source| FileError::io("create the directory", &parent, source))?;
    File::create(path).map_err(|source| FileError::io("write", path, source))
}

/// Whether a file has exactly this content, of any size. A file that cannot be read has not.
pub fn has(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let mut same = Same { file: BufReader::new(file) };
    content(&mut same).is_ok() && same.file.fill_buf().is_ok_and(<[u8]>::is_empty)
}

/// Takes what the file holds, and refuses anything else.
struct Same {
    file: BufReader<File>,
}

impl Write for Same {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        let found = self.file.fill_buf()?;
        let length = found.len().min(content.len());
        if length == 0 && !content.is_empty() || found[..length] != content[..length] {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.file.consume(length);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes one file that appears whole or not at all, and the directories above it.
///
/// # Errors
/// When something has its name and must not be replaced, or when the disk refuses.
pub fn write_one(path: &Path, bytes: &[u8], existing: Existing) -> Result<(), FileError> {
    check_file(path, existing)?;
    let parent = parent(path);
    fs::create_dir_all(&parent).map_err(|source| FileError::io("create the directory", &parent, source))?;
    let unfinished = fresh(path, UNFINISHED, |path| File::create_new(path).map(drop))?;
    let written = fs::write(&unfinished, bytes)
        .map_err(|source| FileError::io("write", path, source))
        .and_then(|()| sync(&unfinished))
        .and_then(|()| check_file(path, existing))
        .and_then(|()| fs::rename(&unfinished, path).map_err(|source| FileError::io("write", path, source)));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Whether [`write_one`] may write there.
///
/// # Errors
/// When something has its name and must not be replaced.
pub fn check_file(path: &Path, existing: Existing) -> Result<(), FileError> {
    if path.file_name().is_none() {
        return Err(FileError::io("write to", path, io::ErrorKind::InvalidInput.into()));
    }
    match (fs::symlink_metadata(path), existing) {
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        (Err(source), _) => Err(FileError::io("look at", path, source)),
        (Ok(_), Existing::Refuse) => Err(FileError::FileExists { path: path.to_owned() }),
        (Ok(found), Existing::Replace) if found.is_file() || found.is_symlink() => Ok(()),
        (Ok(_), Existing::Replace) => Err(FileError::NoFile { path: path.to_owned() }),
    }
}

fn check_target(target: &Path, existing: Existing) -> Result<(), FileError> {
    if target.file_name().is_none() {
        return Err(FileError::io("write to", target, io::ErrorKind::InvalidInput.into()));
    }
    let found = match fs::symlink_metadata(target) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(FileError::io("look at", target, source)),
    };
    match existing {
        Existing::Refuse => Err(FileError::Exists { path: target.to_owned() }),
        Existing::Replace if found.is_symlink() || is_ours(target, &found)? => Ok(()),
        Existing::Replace => Err(FileError::NotOurs { path: target.to_owned() }),
    }
}

/// Replacing removes a directory with all it holds, so a slip such as `--out . --force` must find nothing to remove.
fn is_ours(target: &Path, found: &fs::Metadata) -> Result<bool, FileError> {
    if !found.is_dir() {
        return Ok(false);
    }
    if OURS.into_iter().chain([JOURNAL]).any(|name| target.join(name).is_file()) {
        return Ok(true);
    }
    let mut entries = fs::read_dir(target).map_err(|source| FileError::io("list", target, source))?;
    Ok(entries.next().is_none())
}

fn parent(target: &Path) -> PathBuf {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Finds a hidden name beside the target for which `take` succeeds.
fn fresh(target: &Path, ending: &str, take: impl Fn(&Path) -> io::Result<()>) -> Result<PathBuf, FileError> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for _ in 0..NAMES {
        let mut name = OsString::from(".");
        name.push(target.file_name().unwrap_or_default());
        name.push(format!(".{}-{}{ending}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        let path = parent(target).join(name);
        match take(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(source) => return Err(FileError::io("make a working directory beside", target, source)),
        }
    }
    Err(FileError::io("make a working directory beside", target, last))
}

fn remove(path: &Path) -> Result<(), FileError> {
    let is_directory = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    let removed = if is_directory { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.map_err(|source| FileError::io("remove the replaced directory", path, source))
}

fn sync_tree(directory: &Path) -> Result<(), FileError> {
    let listed = |source| FileError::io("list", directory, source);
    for entry in fs::read_dir(directory).map_err(listed)? {
        let entry = entry.map_err(listed)?;
        if entry.file_type().map_err(listed)?.is_dir() {
            sync_tree(&entry.path())?;
        } else {
            sync(&entry.path())?;
        }
    }
    sync_directory(directory)
}

fn sync(path: &Path) -> Result<(), FileError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|source| FileError::io("bring to the disk", path, source))
}

/// Directories can be synchronised on Unix only; elsewhere the file system takes care of it.
fn sync_directory(path: &Path) -> Result<(), FileError> {
    if cfg!(unix) { sync(path) } else { Ok(()) }
}

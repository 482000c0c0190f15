//! Which files a snapshot must have, and that there are no others.

use std::io::Read as _;

use super::{CALLS, HEADER, Header, Path, ReadError, files, fs, io};

/// The nesting below `calls/`: account, region, file.
const DEPTH: usize = 3;

/// Tells "there is no snapshot" from "there is a damaged one".
pub(super) fn require_snapshot(directory: &Path) -> Result<(), ReadError> {
    let missing = |what| ReadError::Missing { path: directory.to_owned(), what };
    match fs::metadata(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing("there is no such directory")),
        Err(source) => return Err(ReadError::io(directory, source)),
        Ok(found) if !found.is_dir() => return Err(missing("it is not a directory")),
        Ok(_) if files::is_unfinished(directory) => return Err(missing("it was never finished")),
        Ok(_) => {}
    }
    match fs::symlink_metadata(directory.join(HEADER)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(missing("it holds no snapshot.json")),
        Err(source) => Err(ReadError::io(&directory.join(HEADER), source)),
        Ok(_) => Ok(()),
    }
}

/// Reads a file that must be a plain one.
pub(super) fn read(directory: &Path, path: &str) -> Result<Vec<u8>, ReadError> {
    let full = directory.join(path);
    metadata(directory, path)?;
    fs::read(&full).map_err(|source| ReadError::io(&full, source))
}

/// Opens a file that must be a plain one.
pub(super) fn open(directory: &Path, path: &str) -> Result<fs::File, ReadError> {
    let full = directory.join(path);
    metadata(directory, path)?;
    fs::File::open(&full).map_err(|source| ReadError::io(&full, source))
}

/// Reads the beginning of a file that must be a plain one.
pub(super) fn read_at_most(directory: &Path, path: &str, bytes: u64) -> Result<Vec<u8>, ReadError> {
    let full = directory.join(path);
    metadata(directory, path)?;
    let mut beginning = Vec::new();
    let read = fs::File::open(&full).and_then(|file| file.take(bytes).read_to_end(&mut beginning));
    read.map_err(|source| ReadError::io(&full, source))?;
    Ok(beginning)
}

/// The size of a plain file in bytes, so that it can be compared before a file of any length is read.
pub(super) fn size(directory: &Path, path: &str) -> Result<u64, ReadError> {
    metadata(directory, path).map(|found| found.len())
}

/// What the system says of a plain file.
pub(super) fn metadata(directory: &Path, path: &str) -> Result<fs::Metadata, ReadError> {
    let full = directory.join(path);
    match fs::symlink_metadata(&full) {
        Ok(found) if found.is_file() => Ok(found),
        Ok(_) => Err(ReadError::damaged(path, None, "it is not a plain file")),
        Err(error) if is_absent(&error) => Err(ReadError::damaged(path, None, "it is missing")),
        Err(source) => Err(ReadError::io(&full, source)),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Checks that the header's files are there, and nothing else.
pub(super) fn require_exactly(directory: &Path, header: &Header, others: &[&str]) -> Result<(), ReadError> {
    for (name, _) in entries(directory, "")? {
        if name != HEADER && name != CALLS && !others.contains(&name.as_str()) {
            return Err(ReadError::damaged(&name, None, "it does not belong to a snapshot"));
        }
    }
    for path in header.files.keys() {
        metadata(directory, path)?;
    }
    match fs::symlink_metadata(directory.join(CALLS)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(ReadError::io(&directory.join(CALLS), source)),
        Ok(found) if found.is_dir() => require_named(directory, CALLS, header, DEPTH),
        Ok(_) => Err(ReadError::damaged(CALLS, None, "it is not a directory")),
    }
}

/// Checks that the header names every file below `path`, and that no directory there is without one.
fn require_named(directory: &Path, path: &str, header: &Header, depth: usize) -> Result<(), ReadError> {
    let below = format!("{path}/");
    if !header.files.keys().any(|file| file.starts_with(&below)) {
        return Err(ReadError::damaged(path, None, "snapshot.json names nothing in it"));
    }
    for (name, kind) in entries(directory, path)? {
        let path = format!("{path}/{name}");
        if kind.is_dir() && depth > 1 {
            require_named(directory, &path, header, depth - 1)?;
        } else if !kind.is_file() {
            return Err(ReadError::damaged(&path, None, "it is not a plain file"));
        } else if !header.files.contains_key(&path) {
            return Err(ReadError::damaged(&path, None, "snapshot.json does not name it"));
        }
    }
    Ok(())
}

/// What a directory holds, in order.
fn entries(directory: &Path, path: &str) -> Result<Vec<(String, fs::FileType)>, ReadError> {
    let full = if path.is_empty() { directory.to_owned() } else { directory.join(path) };
    let failed = |source| ReadError::io(&full, source);
    let mut entries = Vec::new();
    for entry in fs::read_dir(&full).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        entries.push((entry.file_name().to_string_lossy().into_owned(), entry.file_type().map_err(failed)?));
    }
    entries.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(entries)
}

//! Every call as it ended, in one file that only grows.
//!
//! A line is handed to the operating system before the next call is taken, so a process that is killed loses at most the
//! line that it was writing. The disk is not waited for: after a power cut the end of the file may be missing. Whatever is
//! missing is asked again, so neither can make a snapshot wrong.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::call::{Call, CallId};
use super::super::check;
use super::Recalled;
use crate::files::FileError;

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    offset: u64,
    length: u32,
}

impl Spot {
    pub(super) fn bytes(self) -> u64 {
        u64::from(self.length)
    }
}

/// The file, open for its end.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    end: u64,
}

impl Journal {
    /// A new one, which belongs to this process as long as it lives.
    pub(super) fn create(path: &Path) -> Result<Self, FileError> {
        let file = File::create(path).map_err(|source| FileError::io("write", path, source))?;
        Self { path: path.to_owned(), file, end: 0 }.locked()
    }

    /// One that an earlier process left, cut after its last whole line, and what stands in it.
    pub(super) fn reopen(path: &Path) -> Result<(Self, Memory), FileError> {
        let failed = |source| FileError::io("read", path, source);
        let file = File::options().read(true).append(true).open(path).map_err(failed)?;
        let mut journal = Self { path: path.to_owned(), file, end: 0 }.locked()?;
        let (spots, end) = scan(File::open(path).map_err(failed)?).map_err(failed)?;
        journal.file.set_len(end).map_err(|source| FileError::io("write", path, source))?;
        journal.end = end;
        let reader = Mutex::new(File::open(path).map_err(failed)?);
        Ok((journal, Memory { reader, spots }))
    }

    fn locked(self) -> Result<Self, FileError> {
        match self.file.try_lock() {
            Err(std::fs::TryLockError::WouldBlock) => {
                let busy = io::Error::new(io::ErrorKind::ResourceBusy, "another process is collecting into it");
                Err(FileError::io("write", &self.path, busy))
            }
            // A file system without locks leaves it to whoever starts two collections to give them two names.
            Ok(()) | Err(std::fs::TryLockError::Error(_)) => Ok(self),
        }
    }

    pub(super) fn append(&mut self, line: &[u8]) -> Result<Spot, FileError> {
        let failed = |source| FileError::io("write", &self.path, source);
        let length = u32::try_from(line.len()).map_err(|error| failed(io::Error::other(error)))?;
        if let Err(source) = self.file.write_all(line) {
            // What was written of it would make the next line unreadable.
            let _ = self.file.set_len(self.end);
            return Err(failed(source));
        }
        let spot = Spot { offset: self.end, length };
        self.end += spot.bytes();
        Ok(spot)
    }

    /// A second way into the file, for reading.
    pub(super) fn reader(&self) -> Result<Reader, FileError> {
        let file = File::open(&self.path).map_err(|source| FileError::io("open", &self.path, source))?;
        Ok(Reader { path: self.path.clone(), file })
    }
}

/// Reads lines of a journal.
pub(super) struct Reader {
    path: PathBuf,
    file: File,
}

impl Reader {
    pub(super) fn read(&mut self, spot: Spot, line: &mut Vec<u8>) -> Result<(), FileError> {
        read(&mut self.file, spot, line).map_err(|source| FileError::io("read", &self.path, source))
    }
}

fn read(file: &mut File, spot: Spot, line: &mut Vec<u8>) -> io::Result<()> {
    line.clear();
    file.seek(SeekFrom::Start(spot.offset))?;
    let found = file.take(spot.bytes()).read_to_end(line)? as u64;
    if found == spot.bytes() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// What an earlier process had asked.
#[derive(Debug)]
pub(super) struct Memory {
    reader: Mutex<File>,
    spots: BTreeMap<u64, Spot>,
}

impl Memory {
    /// The last answer to a question, if it is sound.
    pub(super) fn call(&self, id: &CallId) -> Option<Call> {
        let call: Call = serde_json::from_slice(&self.line(id)?.1).ok()?;
        (call.id == *id && check::call(&call).is_ok()).then_some(call)
    }

    /// Where a line stands already.
    pub(super) fn spot(&self, id: &CallId, line: &[u8]) -> Option<Spot> {
        self.line(id).filter(|(_, found)| found == line).map(|(spot, _)| spot)
    }

    fn line(&self, id: &CallId) -> Option<(Spot, Vec<u8>)> {
        let spot = *self.spots.get(&id.number()?)?;
        let mut line = Vec::new();
        read(&mut self.reader.lock().unwrap_or_else(PoisonError::into_inner), spot, &mut line).ok()?;
        Some((spot, line))
    }
}

/// Looks into what an earlier process left, from whatever task wants to know.
pub(super) fn recall(memory: &Arc<Memory>) -> Recalled {
    let memory = Arc::clone(memory);
    Arc::new(move |id| memory.call(id))
}

/// Where the last line of each call stands, and where the last whole line ends.
fn scan(file: File) -> io::Result<(BTreeMap<u64, Spot>, u64)> {
    let (mut file, mut spots, mut end) = (BufReader::new(file), BTreeMap::new(), 0);
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = file.read_until(b'\n', &mut line)? as u64;
        if !line.ends_with(b"\n") {
            return Ok((spots, end));
        }
        let id = line.strip_prefix(b"{\"id\":\"").and_then(|rest| rest.get(..18));
        let id = id.and_then(|id| CallId::from_file(std::str::from_utf8(id).ok()?).number());
        if let (Some(id), Ok(length)) = (id, u32::try_from(length)) {
            spots.insert(id, Spot { offset: end, length });
        }
        end += length;
    }
}

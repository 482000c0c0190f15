//! A directory as one ZIP file (APPNOTE 6.3.10): the same files, the same bytes.
//!
//! The files stand in the order in which they come, under one folder, all with the same time and mode. What is written
//! depends on nothing but their names and contents: the compressor is a fixed, portable one, not the system's. A file is
//! read in blocks, and its size and checksum follow it, so any size fits in the same memory. The 64-bit forms are
//! written only where the 32-bit ones do not hold the number.

mod fields;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use flate2::{Compression, Crc, write::DeflateEncoder};

use fields::{Entry, central, data_descriptor, end, local};

/// A file that goes into an archive.
#[derive(Clone, Debug)]
pub struct Member {
    /// Below the archive's folder, with `/`.
    pub name: String,
    /// Where it is read from.
    pub path: PathBuf,
}

/// The numbers that the 32-bit forms hold. The real ones, but for tests.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Files of this size and more get 64-bit sizes: some room below 4 GiB, because what cannot be compressed grows.
    size: u64,
    /// Offsets from here on get 64 bits.
    offset: u64,
    /// From this many entries on their count gets 64 bits.
    entries: u64,
}

const LIMITS: Limits = Limits { size: 0xf000_0000, offset: 0xffff_ffff, entries: 0xffff };

/// How much of a file is in memory at a time.
const BLOCK: usize = 1 << 16;

/// Writes an archive of these files under one folder.
///
/// # Errors
/// When a file cannot be read, or changes its size meanwhile, or `out` does not take what is written.
pub fn write(folder: &str, members: &[Member], out: impl Write) -> io::Result<()> {
    write_within(LIMITS, folder, members, out)
}

fn write_within(limits: Limits, folder: &str, members: &[Member], out: impl Write) -> io::Result<()> {
    let mut out = Counted { out, written: 0 };
    let mut entries = Vec::with_capacity(members.len());
    for member in members {
        entries.push(add(limits, format!("{folder}/{}", member.name), &member.path, &mut out)?);
    }
    let begin = out.written;
    for entry in &entries {
        out.write_all(&central(entry, limits.offset))?;
    }
    let size = out.written - begin;
    let is_large = entries.len() as u64 >= limits.entries || begin >= limits.offset || size >= limits.offset;
    out.write_all(&end(entries.len() as u64, size, begin, is_large))?;
    out.flush()
}

/// One file: its header, its compressed content, its numbers.
fn add(limits: Limits, name: String, path: &Path, out: &mut Counted<impl Write>) -> io::Result<Entry> {
    let mut file = File::open(path).map_err(|error| about(path, &error))?;
    let announced = file.metadata().map_err(|error| about(path, &error))?.len();
    let mut entry = Entry { name, offset: out.written, large: announced >= limits.size, ..Entry::default() };
    out.write_all(&local(&entry))?;
    let begin = out.written;
    let mut crc = Crc::new();
    let mut deflate = DeflateEncoder::new(&mut *out, Compression::default());
    let mut block = vec![0; BLOCK];
    loop {
        let read = file.read(&mut block).map_err(|error| about(path, &error))?;
        if read == 0 {
            break;
        }
        crc.update(&block[..read]);
        entry.size += read as u64;
        deflate.write_all(&block[..read])?;
    }
    deflate.finish()?;
    if entry.size != announced {
        return Err(about(path, &io::Error::other("it changed while it was read")));
    }
    entry.crc = crc.sum();
    entry.compressed = out.written - begin;
    out.write_all(&data_descriptor(&entry))?;
    Ok(entry)
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot read `{}`: {error}", path.display()))
}

/// Counts what goes through.
struct Counted<W> {
    out: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

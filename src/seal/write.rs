//! Writes a pack: beside its target, the manifest last, renamed into place.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::manifest::{Entry, MANIFEST, Manifest};
use crate::files::{self, Existing, FileError, Staging};
use crate::snapshot::{Tool, hex_digest};

/// Bytes that are gathered before they are hashed and written.
const BLOCK: usize = 1 << 16;

/// A pack that is being written. Dropped before [`PackWriter::finish`], it leaves nothing.
#[derive(Debug)]
pub struct PackWriter {
    staging: Staging,
    entries: Mutex<Vec<Entry>>,
}

impl PackWriter {
    /// Begins a pack.
    ///
    /// # Errors
    /// When the target is there and must not be replaced, or the disk refuses.
    pub fn create(target: &Path, existing: Existing) -> Result<Self, FileError> {
        Ok(Self { staging: Staging::create(target, existing)?, entries: Mutex::default() })
    }

    /// Adds a file; `path` is below the pack, with `/`.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn add(&self, path: &str, bytes: &[u8]) -> Result<(), FileError> {
        self.add_with(path, |out| out.write_all(bytes))
    }

    /// Adds a file of any size, which is hashed while it is written; `path` is below the pack, with `/`.
    ///
    /// # Errors
    /// When the disk or `content` refuses.
    pub fn add_with(
        &self,
        path: &str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), FileError> {
        let target = self.staging.path().join(path);
        let mut out = BufWriter::with_capacity(BLOCK, Hashed::new(files::create(&target)?));
        let written = content(&mut out).and_then(|()| out.into_inner().map_err(io::IntoInnerError::into_error));
        let hashed = written.map_err(|source| FileError::io("write", &target, source))?;
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(hashed.entry(path));
        Ok(())
    }

    /// Seals the pack and gives it its name. Gives back its manifest.
    ///
    /// # Errors
    /// When the disk refuses; nothing is then left under the target's name that was not there before.
    pub fn finish(self, tool: Tool, retain_until: NaiveDate) -> Result<Manifest, FileError> {
        self.finish_with(tool, retain_until, |_, _| Ok(()))
    }

    /// The same, with what else seals the pack: `seal` is shown where the pack is being written, and its manifest, which
    /// lies there already.
    ///
    /// # Errors
    /// When the disk or `seal` refuses; nothing is then left under the target's name that was not there before.
    pub fn finish_with<E: From<FileError>>(
        self,
        tool: Tool,
        retain_until: NaiveDate,
        seal: impl FnOnce(&Path, &Manifest) -> Result<(), E>,
    ) -> Result<Manifest, E> {
        let entries = self.entries.into_inner().unwrap_or_else(PoisonError::into_inner);
        let manifest = Manifest::new(tool, retain_until, entries);
        files::write(&self.staging.path().join(MANIFEST), &manifest.to_bytes())?;
        seal(self.staging.path(), &manifest)?;
        self.staging.commit()?;
        Ok(manifest)
    }
}

/// A file that is hashed while it is written.
struct Hashed {
    file: File,
    digest: Sha256,
    bytes: u64,
}

impl Hashed {
    fn new(file: File) -> Self {
        Self { file, digest: Sha256::new(), bytes: 0 }
    }

    fn entry(self, path: &str) -> Entry {
        Entry { path: path.to_owned(), sha256: hex_digest(&self.digest.finalize()), bytes: self.bytes }
    }
}

impl Write for Hashed {
    fn write(&mut self, block: &[u8]) -> io::Result<usize> {
        let written = self.file.write(block)?;
        self.digest.update(&block[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::hex_sha256;

    #[test]
    fn a_pack_appears_only_when_it_is_finished() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("pack");
        let writer = PackWriter::create(&target, Existing::Refuse).expect("begins");
        writer.add("evidence/a.jsonl", b"{}\n").expect("adds");
        assert!(!target.exists());
        drop(writer);
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
    }

    #[test]
    fn a_pack_that_cannot_be_sealed_does_not_appear() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("pack");
        let writer = PackWriter::create(&target, Existing::Refuse).expect("begins");
        writer.add("a.md", b"one").expect("adds");
        let day = NaiveDate::from_ymd_opt(2032, 12, 31).expect("a date");
        let refused = writer.finish_with(Tool::this(), day, |staging, manifest| {
            assert!(staging.join(MANIFEST).is_file() && manifest.files.len() == 1);
            Err(FileError::io("sign", staging, io::ErrorKind::TimedOut.into()))
        });
        assert!(refused.is_err());
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
    }

    #[test]
    fn the_manifest_lists_every_other_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("pack");
        let writer = PackWriter::create(&target, Existing::Refuse).expect("begins");
        writer.add("index.md", b"# Pack\n").expect("adds");
        writer.add("evidence/a.jsonl", b"{}\n").expect("adds");
        let day = NaiveDate::from_ymd_opt(2032, 12, 31).expect("a date");
        let manifest = writer.finish(Tool::this(), day).expect("finishes");
        let paths: Vec<&str> = manifest.files.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["evidence/a.jsonl", "index.md"]);
        assert_eq!(std::fs::read(target.join(MANIFEST)).expect("the manifest"), manifest.to_bytes());
        for entry in &manifest.files {
            let bytes = std::fs::read(target.join(&entry.path)).expect("the file");
            assert_eq!((hex_sha256(&bytes), bytes.len() as u64), (entry.sha256.clone(), entry.bytes));
        }
    }
}

//! `ticket`: one page for a ticket, and the pack as one file to attach.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::args;
use super::failure::Failure;
use super::remote::Source;
use super::terminal::Terminal;
use crate::archive;
use crate::exit::Exit;
use crate::files::FileError;
use crate::pack::{ArchiveDigest, Sealed, Ticket, archive_folder};
use crate::render::{self, TicketFormat};
use crate::snapshot::hex_digest;

/// What the file is called in the ticket, wherever it is written to.
const NAME: &str = "pack.zip";

/// Exit code 0 whatever the verdicts are: a ticket is written because something is open.
pub(super) fn run(options: &args::Ticket, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let source = Source::open(&options.pack, terminal)?;
    let sealed = Sealed::open(source.path())?;
    let archive = match &options.zip {
        Some(target) => written(&sealed, target, options.force)?,
        None => digest(&sealed, io::sink()).map_err(Failure::usage)?,
    };
    if let Some(target) = &options.zip {
        terminal.say(&format!("Wrote {} ({} bytes).", target.display(), archive.bytes));
    }
    let format = match options.format {
        args::TicketFormat::Md => TicketFormat::Markdown,
        args::TicketFormat::Adf => TicketFormat::Adf,
        args::TicketFormat::Json => TicketFormat::Json,
    };
    terminal.data(&render::ticket(Ticket::new(&sealed, archive), format)?)?;
    Ok(Exit::Success)
}

/// The archive on the disk: beside its name until it is whole.
fn written(sealed: &Sealed, target: &Path, force: bool) -> Result<ArchiveDigest, Failure> {
    if !force && target.symlink_metadata().is_ok() {
        let failure = Failure::usage(FileError::Exists { path: target.to_owned() });
        return Err(failure.hint("choose another name, or pass --force to replace it"));
    }
    if is_within(target, sealed.directory()) {
        let failure =
            Failure::usage(format!("cannot write `{}` into the pack: that would break its seal", target.display()));
        return Err(failure.hint("choose a name outside of the pack"));
    }
    let partial = Partial(super::pack::hidden_beside(target, "partial"));
    let io = |action: &'static str| move |source: io::Error| Failure::from(FileError::io(action, target, source));
    let file = File::create(&partial.0).map_err(io("write"))?;
    let digest = digest(sealed, BufWriter::new(&file)).map_err(io("write"))?;
    file.sync_all().map_err(io("write"))?;
    std::fs::rename(&partial.0, target).map_err(io("write"))?;
    Ok(digest)
}

/// Whether a file would lie in a directory, whatever way the two are written.
fn is_within(target: &Path, directory: &Path) -> bool {
    let parent = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real(parent).starts_with(real(directory))
}

/// Writes the archive to wherever `out` leads, and says what it is.
fn digest(sealed: &Sealed, out: impl Write) -> io::Result<ArchiveDigest> {
    let folder = archive_folder(&sealed.results.period.name);
    let mut out = Hashed { out, digest: Sha256::new(), bytes: 0 };
    archive::write(&folder, &sealed.members()?, &mut out)?;
    Ok(ArchiveDigest { name: NAME.to_owned(), folder, bytes: out.bytes, sha256: hex_digest(&out.digest.finalize()) })
}

/// A file that is removed unless it got its name.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Hashes and counts what goes through.
struct Hashed<W> {
    out: W,
    digest: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

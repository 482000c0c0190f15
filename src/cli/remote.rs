//! `s3://` on the command line: a directory of this machine for the work, and an object store for what lasts.

use std::fs::{self, DirBuilder};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args;
use super::failure::Failure;
use super::inputs;
use super::terminal::Terminal;
use crate::collect::Connection;
use crate::files::Existing;
use crate::store::{self, Location, Remote, StoreError, Upload, Uploaded};

/// How long the removal of a failed upload may take; whoever pressed a key waits for it.
const WITHDRAW: Duration = Duration::from_secs(10);

/// Where a snapshot or a pack is read from: the directory that was named, or a copy of what is in an object store.
pub(super) struct Source {
    directory: PathBuf,
    /// Removes the copy.
    _scratch: Option<Scratch>,
}

impl Source {
    /// Takes a directory as it is, and copies what is in an object store to a directory of this machine.
    pub(super) fn open(named: &Path, terminal: &Terminal) -> Result<Self, Failure> {
        let Some(location) = Location::parse(named).transpose()? else {
            return Ok(Self { directory: named.to_owned(), _scratch: None });
        };
        terminal.say(&format!("Reading {location}."));
        let scratch = Scratch::new()?;
        let directory = scratch.0.join("copy");
        let session = Session::open(&Connection::default(), &location)?;
        session.run(session.remote.download(&directory))?;
        Ok(Self { directory, _scratch: Some(scratch) })
    }

    /// All of them, in the same order.
    pub(super) fn all(named: &[PathBuf], terminal: &Terminal) -> Result<Vec<Self>, Failure> {
        named.iter().map(|named| Self::open(named, terminal)).collect()
    }

    /// The directory to read.
    pub(super) fn path(&self) -> &Path {
        &self.directory
    }
}

/// Where a snapshot or a pack is written to: the directory that was named, or one that is then copied to an object
/// store.
pub(super) struct Destination {
    directory: PathBuf,
    existing: Existing,
    upload: Option<(Session, Scratch)>,
}

impl Destination {
    /// Fails where the result could not be kept, before the work that leads to it.
    pub(super) fn open(output: &args::Output, aws: &args::Aws) -> Result<Self, Failure> {
        let existing = if output.force { Existing::Replace } else { Existing::Refuse };
        let Some(location) = Location::parse(&output.out).transpose()? else {
            return Ok(Self { directory: output.out.clone(), existing, upload: None });
        };
        let connection = Connection {
            profile: aws.profile.clone(),
            region: aws.regions.first().filter(|region| *region != "all").cloned(),
            endpoint_url: aws.endpoint_url.clone(),
            attempt_timeout: aws.timeout,
        };
        let session = Session::open(&connection, &location)?;
        session.run(session.remote.check(existing))?;
        let scratch = Scratch::new()?;
        Ok(Self { directory: scratch.0.join("new"), existing, upload: Some((session, scratch)) })
    }

    /// The directory to write.
    pub(super) fn path(&self) -> &Path {
        &self.directory
    }

    /// What to do when that directory is already there.
    pub(super) fn existing(&self) -> Existing {
        if self.upload.is_some() { Existing::Refuse } else { self.existing }
    }

    /// Copies the finished directory to the object store, if there is one. Nothing of it counts before all of it is there.
    pub(super) fn publish(self, terminal: &Terminal) -> Result<(), Failure> {
        let Some((session, _scratch)) = self.upload else { return Ok(()) };
        terminal.say(&format!("Writing to {}.", session.remote.location()));
        let upload = Upload::new(&session.remote, &self.directory, self.existing, (inputs::clock())())?;
        match session.run(upload.run()) {
            Ok(Uploaded { left: Some(left), .. }) => {
                terminal.warn(&format!("{left}; it harms nobody, and may be removed"));
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(failure) if session.withdrawn(&upload) => Err(failure),
            Err(failure) => {
                let place = session.remote.location();
                terminal.warn(&format!("what was uploaded to {place} stays there, and is taken for nothing finished"));
                Err(failure)
            }
        }
    }
}

/// A way to an object store, and what runs it.
struct Session {
    runtime: tokio::runtime::Runtime,
    remote: Remote,
}

impl Session {
    fn open(connection: &Connection, location: &Location) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::usage(format!("cannot start: {error}")))?;
        let clock = inputs::clock();
        let remote = interruptible(&runtime, store::connect(connection, &clock, location))?;
        Ok(Self { runtime, remote })
    }

    /// Whether what a failed upload has put is gone again. Where the network is what failed, it stays.
    fn withdrawn(&self, upload: &Upload) -> bool {
        let within = async { tokio::time::timeout(WITHDRAW, upload.withdraw()).await };
        self.runtime.block_on(within).unwrap_or(false)
    }

    fn run<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, Failure> {
        interruptible(&self.runtime, work)
    }
}

/// Runs to the end, or to the first signal from the keyboard.
fn interruptible<T>(
    runtime: &tokio::runtime::Runtime,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, Failure> {
    runtime.block_on(async {
        tokio::select! {
            biased;
            _ = tokio::signal::ctrl_c() => Err(Failure::interrupted()),
            done = work => Ok(done?),
        }
    })
}

/// A directory of this machine that only its owner can read, until it is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Failure> {
        let parent = std::env::temp_dir();
        let mut last = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        for number in 0..1000 {
            let path = parent.join(format!("pinpoint-evidence-{}-{number}", std::process::id()));
            match private(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => last = error,
                Err(error) => {
                    last = error;
                    break;
                }
            }
        }
        let failure = Failure::usage(format!("cannot make a directory in `{}`: {last}", parent.display()));
        Err(failure.hint("point TMPDIR to a directory that you may write to"))
    }
}

fn private(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

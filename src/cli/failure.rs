//! What went wrong, in one sentence, with the next step and the exit code.

use std::fmt;
use std::path::Path;

use crate::collect::{CallerError, CollectError, ConnectError, FleetError, KmsError};
use crate::config::ConfigError;
use crate::diff::DiffError;
use crate::exit::Exit;
use crate::files::{self, FileError};
use crate::fill::FillError;
use crate::pack::SealedError;
use crate::render::RenderError;
use crate::snapshot::read::ReadError;
use crate::snapshot::several::SnapshotsError;
use crate::snapshot::write::{ResumeError, WriteError};
use crate::store::StoreError;

/// Why a command did not do what it was asked.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    message: String,
    hint: Option<String>,
    exit: Exit,
}

impl Failure {
    pub(super) fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), hint: None, exit }
    }

    pub(super) fn usage(message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn maybe_hint(mut self, hint: Option<impl Into<String>>) -> Self {
        self.hint = hint.map(Into::into);
        self
    }

    pub(super) const fn exit(&self) -> Exit {
        self.exit
    }

    pub(super) fn lines(&self) -> (&str, Option<&str>) {
        (&self.message, self.hint.as_deref())
    }

    /// The same for a command that can do without AWS.
    pub(super) fn or_offline(mut self) -> Self {
        self.hint = self.hint.map(|hint| format!("{hint}; or fill the file by hand, with --offline"));
        self
    }

    /// The same for a collection that can be gone on with, if it left anything.
    pub(super) fn resumable(self, target: &Path) -> Self {
        if !files::lasting(target).join("plan.json").is_file()
            || self.hint.as_ref().is_some_and(|hint| hint.contains("--resume"))
        {
            return self;
        }
        let before = self.hint.as_ref().map(|hint| format!("{hint}; ")).filter(|_| self.exit != Exit::Interrupted);
        let hint = format!(
            "{}what was read so far is kept: `pinpoint-evidence collect --resume {}` goes on with it",
            before.unwrap_or_default(),
            target.display()
        );
        self.hint(hint)
    }

    /// Stopped from the keyboard.
    pub(super) fn interrupted() -> Self {
        Self::new(Exit::Interrupted, "interrupted; nothing was written under the final name")
            .hint("run the same command again; there is nothing to clean up")
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error).hint("`pinpoint-evidence schema config` lists every key")
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::usage(&error).maybe_hint(error.hint())
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::usage(&error).maybe_hint(error.hint())
    }
}

impl From<ResumeError> for Failure {
    fn from(error: ResumeError) -> Self {
        match error {
            ResumeError::File(error) => error.into(),
            ResumeError::Read(error) => error.into(),
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match &error {
            ReadError::Missing { .. } => {
                Self::usage(&error).hint("name the directory that `pinpoint-evidence collect --out DIR` wrote")
            }
            ReadError::Io { .. } => Self::usage(&error),
            ReadError::Damaged { .. } => {
                Self::new(Exit::Integrity, &error).hint("take a copy that nobody changed, or collect again")
            }
        }
    }
}

impl From<SnapshotsError> for Failure {
    fn from(error: SnapshotsError) -> Self {
        match error {
            SnapshotsError::Read(error) => error.into(),
            other => Self::usage(other).hint("name each snapshot once, with --from"),
        }
    }
}

impl From<SealedError> for Failure {
    fn from(error: SealedError) -> Self {
        match &error {
            SealedError::Unreadable { .. } => {
                Self::usage(&error).hint("name the directory that `pinpoint-evidence pack --out DIR` wrote")
            }
            SealedError::Damaged { path, .. } => Self::new(Exit::Integrity, &error)
                .hint(format!("`pinpoint-evidence verify {}` lists every deviation", path.display())),
        }
    }
}

impl From<DiffError> for Failure {
    fn from(error: DiffError) -> Self {
        match error {
            DiffError::Read(error) => error.into(),
            DiffError::Declarations { ref pack, .. } | DiffError::Untrue { ref pack, .. } => {
                let hint = format!("`pinpoint-evidence verify {pack}` lists every deviation");
                Self::new(Exit::Integrity, &error).hint(hint)
            }
        }
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        Self::usage(format!("failed to connect to AWS: {error}")).hint(error.hint())
    }
}

impl From<CallerError> for Failure {
    fn from(error: CallerError) -> Self {
        // Without an account nothing can be filed, so nothing could be evaluated.
        Self::new(Exit::NothingEvaluated, &error).hint(error.hint())
    }
}

impl From<FleetError> for Failure {
    fn from(error: FleetError) -> Self {
        Self::usage(&error).hint(error.hint())
    }
}

impl From<KmsError> for Failure {
    fn from(error: KmsError) -> Self {
        Self::usage(format!("failed to sign: {error}")).hint(error.hint())
    }
}

impl From<CollectError> for Failure {
    fn from(error: CollectError) -> Self {
        Self::usage(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let exit = if matches!(error, StoreError::Name { .. }) { Exit::Integrity } else { Exit::Usage };
        Self::new(exit, &error).maybe_hint(error.hint())
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Self::usage(format!("failed to write the documents: {error}")).hint("please report this as a bug")
    }
}

impl From<FillError> for Failure {
    fn from(error: FillError) -> Self {
        Self::usage(error).hint("please report this as a bug")
    }
}

//! From a directory to an object store, the file by which the whole is known last.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::{MultipartUpload, ObjectStoreExt as _, PutMode, PutOptions, PutPayload, UpdateVersion};

use super::{AT_ONCE, CLAIM, Found, PART, Remote, StoreError, version};
use crate::files::{Existing, FileError, OURS};
use crate::snapshot::{hex_digest, time};

/// One upload of one directory.
#[derive(Debug)]
pub struct Upload {
    remote: Remote,
    existing: Existing,
    directory: PathBuf,
    /// The paths of all files but the marker, in order.
    paths: Vec<String>,
    marker: &'static str,
    /// Who writes: different in each upload.
    claim: Vec<u8>,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// How many objects.
    pub files: u64,
    /// What could not be tidied up, which harms nobody.
    pub left: Option<String>,
}

impl Upload {
    /// Prepares to copy a snapshot or a pack.
    ///
    /// # Errors
    /// When the directory cannot be read, or is neither.
    pub fn new(remote: &Remote, directory: &Path, existing: Existing, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let mut paths = Vec::new();
        walk(directory, "", &mut paths)?;
        let not_ours = || FileError::NotOurs { path: directory.to_owned() };
        let marker = OURS.into_iter().find(|marker| paths.iter().any(|path| path == marker)).ok_or_else(not_ours)?;
        paths.retain(|path| path != marker);
        paths.sort();
        let claim = format!("{{\"began\":\"{}\",\"by\":\"{}\"}}\n", time::format(now), nonce()).into_bytes();
        Ok(Self { remote: remote.clone(), existing, directory: directory.to_owned(), paths, marker, claim })
    }

    /// Claims the prefix, puts every file, and the marker last, on condition that nobody else put one.
    ///
    /// # Errors
    /// When something is there that must not be replaced, when somebody else writes there, or when store or disk
    /// refuse. What was put then has no marker; [`Upload::withdraw`] removes it.
    pub async fn run(&self) -> Result<Uploaded, StoreError> {
        let claimed = self.claim().await?;
        let found = self.remote.look().await?;
        if let Err(refused) = self.remote.allows(&found, self.existing, claimed.took_over) {
            self.remove(CLAIM, &self.remote.key(CLAIM)?).await?;
            return Err(refused);
        }
        stream::iter(self.paths.iter().map(|path| self.put(path)))
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        self.require_claim().await?;
        self.remove_leftovers(&found).await?;
        self.put_marker(found.marker().map(|(_, object)| version(object))).await?;
        let left = self.remote.store.delete(&self.remote.key(CLAIM)?).await.err();
        let left = left.map(|error| self.remote.failed("remove", CLAIM, &error).to_string());
        Ok(Uploaded { files: self.paths.len() as u64 + 1, left })
    }

    /// Removes what an upload that failed has put, as far as it was its own, and says whether nothing is left.
    pub async fn withdraw(&self) -> bool {
        self.try_withdraw().await.is_ok_and(|withdrawn| withdrawn)
    }

    async fn try_withdraw(&self) -> Result<bool, StoreError> {
        if !self.holds_claim().await? {
            return Ok(true);
        }
        // What was there before is partly replaced; its remains and the claim show that.
        let found = self.remote.look().await?;
        if found.marker().is_some() || self.existing == Existing::Replace {
            return Ok(false);
        }
        let own = found.files.iter().filter(|(path, _)| self.paths.contains(path));
        for (path, object) in own {
            self.remove(path, &object.location).await?;
        }
        self.remove(CLAIM, &self.remote.key(CLAIM)?).await?;
        Ok(true)
    }

    pub(super) async fn claim(&self) -> Result<Claimed, StoreError> {
        // When the answer to the first attempt got lost, the second finds the claim of the first.
        if self.put_if(CLAIM, &self.claim, PutMode::Create).await? || self.holds_claim().await? {
            return Ok(Claimed { took_over: false });
        }
        let found = self.remote.look().await?;
        let Some(theirs) = found.claim else {
            return Err(StoreError::Superseded { location: self.remote.location.clone() });
        };
        if self.existing == Existing::Replace
            && self.put_if(CLAIM, &self.claim, PutMode::Update(version(&theirs))).await?
        {
            return Ok(Claimed { took_over: true });
        }
        match found.files.iter().find(|(path, _)| OURS.contains(&path.as_str())) {
            // Whoever finished could not remove its claim.
            Some(_) if self.existing == Existing::Refuse => {
                Err(StoreError::Exists { location: self.remote.location.clone() })
            }
            _ => Err(self.remote.unfinished(&theirs)),
        }
    }

    /// Whether the claim that is there is this upload's own.
    async fn holds_claim(&self) -> Result<bool, StoreError> {
        Ok(self.content(CLAIM).await?.is_some_and(|bytes| bytes == self.claim))
    }

    pub(super) async fn require_claim(&self) -> Result<(), StoreError> {
        if self.holds_claim().await? {
            return Ok(());
        }
        Err(StoreError::Superseded { location: self.remote.location.clone() })
    }

    async fn content(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let failed = |error| self.remote.failed("read", path, &error);
        match self.remote.store.get(&self.remote.key(path)?).await {
            Ok(object) => Ok(Some(object.bytes().await.map_err(failed)?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Puts the marker. When the answer got lost, what is there decides.
    pub(super) async fn put_marker(&self, replaced: Option<UpdateVersion>) -> Result<(), StoreError> {
        let path = self.directory.join(self.marker);
        let bytes = fs::read(&path).map_err(|source| StoreError::io("read", &path, source))?;
        let put = self.put_if(self.marker, &bytes, replaced.map_or(PutMode::Create, PutMode::Update)).await;
        if matches!(put, Ok(true)) {
            return Ok(());
        }
        match self.content(self.marker).await {
            Ok(Some(there)) if there == bytes => Ok(()),
            _ => Err(put.err().unwrap_or(StoreError::Superseded { location: self.remote.location.clone() })),
        }
    }

    /// Puts a small object on a condition; says whether the condition held.
    async fn put_if(&self, path: &str, bytes: &[u8], mode: PutMode) -> Result<bool, StoreError> {
        let options = PutOptions { mode, ..PutOptions::default() };
        match self.remote.store.put_opts(&self.remote.key(path)?, bytes.to_vec().into(), options).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => Ok(false),
            Err(error) => Err(self.remote.failed("write", path, &error)),
        }
    }

    /// Puts a file of any size.
    pub(super) async fn put(&self, path: &str) -> Result<(), StoreError> {
        let source = self.directory.join(path);
        let unreadable = |error| StoreError::io("read", &source, error);
        let failed = |error| self.remote.failed("write", path, &error);
        let key = self.remote.key(path)?;
        let mut file = File::open(&source).map_err(unreadable)?;
        let mut part = next_part(&mut file).map_err(unreadable)?;
        if part.len() < PART {
            return self.remote.store.put(&key, part.into()).await.map(drop).map_err(failed);
        }
        let mut upload = self.remote.store.put_multipart(&key).await.map_err(failed)?;
        let put = async {
            while !part.is_empty() {
                upload.put_part(PutPayload::from(std::mem::take(&mut part))).await.map_err(failed)?;
                part = next_part(&mut file).map_err(unreadable)?;
            }
            upload.complete().await.map(drop).map_err(failed)
        };
        let put = put.await;
        if put.is_err() {
            abandon(upload.as_mut()).await;
        }
        put
    }

    /// What was there before and is not replaced: of an earlier pack, or of an upload that was stopped.
    async fn remove_leftovers(&self, found: &Found) -> Result<(), StoreError> {
        let is_new = |path: &str| path == self.marker || self.paths.iter().any(|new| new == path);
        for (path, object) in found.files.iter().filter(|(path, _)| !is_new(path)) {
            self.remove(path, &object.location).await?;
        }
        Ok(())
    }

    async fn remove(&self, path: &str, key: &object_store::path::Path) -> Result<(), StoreError> {
        match self.remote.store.delete(key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.remote.failed("remove", path, &error)),
        }
    }
}

/// A prefix that this upload holds.
pub(super) struct Claimed {
    /// Whether somebody else held it, whose files may lie there.
    took_over: bool,
}

/// The parts of an upload that is given up cost money until they are removed.
async fn abandon(upload: &mut dyn MultipartUpload) {
    let _ = upload.abort().await;
}

/// Up to [`PART`] bytes; fewer only at the end of the file.
fn next_part(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut part = Vec::new();
    file.take(PART as u64).read_to_end(&mut part)?;
    Ok(part)
}

fn walk(directory: &Path, prefix: &str, paths: &mut Vec<String>) -> Result<(), StoreError> {
    let listed = |source| StoreError::io("list", directory, source);
    for entry in fs::read_dir(directory).map_err(listed)? {
        let entry = entry.map_err(listed)?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(listed)?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

/// Sixteen random bytes, as text. Without randomness, the process and its memory tell uploads of one machine apart.
fn nonce() -> String {
    let mut bytes = [0; 16];
    if aws_lc_rs::rand::fill(&mut bytes).is_err() {
        bytes[..4].copy_from_slice(&std::process::id().to_be_bytes());
    }
    hex_digest(&bytes)
}

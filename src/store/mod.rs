//! Snapshots and packs in an object store: `s3://BUCKET/PREFIX`.
//!
//! Below the prefix lie the same files as in a directory, so that whoever copies them holds a snapshot or a pack. What is
//! half written is never taken for a whole: the file by which it is known, `snapshot.json` or `manifest.json`, is put last,
//! on condition that nobody put one meanwhile. While files are on their way, the object [`CLAIM`] holds the prefix, so that
//! two writers never mix their files. What a killed upload leaves has that object and no marker, and is no snapshot.
//!
//! ```text
//! Location ──> connect (credentials, region, endpoint; http) ──> Remote ──> look, upload, download
//! ```
//!
//! Like `collect`, this module talks to the network and knows the names of the SDK; it judges nothing that it carries.

mod connect;
mod download;
mod error;
mod http;
mod location;
#[cfg(test)]
mod tests;
mod upload;

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStore, UpdateVersion};

pub use connect::connect;
pub use error::StoreError;
pub use location::Location;
pub use upload::{Upload, Uploaded};

use crate::files::{Existing, OURS};

/// Holds a prefix while files are put below it; its content says who began and when.
pub const CLAIM: &str = ".unfinished";

/// How many objects are on their way at once. With parts of [`PART`] bytes this bounds the memory of a transfer.
const AT_ONCE: usize = 8;

/// Bytes of a part of a large object; S3 takes at most 10,000 parts, so a file may have 80 GB.
const PART: usize = 8 << 20;

/// A place in an object store that can be reached.
#[derive(Clone, Debug)]
pub struct Remote {
    store: Arc<dyn ObjectStore>,
    location: Location,
}

/// What lies below a prefix.
#[derive(Clone, Debug, Default)]
struct Found {
    /// The paths below the prefix, and what the store says of each, without the claim.
    files: Vec<(String, ObjectMeta)>,
    claim: Option<ObjectMeta>,
}

impl Found {
    /// The file by which a snapshot or a pack is known.
    fn marker(&self) -> Option<&(String, ObjectMeta)> {
        self.files.iter().find(|(path, _)| OURS.contains(&path.as_str()))
    }
}

impl Remote {
    /// Any store, for instance one in memory.
    #[must_use]
    pub fn new(store: Arc<dyn ObjectStore>, location: Location) -> Self {
        Self { store, location }
    }

    /// Where it is.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Whether something may be written there, known before the work that leads to it.
    ///
    /// # Errors
    /// When something is there that must not be replaced, or the store refuses.
    pub async fn check(&self, existing: Existing) -> Result<(), StoreError> {
        let found = self.look().await?;
        match (&found.claim, existing) {
            (Some(claim), Existing::Refuse) if found.marker().is_none() => Err(self.unfinished(claim)),
            (claim, _) => self.allows(&found, existing, claim.is_some()),
        }
    }

    /// Replacing removes what is below a prefix, so a slip such as `--out s3://bucket/logs --force` must find nothing
    /// to remove.
    fn allows(&self, found: &Found, existing: Existing, is_claimed: bool) -> Result<(), StoreError> {
        let location = self.location.clone();
        match (found.marker(), existing, found.files.first()) {
            (Some(_), Existing::Refuse, _) => Err(StoreError::Exists { location }),
            (Some(_), Existing::Replace, _) | (None, _, None) => Ok(()),
            (None, Existing::Replace, _) if is_claimed => Ok(()),
            (None, _, Some((path, _))) => Err(StoreError::NotOurs { location, path: path.clone() }),
        }
    }

    fn unfinished(&self, claim: &ObjectMeta) -> StoreError {
        let since = claim.last_modified.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        StoreError::Unfinished { location: self.location.clone(), since }
    }

    async fn look(&self) -> Result<Found, StoreError> {
        let mut found = Found::default();
        let mut listed = self.store.list(Some(&self.location.root()?));
        while let Some(object) = listed.try_next().await.map_err(|error| self.failed("list", "", &error))? {
            match self.location.below(&object.location) {
                Some(path) if path == CLAIM => found.claim = Some(object),
                Some(path) => found.files.push((path, object)),
                None => {}
            }
        }
        Ok(found)
    }

    fn key(&self, path: &str) -> Result<Key, StoreError> {
        self.location.key(path)
    }

    /// What went wrong with the object at a path, in the words of this module.
    fn failed(&self, action: &'static str, path: &str, error: &object_store::Error) -> StoreError {
        error::classify(&self.location, action, path, error)
    }
}

/// The version of an object, as a condition on replacing it.
fn version(object: &ObjectMeta) -> UpdateVersion {
    UpdateVersion { e_tag: object.e_tag.clone(), version: object.version.clone() }
}

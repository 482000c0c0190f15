//! From an object store to a directory. What arrived is checked by whoever reads it there, hash by hash, as ever.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::{ObjectMeta, ObjectStoreExt as _};

use super::{AT_ONCE, Remote, StoreError};
use crate::files;

/// How long the next bytes of an object may take.
const NEXT: Duration = Duration::from_mins(1);

impl Remote {
    /// Copies every object below the prefix into a directory that is new and empty.
    ///
    /// # Errors
    /// When there is no finished snapshot or pack, when a name is no plain path, or when store or disk refuse.
    pub async fn download(&self, directory: &Path) -> Result<(), StoreError> {
        let found = self.look().await?;
        if found.marker().is_none() {
            return Err(match &found.claim {
                Some(claim) => self.unfinished(claim),
                None => StoreError::Missing { location: self.location.clone() },
            });
        }
        let unusual = found.files.iter().find(|(path, _)| !is_plain(path));
        if let Some((path, _)) = unusual {
            return Err(self.location.unusual(path));
        }
        let fetched = found.files.iter().map(|(path, object)| self.fetch(path, object, directory));
        stream::iter(fetched).buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn fetch(&self, path: &str, object: &ObjectMeta, directory: &Path) -> Result<(), StoreError> {
        let failed = |error| self.failed("read", path, &error);
        let target = directory.join(path);
        let mut file: File = files::create(&target)?;
        let mut bytes = self.store.get(&object.location).await.map_err(failed)?.into_stream();
        loop {
            let next = tokio::time::timeout(NEXT, bytes.try_next()).await;
            let next = next.map_err(|_| StoreError::Failed {
                action: "read",
                object: format!("{}/{path}", self.location),
                what: format!("nothing came for {} seconds", NEXT.as_secs()),
            })?;
            let Some(block) = next.map_err(failed)? else { return Ok(()) };
            file.write_all(&block).map_err(|source| StoreError::io("write", &target, source))?;
        }
    }
}

/// Whether a name means the same file everywhere, and one below the directory.
fn is_plain(path: &str) -> bool {
    !path.contains('\\') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn only_plain_paths_become_files() {
        assert!(is_plain("calls/111122223333/us-east-1/pinpoint.jsonl"));
        assert!(is_plain("evidence/earlier/2026-10-01T00:00:00.000Z/snapshot.json"));
        for path in ["../a", "a/../../b", "/a", "a\\..\\b", "./a", "a//b", "a/"] {
            assert!(!is_plain(path), "{path}");
        }
    }
}

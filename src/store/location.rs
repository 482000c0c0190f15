//! `s3://BUCKET/PREFIX`, as people write it.

use std::fmt;
use std::path::Path;

use object_store::path::Path as Key;

use super::error::StoreError;

const SCHEME: &str = "s3://";

/// A bucket and a prefix in it, which is never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    bucket: String,
    prefix: String,
}

impl Location {
    /// What a path on the command line names, when it is no directory but a place in an object store.
    ///
    /// # Errors
    /// When it begins like one and is none.
    #[must_use]
    pub fn parse(path: &Path) -> Option<Result<Self, StoreError>> {
        let rest = path.to_str()?.strip_prefix(SCHEME)?;
        let wrong = |what| Err(StoreError::Address { text: format!("{SCHEME}{rest}"), what });
        let Some((bucket, prefix)) = rest.split_once('/') else { return Some(wrong("it names no prefix in a bucket")) };
        let prefix = prefix.trim_end_matches('/');
        Some(match Key::parse(prefix) {
            _ if !is_bucket(bucket) => wrong("its bucket has no such name in Amazon S3"),
            _ if prefix.is_empty() => wrong("it names no prefix in a bucket"),
            Ok(key) if key.as_ref() == prefix => Ok(Self { bucket: bucket.to_owned(), prefix: prefix.to_owned() }),
            _ => wrong("its prefix has an empty or unusual part"),
        })
    }

    /// The bucket.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    pub(super) fn root(&self) -> Result<Key, StoreError> {
        Key::parse(&self.prefix).map_err(|_| self.unusual(""))
    }

    /// The key of a file below the prefix.
    pub(super) fn key(&self, path: &str) -> Result<Key, StoreError> {
        let text = format!("{}/{path}", self.prefix);
        // The parser would drop a slash at either end.
        let key = Key::parse(&text).ok().filter(|key| key.as_ref() == text);
        key.ok_or_else(|| self.unusual(path))
    }

    /// The path below the prefix; `None` for the prefix itself, which some tools keep as an empty object.
    pub(super) fn below(&self, key: &Key) -> Option<String> {
        let path = key.as_ref().strip_prefix(&self.prefix)?.strip_prefix('/')?;
        (!path.is_empty()).then(|| path.to_owned())
    }

    pub(super) fn unusual(&self, path: &str) -> StoreError {
        StoreError::Name { location: self.clone(), path: path.to_owned() }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.bucket, self.prefix)
    }
}

/// Amazon S3 user guide, "General purpose bucket naming rules": 3 to 63 of lower-case letters, digits, dots and hyphens.
fn is_bucket(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte))
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.ends_with(|last: char| last.is_ascii_alphanumeric())
        && !name.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_bucket_and_a_prefix() {
        let parsed = |text: &str| Location::parse(Path::new(text)).map(|found| found.map(|found| found.to_string()));
        assert!(parsed("2026-Q4").is_none());
        assert!(parsed("./s3:/b/p").is_none());
        for text in ["s3://evidence/2026-Q4", "s3://my.bucket-1/a/b c/ü", "s3://evidence/x/"] {
            let expected = text.trim_end_matches('/').to_owned();
            assert_eq!(parsed(text).expect("a location").expect("parses"), expected);
        }
        for text in
            ["s3://", "s3://evidence", "s3://evidence/", "s3://Evidence/x", "s3://ab/x", "s3://a..b/x", "s3:///x"]
        {
            assert!(parsed(text).expect("begins like one").is_err(), "{text}");
        }
        for text in ["s3://evidence//x", "s3://evidence/a//b", "s3://evidence/../b", "s3://evidence/a/./b"] {
            assert!(parsed(text).expect("begins like one").is_err(), "{text}");
        }
    }
}

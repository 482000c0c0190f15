//! `manifest.json`: every other file of a pack, with its SHA-256 and size.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{ENVELOPE, TIMESTAMP, same};
use crate::snapshot::{Tool, hex_digest};

/// The name of the manifest in a pack.
pub const MANIFEST: &str = "manifest.json";

/// The value of [`Manifest::schema`].
pub const SCHEMA: &str = "pinpoint-evidence/manifest/v1";

/// The JSON Schema of a manifest.
pub const SCHEMA_JSON: &str = include_str!("manifest.schema.json");

/// The manifest of a pack. The order of the fields is the order in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`SCHEMA`].
    pub schema: String,
    /// Which program wrote the pack.
    pub tool: Tool,
    /// The day until which the pack is kept (45 CFR 164.316(b)(2)(i)).
    pub retain_until: NaiveDate,
    /// One digest over all files: SHA-256 of the lines `<sha256>  <path>` in the order of `files`, each with a line feed.
    pub root: String,
    /// Every other file, by path in byte order.
    pub files: Vec<Entry>,
}

/// One file of a pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Below the pack, with `/`.
    pub path: String,
    /// In lower-case hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl Manifest {
    /// The manifest over these files, whatever their order.
    #[must_use]
    pub fn new(tool: Tool, retain_until: NaiveDate, mut files: Vec<Entry>) -> Self {
        files.sort();
        Self { schema: SCHEMA.to_owned(), tool, retain_until, root: root(&files), files }
    }

    /// As it stands in the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // A value of strings and numbers always serialises.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Whether these bytes are the only ones in which it may stand in the file.
    fn is_written_as(&self, bytes: &[u8]) -> bool {
        bytes.strip_suffix(b"\n").is_some_and(|bytes| {
            same::bytes(bytes, |out| serde_json::to_writer_pretty(out, self).map_err(std::io::Error::from))
        })
    }

    /// The digest of one of its files.
    #[must_use]
    pub fn sha256(&self, path: &str) -> Option<&str> {
        let place = self.files.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok()?;
        self.files.get(place).map(|entry| entry.sha256.as_str())
    }

    /// Where it contradicts itself or is not written as manifests are: the file that it is about, and what about it.
    pub(super) fn faults(&self, bytes: &[u8]) -> Vec<(&str, &'static str)> {
        let mut faults = Vec::new();
        if self.schema != SCHEMA {
            faults.push((MANIFEST, "its schema is not the one that this version reads"));
        }
        if !self.files.windows(2).all(|pair| pair[0].path < pair[1].path) {
            faults.push((MANIFEST, "its files are not in order, or one stands twice"));
        }
        if self.root != root(&self.files) {
            faults.push((MANIFEST, "its root digest is not that of its files"));
        }
        if !self.is_written_as(bytes) {
            faults.push((MANIFEST, "it is not written as manifests are"));
        }
        let mut seen = BTreeSet::new();
        for Entry { path, .. } in &self.files {
            if !is_plain(path) {
                faults.push((path, "no file of a pack has such a path"));
            }
            if !seen.insert(path.to_ascii_lowercase()) {
                faults.push((path, "its path differs from another one in case only"));
            }
        }
        faults
    }
}

/// Whether a path stays below the pack and means the same file on every system: parts of printable ASCII, none of them
/// empty, `.` or `..`, with `/` between them, and not one of the files that seal the pack.
pub(super) fn is_plain(path: &str) -> bool {
    let is_part = |part: &str| !["", ".", ".."].contains(&part);
    path.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'\\')
        && path.split('/').all(is_part)
        && ![MANIFEST, ENVELOPE, TIMESTAMP].iter().any(|name| path.eq_ignore_ascii_case(name))
}

pub(super) fn root(files: &[Entry]) -> String {
    let mut digest = Sha256::new();
    for entry in files {
        digest.update(format!("{}  {}\n", entry.sha256, entry.path));
    }
    hex_digest(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::hex_sha256;

    fn entry(path: &str, content: &str) -> Entry {
        Entry { path: path.into(), sha256: hex_sha256(content.as_bytes()), bytes: content.len() as u64 }
    }

    fn manifest(files: &[Entry]) -> Manifest {
        Manifest::new(Tool::this(), NaiveDate::from_ymd_opt(2032, 12, 31).expect("a date"), files.to_vec())
    }

    #[test]
    fn the_order_of_writing_does_not_matter_and_every_change_does() {
        let (a, b) = (entry("a.md", "one"), entry("b.md", "two"));
        let whole = manifest(&[a.clone(), b.clone()]);
        assert_eq!(whole.to_bytes(), manifest(&[b.clone(), a.clone()]).to_bytes());
        for other in [vec![a.clone()], vec![a.clone(), entry("b.md", "three")], vec![a, entry("c.md", "two")]] {
            assert_ne!(manifest(&other).root, whole.root);
        }
    }

    #[test]
    fn only_plain_paths_are_paths_of_a_pack() {
        for path in ["a", "evidence/earlier/2026-09-30T16:00:00.000Z/snapshot.json", "a b/..c", "...", "verify.py"] {
            assert!(is_plain(path), "{path}");
        }
        let crooked = ["", "/a", "a/", "a//b", "./a", "a/.", "../a", "a/../b", "..", "a\\b", "a\nb", "a\u{e9}", "a\0"];
        for path in crooked.into_iter().chain(["manifest.json", "Manifest.JSON", ENVELOPE, TIMESTAMP]) {
            assert!(!is_plain(path), "{path:?}");
        }
    }

    #[test]
    fn a_manifest_is_written_in_one_way_only() {
        let whole = manifest(&[entry("a.md", "one"), entry("b.md", "two")]);
        let text = String::from_utf8(whole.to_bytes()).expect("UTF-8");
        assert_eq!(whole.faults(text.as_bytes()), []);
        let others = [
            text.trim_end().to_owned(),
            format!("{text}\n"),
            format!(" {text}"),
            text.replacen("  ", " ", 1),
            text.replacen("a.md", "\\u0061.md", 1),
            text.replacen("{\n", "{\n  \"note\": 1,\n", 1),
            serde_json::to_string(&whole).expect("JSON"),
        ];
        for other in others {
            assert_eq!(whole.faults(other.as_bytes()), [(MANIFEST, "it is not written as manifests are")], "{other}");
        }
    }

    #[test]
    fn paths_that_differ_in_case_only_are_named() {
        let both = manifest(&[entry("a/B.md", "one"), entry("a/b.md", "two")]);
        assert_eq!(both.faults(&both.to_bytes()), [("a/b.md", "its path differs from another one in case only")]);
    }

    #[test]
    fn a_manifest_has_the_shape_of_its_schema() {
        let schema: serde_json::Value = serde_json::from_str(SCHEMA_JSON).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let mut document: serde_json::Value =
            serde_json::from_slice(&manifest(&[entry("a.md", "one")]).to_bytes()).expect("JSON");
        assert!(validator.is_valid(&document));
        document["files"][0]["sha256"] = "short".into();
        assert!(!validator.is_valid(&document));
    }
}

//! `manifest.json`: every other file of a pack, with its SHA-256 and size.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

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

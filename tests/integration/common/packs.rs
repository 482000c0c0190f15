//! Packs that somebody rewrote with care: what they say is another thing, and their manifest fits it.

use std::path::Path;

use pinpoint_evidence::seal::{MANIFEST, Manifest};
use pinpoint_evidence::snapshot::hex_sha256;
use serde_json::Value;

use super::bench::json;

/// Changes the results of a pack, and makes the manifest fit.
pub(crate) fn rewrite(pack: &Path, change: impl FnOnce(&mut Value)) {
    let mut results = json(&pack.join("results.json"));
    change(&mut results);
    std::fs::write(pack.join("results.json"), results.to_string()).expect("writes");
    seal_again(pack);
}

/// Makes the manifest fit the files that it lists.
pub(crate) fn seal_again(pack: &Path) {
    let bytes = std::fs::read(pack.join(MANIFEST)).expect("a manifest");
    let mut manifest: Manifest = serde_json::from_slice(&bytes).expect("a manifest");
    for entry in &mut manifest.files {
        let bytes = std::fs::read(pack.join(&entry.path)).expect("a file");
        entry.sha256 = hex_sha256(&bytes);
        entry.bytes = bytes.len() as u64;
    }
    let manifest = Manifest::new(manifest.tool, manifest.retain_until, manifest.files);
    std::fs::write(pack.join(MANIFEST), manifest.to_bytes()).expect("writes");
}

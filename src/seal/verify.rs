//! Compares a pack on disk with its manifest, and lists every deviation.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::manifest::{Entry, MANIFEST, Manifest, SCHEMA};
use crate::snapshot::hex_digest;

/// The files of a pack that the manifest does not list.
const UNLISTED: [&str; 2] = [MANIFEST, "manifest.dsse.json"];

/// One way in which a pack is not what its manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// Which file, below the pack, with `/`.
    pub path: String,
    /// What about it.
    pub what: String,
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.what)
    }
}

/// Reads the manifest of a pack.
///
/// # Errors
/// `Ok` of nothing is never given: where there is no manifest the error says so; one that cannot be parsed is a
/// [`Deviation`].
pub fn manifest(pack: &Path) -> io::Result<Result<Manifest, Deviation>> {
    let bytes = fs::read(pack.join(MANIFEST))?;
    Ok(serde_json::from_slice(&bytes).map_err(|error| deviation(MANIFEST, format!("not a manifest: {error}"))))
}

/// Every deviation of the files from the manifest: changed, removed, added, linked, and a manifest that contradicts
/// itself.
///
/// # Errors
/// When a directory or file cannot be read at all.
pub fn verify(pack: &Path, manifest: &Manifest) -> io::Result<Vec<Deviation>> {
    let mut deviations = contradictions(manifest);
    let mut present = BTreeSet::new();
    walk(pack, "", &mut present)?;
    let listed: BTreeSet<&str> = manifest.files.iter().map(|entry| entry.path.as_str()).collect();
    let added = present.iter().filter(|path| !listed.contains(path.as_str()) && !UNLISTED.contains(&path.as_str()));
    deviations.extend(added.map(|path| deviation(path, "added")));
    for entry in &manifest.files {
        let what = if present.contains(&entry.path) { differs(pack, entry)? } else { Some("removed") };
        deviations.extend(what.map(|what| deviation(&entry.path, what)));
    }
    Ok(deviations)
}

fn deviation(path: &str, what: impl Into<String>) -> Deviation {
    Deviation { path: path.to_owned(), what: what.into() }
}

fn contradictions(manifest: &Manifest) -> Vec<Deviation> {
    let mut deviations = Vec::new();
    if manifest.schema != SCHEMA {
        deviations.push(deviation(MANIFEST, format!("unknown schema {}", manifest.schema)));
    }
    if !manifest.files.windows(2).all(|pair| pair[0].path < pair[1].path) {
        deviations.push(deviation(MANIFEST, "its files are not in order, or one stands twice"));
    }
    if manifest.root != super::manifest::root(&manifest.files) {
        deviations.push(deviation(MANIFEST, "its root digest is not that of its files"));
    }
    deviations
}

/// Every entry below a folder that is not a plain directory; an empty directory stands with a `/` at its end.
fn walk(folder: &Path, prefix: &str, present: &mut BTreeSet<String>) -> io::Result<()> {
    let mut is_empty = true;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        is_empty = false;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), present)?;
        } else {
            present.insert(path);
        }
    }
    if is_empty && !prefix.is_empty() {
        present.insert(prefix.to_owned());
    }
    Ok(())
}

fn differs(pack: &Path, entry: &Entry) -> io::Result<Option<&'static str>> {
    let path = pack.join(&entry.path);
    let found = fs::symlink_metadata(&path)?;
    if !found.is_file() {
        return Ok(Some("not a plain file"));
    }
    let is_same = found.len() == entry.bytes && sha256(&path)? == entry.sha256;
    Ok((!is_same).then_some("changed"))
}

/// Hashes a file of any size in bounded memory.
fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut block = vec![0; 1 << 20];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hex_digest(&digest.finalize())),
            read => digest.update(&block[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::files::Existing;
    use crate::seal::PackWriter;
    use crate::snapshot::Tool;

    fn deviations_after(harm: impl FnOnce(&Path)) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let pack = folder.path().join("pack");
        let mut writer = PackWriter::create(&pack, Existing::Refuse).expect("begins");
        for (path, bytes) in [("a.md", "one"), ("b.md", "two"), ("evidence/c.jsonl", "{}\n")] {
            writer.add(path, bytes.as_bytes()).expect("adds");
        }
        writer.finish(Tool::this(), NaiveDate::from_ymd_opt(2032, 12, 31).expect("a date")).expect("finishes");
        harm(&pack);
        let manifest = manifest(&pack).expect("a manifest").expect("parses");
        verify(&pack, &manifest).expect("reads").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_untouched_pack_has_no_deviation() {
        assert_eq!(deviations_after(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn every_deviation_is_listed() {
        let found = deviations_after(|pack| {
            fs::write(pack.join("a.md"), "ONE").expect("changes");
            fs::remove_file(pack.join("b.md")).expect("removes");
            fs::write(pack.join("evidence/d.jsonl"), "").expect("adds");
            fs::create_dir(pack.join("empty")).expect("adds");
        });
        assert_eq!(found, ["empty/: added", "evidence/d.jsonl: added", "a.md: changed", "b.md: removed"]);
    }

    #[test]
    fn swapped_renamed_and_linked_files_are_noticed() {
        let swap = deviations_after(|pack| {
            fs::rename(pack.join("a.md"), pack.join("x")).expect("moves");
            fs::rename(pack.join("b.md"), pack.join("a.md")).expect("moves");
            fs::rename(pack.join("x"), pack.join("b.md")).expect("moves");
        });
        assert_eq!(swap, ["a.md: changed", "b.md: changed"]);
        let renamed = deviations_after(|pack| fs::rename(pack.join("a.md"), pack.join("A.md")).expect("moves"));
        assert_eq!(renamed, ["A.md: added", "a.md: removed"]);
        #[cfg(unix)]
        {
            let linked = deviations_after(|pack| {
                fs::rename(pack.join("a.md"), pack.with_extension("aside")).expect("moves");
                std::os::unix::fs::symlink(pack.with_extension("aside"), pack.join("a.md")).expect("links");
            });
            assert_eq!(linked, ["a.md: not a plain file"]);
        }
    }

    #[test]
    fn a_manifest_that_was_rewritten_by_hand_contradicts_itself() {
        let found = deviations_after(|pack| {
            let text = fs::read_to_string(pack.join(MANIFEST)).expect("reads");
            fs::write(pack.join("a.md"), "ONE").expect("changes");
            let new = text.replace(&crate::snapshot::hex_sha256(b"one"), &crate::snapshot::hex_sha256(b"ONE"));
            fs::write(pack.join(MANIFEST), new).expect("writes");
        });
        assert_eq!(found, ["manifest.json: its root digest is not that of its files"]);
    }
}

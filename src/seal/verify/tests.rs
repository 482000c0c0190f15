use chrono::NaiveDate;

use super::*;
use crate::files::Existing;
use crate::seal::{Entry, PackWriter};
use crate::snapshot::{Tool, hex_sha256};

fn deviations_after(harm: impl FnOnce(&Path)) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let pack = folder.path().join("pack");
    let writer = PackWriter::create(&pack, Existing::Refuse).expect("begins");
    for (path, bytes) in [("a.md", "one"), ("b.md", "two"), ("evidence/c.jsonl", "{}\n"), VERIFY_PY] {
        writer.add(path, bytes.as_bytes()).expect("adds");
    }
    writer.finish(Tool::this(), NaiveDate::from_ymd_opt(2032, 12, 31).expect("a date")).expect("finishes");
    harm(&pack);
    check(&pack).expect("reads").deviations.iter().map(ToString::to_string).collect()
}

fn edit(pack: &Path, change: impl FnOnce(&mut Manifest)) {
    let mut manifest: Manifest =
        serde_json::from_slice(&fs::read(pack.join(MANIFEST)).expect("reads")).expect("a manifest");
    change(&mut manifest);
    manifest.root = super::super::manifest::root(&manifest.files);
    fs::write(pack.join(MANIFEST), manifest.to_bytes()).expect("writes");
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
        fs::write(pack.join(".hidden"), "").expect("adds");
        fs::create_dir(pack.join("empty")).expect("adds");
        fs::write(pack.join("bell\u{7}\u{202e}"), "").expect("adds");
    });
    let expected = [
        ".hidden: added",
        "bell\\u{7}\\u{202e}: added",
        "empty/: added",
        "evidence/d.jsonl: added",
        "a.md: changed",
        "b.md: removed",
    ];
    assert_eq!(found, expected);
}

#[test]
fn swapped_and_renamed_files_are_noticed() {
    let swap = deviations_after(|pack| {
        fs::rename(pack.join("a.md"), pack.join("x")).expect("moves");
        fs::rename(pack.join("b.md"), pack.join("a.md")).expect("moves");
        fs::rename(pack.join("x"), pack.join("b.md")).expect("moves");
    });
    assert_eq!(swap, ["a.md: changed", "b.md: changed"]);
    let renamed = deviations_after(|pack| fs::rename(pack.join("a.md"), pack.join("A.md")).expect("moves"));
    assert_eq!(renamed, ["A.md: added", "a.md: removed"]);
    let folder = deviations_after(|pack| fs::rename(pack.join("evidence"), pack.join("Evidence")).expect("moves"));
    assert_eq!(folder, ["Evidence/c.jsonl: added", "evidence/c.jsonl: removed"]);
}

#[test]
fn what_stands_in_the_place_of_a_file_is_not_the_file() {
    let folder = deviations_after(|pack| {
        fs::remove_file(pack.join("a.md")).expect("removes");
        fs::create_dir(pack.join("a.md")).expect("creates");
        fs::write(pack.join("a.md/a.md"), "one").expect("writes");
    });
    assert_eq!(folder, ["a.md/a.md: added", "a.md: removed"]);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_not_files() {
    use std::os::unix::fs::symlink;

    let aside = |pack: &Path, name: &str| {
        let aside = pack.with_extension("aside");
        fs::rename(pack.join(name), &aside).expect("moves");
        symlink(aside, pack.join(name)).expect("links");
    };
    assert_eq!(deviations_after(|pack| aside(pack, "a.md")), ["a.md: not a plain file"]);
    let folder = deviations_after(|pack| aside(pack, "evidence"));
    assert_eq!(folder, ["evidence: added", "evidence/c.jsonl: removed"]);
    assert_eq!(deviations_after(|pack| aside(pack, MANIFEST)), ["manifest.json: not a plain file"]);
    let signature = deviations_after(|pack| symlink("a.md", pack.join(ENVELOPE)).expect("links"));
    assert_eq!(signature, ["manifest.dsse.json: not a plain file"]);
    // Nobody writes to it, so whoever opens it waits for ever.
    let pipe = |pack: &Path, name: &str| {
        fs::remove_file(pack.join(name)).expect("removes");
        let made = std::process::Command::new("mkfifo").arg(pack.join(name)).status().expect("mkfifo");
        assert!(made.success());
    };
    assert_eq!(deviations_after(|pack| pipe(pack, "a.md")), ["a.md: not a plain file"]);
    assert_eq!(deviations_after(|pack| pipe(pack, MANIFEST)), ["manifest.json: not a plain file"]);
}

#[test]
fn a_manifest_that_is_missing_or_none_is_said_so() {
    let removed = deviations_after(|pack| fs::remove_file(pack.join(MANIFEST)).expect("removes"));
    assert_eq!(removed, ["manifest.json: removed"]);
    let folder = tempfile::tempdir().expect("a folder");
    assert!(check(folder.path()).is_err() && check(&folder.path().join("none")).is_err());
    let twice = deviations_after(|pack| {
        let text = fs::read_to_string(pack.join(MANIFEST)).expect("reads");
        let line = text.lines().find(|line| line.contains("\"root\"")).expect("a root");
        fs::write(pack.join(MANIFEST), text.replace(line, &format!("{line}\n{line}"))).expect("writes");
    });
    assert!(twice.len() == 1 && twice[0].starts_with("manifest.json: not a manifest: duplicate field `root`"));
}

#[test]
fn a_manifest_that_was_rewritten_by_hand_contradicts_itself() {
    let found = deviations_after(|pack| {
        let text = fs::read_to_string(pack.join(MANIFEST)).expect("reads");
        fs::write(pack.join("a.md"), "ONE").expect("changes");
        let new = text.replace(&hex_sha256(b"one"), &hex_sha256(b"ONE"));
        fs::write(pack.join(MANIFEST), new).expect("writes");
    });
    assert_eq!(found, ["manifest.json: its root digest is not that of its files"]);
}

#[test]
fn a_path_that_leads_elsewhere_is_named_and_not_followed() {
    for path in ["../outside", "/etc/hosts", "evidence/../a.md", "evidence\\c.jsonl", "manifest.json"] {
        let found = deviations_after(|pack| {
            fs::write(pack.with_file_name("outside"), "one").expect("writes");
            edit(pack, |manifest| {
                let (sha256, bytes) = (hex_sha256(b"one"), 3);
                manifest.files.push(Entry { path: path.to_owned(), sha256, bytes });
                manifest.files.sort();
            });
        });
        assert_eq!(found, [format!("{path}: no file of a pack has such a path")], "{path}");
    }
}

//! Files in the repository that follow from the program. Where they do not, they are written again and the test fails
//! once, so that the change is looked at and committed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::bench::files;

/// A path below the repository.
pub(crate) fn path(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

/// Holds a committed folder equal to what the program writes.
#[track_caller]
pub(crate) fn hold_folder(below: &str, fresh: &BTreeMap<String, Vec<u8>>) {
    let committed = path(below);
    let old = if committed.is_dir() { files(&committed) } else { BTreeMap::new() };
    if *fresh == old {
        return;
    }
    let differing: Vec<&String> =
        fresh.keys().chain(old.keys()).filter(|path| fresh.get(*path) != old.get(*path)).collect();
    let _ = std::fs::remove_dir_all(&committed);
    for (name, bytes) in fresh {
        write(&committed.join(name), bytes);
    }
    panic!(
        "{below} was not what the program writes and has been written again; look at it and commit it: {differing:?}"
    );
}

/// Holds a committed file equal to what the program writes.
#[track_caller]
pub(crate) fn hold_file(below: &str, fresh: &str) {
    let committed = path(below);
    if std::fs::read(&committed).is_ok_and(|old| old == fresh.as_bytes()) {
        return;
    }
    write(&committed, fresh.as_bytes());
    panic!("{below} was not what the program writes and has been written again; look at it and commit it");
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
    std::fs::write(path, bytes).expect("writes");
}

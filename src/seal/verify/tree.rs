//! What lies in a pack.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use super::Deviation;

/// Every entry below a folder that is not a plain directory, with `/` between its parts; an empty directory stands with
/// a `/` at its end. Beside them the directories that could not be listed.
pub(super) fn walk(folder: &Path) -> io::Result<(BTreeSet<String>, Vec<Deviation>)> {
    let (mut present, mut unread) = (BTreeSet::new(), Vec::new());
    below(folder, "", &mut present, &mut unread)?;
    unread.sort_unstable();
    Ok((present, unread.into_iter().map(|path| Deviation::new(path, "cannot be read")).collect()))
}

fn below(folder: &Path, prefix: &str, present: &mut BTreeSet<String>, unread: &mut Vec<String>) -> io::Result<()> {
    let mut is_empty = true;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        is_empty = false;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if !entry.file_type()?.is_dir() {
            present.insert(path);
        } else if below(&entry.path(), &format!("{path}/"), present, unread).is_err() {
            unread.push(format!("{path}/"));
        }
    }
    if is_empty && !prefix.is_empty() {
        present.insert(prefix.to_owned());
    }
    Ok(())
}

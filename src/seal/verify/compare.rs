//! The files of a pack against the entries of its manifest, on every core.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sha2::{Digest as _, Sha256};

use super::{Deviation, is_readable};
use crate::files::Identity;
use crate::seal::Entry;
use crate::snapshot::hex_digest;

/// How much of a file each thread holds.
const BLOCK: usize = 1 << 18;
/// More threads than this wait for the disk.
const THREADS: usize = 8;

/// What a thread found of some entries, by their places.
#[derive(Default)]
struct Found {
    deviations: Vec<(usize, &'static str)>,
    whole: Vec<(usize, Identity)>,
}

/// The deviations in the order of the entries, whichever thread finds them; and which files were compared, as they were.
pub(super) fn files(
    pack: &Path,
    entries: &[Entry],
    present: &BTreeSet<String>,
) -> (Vec<Deviation>, BTreeMap<String, Identity>) {
    // The largest first: begun last, one of them would keep one thread busy while the others have nothing to do.
    let mut largest: Vec<usize> = (0..entries.len()).collect();
    largest.sort_by_key(|place| Reverse(entries[*place].bytes));
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut block, mut found) = (vec![0; BLOCK], Found::default());
        loop {
            let Some(place) = largest.get(next.fetch_add(1, Ordering::Relaxed)) else { return found };
            match compared(pack, &entries[*place], present, &mut block) {
                Ok(identity) => found.whole.extend(identity.map(|identity| (*place, identity))),
                Err(what) => found.deviations.push((*place, what)),
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS).min(entries.len().max(1));
    let Found { mut deviations, whole } = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut found = work();
        for other in others {
            // A thread that panicked has compared less than it took on.
            let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            found.deviations.extend(other.deviations);
            found.whole.extend(other.whole);
        }
        found
    });
    deviations.sort_unstable();
    (
        deviations.into_iter().map(|(place, what)| Deviation::new(&entries[place].path, what)).collect(),
        whole.into_iter().map(|(place, identity)| (entries[place].path.clone(), identity)).collect(),
    )
}

/// The file as it was when it was the one of its entry, `None` where it may not be looked at; else what about it.
fn compared(
    pack: &Path,
    entry: &Entry,
    present: &BTreeSet<String>,
    block: &mut [u8],
) -> Result<Option<Identity>, &'static str> {
    if !is_readable(&entry.path) {
        return Ok(None);
    }
    if !present.contains(&entry.path) {
        return Err("removed");
    }
    match identified(&pack.join(&entry.path), entry, block) {
        Ok(Ok(identity)) => Ok(Some(identity)),
        Ok(Err(what)) => Err(what),
        Err(_) => Err("cannot be read"),
    }
}

fn identified(path: &Path, entry: &Entry, block: &mut [u8]) -> io::Result<Result<Identity, &'static str>> {
    let found = fs::symlink_metadata(path)?;
    if !found.is_file() {
        return Ok(Err("not a plain file"));
    }
    if found.len() != entry.bytes {
        return Ok(Err("changed"));
    }
    let file = File::open(path)?;
    let identity = Identity::of(&file.metadata()?);
    let is_same = sha256(file, block)? == entry.sha256;
    Ok(if is_same { Ok(identity) } else { Err("changed") })
}

/// Hashes a file of any size in the memory of one block.
fn sha256(mut file: File, block: &mut [u8]) -> io::Result<String> {
    let mut digest = Sha256::new();
    loop {
        match file.read(block)? {
            0 => return Ok(hex_digest(&digest.finalize())),
            read => digest.update(&block[..read]),
        }
    }
}

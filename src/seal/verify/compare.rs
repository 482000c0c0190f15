//! The files of a pack against the entries of its manifest, on every core.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sha2::{Digest as _, Sha256};

use super::{Deviation, is_readable};
use crate::seal::Entry;
use crate::snapshot::hex_digest;

/// How much of a file each thread holds.
const BLOCK: usize = 1 << 18;
/// More threads than this wait for the disk.
const THREADS: usize = 8;

/// The deviations in the order of the entries, whichever thread finds them.
pub(super) fn files(pack: &Path, entries: &[Entry], present: &BTreeSet<String>) -> Vec<Deviation> {
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut block, mut found) = (vec![0; BLOCK], Vec::new());
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(entry) = entries.get(place) else { return found };
            found.extend(deviation(pack, entry, present, &mut block).map(|what| (place, what)));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS).min(entries.len().max(1));
    let mut found: Vec<(usize, &'static str)> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut found = work();
        for other in others {
            // A thread that panicked has compared less than it took on.
            found.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        found
    });
    found.sort_unstable();
    found.into_iter().map(|(place, what)| Deviation::new(&entries[place].path, what)).collect()
}

fn deviation(pack: &Path, entry: &Entry, present: &BTreeSet<String>, block: &mut [u8]) -> Option<&'static str> {
    if !is_readable(&entry.path) {
        return None;
    }
    if !present.contains(&entry.path) {
        return Some("removed");
    }
    differs(&pack.join(&entry.path), entry, block).unwrap_or(Some("cannot be read"))
}

fn differs(path: &Path, entry: &Entry, block: &mut [u8]) -> io::Result<Option<&'static str>> {
    let found = fs::symlink_metadata(path)?;
    if !found.is_file() {
        return Ok(Some("not a plain file"));
    }
    let is_same = found.len() == entry.bytes && sha256(path, block)? == entry.sha256;
    Ok((!is_same).then_some("changed"))
}

/// Hashes a file of any size in the memory of one block.
fn sha256(path: &Path, block: &mut [u8]) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    loop {
        match file.read(block)? {
            0 => return Ok(hex_digest(&digest.finalize())),
            read => digest.update(&block[..read]),
        }
    }
}

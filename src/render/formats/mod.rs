//! The machine formats: one file each, all from the same [`Pack`], and one list.
//!
//! Every writer streams: what it holds beside the pack is bounded by the number of findings times a few bytes, never
//! by the size of the file. `results.json` is in every pack, because `verify` compares the other formats with it.

mod asff;
mod bearing;
mod csv;
mod fedramp;
mod junit;
mod ocsf;
mod oscal;
mod results;
mod sarif;
mod stream;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::Keep;
use crate::pack::Pack;
use crate::threads;

pub use results::{SCHEMA, SCHEMA_ID};

/// A machine format: one or more files of a pack.
#[derive(Debug)]
pub struct Format {
    /// What `--format` calls it.
    pub name: &'static str,
    /// What it is, for a list.
    pub title: &'static str,
    /// Its files.
    files: &'static [File],
}

/// One file of a format.
#[derive(Debug)]
struct File {
    /// Below the pack, with `/`.
    path: &'static str,
    /// Whether a pack has it; some formats have no form for "there is nothing".
    has: fn(&Pack) -> bool,
    write: fn(&Facts<'_>, &mut dyn Write) -> io::Result<()>,
}

/// What every writer takes: the pack, and where its calls stand.
struct Facts<'a> {
    pack: &'a Pack,
}

/// Every format that can be chosen, in the order of documents.
pub const ALL: &[Format] =
    &[csv::FORMAT, oscal::FORMAT, fedramp::FORMAT, ocsf::FORMAT, asff::FORMAT, sarif::FORMAT, junit::FORMAT];

/// The format that is always there.
const RESULTS: Format = results::FORMAT;

/// Which formats a pack has besides `results.json`.
#[derive(Clone, Debug)]
pub struct Chosen(Vec<&'static Format>);

impl Chosen {
    /// Every format.
    #[must_use]
    pub fn all() -> Self {
        Self(ALL.iter().collect())
    }

    /// Those with one of these names; every one when there is no name.
    #[must_use]
    pub fn named(names: &[String]) -> Self {
        let is_named = |format: &&Format| names.is_empty() || names.iter().any(|name| name == format.name);
        Self(ALL.iter().filter(is_named).collect())
    }

    /// Whether a pack has a file of them, where it has something for it.
    pub(super) fn has_file(&self, path: &str) -> bool {
        self.0.iter().flat_map(|format| format.files).any(|file| file.path == path)
    }

    /// Those of which a pack has at least one of its files.
    #[must_use]
    pub fn in_pack(files: &BTreeSet<&str>) -> Self {
        let is_there = |format: &&Format| format.files.iter().any(|file| files.contains(file.path));
        Self(ALL.iter().filter(is_there).collect())
    }
}

/// Shows every file of the chosen formats.
pub(super) fn each<E: Send>(pack: &Pack, chosen: &Chosen, keep: Keep<'_, E>) -> Result<(), E> {
    let facts = Facts { pack };
    let formats = std::iter::once(&RESULTS).chain(chosen.0.iter().copied());
    let files: Vec<&File> = formats.flat_map(|format| format.files).filter(|file| (file.has)(pack)).collect();
    threads::each_of(files.into_iter(), |(): &mut (), file| keep(file.path, &|out| (file.write)(&facts, out)))
}

/// Writes `results.json`.
pub(super) fn results(pack: &Pack, out: &mut dyn Write) -> io::Result<()> {
    RESULTS.files.iter().try_for_each(|file| (file.write)(&Facts { pack }, out))
}

/// For a file that every pack has.
const fn always(_: &Pack) -> bool {
    true
}

//! Whether the machine formats of a pack say what its `results.json` says.
//!
//! Each format has a reader of its own, which shares nothing with what writes the format: it takes the file as any
//! other program would, piece by piece, and states what it found. What is kept of a finding while the files are read
//! is a few numbers, so the size of a pack does not matter. A pack of another version of this program is read as well:
//! what a file does not say is not compared.

mod asff;
mod claims;
mod csv;
mod fedramp;
mod junit;
mod ocsf;
mod oscal;
mod pages;
mod reference;
mod sarif;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::Path;

use crate::seal::Deviation;
use crate::threads;
use claims::Claims;
use reference::Reference;

/// The file that the others are compared with.
const RESULTS: &str = "results.json";

/// Why a file could not be compared: the system refused, or it is not of its format.
#[derive(Debug)]
enum Unread {
    Io(io::Error),
    Form(String),
}

/// Reads a file piece by piece and states what it says.
type Reader = fn(File, &mut Claims<'_>) -> Result<(), Unread>;

/// Every file that says again what `results.json` says.
const READERS: [(&str, Reader); 10] = [
    ("findings.csv", csv::read),
    ("oscal/assessment-plan.json", oscal::plan),
    ("oscal/assessment-results.json", oscal::results),
    ("oscal/component-definition.json", oscal::components),
    ("oscal/poam.json", oscal::poam),
    ("fedramp/security-decision-record.json", fedramp::record),
    ("ocsf/findings.json", ocsf::read),
    ("asff/findings.json", asff::read),
    ("sarif/results.sarif", sarif::read),
    ("junit/results.xml", junit::read),
];

/// Every difference between the files of a pack and its `results.json`; `files` are those that its manifest lists.
///
/// # Errors
/// When a file cannot be read at all. One that is not of its format is a difference.
pub fn check(pack: &Path, files: &BTreeSet<&str>) -> io::Result<Vec<Deviation>> {
    let open = |path: &str| File::open(pack.join(path));
    let mut deviations = Vec::new();
    let reference = match Reference::read(|| open(RESULTS)) {
        Ok(reference) => reference,
        Err(unread) => return said(RESULTS, unread, &mut deviations).map(|()| deviations),
    };
    let read = |(path, reader): &(&'static str, Reader)| -> io::Result<Vec<Deviation>> {
        let (mut claims, mut deviations) = (Claims::new(&reference), Vec::new());
        match reader(open(path)?, &mut claims) {
            Ok(()) => deviations.extend(claims.into_differences().map(|what| deviation(path, what))),
            Err(unread) => said(path, unread, &mut deviations)?,
        }
        Ok(deviations)
    };
    let present = READERS.iter().filter(|(path, _)| files.contains(path));
    threads::in_order(present, read, |found| found.map(|found| deviations.extend(found)))?;
    let mut claims = Claims::new(&reference);
    pages::read(files, open, &mut claims)?;
    deviations.extend(claims.into_differences().map(|what| deviation("findings.md", what)));
    Ok(deviations)
}

fn deviation(path: &str, what: String) -> Deviation {
    Deviation::new(path, what)
}

fn said(path: &str, unread: Unread, deviations: &mut Vec<Deviation>) -> io::Result<()> {
    match unread {
        Unread::Io(error) => Err(error),
        Unread::Form(what) => {
            deviations.push(deviation(path, format!("is not of its format: {what}")));
            Ok(())
        }
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::InvalidData { Self::Form(error.to_string()) } else { Self::Io(error) }
    }
}

impl From<serde_json::Error> for Unread {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { Self::Io(error.into()) } else { Self::Form(error.to_string()) }
    }
}

//! `verify`: is a pack whole, unchanged, signed and stamped, and do its verdicts follow from its evidence?
//!
//! One function for each step. A step adds what is wrong, and what a reader has to know when nothing is.

mod evidence;
mod signature;
mod time;
mod verdicts;

use self::evidence::Again;
use super::args::Verify;
use super::failure::Failure;
use super::remote::Source;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::parity;
use crate::seal::{self, Check, Deviation, MANIFEST};
use crate::threads;

/// The file that holds a pack as data.
const RESULTS: &str = "results.json";
/// How much of it is read in one go, in bytes.
const BLOCK: usize = 1 << 16;

/// What a step found.
#[derive(Debug, Default)]
struct Found {
    /// What is not as it should be.
    deviations: Vec<Deviation>,
    /// What a reader has to know, in sentences.
    notes: Vec<String>,
}

pub(super) fn run(options: &Verify, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let key = options.public_key.as_deref().map(signature::public_key).transpose()?;
    let authorities = options.timestamp_ca.as_deref().map(time::authorities).transpose()?;
    let source = Source::open(&options.pack, terminal)?;
    let pack = source.path();
    let unreadable = |error: std::io::Error| {
        let failure = Failure::usage(format!("cannot read the pack `{}`: {error}", pack.display()));
        failure.hint("name the directory that `pinpoint-evidence pack --out DIR` wrote")
    };
    let Check { manifest, deviations, compared } = seal::check(pack).map_err(unreadable)?;
    let mut found = Found { deviations, notes: Vec::new() };
    if let Some(manifest) = &manifest {
        found.add(signature::check(pack, manifest, key.as_ref()));
        found.add(time::check(pack, authorities.as_ref()));
        if found.deviations.is_empty() && !options.files_only {
            let files = manifest.files.iter().map(|entry| entry.path.as_str()).collect();
            // What the formats say, and whether it follows from the evidence, are two questions to the same files. The
            // first is answered before documents are compared, which takes the most memory.
            let (said, again) =
                threads::both(|| parity::check(pack, &files), || Again::judge(pack, manifest, compared));
            found.add(again?.compare()?);
            found.deviations.extend(said.map_err(unreadable)?);
        }
    }
    conclude(options, &found, terminal)
}

impl Found {
    fn add(&mut self, other: Self) {
        self.deviations.extend(other.deviations);
        self.notes.extend(other.notes);
    }
}

fn conclude(options: &Verify, found: &Found, terminal: &Terminal) -> Result<Exit, Failure> {
    let pack = options.pack.display();
    for deviation in &found.deviations {
        terminal.data(&format!("{deviation}\n"))?;
    }
    if found.deviations.is_empty() {
        terminal.data(&format!("{pack} is whole and unchanged.\n"))?;
        if options.files_only {
            terminal.data("Its verdicts were not judged again, for only its files were asked about.\n")?;
        }
        return found.notes.iter().try_for_each(|note| terminal.data(&format!("{note}\n"))).map(|()| Exit::Success);
    }
    let failure = match &found.deviations[..] {
        [only] => {
            Failure::new(Exit::Integrity, format!("`{pack}` is not what its seal says: 1 deviation"))
                .maybe_hint((*only == Deviation::new(MANIFEST, "removed")).then_some(
                "name the directory that `pinpoint-evidence pack --out DIR` wrote; without its manifest it is no pack",
            ))
        }
        many => Failure::new(Exit::Integrity, format!("`{pack}` is not what its seal says: {} deviations", many.len())),
    };
    Err(failure)
}

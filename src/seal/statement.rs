//! What is signed: an in-toto Statement v1 whose subjects are the manifest and every file that it lists.
//!
//! It follows from the files of the pack alone, in one way of writing, so that whoever holds a pack can write it again
//! and compare. It is never held in memory twice: subjects are written straight from the manifest.

mod compare;

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::Path;

use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Serialize, Serializer};

use super::verify::is_plain_file;
use super::{MANIFEST, Manifest, same};
use crate::snapshot::{Tool, hex_sha256};

/// The type of the statement (in-toto Attestation Framework v1).
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// The type of what it states. A name, not an address: the framework asks for a URI that nobody else uses, and it need
/// not lead anywhere.
pub const PREDICATE_TYPE: &str = "urn:pinpoint-evidence:pack:v1";

/// The files of a pack that the predicate names.
const RESULTS: &str = "results.json";
const DECLARATIONS: &str = "declarations.toml";
const SNAPSHOT: &str = "snapshot.json";

/// The statement about a pack.
#[derive(Debug)]
pub struct Statement<'a> {
    subjects: Subjects<'a>,
    said: Said,
}

/// What the statement is about: the manifest and every file that it lists.
#[derive(Debug)]
pub(super) struct Subjects<'a> {
    manifest: &'a Manifest,
    manifest_sha256: String,
}

/// What `results.json` says that the statement repeats.
#[derive(Debug, Deserialize)]
struct Said {
    period: Period,
    collected: Collected,
    summary: Summary,
}

/// What the pack covers, as written there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Period {
    name: String,
    start: String,
    end: String,
}

/// When the evidence was collected, by the collector's own clock, as written there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Collected {
    first: String,
    last: String,
}

/// How many findings have each verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Summary {
    pass: u64,
    fail: u64,
    not_evaluated: u64,
    not_applicable: u64,
    attested: u64,
    waived: u64,
}

/// A file and its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject<T> {
    name: T,
    digest: Digest<T>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Digest<T> {
    sha256: T,
}

impl<T> Subject<T> {
    const fn new(name: T, sha256: T) -> Self {
        Self { name, digest: Digest { sha256 } }
    }
}

/// The whole statement. The order of the fields is the order in which they are written.
#[derive(Serialize)]
struct Wire<'a> {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: &'a Subjects<'a>,
    #[serde(rename = "predicateType")]
    predicate_type: &'static str,
    predicate: Predicate<'a>,
}

#[derive(Serialize)]
struct Predicate<'a> {
    tool: &'a Tool,
    period: &'a Period,
    collected: &'a Collected,
    retain_until: String,
    snapshots: Vec<Subject<&'a str>>,
    configuration: Option<Subject<&'a str>>,
    summary: &'a Summary,
    root: &'a str,
}

impl Serialize for Subjects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut subjects = serializer.serialize_seq(None)?;
        for subject in self.each() {
            subjects.serialize_element(&subject)?;
        }
        subjects.end()
    }
}

impl<'a> Statement<'a> {
    /// The statement about the pack in this directory, whose manifest is given and lies there.
    ///
    /// # Errors
    /// When the manifest or `results.json` cannot be read, or the latter does not say what it covers.
    pub fn of(pack: &Path, manifest: &'a Manifest) -> io::Result<Self> {
        let results = pack.join(RESULTS);
        // A pipe in its place would never end to be read.
        if !is_plain_file(&results) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let said: Said = serde_json::from_reader(BufReader::new(File::open(results)?))?;
        Ok(Self { subjects: Subjects::of(pack, manifest)?, said })
    }

    /// Writes it, in the only way in which it is written.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(out, &self.wire()).map_err(io::Error::from)
    }

    /// Every way in which a payload does not state what this does, each as a clause about the payload.
    #[must_use]
    pub fn differences(&self, payload: &[u8]) -> Vec<String> {
        if same::bytes(payload, |out| self.write(out)) { Vec::new() } else { compare::differences(self, payload) }
    }

    fn wire(&self) -> Wire<'_> {
        let Self { subjects: Subjects { manifest, .. }, said } = self;
        let named = |path: &'a str| Some(Subject::new(path, manifest.sha256(path)?));
        let paths = manifest.files.iter().map(|entry| entry.path.as_str());
        Wire {
            kind: STATEMENT_TYPE,
            subject: &self.subjects,
            predicate_type: PREDICATE_TYPE,
            predicate: Predicate {
                tool: &manifest.tool,
                period: &said.period,
                collected: &said.collected,
                retain_until: manifest.retain_until.to_string(),
                snapshots: paths.filter(|path| is_snapshot(path)).filter_map(named).collect(),
                configuration: named(DECLARATIONS),
                summary: &said.summary,
                root: &manifest.root,
            },
        }
    }
}

impl<'a> Subjects<'a> {
    /// The files of the pack in this directory, whose manifest is given and lies there.
    pub(super) fn of(pack: &Path, manifest: &'a Manifest) -> io::Result<Self> {
        Ok(Self { manifest, manifest_sha256: hex_sha256(&std::fs::read(pack.join(MANIFEST))?) })
    }

    /// Every way in which a payload is not about these, each as a clause about the payload.
    pub(super) fn differences(&self, payload: &[u8]) -> Vec<String> {
        compare::subjects(self, payload)
    }

    fn each(&self) -> impl Iterator<Item = Subject<&str>> {
        let files = self.manifest.files.iter().map(|entry| Subject::new(entry.path.as_str(), entry.sha256.as_str()));
        std::iter::once(Subject::new(MANIFEST, self.manifest_sha256.as_str())).chain(files)
    }
}

/// Whether a file is the header of the snapshot that judges, or of an earlier one.
fn is_snapshot(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), ["evidence", SNAPSHOT] | ["evidence", "earlier", _, SNAPSHOT])
}

//! The signature of a pack held against the pack.

use std::fs;
use std::path::Path;

use super::envelope::{ENVELOPE, Envelope};
use super::keys::PublicKey;
use super::manifest::Manifest;
use super::statement::{Statement, Subjects};
use super::verify::{Deviation, is_plain_file};

/// What the signature of a pack is.
#[derive(Debug)]
pub struct Signed {
    /// The keys that it says to be by; none where there is no signature that can be read.
    pub key_ids: Vec<String>,
    /// Every way in which it does not sign this pack, or not by the key.
    pub deviations: Vec<Deviation>,
}

/// Holds the signature of a pack against its manifest; and, where a key is given, against that. With a key a missing
/// signature is a deviation as well.
#[must_use]
pub fn signature(pack: &Path, manifest: &Manifest, key: Option<&PublicKey>) -> Signed {
    let mut signed = Signed { key_ids: Vec::new(), deviations: Vec::new() };
    let mut deviates = |what: String| signed.deviations.push(Deviation::new(ENVELOPE, what));
    let path = pack.join(ENVELOPE);
    if !is_plain_file(&path) {
        if key.is_some() {
            deviates("there is no signature".to_owned());
        }
        return signed;
    }
    let read = fs::read(path).map_err(|error| format!("cannot be read: {error}"));
    let envelope = match read.and_then(|bytes| Envelope::parse(&bytes).map_err(|error| error.to_string())) {
        Ok(envelope) => envelope,
        Err(what) => {
            deviates(what);
            return signed;
        }
    };
    match Statement::of(pack, manifest) {
        Ok(statement) => statement.differences(envelope.payload()).into_iter().for_each(&mut deviates),
        // Whatever is the matter with the results is a deviation of theirs; which files are signed can still be said.
        Err(_) => match Subjects::of(pack, manifest) {
            Ok(subjects) => subjects.differences(envelope.payload()).into_iter().for_each(&mut deviates),
            Err(error) => deviates(format!("it cannot be compared: {error}")),
        },
    }
    if let Some(Err(error)) = key.map(|key| envelope.verify(key)) {
        deviates(error.to_string());
    }
    signed.key_ids = envelope.key_ids().map(str::to_owned).collect();
    signed
}

#[cfg(test)]
mod tests;

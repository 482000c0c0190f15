//! Who signed a pack.

use std::path::Path;

use super::Found;
use crate::cli::failure::Failure;
use crate::seal::{self, Manifest, PublicKey, Signed};

/// Reads the key that was given.
pub(super) fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let what = |error: &dyn std::fmt::Display| format!("cannot use the public key `{}`: {error}", path.display());
    let pem = std::fs::read(path).map_err(|error| Failure::usage(what(&error)))?;
    PublicKey::from_pem(&pem).map_err(|error| Failure::usage(what(&error)).hint(error.hint()))
}

/// Holds the signature against the pack, and against the key where one was given.
pub(super) fn check(pack: &Path, manifest: &Manifest, key: Option<&PublicKey>) -> Found {
    let Signed { key_ids, deviations } = seal::signature(pack, manifest, key);
    let note = match (key, key_ids.as_slice()) {
        (Some(key), _) => format!("It is signed by the key that was given, {}.", key.id()),
        (None, []) => "It is not signed.".to_owned(),
        (None, ids) => {
            let ids: Vec<String> = ids.iter().map(|id| id.escape_debug().to_string()).collect();
            format!(
                "It says that it is signed by the key {}. That was not checked, for no key was given; --public-key names one.",
                ids.join(", ")
            )
        }
    };
    Found { deviations, notes: vec![note] }
}

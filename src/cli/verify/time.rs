//! Who says when a pack was signed.

use std::fs;
use std::path::Path;

use super::Found;
use crate::cli::failure::Failure;
use crate::seal::{self, Authorities, Deviation, ENVELOPE, Stamp, TIMESTAMP};
use crate::snapshot::time;

/// Reads the certificates that were given.
pub(super) fn authorities(path: &Path) -> Result<Authorities, Failure> {
    let what = |error: &dyn std::fmt::Display| {
        format!("cannot use the certificates of an authority `{}`: {error}", path.display())
    };
    let pem = fs::read(path).map_err(|error| Failure::usage(what(&error)))?;
    let hint = "name a PEM file with the root certificate of the time stamping authority";
    Authorities::from_pem(&pem).map_err(|error| Failure::usage(what(&error)).hint(hint))
}

/// Holds the time stamp against the signature, and against the certificates where some were given.
pub(super) fn check(pack: &Path, authorities: Option<&Authorities>) -> Found {
    let is_there = |name: &str| pack.join(name).symlink_metadata().is_ok_and(|found| found.is_file());
    let deviates = |what: String| Found { deviations: vec![Deviation::new(TIMESTAMP, what)], notes: Vec::new() };
    let notes = |note: String| Found { deviations: Vec::new(), notes: vec![note] };
    match (is_there(TIMESTAMP), is_there(ENVELOPE)) {
        (false, _) if authorities.is_some() => return deviates("there is no time stamp".to_owned()),
        (false, _) => {
            return notes("Its times are the collector's own: no authority stamped it.".to_owned());
        }
        (true, false) => return deviates("there is no signature that it could be over".to_owned()),
        (true, true) => {}
    }
    let read = |name: &str| fs::read(pack.join(name)).map_err(|error| format!("cannot be read: {error}"));
    let stamp = read(TIMESTAMP).and_then(|response| {
        seal::stamp(&response, &read(ENVELOPE)?, None, authorities).map_err(|error| error.to_string())
    });
    match stamp {
        Err(what) => deviates(what),
        Ok(Stamp { time, authority }) => {
            let time = time::format(time);
            let by =
                if authority.is_empty() { "an authority without a name".to_owned() } else { format!("`{authority}`") };
            notes(if authorities.is_some() {
                format!(
                    "It was signed before {time}, says {by}, for whom the given certificates vouch. Whether one was revoked was not checked."
                )
            } else {
                format!(
                    "It was signed before {time}, says {by}. Who that is was not checked; --timestamp-ca names whom to trust."
                )
            })
        }
    }
}

//! What a control may ask of a person: the ids for `[[attestation]]` in the configuration, and what to provide.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const TEXT: &str = include_str!("data/attestations.toml");

static ASKED: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    // A test parses the file, before anybody can run the program.
    toml::from_str(TEXT).unwrap_or_default()
});

/// Every id with what a person has to provide, one sentence each.
#[must_use]
pub fn all() -> &'static BTreeMap<String, String> {
    &ASKED
}

/// What a person has to provide for an id.
#[must_use]
pub fn asks(id: &str) -> Option<&'static str> {
    ASKED.get(id).map(String::as_str)
}

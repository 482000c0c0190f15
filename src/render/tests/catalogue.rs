//! What documents call a rule is a rule.

use std::fs;
use std::path::{Path, PathBuf};

use crate::rules;

/// How near a word may be to the id of a rule without being one.
const NEAR: f64 = 0.8;

/// The templates and the sources of the views, with the words in them that may be ids.
fn texts() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    let mut folders = vec![root.join("templates"), root.join("src/render/views")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if [".md.tera", ".rs"].iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                texts.push((path.clone(), fs::read_to_string(path).expect("a text")));
            }
        }
    }
    texts
}

/// Words with a hyphen inside.
fn hyphenated(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
    words.filter(|word| word.trim_matches('-').contains('-')).map(|word| word.trim_matches('-'))
}

/// Whether a word is meant as the id of a rule: it ends as one does, or is nearly one.
fn is_meant_as_a_rule(word: &str) -> bool {
    let last = |id: &str| id.rsplit('-').next().map(str::to_owned);
    rules::ALL.iter().any(|rule| last(rule.id) == last(word) || strsim::normalized_levenshtein(rule.id, word) > NEAR)
}

#[test]
fn every_rule_that_a_document_names_is_in_the_catalogue() {
    let mut named = 0;
    for (path, text) in texts() {
        for word in hyphenated(&text).filter(|word| is_meant_as_a_rule(word)) {
            assert!(rules::find(word).is_some(), "{} names {word}, which is no rule", path.display());
            named += 1;
        }
    }
    assert!(named > 20, "only {named} were found");
}

#[test]
fn a_rule_that_is_misspelt_or_renamed_is_noticed() {
    for word in ["voice-chanel-disabled", "sms-sender-id-absent", "journey-channel-permitted"] {
        assert!(is_meant_as_a_rule(word) && rules::find(word).is_none(), "{word}");
    }
    for word in ["channel-usage", "in-app", "shared-responsibility", "read-only"] {
        assert!(!is_meant_as_a_rule(word), "{word}");
    }
}

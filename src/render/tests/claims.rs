//! No text of this program claims more of the customer than was observed.
//!
//! Everything that a person can be shown: the documents of the demo and of the sample packs, the templates, the
//! documentation of each rule, and the data of the programs. What AWS answered is evidence, whatever its words.

use std::fs;
use std::path::{Path, PathBuf};

use super::{is, rendered, text};
use crate::programs::{self, attestations};
use crate::render::{markdown, sample};
use crate::{explain, rules};

/// Words that no text may hold, in small letters; a longer word that holds one is refused too.
const FORBIDDEN: [&str; 4] = ["compliant", "certified", "guarantee", "no voice message was sent"];

/// Phrases that may hold one, in small letters, each with the reason.
const ALLOWED: [(&str, &str); 3] = [
    ("\"certified\":", "a key of FedRAMP's schema: AWS's own certification"),
    ("\"noncertified\":", "a key of FedRAMP's schema"),
    ("\"fedrampcertifiedthirdpartyinformationresource\":", "a key of FedRAMP's schema: AWS's id"),
];

/// What of a text is forbidden, with the line.
fn claims(text: &str) -> Vec<String> {
    let clean = |line: &str| ALLOWED.iter().fold(line.to_lowercase(), |line, (phrase, _)| line.replace(phrase, ""));
    // A phrase may run over the end of a line.
    let whole = clean(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let held = FORBIDDEN.iter().filter(|word| whole.contains(**word));
    held.map(|word| {
        let line = text.lines().find(|line| clean(line).contains(word)).unwrap_or("over the end of a line");
        format!("{word}: {}", line.trim())
    })
    .collect()
}

fn check<'a>(texts: impl IntoIterator<Item = (String, &'a str)>) {
    let mut looked_at = 0;
    for (name, text) in texts {
        let claims = claims(text);
        assert!(claims.is_empty(), "{name} says {claims:#?}");
        looked_at += 1;
    }
    assert!(looked_at > 0);
}

/// The files below a folder of the project that are text, but for one folder.
fn files(folder: &str, but: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with(but) {
                folders.push(path);
            } else if let (false, Ok(text)) = (path.is_dir(), fs::read_to_string(&path)) {
                found.push((path.display().to_string(), text));
            }
        }
    }
    found
}

#[test]
fn no_document_of_a_pack_claims_anything() {
    let mut with_programs = sample::pack();
    with_programs.programs = sample::programs();
    for pack in [sample::pack(), with_programs, sample::large(120, 10)] {
        let documents = rendered(&pack);
        assert!(documents.iter().any(|document| is(&document.path, "json")));
        for document in &documents {
            check([(document.path.clone(), text(&documents, &document.path).as_str())]);
        }
    }
}

#[test]
fn no_document_of_the_demo_claims_anything() {
    let demo = files("output/demo", "evidence");
    assert!(demo.iter().any(|(name, _)| name.ends_with("channel-usage.html")));
    assert!(demo.iter().all(|(name, _)| !name.contains("/evidence/")));
    check(demo.iter().map(|(name, text)| (name.clone(), text.as_str())));
}

#[test]
fn no_template_claims_anything() {
    check(markdown::TEMPLATES.iter().map(|(name, template)| ((*name).to_owned(), *template)));
    let all = files("templates", "none");
    check(all.iter().map(|(name, text)| (name.clone(), text.as_str())));
}

#[test]
fn no_rule_and_no_program_claims_anything() {
    let mut texts = vec![("explain".to_owned(), explain::catalogue()), ("README".to_owned(), explain::table())];
    let ids = rules::ALL.iter().map(|rule| rule.id).chain(programs::all().iter().map(|program| program.id.as_str()));
    let controls = programs::all().iter().flat_map(programs::Program::controls).map(|control| control.id.as_str());
    texts.extend(ids.chain(controls).map(|id| (id.to_owned(), explain::entry(id).expect(id))));
    let asked = programs::all().iter().flat_map(programs::Program::controls).flat_map(|control| &control.attestations);
    texts.extend(asked.map(|id| (id.clone(), attestations::asks(id).expect("a text").to_owned())));
    texts.extend(files("src/programs/data", "none"));
    check(texts.iter().map(|(name, text)| (name.clone(), text.as_str())));
}

#[test]
fn every_spelling_is_noticed() {
    for claim in [
        "The account is Compliant.",
        "NON-COMPLIANT",
        "noncompliant",
        "It is certified",
        "uncertified",
        "guarantees",
        "Guaranteed",
        "No voice message was sent",
        "no voice message\nwas sent",
    ] {
        assert!(!claims(claim).is_empty(), "{claim}");
    }
    for fair in ["Compliance validation for Amazon Pinpoint", "Certificates to the 2013 edition", "Certifications"] {
        assert!(claims(fair).is_empty(), "{fair}");
    }
}

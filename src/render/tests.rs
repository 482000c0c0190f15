//! What holds for every document.

mod catalogue;
mod channel_usage;
mod claims;
mod inert;
mod links;
mod wording;
mod write_up;

use std::sync::Mutex;

use super::formats::Chosen;
use super::{Content, RenderError, each_document, sample};
use crate::pack::Pack;

/// One file of a pack.
#[derive(Debug, PartialEq, Eq)]
struct Document {
    path: String,
    bytes: Vec<u8>,
}

impl Document {
    fn new(path: &str, content: Content<'_>) -> Self {
        let mut bytes = Vec::new();
        content(&mut bytes).expect("memory takes everything");
        Self { path: path.to_owned(), bytes }
    }
}

/// The documents of a pack, sorted by path.
fn rendered(pack: &Pack) -> Vec<Document> {
    let documents = Mutex::new(Vec::new());
    let kept = each_document::<RenderError>(pack, &Chosen::all(), &|path, content| {
        documents.lock().expect("nobody panicked").push(Document::new(path, content));
        Ok(())
    });
    kept.expect("documents");
    let mut documents = documents.into_inner().expect("nobody panicked");
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    documents
}

/// The text of one document.
fn text(documents: &[Document], path: &str) -> String {
    let document = documents.iter().find(|document| document.path == path).expect(path);
    String::from_utf8(document.bytes.clone()).expect("text")
}

/// Whether a path ends in `.` and this.
fn is(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|found| found == extension)
}

#[test]
fn the_documents_are_those_of_the_contract() {
    let paths: Vec<String> = rendered(&sample::pack()).into_iter().map(|document| document.path).collect();
    assert_eq!(
        paths,
        [
            "asff/findings.json",
            "channel-usage.html",
            "channel-usage.md",
            "evidence.html",
            "evidence.md",
            "findings.csv",
            "findings.html",
            "findings.md",
            "index.html",
            "index.md",
            "junit/results.xml",
            "ocsf/findings.json",
            "oscal/assessment-plan.json",
            "oscal/assessment-results.json",
            "oscal/component-definition.json",
            "oscal/poam.json",
            "programs/iso27001.html",
            "programs/iso27001.md",
            "results.json",
            "sarif/results.sarif",
        ]
    );
}

#[test]
fn equal_packs_give_equal_bytes() {
    assert_eq!(rendered(&sample::pack()), rendered(&sample::pack()));
}

#[test]
fn an_empty_pack_has_documents_too() {
    let mut pack = sample::pack();
    pack.findings.clear();
    pack.rules.clear();
    pack.evidence = crate::pack::Evidence::default();
    pack.warnings.clear();
    pack.scope.applications.clear();
    pack.organization = None;
    let documents = rendered(&pack);
    assert!(text(&documents, "index.md").contains("No rule was judged, so this pack shows nothing."));
    assert!(text(&documents, "channel-usage.md").contains("No application is judged as one that carries PHI."));
    assert!(text(&documents, "findings.md").contains("No rule has a finding."));
    assert!(text(&documents, "evidence.md").contains("No call was made."));
}

#[test]
fn the_templates_in_the_list_are_those_in_the_directory() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let mut files: Vec<String> = std::fs::read_dir(directory)
        .expect("templates")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().expect("a name"))
        .collect();
    files.sort();
    let mut listed: Vec<&str> = super::markdown::TEMPLATES.iter().map(|(name, _)| *name).collect();
    listed.extend(["filter.js", "shell.html.tera", "style.css"]);
    // No documents of a pack: `init` and `policy` fill them.
    listed.extend(["evidence.toml.tera", "policy.cloudformation.yaml.tera", "policy.management.yaml.tera"]);
    listed.extend(["policy.stackset.yaml.tera", "policy.tf.tera"]);
    listed.sort_unstable();
    assert_eq!(files, listed);
}

#[test]
#[ignore = "writes the sample pack to the temporary directory, for looking at it"]
fn look() {
    let directory = std::env::temp_dir().join("pinpoint-evidence-look");
    for document in rendered(&sample::pack()) {
        let path = directory.join(&document.path);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("created");
        std::fs::write(path, document.bytes).expect("written");
    }
    println!("{}", directory.display());
}

#[test]
#[ignore = "measures; run it by hand with --nocapture"]
fn a_large_pack_is_rendered_in_seconds() {
    let pack = sample::large(3_000, 75_000);
    let started = std::time::Instant::now();
    let documents = rendered(&pack);
    let elapsed = started.elapsed();
    let largest = documents.iter().filter(|d| is(&d.path, "html")).max_by_key(|d| d.bytes.len()).expect("one");
    let total: usize = documents.iter().map(|d| d.bytes.len()).sum();
    println!("{elapsed:?}, {} documents, {total} bytes", documents.len());
    println!("largest page: {} with {} bytes", largest.path, largest.bytes.len());
}

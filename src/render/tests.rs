//! What holds for every document.

use std::collections::BTreeSet;

use super::{documents, sample};

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

#[test]
fn the_documents_are_those_of_the_contract_sorted_by_path() {
    let documents = documents(&sample::pack()).expect("documents");
    let paths: Vec<&str> = documents.iter().map(|document| document.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "channel-usage.html",
            "channel-usage.md",
            "evidence.html",
            "evidence.md",
            "findings.csv",
            "findings.html",
            "findings.md",
            "index.html",
            "index.md",
            "results.json",
        ]
    );
}

#[test]
#[ignore = "writes the sample pack to the temporary directory, for looking at it"]
fn look() {
    let directory = std::env::temp_dir().join("pinpoint-evidence-look");
    for document in documents(&sample::pack()).expect("documents") {
        let path = directory.join(&document.path);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("created");
        std::fs::write(path, document.bytes).expect("written");
    }
    println!("{}", directory.display());
}

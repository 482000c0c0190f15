//! The machine formats of a pack: which are there, and whether `verify` notices when one says something else.

use crate::common::bench::{files, json};
use crate::common::{Bench, packs};

fn folders(bench: &Bench, pack: &str) -> Vec<String> {
    const FORMATS: [&str; 7] = ["asff", "fedramp", "findings.csv", "junit", "ocsf", "oscal", "sarif"];
    let all = files(&bench.path(pack));
    let is_there = |name: &&str| all.keys().any(|path| path.split('/').next() == Some(name));
    FORMATS.into_iter().filter(is_there).map(str::to_owned).collect()
}

#[test]
fn a_pack_has_every_format_or_those_that_were_asked_for_and_verifies() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    assert_eq!(folders(&bench, "demo").len(), 7);
    let pack = "pack --exit-zero --from demo/evidence --config demo/declarations.toml --document index";
    for (flags, expected) in [
        ("--format oscal,csv", &["findings.csv", "oscal"][..]),
        ("--format sarif --format junit", &["junit", "sarif"]),
        ("--program hipaa", &["asff", "findings.csv", "junit", "ocsf", "oscal", "sarif"]),
    ] {
        bench.program(&format!("{pack} --force --out narrowed {flags}")).run().exits(0);
        assert_eq!(folders(&bench, "narrowed"), expected, "{flags}");
        bench.program("verify narrowed").run().exits(0);
    }
    let help = bench.program("pack --help").run().exits(0).stdout;
    for name in ["oscal", "fedramp", "ocsf", "asff", "sarif", "junit", "csv"] {
        assert!(help.contains(&format!("- {name}:")), "{name} is not explained in {help}");
    }
}

/// Changes the first of one thing in a file, and makes the manifest fit.
fn change(bench: &Bench, file: &str, from: &str, to: &str) {
    let path = bench.path("demo").join(file);
    let text = std::fs::read_to_string(&path).expect("a file");
    assert!(text.contains(from), "{file} holds no {from:?}");
    std::fs::write(&path, text.replacen(from, to, 1)).expect("writes");
    packs::seal_again(&bench.path("demo"));
}

#[test]
fn verify_names_what_a_format_says_otherwise() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    change(&bench, "sarif/results.sarif", "\"verdict\":\"fail\"", "\"verdict\":\"pass\"");
    let said = bench.program("verify demo").run().exits(4).stdout;
    assert!(said.contains("sarif/results.sarif: says `pass` of f-"), "{said}");
    assert!(said.contains("results.json says `fail`"), "{said}");
    assert!(said.contains("sarif/results.sarif: does not follow from the evidence"), "{said}");
}

#[test]
fn verify_compares_the_formats_of_a_pack_of_another_version_as_well() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let version = json(&bench.path("demo/manifest.json"))["tool"]["version"].as_str().expect("a version").to_owned();
    let manifest = bench.path("demo/manifest.json");
    let text = std::fs::read_to_string(&manifest).expect("a manifest");
    std::fs::write(&manifest, text.replace(&format!("\"{version}\""), "\"0.0.1\"")).expect("writes");
    let said = bench.program("verify demo").run().exits(0).stdout;
    assert!(said.contains("0.0.1"), "{said}");
    change(&bench, "junit/results.xml", "verdict: fail", "verdict: pass");
    let said = bench.program("verify demo").run().exits(4).stdout;
    assert!(said.contains("junit/results.xml: says `pass` of f-"), "{said}");
}

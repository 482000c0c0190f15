//! `--program` and `--document`: a pack of what a request asks for, which can be verified like any other.

use std::collections::BTreeSet;

use pinpoint_evidence::demo;
use pinpoint_evidence::pack::{Status, Timeline};
use serde_json::Value;

use crate::common::bench::files;
use crate::common::{Bench, pipeline};

/// A bench with the snapshot and the configuration of the demo.
fn collected() -> Bench {
    let bench = Bench::new();
    pipeline::collect(demo::answer, &bench.path("snapshot")).expect("a caller");
    bench.write("evidence.toml", demo::CONFIG);
    bench
}

/// Makes a pack with these flags and verifies it. Gives back its files without the evidence, what the command printed,
/// and its results.
fn pack(bench: &Bench, flags: &str) -> (BTreeSet<String>, String, Value) {
    let made = bench.program(&format!("pack --from snapshot --out pack --force --exit-zero {flags}")).run().exits(0);
    bench.program("verify pack").run().exits(0);
    let all = files(&bench.path("pack"));
    let results = serde_json::from_slice(&all["results.json"]).expect("JSON");
    let own = all.into_keys().filter(|path| !path.starts_with("evidence/")).collect();
    (own, made.stdout, results)
}

fn pages(files: &BTreeSet<String>) -> Vec<&str> {
    files.iter().filter_map(|file| file.strip_suffix(".html")).collect()
}

fn ids<'v>(results: &'v Value, list: &str) -> Vec<&'v str> {
    results[list].as_array().expect("a list").iter().map(|item| item["id"].as_str().expect("an id")).collect()
}

#[test]
fn a_program_narrows_controls_findings_and_pages_and_keeps_the_evidence_whole() {
    let bench = collected();
    let (_, _, whole) = pack(&bench, "");
    let evidence = |bench: &Bench| {
        let mut all = files(&bench.path("pack"));
        all.retain(|path, _| path.starts_with("evidence/"));
        all
    };
    let before = evidence(&bench);
    let (files, _, results) = pack(&bench, "--program hipaa");
    assert_eq!(evidence(&bench), before);
    assert_eq!(ids(&results, "programs"), ["hipaa"]);
    let (sheets, documents): (Vec<&str>, Vec<&str>) =
        pages(&files).into_iter().partition(|page| page.starts_with("calls/"));
    assert!(sheets.contains(&"calls/111122223333/us-east-1/pinpoint"), "the sheets of the calls are whole: {sheets:?}");
    assert_eq!(
        documents,
        ["channel-usage", "evidence", "findings", "hipaa-shared-responsibility", "index", "programs/hipaa"]
    );
    let of_controls: BTreeSet<&str> = results["programs"][0]["controls"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|control| control["findings"].as_array().expect("a list"))
        .map(|id| id.as_str().expect("an id"))
        .collect();
    for finding in results["findings"].as_array().expect("a list") {
        let is_about_scope =
            ["phi-scope-declared", "regions-scanned"].contains(&finding["rule"].as_str().expect("a rule"));
        let is_of_a_report =
            ["program/hipaa", "program/soc"].contains(&finding["resource"].as_str().expect("a resource"));
        let bears = of_controls.contains(finding["id"].as_str().expect("an id"));
        assert!(is_about_scope || is_of_a_report || bears, "{finding}");
    }
    let (all, left) = (ids(&whole, "findings"), ids(&results, "findings"));
    assert!(left.len() < all.len() && of_controls.iter().all(|id| left.contains(id)));
    let warning = format!(
        "This pack was narrowed to what was asked for: hipaa. It leaves out {} of {} findings",
        all.len() - left.len(),
        all.len()
    );
    assert!(results["warnings"].to_string().contains(&warning), "{}", results["warnings"]);
    let counted: u64 = ["pass", "fail", "not_evaluated", "not_applicable", "attested"]
        .iter()
        .map(|verdict| results["summary"][verdict].as_u64().expect("a number"))
        .sum();
    assert_eq!(counted, left.len() as u64);
}

#[test]
fn a_document_narrows_the_pages_and_nothing_else() {
    let bench = collected();
    let (_, _, whole) = pack(&bench, "");
    let (files, printed, results) = pack(&bench, "--document hipaa-shared-responsibility");
    assert_eq!(pages(&files), ["hipaa-shared-responsibility"]);
    assert_eq!(printed, "pack/hipaa-shared-responsibility.html\n");
    for list in ["findings", "programs", "rules"] {
        assert_eq!(results[list], whole[list], "{list}");
    }
    for file in ["results.json", "declarations.toml", "manifest.json", "verify.py"] {
        assert!(files.contains(file), "{file}");
    }
    let page = String::from_utf8(std::fs::read(bench.path("pack/hipaa-shared-responsibility.md")).expect("a page"))
        .expect("text");
    assert!(!page.contains("](evidence.md") && !page.contains("](findings.md"), "{page}");
    let (files, printed, _) = pack(&bench, "--document programs --document findings --program iso9001 --program soc");
    assert_eq!(pages(&files), ["findings", "programs/iso9001", "programs/soc"]);
    assert!(files.contains("findings.csv"));
    assert_eq!(printed, "pack/programs/soc.html\n");
}

#[test]
fn what_is_not_there_is_a_usage_error_before_anything_is_read() {
    let bench = Bench::new();
    for (flags, word) in [
        ("--program pci", "there is no program `pci`; there are soc, fedramp, hipaa"),
        ("--document cover", "there is no document `cover`; there are index, changes, channel-usage"),
        ("--program soc --document hipaa-shared-responsibility", "needs the program `hipaa`"),
    ] {
        bench.program(&format!("pack --from nowhere --out pack {flags}")).run().exits(2).says(&[word]);
    }
    assert!(bench.names().is_empty());
}

#[test]
fn a_timeline_leaves_days_open_exactly_where_the_status_of_the_controls_says_so() {
    let pack = pipeline::judge(demo::answer, demo::CONFIG).expect("a caller").pack;
    let mut statuses = BTreeSet::new();
    for program in &pack.programs {
        for lane in Timeline::of(&pack, program).lanes {
            statuses.insert(lane.status);
            let is_open = !lane.uncovered.is_empty();
            match lane.status {
                Status::Inherited => assert!(!is_open, "{lane:?}"),
                Status::InheritedGap => assert!(is_open, "{lane:?}"),
                _ => assert!(lane.undated > 0, "{lane:?}"),
            }
        }
    }
    assert_eq!(statuses, BTreeSet::from([Status::Inherited, Status::InheritedGap, Status::NotEvaluated]));
}

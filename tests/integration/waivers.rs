//! Accepted exceptions: who may accept what for how long, and what becomes of them afterwards. Their time is the
//! snapshot's, 2026-09-30, whenever the pack is made.

use serde_json::Value;

use crate::common::Bench;
use crate::common::bench::{files, json};

const RESOURCE: &str = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/9b6d20f3c1e84a7f8d5b04c7e6a913d2";

/// A waiver for the voice channel of an application of the demo.
fn waiver(owner: &str, approver: &str, since: &str, expires: &str) -> String {
    format!(
        "[[waiver]]\nrule = \"voice-channel-disabled\"\nresource = \"{RESOURCE}\"\nreason = \"until the move\"\n\
         owner = \"{owner}\"\napprover = \"{approver}\"\nticket = \"SEC-7\"\nexpires = {expires}\n\
         approved_on = {since}\n"
    )
}

/// A bench with the demo's snapshot.
fn collected() -> Bench {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    bench
}

/// Packs it with these declarations, and gives back the finding.
fn packed(bench: &Bench, declared: &str) -> (Value, String) {
    bench.write("evidence.toml", declared);
    let finished = bench.program("pack --from demo/evidence --out pack --force --exit-zero").run().exits(0);
    let results = json(&bench.path("pack/results.json"));
    let mut findings = results["findings"].as_array().expect("a list").iter();
    let is_it = |finding: &&Value| finding["rule"] == "voice-channel-disabled" && finding["resource"] == RESOURCE;
    (findings.find(is_it).expect("the finding").clone(), finished.stderr)
}

#[test]
fn nobody_accepts_an_exception_of_their_own_and_none_runs_longer_than_a_year() {
    let bench = collected();
    for (declared, words) in [
        (
            waiver("Mobile Team", "mobile team ", "2026-09-01", "2026-12-31"),
            ["evidence.toml:6", "must not be the owner"],
        ),
        (waiver("a", "b", "2026-09-01", "2027-09-02"), ["evidence.toml:8", "at most 365 days"]),
        (waiver("a", "b", "2026-09-01", "2026-08-31"), ["evidence.toml:8", "must not be before"]),
    ] {
        bench.write("evidence.toml", &declared);
        bench.program("pack --from demo/evidence --out pack").run().exits(2).says(&words);
        assert!(!bench.path("pack").exists(), "there is no pack");
    }
}

#[test]
fn a_waiver_counts_on_its_first_and_its_last_day_at_the_snapshots_time() {
    let bench = collected();
    for (approved, expires, valid) in [
        ("2026-09-30", "2026-09-30", true),
        ("2025-09-30", "2026-09-30", true),
        ("2026-09-30", "2027-09-30", true),
        ("2025-09-30", "2026-09-29", false),
        ("2026-10-01", "2027-09-30", false),
    ] {
        let (finding, _) = packed(&bench, &waiver("a", "b", approved, expires));
        assert_eq!(finding["verdict"], "fail", "a waiver never changes a verdict");
        assert_eq!(finding["waiver"]["valid"], valid, "{approved} to {expires}");
        assert_eq!(finding["waiver"]["expires"], expires);
        let results = json(&bench.path("pack/results.json"));
        assert_eq!(results["summary"]["waived"], u64::from(valid));
    }
}

#[test]
fn an_expired_waiver_stays_visible_everywhere_with_the_day_it_ended() {
    let bench = collected();
    let (finding, stderr) = packed(&bench, &waiver("mobile team", "security officer", "2025-09-01", "2026-08-31"));
    assert_eq!((&finding["waiver"]["valid"], &finding["waiver"]["expires"]), (&false.into(), &"2026-08-31".into()));
    let told = format!("The waiver SEC-7 of rule voice-channel-disabled on {RESOURCE} ended on 2026-08-31");
    assert!(stderr.contains(&format!("warning: {told}")), "{stderr}");
    let pack = files(&bench.path("pack"));
    let text = |path: &str| String::from_utf8_lossy(&pack[path]).into_owned();
    for (path, words) in [
        ("index.md", "ended on 2026-08-31"),
        ("index.html", "ended on 2026-08-31"),
        ("findings.md", "Waiver ended on 2026-08-31 and does not count: until the move"),
        ("findings.html", "Waiver ended on 2026-08-31 and does not count: until the move"),
        ("findings.csv", "false,mobile team,security officer,SEC-7,2026-08-31"),
        ("results.json", "\"expires\": \"2026-08-31\""),
        ("declarations.toml", "expires = 2026-08-31"),
    ] {
        assert!(text(path).contains(words), "{path} does not say `{words}`");
    }
}

#[test]
fn a_waiver_accepts_a_fail_and_nothing_else() {
    let bench = collected();
    let pilot = waiver("a", "b", "2026-09-01", "2026-12-31")
        .replace("9b6d20f3c1e84a7f8d5b04c7e6a913d2", "e05c8b7a61f34d29bd74f1a8305e92c6");
    let (_, stderr) = packed(&bench, &pilot);
    assert!(stderr.contains("does not count: it accepts a fail, and the verdict is not_evaluated."), "{stderr}");
    let results = json(&bench.path("pack/results.json"));
    let mut findings = results["findings"].as_array().expect("a list").iter();
    let waived = findings.find(|finding| !finding["waiver"].is_null()).expect("it stands beside the finding");
    assert_eq!((&waived["verdict"], &waived["waiver"]["valid"]), (&"not_evaluated".into(), &false.into()));
}

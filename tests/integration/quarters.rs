//! Two successive quarters of the example account, and the story that `diff` tells of them.
//!
//! The earlier quarter is the sample pack in `output/demo`, the later one lies in `tests/data/quarters/2026-Q4`.

use serde_json::{Value, json};

use crate::common::bench::{files, json as read};
use crate::common::{Bench, committed, packs, quarter};

const LATER: &str = "tests/data/quarters/2026-Q4";

/// A bench with the packs `old` and `new` of the two quarters; `flags` are for the new one.
fn bench(flags: &str) -> Bench {
    let bench = Bench::new();
    bench.program("demo --out old").run().exits(0);
    let (snapshot, config) = (quarter::path("snapshot"), quarter::path("evidence.toml"));
    let from = format!("--from {} --config {}", snapshot.display(), config.display());
    bench.program(&format!("pack --out new --exit-zero {from} {flags}")).run().exits(0);
    bench
}

#[test]
fn the_committed_snapshot_of_the_later_quarter_follows_from_what_happened() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = folder.path().join("snapshot");
    quarter::collect(&snapshot);
    committed::hold_folder(&format!("{LATER}/snapshot"), &files(&snapshot));
}

#[test]
fn the_committed_story_of_the_two_quarters_is_what_diff_prints() {
    let story = bench("").program("diff old new").run().exits(0).stdout;
    committed::hold_file(&format!("{LATER}/diff.md"), &story);
}

#[test]
fn the_story_tells_a_manager_what_happened() {
    let story = std::fs::read_to_string(quarter::path("diff.md")).expect("the story");
    for sentence in [
        "- Since 2026-09-30 (2026-Q3): ",
        "The voice channel of west-notifications was switched on (last modified 2026-11-17 by j.smith)",
        "Amazon Pinpoint's support ended on 2026-10-30: campaigns, journeys and segments",
        "A permission was lost: Amazon SES denied GetEmailIdentity in us-west-2",
        "A permission was gained: Amazon Pinpoint answered GetChannels and GetVoiceChannel",
        "The pool pool-6f82aec041734b1d502e68ace1347591 lost +12065550142",
        "The resource policy of 13579 was removed",
        "AWS's report ISO 9001-2015 Certification gained version 3",
        "The application visitor-survey was added",
        "The number +18005550199 was removed",
        "The email identity care.example.org: DkimAttributes.Status was TEMPORARY_FAILURE and is SUCCESS",
        "Newly declared: the application patient-portal-push carries PHI",
        "No longer declared: the waiver SEC-1877",
        "Time passed: 2026-Q4 is judged instead of 2026-Q3",
    ] {
        assert!(story.contains(sentence), "{sentence}");
    }
    assert!(!story.contains("Undetermined"), "everything that happened is known");
    let sentences = story.lines().skip(2).take_while(|line| line.starts_with("- ")).count();
    assert!((3..=6).contains(&sentences), "{sentences}");
}

#[test]
fn no_campaign_that_can_no_longer_be_seen_counts_as_better() {
    let printed = bench("").program("diff old new --format json").run().exits(0).stdout;
    let changes: Value = serde_json::from_str(&printed).expect("JSON");
    let gone = |finding: &&Value| {
        let resource = finding["resource"].as_str().expect("one");
        finding["after"].is_null() && (resource.contains("/campaigns/") || resource.contains("/journeys/"))
    };
    let gone: Vec<&Value> = changes["findings"].as_array().expect("findings").iter().filter(gone).collect();
    assert!(gone.iter().any(|finding| finding["before"]["verdict"] == "fail"), "there were failing ones");
    assert!(gone.iter().all(|finding| finding["direction"] != "better"));
}

#[test]
fn a_pack_that_names_an_earlier_one_tells_the_same_and_verifies() {
    let bench = bench("--previous old");
    bench.program("verify new").run().exits(0);
    let inside = read(&bench.path("new/changes.json"));
    let printed = bench.program("diff old new --format json").run().exits(0).stdout;
    let mut outside: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(outside["new"]["root"], read(&bench.path("new/manifest.json"))["root"]);
    outside["new"]["root"] = Value::Null;
    assert_eq!(inside, outside);
    let new = files(&bench.path("new"));
    let text = |path: &str| String::from_utf8(new[path].clone()).expect("text");
    assert!(text("index.md").contains("## Since 2026-Q3\n\n- Since 2026-09-30 (2026-Q3): "));
    assert!(text("findings.html").contains("<a href=\"changes.html\">Changes</a>"));
    assert!(
        text("changes.html")
            .contains("<h3 id=\"cause-1\">1. The voice channel of west-notifications was switched on</h3>")
    );
    assert!(text("changes.md").contains("[voice-channel-disabled](findings.md#f-"));
    assert!(!files(&bench.path("old")).contains_key("changes.json"));
}

#[test]
fn verify_notices_a_story_that_was_changed_with_care() {
    let rewrite = |change: fn(&mut Value)| {
        let bench = bench("--previous old");
        let path = bench.path("new/changes.json");
        let mut changes = read(&path);
        change(&mut changes);
        let bytes = serde_json::to_string_pretty(&changes).expect("JSON") + "\n";
        std::fs::write(path, bytes).expect("writes");
        packs::seal_again(&bench.path("new"));
        bench.program("verify new").run().exits(4).stdout
    };
    let better = rewrite(|changes| changes["findings"][0]["after"]["verdict"] = json!("pass"));
    assert!(better.contains("changes.json: what it says of this pack"), "{better}");
    let silent = rewrite(|changes| changes["summary"][0] = json!("Nothing happened."));
    assert!(silent.contains("changes.md: does not follow"), "{silent}");
}

#[test]
fn an_earlier_pack_that_is_none_or_is_damaged_stops_the_pack() {
    let bench = Bench::new();
    bench.program("demo --out old").run().exits(0);
    let pack = "pack --from old/evidence --out new --previous";
    bench.program(&format!("{pack} none")).run().exits(2).says(&["`none`"]).hints(&["pack --out"]);
    bench.write("old/index.md", "changed");
    bench.program(&format!("{pack} old")).run().exits(4).says(&["`old`", "index.md"]).hints(&["verify old"]);
    assert_eq!(bench.names(), ["old"]);
}

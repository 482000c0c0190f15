//! Life after 2026-10-30: ended features are judged by the newest snapshot that still observed them, and every verdict
//! that rests on an earlier snapshot shows its age.

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};
use serde_json::Value;

use crate::common::account::{self, HEALTHY_CONFIG};
use crate::common::wire::{error, operation_of};
use crate::common::{Bench, bench, pipeline};

const BEFORE: &str = "2026-10-20T09:00:00.000Z";
const AFTER: &str = "2026-11-23T16:00:00.000Z";

/// The rules that judge campaigns and journeys one by one.
const RULES: [&str; 5] = [
    "campaign-channels-permitted",
    "journey-channels-permitted",
    "sms-origination-short-code",
    "sms-sender-id-unused",
    "sms-transactional",
];

/// The example account, whose campaigns and journeys are gone.
fn ended(request: &WireRequest) -> WireResponse {
    match operation_of(request).name {
        "GetCampaigns" | "ListJourneys" | "GetSegments" | "GetEmailChannel" => error(404, "NotFoundException", "gone"),
        _ => account::healthy(request),
    }
}

/// A bench with a snapshot from before the end of support and one from after it.
fn collected() -> Bench {
    let bench = Bench::new();
    pipeline::collect_at(BEFORE, account::healthy, &bench.path("old")).expect("a caller");
    pipeline::collect_at(AFTER, ended, &bench.path("new")).expect("a caller");
    bench.write("evidence.toml", HEALTHY_CONFIG);
    bench
}

/// The findings of a pack.
fn findings(bench: &Bench, from: &str) -> Vec<Value> {
    bench.program(&format!("pack {from} --out pack --force --exit-zero")).run().exits(0);
    bench::json(&bench.path("pack/results.json"))["findings"].as_array().expect("a list").clone()
}

/// Whether it is about a campaign or journey, or the list of either.
fn is_below(finding: &Value) -> bool {
    let resource = finding["resource"].as_str().expect("text");
    resource.contains("/campaigns") || resource.contains("/journeys")
}

#[test]
fn the_newest_snapshot_alone_shows_nothing_of_what_ended() {
    let bench = collected();
    let findings = findings(&bench, "--from new");
    for rule in RULES {
        let of_rule: Vec<&Value> = findings.iter().filter(|it| it["rule"] == rule && is_below(it)).collect();
        assert!(!of_rule.is_empty(), "{rule}");
        for finding in of_rule {
            assert_eq!((&finding["verdict"], &finding["reason"]), (&"not_evaluated".into(), &"end_of_support".into()));
        }
    }
}

#[test]
fn with_an_earlier_snapshot_each_verdict_shows_how_old_it_is_and_where_its_calls_lie() {
    let bench = collected();
    let findings = findings(&bench, "--from new --from old");
    let age = "Observed 2026-10-20 09:00 UTC (34 days before the newest snapshot)";
    let mut told = 0;
    for finding in findings.iter().filter(|finding| RULES.contains(&finding["rule"].as_str().expect("text"))) {
        let calls: Vec<&str> =
            finding["evidence"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        let earlier = format!("earlier/{BEFORE}/");
        let (message, of_old) =
            (finding["message"].as_str().expect("text"), calls.iter().any(|id| id.starts_with(&earlier)));
        assert_eq!(message.contains(age), of_old, "{finding:#}");
        if is_below(finding) {
            assert!(of_old && finding["verdict"] != "not_evaluated", "{finding:#}");
            told += 1;
        }
    }
    assert!(told >= RULES.len(), "every rule judges something by the earlier snapshot: {told}");
    let page = std::fs::read_to_string(bench.path("pack/findings.html")).expect("a page");
    assert!(page.contains(age), "a reader sees the age beside the verdict");
    let raw = bench.path(&format!("pack/evidence/earlier/{BEFORE}/snapshot.json"));
    assert!(raw.is_file(), "the pack carries the snapshot that judged");
}

#[test]
fn what_is_unsupported_is_judged_by_the_newest_snapshot_alone() {
    let bench = collected();
    for from in ["--from new", "--from new --from old"] {
        let findings = findings(&bench, from);
        let mut supported = findings.iter().filter(|finding| finding["rule"] == "service-supported");
        // GetChannels still shows the email channel enabled.
        assert_eq!(supported.next().expect("a finding")["verdict"], "fail", "{from}");
    }
    let old = findings(&bench, "--from old");
    let mut supported = old.iter().filter(|finding| finding["rule"] == "service-supported");
    assert_eq!(supported.next().expect("a finding")["verdict"], "not_applicable", "judged as it was, before the end");
}

#[test]
fn in_a_period_after_the_end_what_ended_is_not_applicable() {
    let bench = collected();
    let findings = findings(&bench, "--from new --period 2026-11-01..2026-11-30");
    for rule in RULES {
        let of_rule: Vec<&Value> = findings.iter().filter(|it| it["rule"] == rule && is_below(it)).collect();
        assert!(!of_rule.is_empty() && of_rule.iter().all(|finding| finding["verdict"] == "not_applicable"), "{rule}");
    }
}

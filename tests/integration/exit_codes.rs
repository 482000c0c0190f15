//! The exit codes, as pipelines see them.

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};

use crate::common::account::{self, HEALTHY_CONFIG};
use crate::common::wire::{error, operation_of};
use crate::common::{Bench, pipeline};

/// A bench with the snapshot of an account.
fn collected(answer: impl Fn(&WireRequest) -> WireResponse + Send + Sync + 'static, config: &str) -> Bench {
    let bench = Bench::new();
    pipeline::collect(answer, &bench.path("snapshot")).expect("a caller");
    bench.write("evidence.toml", config);
    bench
}

/// The exit code of judging it with these flags.
fn code(bench: &Bench, flags: &str) -> i32 {
    let finished = bench.program(&format!("pack --from snapshot --out pack --force {flags}")).run();
    assert!(bench.path("pack/manifest.json").is_file(), "whatever the verdicts are, there is a pack");
    finished.code.expect("a code")
}

/// Without what the example account's audit reports lack: an ended certificate and one without dates.
fn sound(request: &WireRequest) -> WireResponse {
    let mut response = account::healthy(request);
    if operation_of(request).name == "ListReports" {
        // Both stand for the whole period: the names change, not what is listed.
        response.body = response.body.replace("2025-08-31", "2027-08-31").replace("2026-08-31", "2027-08-31");
    }
    response
}

#[test]
fn a_required_rule_that_fails_is_1_and_exit_zero_makes_it_0() {
    let bench = collected(pinpoint_evidence::demo::answer, pinpoint_evidence::demo::CONFIG);
    assert_eq!(code(&bench, ""), 1);
    assert_eq!(code(&bench, "--strict"), 1);
    assert_eq!(code(&bench, "--exit-zero"), 0);
    assert_eq!(code(&bench, "--strict --exit-zero"), 0);
}

#[test]
fn a_required_rule_that_is_not_evaluated_is_3_when_none_fails() {
    let denied = |request: &WireRequest| match operation_of(request).name {
        "GetVoiceChannel" | "ListReports" => error(403, "AccessDeniedException", "no"),
        _ => sound(request),
    };
    let bench = collected(denied, HEALTHY_CONFIG);
    assert_eq!(code(&bench, ""), 3);
    assert_eq!(code(&bench, "--exit-zero"), 0);
}

#[test]
fn nothing_evaluated_is_5_and_stays_5() {
    let denied = |request: &WireRequest| match operation_of(request).name {
        "GetCallerIdentity" => account::healthy(request),
        _ => error(403, "AccessDeniedException", "no"),
    };
    let bench = collected(denied, HEALTHY_CONFIG);
    assert_eq!(code(&bench, ""), 5);
    assert_eq!(code(&bench, "--exit-zero"), 5);
    assert_eq!(code(&bench, "--strict"), 5);
}

#[test]
fn a_waived_failure_counts_no_more_and_only_strict_looks_at_recommended_rules() {
    // The rules that decide are named here so that an account in which everything passes need not be kept up.
    let bench = collected(sound, HEALTHY_CONFIG);
    let lenient = code(&bench, "");
    let results = crate::common::bench::json(&bench.path("pack/results.json"));
    let verdicts = |level: &str, verdict: &str| {
        let findings = results["findings"].as_array().expect("findings");
        findings.iter().filter(|finding| finding["level"] == level && finding["verdict"] == verdict).count()
    };
    let expected = |fails: usize, unevaluated: usize| match (fails, unevaluated) {
        (0, 0) => 0,
        (0, _) => 3,
        _ => 1,
    };
    let required = (verdicts("required", "fail"), verdicts("required", "not_evaluated"));
    let recommended = (verdicts("recommended", "fail"), verdicts("recommended", "not_evaluated"));
    assert_eq!(lenient, expected(required.0, required.1));
    assert_eq!(code(&bench, "--strict"), expected(required.0 + recommended.0, required.1 + recommended.1));
    let mut config = HEALTHY_CONFIG.to_owned();
    for finding in results["findings"].as_array().expect("findings") {
        if finding["level"] == "required" && finding["verdict"] == "fail" {
            let waiver = format!(
                "[[waiver]]\nrule = {}\nresource = {}\nreason = \"accepted\"\nowner = \"a\"\napprover = \"b\"\n\
                 ticket = \"T-1\"\napproved_on = 2026-09-01\nexpires = 2026-12-31\n",
                finding["rule"], finding["resource"]
            );
            config += &waiver;
        }
    }
    bench.write("evidence.toml", &config);
    assert_eq!(code(&bench, ""), expected(0, required.1), "every failure is waived");
}

#[test]
fn a_damaged_snapshot_is_4() {
    let bench = collected(account::healthy, HEALTHY_CONFIG);
    let header = bench.path("snapshot/snapshot.json");
    let text = std::fs::read_to_string(&header).expect("a header").replace("\"calls\": ", "\"calls\": 1");
    std::fs::write(&header, text).expect("writes");
    bench.program("pack --from snapshot --out pack").run().exits(4);
    bench.program("pack --from snapshot --out pack --exit-zero").run().exits(4);
    assert!(!bench.path("pack").exists());
}

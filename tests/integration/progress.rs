//! Progress on standard error, in each form, and the end of a run in a few lines.

use std::collections::BTreeSet;

use pinpoint_evidence::demo;
use serde_json::Value;

use crate::common::wire::{error, operation_of};
use crate::common::{Bench, Endpoint, Finished};

fn collect(bench: &Bench, flags: &str) -> Finished {
    let endpoint = Endpoint::answering(demo::answer);
    let asked = format!("collect --out snapshot --force --region us-east-1 --endpoint-url {} {flags}", endpoint.url());
    bench.program(&asked).with_credentials().run().exits(0)
}

#[test]
fn json_is_an_object_a_line_in_the_shape_of_its_schema_and_ends_with_everything() {
    let bench = Bench::new();
    let schema: Value = serde_json::from_str(&bench.program("schema progress").run().exits(0).stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let finished = collect(&bench, "--quiet --progress json");
    let events: Vec<Value> =
        finished.stderr.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    for event in &events {
        let errors: Vec<String> = validator.iter_errors(event).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}: {event}");
    }
    // AWS's rates make this collection last some seconds.
    assert!(events.len() >= 3, "{}", finished.stderr);
    let [first, .., last] = events.as_slice() else { panic!("{}", finished.stderr) };
    assert_eq!((&first["event"], &last["event"]), (&"collecting".into(), &"collected".into()));
    assert!(
        events.iter().any(|event| event["places"].to_string().contains("\"what\":\"rate\"")),
        "{}",
        finished.stderr
    );
    let header = crate::common::bench::json(&bench.path("snapshot/snapshot.json"));
    // The header also counts the caller's identity.
    assert_eq!(last["calls"].as_u64().map(|calls| calls + 1), header["calls"].as_u64());
    assert_eq!(last["pending"], 0);
    let services: BTreeSet<&str> =
        last["places"].as_array().expect("places").iter().filter_map(|place| place["service"].as_str()).collect();
    assert_eq!(services, BTreeSet::from(["artifact", "pinpoint", "pinpoint-sms-voice-v2", "sesv2"]));
}

#[test]
fn json_tells_how_long_each_part_of_a_pack_took() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let schema: Value = serde_json::from_str(&bench.program("schema progress").run().exits(0).stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let command = "pack --quiet --progress json --from demo/evidence --out pack --exit-zero";
    let finished = bench.program(command).run().exits(0);
    let events: Vec<Value> =
        finished.stderr.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert!(events.iter().all(|event| validator.is_valid(event)), "{}", finished.stderr);
    let phases: Vec<&str> = events.iter().filter_map(|event| event["phase"].as_str()).collect();
    assert_eq!(phases, ["judged", "pages", "formats", "sealed"]);
}

#[test]
fn plain_says_a_line_now_and_then_and_one_at_the_end() {
    let bench = Bench::new();
    let finished = collect(&bench, "--progress plain");
    let lines: Vec<&str> = finished.stderr.lines().collect();
    assert!(lines.iter().any(|line| line.starts_with("collecting: 0 calls in 0 s")), "{}", finished.stderr);
    assert!(
        lines.iter().any(|line| line.starts_with("collected ") && line.contains(" observed")),
        "{}",
        finished.stderr
    );
    assert!(lines.len() < 20, "{}", finished.stderr);
}

#[test]
fn nothing_is_told_where_standard_error_is_no_terminal_nor_where_nothing_was_asked_for() {
    let bench = Bench::new();
    for flags in ["", "--progress auto", "--progress none"] {
        let finished = collect(&bench, flags);
        assert!(!finished.stderr.contains("collecting") && !finished.stderr.contains('\u{1b}'), "{}", finished.stderr);
    }
    assert_eq!(collect(&bench, "--quiet").stderr, "");
}

#[test]
fn a_collection_ends_with_verdicts_three_open_items_where_it_lies_and_what_comes_next() {
    let bench = Bench::new();
    let finished = collect(&bench, "");
    assert_eq!(finished.stdout, "snapshot\n");
    let open = finished.stderr.lines().filter(|line| line.starts_with("  fail") || line.starts_with("  not evaluated"));
    assert_eq!(open.count(), 3, "{}", finished.stderr);
    for words in [" findings for ", " more in the pack's findings", "pinpoint-evidence pack --from snapshot --out PACK"]
    {
        assert!(finished.stderr.contains(words), "`{words}` is not in: {}", finished.stderr);
    }
}

#[test]
fn a_pack_ends_with_three_open_items_of_different_rules_the_worst_first() {
    let bench = Bench::new();
    let said = bench.program("demo --out demo").run().exits(0).stderr;
    let open: Vec<&str> = said.lines().filter(|line| line.starts_with("  fail")).collect();
    assert_eq!(open.len(), 3, "{said}");
    assert!(open[0].starts_with("  fail  voice-channel-disabled  care-coordination: "), "{said}");
    let rules: BTreeSet<&str> = open.iter().filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert_eq!(rules.len(), 3, "{said}");
    for words in ["more in demo/findings.html", "`pinpoint-evidence explain voice-channel-disabled`", "The cover page:"]
    {
        assert!(said.contains(words), "`{words}` is not in: {said}");
    }
}

#[test]
fn a_pack_in_which_calls_were_denied_names_the_doctor() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(|request| match operation_of(request).name {
        "GetVoiceChannel" => error(403, "AccessDeniedException", "no"),
        _ => demo::answer(request),
    });
    let asked = format!("pack --out pack --region us-east-1 --exit-zero --endpoint-url {}", endpoint.url());
    let said = bench.program(&asked).with_credentials().run().exits(0).stderr;
    assert!(said.contains("`pinpoint-evidence doctor` shows which calls are denied"), "{said}");
}

//! Collecting and judging over real sockets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use pinpoint_evidence::demo;
use pinpoint_evidence::operations;
use pinpoint_evidence::pack::Pack;
use pinpoint_evidence::render;
use pinpoint_evidence::snapshot::{Call, Outcome, Snapshot, is_paging_token};
use regex::Regex;
use serde_json::{Value, json};

use crate::common::account::{healthy, in_one_page, in_pages};
use crate::common::bench::json;
use crate::common::wire::{error, operation_of};
use crate::common::{Bench, Endpoint, pipeline};

/// How many pages each list has: more than the first and the last.
const PAGES: usize = 3;
/// The demo's own period, so that the day of the test makes no difference.
const FLAGS: &str = "--out pack --period 2026-Q3 --exit-zero --config evidence.toml";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("evidence.toml", demo::CONFIG);
    bench
}

/// Everything that a pack says as data, without the time of collecting and without the calls that show it: both differ
/// between two collections of one account.
fn told(mut results: Value) -> Value {
    let members = results.as_object_mut().expect("an object");
    for parts in ["findings", "rules", "programs", "reports", "agreements"] {
        assert!(members[parts].as_array().is_some_and(|parts| !parts.is_empty()), "no {parts}");
    }
    assert_eq!(members["scope"]["applications"].as_array().map(Vec::is_empty), Some(false));
    for member in ["collected", "retain_until", "evidence"] {
        members.remove(member).expect(member);
    }
    without_times_and_calls(results)
}

fn without_times_and_calls(value: Value) -> Value {
    static TIME: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC").expect("a pattern"));
    match value {
        Value::String(text) => TIME.replace_all(&text, "TIME").into(),
        Value::Array(list) => list.into_iter().map(without_times_and_calls).collect(),
        Value::Object(members) => members
            .into_iter()
            .filter(|(name, _)| name != "evidence")
            .map(|(name, value)| (name, without_times_and_calls(value)))
            .collect(),
        other => other,
    }
}

/// The two say the same, in the same order; shows the lines that only one of them has.
#[track_caller]
fn assert_same(paged: &Value, whole: &Value, what: &str) {
    let lines = |value: &Value| format!("{value:#}").lines().map(str::to_owned).collect::<Vec<_>>();
    let only = |one: &Value, other: &Value| {
        let other: BTreeSet<String> = lines(other).into_iter().collect();
        lines(one).into_iter().filter(|line| !other.contains(line)).collect::<Vec<_>>().join("\n")
    };
    assert!(paged == whole, "{what}\nonly in pages:\n{}\nonly in one:\n{}", only(paged, whole), only(whole, paged));
}

fn calls(bench: &Bench) -> Vec<Call> {
    let snapshot = Snapshot::open(&bench.path("pack/evidence")).expect("a snapshot");
    let calls: Vec<Call> = snapshot.files().flat_map(|file| snapshot.calls(file).expect("calls")).collect();
    assert_eq!(snapshot.header.calls, calls.len() as u64);
    assert_eq!(snapshot.header.outcomes.values().sum::<u64>(), snapshot.header.calls);
    calls
}

/// The pages of each list that was read, in order.
fn lists(calls: &[Call]) -> BTreeMap<String, Vec<&Call>> {
    let mut lists: BTreeMap<String, Vec<&Call>> = BTreeMap::new();
    for call in calls {
        let operation = operations::find(&call.service, &call.operation).expect("in the catalogue");
        if operation.paging.is_some() {
            let asked: BTreeMap<_, _> = call.parameters.iter().filter(|(name, _)| !is_paging_token(name)).collect();
            lists.entry(format!("{} {} {asked:?}", call.region, call.operation)).or_default().push(call);
        }
    }
    for pages in lists.values_mut() {
        pages.sort_by_key(|call| call.page);
    }
    lists
}

fn items(calls: &[Call]) -> BTreeMap<String, u64> {
    let counted = |pages: Vec<&Call>| pages.iter().filter_map(|call| call.items).sum();
    lists(calls).into_iter().map(|(list, pages)| (list, counted(pages))).collect()
}

#[test]
fn every_list_in_three_pages_gives_the_pack_of_the_same_lists_in_one() {
    let (paged, whole) = (bench(), bench());
    let in_three = Endpoint::answering(|request| in_pages(PAGES, in_one_page, request));
    let in_one = Endpoint::answering(in_one_page);
    let first = paged.program(&format!("pack {FLAGS} --endpoint-url {}", in_three.url())).with_credentials().start();
    // The second way to name an endpoint.
    let second =
        whole.program(&format!("pack {FLAGS}")).with_credentials().env("AWS_ENDPOINT_URL", in_one.url()).start();
    assert_eq!(first.finish().exits(0).stdout, "pack/index.html\n");
    second.finish().exits(0);
    let results = |bench: &Bench| told(json(&bench.path("pack/results.json")));
    assert_same(&results(&paged), &results(&whole), "over sockets");
    let (paged_calls, whole_calls) = (calls(&paged), calls(&whole));
    assert_eq!(items(&paged_calls), items(&whole_calls));
    let mut kinds = BTreeSet::new();
    for (list, pages) in lists(&paged_calls) {
        let told: Vec<(u32, bool)> = pages.iter().map(|call| (call.page, call.more)).collect();
        assert_eq!(told, [(1, true), (2, true), (3, false)], "{list}");
        kinds.insert(pages[0].operation.clone());
    }
    let every: BTreeSet<String> =
        operations::ALL.iter().filter(|operation| operation.paging.is_some()).map(|it| it.name.to_owned()).collect();
    assert_eq!(kinds, every, "every list of the catalogue is asked for");
    assert_eq!(in_three.requests().len(), paged_calls.len(), "no request is without its call");
    assert_eq!(in_one.requests().len(), whole_calls.len());
    for bench in [&paged, &whole] {
        bench.program("verify pack").run().exits(0);
    }
}

fn results_of(pack: &Pack) -> Value {
    let mut results = Vec::new();
    render::results_json(pack, &mut results).expect("memory takes everything");
    serde_json::from_slice(&results).expect("JSON")
}

/// At the demo's own time, which lies before the end of support: then an empty list is an answer.
#[test]
fn a_pack_says_the_same_on_however_many_pages_its_lists_come() {
    let results = |pages: usize| {
        let answer = move |request: &_| in_pages(pages, in_one_page, request);
        told(results_of(&pipeline::judge(answer, demo::CONFIG).expect("a caller").pack))
    };
    let whole = results(1);
    for pages in [2, 3, 7] {
        assert_same(&results(pages), &whole, &format!("{pages} pages"));
    }
}

#[test]
fn an_account_without_anything_is_judged() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(|request| {
        let operation = operation_of(request);
        let mut response = demo::answer(request);
        if let (Some(member), Ok(mut body)) = (operation.items, serde_json::from_str::<Value>(&response.body)) {
            body[member] = if body[member].is_object() { json!({}) } else { json!([]) };
            if let (Some(paging), Value::Object(members)) = (operation.paging, &mut body) {
                members.remove(paging.next);
            }
            response.body = body.to_string();
        }
        response
    });
    let run = bench.program(&format!("pack --out pack --endpoint-url {}", endpoint.url())).with_credentials();
    let finished = run.run();
    assert!(matches!(finished.code, Some(1 | 3)), "{:?} {}", finished.code, finished.stderr);

    assert_eq!(json(&bench.path("pack/results.json"))["scope"]["applications"], json!([]));
    bench.program("verify pack").run().exits(0);
}

#[test]
fn an_account_in_which_everything_is_denied_gets_a_pack_that_says_so() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(|request| match operation_of(request).name {
        "GetCallerIdentity" => demo::answer(request),
        _ => error(403, "AccessDeniedException", "User is not authorized"),
    });
    let arguments = format!("--endpoint-url {}", endpoint.url());
    bench.program(&format!("pack --out pack {arguments}")).with_credentials().run().exits(5);
    bench.program(&format!("collect --out snapshot {arguments}")).with_credentials().run().exits(5);
    assert_eq!(bench.names(), ["pack", "snapshot"]);
    let results = json(&bench.path("pack/results.json"));
    assert_eq!((&results["summary"]["pass"], &results["summary"]["attested"]), (&json!(0), &json!(0)));
    let denied = calls(&bench).iter().filter(|call| call.outcome == Outcome::AccessDenied).count();
    assert!(denied > 10, "{denied}");
}

#[test]
fn collect_and_then_pack_is_pack() {
    let bench = bench();
    let endpoint = Endpoint::answering(healthy);
    let collect = format!("collect --out snapshot --region us-east-1 --endpoint-url {}", endpoint.url());
    assert_eq!(bench.program(&collect).with_credentials().run().exits(0).stdout, "snapshot\n");
    bench.program(&format!("pack --from snapshot {FLAGS}")).run().exits(0);
    bench.program("verify pack").run().exits(0);
    assert_eq!(calls(&bench).len(), endpoint.requests().len());
    assert_eq!(bench.names(), ["evidence.toml", "pack", "snapshot"]);
}

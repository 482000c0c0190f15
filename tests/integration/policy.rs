//! What is asked is what the policy allows, and nothing else.

use std::collections::BTreeSet;

use pinpoint_evidence::operations;
use pinpoint_evidence::snapshot::{Outcome, Snapshot};
use serde_json::Value;

use crate::common::Bench;

#[test]
fn the_calls_of_the_demo_are_exactly_the_actions_of_the_policy() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let snapshot = Snapshot::open(&bench.path("demo/evidence")).expect("a snapshot");
    let calls = snapshot.files().flat_map(|file| snapshot.calls(file).expect("calls"));
    let asked: BTreeSet<String> = calls
        .filter(|call| call.outcome != Outcome::NotOffered)
        .map(|call| {
            let operation = operations::find(&call.service, &call.operation).expect("an operation of the catalogue");
            format!("{}:{}", operation.service.iam_prefix(), operation.name)
        })
        .collect();
    let printed = bench.program("policy --format json").run().exits(0).stdout;
    let policy: Value = serde_json::from_str(&printed).expect("JSON");
    let statements = policy["Statement"].as_array().expect("statements");
    assert!(statements.iter().all(|statement| statement["Effect"] == "Allow"));
    let actions = statements.iter().flat_map(|statement| statement["Action"].as_array().expect("actions"));
    let allowed: BTreeSet<String> = actions.map(|action| action.as_str().expect("a name").to_owned()).collect();
    assert_eq!(asked, allowed);
}

#[test]
fn nothing_that_the_demo_asks_reads_people_messages_or_reports() {
    let bench = Bench::new();
    bench.program("demo --out demo").run().exits(0);
    let snapshot = Snapshot::open(&bench.path("demo/evidence")).expect("a snapshot");
    let forbidden = [
        "GetEndpoint",
        "GetUserEndpoints",
        "GetInAppMessages",
        "DescribeOptedOutNumbers",
        "DescribeVerifiedDestinationNumbers",
        "GetReport",
        "GetTermForReport",
        "AcceptAgreement",
    ];
    for call in snapshot.files().flat_map(|file| snapshot.calls(file).expect("calls")) {
        assert!(!forbidden.contains(&call.operation.as_str()), "{} was called", call.operation);
        assert!(!call.operation.ends_with("Template"), "{} was called", call.operation);
        assert!(["Get", "List", "Describe"].iter().any(|verb| call.operation.starts_with(verb)), "{}", call.operation);
    }
}

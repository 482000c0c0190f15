//! What is asked is what the policy allows, and nothing else.

use std::collections::BTreeSet;

use pinpoint_evidence::collect::in_process::WireRequest;
use pinpoint_evidence::demo;
use pinpoint_evidence::operations::{self, Service};
use pinpoint_evidence::snapshot::{Outcome, Snapshot};
use serde_json::Value;

use crate::common::wire::{self, operation_of};
use crate::common::{Bench, Endpoint};

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
    assert_eq!(asked, allowed(&bench));
}

/// The actions of the policy, as it is printed.
fn allowed(bench: &Bench) -> BTreeSet<String> {
    let printed = bench.program("policy --format json").run().exits(0).stdout;
    let policy: Value = serde_json::from_str(&printed).expect("JSON");
    let statements = policy["Statement"].as_array().expect("statements");
    assert!(statements.iter().all(|statement| statement["Effect"] == "Allow"));
    let actions = statements.iter().flat_map(|statement| statement["Action"].as_array().expect("actions"));
    actions.map(|action| action.as_str().expect("a name").to_owned()).collect()
}

/// What a command asks of an account that has everything, and of one that has nothing.
fn asked_by(command: &str) -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    for has_everything in [true, false] {
        let bench = Bench::new();
        let endpoint = Endpoint::answering(move |request| match operation_of(request).service {
            Service::Sts => demo::answer(request),
            _ if has_everything => demo::answer(request),
            _ => wire::error(403, "AccessDeniedException", "no"),
        });
        bench.program(&format!("{command} --endpoint-url {}", endpoint.url())).with_credentials().run();
        // A request that no operation of the catalogue makes has no name here, and ends the test.
        asked.extend(endpoint.requests().iter().map(|request| operation_of(request).action()));
        assert!(endpoint.requests().iter().all(|request| request.method == "GET" || is_a_read_by_post(request)));
    }
    asked
}

/// AWS End User Messaging SMS and AWS STS name the operation in a POST, and Amazon SES lists by one.
fn is_a_read_by_post(request: &WireRequest) -> bool {
    ["Get", "List", "Describe"].iter().any(|verb| operation_of(request).name.starts_with(verb))
}

#[test]
fn doctor_and_init_ask_what_the_policy_allows_and_nothing_else() {
    let allowed = allowed(&Bench::new());
    assert_eq!(asked_by("doctor --region us-east-1"), allowed, "doctor probes every call");
    let by_init = asked_by("init --region us-east-1");
    assert!(by_init.is_subset(&allowed) && by_init.len() > 40, "{by_init:?}");
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

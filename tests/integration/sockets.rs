//! What only a socket can do, on every operation: no answer, a closed or reset connection, half an answer.

use std::collections::BTreeSet;
use std::thread;

use pinpoint_evidence::operations;
use pinpoint_evidence::snapshot::{CallId, Outcome};

use crate::common::account::{HEALTHY_CONFIG, healthy};
use crate::common::pipeline::{self, Judged};
use crate::common::wire::operation_of;
use crate::common::{Bench, Endpoint, Reply};
use crate::faults::{ROOTS, compare};

const FAULTS: [&str; 4] = ["silence", "closed", "reset", "cut off"];

/// Collects through the program from a healthy account in which some operations are not answered.
fn collect(fault: &'static str, is_faulty: impl Fn(&str) -> bool + Send + Sync + 'static) -> Judged {
    let bench = Bench::new();
    let endpoint = Endpoint::playing(move |request| {
        let response = healthy(request);
        match fault {
            _ if !is_faulty(operation_of(request).name) => Reply::Answer(response),
            "silence" => Reply::Silence,
            "closed" => Reply::Close,
            "reset" => Reply::Reset,
            _ => Reply::CutOff(response),
        }
    });
    let arguments = format!("collect --out snapshot --timeout 0.5 --endpoint-url {}", endpoint.url());
    bench.program(&arguments).with_credentials().run().exits(0);
    pipeline::read(&bench.path("snapshot"), HEALTHY_CONFIG)
}

#[test]
fn no_broken_connection_of_any_operation_is_ever_a_pass_and_nothing_disappears() {
    thread::scope(|scope| {
        let sound = scope.spawn(|| collect("none", |_| false));
        let runs: Vec<_> = FAULTS
            .iter()
            .flat_map(|fault| [true, false].map(|roots| (*fault, roots)))
            .map(|(fault, roots)| {
                let faulty = move |name: &str| name != "GetCallerIdentity" && ROOTS.contains(&name) == roots;
                (fault, roots, scope.spawn(move || collect(fault, faulty)))
            })
            .collect();
        let sound = sound.join().expect("collects");
        let mut cells = 0;
        for (fault, roots, run) in runs {
            let spoiled = run.join().expect("collects");
            cells += check(fault, roots, &sound, &spoiled);
        }
        println!("cells: {cells}");
        assert_eq!(cells, FAULTS.len() * (operations::ALL.len() - 1));
    });
}

/// Gives the number of operations that were spoiled.
fn check(fault: &str, roots: bool, sound: &Judged, spoiled: &Judged) -> usize {
    let expected = if fault == "silence" { Outcome::Timeout } else { Outcome::Unreachable };
    let spoilt = |name: &str| name != "GetCallerIdentity" && ROOTS.contains(&name) == roots;
    let calls: Vec<_> = spoiled.calls.iter().filter(|call| spoilt(&call.operation)).collect();
    for call in &calls {
        assert_eq!(call.outcome, expected, "{fault}: {} {:?}", call.operation, call.error);
        assert_eq!(call.body, None, "{fault}: {}", call.operation);
    }
    let faulty: BTreeSet<CallId> = calls.iter().map(|call| call.id.clone()).collect();
    let problems = compare(sound, spoiled, &faulty, false, &|_| false);
    assert!(problems.is_empty(), "{fault}:\n{}", problems.join("\n"));
    let operations: BTreeSet<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
    operations.len()
}

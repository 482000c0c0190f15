//! What only a socket can do, on every operation: no answer, a connection that is closed, reset or refused, half an
//! answer.
//!
//! Nothing here is a matter of how fast the machine is. What hangs is waited for briefly, and again for longer where
//! something else was too late; everything else is waited for as long as it takes.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use pinpoint_evidence::collect::in_process::WireResponse;
use pinpoint_evidence::operations;
use pinpoint_evidence::rules::Verdict;
use pinpoint_evidence::snapshot::{Call, CallId, Outcome};

use crate::common::account::{HEALTHY_CONFIG, healthy};
use crate::common::pipeline::{self, Judged};
use crate::common::wire::operation_of;
use crate::common::{Bench, Endpoint, Reply};
use crate::faults::{compare, is_still_true};

/// A way to break a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Silence,
    Closed,
    Reset,
    CutOff,
    Refused,
}

impl Fault {
    const ALL: [Self; 5] = [Self::Silence, Self::Closed, Self::Reset, Self::CutOff, Self::Refused];

    fn outcome(self) -> Outcome {
        if self == Self::Silence { Outcome::Timeout } else { Outcome::Unreachable }
    }

    /// How many seconds to wait for an answer: the first time, and where that was too short for a sound answer.
    fn patience(self) -> &'static [u32] {
        if self == Self::Silence { &[1, 4, 16, 64] } else { &[64] }
    }

    /// What happens to a faulty request. Who is refused makes none.
    fn reply(self, response: WireResponse) -> Reply {
        match self {
            Self::Silence => Reply::Silence,
            Self::Closed | Self::Refused => Reply::Close,
            Self::Reset => Reply::Reset,
            Self::CutOff => Reply::CutOff(response),
        }
    }

    /// What the program asks, and where.
    fn endpoints(self, round: &Round) -> Endpoints {
        let faulty = round.clone();
        if self != Self::Refused {
            return Endpoints::one(Endpoint::playing(move |request| {
                let response = healthy(request);
                if faulty.is_faulty(operation_of(request).name) {
                    self.reply(response)
                } else {
                    Reply::Answer(response)
                }
            }));
        }
        match round {
            Round::First => Endpoints { all: Endpoint::refusing(), caller: Some(Endpoint::answering(healthy)) },
            Round::Later { first, .. } => Endpoints::one(refusing_after(*first)),
        }
    }
}

const CALLER: &str = "GetCallerIdentity";

/// Answers the first questions when all of them have been asked, and refuses everybody who comes later.
fn refusing_after(questions: usize) -> Endpoint {
    let asked = Arc::new((Mutex::new(0), Condvar::new()));
    Endpoint::playing(move |request| {
        let mut response = healthy(request);
        // No connection is used again, so every later question needs a new one.
        response.headers.push(("connection".to_owned(), "close".to_owned()));
        if operation_of(request).name == CALLER {
            return Reply::Answer(response);
        }
        let (count, changed) = &*asked;
        let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        changed.notify_all();
        drop(changed.wait_while(count, |count| *count < questions));
        Reply::LastAnswer(response)
    })
}

struct Endpoints {
    all: Endpoint,
    caller: Option<Endpoint>,
}

impl Endpoints {
    fn one(all: Endpoint) -> Self {
        Self { all, caller: None }
    }
}

/// Operations are spoiled in two rounds: nothing can be asked about what a spoiled list would have named.
#[derive(Clone)]
enum Round {
    /// All of them, so that only the first questions are asked.
    First,
    /// All but those that asked the first questions.
    Later { names: BTreeSet<String>, first: usize },
}

impl Round {
    fn is_faulty(&self, operation: &str) -> bool {
        match self {
            _ if operation == CALLER => false,
            Self::First => true,
            Self::Later { names, .. } => !names.contains(operation),
        }
    }

    /// The round after one that made these calls.
    fn after(calls: &[Call]) -> Self {
        let names: BTreeSet<String> = calls.iter().map(|call| call.operation.clone()).collect();
        Self::Later { names, first: calls.len() - 1 }
    }

    fn spoiled<'c>(&self, calls: &'c [Call]) -> impl Iterator<Item = &'c Call> {
        calls.iter().filter(|call| self.is_faulty(&call.operation))
    }

    fn sound<'c>(&self, calls: &'c [Call]) -> impl Iterator<Item = &'c Call> {
        calls.iter().filter(|call| !self.is_faulty(&call.operation))
    }
}

/// Collects through the program from a healthy account in which the round's operations are not answered.
fn collect(fault: Fault, round: &Round) -> Judged {
    for patience in fault.patience() {
        let endpoints = fault.endpoints(round);
        let bench = Bench::new();
        let mut run = bench
            .program(&format!("collect --out snapshot --region us-east-1 --timeout {patience}"))
            .with_keys()
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("AWS_ENDPOINT_URL", endpoints.all.url());
        if let Some(caller) = &endpoints.caller {
            run = run.env("AWS_ENDPOINT_URL_STS", caller.url());
        }
        let finished = run.run();
        if !bench.path("snapshot").exists() {
            assert_eq!((fault, finished.code), (Fault::Silence, Some(5)), "{}", finished.stderr);
            continue;
        }
        let judged = pipeline::read(&bench.path("snapshot"), HEALTHY_CONFIG);
        if !round.sound(&judged.calls).any(|call| call.outcome == Outcome::Timeout) {
            let read = judged.calls.iter().filter(|call| call.outcome.is_read()).count();
            finished.exits(if read > 1 { 0 } else { 5 });
            return judged;
        }
    }
    panic!("{fault:?}: an answer does not arrive, however long one waits");
}

/// Collects while everything is answered.
fn sound() -> Judged {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(healthy);
    let arguments = format!("collect --out snapshot --timeout 64 --endpoint-url {}", endpoint.url());
    bench.program(&arguments).with_credentials().run().exits(0);
    pipeline::read(&bench.path("snapshot"), HEALTHY_CONFIG)
}

#[test]
fn no_broken_connection_of_any_operation_is_ever_a_pass_and_nothing_disappears() {
    let (sound, runs): (Judged, Vec<(Fault, Round, Judged)>) = thread::scope(|scope| {
        let sound = scope.spawn(sound);
        let runs = Fault::ALL.map(|fault| {
            scope.spawn(move || {
                let first = collect(fault, &Round::First);
                let round = Round::after(&first.calls);
                let later = collect(fault, &round);
                [(fault, Round::First, first), (fault, round, later)]
            })
        });
        let spoiled = runs.into_iter().flat_map(|run| run.join().expect("collects"));
        (sound.join().expect("collects"), spoiled.collect())
    });
    let mut cells = BTreeSet::new();
    for (fault, round, spoiled) in &runs {
        check(*fault, round, &sound, spoiled);
        cells.extend(round.spoiled(&spoiled.calls).map(|call| (format!("{fault:?}"), &call.operation)));
    }
    // Every operation but the caller's, which the other test is about.
    assert_eq!(cells.len(), Fault::ALL.len() * (operations::ALL.len() - 1));
}

/// What the calls say of themselves, and what the verdicts make of them.
fn check(fault: Fault, round: &Round, sound: &Judged, spoiled: &Judged) {
    for call in round.sound(&spoiled.calls) {
        assert!(call.outcome.is_read(), "{fault:?} of others: {} {:?}", call.operation, call.error);
    }
    let calls: Vec<&Call> = round.spoiled(&spoiled.calls).collect();
    for call in &calls {
        assert_eq!(call.outcome, fault.outcome(), "{fault:?}: {} {:?}", call.operation, call.error);
        assert_eq!((&call.body, call.attempts), (&None, 1), "{fault:?}: {}", call.operation);
        assert!(call.error.as_ref().is_some_and(|error| error.message.is_some()), "{fault:?}: {}", call.operation);
    }
    let excepted = |call: &Call, rule: &str| is_still_true(&call.operation, "", rule);
    let faulty = |skip: &dyn Fn(&Call) -> bool| -> BTreeSet<CallId> {
        calls.iter().filter(|call| !skip(call)).map(|call| call.id.clone()).collect()
    };
    let all = faulty(&|_| false);
    let rests = sound.pack.findings.iter().filter(|finding| finding.evidence.iter().any(|call| all.contains(call)));
    assert!(rests.filter(|finding| finding.verdict == Verdict::Pass).count() > 3, "{fault:?} spoils hardly anything");
    let mut problems = compare(sound, spoiled, &all, false, &|rule| calls.iter().any(|call| excepted(call, rule)));
    // Those rules once more, against the calls for which there is no exception.
    let without = faulty(&|call| pinpoint_evidence::rules::ALL.iter().any(|rule| excepted(call, rule.id)));
    problems.extend(compare(sound, spoiled, &without, false, &|_| false));
    assert!(problems.is_empty(), "{fault:?}:\n{}", problems.join("\n"));
}

#[test]
fn a_broken_connection_to_aws_sts_is_one_short_error_and_leaves_nothing() {
    for fault in Fault::ALL {
        let bench = Bench::new();
        let endpoint = match fault {
            Fault::Refused => Endpoint::refusing(),
            _ => Endpoint::playing(move |request| fault.reply(healthy(request))),
        };
        for command in ["pack --out target", "collect --out target"] {
            let patience = fault.patience()[0];
            let run = bench.program(&format!("{command} --timeout {patience} --endpoint-url {}", endpoint.url()));
            let finished = run.with_credentials().env("AWS_MAX_ATTEMPTS", "1").run().exits(5);
            let word = if fault == Fault::Silence { "did not answer in time" } else { "cannot be reached" };
            let finished = finished.says(&["AWS STS", word]).hints(&["endpoint", "network"]);
            assert_eq!((finished.stdout.as_str(), finished.stderr.lines().count()), ("", 2), "{}", finished.stderr);
            for inside in ["dispatch failure", "client error", "io error", "{", "ConnectorError"] {
                assert!(!finished.stderr.contains(inside), "{fault:?}: {}", finished.stderr);
            }
            assert_eq!(bench.names(), [""; 0], "{fault:?}");
        }
    }
}

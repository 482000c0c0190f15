//! Every operation, spoiled in every way, in a healthy account: what could not be read is never a pass, and nothing
//! disappears silently.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use pinpoint_evidence::collect::in_process::{Reply, WireRequest, WireResponse};
use pinpoint_evidence::exit::{Exit, Strictness};
use pinpoint_evidence::operations::{self, Operation, Service};
use pinpoint_evidence::pack::Found;
use pinpoint_evidence::rules::{self, Finding, Verdict};
use pinpoint_evidence::snapshot::{Call, CallId};
use serde_json::{Value, json};

use crate::common::account::{self, HEALTHY_CONFIG, page, token_of};
use crate::common::pipeline::{self, Judged};
use crate::common::wire::{self, answer, error, operation_of};

/// A way to spoil an answer: its name, and the answer that comes instead of a healthy one.
type Fault = (&'static str, fn(&WireResponse) -> Reply);

const WHOLE: &[Fault] = &[
    ("AccessDeniedException", |_| error(403, "AccessDeniedException", "User is not authorized").into()),
    ("ForbiddenException", |_| error(403, "ForbiddenException", "Forbidden").into()),
    ("AccessDenied", |_| wire::xml_error(403, "AccessDenied", "not authorized").into()),
    ("AccessDenied by header", |_| error(403, "AccessDenied", "not authorized").into()),
    ("ThrottlingException", |_| error(400, "ThrottlingException", "Rate exceeded").into()),
    ("TooManyRequestsException", |_| error(429, "TooManyRequestsException", "Too many").into()),
    ("500", |_| error(500, "InternalServerErrorException", "Internal error").into()),
    ("503", |_| answer(503, "<html>Service Unavailable</html>").into()),
    ("timeout", |_| Reply::TimedOut),
    ("connection reset", |_| Reply::Reset),
    ("unknown error", |_| error(400, "TeapotException", "short and stout").into()),
    ("malformed JSON", |healthy| answer(200, &healthy.body[..healthy.body.len() / 2]).into()),
    ("HTML 404", |_| answer(404, "<html>Not Found</html>").into()),
    ("HTML 200", |_| answer(200, "<html>Sign in to continue</html>").into()),
    ("numbers for strings", |healthy| leaves(healthy, |leaf| leaf.is_string().then(|| json!(7))).into()),
    ("strings for booleans", |healthy| leaves(healthy, |leaf| leaf.is_boolean().then(|| json!("false"))).into()),
    ("lists for objects", |healthy| rewritten(healthy, lists_for_objects).into()),
    ("list for the answer", |healthy| answer(200, format!("[{}]", healthy.body)).into()),
    ("{}", |_| answer(200, "{}").into()),
    ("empty", |_| answer(200, "").into()),
    ("null", |_| answer(200, "null").into()),
    ("null members", |healthy| rewritten(healthy, null_members).into()),
    ("null leaves", |healthy| leaves(healthy, |leaf| (!leaf.is_null()).then_some(Value::Null)).into()),
];

/// What the second page of a list is like.
const SECOND_PAGE: &[Fault] = &[
    ("page two denied", |_| error(403, "AccessDeniedException", "User is not authorized").into()),
    ("page two throttled", |_| error(400, "ThrottlingException", "Rate exceeded").into()),
    ("page two 500", |_| error(500, "InternalServerErrorException", "Internal error").into()),
    ("page two timeout", |_| Reply::TimedOut),
    ("page two reset", |_| Reply::Reset),
    ("page two HTML 404", |_| answer(404, "<html>Not Found</html>").into()),
    ("page two malformed", |healthy| answer(200, &healthy.body[..healthy.body.len() - 1]).into()),
    ("page two {}", |_| answer(200, "{}").into()),
    ("page two empty", |_| answer(200, "").into()),
    ("repeated token", again),
];

/// What may stay a pass although the operation went wrong: operation, fault (empty for any), rule, and why.
const STILL_TRUE: &[(&str, &str, &str, &str)] = &[
    ("ListReportVersions", "", "artifact-report-current", "ListReports shows the current version, and that covers"),
    (
        "GetChannels",
        "null leaves",
        "push-sandbox-disabled",
        "no sandbox entry is no sandbox entry, whatever others lack",
    ),
    ("GetChannels", "null leaves", "voice-channel-disabled", "no VOICE entry is no VOICE entry, whatever others lack"),
];

/// Whether the rule may stay a pass although the operation went wrong in that way.
pub(crate) fn is_still_true(operation: &str, fault: &str, rule: &str) -> bool {
    STILL_TRUE
        .iter()
        .any(|(spoiled, by, excepted, _)| *spoiled == operation && (by.is_empty() || *by == fault) && *excepted == rule)
}

#[derive(Clone, Copy)]
struct Cell {
    operation: &'static Operation,
    fault: Fault,
    second_page: bool,
}

impl Cell {
    fn all() -> Vec<Self> {
        let cells = |faults: &'static [Fault], second_page: bool| {
            operations::ALL.iter().filter(move |operation| !second_page || operation.paging.is_some()).flat_map(
                move |operation| faults.iter().map(move |fault| Self { operation, fault: *fault, second_page }),
            )
        };
        cells(WHOLE, false).chain(cells(SECOND_PAGE, true)).collect()
    }

    fn name(self) -> String {
        format!("{} {}", self.operation.name, self.fault.0)
    }

    fn answer(self, request: &WireRequest) -> Reply {
        if operation_of(request) != self.operation {
            return account::healthy(request).into();
        }
        if !self.second_page {
            return (self.fault.1)(&account::healthy(request));
        }
        let served = account::in_pages(2, account::healthy, request);
        if page(request, self.operation) == 1 { served.into() } else { (self.fault.1)(&served) }
    }
}

/// The page announces itself again.
fn again(page: &WireResponse) -> Reply {
    let mut body: Value = serde_json::from_str(&page.body).expect("JSON");
    // Every service reads its own spelling and ignores the other.
    body["NextToken"] = json!(token_of(2));
    body["nextToken"] = json!(token_of(2));
    answer(200, body.to_string()).into()
}

fn rewritten(healthy: &WireResponse, rewrite: fn(Value) -> Value) -> WireResponse {
    match serde_json::from_str(&healthy.body) {
        Ok(body) if healthy.status == 200 => answer(200, rewrite(body).to_string()),
        // XML, and the errors that say that nobody configured something.
        _ => answer(healthy.status, healthy.body.replace(['<', '{'], "(")),
    }
}

fn leaves(healthy: &WireResponse, change: fn(&Value) -> Option<Value>) -> WireResponse {
    fn walk(value: Value, change: fn(&Value) -> Option<Value>) -> Value {
        match value {
            Value::Array(list) => list.into_iter().map(|value| walk(value, change)).collect(),
            Value::Object(members) => members.into_iter().map(|(name, value)| (name, walk(value, change))).collect(),
            leaf => change(&leaf).unwrap_or(leaf),
        }
    }
    match serde_json::from_str(&healthy.body) {
        Ok(body) if healthy.status == 200 => answer(200, walk(body, change).to_string()),
        _ => answer(healthy.status, healthy.body.replace(['<', '{'], "(")),
    }
}

fn lists_for_objects(value: Value) -> Value {
    fn walk(value: Value) -> Value {
        match value {
            Value::Array(list) => list.into_iter().map(walk).collect(),
            Value::Object(members) => members.into_iter().map(|(_, value)| walk(value)).collect::<Vec<_>>().into(),
            leaf => leaf,
        }
    }
    match value {
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, walk(value))).collect(),
        other => other,
    }
}

fn null_members(value: Value) -> Value {
    match value {
        Value::Object(members) => members.into_iter().map(|(name, _)| (name, Value::Null)).collect(),
        other => other,
    }
}

#[test]
fn no_fault_of_any_operation_is_ever_a_pass_and_nothing_disappears() {
    let healthy = pipeline::judge(account::healthy, HEALTHY_CONFIG).expect("a caller");
    assert_every_operation_is_called(&healthy);
    assert_every_rule_passes_somewhere(&healthy);
    let cells = Cell::all();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut problems = Vec::new();
        while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
            problems.extend(problems_of(&healthy, *cell));
        }
        problems
    };
    let mut problems: Vec<String> = thread::scope(|scope| {
        let workers = [(); 2].map(|()| scope.spawn(work));
        workers.into_iter().flat_map(|worker| worker.join().expect("no panic in any cell")).collect()
    });
    problems.sort();
    println!("cells: {}", cells.len());
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

fn assert_every_operation_is_called(healthy: &Judged) {
    for operation in operations::ALL {
        let called = healthy.calls.iter().any(|call| is_of(call, operation));
        assert!(called, "{} is not called, so no fault of it shows anything", operation.name);
    }
}

/// A rule that never passes in the healthy account is not tested by spoiling it.
fn assert_every_rule_passes_somewhere(healthy: &Judged) {
    // One is about the time after the end of support, the other rests on the snapshot's header and on no call.
    let apart = ["service-supported", "regions-scanned"];
    let mut never = Vec::new();
    for rule in rules::ALL.iter().filter(|rule| !apart.contains(&rule.id)) {
        let findings: Vec<Found> = healthy.pack.findings.of_rule(rule.id).map(|(_, finding)| finding).collect();
        let passes = findings.iter().any(|finding| finding.verdict == Verdict::Pass && !finding.evidence.is_empty());
        if !passes {
            never.push((
                rule.id,
                findings.iter().map(|finding| (finding.verdict, finding.message.clone())).collect::<Vec<_>>(),
            ));
        }
    }
    assert!(never.is_empty(), "have to pass somewhere in the healthy account: {never:#?}");
}

fn problems_of(healthy: &Judged, cell: Cell) -> Vec<String> {
    let Ok(spoiled) = pipeline::judge(move |request| cell.answer(request), HEALTHY_CONFIG) else {
        // Without a caller there is no pack, so nothing passes.
        return if cell.operation.service == Service::Sts {
            Vec::new()
        } else {
            vec![format!("{}: no pack", cell.name())]
        };
    };
    let spoiled_calls = |call: &&Call| is_of(call, cell.operation) && !is_as_before(call, healthy, cell.second_page);
    let faulty: BTreeSet<CallId> = spoiled.calls.iter().filter(spoiled_calls).map(|call| call.id.clone()).collect();
    let still_true = |rule: &str| is_still_true(cell.operation.name, cell.fault.0, rule);
    let mut problems = compare(healthy, &spoiled, &faulty, cell.second_page, &still_true);
    if faulty.is_empty() && cell.operation.service != Service::Sts && !leaves_healthy(cell) {
        problems.push("the fault did not arrive".to_owned());
    }
    problems.into_iter().map(|problem| format!("{}: {problem}", cell.name())).collect()
}

/// Answers without any string, boolean or object are not spoiled by spoiling these.
fn leaves_healthy(cell: Cell) -> bool {
    ["numbers for strings", "strings for booleans", "lists for objects", "null leaves"].contains(&cell.fault.0)
}

fn is_of(call: &Call, operation: &Operation) -> bool {
    call.operation == operation.name && call.service == operation.service.as_str()
}

fn is_as_before(call: &Call, healthy: &Judged, second_page: bool) -> bool {
    if second_page {
        // The first page is as healthy as it was, although it is shorter.
        return call.outcome.is_read();
    }
    let says = |call: &Call| call.json().unwrap_or_else(|| json!(call.body));
    healthy
        .calls
        .iter()
        .any(|before| before.id == call.id && before.outcome == call.outcome && says(before) == says(call))
}

/// What is wrong with the verdicts of an account in which the `faulty` calls went wrong.
///
/// With `partly`, the faulty calls are later pages: what stands on the first one may still be judged, but then the rule
/// has to admit that it did not see the rest.
pub(crate) fn compare(
    healthy: &Judged,
    spoiled: &Judged,
    faulty: &BTreeSet<CallId>,
    partly: bool,
    still_true: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let mut problems = Vec::new();
    let rests = |finding: &Finding| finding.evidence.iter().any(|id| faulty.contains(id));
    for finding in spoiled.pack.findings.iter().filter(|finding| !still_true(finding.rule)) {
        if rests(&finding) && matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable | Verdict::Attested) {
            problems.push(format!("{} rests on a faulty call: {}", shown(&finding), finding.message));
        }
    }
    let admits = |rule: &str| {
        let mut findings = spoiled.pack.findings.iter().filter(|finding| finding.rule == rule);
        findings.any(|finding| matches!(finding.verdict, Verdict::NotEvaluated(_)) && rests(&finding))
    };
    let passes = |finding: &Finding| finding.verdict == Verdict::Pass;
    let same_list = |finding: &Finding| finding.evidence.iter().any(|id| is_in_lists_of(healthy, id, spoiled, faulty));
    for before in &healthy.pack.findings {
        let (before, after) = (&*before, find(spoiled, &before));
        match after {
            None if !admits(before.rule) => problems.push(format!("{} disappeared", shown(before))),
            Some(after) if passes(before) && passes(&after) && !still_true(before.rule) => {
                // Applications that a cut list shows are judged as usual; nothing else passes on a list that was cut.
                let is_excepted = || hangs_on_applications(spoiled, faulty) && admits(before.rule);
                let rested = if partly { same_list(before) && !is_excepted() } else { rests(before) };
                if rested {
                    problems.push(format!("{} still passes: {}", shown(&after), after.message));
                }
            }
            _ => {}
        }
    }
    if Exit::of(&spoiled.pack, Strictness::default()) == Exit::Usage {
        problems.push("an exit code that verdicts do not have".to_owned());
    }
    problems
}

/// Whether the list that was cut is that of the applications.
fn hangs_on_applications(spoiled: &Judged, faulty: &BTreeSet<CallId>) -> bool {
    spoiled.calls.iter().filter(|call| faulty.contains(&call.id)).all(|call| call.operation == "GetApps")
}

/// Whether the call is a page of a list of which a later page is faulty.
fn is_in_lists_of(healthy: &Judged, id: &CallId, spoiled: &Judged, faulty: &BTreeSet<CallId>) -> bool {
    let Some(call) = healthy.calls.iter().find(|call| call.id == *id) else { return false };
    spoiled.calls.iter().filter(|call| faulty.contains(&call.id)).any(|later| {
        later.operation == call.operation && later.region == call.region && question(later) == question(call)
    })
}

fn question(call: &Call) -> Vec<(&String, &Value)> {
    let is_token = |name: &str| pinpoint_evidence::snapshot::is_paging_token(name);
    call.parameters.iter().filter(|(name, _)| !is_token(name)).collect()
}

fn find(judged: &Judged, finding: &Finding) -> Option<Found> {
    judged.pack.findings.iter().find(|other| other.rule == finding.rule && other.resource == finding.resource)
}

fn shown(finding: &Finding) -> String {
    format!("{} {} on {}", finding.verdict.as_str(), finding.rule, finding.resource)
}

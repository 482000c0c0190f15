//! `doctor`: what it says of permissions is what AWS answered, and what it says of rules is what happens to them.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};
use pinpoint_evidence::demo;
use pinpoint_evidence::doctor::{self, Example};
use pinpoint_evidence::operations::{self, Operation, Service};
use pinpoint_evidence::rules::{Finding, Reason, Verdict};
use serde_json::Value;

use crate::common::account::{self, HEALTHY_CONFIG};
use crate::common::bench::Invocation;
use crate::common::pipeline;
use crate::common::wire::{self, answer, error, operation_of};
use crate::common::{Bench, Endpoint, Reply};

fn denied() -> WireResponse {
    error(403, "AccessDeniedException", "User is not authorized to perform this action")
}

fn doctor(bench: &Bench, endpoint: &Endpoint, flags: &str) -> Invocation {
    bench.program(&format!("doctor --endpoint-url {} {flags}", endpoint.url())).with_credentials()
}

/// Everything is answered, but for these operations.
fn denying(names: &'static [&'static str]) -> Endpoint {
    Endpoint::answering(
        move |request| {
            if names.contains(&operation_of(request).name) { denied() } else { demo::answer(request) }
        },
    )
}

fn report(bench: &Bench, endpoint: &Endpoint, code: i32) -> Value {
    let finished = doctor(bench, endpoint, "--format json --region us-east-1").run().exits(code);
    serde_json::from_str(&finished.stdout).expect("JSON")
}

fn actions<'r>(report: &'r Value, access: &str) -> Vec<&'r str> {
    let calls = report["calls"].as_array().expect("calls").iter();
    calls.filter(|call| call["access"] == access).map(|call| call["action"].as_str().expect("a name")).collect()
}

#[test]
fn an_account_that_allows_everything_is_0_and_takes_less_than_ten_seconds() {
    let bench = Bench::new();
    // In the second region some lists are empty, and AWS looks in vain for what does not exist.
    let endpoint = Endpoint::answering(|request| match demo::answer(request) {
        found if found.status == 200 || operation_of(request).service != Service::SmsVoice => found,
        _ => error(400, "ResourceNotFoundException", "Resource not found"),
    });
    let begin = Instant::now();
    let finished = doctor(&bench, &endpoint, "--region us-east-1 --region us-west-2").run().exits(0);
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    let calls = operations::ALL.len() - 1;
    for words in [
        &format!("Caller   {}", demo::CALLER),
        &format!("Account  {}", demo::ACCOUNT),
        "Regions  us-east-1, us-west-2",
        &format!("Calls: {calls} of {calls} allowed\n"),
        "Rules: none would be blind.",
        "SecurityAudit v92",
        "Next: `pinpoint-evidence init`",
    ] {
        assert!(finished.stdout.contains(words), "`{words}` is not in: {}", finished.stdout);
    }
    assert!(bench.names().is_empty(), "it writes nothing");
}

#[test]
fn a_denied_call_of_a_required_rule_is_3_and_names_the_rule_and_the_call() {
    let bench = Bench::new();
    let endpoint = denying(&["GetVoiceChannel"]);
    let finished = doctor(&bench, &endpoint, "--region us-east-1").run().exits(3);
    let blind = finished.stdout.lines().find(|line| line.contains("voice-channel-disabled")).expect("the rule");
    assert!(blind.contains("required") && blind.contains("GetVoiceChannel denied"), "{blind}");
    assert!(finished.stdout.contains("pinpoint-evidence policy"), "{}", finished.stdout);
    assert!(!finished.stdout.contains("init` writes"), "{}", finished.stdout);
    let report = report(&bench, &endpoint, 3);
    assert_eq!(actions(&report, "denied"), ["mobiletargeting:GetVoiceChannel"]);
    assert_eq!(report["summary"]["denied"], 1);
    assert_eq!(report["rules"][0]["id"], "voice-channel-disabled");
}

#[test]
fn a_denied_call_of_recommended_rules_is_0_and_3_when_strict() {
    let bench = Bench::new();
    let endpoint = denying(&["DescribeConfigurationSets"]);
    let report = report(&bench, &endpoint, 0);
    assert_eq!(report["summary"]["required_rules_blind"], 0);
    assert_eq!(report["rules"][0]["id"], "event-destinations-declared");
    doctor(&bench, &endpoint, "--strict").run().exits(3);
}

#[test]
fn nothing_but_the_identity_is_5() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(|request| match operation_of(request).service {
        Service::Sts => demo::answer(request),
        _ => denied(),
    });
    let report = report(&bench, &endpoint, 5);
    assert_eq!(report["summary"]["allowed"], 0);
    assert_eq!(actions(&report, "denied").len(), operations::ALL.len() - 1);
}

#[test]
fn no_answer_in_time_is_not_probed_and_never_allowed() {
    let bench = Bench::new();
    let endpoint = Endpoint::playing(|request| match operation_of(request) {
        operation if operation.name == "GetApps" || operation.service == Service::Ses => Reply::Silence,
        _ => Reply::Answer(demo::answer(request)),
    });
    let finished = doctor(&bench, &endpoint, "--format json --within 2 --timeout 60").run().exits(3);
    let report: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    let unasked = actions(&report, "not_probed");
    assert!(unasked.contains(&"mobiletargeting:GetApps") && unasked.contains(&"ses:GetAccount"), "{unasked:?}");
    assert!(unasked.contains(&"mobiletargeting:GetVoiceChannel"), "nor was what hangs on it: {unasked:?}");
    assert!(actions(&report, "allowed").contains(&"artifact:ListReports"));
}

#[test]
fn what_went_wrong_otherwise_is_unclear_and_blinds_as_well() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(|request| match operation_of(request).name {
        "GetChannels" => answer(404, "<html>Not Found</html>"),
        _ => demo::answer(request),
    });
    let finished = doctor(&bench, &endpoint, "").run().exits(3);
    assert!(finished.stdout.contains("GetChannels (an answer of unknown shape)"), "{}", finished.stdout);
    assert!(finished.stdout.contains("GetChannels unclear"), "{}", finished.stdout);
}

#[test]
fn in_an_account_without_anything_the_calls_that_need_an_id_are_probed_with_one_of_nothing() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(|request| {
        let operation = operation_of(request);
        match (operation.service, operation.items) {
            (Service::Sts, _) => demo::answer(request),
            _ if request.path.contains("0000") || request.body.contains("0000") => match operation.name {
                "GetVoiceChannel" => denied(),
                _ => error(404, "NotFoundException", "Resource not found"),
            },
            (_, Some(member)) if operation.paging.is_some() => answer(200, format!("{{\"{member}\": []}}")),
            _ => demo::answer(request),
        }
    });
    let report = report(&bench, &endpoint, 3);
    assert_eq!(actions(&report, "denied"), ["mobiletargeting:GetVoiceChannel"]);
    let calls = report["calls"].as_array().expect("calls");
    let call = calls.iter().find(|call| call["operation"] == "GetEmailChannel").expect("the call");
    assert_eq!((&call["access"], &call["regions"][0]["of_nothing"]), (&"allowed".into(), &true.into()));
}

#[test]
fn a_denial_in_one_region_is_said_of_that_region() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(|request| match operation_of(request).name {
        "DescribePhoneNumbers" if request.host.contains("us-west-2") => denied(),
        _ => demo::answer(request),
    });
    let finished = doctor(&bench, &endpoint, "--region us-east-1 --region us-west-2").run().exits(3);
    assert!(finished.stdout.contains("DescribePhoneNumbers (in us-west-2)"), "{}", finished.stdout);
}

#[test]
fn what_fits_a_managed_policy_is_said() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(|request| {
        let operation = operation_of(request);
        // SecurityAudit as of 2026-08-22.
        let ses = ["GetAccount", "GetConfigurationSet", "GetConfigurationSetEventDestinations", "GetEmailIdentity"];
        match operation.service {
            Service::Sts | Service::Organizations => demo::answer(request),
            Service::Ses if ses.contains(&operation.name) || operation.name == "ListConfigurationSets" => {
                demo::answer(request)
            }
            Service::Ses | Service::Pinpoint | Service::SmsVoice | Service::Artifact => denied(),
        }
    });
    let report = report(&bench, &endpoint, 3);
    let policies = report["managed_policies"].as_array().expect("policies");
    let fits: Vec<&Value> =
        policies.iter().filter(|policy| policy["fits"] == true).map(|policy| &policy["name"]).collect();
    assert_eq!(fits, ["SecurityAudit"]);
    let finished = doctor(&bench, &endpoint, "").run().exits(3);
    assert!(finished.stdout.contains("What is denied here is exactly what it lacks."), "{}", finished.stdout);
}

#[test]
fn the_report_has_the_shape_of_its_schema() {
    let bench = Bench::new();
    let schema: Value = serde_json::from_str(&bench.program("schema doctor").run().exits(0).stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut report = report(&bench, &denying(&["GetVoiceChannel", "GetApps"]), 3);
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    report["calls"][0]["access"] = "fine".into();
    assert!(!validator.is_valid(&report));
}

#[test]
fn the_text_keeps_to_the_width_that_was_asked_for() {
    let bench = Bench::new();
    let endpoint = denying(&["GetApps", "GetVoiceChannel"]);
    for columns in ["60", "100"] {
        let finished = doctor(&bench, &endpoint, "").env("COLUMNS", columns).run().exits(3);
        let most: usize = columns.parse().expect("a number");
        for line in finished.stdout.lines() {
            // One word with what stands before it may be longer than a line.
            let fits = line.chars().count() <= most || line.split_whitespace().count() <= 2;
            assert!(fits, "{columns}: {line}");
        }
    }
}

#[test]
fn without_credentials_a_region_or_a_caller_it_ends_as_elsewhere() {
    let bench = Bench::new();
    bench.program("doctor --region us-east-1").run().exits(2).says(&["no AWS credentials"]).hints(&["--profile"]);
    bench.program("doctor").with_keys().run().exits(2).says(&["no AWS region"]).hints(&["--region"]);
    bench.program("doctor --region us-esat-1").with_credentials().run().exits(2).hints(&["us-east-1"]);
    bench.program("doctor --format yaml").run().exits(2).says(&["json"]);
    bench.program("doctor --within 0").run().exits(2).says(&["0.05"]);
    let expired = Endpoint::answering(|_| wire::xml_error(403, "ExpiredToken", "expired"));
    doctor(&bench, &expired, "").run().exits(5).says(&["ExpiredToken"]).hints(&["renew"]);
}

fn example() -> (tokio::runtime::Runtime, Example) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let example = runtime.block_on(Example::collect()).expect("the example account");
    (runtime, example)
}

type Account = fn(&WireRequest) -> WireResponse;

/// The rules with findings that a denied operation leaves unread, where the denial comes over the wire.
fn unread(
    account: Account,
    config: &str,
    denied_operation: Option<&'static Operation>,
) -> BTreeSet<(&'static str, String)> {
    let regions = if config == demo::CONFIG { demo::REGIONS.to_vec() } else { vec![pipeline::REGION] };
    let answer = move |request: &WireRequest| {
        if Some(operation_of(request)) == denied_operation { denied() } else { account(request) }
    };
    let directory = tempfile::tempdir().expect("a directory");
    let snapshot = directory.path().join("snapshot");
    let regions = regions.into_iter().map(str::to_owned).collect();
    let scope = pipeline::Scope { regions, regions_not_scanned: Vec::new(), now: demo::NOW };
    pipeline::collect_in(scope, answer, &snapshot).expect("a caller");
    let judged = pipeline::read(&snapshot, config);
    let is_unread = |finding: &Finding| matches!(finding.verdict, Verdict::NotEvaluated(Reason::Unread(_)));
    let unread = judged.pack.findings.iter().filter(|finding| is_unread(finding));
    unread.map(|finding| (finding.rule, finding.resource.clone())).collect()
}

/// What the doctor says without the wire is held against what happens on it, for every call of the catalogue: on the
/// example account, where the two have to agree, and on the healthy one, where nothing may go blind unsaid.
#[test]
fn the_rules_that_are_said_to_be_blind_are_those_that_a_denied_call_leaves_unread() {
    let accounts: [(Account, &str); 2] = [(demo::answer, demo::CONFIG), (account::healthy, HEALTHY_CONFIG)];
    let before = accounts.map(|(account, config)| unread(account, config, None));
    let problems = Mutex::new(Vec::new());
    let work = |half: usize| {
        let (runtime, example) = example();
        let asked = operations::ALL.iter().filter(|operation| operation.service != Service::Sts);
        for operation in asked.skip(half).step_by(2) {
            let said: BTreeSet<&str> = runtime.block_on(doctor::blind(&example, &[operation])).into_keys().collect();
            for ((account, config), before) in accounts.iter().zip(&before) {
                let after = unread(*account, config, Some(operation));
                let seen: BTreeSet<&str> = after.difference(before).map(|(rule, _)| *rule).collect();
                let agrees = if *config == demo::CONFIG { said == seen } else { said.is_superset(&seen) };
                if !agrees {
                    let problem = format!("{}: said {said:?}, seen {seen:?}", operation.name);
                    problems.lock().expect("no panic").push(problem);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        [0, 1].map(|half| scope.spawn(move || work(half))).map(|run| run.join().expect("no panic"))
    });
    let problems = problems.into_inner().expect("no panic");
    assert!(problems.is_empty(), "{problems:#?}");
}

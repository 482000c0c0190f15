//! `diff`: each kind of change is found, and its cause is named.

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};
use pinpoint_evidence::demo;
use serde_json::{Value, json};

use crate::common::account::{self, HEALTHY_CONFIG};
use crate::common::bench::{json as read, names};
use crate::common::pipeline::{self, Scope};
use crate::common::wire::{error, operation_of};
use crate::common::{Bench, packs};

/// The comparison of the healthy account with itself after something happened.
struct Compared(Value);

impl Compared {
    /// What differs when the account answers otherwise.
    fn answers(later: impl Fn(&WireRequest) -> WireResponse + Send + Sync + 'static) -> Self {
        Self::of(later, HEALTHY_CONFIG, demo::NOW)
    }

    fn of(
        later: impl Fn(&WireRequest) -> WireResponse + Send + Sync + 'static,
        config: &str,
        now: &'static str,
    ) -> Self {
        let bench = Bench::new();
        pack(&bench, "old", account::healthy, HEALTHY_CONFIG, demo::NOW);
        pack(&bench, "new", later, config, now);
        Self(diff(&bench))
    }

    /// The findings of a rule: direction, verdict before, verdict after, and the kinds of its causes.
    fn findings(&self, rule: &str) -> Vec<String> {
        let verdict = |side: &Value| side["verdict"].as_str().unwrap_or("none").to_owned();
        let of_rule = self.0["findings"].as_array().expect("findings").iter().filter(|finding| finding["rule"] == rule);
        of_rule
            .map(|finding| {
                let causes = finding["causes"].as_array().expect("causes").iter();
                let kinds: Vec<&str> = causes.map(|id| self.cause(id)["kind"].as_str().expect("a kind")).collect();
                let (before, after) = (verdict(&finding["before"]), verdict(&finding["after"]));
                format!("{}: {before} to {after}, {}", finding["direction"].as_str().expect("one"), kinds.join("+"))
            })
            .collect()
    }

    fn cause(&self, id: &Value) -> &Value {
        let causes = self.0["causes"].as_array().expect("causes");
        causes.iter().find(|cause| cause["id"] == *id).expect("a cause of that id")
    }

    fn sentences(&self) -> Vec<&str> {
        let causes = self.0["causes"].as_array().expect("causes").iter();
        causes.map(|cause| cause["sentence"].as_str().expect("a sentence")).collect()
    }

    /// The directions of all findings that changed, each once.
    fn directions(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.0["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|finding| finding["direction"].as_str().expect("one"))
            .collect();
        all.dedup();
        all
    }
}

fn pack(
    bench: &Bench,
    name: &str,
    answer: impl Fn(&WireRequest) -> WireResponse + Send + Sync + 'static,
    config: &str,
    now: &'static str,
) {
    let scope = Scope { regions: vec![pipeline::REGION.to_owned()], regions_not_scanned: Vec::new(), now };
    pipeline::collect_in(scope, answer, &bench.path(&format!("{name}.snapshot"))).expect("a caller");
    bench.write(&format!("{name}.toml"), config);
    let arguments = format!("pack --exit-zero --from {name}.snapshot --config {name}.toml --out {name}");
    bench.program(&arguments).run().exits(0);
}

fn diff(bench: &Bench) -> Value {
    let printed = bench.program("diff old new --format json").run().exits(0).stdout;
    serde_json::from_str(&printed).expect("JSON")
}

/// The healthy account, in which one operation answers otherwise.
fn but(operation: &'static str, change: fn(WireResponse) -> WireResponse) -> impl Fn(&WireRequest) -> WireResponse {
    move |request| {
        let healthy = account::healthy(request);
        if operation_of(request).name == operation { change(healthy) } else { healthy }
    }
}

/// An answer with other members.
fn with(response: WireResponse, change: fn(&mut Value)) -> WireResponse {
    let mut body: Value = serde_json::from_str(&response.body).expect("JSON");
    change(&mut body);
    WireResponse { body: body.to_string(), ..response }
}

#[test]
fn equal_packs_differ_in_nothing() {
    let same = Compared::answers(account::healthy);
    for list in ["findings", "causes", "resources", "reports", "agreements", "declarations", "rules"] {
        assert_eq!(same.0[list], json!([]), "{list}");
    }
    assert_eq!(same.0["summary"].as_array().expect("sentences").len(), 3);
}

#[test]
fn a_list_in_another_order_and_in_other_pages_is_the_same() {
    let same = Compared::answers(|request| {
        let response = account::in_pages(2, account::healthy, request);
        let Some(member) = operation_of(request).items else { return response };
        let Ok(mut body) = serde_json::from_str::<Value>(&response.body) else { return response };
        if let Some(list) = body[member].as_array_mut() {
            list.reverse();
        }
        WireResponse { body: body.to_string(), ..response }
    });
    assert_eq!((&same.0["findings"], &same.0["causes"]), (&json!([]), &json!([])));
}

#[test]
fn a_configuration_change_names_the_member_and_who_changed_it() {
    let changed = Compared::answers(but("GetSmsChannel", |healthy| {
        with(healthy, |body| {
            body["SenderId"] = json!("EXHEALTH");
            body["LastModifiedDate"] = json!("2026-09-29T10:00:00.000Z");
            body["LastModifiedBy"] = json!("arn:aws:sts::111122223333:assumed-role/MessagingAdmin/j.smith");
        })
    }));
    assert_eq!(changed.findings("sms-sender-id-unused")[0], "worse: pass to fail, configuration");
    let cause = &changed.0["causes"][0];
    assert_eq!(cause["sentence"], "The SMS channel of patient-reminders: SenderId was not set and is EXHEALTH.");
    assert_eq!(cause["answers"][0]["fields"], json!([{"path": "SenderId", "before": null, "after": "EXHEALTH"}]));
    assert_eq!(cause["last_modified"], "2026-09-29T10:00:00.000Z");
    assert!(cause["last_modified_by"].as_str().expect("a name").ends_with("j.smith"));
}

#[test]
fn what_changed_in_another_thing_of_the_same_list_is_not_the_cause() {
    let changed = Compared::answers(but("DescribePhoneNumbers", |healthy| {
        with(healthy, |body| {
            let Some(number) = body["PhoneNumbers"].get(0).cloned() else { return };
            body["PhoneNumbers"][0]["DeletionProtectionEnabled"] = json!(false);
            let mut other = number;
            other["PhoneNumberArn"] = json!("arn:aws:sms-voice:us-east-1:111122223333:phone-number/other");
            other["PhoneNumberId"] = json!("other");
            other["PhoneNumber"] = json!("+12065550100");
            body["PhoneNumbers"].as_array_mut().expect("a list").push(other);
        })
    }));
    assert_eq!(changed.findings("short-code-deletion-protected"), ["worse: pass to fail, configuration"]);
    let cause = &changed.0["causes"][0]["sentence"];
    assert_eq!(*cause, "The number 24680: DeletionProtectionEnabled was true and is false.");
    assert!(changed.sentences().contains(&"The number +12065550100 was added."));
    assert_eq!(changed.0["resources"][0]["change"], "added");
}

#[test]
fn a_lost_permission_is_never_better() {
    let denied = Compared::answers(but("GetVoiceChannel", |_| error(403, "AccessDeniedException", "no")));
    assert_eq!(denied.findings("voice-channel-disabled"), ["unseen: pass to not_evaluated, permission"]);
    let lost = "A permission was lost: Amazon Pinpoint denied GetVoiceChannel in us-east-1";
    assert!(denied.sentences()[0].starts_with(lost), "{:?}", denied.sentences());
    let bench = Bench::new();
    let failing = |request: &WireRequest| match operation_of(request).name {
        "GetVoiceChannel" => with(account::healthy(request), |body| *body = json!({"Enabled": true})),
        _ => account::healthy(request),
    };
    pack(&bench, "old", move |request| WireResponse { status: 200, ..failing(request) }, HEALTHY_CONFIG, demo::NOW);
    pack(&bench, "new", but("GetVoiceChannel", |_| error(403, "AccessDenied", "no")), HEALTHY_CONFIG, demo::NOW);
    let compared = Compared(diff(&bench));
    assert_eq!(compared.findings("voice-channel-disabled"), ["unseen: fail to not_evaluated, permission"]);
}

#[test]
fn what_a_denied_list_no_longer_shows_is_not_gone() {
    let denied = Compared::answers(but("GetApps", |_| error(403, "AccessDeniedException", "no")));
    assert!(!denied.directions().contains(&"better"), "{:?}", denied.directions());
    assert!(denied.findings("voice-channel-disabled").contains(&"unseen: pass to none, permission".to_owned()));
    let resources = denied.0["resources"].as_array().expect("resources");
    assert!(resources.iter().any(|resource| resource["kind"] == "application"));
    assert!(resources.iter().all(|resource| resource["change"] == "no_longer_seen"), "{resources:?}");
}

#[test]
fn an_application_that_a_whole_list_no_longer_shows_is_removed() {
    let removed = Compared::answers(but("GetApps", |healthy| with(healthy, |body| body["Item"] = json!([]))));
    assert_eq!(removed.findings("voice-channel-disabled"), ["other: pass to none, configuration"]);
    let undetermined =
        removed.0["causes"].as_array().expect("causes").iter().find(|cause| cause["kind"] == "undetermined");
    assert_eq!(undetermined, None, "{}", removed.0["findings"]);
    assert_eq!(removed.sentences()[0], "The application patient-reminders was removed.");
    let application = &removed.0["resources"][0];
    assert_eq!((&application["kind"], &application["change"]), (&json!("application"), &json!("removed")));
}

#[test]
fn throttling_is_a_matter_of_the_collection() {
    let throttled = Compared::answers(but("GetVoiceChannel", |_| error(429, "TooManyRequestsException", "slow down")));
    assert_eq!(throttled.findings("voice-channel-disabled"), ["unseen: pass to not_evaluated, collection"]);
}

#[test]
fn a_declaration_is_found_by_judging_again_without_it() {
    let config = HEALTHY_CONFIG.replace(
        "[[phi.processor]]\ntarget = \"arn:aws:kinesis:us-east-1:111122223333:stream/pinpoint-events\"\n\
         purpose = \"delivery audit trail\"\n",
        "[[attestation]]\nid = \"risk_analysis\"\nstatement = \"s\"\nby = \"b\"\nrole = \"r\"\non = 2026-07-15\n",
    );
    let config = config.replace("arn:aws:s3:::example-health-pinpoint-imports", "arn:aws:s3:::elsewhere");
    let changed = Compared::of(account::healthy, &config, demo::NOW);
    assert_eq!(changed.findings("import-export-declared"), ["worse: pass to fail, declaration"]);
    let all = changed.sentences();
    let gone = "No longer declared: arn:aws:s3:::example-health-pinpoint-imports may receive PHI.";
    assert_eq!(changed.cause(&changed.0["findings"][0]["causes"][0])["sentence"], gone, "{all:?}");
    assert!(all.contains(&"Newly declared: the attestation risk_analysis."), "{all:?}");
    assert!(changed.0["declarations"].as_array().expect("fields").len() >= 3);
}

#[test]
fn a_waiver_that_expires_is_the_passing_of_time() {
    let waiver = "[[waiver]]\nrule = \"voice-capability-absent\"\n\
         resource = \"arn:aws:sms-voice:us-east-1:111122223333:phone-number/phone-0f2c4e6a8b1d43579ace02468bdf1357\"\n\
         reason = \"r\"\nowner = \"a\"\napprover = \"b\"\nticket = \"SEC-7\"\napproved_on = 2026-07-01\n\
         expires = 2026-10-05\n";
    let voice = |request: &WireRequest| match operation_of(request).name {
        "DescribePhoneNumbers" => with(account::healthy(request), |body| {
            for number in body["PhoneNumbers"].as_array_mut().expect("a list") {
                number["NumberCapabilities"] = json!(["SMS", "VOICE"]);
            }
        }),
        _ => account::healthy(request),
    };
    let (bench, config) = (Bench::new(), format!("{HEALTHY_CONFIG}{waiver}"));
    pack(&bench, "old", voice, &config, demo::NOW);
    pack(&bench, "new", voice, &config, "2026-10-20T16:00:00.000Z");
    let expired = Compared(diff(&bench));
    assert_eq!(expired.findings("voice-capability-absent"), ["worse: fail to fail, period"]);
    assert!(expired.sentences().contains(&"The waiver SEC-7 expired on 2026-10-05."), "{:?}", expired.sentences());
}

#[test]
fn another_version_is_a_tool_change() {
    let bench = Bench::new();
    pack(&bench, "old", account::healthy, HEALTHY_CONFIG, demo::NOW);
    pack(&bench, "new", account::healthy, HEALTHY_CONFIG, demo::NOW);
    packs::rewrite(&bench.path("old"), |results| {
        results["tool"]["version"] = json!("0.0.9");
        let findings = results["findings"].as_array_mut().expect("findings");
        let finding = findings.iter_mut().find(|finding| finding["rule"] == "voice-channel-disabled").expect("one");
        finding["verdict"] = json!("fail");
        results["rules"].as_array_mut().expect("rules").retain(|rule| rule["id"] != "regions-scanned");
    });
    let compared = Compared(diff(&bench));
    assert_eq!(compared.findings("voice-channel-disabled"), ["better: fail to pass, tool"]);
    assert_eq!(compared.0["rules"], json!([{"id": "regions-scanned", "before": null, "after": "recommended"}]));
}

#[test]
fn a_pack_of_this_version_that_says_what_its_evidence_does_not_show_is_refused() {
    let bench = Bench::new();
    pack(&bench, "old", account::healthy, HEALTHY_CONFIG, demo::NOW);
    pack(&bench, "new", account::healthy, HEALTHY_CONFIG, demo::NOW);
    packs::rewrite(&bench.path("new"), |results| results["findings"][0]["verdict"] = json!("fail"));
    bench.program("diff old new").run().exits(4).says(&["`new`", "do not follow"]).hints(&["verify new"]);
}

#[test]
fn the_data_has_the_shape_of_its_schema() {
    let bench = Bench::new();
    bench.program("demo --out old").run().exits(0);
    pack(&bench, "new", account::healthy, HEALTHY_CONFIG, "2026-12-31T16:00:00.000Z");
    let schema: Value =
        serde_json::from_str(&bench.program("schema diff").run().exits(0).stdout).expect("a schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut document = diff(&bench);
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    document["findings"][0]["causes"] = json!([]);
    assert!(!validator.is_valid(&document), "a finding without a cause");
}

#[test]
fn what_is_no_pack_and_what_is_damaged_are_told_apart() {
    let bench = Bench::new();
    bench.program("demo --out old").run().exits(0);
    bench.program("demo --out new").run().exits(0);
    std::fs::create_dir(bench.path("empty")).expect("creates");
    for pair in ["none new", "old none", "empty new", "old old/evidence"] {
        bench.program(&format!("diff {pair}")).run().exits(2).says(&["cannot read the pack"]).hints(&["pack --out"]);
    }
    bench.write("new/index.md", "changed");
    std::fs::remove_file(bench.path("new/findings.csv")).expect("removes");
    let damaged = bench.program("diff old new").run().exits(4);
    damaged.says(&["`new`", "findings.csv: removed", "1 more"]).hints(&["verify new"]);
    bench.program("diff new old").run().exits(4).says(&["`new`"]);
    bench.program("diff old").run().exits(2);
    bench.program("diff old old --format xml").run().exits(2);
    assert_eq!(names(&bench.path("")), ["empty", "new", "old"]);
}

#[test]
fn packs_that_were_probably_not_meant_are_compared_with_a_warning() {
    let bench = Bench::new();
    pack(&bench, "old", account::healthy, HEALTHY_CONFIG, "2026-10-20T16:00:00.000Z");
    pack(&bench, "new", account::healthy, HEALTHY_CONFIG, demo::NOW);
    let backwards = bench.program("diff old new").run().exits(0);
    assert!(backwards.stderr.contains("the first pack is the newer one"), "{}", backwards.stderr);
    assert_eq!(read(&bench.path("old/results.json"))["collected"]["last"], "2026-10-20T16:00:00.000Z");
}

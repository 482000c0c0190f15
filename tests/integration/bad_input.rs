//! What is wrong with the command line, the configuration or the account's credentials: one clear message, the next
//! step, the exit code, and nothing left behind.

use std::path::PathBuf;

use pinpoint_evidence::collect::in_process::WireResponse;
use pinpoint_evidence::demo;
use pinpoint_evidence::operations::{Operation, Service};
use pinpoint_evidence::snapshot::hex_sha256;

use crate::common::bench::Invocation;
use crate::common::wire::{answer, error, operation_of, xml_error};
use crate::common::{Bench, Endpoint, Finished};

/// A live pack whose answers would come from this endpoint.
fn pack(bench: &Bench, flags: &str) -> Invocation {
    bench.program(&format!("pack --out pack {flags}"))
}

/// Runs it: one error, one next step, and nothing that was not there before.
#[track_caller]
fn refused(bench: &Bench, invocation: Invocation, code: i32) -> Finished {
    let before = bench.names();
    let finished = invocation.run().exits(code);
    assert_eq!(bench.names(), before, "something was left behind");
    assert_eq!(finished.stdout, "");
    let lines = |beginning: &str| finished.stderr.lines().filter(|line| line.starts_with(beginning)).count();
    // The parser of the command line points to its help instead of a hint.
    let next_steps = (lines("hint:"), lines("For more information, try '--help'"));
    assert_eq!(lines("error:"), 1, "{}", finished.stderr);
    assert!(next_steps == (1, 0) || next_steps == (0, 1), "{}", finished.stderr);
    finished
}

/// The endpoint of an account that answers as the demo's does, but for what `change` says.
fn endpoint(change: impl Fn(&Operation) -> Option<WireResponse> + Send + Sync + 'static) -> Endpoint {
    Endpoint::answering(move |request| change(operation_of(request)).unwrap_or_else(|| demo::answer(request)))
}

#[test]
fn no_credentials() {
    let bench = Bench::new();
    refused(&bench, pack(&bench, "--region us-east-1"), 2).says(&["no AWS credentials were found"]).hints(&[
        "--profile",
        "AWS_ACCESS_KEY_ID",
        "aws sso login",
    ]);
}

#[test]
fn an_unknown_profile() {
    let bench = Bench::new();
    bench.aws_config("[profile audit]\nregion = us-east-1\n");
    refused(&bench, pack(&bench, "--region us-east-1 --profile adit").with_credentials(), 2)
        .says(&["`adit`"])
        .hints(&["audit"]);
    refused(&bench, pack(&bench, "--region us-east-1").with_credentials().env("AWS_PROFILE", "adit"), 2)
        .says(&["`adit`"])
        .hints(&["audit"]);
}

#[test]
fn a_typing_error_in_a_region() {
    let bench = Bench::new();
    refused(&bench, pack(&bench, "--region us-esat-1").with_credentials(), 2)
        .says(&["`us-esat-1`"])
        .hints(&["`us-east-1`"]);
    bench.write("evidence.toml", "[aws]\nregions = [\"eu-wset-1\"]\n");
    refused(&bench, pack(&bench, "").with_credentials(), 2).says(&["eu-wset-1"]).hints(&["eu-west-1"]);
}

#[test]
fn no_region() {
    let bench = Bench::new();
    refused(&bench, pack(&bench, "").with_keys(), 2).says(&["no AWS region"]).hints(&["--region", "AWS_REGION"]);
}

#[test]
fn an_endpoint_that_nobody_listens_at() {
    let bench = Bench::new();
    let endpoint = Endpoint::refusing();
    refused(&bench, pack(&bench, &format!("--endpoint-url {}", endpoint.url())).with_credentials(), 5)
        .says(&["AWS STS", "cannot be reached"])
        .hints(&["endpoint", "network"]);
}

#[test]
fn a_malformed_endpoint() {
    let bench = Bench::new();
    for url in ["localhost:4566", "ftp://localhost", "http//localhost"] {
        refused(&bench, pack(&bench, "").with_credentials().env("AWS_ENDPOINT_URL", url), 2)
            .says(&[url])
            .hints(&["https://localhost:4566"]);
        refused(&bench, pack(&bench, &format!("--endpoint-url {url}")).with_credentials(), 2).says(&[url]);
    }
}

fn refusing_credentials(code: &'static str, message: &'static str) -> Endpoint {
    endpoint(move |operation| (operation.service == Service::Sts).then(|| xml_error(403, code, message)))
}

/// AWS knows the credentials of no account that has not enabled the region.
#[test]
fn a_region_that_the_account_has_not_enabled() {
    let bench = Bench::new();
    let endpoint =
        refusing_credentials("InvalidClientTokenId", "The security token included in the request is invalid");
    let run = pack(&bench, &format!("--region af-south-1 --endpoint-url {}", endpoint.url())).with_credentials();
    refused(&bench, run, 5).says(&["InvalidClientTokenId"]).hints(&["enabled the region"]);
}

#[test]
fn an_address_at_which_something_else_answers() {
    for (status, body) in [(200, "<html>Sign in</html>"), (404, "<html>Not Found</html>"), (200, "{}"), (200, "")] {
        let bench = Bench::new();
        let endpoint = endpoint(move |_| Some(answer(status, body)));
        let run = pack(&bench, &format!("--endpoint-url {}", endpoint.url())).with_credentials();
        let finished =
            refused(&bench, run, 5).says(&["AWS STS", "not one that it gives"]).hints(&["endpoint", "proxy"]);
        assert!(!finished.stderr.contains('{'), "{}", finished.stderr);
    }
}

#[test]
fn an_account_without_amazon_pinpoint_gets_a_pack_and_one_warning() {
    let denied = |operation: &Operation| {
        (operation.service == Service::Pinpoint).then(|| error(403, "ForbiddenException", "Forbidden"))
    };
    let empty = |operation: &Operation| (operation.name == "GetApps").then(|| answer(200, r#"{"Item":[]}"#));
    let cases = [
        ("us-east-1", endpoint(denied), "us-east-1: GetApps could not be read: access denied."),
        ("us-east-1", endpoint(empty), "us-east-1: GetApps shows none."),
        ("eu-north-1", endpoint(empty), "eu-north-1: GetApps was not asked: AWS does not offer the service"),
    ];
    // All at once, because each keeps to AWS's rates.
    let runs = cases.map(|(region, endpoint, why)| {
        let bench = Bench::new();
        bench.write("evidence.toml", "[organization]\nname = \"Example Health\"\nrole = \"covered_entity\"\n");
        let arguments = format!("pack --out pack --region {region} --endpoint-url {}", endpoint.url());
        let run = bench.program(&arguments).with_keys().start();
        (bench, endpoint, run, why)
    });
    for (bench, _endpoint, run, why) in runs {
        // What the rest of the account shows is judged, and some of it fails.
        let finished = run.finish().exits(1);
        let warnings: Vec<&str> = finished.stderr.lines().filter(|line| line.starts_with("warning:")).collect();
        let [warning] = warnings[..] else { panic!("{}", finished.stderr) };
        assert!(warning.contains("No application of Amazon Pinpoint") && warning.contains(why), "{warning}");
        bench.program("verify pack").run().exits(0);
    }
}

#[test]
fn an_expired_token() {
    let bench = Bench::new();
    let endpoint = refusing_credentials("ExpiredToken", "The security token included in the request is expired");
    let run = pack(&bench, &format!("--endpoint-url {}", endpoint.url())).with_credentials();
    refused(&bench, run, 5).says(&["ExpiredToken", "expired"]).hints(&["renew the credentials", "aws sso login"]);
    let collect = bench.program(&format!("collect --out snapshot --endpoint-url {}", endpoint.url()));
    refused(&bench, collect.with_credentials(), 5).says(&["ExpiredToken"]);
}

#[test]
fn an_unknown_key_of_the_configuration() {
    let bench = Bench::new();
    bench.write("mine.toml", "[organization]\nname = \"Example Health\"\n\n[phi]\naplications = []\n");
    refused(&bench, pack(&bench, "--config mine.toml").with_credentials(), 2)
        .says(&["mine.toml", "5", "aplications", "applications"])
        .hints(&["schema config"]);
}

#[test]
fn a_configuration_that_is_not_toml() {
    let bench = Bench::new();
    bench.write("evidence.toml", "[phi\n");
    refused(&bench, pack(&bench, "").with_credentials(), 2).says(&["evidence.toml", "1"]);
}

#[test]
fn a_missing_configuration() {
    let bench = Bench::new();
    refused(&bench, pack(&bench, "--config none.toml").with_credentials(), 2)
        .says(&["none.toml", "No such file"])
        .hints(&["--config"]);
}

#[test]
fn a_period_that_is_none() {
    let bench = Bench::new();
    for period in ["2026-Q5", "2026-13-01..2026-12-31", "2026-12-31..2026-10-01", "last"] {
        refused(&bench, pack(&bench, &format!("--period {period}")), 2).says(&[period]);
    }
}

#[test]
fn what_is_no_snapshot() {
    let bench = Bench::new();
    bench.write("file", "");
    std::fs::create_dir(bench.path("empty")).expect("creates");
    for from in ["none", "file", "empty"] {
        refused(&bench, pack(&bench, &format!("--from {from}")), 2).says(&[from]).hints(&["collect --out"]);
    }
}

/// The demo's pack, the calls of Amazon Pinpoint in it, and what they were.
fn demo_pack(bench: &Bench) -> (PathBuf, String) {
    bench.program("demo --out demo").run().exits(0);
    let file = bench.path("demo/evidence").join(CALLS);
    let sound = std::fs::read_to_string(&file).expect("a file");
    (file, sound)
}

const CALLS: &str = "calls/111122223333/us-east-1/pinpoint.jsonl";

#[test]
fn a_snapshot_with_a_changed_byte_or_a_cut_line_names_file_and_line() {
    let bench = Bench::new();
    let (file, sound) = demo_pack(&bench);
    let enabled = sound.find(r#""Enabled\":true"#).expect("an enabled channel");
    let line_of = |at: usize| sound[..at].lines().count();
    let changed = [&sound[..enabled], &sound[enabled..].replacen('t', "T", 1)].concat();
    assert_eq!(changed.len(), sound.len());
    let cut = sound.len() / 2;
    let middle = sound[cut..].find('\n').expect("a line") + cut;
    let attempts = [
        (changed, format!("line {}", line_of(enabled)), "SHA-256"),
        (sound[..cut].to_owned(), format!("line {}", line_of(cut)), "bytes"),
        // In the middle of the file, with the lines after it in place.
        (sound[..middle - 40].to_owned() + &sound[middle..], format!("line {}", line_of(middle)), "bytes"),
    ];
    for (text, line, word) in attempts {
        std::fs::write(&file, text).expect("writes");
        for flags in ["--from demo/evidence", "--from demo/evidence --exit-zero --force"] {
            let finished = refused(&bench, pack(&bench, flags), 4).says(&[CALLS, &line, word]).hints(&["copy"]);
            assert_eq!(finished.stderr.matches("damaged").count(), 1, "{}", finished.stderr);
        }
    }
}

#[test]
fn a_snapshot_without_one_of_its_files_or_with_an_unreadable_header() {
    let bench = Bench::new();
    let (file, sound) = demo_pack(&bench);
    let damaged = |words: &[&str]| {
        refused(&bench, pack(&bench, "--from demo/evidence"), 4).says(&["damaged"]).says(words).hints(&["copy"])
    };
    std::fs::write(&file, "").expect("writes");
    damaged(&[CALLS, "bytes"]);
    std::fs::remove_file(&file).expect("removes");
    damaged(&[CALLS, "missing"]);
    std::fs::write(&file, &sound).expect("writes");
    let header = bench.path("demo/evidence/snapshot.json");
    let sealed = std::fs::read_to_string(&header).expect("a header");
    for (text, place) in [
        (sealed[..sealed.len() / 2].to_owned(), format!("line {}", sealed[..sealed.len() / 2].lines().count())),
        ("not JSON".to_owned(), "line 1".to_owned()),
        (String::new(), "EOF".to_owned()),
        (sealed.replacen("snapshot/v1", "snapshot/v9", 1), "snapshot/v9".to_owned()),
    ] {
        std::fs::write(&header, text).expect("writes");
        damaged(&["`snapshot.json`", &place]);
    }
    std::fs::remove_file(&header).expect("removes");
    refused(&bench, pack(&bench, "--from demo/evidence"), 2)
        .says(&["demo/evidence", "it holds no snapshot.json"])
        .hints(&["collect --out"]);
}

#[test]
fn a_line_that_contradicts_itself_is_named_although_the_header_agrees_with_it() {
    let bench = Bench::new();
    let (file, sound) = demo_pack(&bench);
    let mut lines: Vec<String> = sound.lines().map(str::to_owned).collect();
    lines[2] = lines[2].replacen(r#""outcome":"not_configured""#, r#""outcome":"fine""#, 1);
    let changed = lines.join("\n") + "\n";
    assert_ne!(changed, sound);
    let header = bench.path("demo/evidence/snapshot.json");
    let sealed = std::fs::read_to_string(&header).expect("a header");
    let sealed = sealed
        .replace(&hex_sha256(sound.as_bytes()), &hex_sha256(changed.as_bytes()))
        .replace(&format!("\"bytes\": {}", sound.len()), &format!("\"bytes\": {}", changed.len()));
    std::fs::write(&file, changed).expect("writes");
    std::fs::write(&header, sealed).expect("writes");
    refused(&bench, pack(&bench, "--from demo/evidence"), 4).says(&["damaged", CALLS, "line 3", "fine"]);
}

#[test]
fn a_snapshot_and_flags_for_aws_exclude_each_other() {
    let bench = Bench::new();
    refused(&bench, pack(&bench, "--from snapshot --region us-east-1"), 2).says(&["--from", "--region"]);
}

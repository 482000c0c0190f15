//! What is wrong with the command line, the configuration or the account's credentials: one clear message, the next
//! step, the exit code, and nothing left behind.

use std::net::TcpListener;

use pinpoint_evidence::demo;

use crate::common::bench::Invocation;
use crate::common::wire::{operation_of, xml_error};
use crate::common::{Bench, Endpoint, Finished};

/// A live pack whose answers would come from this endpoint.
fn pack(bench: &Bench, flags: &str) -> Invocation {
    bench.program(&format!("pack --out pack --timeout 0.3 {flags}"))
}

/// Runs it, and finds nothing that was not there before.
#[track_caller]
fn refused(bench: &Bench, invocation: Invocation, code: i32) -> Finished {
    let before = bench.names();
    let finished = invocation.run().exits(code);
    assert_eq!(bench.names(), before, "something was left behind");
    assert_eq!(finished.stdout, "");
    finished
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
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    refused(&bench, pack(&bench, &format!("--endpoint-url {url}")).with_credentials(), 5)
        .says(&["AWS STS"])
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

#[test]
fn an_expired_token() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(|request| match operation_of(request).name {
        "GetCallerIdentity" => xml_error(403, "ExpiredToken", "The security token included in the request is expired"),
        _ => demo::answer(request),
    });
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

#[test]
fn a_snapshot_and_flags_for_aws_exclude_each_other() {
    let bench = Bench::new();
    refused(&bench, pack(&bench, "--from snapshot --region us-east-1"), 2).says(&["--from", "--region"]);
}

//! The SDK reads the environment by itself, so each case runs in a process of its own with a scrubbed one: this test
//! binary again, asked for one of the ignored tests, which prints how it got on.

use std::process::Command;

use super::*;

const CONFIG: &str = "[profile clinic]\nregion = eu-west-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\
    aws_secret_access_key = example\n[profile empty]\nregion = eu-west-2\n[profile sso]\nregion = eu-west-3\n\
    sso_session = office\nsso_account_id = 111122223333\nsso_role_name = auditor\n\
    [sso-session office]\nsso_region = eu-west-3\nsso_start_url = https://example.awsapps.com/start\n";

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "example")];

/// Connects in a process with this environment only; gives what it said.
fn connected(child: &str, environment: &[(&str, &str)]) -> String {
    let home = tempfile::tempdir().expect("a directory");
    std::fs::write(home.path().join("config"), CONFIG).expect("writes");
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args(["--ignored", "--exact", "--nocapture", &format!("collect::connect::tests::{child}")])
        .env_clear()
        .env("HOME", home.path())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", home.path().join("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", home.path().join("none"))
        .envs(environment.iter().copied())
        .output()
        .expect("runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = said.split_once("SAID ").unwrap_or_else(|| panic!("nothing said: {said}")).1;
    said.lines().next().unwrap_or_default().to_owned()
}

async fn say(connection: &Connection) {
    match connect(connection).await {
        Ok(aws) => {
            let provider = aws.sdk.credentials_provider().expect("a provider");
            let key = provider.provide_credentials().await.expect("credentials").access_key_id().to_owned();
            // Somebody may run the ignored tests with keys of their own.
            let shown = if key.ends_with("EXAMPLE") { key.as_str() } else { "other credentials" };
            println!("SAID {} {shown}", aws.region());
        }
        Err(error) => println!("SAID {error} | {}", error.hint()),
    }
}

#[tokio::test]
#[ignore = "run by the tests below, in a scrubbed environment"]
async fn with_nothing_said() {
    say(&Connection::default()).await;
}

#[tokio::test]
#[ignore = "run by the tests below, in a scrubbed environment"]
async fn with_the_profile_clinic() {
    say(&Connection { profile: Some("clinic".to_owned()), ..Connection::default() }).await;
}

#[tokio::test]
#[ignore = "run by the tests below, in a scrubbed environment"]
async fn with_the_profile_empty() {
    say(&Connection { profile: Some("empty".to_owned()), ..Connection::default() }).await;
}

#[tokio::test]
#[ignore = "run by the tests below, in a scrubbed environment"]
async fn with_the_profile_clinci() {
    say(&Connection { profile: Some("clinci".to_owned()), ..Connection::default() }).await;
}

#[tokio::test]
#[ignore = "run by the tests below, in a scrubbed environment"]
async fn with_a_region_and_an_endpoint() {
    let (region, endpoint_url) = (Some("us-west-2".to_owned()), Some("http://127.0.0.1:1".to_owned()));
    say(&Connection { region, endpoint_url, ..Connection::default() }).await;
}

#[tokio::test]
#[ignore = "run by the tests below, in a scrubbed environment"]
async fn with_a_process() {
    let (profile, endpoint_url) = (Some("process".to_owned()), Some("http://127.0.0.1:1".to_owned()));
    let connection = Connection { profile, endpoint_url, ..Connection::default() };
    let aws = connect(&connection).await.expect("connects");
    let clock: crate::collect::Clock = std::sync::Arc::new(|| chrono::DateTime::UNIX_EPOCH);
    let (call, _) = crate::collect::caller(&aws, &clock).await;
    println!("SAID {} after {}", call.outcome, call.attempts);
}

#[test]
fn a_credential_process_runs_once_and_the_attempts_of_the_environment_hold() {
    let home = tempfile::tempdir().expect("a directory");
    let count = home.path().join("count");
    let script = home.path().join("process.sh");
    let answer = r#"{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"example"}"#;
    std::fs::write(&script, format!("echo once >> '{}'\necho '{answer}'\n", count.display())).expect("writes");
    let config = home.path().join("process");
    let profile = format!("[profile process]\nregion = eu-west-1\ncredential_process = sh {}\n", script.display());
    std::fs::write(&config, profile).expect("writes");
    let config = config.display().to_string();
    let environment = [("AWS_CONFIG_FILE", config.as_str()), ("AWS_MAX_ATTEMPTS", "1"), ("PATH", "/usr/bin:/bin")];
    assert_eq!(connected("with_a_process", &environment), "unreachable after 1");
    assert_eq!(std::fs::read_to_string(&count).expect("it ran"), "once\n");
}

#[test]
fn the_environment_and_the_profile_it_names_are_used() {
    let keys = [KEYS[0], KEYS[1], ("AWS_REGION", "us-east-2")];
    assert_eq!(connected("with_nothing_said", &keys), "us-east-2 AKIAI44QH8DHBEXAMPLE");
    assert_eq!(connected("with_nothing_said", &[("AWS_PROFILE", "clinic")]), "eu-west-1 AKIAIOSFODNN7EXAMPLE");
    assert_eq!(connected("with_a_region_and_an_endpoint", &KEYS), "us-west-2 AKIAI44QH8DHBEXAMPLE");
}

#[test]
fn a_profile_named_on_purpose_wins_over_keys_in_the_environment() {
    assert_eq!(connected("with_the_profile_clinic", &KEYS), "eu-west-1 AKIAIOSFODNN7EXAMPLE");
    let said = connected("with_the_profile_empty", &KEYS);
    assert!(said.starts_with("no AWS credentials were found"), "{said}");
}

#[test]
fn an_unknown_profile_is_named_with_those_that_exist() {
    let expected =
        "the profile `clinci` is in no AWS configuration or credentials file | the profiles are: clinic, empty, sso";
    assert_eq!(connected("with_the_profile_clinci", &KEYS), expected);
    assert_eq!(connected("with_nothing_said", &[KEYS[0], KEYS[1], ("AWS_PROFILE", "clinci")]), expected);
}

#[test]
fn no_credentials_and_no_region_are_one_error_each() {
    let said = connected("with_nothing_said", &[("AWS_REGION", "us-east-1")]);
    assert!(said.starts_with("no AWS credentials were found | give --profile"), "{said}");
    let said = connected("with_nothing_said", &KEYS);
    assert!(said.starts_with("no AWS region is set | give --region"), "{said}");
}

#[test]
fn an_sso_profile_without_a_session_says_that_its_credentials_cannot_be_obtained() {
    let said = connected("with_nothing_said", &[("AWS_PROFILE", "sso")]);
    assert!(said.starts_with("the AWS credentials cannot be obtained: "), "{said}");
    assert!(said.contains("aws sso login"), "{said}");
}

#[test]
fn an_endpoint_must_be_an_address_and_excludes_fips() {
    let at = |url: &str| check_endpoint(&with_example_credentials("us-east-1").to_builder().endpoint_url(url).build());
    for url in ["localhost:4566", "ftp://localhost", "http://", "https://a b", ""] {
        assert!(matches!(at(url), Err(ConnectError::Endpoint(named)) if named == url), "{url}");
    }
    assert!(at("http://localhost:4566").is_ok());
    let without_scheme = [KEYS[0], KEYS[1], ("AWS_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", "localhost:4566")];
    let said = connected("with_nothing_said", &without_scheme);
    assert!(said.starts_with("the endpoint `localhost:4566` is not"), "{said}");
    let fips = [KEYS[0], KEYS[1], ("AWS_USE_FIPS_ENDPOINT", "true")];
    let said = connected("with_a_region_and_an_endpoint", &fips);
    assert!(said.contains("FIPS"), "{said}");
}

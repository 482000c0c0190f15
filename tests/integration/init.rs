//! `init`: a configuration that the program itself can read, and that declares nothing.

use pinpoint_evidence::config::{Config, Phi};
use pinpoint_evidence::demo;

use crate::common::wire::{error, operation_of};
use crate::common::{Bench, Endpoint};

fn written(bench: &Bench, name: &str) -> (String, Config) {
    let text = std::fs::read_to_string(bench.path(name)).expect("a file");
    let config = Config::parse(&text, name).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(config.phi, Phi::default(), "it declares nothing");
    (text, config)
}

#[test]
fn it_is_filled_from_an_account_and_from_its_snapshot_alike() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(demo::answer);
    let asked = format!("init --region us-east-1 --endpoint-url {}", endpoint.url());
    let finished = bench.program(&asked).with_credentials().run().exits(0);
    assert_eq!(finished.stdout, "evidence.toml\n");
    assert!(finished.stderr.contains("declares nothing yet"), "{}", finished.stderr);
    assert_eq!(bench.names(), ["evidence.toml"]);
    let (live, config) = written(&bench, "evidence.toml");
    for words in ["patient-reminders", "#number = \"24680\"", "#country = \"US\"", "#\"mail.example.org\"", "VOICE on"]
    {
        assert!(live.contains(words), "{words}");
    }
    assert!(
        matches!(config.aws.regions, Some(pinpoint_evidence::config::Regions::List(regions)) if regions == ["us-east-1"])
    );
    bench.program("demo --out demo -q").run().exits(0);
    bench.program("init --from demo/evidence --out from.toml").run().exits(0);
    let (from, _) = written(&bench, "from.toml");
    let short_codes = |text: &str| text.matches("#[[phi.short_code]]").count();
    assert_eq!(short_codes(&live), short_codes(&from));
    assert!(from.contains("west-notifications") && !live.contains("west-notifications"));
    // What it wrote is what `pack` takes.
    bench.program("pack --from demo/evidence --config from.toml --out pack --exit-zero").run().exits(0);
}

#[test]
fn a_file_that_is_there_is_refused_before_anything_is_asked_and_replaced_only_by_force() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(demo::answer);
    bench.write("evidence.toml", "# mine\n");
    let asked = format!("init --region us-east-1 --endpoint-url {}", endpoint.url());
    bench.program(&asked).with_credentials().run().exits(2).says(&["evidence.toml", "exists"]).hints(&["--force"]);
    assert!(endpoint.requests().is_empty());
    assert_eq!(std::fs::read_to_string(bench.path("evidence.toml")).expect("a file"), "# mine\n");
    bench.program("init --offline --force").run().exits(0);
    written(&bench, "evidence.toml");
    std::fs::create_dir(bench.path("directory")).expect("creates");
    bench
        .program("init --offline --force --out directory")
        .run()
        .exits(2)
        .says(&["directory"])
        .hints(&["another name"]);
    bench.program("init --offline --out evidence.toml/x").run().exits(2).says(&["evidence.toml"]);
}

#[test]
fn without_aws_it_says_how_to_do_without() {
    let bench = Bench::new();
    bench.program("init --region us-east-1").run().exits(2).says(&["no AWS credentials"]).hints(&["--offline"]);
    bench.program("init").with_keys().run().exits(2).says(&["no AWS region"]).hints(&["--region", "--offline"]);
    bench.program("init --from nothing").run().exits(2).says(&["nothing"]).hints(&["collect --out"]);
    assert!(bench.names().is_empty());
    bench.program("init --offline").run().exits(0);
    let (text, config) = written(&bench, "evidence.toml");
    assert!(text.contains("Nothing was read") && config.aws.regions.is_none(), "{text}");
}

#[test]
fn flags_that_contradict_each_other_are_refused() {
    let bench = Bench::new();
    for flags in ["--offline --region us-east-1", "--from x --profile p", "--offline --from x"] {
        bench.program(&format!("init {flags}")).run().exits(2).says(&["cannot be used with"]);
    }
    assert!(bench.names().is_empty());
}

#[test]
fn what_could_not_be_read_is_named_in_the_file() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(|request| match operation_of(request).name {
        "GetApps" | "ListEmailIdentities" => error(403, "AccessDeniedException", "no"),
        _ => demo::answer(request),
    });
    let asked = format!("init --region us-east-1 --endpoint-url {}", endpoint.url());
    bench.program(&asked).with_credentials().run().exits(0);
    let (text, _) = written(&bench, "evidence.toml");
    for gap in ["us-east-1: GetApps could not be read", "us-east-1: ListEmailIdentities could not be read"] {
        assert!(text.contains(gap), "{gap} is not in: {text}");
    }
}

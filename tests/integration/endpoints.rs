//! Which address is asked: from the command line, the environment or the shared configuration.

use std::collections::BTreeSet;

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};
use pinpoint_evidence::demo;
use pinpoint_evidence::operations::Service;

use crate::common::bench::Invocation;
use crate::common::wire::{error, operation_of};
use crate::common::{Bench, Endpoint, Reply};

/// Says who asks and denies the rest, so that every service is asked its first questions only.
fn denying(request: &WireRequest) -> WireResponse {
    match operation_of(request).service {
        Service::Sts => demo::answer(request),
        _ => error(403, "AccessDeniedException", "no"),
    }
}

/// The services that were asked there.
fn services(endpoint: &Endpoint) -> BTreeSet<Service> {
    endpoint.requests().iter().map(|request| operation_of(request).service).collect()
}

fn others(but: Service) -> BTreeSet<Service> {
    Service::ALL.into_iter().filter(|service| *service != but).collect()
}

fn collect(bench: &Bench, flags: &str) -> Invocation {
    bench.program(&format!("collect --out snapshot {flags}")).with_credentials()
}

/// The variable of one service.
fn variable(service: Service) -> &'static str {
    match service {
        Service::Pinpoint => "AWS_ENDPOINT_URL_PINPOINT",
        Service::SmsVoice => "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2",
        Service::Ses => "AWS_ENDPOINT_URL_SESV2",
        Service::Artifact => "AWS_ENDPOINT_URL_ARTIFACT",
        Service::Sts => "AWS_ENDPOINT_URL_STS",
        Service::Organizations => "AWS_ENDPOINT_URL_ORGANIZATIONS",
    }
}

#[test]
fn each_service_is_asked_at_its_own_endpoint() {
    let bench = Bench::new();
    let endpoints = Service::ALL.map(|service| (service, Endpoint::answering(denying)));
    let run = endpoints
        .iter()
        .fold(collect(&bench, ""), |run, (service, endpoint)| run.env(variable(*service), endpoint.url()));
    run.run().exits(5);
    for (service, endpoint) in &endpoints {
        assert_eq!(services(endpoint), BTreeSet::from([*service]));
    }
}

#[test]
fn the_endpoint_of_a_service_wins_over_the_one_of_all() {
    let bench = Bench::new();
    let (all, pinpoint) = (Endpoint::answering(denying), Endpoint::answering(denying));
    let run = collect(&bench, "").env("AWS_ENDPOINT_URL", all.url());
    run.env("AWS_ENDPOINT_URL_PINPOINT", pinpoint.url()).run().exits(5);
    assert_eq!((services(&all), services(&pinpoint)), (others(Service::Pinpoint), [Service::Pinpoint].into()));
}

#[test]
fn the_shared_configuration_can_name_endpoints_too() {
    let bench = Bench::new();
    let (all, ses) = (Endpoint::answering(denying), Endpoint::answering(denying));
    bench.aws_config(&format!(
        "[profile audit]\nregion = us-east-1\nendpoint_url = {}\nservices = local\naws_access_key_id = \
         AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = example\n\n[services local]\nsesv2 =\n  endpoint_url = {}\n",
        all.url(),
        ses.url()
    ));
    bench.program("collect --out snapshot --profile audit").run().exits(5);
    assert_eq!((services(&all), services(&ses)), (others(Service::Ses), [Service::Ses].into()));
}

#[test]
fn the_endpoint_of_the_command_line_wins_over_all_others() {
    let bench = Bench::new();
    let (asked, ignored) = (Endpoint::answering(denying), Endpoint::answering(denying));
    let run = collect(&bench, &format!("--endpoint-url {}", asked.url())).env("AWS_ENDPOINT_URL", ignored.url());
    let run = Service::ALL.into_iter().fold(run, |run, service| run.env(variable(service), ignored.url()));
    run.run().exits(5);
    assert_eq!((services(&asked), services(&ignored)), (Service::ALL.into(), BTreeSet::new()));
}

#[test]
fn an_address_of_one_service_that_is_none_is_an_error() {
    for service in Service::ALL {
        let bench = Bench::new();
        let run = collect(&bench, "").env(variable(service), "localhost:4566");
        run.run().exits(2).says(&[variable(service), "`localhost:4566`"]).hints(&["https://localhost:4566"]);
        assert_eq!(bench.names(), [""; 0]);
    }
}

/// A proxy sees the name of the host and nothing else, so nothing leaves this machine.
#[test]
fn fips_endpoints_are_asked_where_they_are_wanted_and_through_the_proxy() {
    for (wanted, host) in
        [("true", "sts-fips.us-east-1.amazonaws.com:443"), ("false", "sts.us-east-1.amazonaws.com:443")]
    {
        let bench = Bench::new();
        let proxy = Endpoint::playing(|_| Reply::Close);
        let run = collect(&bench, "").env("AWS_USE_FIPS_ENDPOINT", wanted).env("HTTPS_PROXY", proxy.url());
        run.env("AWS_MAX_ATTEMPTS", "1").run().exits(5).says(&["AWS STS", "cannot be reached"]);
        let asked: Vec<(String, String)> =
            proxy.requests().into_iter().map(|request| (request.method, request.path)).collect();
        assert_eq!(asked, [("CONNECT".to_owned(), host.to_owned())]);
    }
}

#[test]
fn a_fips_endpoint_and_one_of_ones_own_exclude_each_other() {
    let bench = Bench::new();
    let endpoint = Endpoint::answering(denying);
    let both = |run: Invocation| run.env("AWS_USE_FIPS_ENDPOINT", "true").run();
    let run = collect(&bench, &format!("--endpoint-url {}", endpoint.url()));
    both(run).exits(2).says(&["FIPS", &endpoint.url()]).hints(&["AWS_USE_FIPS_ENDPOINT"]);
    let run = collect(&bench, "").env("AWS_ENDPOINT_URL_STS", endpoint.url());
    both(run).exits(5).says(&["AWS STS", "FIPS"]);
    assert!(endpoint.requests().is_empty());
    assert_eq!(bench.names(), [""; 0]);
}

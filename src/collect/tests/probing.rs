//! Probing: every read once, one page of a list, one member of it, and nothing that a collection would not ask.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use crate::collect::in_process::{self, WireRequest, WireResponse};
use crate::collect::{Clock, Observer, Pace, Plan, Probe, Stage, collect_observed, probe, rehearse};
use crate::demo;
use crate::operations::{self, Operation, Service};
use crate::snapshot::{Call, Outcome};

fn plan(regions: &[&str]) -> Plan {
    let regions = regions.iter().map(|region| (*region).to_owned()).collect();
    Plan::own(demo::ACCOUNT, regions, Pace::Unlimited)
}

fn clock() -> Clock {
    let now = demo::NOW.parse().expect("a time");
    Arc::new(move || now)
}

async fn probes(
    answer: impl Fn(&WireRequest) -> WireResponse + Send + Sync + 'static,
) -> (Vec<Probe>, Vec<WireRequest>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let aws = in_process::aws("us-east-1", move |request| {
        seen.lock().expect("no panic").push(request.clone());
        answer(request)
    });
    let mut probes = Vec::new();
    probe(&aws, &plan(&["us-east-1"]), &clock(), |probe| probes.push(probe)).await;
    let asked = asked.lock().expect("no panic").clone();
    (probes, asked)
}

fn all_but_identity() -> BTreeSet<&'static str> {
    operations::ALL
        .iter()
        .filter(|operation| operation.service != Service::Sts)
        .map(|operation| operation.name)
        .collect()
}

fn names(probes: &[Probe]) -> BTreeSet<&'static str> {
    probes.iter().map(|probe| probe.operation.name).collect()
}

#[tokio::test]
async fn every_read_is_probed_in_an_account_that_has_everything() {
    let (probes, asked) = probes(demo::answer).await;
    assert_eq!(names(&probes), all_but_identity());
    assert!(asked.len() < 80, "{} requests", asked.len());
    let page_two = asked.iter().find(|request| request.path.contains("token=") || request.body.contains("NextToken"));
    assert_eq!(page_two, None, "one page of a list is enough");
    let apps: BTreeSet<&str> =
        asked.iter().filter_map(|request| request.path.strip_prefix("/v1/apps/")?.get(..32)).collect();
    assert_eq!(apps.len(), 1, "one application is enough");
}

#[tokio::test]
async fn every_read_is_probed_in_an_account_that_has_nothing_and_in_one_that_denies_everything() {
    let nothing = |_: &WireRequest| WireResponse { status: 404, headers: vec![], body: String::new() };
    let denied = |_: &WireRequest| WireResponse {
        status: 403,
        headers: vec![("x-amzn-errortype".into(), "AccessDeniedException".into())],
        body: r#"{"message": "no"}"#.into(),
    };
    let (of_nothing, _) = probes(nothing).await;
    assert_eq!(names(&of_nothing), all_but_identity());
    let (refused, asked) = probes(denied).await;
    assert_eq!(names(&refused), all_but_identity());
    assert!(refused.iter().all(|probe| probe.outcome == Outcome::AccessDenied), "{refused:#?}");
    for probe in &refused {
        let hangs_on_a_list =
            !["GetApps", "DescribePools", "ListReports", "GetAccount"].contains(&probe.operation.name);
        assert!(!probe.of_nothing || hangs_on_a_list, "{}", probe.operation.name);
    }
    let voice = refused.iter().find(|probe| probe.operation.name == "GetVoiceChannel").expect("probed");
    assert!(voice.of_nothing);
    assert!(
        asked
            .iter()
            .any(|request| request.path.starts_with("/v1/apps/00000000000000000000000000000000/channels/voice"))
    );
}

#[tokio::test]
async fn a_rehearsal_asks_neither_what_is_denied_nor_what_hangs_on_it() {
    let aws = in_process::aws("us-east-1", demo::answer);
    let by_name = |calls: Vec<Call>| -> BTreeMap<String, Vec<Outcome>> {
        let mut found: BTreeMap<String, Vec<Outcome>> = BTreeMap::new();
        for call in calls {
            found.entry(call.operation).or_default().push(call.outcome);
        }
        // The order of finishing varies.
        for outcomes in found.values_mut() {
            outcomes.sort();
        }
        found
    };
    let denied = [&operations::DESCRIBE_POOLS, &operations::GET_VOICE_CHANNEL];
    let calls = by_name(rehearse(&aws, &plan(&demo::REGIONS), &clock(), &denied).await);
    let whole = by_name(rehearse(&aws, &plan(&demo::REGIONS), &clock(), &[]).await);
    assert_eq!(calls["DescribePools"], [Outcome::AccessDenied; 2]);
    assert!(calls["GetVoiceChannel"].iter().all(|outcome| *outcome == Outcome::AccessDenied));
    assert!(
        !calls.contains_key("ListPoolOriginationIdentities") && whole.contains_key("ListPoolOriginationIdentities")
    );
    assert_eq!(calls["GetSmsChannel"], whole["GetSmsChannel"]);
}

/// Counts what it hears.
#[derive(Default)]
struct Ear(Mutex<BTreeMap<(String, &'static str), Vec<Stage>>>);

impl Observer for Ear {
    fn hear(&self, region: &str, operation: &'static Operation, stage: Stage) {
        self.0.lock().expect("no panic").entry((region.to_owned(), operation.name)).or_default().push(stage);
    }
}

#[tokio::test]
async fn the_observer_hears_of_every_call_and_of_no_other() {
    let aws = in_process::aws("us-east-1", demo::answer);
    let ear = Arc::new(Ear::default());
    let mut kept: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut keep = |call: Call| {
        *kept.entry((call.region, call.operation)).or_default() += 1;
        Ok(())
    };
    // Amazon Pinpoint is not offered in the second.
    let plan = plan(&["us-east-1", "us-west-1"]);
    collect_observed(&aws, &plan, &clock(), Arc::clone(&ear) as Arc<dyn Observer>, None, &mut keep)
        .await
        .expect("kept");
    let heard = ear.0.lock().expect("no panic").clone();
    assert_eq!(heard.len(), kept.len());
    for ((region, name), stages) in heard {
        let count = |is_such: fn(&Stage) -> bool| stages.iter().filter(|stage| is_such(stage)).count();
        let calls = kept[&(region.clone(), name.to_owned())];
        let (queued, ended) = (count(|s| *s == Stage::Queued), count(|s| matches!(s, Stage::Ended(_))));
        assert_eq!((queued, ended), (calls, calls), "{region} {name}");
        let not_offered = count(|s| *s == Stage::Ended(Outcome::NotOffered));
        assert_eq!(count(|s| *s == Stage::Sent), calls - not_offered, "{region} {name}");
    }
}

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::collect::{self, Clock, Pace, Plan, in_process};
use crate::config::Config;
use crate::demo;
use crate::operations as op;
use crate::rules::testing::{APP_ARN, Account, about_app};
use crate::snapshot::Outcome;

fn day() -> NaiveDate {
    "2026-09-30".parse().expect("a day")
}

/// The example account.
fn example() -> Estate {
    let now = demo::NOW.parse().expect("a time");
    let clock: Clock = Arc::new(move || now);
    let aws = in_process::aws(demo::REGIONS[0], demo::answer);
    let regions = demo::REGIONS.map(str::to_owned).to_vec();
    let plan = Plan::own(demo::ACCOUNT, regions, Pace::Unlimited);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let calls = runtime.block_on(collect::rehearse(&aws, &plan, &clock, &[]));
    Estate::of_calls(demo::ACCOUNT, &demo::REGIONS, now, calls)
}

/// What a person gets who removes the `#` before every setting, but for the application that is also excluded.
fn uncommented(text: &str) -> String {
    let excluded = text.lines().find_map(|line| line.strip_prefix("#application = ")).expect("an excluded one");
    let uncomment = |line: &str| {
        let setting = line.trim_start().strip_prefix('#').filter(|rest| !rest.starts_with(' ') && !rest.is_empty());
        match setting {
            Some(setting) if setting.starts_with(excluded) => String::new(),
            Some(setting) => setting.to_owned(),
            None => line.to_owned(),
        }
    };
    text.lines().map(|line| uncomment(line) + "\n").collect()
}

fn parsed(text: &str) -> Config {
    Config::parse(text, "evidence.toml").unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// An account with one application of that name and tag.
fn named(name: &str, tag: (&str, &str)) -> String {
    let mut account = Account::new();
    let app: Value = json!({
        "Arn": APP_ARN, "Id": "0123456789abcdef0123456789abcdef", "Name": name, "tags": {tag.0: tag.1},
        "CreationDate": "2025-01-01T00:00:00.000Z",
    });
    account.answer(&op::GET_APPS, json!({}), json!({"Item": [app]}));
    account.answer(&op::GET_APP, about_app(), app.clone());
    account.answer(&op::LIST_TAGS_FOR_RESOURCE, json!({"ResourceArn": APP_ARN}), json!({"tags": {tag.0: tag.1}}));
    account.judge_with(|context| text(Some(context.estate), day())).expect("fills")
}

#[test]
fn it_parses_and_declares_nothing() {
    for text in [text(None, day()), text(Some(&example()), day())].map(|text| text.expect("fills")) {
        let config = parsed(&text);
        assert_eq!(config.phi, crate::config::Phi::default(), "{text}");
        assert!(config.organization.is_none() && config.attestations.is_empty() && config.waivers.is_empty());
        assert!(config.agreements.offline_baa.is_none() && config.aws.unscanned.is_none());
    }
}

#[test]
fn every_setting_is_right_once_it_is_uncommented() {
    let empty = parsed(&uncommented(&text(None, day()).expect("fills")));
    assert_eq!(empty.phi.short_codes.len(), 1);
    let config = parsed(&uncommented(&text(Some(&example()), day()).expect("fills")));
    assert_eq!(config.phi.applications.len(), 5, "all six but the excluded one");
    assert_eq!(config.phi.tags.get("DataClassification").map(String::as_str), Some("PHI"));
    assert_eq!(config.phi.email_identities.len(), 4);
    let codes: Vec<(&str, Option<&str>)> =
        config.phi.short_codes.iter().map(|code| (code.number.as_str(), code.country.as_deref())).collect();
    assert_eq!(codes, [("24680", Some("US")), ("13579", Some("US"))]);
    let targets: Vec<&str> = config.phi.processors.iter().map(|processor| processor.target.as_str()).collect();
    for part in [":stream/pinpoint-events", ":function:care-plan-filter", "s3:::example-health-pinpoint-imports"] {
        assert!(targets.iter().any(|target| target.ends_with(part)), "{part} in {targets:?}");
    }
    assert_eq!(config.attestations.len(), 1);
    assert!(config.organization.is_some() && config.agreements.offline_baa.is_some());
}

#[test]
fn an_application_stands_with_its_name_tags_channels_and_what_makes_it_a_candidate() {
    let text = text(Some(&example()), day()).expect("fills");
    assert!(text.contains("  # patient-reminders (us-east-1), candidate: `patient` in its name\n"), "{text}");
    assert!(text.contains("candidate: its tag DataClassification is PHI\n"), "{text}");
    assert!(text.contains("  # marketing-newsletter (us-east-1)\n"), "{text}");
    let legacy = text.split_once("# legacy-pilot").expect("the application").1.lines().nth(1).expect("a line");
    assert!(legacy.contains("channels: unread (access_denied)"), "what could not be read is not left out: {legacy}");
}

#[test]
fn no_name_breaks_out_of_its_string_or_its_comment() {
    for evil in
        ["x\"]\n[phi]\nundeclared = \"skip\"\n#", "\r\nundeclared = 'skip'", "a\\", "\u{2028}x = 1", "'''", "ü😀"]
    {
        let text = named(evil, (evil, "PHI"));
        assert_eq!(parsed(&text).phi, crate::config::Phi::default(), "{text}");
        let config = parsed(&uncommented(&text));
        assert_eq!(config.phi.tags.get(evil).map(String::as_str), Some("PHI"), "{text}");
    }
}

#[test]
fn a_list_that_could_not_be_read_is_named() {
    let mut account = Account::new();
    account.fail(&op::GET_APPS, json!({}), Outcome::AccessDenied);
    let text = account.judge_with(|context| text(Some(context.estate), day())).expect("fills");
    assert!(text.contains("#   us-east-1: GetApps could not be read: access denied.\n"), "{text}");
}

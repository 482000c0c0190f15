//! FedRAMP, Consolidated Rules for 2026: a fragment of a Security Decision Record and the entry for the third-party
//! information resource, by the schemas that FedRAMP published on 2026-06-24.
//!
//! The schema has three words for a status, and rule SDR-CSF-CTF has five; a control has eight statuses here. So:
//!
//! | In the pack | status in the record |
//! |---|---|
//! | `met` | Implemented |
//! | `not_met` | Partially Implemented where some of its rules held, else Not Implemented |
//! | any other | none; the description begins with it |
//!
//! The description always begins with the pack's own word, and says that it speaks of messaging alone. The provider
//! decides what to take over into the record of the whole system.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::bearing::{self, Listed};
use super::stream;
use super::{Facts, File, Format};
use crate::pack::{Pack, Phi, Status, Summary};

/// Named by `--format fedramp`.
pub(super) const FORMAT: Format = Format {
    name: "fedramp",
    title: "a Security Decision Record fragment and a third-party resource (FedRAMP CR26)",
    files: &[
        File { path: "fedramp/security-decision-record.json", has, write: record },
        File { path: "fedramp/third-party-information-resources.json", has, write: resources },
    ],
};

/// The record needs the address of the provider's own overview, which nobody told this program.
const OVERVIEW: &str = "https://replace-me.invalid/certification-package-overview.json";

/// The ids under which FedRAMP lists AWS, and the regions that they cover.
const LISTED: [(&str, &[&str]); 2] = [("AGENCYAMAZONEW", &["us-east-", "us-west-"]), ("F1603047866", &["us-gov-"])];

fn covers(prefixes: &[&str], region: &str) -> bool {
    prefixes.iter().any(|prefix| region.starts_with(prefix))
}

fn has(pack: &Pack) -> bool {
    pack.programs.iter().any(|program| program.id == "fedramp")
}

fn record(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (mut controls, mut indicators, mut requirements) = (Vec::new(), Vec::new(), Vec::new());
    for listed in bearing::listed(facts.pack).filter(|listed| listed.program.id == "fedramp") {
        if listed.group.edition.starts_with("SP 800-53") {
            controls.push(control(listed, facts.pack));
        } else if listed.control.definition.id.starts_with("KSI-") {
            indicators.push(indicator(listed, facts.pack));
        } else {
            requirements.push(requirement(listed, facts.pack));
        }
    }
    let mut record = json!({"certificationPackageOverviewUri": OVERVIEW, "fedRampRequirements": requirements});
    for (name, list) in [("securityControls", controls), ("keySecurityIndicators", indicators)] {
        if !list.is_empty() {
            record[name] = list.into();
        }
    }
    stream::indented(&record, out)
}

/// How many findings bear on a control.
fn bearing_on(listed: Listed<'_>, pack: &Pack) -> Summary {
    listed.control.tallies(&pack.findings).into_iter().map(|(_, summary)| summary).sum()
}

const fn status(status: Status, seen: Summary) -> Option<&'static str> {
    match status {
        Status::Met => Some("Implemented"),
        Status::NotMet if seen.pass > 0 => Some("Partially Implemented"),
        Status::NotMet => Some("Not Implemented"),
        Status::NotApplicable
        | Status::Inherited
        | Status::Attested
        | Status::InheritedGap
        | Status::NeedsAttestation
        | Status::NotEvaluated => None,
    }
}

/// One entry: its id, its status where there is one, and whatever else.
fn entry(id: (&str, &str), status: (&str, Option<&str>), rest: Value) -> Value {
    let mut entry = Map::new();
    entry.insert(id.0.to_owned(), id.1.into());
    if let Some(word) = status.1 {
        entry.insert(status.0.to_owned(), word.into());
    }
    if let Value::Object(rest) = rest {
        entry.extend(rest);
    }
    entry.into()
}

fn control(listed: Listed<'_>, pack: &Pack) -> Value {
    let seen = bearing_on(listed, pack);
    entry(
        ("controlId", &listed.control.definition.id),
        ("controlImplementationStatus", status(listed.control.status, seen)),
        json!({"controlImplementationDescription": description(listed, seen)}),
    )
}

fn requirement(listed: Listed<'_>, pack: &Pack) -> Value {
    let seen = bearing_on(listed, pack);
    entry(
        ("frrID", &listed.control.definition.id),
        ("frrImplementationStatus", status(listed.control.status, seen)),
        json!({"frrImplementation": [description(listed, seen)]}),
    )
}

fn indicator(listed: Listed<'_>, pack: &Pack) -> Value {
    let seen = bearing_on(listed, pack);
    let evidence = json!({
        "evidenceType": "Configuration",
        "evidenceDescription": "results.json of the evidence pack, with the calls that each finding rests on",
        "evidenceText": format!("{} findings bear on it", seen.total()),
        "lastUpdated": pack.collected.last.date_naive(),
    });
    entry(
        ("ksiId", &listed.control.definition.id),
        ("ksiImplementationStatus", status(listed.control.status, seen)),
        json!({
            "ksiImplementation": [description(listed, seen)],
            "ksiValidation": ["The rules run over every answer of the AWS APIs; what was not read is not a pass."],
            "ksiAssessment": ["Not assessed by an independent assessor."],
            "ksiTests": listed.control.definition.rules,
            "ksiEvidence": [evidence],
        }),
    )
}

fn description(listed: Listed<'_>, seen: Summary) -> String {
    let definition = &listed.control.definition;
    let (all, Summary { pass, fail, .. }) = (seen.total(), seen);
    let mut description = format!("{}, as far as messaging is concerned.", listed.control.status.as_str());
    if all > 0 {
        let rules = definition.rules.join(", ");
        let _ = write!(description, " Rules: {rules}; of {all} findings {pass} passed and {fail} failed.");
    }
    for (who, part) in [("AWS", &definition.aws_part), ("Customer", &definition.customer_part)] {
        if let Some(part) = part {
            let _ = write!(description, " {who}: {part}.");
        }
    }
    description
}

fn resources(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let regions = &facts.pack.scope.regions;
    let certified: Vec<Value> = LISTED
        .iter()
        .filter_map(|(id, prefixes)| {
            let is_there = |region: &&str| covers(prefixes, region);
            let there: Vec<&str> = regions.iter().map(String::as_str).filter(is_there).collect();
            (!there.is_empty()).then(|| {
                json!({"fedRampCertifiedThirdPartyInformationResource": id, "useCase": use_case(facts.pack, &there)})
            })
        })
        .collect();
    let is_covered = |region: &&str| LISTED.iter().any(|(_, prefixes)| covers(prefixes, region));
    let others: Vec<&str> = regions.iter().map(String::as_str).filter(|region| !is_covered(region)).collect();
    let mut lists = Map::new();
    if !certified.is_empty() {
        lists.insert("certified".to_owned(), certified.into());
    }
    if !others.is_empty() {
        let other = json!([{
            "name": "Amazon Pinpoint, AWS End User Messaging and Amazon SES",
            "provider": "Amazon Web Services",
            "website": "https://aws.amazon.com/",
            "useCase": use_case(facts.pack, &others),
        }]);
        lists.insert("nonCertified".to_owned(), other);
    }
    stream::indented(&json!({"thirdPartyInformationResources": lists}), out)
}

/// What is sent from some regions.
fn use_case(pack: &Pack, regions: &[&str]) -> String {
    let there = || pack.scope.applications.iter().filter(|application| regions.contains(&application.region.as_str()));
    let without = there().filter(|application| matches!(application.phi, Phi::Excluded { .. })).count();
    format!(
        "Sends messages through Amazon Pinpoint, AWS End User Messaging and Amazon SES in {}: {} Pinpoint applications, \
         of which {without} are declared to carry no PHI.",
        regions.join(", "),
        there().count(),
    )
}

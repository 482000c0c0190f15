//! What the template of the configuration shows.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::candidates;
use crate::estate::{Application, EmailIdentity, Estate, Gap, NumberType, Place, Reading};
use crate::programs::attestations;

/// How many names of attestations stand in a line.
const IDS_IN_A_LINE: usize = 6;
/// Stands where a list is empty.
const NONE: &str = "none";

#[derive(Serialize)]
pub(super) struct View {
    version: &'static str,
    source: Option<Source>,
    unread: Vec<String>,
    tags: Vec<Tag>,
    applications: Vec<ApplicationLine>,
    identities: Vec<IdentityLine>,
    excluded: String,
    short_codes: Vec<ShortCode>,
    processors: Vec<Processor>,
    attestations: Vec<String>,
    day: String,
}

#[derive(Serialize)]
struct Source {
    account: String,
    regions: String,
    region_list: Vec<String>,
    on: String,
}

#[derive(Serialize)]
struct Tag {
    key: String,
    value: String,
    of: String,
}

#[derive(Serialize)]
struct ApplicationLine {
    id: String,
    name: String,
    region: String,
    candidate: Option<String>,
    channels: String,
    tags: String,
}

#[derive(Serialize)]
struct IdentityLine {
    name: String,
    region: String,
    note: &'static str,
}

#[derive(Serialize)]
struct ShortCode {
    number: String,
    region: String,
    country: Option<String>,
    status: String,
    registration: String,
}

#[derive(Serialize)]
struct Processor {
    target: String,
    used_by: String,
    can_be_declared: bool,
}

impl View {
    /// A configuration that was filled from nothing.
    pub(super) fn empty(day: NaiveDate) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            source: None,
            unread: Vec::new(),
            tags: Vec::new(),
            applications: Vec::new(),
            identities: Vec::new(),
            excluded: "fedcba9876543210fedcba9876543210".to_owned(),
            short_codes: Vec::new(),
            processors: Vec::new(),
            attestations: ids(),
            day: day.to_string(),
        }
    }

    /// A configuration that was filled from what was read.
    pub(super) fn of(estate: &Estate, day: NaiveDate) -> Self {
        let empty = Self::empty(day);
        let applications = applications(estate);
        let without_guess = applications.iter().find(|application| application.candidate.is_none());
        let excluded = without_guess.map_or(empty.excluded, |application| application.id.clone());
        let regions: Vec<String> = estate.places.iter().map(|place| place.region.clone()).collect();
        let source = Source {
            account: estate.accounts.join(", "),
            regions: regions.join(", "),
            region_list: regions,
            on: estate.finished.format("%Y-%m-%d %H:%M UTC").to_string(),
        };
        Self {
            source: Some(source),
            unread: unread(estate),
            tags: tags(estate),
            identities: identities(estate),
            short_codes: short_codes(estate),
            processors: processors(estate),
            applications,
            excluded,
            ..empty
        }
    }
}

/// The ids of attestations, some in a line.
fn ids() -> Vec<String> {
    let ids: Vec<&str> = attestations::all().keys().map(String::as_str).collect();
    ids.chunks(IDS_IN_A_LINE).map(|some| some.join(", ")).collect()
}

fn of_all(estate: &Estate) -> impl Iterator<Item = (&Place, &Application)> {
    estate.places.iter().flat_map(|place| place.applications.iter().map(move |application| (place, application)))
}

fn applications(estate: &Estate) -> Vec<ApplicationLine> {
    let line = |(place, application): (&Place, &Application)| ApplicationLine {
        id: application.id.clone(),
        name: application.name.clone(),
        region: place.region.clone(),
        candidate: candidates::reason(application),
        channels: channels(application),
        tags: match &application.tags {
            Reading::Unread(gap) => format!("unread ({})", gap.outcome),
            _ => listed(candidates::tags(application).into_iter().map(|(key, value)| format!("{key} = {value}"))),
        },
    };
    of_all(estate).map(line).collect()
}

/// What is configured, and whether it is on.
fn channels(application: &Application) -> String {
    match &application.channels {
        Reading::Unread(gap) => format!("unread ({})", gap.outcome),
        Reading::Absent { .. } => NONE.to_owned(),
        Reading::Seen { value, .. } => listed(value.iter().filter(|entry| entry.configured).map(|entry| {
            let state = match entry.enabled {
                Some(true) => "on",
                Some(false) => "off",
                None => "not said whether on",
            };
            format!("{} {state}", entry.channel.as_str())
        })),
    }
}

fn listed(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() { NONE.to_owned() } else { words.join(", ") }
}

/// Tags that classify something as PHI, each once, with the applications that have it.
fn tags(estate: &Estate) -> Vec<Tag> {
    let mut found: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (_, application) in of_all(estate) {
        for (key, value) in candidates::tags(application) {
            if candidates::is_phi_tag(key, value) {
                found.entry((key, value)).or_default().push(&application.name);
            }
        }
    }
    let mut tags: Vec<Tag> = Vec::new();
    for ((key, value), of) in found {
        // A table of tags has each key once; the rule compares values without regard to case.
        if !tags.iter().any(|tag| tag.key == key) {
            tags.push(Tag { key: key.to_owned(), value: value.to_owned(), of: of.join(", ") });
        }
    }
    tags
}

fn identities(estate: &Estate) -> Vec<IdentityLine> {
    let of_place = |place: &Place| -> Vec<IdentityLine> {
        let line = |identity: &EmailIdentity| IdentityLine {
            name: identity.name.clone(),
            region: place.region.clone(),
            note: match identity.shown.value().map(|shown| shown.verified) {
                Some(true) => "",
                Some(false) => ", not verified",
                None => ", unread",
            },
        };
        place.ses.identities.iter().map(line).collect()
    };
    estate.places.iter().flat_map(of_place).collect()
}

fn short_codes(estate: &Estate) -> Vec<ShortCode> {
    let mut codes: Vec<ShortCode> = Vec::new();
    for place in &estate.places {
        for number in place.numbers.own.iter().filter(|number| number.kind == NumberType::ShortCode) {
            // A number is declared once, wherever it is found.
            if codes.iter().any(|code| code.number == number.number) {
                continue;
            }
            codes.push(ShortCode {
                number: number.number.clone(),
                region: place.region.clone(),
                country: number.country.clone(),
                status: number.status.as_str().to_owned(),
                registration: number.registration.clone().unwrap_or_else(|| "without a registration".to_owned()),
            });
        }
    }
    codes
}

fn processors(estate: &Estate) -> Vec<Processor> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for place in &estate.places {
        for (target, users) in candidates::processors(place) {
            found.entry(target).or_default().extend(users);
        }
    }
    let processor = |(target, users): (String, Vec<String>)| Processor {
        can_be_declared: ["arn:", "http://", "https://"].iter().any(|begin| target.starts_with(begin)),
        used_by: users.join(", "),
        target,
    };
    found.into_iter().map(processor).collect()
}

/// The lists that could not be read to their end: what hangs on them is not in the file.
fn unread(estate: &Estate) -> Vec<String> {
    let mut unread = Vec::new();
    for place in &estate.places {
        let gaps: [Option<&Gap>; 4] = [
            place.applications.gap.as_ref(),
            place.numbers.own.gap.as_ref(),
            place.ses.identities.gap.as_ref(),
            place.sms_configuration_sets.gap.as_ref(),
        ];
        unread.extend(gaps.into_iter().flatten().map(|gap| format!("{}: {}", place.region, gap.sentence())));
    }
    unread
}

//! Why an application fails, or could not be evaluated, in a sentence or two for a reader who does not know AWS.
//!
//! It says again in plain words what findings of required rules say, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::matrix::Label;
use super::places::{Place, Shelf};
use crate::pack::{Application, ChannelState};
use crate::render::words;
use crate::rules::{Finding, Verdict};

/// What the findings of some rules say in plain words.
struct Plain {
    /// The ids of the rules.
    rules: &'static [&'static str],
    /// What it says when one failed. `{who}` stands for what failed, `{channels}` for channels that are not permitted.
    fails: &'static str,
    /// What is not known when one could not be evaluated.
    open: &'static str,
}

/// Every required rule on applications and on what they send from, in the order of telling. Those up to
/// [`ON_CHANNELS`] stand in one sentence, the others in the next.
const PLAIN: [Plain; 8] = [
    Plain {
        rules: &["voice-channel-disabled"],
        fails: "the voice channel was enabled, which AWS's page does not permit for PHI",
        open: "whether the voice channel was enabled",
    },
    Plain {
        rules: &["channels-permitted"],
        fails: "channels were enabled that AWS's page does not permit for PHI ({channels})",
        open: "whether only permitted channels were enabled",
    },
    Plain {
        rules: &["campaign-channels-permitted", "journey-channels-permitted"],
        fails: "{who} would send through a channel that is not permitted",
        open: "whether campaigns and journeys would send through permitted channels only",
    },
    Plain {
        rules: &["sms-origination-short-code"],
        fails: "{who} would send SMS, but not from a named, active short code of the account",
        open: "from which number SMS would go out",
    },
    Plain {
        rules: &["sms-sender-id-unused"],
        fails: "{who} would send under a sender id, which is no short code",
        open: "whether SMS would go out under a sender id",
    },
    Plain {
        rules: &["short-code-dedicated"],
        fails: "{who} was not dedicated to the account",
        open: "whether {who} is dedicated to the account",
    },
    Plain {
        rules: &["short-code-phi-purpose"],
        fails: "{who} was not requested for PHI",
        open: "for what {who} was requested",
    },
    Plain {
        rules: &["email-identity-verified"],
        fails: "email would go out from an identity that is not verified",
        open: "whether the identity behind email is verified",
    },
];

/// How many of [`PLAIN`] are about channels.
const ON_CHANNELS: usize = 3;

/// Names that a sentence gives; of more it gives the number.
const NAMED: usize = 2;

/// One application that does not pass.
#[derive(Serialize)]
pub(super) struct Why {
    name: String,
    address: String,
    result: Label,
    sentences: Vec<String>,
}

/// Those of some applications that fail or could not be evaluated, in their order.
pub(super) fn whys(places: &[Place], shelf: &Shelf) -> Vec<Why> {
    let why = |place: &Place| {
        let sentences = sentences(place, shelf);
        (!sentences.is_empty()).then(|| Why {
            name: place.title.clone(),
            address: place.address.clone(),
            result: place.standing.label(),
            sentences,
        })
    };
    places.iter().filter_map(why).collect()
}

/// The sentences on an application; none when no required rule of it is open.
pub(super) fn sentences(place: &Place, shelf: &Shelf) -> Vec<String> {
    let fails: Vec<&Finding> = place.required(shelf).filter(|finding| finding.verdict == Verdict::Fail).collect();
    let clauses = |plains: &[Plain]| {
        let told = plains.iter().filter_map(|plain| failing(plain, &fails, &place.application));
        told.collect::<Vec<_>>().join("; ")
    };
    let (on_channels, others) = PLAIN.split_at(ON_CHANNELS);
    let told = [clauses(on_channels), clauses(others)].into_iter().filter(|clauses| !clauses.is_empty());
    let mut sentences: Vec<String> = told
        .enumerate()
        .map(
            |(at, clauses)| {
                if at == 0 { format!("{}{clauses}.", observed(&fails)) } else { capitalized(&clauses) + "." }
            },
        )
        .collect();
    sentences.extend(unknown(place, shelf));
    sentences
}

fn capitalized(clauses: &str) -> String {
    let mut characters = clauses.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// How a sentence begins: `When observed (2026-09-30 16:00 UTC), `.
fn observed(findings: &[&Finding]) -> String {
    let times: BTreeSet<&str> =
        findings.iter().map(|finding| finding.told().0).filter(|time| !time.is_empty()).collect();
    let times: Vec<&str> = times.into_iter().collect();
    if times.is_empty() { "When observed, ".to_owned() } else { format!("When observed ({}), ", times.join("; ")) }
}

fn failing(plain: &Plain, fails: &[&Finding], application: &Application) -> Option<String> {
    let own: Vec<&Finding> = fails.iter().filter(|finding| plain.rules.contains(&finding.rule)).copied().collect();
    if own.is_empty() {
        return None;
    }
    let channels: Vec<&str> = refused(application).collect();
    // Voice has a clause of its own.
    if plain.fails.contains("{channels}")
        && channels == ["VOICE"]
        && fails.iter().any(|it| it.rule == PLAIN[0].rules[0])
    {
        return None;
    }
    let channels = if channels.is_empty() { "see its findings".to_owned() } else { channels.join(", ") };
    Some(plain.fails.replace("{who}", &who(&own, application)).replace("{channels}", &channels))
}

/// The enabled channels that AWS's page does not permit.
fn refused(application: &Application) -> impl Iterator<Item = &str> {
    let refused = application.channels.iter().filter(|it| it.state == ChannelState::Enabled && !it.permitted);
    refused.map(|channel| channel.name.as_str())
}

/// What could not be evaluated, one sentence for each reason.
fn unknown(place: &Place, shelf: &Shelf) -> Vec<String> {
    let mut by_reason: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in place.required(shelf) {
        if let Some(reason) = finding.verdict.reason() {
            by_reason.entry(words::reason(reason)).or_default().push(finding);
        }
    }
    let sentence = |(reason, findings): (String, Vec<&Finding>)| {
        let asked = PLAIN.iter().filter_map(|plain| {
            let own: Vec<&Finding> =
                findings.iter().filter(|finding| plain.rules.contains(&finding.rule)).copied().collect();
            (!own.is_empty()).then(|| plain.open.replace("{who}", &who(&own, &place.application)))
        });
        format!("Not known ({reason}): {}.", asked.collect::<Vec<_>>().join("; "))
    };
    by_reason.into_iter().map(sentence).collect()
}

/// What findings are about: `the SMS channel, 3 campaigns and journey onboarding`.
fn who(findings: &[&Finding], application: &Application) -> String {
    let (mut own, mut campaigns, mut journeys, mut codes) = (false, Vec::new(), Vec::new(), Vec::new());
    for finding in findings {
        let name = words::name_or(finding.resource_name.as_deref(), "without a name");
        match finding.resource.strip_prefix(application.arn.as_str()) {
            Some("") => own = true,
            Some(below) if below.starts_with("/campaigns/") => campaigns.push(name),
            Some(below) if below.starts_with("/journeys/") => journeys.push(name),
            Some(_) => {}
            None => codes.push(name),
        }
    }
    let kinds = [("campaign", campaigns), ("journey", journeys), ("short code", codes)];
    let mut parts: Vec<String> = if own { vec!["the SMS channel".to_owned()] } else { Vec::new() };
    parts.extend(kinds.iter().filter(|(_, names)| !names.is_empty()).map(|(kind, names)| some(kind, names)));
    if parts.is_empty() { "something of the application".to_owned() } else { words::listed(&parts) }
}

fn some(kind: &str, names: &[&str]) -> String {
    match names {
        [one] => format!("{kind} {one}"),
        few if few.len() <= NAMED => format!("{kind}s {}", few.join(" and ")),
        many => words::counted(words::number(many.len()), kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{self, Level};

    #[test]
    fn every_required_rule_but_those_on_accounts_and_programs_has_plain_words() {
        let told: Vec<&str> = PLAIN.iter().flat_map(|plain| plain.rules).copied().collect();
        let required = rules::ALL.iter().filter(|rule| rule.level == Level::Required).map(|rule| rule.id);
        let left: Vec<&str> = required.filter(|rule| !told.contains(rule)).collect();
        assert_eq!(left, ["baa-active", "artifact-report-current"]);
        for rule in &told {
            assert_eq!(rules::find(rule).map(|rule| rule.level), Some(Level::Required), "{rule}");
        }
        assert_eq!(PLAIN[0].rules, ["voice-channel-disabled"], "the clause on the others leans on it");
    }
}

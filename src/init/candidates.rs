//! Guesses: which applications may carry PHI, by their names and tags, and what may receive it.

use std::collections::{BTreeMap, BTreeSet};

use crate::estate::{Application, Place, Reading};
use crate::rules::{bucket_arn, function_arn};
use crate::snapshot::redact::MARK;

/// Words that speak for PHI wherever they stand in a name.
const SPEAKING: [&str; 10] = [
    "appointment",
    "clinic",
    "hipaa",
    "health",
    "hospital",
    "medical",
    "medication",
    "patient",
    "pharma",
    "prescription",
];
/// Words that speak for PHI only by themselves: they stand in too many others.
const WHOLE: [&str; 4] = ["care", "ephi", "phi", "rx"];

/// Why an application may carry PHI; `None` when neither name nor tags say so.
pub(super) fn reason(application: &Application) -> Option<String> {
    if let Some((key, value)) = tags(application).into_iter().find(|(key, value)| is_phi_tag(key, value)) {
        return Some(format!("its tag {key} is {value}"));
    }
    word_in(&application.name).map(|word| format!("`{word}` in its name"))
}

/// The tags, as far as they were read.
pub(super) fn tags(application: &Application) -> Vec<(&str, &str)> {
    let tags = application.tags.value();
    tags.into_iter().flatten().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

/// Whether a tag classifies data as PHI: its value says so, or its key does and its value agrees.
pub(super) fn is_phi_tag(key: &str, value: &str) -> bool {
    let says_phi = |text: &str| words(text).any(|word| ["phi", "ephi", "hipaa"].contains(&word.as_str()));
    let denies =
        |text: &str| words(text).any(|word| ["no", "non", "not", "none", "false", "0"].contains(&word.as_str()));
    !denies(value) && (says_phi(value) || says_phi(key))
}

fn word_in(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let whole = || words(&lower).collect::<BTreeSet<String>>();
    SPEAKING
        .into_iter()
        .find(|word| lower.contains(word))
        .or_else(|| WHOLE.into_iter().find(|word| whole().contains(*word)))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !character.is_alphanumeric()).map(str::to_lowercase)
}

/// What may receive PHI in a place, with who hands it on. A target appears once, with all who do.
pub(super) fn processors(place: &Place) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |target: Option<String>, used_by: String| {
        if let Some(target) = target.filter(|target| !target.contains(MARK)) {
            let users = found.entry(target).or_default();
            if !users.contains(&used_by) {
                users.push(used_by);
            }
        }
    };
    for application in place.applications.iter() {
        of_application(place, application, &mut add);
    }
    for recommender in place.recommenders.iter() {
        add(recommender.provider.clone(), format!("model of recommender {}", recommender.name));
        let function = recommender.transformer.as_deref().map(|function| function_arn(function, place));
        add(function, format!("function of recommender {}", recommender.name));
    }
    for set in place.sms_configuration_sets.iter() {
        for destination in set.event_destinations.iter().flatten() {
            for target in &destination.targets {
                add(Some(target.clone()), format!("events of SMS configuration set {}", set.name));
            }
        }
    }
    for number in place.numbers.own.iter() {
        add(number.two_way_channel.clone(), format!("replies to {}", number.number));
    }
    found
}

fn of_application(place: &Place, application: &Application, add: &mut impl FnMut(Option<String>, String)) {
    let name = &application.name;
    if let Reading::Seen { value, .. } = &application.event_stream {
        add(Some(value.destination_stream_arn.clone()), format!("event stream of {name}"));
    }
    let settings = application.settings.value().and_then(|settings| settings.campaign_hook.as_ref());
    let campaigns = application.campaigns.iter().filter_map(|campaign| campaign.hook.as_ref());
    for hook in settings.into_iter().chain(campaigns) {
        add(hook.function.as_deref().map(|function| function_arn(function, place)), format!("campaign hook of {name}"));
        add(hook.url.clone(), format!("campaign hook of {name}"));
    }
    for job in application.imports.iter() {
        add(job.location.as_deref().and_then(|url| bucket_arn(url, place)), format!("imports of {name}"));
    }
    for job in application.exports.iter() {
        add(job.location.as_deref().and_then(|url| bucket_arn(url, place)), format!("exports of {name}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_a_name_gives_rise_to_a_guess_but_not_inside_another_word() {
        for (name, expected) in [
            ("Patient-Reminders", Some("patient")),
            ("care-coordination", Some("care")),
            ("phi_sms", Some("phi")),
            ("philately", None),
            ("scarecrow", None),
            ("marketing-newsletter", None),
            ("", None),
        ] {
            assert_eq!(word_in(name), expected, "{name}");
        }
    }

    #[test]
    fn a_tag_that_denies_phi_is_no_candidate() {
        for (key, value, expected) in [
            ("DataClassification", "PHI", true),
            ("dataclass", "ePHI", true),
            ("phi", "true", true),
            ("contains-phi", "no", false),
            ("DataClassification", "non-PHI", false),
            ("hipaa", "false", false),
            ("team", "philosophy", false),
        ] {
            assert_eq!(is_phi_tag(key, value), expected, "{key} = {value}");
        }
    }
}

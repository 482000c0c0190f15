//! What in the declarations had no effect: a typo must not silently widen or narrow the scope.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, Waiver, same_number};
use crate::estate::{Application, Estate, Gap};
use crate::programs::attestations;
use crate::rules::{Phi, is_named};

/// What a reader must know about the declarations, in their order.
pub(super) fn warnings(
    estate: &Estate,
    config: &Config,
    declarations: Option<&str>,
    unused_waivers: &[&Waiver],
) -> Vec<String> {
    let mut warnings = Vec::new();
    if declarations.is_none() {
        warnings.push(
            "There was no configuration: every application was judged as if it carried PHI, and nobody's statement counts."
                .to_owned(),
        );
    }
    warnings.extend(no_applications(estate));
    warnings.extend(applications(estate, config));
    warnings.extend(short_codes(estate, config));
    let unknown = config.attestations.iter().filter(|attestation| attestations::asks(&attestation.id).is_none());
    warnings.extend(
        unknown.map(|attestation| format!("The attestation {} answers no control and no rule.", attestation.id)),
    );
    warnings.extend(unused_waivers.iter().map(|waiver| {
        format!("The waiver {} of rule {} on {} matches no finding.", waiver.ticket, waiver.rule, waiver.resource)
    }));
    warnings
}

/// Why no application was seen at all: the wrong account or region must not look like a small one.
fn no_applications(estate: &Estate) -> Vec<String> {
    let mut regions: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for place in &estate.places {
        if !place.applications.seen.is_empty() {
            return Vec::new();
        }
        let why = place.applications.gap.as_ref().map_or_else(|| "GetApps shows none.".to_owned(), Gap::sentence);
        regions.entry(why).or_default().insert(&place.region);
    }
    let told = regions.into_iter().map(|(why, regions)| {
        let regions = regions.into_iter().collect::<Vec<_>>().join(", ");
        format!("No application of Amazon Pinpoint was judged in {regions}: {why}")
    });
    told.collect()
}

fn applications(estate: &Estate, config: &Config) -> Vec<String> {
    let seen: Vec<&Application> = estate.places.iter().flat_map(|place| place.applications.iter()).collect();
    let named = |declared: &str| seen.iter().filter(|application| is_named(application, declared)).count();
    let mut warnings = Vec::new();
    let declared = config.phi.applications.iter().map(|name| ("phi.applications", name));
    let excluded = config.phi.excluded.iter().map(|excluded| ("phi.excluded", &excluded.application));
    for (key, name) in declared.chain(excluded) {
        match named(name) {
            0 => warnings.push(format!("{key} names {name}, which no scanned account and region has.")),
            1 => {}
            several => warnings.push(format!("{key} names {name}, which {several} applications are called.")),
        }
    }
    for (key, value) in &config.phi.tags {
        let tagged = |application: &&Application| {
            application.tags.value().and_then(|tags| tags.get(key)).is_some_and(|tag| tag.eq_ignore_ascii_case(value))
        };
        if !seen.iter().any(tagged) {
            warnings.push(format!("phi.tags names {key} = {value}, which no application has."));
        }
    }
    for application in seen {
        let excluded = config.phi.excluded.iter().any(|excluded| is_named(application, &excluded.application));
        if excluded && matches!(Phi::of(application, config), Phi::Declared { .. }) {
            let name = &application.name;
            warnings.push(format!("{name} is declared to carry PHI and excluded; it was judged as carrying PHI."));
        }
    }
    warnings
}

fn short_codes(estate: &Estate, config: &Config) -> Vec<String> {
    let is_known = |number: &str| {
        estate.places.iter().flat_map(|place| place.numbers.own.iter()).any(|own| same_number(&own.number, number))
    };
    let unknown = config.phi.short_codes.iter().filter(|code| !is_known(&code.number));
    unknown
        .map(|code| {
            format!("phi.short_code names {}, which is not among the numbers of a scanned account.", code.number)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::operations as op;
    use crate::rules::testing;
    use crate::snapshot::Outcome;

    #[test]
    fn an_attestation_whose_id_nothing_asks_for_is_named() {
        let statement = |id: &str| {
            format!("[[attestation]]\nid = '{id}'\nstatement = 's'\nby = 'b'\nrole = 'r'\non = 2026-07-15\n")
        };
        let text = ["risk_analysis", "opt_out", "risk_analisys"].map(statement).concat();
        let config = Config::parse(&text, "evidence.toml").expect("a configuration");
        let account = testing::Account::new();
        let warnings = account.judge_with(|context| warnings(context.estate, &config, Some(&text), &[]));
        assert_eq!(warnings, ["The attestation risk_analisys answers no control and no rule."]);
    }

    #[test]
    fn an_account_in_which_no_application_was_seen_is_told_why() {
        let told = |account: &testing::Account| {
            account.judge_with(|context| warnings(context.estate, &Config::default(), Some(""), &[]))
        };
        let mut account = testing::Account::new();
        assert_eq!(told(&account), [""; 0], "it has one");
        account.answer(&op::GET_APPS, json!({}), json!({"Item": []}));
        let none = "No application of Amazon Pinpoint was judged in us-east-1: GetApps shows none.";
        assert_eq!(told(&account), [none]);
        for outcome in testing::UNREAD {
            account.fail(&op::GET_APPS, json!({}), outcome);
            let told = told(&account).concat();
            assert!(
                told.contains("in us-east-1: ")
                    && told.ends_with(&format!("could not be read: {}.", outcome.in_words()))
            );
        }
        account.fail(&op::GET_APPS, json!({}), Outcome::NotOffered);
        assert!(told(&account).concat().contains("AWS does not offer the service in this region."));
        let account = account.also_in("us-west-2", &testing::Account::new());
        assert_eq!(told(&account), [""; 0], "the other region has one");
    }
}

//! What in the declarations had no effect: a typo must not silently widen or narrow the scope.

use super::{Findings, Run};
use crate::config::{Config, Waiver, same_number};
use crate::estate::{Estate, PhoneNumber, Report};
use crate::programs::{self, Program, attestations, security_rule};
use crate::rules::{self, Attestation};

mod accounts;
mod met;

pub(super) use met::Met;

/// What the declarations are held against.
pub(super) struct Seen<'a> {
    /// What there is.
    pub(super) estate: &'a Estate,
    /// What was made of it, with the waivers beside it.
    pub(super) findings: &'a Findings,
    /// The waivers that stand beside no finding.
    pub(super) unused_waivers: &'a [&'a Waiver],
    /// What of the declarations an application or another resource was met for.
    pub(super) met: &'a Met<'a>,
}

/// What a reader must know about the declarations, in the order of the configuration's documentation.
pub(super) fn warnings(seen: &Seen<'_>, config: &Config, declarations: Option<&str>) -> Vec<String> {
    let mut warnings = Vec::new();
    if declarations.is_none() {
        warnings.push(
            "There was no configuration: every application was judged as if it carried PHI, and nobody's statement counts."
                .to_owned(),
        );
    }
    warnings.extend(accounts::parts(seen.estate));
    warnings.extend(accounts::unread(seen.estate));
    warnings.extend(accounts::skipped(seen.estate));
    warnings.extend(accounts::disturbed(seen.estate, seen.findings));
    warnings.extend(seen.met.no_applications());
    warnings.extend(seen.met.applications());
    warnings.extend(email_identities(seen.estate, config));
    warnings.extend(short_codes(seen.estate, config));
    warnings.extend(seen.met.processors());
    warnings.extend(statements(seen.findings, config));
    warnings.extend(waivers(seen));
    warnings.extend(reports(seen.estate, config));
    warnings.extend(agreements(seen.findings, config));
    warnings.extend(unscanned(seen.estate, config));
    warnings
}

fn email_identities(estate: &Estate, config: &Config) -> Vec<String> {
    let listed = || estate.places.iter().flat_map(|place| place.ses.identities.iter());
    let is_unknown = |name: &&String| !listed().any(|identity| identity.name.eq_ignore_ascii_case(name));
    let unknown = config.phi.email_identities.iter().filter(is_unknown);
    unknown.map(|name| format!("phi.email_identities names {name}, which no scanned account and region has.")).collect()
}

fn short_codes(estate: &Estate, config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    for declared in &config.phi.short_codes {
        let own = estate.places.iter().flat_map(|place| place.numbers.own.iter());
        let same: Vec<&PhoneNumber> = own.filter(|own| same_number(&own.number, &declared.number)).collect();
        let number = &declared.number;
        if same.is_empty() {
            warnings
                .push(format!("phi.short_code names {number}, which is not among the numbers of a scanned account."));
        }
        let shown: Vec<&str> = same.iter().filter_map(|own| own.country.as_deref()).collect();
        if let Some(country) = &declared.country
            && !shown.is_empty()
            && !shown.iter().any(|shown| shown.eq_ignore_ascii_case(country))
        {
            let shown = shown.join(", ");
            warnings.push(format!(
                "phi.short_code says that {number} is of {country}; DescribePhoneNumbers shows {shown}."
            ));
        }
    }
    warnings
}

/// A control, or a line of the HIPAA write-up, shows every statement that it asks for. One that only a rule asks for has to be used by a finding.
fn statements(findings: &Findings, config: &Config) -> Vec<String> {
    let of_control = |id: &str| {
        let mut controls = programs::all().iter().flat_map(Program::controls);
        controls.any(|control| control.attestations.iter().any(|asked| asked == id))
            || security_rule::attestations().any(|asked| asked == id)
    };
    let mut warnings = Vec::new();
    for given in &config.attestations {
        let stated = Attestation::from(given);
        if attestations::asks(&given.id).is_none() {
            warnings.push(format!("The attestation {} answers no control and no rule.", given.id));
        } else if !of_control(&given.id) && !findings.attestations().contains(&stated) {
            warnings
                .push(format!("The attestation {} of {} is used by no finding and no control.", given.id, given.on));
        }
    }
    warnings
}

fn waivers(seen: &Seen<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    for waiver in seen.unused_waivers {
        let Waiver { ticket, rule, resource, .. } = waiver;
        warnings.push(match rules::find(rule) {
            Some(_) => format!("The waiver {ticket} of rule {rule} on {resource} matches no finding."),
            None => format!("The waiver {ticket} names the rule {rule}, which does not exist."),
        });
    }
    let today = seen.estate.finished.date_naive();
    for (_, finding) in seen.findings.where_run(|run| seen.findings.has_waivers() && !run.is_empty()) {
        let Some(waiver) = finding.waiver.as_ref().filter(|waiver| !waiver.valid) else { continue };
        let who = format!("The waiver {} of rule {} on {}", waiver.ticket, finding.rule, finding.resource);
        warnings.push(if waiver.expires < today {
            format!("{who} ended on {} and does not count.", waiver.expires)
        } else if waiver.approved_on > today {
            format!("{who} was approved only on {} and does not count.", waiver.approved_on)
        } else {
            let verdict = finding.verdict.as_str();
            format!("{who} does not count: it accepts a fail, and the verdict is {verdict}.")
        });
    }
    warnings
}

fn reports(estate: &Estate, config: &Config) -> Vec<String> {
    let listed = || estate.artifacts.values().flat_map(|artifact| artifact.every_version());
    let is_unmatched = |name: &regex::Regex| {
        let matches = |report: &Report| report.name.as_deref().is_some_and(|text| name.is_match(text));
        !listed().any(matches)
    };
    let unmatched = config.artifact_reports.iter().filter(|pattern| is_unmatched(&pattern.name));
    unmatched
        .map(|pattern| {
            format!("artifact.report for {} matches no report that was read: {}", pattern.program, pattern.name)
        })
        .collect()
}

fn agreements(findings: &Findings, config: &Config) -> Option<String> {
    config.agreements.offline_baa.as_ref()?;
    let uses = |run: &Run| run.rule == "baa-active" && run.summary.attested > 0;
    let unused = "agreements.offline_baa is used by no finding: AWS Artifact shows an addendum, or was not read.";
    (!findings.runs().any(uses)).then(|| unused.to_owned())
}

fn unscanned(estate: &Estate, config: &Config) -> Option<String> {
    config.aws.unscanned.as_ref()?;
    let nothing = "aws.unscanned says why regions need no look, and every region was looked at.";
    estate.regions_not_scanned.is_empty().then(|| nothing.to_owned())
}

#[cfg(test)]
mod tests;

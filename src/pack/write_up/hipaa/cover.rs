//! Part 1: whose, what, when, by what.

use super::case::{Case, some};
use super::part;
use crate::pack::write_up::{Basis, Block, Fact, Ground, Part, Record, Text};

/// Names that a cover has room for.
const SHOWN: usize = 6;

pub(super) fn part(case: &Case<'_>) -> Part {
    Part { title: "Cover", blocks: vec![Block::Facts(facts(case)), Block::Guide(NOT_ADVICE)] }
}

const NOT_ADVICE: &str = "Not legal advice and not an audit opinion. It says what was observed, stated or left open on \
    messages, and never whether a law is met. Every statement names what it rests on; part 16 says what the labels mean.";

fn facts(case: &Case<'_>) -> Vec<Fact> {
    let (pack, scope) = (case.pack, &case.pack.scope);
    let caller = || Ground::evidence(case.calls("GetCallerIdentity"));
    let by_the_header = || Basis::of(Ground::Record(Record::Snapshot));
    let [declared, excluded, undeclared] = case.phi_counts();
    let mut regions = Text::from(some(scope.regions.iter().map(String::as_str), SHOWN));
    if !scope.regions_not_scanned.is_empty() {
        let more = format!("; {} where a service is offered were not looked at, part", scope.regions_not_scanned.len());
        regions = regions.words(more).part(part::LIMITS);
    }
    let projects = format!(
        "{}: {declared} declared to carry PHI, {excluded} declared to carry none, {undeclared} undeclared; part",
        scope.applications.len()
    );
    vec![
        entity(case),
        Fact::new("Accounts", some(scope.accounts.iter().map(String::as_str), SHOWN), by_the_header()),
        Fact::new("Regions", regions, by_the_header()),
        Fact::new(
            "Projects",
            Text::from(projects).part(part::PHI),
            Basis::of(Ground::evidence_of_many(case.calls("GetApps"))).and(Ground::Declared("phi")),
        ),
        Fact::new(
            "Time span",
            format!(
                "{} to {} ({}); judged at {}",
                pack.period.start,
                pack.period.end,
                pack.period.name,
                pack.collected.last.format("%Y-%m-%d %H:%M UTC")
            ),
            by_the_header(),
        ),
        Fact::new("Collected by", Text::blank().code(&pack.caller.arn), caller()),
        Fact::new(
            "Written by",
            format!("{} {}; SHA-256 of manifest.json, to be noted: ______________", pack.tool.name, pack.tool.version),
            Ground::Record(Record::Manifest),
        ),
        Fact::new(
            "Editions used",
            "45 CFR Part 164 as in force; NIST SP 800-66 Rev 2 (2024-02), SP 800-53 Rev 5; Trust Services Criteria 2017; \
             ISO/IEC 27001:2013 numbers",
            Ground::Catalogue,
        ),
    ]
}

fn entity(case: &Case<'_>) -> Fact {
    let organization = case.pack.organization.as_ref();
    let name = organization.map_or("not named", |organization| &organization.name);
    let (role, basis) = match organization.and_then(|organization| organization.role.as_deref()) {
        Some(role) => (role.replace('_', " "), Ground::Declared("organization").into()),
        None => ("role not declared".to_owned(), case.who_stated("role")),
    };
    Fact::new("Entity, role", format!("{name}, {role}"), basis)
}

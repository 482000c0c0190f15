//! Part 18: what was not looked at, and what this cannot show.

use super::case::{Case, counted, some};
use super::sum::Sum;
use crate::pack::write_up::{Basis, Block, Ground, Part, Record, Source, Statement, Text};
use crate::snapshot::CallId;

/// Operations that one sentence names.
const OPERATIONS_SHOWN: usize = 12;

pub(super) fn part(case: &Case<'_>) -> Part {
    let mut says = regions(case);
    says.push(unread(case));
    says.extend(constant());
    Part { title: "Limits", blocks: vec![Block::Says(says)] }
}

fn regions(case: &Case<'_>) -> Vec<Statement> {
    let not_scanned = &case.pack.scope.regions_not_scanned;
    if not_scanned.is_empty() {
        let sentence = "Every Region where a messaging service is offered was looked at.";
        return vec![Statement::new(sentence, Ground::Record(Record::Snapshot))];
    }
    let sentence =
        format!("Regions where a messaging service is offered and nobody looked: {}.", not_scanned.join(", "));
    let stated = case.of_rule("regions-scanned").into_iter().flat_map(Sum::stated);
    let mut says = vec![Statement::new(sentence, Ground::Record(Record::Snapshot))];
    says.extend(
        stated
            .map(|given| Statement::new(format!("Why they need no look: “{}”", given.statement), Ground::from(given))),
    );
    if says.len() == 1 {
        says.push(Statement::new("Nobody stated why they need no look.", Ground::NotEvidenced(Vec::new())));
    }
    says
}

fn unread(case: &Case<'_>) -> Statement {
    let ended = case.pack.evidence.ended(|outcome| !outcome.is_read());
    let (calls, operations): (Vec<CallId>, Vec<&str>) = ended.filter(|(id, _)| id.earlier().is_none()).unzip();
    if calls.is_empty() {
        let sentence = "Every call was answered.";
        return Statement::new(sentence, Ground::Record(Record::Results));
    }
    let operations = some(operations, OPERATIONS_SHOWN);
    let sentence = format!(
        "{} ended without a usable answer: {operations}. What rests on them is not evaluated.",
        counted(calls.len(), "call")
    );
    Statement::new(sentence, Ground::evidence(calls))
}

/// What holds for every pack.
fn constant() -> Vec<Statement> {
    let catalogue = || Ground::Catalogue;
    vec![
        Statement::new(
            "Configuration shows what could be sent at the time of the call, not what was sent; between two collections \
             nothing is observed.",
            catalogue(),
        ),
        Statement::new(
            Text::from(
                "Identity and access, CloudTrail, alarms, keys, buckets and networks were not read, nor endpoints, \
                message text or recipients.",
            ),
            catalogue(),
        ),
        Statement::new("An addendum is shown by its name, state and dates; what it says was not read.", catalogue()),
        Statement::new(
            "Which AWS services are in scope of a report, AWS's page “AWS services in scope” says.",
            Ground::Aws(Source::CompliancePage),
        ),
        Statement::new(
            "A change of the Security Rule, proposed on 2025-01-06 (RIN 0945-AA22), would end “addressable” and ask for \
             encryption and multi-factor authentication. It was still proposed in June 2026; the rule in force is used.",
            Ground::Published("Federal Register, RIN 0945-AA22"),
        ),
        Statement::new(
            "Every time in this pack is the collector's own; no third party confirms it.",
            Basis::of(Ground::Record(Record::Snapshot)),
        ),
    ]
}

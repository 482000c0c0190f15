//! What is open in a program, and what people said: each once, with the controls that it concerns.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{FindingLink, OPEN_SHOWN, link};
use crate::pack::{Control, Findings, Program, REPORTS_RULE};
use crate::programs::attestations;
use crate::render::index_of_calls::CallIndex;
use crate::render::words;
use crate::rules::{Attestation, Finding, Verdict};

/// A finding that keeps controls from being met.
#[derive(Serialize)]
pub(super) struct OpenRow {
    finding: FindingLink,
    waived: bool,
    name: String,
    resource: String,
    controls: String,
}

/// A statement that nobody has given.
#[derive(Serialize)]
pub(super) struct NeededRow<'a> {
    id: &'a str,
    asks: &'static str,
    controls: String,
}

/// A statement that somebody gave.
#[derive(Serialize)]
pub(super) struct SaidRow<'a> {
    id: &'a str,
    /// Whether it is the first row with its id.
    first: bool,
    statement: &'a str,
    by: &'a str,
    role: &'a str,
    on: String,
    reference: &'a str,
    controls: String,
}

/// Fails without a waiver first, then waived fails, then what was not evaluated: those for which there is room, and how
/// many there are.
pub(super) fn open(program: &Program, findings: &Findings, calls: &CallIndex<'_>) -> (Vec<OpenRow>, u64) {
    let mut bearing: BTreeMap<&str, Vec<&Control>> = BTreeMap::new();
    for control in program.controls() {
        for rule in &control.definition.rules {
            bearing.entry(rule).or_default().push(control);
        }
    }
    let mut shown: [Vec<OpenRow>; 3] = Default::default();
    let mut total = 0;
    for run in findings.runs() {
        let Some(bearing) = bearing.get(run.rule) else { continue };
        for (place, mark) in run.marks() {
            let rank = match mark.verdict() {
                Verdict::Fail => usize::from(mark.is_waived()),
                Verdict::NotEvaluated(_) => 2,
                _ => continue,
            };
            // Only of the rule on reports does it depend on the finding which controls it bears on.
            if run.rule != REPORTS_RULE && shown[rank].len() == OPEN_SHOWN {
                total += 1;
                continue;
            }
            let Some(finding) = findings.get(place) else { continue };
            let controls = bearing.iter().filter(|control| control.is_borne_by(&finding));
            let controls: Vec<&str> = controls.map(|control| control.definition.id.as_str()).collect();
            if controls.is_empty() {
                continue;
            }
            total += 1;
            if shown[rank].len() < OPEN_SHOWN {
                shown[rank].push(open_row(place, &finding, &controls, calls));
            }
        }
    }
    (shown.into_iter().flatten().take(OPEN_SHOWN).collect(), total)
}

fn open_row(place: usize, finding: &Finding, controls: &[&str], calls: &CallIndex<'_>) -> OpenRow {
    OpenRow {
        finding: link(place, finding, calls),
        waived: finding.is_waived(),
        name: words::name_or(finding.resource_name.as_deref(), "").to_owned(),
        resource: finding.resource.clone(),
        controls: controls.join(", "),
    }
}

/// What people have to provide, by id.
pub(super) fn needed(program: &Program) -> Vec<NeededRow<'_>> {
    let mut needed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for control in program.controls() {
        for id in &control.missing {
            needed.entry(id).or_default().push(&control.definition.id);
        }
    }
    let rows = needed.into_iter().map(|(id, controls)| NeededRow {
        id,
        asks: attestations::asks(id).unwrap_or_default(),
        controls: controls.join(", "),
    });
    rows.collect()
}

/// What people said, by id.
pub(super) fn said(program: &Program) -> Vec<SaidRow<'_>> {
    let mut said: BTreeMap<&str, (Vec<&Attestation>, Vec<&str>)> = BTreeMap::new();
    for control in program.controls() {
        for attestation in &control.attestations {
            let (statements, controls) = said.entry(&attestation.id).or_default();
            if !statements.contains(&attestation) {
                statements.push(attestation);
            }
            if !controls.contains(&control.definition.id.as_str()) {
                controls.push(&control.definition.id);
            }
        }
    }
    let rows = said.into_iter().flat_map(|(id, (statements, controls))| {
        let controls = controls.join(", ");
        statements
            .into_iter()
            .enumerate()
            .map(move |(at, attestation)| row(id, at == 0, attestation, &controls))
            .collect::<Vec<_>>()
    });
    rows.collect()
}

fn row<'a>(id: &'a str, first: bool, attestation: &'a Attestation, controls: &str) -> SaidRow<'a> {
    SaidRow {
        id,
        first,
        statement: &attestation.statement,
        by: attestation.by.as_deref().unwrap_or_default(),
        role: attestation.role.as_deref().unwrap_or_default(),
        on: attestation.on.map(words::day).unwrap_or_default(),
        reference: attestation.reference.as_deref().unwrap_or_default(),
        controls: controls.to_owned(),
    }
}

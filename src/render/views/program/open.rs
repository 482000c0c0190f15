//! What is open in a program, and what people said: each once, with the controls that it concerns.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{FindingLink, Findings, link};
use crate::pack::Program;
use crate::programs::attestations;
use crate::render::words;
use crate::rules::{Attestation, Verdict};

/// A finding that keeps controls from being met.
#[derive(Serialize)]
pub(super) struct OpenRow<'a> {
    finding: FindingLink<'a>,
    waived: bool,
    name: &'a str,
    resource: &'a str,
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

/// Fails without a waiver first, then waived fails, then what was not evaluated.
pub(super) fn open<'a>(program: &'a Program, findings: &Findings<'a>) -> Vec<OpenRow<'a>> {
    let mut controls: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for control in program.controls() {
        for id in &control.findings {
            controls.entry(id).or_default().push(&control.definition.id);
        }
    }
    let mut open: Vec<_> = controls
        .into_iter()
        .filter_map(|(id, controls)| Some((*findings.get(id)?, controls)))
        .filter_map(|((place, finding), controls)| {
            let rank = match finding.verdict {
                Verdict::Fail => u8::from(finding.is_waived()),
                Verdict::NotEvaluated(_) => 2,
                _ => return None,
            };
            Some(((rank, place), finding, controls))
        })
        .collect();
    open.sort_by_key(|(order, _, _)| *order);
    open.into_iter()
        .map(|((_, place), finding, controls)| OpenRow {
            finding: link(place, finding),
            waived: finding.is_waived(),
            name: words::name_or(finding.resource_name.as_deref(), ""),
            resource: &finding.resource,
            controls: controls.join(", "),
        })
        .collect()
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

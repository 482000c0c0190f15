//! Part 15: what people stated, and what they have not, with lines to sign.

use std::collections::BTreeMap;

use super::case::{Case, RuleLine};
use crate::pack::write_up::{Block, Column, Ground, Part, Piece, Row, Table, Text};
use crate::programs::{attestations, security_rule};
use crate::rules::Attestation;

const GUIDE: &str = "A statement is shown, not checked. Each stands in the configuration as an [[attestation]] with its id; \
    whoever gives one signs here. A statement of an empty line can be written in by hand, and belongs into the configuration \
    for the next pack.";

/// What this document asks besides the citations.
const BESIDES: [&str; 4] = ["log_protection", "phi", "service_scope", "suppliers"];

pub(super) fn part(case: &Case<'_>) -> Part {
    let mut blocks = vec![Block::Guide(GUIDE)];
    let given: Vec<Row> = given(case).into_iter().map(given_row).collect();
    if !given.is_empty() {
        blocks.push(Block::Heading("", "Given"));
        blocks.push(Block::Table(Table {
            columns: &[Column::Words("Id"), Column::Words("Statement"), Column::Words("Signature")],
            rows: given,
        }));
    }
    let missing = missing(case);
    if !missing.is_empty() {
        blocks.push(Block::Heading("", "Not given"));
        blocks.push(Block::Table(Table {
            columns: &[
                Column::Words("Id"),
                Column::Words("To state"),
                Column::Words("Citations"),
                Column::Words("By, on, signature"),
            ],
            rows: missing.iter().map(|(id, citations)| missing_row(id, citations)).collect(),
        }));
    }
    blocks.push(Block::Form(&["This document approved by", "Role", "On", "Signature"], 2));
    Part { title: "Attestations", blocks }
}

/// The statements that were given for HIPAA, in the order of the configuration.
pub(super) fn given<'a>(case: &Case<'a>) -> Vec<&'a Attestation> {
    let asked = asked(case);
    case.pack.declared.attestations.iter().filter(|given| asked.contains_key(given.id.as_str())).collect()
}

/// The statements that nobody gave, by id, with the citations that ask for them.
pub(super) fn missing<'a>(case: &Case<'a>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut asked = asked(case);
    asked.retain(|id, _| case.pack.declared.statements(id).next().is_none());
    asked
}

/// Every statement that a citation, or a rule that bears on one, asks for.
fn asked<'a>(case: &Case<'a>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut asked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for control in case.program.controls() {
        for id in &control.definition.attestations {
            asked.entry(id).or_default().push(&control.definition.id);
        }
    }
    for line in security_rule::sections().iter().flat_map(|section| case.lines(section)) {
        if let RuleLine::Beyond(beyond) = line {
            for id in &beyond.attestations {
                asked.entry(id).or_default().push(&beyond.id);
            }
        }
    }
    for id in BESIDES {
        asked.entry(id).or_default();
    }
    // The rule opt-out-managed asks for it by itself.
    if case.pack.declared.statements("opt_out").next().is_some() {
        asked.entry("opt_out").or_default();
    }
    asked
}

fn given_row(given: &Attestation) -> Row {
    Row::new([here(&given.id), format!("“{}”", given.statement).into(), Text::blank()], Ground::from(given))
}

/// Where the document leads to from everywhere else.
fn here(id: &str) -> Text {
    Text::blank().with(Piece::StatementHere(id.to_owned()))
}

/// Those that ask for a statement; a dash where this document alone does.
fn some_citations(citations: &[&str]) -> String {
    if citations.is_empty() { "–".to_owned() } else { citations.join(", ") }
}

fn missing_row(id: &str, citations: &[&str]) -> Row {
    let asks = attestations::asks(id).unwrap_or_default();
    Row::new([here(id), asks.into(), some_citations(citations).into(), Text::blank()], Ground::NotEvidenced(Vec::new()))
}

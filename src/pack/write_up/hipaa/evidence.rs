//! Part 16: the calls that the document names, with where, when and hash.

use std::collections::BTreeSet;

use super::case::{Case, counted};
use crate::pack::EvidenceRow;
use crate::pack::write_up::{Basis, Block, Column, Ground, Part, Record, Row, Source, Statement, Table, Text};
use crate::snapshot::CallId;

/// Calls that one document names.
const CALLS_SHOWN: usize = 400;

const LABELS: &str = "Labels: evidence, calls to AWS in this pack; AWS states, a public page of those below; attested, a named \
    person, on a day; declared, a key of declarations.toml, unsigned; law and published, a public text; this pack, a file of \
    it; this program, its catalogue of controls, rules and calls; not evidenced, nothing in the pack shows it.";

/// Digits of a hash that a row has room for. The whole hash stands in `results.json`.
const DIGITS: usize = 16;

pub(super) fn part<'p>(case: &Case<'_>, parts: impl Iterator<Item = &'p Part>) -> Part {
    let named: BTreeSet<&CallId> = parts.flat_map(|part| &part.blocks).flat_map(Block::bases).flat_map(calls).collect();
    let at: BTreeSet<usize> = named.into_iter().filter_map(|id| case.pack.evidence.position(id)).collect();
    let number = at.len();
    let rows = at.into_iter().take(CALLS_SHOWN).filter_map(|at| case.pack.evidence.get(at));
    let shown: Vec<Row> = rows.map(|row| call(&row)).collect();
    let mut says = vec![
        Statement::new(
            format!(
                "This document names {} of the {} that the pack holds, each made by {} in the accounts of part 1.",
                number,
                counted(case.pack.evidence.len(), "call"),
                case.pack.caller.arn
            ),
            Basis::of(Ground::Record(Record::Snapshot)).and(Ground::evidence(case.calls("GetCallerIdentity"))),
        ),
        Statement::new(
            "The raw answer of each, the request id of AWS and the whole hash stand in the evidence and in results.json.",
            Ground::Record(Record::Results),
        ),
    ];
    if number > CALLS_SHOWN {
        let sentence = format!("The first {CALLS_SHOWN} of them stand here.");
        says.push(Statement::new(sentence, Ground::Record(Record::Results)));
    }
    let table = Table {
        columns: &[
            Column::Words("API call"),
            Column::Words("Account, Region"),
            Column::Words("Time (UTC)"),
            Column::Words("Outcome"),
            Column::Words("SHA-256, begin"),
        ],
        rows: shown,
    };
    let mut blocks = vec![
        Block::Guide(LABELS),
        Block::Heading("", "AWS's statements"),
        sources(),
        Block::Heading("", "Calls"),
        Block::Says(says),
    ];
    if !table.rows.is_empty() {
        blocks.push(Block::Table(table));
    }
    Part { title: "Evidence index", blocks }
}

/// The pages of AWS that the document names.
fn sources() -> Block {
    let row = |source: Source| {
        let cells = [source.title(), source.address(), source.as_of()];
        Row::new(cells.map(Text::from), Ground::Aws(source))
    };
    Block::Table(Table {
        columns: &[Column::Words("Page"), Column::Words("Address"), Column::Words("Text of")],
        rows: Source::ALL.into_iter().map(row).collect(),
    })
}

fn calls(basis: &Basis) -> impl Iterator<Item = &CallId> {
    basis.grounds().iter().flat_map(|ground| match ground {
        Ground::Evidence(calls) => calls.shown(),
        _ => &[],
    })
}

fn call(row: &EvidenceRow) -> Row {
    let operation = if row.page > 1 { format!("{}, page {}", row.operation, row.page) } else { row.operation.clone() };
    let hash = match &row.sha256 {
        Some(hash) => Text::blank().code(&hash[..hash.len().min(DIGITS)]),
        None => "no body".into(),
    };
    Row::new(
        [
            operation.into(),
            format!("{}, {}", row.account, row.region).into(),
            row.started.format("%Y-%m-%d %H:%M:%S").to_string().into(),
            row.outcome.as_str().replace('_', " ").into(),
            hash,
        ],
        Ground::evidence([&row.id]),
    )
}

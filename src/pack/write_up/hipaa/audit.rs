//! Part 12: audit controls, proof that logs are examined and not only recorded, and how long records are kept.

use super::case::Case;
use crate::pack::write_up::{Basis, Block, Column, Fact, Ground, Part, Record, Row, Source, Statement, Table, Text};

pub(super) fn part(case: &Case<'_>) -> Part {
    let mut blocks = vec![Block::Says(recorded(case))];
    let rows = [
        ("event-stream-declared", "Event streams of projects"),
        ("event-destinations-declared", "Event destinations of SMS and voice messages"),
    ];
    let rows: Vec<Row> = rows.into_iter().filter_map(|(rule, topic)| row(case, rule, topic)).collect();
    if !rows.is_empty() {
        blocks.push(Block::Table(Table {
            columns: &[Column::Words("Record of messages"), Column::Words("What was observed")],
            rows,
        }));
    }
    blocks.push(Block::Heading("", "Retention"));
    blocks.push(Block::Facts(vec![Fact::new(
        "Keep this pack until",
        case.pack.retain_until.to_string(),
        Basis::of(Ground::law("164.316(b)(2)(i)")).and(Ground::Record(Record::Manifest)),
    )]));
    blocks.push(Block::Says(kept(case)));
    Part { title: "Audit controls and retention", blocks }
}

fn recorded(case: &Case<'_>) -> Vec<Statement> {
    let topics = [
        ("Trails and log groups that record messaging", "audit_trail"),
        ("Review of those records: who, how often, the last one", "review"),
        ("Validation of log files", "log_integrity"),
        ("Protection of logs from change and deletion", "log_protection"),
    ];
    let mut says = vec![Statement::new(
        "CloudTrail records the management calls of Amazon Pinpoint; sends are data events, which are recorded only \
             where a trail asks for them. CloudTrail itself was not read.",
        Ground::Aws(Source::CloudTrail),
    )];
    says.extend(topics.map(|(topic, id)| {
        let (text, basis) = case.statement(topic, id);
        Statement::new(text, basis)
    }));
    says
}

fn row(case: &Case<'_>, rule: &str, topic: &'static str) -> Option<Row> {
    let sum = case.of_rule(rule)?;
    let counts = Text::blank().finding(sum.counts().to_string(), sum.rules().first()?.first.clone());
    Some(Row::new([topic.into(), counts], sum.evidence()))
}

fn kept(case: &Case<'_>) -> Vec<Statement> {
    let (records, records_basis) = case.statement("Where packs are kept, by whom, who can read them", "records");
    let (retention, retention_basis) =
        case.statement("Retention of message data and logs, and the setting that enforces it", "retention");
    vec![
        Statement::new(
            "Documentation is kept six years from its creation or from when it was last in effect, whichever is later. \
             This pack counts from the end of its period.",
            Ground::law("164.316(b)(2)(i)"),
        ),
        Statement::new(
            "The citation is about documentation: policies, and records of actions and assessments. It does not by itself \
             set six years for raw logs.",
            Ground::law("164.316(b)"),
        ),
        Statement::new(records, records_basis),
        Statement::new(retention, retention_basis),
    ]
}

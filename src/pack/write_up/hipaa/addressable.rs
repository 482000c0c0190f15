//! Part 9: for each addressable specification the decision: reason, alternative, who approved it, when.

use super::case::{Case, RuleLine};
use super::matrix;
use crate::pack::write_up::{Basis, Block, Column, Ground, Part, Row, Source, Statement, Table, Text};
use crate::programs::security_rule;
use crate::rules::Attestation;

/// The specification that messages come down to.
const SMS: &str = "addressable_sms_content";

const GUIDE: &str = "An addressable specification is not optional: it is put in place where that is reasonable and \
    appropriate, else the reason and an equivalent alternative are written down. Empty cells are to be filled in by whoever \
    decides.";

pub(super) fn part(case: &Case<'_>) -> Part {
    let lines = security_rule::sections().iter().flat_map(|section| case.lines(section));
    let rows: Vec<Row> = lines.filter(|line| line.level() == "Addressable").map(|line| row(case, &line)).collect();
    let (text, basis) = case.statement("Decision on PHI in the text of SMS", SMS);
    let says = vec![
        Statement::new(
            "Each decision is documented, with the reason where a specification is not put in place.",
            Ground::law("164.306(d)(3)"),
        ),
        Statement::new(
            "Amazon Pinpoint encrypts data at rest and in transit to its endpoints; SMS beyond AWS may not be encrypted.",
            Basis::of(Ground::Aws(Source::Encryption)).and(Ground::Aws(Source::SmsCompliance)),
        ),
        Statement::new(text, basis),
    ];
    let table = Table {
        columns: &[
            Column::Words("Specification"),
            Column::Words("Decision and reason, as stated"),
            Column::Words("Alternative"),
            Column::Words("What was seen"),
        ],
        rows,
    };
    Part { title: "Addressable decisions", blocks: vec![Block::Guide(GUIDE), Block::Says(says), Block::Table(table)] }
}

fn row(case: &Case<'_>, line: &RuleLine<'_>) -> Row {
    let (said, _) = case.stated(line.asks());
    let decision = said.iter().fold(Text::blank(), |text, given| text.line(quoted(given)));
    let decision = if said.is_empty() { Text::from("not stated") } else { decision };
    let (seen, ground) = match line {
        RuleLine::Control(control) => {
            let sum = case.of_control(control);
            let bears = !sum.rules().is_empty();
            (if bears { sum.tallies() } else { "no rule bears on it".into() }, bears.then(|| sum.evidence()))
        }
        RuleLine::Beyond(beyond) => (Text::from(beyond.why.clone()), None),
    };
    let basis = matrix::stated(case, line.asks());
    let basis = ground.into_iter().fold(basis, Basis::and);
    let specification = Text::from(line.id()).line(line.title());
    Row::new([specification, decision, Text::blank(), seen], basis)
}

fn quoted(given: &Attestation) -> String {
    format!("“{}”", given.statement)
}

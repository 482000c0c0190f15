//! Part 8: every standard and implementation specification of 45 CFR 164.306 to 164.316: required or addressable, who
//! does what, and what shows it.

use super::case::{Case, RuleLine};
use super::sum::Sum;
use crate::pack::write_up::{Basis, Block, Column, Ground, Part, Row, Source, Table, Text};
use crate::pack::{Control, Status};
use crate::programs::security_rule;

const GUIDE: &str = "R/A: required or addressable; a standard is required. Where AWS and the customer each have a part, the \
    worse of the two is the status. AWS's part rests on the reports of part 13, its words are this program's own.";

/// The columns of a table of controls.
pub(super) const COLUMNS: &[Column] = &[
    Column::Words("Citation"),
    Column::Words("R/A"),
    Column::Words("Status"),
    Column::Words("AWS's part"),
    Column::Words("Customer's part"),
];

pub(super) fn part(case: &Case<'_>) -> Part {
    let mut blocks = vec![Block::Guide(GUIDE)];
    for section in security_rule::sections() {
        blocks.push(Block::Heading(&section.citation, &section.title));
        let rows = case.lines(section).map(|line| row(case, &line)).collect();
        blocks.push(Block::Table(Table { columns: COLUMNS, rows }));
    }
    blocks.push(Block::Form(&["Owner of this matrix", "Reviewed on", "Next review", "Signature"], 1));
    Part { title: "Responsibilities, 164.306 to 164.316", blocks }
}

/// A row of the matrix.
pub(super) fn row(case: &Case<'_>, line: &RuleLine<'_>) -> Row {
    match line {
        RuleLine::Control(control) => of_control(case, control),
        RuleLine::Beyond(beyond) => {
            let status = line.status(case).map_or_else(|| Text::from("not shown"), Text::from);
            let (aws, customer) = match beyond.responsibility {
                crate::programs::Responsibility::Aws => (beyond.why.as_str(), "–"),
                _ => ("–", beyond.why.as_str()),
            };
            let citation = Text::from(beyond.id.clone()).line(beyond.title.clone());
            Row::new(
                [citation, short(&beyond.level).into(), status, aws.into(), customer.into()],
                stated(case, line.asks()),
            )
        }
    }
}

/// A row for a control of any subpart.
pub(super) fn of_control(case: &Case<'_>, control: &Control) -> Row {
    let definition = &control.definition;
    let level = definition.level.as_deref().unwrap_or_default();
    let part = |words: &Option<String>| words.clone().unwrap_or_else(|| "–".to_owned());
    let citation = Text::from(definition.id.clone()).line(definition.title.clone());
    let citation = if definition.verified { citation } else { citation.line("number not verified") };
    let mut customer = Text::from(part(&definition.customer_part));
    let sum = case.of_control(control);
    for piece in sum.tallies().pieces() {
        customer =
            if matches!(piece, crate::pack::write_up::Piece::Finding(..)) { customer.broken() } else { customer };
        if !matches!(piece, crate::pack::write_up::Piece::Break) {
            customer = customer.with(piece.clone());
        }
    }
    let cells = [citation, short(level).into(), status(control), part(&definition.aws_part).into(), customer];
    Row::new(cells, basis(&sum, control))
}

/// The status, and where both have a part, whose is whose.
fn status(control: &Control) -> Text {
    let text = Text::from(control.status);
    match (control.aws, control.customer) {
        (Some(aws), Some(customer)) => text.line("AWS: ").status(aws).line("you: ").status(customer),
        _ => text,
    }
}

fn basis(sum: &Sum, control: &Control) -> Basis {
    let seen = sum.has_calls().then(|| sum.evidence());
    let said = control.attestations.iter().map(Ground::from);
    let beside = sum.stated().iter().map(Ground::from);
    let missing = (!control.missing.is_empty()).then(|| Ground::needs(control.missing.iter().cloned()));
    let aws_does = control.definition.aws_part.as_deref().is_some_and(|part| part != "None");
    let aws = aws_does.then(|| Ground::Aws(source(&control.definition.id)));
    let grounds = seen.into_iter().chain(said).chain(beside).chain(missing).chain(aws);
    grounds
        .fold(None, |basis: Option<Basis>, ground| {
            Some(basis.map_or_else(|| ground.clone().into(), |basis| basis.and(ground.clone())))
        })
        .unwrap_or_else(|| {
            let shows_nothing = control.status == Status::NotEvaluated;
            if shows_nothing { Ground::NotEvidenced(Vec::new()).into() } else { Basis::all([]) }
        })
}

/// Where AWS says what its part is.
fn source(id: &str) -> Source {
    match id {
        "164.312(a)(2)(iv)" | "164.402" | "164.312(e)(1)" | "164.312(e)(2)(i)" | "164.312(e)(2)(ii)" => {
            Source::Encryption
        }
        "164.312(b)" | "164.308(a)(1)(ii)(D)" | "164.308(a)(5)(ii)(C)" | "164.312(c)(2)" => Source::CloudTrail,
        id if id.starts_with("164.308(b)") || id.starts_with("164.314(a)") => Source::Agreements,
        "164.410" | "164.502(e)" | "164.504(e)" => Source::Agreements,
        _ => Source::SharedResponsibility,
    }
}

/// What people stated for some ids, and what they did not.
pub(super) fn stated(case: &Case<'_>, ids: &[String]) -> Basis {
    let (said, missing) = case.stated(ids);
    let missing = (!missing.is_empty() || said.is_empty()).then(|| Ground::needs(missing.into_iter().cloned()));
    Basis::all(said.into_iter().map(Ground::from).chain(missing))
}

/// How many rows the matrix and the two subparts have together.
#[cfg(test)]
pub(super) fn rows_of_all(case: &Case<'_>) -> usize {
    let rule: usize = security_rule::sections().iter().map(|section| case.lines(section).count()).sum();
    rule + case.of_subpart("Subpart D").len() + case.of_subpart("Subpart E").len()
}

/// Required or addressable in a few letters.
fn short(level: &str) -> String {
    let letter = match level {
        "Required" | "Required (decision)" => "R",
        "Addressable" => "A",
        "Standard (all specs Addressable)" => "standard (A)",
        level if level.starts_with("Required (standard") => "R (standard)",
        "Standard" => "standard",
        "Definition" => "definition",
        other => return other.to_lowercase(),
    };
    letter.to_owned()
}

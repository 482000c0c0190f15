//! Part 14: what is open, with waivers, and blanks for owner and day.

use super::case::{Case, counted, name};
use crate::pack::Mark;
use crate::pack::write_up::{Basis, Block, Column, Ground, Part, Record, Row, Statement, Table, Text};
use crate::rules::{AppliedWaiver, Finding};

/// Findings that one document names.
const FINDINGS_SHOWN: usize = 150;

pub(super) fn part(case: &Case<'_>) -> Part {
    let weighed = |(level, at, mark): (_, _, Mark)| (level, mark.is_waived(), mark.verdict().reason().is_some(), at);
    let mut open: Vec<_> = case.open().map(weighed).collect();
    open.sort_unstable();
    let (plan, plan_basis) = case.statement("Plan for the open risks of messaging", "risk_plan");
    let (review, review_basis) = case.statement("Review of these findings", "findings_review");
    let mut says = vec![Statement::new(plan, plan_basis), Statement::new(review, review_basis)];
    if open.is_empty() {
        says.push(Statement::new(
            "No finding that bears on a HIPAA control is a fail or was left unevaluated.",
            Ground::Record(Record::Results),
        ));
    }
    if open.len() > FINDINGS_SHOWN {
        let sentence = format!(
            "The first {FINDINGS_SHOWN} of {}; the others stand in the findings.",
            counted(open.len(), "open finding")
        );
        says.push(Statement::new(sentence, Ground::Record(Record::Results)));
    }
    let mut blocks = vec![Block::Says(says)];
    let shown = open.iter().take(FINDINGS_SHOWN).filter_map(|(.., at)| case.pack.findings.get(*at));
    let rows: Vec<Row> = shown.map(|finding| row(&finding, &case.controls_of(&finding))).collect();
    if !rows.is_empty() {
        blocks.push(Block::Table(Table {
            columns: &[
                Column::Words("Verdict"),
                Column::Words("Rule and resource"),
                Column::Words("What was seen"),
                Column::Words("Bears on"),
                Column::Words("Owner, due"),
            ],
            rows,
        }));
    }
    Part { title: "Findings and plan", blocks }
}

fn row(finding: &Finding, controls: &[&str]) -> Row {
    let what = Text::blank().finding(finding.rule, finding.id()).line(name(finding));
    let seen = Text::from(without_time(&finding.message));
    let (seen, owner) = match &finding.waiver {
        Some(waiver) => {
            (seen.line(standing(waiver)), Text::from(waiver.owner.clone()).line(format!("until {}", waiver.expires)))
        }
        None => (seen, Text::blank()),
    };
    let level = Text::blank().verdict(finding).line(finding.level.as_str());
    Row::new([level, what, seen, controls.join(", ").into(), owner], Basis::of_finding(finding))
}

/// A message without the time that it begins with; the calls of its basis have it.
fn without_time(message: &str) -> &str {
    message.strip_prefix("Observed ").and_then(|rest| rest.split_once(" UTC: ")).map_or(message, |(_, seen)| seen)
}

fn standing(waiver: &AppliedWaiver) -> String {
    let AppliedWaiver { reason, expires, ticket, .. } = waiver;
    if waiver.valid {
        format!("Waiver {ticket}, valid until {expires}: {reason}.")
    } else {
        format!("Waiver {ticket}, expires {expires}, does not count: {reason}.")
    }
}

#[cfg(test)]
mod tests {
    use super::without_time;

    #[test]
    fn only_the_time_is_left_out() {
        assert_eq!(without_time("Observed 2026-09-30 16:00 UTC: GetApps: x."), "GetApps: x.");
        let earlier = "Observed 2026-10-20 09:00 UTC (31 days before the newest snapshot): x.";
        assert_eq!(without_time(earlier), earlier);
        assert_eq!(without_time("x UTC: y"), "x UTC: y");
    }
}

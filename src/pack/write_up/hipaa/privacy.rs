//! Part 11: privacy (Subpart E): minimum necessary, marketing, confidential communications, restrictions, opt-out.

use super::case::Case;
use super::matrix;
use crate::pack::write_up::{Block, Ground, Part, Statement, Table, Text};

pub(super) fn part(case: &Case<'_>) -> Part {
    let rows = case.of_subpart("Subpart E").into_iter().map(|control| matrix::of_control(case, control)).collect();
    Part {
        title: "Privacy (Subpart E)",
        blocks: vec![Block::Says(says(case)), Block::Table(Table { columns: matrix::COLUMNS, rows })],
    }
}

fn says(case: &Case<'_>) -> Vec<Statement> {
    let (necessary, necessary_basis) =
        case.statement("Minimum necessary in templates, attributes and segments", "minimum_necessary");
    let (preference, preference_basis) =
        case.statement("Preferred channel and warning before unencrypted mail or SMS", "preference");
    let (marketing, marketing_basis) = case.statement("Marketing kept apart, or authorized", "marketing_authorization");
    let mut says = vec![
        Statement::new(necessary, necessary_basis),
        Statement::new(
            "An individual who is warned of the risk may still ask for unencrypted mail or text messages.",
            Ground::law("164.522(b)(1)"),
        ),
        Statement::new(preference, preference_basis),
        Statement::new(marketing, marketing_basis),
    ];
    says.extend(observed(case, "opt-out-managed", "Opt-outs of the short codes that carry PHI"));
    says.extend(observed(case, "sms-transactional", "SMS for transactional messages only"));
    says.extend(observed(case, "short-code-reserved-for-phi", "Short codes kept for PHI"));
    says
}

/// What a rule came to, in a line.
fn observed(case: &Case<'_>, rule: &str, topic: &str) -> Option<Statement> {
    let sum = case.of_rule(rule)?;
    let first = sum.rules().first()?.first.clone();
    let text = Text::from(format!("{topic}: ")).finding(sum.counts().to_string(), first).words(".");
    Some(Statement::new(text, sum.evidence()))
}

//! Part 10: breach notification (Subpart D): who detects, who notifies, until when, and what is unsecured PHI.

use super::case::Case;
use super::matrix;
use crate::pack::write_up::{Basis, Block, Ground, Part, Source, Statement, Table};

pub(super) fn part(case: &Case<'_>) -> Part {
    let rows = case.of_subpart("Subpart D").into_iter().map(|control| matrix::of_control(case, control)).collect();
    Part {
        title: "Breach notification (Subpart D)",
        blocks: vec![
            Block::Says(says(case)),
            Block::Table(Table { columns: matrix::COLUMNS, rows }),
            Block::Form(&["Contact for", "Name", "Telephone", "Out of hours"], 3),
        ],
    }
}

fn says(case: &Case<'_>) -> Vec<Statement> {
    let (detects, detects_basis) = case.statement("Who detects misuse of the account and of messaging", "monitoring");
    let (plan, plan_basis) = case.statement("Incident response and notification plan, with contacts", "ir");
    let (stores, stores_basis) =
        case.statement("Encryption of streams, buckets and log groups that receive message data", "encryption_at_rest");
    vec![
        Statement::new(detects, detects_basis),
        Statement::new(plan, plan_basis),
        Statement::new(
            "Individuals are notified without unreasonable delay and within 60 days of discovery.",
            Ground::law("164.404(b)"),
        ),
        Statement::new(
            "The Secretary of HHS is notified at the same time where 500 or more individuals are concerned, else within 60 \
             days of the end of the year; the media where more than 500 residents of a State are.",
            Basis::of(Ground::law("164.406")).and(Ground::law("164.408")),
        ),
        Statement::new(
            "AWS, as a business associate, notifies the customer, and a customer that is one notifies its covered entity, \
             within 60 days of discovery.",
            Ground::law("164.410"),
        ),
        Statement::new(
            "Only unsecured PHI counts: PHI that is readable for someone without authority. What Amazon Pinpoint stores is \
             encrypted by AWS; SMS, and mail without TLS, are readable on their way.",
            Basis::of(Ground::law("164.402"))
                .and(Ground::Aws(Source::Encryption))
                .and(Ground::Aws(Source::SmsCompliance)),
        ),
        Statement::new(stores, stores_basis),
    ]
}

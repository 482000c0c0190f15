//! Part 6: the business associate addendum: state, scope, dates, and the accounts that it covers against those found.

use chrono::{DateTime, Utc};

use super::case::Case;
use crate::pack::Agreement;
use crate::pack::write_up::{Basis, Block, Column, Fact, Ground, Part, Row, Source, Statement, Table, Text};
use crate::rules::Finding;

/// Accounts that one document names.
const ACCOUNTS_SHOWN: usize = 100;

pub(super) fn part(case: &Case<'_>) -> Part {
    let mut blocks = vec![Block::Says(says(case))];
    let addenda: Vec<&Agreement> = case.pack.agreements.iter().filter(|agreement| agreement.baa).collect();
    blocks.extend(addenda.iter().take(ACCOUNTS_SHOWN).map(|agreement| Block::Facts(facts(agreement))));
    let rows: Vec<Row> =
        case.pack.scope.accounts.iter().take(ACCOUNTS_SHOWN).map(|account| covered(case, account)).collect();
    if !rows.is_empty() {
        blocks.push(Block::Heading("", "Accounts found, and what covers them"));
        blocks.push(Block::Table(Table {
            columns: &[Column::Words("Account"), Column::Words("Verdict"), Column::Words("What was seen")],
            rows,
        }));
    }
    blocks.push(Block::Heading("", "Agreements further down"));
    blocks.push(Block::Says(flow_down(case)));
    Part { title: "Business associate addendum", blocks }
}

fn says(case: &Case<'_>) -> Vec<Statement> {
    let others: Vec<&str> = case
        .pack
        .agreements
        .iter()
        .filter(|agreement| !agreement.baa)
        .map(|agreement| agreement.name.as_deref().unwrap_or("without a name"))
        .collect();
    let listed = Ground::evidence(case.calls("ListCustomerAgreements"));
    let mut says = vec![
        Statement::new(
            "A cloud provider that holds electronic PHI is a business associate, and its assurances are written down.",
            Basis::of(Ground::law("164.308(b)(1)")).and(Ground::law("164.502(e)")),
        ),
        Statement::new(
            "The addendum is accepted in AWS Artifact for one account, or for an organization and then for all of its \
             accounts.",
            Ground::Aws(Source::Agreements),
        ),
    ];
    if let Some(baa) = &case.pack.declared.offline_baa {
        says.push(Statement::new(format!("“{}”", baa.statement), Ground::from(baa)));
    }
    if !others.is_empty() {
        let sentence =
            format!("Other agreements that AWS Artifact lists: {}.", super::case::some(others, ACCOUNTS_SHOWN));
        says.push(Statement::new(sentence, listed));
    }
    let (text, basis) =
        case.statement("Check of the addendum's terms (safeguards, subcontractors, reporting)", "baa_terms");
    says.push(Statement::new(text, basis));
    says
}

fn facts(agreement: &Agreement) -> Vec<Fact> {
    let day = |time: Option<DateTime<Utc>>, none: &str| {
        time.map_or_else(|| none.to_owned(), |time| time.format("%Y-%m-%d").to_string())
    };
    let basis = || Ground::evidence(&agreement.evidence);
    let scope = match &agreement.organization {
        Some(organization) => Text::from("the organization ").code(organization),
        None => format!("the account {}", agreement.account).into(),
    };
    let arn = agreement.arn.as_deref().map_or_else(|| Text::from("not shown"), |arn| Text::blank().code(arn));
    let state = agreement.state.clone().unwrap_or_else(|| "not shown".to_owned());
    let dates = format!("{} to {}", day(agreement.effective_start, "not shown"), day(agreement.effective_end, "open"));
    vec![
        Fact::new("Name, as AWS gives it", agreement.name.clone().unwrap_or_else(|| "(no name)".to_owned()), basis()),
        Fact::new("ARN", arn, basis()),
        Fact::new("State", state, basis()),
        Fact::new("In effect", dates, basis()),
        Fact::new("Scope", scope, basis()),
    ]
}

/// An account that was looked at, and whether an addendum covers it.
fn covered(case: &Case<'_>, account: &str) -> Row {
    if let Some(finding) = case.finding("baa-active", &format!("account/{account}")) {
        Row::new(
            [
                account.into(),
                Text::blank().verdict(&finding),
                Text::blank().finding(finding.message.clone(), finding.id()),
            ],
            basis(case, account, &finding),
        )
    } else {
        let seen = Text::from("no agreement of this account was asked for");
        Row::new([account.into(), "–".into(), seen], Ground::NotEvidenced(Vec::new()))
    }
}

/// That an account belongs to the organization of an agreement, only the list that the account itself sees shows.
fn basis(case: &Case<'_>, account: &str, finding: &Finding) -> Basis {
    let lists = case.pack.agreements.iter().any(|agreement| agreement.baa && agreement.account == *account);
    let basis = Basis::of_finding(finding);
    let says_nothing = !lists && finding.attestation.is_none();
    if says_nothing { basis.and(Ground::NotEvidenced(Vec::new())) } else { basis }
}

fn flow_down(case: &Case<'_>) -> Vec<Statement> {
    let role = case.pack.organization.as_ref().and_then(|organization| organization.role.as_deref());
    let mut says = match role {
        Some("business_associate") => vec![Statement::new(
            "The entity is a business associate: it has agreements with its covered entities, and passes the same \
                 duties on to its subcontractors, AWS among them.",
            Basis::of(Ground::Declared("organization.role")).and(Ground::law("164.314(a)(2)(iii)")),
        )],
        Some(_) => vec![Statement::new(
            "The entity is a covered entity: the addendum binds AWS to it, and AWS to its own subcontractors.",
            Basis::of(Ground::Declared("organization.role")).and(Ground::law("164.314(a)(2)(i)")),
        )],
        None => Vec::new(),
    };
    let (text, basis) = case.statement("Role of the entity, and its agreements upstream and downstream", "role");
    says.push(Statement::new(text, basis));
    let (text, basis) =
        case.statement("Suppliers behind AWS (carriers, Apple, Google) and others who receive PHI", "suppliers");
    says.push(Statement::new(text, basis));
    says
}

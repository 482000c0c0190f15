//! The least-privilege IAM policy of a collection, derived from the catalogue of calls, in one file per form.

mod cloudformation;
mod json;
mod terraform;

pub use cloudformation::{management as management_cloudformation, stackset, text as cloudformation};
pub use json::{document, management as management_json, text as json};
pub use terraform::text as terraform;

use serde::Serialize;

use crate::operations::{self, Operation, Service};

/// What a policy allows of one service.
#[derive(Clone, Debug, Serialize)]
struct Statement {
    /// The name of the statement.
    sid: String,
    /// The actions, in order.
    actions: Vec<String>,
}

/// What the infrastructure templates show.
#[derive(Serialize)]
struct View {
    version: &'static str,
    statements: Vec<Statement>,
    /// What finds the accounts of an organization.
    finding: Vec<String>,
}

impl View {
    fn this() -> Self {
        Self { version: env!("CARGO_PKG_VERSION"), statements: statements(), finding: finding() }
    }
}

/// One statement for each service.
///
/// AWS needs no permission for `sts:GetCallerIdentity`; it stands here so that the policy names every call.
fn statements() -> Vec<Statement> {
    Service::ALL.into_iter().map(statement).collect()
}

/// The reads of AWS Organizations.
fn finding() -> Vec<String> {
    let reads = operations::FLEET.iter().filter(|operation| operation.service == Service::Organizations);
    let mut actions: Vec<String> = reads.map(Operation::action).collect();
    actions.sort();
    actions
}

fn statement(service: Service) -> Statement {
    let of_service = operations::ALL.iter().filter(|operation| operation.service == service);
    let mut actions: Vec<String> = of_service.map(Operation::action).collect();
    actions.sort();
    let sid: String = service.title().chars().filter(char::is_ascii_alphanumeric).collect();
    Statement { sid: format!("Read{sid}"), actions }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every action that a text names, in quotes or as an item of a list.
    fn named(text: &str) -> BTreeSet<String> {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || ":-*".contains(c)));
        let words = words.map(|word| word.trim_end_matches(':'));
        let is_action = |word: &&str| Service::ALL.iter().any(|s| word.starts_with(&format!("{}:", s.iam_prefix())));
        // What a role's trust policy needs is no read.
        let is_trust = |word: &&str| ["sts:AssumeRole", "sts:ExternalId"].contains(word);
        words.filter(is_action).filter(|word| !is_trust(word)).map(str::to_owned).collect()
    }

    #[test]
    fn every_form_allows_exactly_the_reads_of_the_catalogue() {
        let catalogue: BTreeSet<String> = operations::ALL.iter().map(Operation::action).collect();
        let forms = [json(), cloudformation().expect("fills"), terraform().expect("fills")];
        for text in forms {
            assert_eq!(named(&text), catalogue, "{text}");
        }
        assert_eq!(named(&stackset().expect("fills")), catalogue, "a member is read as any account is");
    }

    #[test]
    fn whoever_enters_the_accounts_may_find_them_read_its_own_and_become_one_role() {
        let all: BTreeSet<String> = operations::ALL.iter().map(Operation::action).chain(finding()).collect();
        for text in [management_json(), management_cloudformation().expect("fills")] {
            let organizations = text.matches("organizations:").count();
            assert_eq!(organizations, 2, "{text}");
            assert!(text.contains("sts:AssumeRole") && text.contains("role/"), "{text}");
            assert!(named(&text).is_subset(&all));
        }
        assert_eq!(finding(), ["organizations:DescribeOrganization", "organizations:ListAccounts"]);
    }
}

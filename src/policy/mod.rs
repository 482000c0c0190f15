//! The least-privilege IAM policy of a collection, derived from the catalogue of calls.

use serde_json::{Value, json};

use crate::operations::{self, Service};

/// An IAM policy document that allows exactly the reads of the catalogue.
///
/// The resource is `*` because most of these calls list what an account has and take no resource. AWS needs no
/// permission for `sts:GetCallerIdentity`; it stands here so that the policy names every call.
#[must_use]
pub fn document() -> Value {
    let statements: Vec<Value> = Service::ALL.into_iter().map(statement).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn statement(service: Service) -> Value {
    let mut actions: Vec<String> = operations::ALL
        .iter()
        .filter(|operation| operation.service == service)
        .map(|operation| format!("{}:{}", service.iam_prefix(), operation.name))
        .collect();
    actions.sort();
    let sid: String = service.title().chars().filter(char::is_ascii_alphanumeric).collect();
    json!({"Sid": format!("Read{sid}"), "Effect": "Allow", "Action": actions, "Resource": "*"})
}

/// The document as text.
#[must_use]
pub fn text() -> String {
    format!("{:#}\n", document())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_allowed_once_and_nothing_by_a_pattern() {
        let policy = document();
        let statements = policy["Statement"].as_array().expect("statements");
        let actions: Vec<&str> = statements
            .iter()
            .flat_map(|statement| statement["Action"].as_array().expect("actions"))
            .map(|action| action.as_str().expect("a name"))
            .collect();
        assert_eq!(actions.len(), operations::ALL.len());
        assert!(actions.iter().all(|action| !action.contains('*')));
        assert!(actions.contains(&"mobiletargeting:GetVoiceChannel"));
        assert!(actions.contains(&"ses:GetEmailIdentity"));
    }
}

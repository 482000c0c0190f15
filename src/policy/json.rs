//! The policy as an IAM policy document.

use serde_json::{Value, json};

/// An IAM policy document that allows exactly the reads of the catalogue.
///
/// The resource is `*` because most of these calls list what an account has and take no resource.
#[must_use]
pub fn document() -> Value {
    let statements: Vec<Value> = super::statements()
        .into_iter()
        .map(|statement| json!({"Sid": statement.sid, "Effect": "Allow", "Action": statement.actions, "Resource": "*"}))
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// What the caller needs beside it to find the accounts of an organization, and to become the role that reads each of
/// them.
#[must_use]
pub fn management() -> String {
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "FindAccounts", "Effect": "Allow", "Action": super::finding(), "Resource": "*"},
        {
            "Sid": "EnterAccounts",
            "Effect": "Allow",
            "Action": ["sts:AssumeRole"],
            "Resource": "arn:*:iam::*:role/PinpointEvidence",
        },
    ]});
    format!("{policy:#}\n")
}

/// The document as text.
#[must_use]
pub fn text() -> String {
    format!("{:#}\n", document())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;

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

    #[test]
    fn it_fits_into_a_managed_policy() {
        // IAM quotas: 6,144 characters for a managed policy, white space not counted.
        let size = document().to_string().chars().filter(|character| !character.is_whitespace()).count();
        assert!(size <= 6144, "{size} characters");
    }
}

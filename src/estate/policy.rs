//! Resource policies of numbers and pools: whom they allow besides the account itself.
//!
//! Reading one is suspicious on purpose: whatever is not plainly a principal of the account counts as somebody else.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::index::Calls;
use super::reading::{Gap, Reading};
use crate::operations as op;
use crate::snapshot::redact::MARK;

/// A resource policy, as the JSON text that AWS gave.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "PolicyAnswerWire")]
pub struct ResourcePolicy {
    text: String,
}

#[derive(Deserialize)]
struct PolicyAnswerWire {
    #[serde(rename = "Policy")]
    text: String,
}

/// Fails when the snapshot does not hold the text: whom a redacted policy allows, nobody can say.
impl TryFrom<PolicyAnswerWire> for ResourcePolicy {
    type Error = &'static str;

    fn try_from(PolicyAnswerWire { text }: PolicyAnswerWire) -> Result<Self, Self::Error> {
        if text == MARK { Err("the policy is redacted") } else { Ok(Self { text }) }
    }
}

/// The resource policies that were asked for, by the ARN of what they guard.
#[derive(Clone, Debug, Default)]
pub struct Policies(BTreeMap<String, Reading<ResourcePolicy>>);

impl Policies {
    /// The policy of a number or pool.
    #[must_use]
    pub fn of(&self, arn: &str) -> Reading<&ResourcePolicy> {
        self.0.get(arn).map_or(Reading::Unread(Gap::not_asked(op::GET_RESOURCE_POLICY.name)), |policy| policy.as_ref())
    }
}

/// The policies of these resources.
pub(super) fn policies<'a>(calls: &Calls, arns: impl Iterator<Item = &'a str>) -> Policies {
    let policy = |arn: &str| calls.one(&op::GET_RESOURCE_POLICY, &[("ResourceArn", json!(arn))]);
    Policies(arns.map(|arn| (arn.to_owned(), policy(arn))).collect())
}

impl ResourcePolicy {
    /// Whom it allows besides the account itself, for a sentence; empty when nobody.
    ///
    /// Only an account id, and the ARN of the root, a role or a user of the account, are the account itself. Everyone,
    /// a service, a `NotPrincipal`, a condition in place of a principal, and a policy of unknown shape are not. A
    /// statement that denies allows nobody.
    #[must_use]
    pub fn others(&self, account: &str) -> Vec<String> {
        let unknown = || vec!["whomever a policy of unknown shape allows".to_owned()];
        let Ok(PolicyWire { statements }) = serde_json::from_str(&self.text) else { return unknown() };
        let mut others: Vec<String> = Vec::new();
        for other in statements.into_vec().iter().flat_map(StatementWire::allowed) {
            if !is_account(&other, account) && !others.contains(&other) {
                others.push(other);
            }
        }
        others
    }
}

#[derive(Deserialize)]
struct PolicyWire {
    #[serde(rename = "Statement")]
    statements: OneOrMany<StatementWire>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::Many(many) => many,
            Self::One(one) => vec![one],
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatementWire {
    effect: String,
    principal: Option<Value>,
    not_principal: Option<Value>,
}

impl StatementWire {
    fn allowed(&self) -> Vec<String> {
        if self.effect == "Deny" {
            return Vec::new();
        }
        match (&self.principal, &self.not_principal) {
            (Some(principal), None) => named(principal),
            (_, Some(_)) => vec!["everyone but some (NotPrincipal)".to_owned()],
            (None, None) => vec!["whomever a statement without a principal allows".to_owned()],
        }
    }
}

/// The principals of a statement. What cannot be one of the account's own keeps its kind in front.
fn named(principal: &Value) -> Vec<String> {
    let unknown = || vec!["a principal of unknown shape".to_owned()];
    match principal {
        Value::String(everyone) => vec![format!("the principal {everyone}")],
        Value::Object(kinds) if !kinds.is_empty() => kinds
            .iter()
            .flat_map(|(kind, values)| {
                let Some(values) = texts(values) else { return unknown() };
                let prefix = if kind == "AWS" { String::new() } else { format!("{kind} ") };
                values.into_iter().map(|value| format!("{prefix}{value}")).collect()
            })
            .collect(),
        _ => unknown(),
    }
}

/// One text or a list of at least one.
fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Array(items) if !items.is_empty() => items.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// Whether a principal is the account itself: its id, or its root, a role or a user of it.
fn is_account(principal: &str, account: &str) -> bool {
    if principal == account {
        return true;
    }
    let parts: Vec<&str> = principal.splitn(6, ':').collect();
    let [arn, partition, service, region, owner, resource] = parts[..] else { return false };
    let is_own = arn == "arn" && partition.starts_with("aws") && service == "iam" && region.is_empty();
    let is_kind = resource == "root" || resource.starts_with("role/") || resource.starts_with("user/");
    is_own && owner == account && is_kind
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "111122223333";

    fn others(statements: &Value) -> Vec<String> {
        let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        ResourcePolicy { text }.others(OWN)
    }

    fn allow(principal: &Value) -> Vec<String> {
        others(&json!([{"Effect": "Allow", "Principal": principal, "Action": "sms-voice:SendTextMessage"}]))
    }

    #[test]
    fn the_account_itself_is_nobody_else() {
        for own in [
            json!({"AWS": "111122223333"}),
            json!({"AWS": "arn:aws:iam::111122223333:root"}),
            json!({"AWS": ["arn:aws:iam::111122223333:role/sender", "arn:aws:iam::111122223333:user/path/jane"]}),
            json!({"AWS": "arn:aws-us-gov:iam::111122223333:root"}),
        ] {
            assert!(allow(&own).is_empty(), "{own}");
        }
        assert!(others(&json!({"Effect": "Allow", "Principal": {"AWS": OWN}})).is_empty());
    }

    #[test]
    fn everybody_else_is_named() {
        for (other, named) in [
            (json!("*"), "the principal *"),
            (json!(OWN), "the principal 111122223333"),
            (json!({"AWS": "*"}), "*"),
            (json!({"AWS": [OWN, "444455556666"]}), "444455556666"),
            (json!({"AWS": "arn:aws:iam::444455556666:root"}), "arn:aws:iam::444455556666:root"),
            (json!({"AWS": "arn:aws:iam::111122223333:group/all"}), "arn:aws:iam::111122223333:group/all"),
            (json!({"Service": "sns.amazonaws.com"}), "Service sns.amazonaws.com"),
            (json!({"Service": OWN}), "Service 111122223333"),
            (json!({}), "a principal of unknown shape"),
            (json!({"AWS": []}), "a principal of unknown shape"),
            (json!({"AWS": [7]}), "a principal of unknown shape"),
            (json!(7), "a principal of unknown shape"),
        ] {
            assert_eq!(allow(&other), [named], "{other}");
        }
    }

    #[test]
    fn every_statement_counts_and_one_that_denies_allows_nobody() {
        let own = json!({"Effect": "Allow", "Principal": {"AWS": OWN}});
        let other = json!({"Effect": "Allow", "Principal": {"AWS": "444455556666"}});
        let deny = json!({"Effect": "Deny", "Principal": "*"});
        let deny_others = json!({"Effect": "Deny", "NotPrincipal": {"AWS": OWN}});
        assert_eq!(others(&json!([own, other])), ["444455556666"]);
        assert!(others(&json!([own, deny, deny_others])).is_empty());
        assert!(others(&json!([])).is_empty());
    }

    #[test]
    fn a_condition_is_no_principal_and_a_not_principal_is_everyone_else() {
        let condition = json!({"StringEquals": {"aws:PrincipalAccount": OWN}});
        assert_eq!(others(&json!([{"Effect": "Allow", "Condition": condition}])).len(), 1);
        assert_eq!(others(&json!([{"Effect": "Allow", "Principal": "*", "Condition": condition}])).len(), 1);
        assert_eq!(others(&json!([{"Effect": "Allow", "NotPrincipal": {"AWS": OWN}}])).len(), 1);
        assert_eq!(others(&json!([{"Effect": "Permit", "Principal": "*"}])).len(), 1);
    }

    #[test]
    fn a_policy_of_unknown_shape_allows_somebody_else() {
        let twice = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Principal":{"AWS":"111122223333"}}]}"#;
        for text in ["", "{}", "[]", "null", "*", r#"{"Statement":[{"Principal":{"AWS":"111122223333"}}]}"#, twice] {
            assert_eq!(ResourcePolicy { text: text.to_owned() }.others(OWN).len(), 1, "{text}");
        }
    }
}

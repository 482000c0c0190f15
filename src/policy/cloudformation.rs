//! The policy as CloudFormation templates: a role of its own, with who may assume it as parameters.

use super::View;
use crate::fill::{FillError, Template};

const ROLE: Template = Template {
    name: "policy.cloudformation.yaml.tera",
    text: include_str!("../../templates/policy.cloudformation.yaml.tera"),
};
const STACKSET: Template =
    Template { name: "policy.stackset.yaml.tera", text: include_str!("../../templates/policy.stackset.yaml.tera") };
const MANAGEMENT: Template =
    Template { name: "policy.management.yaml.tera", text: include_str!("../../templates/policy.management.yaml.tera") };

/// A role in one account, in YAML.
///
/// # Errors
/// When the template of this program does not fit; see [`FillError`].
pub fn text() -> Result<String, FillError> {
    ROLE.fill(&View::this())
}

/// The role of each member of an organization, for a StackSet.
///
/// # Errors
/// As [`text`].
pub fn stackset() -> Result<String, FillError> {
    STACKSET.fill(&View::this())
}

/// The role that finds the members and may assume theirs.
///
/// # Errors
/// As [`text`].
pub fn management() -> Result<String, FillError> {
    MANAGEMENT.fill(&View::this())
}

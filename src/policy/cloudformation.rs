//! The policy as a CloudFormation template: a role of its own, with who may assume it as parameters.

use super::View;
use crate::fill::{FillError, Template};

const TEMPLATE: Template = Template {
    name: "policy.cloudformation.yaml.tera",
    text: include_str!("../../templates/policy.cloudformation.yaml.tera"),
};

/// The template, in YAML.
///
/// # Errors
/// When the template of this program does not fit; see [`FillError`].
pub fn text() -> Result<String, FillError> {
    TEMPLATE.fill(&View::this())
}

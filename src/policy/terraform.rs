//! The policy as a Terraform configuration: a role of its own, with who may assume it as variables.

use super::View;
use crate::fill::{FillError, Template};

const TEMPLATE: Template = Template { name: "policy.tf.tera", text: include_str!("../../templates/policy.tf.tera") };

/// The configuration, in HCL as `terraform fmt` writes it.
///
/// # Errors
/// When the template of this program does not fit; see [`FillError`].
pub fn text() -> Result<String, FillError> {
    TEMPLATE.fill(&View::this())
}

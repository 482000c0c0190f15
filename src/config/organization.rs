//! `[organization]`: the customer.

use super::table::Table;
use super::value;

/// The customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// What it is under HIPAA.
    pub role: Option<Role>,
}

/// What an organization is under HIPAA (45 CFR 160.103).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A health plan, a clearing house, or a provider that transmits health information electronically.
    CoveredEntity,
    /// Handles PHI on behalf of a covered entity.
    BusinessAssociate,
}

impl Role {
    /// Both.
    pub const ALL: [Self; 2] = [Self::CoveredEntity, Self::BusinessAssociate];

    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CoveredEntity => "covered_entity",
            Self::BusinessAssociate => "business_associate",
        }
    }
}

impl Organization {
    pub(super) fn read(table: &mut Table<'_, '_>) -> Option<Self> {
        let name = table.required("name", value::text);
        let role = table.optional("role", |role| value::one_of(&Role::ALL.map(|role| (role.as_str(), role)), "", role));
        Some(Self { name: name?, role })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config, problems};
    use super::*;

    #[test]
    fn the_role_may_be_left_open() {
        let organization = config("[organization]\nname = ' Example Health '").organization.unwrap();
        assert_eq!(organization, Organization { name: "Example Health".to_owned(), role: None });
    }

    #[test]
    fn each_role_is_read_by_its_word() {
        for role in Role::ALL {
            let text = format!("organization = {{ name = 'E', role = '{}' }}", role.as_str());
            assert_eq!(config(&text).organization.unwrap().role, Some(role));
        }
    }

    #[test]
    fn another_role_is_answered_with_the_list_and_the_nearest() {
        assert_eq!(
            problems("[organization]\nname = 'E'\nrole = 'covered-entity'"),
            [
                r#"evidence.toml:3: `organization.role` must be "covered_entity" or "business_associate", not "covered-entity"; did you mean "covered_entity"?"#
            ]
        );
    }

    #[test]
    fn a_name_is_mandatory_and_not_blank() {
        assert_eq!(
            problems("\n[organization]\nrole = 'covered_entity'"),
            ["evidence.toml:2: missing key `organization.name`"]
        );
        assert_eq!(
            problems("[organization]\nname = ' \\t'"),
            Vec::<String>::new(),
            "a literal string knows no escapes: this name is a backslash and a t"
        );
        assert_eq!(
            problems("[organization]\nname = \" \\t\""),
            ["evidence.toml:2: `organization.name` must not be blank"]
        );
    }
}

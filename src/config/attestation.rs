//! `[[attestation]]`: what a control asks of a person.

use chrono::NaiveDate;

use super::table::Table;
use super::value;

/// A person's dated statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// What it answers, for instance `risk_analysis`. Which ids a control asks for, the catalogue says.
    pub id: String,
    /// What the person says.
    pub statement: String,
    /// Who says it.
    pub by: String,
    /// As what.
    pub role: String,
    /// When.
    pub on: NaiveDate,
    /// Where the original lies.
    pub reference: Option<String>,
}

impl Attestation {
    pub(super) fn read(table: &mut Table<'_, '_>) -> Option<Self> {
        let id = table.required("id", value::text);
        let statement = table.required("statement", value::text);
        let by = table.required("by", value::text);
        let role = table.required("role", value::text);
        let on = table.required("on", value::date);
        let reference = table.optional("reference", value::text);
        Some(Self { id: id?, statement: statement?, by: by?, role: role?, on: on?, reference })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config, problems};

    const ATTESTATION: &str = "[[attestation]]\nid = 'opt_out'\nstatement = 'We honour STOP.'\nby = 'J. Doe'\nrole = 'Officer'\non = 2026-07-15\n";

    #[test]
    fn the_reference_may_be_left_out() {
        let attestations = config(ATTESTATION).attestations;
        assert_eq!(attestations.len(), 1);
        assert_eq!(attestations[0].statement, "We honour STOP.");
        assert_eq!(attestations[0].reference, None);
    }

    #[test]
    fn a_statement_without_a_person_or_a_date_is_none() {
        let text = ATTESTATION.replace("by = 'J. Doe'\n", "").replace("on = 2026-07-15\n", "");
        assert_eq!(
            problems(&format!("{ATTESTATION}\n{text}")),
            ["evidence.toml:8: missing key `attestation[1].by`", "evidence.toml:8: missing key `attestation[1].on`"]
        );
    }
}

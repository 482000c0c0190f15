//! `[agreements]`: agreements that AWS Artifact does not list.

use chrono::NaiveDate;

use super::table::Table;
use super::value;

/// Agreements that AWS Artifact does not list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreements {
    /// A business associate addendum that was signed outside AWS Artifact.
    pub offline_baa: Option<OfflineBaa>,
}

/// A business associate addendum (45 CFR 164.504(e)) that was signed outside AWS Artifact, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfflineBaa {
    /// Where it lies.
    pub reference: String,
    /// Who says so.
    pub by: String,
    /// When.
    pub on: NaiveDate,
}

impl Agreements {
    pub(super) fn read(table: &mut Table<'_, '_>) -> Self {
        Self { offline_baa: table.table("offline_baa", OfflineBaa::read).flatten() }
    }
}

impl OfflineBaa {
    fn read(table: &mut Table<'_, '_>) -> Option<Self> {
        let reference = table.required("reference", value::text);
        let by = table.required("by", value::text);
        let on = table.required("on", value::date);
        Some(Self { reference: reference?, by: by?, on: on? })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config, problems};
    use super::*;

    #[test]
    fn no_agreement_is_declared_by_an_empty_table() {
        assert_eq!(config("[agreements]").agreements, Agreements::default());
    }

    #[test]
    fn an_offline_baa_needs_where_who_and_when() {
        assert_eq!(
            problems("[agreements]\noffline_baa = { reference = '' }"),
            [
                "evidence.toml:2: missing key `agreements.offline_baa.by`",
                "evidence.toml:2: missing key `agreements.offline_baa.on`",
                "evidence.toml:2: `agreements.offline_baa.reference` must not be blank",
            ]
        );
    }
}

//! `[aws]`: where to look, and as whom.

use chrono::NaiveDate;
use toml::de::DeValue;

use super::table::Table;
use super::value;

/// Where to look, and as whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aws {
    /// Which regions; `None` leaves it to the command line and the AWS configuration.
    pub regions: Option<Regions>,
    /// The ARN of the role that is assumed in each account, with `{account}` in the account's place. It is not assumed
    /// in the caller's own account where [`Aws::accounts`] names others beside it.
    /// Always there when [`Aws::accounts`] is not [`Accounts::Own`].
    pub role: Option<String>,
    /// What the role's trust policy asks for; only where there is a role.
    pub external_id: Option<String>,
    /// Which accounts.
    pub accounts: Accounts,
    /// Why the other regions need no look.
    pub unscanned: Option<Unscanned>,
}

/// Which regions are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Regions {
    /// Every region of the partition where a messaging service is offered.
    All,
    /// These, each once, in the order of the file; at least one. Whether AWS has them is not checked.
    List(Vec<String>),
}

/// Which accounts are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Accounts {
    /// The caller's own.
    #[default]
    Own,
    /// Every account that AWS Organizations lists.
    Organization,
    /// These, each once, in the order of the file; at least one, twelve digits each.
    List(Vec<String>),
}

/// Why the regions that were not looked at need no look, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unscanned {
    /// Why.
    pub reason: String,
    /// Who says so.
    pub declared_by: String,
    /// Since when.
    pub declared_on: NaiveDate,
}

impl Aws {
    pub(super) fn read(table: &mut Table<'_, '_>) -> Self {
        let regions = read_regions(table);
        let accounts = read_accounts(table);
        let role = if table.holds("accounts") {
            table.required("role", value::role)
        } else {
            table.optional("role", value::role)
        };
        let external_id = table.optional("external_id", value::external_id);
        let unscanned = table.table("unscanned", Unscanned::read).flatten();
        if table.holds("accounts") && role.as_ref().is_some_and(|role| !role.contains("{account}")) {
            table.reject("role", "must contain `{account}`, because `aws.accounts` names other accounts");
        }
        if external_id.is_some() && !table.holds("role") {
            table.reject("external_id", "is given to nobody without `aws.role`");
        }
        Self { regions, role, external_id, accounts: accounts.unwrap_or_default(), unscanned }
    }
}

impl Unscanned {
    fn read(table: &mut Table<'_, '_>) -> Option<Self> {
        let reason = table.required("reason", value::text);
        let declared_by = table.required("declared_by", value::text);
        let declared_on = table.required("declared_on", value::date);
        Some(Self { reason: reason?, declared_by: declared_by?, declared_on: declared_on? })
    }
}

fn read_regions(table: &mut Table<'_, '_>) -> Option<Regions> {
    if !table.holds_list("regions") {
        let all = |word: &DeValue<'_>| value::one_of(&[("all", ())], " or a list of regions", word);
        return table.optional("regions", all).map(|()| Regions::All);
    }
    let regions = table.list("regions", value::region);
    reject_empty(table, "regions");
    Some(Regions::List(each_once(regions)))
}

fn read_accounts(table: &mut Table<'_, '_>) -> Option<Accounts> {
    if !table.holds_list("accounts") {
        let organization =
            |word: &DeValue<'_>| value::one_of(&[("organization", ())], " or a list of account ids", word);
        return table.optional("accounts", organization).map(|()| Accounts::Organization);
    }
    let accounts = table.list("accounts", value::account);
    reject_empty(table, "accounts");
    Some(Accounts::List(each_once(accounts)))
}

/// An empty list would look nowhere, which nobody means.
fn reject_empty(table: &mut Table<'_, '_>, key: &'static str) {
    if table.list(key, |_| Ok(())).is_empty() {
        table.reject(key, "must not be an empty list");
    }
}

fn each_once(words: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        if !kept.contains(&word) {
            kept.push(word);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config, problems};
    use super::*;

    #[test]
    fn nothing_said_means_the_callers_own_account() {
        assert_eq!(config("[aws]").aws, Aws::default());
        assert_eq!(Aws::default().accounts, Accounts::Own);
    }

    #[test]
    fn regions_are_all_or_a_list() {
        let regions = |value: &str| config(&format!("[aws]\nregions = {value}")).aws.regions;
        assert_eq!(regions("'all'"), Some(Regions::All));
        let list = ["us-east-1", "us-gov-west-1", "eusc-de-east-1"].map(str::to_owned).to_vec();
        assert_eq!(
            regions("['us-east-1', 'us-gov-west-1', 'us-east-1', 'eusc-de-east-1']"),
            Some(Regions::List(list)),
            "each once"
        );
    }

    #[test]
    fn what_does_not_look_like_a_region_is_named() {
        assert_eq!(
            problems("[aws]\nregions = 'us-east-1'"),
            [r#"evidence.toml:2: `aws.regions` must be "all" or a list of regions, not "us-east-1""#]
        );
        for wrong in ["all", "us-east", "us-1", "US-EAST-1", "u-east-1", "europ-west-1", "us--1", "us-east-1a", "-a-1"]
        {
            assert_eq!(
                problems(&format!("[aws]\nregions = [\n  'us-west-2',\n  '{wrong}',\n]")),
                [format!(r#"evidence.toml:4: `aws.regions[1]` must be a region such as "us-east-1", not "{wrong}""#)]
            );
        }
        assert_eq!(problems("aws.regions = []"), ["evidence.toml:1: `aws.regions` must not be an empty list"]);
    }

    #[test]
    fn accounts_are_the_organization_or_a_list_of_twelve_digits() {
        let accounts = |value: &str| {
            config(&format!("[aws]\nrole = 'arn:aws:iam::{{account}}:role/E'\naccounts = {value}")).aws.accounts
        };
        assert_eq!(accounts("'organization'"), Accounts::Organization);
        assert_eq!(accounts("['111122223333']"), Accounts::List(vec!["111122223333".to_owned()]));
        assert_eq!(
            problems("[aws]\nrole = 'arn:aws:iam::{account}:role/E'\naccounts = ['11112222333', 111122223333]"),
            [
                r#"evidence.toml:3: `aws.accounts[0]` must be an account id of twelve digits, in quotes, not "11112222333""#,
                "evidence.toml:3: `aws.accounts[1]` must be an account id of twelve digits, in quotes, not an integer",
            ]
        );
        assert_eq!(
            problems("[aws]\nrole = 'arn:aws:iam::{account}:role/E'\naccounts = 'organisation'"),
            [
                r#"evidence.toml:3: `aws.accounts` must be "organization" or a list of account ids, not "organisation"; did you mean "organization"?"#
            ]
        );
    }

    #[test]
    fn other_accounts_are_reached_through_a_role_that_names_each() {
        assert_eq!(problems("[aws]\nrole = 'arn:aws:iam::111122223333:role/E'"), Vec::<String>::new());
        assert_eq!(problems("[aws]\naccounts = 'organization'"), ["evidence.toml:1: missing key `aws.role`"]);
        for accounts in ["'organization'", "['444455556666']"] {
            assert_eq!(
                problems(&format!("[aws]\nrole = 'arn:aws:iam::111122223333:role/E'\naccounts = {accounts}")),
                ["evidence.toml:2: `aws.role` must contain `{account}`, because `aws.accounts` names other accounts"]
            );
        }
    }

    #[test]
    fn a_role_is_an_arn_and_an_external_id_belongs_to_it() {
        let role = "arn:aws-us-gov:iam::{account}:role/path/E";
        let aws = config(&format!("[aws]\nrole = '{role}'\nexternal_id = 'audit-2026'")).aws;
        assert_eq!((aws.role.as_deref(), aws.external_id.as_deref()), (Some(role), Some("audit-2026")));
        for wrong in [
            "PinpointEvidence",
            "arn:aws:iam::{account}:user/E",
            "arn:aws:iam::1:role/E",
            "arn:aws:iam::{account}:role/",
        ] {
            assert_eq!(
                problems(&format!("[aws]\nrole = '{wrong}'")),
                [
                    "evidence.toml:2: `aws.role` must be the ARN of a role, such as arn:aws:iam::{account}:role/PinpointEvidence"
                ]
            );
        }
        assert_eq!(
            problems("[aws]\nexternal_id = 'audit-2026'"),
            ["evidence.toml:2: `aws.external_id` is given to nobody without `aws.role`"]
        );
        assert_eq!(
            problems("[aws]\nrole = 'arn:aws:iam::{account}:role/E'\nexternal_id = 'a b'"),
            ["evidence.toml:3: `aws.external_id` must be 2 to 1224 letters, digits and +=,.@:/-_"]
        );
    }

    #[test]
    fn unscanned_regions_need_a_reason_a_name_and_a_date() {
        assert_eq!(
            problems("[aws.unscanned]\nreason = 'denied'"),
            [
                "evidence.toml:1: missing key `aws.unscanned.declared_by`",
                "evidence.toml:1: missing key `aws.unscanned.declared_on`",
            ]
        );
    }
}

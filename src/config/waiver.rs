//! `[[waiver]]`: accepted exceptions. A waiver never changes a verdict; it stands beside it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::table::Table;
use super::value;

/// The longest time that a waiver may run, in days after its approval.
pub const LONGEST_WAIVER_DAYS: i64 = 365;

/// An accepted exception for one rule on one resource. Its owner is not its approver, and it runs for at most
/// [`LONGEST_WAIVER_DAYS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule's id.
    pub rule: String,
    /// The resource, in the one form that its kind has (an ARN where there is one).
    pub resource: String,
    /// Why the exception is accepted.
    pub reason: String,
    /// Who carries it.
    pub owner: String,
    /// Who accepted it.
    pub approver: String,
    /// Where it is tracked.
    pub ticket: String,
    /// Its last day.
    pub expires: NaiveDate,
    /// The day it was accepted, and its first.
    pub approved_on: NaiveDate,
}

impl Waiver {
    /// Whether it counts on a day; both its first and its last day belong to it.
    #[must_use]
    pub fn is_valid_on(&self, date: NaiveDate) -> bool {
        (self.approved_on..=self.expires).contains(&date)
    }

    fn read(table: &mut Table<'_, '_>) -> Option<Self> {
        let rule = table.required("rule", value::text);
        let resource = table.required("resource", value::text);
        let reason = table.required("reason", value::text);
        let owner = table.required("owner", value::text);
        let approver = table.required("approver", value::text);
        let ticket = table.required("ticket", value::text);
        let expires = table.required("expires", value::date);
        let approved_on = table.required("approved_on", value::date);
        if owner.is_some() && owner.as_deref().map(str::to_lowercase) == approver.as_deref().map(str::to_lowercase) {
            table.reject("approver", "must not be the owner: nobody accepts an exception of their own");
        }
        if let (Some(from), Some(to)) = (approved_on, expires) {
            check_duration(table, (to - from).num_days());
        }
        Some(Self {
            rule: rule?,
            resource: resource?,
            reason: reason?,
            owner: owner?,
            approver: approver?,
            ticket: ticket?,
            expires: expires?,
            approved_on: approved_on?,
        })
    }
}

/// Reads every waiver; a second one for the same rule and resource is a problem.
pub(super) fn read_all(table: &mut Table<'_, '_>) -> Vec<Waiver> {
    let mut seen = BTreeSet::new();
    table.tables("waiver", |table| {
        let waiver = Waiver::read(table)?;
        if !seen.insert((waiver.rule.clone(), waiver.resource.clone())) {
            table.reject("resource", "has a waiver for this rule already");
        }
        Some(waiver)
    })
}

fn check_duration(table: &mut Table<'_, '_>, days: i64) {
    if days < 0 {
        table.reject("expires", "must not be before `approved_on`");
    } else if days > LONGEST_WAIVER_DAYS {
        table.reject("expires", &format!("must be at most {LONGEST_WAIVER_DAYS} days after `approved_on`, not {days}"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{config, day, problems};

    const WAIVER: &str = "[[waiver]]\nrule = 'push-sandbox-disabled'\nresource = 'r'\nreason = 'test devices'\n\
        owner = 'mobile team'\napprover = 'security officer'\nticket = 'SEC-2041'\nexpires = 2027-01-31\n\
        approved_on = 2026-11-01\n";

    #[test]
    fn it_counts_from_its_first_day_to_its_last() {
        let waiver = &config(WAIVER).waivers[0];
        let valid = ["2026-10-31", "2026-11-01", "2027-01-31", "2027-02-01"].map(|date| waiver.is_valid_on(day(date)));
        assert_eq!(valid, [false, true, true, false]);
    }

    #[test]
    fn an_expired_one_is_no_problem() {
        let text = WAIVER.replace("2027-01-31", "2019-01-31").replace("2026-11-01", "2018-11-01");
        assert_eq!(problems(&text), Vec::<String>::new());
    }

    #[test]
    fn nobody_approves_their_own() {
        for (owner, approver) in [("mobile team", " Mobile TEAM "), ("Mobile Team", "mobile team")] {
            let text = WAIVER.replace("mobile team", owner).replace("security officer", approver);
            let cause = "must not be the owner: nobody accepts an exception of their own";
            assert_eq!(problems(&text), [format!("evidence.toml:6: `waiver[0].approver` {cause}")]);
        }
    }

    #[test]
    fn it_runs_for_a_year_at_most() {
        let until = |date: &str| problems(&WAIVER.replace("2027-01-31", date));
        assert_eq!(until("2027-11-01"), Vec::<String>::new());
        assert_eq!(until("2026-11-01"), Vec::<String>::new(), "a waiver for one day");
        assert_eq!(
            until("2027-11-02"),
            ["evidence.toml:8: `waiver[0].expires` must be at most 365 days after `approved_on`, not 366"]
        );
        assert_eq!(until("2026-10-31"), ["evidence.toml:8: `waiver[0].expires` must not be before `approved_on`"]);
    }

    #[test]
    fn a_rule_on_a_resource_has_one() {
        let other = WAIVER.replace("resource = 'r'", "resource = 's'");
        assert_eq!(
            problems(&format!("{WAIVER}{other}{WAIVER}")),
            ["evidence.toml:21: `waiver[2].resource` has a waiver for this rule already"]
        );
    }

    #[test]
    fn missing_keys_and_blank_ones_are_all_named() {
        let text = WAIVER.replace("ticket = 'SEC-2041'\n", "").replace("'test devices'", "'\t'");
        assert_eq!(
            problems(&text),
            [
                "evidence.toml:1: missing key `waiver[0].ticket`",
                "evidence.toml:4: `waiver[0].reason` must not be blank"
            ]
        );
    }
}

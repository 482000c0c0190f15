//! Ended features, from the newest snapshot that still observed them.
//!
//! The newest snapshot judges. Campaigns and journeys ended with the support of Amazon Pinpoint, so a list that a later
//! snapshot could not read is taken from an earlier one, and every call behind it says from which.

use chrono::{DateTime, Utc};

use super::reading::{Gap, Listed, Listing};
use super::{Application, Estate, Place};
use crate::lifecycle;
use crate::snapshot::CallId;

impl Estate {
    /// Fills in what this estate could not read of ended features from earlier ones.
    pub fn recall(&mut self, earlier: &[Self]) {
        for place in &mut self.places {
            let is_same = |other: &&Place| (&other.account, &other.region) == (&place.account, &place.region);
            let before: Vec<(DateTime<Utc>, &Place)> = earlier
                .iter()
                .filter_map(|estate| Some((estate.finished, estate.places.iter().find(is_same)?)))
                .collect();
            place.recall(self.finished, &before);
        }
    }
}

impl Place {
    /// Fills in what this place, observed at a time, could not read of ended features from what earlier snapshots show
    /// of it, each with the time that it was finished at.
    pub fn recall(&mut self, observed: DateTime<Utc>, earlier: &[(DateTime<Utc>, &Self)]) {
        if !lifecycle::is_over(observed) {
            return;
        }
        let mut newest_first = earlier.to_vec();
        newest_first.sort_by_key(|(finished, _)| std::cmp::Reverse(*finished));
        for Listed { value: application, .. } in &mut self.applications.seen {
            let found: Vec<(DateTime<Utc>, &Application)> = newest_first
                .iter()
                .filter_map(|(finished, place)| {
                    let same = place.applications.iter().find(|earlier| earlier.arn == application.arn);
                    Some((*finished, same?))
                })
                .collect();
            recall(&mut application.campaigns, &found, |application| &application.campaigns);
            recall(&mut application.journeys, &found, |application| &application.journeys);
        }
    }
}

/// Takes the newest earlier list that was read to its end, else the newest of which something was seen.
fn recall<T: Clone>(
    list: &mut Listing<T>,
    earlier: &[(DateTime<Utc>, &Application)],
    of: impl Fn(&Application) -> &Listing<T>,
) {
    if list.gap.is_none() || !list.seen.is_empty() {
        return;
    }
    let lists = || earlier.iter().map(|(finished, application)| (*finished, of(application)));
    let whole = lists().find(|(_, list)| list.gap.is_none());
    if let Some((finished, found)) = whole.or_else(|| lists().find(|(_, list)| !list.seen.is_empty())) {
        *list = renamed(found, finished);
    }
}

fn renamed<T: Clone>(list: &Listing<T>, finished: DateTime<Utc>) -> Listing<T> {
    let all = |calls: &[CallId]| calls.iter().map(|call| call.of_earlier(finished)).collect();
    Listing {
        seen: list
            .seen
            .iter()
            .map(|listed| Listed { value: listed.value.clone(), call: listed.call.of_earlier(finished) })
            .collect(),
        calls: all(&list.calls),
        gap: list.gap.as_ref().map(|gap| Gap { calls: all(&gap.calls), ..gap.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::operations as op;
    use crate::rules::testing::{APP_ARN, Account, about_app, campaign, campaign_arn, recall, unread};
    use crate::rules::{Verdict, find};
    use crate::snapshot::Outcome;

    const RULE: &str = "sms-sender-id-unused";

    /// An account whose campaign names a sender id, collected then.
    fn account(at: &str, campaigns: Option<&str>) -> Account {
        let mut account = Account::new().at(at, "2026-Q4");
        account.answer(&op::GET_SMS_CHANNEL, about_app(), json!({"Enabled": true}));
        let items =
            campaigns.map(|id| campaign(id, json!({"MessageConfiguration": {"SMSMessage": {"SenderId": "X"}}})));
        account.answer(&op::GET_CAMPAIGNS, about_app(), json!({"Item": items.into_iter().collect::<Vec<_>>()}));
        account
    }

    #[test]
    fn the_newest_snapshot_that_observed_an_ended_list_judges_it_and_shows_its_age() {
        let rule = find(RULE).expect("a rule");
        let old = account("2026-10-05T09:00:00Z", Some("old"));
        let before = account("2026-10-20T09:00:00Z", Some("before"));
        let newest = account("2026-11-20T09:00:00Z", None);
        let findings = recall(&newest, &[&old, &before], rule);
        let finding = findings.iter().find(|finding| finding.resource == campaign_arn("before")).expect("a finding");
        assert_eq!(finding.verdict, Verdict::Fail);
        let age = "Observed 2026-10-20 09:00 UTC (31 days before the newest snapshot): ";
        assert!(finding.message.starts_with(age), "{}", finding.message);
        assert!(finding.evidence[0].to_string().starts_with("earlier/2026-10-20T09:00:00.000Z/c-"));
        assert!(findings.iter().all(|finding| finding.resource != campaign_arn("old")));
    }

    #[test]
    fn what_the_newest_snapshot_shows_itself_is_not_replaced() {
        let rule = find(RULE).expect("a rule");
        let before = account("2026-10-20T09:00:00Z", Some("before"));
        let still = account("2026-11-20T09:00:00Z", Some("still"));
        let findings = recall(&still, &[&before], rule);
        assert!(findings.iter().any(|finding| finding.resource == campaign_arn("still")));
        assert!(findings.iter().all(|finding| finding.resource != campaign_arn("before")));
    }

    #[test]
    fn before_the_end_of_support_the_newest_snapshot_judges_alone() {
        let rule = find(RULE).expect("a rule");
        let before = account("2026-10-05T09:00:00Z", Some("before"));
        let mut newest = account("2026-10-20T09:00:00Z", None);
        newest.fail(&op::GET_CAMPAIGNS, about_app(), Outcome::AccessDenied);
        let findings = recall(&newest, &[&before], rule);
        let list = format!("{APP_ARN}/campaigns");
        let finding = findings.iter().find(|finding| finding.resource == list).expect("a finding");
        assert_eq!(finding.verdict, unread(Outcome::AccessDenied));
    }
}

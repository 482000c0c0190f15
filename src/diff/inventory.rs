//! What each pack shows to be there.

use std::collections::BTreeMap;

use crate::estate::{Application, Estate, Listing, Place};
use crate::pack::Listed;
use crate::snapshot::CallId;

/// Something that a list shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Resource {
    pub(super) list: List,
    /// Its ARN, else its id or name.
    pub(super) id: String,
    pub(super) name: String,
}

/// A list of resources of one kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct List {
    pub(super) kind: &'static str,
    pub(super) account: String,
    pub(super) region: String,
    /// The application that it belongs to; empty for those of a region.
    pub(super) application: String,
}

impl List {
    /// The applications of a place.
    pub(super) fn applications(account: &str, region: &str) -> Self {
        let [account, region] = [account, region].map(str::to_owned);
        Self { kind: "application", account, region, application: String::new() }
    }
}

/// The resources that an estate shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Inventory {
    pub(super) resources: Vec<Resource>,
    lists: BTreeMap<List, Shown>,
    /// The list of each resource, and of what findings call a list as a whole (`<application ARN>/campaigns`).
    list_of: BTreeMap<String, List>,
}

/// What is known of a list.
#[derive(Clone, Debug)]
struct Shown {
    /// Whether it was read to its end.
    whole: bool,
    /// The calls that show it.
    calls: Vec<String>,
}

impl Inventory {
    pub(super) fn new(estate: &Estate) -> Self {
        let mut inventory = Self::default();
        for place in &estate.places {
            inventory.place(place);
        }
        inventory.resources.sort();
        inventory
    }

    fn place(&mut self, place: &Place) {
        self.add(place, "application", "", &place.applications, |app| (app.arn.clone(), app.name.clone()));
        for application in place.applications.iter() {
            self.application(place, application);
        }
        self.add(place, "phone number", "", &place.numbers.own, |number| (number.arn.clone(), number.number.clone()));
        let shared = &place.numbers.shared;
        self.add(place, "shared phone number", "", shared, |number| (number.arn.clone(), number.number.clone()));
        self.add(place, "pool", "", &place.pools, |pool| (pool.arn.clone(), pool.id.clone()));
        self.add(place, "registration", "", &place.registrations, |registration| {
            (registration.arn.clone().unwrap_or_else(|| registration.id.clone()), registration.id.clone())
        });
        let sms_sets = &place.sms_configuration_sets;
        self.add(place, "SMS configuration set", "", sms_sets, |set| (set.arn.clone(), set.name.clone()));
        let email = &place.ses;
        self.add(place, "email identity", "", &email.identities, |identity| {
            (identity.arn.clone(), identity.name.clone())
        });
        let email_sets = &email.configuration_sets;
        self.add(place, "Amazon SES configuration set", "", email_sets, |set| (set.arn.clone(), set.name.clone()));
        self.add(place, "recommender", "", &place.recommenders, |one| (one.name.clone(), one.name.clone()));
        self.add(place, "message template", "", &place.templates, |template| {
            let kind = template.kind.as_ref().map(|kind| format!(" ({kind})")).unwrap_or_default();
            let name = format!("{}{kind}", template.name.clone().unwrap_or_default());
            (name.clone(), name)
        });
    }

    fn application(&mut self, place: &Place, application: &Application) {
        let Application { arn, campaigns, journeys, .. } = application;
        self.add(place, "campaign", arn, campaigns, |campaign| (campaign.arn.clone(), campaign.name.clone()));
        self.add(place, "journey", arn, journeys, |journey| (journey.arn.clone(), journey.name.clone()));
    }

    fn add<T>(
        &mut self,
        place: &Place,
        kind: &'static str,
        application: &str,
        listing: &Listing<T>,
        of: impl Fn(&T) -> (String, String),
    ) {
        let list = List {
            kind,
            account: place.account.clone(),
            region: place.region.clone(),
            application: application.to_owned(),
        };
        let gap = listing.gap.as_ref();
        let calls = listing.calls.iter().chain(gap.into_iter().flat_map(|gap| &gap.calls));
        let calls = calls.map(CallId::to_string).collect();
        for (id, name) in listing.iter().map(of) {
            self.list_of.insert(id.clone(), list.clone());
            self.resources.push(Resource { list: list.clone(), id, name });
        }
        if !application.is_empty() {
            self.list_of.insert(format!("{application}/{kind}s"), list.clone());
        }
        self.lists.insert(list, Shown { whole: gap.is_none(), calls });
    }

    /// Whether a resource that is not here would be: its list was read to its end, or was not asked for because its
    /// application is not there either.
    pub(super) fn would_show(&self, resource: &Resource) -> bool {
        let read = |list: &List| self.lists.get(list).map(|shown| shown.whole);
        let applications = List::applications(&resource.list.account, &resource.list.region);
        match read(&resource.list) {
            Some(whole) => whole,
            None => !resource.list.application.is_empty() && read(&applications) == Some(true),
        }
    }

    /// The calls that show the list that a finding's resource belongs to, or is.
    pub(super) fn listing(&self, resource: &str) -> &[String] {
        self.list_of.get(resource).map_or(&[], |list| self.calls(list))
    }

    /// The calls that show a list.
    pub(super) fn calls(&self, list: &List) -> &[String] {
        self.lists.get(list).map_or(&[], |shown| &shown.calls)
    }
}

/// The resources that only one of two inventories shows, and how sure that is.
pub(super) fn compare<'i>(old: &'i Inventory, new: &'i Inventory) -> Vec<(&'i Resource, Listed)> {
    let added = missing(new, old)
        .map(|resource| (resource, if old.would_show(resource) { Listed::Added } else { Listed::NewlySeen }));
    let removed = missing(old, new)
        .map(|resource| (resource, if new.would_show(resource) { Listed::Removed } else { Listed::NoLongerSeen }));
    let mut found: Vec<_> = added.chain(removed).collect();
    found.sort();
    found
}

/// What is in the first and not in the second.
fn missing<'i>(here: &'i Inventory, there: &'i Inventory) -> impl Iterator<Item = &'i Resource> {
    // Both are in order; a name alone may have changed.
    here.resources.iter().filter(|resource| {
        let key = |other: &Resource| (other.list.clone(), other.id.clone());
        there.resources.binary_search_by_key(&key(resource), key).is_err()
    })
}

//! Resources, reports and agreements that one pack lists and the other does not, or lists otherwise.

use std::collections::{BTreeMap, BTreeSet};

use super::WithEvents;
use super::blame::Blame;
use super::inventory::{self, Inventory};
use super::side::Side;
use crate::estate::Artifact;
use crate::pack::{
    AgreementChange, AgreementState, Listed, ReportChange, ReportState, ResourceChange, SealedAgreement, SealedReport,
};
use crate::snapshot::CallId;

/// The resources that only one pack shows.
pub(super) fn resources(blame: &mut Blame<'_>, before: &Inventory, after: &Inventory) -> WithEvents<ResourceChange> {
    let changes = inventory::compare(before, after).into_iter();
    let changes = changes.map(|(resource, change)| {
        let calls = before.calls(&resource.list).iter().chain(after.calls(&resource.list));
        let calls: Vec<&str> = calls.map(String::as_str).collect();
        // A journey has no ARN of its own at AWS, so its id is what the answer calls it.
        let names = [resource.id.as_str(), resource.id.rsplit('/').next().unwrap_or_default()];
        let events = blame.listed(&names, &resource.list.region, &calls);
        let change = ResourceChange {
            kind: resource.list.kind.to_owned(),
            id: resource.id.clone(),
            name: resource.name.clone(),
            account: resource.list.account.clone(),
            region: resource.list.region.clone(),
            change,
            causes: Vec::new(),
        };
        (change, events)
    });
    changes.collect()
}

/// The reports that are not listed alike.
pub(super) fn reports(blame: &mut Blame<'_>) -> WithEvents<ReportChange> {
    let of = |side: &'_ Side<'_>| -> Vec<SealedReport> { side.results().reports.clone() };
    let (old, new) = (of(blame.old), of(blame.new));
    let by_key = |reports: &'_ [SealedReport]| -> BTreeMap<(Option<String>, String, Option<i64>), SealedReport> {
        let key = |report: &SealedReport| (report.program.clone(), report.id.clone(), report.version);
        reports.iter().map(|report| (key(report), report.clone())).collect()
    };
    let (before, after) = (by_key(&old), by_key(&new));
    let listing = Listing::new(
        blame,
        |artifact| artifact.reports.gap.is_none(),
        |artifact| {
            let versions = artifact.versions.iter().flat_map(|versions| &versions.listing.calls);
            artifact.reports.calls.iter().chain(versions).map(CallId::to_string).collect()
        },
    );
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let (was, is) = (before.get(key), after.get(key));
        let state = |report: &SealedReport| ReportState {
            state: report.state.clone(),
            period_start: report.period_start,
            period_end: report.period_end,
        };
        let (was_state, is_state) = (was.map(state), is.map(state));
        let (Some(report), true) = (is.or(was), was_state != is_state) else { continue };
        let events = blame.listed(&[&report.id], &listing.region, &listing.calls());
        let known_before = old.iter().any(|other| other.id == report.id && other.version < report.version);
        let change = ReportChange {
            program: report.program.clone(),
            id: report.id.clone(),
            name: report.name.clone(),
            version: report.version,
            new_version: was.is_none() && known_before,
            change: listing.change(was.is_some(), is.is_some()),
            before: was_state,
            after: is_state,
            causes: Vec::new(),
        };
        changes.push((change, events));
    }
    changes
}

/// The agreements that are not listed alike.
pub(super) fn agreements(blame: &mut Blame<'_>) -> WithEvents<AgreementChange> {
    let by_id = |side: &Side<'_>| -> BTreeMap<String, SealedAgreement> {
        let id = |agreement: &SealedAgreement| agreement.arn.clone().or(agreement.name.clone()).unwrap_or_default();
        side.results().agreements.iter().map(|agreement| (id(agreement), agreement.clone())).collect()
    };
    let (before, after) = (by_id(blame.old), by_id(blame.new));
    let listing = Listing::new(
        blame,
        |artifact| artifact.agreements.gap.is_none(),
        |artifact| artifact.agreements.calls.iter().map(CallId::to_string).collect(),
    );
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut changes = Vec::new();
    for id in ids {
        let (was, is) = (before.get(id), after.get(id));
        let state = |agreement: &SealedAgreement| AgreementState {
            state: agreement.state.clone(),
            effective_start: agreement.effective_start.clone(),
            effective_end: agreement.effective_end.clone(),
        };
        let (was_state, is_state) = (was.map(state), is.map(state));
        let (Some(agreement), true) = (is.or(was), was_state != is_state) else { continue };
        let name = agreement.name.clone().unwrap_or_default();
        let events = blame.listed(&[id, &name], &listing.region, &listing.calls());
        let change = AgreementChange {
            id: id.clone(),
            name: agreement.name.clone(),
            change: listing.change(was.is_some(), is.is_some()),
            before: was_state,
            after: is_state,
            causes: Vec::new(),
        };
        changes.push((change, events));
    }
    changes
}

/// A list of AWS Artifact in both packs.
struct Listing {
    region: String,
    calls: Vec<String>,
    was_whole: bool,
    is_whole: bool,
}

impl Listing {
    fn new(blame: &Blame<'_>, whole: impl Fn(&Artifact) -> bool, calls: impl Fn(&Artifact) -> Vec<String>) -> Self {
        let artifacts = |side: &'_ Side<'_>| side.estate.artifacts.values().cloned().collect::<Vec<_>>();
        let (old, new) = (artifacts(blame.old), artifacts(blame.new));
        Self {
            region: blame.new.results().scope.regions.first().cloned().unwrap_or_default(),
            calls: old.iter().chain(&new).flat_map(calls).collect(),
            was_whole: old.iter().all(&whole),
            is_whole: new.iter().all(&whole),
        }
    }

    fn calls(&self) -> Vec<&str> {
        self.calls.iter().map(String::as_str).collect()
    }

    const fn change(&self, was: bool, is: bool) -> Listed {
        match (was, is) {
            (true, true) => Listed::Changed,
            (false, _) if self.was_whole => Listed::Added,
            (false, _) => Listed::NewlySeen,
            (true, false) if self.is_whole => Listed::Removed,
            (true, false) => Listed::NoLongerSeen,
        }
    }
}

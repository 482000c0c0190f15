//! A finding as documents show it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::pack::Pack;
use crate::render::index_of_calls::{CallIndex, CallLink};
use crate::render::rows::Row;
use crate::render::words;
use crate::rules::{AppliedWaiver, Attestation, Finding, Verdict};

/// A finding for a row of a table.
#[derive(Serialize)]
pub(super) struct FindingView {
    /// The finding's id.
    pub(super) id: String,
    rule: &'static str,
    verdict: &'static str,
    /// Empty unless it is not evaluated.
    reason: String,
    name: String,
    resource: String,
    message: String,
    evidence: Vec<CallLink>,
    attestation: Option<AttestationView>,
    waiver: Option<WaiverView>,
}

impl Row for FindingView {
    const TEMPLATE: &'static str = "finding-row.md.tera";
    const COLUMNS: usize = 4;

    fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        let Self { id, reason, name, resource, message, evidence, attestation, waiver, .. } = self;
        [id, reason, name, resource, message].into_iter().for_each(&mut *visit);
        for link in evidence {
            link.texts(visit);
        }
        if let Some(AttestationView { statement, by, role, on, reference }) = attestation {
            [statement, by, role, on, reference].into_iter().for_each(&mut *visit);
        }
        if let Some(WaiverView { standing, reason, owner, approver, approved_on, ticket }) = waiver {
            [standing, reason, owner, approver, approved_on, ticket].into_iter().for_each(&mut *visit);
        }
    }
}

#[derive(Serialize)]
struct AttestationView {
    statement: String,
    by: String,
    role: String,
    on: String,
    reference: String,
}

#[derive(Serialize)]
struct WaiverView {
    /// What it is worth, for a sentence that begins with "Waiver".
    standing: String,
    reason: String,
    owner: String,
    approver: String,
    approved_on: String,
    ticket: String,
}

impl FindingView {
    /// The finding at a place of the pack's list.
    pub(super) fn new((place, finding): (usize, &Finding), pack: &Pack, calls: &CallIndex<'_>) -> Self {
        Self {
            id: calls.id_of(place),
            rule: finding.rule,
            verdict: words::verdict(finding.verdict),
            reason: finding.verdict.reason().map(words::reason).unwrap_or_default(),
            name: words::name_or(finding.resource_name.as_deref(), "").to_owned(),
            resource: finding.resource.clone(),
            message: finding.message.clone(),
            evidence: calls.links(&finding.evidence),
            attestation: finding.attestation.as_ref().map(AttestationView::new),
            waiver: finding.waiver.as_ref().map(|waiver| WaiverView::new(waiver, finding.verdict, pack.collected.last)),
        }
    }
}

impl AttestationView {
    fn new(attestation: &Attestation) -> Self {
        Self {
            statement: attestation.statement.clone(),
            by: attestation.by.clone().unwrap_or_default(),
            role: attestation.role.clone().unwrap_or_default(),
            on: attestation.on.map(words::day).unwrap_or_default(),
            reference: attestation.reference.clone().unwrap_or_default(),
        }
    }
}

impl WaiverView {
    fn new(waiver: &AppliedWaiver, verdict: Verdict, judged: DateTime<Utc>) -> Self {
        Self {
            standing: standing(waiver, verdict, judged),
            reason: waiver.reason.clone(),
            owner: waiver.owner.clone(),
            approver: waiver.approver.clone(),
            approved_on: words::day(waiver.approved_on),
            ticket: waiver.ticket.clone(),
        }
    }
}

/// What a waiver is worth at the time that everything is judged at.
fn standing(waiver: &AppliedWaiver, verdict: Verdict, judged: DateTime<Utc>) -> String {
    let (today, expires) = (judged.date_naive(), words::day(waiver.expires));
    if waiver.valid {
        format!("valid until {expires}")
    } else if waiver.expires < today {
        format!("ended on {expires} and does not count")
    } else if waiver.approved_on > today {
        format!("approved only on {} and does not count", words::day(waiver.approved_on))
    } else if verdict != Verdict::Fail {
        "does not count: a waiver accepts a fail and nothing else".to_owned()
    } else {
        "not valid and does not count".to_owned()
    }
}

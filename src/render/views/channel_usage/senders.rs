//! The campaigns and journeys of an application: what each sends through, and from which number.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::pack::{Application, Pack};
use crate::render::index_of_calls::{CallIndex, CallLink};
use crate::render::rows::Row as _;
use crate::render::views::finding::FindingView;
use crate::render::words;
use crate::rules::Finding;
use crate::snapshot::CallId;

/// Campaigns and journeys without an open finding that a section names.
const QUIET_SHOWN: usize = 50;

/// The rules that say what a campaign or a journey sends through.
const ON_CHANNELS: [&str; 2] = ["campaign-channels-permitted", "journey-channels-permitted"];

/// The rule that says from which number it sends SMS.
const ON_ORIGINATION: &str = "sms-origination-short-code";

/// A campaign or journey, or a list of them that could not be read.
#[derive(Serialize)]
pub(super) struct SenderRow {
    name: String,
    kind: &'static str,
    resource: String,
    channels: Vec<Cell>,
    origination: Vec<Cell>,
    others: Vec<Cell>,
    /// When, as the findings say it.
    observed: String,
    evidence: Vec<CallLink>,
}

/// One finding in a cell.
#[derive(Serialize)]
struct Cell {
    /// On the page of findings.
    address: String,
    /// Whether it failed or could not be evaluated.
    open: bool,
    /// Its message without the time.
    what: String,
    finding: FindingView,
}

impl SenderRow {
    /// See [`Row::texts`](crate::render::rows::Row::texts).
    pub(super) fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        let Self { name, resource, channels, origination, others, observed, evidence, .. } = self;
        [name, resource, observed].into_iter().for_each(&mut *visit);
        for cell in channels.iter_mut().chain(origination).chain(others) {
            [&mut cell.address, &mut cell.what].into_iter().for_each(&mut *visit);
            cell.finding.texts(visit);
        }
        for link in evidence {
            link.texts(visit);
        }
    }
}

/// A finding with its place in the pack's list.
pub(super) type At<'p> = (usize, &'p Finding);

/// What of an ARN lies below the application.
pub(super) fn rest<'p>(finding: &'p Finding, application: &Application) -> Option<&'p str> {
    finding.resource.strip_prefix(application.arn.as_str())
}

/// What a finding on a campaign, a journey or a list of them is about.
pub(super) fn kind(finding: &Finding, application: &Application) -> Option<&'static str> {
    match rest(finding, application)? {
        "/campaigns" => Some("list of campaigns"),
        "/journeys" => Some("list of journeys"),
        below if below.starts_with("/campaigns/") => Some("campaign"),
        below if below.starts_with("/journeys/") => Some("journey"),
        _ => None,
    }
}

/// How many campaigns or journeys of an application a rule judged: those whose resource lies `below` it.
pub(super) fn judged<'p>(findings: impl Iterator<Item = &'p Finding>, application: &Application, below: &str) -> u64 {
    let is_one = |finding: &&Finding| {
        ON_CHANNELS.contains(&finding.rule) && rest(finding, application).is_some_and(|rest| rest.starts_with(below))
    };
    words::number(findings.filter(is_one).count())
}

/// The campaigns and journeys, open ones first, and how many quiet ones are left out.
pub(super) fn senders(
    below: &[At<'_>],
    application: &Application,
    pack: &Pack,
    calls: &CallIndex<'_>,
) -> (Vec<SenderRow>, u64) {
    let mut by_resource: BTreeMap<&str, Vec<At<'_>>> = BTreeMap::new();
    for at in below {
        by_resource.entry(&at.1.resource).or_default().push(*at);
    }
    let (open, quiet): (Vec<_>, Vec<_>) =
        by_resource.into_values().partition(|findings| findings.iter().any(|(_, finding)| finding.verdict.is_open()));
    let left = words::number(quiet.len().saturating_sub(QUIET_SHOWN));
    let shown = open.iter().chain(quiet.iter().take(QUIET_SHOWN));
    (shown.map(|findings| sender_row(findings, application, pack, calls)).collect(), left)
}

fn sender_row(findings: &[At<'_>], application: &Application, pack: &Pack, calls: &CallIndex<'_>) -> SenderRow {
    let (_, first) = findings[0];
    let of_rules = |is: &dyn Fn(&str) -> bool| {
        findings.iter().filter(|(_, finding)| is(finding.rule)).map(|at| cell(*at, pack, calls)).collect::<Vec<_>>()
    };
    let times: BTreeSet<&str> =
        findings.iter().map(|(_, finding)| finding.told().0).filter(|it| !it.is_empty()).collect();
    let mut evidence: Vec<CallId> = Vec::new();
    for call in findings.iter().flat_map(|(_, finding)| &finding.evidence) {
        if !evidence.contains(call) {
            evidence.push(call.clone());
        }
    }
    SenderRow {
        name: words::name_or(first.resource_name.as_deref(), "").to_owned(),
        kind: kind(first, application).unwrap_or_default(),
        resource: rest(first, application).unwrap_or_default().to_owned(),
        channels: of_rules(&|rule| ON_CHANNELS.contains(&rule)),
        origination: of_rules(&|rule| rule == ON_ORIGINATION),
        others: of_rules(&|rule| !ON_CHANNELS.contains(&rule) && rule != ON_ORIGINATION),
        observed: times.into_iter().collect::<Vec<_>>().join("; "),
        evidence: calls.links(&evidence),
    }
}

fn cell((at, finding): At<'_>, pack: &Pack, calls: &CallIndex<'_>) -> Cell {
    let (_, what) = finding.told();
    Cell {
        address: calls.of_finding(at),
        open: finding.verdict.is_open(),
        what: what.to_owned(),
        finding: FindingView::new((at, finding), pack, calls),
    }
}

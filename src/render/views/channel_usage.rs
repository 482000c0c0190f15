//! `channel-usage`: per application, what AWS's page asks of its channels and what was seen.

use std::collections::BTreeMap;

use serde::Serialize;

use super::finding::FindingView;
use super::matrix::{heaviest, phi_word};
use crate::pack::{Application, Channel, Pack, Phi};
use crate::render::index_of_calls::{CallIndex, CallLink};
use crate::render::page::{Page, Pager, page_path};
use crate::render::{escape, words};
use crate::rules::Level;

/// Applications on one page.
const APPLICATIONS_PER_PAGE: usize = 200;

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View<'a> {
    pager: Pager,
    judged: String,
    /// How many applications are judged.
    total: u64,
    applications: Vec<ApplicationView<'a>>,
    /// On the last page only.
    left_out: Vec<LeftOut<'a>>,
}

#[derive(Serialize)]
struct ApplicationView<'a> {
    anchor: String,
    name: &'a str,
    arn: &'a str,
    id: &'a str,
    account: &'a str,
    region: &'a str,
    phi: &'static str,
    phi_words: &'static str,
    how: &'a str,
    /// The heaviest verdict of its required rules; empty without any.
    verdict: &'static str,
    waived: bool,
    channels: Vec<ChannelView<'a>>,
    findings: Vec<FindingView>,
}

#[derive(Serialize)]
struct ChannelView<'a> {
    name: &'a str,
    permitted: bool,
    state: String,
    /// Empty when the index holds none of its calls.
    observed: String,
    evidence: Vec<CallLink>,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    anchor: String,
    name: &'a str,
    arn: &'a str,
    account: &'a str,
    region: &'a str,
    reason: &'a str,
    declared_by: &'a str,
    declared_on: String,
}

/// An application with its findings and the place of its section.
pub(super) struct Place<'a> {
    /// The application.
    pub(super) application: &'a Application,
    /// The places of its findings in the pack's list, in order.
    pub(super) findings: Vec<usize>,
    /// Of its section in `channel-usage`.
    pub(super) address: String,
}

/// Every application in the pack's order.
pub(super) fn places(pack: &Pack) -> Vec<Place<'_>> {
    let mut findings = findings_by_application(pack);
    let judged = pack.scope.applications.iter().filter(|application| application.phi.is_judged()).count();
    let mut judged_before = 0;
    let mut places = Vec::with_capacity(pack.scope.applications.len());
    for application in &pack.scope.applications {
        let mut page = judged.saturating_sub(1) / APPLICATIONS_PER_PAGE;
        if application.phi.is_judged() {
            page = judged_before / APPLICATIONS_PER_PAGE;
            judged_before += 1;
        }
        let address = format!("{}#{}", page_path("channel-usage", page), section(application));
        let findings = findings.remove(application.arn.as_str()).unwrap_or_default();
        places.push(Place { application, findings, address });
    }
    places
}

/// A finding belongs to the application whose ARN its resource is, or lies below.
fn findings_by_application(pack: &Pack) -> BTreeMap<&str, Vec<usize>> {
    let mut by_arn: BTreeMap<&str, Vec<usize>> =
        pack.scope.applications.iter().map(|application| (application.arn.as_str(), Vec::new())).collect();
    for (at, finding) in pack.findings.iter().enumerate() {
        let ends = finding.resource.match_indices('/').map(|(end, _)| end).chain([finding.resource.len()]);
        for end in ends {
            if let Some(findings) = by_arn.get_mut(&finding.resource[..end]) {
                findings.push(at);
                break;
            }
        }
    }
    by_arn
}

fn section(application: &Application) -> String {
    format!(
        "app-{}-{}-{}",
        escape::anchor(&application.account),
        escape::anchor(&application.region),
        escape::anchor(&application.id)
    )
}

/// Every page, in order; at least one.
pub(in crate::render) fn pages<'a>(
    pack: &'a Pack,
    calls: &'a CallIndex<'a>,
) -> impl Iterator<Item = Page<View<'a>>> + 'a {
    let (judged, left_out): (Vec<_>, Vec<_>) =
        places(pack).into_iter().partition(|place| place.application.phi.is_judged());
    let of = judged.len().div_ceil(APPLICATIONS_PER_PAGE).max(1);
    (0..of).map(move |number| {
        let places = judged.chunks(APPLICATIONS_PER_PAGE).nth(number).unwrap_or_default();
        let last = number + 1 == of;
        let view = View {
            pager: Pager::new("channel-usage", number, of),
            judged: words::minute(pack.collected.last),
            total: words::number(judged.len()),
            applications: places.iter().map(|place| application(place, pack, calls)).collect(),
            left_out: if last {
                left_out.iter().map(|place| excluded(place.application)).collect()
            } else {
                Vec::new()
            },
        };
        Page { document: "channel-usage", number, title: "Channel usage", template: "channel-usage.md.tera", view }
    })
}

fn application<'a>(place: &Place<'a>, pack: &Pack, calls: &CallIndex<'_>) -> ApplicationView<'a> {
    let application = place.application;
    let findings = place.findings.iter().map(|at| &pack.findings[*at]);
    let (verdict, waived) = heaviest(findings.clone().filter(|finding| finding.level == Level::Required));
    ApplicationView {
        anchor: section(application),
        name: words::name_or(Some(&application.name), &application.id),
        arn: &application.arn,
        id: &application.id,
        account: &application.account,
        region: &application.region,
        phi: application.phi.as_str(),
        phi_words: phi_word(&application.phi),
        how: match &application.phi {
            Phi::Declared { how } => how,
            _ => "nothing in the configuration declares it, so it is judged as if it carried PHI",
        },
        verdict,
        waived,
        channels: application.channels.iter().map(|channel| channel_view(channel, calls)).collect(),
        findings: findings.map(|finding| FindingView::new(finding, pack, calls)).collect(),
    }
}

fn channel_view<'a>(channel: &'a Channel, calls: &CallIndex<'_>) -> ChannelView<'a> {
    ChannelView {
        name: &channel.name,
        permitted: channel.permitted,
        state: words::state(channel.state),
        observed: calls.observed(&channel.evidence).unwrap_or_default(),
        evidence: calls.links(&channel.evidence),
    }
}

fn excluded(application: &Application) -> LeftOut<'_> {
    let (reason, declared_by, declared_on) = match &application.phi {
        Phi::Excluded { reason, declared_by, declared_on } => {
            (reason.as_str(), declared_by.as_str(), words::day(*declared_on))
        }
        _ => ("undeclared, and the configuration leaves undeclared applications out", "", String::new()),
    };
    LeftOut {
        anchor: section(application),
        name: words::name_or(Some(&application.name), &application.id),
        arn: &application.arn,
        account: &application.account,
        region: &application.region,
        reason,
        declared_by,
        declared_on,
    }
}

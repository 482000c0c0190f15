//! Where each application and each short code stands in `channel-usage`, and what was found about it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::matrix::rank;
use crate::pack::{Application, Chain, Found, Pack};
use crate::render::escape;
use crate::render::page::page_path;
use crate::rules::Level;

/// Applications on one page of `channel-usage`.
const APPLICATIONS_PER_PAGE: usize = 100;

/// Chains of short codes on one page of `channel-usage`.
const CHAINS_PER_PAGE: usize = 100;

/// An application with its findings and the place of its section.
pub(super) struct Place<'a> {
    /// The application.
    pub(super) application: &'a Application,
    /// The places of its findings in the pack's list, in order.
    pub(super) findings: Vec<usize>,
    /// The places, in the pack's list, of the chains of the short codes that it is set to send from.
    pub(super) chains: Vec<usize>,
    /// The places of the findings on those short codes.
    pub(super) findings_on_codes: Vec<usize>,
    /// Of its section in `channel-usage`.
    pub(super) address: String,
}

impl Place<'_> {
    /// Everything that was found about it and about the short codes that it is set to send from.
    pub(super) fn all_findings<'s>(&'s self, pack: &'s Pack) -> impl Iterator<Item = Found> + Clone + 's {
        self.findings.iter().chain(&self.findings_on_codes).filter_map(|at| pack.findings.get(*at))
    }

    /// Those of required rules.
    pub(super) fn required<'s>(&'s self, pack: &'s Pack) -> impl Iterator<Item = Found> + Clone + 's {
        self.all_findings(pack).filter(|finding| finding.level == Level::Required)
    }
}

/// A short code with the findings on it and the place of its chain.
pub(super) struct CodePlace<'a> {
    /// The chain.
    pub(super) chain: &'a Chain,
    /// The places of the findings on it in the pack's list, in order.
    pub(super) findings: Vec<usize>,
    /// Of its section in `channel-usage`.
    pub(super) address: String,
}

impl CodePlace<'_> {
    /// The findings of required rules on it.
    pub(super) fn required<'s>(&'s self, pack: &'s Pack) -> impl Iterator<Item = Found> + Clone + 's {
        self.findings.iter().filter_map(|at| pack.findings.get(*at)).filter(|finding| finding.level == Level::Required)
    }
}

/// The pages of `channel-usage`, with what stands on each.
pub(in crate::render) struct Places<'a> {
    /// Every application: those that are judged, what a reader must see first before the rest, then those left out.
    pub(super) applications: Vec<Place<'a>>,
    /// Every short code that carries PHI, in the pack's order.
    pub(super) codes: Vec<CodePlace<'a>>,
    /// How many applications are judged.
    pub(super) judged: usize,
}

impl<'a> Places<'a> {
    /// Puts everything in its place.
    pub(in crate::render) fn new(pack: &'a Pack) -> Self {
        let mut applications = applications(pack);
        let judged = applications.iter().filter(|place| place.application.phi.is_judged()).count();
        applications.sort_by_cached_key(|place| {
            (!place.application.phi.is_judged(), Reverse(rank(place.required(pack)).unwrap_or_default()))
        });
        let pages = application_pages(judged);
        for (at, place) in applications.iter_mut().enumerate() {
            place.address = address((at / APPLICATIONS_PER_PAGE).min(pages - 1), &section(place.application));
        }
        let on = findings_by_resource(pack);
        let codes = pack.short_codes.iter().enumerate().map(|(at, chain)| CodePlace {
            chain,
            findings: on.get(chain.resource.as_str()).cloned().unwrap_or_default(),
            address: address(pages - 1 + at / CHAINS_PER_PAGE, &chain_section(chain)),
        });
        Self { codes: codes.collect(), applications, judged }
    }

    /// How many pages there are; at least one.
    pub(super) fn pages(&self) -> usize {
        application_pages(self.judged) + self.codes.len().div_ceil(CHAINS_PER_PAGE).saturating_sub(1)
    }

    /// The judged applications of a page, counted from zero.
    pub(super) fn judged_on(&self, page: usize) -> &[Place<'a>] {
        self.applications[..self.judged].chunks(APPLICATIONS_PER_PAGE).nth(page).unwrap_or_default()
    }

    /// The short codes of a page: the first of them follow the last applications.
    pub(super) fn codes_on(&self, page: usize) -> &[CodePlace<'a>] {
        let first = application_pages(self.judged) - 1;
        let chunk = page.checked_sub(first).and_then(|at| self.codes.chunks(CHAINS_PER_PAGE).nth(at));
        chunk.unwrap_or_default()
    }

    /// The page on which the short codes begin; empty when there is none.
    pub(super) fn codes_page(&self) -> String {
        self.codes.first().map_or_else(String::new, |_| page_path("channel-usage", application_pages(self.judged) - 1))
    }

    /// The applications that the rules on PHI leave out.
    pub(super) fn left_out(&self) -> &[Place<'a>] {
        &self.applications[self.judged..]
    }
}

fn application_pages(judged: usize) -> usize {
    judged.div_ceil(APPLICATIONS_PER_PAGE).max(1)
}

fn address(page: usize, section: &str) -> String {
    format!("{}#{section}", page_path("channel-usage", page))
}

fn applications<'a>(pack: &'a Pack) -> Vec<Place<'a>> {
    let mut findings = findings_by_application(pack);
    let on = findings_by_resource(pack);
    let mut chains: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, chain) in pack.short_codes.iter().enumerate() {
        for origin in chain.origins.iter().filter(|origin| origin.silent.is_none()) {
            let known = chains.entry(&origin.application).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
    }
    let place = |application: &'a Application| {
        let chains = chains.remove(application.arn.as_str()).unwrap_or_default();
        let codes = chains.iter().map(|at| pack.short_codes[*at].resource.as_str());
        Place {
            findings: findings.remove(application.arn.as_str()).unwrap_or_default(),
            findings_on_codes: codes.flat_map(|code| on.get(code).into_iter().flatten().copied()).collect(),
            chains,
            application,
            address: String::new(),
        }
    };
    pack.scope.applications.iter().map(place).collect()
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

/// The findings on each short code.
fn findings_by_resource(pack: &Pack) -> BTreeMap<&str, Vec<usize>> {
    let mut on: BTreeMap<&str, Vec<usize>> =
        pack.short_codes.iter().map(|chain| (chain.resource.as_str(), Vec::new())).collect();
    for (at, finding) in pack.findings.iter().enumerate() {
        if let Some(findings) = on.get_mut(finding.resource.as_str()) {
            findings.push(at);
        }
    }
    on
}

/// The anchor of an application's section.
pub(super) fn section(application: &Application) -> String {
    format!(
        "app-{}-{}-{}",
        escape::anchor(&application.account),
        escape::anchor(&application.region),
        escape::anchor(&application.id)
    )
}

/// The anchor of a short code's section.
pub(super) fn chain_section(chain: &Chain) -> String {
    format!("code-{}", escape::anchor(&chain.resource))
}

//! Where each application and each short code stands in `channel-usage`, and what was found about it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::finding_pages::{FindingPages, Paging};
use super::matrix::{Label, rank};
use crate::pack::{Application, Chain, Found, Pack};
use crate::render::page::page_path;
use crate::render::parts::Part;
use crate::render::{escape, words};
use crate::rules::{Finding, Level, Verdict};

/// Applications on one page of `channel-usage`.
const APPLICATIONS_PER_PAGE: usize = 100;

/// Chains of short codes on one page of `channel-usage`.
const CHAINS_PER_PAGE: usize = 100;

/// Applications that are left out, on one page of `channel-usage`.
const LEFT_OUT_PER_PAGE: usize = 500;

/// The document.
const DOCUMENT: &str = "channel-usage";

/// An application with its findings and the place of its section.
pub(super) struct Place<'a> {
    /// The application.
    pub(super) application: &'a Application,
    /// What it is called here: its name, with what tells it from others of the same name.
    pub(super) title: String,
    /// The places of its findings in the pack's list, in order.
    pub(super) findings: Vec<usize>,
    /// The places, in the pack's list, of the chains of the short codes that it is set to send from.
    pub(super) chains: Vec<usize>,
    /// The places of the findings on those short codes.
    pub(super) findings_on_codes: Vec<usize>,
    /// Of its required rules.
    pub(super) standing: Standing,
    /// Of its section in `channel-usage`.
    pub(super) address: String,
}

impl Place<'_> {
    /// Everything that was found about it and about the short codes that it is set to send from.
    pub(super) fn all_findings<'s>(&'s self, on: &'s Shelf) -> impl Iterator<Item = &'s Finding> + Clone + 's {
        self.findings.iter().chain(&self.findings_on_codes).filter_map(|at| on.get(*at))
    }

    /// Those of required rules.
    pub(super) fn required<'s>(&'s self, on: &'s Shelf) -> impl Iterator<Item = &'s Finding> + Clone + 's {
        self.all_findings(on).filter(|finding| finding.level == Level::Required)
    }
}

/// A short code with the findings on it and the place of its chain.
pub(super) struct CodePlace<'a> {
    /// The chain.
    pub(super) chain: &'a Chain,
    /// The places of the findings on it in the pack's list, in order.
    pub(super) findings: Vec<usize>,
    /// Of its required rules.
    pub(super) standing: Standing,
    /// Of its section in `channel-usage`.
    pub(super) address: String,
}

/// What findings amount to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// See [`rank`]; `None` without any finding.
    pub(super) rank: Option<u8>,
    heaviest: Option<Verdict>,
    fails: u32,
    waived: u32,
}

impl Standing {
    fn see(&mut self, finding: &Finding) {
        self.join(Self {
            rank: rank([finding].into_iter()),
            heaviest: Some(finding.verdict),
            fails: u32::from(finding.verdict == Verdict::Fail),
            waived: u32::from(finding.verdict == Verdict::Fail && finding.is_waived()),
        });
    }

    fn join(&mut self, other: Self) {
        let weight = |verdict: Option<Verdict>| verdict.map(words::weight);
        self.rank = self.rank.max(other.rank);
        if weight(other.heaviest) > weight(self.heaviest) {
            self.heaviest = other.heaviest;
        }
        self.fails += other.fails;
        self.waived += other.waived;
    }

    /// The verdict that weighs most.
    pub(super) fn label(self) -> Label {
        let verdict = self.heaviest.map_or("", words::verdict);
        Label { verdict, waived: self.fails > 0 && self.fails == self.waived }
    }
}

/// Findings that a page shows, unpacked once.
pub(super) struct Shelf(Vec<(usize, Found)>);

impl Shelf {
    /// Those at some places of the pack's list.
    pub(super) fn of(pack: &Pack, places: impl Iterator<Item = usize>) -> Self {
        let mut places: Vec<usize> = places.collect();
        places.sort_unstable();
        places.dedup();
        Self(places.into_iter().filter_map(|at| Some((at, pack.findings.get(at)?))).collect())
    }

    /// Those of some applications and of the short codes that they are set to send from.
    pub(super) fn on<'p>(pack: &Pack, places: impl IntoIterator<Item = &'p Place<'p>>) -> Self {
        let of = |place: &'p Place<'p>| place.findings.iter().chain(&place.findings_on_codes).copied();
        Self::of(pack, places.into_iter().flat_map(of))
    }

    /// The one at a place.
    pub(super) fn get(&self, place: usize) -> Option<&Finding> {
        let found = self.0.binary_search_by_key(&place, |(at, _)| *at).ok()?;
        Some(&self.0[found].1)
    }
}

/// A page of `channel-usage`.
#[derive(Clone, Debug)]
pub(in crate::render) struct UsagePage {
    /// Without number and ending.
    pub(super) document: String,
    pub(super) number: usize,
    pub(super) of: usize,
    /// Whether it is the first of all.
    pub(super) is_first: bool,
    /// What it is about, where it is about a part only.
    pub(super) part: String,
    /// Which of the judged applications it shows; `None` where it is not about applications.
    pub(super) applications: Option<Range<usize>>,
    /// Which short codes.
    pub(super) codes: Range<usize>,
    /// Which of the applications that are left out.
    pub(super) left_out: Range<usize>,
}

/// The judged applications of an account and region.
pub(super) struct ApplicationsOf {
    pub(super) part: Part,
    pub(super) document: String,
    pub(super) at: Range<usize>,
}

/// The pages of `channel-usage`, with what stands on each.
pub(in crate::render) struct Places<'a> {
    /// Every application: those that are judged, what a reader must see first before the rest (in a large pack of each
    /// account and region), then those left out.
    pub(super) applications: Vec<Place<'a>>,
    /// Every short code that carries PHI, in the pack's order.
    pub(super) codes: Vec<CodePlace<'a>>,
    /// How many applications are judged.
    pub(super) judged: usize,
    /// Of a large pack; empty where everything is on one page.
    pub(super) parts: Vec<ApplicationsOf>,
    pages: Vec<UsagePage>,
}

impl<'a> Places<'a> {
    /// Puts everything in its place, and every finding on its page.
    pub(in crate::render) fn new(pack: &'a Pack) -> (Self, FindingPages) {
        let (mut applications, mut codes, finding_pages) = survey(pack);
        let judged = applications.iter().filter(|place| place.application.phi.is_judged()).count();
        let is_split = judged > APPLICATIONS_PER_PAGE
            || codes.len() > CHAINS_PER_PAGE
            || applications.len() - judged > LEFT_OUT_PER_PAGE;
        applications.sort_by_cached_key(|place| {
            let Application { phi, account, region, .. } = place.application;
            let of = if is_split { (account.clone(), region.clone()) } else { Default::default() };
            (!phi.is_judged(), of, Reverse(place.standing.rank.unwrap_or_default()))
        });
        let parts = if is_split { parts(&applications[..judged]) } else { Vec::new() };
        let pages = pages(&parts, (applications.len(), judged, codes.len()));
        for page in &pages {
            let address = |section: String| format!("{}#{section}", page_path(&page.document, page.number));
            let left_out = judged + page.left_out.start..judged + page.left_out.end;
            for at in page.applications.clone().into_iter().flatten().chain(left_out) {
                applications[at].address = address(section(applications[at].application));
            }
            for at in page.codes.clone() {
                codes[at].address = address(chain_section(codes[at].chain));
            }
        }
        (Self { applications, codes, judged, parts, pages }, finding_pages)
    }

    /// Every page, in order; at least one.
    pub(in crate::render) fn pages(&self) -> &[UsagePage] {
        &self.pages
    }

    /// The page on which the short codes begin; empty when there is none.
    pub(super) fn codes_page(&self) -> String {
        let page = self.pages.iter().find(|page| !page.codes.is_empty());
        page.map_or_else(String::new, |page| page_path(&page.document, page.number))
    }

    /// The page on which those begin that are left out; empty when it is the first.
    pub(super) fn left_out_page(&self) -> String {
        let page = self.pages.iter().find(|page| !page.left_out.is_empty() && !page.is_first);
        page.map_or_else(String::new, |page| page_path(&page.document, page.number))
    }

    /// The applications that the rules on PHI leave out.
    pub(super) fn left_out(&self) -> &[Place<'a>] {
        &self.applications[self.judged..]
    }
}

fn parts(judged: &[Place<'_>]) -> Vec<ApplicationsOf> {
    let of = |place: &Place<'_>| (place.application.account.clone(), place.application.region.clone());
    let mut first = 0;
    let part = |chunk: &[Place<'_>]| {
        let (account, region) = of(&chunk[0]);
        let at = first..first + chunk.len();
        first = at.end;
        let part = Part { account, region: Some(region) };
        ApplicationsOf { document: part.document(DOCUMENT), part, at }
    };
    judged.chunk_by(|a, b| of(a) == of(b)).map(part).collect()
}

/// The pages, for so many applications, judged applications and short codes.
fn pages(parts: &[ApplicationsOf], (all, judged, codes): (usize, usize, usize)) -> Vec<UsagePage> {
    let is_split = all > judged + LEFT_OUT_PER_PAGE || codes > CHAINS_PER_PAGE || !parts.is_empty();
    let whole = UsagePage {
        document: DOCUMENT.to_owned(),
        number: 0,
        of: 1,
        is_first: true,
        part: String::new(),
        applications: Some(0..judged),
        codes: 0..codes,
        left_out: 0..all - judged,
    };
    if !is_split {
        return vec![whole];
    }
    let page = |document: &str, number, of, part: &str| UsagePage {
        document: document.to_owned(),
        number,
        of,
        is_first: false,
        part: part.to_owned(),
        applications: None,
        codes: 0..0,
        left_out: 0..0,
    };
    let mut pages = vec![UsagePage { applications: None, codes: 0..0, left_out: 0..0, ..whole }];
    for ApplicationsOf { part, document, at } in parts {
        let chunks = chunks(at.clone(), APPLICATIONS_PER_PAGE);
        pages.extend(chunks.into_iter().map(|(number, of, own)| UsagePage {
            applications: Some(own),
            ..page(document, number, of, &part.words())
        }));
    }
    let document = format!("{DOCUMENT}/short-codes");
    let of_codes = chunks(0..codes, CHAINS_PER_PAGE).into_iter();
    pages.extend(
        of_codes.map(|(number, of, own)| UsagePage { codes: own, ..page(&document, number, of, "short codes") }),
    );
    let document = format!("{DOCUMENT}/left-out");
    let left_out = chunks(0..all - judged, LEFT_OUT_PER_PAGE).into_iter();
    pages.extend(
        left_out.map(|(number, of, own)| UsagePage {
            left_out: own,
            ..page(&document, number, of, "applications left out")
        }),
    );
    pages
}

/// A range in pieces of at most this length, each with its number and how many there are.
fn chunks(all: Range<usize>, length: usize) -> Vec<(usize, usize, Range<usize>)> {
    let of = all.len().div_ceil(length);
    let piece = |number: usize| {
        let first = all.start + number * length;
        (number, of, first..all.end.min(first + length))
    };
    (0..of).map(piece).collect()
}

/// One look at every finding: which application and which short code it is about, and on which page it stands.
fn survey(pack: &Pack) -> (Vec<Place<'_>>, Vec<CodePlace<'_>>, FindingPages) {
    let mut applications = applications(pack);
    let mut codes: Vec<CodePlace<'_>> = pack.short_codes.iter().map(CodePlace::new).collect();
    let by_arn: BTreeMap<&str, usize> =
        pack.scope.applications.iter().enumerate().map(|(at, application)| (application.arn.as_str(), at)).collect();
    let mut by_code: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, chain) in pack.short_codes.iter().enumerate() {
        by_code.entry(&chain.resource).or_default().push(at);
    }
    let mut paging = Paging::new(pack);
    for (at, finding) in pack.findings.iter().enumerate() {
        paging.see(at, &finding);
        if let Some(place) = application_of(&finding.resource, &by_arn).map(|own| &mut applications[own]) {
            place.findings.push(at);
            if finding.level == Level::Required {
                place.standing.see(&finding);
            }
        }
        for own in by_code.get(finding.resource.as_str()).into_iter().flatten() {
            codes[*own].findings.push(at);
            if finding.level == Level::Required {
                codes[*own].standing.see(&finding);
            }
        }
    }
    for place in &mut applications {
        for at in &place.chains {
            place.findings_on_codes.extend(&codes[*at].findings);
            place.standing.join(codes[*at].standing);
        }
    }
    (applications, codes, paging.done())
}

/// The application whose ARN a resource is, or lies below.
fn application_of(resource: &str, by_arn: &BTreeMap<&str, usize>) -> Option<usize> {
    let ends = resource.match_indices('/').map(|(end, _)| end).chain([resource.len()]);
    ends.into_iter().find_map(|end| by_arn.get(&resource[..end]).copied())
}

impl<'a> CodePlace<'a> {
    fn new(chain: &'a Chain) -> Self {
        Self { chain, findings: Vec::new(), standing: Standing::default(), address: String::new() }
    }
}

fn applications(pack: &Pack) -> Vec<Place<'_>> {
    let mut chains: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, chain) in pack.short_codes.iter().enumerate() {
        for origin in chain.origins.iter().filter(|origin| origin.silent.is_none()) {
            let known = chains.entry(&origin.application).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
    }
    let mut named: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for application in &pack.scope.applications {
        *named.entry(name_of(application)).or_default().entry(&application.id).or_default() += 1;
    }
    let place = |application| Place {
        title: title(application, &named),
        chains: chains.remove(application.arn.as_str()).unwrap_or_default(),
        application,
        findings: Vec::new(),
        findings_on_codes: Vec::new(),
        standing: Standing::default(),
        address: String::new(),
    };
    pack.scope.applications.iter().map(place).collect()
}

fn name_of(application: &Application) -> &str {
    words::name_or(Some(&application.name), &application.id)
}

/// The name, with the id where others have it too, and with the account and region where those have that too.
fn title(application: &Application, named: &BTreeMap<&str, BTreeMap<&str, usize>>) -> String {
    let Application { id, account, region, .. } = application;
    let name = name_of(application);
    let same = named.get(name);
    match same.and_then(|same| same.get(id.as_str())) {
        Some(2..) => format!("{name} ({id}, account {account}, {region})"),
        _ if same.is_some_and(|same| same.len() > 1) => format!("{name} ({id})"),
        _ => name.to_owned(),
    }
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

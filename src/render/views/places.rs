//! Where each application and each short code stands in `channel-usage`, and what was found about it.
//!
//! Of an application only where it stands is held, and where the findings on it are: a page takes its own from the pack
//! when it is made.

mod findings;
mod pages;
mod survey;

use std::ops::Range;

pub(super) use self::findings::{Shelf, Standing};
pub(super) use self::pages::ApplicationsOf;
pub(in crate::render) use self::pages::UsagePage;
use super::finding_pages::FindingPages;
use super::matrix::{Label, rank};
use crate::pack::{Application, Chain, Held, Pack};
use crate::render::page::page_path;
use crate::render::{escape, words};
use crate::rules::{Finding, Level};

/// An application with its findings and the place of its section.
pub(super) struct Place {
    /// The application.
    pub(super) application: Held<Application>,
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

impl Place {
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
pub(super) struct CodePlace<'p> {
    /// The chain.
    pub(super) chain: Held<Chain>,
    /// The places of the findings on it in the pack's list, in order.
    pub(super) findings: Vec<usize>,
    /// The places here of the applications of which something is set to send from it, in their order.
    pub(super) senders: &'p [u32],
    /// Of its section in `channel-usage`.
    pub(super) address: String,
}

/// What is held of an application.
struct Row {
    /// Its position in the pack's list.
    position: u32,
    /// The place of its account and region.
    part: u32,
    /// The place of its page.
    page: u32,
    is_judged: bool,
    title: Title,
    standing: Standing,
    findings: findings::Places,
    /// Places of chains.
    chains: Vec<u32>,
}

/// What tells an application from others.
#[derive(Clone, Copy)]
enum Title {
    /// Nobody else has its name.
    Name,
    /// The name and the id.
    Id,
    /// The name, the id, the account and the region.
    Everything,
}

/// What is held of a short code.
#[derive(Default)]
struct CodeRow {
    findings: findings::Places,
    standing: Standing,
    senders: Vec<u32>,
    /// The place of its page.
    page: u32,
}

/// The pages of `channel-usage`, with what stands on each.
pub(in crate::render) struct Places<'a> {
    pack: &'a Pack,
    /// Every application: those that are judged, what a reader must see first before the rest (in a large pack of each
    /// account and region), then those left out.
    rows: Vec<Row>,
    /// Every short code that carries PHI, in the pack's order.
    codes: Vec<CodeRow>,
    /// How many applications are judged.
    pub(super) judged: usize,
    /// Of a large pack; empty where everything is on one page.
    pub(super) parts: Vec<ApplicationsOf>,
    pages: Vec<UsagePage>,
}

impl<'a> Places<'a> {
    /// Puts everything in its place, and every finding on its page.
    pub(in crate::render) fn new(pack: &'a Pack) -> (Self, FindingPages) {
        let survey::Survey { mut rows, mut codes, parts: known, finding_pages } = survey::survey(pack);
        let judged = rows.iter().filter(|row| row.is_judged).count();
        let numbers = (rows.len(), judged, codes.len());
        let is_split = pages::are_split(numbers);
        rows.sort_by_key(|row| {
            let part = if is_split { row.part } else { 0 };
            (!row.is_judged, part, std::cmp::Reverse(row.standing.rank.unwrap_or_default()))
        });
        survey::seat_senders(&mut codes, &rows);
        let parts = if is_split { pages::parts(&rows[..judged], &known) } else { Vec::new() };
        let pages = pages::pages(&parts, numbers);
        for (number, page) in (0..).zip(&pages) {
            let left_out = judged + page.left_out.start..judged + page.left_out.end;
            page.applications.clone().into_iter().flatten().chain(left_out).for_each(|at| rows[at].page = number);
            codes[page.codes.clone()].iter_mut().for_each(|code| code.page = number);
        }
        (Self { pack, rows, codes, judged, parts, pages }, finding_pages)
    }

    /// Every page, in order; at least one.
    pub(in crate::render) fn pages(&self) -> &[UsagePage] {
        &self.pages
    }

    /// How many applications there are.
    pub(super) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many short codes carry PHI.
    pub(super) const fn codes(&self) -> usize {
        self.codes.len()
    }

    /// What some applications amount to, in order.
    pub(super) fn standings(&self, at: Range<usize>) -> impl Iterator<Item = Standing> + '_ {
        self.rows[at].iter().map(|row| row.standing)
    }

    /// What each short code amounts to.
    pub(super) fn standings_of_codes(&self) -> impl Iterator<Item = Standing> + '_ {
        self.codes.iter().map(|code| code.standing)
    }

    /// Some applications, in order.
    pub(super) fn applications(&self, at: Range<usize>) -> Vec<Place> {
        // Taken in the order of the pack, so that what lies together there is unpacked once.
        let mut order: Vec<usize> = at.clone().collect();
        order.sort_by_key(|at| self.rows[*at].position);
        let mut places: Vec<(usize, Place)> =
            order.into_iter().filter_map(|at| Some((at, self.application(at)?))).collect();
        places.sort_by_key(|(at, _)| *at);
        places.into_iter().map(|(_, place)| place).collect()
    }

    /// One application.
    pub(super) fn application(&self, at: usize) -> Option<Place> {
        let row = self.rows.get(at)?;
        let application = self.pack.scope.applications.get(row.position as usize)?;
        let chains: Vec<usize> = row.chains.iter().map(|at| *at as usize).collect();
        Some(Place {
            title: title(&application, row.title),
            findings: row.findings.iter().collect(),
            findings_on_codes: chains.iter().flat_map(|at| self.codes[*at].findings.iter()).collect(),
            chains,
            standing: row.standing,
            address: self.pages.get(row.page as usize)?.address(&section(&application)),
            application,
        })
    }

    /// One short code.
    pub(super) fn code(&self, at: usize) -> Option<CodePlace<'_>> {
        let CodeRow { findings, senders, page, .. } = self.codes.get(at)?;
        let chain = self.pack.short_codes.get(at)?;
        let address = self.pages.get(*page as usize)?.address(&chain_section(&chain));
        Some(CodePlace { findings: findings.iter().collect(), senders, address, chain })
    }

    /// The places of the findings on a short code.
    pub(super) fn findings_on_code(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        self.codes.get(at).into_iter().flat_map(|code| code.findings.iter())
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

    /// Some of the applications that the rules on PHI leave out.
    pub(super) fn left_out(&self, at: Range<usize>) -> Vec<Place> {
        self.applications(self.judged + at.start..self.judged + at.end)
    }
}

fn name_of(application: &Application) -> &str {
    words::name_or(Some(&application.name), &application.id)
}

fn title(application: &Application, title: Title) -> String {
    let (name, Application { id, account, region, .. }) = (name_of(application), application);
    match title {
        Title::Name => name.to_owned(),
        Title::Id => format!("{name} ({id})"),
        Title::Everything => format!("{name} ({id}, account {account}, {region})"),
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

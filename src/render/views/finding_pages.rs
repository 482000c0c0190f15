//! On which page each finding stands: of a small pack on one, of a large one on those of its account and region.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::pack::{Pack, Summary};
use crate::render::page::page_path;
use crate::render::parts::Part;
use crate::render::words;
use crate::rules::Finding;

/// Findings on one page.
pub(super) const FINDINGS_PER_PAGE: usize = 500;

/// Where the findings stand.
pub(in crate::render) struct FindingPages {
    /// In the order of the pack; empty where everything is on one page.
    stretches: Vec<Stretch>,
    /// In order.
    pub(super) parts: Vec<FindingsOf>,
}

/// Findings of one rule on one account and region, which stand together.
struct Stretch {
    /// Where it begins in the pack's list.
    first: usize,
    /// The place of its part.
    part: usize,
    /// How many findings of the part stand before it.
    before: usize,
}

/// The findings on one account and region.
pub(super) struct FindingsOf {
    /// Which.
    pub(super) part: Part,
    /// Without number and ending.
    pub(super) document: String,
    /// How many findings have each verdict.
    pub(super) summary: Summary,
    /// Where in the pack's list they are: first position, and how many.
    stretches: Vec<(usize, usize)>,
    pub(super) len: usize,
}

/// A row of the table of parts.
#[derive(Serialize)]
pub(super) struct PartRow {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) address: String,
    pub(super) findings: u64,
    pub(super) fail: u64,
    pub(super) not_evaluated: u64,
}

/// Builds [`FindingPages`] from the findings, shown one after the other.
pub(super) struct Paging {
    is_split: bool,
    rule: &'static str,
    /// The part of the last finding.
    last: Option<usize>,
    known: BTreeMap<Part, usize>,
    pages: FindingPages,
}

impl Paging {
    pub(super) fn new(pack: &Pack) -> Self {
        let pages = FindingPages { stretches: Vec::new(), parts: Vec::new() };
        Self { is_split: pack.findings.len() > FINDINGS_PER_PAGE, rule: "", last: None, known: BTreeMap::new(), pages }
    }

    pub(super) fn see(&mut self, at: usize, finding: &Finding) {
        if !self.is_split {
            return;
        }
        let stays = self.rule == finding.rule && self.last.is_some_and(|it| self.pages.parts[it].part.has(finding));
        if !stays {
            let FindingPages { stretches, parts } = &mut self.pages;
            let part = *self.known.entry(Part::of(finding)).or_insert_with_key(|part| {
                let document = part.document("findings");
                let (part, summary) = (part.clone(), Summary::default());
                parts.push(FindingsOf { part, document, summary, stretches: Vec::new(), len: 0 });
                parts.len() - 1
            });
            stretches.push(Stretch { first: at, part, before: parts[part].len });
            parts[part].stretches.push((at, 0));
            (self.rule, self.last) = (finding.rule, Some(part));
        }
        if let Some(part) = self.last.map(|last| &mut self.pages.parts[last]) {
            part.len += 1;
            part.summary.count(finding);
            if let Some((_, number)) = part.stretches.last_mut() {
                *number += 1;
            }
        }
    }

    pub(super) fn done(self) -> FindingPages {
        let FindingPages { mut stretches, parts } = self.pages;
        let (order, parts): (Vec<usize>, Vec<FindingsOf>) = {
            let mut parts: Vec<(usize, FindingsOf)> = parts.into_iter().enumerate().collect();
            parts.sort_by(|(_, a), (_, b)| a.part.cmp(&b.part));
            parts.into_iter().unzip()
        };
        let mut now_at = vec![0; order.len()];
        order.iter().enumerate().for_each(|(now, before)| now_at[*before] = now);
        for stretch in &mut stretches {
            stretch.part = now_at[stretch.part];
        }
        FindingPages { stretches, parts }
    }
}

impl FindingPages {
    /// Whether there are pages for each account and region.
    pub(super) const fn are_split(&self) -> bool {
        !self.parts.is_empty()
    }

    /// Every page of the parts: the place of the part, and the number of the page.
    pub(in crate::render) fn all(&self) -> Vec<(usize, usize)> {
        let of_part = |(at, part): (usize, &FindingsOf)| (0..part.pages()).map(move |page| (at, page));
        self.parts.iter().enumerate().flat_map(of_part).collect()
    }

    /// The page of the finding at a place of the pack's list, from the files of the pack.
    pub(super) fn page(&self, place: usize) -> String {
        let stretch = self.stretches.partition_point(|stretch| stretch.first <= place).checked_sub(1);
        match stretch.map(|at| &self.stretches[at]) {
            Some(stretch) => {
                let number = (stretch.before + place - stretch.first) / FINDINGS_PER_PAGE;
                page_path(&self.parts[stretch.part].document, number)
            }
            None => page_path("findings", 0),
        }
    }

    /// Where the finding at a place of the pack's list stands.
    pub(in crate::render) fn address_of(&self, place: usize, id: &str) -> String {
        let mut address = self.page(place);
        address.push('#');
        address.push_str(id);
        address
    }

    /// Where the findings of a rule begin whose first one stands at a place of the pack's list.
    pub(super) fn of_rule(&self, rule: &str, first: usize) -> String {
        format!("{}#{rule}", self.page(first))
    }

    /// The table of parts.
    pub(super) fn rows(&self) -> Vec<PartRow> {
        let row = |of: &FindingsOf| PartRow {
            account: of.part.account(),
            region: of.part.region(),
            address: page_path(&of.document, 0),
            findings: words::number(of.len),
            fail: of.summary.fail,
            not_evaluated: of.summary.not_evaluated,
        };
        self.parts.iter().map(row).collect()
    }
}

impl FindingsOf {
    pub(super) const fn pages(&self) -> usize {
        self.len.div_ceil(FINDINGS_PER_PAGE)
    }

    /// The positions of the findings of a page, in order.
    pub(super) fn on(&self, page: usize) -> Vec<std::ops::Range<usize>> {
        let (mut skip, mut left) = (page * FINDINGS_PER_PAGE, FINDINGS_PER_PAGE);
        let mut on = Vec::new();
        for (first, number) in &self.stretches {
            let own = number.saturating_sub(skip).min(left);
            if own > 0 {
                on.push(first + skip..first + skip + own);
            }
            skip = skip.saturating_sub(*number);
            left -= own;
        }
        on
    }
}

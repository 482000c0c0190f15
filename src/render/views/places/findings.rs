//! What was found about an application or a short code, and what it amounts to.

use super::{Label, Place, rank};
use crate::pack::{Found, Pack};
use crate::render::words;
use crate::rules::{Finding, Verdict};

/// Places in the pack's list of findings, in order: of most of them one byte, that of the step from the one before.
#[derive(Default)]
pub(super) struct Places {
    steps: Vec<u8>,
    last: usize,
}

impl Places {
    pub(super) fn push(&mut self, place: usize) {
        let mut step = place - self.last;
        self.last = place;
        while step > 0x7f {
            self.steps.push(step.to_le_bytes()[0] | 0x80);
            step >>= 7;
        }
        self.steps.push(step.to_le_bytes()[0]);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let mut last = 0;
        self.steps.split_inclusive(|byte| byte & 0x80 == 0).map(move |step| {
            last += step.iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f));
            last
        })
    }

    /// Gives back the room that was kept for more.
    pub(super) fn settle(&mut self) {
        self.steps.shrink_to_fit();
    }
}

/// What findings amount to.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::render::views) struct Standing {
    /// See [`rank`]; `None` without any finding.
    pub(in crate::render::views) rank: Option<u8>,
    heaviest: Option<Verdict>,
    fails: u32,
    waived: u32,
}

impl Standing {
    pub(super) fn see(&mut self, finding: &Finding) {
        self.join(Self {
            rank: rank([finding].into_iter()),
            heaviest: Some(finding.verdict),
            fails: u32::from(finding.verdict == Verdict::Fail),
            waived: u32::from(finding.verdict == Verdict::Fail && finding.is_waived()),
        });
    }

    pub(super) fn join(&mut self, other: Self) {
        let weight = |verdict: Option<Verdict>| verdict.map(words::weight);
        self.rank = self.rank.max(other.rank);
        if weight(other.heaviest) > weight(self.heaviest) {
            self.heaviest = other.heaviest;
        }
        self.fails += other.fails;
        self.waived += other.waived;
    }

    /// The verdict that weighs most.
    pub(in crate::render::views) fn label(self) -> Label {
        let verdict = self.heaviest.map_or("", words::verdict);
        Label { verdict, waived: self.fails > 0 && self.fails == self.waived }
    }
}

/// Findings that a page shows, unpacked once.
pub(in crate::render::views) struct Shelf(Vec<(usize, Found)>);

impl Shelf {
    /// Those at some places of the pack's list.
    pub(in crate::render::views) fn of(pack: &Pack, places: impl Iterator<Item = usize>) -> Self {
        let mut places: Vec<usize> = places.collect();
        places.sort_unstable();
        places.dedup();
        Self(pack.findings.among(places.into_iter()).collect())
    }

    /// Those of some applications and of the short codes that they are set to send from.
    pub(in crate::render::views) fn on<'p>(pack: &Pack, places: impl IntoIterator<Item = &'p Place>) -> Self {
        let of = |place: &'p Place| place.findings.iter().chain(&place.findings_on_codes).copied();
        Self::of(pack, places.into_iter().flat_map(of))
    }

    /// The one at a place.
    pub(in crate::render::views) fn get(&self, place: usize) -> Option<&Finding> {
        let found = self.0.binary_search_by_key(&place, |(at, _)| *at).ok()?;
        Some(&self.0[found].1)
    }
}

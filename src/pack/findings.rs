//! Every finding of a pack, packed: a rule says nearly the same of every resource, so that what a hundred findings say
//! takes little more room than what one says.
//!
//! Findings stand in runs of one rule, in the order of the pack, and each run in chunks that are compressed one by one.
//! Whoever looks at findings holds the chunk that they are in and nothing else; how many there are of each verdict, and
//! the id of each, is known without unpacking any.

mod chunk;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, Mutex, PoisonError};

use self::chunk::{Beside, Chunk};
use super::Summary;
use crate::rules::{Attestation, Finding, Level, Verdict};

/// Findings in one chunk.
const CHUNK: usize = 128;

/// Unpacked chunks that are kept: those of every rule on one account and region, and some more.
const KEPT: usize = 48;

/// Every finding: by level, rule, account, region, resource.
#[derive(Default)]
pub struct Findings {
    runs: Vec<Run>,
    /// Whether the rules were announced in their order.
    announced: bool,
    /// Statements and waivers, each once: many findings share one.
    beside: Beside,
    /// The chunks that were looked at last, the newest at the end.
    kept: Mutex<Vec<(Place, Arc<[Finding]>)>>,
}

/// A run and a chunk of it; the chunk after the last is the open one.
type Place = (usize, usize);

/// Findings of one rule that stand together.
#[derive(Clone, Debug)]
pub struct Run {
    /// The rule's id.
    pub rule: &'static str,
    /// The rule's level.
    pub level: Level,
    /// How many findings have each verdict.
    pub summary: Summary,
    /// The same by verdict and reason.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// The position of the first in the pack's list.
    pub first: usize,
    ids: Vec<u64>,
    chunks: Vec<Chunk>,
    open: Vec<Finding>,
}

impl Run {
    fn new(rule: &'static str, level: Level) -> Self {
        Self {
            rule,
            level,
            summary: Summary::default(),
            verdicts: BTreeMap::new(),
            first: 0,
            ids: Vec::new(),
            chunks: Vec::new(),
            open: Vec::new(),
        }
    }

    /// How many findings it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// How many could not be evaluated, by reason.
    pub fn reasons(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.verdicts.iter().filter_map(|(verdict, number)| Some((verdict.reason()?.as_str(), *number)))
    }

    /// The ids of its findings, in order.
    pub fn ids(&self) -> impl Iterator<Item = String> + '_ {
        self.ids.iter().map(|id| text(*id))
    }

    fn push(&mut self, finding: Finding, beside: &mut Beside) {
        self.ids.push(number(&finding.id()).unwrap_or_default());
        self.summary.count(&finding);
        *self.verdicts.entry(finding.verdict).or_default() += 1;
        self.open.push(finding);
        if self.open.len() == CHUNK {
            self.pack(beside);
        }
    }

    fn pack(&mut self, beside: &mut Beside) {
        self.chunks.push(Chunk::pack(&self.open, beside));
        self.open.clear();
    }

    /// A chunk that is not full stands last, so that no position moves when more findings come.
    fn settle(&mut self, beside: &mut Beside) {
        if !self.open.is_empty() && self.open.len() < CHUNK {
            self.chunks.push(Chunk::pack(&self.open, beside));
        }
        self.open = Vec::new();
        self.ids.shrink_to_fit();
    }
}

/// A finding that is held on its own, with the chunk that it is in.
#[derive(Clone)]
pub struct Found {
    chunk: Arc<[Finding]>,
    at: usize,
}

impl Deref for Found {
    type Target = Finding;

    fn deref(&self) -> &Finding {
        &self.chunk[self.at]
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl Findings {
    /// For findings that come in any order of their rules, and stand in the order of these.
    #[must_use]
    pub fn of_rules(rules: impl IntoIterator<Item = (&'static str, Level)>) -> Self {
        let runs = rules.into_iter().map(|(rule, level)| Run::new(rule, level)).collect();
        Self { runs, announced: true, ..Self::default() }
    }

    /// Adds a finding: after the last of its rule where the rules were announced, else after all.
    pub fn push(&mut self, finding: Finding) {
        let is_of = |run: &Run| (run.rule, run.level) == (finding.rule, finding.level);
        let at = if self.announced {
            self.runs.iter().position(is_of)
        } else {
            self.runs.last().is_some_and(is_of).then(|| self.runs.len() - 1)
        };
        let at = at.unwrap_or_else(|| {
            let first = self.len();
            self.runs.push(Run { first, ..Run::new(finding.rule, finding.level) });
            self.runs.len() - 1
        });
        self.runs[at].push(finding, &mut self.beside);
        self.runs[at + 1..].iter_mut().for_each(|run| run.first += 1);
    }

    /// Packs what is still open, and gives back the room that was kept for more.
    pub fn settle(&mut self) {
        for run in &mut self.runs {
            run.settle(&mut self.beside);
        }
        self.runs.retain(|run| !run.is_empty());
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.runs.last().map_or(0, |run| run.first + run.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Findings of one rule that stand together, in order. A rule without findings has no run.
    pub fn runs(&self) -> impl Iterator<Item = &Run> + Clone {
        self.runs.iter().filter(|run| !run.is_empty())
    }

    /// The findings, in order.
    pub fn iter(&self) -> Iter<'_> {
        self.range(0..self.len())
    }

    /// Those at some positions, in order; what lies beyond the last is left out.
    #[must_use]
    pub fn range(&self, range: Range<usize>) -> Iter<'_> {
        let end = range.end.min(self.len());
        Iter { findings: self, next: range.start.min(end), end, chunk: None }
    }

    /// The statements that some of them rest on, each once.
    #[must_use]
    pub fn attestations(&self) -> &[Attestation] {
        self.beside.attestations()
    }

    /// Whether a waiver stands beside one of them.
    #[must_use]
    pub fn has_waivers(&self) -> bool {
        self.beside.has_waivers()
    }

    /// Those of one rule, with their positions.
    pub fn of_rule<'s>(&'s self, rule: &'s str) -> impl Iterator<Item = (usize, Found)> + 's {
        self.where_run(move |run| run.rule == rule)
    }

    /// Those of some runs, with their positions.
    pub fn where_run<'s>(&'s self, is: impl Fn(&Run) -> bool + 's) -> impl Iterator<Item = (usize, Found)> + 's {
        let runs = self.runs().filter(move |run| is(run));
        runs.flat_map(|run| (run.first..).zip(self.range(run.first..run.first + run.len())))
    }

    /// Those with some verdicts, in order; a run that has none of them is not unpacked.
    pub fn with_verdict(&self, is: fn(Verdict) -> bool) -> impl Iterator<Item = Found> {
        let of_runs = self.where_run(move |run| run.verdicts.keys().any(|verdict| is(*verdict)));
        of_runs.map(|(_, finding)| finding).filter(move |finding| is(finding.verdict))
    }

    /// Whether one has some verdict.
    #[must_use]
    pub fn any_verdict(&self, is: fn(Verdict) -> bool) -> bool {
        self.runs().flat_map(|run| run.verdicts.keys()).any(|verdict| is(*verdict))
    }

    /// The one at a position.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Found> {
        let (place, at) = self.locate(position)?;
        Some(Found { chunk: self.kept_chunk(place), at })
    }

    /// Where the one with an id stands.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        let id = number(id)?;
        let in_run = |run: &Run| run.ids.iter().position(|own| *own == id).map(|at| run.first + at);
        self.runs.iter().find_map(in_run)
    }

    /// The id of each, in order.
    pub fn ids(&self) -> impl Iterator<Item = String> + '_ {
        self.runs.iter().flat_map(Run::ids)
    }

    /// Where those with some ids stand.
    #[must_use]
    pub fn positions<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> BTreeMap<&'i str, usize> {
        let wanted: BTreeMap<u64, &str> = ids.into_iter().filter_map(|id| Some((number(id)?, id))).collect();
        let all = self.runs.iter().flat_map(|run| &run.ids).enumerate();
        all.filter_map(|(position, id)| Some((*wanted.get(id)?, position))).collect()
    }

    /// Leaves out those that a condition does not hold for.
    pub fn retain(&mut self, keep: impl Fn(&Finding) -> bool) {
        *self = self.iter().filter(|finding| keep(finding)).map(|finding| (*finding).clone()).collect();
    }

    fn locate(&self, position: usize) -> Option<(Place, usize)> {
        let run = self.runs.partition_point(|run| run.first + run.len() <= position);
        let at = position - self.runs.get(run)?.first;
        Some(((run, at / CHUNK), at % CHUNK))
    }

    /// A chunk, unpacked.
    fn chunk(&self, (run, chunk): Place) -> Arc<[Finding]> {
        let run = &self.runs[run];
        match run.chunks.get(chunk) {
            Some(chunk) => chunk.unpack(run.rule, run.level, &self.beside).into(),
            None => run.open.as_slice().into(),
        }
    }

    /// The same, kept for the next one who asks.
    fn kept_chunk(&self, place: Place) -> Arc<[Finding]> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().position(|(of, _)| *of == place).map(|at| kept.remove(at));
        let (_, chunk) = known.unwrap_or_else(|| (place, self.chunk(place)));
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((place, Arc::clone(&chunk)));
        chunk
    }
}

/// See [`Findings::iter`].
#[derive(Clone, Debug)]
pub struct Iter<'f> {
    findings: &'f Findings,
    next: usize,
    end: usize,
    chunk: Option<(Place, Arc<[Finding]>)>,
}

impl Iterator for Iter<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        if self.next >= self.end {
            return None;
        }
        let (place, at) = self.findings.locate(self.next)?;
        self.next += 1;
        if self.chunk.as_ref().is_none_or(|(of, _)| *of != place) {
            self.chunk = Some((place, self.findings.chunk(place)));
        }
        let (_, chunk) = self.chunk.as_ref()?;
        Some(Found { chunk: Arc::clone(chunk), at })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'f> IntoIterator for &'f Findings {
    type Item = Found;
    type IntoIter = Iter<'f>;

    fn into_iter(self) -> Iter<'f> {
        self.iter()
    }
}

impl FromIterator<Finding> for Findings {
    fn from_iter<I: IntoIterator<Item = Finding>>(all: I) -> Self {
        let mut findings = Self::default();
        all.into_iter().for_each(|finding| findings.push(finding));
        findings.settle();
        findings
    }
}

impl Clone for Findings {
    fn clone(&self) -> Self {
        Self { runs: self.runs.clone(), beside: self.beside.clone(), announced: self.announced, kept: Mutex::default() }
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} findings", self.len())
    }
}

/// The number in `f-<16 hexadecimal digits>`.
fn number(id: &str) -> Option<u64> {
    u64::from_str_radix(id.strip_prefix("f-").filter(|digits| digits.len() == 16)?, 16).ok()
}

fn text(id: u64) -> String {
    format!("f-{id:016x}")
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

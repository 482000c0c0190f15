//! Every finding of a pack, packed: a rule says nearly the same of every resource, so that what a hundred findings say
//! takes little more room than what one says.
//!
//! Findings stand in runs of one rule, in the order of the pack, and each run in chunks that are compressed one by one.
//! Whoever looks at findings holds the chunk that they are in and nothing else; how many there are of each verdict, and
//! the id of each, is known without unpacking any.

mod chunk;
mod mark;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use self::chunk::Beside;
pub use self::mark::Mark;
use super::Summary;
use super::evidence::Ids;
use super::packed::{Blocks, Held, Kept, Place, Shared};
use crate::hex;
use crate::rules::{Attestation, Finding, Level, Verdict};

/// Findings in one chunk.
const CHUNK: usize = 128;

/// Unpacked chunks that are kept: about those of every rule on two stretches of applications.
const KEPT: usize = 96;

/// Every finding: by level, rule, account, region, resource.
#[derive(Default)]
pub struct Findings {
    runs: Vec<Run>,
    /// Whether the rules were announced in their order.
    announced: bool,
    /// Statements and waivers, each once: many findings share one.
    beside: Beside,
    shared: Shared,
    /// The chunks that were looked at last, the newest at the end.
    kept: Kept<At, Finding>,
}

/// A run and a chunk of it; the chunk after the last is the open one.
type At = (usize, usize);

/// A finding that is held on its own, with the chunk that it is in.
pub type Found = Held<Finding>;

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
    ids: Blocks<u64>,
    marks: Blocks<Mark>,
    /// Places in the run, in the order of the ids; made when somebody looks for an id.
    by_id: OnceLock<Vec<u32>>,
    chunks: Vec<Place>,
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
            ids: Blocks::default(),
            marks: Blocks::default(),
            by_id: OnceLock::new(),
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
        self.len() == 0
    }

    /// The verdict of each of its findings, in order, with its position in the pack's list.
    pub fn marks(&self) -> impl Iterator<Item = (usize, Mark)> + '_ {
        (self.first..).zip(self.marks.iter())
    }

    /// The place in the run of the finding with an id.
    fn place_of(&self, id: u64) -> Option<usize> {
        let id_at = |at: u32| self.ids.get(at as usize).unwrap_or_default();
        let by_id = self.by_id.get_or_init(|| {
            let mut by_id: Vec<u32> = (0..self.len()).filter_map(|at| u32::try_from(at).ok()).collect();
            by_id.sort_by_key(|at| id_at(*at));
            by_id
        });
        let first = by_id.partition_point(|at| id_at(*at) < id);
        by_id.get(first).filter(|at| id_at(**at) == id).map(|at| *at as usize)
    }

    /// How many could not be evaluated, by reason.
    pub fn reasons(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.verdicts.iter().filter_map(|(verdict, number)| Some((verdict.reason()?.as_str(), *number)))
    }

    /// The ids of its findings, in order.
    pub fn ids(&self) -> impl Iterator<Item = String> + '_ {
        self.ids.iter().map(text)
    }

    fn push(&mut self, finding: Finding, shared: &mut Shared, beside: &mut Beside) {
        self.by_id.take();
        self.marks.push(Mark::of(&finding));
        self.ids.push(number(&finding.id()).unwrap_or_default());
        self.summary.count(&finding);
        *self.verdicts.entry(finding.verdict).or_default() += 1;
        self.open.push(finding);
        if self.open.len() == CHUNK {
            self.pack(shared, beside);
        }
    }

    fn pack(&mut self, shared: &mut Shared, beside: &mut Beside) {
        self.chunks.push(chunk::pack(&self.open, shared, beside));
        self.open.clear();
    }

    /// A chunk that is not full stands last, so that no position moves when more findings come.
    fn settle(&mut self, shared: &mut Shared, beside: &mut Beside) {
        if !self.open.is_empty() && self.open.len() < CHUNK {
            self.pack(shared, beside);
        }
        self.open = Vec::new();
        self.chunks.shrink_to_fit();
        self.ids.settle();
        self.marks.settle();
    }
}

impl Findings {
    /// For findings that come in any order of their rules, and stand in the order of these. Calls that stand in an index
    /// are kept as their places there.
    #[must_use]
    pub(super) fn of_rules(rules: impl IntoIterator<Item = (&'static str, Level)>, calls: &Arc<Ids>) -> Self {
        let runs = rules.into_iter().map(|(rule, level)| Run::new(rule, level)).collect();
        Self { runs, announced: true, shared: Shared::citing(calls), ..Self::default() }
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
        self.runs[at].push(finding, &mut self.shared, &mut self.beside);
        self.runs[at + 1..].iter_mut().for_each(|run| run.first += 1);
    }

    /// Packs what is still open, and gives back the room that was kept for more.
    pub fn settle(&mut self) {
        for run in &mut self.runs {
            run.settle(&mut self.shared, &mut self.beside);
        }
        self.shared.settle();
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
        Iter { cursor: self.cursor(), next: range.start.min(end), end }
    }

    /// Those at some positions, with these; quick where they rise.
    pub fn at<'s>(&'s self, positions: impl Iterator<Item = usize> + 's) -> impl Iterator<Item = (usize, Found)> + 's {
        let mut cursor = self.cursor();
        positions.filter_map(move |at| Some((at, cursor.get(at)?)))
    }

    /// The same, for those whose neighbours somebody else asks for: a chunk is kept for the next one who wants it.
    pub fn among<'s>(
        &'s self,
        positions: impl Iterator<Item = usize> + 's,
    ) -> impl Iterator<Item = (usize, Found)> + 's {
        let mut cursor = Cursor { keeps: true, ..self.cursor() };
        positions.filter_map(move |at| Some((at, cursor.get(at)?)))
    }

    /// Those of some runs whose verdict and waiver are wanted, with their positions; no other is unpacked.
    pub fn marked<'s>(
        &'s self,
        of: impl Fn(&Run) -> bool + 's,
        is: impl Fn(Mark) -> bool + 's,
    ) -> impl Iterator<Item = (usize, Found)> + 's {
        self.at(self.runs().filter(move |run| of(run)).flat_map(Run::marks).filter(move |it| is(it.1)).map(|it| it.0))
    }

    const fn cursor(&self) -> Cursor<'_> {
        Cursor { findings: self, chunk: None, keeps: false }
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

    /// Those with some verdicts, in order; no other is unpacked.
    pub fn with_verdict(&self, is: fn(Verdict) -> bool) -> impl Iterator<Item = Found> {
        self.marked(|_| true, move |mark| is(mark.verdict())).map(|(_, finding)| finding)
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
        Some(Found::new(self.kept_chunk(place), at))
    }

    /// Where the one with an id stands.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        let id = number(id)?;
        self.runs.iter().find_map(|run| run.place_of(id).map(|at| run.first + at))
    }

    /// The one of a rule on a resource.
    #[must_use]
    pub fn on(&self, rule: &str, resource: &str) -> Option<Found> {
        let (run, at) = self.place_on(rule, resource)?;
        self.get(run.first + at)
    }

    /// The mark of the one of a rule on a resource.
    #[must_use]
    pub fn mark_on(&self, rule: &str, resource: &str) -> Option<Mark> {
        let (run, at) = self.place_on(rule, resource)?;
        run.marks.get(at)
    }

    fn place_on(&self, rule: &str, resource: &str) -> Option<(&Run, usize)> {
        let id = number(&Finding::id_of(rule, resource))?;
        self.runs.iter().filter(|run| run.rule == rule).find_map(|run| Some((run, run.place_of(id)?)))
    }

    /// The id of the one at a position, without unpacking it.
    #[must_use]
    pub fn id_at(&self, position: usize) -> Option<String> {
        let run = self.runs.get(self.runs.partition_point(|run| run.first + run.len() <= position))?;
        run.ids.get(position - run.first).map(text)
    }

    /// The id of each, in order.
    pub fn ids(&self) -> impl Iterator<Item = String> + '_ {
        self.runs.iter().flat_map(Run::ids)
    }

    /// Where those with some ids stand.
    #[must_use]
    pub fn positions<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> BTreeMap<&'i str, usize> {
        let wanted: BTreeMap<u64, &str> = ids.into_iter().filter_map(|id| Some((number(id)?, id))).collect();
        let all = self.runs.iter().flat_map(|run| run.ids.iter()).enumerate();
        all.filter_map(|(position, id)| Some((*wanted.get(&id)?, position))).collect()
    }

    /// Leaves out those that a condition does not hold for.
    pub fn retain(&mut self, keep: impl Fn(&Finding) -> bool) {
        let mut kept = Self { shared: Shared::citing(self.shared.calls()), ..Self::default() };
        self.iter().filter(|finding| keep(finding)).for_each(|finding| kept.push((*finding).clone()));
        kept.settle();
        *self = kept;
    }

    fn locate(&self, position: usize) -> Option<(At, usize)> {
        let run = self.runs.partition_point(|run| run.first + run.len() <= position);
        let at = position - self.runs.get(run)?.first;
        Some(((run, at / CHUNK), at % CHUNK))
    }

    /// A chunk, unpacked.
    fn chunk(&self, (run, chunk): At) -> Arc<[Finding]> {
        let run = &self.runs[run];
        match run.chunks.get(chunk) {
            Some(chunk) => chunk::unpack(*chunk, (run.rule, run.level), &self.shared, &self.beside).into(),
            None => run.open.as_slice().into(),
        }
    }

    /// The same, kept for the next one who asks.
    fn kept_chunk(&self, place: At) -> Arc<[Finding]> {
        self.kept.get(place, KEPT, || self.chunk(place))
    }
}

/// Unpacks findings, and keeps the chunk that it is in.
#[derive(Clone, Debug)]
struct Cursor<'f> {
    findings: &'f Findings,
    chunk: Option<(At, Arc<[Finding]>)>,
    /// Whether it takes chunks from those that are kept, and keeps them there.
    keeps: bool,
}

impl Cursor<'_> {
    fn get(&mut self, position: usize) -> Option<Found> {
        let (place, at) = self.findings.locate(position)?;
        if self.chunk.as_ref().is_none_or(|(of, _)| *of != place) {
            let chunk = if self.keeps { self.findings.kept_chunk(place) } else { self.findings.chunk(place) };
            self.chunk = Some((place, chunk));
        }
        let (_, chunk) = self.chunk.as_ref()?;
        Some(Found::new(Arc::clone(chunk), at))
    }
}

/// See [`Findings::iter`].
#[derive(Clone, Debug)]
pub struct Iter<'f> {
    cursor: Cursor<'f>,
    next: usize,
    end: usize,
}

impl Iterator for Iter<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        if self.next >= self.end {
            return None;
        }
        self.next += 1;
        self.cursor.get(self.next - 1)
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
        let Self { runs, announced, beside, shared, .. } = self;
        Self {
            runs: runs.clone(),
            announced: *announced,
            beside: beside.clone(),
            shared: shared.clone(),
            kept: Kept::default(),
        }
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} findings", self.len())
    }
}

/// The number in `f-<16 hexadecimal digits>`.
fn number(id: &str) -> Option<u64> {
    hex::number(id.strip_prefix("f-")?)
}

fn text(id: u64) -> String {
    let mut text = String::with_capacity(18);
    text.push_str("f-");
    hex::push(&id.to_be_bytes(), &mut text);
    text
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

//! What many findings amount to, without holding them: counts, the calls behind them, what people stated, what is open.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::convert::Infallible;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash as _, Hasher as _};

use super::case::name;
use crate::pack::write_up::{Calls, Ground, Text};
use crate::pack::{Evidence, Findings, Summary};
use crate::rules::{Attestation, Finding, Level};
use crate::snapshot::CallId;
use crate::threads;

/// What some findings amount to.
#[derive(Clone, Default)]
pub(super) struct Sum {
    rules: Vec<OfRule>,
    calls: CallSet,
    stated: Vec<Attestation>,
}

/// What the findings of one rule amount to.
#[derive(Clone)]
pub(super) struct OfRule {
    pub(super) rule: &'static str,
    pub(super) level: Level,
    /// The id of the first.
    pub(super) first: String,
    pub(super) counts: Summary,
}

/// What all and the open findings of a rule amount to.
#[derive(Clone, Default)]
pub(super) struct RuleSums {
    pub(super) all: Sum,
    pub(super) open: Open,
}

/// What open findings amount to.
#[derive(Clone, Default)]
pub(super) struct Open {
    pub(super) sum: Sum,
    /// What their resources are called.
    pub(super) names: Names,
}

/// Names, each once, of which the first are known as words.
#[derive(Clone)]
pub(super) struct Names {
    /// How many are known as words.
    known: usize,
    first: Vec<String>,
    all: HashSet<u64, BuildHasherDefault<DefaultHasher>>,
}

/// Calls, each once, of which only the first is known by its id.
#[derive(Clone, Default)]
pub(super) struct CallSet {
    first: Option<CallId>,
    /// A bit for each position in the pack's index.
    known: Vec<u64>,
    /// Those that the index lacks.
    odd: BTreeSet<CallId>,
}

/// Names that a table shows of the resources of findings.
pub(super) const NAMES_SHOWN: usize = 12;

/// Findings that are summed at a time.
const PIECE: usize = 4096;

/// What the findings of each rule amount to: one look at every finding, at several at a time.
pub(super) fn of_each_rule(findings: &Findings, evidence: &Evidence) -> BTreeMap<&'static str, RuleSums> {
    let pieces = (0..findings.len()).step_by(PIECE);
    let several = pieces.len() > 1;
    let sum = |first: usize| {
        let mut sums: BTreeMap<&str, RuleSums> = BTreeMap::new();
        for finding in findings.range(first..first + PIECE) {
            sums.entry(finding.rule).or_default().see(&finding, evidence);
        }
        sums
    };
    let mut sums: BTreeMap<&str, RuleSums> = BTreeMap::new();
    // Each piece knows its calls by a bit for every call of the pack, so it does not wait for the others.
    let Ok(()) = threads::in_order_if(several, pieces, sum, |of_piece| {
        for (rule, of_rule) in &of_piece {
            sums.entry(rule).or_default().join(of_rule);
        }
        Ok::<(), Infallible>(())
    });
    sums
}

impl RuleSums {
    /// Adds a finding of the rule.
    pub(super) fn see(&mut self, finding: &Finding, evidence: &Evidence) {
        self.all.see(finding, evidence);
        self.open.see(finding, evidence);
    }

    fn join(&mut self, later: &Self) {
        self.all.join(&later.all);
        self.open.sum.join(&later.open.sum);
        self.open.names.join(&later.open.names);
    }
}

impl Open {
    /// Adds a finding, where it is open.
    pub(super) fn see(&mut self, finding: &Finding, evidence: &Evidence) {
        if finding.verdict.is_open() {
            self.sum.see(finding, evidence);
            self.names.add(name(finding));
        }
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::knowing(NAMES_SHOWN)
    }
}

impl Names {
    /// None yet; so many of them will be known as words.
    pub(super) fn knowing(known: usize) -> Self {
        Self { known, first: Vec::new(), all: HashSet::default() }
    }

    pub(super) fn add(&mut self, name: &str) {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        if self.all.insert(hasher.finish()) && self.first.len() < self.known {
            self.first.push(name.to_owned());
        }
    }

    fn join(&mut self, later: &Self) {
        later.first.iter().for_each(|name| self.add(name));
        self.all.extend(&later.all);
    }

    /// The first of them, at most as many as are known, and how many more there are.
    pub(super) fn told(&self, shown: usize) -> String {
        let first: Vec<&str> = self.first.iter().take(shown).map(String::as_str).collect();
        match (first.len(), self.all.len() - first.len()) {
            (0, _) => "none".to_owned(),
            (_, 0) => first.join(", "),
            (_, more) => format!("{} and {more} more", first.join(", ")),
        }
    }
}

impl Sum {
    /// Of findings.
    pub(super) fn of<F: std::ops::Deref<Target = Finding>>(
        findings: impl IntoIterator<Item = F>,
        evidence: &Evidence,
    ) -> Self {
        let mut sum = Self::default();
        findings.into_iter().for_each(|finding| sum.see(&finding, evidence));
        sum
    }

    /// Adds a finding.
    pub(super) fn see(&mut self, finding: &Finding, evidence: &Evidence) {
        let known = self.rules.iter().rposition(|of| of.rule == finding.rule);
        let at = known.unwrap_or_else(|| {
            let Finding { rule, level, .. } = *finding;
            self.rules.push(OfRule { rule, level, first: finding.id(), counts: Summary::default() });
            self.rules.len() - 1
        });
        self.rules[at].counts += Summary::of([finding]);
        finding.evidence.iter().for_each(|call| self.calls.add(call, evidence));
        self.state(finding.attestation.as_slice());
    }

    /// Adds what later findings amount to.
    pub(super) fn join(&mut self, other: &Self) {
        for of in &other.rules {
            match self.rules.iter_mut().rfind(|known| known.rule == of.rule) {
                Some(known) => known.counts += of.counts,
                None => self.rules.push(of.clone()),
            }
        }
        self.calls.join(&other.calls);
        self.state(&other.stated);
    }

    fn state(&mut self, given: &[Attestation]) {
        for given in given {
            if !self.stated.contains(given) {
                self.stated.push(given.clone());
            }
        }
    }

    /// The rules, in the order in which they came.
    pub(super) fn rules(&self) -> &[OfRule] {
        &self.rules
    }

    /// How many findings have each verdict.
    pub(super) fn counts(&self) -> Summary {
        self.rules.iter().map(|of| of.counts).sum()
    }

    /// What people stated, each once.
    pub(super) fn stated(&self) -> &[Attestation] {
        &self.stated
    }

    /// Whether a call stands behind one of them.
    pub(super) const fn has_calls(&self) -> bool {
        self.calls.first.is_some()
    }

    /// The calls behind them, of which a document names one.
    pub(super) fn evidence(&self) -> Ground {
        self.calls.evidence()
    }

    /// What the findings of each rule amount to, one a line, each leading to its rule.
    pub(super) fn tallies(&self) -> Text {
        self.rules.iter().fold(Text::blank(), |text, of| {
            text.broken().finding(of.rule, of.first.clone()).words(format!(": {}", of.counts))
        })
    }
}

impl CallSet {
    /// That these stand behind something.
    pub(super) fn evidence(&self) -> Ground {
        let Self { first, known, odd } = self;
        let number = known.iter().map(|bits| bits.count_ones() as usize).sum::<usize>() + odd.len();
        first.clone().map_or_else(|| Ground::NotEvidenced(Vec::new()), |first| Calls::first_of(first, number).into())
    }

    pub(super) fn add(&mut self, call: &CallId, evidence: &Evidence) {
        if self.first.is_none() {
            self.first = Some(call.clone());
        }
        let Some(at) = evidence.position(call) else {
            self.odd.insert(call.clone());
            return;
        };
        if self.known.len() <= at / 64 {
            self.known.resize(at / 64 + 1, 0);
        }
        self.known[at / 64] |= 1 << (at % 64);
    }

    fn join(&mut self, other: &Self) {
        if self.first.is_none() {
            self.first.clone_from(&other.first);
        }
        if self.known.len() < other.known.len() {
            self.known.resize(other.known.len(), 0);
        }
        self.known.iter_mut().zip(&other.known).for_each(|(own, other)| *own |= other);
        self.odd.extend(other.odd.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    fn sums() -> (crate::pack::Pack, Vec<Sum>) {
        let pack = sample::pack();
        let rules: BTreeSet<&str> = pack.findings.runs().map(|run| run.rule).collect();
        let of_rule =
            |rule: &&'static str| Sum::of(pack.findings.of_rule(rule).map(|(_, finding)| finding), &pack.evidence);
        let sums = rules.iter().map(of_rule).collect();
        (pack, sums)
    }

    #[test]
    fn joined_sums_are_the_sum_of_all() {
        let (pack, sums) = sums();
        let mut joined = Sum::default();
        for sum in &sums {
            joined.join(sum);
        }
        let all = Sum::of(pack.findings.iter(), &pack.evidence);
        assert_eq!(joined.counts(), pack.summary);
        assert_eq!(all.counts(), pack.summary);
        assert_eq!(all.rules().len(), joined.rules().len());
        let calls: BTreeSet<CallId> = pack.findings.iter().flat_map(|finding| finding.evidence.clone()).collect();
        for sum in [all, joined] {
            let Ground::Evidence(named) = sum.evidence() else { panic!("no evidence") };
            assert_eq!(named.shown().len() + named.others(), calls.len());
        }
    }

    #[test]
    fn no_finding_is_no_evidence() {
        assert_eq!(Sum::default().evidence(), Ground::NotEvidenced(Vec::new()));
        assert!(!Sum::default().has_calls());
    }
}

//! Which of the evidence, the declarations and the time a changed verdict rests on: found out by judging again.
//!
//! A verdict is a function of these three and of the program. So each mixture of old and new is judged as a whole, and
//! a factor counts when putting the old one back takes the new verdict away. Nothing is guessed from texts.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::declared::{SECTIONS, Section};
use super::fields::Difference;
use super::side::{Side, Verdicts, judge};
use crate::estate::Estate;

/// What a verdict depends on besides the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Factor {
    /// What AWS answered.
    Evidence = 1,
    /// What people declared.
    Declarations = 2,
    /// The period, and the time that everything is judged at.
    Time = 4,
}

const FACTORS: [Factor; 3] = [Factor::Evidence, Factor::Declarations, Factor::Time];
/// Everything as in the later pack.
const NEW: usize = 7;

/// Mixtures of two packs, each judged once when it is asked for.
pub(super) struct Worlds<'a> {
    old: &'a Side<'a>,
    new: &'a Side<'a>,
    /// By the sum of the factors that are new.
    judged: [OnceLock<Verdicts>; 8],
    /// With one section of the declarations new and everything else as in the later pack but the declarations.
    sections: Vec<(&'static Section, OnceLock<Verdicts>)>,
    /// As the later pack, but with the lists that ended since still as they were.
    recalled: OnceLock<Verdicts>,
}

impl<'a> Worlds<'a> {
    /// `declared` is what differs in the declarations.
    pub(super) fn new(old: &'a Side<'a>, new: &'a Side<'a>, declared: &[Difference]) -> Self {
        let differs = |section: &&Section| declared.iter().any(|difference| section.holds(&difference.field.path));
        let sections = SECTIONS.iter().filter(differs).map(|section| (section, OnceLock::new())).collect();
        Self { old, new, judged: Default::default(), sections, recalled: OnceLock::new() }
    }

    /// What the program says of the earlier pack now.
    pub(super) fn old(&self) -> &Verdicts {
        self.world(0)
    }

    /// What the program says of the later pack now.
    pub(super) fn new_verdicts(&self) -> &Verdicts {
        self.world(NEW)
    }

    /// The factors that a finding's new verdict needs; where each of them alone does, those; empty where only some
    /// mixture of them does.
    pub(super) fn factors(&self, finding: &str) -> BTreeSet<Factor> {
        let after = self.new_verdicts().get(finding);
        if self.old().get(finding) == after {
            return BTreeSet::new();
        }
        let of = |world: usize| self.world(world).get(finding);
        let needed: BTreeSet<Factor> =
            FACTORS.into_iter().filter(|factor| of(NEW ^ *factor as usize) != after).collect();
        if !needed.is_empty() {
            return needed;
        }
        FACTORS.into_iter().filter(|factor| of(*factor as usize) == after).collect()
    }

    /// The sections of the declarations that bear on a finding's new verdict.
    pub(super) fn sections(&self, finding: &str) -> Vec<&'static Section> {
        let after = self.new_verdicts().get(finding);
        let moves = |(section, cell): &&(&'static Section, OnceLock<Verdicts>)| {
            self.with_section(section, cell).get(finding) == after
        };
        let alone: Vec<&Section> = self.sections.iter().filter(moves).map(|(section, _)| *section).collect();
        if alone.is_empty() { self.sections.iter().map(|(section, _)| *section).collect() } else { alone }
    }

    /// Whether a finding would be as before if the lists that ended with the support of Amazon Pinpoint were.
    pub(super) fn is_retired(&self, finding: &str) -> bool {
        let recalled = self.recalled.get_or_init(|| {
            let mut estate = self.new.estate.clone();
            estate.recall(std::slice::from_ref(&self.old.estate));
            judge(&estate, &self.new.config, &self.new.period)
        });
        recalled.get(finding) == self.old().get(finding)
    }

    fn world(&self, new: usize) -> &Verdicts {
        let is_new = |factor: Factor| new & factor as usize != 0;
        if is_new(Factor::Declarations) && self.old.source.declarations == self.new.source.declarations {
            return self.world(new ^ Factor::Declarations as usize);
        }
        self.judged[new].get_or_init(|| {
            let of = |factor: Factor| if is_new(factor) { self.new } else { self.old };
            let (evidence, time) = (of(Factor::Evidence), of(Factor::Time));
            judge(&at(evidence, time), &of(Factor::Declarations).config, &time.period)
        })
    }

    fn with_section<'c>(&'c self, section: &Section, cell: &'c OnceLock<Verdicts>) -> &'c Verdicts {
        cell.get_or_init(|| {
            let mut config = self.old.config.clone();
            (section.copy)(&mut config, &self.new.config);
            judge(&self.new.estate, &config, &self.new.period)
        })
    }
}

/// The evidence of one side at the time of another.
fn at(evidence: &Side<'_>, time: &Side<'_>) -> Estate {
    Estate { finished: time.judged_at(), ..evidence.estate.clone() }
}

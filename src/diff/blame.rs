//! Which events a change rests on.

use std::collections::BTreeSet;

use super::answers::{Question, question_id};
use super::events::{self, Events, Link};
use super::factors::{Factor, Worlds};
use super::inventory::{Inventory, List};
use super::side::Side;
use crate::lifecycle;
use crate::pack::{CauseKind, Judged, SealedFinding, SealedVerdict};
use crate::snapshot::Tool;

/// Finds the events behind changes, and adds those that no answer and no declaration shows.
pub(super) struct Blame<'a> {
    pub(super) old: &'a Side<'a>,
    pub(super) new: &'a Side<'a>,
    pub(super) worlds: &'a Worlds<'a>,
    /// What the two packs show to be there.
    pub(super) inventories: [&'a Inventory; 2],
    pub(super) events: Events,
}

/// A finding in both packs; one of them may lack it.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) before: Option<&'a SealedFinding>,
    pub(super) after: Option<&'a SealedFinding>,
}

impl<'a> Pair<'a> {
    /// The later one, else the earlier.
    pub(super) fn any(self) -> Option<&'a SealedFinding> {
        self.after.or(self.before)
    }

    fn both(self) -> impl Iterator<Item = &'a SealedFinding> {
        self.before.into_iter().chain(self.after)
    }

    const fn is_in_both(self) -> bool {
        self.before.is_some() && self.after.is_some()
    }

    /// Whether it, or one of its texts, names somebody.
    fn names(self, name: &str) -> bool {
        self.both().any(|finding| {
            let texts = [Some(&finding.resource), finding.resource_name.as_ref(), Some(&finding.message)];
            texts.into_iter().flatten().any(|text| mentions(text, name))
        })
    }

    /// The words of its texts, as [`Pair::names`] looks through them.
    fn words(self) -> BTreeSet<&'a str> {
        let texts = self
            .both()
            .flat_map(|finding| [Some(&finding.resource), finding.resource_name.as_ref(), Some(&finding.message)]);
        texts.flatten().flat_map(|text| events::words(text)).collect()
    }

    /// Whether the rule concerns the resource on one side only.
    fn is_about_scope(self) -> bool {
        !self.is_in_both() || self.both().any(|finding| finding.verdict == SealedVerdict::NotApplicable)
    }

    /// Whether the verdict, before or after, says that something could not be read, or the finding is only on one side.
    fn is_about_reading(self) -> bool {
        let unread = |finding: Option<&SealedFinding>| finding.is_none_or(|finding| finding.reason.is_some());
        unread(self.before) || unread(self.after)
    }
}

impl Blame<'_> {
    /// The events behind a changed finding, at least one.
    pub(super) fn finding(&mut self, pair: Pair<'_>) -> BTreeSet<usize> {
        let Some(finding) = pair.any() else { return BTreeSet::new() };
        let (again_before, again_after) =
            (self.worlds.old().get(&finding.id), self.worlds.new_verdicts().get(&finding.id));
        let judged = |finding: Option<&SealedFinding>| finding.map(SealedFinding::judged);
        let same = |sealed: Option<&SealedFinding>, again: Option<&Judged>| judged(sealed).as_ref() == again;
        let mut found = BTreeSet::new();
        if !(same(pair.before, again_before) && same(pair.after, again_after)) {
            found.insert(self.tool());
        }
        for factor in self.worlds.factors(&finding.id) {
            match factor {
                Factor::Evidence => found.extend(self.evidence(pair)),
                Factor::Declarations => found.extend(self.declarations(pair, &finding.id)),
                Factor::Time => found.extend([self.time(pair)]),
            }
        }
        if pair.after.is_some_and(of_end) {
            found.extend(self.events.retired());
        }
        if found.is_empty() {
            found.insert(self.undetermined());
        }
        found
    }

    /// The events behind something that only one pack lists: those of the questions that list it and of what it is
    /// called, else of what it belongs to.
    pub(super) fn listed(&mut self, names: &[&str], region: &str, calls: &[&str]) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> =
            names.iter().filter_map(|name| self.events.by_name.get(*name)).flatten().copied().collect();
        if found.is_empty() {
            let questions: BTreeSet<Question> = calls.iter().filter_map(|call| self.question(call)).collect();
            for question in &questions {
                let links = self.events.links.get(question).into_iter().flat_map(|links| &links.all);
                found.extend(links.filter(|link| link.names.is_none()).map(|link| link.event));
                found.extend(self.of_asked(question));
            }
        }
        if found.is_empty() {
            found.extend(self.events.by_region.get(region));
        }
        if found.is_empty() {
            found.insert(self.undetermined());
        }
        found
    }

    /// The answers that a finding rests on, and what happened to them.
    fn evidence(&mut self, pair: Pair<'_>) -> BTreeSet<usize> {
        let mut calls: Vec<&str> = pair.both().flat_map(|finding| &finding.evidence).map(String::as_str).collect();
        if let (Some(finding), false) = (pair.any(), pair.is_in_both()) {
            // That it is only on one side shows in the list that its resource belongs to.
            let listing = self.inventories.iter().flat_map(|inventory| inventory.listing(&finding.resource));
            calls.extend(listing.map(String::as_str));
        }
        let questions: BTreeSet<Question> =
            calls.into_iter().filter_map(|call| self.question(question_id(call))).collect();
        let mut found = BTreeSet::new();
        let words = pair.words();
        for question in &questions {
            let links = self.events.links.get(question).into_iter().flat_map(|links| links.of_words(&words));
            let concerns =
                |link: &&Link| link.names.as_ref().is_none_or(|names| names.iter().any(|name| pair.names(name)));
            found.extend(links.filter(concerns).map(|link| link.event));
            found.extend(self.of_asked(question));
        }
        if let (true, Some(finding)) = (found.is_empty(), pair.any()) {
            // What named its resource may be gone: a campaign or journey that no longer comes back.
            found.extend(self.events.retired().filter(|_| self.worlds.is_retired(&finding.id)));
        }
        let region = pair.any().and_then(|finding| finding.region.as_deref());
        if found.is_empty() {
            found.extend(region.and_then(|region| self.events.by_region.get(region)));
        }
        if found.is_empty() && pair.any().is_some_and(|finding| finding.rule == "regions-scanned") {
            found.extend(self.events.by_region.values());
        }
        if found.is_empty() {
            // Whatever happened to what it rests on, though it names something else.
            let links = questions.iter().filter_map(|question| self.events.links.get(question));
            found = links.flat_map(|links| &links.all).map(|link| link.event).collect();
        }
        if let (true, true, Some(finding)) = (found.is_empty(), pair.is_about_scope(), pair.any()) {
            found = self.applications(&finding.account, finding.region.as_deref().unwrap_or_default());
        }
        if pair.is_about_reading() {
            let of_reading: BTreeSet<usize> =
                found.iter().copied().filter(|event| self.is_of_reading(*event)).collect();
            if !of_reading.is_empty() {
                return of_reading;
            }
        }
        if found.is_empty() {
            found.insert(self.undetermined());
        }
        found
    }

    /// What happened to the applications of a place: whether one there carries PHI decides what rules concern.
    fn applications(&self, account: &str, region: &str) -> BTreeSet<usize> {
        let list = List::applications(account, region);
        let calls = self.inventories.iter().flat_map(|inventory| inventory.calls(&list));
        let questions: BTreeSet<Question> = calls.filter_map(|call| self.question(call)).collect();
        questions
            .iter()
            .filter_map(|question| self.events.links.get(question))
            .flat_map(|links| &links.all)
            .map(|link| link.event)
            .collect()
    }

    fn question(&self, call: &str) -> Option<Question> {
        let of = |side: &Side<'_>| side.answers.of_call.get(call).cloned();
        of(self.old).or_else(|| of(self.new))
    }

    /// A question that was asked in one collection only follows from what happened to the thing that it names.
    fn of_asked(&self, question: &Question) -> BTreeSet<usize> {
        let asked = |side: &Side<'_>| side.answers.by_question.get(question).map(|answer| answer.asked.clone());
        let ((Some(values), None) | (None, Some(values))) = (asked(self.old), asked(self.new)) else {
            return BTreeSet::new();
        };
        values.iter().filter_map(|value| self.events.by_name.get(value)).flatten().copied().collect()
    }

    fn is_of_reading(&self, event: usize) -> bool {
        matches!(self.events.all[event].kind, CauseKind::Permission | CauseKind::Collection | CauseKind::Retirement)
    }

    /// The entries of the sections that bear on it: those that it names, else all.
    fn declarations(&self, pair: Pair<'_>, id: &str) -> BTreeSet<usize> {
        let sections: Vec<&str> = self.worlds.sections(id).iter().map(|section| section.key).collect();
        let entries = || self.events.declared.iter().filter(|(section, ..)| sections.contains(&section.key));
        // What is declared by its ARN may be seen by its name.
        let is_named =
            |name: &str| pair.names(name) || name.rsplit([':', '/']).next().is_some_and(|name| pair.names(name));
        let named: BTreeSet<usize> = entries().filter(|(_, name, _)| is_named(name)).map(|entry| entry.2).collect();
        if named.is_empty() { entries().map(|entry| entry.2).collect() } else { named }
    }

    fn time(&mut self, pair: Pair<'_>) -> usize {
        let (old, new) = (self.old, self.new);
        let crossed = !lifecycle::is_over(old.judged_at()) && lifecycle::is_over(new.judged_at());
        if (crossed && pair.any().is_some_and(|finding| finding.rule == "service-supported")) || pair.both().any(of_end)
        {
            let sentence = format!(
                "Amazon Pinpoint's support ended on {}: what still uses it is judged from the day after on, and an empty \
                 answer about it is no evidence either way.",
                lifecycle::LAST_DAY
            );
            return self.events.told(CauseKind::Retirement, &sentence);
        }
        let waiver = |finding: Option<&SealedFinding>| finding.and_then(|finding| finding.waiver.clone());
        if let (Some(before), Some(after)) = (waiver(pair.before), waiver(pair.after))
            && (before.valid && !after.valid && before.ticket == after.ticket)
        {
            let sentence = format!("The waiver {} expired on {}.", after.ticket, after.expires);
            return self.events.told(CauseKind::Period, &sentence);
        }
        let (from, to) = (&old.period.name, &new.period.name);
        let sentence = format!(
            "Time passed: {to} is judged instead of {from}, on {} instead of {}; no answer and no declaration explains it.",
            new.day(),
            old.day()
        );
        self.events.told(CauseKind::Period, &sentence)
    }

    fn tool(&mut self) -> usize {
        let version = |tool: &Tool| format!("{} {}", tool.name, tool.version);
        let (old, new) = (version(&self.old.results().tool), version(&self.new.results().tool));
        let this = version(&Tool::this());
        let sentence = if old == new {
            format!("Both packs were judged by {old}; {this} judges the same evidence otherwise.")
        } else {
            format!("Another version judged: {new} instead of {old}.")
        };
        self.events.told(CauseKind::Tool, &sentence)
    }

    fn undetermined(&mut self) -> usize {
        let sentence =
            "The cause could not be determined: neither an answer, nor a declaration, nor the time explains it alone.";
        self.events.told(CauseKind::Undetermined, sentence)
    }
}

/// Whether it could not be evaluated because of the end of support.
fn of_end(finding: &SealedFinding) -> bool {
    finding.reason.as_deref() == Some("end_of_support")
}

/// Whether a text has the name as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    /// Shorter names would be found everywhere.
    const SHORTEST: usize = 4;
    let is_apart = |character: Option<char>| character.is_none_or(|character| !character.is_alphanumeric());
    name.len() >= SHORTEST
        && text
            .match_indices(name)
            .any(|(at, _)| is_apart(text[..at].chars().next_back()) && is_apart(text[at + name.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::{events, mentions};

    #[test]
    fn a_name_is_found_as_a_whole_word_only() {
        let text = "The campaign names +12065550142, which is a LONG_CODE.";
        assert!(mentions(text, "+12065550142"));
        assert!(!mentions(text, "206555014"));
        assert!(!mentions(text, "a"));
        assert!(mentions("arn:aws:x:apps/abcd/campaigns/spring", "spring"));
        assert!(!mentions("offspring", "spring"));
    }

    #[test]
    fn what_is_mentioned_begins_with_a_word_of_the_text() {
        let text = "The campaign names +12065550142, on arn:aws:x:apps/abcd/campaigns/spring-2026 (naïve).";
        for name in ["+12065550142", "arn:aws:x:apps/abcd", "apps/abcd/campaigns", "spring-2026", "naïve"] {
            let first = events::words(name).next().expect("a word");
            assert!(mentions(text, name) && events::words(text).any(|word| word == first), "{name}");
        }
    }
}

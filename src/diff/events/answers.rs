//! Events from answers that differ.

use std::collections::{BTreeMap, BTreeSet};

use super::{Events, Story};
use crate::diff::answers::{Answer, Question};
use crate::diff::fields::{Difference, Modified, differences};
use crate::diff::nouns::{Names, lists_things, noun};
use crate::diff::side::Side;
use crate::operations::Service;
use crate::pack::{AnswerChange, CauseKind, Ended, Field};
use crate::snapshot::Outcome;

/// The key of the event that lists ended with the support of Amazon Pinpoint.
pub(super) const RETIRED: &str = "retirement";

/// `ListReports` shows the newest version of each report, so a report is known by its id there.
const KEYS: &[(&str, &[&str])] = &[("ListReports", &["id"])];

/// Adds an event for everything that the answers show, and links the questions to it.
pub(super) fn find(events: &mut Events, old: &Side<'_>, new: &Side<'_>, names: &Names) {
    let mut finder = Finder { events, days: (old.day(), new.day()), names };
    for (question, after) in &new.answers.by_question {
        if let Some(before) = old.answers.by_question.get(question) {
            finder.compare(question, before, after);
        }
    }
}

struct Finder<'e, 'n> {
    events: &'e mut Events,
    /// Of the two collections.
    days: (String, String),
    names: &'n Names,
}

impl Finder<'_, '_> {
    fn compare(&mut self, question: &Question, before: &Answer, after: &Answer) {
        let (old, new) = (before.ended.outcome, after.ended.outcome);
        match (old, new) {
            (Outcome::Observed, Outcome::Observed) => self.bodies(question, before, after),
            _ if old == new => {}
            (_, Outcome::EndOfSupport) => self.retired(question, before, after),
            (Outcome::AccessDenied, _) | (_, Outcome::AccessDenied) => self.permission(question, before, after),
            (Outcome::Observed, Outcome::NotConfigured) => self.gone(question, before, after),
            (Outcome::NotConfigured, Outcome::Observed) => self.set_up(question, before, after),
            _ => self.collected(question, before, after),
        }
    }

    /// The same question was answered twice: one event for each thing that the answers tell of.
    fn bodies(&mut self, question: &Question, before: &Answer, after: &Answer) {
        let (Some(old), Some(new)) = (&before.body, &after.body) else { return };
        let keys =
            KEYS.iter().find(|(operation, _)| *operation == question.operation).map_or(&[][..], |(_, keys)| keys);
        let own_entries = lists_things(&question.operation);
        for difference in differences(old, new, keys) {
            let entry = difference.entry.as_ref();
            let label = entry.map(|entry| entry.label.as_str());
            let noun = noun(question, &difference.field.path, label, self.names);
            let event = self.thing(question, &noun);
            if let Story::Thing { phrases, changed, .. } = &mut self.events.all[event].story {
                match phrase(&difference, own_entries) {
                    Some(phrase) if !phrases.contains(&phrase) => phrases.push(phrase),
                    Some(_) => {}
                    None => {
                        changed.insert(member(&difference.field.path), difference.field.clone());
                    }
                }
            }
            let names = entry.filter(|_| own_entries).map(|entry| entry.names.clone());
            self.attach(question, event, (before, after), Some(difference.field), names);
            self.modified(event, difference.modified);
        }
    }

    fn retired(&mut self, question: &Question, before: &Answer, after: &Answer) {
        let (then, now) = &self.days;
        let story = || Story::Calls {
            before: format!("Amazon Pinpoint's support ended on {}:", crate::lifecycle::LAST_DAY),
            operations: BTreeSet::new(),
            regions: BTreeSet::new(),
            after: format!(
                "could be read on {then} and came back empty on {now}, and an empty answer after that day is no \
                 evidence either way"
            ),
        };
        let event = self.events.event(RETIRED.to_owned(), CauseKind::Retirement, story);
        self.call(question, event, before, after, ended(&question.operation));
    }

    fn permission(&mut self, question: &Question, before: &Answer, after: &Answer) {
        let service = title(&question.service);
        let (then, now) = &self.days;
        let (key, lead, rest) = if after.ended.outcome == Outcome::AccessDenied {
            ("lost", format!("A permission was lost: {service} denied"), format!("on {now} and answered on {then}"))
        } else {
            ("gained", format!("A permission was gained: {service} answered"), format!("on {now} and denied on {then}"))
        };
        let story =
            || Story::Calls { before: lead, operations: BTreeSet::new(), regions: BTreeSet::new(), after: rest };
        let event = self.events.event(format!("permission {key} {}", question.service), CauseKind::Permission, story);
        self.call(question, event, before, after, &question.operation);
    }

    fn collected(&mut self, question: &Question, before: &Answer, after: &Answer) {
        let (old, new) = (before.ended.outcome, after.ended.outcome);
        let service = title(&question.service);
        let (then, now) = &self.days;
        let story = || Story::Calls {
            before: format!("Of {service},"),
            operations: BTreeSet::new(),
            regions: BTreeSet::new(),
            after: format!("ended with {} on {then} and with {} on {now}", old.in_words(), new.in_words()),
        };
        let key = format!("collected {} {old} {new}", question.service);
        let event = self.events.event(key, CauseKind::Collection, story);
        self.call(question, event, before, after, &question.operation);
    }

    fn gone(&mut self, question: &Question, before: &Answer, after: &Answer) {
        self.whole(question, before, after, "was removed");
    }

    fn set_up(&mut self, question: &Question, before: &Answer, after: &Answer) {
        let enabled = after.body.as_ref().and_then(|body| body.get("Enabled")?.as_bool()).unwrap_or_default();
        self.whole(question, before, after, if enabled { "was set up and switched on" } else { "was set up" });
    }

    fn whole(&mut self, question: &Question, before: &Answer, after: &Answer, phrase: &str) {
        let noun = noun(question, "", None, self.names);
        let event = self.thing(question, &noun);
        if let Story::Thing { phrases, .. } = &mut self.events.all[event].story {
            phrases.push(phrase.to_owned());
        }
        let text = |name: &str| after.body.as_ref().and_then(|body| Some(body.get(name)?.as_str()?.to_owned()));
        let modified = Modified { at: text("LastModifiedDate"), by: text("LastModifiedBy") };
        self.attach(question, event, (before, after), None, None);
        self.modified(event, modified);
    }

    fn thing(&mut self, question: &Question, noun: &str) -> usize {
        let key = format!("thing {} {} {noun}", question.account, question.region);
        let story = || Story::Thing { noun: noun.to_owned(), phrases: Vec::new(), changed: BTreeMap::new() };
        self.events.event(key, CauseKind::Configuration, story)
    }

    /// Adds what was asked, and the region, to an event that tells of calls.
    fn call(&mut self, question: &Question, event: usize, before: &Answer, after: &Answer, asked: &str) {
        if let Story::Calls { operations, regions, .. } = &mut self.events.all[event].story {
            operations.insert(asked.to_owned());
            regions.insert(question.region.clone());
        }
        self.attach(question, event, (before, after), None, None);
    }

    fn attach(
        &mut self,
        question: &Question,
        event: usize,
        (before, after): (&Answer, &Answer),
        field: Option<Field>,
        names: Option<BTreeSet<String>>,
    ) {
        let answers = &mut self.events.all[event].answers;
        let place = *self.events.places.entry((event, question.clone())).or_insert_with(|| {
            answers.push(change(question, Some(&before.ended), Some(&after.ended)));
            answers.len() - 1
        });
        answers[place].fields.extend(field);
        for name in names.iter().flatten() {
            self.events.by_name.entry(name.clone()).or_default().insert(event);
        }
        self.events.links.entry(question.clone()).or_default().set(event, names);
    }

    fn modified(&mut self, event: usize, modified: Modified) {
        let known = &mut self.events.all[event].modified;
        known.at = known.at.take().or(modified.at);
        known.by = known.by.take().or(modified.by);
    }
}

fn change(question: &Question, before: Option<&Ended>, after: Option<&Ended>) -> AnswerChange {
    AnswerChange {
        service: question.service.clone(),
        operation: question.operation.clone(),
        account: question.account.clone(),
        region: question.region.clone(),
        about: question.about.clone(),
        before: before.cloned(),
        after: after.cloned(),
        fields: Vec::new(),
    }
}

/// What happened in a few words; `None` where a member just has another value.
fn phrase(difference: &Difference, own_entries: bool) -> Option<String> {
    let Field { path, before, after } = &difference.field;
    let is_entry = difference.whole || (path.starts_with("Channels.") && path.matches('.').count() == 1);
    let label = difference.entry.as_ref().map(|entry| entry.label.as_str());
    match (before, after) {
        (None, Some(_)) if is_entry && own_entries => Some("was added".to_owned()),
        (Some(_), None) if is_entry && own_entries => Some("was removed".to_owned()),
        (None, Some(_)) if is_entry => Some(label.map_or("was set up".to_owned(), |label| format!("gained {label}"))),
        (Some(_), None) if is_entry => Some(label.map_or("was removed".to_owned(), |label| format!("lost {label}"))),
        (before, after) if member(path) == "Enabled" => {
            match (before.as_ref().and_then(serde_json::Value::as_bool), after.as_ref()?.as_bool()?) {
                (_, true) => Some("was switched on".to_owned()),
                (_, false) => Some("was switched off".to_owned()),
            }
        }
        _ => None,
    }
}

/// The words for what an operation lists that ended with the support of Amazon Pinpoint.
fn ended(operation: &str) -> &str {
    match operation {
        "GetCampaigns" => "campaigns",
        "ListJourneys" => "journeys",
        "GetSegments" => "segments",
        other => other,
    }
}

/// The last member of a path, with the list around it where it is an entry.
fn member(path: &str) -> String {
    let tail = path.rfind("].").map_or(path, |at| &path[at + 2..]);
    let tail = tail.strip_prefix("reportDetails.").unwrap_or(tail);
    tail.strip_prefix("Channels.").and_then(|rest| rest.split_once('.')).map_or(tail, |(_, rest)| rest).to_owned()
}

fn title(service: &str) -> &str {
    Service::ALL.iter().find(|known| known.as_str() == service).map_or(service, |known| known.title())
}

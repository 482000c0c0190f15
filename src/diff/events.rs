//! Everything that happened between two packs, whether or not a verdict moved: answers that differ, put together by
//! what they are about, and declarations.

mod answers;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::answers::Question;
use super::declared;
use super::fields::{Difference, Modified};
use super::nouns::Names;
use super::side::Side;
use crate::pack::{AnswerChange, CauseKind, Field};

/// Something that happened.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) kind: CauseKind,
    pub(super) story: Story,
    pub(super) declared: Vec<Field>,
    pub(super) answers: Vec<AnswerChange>,
    pub(super) modified: Modified,
}

/// What is told of it.
#[derive(Clone, Debug)]
pub(super) enum Story {
    /// A thing at AWS, what happened to it, and which of its members have another value.
    Thing { noun: String, phrases: Vec<String>, changed: BTreeMap<String, Field> },
    /// Operations of a service in some regions: the words before and after their list.
    Calls { before: String, operations: BTreeSet<String>, regions: BTreeSet<String>, after: String },
    /// A whole sentence.
    Told(String),
}

/// How a question leads to an event.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) event: usize,
    /// The names of the thing, where the question's list holds other things as well.
    pub(super) names: Option<BTreeSet<String>>,
}

/// How a question leads to events, of which a list of thousands of things may have thousands.
#[derive(Debug, Default)]
pub(super) struct Links {
    pub(super) all: Vec<Link>,
    /// The place in the list, by event.
    of_event: BTreeMap<usize, usize>,
    /// The places of those whose thing has a name that begins with a word.
    by_word: BTreeMap<String, BTreeSet<usize>>,
    /// The places of those that no word leads to.
    always: BTreeSet<usize>,
}

impl Links {
    fn set(&mut self, event: usize, names: Option<BTreeSet<String>>) {
        let place = *self.of_event.entry(event).or_insert(self.all.len());
        match &names {
            None => {
                self.always.insert(place);
            }
            Some(names) => names.iter().for_each(|name| match words(name).next() {
                Some(word) => {
                    self.by_word.entry(word.to_owned()).or_default().insert(place);
                }
                None => {
                    self.always.insert(place);
                }
            }),
        }
        match self.all.get_mut(place) {
            Some(link) => link.names = names,
            None => self.all.push(Link { event, names }),
        }
    }

    /// The links whose thing may be named where these words stand: a name that stands there as a word of its own begins
    /// with one of them.
    pub(super) fn of_words<'l>(&'l self, words: &BTreeSet<&str>) -> impl Iterator<Item = &'l Link> + use<'l> {
        let mut places = self.always.clone();
        places.extend(words.iter().filter_map(|word| self.by_word.get(*word)).flatten());
        places.into_iter().filter_map(|place| self.all.get(place))
    }
}

/// The words of a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// What happened, and how it is found.
#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) all: Vec<Event>,
    by_key: BTreeMap<String, usize>,
    /// By question.
    pub(super) links: BTreeMap<Question, Links>,
    /// The places of the questions among an event's answers.
    places: BTreeMap<(usize, Question), usize>,
    /// By the names of the thing that it happened to.
    pub(super) by_name: BTreeMap<String, BTreeSet<usize>>,
    /// By section and name of the entry.
    pub(super) declared: Vec<(&'static declared::Section, String, usize)>,
    /// Regions that were looked at in one collection only.
    pub(super) by_region: BTreeMap<String, usize>,
}

impl Events {
    /// Finds everything.
    pub(super) fn new(old: &Side<'_>, new: &Side<'_>, declared: &[Difference], names: &Names) -> Self {
        let mut events = Self::default();
        answers::find(&mut events, old, new, names);
        events.find_regions(old, new);
        events.find_declared(declared);
        events
    }

    /// The event of that key, which is made when it is asked for first.
    pub(super) fn event(&mut self, key: String, kind: CauseKind, story: impl FnOnce() -> Story) -> usize {
        *self.by_key.entry(key).or_insert_with(|| {
            self.all.push(Event {
                kind,
                story: story(),
                declared: Vec::new(),
                answers: Vec::new(),
                modified: Modified::default(),
            });
            self.all.len() - 1
        })
    }

    /// An event that consists of its sentence.
    pub(super) fn told(&mut self, kind: CauseKind, sentence: &str) -> usize {
        self.event(format!("{kind:?} {sentence}"), kind, || Story::Told(sentence.to_owned()))
    }

    /// The event that lists ended with the support of Amazon Pinpoint, where one did.
    pub(super) fn retired(&self) -> Option<usize> {
        self.by_key.get(answers::RETIRED).copied()
    }

    fn find_regions(&mut self, old: &Side<'_>, new: &Side<'_>) {
        let regions = |side: &Side<'_>| -> BTreeSet<String> { side.results().scope.regions.iter().cloned().collect() };
        let (before, after) = (regions(old), regions(new));
        for region in before.symmetric_difference(&after) {
            let sentence = if after.contains(region) {
                format!("The region {region} was looked at on {} and not on {}.", new.day(), old.day())
            } else {
                format!("The region {region} was looked at on {} and not on {}.", old.day(), new.day())
            };
            let event = self.told(CauseKind::Collection, &sentence);
            self.by_region.insert(region.clone(), event);
        }
    }

    fn find_declared(&mut self, differences: &[Difference]) {
        let mut entries: BTreeMap<(&str, &str), Vec<&Difference>> = BTreeMap::new();
        for difference in differences {
            if let Some(section) = declared::section_of(&difference.field.path) {
                entries.entry((section.key, section.name(difference))).or_default().push(difference);
            }
        }
        for ((key, name), differences) in entries {
            let Some(section) = declared::section_of(key) else { continue };
            let story = || Story::Told(section.sentence(&differences));
            let event = self.event(format!("declared {key} {name}"), CauseKind::Declaration, story);
            self.all[event].declared.extend(differences.iter().map(|difference| difference.field.clone()));
            self.declared.push((section, name.to_owned(), event));
        }
    }
}

impl Story {
    /// As one sentence.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Told(sentence) => sentence.clone(),
            Self::Calls { before, operations, regions, after } => {
                format!("{before} {}{} {after}.", enumerated(operations), in_regions(regions))
            }
            Self::Thing { noun, phrases, changed } if phrases.is_empty() => capitalised(&match changed.iter().next() {
                Some((member, field)) if changed.len() == 1 => {
                    format!(
                        "{noun}: {member} was {} and is {}.",
                        value(field.before.as_ref()),
                        value(field.after.as_ref())
                    )
                }
                _ => format!("{noun} changed in {}.", enumerated(changed.keys())),
            }),
            Self::Thing { noun, phrases, .. } => capitalised(&format!("{noun} {}.", enumerated(phrases))),
        }
    }
}

/// A value in a sentence; a long one is left to the table below.
fn value(value: Option<&Value>) -> String {
    /// About as much as one reads in passing.
    const LONGEST: usize = 60;
    match value {
        None | Some(Value::Null) => "not set".to_owned(),
        Some(Value::String(text)) if text.len() <= LONGEST => text.clone(),
        Some(flag @ (Value::Bool(_) | Value::Number(_))) => flag.to_string(),
        Some(Value::String(_) | Value::Array(_) | Value::Object(_)) => "another value".to_owned(),
    }
}

fn in_regions(regions: &BTreeSet<String>) -> String {
    if regions.is_empty() { String::new() } else { format!(" in {}", enumerated(regions)) }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn enumerated<'t>(texts: impl IntoIterator<Item = &'t String>) -> String {
    let texts: Vec<&str> = texts.into_iter().map(String::as_str).collect();
    match texts.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

//! Which declarations name something that was seen, noted one account and region after the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, Processor};
use crate::estate::{Application, Gap, Place};
use crate::rules::{Phi, is_named, unmatched_processors};

/// What of the declarations was met so far.
pub(in crate::pack) struct Met<'c> {
    config: &'c Config,
    /// Why no application was seen, with the regions; nothing of it counts once one was seen.
    without: BTreeMap<String, BTreeSet<String>>,
    any: bool,
    /// How many applications each declared name stands for.
    named: BTreeMap<&'c str, usize>,
    /// The declared tags that an application has.
    tags: BTreeSet<&'c str>,
    /// The names of the applications that are declared to carry PHI, and excluded.
    both: Vec<String>,
    /// The processors that nothing sends to.
    unmatched: Vec<&'c Processor>,
}

impl<'c> Met<'c> {
    pub(in crate::pack) fn new(config: &'c Config) -> Self {
        Self {
            config,
            without: BTreeMap::new(),
            any: false,
            named: names(config).map(|(_, name)| (name, 0)).collect(),
            tags: BTreeSet::new(),
            both: Vec::new(),
            unmatched: config.phi.processors.iter().collect(),
        }
    }

    /// Notes what an account and region shows.
    pub(in crate::pack) fn note(&mut self, place: &Place) {
        self.unmatched = unmatched_processors(place, std::mem::take(&mut self.unmatched));
        if place.applications.seen.is_empty() {
            let why = place.applications.gap.as_ref().map_or_else(|| "GetApps shows none.".to_owned(), Gap::sentence);
            self.without.entry(why).or_default().insert(place.region.clone());
        }
        self.any |= !place.applications.seen.is_empty();
        place.applications.iter().for_each(|application| self.application(application));
    }

    fn application(&mut self, application: &Application) {
        for (name, number) in &mut self.named {
            *number += usize::from(is_named(application, name));
        }
        for (key, value) in &self.config.phi.tags {
            let tag = application.tags.value().and_then(|tags| tags.get(key));
            if tag.is_some_and(|tag| tag.eq_ignore_ascii_case(value)) {
                self.tags.insert(key);
            }
        }
        let excluded = self.config.phi.excluded.iter().any(|excluded| is_named(application, &excluded.application));
        if excluded && matches!(Phi::of(application, self.config), Phi::Declared { .. }) {
            self.both.push(application.name.clone());
        }
    }

    /// Why no application was seen at all: the wrong account or region must not look like a small one.
    pub(super) fn no_applications(&self) -> Vec<String> {
        let told = self.without.iter().filter(|_| !self.any).map(|(why, regions)| {
            let regions = regions.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            format!("No application of Amazon Pinpoint was judged in {regions}: {why}")
        });
        told.collect()
    }

    pub(super) fn applications(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        for (key, name) in names(self.config) {
            match self.named.get(name).copied().unwrap_or_default() {
                0 => warnings.push(format!("{key} names {name}, which no scanned account and region has.")),
                1 => {}
                several => warnings.push(format!("{key} names {name}, which {several} applications are called.")),
            }
        }
        for (key, value) in self.config.phi.tags.iter().filter(|(key, _)| !self.tags.contains(key.as_str())) {
            warnings.push(format!("phi.tags names {key} = {value}, which no application has."));
        }
        for name in &self.both {
            warnings.push(format!("{name} is declared to carry PHI and excluded; it was judged as carrying PHI."));
        }
        warnings
    }

    pub(super) fn processors(&self) -> Vec<String> {
        let nothing = "which is no stream, hook, recommender, bucket or other destination that was read.";
        let unmatched = self.unmatched.iter();
        unmatched.map(|processor| format!("phi.processor names {}, {nothing}", processor.target)).collect()
    }
}

/// The applications that a configuration names, each with the key that does; a name that stands twice, twice.
fn names(config: &Config) -> impl Iterator<Item = (&'static str, &str)> {
    let declared = config.phi.applications.iter().map(|name| ("phi.applications", name.as_str()));
    declared.chain(config.phi.excluded.iter().map(|excluded| ("phi.excluded", excluded.application.as_str())))
}

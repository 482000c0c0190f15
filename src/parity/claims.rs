//! What a file says, held against what `results.json` says.

use std::collections::BTreeSet;

use super::reference::{Fact, Kind, Reference, Verdict};

/// What a file says of one finding. What it does not say is `None`.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    pub(super) id: &'a str,
    pub(super) verdict: Option<&'a str>,
    pub(super) rule: Option<&'a str>,
    pub(super) level: Option<&'a str>,
    /// Empty where there is none.
    pub(super) reason: Option<&'a str>,
    pub(super) resource: Option<&'a str>,
    pub(super) message: Option<&'a str>,
    /// Ids of calls, in order.
    pub(super) evidence: Option<Vec<&'a str>>,
    /// Whether a valid waiver stands beside it.
    pub(super) waived: Option<bool>,
    /// The controls that it bears on: the program's title and the control's id.
    pub(super) controls: Option<Vec<&'a str>>,
}

/// Everything that one file says.
pub(super) struct Claims<'r> {
    reference: &'r Reference,
    seen: Vec<bool>,
    differences: Vec<String>,
}

impl<'r> Claims<'r> {
    pub(super) fn new(reference: &'r Reference) -> Self {
        Self { reference, seen: vec![false; reference.findings().len()], differences: Vec::new() }
    }

    pub(super) const fn reference(&self) -> &'r Reference {
        self.reference
    }

    pub(super) fn into_differences(self) -> impl Iterator<Item = String> {
        self.differences.into_iter()
    }

    /// Something that is not as it is in `results.json`.
    pub(super) fn differs(&mut self, what: String) {
        self.differences.push(what);
    }

    /// A number.
    pub(super) fn count(&mut self, what: &str, said: Option<u64>, expected: u64) {
        if said != Some(expected) {
            let said = said.map_or_else(|| "nothing".to_owned(), |number| number.to_string());
            self.differs(format!("says {said} for {what}; {} says {expected}", super::RESULTS));
        }
    }

    /// A list of things without order.
    pub(super) fn same(&mut self, what: &str, said: &BTreeSet<String>, expected: &BTreeSet<String>) {
        for lacking in expected.difference(said) {
            self.differs(format!("lacks {what} {lacking}, which {} has", super::RESULTS));
        }
        for more in said.difference(expected) {
            self.differs(format!("has {what} {}, which {} lacks", more.escape_debug(), super::RESULTS));
        }
    }

    /// What the file says of one finding.
    pub(super) fn finding(&mut self, said: &Said<'_>) {
        let reference = self.reference;
        let Some((at, fact)) = reference.find(said.id) else {
            return self.differs(format!("has a finding `{}`, which {} lacks", said.id.escape_debug(), super::RESULTS));
        };
        if std::mem::replace(&mut self.seen[at], true) {
            self.differs(format!("has the finding {} twice", said.id));
        }
        if let Some(verdict) = said.verdict
            && Verdict::parse(verdict) != Some(reference.kind(fact).verdict)
        {
            let expected = reference.kind(fact).verdict.as_str();
            self.differs(format!(
                "says `{}` of {}; {} says `{expected}`",
                verdict.escape_debug(),
                said.id,
                super::RESULTS
            ));
        }
        for what in aspects(said, fact, reference) {
            self.differs(format!("says of {} another {what} than {}", said.id, super::RESULTS));
        }
    }

    /// To be asked when everything was said: each finding that the file had to speak of and did not.
    pub(super) fn nothing_left_out(&mut self, expected: impl Fn(&Kind) -> bool) {
        let reference = self.reference;
        let unseen = reference.findings().iter().zip(&self.seen);
        let lacking: Vec<String> = unseen
            .filter(|(fact, seen)| !**seen && expected(reference.kind(fact)))
            .map(|(fact, _)| format!("lacks the finding {}, which {} has", fact.id(), super::RESULTS))
            .collect();
        self.differences.extend(lacking);
    }
}

/// The names of what is another than expected.
fn aspects(said: &Said<'_>, fact: &Fact, reference: &Reference) -> Vec<&'static str> {
    let evidence = said.evidence.as_ref().map(|calls| calls.join(" "));
    let mut found = Vec::new();
    for (name, value) in [
        ("rule", said.rule),
        ("level", said.level),
        ("reason", said.reason),
        ("resource", said.resource),
        ("message", said.message),
        ("evidence", evidence.as_deref()),
    ] {
        if value.is_some_and(|value| !reference.is(fact, name, value)) {
            found.push(name);
        }
    }
    if said.waived.is_some_and(|waived| waived != reference.kind(fact).waived) {
        found.push("waiver");
    }
    if let Some(controls) = &said.controls {
        let controls: BTreeSet<&str> = controls.iter().copied().collect();
        if !reference.bears_on(fact, &controls) {
            found.push("list of controls");
        }
    }
    found
}

//! What every part looks things up in.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::PROGRAM;
use super::sum::{self, Names, Open, RuleSums, Sum};
use crate::pack::write_up::{Basis, Ground, Text};
use crate::pack::{Control, Found, Mark, Pack, Program, REPORTS_RULE, Status};
use crate::programs::security_rule::{self, Beyond};
use crate::rules::{Attestation, Finding, Level, Phi};
use crate::snapshot::CallId;

/// A pack, seen by its HIPAA controls.
pub(super) struct Case<'a> {
    pub(super) pack: &'a Pack,
    pub(super) program: &'a Program,
    controls: BTreeMap<&'a str, &'a Control>,
    /// Which controls a rule bears on, by rule.
    bearing: BTreeMap<&'a str, Vec<&'a Control>>,
    /// What the findings of each rule amount to.
    sums: BTreeMap<&'static str, RuleSums>,
}

/// A standard or specification of the Security Rule.
pub(super) enum RuleLine<'a> {
    Control(&'a Control),
    Beyond(&'static Beyond),
}

impl<'a> Case<'a> {
    pub(super) fn new(pack: &'a Pack) -> Option<Self> {
        let program = pack.programs.iter().find(|program| program.id == PROGRAM)?;
        let mut bearing: BTreeMap<&str, Vec<&Control>> = BTreeMap::new();
        for control in program.controls() {
            for rule in &control.definition.rules {
                bearing.entry(rule).or_default().push(control);
            }
        }
        Some(Self {
            bearing,
            sums: sum::of_each_rule(&pack.findings, &pack.evidence),
            controls: program.controls().map(|control| (control.definition.id.as_str(), control)).collect(),
            pack,
            program,
        })
    }

    /// A line of the Security Rule; one of a control that the pack lacks is none.
    pub(super) fn line(&self, line: &'static security_rule::Line) -> Option<RuleLine<'a>> {
        match line {
            security_rule::Line::Control(id) => self.controls.get(id.as_str()).copied().map(RuleLine::Control),
            security_rule::Line::Beyond(beyond) => Some(RuleLine::Beyond(beyond)),
        }
    }

    /// Every line of a section.
    pub(super) fn lines(&self, section: &'static security_rule::Section) -> impl Iterator<Item = RuleLine<'a>> {
        section.lines.iter().filter_map(|line| self.line(line))
    }

    /// The controls of a subpart, by the edition that their group names.
    pub(super) fn of_subpart(&self, subpart: &str) -> Vec<&'a Control> {
        let of = |edition: &str| edition.ends_with(subpart);
        self.program.groups.iter().filter(|group| of(&group.edition)).flat_map(|group| &group.controls).collect()
    }

    /// What the findings of a control amount to.
    pub(super) fn of_control(&self, control: &Control) -> Sum {
        let mut sum = Sum::default();
        for rule in &control.definition.rules {
            if rule == REPORTS_RULE {
                let borne = self.pack.findings.of_rule(rule).map(|(_, finding)| finding);
                let borne = borne.filter(|finding| control.is_borne_by(finding));
                sum.join(&Sum::of(borne, &self.pack.evidence));
            } else {
                self.of_rule(rule).into_iter().for_each(|of_rule| sum.join(of_rule));
            }
        }
        sum
    }

    /// The rules that bear on a control, in the pack's order, each once.
    fn rules_that_bear(&self) -> Vec<&'static str> {
        let mut rules = Vec::new();
        for run in self.pack.findings.runs().filter(|run| self.bearing.contains_key(run.rule)) {
            if !rules.contains(&run.rule) {
                rules.push(run.rule);
            }
        }
        rules
    }

    /// Of a rule, what the findings that bear on a control amount to.
    fn bearing_of_rule(&self, rule: &'static str) -> Cow<'_, RuleSums> {
        if rule != REPORTS_RULE {
            return self.sums.get(rule).map(Cow::Borrowed).unwrap_or_default();
        }
        let mut sums = RuleSums::default();
        for (_, finding) in self.pack.findings.of_rule(rule) {
            if !self.controls_of(&finding).is_empty() {
                sums.see(&finding, &self.pack.evidence);
            }
        }
        Cow::Owned(sums)
    }

    /// What the findings that bear on a control amount to.
    pub(super) fn bearing(&self) -> Sum {
        let mut sum = Sum::default();
        for rule in self.rules_that_bear() {
            sum.join(&self.bearing_of_rule(rule).all);
        }
        sum
    }

    /// What the open ones among them amount to, by rule in the pack's order.
    pub(super) fn open_by_rule(&self) -> Vec<Open> {
        let open = |rule| self.bearing_of_rule(rule).into_owned().open;
        self.rules_that_bear().into_iter().map(open).filter(|open| !open.sum.rules().is_empty()).collect()
    }

    /// The positions and the marks of those open ones, in the pack's order, with the levels of their rules.
    pub(super) fn open(&self) -> impl Iterator<Item = (Level, usize, Mark)> + '_ {
        let runs = self.pack.findings.runs().filter(|run| self.bearing.contains_key(run.rule));
        let open = runs.flat_map(|run| run.marks().map(move |(at, mark)| (run, at, mark)));
        let bears = |at: usize| self.pack.findings.get(at).is_some_and(|it| !self.controls_of(&it).is_empty());
        open.filter(move |(run, at, mark)| mark.is_open() && (run.rule != REPORTS_RULE || bears(*at)))
            .map(|(run, at, mark)| (run.level, at, mark))
    }

    /// The controls that a finding bears on, by id.
    pub(super) fn controls_of(&self, finding: &Finding) -> Vec<&'a str> {
        let controls = self.bearing.get(finding.rule).map(Vec::as_slice).unwrap_or_default();
        controls
            .iter()
            .filter(|control| control.is_borne_by(finding))
            .map(|control| control.definition.id.as_str())
            .collect()
    }

    /// What the findings of a rule amount to, whether or not they bear on a control; `None` where there is none.
    pub(super) fn of_rule(&self, rule: &str) -> Option<&Sum> {
        self.sums.get(rule).map(|sums| &sums.all)
    }

    /// What the open findings of a rule amount to, whether or not they bear on a control.
    pub(super) fn open_of_rule(&self, rule: &str) -> Option<&Open> {
        self.sums.get(rule).map(|sums| &sums.open)
    }

    /// The mark of the finding of a rule on a resource.
    pub(super) fn mark(&self, rule: &str, resource: &str) -> Option<Mark> {
        self.pack.findings.mark_on(rule, resource)
    }

    /// The finding of a rule on a resource.
    pub(super) fn finding(&self, rule: &str, resource: &str) -> Option<Found> {
        self.pack.findings.on(rule, resource)
    }

    /// The calls of an operation that was answered, of the newest snapshot.
    pub(super) fn calls(&self, operation: &str) -> Vec<CallId> {
        let answered = self.pack.evidence.of_operation(operation).filter(|(_, outcome)| outcome.is_read());
        answered.map(|(id, _)| id).filter(|id| id.earlier().is_none()).collect()
    }

    /// What people stated for some ids, and the ids for which nobody did.
    pub(super) fn stated<'i>(&self, ids: &'i [String]) -> (Vec<&'a Attestation>, Vec<&'i String>) {
        let declared = &self.pack.declared;
        let given = |id: &&String| declared.attestations.iter().any(|attestation| attestation.id == **id);
        let said = declared.attestations.iter().filter(|attestation| ids.contains(&attestation.id));
        (said.collect(), ids.iter().filter(|id| !given(id)).collect())
    }

    /// What is stated for an id, as a sentence with its basis; else that nobody stated it.
    pub(super) fn statement(&self, topic: &str, id: &str) -> (Text, Basis) {
        let given: Vec<&Attestation> = self.pack.declared.attestations.iter().filter(|given| given.id == id).collect();
        if given.is_empty() {
            let text = Text::from(format!("{topic}: nobody has stated it ("));
            return (text.statement(id).words(")."), Ground::needs([id]).into());
        }
        let words: Vec<String> = given.iter().map(|given| format!("“{}”", given.statement)).collect();
        (format!("{topic}: {}", words.join(" ")).into(), Basis::all(given.into_iter().map(Ground::from)))
    }

    /// Who stated something; else that nobody did.
    pub(super) fn who_stated(&self, id: &str) -> Basis {
        self.statement("", id).1
    }

    /// How many applications have each word of PHI: declared, excluded, undeclared.
    pub(super) fn phi_counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for application in &self.pack.scope.applications {
            let word = match application.phi {
                Phi::Declared { .. } => 0,
                Phi::Excluded { .. } => 1,
                Phi::Undeclared { .. } => 2,
            };
            counts[word] += 1;
        }
        counts
    }
}

impl RuleLine<'_> {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Control(control) => &control.definition.id,
            Self::Beyond(beyond) => &beyond.id,
        }
    }

    pub(super) fn title(&self) -> &str {
        match self {
            Self::Control(control) => &control.definition.title,
            Self::Beyond(beyond) => &beyond.title,
        }
    }

    pub(super) fn level(&self) -> &str {
        match self {
            Self::Control(control) => control.definition.level.as_deref().unwrap_or_default(),
            Self::Beyond(beyond) => &beyond.level,
        }
    }

    /// The statements that it asks for, by id.
    pub(super) fn asks(&self) -> &[String] {
        match self {
            Self::Control(control) => &control.definition.attestations,
            Self::Beyond(beyond) => &beyond.attestations,
        }
    }

    /// Its status; `None` where nothing in a pack can show it.
    pub(super) fn status(&self, case: &Case<'_>) -> Option<Status> {
        match self {
            Self::Control(control) => Some(control.status),
            Self::Beyond(beyond) if beyond.attestations.is_empty() => None,
            Self::Beyond(beyond) if case.stated(&beyond.attestations).1.is_empty() => Some(Status::Attested),
            Self::Beyond(_) => Some(Status::NeedsAttestation),
        }
    }
}

/// What a finding's resource is called.
pub(super) fn name(finding: &Finding) -> &str {
    finding.resource_name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&finding.resource)
}

/// The first of some names, and how many more there are; each once.
pub(super) fn some<N: AsRef<str>>(names: impl IntoIterator<Item = N>, shown: usize) -> String {
    let mut known = Names::knowing(shown);
    names.into_iter().for_each(|name| known.add(name.as_ref()));
    known.told(shown)
}

/// A number of things, for instance `1 project` or `3 projects`.
pub(super) fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

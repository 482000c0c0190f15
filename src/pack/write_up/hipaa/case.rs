//! What every part looks things up in.

use std::collections::{BTreeMap, BTreeSet};

use super::PROGRAM;
use super::sum::Sum;
use crate::pack::write_up::{Basis, Ground, Text};
use crate::pack::{Control, Found, Pack, Program, REPORTS_RULE, Status};
use crate::programs::security_rule::{self, Beyond, Line};
use crate::rules::{Attestation, Finding, Phi};
use crate::snapshot::CallId;

/// A pack, seen by its HIPAA controls.
pub(super) struct Case<'a> {
    pub(super) pack: &'a Pack,
    pub(super) program: &'a Program,
    controls: BTreeMap<&'a str, &'a Control>,
    /// Which controls a rule bears on, by rule.
    bearing: BTreeMap<&'a str, Vec<&'a Control>>,
    /// What the findings of each rule amount to.
    sums: BTreeMap<&'static str, Sum>,
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
        let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
        for finding in &pack.findings {
            sums.entry(finding.rule).or_default().see(&finding, &pack.evidence);
        }
        Some(Self {
            bearing,
            sums,
            controls: program.controls().map(|control| (control.definition.id.as_str(), control)).collect(),
            pack,
            program,
        })
    }

    /// A line of the Security Rule; one of a control that the pack lacks is none.
    pub(super) fn line(&self, line: &'static Line) -> Option<RuleLine<'a>> {
        match line {
            Line::Control(id) => self.controls.get(id.as_str()).copied().map(RuleLine::Control),
            Line::Beyond(beyond) => Some(RuleLine::Beyond(beyond)),
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

    /// The findings that bear on a control, in the pack's order, with their positions.
    pub(super) fn bearing(&self) -> impl Iterator<Item = (usize, Found)> + '_ {
        let all = self.pack.findings.where_run(|run| self.bearing.contains_key(run.rule));
        all.filter(|(_, finding)| !self.controls_of(finding).is_empty())
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
        self.sums.get(rule)
    }

    /// The open findings of a rule, in order.
    pub(super) fn open_of_rule<'s>(&'s self, rule: &'s str) -> impl Iterator<Item = Found> + 's {
        let of_rule = self.pack.findings.of_rule(rule).map(|(_, finding)| finding);
        of_rule.filter(|finding| finding.verdict.is_open())
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
        let count = |is: fn(&Phi) -> bool| {
            self.pack.scope.applications.iter().filter(|application| is(&application.phi)).count()
        };
        [
            count(|phi| matches!(phi, Phi::Declared { .. })),
            count(|phi| matches!(phi, Phi::Excluded { .. })),
            count(|phi| matches!(phi, Phi::Undeclared { .. })),
        ]
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
pub(super) fn some<N: Into<String>>(names: impl IntoIterator<Item = N>, shown: usize) -> String {
    let mut seen = BTreeSet::new();
    let mut names = names.into_iter().map(Into::into).filter(|name: &String| seen.insert(name.clone()));
    let first: Vec<String> = names.by_ref().take(shown).collect();
    match (first.len(), names.count()) {
        (0, _) => "none".to_owned(),
        (_, 0) => first.join(", "),
        (_, more) => format!("{} and {more} more", first.join(", ")),
    }
}

/// A number of things, for instance `1 project` or `3 projects`.
pub(super) fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

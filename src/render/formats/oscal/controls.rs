//! Controls of the pack as findings where OSCAL has a state for them, else as observations.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::ids::{Id, Ids};
use super::observations::{EXAMINE, Observation, origins};
use super::parts::{Prop, objective, own};
use crate::pack::{Findings, Pack, Status};
use crate::render::formats::bearing::{self, Listed};
use crate::render::formats::stream::Line;
use crate::render::formats::text::{line, seconds};
use crate::rules::Verdict;

/// The findings that leave something to do, by what bears on a control: of each only where it stands, because there may be
/// hundreds of thousands, and whether it failed.
pub(super) struct Open<'a> {
    findings: &'a Findings,
    by_key: BTreeMap<String, Vec<(usize, bool)>>,
}

impl<'a> Open<'a> {
    pub(super) fn new(pack: &'a Pack) -> Self {
        let findings = &pack.findings;
        let mut by_key: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for run in findings.runs() {
            for (at, mark) in run.marks().filter(|(_, mark)| mark.is_open()) {
                let key = bearing::key(run.rule, || findings.get(at).map(|it| it.resource.clone()).unwrap_or_default());
                by_key.entry(key.into_owned()).or_default().push((at, mark.verdict() == Verdict::Fail));
            }
        }
        Self { findings, by_key }
    }

    /// The ids of those that bear on a control, and whether each failed.
    fn of(&self, listed: Listed<'_>) -> impl Iterator<Item = (String, bool)> {
        let found = listed.keys().filter_map(|key| self.by_key.get(key.as_ref())).flatten();
        found.filter_map(|(at, failed)| Some((self.findings.id_at(*at)?, *failed)))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Finding<'a> {
    uuid: Id,
    title: String,
    description: String,
    props: Vec<Prop<'a>>,
    origins: Value,
    target: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_observations: Vec<RelatedObservation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_risks: Vec<RelatedRisk>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct RelatedObservation {
    observation_uuid: Id,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct RelatedRisk {
    risk_uuid: Id,
}

/// The state of a control, where OSCAL has one: its name and the reason beside it.
fn state(status: Status) -> Option<(&'static str, &'static str)> {
    match status {
        Status::Met => Some(("satisfied", "pass")),
        Status::NotMet => Some(("not-satisfied", "fail")),
        Status::NotApplicable
        | Status::Inherited
        | Status::Attested
        | Status::InheritedGap
        | Status::NeedsAttestation
        | Status::NotEvaluated => None,
    }
}

/// Whether any control has a state.
pub(super) fn any_state(pack: &Pack) -> bool {
    bearing::listed(pack).any(|listed| state(listed.control.status).is_some())
}

/// The findings of the controls that have a state.
pub(super) fn findings<'a>(pack: &'a Pack, ids: Ids, open: &'a Open<'_>) -> impl Iterator<Item = Line> + 'a {
    bearing::listed(pack)
        .filter_map(move |listed| state(listed.control.status).map(|state| finding(pack, ids, listed, state, open)))
}

fn finding(pack: &Pack, ids: Ids, listed: Listed<'_>, (state, reason): (&str, &str), open: &Open<'_>) -> Line {
    let definition = &listed.control.definition;
    // A narrowed pack leaves rules out, and a reference has to lead somewhere.
    let is_there = |rule: &&String| pack.rules.iter().any(|covered| covered.id == **rule);
    let of_rules = definition.rules.iter().filter(is_there).map(|rule| ids.here("rule", rule));
    let observations = of_rules.chain(open.of(listed).map(|(id, _)| ids.here("observation", &id)));
    let risks = open.of(listed).filter(|(_, failed)| *failed).map(|(id, _)| ids.here("risk", &id));
    Line::of(&Finding {
        uuid: ids.here("control", &definition.token),
        title: title(listed),
        description: format!(
            "{} The state is that of our own objective, not of the control as a whole.",
            sentence(listed.control.status)
        ),
        props: props(listed),
        origins: origins(),
        target: json!({
            "type": "objective-id",
            "target-id": objective(&definition.token),
            "status": {"state": state, "reason": reason},
        }),
        related_observations: observations.map(|observation_uuid| RelatedObservation { observation_uuid }).collect(),
        related_risks: risks.map(|risk_uuid| RelatedRisk { risk_uuid }).collect(),
    })
}

/// The observations of the controls that have none.
pub(super) fn observations(pack: &Pack, ids: Ids) -> impl Iterator<Item = Line> + '_ {
    let without = bearing::listed(pack).filter(|listed| state(listed.control.status).is_none());
    without.map(move |listed| {
        Line::of(&Observation {
            uuid: ids.here("control", &listed.control.definition.token),
            title: title(listed),
            description: sentence(listed.control.status).to_owned(),
            props: props(listed),
            methods: EXAMINE,
            types: ["control-objective"],
            origins: origins(),
            subjects: Vec::new(),
            relevant_evidence: Vec::new(),
            collected: seconds(pack.collected.last),
            remarks: None,
        })
    })
}

fn title(listed: Listed<'_>) -> String {
    let definition = &listed.control.definition;
    line(&format!("{} {}", definition.id, definition.title)).into_owned()
}

fn props(listed: Listed<'_>) -> Vec<Prop<'_>> {
    let definition = &listed.control.definition;
    vec![
        own("program", &listed.program.id),
        own("control", &definition.id),
        own("control-id", &definition.token),
        own("status", listed.control.status.as_str()),
        own("responsibility", definition.responsibility.as_str()),
    ]
}

/// What a status means, in a sentence.
const fn sentence(status: Status) -> &'static str {
    match status {
        Status::Met => "At least one rule that bears on the control passed, none failed, and none is unevaluated.",
        Status::NotMet => "At least one rule that bears on the control failed.",
        Status::NotApplicable => "No rule that bears on the control concerns anything that was seen.",
        Status::Inherited => "AWS's part, and a report that AWS Artifact lists covers the period.",
        Status::InheritedGap => "AWS's part, and no report that AWS Artifact lists covers the period.",
        Status::Attested => "Rests on a person's statement; this program cannot see it.",
        Status::NeedsAttestation => "Needs a person's statement that nobody has given.",
        Status::NotEvaluated => "Something that the control needs was not read, or nothing was seen that bears on it.",
    }
}

//! Findings of the pack as observations, risks and inventory.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Value, json};

use super::ids::{Id, Ids, stable};
use super::parts::{Prop, own, own_of, standard, tool};
use crate::pack::{Pack, RuleCoverage};
use crate::render::escape;
use crate::render::formats::stream::Line;
use crate::render::formats::text::{line, seconds};
use crate::rules::{self, AppliedWaiver, Finding, Verdict};

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Observation<'a> {
    pub(super) uuid: Id,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) props: Vec<Prop<'a>>,
    pub(super) methods: [&'static str; 1],
    pub(super) types: [&'static str; 1],
    pub(super) origins: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) subjects: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) relevant_evidence: Vec<Value>,
    pub(super) collected: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remarks: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Risk<'a> {
    uuid: Id,
    title: String,
    description: String,
    statement: String,
    props: Vec<Prop<'a>>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related_observations: Option<[Value; 1]>,
}

/// Reading a configuration; or, where nothing can be read, what a person says.
pub(super) const EXAMINE: [&str; 1] = ["EXAMINE"];
const INTERVIEW: [&str; 1] = ["INTERVIEW"];

pub(super) fn origins() -> Value {
    json!([{"actors": [{"type": "tool", "actor-uuid": tool()}]}])
}

/// The observation of a finding.
pub(super) fn of_finding(pack: &Pack, ids: Ids, finding: &Finding) -> Line {
    let id = finding.id();
    let cited = |call: &crate::snapshot::CallId| json!({"href": format!("#{}", ids.here("call", &call.to_string())), "description": format!("Call {call}")});
    let said = finding.attestation.as_ref();
    let mut props = identity(finding, &id);
    if let Some(said) = said {
        props.push(own("attestation", &said.id));
        props.extend(said.by.as_deref().map(|by| own("attested-by", by)));
        props.extend(said.on.map(|on| own_of("attested-on", &on)));
    }
    Line::of(&Observation {
        uuid: ids.here("observation", &id),
        title: title(finding),
        description: escape::text(&finding.message).into_owned(),
        props,
        methods: if finding.verdict == Verdict::Attested { INTERVIEW } else { EXAMINE },
        types: ["control-objective"],
        origins: origins(),
        subjects: vec![json!({"subject-uuid": subject(&finding.resource), "type": "inventory-item"})],
        relevant_evidence: finding.evidence.iter().map(cited).collect(),
        collected: seconds(pack.collected.last),
        remarks: said.map(|said| escape::text(&said.statement).into_owned()),
    })
}

/// What tells a finding from others, and its verdict.
pub(super) fn identity<'a>(finding: &'a Finding, id: &'a str) -> Vec<Prop<'a>> {
    let mut props = vec![
        own("finding-id", id),
        own("rule", finding.rule),
        own("level", finding.level.as_str()),
        own("verdict", finding.verdict.as_str()),
    ];
    props.extend(finding.verdict.reason().map(|reason| own("reason", reason.as_str())));
    props
}

/// The rule in a few words, and the resource.
pub(super) fn title(finding: &Finding) -> String {
    let rule = rules::find(finding.rule).map_or(finding.rule, |rule| rule.title);
    let resource = finding.resource_name.as_deref().unwrap_or(&finding.resource);
    line(&format!("{rule}: {}", escape::text(resource))).into_owned()
}

/// The risk of a failure; `observed` where the document holds its observation.
pub(super) fn risk(ids: Ids, finding: &Finding, observed: bool) -> Line {
    let id = finding.id();
    let mut props = identity(finding, &id);
    props.extend(finding.waiver.iter().flat_map(waiver));
    let observation = json!({"observation-uuid": ids.here("observation", &id)});
    let valid = finding.waiver.as_ref().filter(|waiver| waiver.valid);
    Line::of(&Risk {
        uuid: ids.here("risk", &id),
        title: title(finding),
        description: escape::text(&finding.message).into_owned(),
        statement: format!(
            "The rule {} ({}) does not hold on {}.",
            finding.rule,
            finding.level.as_str(),
            escape::text(&finding.resource)
        ),
        props,
        status: if valid.is_some() { "deviation-approved" } else { "open" },
        deadline: valid.map(|waiver| format!("{}T23:59:59Z", waiver.expires)),
        related_observations: observed.then_some([observation]),
    })
}

/// An accepted exception, valid or not.
pub(super) fn waiver(waiver: &AppliedWaiver) -> [Prop<'_>; 6] {
    [
        own_of("waiver-valid", &waiver.valid),
        own("waiver-owner", &waiver.owner),
        own("waiver-approver", &waiver.approver),
        own("waiver-ticket", &waiver.ticket),
        own("waiver-reason", &waiver.reason),
        own_of("waiver-expires", &waiver.expires),
    ]
}

/// The observation of what a rule could examine.
pub(super) fn of_rule(pack: &Pack, ids: Ids, rule: &RuleCoverage) -> Line {
    Line::of(&Observation {
        uuid: ids.here("rule", rule.id),
        title: format!("Coverage of {}", rule.id),
        description: format!(
            "{}: examined {} of {} resources that the rule concerns.",
            rule.title, rule.examined, rule.eligible
        ),
        props: vec![
            own("rule", rule.id),
            own("level", rule.level.as_str()),
            own_of("eligible", &rule.eligible),
            own_of("examined", &rule.examined),
            own_of("unexamined", &rule.unexamined.values().sum::<u64>()),
        ],
        methods: EXAMINE,
        types: ["discovery"],
        origins: origins(),
        subjects: Vec::new(),
        relevant_evidence: Vec::new(),
        collected: seconds(pack.collected.last),
        remarks: None,
    })
}

fn subject(resource: &str) -> Id {
    stable("resource", resource)
}

/// Each resource that a finding is about, once.
pub(super) fn inventory(pack: &Pack) -> impl Iterator<Item = Line> + '_ {
    let mut seen = HashSet::new();
    pack.findings.iter().filter_map(move |finding| {
        let uuid = subject(&finding.resource);
        seen.insert(uuid).then(|| item(uuid, &finding))
    })
}

fn item(uuid: Id, finding: &Finding) -> Line {
    let name = finding.resource_name.as_deref().unwrap_or(&finding.resource);
    let mut props = vec![standard("asset-id", &finding.resource), own("account", &finding.account)];
    props.extend(finding.region.as_deref().map(|region| own("region", region)));
    Line::of(&json!({"uuid": uuid, "description": line(&escape::text(name)), "props": props}))
}

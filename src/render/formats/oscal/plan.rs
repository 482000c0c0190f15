//! `oscal/assessment-plan.json`: the rules, the controls that they bear on, and the objectives that findings speak of.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::Facts;
use super::ids::{Id, Ids, stable};
use super::parts::{assessment_assets, metadata, objective, own, reviewed_controls};
use crate::pack::{Pack, RuleCoverage};
use crate::render::formats::bearing::{self, Listed};
use crate::render::formats::stream::{self, Line, Stream};
use crate::render::formats::text::line;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    assessment_plan: Plan<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Plan<'a> {
    uuid: Id,
    metadata: Value,
    import_ssp: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    local_definitions: Option<Local<'a>>,
    reviewed_controls: Value,
    assessment_subjects: [Value; 1],
    assessment_assets: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tasks: Vec<Value>,
    back_matter: Value,
}

/// Rules as activities, and our own objective on every control that rules bear on.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Local<'a> {
    activities: Stream<'a, Line>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objectives_and_methods: Vec<Line>,
}

pub(super) fn write(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let pack = facts.pack;
    let no_ssp = stable("resource", "no-ssp");
    let assessment_plan = Plan {
        uuid: Ids::of(pack).here("document", "assessment-plan"),
        metadata: metadata(pack, "How Amazon Pinpoint and its successors are observed"),
        import_ssp: json!({"href": format!("#{no_ssp}")}),
        local_definitions: (!pack.rules.is_empty()).then(|| local_definitions(pack)),
        reviewed_controls: reviewed_controls(pack),
        assessment_subjects: [subjects()],
        assessment_assets: assessment_assets(pack),
        tasks: if pack.rules.is_empty() { Vec::new() } else { vec![task(pack)] },
        back_matter: json!({"resources": [{
            "uuid": no_ssp,
            "title": "No system security plan",
            "description": "This program does not hold the customer's system security plan. Link it here.",
        }]}),
    };
    stream::indented(&Document { assessment_plan }, out)
}

fn subjects() -> Value {
    json!({
        "type": "inventory-item",
        "description": "Every resource of the messaging services that the AWS APIs list in the accounts and regions.",
        "include-all": {},
    })
}

fn local_definitions(pack: &Pack) -> Local<'_> {
    let with_rules = bearing::listed(pack).filter(|listed| !listed.control.definition.rules.is_empty());
    Local {
        activities: Stream::new(|| pack.rules.iter().map(|rule| Line::of(&activity(pack, rule)))),
        objectives_and_methods: with_rules.map(|listed| Line::of(&aim(listed))).collect(),
    }
}

fn activity_uuid(rule: &str) -> Id {
    stable("rule", rule)
}

fn activity(pack: &Pack, rule: &RuleCoverage) -> Value {
    let bears = |listed: &Listed<'_>| listed.control.definition.rules.iter().any(|id| id == rule.id);
    let controls: Vec<Value> = bearing::listed(pack)
        .filter(bears)
        .map(|listed| json!({"control-id": listed.control.definition.token}))
        .collect();
    let mut activity = json!({
        "uuid": activity_uuid(rule.id),
        "title": line(rule.id),
        "description": rule.title,
        "props": [{"name": "method", "value": "EXAMINE"}, own("rule", rule.id), own("level", rule.level.as_str())],
    });
    if !controls.is_empty() {
        activity["related-controls"] = json!({"control-selections": [{"include-controls": controls}]});
    }
    activity
}

fn task(pack: &Pack) -> Value {
    let associated: Vec<Value> = pack
        .rules
        .iter()
        .map(|rule| json!({"activity-uuid": activity_uuid(rule.id), "subjects": [subjects()]}))
        .collect();
    json!({
        "uuid": stable("task", "collect-and-judge"),
        "type": "action",
        "title": "Collect the configuration and judge it",
        "associated-activities": associated,
    })
}

/// Our own objective on a control.
fn aim(listed: Listed<'_>) -> Value {
    let definition = &listed.control.definition;
    json!({
        "control-id": definition.token,
        "parts": [{
            "name": "assessment-objective",
            "title": line(&objective(&definition.token)),
            "props": [own("objective-id", &objective(&definition.token))],
            "prose": format!("On every resource that they concern, these rules hold: {}.", definition.rules.join(", ")),
        }],
    })
}

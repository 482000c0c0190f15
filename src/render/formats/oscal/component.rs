//! `oscal/component-definition.json`: the services, and who answers for what on each control that bears on them.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::Facts;
use super::ids::{Id, Ids, stable};
use super::parts::{metadata, own};
use crate::pack::{ControlGroup, Pack, Program};
use crate::programs::Responsibility;
use crate::render::formats::bearing::{self, Listed};
use crate::render::formats::stream::{self, Line};
use crate::render::formats::text::line;
use crate::rules::{self, Group};

/// A service, or what stands beside the services, and which controls it has to do with.
struct Component {
    key: &'static str,
    kind: &'static str,
    title: &'static str,
    description: &'static str,
    concerns: fn(Listed<'_>) -> bool,
}

const COMPONENTS: [Component; 5] = [
    Component {
        key: "pinpoint",
        kind: "service",
        title: "Amazon Pinpoint",
        description: "Campaigns, journeys, segments, channels and their data flows. AWS ended its support on 2026-10-30; \
                      the APIs for SMS, voice, push, OTP and number validation go on as AWS End User Messaging.",
        concerns: |listed| has_rule_of(listed, &[Group::Voice, Group::Channels, Group::DataFlow]),
    },
    Component {
        key: "end-user-messaging",
        kind: "service",
        title: "AWS End User Messaging",
        description: "SMS, voice and push: phone numbers, pools, registrations, protect configurations, push channels.",
        concerns: |listed| has_rule_of(listed, &[Group::Voice, Group::Sms, Group::Push]),
    },
    Component {
        key: "ses",
        kind: "service",
        title: "Amazon SES",
        description: "Email: identities, DKIM, configuration sets and their TLS policy.",
        concerns: |listed| has_rule_of(listed, &[Group::Email]),
    },
    Component {
        key: "artifact",
        kind: "service",
        title: "AWS Artifact",
        description: "Pointers to AWS's audit reports, which stand for AWS's part, and the agreements with AWS.",
        concerns: |listed| listed.control.definition.reports || has_rule_of(listed, &[Group::Agreements]),
    },
    Component {
        key: "procedures",
        kind: "process-procedure",
        title: "Procedures of the customer",
        description: "What only a person can state about the use of the services.",
        concerns: |listed| !listed.control.definition.attestations.is_empty(),
    },
];

fn has_rule_of(listed: Listed<'_>, groups: &[Group]) -> bool {
    let group = |rule: &String| rules::find(rule).map(|rule| rule.group);
    listed.control.definition.rules.iter().filter_map(group).any(|group| groups.contains(&group))
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document {
    component_definition: Definition,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Definition {
    uuid: Id,
    metadata: Value,
    components: Vec<Defined>,
    #[serde(skip_serializing_if = "Option::is_none")]
    back_matter: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Defined {
    uuid: Id,
    r#type: &'static str,
    title: &'static str,
    description: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    control_implementations: Vec<Implementation>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Implementation {
    uuid: Id,
    source: String,
    description: String,
    props: Value,
    implemented_requirements: Vec<Line>,
}

pub(super) fn write(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let pack = facts.pack;
    let sources: Vec<Value> = groups(pack).map(|(program, group)| source(program, group)).collect();
    let component_definition = Definition {
        uuid: Ids::of(pack).here("document", "component-definition"),
        metadata: metadata(pack, "Amazon Pinpoint, its successors and AWS Artifact: who answers for what"),
        components: COMPONENTS.iter().map(|component| defined(pack, component)).collect(),
        back_matter: (!sources.is_empty()).then(|| json!({"resources": sources})),
    };
    stream::indented(&Document { component_definition }, out)
}

fn groups(pack: &Pack) -> impl Iterator<Item = (&Program, &ControlGroup)> {
    pack.programs.iter().flat_map(|program| program.groups.iter().map(move |group| (program, group)))
}

fn key(program: &Program, group: &ControlGroup) -> String {
    format!("{}/{}", program.id, group.title)
}

/// Where the identifiers of a group of controls are from.
fn source(program: &Program, group: &ControlGroup) -> Value {
    json!({
        "uuid": stable("source", &key(program, group)),
        "title": line(&format!("{}: {}", program.title, group.title)),
        "description": format!("{}. Identifiers are its publisher's, titles are our own words.", group.edition),
    })
}

fn defined(pack: &Pack, component: &Component) -> Defined {
    Defined {
        uuid: stable("component", component.key),
        r#type: component.kind,
        title: component.title,
        description: component.description,
        control_implementations: groups(pack)
            .filter_map(|(program, group)| implementation(pack, component, program, group))
            .collect(),
    }
}

/// What one group of controls asks of a component; `None` where nothing.
fn implementation(
    pack: &Pack,
    component: &Component,
    program: &Program,
    group: &ControlGroup,
) -> Option<Implementation> {
    let requirements: Vec<Line> = bearing::listed(pack)
        .filter(|listed| std::ptr::eq(listed.group, group) && (component.concerns)(*listed))
        .map(|listed| Line::of(&requirement(component, listed)))
        .collect();
    (!requirements.is_empty()).then(|| Implementation {
        uuid: stable("implementation", &format!("{}/{}", component.key, key(program, group))),
        source: format!("#{}", stable("source", &key(program, group))),
        description: format!("{}: who answers for what.", group.title),
        props: json!([own("program", &program.id)]),
        implemented_requirements: requirements,
    })
}

fn requirement(component: &Component, listed: Listed<'_>) -> Value {
    let definition = &listed.control.definition;
    let parts = [("AWS", definition.aws_part.as_deref()), ("Customer", definition.customer_part.as_deref())];
    let said: Vec<String> =
        parts.into_iter().filter_map(|(who, part)| part.map(|part| format!("{who}: {part}."))).collect();
    let mut props = vec![own("control", &definition.id), own("responsibility", definition.responsibility.as_str())];
    props.extend(definition.aws_part.as_deref().map(|part| own("aws-part", part)));
    props.extend(definition.customer_part.as_deref().map(|part| own("customer-part", part)));
    let roles: &[&str] = match definition.responsibility {
        Responsibility::Aws => &["provider"],
        Responsibility::Customer => &["customer"],
        Responsibility::Shared => &["provider", "customer"],
    };
    json!({
        "uuid": stable("requirement", &format!("{}/{}", component.key, definition.token)),
        "control-id": definition.token,
        "description": if said.is_empty() { definition.title.clone() } else { said.join(" ") },
        "props": props,
        "responsible-roles": roles.iter().map(|role| json!({"role-id": role})).collect::<Vec<_>>(),
    })
}

//! `oscal/poam.json`: what is open, with who owns it and what was accepted. There is none where nothing is open: OSCAL
//! has no empty plan of action.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::Facts;
use super::ids::{Id, Ids, stable};
use super::observations::{identity, risk, title, waiver};
use super::parts::{Prop, metadata, own};
use super::results::any_failed;
use crate::pack::Pack;
use crate::render::escape;
use crate::render::formats::stream::{self, Line, Stream};
use crate::rules::{Finding, Verdict};

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    plan_of_action_and_milestones: Plan<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Plan<'a> {
    uuid: Id,
    metadata: Value,
    system_id: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    risks: Option<Stream<'a, Line>>,
    poam_items: Stream<'a, Line>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Item<'a> {
    uuid: Id,
    title: String,
    description: String,
    props: Vec<Prop<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related_risks: Option<[Value; 1]>,
}

/// Whether anything is open.
pub(super) fn has(pack: &Pack) -> bool {
    pack.findings.any_verdict(Verdict::is_open)
}

pub(super) fn write(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let pack = facts.pack;
    let ids = Ids::of(pack);
    let failed = move || pack.findings.with_verdict(|verdict| verdict == Verdict::Fail);
    let open = move || pack.findings.with_verdict(Verdict::is_open);
    let plan = Plan {
        uuid: ids.here("document", "poam"),
        metadata: metadata(pack, "What is open"),
        system_id: json!({
            "identifier-type": "http://ietf.org/rfc/rfc4122",
            "id": stable("system", &pack.scope.accounts.join(" ")),
        }),
        risks: any_failed(pack).then(|| Stream::new(move || failed().map(move |finding| risk(ids, &finding, false)))),
        poam_items: Stream::new(move || open().map(move |finding| item(ids, &finding))),
    };
    stream::indented(&Document { plan_of_action_and_milestones: plan }, out)
}

/// An item keeps its uuid from pack to pack, as a finding keeps its id.
fn item(ids: Ids, finding: &Finding) -> Line {
    let id = finding.id();
    let mut props = identity(finding, &id);
    props.push(own("resource", &finding.resource));
    props.extend(finding.waiver.iter().flat_map(waiver));
    let failed = finding.verdict == Verdict::Fail;
    Line::of(&Item {
        uuid: stable("poam-item", &id),
        title: title(finding),
        description: escape::text(&finding.message).into_owned(),
        props,
        related_risks: failed.then(|| [json!({"risk-uuid": ids.here("risk", &id)})]),
    })
}

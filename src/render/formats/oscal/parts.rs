//! What the documents of OSCAL have in common.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};

use super::ids::{Id, stable};
use super::{NS, OSCAL_VERSION};
use crate::pack::Pack;
use crate::render::formats::bearing;
use crate::render::formats::text::{line, seconds};

/// A name and a value beside what OSCAL itself can say.
#[derive(Serialize)]
pub(super) struct Prop<'a> {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ns: Option<&'static str>,
    value: Cow<'a, str>,
}

/// In our own namespace.
pub(super) fn own<'a>(name: &'static str, value: &'a str) -> Prop<'a> {
    Prop { name, ns: Some(NS), value: line(value) }
}

/// The same, of a value that is made for it.
pub(super) fn own_of(name: &'static str, value: &impl ToString) -> Prop<'static> {
    Prop { name, ns: Some(NS), value: Cow::Owned(line(&value.to_string()).into_owned()) }
}

/// A name that OSCAL defines.
pub(super) fn standard<'a>(name: &'static str, value: &'a str) -> Prop<'a> {
    Prop { name, ns: None, value: line(value) }
}

/// `metadata` of a document.
pub(super) fn metadata(pack: &Pack, title: &str) -> Value {
    let customer = pack.organization.as_ref().map_or("The customer", |organization| &organization.name);
    json!({
        "title": line(title),
        "last-modified": seconds(pack.collected.last),
        "version": line(&pack.tool.version),
        "oscal-version": OSCAL_VERSION,
        "roles": [
            {"id": "customer", "title": "Customer of the cloud service"},
            {"id": "provider", "title": "Provider of the cloud service"},
        ],
        "parties": [
            {"uuid": customer_party(pack), "type": "organization", "name": line(customer)},
            {"uuid": stable("party", "aws"), "type": "organization", "name": "Amazon Web Services"},
        ],
    })
}

fn customer_party(pack: &Pack) -> Id {
    stable("party", &format!("customer/{}", pack.caller.account))
}

/// This program, which observes.
pub(super) fn tool() -> Id {
    stable("component", "pinpoint-evidence")
}

/// What the assessment is made with.
pub(super) fn assessment_assets(pack: &Pack) -> Value {
    json!({
        "components": [{
            "uuid": tool(),
            "type": "software",
            "title": line(&pack.tool.name),
            "description": "Reads configuration through the AWS APIs and judges it by closed lists. Changes nothing.",
            "props": [standard("version", &pack.tool.version)],
            "status": {"state": "operational"},
        }],
        "assessment-platforms": [{
            "uuid": stable("platform", "pinpoint-evidence"),
            "title": "Collection and judgement",
            "uses-components": [{"component-uuid": tool()}],
        }],
    })
}

/// Every control of the programs in the pack, once; everything where there is no program.
pub(super) fn reviewed_controls(pack: &Pack) -> Value {
    let tokens: Vec<Value> =
        bearing::listed(pack).map(|listed| json!({"control-id": listed.control.definition.token})).collect();
    let selection = if tokens.is_empty() { json!({"include-all": {}}) } else { json!({"include-controls": tokens}) };
    json!({
        "description": "Controls that configuration of the messaging services bears on; not the whole of any program.",
        "control-selections": [selection],
    })
}

/// Our own objective on a control: that its rules hold on every resource that was examined.
pub(super) fn objective(token: &str) -> String {
    format!("{token}_obj.pinpoint-evidence")
}

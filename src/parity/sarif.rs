//! SARIF.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use serde_json::Value;

use super::Unread;
use super::claims::{Claims, Said};
use super::walk::{text, texts, walk};

pub(super) fn read(file: File, claims: &mut Claims<'_>) -> Result<(), Unread> {
    const PATHS: [&str; 3] = ["runs/*/results/*", "runs/*/taxonomies/*", "runs/*/tool/driver/rules/*"];
    let mut controls = BTreeSet::new();
    let mut bearings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    walk(file, &PATHS, |part, value| match part {
        0 => result(&value, claims),
        1 => {
            let program = text(&value, &["name"]);
            for taxon in value["taxa"].as_array().into_iter().flatten() {
                let status = text(taxon, &["properties", "status"]);
                controls.insert(format!("{} of {program} ({status})", text(taxon, &["id"])));
            }
        }
        _ => {
            let rule = text(&value, &["id"]);
            ids.insert(rule.to_owned());
            for relationship in value["relationships"].as_array().into_iter().flatten() {
                let [id, program] =
                    [&["target", "id"][..], &["target", "toolComponent", "name"]].map(|keys| text(relationship, keys));
                bearings.entry(format!("{id} of {program}")).or_default().insert(rule.to_owned());
            }
        }
    })?;
    claims.nothing_left_out(|_| true);
    let reference = claims.reference();
    claims.same("the rule", &ids, &reference.rules.keys().cloned().collect());
    let expected = reference.controls.iter();
    let expected = expected.map(|control| format!("{} of {} ({})", control.id, control.program, control.status));
    claims.same("the control", &controls, &expected.collect());
    for control in &reference.controls {
        // A rule may be relevant to a control and have found nothing that bears on it.
        let said = bearings.remove(&format!("{} of {}", control.id, control.program)).unwrap_or_default();
        if !control.rules.is_subset(&said) {
            claims.differs(format!("does not name every rule that bears on {} of {}", control.id, control.program));
        }
    }
    for more in bearings.keys() {
        claims.differs(format!("a rule is relevant to {more}, which results.json lacks"));
    }
    Ok(())
}

fn result(result: &Value, claims: &mut Claims<'_>) {
    let id = text(result, &["partialFingerprints", "findingId/v1"]);
    let verdict = text(result, &["properties", "verdict"]);
    let reason = text(result, &["properties", "reason"]);
    let kind = match (verdict, reason) {
        ("pass", _) => "pass",
        ("fail", _) => "fail",
        ("not_evaluated", "needs_attestation" | "unspecified") => "review",
        ("not_evaluated", _) => "open",
        ("not_applicable", _) => "notApplicable",
        _ => "informational",
    };
    if text(result, &["kind"]) != kind {
        claims.differs(format!("the kind of {} does not fit its verdict", id.escape_debug()));
    }
    let message = unescaped(text(result, &["message", "text"]));
    let suppressions = result["suppressions"].as_array();
    claims.finding(&Said {
        id,
        verdict: Some(verdict),
        rule: Some(text(result, &["ruleId"])),
        level: match text(result, &["level"]) {
            "error" => Some("required"),
            "warning" => Some("recommended"),
            _ => None,
        },
        reason: Some(reason),
        resource: Some(text(&result["locations"][0]["logicalLocations"][0], &["fullyQualifiedName"])),
        message: Some(&message),
        evidence: Some(texts(result, &["properties", "evidence"])),
        waived: Some(suppressions.into_iter().flatten().any(|suppression| suppression["status"] == "accepted")),
        ..Said::default()
    });
}

/// A message without what keeps its brackets and braces from meaning something.
fn unescaped(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    let mut characters = message.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' | '{' | '}' => text.extend(characters.next()),
            plain => text.push(plain),
        }
    }
    text
}

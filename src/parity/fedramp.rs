//! The fragment of a Security Decision Record.

use std::collections::BTreeSet;
use std::fs::File;

use serde_json::Value;

use super::Unread;
use super::claims::Claims;
use super::walk::{text, texts, walk};

/// `fedramp/security-decision-record.json`: each control with its status, and with FedRAMP's word for it.
pub(super) fn record(file: File, claims: &mut Claims<'_>) -> Result<(), Unread> {
    let mut found = BTreeSet::new();
    walk(file, &["securityControls/*", "fedRampRequirements/*", "keySecurityIndicators/*"], |part, value| {
        let (id, word, description) = match part {
            0 => ("controlId", "controlImplementationStatus", text(&value, &["controlImplementationDescription"])),
            1 => ("frrID", "frrImplementationStatus", first(&value, "frrImplementation")),
            _ => ("ksiId", "ksiImplementationStatus", first(&value, "ksiImplementation")),
        };
        let status = description.split(',').next().unwrap_or_default();
        found.insert(line(text(&value, &[id]), status, text(&value, &[word])));
    })?;
    let controls = claims.reference().controls.iter().filter(|control| control.program == "fedramp");
    let expected = controls.map(|control| {
        let word = match control.status.as_str() {
            "met" => "Implemented",
            "not_met" => "Not Implemented",
            _ => "",
        };
        line(&control.id, &control.status, word)
    });
    claims.same("the control", &found, &expected.collect());
    Ok(())
}

fn first<'v>(value: &'v Value, name: &str) -> &'v str {
    texts(value, &[name]).first().copied().unwrap_or_default()
}

/// What is implemented in part is not implemented: which of the two depends on the findings.
fn line(id: &str, status: &str, word: &str) -> String {
    let word = if word == "Partially Implemented" { "Not Implemented" } else { word };
    format!("{id} ({status}, {})", if word.is_empty() { "no word" } else { word })
}

//! `sarif/results.sarif`: SARIF 2.1.0, for pipelines and code hosts.
//!
//! | In the pack | `kind` | why |
//! |---|---|---|
//! | `pass` | pass | |
//! | `fail` | fail | `level` is error of a required rule, warning of a recommended one |
//! | `not_evaluated`, something was not read | open | "insufficient information to decide whether a problem exists" |
//! | `not_evaluated`, a person has to say it | review | "requires review by a human user" |
//! | `not_applicable` | notApplicable | |
//! | `attested` | informational | a person's statement is neither a pass nor a problem |
//!
//! A waiver is a suppression: accepted while it is valid, rejected after. The controls are taxonomies, one for each
//! program, and the rules name the controls that they are relevant to.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::bearing::listed;
use super::stream::{self, Line, Stream};
use super::text::seconds;
use super::{Facts, File, Format, always};
use crate::pack::{Pack, RuleCoverage};
use crate::rules::{AppliedWaiver, Finding, Level, Reason, Verdict};

/// Named by `--format sarif`.
pub(super) const FORMAT: Format = Format {
    name: "sarif",
    title: "results for pipelines and code hosts (SARIF 2.1.0)",
    files: &[File { path: "sarif/results.sarif", has: always, write }],
};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    taxonomies: Vec<Value>,
    invocations: Value,
    original_uri_base_ids: Value,
    column_kind: &'static str,
    results: Stream<'a, Line>,
}

fn write(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let pack = facts.pack;
    let places: BTreeMap<&str, usize> = pack.rules.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
    let result = |finding: &Finding| Line::of(&result(finding, places.get(finding.rule).copied()));
    let run = Run {
        tool: tool(pack),
        taxonomies: taxonomies(pack),
        invocations: json!([{
            "executionSuccessful": true,
            "startTimeUtc": seconds(pack.collected.first),
            "endTimeUtc": seconds(pack.collected.last),
        }]),
        original_uri_base_ids: json!({"PACK": {"description": {"text": "The directory of the pack"}}}),
        column_kind: "utf16CodeUnits",
        results: Stream::new(|| pack.findings.iter().map(|it| result(&it))),
    };
    stream::indented(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
}

fn tool(pack: &Pack) -> Value {
    let rules: Vec<Value> = pack.rules.iter().map(|rule| descriptor(pack, rule)).collect();
    let supported: Vec<Value> =
        (0..pack.programs.len()).map(|at| json!({"name": pack.programs[at].id, "index": at})).collect();
    let mut driver = json!({"name": pack.tool.name, "version": pack.tool.version});
    if !rules.is_empty() {
        driver["rules"] = rules.into();
    }
    if !supported.is_empty() {
        driver["supportedTaxonomies"] = supported.into();
    }
    json!({"driver": driver})
}

/// A rule, and the controls that it is relevant to.
fn descriptor(pack: &Pack, rule: &RuleCoverage) -> Value {
    let level = if rule.level == Level::Required { "error" } else { "warning" };
    let mut relationships = Vec::new();
    for (program_at, program) in pack.programs.iter().enumerate() {
        for (at, control) in program.controls().enumerate() {
            if control.definition.rules.iter().any(|id| id == rule.id) {
                relationships.push(json!({
                    "target": {
                        "id": control.definition.id,
                        "index": at,
                        "toolComponent": {"name": program.id, "index": program_at},
                    },
                    "kinds": ["relevant"],
                }));
            }
        }
    }
    let mut descriptor = json!({
        "id": rule.id,
        "shortDescription": {"text": message(rule.title)},
        "defaultConfiguration": {"level": level},
        "properties": {
            "level": rule.level.as_str(),
            "eligible": rule.eligible,
            "examined": rule.examined,
        },
    });
    if !relationships.is_empty() {
        descriptor["relationships"] = relationships.into();
    }
    descriptor
}

/// The programs, with their controls in order.
fn taxonomies(pack: &Pack) -> Vec<Value> {
    let taxonomy = |program: &crate::pack::Program| {
        let of_program = listed(pack).filter(|listed| listed.program.id == program.id);
        let taxa: Vec<Value> = of_program
            .map(|listed| {
                let definition = &listed.control.definition;
                json!({
                    "id": definition.id,
                    "name": definition.token,
                    "shortDescription": {"text": message(&definition.title)},
                    "properties": {"status": listed.control.status.as_str()},
                })
            })
            .collect();
        let mut taxonomy = json!({"name": program.id, "fullName": program.title, "isComprehensive": false});
        if !taxa.is_empty() {
            taxonomy["taxa"] = taxa.into();
        }
        taxonomy
    };
    pack.programs.iter().map(taxonomy).collect()
}

fn result(finding: &Finding, rule_at: Option<usize>) -> Value {
    let (kind, level) = kind(finding);
    let mut place = json!({"fullyQualifiedName": finding.resource, "kind": "resource"});
    if let Some(name) = &finding.resource_name {
        place["name"] = json!(name);
    }
    let mut properties = json!({
        "verdict": finding.verdict.as_str(),
        "account": finding.account,
        "evidence": &finding.evidence,
    });
    if let Some(reason) = finding.verdict.reason() {
        properties["reason"] = json!(reason.as_str());
    }
    if let Some(region) = &finding.region {
        properties["region"] = json!(region);
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "kind": kind,
        "level": level,
        "message": {"text": message(&finding.message)},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": "results.json", "uriBaseId": "PACK"}},
            "logicalLocations": [place],
        }],
        "partialFingerprints": {"findingId/v1": finding.id()},
        "properties": properties,
    });
    if let Some(at) = rule_at {
        result["ruleIndex"] = json!(at);
    }
    if let Some(waiver) = &finding.waiver {
        result["suppressions"] = json!([suppression(waiver)]);
    }
    result
}

const fn kind(finding: &Finding) -> (&'static str, &'static str) {
    match finding.verdict {
        Verdict::Pass => ("pass", "none"),
        Verdict::Fail => match finding.level {
            Level::Required => ("fail", "error"),
            Level::Recommended => ("fail", "warning"),
        },
        Verdict::NotEvaluated(Reason::Unread(_)) => ("open", "none"),
        Verdict::NotEvaluated(Reason::NeedsAttestation | Reason::Unspecified) => ("review", "none"),
        Verdict::NotApplicable => ("notApplicable", "none"),
        Verdict::Attested => ("informational", "none"),
    }
}

fn suppression(waiver: &AppliedWaiver) -> Value {
    json!({
        "kind": "external",
        "status": if waiver.valid { "accepted" } else { "rejected" },
        "justification": waiver.reason,
        "properties": {
            "owner": waiver.owner,
            "approver": waiver.approver,
            "ticket": waiver.ticket,
            "expires": waiver.expires,
        },
    })
}

/// Text in which nothing is a link or a placeholder (sections 3.11.5 and 3.11.6).
fn message(text: &str) -> String {
    let mut message = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '[' | ']' | '\\' => message.extend(['\\', character]),
            '{' | '}' => message.extend([character, character]),
            plain => message.push(plain),
        }
    }
    // A message has to say something.
    if message.is_empty() { "-".to_owned() } else { message }
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn a_message_has_no_links_and_no_placeholders() {
        assert_eq!(message("see [x](http://evil.example) {0}"), "see \\[x\\](http://evil.example) {{0}}");
        assert_eq!(message(""), "-");
    }
}

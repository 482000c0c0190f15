//! `ocsf/findings.json`: one OCSF 1.4 Compliance Finding (class 2003) for each finding, in an array of one line each.
//!
//! | In the pack | `compliance.status_id` | `severity_id` |
//! |---|---|---|
//! | `pass` | 1, Pass | 1, Informational |
//! | `fail` | 3, Fail | 4, High, of a required rule; 3, Medium, of a recommended one |
//! | `not_evaluated` | 2, Warning: "did not yield a result due to missing information" | 0, Unknown |
//! | `not_applicable`, `attested` | 99, Other, with the verdict as its name | 1, Informational |
//!
//! A waiver suppresses nothing: it stands in `unmapped`, beside the verdict.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::bearing::{Bearings, Listed};
use super::stream::{self, Line, Stream};
use super::text::line;
use super::{Facts, File, Format, always};
use crate::pack::Pack;
use crate::rules::{self, Finding, Level, Verdict};

/// The version of the schema.
const VERSION: &str = "1.4.0";

/// What stands for the standard where a rule bears on no control of the pack's programs.
const PAGE: &str = "AWS compliance page for Amazon Pinpoint";

/// Named by `--format ocsf`.
pub(super) const FORMAT: Format = Format {
    name: "ocsf",
    title: "compliance findings for security lakes and SIEMs (OCSF 1.4, class 2003)",
    files: &[File { path: "ocsf/findings.json", has: always, write }],
};

fn write(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let pack = facts.pack;
    let bearings = Bearings::new(pack);
    let event = |finding: &Finding| Line::of(&event(pack, finding, bearings.of(finding)));
    stream::indented(&Stream::new(|| pack.findings.iter().map(|it| event(&it))), out)
}

fn event(pack: &Pack, finding: &Finding, controls: &[Listed<'_>]) -> Value {
    let judged = pack.collected.last.timestamp_millis();
    let (severity_id, severity) = severity(finding);
    json!({
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200_301,
        "type_name": "Compliance Finding: Create",
        "time": judged,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": 1,
        "status": "New",
        "message": finding.message,
        "metadata": {
            "version": VERSION,
            "profiles": ["cloud"],
            "event_code": finding.rule,
            "product": {
                "name": pack.tool.name,
                "vendor_name": pack.tool.name,
                "version": pack.tool.version,
            },
        },
        "finding_info": {
            "uid": finding.id(),
            "title": rules::find(finding.rule).map_or(finding.rule, |rule| rule.title),
            "desc": finding.message,
            "created_time": judged,
        },
        "compliance": compliance(finding, controls),
        "cloud": cloud(finding),
        "resources": [resource(finding)],
        "unmapped": unmapped(finding),
    })
}

const fn severity(finding: &Finding) -> (u8, &'static str) {
    match (finding.verdict, finding.level) {
        (Verdict::Fail, Level::Required) => (4, "High"),
        (Verdict::Fail, Level::Recommended) => (3, "Medium"),
        (Verdict::NotEvaluated(_), _) => (0, "Unknown"),
        (Verdict::Pass | Verdict::NotApplicable | Verdict::Attested, _) => (1, "Informational"),
    }
}

fn compliance(finding: &Finding, controls: &[Listed<'_>]) -> Value {
    let (id, status) = match finding.verdict {
        Verdict::Pass => (1, "Pass"),
        Verdict::NotEvaluated(_) => (2, "Warning"),
        Verdict::Fail => (3, "Fail"),
        other @ (Verdict::NotApplicable | Verdict::Attested) => (99, other.as_str()),
    };
    let mut standards: BTreeSet<&str> = controls.iter().map(|listed| listed.program.title.as_str()).collect();
    if standards.is_empty() {
        standards.insert(PAGE);
    }
    let requirement = |listed: &Listed<'_>| format!("{} {}", listed.program.title, listed.control.definition.id);
    let requirements: Vec<String> = controls.iter().map(requirement).collect();
    let mut compliance = json!({"control": finding.rule, "status_id": id, "status": status, "standards": standards});
    if !requirements.is_empty() {
        compliance["requirements"] = json!(requirements);
    }
    if let Some(reason) = finding.verdict.reason() {
        compliance["status_code"] = json!(reason.as_str());
    }
    compliance
}

fn cloud(finding: &Finding) -> Value {
    let account = json!({"uid": finding.account, "type_id": 10, "type": "AWS Account"});
    let mut cloud = json!({"provider": "AWS", "account": account});
    if let Some(region) = &finding.region {
        cloud["region"] = json!(region);
    }
    cloud
}

fn resource(finding: &Finding) -> Value {
    let mut resource = json!({"uid": finding.resource, "name": line(&finding.resource)});
    if let Some(name) = &finding.resource_name {
        resource["name"] = json!(line(name));
    }
    if let Some(region) = &finding.region {
        resource["region"] = json!(region);
        resource["cloud_partition"] = json!(crate::regions::partition(region));
    }
    resource
}

/// What OCSF has no place for.
fn unmapped(finding: &Finding) -> Value {
    let mut unmapped = json!({
        "verdict": finding.verdict.as_str(),
        "level": finding.level.as_str(),
        "evidence": &finding.evidence,
    });
    if let Some(said) = &finding.attestation {
        unmapped["attestation"] = json!({"id": said.id, "statement": said.statement, "by": said.by, "on": said.on});
    }
    if let Some(waiver) = &finding.waiver {
        unmapped["waiver"] = json!({
            "valid": waiver.valid,
            "owner": waiver.owner,
            "approver": waiver.approver,
            "ticket": waiver.ticket,
            "expires": waiver.expires,
        });
    }
    unmapped
}

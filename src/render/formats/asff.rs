//! `asff/findings.json`: the findings as AWS Security Hub CSPM imports them (`BatchImportFindings`, 100 at a time).
//!
//! | In the pack | `Compliance.Status` | `Severity.Label` |
//! |---|---|---|
//! | `pass` | PASSED | INFORMATIONAL |
//! | `fail` | FAILED | HIGH of a required rule, MEDIUM of a recommended one |
//! | `not_evaluated` | WARNING: "some information is missing" | MEDIUM of a required rule, LOW of a recommended one |
//! | `not_applicable`, `attested` | NOT_AVAILABLE, with the verdict as reason code | INFORMATIONAL |
//!
//! NOT_AVAILABLE would also fit an API that gave an error, but Security Hub archives such findings by itself, and what
//! could not be read has to stay in sight. A waiver suppresses nothing: it stands among the product's fields.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::bearing::{Bearings, Listed};
use super::stream::{self, Line, Stream};
use super::text::{at_most, line, seconds};
use super::{Facts, File, Format, always};
use crate::pack::Pack;
use crate::rules::{self, Finding, Level, Verdict};

/// Named by `--format asff`.
pub(super) const FORMAT: Format = Format {
    name: "asff",
    title: "findings for AWS Security Hub CSPM (AWS Security Finding Format)",
    files: &[File { path: "asff/findings.json", has: always, write }],
};

/// Characters that a product field may have.
const FIELD: usize = 2048;
/// Requirements that a finding may name.
const REQUIREMENTS: usize = 32;

fn write(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let pack = facts.pack;
    let bearings = Bearings::new(pack);
    let finding = |finding: &Finding| Line::of(&asff(pack, finding, bearings.of(finding)));
    stream::indented(&Stream::new(|| pack.findings.iter().map(|it| finding(&it))), out)
}

fn asff(pack: &Pack, finding: &Finding, controls: &[Listed<'_>]) -> Value {
    let first = pack.scope.regions.first().map_or("us-east-1", String::as_str);
    let region = finding.region.as_deref().unwrap_or(first);
    let (partition, account) = (crate::regions::partition(region), &finding.account);
    let title = rules::find(finding.rule).map_or(finding.rule, |rule| rule.title);
    let judged = seconds(pack.collected.last);
    json!({
        "SchemaVersion": "2018-10-08",
        "Id": format!("pinpoint-evidence/{}", finding.id()),
        "ProductArn": format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default"),
        "GeneratorId": format!("pinpoint-evidence/{}", finding.rule),
        "AwsAccountId": account,
        "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
        "CreatedAt": judged,
        "UpdatedAt": judged,
        "Severity": {"Label": severity(finding)},
        "Title": at_most(256, title),
        "Description": at_most(1024, &line(&finding.message)),
        "ProductFields": fields(pack, finding),
        "Resources": [{
            "Type": "Other",
            "Id": at_most(512, &line(&finding.resource)),
            "Partition": partition,
            "Region": region,
        }],
        "Compliance": compliance(finding, controls),
        "RecordState": "ACTIVE",
        "Workflow": {"Status": "NEW"},
    })
}

const fn severity(finding: &Finding) -> &'static str {
    match (finding.verdict, finding.level) {
        (Verdict::Fail, Level::Required) => "HIGH",
        (Verdict::Fail, Level::Recommended) | (Verdict::NotEvaluated(_), Level::Required) => "MEDIUM",
        (Verdict::NotEvaluated(_), Level::Recommended) => "LOW",
        (Verdict::Pass | Verdict::NotApplicable | Verdict::Attested, _) => "INFORMATIONAL",
    }
}

fn compliance(finding: &Finding, controls: &[Listed<'_>]) -> Value {
    let status = match finding.verdict {
        Verdict::Pass => "PASSED",
        Verdict::Fail => "FAILED",
        Verdict::NotEvaluated(_) => "WARNING",
        Verdict::NotApplicable | Verdict::Attested => "NOT_AVAILABLE",
    };
    let mut compliance = json!({"Status": status, "SecurityControlId": finding.rule});
    let code = finding.verdict.reason().map_or(finding.verdict.as_str(), |reason| reason.as_str());
    if !matches!(finding.verdict, Verdict::Pass | Verdict::Fail) {
        compliance["StatusReasons"] = json!([{"ReasonCode": code.to_uppercase()}]);
    }
    let related: Vec<String> = controls
        .iter()
        .take(REQUIREMENTS)
        .map(|listed| format!("{} {}", listed.program.title, listed.control.definition.id))
        .collect();
    if !related.is_empty() {
        compliance["RelatedRequirements"] = json!(related);
    }
    compliance
}

fn fields(pack: &Pack, finding: &Finding) -> BTreeMap<&'static str, String> {
    let mut fields = BTreeMap::from([
        ("pinpoint-evidence/FindingId", finding.id()),
        ("pinpoint-evidence/Verdict", finding.verdict.as_str().to_owned()),
        ("pinpoint-evidence/Level", finding.level.as_str().to_owned()),
        ("pinpoint-evidence/Period", pack.period.name.clone()),
    ]);
    if let Some(reason) = finding.verdict.reason() {
        fields.insert("pinpoint-evidence/Reason", reason.to_string());
    }
    if let Some(name) = &finding.resource_name {
        fields.insert("pinpoint-evidence/ResourceName", name.clone());
    }
    if let Some(waiver) = &finding.waiver {
        fields.insert("pinpoint-evidence/WaiverValid", waiver.valid.to_string());
        fields.insert("pinpoint-evidence/WaiverOwner", waiver.owner.clone());
        fields.insert("pinpoint-evidence/WaiverTicket", waiver.ticket.clone());
        fields.insert("pinpoint-evidence/WaiverExpires", waiver.expires.to_string());
    }
    fields.into_iter().map(|(name, value)| (name, at_most(FIELD, &line(&value)).into_owned())).collect()
}

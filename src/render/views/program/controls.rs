//! The tables of controls: one row each.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rule_addresses;
use crate::pack::{Control, Findings, Pack, Program, Status, Summary};
use crate::programs::Baseline;
use crate::render::index_of_calls::CallIndex;
use crate::render::words;
use crate::rules::Attestation;

/// Controls under one heading.
#[derive(Serialize)]
pub(super) struct GroupSection<'a> {
    title: &'a str,
    edition: &'a str,
    controls: Vec<ControlRow<'a>>,
}

#[derive(Serialize)]
struct ControlRow<'a> {
    id: &'a str,
    title: &'a str,
    /// Level, baselines, other numbers.
    about: String,
    verified: bool,
    note: &'a str,
    status: &'static str,
    /// The two parts, where both have a status.
    parts: Vec<Part>,
    /// Who answers: `aws`, `customer` or `shared`.
    responsible: &'static str,
    aws_part: &'a str,
    customer_part: &'a str,
    rules: Vec<RuleLine<'a>>,
    said: Vec<SaidLine<'a>>,
    /// The kind of report that stands for AWS's part; empty where none does.
    report: String,
    missing: &'a [String],
    open: Vec<String>,
}

#[derive(Serialize)]
struct Part {
    whose: &'static str,
    status: &'static str,
}

/// What the findings of a rule amount to for a control.
#[derive(Serialize)]
struct RuleLine<'a> {
    rule: &'a str,
    /// Empty when it has no finding.
    address: String,
    verdict: &'static str,
    counts: String,
}

#[derive(Serialize)]
struct SaidLine<'a> {
    id: &'a str,
    by: &'a str,
    on: String,
}

/// Every group of a program.
pub(super) fn groups<'a>(program: &'a Program, pack: &Pack, calls: &CallIndex<'_>) -> Vec<GroupSection<'a>> {
    let addresses = rule_addresses(pack, calls);
    let other = program.other_numbers.as_deref();
    let of_group = |group: &'a crate::pack::ControlGroup| {
        let kind = group.reports_kind.clone().unwrap_or_else(|| "any".to_owned());
        let row = |control: &'a Control| {
            let report = if control.aws.is_some() { report_line(control, &kind) } else { String::new() };
            row(control, other, report, &addresses, &pack.findings)
        };
        GroupSection {
            title: &group.title,
            edition: &group.edition,
            controls: group.controls.iter().map(row).collect(),
        }
    };
    program.groups.iter().map(of_group).collect()
}

fn row<'a>(
    control: &'a Control,
    other: Option<&str>,
    report: String,
    addresses: &BTreeMap<&str, String>,
    findings: &Findings,
) -> ControlRow<'a> {
    let definition = &control.definition;
    let by_rule: BTreeMap<&str, Summary> = control.tallies(findings).into_iter().collect();
    ControlRow {
        id: &definition.id,
        title: &definition.title,
        about: about(control, other),
        verified: definition.verified,
        note: definition.note.as_deref().unwrap_or_default(),
        status: words::status(control.status),
        parts: parts(control),
        responsible: definition.responsibility.as_str(),
        aws_part: definition.aws_part.as_deref().unwrap_or_default(),
        customer_part: definition.customer_part.as_deref().unwrap_or_default(),
        rules: definition.rules.iter().map(|rule| rule_line(rule, addresses, by_rule.get(rule.as_str()))).collect(),
        said: control.attestations.iter().map(said_line).collect(),
        report,
        missing: &control.missing,
        open: open(control, &by_rule),
    }
}

/// Which rules have a fail or could not be evaluated, and what AWS's reports leave open.
fn open(control: &Control, by_rule: &BTreeMap<&str, Summary>) -> Vec<String> {
    let is_open = |rule: &&String| by_rule.get(rule.as_str()).is_some_and(|seen| seen.fail + seen.not_evaluated > 0);
    let mut open: Vec<String> = control.definition.rules.iter().filter(is_open).cloned().collect();
    if control.customer == Some(Status::NotEvaluated) && open.is_empty() {
        open.push("nothing was seen that bears on it".to_owned());
    }
    match control.aws {
        Some(Status::InheritedGap) => open.push("AWS's reports leave days of the period uncovered".to_owned()),
        Some(Status::NotEvaluated) => open.push("AWS's reports were not read".to_owned()),
        _ => {}
    }
    open
}

fn about(control: &Control, other: Option<&str>) -> String {
    let definition = &control.definition;
    let mut about = Vec::new();
    about.extend(definition.level.clone());
    about.extend(baselines(&definition.baselines));
    if let (Some(edition), Some(number)) = (other, &definition.other_number) {
        about.push(format!("{edition}: {number}"));
    }
    about.join("; ")
}

/// For instance "NIST L M H".
fn baselines(baselines: &[Baseline]) -> Vec<String> {
    let mut lists: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for baseline in baselines {
        let (list, letter) = baseline.short();
        lists.entry(list).or_default().push(letter);
    }
    ["NIST", "Rev5", "Class"].iter().filter_map(|list| Some(format!("{list} {}", lists.get(list)?.join(" ")))).collect()
}

fn parts(control: &Control) -> Vec<Part> {
    match (control.aws, control.customer) {
        (Some(aws), Some(customer)) => vec![
            Part { whose: "AWS", status: words::status(aws) },
            Part { whose: "Customer", status: words::status(customer) },
        ],
        _ => Vec::new(),
    }
}

fn report_line(control: &Control, kind: &str) -> String {
    let reports = words::counted(words::number(control.reports.len()), "document");
    if kind == "any" { reports } else { format!("{kind}, {reports}") }
}

fn rule_line<'a>(rule: &'a str, addresses: &BTreeMap<&str, String>, seen: Option<&Summary>) -> RuleLine<'a> {
    let Some(seen) = seen else {
        return RuleLine { rule, address: String::new(), verdict: "", counts: String::new() };
    };
    RuleLine {
        rule,
        address: addresses.get(rule).cloned().unwrap_or_default(),
        verdict: seen.heaviest().map_or("", words::verdict),
        counts: seen.to_string(),
    }
}

fn said_line(attestation: &Attestation) -> SaidLine<'_> {
    SaidLine {
        id: &attestation.id,
        by: attestation.by.as_deref().unwrap_or_default(),
        on: attestation.on.map(words::day).unwrap_or_default(),
    }
}

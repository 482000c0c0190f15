//! The four documents of OSCAL.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use serde_json::Value;

use super::Unread;
use super::claims::{Claims, Said};
use super::reference::{Calls, Kind, Verdict};
use super::walk::{text, walk};

/// The value of a prop; empty where there is none.
fn prop<'v>(value: &'v Value, name: &str) -> &'v str {
    let props = value["props"].as_array();
    let found = props.into_iter().flatten().find(|prop| prop["name"] == name);
    found.and_then(|prop| prop["value"].as_str()).unwrap_or_default()
}

/// Texts that were made inert for Markdown say the same and read otherwise, so messages are not compared here.
fn said(value: &Value) -> Said<'_> {
    Said {
        id: prop(value, "finding-id"),
        verdict: Some(prop(value, "verdict")),
        rule: Some(prop(value, "rule")),
        level: Some(prop(value, "level")),
        reason: Some(prop(value, "reason")),
        ..Said::default()
    }
}

/// `oscal/assessment-results.json`
pub(super) fn results(file: File, claims: &mut Claims<'_>) -> Result<(), Unread> {
    const PATHS: [&str; 7] = [
        "assessment-results/results/*/observations/*",
        "assessment-results/results/*/findings/*",
        "assessment-results/results/*/risks/*",
        "assessment-results/results/*/props/*",
        "assessment-results/back-matter/resources/*",
        // As long as the list of findings, for some controls.
        "assessment-results/results/*/findings/*/related-observations/*",
        "assessment-results/results/*/findings/*/related-risks/*",
    ];
    let mut controls = Controls::default();
    let (mut counts, mut rules) = (BTreeMap::new(), BTreeMap::new());
    let (mut calls, mut risks) = (Calls::default(), Risks::default());
    let mut reports = BTreeSet::new();
    walk(file, &PATHS, |part, value| match part {
        0 if !prop(&value, "finding-id").is_empty() => observation(&value, claims),
        0 if !prop(&value, "control").is_empty() => controls.add(&value, None),
        0 => rule(&value, &mut rules),
        1 => controls.add(&value, Some(text(&value, &["target", "status", "state"]))),
        2 => risks.add(&value, claims),
        3 => {
            let number = text(&value, &["value"]).parse::<u64>().ok();
            counts.insert(text(&value, &["name"]).replace('-', "_"), number);
        }
        5 | 6 => {}
        _ if prop(&value, "type") == "report" => {
            reports.insert(prop(&value, "report-id").to_owned());
        }
        _ if !prop(&value, "call").is_empty() => {
            let [id, outcome, sha256] = ["call", "outcome", "answer-sha256"].map(|name| prop(&value, name));
            calls.add(id, outcome, sha256);
        }
        _ => {}
    })?;
    claims.nothing_left_out(|_| true);
    let reference = claims.reference();
    for (name, expected) in &reference.summary {
        claims.count(name, counts.get(name).copied().flatten(), *expected);
    }
    if rules != reference.rules {
        claims.differs("the coverage of its rules is not that of results.json".to_owned());
    }
    if calls != reference.calls {
        claims.differs("the calls in its back matter are not those of results.json".to_owned());
    }
    claims.same("the report", &reports, &reference.reports);
    risks.end(claims);
    controls.end(claims);
    Ok(())
}

/// How OSCAL names a call: by a resource, whose name follows from nothing that a reader may rely on. So the id in the
/// description counts.
fn observation(value: &Value, claims: &mut Claims<'_>) {
    let evidence = value["relevant-evidence"].as_array().into_iter().flatten();
    let calls = evidence.filter_map(|cited| text(cited, &["description"]).strip_prefix("Call ")).collect();
    claims.finding(&Said { evidence: Some(calls), ..said(value) });
}

fn rule(value: &Value, rules: &mut BTreeMap<String, [u64; 3]>) {
    let numbers = ["eligible", "examined", "unexamined"].map(|name| prop(value, name).parse().unwrap_or_default());
    rules.insert(prop(value, "rule").to_owned(), numbers);
}

/// The risks: one for each failure, approved where a valid waiver stands beside it.
#[derive(Default)]
struct Risks {
    /// Of which findings there is one, by their places.
    of: Vec<bool>,
}

impl Risks {
    fn add(&mut self, value: &Value, claims: &mut Claims<'_>) {
        let id = prop(value, "finding-id");
        let reference = claims.reference();
        let Some((at, fact)) = reference.find(id) else {
            return claims.differs(format!("has a risk of `{}`, which results.json lacks", id.escape_debug()));
        };
        let Kind { verdict, waived, .. } = *reference.kind(fact);
        let status = if waived { "deviation-approved" } else { "open" };
        if verdict != Verdict::Fail || text(value, &["status"]) != status || prop(value, "verdict") != "fail" {
            claims.differs(format!("its risk of {id} does not fit what results.json says"));
        }
        self.of.resize(reference.findings().len(), false);
        self.of[at] = true;
    }

    fn end(&self, claims: &mut Claims<'_>) {
        let number = self.of.iter().filter(|is| **is).count() as u64;
        claims.count("risks", Some(number), claims.reference().count(Verdict::Fail));
    }
}

/// The controls: program and id, with status, responsibility and state.
#[derive(Default)]
struct Controls(BTreeSet<String>);

impl Controls {
    fn add(&mut self, value: &Value, state: Option<&str>) {
        let [program, id, status, answers] =
            ["program", "control", "status", "responsibility"].map(|name| prop(value, name));
        self.0.insert(line(program, id, status, answers, state));
    }

    fn end(&self, claims: &mut Claims<'_>) {
        let state = |status: &str| match status {
            "met" => Some("satisfied"),
            "not_met" => Some("not-satisfied"),
            _ => None,
        };
        let controls = claims.reference().controls.iter();
        let expected = controls.map(|control| {
            line(&control.program, &control.id, &control.status, &control.responsibility, state(&control.status))
        });
        claims.same("the control", &self.0, &expected.collect());
    }
}

fn line(program: &str, id: &str, status: &str, answers: &str, state: Option<&str>) -> String {
    format!("{id} of {program} ({status}, {answers}, {})", state.unwrap_or("no state"))
}

/// `oscal/poam.json`
pub(super) fn poam(file: File, claims: &mut Claims<'_>) -> Result<(), Unread> {
    const PATHS: [&str; 2] = ["plan-of-action-and-milestones/poam-items/*", "plan-of-action-and-milestones/risks/*"];
    let mut risks = Risks::default();
    walk(file, &PATHS, |part, value| match part {
        0 => claims.finding(&Said {
            resource: Some(prop(&value, "resource")),
            waived: Some(prop(&value, "waiver-valid") == "true"),
            ..said(&value)
        }),
        _ => risks.add(&value, claims),
    })?;
    claims.nothing_left_out(Kind::is_open);
    risks.end(claims);
    Ok(())
}

/// `oscal/assessment-plan.json`
pub(super) fn plan(file: File, claims: &mut Claims<'_>) -> Result<(), Unread> {
    const PATHS: [&str; 2] = [
        "assessment-plan/local-definitions/activities/*",
        "assessment-plan/reviewed-controls/control-selections/*/include-controls/*",
    ];
    let (mut rules, mut controls) = (BTreeSet::new(), 0);
    walk(file, &PATHS, |part, value| match part {
        0 => {
            rules.insert(prop(&value, "rule").to_owned());
        }
        _ => controls += 1,
    })?;
    let reference = claims.reference();
    claims.same("the rule", &rules, &reference.rules.keys().cloned().collect());
    claims.count("controls", Some(controls), reference.controls.len() as u64);
    Ok(())
}

/// `oscal/component-definition.json`
pub(super) fn components(file: File, claims: &mut Claims<'_>) -> Result<(), Unread> {
    const PATHS: [&str; 1] = ["component-definition/components/*/control-implementations/*"];
    let mut found = BTreeSet::new();
    walk(file, &PATHS, |_, implementation| {
        let program = prop(&implementation, "program");
        for requirement in implementation["implemented-requirements"].as_array().into_iter().flatten() {
            let [id, answers] = ["control", "responsibility"].map(|name| prop(requirement, name));
            found.insert(format!("{id} of {program} ({answers})"));
        }
    })?;
    let controls = claims.reference().controls.iter();
    let expected =
        controls.map(|control| format!("{} of {} ({})", control.id, control.program, control.responsibility));
    claims.same("the control", &found, &expected.collect());
    Ok(())
}

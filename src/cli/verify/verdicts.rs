//! The verdicts that a pack gives, against those that its evidence gives.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{BufReader, Read};

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use super::{BLOCK, RESULTS};
use crate::pack::{Judged, Pack, Results, SealedFinding};
use crate::seal::Deviation;
use crate::snapshot::Tool;

/// A finding: of which rule, on which resource, and its verdict.
struct Verdict {
    rule: String,
    resource: String,
    judged: Judged,
}

/// The verdicts by the findings' ids.
#[derive(Default)]
pub(super) struct Verdicts(BTreeMap<String, Verdict>);

/// `results.json`, as far as it is compared.
#[derive(Deserialize)]
struct Said {
    schema: String,
    findings: Verdicts,
}

/// What a `results.json` says; the error is a clause about it. No finding is held whole but the one that is being read.
pub(super) fn said(file: impl Read) -> Result<Verdicts, String> {
    let said: Said = serde_json::from_reader(BufReader::with_capacity(BLOCK, file))
        .map_err(|error| format!("does not parse: {error}"))?;
    Results::knows(&said.schema).map(|()| said.findings)
}

impl<'de> Deserialize<'de> for Verdicts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Findings)
    }
}

/// Reads a list of findings.
struct Findings;

impl<'de> Visitor<'de> for Findings {
    type Value = Verdicts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of findings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Verdicts, A::Error> {
        let mut verdicts = Verdicts::default();
        while let Some(finding) = list.next_element::<SealedFinding>()? {
            let judged = finding.judged();
            verdicts.0.insert(finding.id, Verdict { rule: finding.rule, resource: finding.resource, judged });
        }
        Ok(verdicts)
    }
}

fn of_evidence(again: &Pack) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for finding in &again.findings {
        let verdict = Verdict {
            rule: finding.rule.to_owned(),
            resource: finding.resource.clone(),
            judged: Judged::from(&*finding),
        };
        verdicts.0.insert(finding.id(), verdict);
    }
    verdicts
}

/// Every finding whose verdict does not follow from the evidence, by name.
pub(super) fn differing(Verdicts(sealed): &Verdicts, again: &Pack) -> Vec<Deviation> {
    let Verdicts(evident) = of_evidence(again);
    let ids: BTreeSet<&String> = sealed.keys().chain(evident.keys()).collect();
    let mut found = Vec::new();
    for id in ids {
        let (said, given) = (sealed.get(id), evident.get(id));
        let (said_verdict, given_verdict) = (said.map(|verdict| &verdict.judged), given.map(|verdict| &verdict.judged));
        let (Some(Verdict { rule, resource, .. }), true) = (given.or(said), said_verdict != given_verdict) else {
            continue;
        };
        let what = format!(
            "the finding {} ({} on {}) is `{}`, and the evidence gives `{}`",
            id.escape_debug(),
            rule.escape_debug(),
            resource.escape_debug(),
            words(said_verdict),
            words(given_verdict)
        );
        found.push(Deviation::new(RESULTS, what));
    }
    found
}

/// How this version judges the evidence of a pack that another version wrote, rule by rule.
pub(super) fn of_another_version(wrote: &Tool, Verdicts(sealed): &Verdicts, again: &Pack) -> Vec<String> {
    let Verdicts(evident) = of_evidence(again);
    let mut rules: BTreeMap<&str, (u64, String)> = BTreeMap::new();
    let ids: BTreeSet<&String> = sealed.keys().chain(evident.keys()).collect();
    for id in &ids {
        let (said, given) = (sealed.get(*id), evident.get(*id));
        let (said_verdict, given_verdict) = (said.map(|verdict| &verdict.judged), given.map(|verdict| &verdict.judged));
        let (Some(verdict), true) = (given.or(said), said_verdict != given_verdict) else { continue };
        let example = || format!("`{}` there and `{}` here", words(said_verdict), words(given_verdict));
        rules.entry(&verdict.rule).or_insert_with(|| (0, example())).0 += 1;
    }
    let mut notes = vec![by(wrote)];
    if rules.is_empty() {
        notes.push(format!("Judged again by this version, all {} findings have the same verdict.", ids.len()));
        return notes;
    }
    notes
        .push(format!("Judged again by this version, {} rules give other verdicts on the same evidence:", rules.len()));
    notes.extend(rules.iter().map(|(rule, (count, example))| {
        let findings = if *count == 1 { "1 finding".to_owned() } else { format!("{count} findings, the first") };
        format!("  {}: {findings} {example}", rule.escape_debug())
    }));
    notes
}

/// That this version cannot judge what another one wrote, and why.
pub(super) fn not_judged(wrote: &Tool, why: &str) -> String {
    format!("{} Its verdicts were not judged again: {why}.", by(wrote))
}

fn by(wrote: &Tool) -> String {
    let this = Tool::this();
    format!(
        "It was written by version {} and this is version {}; its files and its evidence were checked.",
        wrote.version.escape_debug(),
        this.version
    )
}

fn words(judged: Option<&Judged>) -> String {
    let Some(judged) = judged else { return "absent".to_owned() };
    let reason = judged.reason.as_deref().map(|reason| format!(": {}", reason.escape_debug())).unwrap_or_default();
    format!("{}{reason}{}", judged.verdict, if judged.waived { ", waived" } else { "" })
}

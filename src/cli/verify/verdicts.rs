//! The verdicts that a pack gives, against those that its evidence gives.

use std::collections::{BTreeMap, BTreeSet};

use super::RESULTS;
use crate::pack::{Judged, Pack, Results};
use crate::seal::Deviation;
use crate::snapshot::Tool;

/// A finding: of which rule, on which resource, and its verdict.
struct Verdict {
    rule: String,
    resource: String,
    judged: Judged,
}

/// The verdicts by the findings' ids.
type Verdicts = BTreeMap<String, Verdict>;

fn of_pack(results: &Results) -> Verdicts {
    let verdict = |finding: &crate::pack::SealedFinding| Verdict {
        rule: finding.rule.clone(),
        resource: finding.resource.clone(),
        judged: finding.judged(),
    };
    results.findings.iter().map(|finding| (finding.id.clone(), verdict(finding))).collect()
}

fn of_evidence(again: &Pack) -> Verdicts {
    let mut verdicts = Verdicts::new();
    for finding in &again.findings {
        let verdict = Verdict {
            rule: finding.rule.to_owned(),
            resource: finding.resource.clone(),
            judged: Judged::from(&*finding),
        };
        verdicts.insert(finding.id(), verdict);
    }
    verdicts
}

/// Every finding whose verdict does not follow from the evidence, by name.
pub(super) fn differing(results: &Results, again: &Pack) -> Vec<Deviation> {
    let (sealed, evident) = (of_pack(results), of_evidence(again));
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
pub(super) fn of_another_version(wrote: &Tool, results: &Results, again: &Pack) -> Vec<String> {
    let (sealed, evident) = (of_pack(results), of_evidence(again));
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

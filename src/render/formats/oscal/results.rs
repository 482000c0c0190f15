//! `oscal/assessment-results.json`: what was observed.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::Facts;
use super::back_matter::{self, BackMatter};
use super::controls::{self, Open};
use super::ids::{Id, Ids};
use super::observations;
use super::parts::{Prop, assessment_assets, metadata, own_of, reviewed_controls};
use crate::pack::{Pack, Summary};
use crate::render::formats::stream::{self, Line, Stream};
use crate::render::formats::text::seconds;
use crate::rules::Verdict;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'a> {
    assessment_results: AssessmentResults<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct AssessmentResults<'a> {
    uuid: Id,
    metadata: Value,
    import_ap: Value,
    results: [Run<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    back_matter: Option<BackMatter<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Run<'a> {
    uuid: Id,
    title: String,
    description: &'static str,
    start: String,
    end: String,
    props: Vec<Prop<'a>>,
    local_definitions: Local<'a>,
    reviewed_controls: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    observations: Option<Stream<'a, Line>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risks: Option<Stream<'a, Line>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Stream<'a, Line>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Local<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    inventory_items: Option<Stream<'a, Line>>,
    assessment_assets: Value,
}

pub(super) fn write(facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let pack = facts.pack;
    let ids = Ids::of(pack);
    let open = Open::new(pack);
    let document = Document {
        assessment_results: AssessmentResults {
            uuid: ids.here("document", "assessment-results"),
            metadata: metadata(pack, "What was observed of Amazon Pinpoint and its successors"),
            import_ap: json!({"href": "assessment-plan.json"}),
            results: [run(pack, ids, &open)],
            back_matter: back_matter::of(pack, ids),
        },
    };
    stream::indented(&document, out)
}

fn run<'a>(pack: &'a Pack, ids: Ids, open: &'a Open<'_>) -> Run<'a> {
    let has_findings = !pack.findings.is_empty();
    let observed =
        has_findings || !pack.rules.is_empty() || pack.programs.iter().any(|p| p.controls().next().is_some());
    Run {
        uuid: ids.here("result", ""),
        title: format!("Period {}", pack.period.name),
        description: "What the AWS APIs returned, judged rule by rule. What could not be read is never counted as a \
                      pass. It makes no statement on compliance.",
        start: seconds(pack.collected.first),
        end: seconds(pack.collected.last),
        props: counts(pack),
        local_definitions: Local {
            inventory_items: has_findings.then(|| Stream::new(move || observations::inventory(pack))),
            assessment_assets: assessment_assets(pack),
        },
        reviewed_controls: reviewed_controls(pack),
        observations: observed.then(|| Stream::new(move || all_observations(pack, ids))),
        risks: any_failed(pack).then(|| Stream::new(move || risks(pack, ids))),
        findings: controls::any_state(pack).then(|| Stream::new(move || controls::findings(pack, ids, open))),
    }
}

/// Whether a document has risks: OSCAL has no empty lists.
pub(super) fn any_failed(pack: &Pack) -> bool {
    pack.findings.any_verdict(|verdict| verdict == Verdict::Fail)
}

fn all_observations(pack: &Pack, ids: Ids) -> impl Iterator<Item = Line> + '_ {
    let of_rules = pack.rules.iter().map(move |rule| observations::of_rule(pack, ids, rule));
    let of_findings = pack.findings.iter().map(move |finding| observations::of_finding(pack, ids, &finding));
    of_rules.chain(of_findings).chain(controls::observations(pack, ids))
}

fn risks(pack: &Pack, ids: Ids) -> impl Iterator<Item = Line> + '_ {
    let failed = pack.findings.with_verdict(|verdict| verdict == Verdict::Fail);
    failed.map(move |finding| observations::risk(ids, &finding, true))
}

/// How many findings have each verdict.
fn counts(pack: &Pack) -> Vec<Prop<'_>> {
    let Summary { pass, fail, not_evaluated, not_applicable, attested, waived } = pack.summary;
    vec![
        own_of("pass", &pass),
        own_of("fail", &fail),
        own_of("not-evaluated", &not_evaluated),
        own_of("not-applicable", &not_applicable),
        own_of("attested", &attested),
        own_of("waived", &waived),
    ]
}

//! What the results rest on: files of calls with their hashes, the calls in them, and pointers into AWS Artifact.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::ids::{Id, Ids};
use super::parts::{Prop, own, own_of, standard};
use crate::pack::{EvidenceRow, Pack, Report};
use crate::render::escape;
use crate::render::formats::stream::{Line, Stream};
use crate::render::formats::text::line;

/// From `oscal/` to the pack.
const UP: &str = "../";

/// Documents and agreements are named as AWS Artifact names them.
const ARTIFACT: &str = "https://docs.aws.amazon.com/artifact/";

#[derive(Serialize)]
pub(super) struct BackMatter<'a> {
    resources: Stream<'a, Line>,
}

/// The resources that observations cite; `None` where there is nothing to cite.
pub(super) fn of(pack: &Pack, ids: Ids) -> Option<BackMatter<'_>> {
    let nothing = pack.evidence_files.is_empty()
        && pack.evidence.is_empty()
        && pack.reports.is_empty()
        && pack.agreements.is_empty();
    (!nothing).then(|| BackMatter { resources: Stream::new(move || resources(pack, ids)) })
}

fn resources(pack: &Pack, ids: Ids) -> impl Iterator<Item = Line> + '_ {
    let hashes: BTreeMap<&str, &str> =
        pack.evidence_files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
    let files = pack.evidence_files.iter().map(move |file| {
        Line::of(&json!({
            "uuid": ids.here("file", &file.path),
            "title": line(&file.path),
            "props": [standard("type", "evidence")],
            "rlinks": [link(&file.path, Some(&file.sha256))],
        }))
    });
    let calls = pack.evidence.iter().map(move |row| call(ids, &row, hashes.get(row.file.as_str()).copied()));
    let reports = pack.reports.iter().map(move |report| pointer(ids, report));
    let agreements = pack.agreements.iter().map(move |agreement| {
        let name = agreement.name.as_deref().unwrap_or("Agreement without a name");
        let arn = agreement.arn.as_deref().unwrap_or(name);
        let mut props = vec![own("scope", agreement.scope), own_of("baa", &agreement.baa)];
        props.extend(agreement.state.as_deref().map(|state| own("state", state)));
        artifact(ids, "agreement", &format!("{}/{arn}", agreement.account), name, arn, &props)
    });
    files.chain(calls).chain(reports).chain(agreements)
}

fn link(path: &str, sha256: Option<&str>) -> Value {
    let mut link = json!({"href": format!("{UP}{path}"), "media-type": "application/jsonl"});
    if let Some(sha256) = sha256 {
        link["hashes"] = json!([{"algorithm": "SHA-256", "value": sha256}]);
    }
    link
}

#[derive(Serialize)]
struct Call<'a> {
    uuid: Id,
    title: String,
    props: Vec<Prop<'a>>,
    rlinks: [Value; 1],
}

/// A call: the file that holds it, with that file's hash, its line there, and the hash of the answer by itself.
fn call(ids: Ids, row: &EvidenceRow, file_sha256: Option<&str>) -> Line {
    let id = row.id.to_string();
    let mut props = vec![
        standard("type", "evidence"),
        own("call", &id),
        own("outcome", row.outcome.as_str()),
        own_of("line", &row.line),
    ];
    props.extend(row.sha256.as_deref().map(|sha256| own("answer-sha256", sha256)));
    Line::of(&Call {
        uuid: ids.here("call", &id),
        title: line(&format!("{} {}", row.service, row.operation)).into_owned(),
        props,
        rlinks: [link(&row.file, file_sha256)],
    })
}

/// A pointer to a report; never what it says.
fn pointer(ids: Ids, report: &Report) -> Line {
    let name = report.name.as_deref().unwrap_or(&report.id);
    let arn = report.arn.as_deref().unwrap_or(&report.id);
    let mut props = vec![standard("type", "report"), own("report-id", &report.id)];
    props.extend(report.program.as_deref().map(|program| own("program", program)));
    props.extend(report.series.as_deref().map(|series| own("series", series)));
    props.extend(report.version.map(|version| own_of("version", &version)));
    props.extend(report.period_start.map(|day| own_of("period-start", &day)));
    props.extend(report.period_end.map(|day| own_of("period-end", &day)));
    props.extend(report.covers_period.map(|covers| own_of("covers-period", &covers)));
    let version = report.version.unwrap_or_default();
    artifact(ids, "report", &format!("{arn}/{version}/{}", report.id), name, arn, &props)
}

fn artifact(ids: Ids, kind: &str, key: &str, name: &str, arn: &str, props: &[Prop<'_>]) -> Line {
    Line::of(&json!({
        "uuid": ids.here(kind, key),
        "title": line(&escape::text(name)),
        "description": "A pointer into AWS Artifact. What the document says is not in this pack.",
        "props": props,
        "document-ids": [{"scheme": ARTIFACT, "identifier": line(arn)}],
    }))
}

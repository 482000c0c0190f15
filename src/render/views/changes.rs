//! `changes`: what changed since an earlier pack, and why. Inside of the later pack, and as what `diff` prints.

mod answers;
mod lists;

use std::collections::BTreeMap;

use serde::Serialize;

use super::finding_pages::FindingPages;
use crate::pack::{Cause, CauseKind, Changes, Compared, DECLARATIONS, Direction, Field, FindingChange, Judged, Pack};
use crate::render::page::Page;
use crate::render::rows::Repeated;
use crate::render::words;
use lists::Lists;

/// The template, under `templates/`.
pub(in crate::render) const TEMPLATE: &str = "changes.md.tera";

/// Causes that are told one by one.
const CAUSES_SHOWN: usize = 50;

/// Findings below each of them.
const MOVED_SHOWN: usize = 12;

/// Members that differ below each of them.
const FIELDS_SHOWN: usize = 12;

/// Rows of each table below.
const ROWS_SHOWN: usize = 300;

/// Characters of a value.
const VALUE_SHOWN: usize = 160;

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View<'a> {
    since: &'a str,
    summary: &'a [String],
    facts: Vec<Fact>,
    causes: Vec<CauseView<'a>>,
    causes_more: u64,
    /// What moved no verdict.
    quiet: Vec<CauseView<'a>>,
    quiet_more: u64,
    findings: Vec<FindingRow<'a>>,
    findings_more: u64,
    /// Findings that are open in neither pack, and in one of them only.
    passing_by: u64,
    lists: Lists<'a>,
    in_pack: bool,
    tool: String,
}

#[derive(Serialize)]
struct Fact {
    name: &'static str,
    then: String,
    now: String,
}

#[derive(Serialize)]
struct CauseView<'a> {
    id: &'a str,
    number: usize,
    kind: &'static str,
    /// Its sentence, without a full stop.
    heading: &'a str,
    modified: String,
    modified_by: &'a str,
    findings: Vec<FindingRow<'a>>,
    findings_more: u64,
    passing_by: u64,
    fields: Vec<FieldRow>,
    fields_more: u64,
}

#[derive(Clone, Serialize)]
struct FindingRow<'a> {
    rule: &'a str,
    level: &'static str,
    name: &'a str,
    resource: &'a str,
    /// In the findings of the pack; empty outside of it.
    address: String,
    direction: &'static str,
    /// Where it got worse.
    message: &'a str,
    before: VerdictView,
    after: VerdictView,
    causes: Vec<Link>,
}

#[derive(Clone, Default, Serialize)]
struct VerdictView {
    /// Empty where there is no finding.
    label: &'static str,
    reason: String,
    waived: bool,
}

/// A member, or how an answer ended.
#[derive(Clone, Serialize)]
struct FieldRow {
    answer: String,
    member: String,
    before: String,
    after: String,
}

/// A cause as tables name it.
#[derive(Clone, Serialize)]
struct Link {
    id: String,
    number: usize,
}

/// The page of a pack that was compared with an earlier one.
pub(in crate::render) fn page<'a>(pack: &Pack, changes: &'a Changes, findings: &FindingPages) -> Page<'a, View<'a>> {
    let positions = pack.findings.positions(changes.findings.iter().map(|change| change.id.as_str()));
    let places = positions.into_iter().map(|(id, place)| (id.to_owned(), findings.address_of(place, id)));
    let view = View::new(changes, true, &places.collect());
    let repeated = Repeated::default();
    Page { document: "changes".into(), number: 0, title: "Changes", template: TEMPLATE, view, repeated }
}

impl<'a> View<'a> {
    /// What `diff` prints.
    pub(in crate::render) fn alone(changes: &'a Changes) -> Self {
        Self::new(changes, false, &BTreeMap::new())
    }

    fn new(changes: &'a Changes, in_pack: bool, addresses: &BTreeMap<String, String>) -> Self {
        let told: Vec<&FindingChange> = changes.findings.iter().filter(|change| !passes_by(change)).collect();
        let findings: BTreeMap<&str, FindingRow<'a>> =
            told.iter().map(|change| (change.id.as_str(), finding_row(change, addresses))).collect();
        let (loud, quiet): (Vec<&Cause>, Vec<&Cause>) =
            changes.causes.iter().partition(|cause| !cause.findings.is_empty());
        let view = |causes: &[&'a Cause]| -> Vec<CauseView<'a>> {
            causes.iter().take(CAUSES_SHOWN).map(|cause| cause_view(cause, &findings)).collect()
        };
        Self {
            since: &changes.old.period.name,
            summary: &changes.summary,
            facts: facts(&changes.old, &changes.new),
            causes: view(&loud),
            causes_more: beyond(loud.len(), CAUSES_SHOWN),
            quiet: view(&quiet),
            quiet_more: beyond(quiet.len(), CAUSES_SHOWN),
            findings: told
                .iter()
                .take(ROWS_SHOWN)
                .filter_map(|change| findings.get(change.id.as_str()).cloned())
                .collect(),
            findings_more: beyond(told.len(), ROWS_SHOWN),
            passing_by: words::number(changes.findings.len() - told.len()),
            lists: Lists::new(changes),
            in_pack,
            tool: format!("{} {}", changes.tool.name, changes.tool.version),
        }
    }
}

fn beyond(all: usize, shown: usize) -> u64 {
    words::number(all.saturating_sub(shown))
}

fn facts(old: &Compared, new: &Compared) -> Vec<Fact> {
    let row = |name, of: fn(&Compared) -> String| Fact { name, then: of(old), now: of(new) };
    vec![
        row("Period", |pack| format!("{}: {} to {}", pack.period.name, pack.period.start, pack.period.end)),
        row("Judged at", |pack| words::minute(pack.judged_at)),
        row("Written by", |pack| format!("{} {}", pack.tool.name, pack.tool.version)),
        row("Collected by", |pack| pack.caller.clone()),
        row("Root digest of the manifest", |pack| pack.root.clone().unwrap_or_else(|| "this pack".to_owned())),
        row("Open findings of required rules", |pack| words::count(pack.open)),
        row("▲ fail (of these waived)", |pack| format!("{} ({})", pack.summary.fail, pack.summary.waived)),
        row("◇ not evaluated", |pack| words::count(pack.summary.not_evaluated)),
        row("● pass", |pack| words::count(pack.summary.pass)),
        row("◆ attested", |pack| words::count(pack.summary.attested)),
        row("– not applicable", |pack| words::count(pack.summary.not_applicable)),
    ]
}

fn cause_view<'a>(cause: &'a Cause, findings: &BTreeMap<&str, FindingRow<'a>>) -> CauseView<'a> {
    let moved: Vec<FindingRow<'a>> =
        cause.findings.iter().filter_map(|id| findings.get(id.as_str()).cloned()).collect();
    let declared = cause.declared.iter().map(declared_row);
    let fields: Vec<FieldRow> = declared.chain(answers::rows(&cause.answers)).collect();
    CauseView {
        id: &cause.id,
        number: number_of(&cause.id),
        kind: kind(cause.kind),
        heading: cause.sentence.trim_end_matches('.'),
        modified: cause.last_modified.clone().unwrap_or_default(),
        modified_by: cause.last_modified_by.as_deref().unwrap_or_default(),
        passing_by: words::number(cause.findings.len() - moved.len()),
        findings_more: beyond(moved.len(), MOVED_SHOWN),
        findings: moved.into_iter().take(MOVED_SHOWN).collect(),
        fields_more: beyond(fields.len(), FIELDS_SHOWN),
        fields: fields.into_iter().take(FIELDS_SHOWN).collect(),
    }
}

/// Whether it is in one pack only and open in neither: too little to tell one by one.
fn passes_by(change: &FindingChange) -> bool {
    change.direction == Direction::Other && (change.before.is_none() || change.after.is_none())
}

fn number_of(cause: &str) -> usize {
    cause.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn links(causes: &[String]) -> Vec<Link> {
    let link = |cause: &String| Link { id: cause.clone(), number: number_of(cause) };
    causes.iter().map(link).collect()
}

const fn kind(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Configuration => "Configuration change",
        CauseKind::Permission => "Permission change",
        CauseKind::Collection => "Collected otherwise",
        CauseKind::Declaration => "Declaration change",
        CauseKind::Tool => "Tool change",
        CauseKind::Retirement => "Service retirement",
        CauseKind::Period => "Passing of time",
        CauseKind::Undetermined => "Undetermined",
    }
}

const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Worse => "▲ worse",
        Direction::Unseen => "◇ no longer judged",
        Direction::Better => "● better",
        Direction::Other => "– other",
    }
}

fn finding_row<'a>(change: &'a FindingChange, addresses: &BTreeMap<String, String>) -> FindingRow<'a> {
    FindingRow {
        rule: &change.rule,
        level: change.level.as_str(),
        name: words::name_or(change.resource_name.as_deref(), ""),
        resource: &change.resource,
        address: addresses.get(&change.id).cloned().unwrap_or_default(),
        direction: direction(change.direction),
        message: if change.direction == Direction::Worse { &change.message } else { "" },
        before: change.before.as_ref().map(verdict).unwrap_or_default(),
        after: change.after.as_ref().map(verdict).unwrap_or_default(),
        causes: links(&change.causes),
    }
}

fn verdict(judged: &Judged) -> VerdictView {
    VerdictView {
        label: words::sealed_verdict(judged.verdict),
        reason: judged.reason.as_deref().unwrap_or_default().replace('_', " "),
        waived: judged.waived,
    }
}

fn declared_row(field: &Field) -> FieldRow {
    FieldRow { answer: DECLARATIONS.to_owned(), ..field_row(field) }
}

fn field_row(field: &Field) -> FieldRow {
    FieldRow {
        answer: String::new(),
        member: field.path.clone(),
        before: value(field.before.as_ref()),
        after: value(field.after.as_ref()),
    }
}

/// A value on one line, cut where it is long; empty where there is none.
fn value(value: Option<&serde_json::Value>) -> String {
    let text = match value {
        None | Some(serde_json::Value::Null) => return String::new(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let mut cut: String = text.chars().take(VALUE_SHOWN).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

//! The tables of resources, reports, agreements, declarations and rules.

use serde::Serialize;

use super::{FieldRow, Link, ROWS_SHOWN, beyond, declared_row, links};
use crate::pack::{AgreementState, Changes, Listed, ReportChange, ReportState};
use crate::render::words;
use crate::rules::Level;

/// What the template may ask for.
#[derive(Serialize)]
pub(super) struct Lists<'a> {
    resources: Vec<ResourceRow<'a>>,
    resources_more: u64,
    reports: Vec<ReportRow>,
    agreements: Vec<ReportRow>,
    declarations: Vec<FieldRow>,
    rules: Vec<RuleRow<'a>>,
}

#[derive(Serialize)]
struct ResourceRow<'a> {
    change: &'static str,
    kind: &'a str,
    name: &'a str,
    id: &'a str,
    place: String,
    causes: Vec<Link>,
}

#[derive(Serialize)]
struct ReportRow {
    change: String,
    name: String,
    before: String,
    after: String,
    causes: Vec<Link>,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    id: &'a str,
    before: &'static str,
    after: &'static str,
}

impl<'a> Lists<'a> {
    pub(super) fn new(changes: &'a Changes) -> Self {
        let level = |level: Option<Level>| level.map_or("no such rule", Level::as_str);
        Self {
            resources: changes
                .resources
                .iter()
                .take(ROWS_SHOWN)
                .map(|change| ResourceRow {
                    change: listed(change.change),
                    kind: &change.kind,
                    name: if change.name == change.id { "" } else { words::name_or(Some(&change.name), "") },
                    id: &change.id,
                    place: format!("{}, {}", change.account, change.region),
                    causes: links(&change.causes),
                })
                .collect(),
            resources_more: beyond(changes.resources.len(), ROWS_SHOWN),
            reports: changes.reports.iter().take(ROWS_SHOWN).map(report).collect(),
            agreements: changes
                .agreements
                .iter()
                .map(|change| ReportRow {
                    change: listed(change.change).to_owned(),
                    name: change.name.clone().unwrap_or_else(|| change.id.clone()),
                    before: change.before.as_ref().map(agreement_state).unwrap_or_default(),
                    after: change.after.as_ref().map(agreement_state).unwrap_or_default(),
                    causes: links(&change.causes),
                })
                .collect(),
            declarations: changes.declarations.iter().take(ROWS_SHOWN).map(declared_row).collect(),
            rules: changes
                .rules
                .iter()
                .map(|rule| RuleRow { id: &rule.id, before: level(rule.before), after: level(rule.after) })
                .collect(),
        }
    }
}

const fn listed(listed: Listed) -> &'static str {
    match listed {
        Listed::Added => "added",
        Listed::NewlySeen => "seen for the first time; may have been there before",
        Listed::Removed => "removed",
        Listed::NoLongerSeen => "no longer seen; may still be there",
        Listed::Changed => "changed",
    }
}

fn report(change: &ReportChange) -> ReportRow {
    let name = change.name.clone().unwrap_or_else(|| change.id.clone());
    let version = change.version.map(|version| format!(", version {version}")).unwrap_or_default();
    ReportRow {
        change: if change.new_version { "new version".to_owned() } else { listed(change.change).to_owned() },
        name: format!("{name}{version}"),
        before: change.before.as_ref().map(report_state).unwrap_or_default(),
        after: change.after.as_ref().map(report_state).unwrap_or_default(),
        causes: links(&change.causes),
    }
}

fn report_state(state: &ReportState) -> String {
    let days = match (state.period_start, state.period_end) {
        (None, None) => "no dates".to_owned(),
        (start, end) => {
            let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "no date".to_owned(), words::day);
            format!("{} to {}", day(start), day(end))
        }
    };
    state.state.as_ref().map_or_else(|| days.clone(), |word| format!("{word}: {days}"))
}

fn agreement_state(state: &AgreementState) -> String {
    let parts = [
        state.state.clone(),
        state.effective_start.as_ref().map(|start| format!("from {start}")),
        state.effective_end.as_ref().map(|end| format!("until {end}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

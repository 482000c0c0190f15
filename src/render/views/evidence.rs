//! `evidence`: what was collected, how each call ended, what was not looked at, and the index of every call.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::pack::{Evidence, EvidenceRow, Pack};
use crate::render::index_of_calls::{CALLS_PER_PAGE, sheet_address};
use crate::render::page::{Page, Pager};
use crate::render::{escape, words};
use crate::snapshot::{Outcome, SkippedAccount, Tool, UnreadAccount};

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View<'a> {
    pager: Pager,
    total: u64,
    first: String,
    last: String,
    caller: &'a str,
    caller_account: &'a str,
    tool: &'a Tool,
    accounts: &'a [String],
    accounts_unread: &'a [UnreadAccount],
    accounts_skipped: &'a [SkippedAccount],
    regions: &'a [String],
    regions_not_scanned: &'a [String],
    /// On the first page only.
    outcomes: Vec<OutcomeRow>,
    example: Option<CallRow>,
    calls: Vec<CallRow>,
}

#[derive(Serialize)]
struct OutcomeRow {
    outcome: String,
    calls: u64,
    meaning: &'static str,
}

#[derive(Serialize)]
struct CallRow {
    id: String,
    anchor: String,
    /// Of its provenance sheet.
    sheet: String,
    service: String,
    operation: String,
    about: String,
    account: String,
    region: String,
    page: u32,
    started: String,
    outcome: String,
    request_id: String,
    sha256: String,
    sha256_start: String,
    file: String,
    file_name: String,
    file_address: String,
    line: u64,
}

/// Every page, in order; at least one.
pub(in crate::render) fn pages(pack: &Pack) -> impl Iterator<Item = Page<View<'_>>> {
    let of = pack.evidence.len().div_ceil(CALLS_PER_PAGE).max(1);
    (0..of).map(move |number| {
        let rows = pack.evidence.range(number * CALLS_PER_PAGE..(number + 1) * CALLS_PER_PAGE);
        let view = View {
            pager: Pager::new("evidence", number, of),
            total: words::number(pack.evidence.len()),
            first: words::minute(pack.collected.first),
            last: words::minute(pack.collected.last),
            caller: &pack.caller.arn,
            caller_account: &pack.caller.account,
            tool: &pack.tool,
            accounts: &pack.scope.accounts,
            accounts_unread: &pack.scope.accounts_unread,
            accounts_skipped: &pack.scope.accounts_skipped,
            regions: &pack.scope.regions,
            regions_not_scanned: &pack.scope.regions_not_scanned,
            outcomes: if number == 0 { outcomes(&pack.evidence) } else { Vec::new() },
            example: pack.evidence.iter().find(|row| row.sha256.is_some()).map(call_row),
            calls: rows.map(call_row).collect(),
        };
        Page { document: "evidence".into(), number, title: "Evidence", template: "evidence.md.tera", view }
    })
}

fn outcomes(calls: &Evidence) -> Vec<OutcomeRow> {
    let mut counts: BTreeMap<Outcome, u64> = BTreeMap::new();
    for outcome in calls.outcomes() {
        *counts.entry(outcome).or_default() += 1;
    }
    let row = |(outcome, calls): (&Outcome, &u64)| OutcomeRow {
        outcome: words::outcome(*outcome),
        calls: *calls,
        meaning: meaning(*outcome),
    };
    counts.iter().map(row).collect()
}

/// What an outcome lets a reader conclude.
const fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Observed => "AWS answered; the answer is the evidence",
        Outcome::NotConfigured => "AWS answered that nobody configured it",
        Outcome::AccessDenied => "nothing: the caller may not make this call",
        Outcome::Throttled => "nothing: AWS asked to slow down until the attempts were used up",
        Outcome::Timeout => "nothing: no complete answer within the time allowed",
        Outcome::Unreachable => "nothing: there was no connection",
        Outcome::ServerError => "nothing: AWS answered with a server error",
        Outcome::Unmodelled => "nothing: the answer has a shape that the service does not document",
        Outcome::Truncated => "what was seen was there; the rest of the list is unknown",
        Outcome::EndOfSupport => "nothing: an empty answer after the end of support of Amazon Pinpoint",
        Outcome::NotOffered => "AWS does not offer the service there; no request was made",
    }
}

fn call_row(row: EvidenceRow) -> CallRow {
    let sha256 = row.sha256.clone().unwrap_or_default();
    CallRow {
        id: row.id.to_string(),
        anchor: escape::anchor(&row.id.to_string()),
        sheet: sheet_address(&row),
        page: row.page,
        started: words::second(row.started),
        outcome: words::outcome(row.outcome),
        request_id: row.request_id.unwrap_or_default(),
        sha256_start: sha256.get(..12).unwrap_or(&sha256).to_owned(),
        sha256,
        file_name: row.file.rsplit('/').next().unwrap_or_default().to_owned(),
        file_address: escape::file_address(&row.file),
        line: row.line,
        service: row.service,
        operation: row.operation,
        about: row.about,
        account: row.account,
        region: row.region,
        file: row.file,
    }
}

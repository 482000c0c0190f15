//! `evidence`: what was collected, how each call ended, what was not looked at, and the index of every call.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use crate::pack::{Evidence, EvidenceRow, Pack};
use crate::render::index_of_calls::{CALLS_PER_PAGE, index_document, sheet_address};
use crate::render::page::{Page, Pager, page_path};
use crate::render::rows::{Repeated, Row};
use crate::render::{escape, words};
use crate::snapshot::{Outcome, SkippedAccount, Tool, UnreadAccount};

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View<'a> {
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
    /// Of a large pack.
    parts: Vec<PartRow>,
    /// The mark of the rows.
    calls: String,
}

/// What the template of a part's index may ask for.
#[derive(Serialize)]
pub(in crate::render) struct PartView {
    pager: Pager,
    part: String,
    total: u64,
    calls: String,
}

/// The calls of one account and region.
pub(in crate::render) struct CallsOf {
    /// Of their index, without number and ending.
    document: String,
    account: String,
    region: String,
    /// The earlier snapshot that they are of; empty for the newest.
    earlier: String,
    /// Where they are in the pack's list.
    at: Range<usize>,
}

#[derive(Serialize)]
struct PartRow {
    account: String,
    region: String,
    earlier: String,
    address: String,
    calls: u64,
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
    /// Empty for the first.
    page: String,
    started: String,
    outcome: String,
    request_id: String,
    sha256: String,
    sha256_start: String,
    file: String,
    file_name: String,
    file_address: String,
    line: String,
}

impl Row for CallRow {
    const TEMPLATE: &'static str = "call-row.md.tera";
    const COLUMNS: usize = 8;

    fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        let Self { id, anchor, sheet, service, operation, about, account, region, .. } = self;
        [id, anchor, sheet, service, operation, about, account, region].into_iter().for_each(&mut *visit);
        let Self { page, started, outcome, request_id, sha256_start, file_name, file_address, line, .. } = self;
        [page, started, outcome, request_id, sha256_start].into_iter().for_each(&mut *visit);
        [file_name, file_address, line].into_iter().for_each(&mut *visit);
        // No row shows these, so they are not of its shape.
        [&mut self.sha256, &mut self.file].into_iter().for_each(String::clear);
    }
}

/// The accounts and regions of a large pack, in order; none of a small one.
pub(in crate::render) fn parts(calls: &Evidence) -> Vec<CallsOf> {
    let mut parts: Vec<CallsOf> = Vec::new();
    if calls.len() <= CALLS_PER_PAGE {
        return parts;
    }
    for (file, account, region, at) in calls.files() {
        let document = index_document(file);
        if let Some(part) = parts.last_mut().filter(|part| part.document == document) {
            part.at.end = at.end;
            continue;
        }
        let earlier = file.strip_prefix("evidence/earlier/").and_then(|file| file.split('/').next());
        let earlier = earlier.unwrap_or_default().to_owned();
        parts.push(CallsOf { document, account: account.to_owned(), region: region.to_owned(), earlier, at });
    }
    parts
}

/// Every page of the parts: the place of the part, and the number of the page.
pub(in crate::render) fn all(parts: &[CallsOf]) -> Vec<(usize, usize)> {
    let of_part = |(at, part): (usize, &CallsOf)| (0..part.pages()).map(move |number| (at, number));
    parts.iter().enumerate().flat_map(of_part).collect()
}

impl CallsOf {
    fn pages(&self) -> usize {
        self.at.len().div_ceil(CALLS_PER_PAGE)
    }

    fn row(&self) -> PartRow {
        PartRow {
            account: self.account.clone(),
            region: self.region.clone(),
            earlier: self.earlier.clone(),
            address: page_path(&self.document, 0),
            calls: words::number(self.at.len()),
        }
    }
}

/// The first page: of a small pack the only one.
pub(in crate::render) fn first<'a>(pack: &'a Pack, parts: &[CallsOf]) -> Page<'a, View<'a>> {
    let mut repeated = Repeated::default();
    let all = if parts.is_empty() { pack.evidence.iter().map(call_row).collect() } else { Vec::new() };
    let view = View {
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
        outcomes: outcomes(&pack.evidence),
        example: pack.evidence.iter().find(|row| row.sha256.is_some()).map(call_row),
        parts: parts.iter().map(CallsOf::row).collect(),
        calls: repeated.add(all),
    };
    let (document, template) = ("evidence".into(), "evidence.md.tera");
    Page { document, number: 0, title: "Evidence", template, view, repeated }
}

/// A page of the index of a large pack.
pub(in crate::render) fn page<'a>(
    pack: &Pack,
    parts: &[CallsOf],
    (part, number): (usize, usize),
) -> Page<'a, PartView> {
    let part = &parts[part];
    let first = part.at.start + number * CALLS_PER_PAGE;
    let rows = pack.evidence.range(first..part.at.end.min(first + CALLS_PER_PAGE));
    let mut repeated = Repeated::default();
    let of = if part.earlier.is_empty() { String::new() } else { format!(", collected {}", part.earlier) };
    let view = PartView {
        pager: Pager::new(&part.document, number, part.pages()),
        part: format!("account {}, {}{of}", part.account, part.region),
        total: words::number(part.at.len()),
        calls: repeated.add(rows.map(call_row).collect()),
    };
    let (document, template) = (part.document.clone().into(), "index-of-calls.md.tera");
    Page { document, number, title: "Index of calls", template, view, repeated }
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
        page: if row.page > 1 { row.page.to_string() } else { String::new() },
        started: words::second(row.started),
        outcome: words::outcome(row.outcome),
        request_id: row.request_id.unwrap_or_default(),
        sha256_start: sha256.get(..12).unwrap_or(&sha256).to_owned(),
        sha256,
        file_name: row.file.rsplit('/').next().unwrap_or_default().to_owned(),
        file_address: escape::file_address(&row.file),
        line: row.line.to_string(),
        service: row.service,
        operation: row.operation,
        about: row.about,
        account: row.account,
        region: row.region,
        file: row.file,
    }
}

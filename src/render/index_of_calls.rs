//! Where the provenance sheet of each call and each finding stands, so that documents can link to them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::pack::{Evidence, EvidenceRow, Findings, Pack};
use crate::render::page::page_path;
use crate::render::views::finding_pages::FindingPages;
use crate::render::{escape, words};
use crate::snapshot::CallId;
use crate::snapshot::read::GROUP;

/// Rows on one page of the index.
pub(super) const CALLS_PER_PAGE: usize = 1000;

/// Provenance sheets on one page.
pub(super) const SHEETS_PER_PAGE: usize = GROUP;

/// Calls by their id, and findings by their place.
pub(super) struct CallIndex<'a> {
    calls: &'a Evidence,
    all: &'a Findings,
    findings: &'a FindingPages,
    /// The document with the sheets of each file of calls, as it stands in an address.
    documents: Vec<String>,
}

/// A call as other documents name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct CallLink {
    /// The call's id.
    pub(super) id: String,
    /// Where it stands; empty when the index does not hold it.
    pub(super) address: String,
}

impl CallLink {
    /// See [`Row::texts`](crate::render::rows::Row::texts).
    pub(super) fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        visit(&mut self.id);
        visit(&mut self.address);
    }
}

impl<'a> CallIndex<'a> {
    /// Of the rows of a pack.
    pub(super) fn new(pack: &'a Pack, findings: &'a FindingPages) -> Self {
        let calls = &pack.evidence;
        let documents = calls.paths().map(|path| escape::file_address(&sheets_document(path))).collect();
        Self { calls, all: &pack.findings, findings, documents }
    }

    /// Where the findings stand.
    pub(super) const fn findings(&self) -> &'a FindingPages {
        self.findings
    }

    /// Where the finding at a place of the pack's list stands.
    pub(super) fn of_finding(&self, place: usize) -> String {
        self.findings.address_of(place, &self.id_of(place))
    }

    /// The id of the finding at a place of the pack's list.
    pub(super) fn id_of(&self, place: usize) -> String {
        self.all.id_at(place).unwrap_or_default()
    }

    /// The links to some calls, in their order.
    pub(super) fn links(&self, calls: &[CallId]) -> Vec<CallLink> {
        calls.iter().map(|id| CallLink { id: id.to_string(), address: self.address(id) }).collect()
    }

    /// The latest time of some calls, as a reader sees it.
    pub(super) fn observed(&self, calls: &[CallId]) -> Option<String> {
        let latest: Option<DateTime<Utc>> = calls.iter().filter_map(|id| self.calls.started(id)).max();
        latest.map(words::minute)
    }

    /// The time of the first and of the last of some calls, as a reader sees them; one time when they are the same.
    pub(super) fn span<'c>(&self, calls: impl Iterator<Item = &'c CallId>) -> Option<String> {
        let times: Vec<DateTime<Utc>> = calls.filter_map(|id| self.calls.started(id)).collect();
        let (first, last) = (words::minute(*times.iter().min()?), words::minute(*times.iter().max()?));
        Some(if first == last { first } else { format!("{first} to {last}") })
    }

    fn address(&self, id: &CallId) -> String {
        let stands = self.calls.line_of(id);
        stands.map_or_else(String::new, |(file, line)| address_in(&self.documents[file], line, id))
    }
}

/// Where the sheet of a call stands, from the files of the pack.
pub(super) fn sheet_address(row: &EvidenceRow) -> String {
    address_in(&escape::file_address(&sheets_document(&row.file)), row.line, &row.id)
}

/// The same, where the document is an address already.
fn address_in(document: &str, line: u64, id: &CallId) -> String {
    let page = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX) / SHEETS_PER_PAGE;
    let mut address = page_path(document, page);
    address.push('#');
    address.push_str(&escape::anchor(&id.to_string()));
    address
}

/// The document with the sheets of a file of calls: `calls/<account>/<region>/<service>`, of an earlier snapshot
/// `calls/earlier/<finished>/<account>/<region>/<service>`.
pub(super) fn sheets_document(file: &str) -> String {
    let place = file.strip_prefix("evidence/").unwrap_or(file);
    let place = place.strip_suffix(".jsonl").unwrap_or(place);
    match place.split_once("/calls/") {
        Some((earlier, place)) => format!("calls/{earlier}/{place}"),
        None => place.to_owned(),
    }
}

/// The document with the index of the calls of an account and region, of which a file of calls lies there.
pub(super) fn index_document(file: &str) -> String {
    let sheets = sheets_document(file);
    let folder = sheets.rsplit_once('/').map_or("calls", |(folder, _)| folder);
    format!("{folder}/index")
}

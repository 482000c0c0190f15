//! `calls/<account>/<region>/<service>`: the provenance sheet of each call, with the answer as it was recorded.

use serde::Serialize;

use crate::estate::about;
use crate::render::index_of_calls::sheets_document;
use crate::render::page::{Page, Pager};
use crate::render::rows::{Repeated, Row};
use crate::render::{escape, json, words};
use crate::snapshot::read::{Group, ReadError, Snapshot};
use crate::snapshot::{Call, CallId};

/// Redactions that a sheet names.
const REDACTIONS_SHOWN: usize = 12;

/// Of how many pages a document's Markdown still holds the answers. What takes more is for programs, which have the files
/// of the calls; people read the HTML, which holds them all.
const FULL_PAGES: usize = 10;

/// Characters of a request or an error that a sheet shows.
const CHARACTERS_SHOWN: usize = 2_000;

/// What the template may ask for.
#[derive(Serialize)]
pub(in crate::render) struct View {
    pager: Pager,
    service: String,
    account: String,
    region: String,
    /// Whether the answers are left to the HTML.
    brief: bool,
    /// The mark of the sheets.
    calls: String,
}

#[derive(Serialize)]
struct Sheet {
    anchor: String,
    id: String,
    operation: String,
    about: String,
    /// Empty for the first.
    page: String,
    parameters: String,
    started: String,
    finished: String,
    /// As words.
    attempts: String,
    outcome: String,
    status: String,
    request_id: String,
    error_code: String,
    error_message: String,
    /// As words.
    bytes: String,
    sha256: String,
    /// How many members the page of a list held, as words.
    items: String,
    more: bool,
    redactions: Vec<String>,
    redactions_more: u64,
    file: String,
    file_address: String,
    line: String,
    answer: String,
    cut: bool,
    brief: bool,
}

impl Row for Sheet {
    const TEMPLATE: &'static str = "sheet.md.tera";
    const COLUMNS: usize = 0;

    fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        let Self { anchor, id, operation, about, page, parameters, started, finished, attempts, outcome, .. } = self;
        [anchor, id, operation, about, page, parameters].into_iter().for_each(&mut *visit);
        [started, finished, attempts, outcome].into_iter().for_each(&mut *visit);
        let Self { status, request_id, error_code, error_message, bytes, sha256, items, .. } = self;
        [status, request_id, error_code, error_message].into_iter().for_each(&mut *visit);
        [bytes, sha256, items].into_iter().for_each(&mut *visit);
        self.redactions.iter_mut().for_each(&mut *visit);
        let Self { file, file_address, line, answer, .. } = self;
        [file, file_address, line, answer].into_iter().for_each(&mut *visit);
    }

    fn is_brief_in_markdown(&self) -> bool {
        self.brief
    }
}

/// The sheets of one file of calls. Of its calls, no more than one is held for each page that is made.
pub(in crate::render) struct Sheets<'s> {
    groups: Vec<Group<'s>>,
    /// Its path in the pack.
    file: String,
    /// The document that shows it.
    document: String,
    /// The id that a call has in the pack.
    id: Box<dyn Fn(&CallId) -> CallId + Sync + 's>,
}

impl<'s> Sheets<'s> {
    /// Of one file of a snapshot; `file` is its path in the pack.
    ///
    /// # Errors
    /// When it cannot be read, or is not what the snapshot says.
    pub(in crate::render) fn of(
        snapshot: &'s Snapshot,
        path: &'s str,
        file: String,
        id: impl Fn(&CallId) -> CallId + Sync + 's,
    ) -> Result<Self, ReadError> {
        let groups = snapshot.groups(path)?;
        Ok(Self { groups, document: sheets_document(&file), file, id: Box::new(id) })
    }

    /// The calls of each page, in order; none where the file holds none.
    pub(in crate::render) fn groups(&self) -> impl Iterator<Item = &Group<'s>> + Send {
        self.groups.iter()
    }

    /// One page.
    ///
    /// # Errors
    /// When its calls cannot be read any more.
    pub(in crate::render) fn page<'a>(&self, group: &Group<'_>) -> Result<Page<'a, View>, ReadError> {
        let brief = self.groups.len() > FULL_PAGES;
        let (mut calls, mut place) = (Vec::new(), None);
        group.each(|line, call| {
            calls.push(sheet(&(self.id)(&call.id), &call, (&self.file, line.to_string()), brief));
            place.get_or_insert((call.service, call.account, call.region));
        })?;
        let (service, account, region) = place.unwrap_or_default();
        let pager = Pager::new(&self.document, group.number(), self.groups.len());
        let mut repeated = Repeated::default();
        let view = View { pager, service, account, region, brief, calls: repeated.add(calls) };
        let document = self.document.clone().into();
        Ok(Page { document, number: group.number(), title: "Calls", template: "calls.md.tera", view, repeated })
    }
}

fn sheet(id: &CallId, call: &Call, (file, line): (&str, String), brief: bool) -> Sheet {
    let body = call.body.as_deref().unwrap_or_default();
    let answer = json::shown(body);
    let error = call.error.as_ref();
    Sheet {
        anchor: escape::anchor(&id.to_string()),
        id: id.to_string(),
        operation: call.operation.clone(),
        about: about(call.parameters.iter().map(|(name, value)| (name.as_str(), value))),
        page: if call.page > 1 { call.page.to_string() } else { String::new() },
        parameters: short(&serde_json::to_string(&call.parameters).unwrap_or_default()),
        started: words::millisecond(call.started),
        finished: words::millisecond(call.finished),
        attempts: words::counted(u64::from(call.attempts), "attempt"),
        outcome: words::outcome(call.outcome),
        status: call.http_status.map(|status| status.to_string()).unwrap_or_default(),
        request_id: call.request_id.clone().unwrap_or_default(),
        error_code: error.and_then(|error| error.code.clone()).unwrap_or_default(),
        error_message: short(error.and_then(|error| error.message.as_deref()).unwrap_or_default()),
        bytes: words::counted(words::number(body.len()), "byte"),
        sha256: call.sha256.clone().unwrap_or_default(),
        items: call.items.map(|items| words::counted(items, "item")).unwrap_or_default(),
        more: call.more,
        redactions: call.redactions.iter().take(REDACTIONS_SHOWN).cloned().collect(),
        redactions_more: words::number(call.redactions.len().saturating_sub(REDACTIONS_SHOWN)),
        file: file.to_owned(),
        file_address: escape::file_address(file),
        line,
        answer: answer.text,
        cut: answer.cut,
        brief,
    }
}

/// The beginning of a long text, which the file of the call holds as a whole.
fn short(text: &str) -> String {
    match text.char_indices().nth(CHARACTERS_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

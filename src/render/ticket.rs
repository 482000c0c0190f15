//! A ticket: one page, within what trackers take.

use serde::Serialize;

use super::markdown::Engine;
use super::{RenderError, adf, words};
use crate::pack::{Item, PackDigest, Ticket, Verdicts};

/// The most characters of a page, in UTF-16 as Jira counts them. Jira takes 32,767 in a description, GitHub 65,536 in
/// the body of an issue; every form keeps to the smaller, so that each fits both.
const LIMIT: usize = 32_767;

/// What GitHub takes as a file in an issue.
const GITHUB_FILE: u64 = 25 * 1024 * 1024;

const TEMPLATE: &str = "ticket.md.tera";

/// The forms of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketFormat {
    /// GitHub Flavored Markdown.
    Markdown,
    /// Atlassian Document Format, as JSON.
    Adf,
    /// The ticket as data.
    Json,
}

/// The ticket in one of its forms. All of them have the same items: as many as fit into the longest.
///
/// # Errors
/// When the template or a value does not fit; see [`RenderError`].
pub fn ticket(mut ticket: Ticket, format: TicketFormat) -> Result<String, RenderError> {
    let engine = Engine::new()?;
    loop {
        let markdown = engine.fill(TEMPLATE, &View::new(&ticket))?;
        let adf = lines(&adf::document(&markdown))?;
        let json = lines(&ticket)?;
        let longest = [&markdown, &adf, &json].into_iter().map(|text| text.encode_utf16().count()).max();
        if longest <= Some(LIMIT) || ticket.items.is_empty() {
            return Ok(match format {
                TicketFormat::Markdown => markdown,
                TicketFormat::Adf => adf,
                TicketFormat::Json => json,
            });
        }
        ticket.keep(ticket.items.len() - 1);
    }
}

/// Not indented: indentation counts as well.
fn lines(value: &impl Serialize) -> Result<String, RenderError> {
    let mut json = serde_json::to_string(value).map_err(RenderError::Json)?;
    json.push('\n');
    Ok(json)
}

/// What the template may ask for.
#[derive(Serialize)]
struct View<'a> {
    fingerprint: &'a str,
    title: &'a str,
    organization: &'a str,
    accounts: &'a [String],
    regions: &'a [String],
    period: &'a str,
    start: String,
    end: String,
    judged: String,
    levels: [LevelRow; 2],
    items: Vec<ItemView<'a>>,
    more: u64,
    archive: &'a crate::pack::ArchiveDigest,
    size_note: &'static str,
    pack: &'a PackDigest,
    retain_until: String,
}

#[derive(Serialize)]
struct LevelRow {
    level: &'static str,
    counts: Verdicts,
}

#[derive(Serialize)]
struct ItemView<'a> {
    verdict: &'static str,
    reason: String,
    title: &'a str,
    name: &'a str,
    message: &'a str,
    rule: &'a str,
    level: &'static str,
    resource: &'a str,
    fingerprint: &'a str,
}

impl<'a> View<'a> {
    fn new(ticket: &'a Ticket) -> Self {
        let asked = &ticket.asked;
        Self {
            fingerprint: &ticket.fingerprint,
            title: &ticket.title,
            organization: words::name_or(asked.organization.as_deref(), ""),
            accounts: &asked.accounts,
            regions: &asked.regions,
            period: &asked.period.name,
            start: words::day(asked.period.start),
            end: words::day(asked.period.end),
            judged: words::minute(asked.judged_at),
            levels: [
                LevelRow { level: "Required", counts: ticket.required },
                LevelRow { level: "Recommended", counts: ticket.recommended },
            ],
            items: ticket.items.iter().map(ItemView::new).collect(),
            more: ticket.more,
            archive: &ticket.archive,
            size_note: if ticket.archive.bytes <= GITHUB_FILE {
                "That is below the 25 MB that GitHub takes in an issue; what Jira takes, its administrator sets."
            } else {
                "That is more than the 25 MB that GitHub takes in an issue, so put it where its readers can fetch it, \
                 and link it here; what Jira takes, its administrator sets."
            },
            pack: &ticket.pack,
            retain_until: words::day(ticket.pack.retain_until),
        }
    }
}

impl<'a> ItemView<'a> {
    fn new(item: &'a Item) -> Self {
        Self {
            verdict: words::sealed_verdict(item.verdict),
            reason: item.reason.as_deref().unwrap_or_default().replace('_', " "),
            title: &item.title,
            name: words::name_or(item.resource_name.as_deref(), ""),
            message: &item.message,
            rule: &item.rule,
            level: item.level.as_str(),
            resource: &item.resource,
            fingerprint: &item.fingerprint,
        }
    }
}

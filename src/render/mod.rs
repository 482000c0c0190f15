//! A [`Pack`] in, documents out: Markdown, HTML, and the machine formats. Pure: no network, no clock, no environment.
//!
//! Every sentence that a person reads is written once, in a Markdown template under `templates/`. The HTML pages are
//! made from that same Markdown, so the two can not differ. Whatever comes from AWS or from the configuration is inert
//! in both: the template engine escapes it, and the HTML stage lets no raw HTML through.
//!
//! This module decides nothing: a verdict or a fact that is not in the [`Pack`] appears in no document.

mod adf;
mod escape;
pub mod formats;
mod html;
mod index_of_calls;
mod json;
mod markdown;
mod page;
mod parts;
mod present;
mod rows;
mod svg;
mod ticket;
mod views;
mod words;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use crate::pack::write_up::hipaa;
use crate::pack::{Changes, DocumentName, Pack};
use crate::render::formats::Chosen;
use crate::render::index_of_calls::CallIndex;
use crate::render::markdown::Engine;
use crate::render::page::Publisher;
use crate::render::present::Present;
use crate::render::views::sheets::Sheets;
use crate::snapshot::several::{self, Snapshots};
use crate::snapshot::{CallId, ReadError};
use crate::threads;

pub use formats::{SCHEMA, SCHEMA_ID};
pub use ticket::{TicketFormat, ticket};

/// The file that says as data what changed since an earlier pack.
pub const CHANGES: &str = "changes.json";

/// Writes the content of one document.
pub type Content<'a> = &'a dyn Fn(&mut dyn Write) -> io::Result<()>;

/// Takes a document: its path below the pack with `/`, and what writes it. Documents come in no order, several at a time.
pub type Keep<'a, E> = &'a (dyn Fn(&str, Content<'_>) -> Result<(), E> + Sync);

/// Why a document could not be made. The texts fit after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template does not parse or asks for a value that it is not given; always a mistake in this program.
    #[error("fill the template `{template}`")]
    Template {
        /// Its file name under `templates/`.
        template: &'static str,
        /// What the engine says.
        source: tera::Error,
    },
    /// A value can not be written as JSON; always a mistake in this program.
    #[error("write JSON")]
    Json(#[source] serde_json::Error),
}

/// The page that a reader opens first: the cover where there is one. Relative to the pack.
#[must_use]
pub fn first_page(pack: &Pack) -> String {
    let first = Present::of(pack, &Chosen::all()).navigation().into_iter().next();
    first.map_or_else(|| "results.json".to_owned(), |(_, address, _)| html::address_of(&address))
}

/// Shows every document that follows from the pack alone. The pages are always among them, of the machine formats those
/// that were chosen. Equal packs give equal bytes.
///
/// # Errors
/// When a template or a value does not fit, and whatever `keep` says.
#[cfg(test)]
pub(crate) fn each_document<E: From<RenderError> + Send>(
    pack: &Pack,
    chosen: &Chosen,
    keep: Keep<'_, E>,
) -> Result<(), E> {
    each_page_of_pack(pack, chosen, keep)?;
    each_format(pack, chosen, keep)
}

/// Shows every page: those that follow from the pack, and the provenance sheets of its calls.
///
/// # Errors
/// When a template does not fit, a file of the evidence cannot be read, and whatever `keep` says.
pub fn each_page<E: From<RenderError> + From<ReadError> + Send>(
    pack: &Pack,
    chosen: &Chosen,
    snapshots: &Snapshots,
    keep: Keep<'_, E>,
) -> Result<(), E> {
    let (sheets, pages) =
        threads::both(|| each_sheet(pack, chosen, snapshots, keep), || each_page_of_pack(pack, chosen, keep));
    pages.and(sheets)
}

fn each_page_of_pack<E: From<RenderError> + Send>(pack: &Pack, chosen: &Chosen, keep: Keep<'_, E>) -> Result<(), E> {
    let (places, pages) = views::places::Places::new(pack);
    let calls = CallIndex::new(pack, &pages);
    let present = Present::of(pack, chosen);
    let has = |document| present.has(document);
    let publisher = Publisher::new(pack, chosen, keep)?;
    if has(DocumentName::Index) {
        publisher.illustrate([()], |()| views::index::page(pack, &calls, &places))?;
    }
    if let (true, Some(changes)) = (has(DocumentName::Changes), &pack.changes) {
        publisher.publish([()], |()| views::changes::page(pack, changes, &pages))?;
    }
    let wants_write_up = has(DocumentName::HipaaSharedResponsibility);
    // The write-up is one thing, and keeps one processor busy while the others make pages.
    let (write_up, printed) = threads::both(
        || wants_write_up.then(|| hipaa::write_up(pack)).flatten(),
        || {
            let shown = if has(DocumentName::ChannelUsage) { places.pages() } else { &[] };
            publisher.publish(shown, |page| views::channel_usage::page(pack, &calls, &places, page))
        },
    );
    printed?;
    if let Some(write_up) = write_up {
        publisher.illustrate([()], |()| views::write_up::page(pack, &write_up, &calls))?;
    }
    if has(DocumentName::Programs) {
        publisher.illustrate(views::program::all(pack), |program| views::program::page(pack, program, &calls))?;
    }
    if has(DocumentName::Findings) {
        publisher.illustrate([()], |()| views::findings::first(pack, &calls))?;
        publisher.publish(pages.all(), |page| views::findings::page(pack, &calls, page))?;
    }
    if has(DocumentName::Evidence) {
        let parts = views::evidence::parts(&pack.evidence);
        publisher.publish([()], |()| views::evidence::first(pack, &parts))?;
        publisher.publish(views::evidence::all(&parts), |page| views::evidence::page(pack, &parts, page))?;
    }
    Ok(())
}

/// Shows what is for programs.
///
/// # Errors
/// When a value does not fit, and whatever `keep` says.
pub fn each_format<E: From<RenderError> + Send>(pack: &Pack, chosen: &Chosen, keep: Keep<'_, E>) -> Result<(), E> {
    if let Some(changes) = &pack.changes {
        let json = changes_json(changes)?;
        keep(CHANGES, &|out| out.write_all(json.as_bytes()))?;
    }
    formats::each(pack, chosen, keep)
}

/// The provenance sheet of every call, with its recorded answer: pages that the evidence alone does not lead to, because
/// a pack names its calls and does not hold what they answered.
fn each_sheet<E: From<RenderError> + From<ReadError> + Send>(
    pack: &Pack,
    chosen: &Chosen,
    snapshots: &Snapshots,
    keep: Keep<'_, E>,
) -> Result<(), E> {
    if !Present::of(pack, chosen).has(DocumentName::Evidence) {
        return Ok(());
    }
    let publisher = Publisher::new(pack, chosen, keep)?;
    for file in snapshots.newest.files() {
        let sheets = Sheets::of(&snapshots.newest, file, format!("evidence/{file}"), CallId::clone)?;
        publisher.try_publish(sheets.groups(), |group| sheets.page(group))?;
    }
    for snapshot in &snapshots.earlier {
        let finished = snapshot.header.finished;
        for file in snapshot.files() {
            let path = format!("evidence/{}/{file}", several::folder(snapshot));
            let sheets = Sheets::of(snapshot, file, path, |id| id.of_earlier(finished))?;
            publisher.try_publish(sheets.groups(), |group| sheets.page(group))?;
        }
    }
    Ok(())
}

/// Writes the pack as data: `results.json`.
///
/// # Errors
/// When `out` does not take it.
pub fn results_json(pack: &Pack, out: &mut dyn Write) -> io::Result<()> {
    formats::results(pack, out)
}

/// What changed between two packs, as a page in Markdown.
///
/// # Errors
/// When the template or a value does not fit; see [`RenderError`].
pub fn changes_markdown(changes: &Changes) -> Result<String, RenderError> {
    Engine::new()?.fill(views::changes::TEMPLATE, &views::changes::View::alone(changes))
}

/// What changed between two packs, as data: indented, with a line break at its end.
///
/// # Errors
/// When a value can not be written as JSON.
pub fn changes_json(changes: &Changes) -> Result<String, RenderError> {
    let mut json = serde_json::to_string_pretty(changes).map_err(RenderError::Json)?;
    json.push('\n');
    Ok(json)
}

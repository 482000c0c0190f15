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
mod markdown;
mod page;
mod ticket;
mod views;
mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use crate::pack::{Changes, Pack};
use crate::render::formats::Chosen;
use crate::render::index_of_calls::CallIndex;
use crate::render::markdown::Engine;
use crate::render::page::Publisher;

pub use formats::{SCHEMA, SCHEMA_ID};
pub use ticket::{TicketFormat, ticket};

/// The file that says as data what changed since an earlier pack.
pub const CHANGES: &str = "changes.json";

/// Writes the content of one document.
pub type Content<'a> = &'a dyn Fn(&mut dyn Write) -> io::Result<()>;

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

/// Shows every document that follows from the pack alone: its path below the pack with `/`, and what writes it. The
/// pages are always among them, of the machine formats those that were chosen. Equal packs give equal bytes.
///
/// # Errors
/// When a template or a value does not fit, and whatever `keep` says.
pub fn each_document<E: From<RenderError>>(
    pack: &Pack,
    chosen: &Chosen,
    mut keep: impl FnMut(&str, Content<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let calls = CallIndex::new(&pack.evidence);
    let mut publisher = Publisher::new(pack, &mut keep)?;
    publisher.publish(views::index::pages(pack))?;
    publisher.publish(views::channel_usage::pages(pack, &calls))?;
    publisher.publish(views::program::pages(pack, &calls))?;
    publisher.publish(views::findings::pages(pack, &calls))?;
    publisher.publish(views::evidence::pages(pack))?;
    publisher.publish(views::changes::pages(pack))?;
    if let Some(changes) = &pack.changes {
        let json = changes_json(changes)?;
        keep(CHANGES, &|out| out.write_all(json.as_bytes()))?;
    }
    formats::each(pack, chosen, keep)
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

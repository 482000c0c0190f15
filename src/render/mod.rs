//! A [`Pack`] in, documents out: Markdown, HTML, JSON and CSV. Pure: no network, no clock, no environment.
//!
//! Every sentence that a person reads is written once, in a Markdown template under `templates/`. The HTML pages are
//! made from that same Markdown, so the two can not differ. Whatever comes from AWS or from the configuration is inert
//! in both: the template engine escapes it, and the HTML stage lets no raw HTML through.
//!
//! This module decides nothing: a verdict or a fact that is not in the [`Pack`] appears in no document.

mod csv;
mod escape;
mod html;
mod index_of_calls;
mod markdown;
mod page;
mod present;
mod results;
mod svg;
mod views;
mod words;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use crate::pack::write_up::hipaa;
use crate::pack::{DocumentName, Pack};
use crate::render::index_of_calls::CallIndex;
use crate::render::page::Publisher;
use crate::render::present::Present;

pub use results::{SCHEMA, SCHEMA_ID};

/// One file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Relative to the pack, with `/`.
    pub path: String,
    /// Its content; UTF-8 for every document of this module.
    pub bytes: Vec<u8>,
}

/// Why a document could not be written. The texts fit after "failed to".
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
    #[error("write `results.json`")]
    Json(#[source] serde_json::Error),
}

/// The page that a reader opens first: the cover where there is one. Relative to the pack.
#[must_use]
pub fn first_page(pack: &Pack) -> String {
    let first = Present::of(pack).navigation().into_iter().next();
    first.map_or_else(|| "results.json".to_owned(), |(_, address, _)| html::address_of(&address))
}

/// Every document that follows from the pack alone, sorted by path. Equal packs give equal bytes.
///
/// # Errors
/// When a template or a value does not fit; see [`RenderError`].
pub fn documents(pack: &Pack) -> Result<Vec<Document>, RenderError> {
    let calls = CallIndex::new(&pack.evidence);
    let present = Present::of(pack);
    let has = |document| present.has(document);
    let mut publisher = Publisher::new(pack)?;
    if has(DocumentName::Index) {
        publisher.publish(views::index::pages(pack))?;
    }
    if has(DocumentName::ChannelUsage) {
        publisher.publish(views::channel_usage::pages(pack, &calls))?;
    }
    if let (true, Some(write_up)) = (has(DocumentName::HipaaSharedResponsibility), hipaa::write_up(pack)) {
        publisher.illustrate([views::write_up::page(pack, &write_up, &calls)])?;
    }
    if has(DocumentName::Programs) {
        publisher.illustrate(views::program::pages(pack, &calls))?;
    }
    if has(DocumentName::Findings) {
        publisher.publish(views::findings::pages(pack, &calls))?;
    }
    if has(DocumentName::Evidence) {
        publisher.publish(views::evidence::pages(pack))?;
    }
    let mut documents = publisher.finish();
    documents.push(Document { path: "results.json".to_owned(), bytes: results::json(pack)? });
    if has(DocumentName::Findings) {
        documents.push(Document { path: "findings.csv".to_owned(), bytes: csv::findings(pack) });
    }
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(documents)
}

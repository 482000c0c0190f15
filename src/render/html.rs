//! Markdown in, HTML out, inside one shell.
//!
//! Nothing passes through raw: what looks like HTML in the Markdown becomes text, except two marks that the templates
//! use and that no escaped value can form, `<br>` and `<a id="…"></a>`, and the place of a picture. Links go to the pack itself, to a place on the
//! page, to `https:` or to `mailto:`; any other becomes its text, and so does every image.

mod rewrite;

use std::collections::BTreeMap;

use pulldown_cmark::{Options, Parser, TextMergeStream, html::push_html};
use serde::Serialize;
use tera::{Context, Tera};

use super::RenderError;

/// The shell's file name under `templates/`.
const SHELL: &str = "shell.html.tera";

/// The shell's text.
const SHELL_TEXT: &str = include_str!("../../templates/shell.html.tera");

/// What the pages look like.
const STYLE: &str = include_str!("../../templates/style.css");

/// The page around a text.
pub(super) struct Shell(Tera);

/// What the shell may ask for.
#[derive(Serialize)]
pub(super) struct ShellView<'a> {
    /// Of the document.
    pub(super) title: &'static str,
    /// Counted from one.
    pub(super) page_number: usize,
    /// Of the whole pack.
    pub(super) pack_name: &'a str,
    /// The same as the inside of a CSS string.
    pub(super) running_header: &'a str,
    /// The time that everything is judged at.
    pub(super) collected: &'a str,
    /// Which program wrote it.
    pub(super) tool: &'a str,
    /// The other documents.
    pub(super) navigation: Vec<NavItem>,
    /// HTML, from [`body`].
    pub(super) body: &'a str,
}

/// A link of the navigation.
#[derive(Serialize)]
pub(super) struct NavItem {
    /// Where.
    pub(super) address: String,
    /// What it says.
    pub(super) title: &'static str,
    /// Whether the page belongs to it.
    pub(super) current: bool,
}

impl Shell {
    /// Reads the shell.
    ///
    /// # Errors
    /// When it does not parse.
    pub(super) fn new() -> Result<Self, RenderError> {
        let mut tera = Tera::new();
        tera.autoescape_on([".html.tera"]);
        tera.add_raw_template(SHELL, SHELL_TEXT).map_err(|source| RenderError::Template { template: SHELL, source })?;
        tera.global_context().insert("style", STYLE);
        Ok(Self(tera))
    }

    /// A whole page.
    ///
    /// # Errors
    /// When the view lacks something that the shell asks for.
    pub(super) fn fill(&self, view: &ShellView<'_>) -> Result<String, RenderError> {
        Context::from_serialize(view)
            .and_then(|context| self.0.render(SHELL, &context))
            .map_err(|source| RenderError::Template { template: SHELL, source })
    }
}

/// Pictures by their name, each as HTML of our own.
pub(super) type Pictures = BTreeMap<&'static str, String>;

/// The text of a page as HTML.
#[cfg(test)]
pub(super) fn body(markdown: &str) -> String {
    illustrated(markdown, &Pictures::new())
}

/// The text of a page as HTML, with each picture in place of its mark, `<!-- picture NAME -->`. Markdown viewers show
/// nothing there, and no escaped value can form the mark.
pub(super) fn illustrated(markdown: &str, pictures: &Pictures) -> String {
    let events = TextMergeStream::new(Parser::new_ext(markdown, Options::ENABLE_TABLES)).collect();
    let mut html = String::with_capacity(markdown.len() * 2);
    push_html(&mut html, rewrite::rewrite(events, pictures).into_iter());
    html
}

/// The HTML page that belongs to a Markdown page of the pack; other addresses stay.
pub(super) fn address_of(address: &str) -> String {
    let (path, place) = address.split_at(address.find('#').unwrap_or(address.len()));
    path.strip_suffix(".md").map_or_else(|| address.to_owned(), |stem| format!("{stem}.html{place}"))
}

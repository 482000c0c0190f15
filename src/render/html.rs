//! Markdown in, HTML out, inside one shell.
//!
//! Nothing passes through raw: what looks like HTML in the Markdown becomes text, except the marks that the templates
//! use and that no escaped value can form, `<br>` and `<a id="…"></a>`, what folds away an answer, and the place of a picture. Links go to the pack itself, to a place on the
//! page, to `https:` or to `mailto:`; any other becomes its text, and so does every image.

mod rewrite;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pulldown_cmark::{Event, Options, Parser, Tag, TextMergeStream, html::push_html};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tera::{Context, Tera};

use super::{RenderError, escape};

/// The shell's file name under `templates/`.
const SHELL: &str = "shell.html.tera";

/// The shell's text.
const SHELL_TEXT: &str = include_str!("../../templates/shell.html.tera");

/// What the pages look like.
const STYLE: &str = include_str!("../../templates/style.css");

/// Filters the findings of a page. Nothing needs it: a page without it shows everything.
pub(super) const FILTER: &str = include_str!("../../templates/filter.js");

/// The style sheet of a pack, whose pages carry that name when they are printed.
pub(super) fn style(pack_name: &str) -> String {
    let name = escape::css_string(pack_name);
    format!(
        "\n{STYLE}@page {{ @top-left {{ content: \"{name}\" }} }}\n@page :first {{ @top-left {{ content: none }} }}\n"
    )
}

/// What stands between the tags of a style or a script, as a Content Security Policy names it: nothing else acts.
pub(super) fn hash(inline: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(inline.as_bytes())))
}

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
    /// The style sheet, and its hash for the policy.
    pub(super) style: &'a str,
    /// As the policy names it.
    pub(super) style_hash: &'a str,
    /// As the policy names it; empty on a page that needs no script.
    pub(super) script_hash: &'a str,
    /// The time that everything is judged at.
    pub(super) collected: &'a str,
    /// Which program wrote it.
    pub(super) tool: &'a str,
    /// The other documents.
    pub(super) navigation: Vec<NavItem>,
    /// See [`BODY`].
    pub(super) body: &'static str,
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
        tera.global_context().insert("script", FILTER);
        Ok(Self(tera))
    }

    /// What stands on a whole page before its text and after it. The text is HTML of [`illustrated`].
    ///
    /// # Errors
    /// When the view lacks something that the shell asks for.
    pub(super) fn around(&self, view: &ShellView<'_>) -> Result<(String, String), RenderError> {
        let shell = Context::from_serialize(view)
            .and_then(|context| self.0.render(SHELL, &context))
            .map_err(|source| RenderError::Template { template: SHELL, source })?;
        // A text can be megabytes long; the engine would copy it several times.
        let (before, after) = shell.split_once(BODY).unwrap_or((&shell, ""));
        Ok((before.to_owned(), after.to_owned()))
    }
}

/// What stands for the text of a page in its shell: a comment, which no escaped value can form.
pub(super) const BODY: &str = "<!-- text -->";

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

/// Some words of Markdown as HTML, without the paragraph around them.
pub(super) fn inline(markdown: &str) -> String {
    let html = illustrated(markdown, &Pictures::new());
    let inner = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>\n"));
    inner.map(str::to_owned).unwrap_or(html)
}

/// The text of a page with other addresses in its links.
pub(super) fn relinked(markdown: &str, address: impl Fn(&str) -> String) -> String {
    let mut moved = String::with_capacity(markdown.len());
    let mut done = 0;
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        if let Event::Start(Tag::Link { dest_url, .. }) = event
            && let Some(at) = markdown[range.clone()].rfind("](")
        {
            let begins = range.start + at + 2;
            moved.push_str(&markdown[done..begins]);
            moved.push_str(&address(&dest_url));
            done = range.end - 1;
        }
    }
    moved.push_str(&markdown[done..]);
    moved
}

/// The text of a page without what it folds away.
pub(super) fn without_folds(markdown: &str) -> String {
    let mut kept = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some((before, folded)) = rest.split_once(rewrite::FOLD_BEGINS) {
        kept.push_str(before.trim_end());
        kept.push('\n');
        rest = folded.split_once(&format!("\n{}\n", rewrite::FOLD_ENDS)).map_or("", |(_, rest)| rest);
    }
    kept.push_str(rest);
    kept
}

/// The HTML page that belongs to a Markdown page of the pack; other addresses stay.
pub(super) fn address_of(address: &str) -> String {
    let mut page = String::with_capacity(address.len() + 2);
    push_address(address, &mut page);
    page
}

/// Adds the same to a text.
pub(super) fn push_address(address: &str, out: &mut String) {
    let (path, place) = address.split_at(address.find('#').unwrap_or(address.len()));
    match path.strip_suffix(".md") {
        Some(stem) => [stem, ".html", place].into_iter().for_each(|piece| out.push_str(piece)),
        None => out.push_str(address),
    }
}

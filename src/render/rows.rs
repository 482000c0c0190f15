//! What a page repeats, row after row or section after section: filled once for each shape, then only with other texts.
//!
//! Every sentence still stands in a template and nowhere else. A row is filled with marks in place of its texts, which
//! gives its Markdown and, from that, its HTML; both are cut at the marks, and the texts of each row of the same shape go
//! between the pieces, escaped as the template engine and the Markdown parser would have done it.

mod shape;
mod stencil;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use serde::Serialize;

use self::stencil::Stencil;
use super::RenderError;
use super::html::{self, Pictures};
use super::markdown::Engine;
use super::present::Present;

/// Shapes that are remembered; a shape beyond that is made again for each row.
const SHAPES_KEPT: usize = 4096;

/// What a page shows many times.
pub(super) trait Row: Serialize + Send {
    /// Its template, under `templates/`: one line of a table, or a section.
    const TEMPLATE: &'static str;
    /// The columns of the table that it stands in; 0 for a section.
    const COLUMNS: usize;

    /// Shows every text that a template shows as text, as code or as an address, and decides nothing by but whether
    /// there is any. All else makes up the shape.
    fn texts(&mut self, visit: &mut dyn FnMut(&mut String));

    /// Whether the Markdown leaves what is folded away to the HTML.
    fn is_brief_in_markdown(&self) -> bool {
        false
    }
}

/// Markdown and HTML.
#[derive(Default)]
pub(super) struct Both {
    pub(super) markdown: String,
    pub(super) html: String,
}

/// Rows of one kind.
pub(super) trait Rows: Send {
    /// Fills them all, one below the other.
    fn fill(&mut self, forms: &Forms<'_>, on: &PageOf<'_>, out: &mut Both) -> Result<(), RenderError>;

    /// Whether they are rows of a table.
    fn in_table(&self) -> bool;
}

/// The page that rows stand on. Templates and views say where things are from the files of the pack.
pub(super) struct PageOf<'a> {
    /// Its Markdown file.
    path: &'a str,
    /// Its folder, with `/` at the end; empty at the top.
    folder: &'a str,
    /// From it to the files of the pack.
    up: String,
}

impl<'a> PageOf<'a> {
    /// The page with that Markdown file.
    pub(super) fn new(path: &'a str) -> Self {
        let folder = path.rfind('/').map_or("", |end| &path[..=end]);
        Self { path, folder, up: "../".repeat(path.matches('/').count()) }
    }

    /// An address from the files of the pack as it stands on the page: what goes before it, and what is left of it.
    pub(super) fn way<'s>(&'s self, address: &'s str) -> (&'s str, &'s str) {
        let file = address.split('#').next().unwrap_or_default();
        let leads_out = file.is_empty() || file.contains(':');
        match address.strip_prefix(self.folder) {
            _ if leads_out || self.folder.is_empty() => ("", address),
            Some(beside) => ("", beside),
            None => (&self.up, address),
        }
    }

    /// A text with its links from the page.
    pub(super) fn relink(&self, markdown: String) -> String {
        if self.folder.is_empty() {
            return markdown;
        }
        html::relinked(&markdown, |address| {
            let (up, rest) = self.way(address);
            format!("{up}{rest}")
        })
    }
}

impl<R: Row> Rows for Vec<R> {
    fn fill(&mut self, forms: &Forms<'_>, on: &PageOf<'_>, out: &mut Both) -> Result<(), RenderError> {
        let rest = self.len().saturating_sub(1);
        for (at, row) in self.iter_mut().enumerate() {
            if at > 0 && R::COLUMNS == 0 {
                out.markdown.push('\n');
            }
            let begin = (out.markdown.len(), out.html.len());
            forms.fill(row, on, out)?;
            if at == 0 {
                // The others are about as long.
                out.markdown.reserve((out.markdown.len() - begin.0) * rest);
                out.html.reserve((out.html.len() - begin.1) * rest);
            }
        }
        Ok(())
    }

    fn in_table(&self) -> bool {
        R::COLUMNS > 0
    }
}

/// The rows of one page; the page's own text has a mark for each list of them.
#[derive(Default)]
pub(super) struct Repeated<'a>(pub(super) Vec<Box<dyn Rows + 'a>>);

impl<'a> Repeated<'a> {
    /// Takes rows, and gives back the mark that stands for them; empty when there is none.
    pub(super) fn add<R: Row + 'a>(&mut self, rows: Vec<R>) -> String {
        if rows.is_empty() {
            return String::new();
        }
        self.0.push(Box::new(rows));
        mark(self.0.len() - 1)
    }

    /// Fills all of them, one list after the other, in place of what is in `out`; gives back where each one stands there.
    pub(super) fn fill(
        &mut self,
        forms: &Forms<'_>,
        on: &PageOf<'_>,
        out: &mut Both,
    ) -> Result<Vec<Filled>, RenderError> {
        out.markdown.clear();
        out.html.clear();
        let filled = self.0.iter_mut().map(|list| {
            let begin = (out.markdown.len(), out.html.len());
            list.fill(forms, on, out)?;
            let (markdown, html) = (begin.0..out.markdown.len(), begin.1..out.html.len());
            Ok(Filled { markdown, html, in_table: list.in_table() })
        });
        filled.collect()
    }
}

/// Where the rows of a list stand among those of its page.
pub(super) struct Filled {
    markdown: Range<usize>,
    html: Range<usize>,
    in_table: bool,
}

/// What stands for the rows of a list in the text of a page, alone on its line, which no text from outside ever is.
fn mark(number: usize) -> String {
    format!("x0rows{number}x")
}

/// A page in both forms, in pieces that follow each other: together they are megabytes.
pub(super) struct Pieces<'t> {
    pub(super) markdown: Vec<&'t str>,
    pub(super) html: Vec<&'t str>,
}

/// Puts rows in the place of their marks.
pub(super) fn put_in<'t>(page: &'t Both, rows: &'t Both, lists: &[Filled]) -> Pieces<'t> {
    let (mut markdown, mut html) = (Vec::new(), Vec::new());
    let (mut rest_of_markdown, mut rest_of_html) = (&*page.markdown, &*page.html);
    for (number, list) in lists.iter().enumerate() {
        let mark = mark(number);
        let (line, begins, ends) = if list.in_table {
            (format!("\n| {mark} |\n"), format!("<tr><td>{mark}</td>"), "</tr>\n")
        } else {
            (format!("\n{mark}\n"), format!("<p>{mark}</p>\n"), "")
        };
        if let Some((before, after)) = rest_of_markdown.split_once(&line) {
            markdown.extend([before, "\n", &rows.markdown[list.markdown.clone()]]);
            rest_of_markdown = after;
        }
        if let Some((before, after)) = rest_of_html.split_once(&begins) {
            html.extend([before, &rows.html[list.html.clone()]]);
            rest_of_html = after.split_once(ends).map_or(after, |(_, after)| after);
        }
    }
    markdown.push(rest_of_markdown);
    html.push(rest_of_html);
    Pieces { markdown, html }
}

/// The templates of rows, and the shapes that were seen so far.
pub(super) struct Forms<'a> {
    engine: &'a Engine,
    present: &'a Present,
    known: &'a Known,
}

/// Shapes, by template and by what a row is but for its texts.
#[derive(Default)]
pub(super) struct Known(RwLock<HashMap<Key, Arc<Stencil>>>);

/// A template, and which texts a row of it lacks, then the row without any.
type Key = (&'static str, Vec<u8>);

impl<'a> Forms<'a> {
    pub(super) const fn new(engine: &'a Engine, present: &'a Present, known: &'a Known) -> Self {
        Self { engine, present, known }
    }

    fn fill<R: Row>(&self, row: &mut R, on: &PageOf<'_>, out: &mut Both) -> Result<(), RenderError> {
        if self.present.is_narrowed() {
            // Which links stay depends on where each leads.
            return self.whole(row, on, out);
        }
        // Which texts there are is of the shape, what they say is not.
        let (mut texts, mut shape) = (Vec::new(), Vec::with_capacity(1024));
        row.texts(&mut |text| {
            shape.push(u8::from(text.is_empty()));
            if !text.is_empty() {
                texts.push(std::mem::take(text));
            }
        });
        shape::write(row, &mut shape).map_err(RenderError::Json)?;
        let key = (R::TEMPLATE, shape);
        let known = self.known.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let stencil = match known {
            Some(stencil) => stencil,
            None => self.learn(key, row)?,
        };
        stencil.fill(&texts, on, out);
        Ok(())
    }

    /// Makes the stencil of a row without its texts.
    fn learn<R: Row>(&self, key: Key, row: &mut R) -> Result<Arc<Stencil>, RenderError> {
        let (mut visited, mut slots) = (0, 0);
        row.texts(&mut |text| {
            if key.1[visited] == 0 {
                *text = stencil::slot(slots);
                slots += 1;
            }
            visited += 1;
        });
        let mut both = Both::default();
        self.whole(row, &PageOf::new(""), &mut both)?;
        let stencil = Arc::new(Stencil::cut(&both));
        let mut known = self.known.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < SHAPES_KEPT {
            known.insert(key, Arc::clone(&stencil));
        }
        Ok(stencil)
    }

    /// Fills a row by its template alone.
    fn whole<R: Row>(&self, row: &R, on: &PageOf<'_>, out: &mut Both) -> Result<(), RenderError> {
        let markdown = on.relink(self.engine.fill(R::TEMPLATE, row)?);
        let markdown = self.present.unlink(markdown, on.path);
        if R::COLUMNS == 0 {
            out.html.push_str(&html::illustrated(&markdown, &Pictures::new()));
        } else {
            let table = format!("|{}\n|{}\n{markdown}", " x |".repeat(R::COLUMNS), " --- |".repeat(R::COLUMNS));
            let table = html::illustrated(&table, &Pictures::new());
            let body = table.split_once("<tbody>\n").and_then(|(_, body)| body.split_once("</tbody>"));
            out.html.push_str(body.map_or("", |(rows, _)| rows));
        }
        let markdown = if row.is_brief_in_markdown() { html::without_folds(&markdown) } else { markdown };
        out.markdown.push_str(&markdown);
        Ok(())
    }
}

#[cfg(test)]
mod tests;

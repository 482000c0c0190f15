//! One page in, its Markdown file and its HTML file out.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::html::{self, NavItem, Pictures, Shell, ShellView};
use super::markdown::Engine;
use super::present::{Present, document_of};
use super::rows::{Both, Forms, Known, PageOf, Pieces, Repeated, put_in};
use super::{Keep, RenderError, escape, words};
use crate::pack::{DocumentName, Pack};
use crate::render::formats::Chosen;
use crate::threads;

/// A page before it is filled.
pub(super) struct Page<'a, V> {
    /// The document's file below the pack, with `/`, without number and ending.
    pub(super) document: Cow<'static, str>,
    /// Counted from zero.
    pub(super) number: usize,
    /// For the window's title.
    pub(super) title: &'static str,
    /// Under `templates/`.
    pub(super) template: &'static str,
    /// What the template may ask for.
    pub(super) view: V,
    /// What the page repeats: the view has a mark for each list.
    pub(super) repeated: Repeated<'a>,
}

/// Where a page stands among those of its document; addresses are empty at the ends.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Pager {
    /// Counted from one.
    pub(super) number: usize,
    /// How many there are.
    pub(super) of: usize,
    previous: String,
    next: String,
}

impl Pager {
    /// The page `number` (from zero) of `of` pages.
    pub(super) fn new(document: &str, number: usize, of: usize) -> Self {
        let previous = number.checked_sub(1).map(|before| page_path(document, before));
        let next = (number + 1 < of).then(|| page_path(document, number + 1));
        Self { number: number + 1, of, previous: previous.unwrap_or_default(), next: next.unwrap_or_default() }
    }
}

/// The Markdown file of a document's page, counted from zero.
pub(super) fn page_path(document: &str, number: usize) -> String {
    if number == 0 { format!("{document}.md") } else { format!("{document}-{}.md", number + 1) }
}

/// Turns pages into documents.
pub(super) struct Publisher<'a, E> {
    markdown: Engine,
    shell: Shell,
    frame: Frame,
    present: Present,
    known: Known,
    keep: Keep<'a, E>,
}

/// What every page of a pack shows around its text.
struct Frame {
    pack_name: String,
    style: String,
    style_hash: String,
    script_hash: String,
    collected: String,
    tool: String,
}

impl<'a, E: From<RenderError> + Send> Publisher<'a, E> {
    /// Reads the templates. `keep` is given every document.
    ///
    /// # Errors
    /// When one does not parse.
    pub(super) fn new(pack: &Pack, chosen: &Chosen, keep: Keep<'a, E>) -> Result<Self, RenderError> {
        let (markdown, shell) = (Engine::new()?, Shell::new()?);
        Ok(Self {
            markdown,
            shell,
            frame: Frame::new(pack),
            present: Present::of(pack, chosen),
            known: Known::default(),
            keep,
        })
    }

    /// Fills a page for each of some things, several at a time, and hands the pages on in no order.
    ///
    /// # Errors
    /// When a view lacks something that its template asks for, and whatever `keep` says.
    pub(super) fn publish<'p, T, V: Serialize>(
        &self,
        of: impl IntoIterator<Item = T, IntoIter: Send>,
        page: impl Fn(T) -> Page<'p, V> + Sync,
    ) -> Result<(), E> {
        self.illustrate(of, |one| (page(one), Pictures::new()))
    }

    /// The same, with pictures in the HTML.
    ///
    /// # Errors
    /// When a view lacks something that its template asks for, and whatever `keep` says.
    pub(super) fn illustrate<'p, T, V: Serialize>(
        &self,
        of: impl IntoIterator<Item = T, IntoIter: Send>,
        page: impl Fn(T) -> (Page<'p, V>, Pictures) + Sync,
    ) -> Result<(), E> {
        threads::each_of(of.into_iter(), |room, one| self.print(page(one), room))
    }

    /// The same, with pages that it may be impossible to make.
    ///
    /// # Errors
    /// When a page can not be made, when a view lacks something that its template asks for, and whatever `keep` says.
    pub(super) fn try_publish<'p, T, V: Serialize, F>(
        &self,
        of: impl IntoIterator<Item = T, IntoIter: Send>,
        page: impl Fn(T) -> Result<Page<'p, V>, F> + Sync,
    ) -> Result<(), E>
    where
        E: From<F>,
    {
        threads::each_of(of.into_iter(), |room, one| self.print((page(one)?, Pictures::new()), room))
    }

    /// Fills one page and hands it on. `room` is for its rows, whose room it is again for those of the next page.
    fn print<V: Serialize>(&self, (mut page, pictures): (Page<'_, V>, Pictures), room: &mut Both) -> Result<(), E> {
        let path = page_path(&page.document, page.number);
        let on = PageOf::new(&path);
        let text = on.relink(self.markdown.fill(page.template, &page.view)?);
        let text = self.present.unlink(text, &path);
        let own = Both { html: html::illustrated(&text, &pictures), markdown: text };
        let forms = Forms::new(&self.markdown, &self.present, &self.known);
        let lists = page.repeated.fill(&forms, &on, room)?;
        let Pieces { markdown, html } = put_in(&own, room, &lists);
        let (before, after) = self.shell.around(&self.frame.around(&page, &self.present))?;
        let html = [&[before.as_str()], html.as_slice(), &[after.as_str()]].concat();
        (self.keep)(&html::address_of(&path), &|out| in_pieces(&html, out))?;
        (self.keep)(&path, &|out| in_pieces(&markdown, out))
    }
}

fn in_pieces(pieces: &[&str], out: &mut dyn Write) -> io::Result<()> {
    pieces.iter().try_for_each(|piece| out.write_all(piece.as_bytes()))
}

impl Frame {
    fn new(pack: &Pack) -> Self {
        let mut pack_name = format!("Evidence pack {}", pack.period.name);
        if let Some(organization) = &pack.organization {
            pack_name = format!("{pack_name} · {}", organization.name);
        }
        let pack_name = escape::visible(&pack_name);
        let style = html::style(&pack_name);
        Self {
            style_hash: html::hash(&style),
            script_hash: html::hash(html::FILTER),
            style,
            pack_name,
            collected: words::minute(pack.collected.last),
            tool: escape::visible(&format!("{} {}", pack.tool.name, pack.tool.version)),
        }
    }

    fn around<V>(&self, page: &Page<'_, V>, present: &Present) -> ShellView<'_> {
        let up = "../".repeat(page.document.matches('/').count());
        let own = document_of(&page_path(&page.document, 0));
        let navigation = present.navigation().into_iter().map(|(document, address, title)| NavItem {
            address: format!("{up}{}", html::address_of(&address)),
            title,
            current: own == Some(document),
        });
        ShellView {
            title: page.title,
            page_number: page.number + 1,
            pack_name: &self.pack_name,
            style: &self.style,
            style_hash: &self.style_hash,
            script_hash: if own == Some(DocumentName::Findings) { &self.script_hash } else { "" },
            collected: &self.collected,
            tool: &self.tool,
            navigation: navigation.collect(),
            body: html::BODY,
        }
    }
}

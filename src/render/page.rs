//! One page in, its Markdown file and its HTML file out.

use std::borrow::Cow;

use serde::Serialize;

use super::html::{self, NavItem, Pictures, Shell, ShellView};
use super::markdown::Engine;
use super::present::{Present, document_of};
use super::{Content, RenderError, escape, words};
use crate::pack::{DocumentName, Pack};
use crate::threads;

/// A page before it is filled.
pub(super) struct Page<V> {
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

/// Turns pages into documents, one at a time.
pub(super) struct Publisher<'a, E> {
    markdown: Engine,
    shell: Shell,
    frame: Frame,
    present: Present,
    keep: &'a mut dyn FnMut(&str, Content<'_>) -> Result<(), E>,
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

impl<'a, E: From<RenderError>> Publisher<'a, E> {
    /// Reads the templates. `keep` is given every document.
    ///
    /// # Errors
    /// When one does not parse.
    pub(super) fn new(
        pack: &Pack,
        keep: &'a mut dyn FnMut(&str, Content<'_>) -> Result<(), E>,
    ) -> Result<Self, RenderError> {
        let (markdown, shell) = (Engine::new()?, Shell::new()?);
        Ok(Self { markdown, shell, frame: Frame::new(pack), present: Present::of(pack), keep })
    }

    /// Fills each page.
    ///
    /// # Errors
    /// When a view lacks something that its template asks for, and whatever `keep` says.
    pub(super) fn publish<V: Serialize>(
        &mut self,
        pages: impl IntoIterator<Item = Page<V>, IntoIter: Send>,
    ) -> Result<(), E> {
        self.illustrate(pages.into_iter().map(|page| (page, Pictures::new())))
    }

    /// Fills each page, several at a time, puts its pictures into the HTML, and hands the pages on in their order.
    ///
    /// # Errors
    /// When a view lacks something that its template asks for, and whatever `keep` says.
    pub(super) fn illustrate<V: Serialize>(
        &mut self,
        pages: impl IntoIterator<Item = (Page<V>, Pictures), IntoIter: Send>,
    ) -> Result<(), E> {
        self.print(pages.into_iter(), Ok::<_, RenderError>)
    }

    /// Makes a page of each item and fills it, several at a time, and hands the pages on in the order of the items.
    ///
    /// # Errors
    /// When a page can not be made, when a view lacks something that its template asks for, and whatever `keep` says.
    pub(super) fn print<T, V: Serialize, F: Send>(
        &mut self,
        items: impl Iterator<Item = T> + Send,
        page: impl Fn(T) -> Result<(Page<V>, Pictures), F> + Sync,
    ) -> Result<(), E>
    where
        E: From<F>,
    {
        let Self { markdown, shell, frame, present, keep } = self;
        let print = |(page, pictures): (Page<V>, Pictures)| -> Result<Printed, RenderError> {
            let path = page_path(&page.document, page.number);
            let markdown = present.unlink(markdown.fill(page.template, &page.view)?, &path);
            let body = html::illustrated(&markdown, &pictures);
            let html = shell.fill(&frame.around(&page, &body, present))?;
            Ok(Printed { path, markdown, html })
        };
        threads::in_order(
            items,
            |item| page(item).map(print),
            |printed| {
                let Printed { path, markdown, html } = printed??;
                keep(&html::address_of(&path), &|out| out.write_all(html.as_bytes()))?;
                keep(&path, &|out| out.write_all(markdown.as_bytes()))
            },
        )
    }
}

/// A page in both forms.
struct Printed {
    /// Of the Markdown file.
    path: String,
    markdown: String,
    html: String,
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

    fn around<'a, V>(&'a self, page: &Page<V>, body: &'a str, present: &Present) -> ShellView<'a> {
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
            body,
        }
    }
}

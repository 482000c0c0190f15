//! One page in, its Markdown file and its HTML file out.

use serde::Serialize;

use super::html::{self, NavItem, Shell, ShellView};
use super::markdown::Engine;
use super::{Content, RenderError, escape, words};
use crate::pack::Pack;

/// The page that only a pack has that was compared with an earlier one; it stands after the cover.
const CHANGES: (&str, &str) = ("changes.md", "Changes");

/// The navigation in the order of reading: the address in Markdown, and the title.
const NAVIGATION: [(&str, &str); 5] = [
    ("index.md", "Cover"),
    ("channel-usage.md", "Channel usage"),
    ("index.md#programs", "Programs"),
    ("findings.md", "Findings"),
    ("evidence.md", "Evidence"),
];

/// A page before it is filled.
pub(super) struct Page<V> {
    /// The document's file below the pack, with `/`, without number and ending.
    pub(super) document: &'static str,
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
    keep: &'a mut dyn FnMut(&str, Content<'_>) -> Result<(), E>,
}

/// What every page of a pack shows around its text.
struct Frame {
    pack_name: String,
    running_header: String,
    collected: String,
    tool: String,
    navigation: Vec<(&'static str, &'static str)>,
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
        Ok(Self { markdown, shell, frame: Frame::new(pack), keep })
    }

    /// Fills each page.
    ///
    /// # Errors
    /// When a view lacks something that its template asks for, and whatever `keep` says.
    pub(super) fn publish<V: Serialize>(&mut self, pages: impl IntoIterator<Item = Page<V>>) -> Result<(), E> {
        for page in pages {
            let path = page_path(page.document, page.number);
            let markdown = self.markdown.fill(page.template, &page.view)?;
            let body = html::body(&markdown);
            let html = self.shell.fill(&self.frame.around(&page, &body))?;
            (self.keep)(&html::address_of(&path), &|out| out.write_all(html.as_bytes()))?;
            (self.keep)(&path, &|out| out.write_all(markdown.as_bytes()))?;
        }
        Ok(())
    }
}

impl Frame {
    fn new(pack: &Pack) -> Self {
        let mut pack_name = format!("Evidence pack {}", pack.period.name);
        if let Some(organization) = &pack.organization {
            pack_name = format!("{pack_name} · {}", organization.name);
        }
        let pack_name = escape::visible(&pack_name);
        let mut navigation = NAVIGATION.to_vec();
        if pack.changes.is_some() {
            navigation.insert(1, CHANGES);
        }
        Self {
            navigation,
            running_header: escape::css_string(&pack_name),
            pack_name,
            collected: words::minute(pack.collected.last),
            tool: escape::visible(&format!("{} {}", pack.tool.name, pack.tool.version)),
        }
    }

    fn around<'a, V>(&'a self, page: &Page<V>, body: &'a str) -> ShellView<'a> {
        let up = "../".repeat(page.document.matches('/').count());
        // A page in a directory belongs to the list of that name on the cover.
        let entry = match page.document.split_once('/') {
            Some((directory, _)) => format!("index.md#{directory}"),
            None => page_path(page.document, 0),
        };
        let navigation = self.navigation.iter().map(|(address, title)| NavItem {
            address: format!("{up}{}", html::address_of(address)),
            title,
            current: *address == entry,
        });
        ShellView {
            title: page.title,
            page_number: page.number + 1,
            pack_name: &self.pack_name,
            running_header: &self.running_header,
            collected: &self.collected,
            tool: &self.tool,
            navigation: navigation.collect(),
            body,
        }
    }
}

//! The events of a Markdown text, made safe and given what the pages need: heading ids, table scopes, verdict styles.

use std::collections::BTreeSet;

use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::{Pictures, address_of};
use crate::render::escape::is_anchor_character;
use crate::render::words::{BASIS_STYLES, STATUS_STYLES, STEP_STYLES, VERDICT_STYLES};

/// What a page folds away, between the two marks.
pub(super) const FOLD_BEGINS: &str = "<details><summary>Answer as recorded</summary>";
pub(super) const FOLD_ENDS: &str = "</details>";

/// Ids that the shell uses itself.
const SHELL_IDS: [&str; 1] = ["main"];

/// Makes the events of a whole text safe, and puts the pictures in their places.
pub(super) fn rewrite<'a>(events: Vec<Event<'a>>, pictures: &'a Pictures) -> Vec<Event<'a>> {
    let mut rewriter = Rewriter::new(events.len(), pictures);
    rewriter.events(events);
    if rewriter.folded {
        rewriter.html(FOLD_ENDS);
    }
    rewriter.out
}

struct Rewriter<'a> {
    out: Vec<Event<'a>>,
    pictures: &'a Pictures,
    ids: BTreeSet<String>,
    /// The id of the last heading, which names the tables below it.
    heading: String,
    table: Table,
    /// Whether the events stand in what is folded away.
    folded: bool,
    /// For each open link, whether it stays one.
    links: Vec<bool>,
}

/// Where in a table the events are.
#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    /// Counted from zero, in its row.
    cell: usize,
    /// Whether the first cell of a row names it.
    names_rows: bool,
}

impl Table {
    fn is_number(&self) -> bool {
        self.alignments.get(self.cell) == Some(&Alignment::Right)
    }

    fn open_cell(&self) -> &'static str {
        match (self.names_rows && self.cell == 0, self.is_number()) {
            (true, _) => "<th scope=\"row\">",
            (false, true) => "<td class=\"number\">",
            (false, false) => "<td>",
        }
    }

    fn close_cell(&mut self) -> &'static str {
        let names = self.names_rows && self.cell == 0;
        self.cell += 1;
        if names { "</th>" } else { "</td>" }
    }
}

/// The events up to an end, which is taken and left out.
fn until<'a>(events: &mut impl Iterator<Item = Event<'a>>, end: TagEnd) -> Vec<Event<'a>> {
    events.take_while(|event| *event != Event::End(end)).collect()
}

impl<'a> Rewriter<'a> {
    fn new(capacity: usize, pictures: &'a Pictures) -> Self {
        let ids = SHELL_IDS.map(str::to_owned).into();
        let heading = "main".to_owned();
        Self {
            out: Vec::with_capacity(capacity),
            pictures,
            ids,
            heading,
            table: Table::default(),
            folded: false,
            links: Vec::new(),
        }
    }

    fn events(&mut self, events: Vec<Event<'a>>) {
        let mut events = events.into_iter();
        while let Some(event) = events.next() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    let inner = until(&mut events, TagEnd::Heading(level));
                    self.heading(level, inner);
                }
                Event::Start(Tag::TableHead) => {
                    let inner = until(&mut events, TagEnd::TableHead);
                    self.table_head(inner);
                }
                Event::Start(Tag::Strong) => {
                    let inner = until(&mut events, TagEnd::Strong);
                    self.strong(inner);
                }
                Event::Start(Tag::HtmlBlock) => {
                    let inner = until(&mut events, TagEnd::HtmlBlock);
                    self.block(inner);
                }
                other => self.event(other),
            }
        }
    }

    fn heading(&mut self, level: HeadingLevel, inner: Vec<Event<'a>>) {
        self.heading = self.heading_id(&inner);
        let id = Some(self.heading.clone().into());
        self.out.push(Event::Start(Tag::Heading { level, id, classes: Vec::new(), attrs: Vec::new() }));
        self.events(inner.into_iter().filter(|event| anchor_in(event).is_none()).collect());
        self.out.push(Event::End(TagEnd::Heading(level)));
    }

    fn strong(&mut self, inner: Vec<Event<'a>>) {
        if let Some(span) = verdict(&inner) {
            return self.html(span);
        }
        self.out.push(Event::Start(Tag::Strong));
        self.events(inner);
        self.out.push(Event::End(TagEnd::Strong));
    }

    /// The place of a picture, or text that only looks like HTML.
    fn block(&mut self, inner: Vec<Event<'a>>) {
        if let [Event::Html(html)] = &*inner
            && let Some(name) = picture_in(html)
        {
            let pictures = self.pictures;
            return self.html(pictures.get(name).map(String::as_str).unwrap_or_default());
        }
        if let [Event::Html(html)] = &*inner
            && self.fold(html)
        {
            return;
        }
        self.out.push(Event::Start(Tag::Paragraph));
        self.events(inner);
        self.out.push(Event::End(TagEnd::Paragraph));
    }

    /// The beginning or the end of what is folded away, and whether it was one.
    fn fold(&mut self, html: &str) -> bool {
        match html.trim_end() {
            FOLD_BEGINS => self.folded = true,
            FOLD_ENDS if self.folded => self.folded = false,
            _ => return false,
        }
        self.html(html.to_owned());
        true
    }

    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => self.mark(html),
            Event::Start(Tag::Link { dest_url, .. }) => self.link(&dest_url),
            Event::End(TagEnd::Link) => {
                if self.links.pop() == Some(true) {
                    self.out.push(Event::End(TagEnd::Link));
                }
            }
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            other => self.table_or_other(other),
        }
    }

    fn table_or_other(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::Table(alignments)) => {
                self.table = Table { alignments, ..Table::default() };
            }
            Event::End(TagEnd::Table) => self.html("</tbody></table></div>\n"),
            Event::Start(Tag::TableRow) => {
                self.table.cell = 0;
                self.html("<tr>");
            }
            Event::End(TagEnd::TableRow) => self.html("</tr>\n"),
            Event::Start(Tag::TableCell) => {
                let open = self.table.open_cell();
                self.html(open);
            }
            Event::End(TagEnd::TableCell) => {
                let close = self.table.close_cell();
                self.html(close);
            }
            other => self.out.push(other),
        }
    }

    /// A head without words marks a table of names and values: it is left out, and the names head the rows.
    fn table_head(&mut self, inner: Vec<Event<'a>>) {
        self.table.names_rows = !inner.iter().any(|event| matches!(event, Event::Text(_) | Event::Code(_)));
        self.table_frame();
        if self.table.names_rows {
            self.html("<table class=\"facts\">");
        } else {
            self.html("<table><thead><tr>");
            let mut inner = inner.into_iter();
            while inner.next().is_some() {
                let cell = until(&mut inner, TagEnd::TableCell);
                let number = if self.table.is_number() { " number" } else { "" };
                self.html(format!("<th scope=\"col\" class=\"c-{}{number}\">", slug(&cell)));
                self.events(cell);
                self.html("</th>");
                self.table.cell += 1;
            }
            self.html("</tr></thead>");
        }
        self.html("<tbody>\n");
    }

    /// What a wide table scrolls in on a narrow screen: the keyboard has to reach it (WCAG 2.2, 2.1.1), by a name.
    fn table_frame(&mut self) {
        let frame =
            format!("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{}\">", self.heading);
        self.html(frame);
    }

    /// A mark that the templates use, or text that only looks like HTML.
    fn mark(&mut self, html: CowStr<'a>) {
        if &*html == "<br>" {
            self.html("<br>");
        } else if let Some(id) = anchor_id(&html) {
            if self.ids.insert(id.to_owned()) {
                self.html(format!("<a id=\"{id}\"></a>"));
            }
        } else if &*html != "</a>" {
            self.out.push(Event::Text(html));
        }
    }

    fn link(&mut self, address: &str) {
        let allowed = is_allowed(address);
        self.links.push(allowed);
        if allowed {
            let (dest_url, title, id) = (address_of(address).into(), "".into(), "".into());
            self.out.push(Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id }));
        }
    }

    /// HTML that this module wrote itself.
    fn html(&mut self, html: impl Into<CowStr<'a>>) {
        self.out.push(Event::InlineHtml(html.into()));
    }

    /// The id that the template gives, else one made of the words as GitHub makes it.
    fn heading_id(&mut self, inner: &[Event<'_>]) -> String {
        let wished = inner.iter().find_map(anchor_in).map_or_else(|| slug(inner), str::to_owned);
        let mut id = wished.clone();
        let mut again = 0;
        while !self.ids.insert(id.clone()) {
            again += 1;
            id = format!("{wished}-{again}");
        }
        id
    }
}

/// Whether a page may link there: to a file of the pack, to a place on a page, to `https:` or to `mailto:`.
fn is_allowed(address: &str) -> bool {
    if address.starts_with("https://") || address.starts_with("mailto:") || address.starts_with('#') {
        return true;
    }
    let path = address.split('#').next().unwrap_or_default();
    path.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
        && path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/' | '-' | '%'))
}

/// The styled form of a bold text that is the label of a verdict, a status or a basis and nothing else.
fn verdict<'a>(inner: &[Event<'_>]) -> Option<CowStr<'a>> {
    let [Event::Text(text)] = inner else { return None };
    let shown = |styles: &[(&'static str, &'static str)]| styles.iter().copied().find(|(label, _)| *label == &**text);
    if let Some((label, style)) =
        shown(&VERDICT_STYLES).or_else(|| shown(&STATUS_STYLES)).or_else(|| shown(&STEP_STYLES))
    {
        return Some(format!("<span class=\"verdict {style}\">{label}</span>").into());
    }
    shown(&BASIS_STYLES).map(|(label, style)| format!("<span class=\"basis {style}\">{label}</span>").into())
}

/// The name in `<!-- picture NAME -->`.
fn picture_in(html: &str) -> Option<&str> {
    let name = html.trim().strip_prefix("<!-- picture ")?.strip_suffix(" -->")?;
    name.chars().all(is_anchor_character).then_some(name)
}

/// The id of `<a id="…">`, where it holds nothing that acts.
fn anchor_id(html: &str) -> Option<&str> {
    let id = html.strip_prefix("<a id=\"")?.strip_suffix("\">")?;
    (!id.is_empty() && id.chars().all(is_anchor_character)).then_some(id)
}

fn anchor_in<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::InlineHtml(html) => anchor_id(html),
        _ => None,
    }
}

/// GitHub's way: small letters, digits, `-` and `_`, spaces as `-`.
fn slug(inner: &[Event<'_>]) -> String {
    let words = inner.iter().filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(&**text),
        _ => None,
    });
    let lower = words.flat_map(str::chars).flat_map(char::to_lowercase);
    lower.map(|c| if c == ' ' { '-' } else { c }).filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

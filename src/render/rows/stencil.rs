//! A row with marks in place of its texts, cut at the marks.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::render::escape;
use crate::render::html;
use crate::render::rows::{Both, PageOf};

/// A shape: what stands between the texts of a row, in both forms.
pub(super) struct Stencil {
    markdown: Vec<Piece>,
    html: Vec<Piece>,
}

/// What always stands there, or a text and what it stands as.
enum Piece {
    Fixed(String),
    Text(usize, As),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum As {
    /// Text.
    Words,
    /// Code within a line.
    Code,
    /// Lines of code.
    Block,
    /// Where a link leads.
    Address,
    /// A name within a page.
    Name,
}

/// The mark for a text: letters and digits, so that it comes through every stage as it is.
pub(super) fn slot(number: usize) -> String {
    format!("x0slot{number}x")
}

/// What stands around a mark in each form, with what the text stands as. The longer come first.
const AROUND: [(&str, &str, As); 10] = [
    ("```json\n", "\n```", As::Block),
    ("<pre><code class=\"language-json\">", "\n</code></pre>", As::Block),
    ("<code>", "</code>", As::Code),
    ("`", "`", As::Code),
    ("<a href=\"#", "", As::Name),
    ("](#", "", As::Name),
    ("id=\"", "", As::Name),
    ("aria-labelledby=\"", "", As::Name),
    ("<a href=\"", "\"", As::Address),
    ("](", ")", As::Address),
];

impl Stencil {
    pub(super) fn cut(both: &Both) -> Self {
        Self { markdown: cut(&both.markdown), html: cut(&both.html) }
    }

    /// Both forms with these texts.
    pub(super) fn fill(&self, texts: &[String], on: &PageOf<'_>, out: &mut Both) {
        let texts: Vec<Text<'_>> = texts.iter().map(|text| Text::new(text)).collect();
        for piece in &self.markdown {
            match piece {
                Piece::Fixed(text) => out.markdown.push_str(text),
                Piece::Text(number, of) => texts[*number].markdown(*of, on, &mut out.markdown),
            }
        }
        for piece in &self.html {
            match piece {
                Piece::Fixed(text) => out.html.push_str(text),
                Piece::Text(number, of) => texts[*number].page(*of, on, &mut out.html),
            }
        }
    }
}

fn cut(form: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut fixed = String::new();
    let mut rest = form;
    while let Some((before, number, after)) = next(rest) {
        fixed.push_str(before);
        let around = AROUND.iter().find(|(begins, ends, _)| fixed.ends_with(begins) && after.starts_with(ends));
        let (of, after) = match around {
            // What makes it code depends on the text.
            Some((begins, ends, of @ (As::Code | As::Block))) => {
                fixed.truncate(fixed.len() - begins.len());
                (*of, &after[ends.len()..])
            }
            Some((_, _, of)) => (*of, after),
            None => (As::Words, after),
        };
        if !fixed.is_empty() {
            pieces.push(Piece::Fixed(std::mem::take(&mut fixed)));
        }
        pieces.push(Piece::Text(number, of));
        rest = after;
    }
    fixed.push_str(rest);
    pieces.push(Piece::Fixed(fixed));
    pieces
}

/// The first mark: what stands before it, its number, what stands after it.
fn next(form: &str) -> Option<(&str, usize, &str)> {
    let (before, rest) = form.split_once("x0slot")?;
    let (number, after) = rest.split_once('x')?;
    Some((before, number.parse().ok()?, after))
}

/// A text, and what was found out about it: both forms show most texts, and what one becomes is the same in all places.
struct Text<'t> {
    value: &'t str,
    /// The Markdown that shows it; borrowed where it stands for itself in both forms.
    words: OnceCell<Cow<'t, str>>,
    /// Whether it stands within one code span as it is.
    is_plain_code: OnceCell<bool>,
    /// The same as an address.
    address: OnceCell<&'t str>,
}

impl<'t> Text<'t> {
    const fn new(value: &'t str) -> Self {
        Self { value, words: OnceCell::new(), is_plain_code: OnceCell::new(), address: OnceCell::new() }
    }

    /// The text as the template engine writes it.
    fn markdown(&self, of: As, on: &PageOf<'_>, out: &mut String) {
        match of {
            As::Words => out.push_str(self.words()),
            As::Code if self.is_plain_code() => {
                out.push('`');
                out.push_str(self.value);
                out.push('`');
            }
            As::Code => out.push_str(&escape::code(self.value)),
            As::Block => out.push_str(&escape::fenced(self.value)),
            As::Address => {
                let (up, rest) = on.way(self.address());
                out.push_str(up);
                out.push_str(rest);
            }
            As::Name => out.push_str(self.address()),
        }
    }

    /// The same as the Markdown parser would make HTML of it.
    fn page(&self, of: As, on: &PageOf<'_>, out: &mut String) {
        match of {
            As::Words => match self.words() {
                Cow::Borrowed(plain) => out.push_str(plain),
                Cow::Owned(words) if words == self.value => body_text(self.value, out),
                Cow::Owned(words) => out.push_str(&html::inline(words)),
            },
            As::Code if self.is_plain_code() => {
                out.push_str("<code>");
                body_text(self.value, out);
                out.push_str("</code>");
            }
            As::Code => out.push_str(&html::inline(&escape::code(self.value))),
            As::Block => {
                out.push_str("<pre><code class=\"language-json\">");
                body_text(self.value, out);
                out.push_str("\n</code></pre>");
            }
            As::Address => {
                let (up, rest) = on.way(self.address());
                out.push_str(up);
                html::push_address(rest, out);
            }
            As::Name => out.push_str(self.address()),
        }
    }

    fn words(&self) -> &Cow<'t, str> {
        self.words.get_or_init(|| escape::text(self.value))
    }

    fn address(&self) -> &'t str {
        self.address.get_or_init(|| escape::address(self.value))
    }

    fn is_plain_code(&self) -> bool {
        *self.is_plain_code.get_or_init(|| {
            let ends = |of: Option<&u8>| of.is_some_and(|byte| *byte != b' ');
            let bytes = self.value.as_bytes();
            let acts = |byte| !matches!(byte, b' '..=b'~') || matches!(byte, b'|' | b'`');
            ends(bytes.first()) && ends(bytes.last()) && !has(bytes, acts)
        })
    }
}

/// Text between tags.
fn body_text(text: &str, out: &mut String) {
    let acts = |byte| matches!(byte, b'&' | b'<' | b'>');
    if !has(text.as_bytes(), acts) {
        out.push_str(text);
        return;
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| acts(*byte)) {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        };
        out.push_str(&text[done..at]);
        out.push_str(entity);
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

/// Bytes that are looked at together.
const LANES: usize = 64;

/// Whether some byte is such a one. Most texts have none, so that it pays not to stop at each.
fn has(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    bytes.chunks(LANES).any(|lanes| lanes.iter().fold(false, |found, byte| found | is(*byte)))
}

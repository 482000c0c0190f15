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
        // Both forms show most texts, and what a text becomes is the same in all places.
        let words: Vec<OnceCell<Cow<'_, str>>> = texts.iter().map(|_| OnceCell::new()).collect();
        let text = |number: usize| Text {
            text: &texts[number],
            words: words[number].get_or_init(|| escape::text(&texts[number])),
        };
        for piece in &self.markdown {
            match piece {
                Piece::Fixed(text) => out.markdown.push_str(text),
                Piece::Text(number, As::Words) => out.markdown.push_str(text(*number).words),
                Piece::Text(number, of) => markdown(&texts[*number], *of, on, &mut out.markdown),
            }
        }
        for piece in &self.html {
            match piece {
                Piece::Fixed(text) => out.html.push_str(text),
                Piece::Text(number, As::Words) => text(*number).page(&mut out.html),
                Piece::Text(number, of) => page(&texts[*number], *of, on, &mut out.html),
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

/// A text, and the Markdown that shows it.
struct Text<'t> {
    text: &'t str,
    words: &'t str,
}

impl Text<'_> {
    fn page(&self, out: &mut String) {
        if self.words == self.text {
            body_text(self.text, out);
        } else {
            out.push_str(&html::inline(self.words));
        }
    }
}

/// The text as the template engine writes it.
fn markdown(text: &str, of: As, on: &PageOf<'_>, out: &mut String) {
    match of {
        As::Words => out.push_str(&escape::text(text)),
        As::Code if is_plain_code(text) => {
            out.push('`');
            out.push_str(text);
            out.push('`');
        }
        As::Code => out.push_str(&escape::code(text)),
        As::Block => out.push_str(&escape::fenced(text)),
        As::Address => {
            let (up, rest) = on.way(escape::address(text));
            out.push_str(up);
            out.push_str(rest);
        }
        As::Name => out.push_str(escape::address(text)),
    }
}

/// The same as the Markdown parser would make HTML of it.
fn page(text: &str, of: As, on: &PageOf<'_>, out: &mut String) {
    match of {
        As::Words => Text { text, words: &escape::text(text) }.page(out),
        As::Code if is_plain_code(text) => {
            out.push_str("<code>");
            body_text(text, out);
            out.push_str("</code>");
        }
        As::Code => out.push_str(&html::inline(&escape::code(text))),
        As::Block => {
            out.push_str("<pre><code class=\"language-json\">");
            body_text(text, out);
            out.push_str("\n</code></pre>");
        }
        As::Address => {
            let (up, rest) = on.way(escape::address(text));
            out.push_str(up);
            html::push_address(rest, out);
        }
        As::Name => out.push_str(escape::address(text)),
    }
}

/// Whether a text stands within one code span as it is.
fn is_plain_code(text: &str) -> bool {
    let ends = |of: Option<char>| of.is_some_and(|c| !c.is_whitespace());
    ends(text.chars().next())
        && ends(text.chars().next_back())
        && text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'|' | b'`'))
}

/// Text between tags.
fn body_text(text: &str, out: &mut String) {
    if !text.bytes().any(|byte| matches!(byte, b'&' | b'<' | b'>')) {
        out.push_str(text);
        return;
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(entity);
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

//! Markdown in, Atlassian Document Format out: the same words for Jira.
//!
//! It knows what the template of a ticket uses: headings, paragraphs, lists, code, strong, links. What it does not know
//! becomes its text; raw HTML, comments among it, is left out. Two rules of the format are kept: a text is never empty,
//! and code has no other mark but a link.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};

/// The document.
pub(super) fn document(markdown: &str) -> Value {
    let mut writer = Writer { open: vec![Node::new("doc")], marks: Vec::new() };
    for event in Parser::new_ext(markdown, Options::empty()) {
        writer.event(event);
    }
    let content = writer.open.into_iter().next().map(|node| node.content).unwrap_or_default();
    json!({ "version": 1, "type": "doc", "content": content })
}

/// A node that is not finished.
struct Node {
    kind: &'static str,
    attributes: Value,
    content: Vec<Value>,
}

impl Node {
    const fn new(kind: &'static str) -> Self {
        Self { kind, attributes: Value::Null, content: Vec::new() }
    }

    fn finish(self) -> Value {
        let mut node = json!({ "type": self.kind, "content": self.content });
        if !self.attributes.is_null() {
            node["attrs"] = self.attributes;
        }
        node
    }
}

struct Writer {
    open: Vec<Node>,
    marks: Vec<Value>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, false),
            Event::Code(code) => self.text(&code, true),
            Event::SoftBreak => self.text(" ", false),
            Event::HardBreak => self.push(json!({ "type": "hardBreak" })),
            Event::Rule => self.push(json!({ "type": "rule" })),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.open.push(Node::new("paragraph")),
            Tag::Heading { level, .. } => {
                self.open.push(Node { attributes: json!({ "level": number(level) }), ..Node::new("heading") });
            }
            Tag::List(first) => self.open.push(Node::new(if first.is_some() { "orderedList" } else { "bulletList" })),
            Tag::Item => self.open.push(Node::new("listItem")),
            Tag::CodeBlock(_) => self.open.push(Node::new("codeBlock")),
            Tag::Strong => self.marks.push(json!({ "type": "strong" })),
            Tag::Emphasis => self.marks.push(json!({ "type": "em" })),
            Tag::Link { dest_url, .. } => {
                self.marks.push(json!({ "type": "link", "attrs": { "href": dest_url.as_ref() } }));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::CodeBlock => {
                self.end_of_words();
                if let Some(node) = self.open.pop().filter(|node| !node.content.is_empty()) {
                    self.push(node.finish());
                }
            }
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link => {
                self.marks.pop();
            }
            _ => {}
        }
    }

    /// The words of an item whose list is tight stand in a paragraph that Markdown does not show.
    fn end_of_words(&mut self) {
        let words = |node: &Node| node.kind == "listItem" && node.content.iter().any(is_inline);
        if let Some(item) = self.open.last_mut().filter(|node| words(node)) {
            let blocks = std::mem::take(&mut item.content);
            let (inline, blocks): (Vec<Value>, Vec<Value>) = blocks.into_iter().partition(is_inline);
            item.content.push(Node { content: inline, ..Node::new("paragraph") }.finish());
            item.content.extend(blocks);
        }
    }

    fn text(&mut self, text: &str, is_code: bool) {
        let in_block = self.open.last().is_some_and(|node| node.kind == "codeBlock");
        let mut marks = if in_block { Vec::new() } else { self.marks.clone() };
        if is_code {
            marks.retain(|mark| mark["type"] == "link");
            marks.push(json!({ "type": "code" }));
        }
        if text.is_empty() || self.open.len() < 2 {
            return;
        }
        let node = self.open.last_mut();
        if let Some(last) = node.and_then(|node| node.content.last_mut()).filter(|last| is_same(last, &marks)) {
            last["text"] = Value::from(format!("{}{text}", last["text"].as_str().unwrap_or_default()));
        } else if marks.is_empty() {
            self.push(json!({ "type": "text", "text": text }));
        } else {
            self.push(json!({ "type": "text", "text": text, "marks": marks }));
        }
    }

    fn push(&mut self, node: Value) {
        if let Some(open) = self.open.last_mut() {
            open.content.push(node);
        }
    }
}

fn is_inline(node: &Value) -> bool {
    node["type"] == "text" || node["type"] == "hardBreak"
}

/// Whether a text with these marks goes on with that node.
fn is_same(node: &Value, marks: &[Value]) -> bool {
    node["type"] == "text" && node["marks"].as_array().map_or(&[][..], Vec::as_slice) == marks
}

const fn number(level: HeadingLevel) -> u8 {
    level as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(markdown: &str) -> Value {
        document(markdown)["content"].take()
    }

    #[test]
    fn headings_paragraphs_and_marks() {
        let text = |text: &str| json!({ "type": "text", "text": text });
        assert_eq!(
            content("<!-- a -->\n\n## One\n\nTwo **three**\nand `four|`"),
            json!([
                { "type": "heading", "attrs": { "level": 2 }, "content": [text("One")] },
                { "type": "paragraph", "content": [
                    text("Two "),
                    { "type": "text", "text": "three", "marks": [{ "type": "strong" }] },
                    text(" and "),
                    { "type": "text", "text": "four|", "marks": [{ "type": "code" }] },
                ] },
            ])
        );
    }

    #[test]
    fn the_items_of_tight_and_loose_lists_hold_paragraphs() {
        let item = |text: &str| {
            let paragraph = json!({ "type": "paragraph", "content": [{ "type": "text", "text": text }] });
            json!({ "type": "listItem", "content": [paragraph] })
        };
        let items = json!([item("a"), item("b")]);
        for (markdown, kind) in
            [("- a\n- b", "bulletList"), ("- a\n\n- b", "bulletList"), ("1. a\n2. b", "orderedList")]
        {
            assert_eq!(content(markdown), json!([{ "type": kind, "content": items }]), "{markdown}");
        }
    }

    #[test]
    fn a_list_in_an_item_stands_after_its_words() {
        let list = &content("- a\n  - b")[0];
        let item = &list["content"][0]["content"];
        assert_eq!((&item[0]["type"], &item[1]["type"]), (&json!("paragraph"), &json!("bulletList")));
    }

    #[test]
    fn code_keeps_a_link_and_loses_every_other_mark() {
        let marks = &content("**[`a`](https://example.org)**")[0]["content"][0]["marks"];
        let link = json!({ "type": "link", "attrs": { "href": "https://example.org" } });
        assert_eq!(*marks, json!([link, { "type": "code" }]));
    }

    #[test]
    fn what_was_escaped_is_text_again() {
        let words = &content("a \\*b\\* &lt;c&gt; &#124;")[0]["content"];
        assert_eq!(*words, json!([{ "type": "text", "text": "a *b* <c> |" }]));
    }
}

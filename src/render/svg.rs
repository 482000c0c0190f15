//! Pictures as inline SVG: pure, self-contained, every text escaped. What a picture shows stands as text beside it.
//!
//! Colours come from classes of the pages' style sheet, so that a picture fits light, dark and print, and carry no
//! meaning alone: whatever they mark has a word or a shape as well.

pub(super) mod bars;
mod data_flow;
mod timeline;

use std::fmt::Write as _;

use super::escape;
use crate::pack::write_up::Picture;

/// The width that every picture is drawn for; pages scale it.
const WIDTH: i64 = 740;

/// A picture by its name, as pages take it.
pub(super) fn draw(picture: &Picture) -> (&'static str, String) {
    let svg = match picture {
        Picture::DataFlow(nodes) => data_flow::draw(nodes),
        Picture::Timeline(of) => timeline::draw(of),
    };
    (name(picture), svg)
}

/// What pages call a picture.
pub(super) const fn name(picture: &Picture) -> &'static str {
    match picture {
        Picture::DataFlow(_) => data_flow::NAME,
        Picture::Timeline(_) => timeline::NAME,
    }
}

/// A drawing that is being made.
struct Drawing {
    name: &'static str,
    title: &'static str,
    /// What it shows, as sentences, for whoever cannot see it.
    description: String,
    shapes: String,
}

impl Drawing {
    const fn new(name: &'static str, title: &'static str) -> Self {
        Self { name, title, description: String::new(), shapes: String::new() }
    }

    fn says(&mut self, sentence: &str) {
        if !self.description.is_empty() {
            self.description.push(' ');
        }
        self.description.push_str(sentence);
    }

    fn rectangle(&mut self, class: &str, (x, y): (i64, i64), (width, height): (i64, i64)) {
        let _ = writeln!(
            self.shapes,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"3\"/>"
        );
    }

    fn line(&mut self, class: &str, (x1, y1): (i64, i64), (x2, y2): (i64, i64)) {
        let _ = writeln!(self.shapes, "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>");
    }

    /// A level arrow to the right.
    fn arrow(&mut self, from: i64, to: i64, y: i64) {
        self.line("arrow", (from, y), (to - 6, y));
        let _ = writeln!(
            self.shapes,
            "<polygon class=\"head\" points=\"{},{} {},{} {to},{y}\"/>",
            to - 7,
            y - 4,
            to - 7,
            y + 4
        );
    }

    fn text(&mut self, class: &str, (x, y): (i64, i64), words: &str) {
        let _ = writeln!(self.shapes, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(words));
    }

    fn finish(self, height: i64) -> String {
        let Self { name, title, description, shapes } = self;
        // On a narrow screen it scrolls, so that its text can be read: the keyboard has to reach it (WCAG 2.2, 2.1.1).
        format!(
            "<figure class=\"picture\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{name}-title\">\n\
             <svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
             aria-labelledby=\"{name}-title {name}-text\">\n<title id=\"{name}-title\">{}</title>\n\
             <desc id=\"{name}-text\">{}</desc>\n{shapes}</svg>\n</figure>\n",
            escaped(title),
            escaped(&description)
        )
    }
}

/// Text that shows itself inside of an element or an attribute, and does nothing else.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in escape::visible(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            plain => safe.push(plain),
        }
    }
    safe
}

/// Lines of at most `width` characters, broken at spaces; a longer word is cut.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = shortened(word, width);
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// At most `width` characters, the last of them an ellipsis where something is left out.
fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_shows_itself_and_nothing_acts() {
        let nasty = "</text><script>alert(1)</script>\" onload='x' & \u{202e}";
        let mut drawing = Drawing::new("x", "X");
        drawing.text("small", (0, 0), nasty);
        drawing.says(nasty);
        let svg = drawing.finish(10);
        assert!(!svg.contains("<script") && !svg.contains("onload='") && !svg.contains('\u{202e}'), "{svg}");
        assert_eq!(svg.matches("</text>").count(), 1);
        assert!(svg.contains("&lt;/text&gt;&lt;script&gt;"), "{svg}");
    }

    #[test]
    fn a_picture_has_a_title_and_a_text() {
        let mut drawing = Drawing::new("flow", "The flow");
        drawing.says("One.");
        drawing.says("Two.");
        let svg = drawing.finish(10);
        assert!(svg.contains("role=\"img\" aria-labelledby=\"flow-title flow-text\""), "{svg}");
        assert!(
            svg.contains("<title id=\"flow-title\">The flow</title>\n<desc id=\"flow-text\">One. Two.</desc>"),
            "{svg}"
        );
    }

    #[test]
    fn words_are_broken_at_spaces_and_never_run_over() {
        assert_eq!(wrapped("encrypted by keys of AWS", 12), ["encrypted by", "keys of AWS"]);
        assert_eq!(wrapped("a-word-that-is-too-long here", 10), ["a-word-th…", "here"]);
        assert_eq!(wrapped("", 10), Vec::<String>::new());
    }
}

//! Makes any text inert: as Markdown text, as Markdown code, as a place to link to, as a string in CSS.
//!
//! The rules hold for `CommonMark` and GitHub Flavored Markdown, wherever the text lands on a line: at its start, in a
//! heading, a list item, a table cell, a link's text. Only what would act is escaped, so that names, ARNs and ids stay
//! readable in a plain editor. Nothing is lost: line breaks and tabs become spaces, and characters that can not be seen
//! (controls, bidirectional overrides, zero-width characters) become `\u{202e}` and the like.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with everything that can not be seen made visible, on one line, without space at its ends.
pub(super) fn visible(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '\n' | '\r' | '\t' => text.push(' '),
            hidden if is_hidden(hidden) => {
                let _ = write!(text, "\\u{{{:x}}}", u32::from(hidden));
            }
            plain => text.push(plain),
        }
    }
    text.trim().to_owned()
}

/// Controls, and what Unicode lets vanish or reorder its neighbours: format characters, separators of lines, fillers,
/// tags, variation selectors but the two that choose between text and emoji.
pub(super) const fn is_hidden(character: char) -> bool {
    character.is_ascii_control()
        || matches!(character,
            '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The text as Markdown that shows it and does nothing else.
pub(super) fn text(value: &str) -> Cow<'_, str> {
    if is_plain(value) { Cow::Borrowed(value) } else { Cow::Owned(escaped(value)) }
}

/// Whether nothing in the text could act anywhere, in Markdown and in HTML alike, so that it stands for itself. Most
/// values are so, and a large pack has millions of them.
pub(super) fn is_plain(value: &str) -> bool {
    let bytes = value.as_bytes();
    let is_word = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    if !is_word(0) || bytes.ends_with(b" ") {
        return false;
    }
    let mut before = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let acts = match byte {
            // What viewers may make an address of: `//` and the end of `www.`.
            b'/' => before == b'/',
            b'.' => matches!(before, b'w' | b'W'),
            // Within a word it is no emphasis.
            b'_' => !before.is_ascii_alphanumeric() || !is_word(at + 1),
            _ => !PLAIN[usize::from(byte)],
        };
        if acts {
            return false;
        }
        before = byte;
    }
    let begins_a_list = || value.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
    !bytes[0].is_ascii_digit() || !begins_a_list()
}

/// Characters that act in no text which begins with a letter or a digit, but for what [`is_plain`] looks at besides.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let others = b" ,;:.'()/-=+%?_";
    let mut at = 0;
    while at < others.len() {
        plain[others[at] as usize] = true;
        at += 1;
    }
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            plain[byte as usize] = true;
        }
        byte += 1;
    }
    plain
};

fn escaped(value: &str) -> String {
    let shown = visible(value);
    // An escaped backtick beside a code span would join its fence.
    let backtick = if shown.split(is_divider).any(is_linked_by_viewers) { "&#96;" } else { "\\`" };
    let mut markdown = String::with_capacity(shown.len() + 8);
    for word in shown.split_inclusive(is_divider) {
        let body = word.trim_end_matches(is_divider);
        if is_linked_by_viewers(body) {
            let _ = write!(markdown, "`{body}`");
        } else {
            word_into(body, markdown.is_empty(), &mut markdown);
        }
        match &word[body.len()..] {
            "|" => markdown.push_str("&#124;"),
            "`" => markdown.push_str(backtick),
            space => markdown.push_str(space),
        }
    }
    markdown
}

/// The text as Markdown code. It is cut at pipes and backticks, which no code span can hold alike inside and outside
/// of a table.
pub(super) fn code(value: &str) -> String {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'|' | b'`')) {
        return format!("`{value}`");
    }
    let shown = visible(value);
    let mut markdown = String::with_capacity(shown.len() + 2);
    for piece in shown.split_inclusive(['|', '`']) {
        let body = piece.trim_end_matches(['|', '`']);
        let inner = body.trim();
        if inner.is_empty() {
            markdown.push_str(body);
        } else {
            // A code span drops one space at either end, so the space stands outside.
            let (before, rest) = body.split_at(body.len() - body.trim_start().len());
            let _ = write!(markdown, "{before}`{inner}`{}", &rest[inner.len()..]);
        }
        match &piece[body.len()..] {
            "|" => markdown.push_str("&#124;"),
            "`" => markdown.push_str("&#96;"),
            _ => {}
        }
    }
    markdown
}

/// Lines of text as a block of code, between fences that are longer than any run of backticks in it.
pub(super) fn fenced(value: &str) -> String {
    let longest = value.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}json\n{value}\n{fence}")
}

/// A name for `<a id="…">` and for the part of an address after `#`: letters, digits and `._:/-`.
pub(super) fn anchor(id: &str) -> String {
    if id.bytes().all(|byte| is_anchor_character(char::from(byte))) {
        return id.to_owned();
    }
    id.chars().map(|c| if is_anchor_character(c) { c } else { '_' }).collect()
}

/// What an anchor may hold.
pub(super) const fn is_anchor_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | ':' | '/' | '-')
}

/// An address as it stands in a link: of the pack, or of a page that this program itself names. One that holds anything
/// that could end the link is none.
pub(super) fn address(address: &str) -> &str {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:/_-#%".contains(&byte);
    if address.bytes().all(is_plain) { address } else { "" }
}

/// A relative address of a file of the pack.
pub(super) fn file_address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'/' | b'-') {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

/// The inside of a CSS string, also safe within `<style>`.
pub(super) fn css_string(value: &str) -> String {
    let mut css = String::with_capacity(value.len());
    for character in visible(value).chars() {
        if character.is_ascii_alphanumeric() || character == ' ' {
            css.push(character);
        } else {
            // The space ends the escape and belongs to it.
            let _ = write!(css, "\\{:x} ", u32::from(character));
        }
    }
    css
}

/// Where words end: at white space, and at the two characters that tables and code spans are made of.
fn is_divider(character: char) -> bool {
    character.is_whitespace() || matches!(character, '|' | '`')
}

/// Whether viewers make a link of a bare word: an address with `//` or `www.`, a mail address. Neither a backslash nor
/// an entity stops them (GitHub looks at the text after both are resolved); a code span does.
fn is_linked_by_viewers(word: &str) -> bool {
    word.contains("//")
        || word.to_ascii_lowercase().contains("www.")
        || word.char_indices().any(|(at, c)| c == '@' && at > 0 && at + 1 < word.len())
}

/// Escapes one word; `first` when nothing of the value stands before it.
fn word_into(word: &str, first: bool, markdown: &mut String) {
    let characters: Vec<char> = word.chars().collect();
    let opening = opening_escape(word, first);
    for (at, &character) in characters.iter().enumerate() {
        match character {
            '<' => markdown.push_str("&lt;"),
            '&' if characters.get(at + 1).is_some_and(|c| c.is_alphanumeric() || *c == '#') => {
                markdown.push_str("&amp;");
            }
            _ => {
                if opening == Some(at) || acts(&characters, at) {
                    markdown.push('\\');
                }
                markdown.push(character);
            }
        }
    }
}

/// Whether the character would act inside of a line.
fn acts(word: &[char], at: usize) -> bool {
    match word[at] {
        '*' | '[' | ']' | '~' | '$' => true,
        '\\' => word.get(at + 1).is_none_or(char::is_ascii_punctuation),
        '_' => {
            let before = word[..at].iter().rev().find(|c| **c != '_');
            let after = word[at..].iter().find(|c| **c != '_');
            !(before.is_some_and(|c| c.is_alphanumeric()) && after.is_some_and(|c| c.is_alphanumeric()))
        }
        _ => false,
    }
}

/// The place in the word where a character would begin a block (a heading, a list, a quotation, a rule, a table's
/// delimiter row) or end a heading.
fn opening_escape(word: &str, first: bool) -> Option<usize> {
    let only = |set: &[char]| !word.is_empty() && word.chars().all(|c| set.contains(&c));
    if only(&['#']) || (first && (word.starts_with(['#', '>']) || only(&['-', '+', '=', ':']))) {
        return Some(0);
    }
    let number = word.strip_suffix(['.', ')'])?;
    (first && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(number.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_act_stays_as_it_is() {
        for plain in [
            "patient-reminders",
            "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0123456789abcdef0123456789abcdef",
            "GetVoiceChannel, page 2 (access_denied)",
            "+15550100",
            "-5",
            "R & D",
            "1.5 days",
            "mail.example.org",
            "Überweisung 日本",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn what_is_called_plain_is_what_the_whole_way_gives() {
        let words = ["a", "7", "w", ".", "/", "_", " ", "-", "=", "+", ")", "(", "%", "?", ":", "x1"];
        let mut plain = 0;
        for number in 0..words.len().pow(4) {
            let pieces = (0..4).map(|place| words[number / words.len().pow(place) % words.len()]);
            let value: String = pieces.collect();
            if is_plain(&value) {
                plain += 1;
                assert_eq!(escaped(&value), value);
            }
        }
        assert!(plain > 10_000, "{plain}");
    }

    #[test]
    fn what_acts_is_escaped() {
        for (value, markdown) in [
            ("<script>|[x](javascript:1)", "&lt;script>&#124;\\[x\\](javascript:1)"),
            ("# a", "\\# a"),
            ("a ##", "a \\##"),
            ("1. a", "1\\. a"),
            ("- a", "\\- a"),
            ("---", "\\---"),
            ("> a", "\\> a"),
            ("*a* _b_ c_d", "\\*a\\* \\_b\\_ c_d"),
            ("&lt; &#60;", "&amp;lt; &amp;#60;"),
            ("`a`", "\\`a\\`"),
            ("a\\", "a\\\\"),
            ("C:\\temp", "C:\\temp"),
            ("see https://a.example/x now", "see `https://a.example/x` now"),
            ("user@example.org|`www.a.b`", "`user@example.org`&#124;&#96;`www.a.b`&#96;"),
            ("a\r\n\tb", "a   b"),
            ("a\u{202e}b\0", "a\\u{202e}b\\u{0}"),
        ] {
            assert_eq!(text(value), markdown, "{value}");
        }
    }

    #[test]
    fn code_is_cut_at_pipes_and_backticks() {
        assert_eq!(code("arn:a_b*c"), "`arn:a_b*c`");
        assert_eq!(code("a|b`c"), "`a`&#124;`b`&#96;`c`");
        assert_eq!(code(""), "");
    }

    #[test]
    fn an_address_that_could_end_a_link_is_none() {
        for plain in
            ["findings-2.md#f-1", "../a/b.md", "https://docs.aws.amazon.com/a/b-c.html", "evidence/a%20b.jsonl"]
        {
            assert_eq!(address(plain), plain);
        }
        for acting in ["a)b", "a b", "a\"b", "<a>", "a\nb", "a(b", "a\\b", "é"] {
            assert_eq!(address(acting), "");
        }
    }

    #[test]
    fn an_address_and_an_anchor_hold_nothing_that_acts() {
        assert_eq!(anchor("earlier/2026-09-30T16:00:00.000Z/c-1\"><x"), "earlier/2026-09-30T16:00:00.000Z/c-1___x");
        assert_eq!(file_address("evidence/calls/1 )/a.jsonl"), "evidence/calls/1%20%29/a.jsonl");
        assert_eq!(css_string("</style>\""), "\\3c \\2f style\\3e \\22 ");
    }
}

//! A recorded answer as text that people can read: the same tokens, one member a line.

use std::fmt::Write as _;

use serde::de::IgnoredAny;

use super::escape::is_hidden;
use crate::json;

/// What is shown of one answer, in bytes of a page.
const SHOWN_AT_MOST: usize = 12_000;

/// An answer as a page shows it.
pub(super) struct Shown {
    /// JSON, on several lines.
    pub(super) text: String,
    /// Whether more follows.
    pub(super) cut: bool,
}

/// Every token as it was recorded, in its order, so that numbers keep their digits. What is no JSON becomes one string
/// of it. Characters that can not be seen stand as JSON escapes.
pub(super) fn shown(body: &str) -> Shown {
    let json = json::trimmed(body);
    let text = match serde_json::from_str::<IgnoredAny>(json) {
        Ok(_) => indented(json),
        Err(_) => visible(&serde_json::Value::from(body).to_string()),
    };
    cut(text)
}

/// Ends after [`SHOWN_AT_MOST`] bytes: what follows is cut off anyway.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len().min(SHOWN_AT_MOST) * 3 / 2);
    let mut depth = 0_usize;
    let mut rest = json;
    while let Some(&byte) = rest.as_bytes().first().filter(|_| out.len() <= SHOWN_AT_MOST) {
        // What is JSON begins every token with one byte.
        let token = match byte {
            b'"' => 1 + end_of_string(&rest[1..]),
            b'{' | b'[' | b'}' | b']' | b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => 1,
            _ => rest.find([',', ']', '}', ' ', '\n', '\r', '\t']).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(token);
        rest = after;
        match byte {
            b'{' | b'[' => {
                out.push_str(token);
                rest = rest.trim_ascii_start();
                if let Some(after) = rest.strip_prefix(['}', ']']) {
                    out.push_str(&rest[..1]);
                    rest = after;
                } else {
                    depth += 1;
                    line(depth, &mut out);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                line(depth, &mut out);
                out.push_str(token);
            }
            b',' => {
                out.push_str(token);
                line(depth, &mut out);
            }
            b':' => out.push_str(": "),
            // There may be megabytes of it.
            b' ' | b'\n' | b'\r' | b'\t' => rest = rest.trim_ascii_start(),
            _ => push_all(token, &mut out),
        }
    }
    out
}

/// How much of a text is inside of the string that it begins in, with the quotation mark at its end.
fn end_of_string(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))) {
        at += next + 1;
        if bytes[at - 1] == b'"' {
            return at;
        }
        // What follows a backslash does not end the string.
        at += 1;
    }
    text.len()
}

fn push_all(string: &str, out: &mut String) {
    // Of a very long string no more is shown.
    let shown = string.floor_char_boundary(SHOWN_AT_MOST + 1);
    if string.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        out.push_str(&string[..shown]);
    } else {
        string[..shown].chars().for_each(|character| push(character, out));
    }
}

fn line(depth: usize, out: &mut String) {
    const DEEP: &str = "                                ";
    out.push('\n');
    let mut spaces = 2 * depth;
    while spaces > 0 {
        let some = spaces.min(DEEP.len());
        out.push_str(&DEEP[..some]);
        spaces -= some;
    }
}

fn push(character: char, out: &mut String) {
    if is_hidden(character) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    } else {
        out.push(character);
    }
}

fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    json.chars().for_each(|character| push(character, &mut out));
    out
}

/// Ends the text where a page has no more room for it: at the end of a line where one is near, else within it.
fn cut(mut text: String) -> Shown {
    let entities = text.bytes().filter(|byte| matches!(byte, b'<' | b'>' | b'&')).count();
    if text.len() + 4 * entities <= SHOWN_AT_MOST {
        return Shown { text, cut: false };
    }
    let mut room = SHOWN_AT_MOST;
    let over = text.char_indices().find(|(_, character)| {
        let cost = if matches!(character, '<' | '>' | '&') { 5 } else { character.len_utf8() };
        let fits = cost <= room;
        room = room.saturating_sub(cost);
        !fits
    });
    let Some((end, _)) = over else { return Shown { text, cut: false } };
    let end = text[..end].rfind('\n').filter(|line| *line > end / 2).unwrap_or(end);
    text.truncate(end);
    Shown { text, cut: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tokens_of_an_answer_stay_as_they_were_recorded() {
        let body = "{\"b\":1.50,\"a\": [ ],\"n\":{\"x\":\"a:{,\\\"]\",\"y\":[12345678901234567890,true]}}";
        let text = "{\n  \"b\": 1.50,\n  \"a\": [],\n  \"n\": {\n    \"x\": \"a:{,\\\"]\",\n    \"y\": [\n      \
                    12345678901234567890,\n      true\n    ]\n  }\n}";
        assert_eq!(shown(body).text, text);
        let same = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(same(&shown(body).text), same(body));
    }

    #[test]
    fn what_cannot_be_seen_is_an_escape_and_what_is_no_json_is_a_string() {
        assert_eq!(shown("{\"a\":\"x\u{202e}y\"}").text, "{\n  \"a\": \"x\\u202ey\"\n}");
        assert_eq!(shown("<html>\n\u{e0041}").text, "\"<html>\\n\\udb40\\udc41\"");
        assert_eq!(shown("").text, "\"\"");
        assert_eq!(shown(" {}\r\n").text, "{}");
        assert_eq!(shown("{ \r\n\t\"a\" :\n 1 ,\t\"b\":[ 2 ] }").text, shown("{\"a\":1,\"b\":[2]}").text);
        assert_eq!(shown("{}\u{c}").text, "\"{}\\f\"", "a form feed is no white space of JSON");
    }

    #[test]
    fn a_long_answer_is_cut_and_says_so() {
        let long = format!("[{}]", vec!["\"<&>\""; 5_000].join(","));
        let part = shown(&long);
        assert!(part.cut && part.text.len() < SHOWN_AT_MOST && part.text.ends_with("\"<&>\","), "{}", part.text.len());
        let word = shown(&format!("\"{}\"", "é".repeat(20_000)));
        assert!(word.cut && word.text.len() <= SHOWN_AT_MOST);
        assert!(!shown("{}").cut);
    }
}

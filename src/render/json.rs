//! A recorded answer as text that people can read: the same tokens, one member a line.

use std::fmt::Write as _;

use serde::de::IgnoredAny;

use super::escape::is_hidden;

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
    let text = match serde_json::from_str::<IgnoredAny>(body) {
        Ok(_) => indented(body.trim_ascii()),
        Err(_) => visible(&serde_json::Value::from(body).to_string()),
    };
    cut(text)
}

/// Ends after [`SHOWN_AT_MOST`] bytes: what follows is cut off anyway.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len().min(SHOWN_AT_MOST) * 3 / 2);
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        if out.len() > SHOWN_AT_MOST {
            return out;
        }
        if in_string {
            push(character, &mut out);
            (in_string, escaped) = (escaped || character != '"', !escaped && character == '\\');
            continue;
        }
        match character {
            '{' | '[' => {
                out.push(character);
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(close) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    line(depth, &mut out);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(depth, &mut out);
                out.push(character);
            }
            ',' => {
                out.push(',');
                line(depth, &mut out);
            }
            ':' => out.push_str(": "),
            space if space.is_ascii_whitespace() => {}
            other => {
                in_string = other == '"';
                out.push(other);
            }
        }
    }
    out
}

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
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

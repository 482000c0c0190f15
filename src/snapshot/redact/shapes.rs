//! What is private by its shape, wherever it stands: telephone numbers of people, and secrets.
//!
//! ISO dates, ARNs, UUIDs, account ids, addresses of machines and versions are none of these.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::MARK;

/// What an error message may take up, in characters.
const MESSAGE_LENGTH: usize = 500;

/// `+` and 8 to 15 digits (ITU-T E.164), with separators between them.
static INTERNATIONAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\+[ (]{0,2}[1-9](?:[ .\-()/\u{a0}\u{2010}-\u{2015}]{0,2}[0-9]){7,}"));

/// `(555) 555-0123`, `555-555-0123`, `555.555.0123`: the North American Numbering Plan as people write it.
static NATIONAL: LazyLock<Regex> = LazyLock::new(|| {
    const GAP: &str = r"[ .\-\u{a0}\u{2010}-\u{2015}]";
    pattern(&format!(r"\([0-9]{{3}}\){GAP}{{0,2}}[0-9]{{3}}{GAP}[0-9]{{4}}|[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{4}}"))
});

/// The end of a version number: what follows its `+` is the build, not a telephone number.
static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r"[0-9]+\.[0-9]+[0-9A-Za-z.\-]*$"));

/// An access key's id, a JSON web token, a PEM block, a Google API key, a signed URL, a URL with a password.
static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
        r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
        r"|-----BEGIN [A-Z ]+-----(?s:.*?-----END [A-Z ]+-----|.*)",
        r"|\bAIza[A-Za-z0-9_-]{35}",
        r"|(?i:X-Amz-(?:Signature|Credential|Security-Token)=[^&\s]*)",
        r"|://[^/\s:@]+:[^/\s@]+@",
    ))
});

/// A long run of base64 or hexadecimal digits: in an error message, a secret or nothing that helps.
static LONG_RUN: LazyLock<Regex> = LazyLock::new(|| pattern(r"[A-Za-z0-9+/_\-]{40,}={0,2}"));

/// An ARN, which stays as it is.
static ARN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\barn:aws[a-z\-]*:[a-z0-9\-]*:[a-z0-9\-]*:[0-9]*:[^\s"'<>,;)]+"#));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant that a test compiles")
}

/// Whether a telephone number of a person stands in the text.
pub(super) fn has_telephone_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (digits >= 8 && text.contains('+') && has(&INTERNATIONAL, text, is_international))
        || (digits >= 10 && has(&NATIONAL, text, is_national))
}

/// Whether something stands in the text that is a secret by its shape.
pub(super) fn has_secret(text: &str) -> bool {
    // Most values of an answer are names and flags, and a look for a few letters is cheap.
    let may_be = ["AKIA", "ASIA", "eyJ", "-----BEGIN ", "AIza", "://"].iter().any(|part| text.contains(part))
        || (text.contains('=') && text.to_ascii_lowercase().contains("x-amz-"));
    may_be && SECRET.is_match(text)
}

/// Whether a run stands in the text, outside ARNs, that an error message would lose.
pub(super) fn has_long_run(text: &str) -> bool {
    ARN.split(text).any(|part| LONG_RUN.is_match(part))
}

/// The text without what is private in it, ARNs and account ids kept, at most 500 characters long.
pub(super) fn scrub(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut end = 0;
    for arn in ARN.find_iter(text) {
        clean.push_str(&scrub_outside_arns(&text[end..arn.start()]));
        clean.push_str(arn.as_str());
        end = arn.end();
    }
    clean.push_str(&scrub_outside_arns(&text[end..]));
    cut(clean)
}

fn scrub_outside_arns(text: &str) -> String {
    let text = replace(&SECRET, text, |_, _, _| true);
    let text = replace(&INTERNATIONAL, &text, is_international);
    let text = replace(&NATIONAL, &text, is_national);
    replace(&LONG_RUN, &text, |_, _, _| true).into_owned()
}

fn cut(text: String) -> String {
    if text.chars().count() <= MESSAGE_LENGTH {
        return text;
    }
    text.chars().take(MESSAGE_LENGTH - 1).chain(['…']).collect()
}

fn has(shape: &Regex, text: &str, holds: fn(&str, &str, &str) -> bool) -> bool {
    shape.find_iter(text).any(|found| holds(&text[..found.start()], found.as_str(), &text[found.end()..]))
}

fn replace<'a>(shape: &Regex, text: &'a str, holds: fn(&str, &str, &str) -> bool) -> Cow<'a, str> {
    shape.replace_all(text, |captures: &Captures<'_>| {
        let Some(found) = captures.get(0) else { return String::new() };
        let private = holds(&text[..found.start()], found.as_str(), &text[found.end()..]);
        if private { MARK.to_owned() } else { found.as_str().to_owned() }
    })
}

fn is_international(before: &str, found: &str, _: &str) -> bool {
    let digits = found.bytes().filter(u8::is_ascii_digit).count();
    let after_digit = before.ends_with(|character: char| character.is_ascii_digit());
    digits <= 15 && !after_digit && !VERSION.is_match(before)
}

fn is_national(before: &str, _: &str, after: &str) -> bool {
    let digit = |character: char| character.is_ascii_digit();
    !before.ends_with(digit) && !after.starts_with(digit)
}

//! What JSON says of texts before they are parsed.

/// How many bytes are looked at in one go.
const STEP: usize = 32;

/// A text without the white space that JSON allows around a value. What it is, it is with and without.
#[must_use]
pub(crate) fn trimmed(text: &str) -> &str {
    let mut bytes = text.as_bytes();
    // A whole step of it is found without looking at each byte.
    while let Some((before, step)) = bytes.split_last_chunk::<STEP>()
        && step.iter().fold(true, |is_space, byte| is_space & is_white_space(*byte))
    {
        bytes = before;
    }
    let end = bytes.iter().rposition(|byte| !is_white_space(*byte)).map_or(0, |last| last + 1);
    let begin = bytes[..end].iter().position(|byte| !is_white_space(*byte)).unwrap_or(end);
    &text[begin..end]
}

/// RFC 8259, section 2.
const fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_of_json_goes_and_nothing_else() {
        for inner in ["", "{}", "\"é\"", "{ \"a\": 1 }", "\u{c}{}\u{a0}"] {
            for spaces in [0, 1, 31, 32, 33, 100] {
                let space = " \t\n\r".repeat(spaces);
                assert_eq!(trimmed(&format!("{space}{inner}{space}")), inner);
            }
        }
    }
}

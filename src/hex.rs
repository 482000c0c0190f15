//! Lower-case hexadecimal, which a large pack writes millions of times.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Adds the digits of some bytes to a text.
pub(crate) fn push(bytes: &[u8], text: &mut String) {
    text.reserve(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 0xf)]));
    }
}

/// The digits of some bytes.
#[must_use]
pub(crate) fn of(bytes: &[u8]) -> String {
    let mut text = String::new();
    push(bytes, &mut text);
    text
}

/// The number that sixteen digits and nothing else are.
#[must_use]
pub(crate) fn number(digits: &str) -> Option<u64> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    if digits.len() != 16 {
        return None;
    }
    digits.bytes().try_fold(0, |number, byte| Some(number << 4 | u64::from(digit(byte)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_two_digits() {
        let all: Vec<u8> = (0..=255).collect();
        let pairs: Vec<String> = all.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(of(&all), pairs.concat());
    }

    #[test]
    fn sixteen_small_digits_are_a_number() {
        assert_eq!(number("00000000000000ab"), Some(0xab));
        assert_eq!(number("fedcba9876543210"), Some(0xfedc_ba98_7654_3210));
        for other in ["00000000000000AB", "+0000000000000ab", "0ab", "00000000000000abc", ""] {
            assert_eq!(number(other), None, "{other}");
        }
    }
}

//! Lower-case hexadecimal, which a large pack writes millions of times.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Bytes whose digits are added in one go.
const PIECE: usize = 32;

/// Adds the digits of some bytes to a text.
pub(crate) fn push(bytes: &[u8], text: &mut String) {
    text.reserve(2 * bytes.len());
    for piece in bytes.chunks(PIECE) {
        let mut digits = [0; 2 * PIECE];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(piece) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 0xf)]]);
        }
        text.push_str(std::str::from_utf8(&digits[..2 * piece.len()]).unwrap_or_default());
    }
}

/// The digits of some bytes.
#[must_use]
pub(crate) fn of(bytes: &[u8]) -> String {
    let mut text = String::new();
    push(bytes, &mut text);
    text
}

/// The value of a digit.
#[must_use]
pub(crate) const fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// The bytes that twice as many digits are.
#[must_use]
pub(crate) fn bytes<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(bytes)
}

/// The number that sixteen digits and nothing else are.
#[must_use]
pub(crate) fn number(digits: &str) -> Option<u64> {
    bytes(digits.as_bytes()).map(u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_two_digits() {
        let all: Vec<u8> = (0..=255).collect();
        let pairs: Vec<String> = all.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(of(&all), pairs.concat());
        assert_eq!(bytes::<256>(of(&all).as_bytes()).as_ref(), all.first_chunk());
        assert_eq!(bytes::<1>(b"0"), None);
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

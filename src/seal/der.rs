//! DER (ITU-T X.690), as far as keys and time stamps need it: read in place, refused where it is not canonical.
//!
//! Every length is checked against what is there before anything is taken, so no input makes this panic or allocate.

/// The universal tags that are used.
pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OID: u8 = 0x06;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// A constructed, context-specific tag.
pub(super) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// What is not DER, or not of the expected shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// The rest of some content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing may follow.
    pub(super) fn end(&self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed) }
    }

    /// The next element, whatever it is: its tag, its content, and both with the length between them.
    pub(super) fn any(&mut self) -> Result<Element<'a>, Malformed> {
        let (&tag, after) = self.rest.split_first().ok_or(Malformed)?;
        // A tag of several bytes; nothing here has one.
        if tag & 0x1f == 0x1f {
            return Err(Malformed);
        }
        let (length, after) = length(after)?;
        if after.len() < length {
            return Err(Malformed);
        }
        let (content, rest) = after.split_at(length);
        let whole = &self.rest[..self.rest.len() - rest.len()];
        self.rest = rest;
        Ok(Element { tag, content, whole })
    }

    /// The content of the next element, which has this tag.
    pub(super) fn take(&mut self, tag: u8) -> Result<&'a [u8], Malformed> {
        self.optional(tag)?.ok_or(Malformed)
    }

    /// The content of the next element, if it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>, Malformed> {
        if self.rest.first() != Some(&tag) {
            return Ok(None);
        }
        self.any().map(|element| Some(element.content))
    }

    pub(super) fn sequence(&mut self) -> Result<Reader<'a>, Malformed> {
        self.take(SEQUENCE).map(Reader::new)
    }

    /// A bit string of whole bytes.
    pub(super) fn bits(&mut self) -> Result<&'a [u8], Malformed> {
        match self.take(BIT_STRING)?.split_first() {
            Some((0, bytes)) => Ok(bytes),
            _ => Err(Malformed),
        }
    }

    /// A small number, as a version or a status is.
    pub(super) fn small(&mut self) -> Result<u8, Malformed> {
        match *self.take(INTEGER)? {
            [number] if number < 0x80 => Ok(number),
            _ => Err(Malformed),
        }
    }
}

/// One element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    pub(super) whole: &'a [u8],
}

/// A length in its shortest form, of at most four bytes.
fn length(bytes: &[u8]) -> Result<(usize, &[u8]), Malformed> {
    let (&first, rest) = bytes.split_first().ok_or(Malformed)?;
    if first < 0x80 {
        return Ok((usize::from(first), rest));
    }
    let count = usize::from(first & 0x7f);
    if !(1..=4).contains(&count) || rest.len() < count {
        return Err(Malformed);
    }
    let (digits, rest) = rest.split_at(count);
    let length = digits.iter().fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
    let is_shortest = digits.first() != Some(&0) && length >= 0x80;
    if is_shortest { Ok((length, rest)) } else { Err(Malformed) }
}

/// An element of this content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let digits = content.len().to_be_bytes();
    let digits = &digits[digits.iter().take_while(|digit| **digit == 0).count()..];
    let mut bytes = vec![tag];
    match digits {
        [] => bytes.push(0),
        [short] if *short < 0x80 => bytes.push(*short),
        long => {
            bytes.extend(u8::try_from(long.len()).map(|count| 0x80 | count));
            bytes.extend_from_slice(long);
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for size in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x1_0000] {
            let content = vec![7; size];
            let bytes = element(OCTET_STRING, &content);
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.take(OCTET_STRING), Ok(content.as_slice()), "{size}");
            assert_eq!(reader.end(), Ok(()));
        }
        assert_eq!(element(SEQUENCE, &[1; 0x80])[..3], [0x30, 0x81, 0x80]);
    }

    #[test]
    fn only_the_shortest_form_is_read() {
        for bytes in [&[4, 0x81, 1, 9][..], &[4, 0x82, 0, 1, 9], &[4, 0x80, 9, 0, 0], &[4, 2, 9], &[4], &[0x1f, 1, 9]] {
            assert!(Reader::new(bytes).any().is_err(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let mut reader = Reader::new(&bytes);
            while let Ok(element) = reader.any() {
                prop_assert!(element.whole.len() > element.content.len());
                let _ = (Reader::new(element.content).bits(), Reader::new(element.whole).small());
            }
        }
    }
}

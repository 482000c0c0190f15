//! Whether something is written as bytes that are there already, without writing it to memory first.

use std::io::{self, Write};

/// Whether `write` writes exactly these bytes.
pub(super) fn bytes(expected: &[u8], write: impl FnOnce(&mut Rest<'_>) -> io::Result<()>) -> bool {
    let mut rest = Rest(expected);
    write(&mut rest).is_ok() && rest.0.is_empty()
}

/// What is still expected; anything else is refused.
pub(super) struct Rest<'a>(&'a [u8]);

impl Write for Rest<'_> {
    fn write(&mut self, block: &[u8]) -> io::Result<usize> {
        self.0 = self.0.strip_prefix(block).ok_or(io::ErrorKind::InvalidData)?;
        Ok(block.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_may_be_missing_and_nothing_more_be_there() {
        let written = |text: &'static str| move |out: &mut Rest<'_>| out.write_all(text.as_bytes());
        assert!(bytes(b"abc", written("abc")) && bytes(b"", written("")));
        assert!(!bytes(b"abc", written("ab")) && !bytes(b"abc", written("abcd")) && !bytes(b"abc", written("abd")));
    }
}

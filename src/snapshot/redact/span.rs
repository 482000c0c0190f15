//! A JSON text as a tree that remembers where each value stands.
//!
//! It borrows from the text, keeps duplicate keys apart, and never rewrites anything: what a caller does not replace
//! keeps its key order, its whitespace and the spelling of its numbers. `serde_json` decides what is JSON.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use serde_json::value::RawValue;

/// The nesting that `serde_json` accepts when it reads a value; what is deeper no reader can use.
const DEPTH: usize = 128;

/// One value of the text.
#[derive(Debug)]
pub(super) struct Node<'a> {
    /// Where it stands, in bytes.
    pub(super) span: Range<usize>,
    /// What it is.
    pub(super) kind: Kind<'a>,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    /// Members in the order of the text, duplicates included.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
    /// Elements in order.
    List(Vec<Node<'a>>),
    /// A string, decoded.
    Text(Cow<'a, str>),
    /// A number, in whatever spelling.
    Number,
    /// `true`, `false` or `null`: nothing private fits in it.
    Word,
}

impl Node<'_> {
    /// Whether there is nothing in it that could be removed.
    pub(super) fn is_empty(&self) -> bool {
        match &self.kind {
            Kind::Object(members) => members.is_empty(),
            Kind::List(elements) => elements.is_empty(),
            Kind::Text(text) => text.is_empty(),
            Kind::Number => false,
            Kind::Word => true,
        }
    }
}

/// The tree of a JSON text; `None` where it is not JSON or nested deeper than a reader accepts.
pub(super) fn parse(text: &str) -> Option<Node<'_>> {
    serde_json::from_str::<&RawValue>(text).ok()?;
    let mut scanner = Scanner { text, at: 0 };
    scanner.blank();
    scanner.value(DEPTH)
}

/// Adds one step to an RFC 6901 pointer and returns the length to cut back to.
pub(super) fn push_key(pointer: &mut String, key: &str) -> usize {
    let length = pointer.len();
    pointer.push('/');
    for character in key.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
    length
}

/// The same for an element of a list.
pub(super) fn push_index(pointer: &mut String, index: usize) -> usize {
    let length = pointer.len();
    let _ = write!(pointer, "/{index}");
    length
}

/// Finds the ends of values in a text that is known to be JSON; on anything else it gives up, without panic.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.blank();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Option<Node<'a>> {
        let depth = depth.checked_sub(1)?;
        self.blank();
        let start = self.at;
        let kind = match self.peek()? {
            b'{' => Kind::Object(self.members(depth)?),
            b'[' => Kind::List(self.elements(depth)?),
            b'"' => Kind::Text(self.string()?),
            b't' | b'f' | b'n' => {
                self.skip_scalar();
                Kind::Word
            }
            _ => {
                self.skip_scalar();
                Kind::Number
            }
        };
        Some(Node { span: start..self.at, kind })
    }

    fn members(&mut self, depth: usize) -> Option<Vec<(Cow<'a, str>, Node<'a>)>> {
        let mut members = Vec::new();
        self.take(b'{');
        if self.take(b'}') {
            return Some(members);
        }
        loop {
            self.blank();
            let key = self.string()?;
            self.take(b':').then_some(())?;
            members.push((key, self.value(depth)?));
            if !self.take(b',') {
                return self.take(b'}').then_some(members);
            }
        }
    }

    fn elements(&mut self, depth: usize) -> Option<Vec<Node<'a>>> {
        let mut elements = Vec::new();
        self.take(b'[');
        if self.take(b']') {
            return Some(elements);
        }
        loop {
            elements.push(self.value(depth)?);
            if !self.take(b',') {
                return self.take(b']').then_some(elements);
            }
        }
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        self.take(b'"').then_some(())?;
        let mut escaped = false;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        self.at += 1;
        if escaped {
            // Fails on half of a surrogate pair, which no string can hold.
            return serde_json::from_str(self.text.get(start..self.at)?).ok().map(Cow::Owned);
        }
        self.text.get(start + 1..self.at - 1).map(Cow::Borrowed)
    }

    fn skip_scalar(&mut self) {
        while self.peek().is_some_and(|byte| !matches!(byte, b',' | b'}' | b']') && !byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }
}

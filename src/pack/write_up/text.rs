//! Words with the few things that documents mark in them. A space stands between two pieces where one belongs there.

use crate::pack::Status;
use crate::rules::{Finding, Verdict};

/// Words, codes, verdicts and links, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<Piece>);

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain words.
    Words(String),
    /// An id, an ARN, a key.
    Code(String),
    /// A verdict with its reason and whether a valid waiver accepts it.
    Verdict(Verdict, bool),
    /// The status of a control.
    Status(Status),
    /// Words that lead to a finding, by its id.
    Finding(String, String),
    /// What a person states, by its id: where it stands in the document.
    Statement(String),
    /// The place where a statement stands, by its id.
    StatementHere(String),
    /// A part of the same document, by its number.
    Part(usize),
    /// A new line.
    Break,
}

impl Text {
    /// Nothing: a blank to fill in.
    #[must_use]
    pub fn blank() -> Self {
        Self::default()
    }

    /// Its pieces.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// With a piece more.
    #[must_use]
    pub fn with(mut self, piece: Piece) -> Self {
        self.0.push(piece);
        self
    }

    /// With words more.
    #[must_use]
    pub fn words(self, words: impl Into<String>) -> Self {
        self.with(Piece::Words(words.into()))
    }

    /// With words on a new line.
    #[must_use]
    pub fn line(self, words: impl Into<String>) -> Self {
        self.broken().words(words)
    }

    /// With a new line, unless it is still empty.
    #[must_use]
    pub fn broken(self) -> Self {
        if self.0.is_empty() { self } else { self.with(Piece::Break) }
    }

    /// With a code more.
    #[must_use]
    pub fn code(self, code: impl Into<String>) -> Self {
        self.with(Piece::Code(code.into()))
    }

    /// With a verdict more.
    #[must_use]
    pub fn verdict(self, finding: &Finding) -> Self {
        self.with(Piece::Verdict(finding.verdict, finding.is_waived()))
    }

    /// With a status more.
    #[must_use]
    pub fn status(self, status: Status) -> Self {
        self.with(Piece::Status(status))
    }

    /// With words that lead to a finding.
    #[must_use]
    pub fn finding(self, words: impl Into<String>, id: impl Into<String>) -> Self {
        self.with(Piece::Finding(words.into(), id.into()))
    }

    /// With a reference to a part.
    #[must_use]
    pub fn part(self, number: usize) -> Self {
        self.with(Piece::Part(number))
    }

    /// With a reference to what a person states.
    #[must_use]
    pub fn statement(self, id: impl Into<String>) -> Self {
        self.with(Piece::Statement(id.into()))
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self::default().words(words)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self::default().words(words)
    }
}

impl From<Status> for Text {
    fn from(status: Status) -> Self {
        Self::default().status(status)
    }
}

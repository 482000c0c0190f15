//! A document as a value: parts, blocks, statements, and for each statement what it rests on.
//!
//! A statement cannot be made without a basis, and a basis is never empty: a sentence that states a fact and names
//! neither evidence nor a label is not a value of this module. What needs no basis is a heading, a blank to fill in, or
//! a [`Block::Guide`]: a constant sentence about the document itself.

mod basis;
pub mod hipaa;
mod picture;
mod text;

pub use basis::{Basis, Calls, Ground, Record, Source};
pub use picture::{Node, Picture, Side};
pub use text::{Piece, Text};

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteUp {
    /// Its parts, in order; the first is the cover.
    pub parts: Vec<Part>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// For a heading.
    pub title: &'static str,
    /// What it says, in order.
    pub blocks: Vec<Block>,
}

/// A piece of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading within the part: a number, possibly empty, and words.
    Heading(&'static str, &'static str),
    /// How to read what follows. It states no fact about anybody.
    Guide(&'static str),
    /// Sentences, one a line.
    Says(Vec<Statement>),
    /// Names and values.
    Facts(Vec<Fact>),
    /// Rows, each with its basis.
    Table(Table),
    /// A picture; what it shows stands as text after it.
    Picture(Picture),
    /// Blank lines to fill in by hand: the columns, and how many rows.
    Form(&'static [&'static str], usize),
}

/// A sentence and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The sentence.
    pub text: Text,
    /// What it rests on.
    pub basis: Basis,
}

/// A name, a value, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What the value is.
    pub name: &'static str,
    /// The value.
    pub value: Text,
    /// What it rests on.
    pub basis: Basis,
}

/// A table whose rows all name their basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Without the column of the basis, which every table has at its end.
    pub columns: &'static [Column],
    /// One at least, else the table is left out.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Words.
    Words(&'static str),
    /// Numbers, set to the right.
    Numbers(&'static str),
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// One for each column.
    pub cells: Vec<Text>,
    /// What the row rests on.
    pub basis: Basis,
}

impl Statement {
    /// A sentence that rests on something.
    pub fn new(text: impl Into<Text>, basis: impl Into<Basis>) -> Self {
        Self { text: text.into(), basis: basis.into() }
    }
}

impl Fact {
    /// A value that rests on something.
    pub fn new(name: &'static str, value: impl Into<Text>, basis: impl Into<Basis>) -> Self {
        Self { name, value: value.into(), basis: basis.into() }
    }
}

impl Row {
    /// A row that rests on something.
    pub fn new(cells: impl IntoIterator<Item = Text>, basis: impl Into<Basis>) -> Self {
        Self { cells: cells.into_iter().collect(), basis: basis.into() }
    }
}

impl Block {
    /// Every basis in it.
    fn bases(&self) -> Vec<&Basis> {
        match self {
            Self::Says(statements) => statements.iter().map(|statement| &statement.basis).collect(),
            Self::Facts(facts) => facts.iter().map(|fact| &fact.basis).collect(),
            Self::Table(table) => table.rows.iter().map(|row| &row.basis).collect(),
            Self::Heading(..) | Self::Guide(_) | Self::Picture(_) | Self::Form(..) => Vec::new(),
        }
    }
}

impl WriteUp {
    /// Every basis in it, in order.
    pub fn bases(&self) -> impl Iterator<Item = &Basis> {
        self.parts.iter().flat_map(|part| &part.blocks).flat_map(Block::bases)
    }
}

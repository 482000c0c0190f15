//! What a picture shows. How it is drawn, renderers say.

use crate::pack::Timeline;

/// A picture. What it shows stands as text beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Where PHI can enter, rest and leave.
    DataFlow(Vec<Node>),
    /// Which days AWS's reports cover.
    Timeline(Timeline),
}

/// A place where PHI can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// On which side of AWS's part.
    pub side: Side,
    /// A few words.
    pub title: &'static str,
    /// What was seen, a few words a line.
    pub lines: Vec<String>,
    /// Whether something about it is open: a fail, or something unread.
    pub open: bool,
}

/// Where a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// PHI comes from it.
    Enters,
    /// PHI is kept there by AWS.
    Rests,
    /// PHI goes out to recipients, over networks that are not AWS's.
    Recipients,
    /// PHI goes out to what the customer runs or has chosen.
    Processors,
}

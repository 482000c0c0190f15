//! What could be read, and what could not: a value that cannot be used without saying what happens otherwise.

use crate::snapshot::{CallId, Outcome};

/// Something that was not read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The API's name of the operation that was missing.
    pub operation: &'static str,
    /// How it ended. Never `observed` or `not_configured`.
    pub outcome: Outcome,
    /// The calls that show it; empty when the question was never asked.
    pub calls: Vec<CallId>,
}

impl Gap {
    /// A question that the snapshot does not hold.
    #[must_use]
    pub const fn not_asked(operation: &'static str) -> Self {
        Self { operation, outcome: Outcome::Unmodelled, calls: Vec::new() }
    }

    /// An answer that was read and does not have what somebody needs.
    #[must_use]
    pub fn unmodelled(operation: &'static str, calls: &[CallId]) -> Self {
        Self { operation, outcome: Outcome::Unmodelled, calls: calls.to_vec() }
    }

    /// A sentence, for instance "GetVoiceChannel could not be read: access denied."
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { operation, outcome, calls } = self;
        match outcome {
            _ if calls.is_empty() => format!("{operation} is not in the snapshot."),
            Outcome::EndOfSupport => {
                format!("{operation} showed nothing after the end of support of Amazon Pinpoint (2026-10-30).")
            }
            Outcome::NotOffered => format!("{operation} was not asked: AWS does not offer the service in this region."),
            Outcome::Truncated => format!("{operation} could not be read to its end."),
            other => format!("{operation} could not be read: {}.", other.in_words()),
        }
    }
}

/// One answer of AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading<T> {
    /// AWS showed a value.
    Seen {
        /// The value.
        value: T,
        /// The calls that show it.
        calls: Vec<CallId>,
    },
    /// AWS showed that nobody configured it.
    Absent {
        /// The calls that show it.
        calls: Vec<CallId>,
    },
    /// Nothing was shown.
    Unread(Gap),
}

impl<T> Reading<T> {
    /// Looks closer at a value; what was absent or unread stays so.
    #[must_use]
    pub fn map<U>(self, look: impl FnOnce(T) -> U) -> Reading<U> {
        match self {
            Self::Seen { value, calls } => Reading::Seen { value: look(value), calls },
            Self::Absent { calls } => Reading::Absent { calls },
            Self::Unread(gap) => Reading::Unread(gap),
        }
    }

    /// The same reading, borrowed.
    #[must_use]
    pub fn as_ref(&self) -> Reading<&T> {
        match self {
            Self::Seen { value, calls } => Reading::Seen { value, calls: calls.clone() },
            Self::Absent { calls } => Reading::Absent { calls: calls.clone() },
            Self::Unread(gap) => Reading::Unread(gap.clone()),
        }
    }

    /// The calls behind it, whatever they showed.
    #[must_use]
    pub fn calls(&self) -> &[CallId] {
        match self {
            Self::Seen { calls, .. } | Self::Absent { calls } | Self::Unread(Gap { calls, .. }) => calls,
        }
    }

    /// The value where one was seen. Only for texts: a verdict has to match on the whole reading.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Seen { value, .. } => Some(value),
            _ => None,
        }
    }
}

/// One member of a list and the page that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The member.
    pub value: T,
    /// The page.
    pub call: CallId,
}

/// A list that came in pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T> {
    /// What was seen, in AWS's order.
    pub seen: Vec<Listed<T>>,
    /// Every page that was read.
    pub calls: Vec<CallId>,
    /// Why there may be more; `None` only when the list was read to its end.
    pub gap: Option<Gap>,
}

impl<T> Listing<T> {
    /// A list that the snapshot does not hold.
    #[must_use]
    pub const fn not_asked(operation: &'static str) -> Self {
        Self { seen: Vec::new(), calls: Vec::new(), gap: Some(Gap::not_asked(operation)) }
    }

    /// The members that were seen.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.seen.iter().map(|listed| &listed.value)
    }

    /// Turns every member into something else.
    #[must_use]
    pub fn map<U>(self, mut look: impl FnMut(Listed<T>) -> U) -> Listing<U> {
        let seen = self
            .seen
            .into_iter()
            .map(|listed| {
                let call = listed.call.clone();
                Listed { value: look(listed), call }
            })
            .collect();
        Listing { seen, calls: self.calls, gap: self.gap }
    }
}

//! How a call ended.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How one API request ended.
///
/// Only [`Outcome::Observed`] shows what AWS holds, and only [`Outcome::NotConfigured`] shows that it holds nothing.
/// Every other outcome means that nobody looked, so no verdict may be a pass because of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A complete answer in the shape that the service documents.
    Observed,
    /// The service's own modelled error for a feature that nobody configured.
    NotConfigured,
    /// The caller may not make this call, in any spelling that AWS uses for it.
    AccessDenied,
    /// The service asked to slow down until the attempts were used up.
    Throttled,
    /// No complete answer within the time allowed.
    Timeout,
    /// Refused, reset, closed without an answer, or no such host.
    Unreachable,
    /// HTTP 5xx.
    ServerError,
    /// An answer that the service's model does not know: wrong shape, missing member, unknown error code, HTML.
    Unmodelled,
    /// A list that announced more than could be read.
    Truncated,
    /// An empty or missing answer about a feature of Amazon Pinpoint that ended on 2026-10-30.
    EndOfSupport,
    /// AWS's published region list does not offer the service there; no request was made.
    NotOffered,
}

impl Outcome {
    /// Every outcome, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::Observed,
        Self::NotConfigured,
        Self::AccessDenied,
        Self::Throttled,
        Self::Timeout,
        Self::Unreachable,
        Self::ServerError,
        Self::Unmodelled,
        Self::Truncated,
        Self::EndOfSupport,
        Self::NotOffered,
    ];

    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::NotConfigured => "not_configured",
            Self::AccessDenied => "access_denied",
            Self::Throttled => "throttled",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::ServerError => "server_error",
            Self::Unmodelled => "unmodelled",
            Self::Truncated => "truncated",
            Self::EndOfSupport => "end_of_support",
            Self::NotOffered => "not_offered",
        }
    }

    /// The words used in sentences, fit after "the call ended with" or "because of".
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Observed => "an answer",
            Self::NotConfigured => "nothing configured",
            Self::AccessDenied => "access denied",
            Self::Throttled => "throttling",
            Self::Timeout => "a timeout",
            Self::Unreachable => "no connection",
            Self::ServerError => "a server error",
            Self::Unmodelled => "an answer of unknown shape",
            Self::Truncated => "an incomplete list",
            Self::EndOfSupport => "the end of support of Amazon Pinpoint",
            Self::NotOffered => "the service not being offered in the region",
        }
    }

    /// Whether the call showed something: a value, or that there is none.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Observed | Self::NotConfigured)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_in_files_is_the_serialised_word() {
        for outcome in Outcome::ALL {
            let json = serde_json::to_value(outcome).expect("serialises");
            assert_eq!(json, outcome.as_str());
        }
    }
}

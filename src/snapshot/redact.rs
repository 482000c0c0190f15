//! To be written.

/// A body without what must not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// What may be kept, verbatim but for `"[redacted]"` where something was removed.
    pub body: String,
    /// JSON pointers of what was removed.
    pub removed: Vec<String>,
}

/// Removes from an answer what must not be kept.
#[must_use]
pub fn body(service: &str, operation: &str, body: &str) -> Redacted {
    let _ = (service, operation);
    Redacted { body: body.to_owned(), removed: Vec::new() }
}

/// Removes from an error message what must not be kept.
#[must_use]
pub fn message(text: &str) -> String {
    text.to_owned()
}

//! What can go wrong with an object store, each in one sentence with a next step.
//!
//! The store's own message is not repeated: S3 puts the access key, and what was signed, into some of them.

use std::io;
use std::path::{Path, PathBuf};

use super::location::Location;
use crate::collect::ConnectError;
use crate::files::FileError;

/// Why something could not be read from or written to an object store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is none.
    #[error("`{text}` is no place in an object store: {what}")]
    Address {
        /// As it was written.
        text: String,
        /// Why, as a clause.
        what: &'static str,
    },
    /// There are no credentials, or no way to AWS.
    #[error("failed to connect to AWS: {0}")]
    Connect(#[from] ConnectError),
    /// A finished snapshot or pack is there.
    #[error("cannot write to `{location}`: it exists")]
    Exists {
        /// The place.
        location: Location,
    },
    /// Something else is there.
    #[error("cannot write to `{location}`: it holds `{path}`, and neither a snapshot nor a pack")]
    NotOurs {
        /// The place.
        location: Location,
        /// One of the objects there.
        path: String,
    },
    /// Somebody writes there, or did so and was stopped.
    #[error("`{location}` is not finished: an upload to it began at {since}")]
    Unfinished {
        /// The place.
        location: Location,
        /// When, in UTC.
        since: String,
    },
    /// Somebody else took the place during the upload.
    #[error("`{location}` was not written: somebody else wrote there meanwhile")]
    Superseded {
        /// The place.
        location: Location,
    },
    /// Neither a snapshot nor a pack is there.
    #[error("`{location}` holds neither a snapshot nor a pack")]
    Missing {
        /// The place.
        location: Location,
    },
    /// A name that this program does not write, and that a disk might misunderstand.
    #[error("`{location}` holds an object whose name no file can have: `{}`", .path.escape_debug())]
    Name {
        /// The place.
        location: Location,
        /// The name.
        path: String,
    },
    /// The bucket is not there.
    #[error("the bucket of `{location}` does not exist")]
    NoBucket {
        /// The place.
        location: Location,
    },
    /// The credentials may not do it.
    #[error("no permission to {action} `{location}` ({code})")]
    Denied {
        /// The place, or an object in it.
        location: String,
        /// What was attempted.
        action: &'static str,
        /// The store's code for it.
        code: String,
    },
    /// The bucket is elsewhere.
    #[error("the bucket of `{location}` is in another region{}", .region.as_ref().map(|region| format!(", {region}")).unwrap_or_default())]
    OtherRegion {
        /// The place.
        location: Location,
        /// Where it is, when the store says so.
        region: Option<String>,
    },
    /// Anything else.
    #[error("failed to {action} `{object}`: {what}")]
    Failed {
        /// What was attempted.
        action: &'static str,
        /// On what.
        object: String,
        /// The store's code, or what the network did.
        what: String,
    },
    /// The disk refused.
    #[error(transparent)]
    File(#[from] FileError),
}

impl StoreError {
    pub(super) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::File(FileError::Io { action, path: PathBuf::from(path), source })
    }

    /// The next step.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Address { .. } => "write it like s3://bucket/2026-Q4".into(),
            Self::Connect(error) => error.hint(),
            Self::Exists { .. } => "choose another prefix, or pass --force to replace it".into(),
            Self::NotOurs { .. } => "choose another prefix, or remove what is there yourself".into(),
            Self::Unfinished { .. } => "wait for it; if nobody is at it any more, write again with --force".into(),
            Self::Superseded { .. } => "look at what is there now, and write to a prefix of your own".into(),
            Self::Missing { .. } => "name the prefix that `collect --out` or `pack --out` wrote".into(),
            Self::Name { .. } => "take a copy that nobody changed".into(),
            Self::NoBucket { .. } => "check its name, or create it first; this program creates no buckets".into(),
            Self::Denied { .. } => "reading needs s3:ListBucket and s3:GetObject there; writing needs s3:PutObject and s3:DeleteObject as well".into(),
            Self::OtherRegion { .. } => "set AWS_REGION, or `region` in the profile, to the bucket's".into(),
            Self::Failed { .. } => "try again; what was uploaded so far is not taken for a snapshot or a pack".into(),
            Self::File(error) => return error.hint().map(str::to_owned),
        })
    }
}

/// Codes of Amazon S3's error responses that say that the request went to the wrong region.
const ELSEWHERE: [&str; 3] =
    ["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"];
/// Codes that say that the credentials are not good or not enough. Their status alone does not always come through.
const REFUSED: [&str; 7] = [
    "AccessDenied",
    "AllAccessDisabled",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
];

/// What an error of the store means for whoever sees it.
pub(super) fn classify(
    location: &Location,
    action: &'static str,
    path: &str,
    error: &object_store::Error,
) -> StoreError {
    let text = chain(error);
    let code = element(&text, "Code").unwrap_or_default();
    let object = if path.is_empty() { location.to_string() } else { format!("{location}/{path}") };
    let is_refused =
        matches!(error, object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. });
    if code == "NoSuchBucket" {
        return StoreError::NoBucket { location: location.clone() };
    }
    if ELSEWHERE.contains(&code) || text.contains("redirect without LOCATION") {
        let region = element(&text, "Region").map(str::to_owned);
        return StoreError::OtherRegion { location: location.clone(), region };
    }
    if is_refused || REFUSED.contains(&code) {
        let code = if code.is_empty() { "403" } else { code };
        return StoreError::Denied { location: object, action, code: code.to_owned() };
    }
    let what = if code.is_empty() { last(error) } else { code.to_owned() };
    StoreError::Failed { action, object, what }
}

/// The text of the first element of that name.
fn element<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (value, _) = rest.split_once('<')?;
    // Codes and regions are words; whatever else stands there is not shown.
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)).then_some(value)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// The innermost cause, which is the network's or the system's.
fn last(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    let text = last.to_string();
    let end = text.find('<').unwrap_or(text.len());
    crate::snapshot::redact::message(text[..end].trim().trim_end_matches(':'))
}

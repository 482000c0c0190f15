//! One API request and its answer: the unit of evidence.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::outcome::Outcome;

/// Where a pack keeps the snapshots before the newest, below `evidence`.
pub const EARLIER: &str = "earlier";

/// A stable name of a call: the same question gets the same id in every snapshot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(String);

impl CallId {
    /// Derives the id from what was asked. Paging tokens differ between two readings of the same list and are
    /// left out; the page number stands for them.
    #[must_use]
    pub fn derive(question: &Question<'_>) -> Self {
        let asked: BTreeMap<&str, &Value> = question
            .parameters
            .iter()
            .filter(|(name, _)| !is_paging_token(name))
            .map(|(name, value)| (name.as_str(), value))
            .collect();
        let canonical = serde_json::json!([
            question.account,
            question.region,
            question.service,
            question.operation,
            asked,
            question.page
        ]);
        Self(format!("c-{}", &hex_sha256(canonical.to_string().as_bytes())[..16]))
    }

    /// The id of a call of an earlier snapshot, as it stands in a pack: `earlier/<finished>/<id>`.
    #[must_use]
    pub fn of_earlier(&self, finished: DateTime<Utc>) -> Self {
        Self(format!("{EARLIER}/{}/{}", super::time::format(finished), self.0))
    }

    /// When the earlier snapshot was finished that the call belongs to; `None` for a call of the newest.
    #[must_use]
    pub fn earlier(&self) -> Option<DateTime<Utc>> {
        let (finished, _) = self.0.strip_prefix(EARLIER)?.strip_prefix('/')?.split_once('/')?;
        DateTime::parse_from_rfc3339(finished).ok().map(|finished| finished.to_utc())
    }

    /// An id as it stands in a file.
    #[must_use]
    pub fn from_file(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The number in an id of the newest snapshot, `c-<16 hexadecimal digits>`; `None` for any other text.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        let number = u64::from_str_radix(self.0.strip_prefix("c-")?, 16).ok()?;
        // Only a text that is given back as it was has a number.
        (Self::of_number(number) == *self).then_some(number)
    }

    /// The id with that number.
    #[must_use]
    pub fn of_number(number: u64) -> Self {
        Self(format!("c-{number:016x}"))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a call asked, and where.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Twelve digits.
    pub account: &'a str,
    /// For instance `us-east-1`.
    pub region: &'a str,
    /// The service's name in the AWS CLI, for instance `pinpoint-sms-voice-v2`.
    pub service: &'a str,
    /// The API's name of the operation, for instance `GetVoiceChannel`.
    pub operation: &'a str,
    /// The request's members by their names in the API model.
    pub parameters: &'a BTreeMap<String, Value>,
    /// 1-based.
    pub page: u32,
}

/// The names under which the AWS APIs take a paging token.
#[must_use]
pub fn is_paging_token(parameter: &str) -> bool {
    parameter.eq_ignore_ascii_case("token") || parameter.eq_ignore_ascii_case("nexttoken")
}

/// What AWS, or the way to AWS, gave instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallError {
    /// The error code as received; `None` where there was none.
    pub code: Option<String>,
    /// What was said, with nothing private in it.
    pub message: Option<String>,
}

/// One API request and its answer (one page of a paginated operation), as it stands on one line of a snapshot.
///
/// The order of the fields is the order in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// See [`CallId::derive`].
    pub id: CallId,
    /// The service's name in the AWS CLI.
    pub service: String,
    /// The API's name of the operation.
    pub operation: String,
    /// Twelve digits.
    pub account: String,
    /// For instance `us-east-1`.
    pub region: String,
    /// What was asked, by the names of the API model.
    pub parameters: BTreeMap<String, Value>,
    /// 1-based.
    pub page: u32,
    /// UTC, whole milliseconds.
    #[serde(with = "super::time")]
    pub started: DateTime<Utc>,
    /// UTC, whole milliseconds.
    #[serde(with = "super::time")]
    pub finished: DateTime<Utc>,
    /// How it ended.
    pub outcome: Outcome,
    /// Present when the outcome is not `observed`, as far as something was said.
    pub error: Option<CallError>,
    /// As received.
    pub http_status: Option<u16>,
    /// As received.
    pub request_id: Option<String>,
    /// How many requests were sent, including retries.
    pub attempts: u32,
    /// How many list members the page held; `None` where the answer is not a list.
    pub items: Option<u64>,
    /// Whether the answer announced another page.
    pub more: bool,
    /// The answer as AWS sent it, but for the redactions; `None` when there was none.
    pub body: Option<String>,
    /// SHA-256 of the UTF-8 bytes of `body`, in lower-case hexadecimal.
    pub sha256: Option<String>,
    /// JSON pointers of what was removed from `body`.
    pub redactions: Vec<String>,
}

impl Call {
    /// The answer as JSON; `None` where there is none or it is not JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(self.body.as_deref()?).ok()
    }
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn hex_sha256(bytes: &[u8]) -> String {
    hex_digest(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex_digest(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(parameters: &[(&str, &str)], page: u32) -> CallId {
        let parameters = parameters.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect();
        CallId::derive(&Question {
            account: "111122223333",
            region: "us-east-1",
            service: "pinpoint",
            operation: "GetCampaigns",
            parameters: &parameters,
            page,
        })
    }

    #[test]
    fn the_same_question_has_the_same_id_whatever_the_paging_token() {
        let first = id(&[("ApplicationId", "a"), ("Token", "one")], 2);
        assert_eq!(first, id(&[("Token", "two"), ("ApplicationId", "a")], 2));
        assert_ne!(first, id(&[("ApplicationId", "a"), ("Token", "one")], 3));
        assert_ne!(first, id(&[("ApplicationId", "b"), ("Token", "one")], 2));
    }
}

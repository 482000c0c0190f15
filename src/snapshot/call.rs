//! One API request and its answer: the unit of evidence.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::outcome::Outcome;
use crate::hex;

/// Where a pack keeps the snapshots before the newest, below `evidence`.
pub const EARLIER: &str = "earlier";

/// A stable name of a call: the same question gets the same id in every snapshot.
///
/// An estate knows as many of them as it has facts, so one that a collection gave is kept as the number that it is.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct CallId(Form);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Form {
    /// `c-` and sixteen hexadecimal digits.
    Number(u64),
    /// Anything else.
    Text(Box<str>),
}

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
        let digest = Sha256::digest(canonical.to_string().as_bytes());
        let first = digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        Self::of_number(first)
    }

    /// The id of a call of an earlier snapshot, as it stands in a pack: `earlier/<finished>/<id>`.
    #[must_use]
    pub fn of_earlier(&self, finished: DateTime<Utc>) -> Self {
        Self::from_file(format!("{EARLIER}/{}/{self}", super::time::format(finished)))
    }

    /// When the earlier snapshot was finished that the call belongs to; `None` for a call of the newest.
    #[must_use]
    pub fn earlier(&self) -> Option<DateTime<Utc>> {
        let Form::Text(text) = &self.0 else { return None };
        let (finished, _) = text.strip_prefix(EARLIER)?.strip_prefix('/')?.split_once('/')?;
        DateTime::parse_from_rfc3339(finished).ok().map(|finished| finished.to_utc())
    }

    /// An id as it stands in a file.
    #[must_use]
    pub fn from_file(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        // Only a text that is given back as it was is kept as a number.
        let number = text.strip_prefix("c-").and_then(hex::number);
        number.map_or_else(|| Self(Form::Text(text.into())), Self::of_number)
    }

    /// The number in an id of the newest snapshot, `c-<16 hexadecimal digits>`; `None` for any other text.
    #[must_use]
    pub const fn number(&self) -> Option<u64> {
        match self.0 {
            Form::Number(number) => Some(number),
            Form::Text(_) => None,
        }
    }

    /// The number of a call of an earlier snapshot, without that snapshot; as [`CallId::number`] else.
    #[must_use]
    pub fn own_number(&self) -> Option<u64> {
        match &self.0 {
            Form::Number(number) => Some(*number),
            Form::Text(text) => Self::from_file(text.rsplit('/').next()?).number(),
        }
    }

    /// The id with that number.
    #[must_use]
    pub const fn of_number(number: u64) -> Self {
        Self(Form::Number(number))
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Number(number) => f.write_str(&text(*number)),
            Form::Text(text) => f.write_str(text),
        }
    }
}

/// The id with a number, as it stands in files.
fn text(number: u64) -> String {
    let mut text = String::with_capacity(18);
    text.push_str("c-");
    hex::push(&number.to_be_bytes(), &mut text);
    text
}

impl fmt::Debug for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CallId({self})")
    }
}

/// As texts compare.
impl Ord for CallId {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Form::Number(one), Form::Number(other)) => one.cmp(other),
            (Form::Text(one), Form::Text(other)) => one.cmp(other),
            _ => self.to_string().cmp(&other.to_string()),
        }
    }
}

impl PartialOrd for CallId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<CallId> for String {
    fn from(CallId(form): CallId) -> Self {
        match form {
            Form::Number(number) => text(number),
            Form::Text(text) => text.into(),
        }
    }
}

impl From<String> for CallId {
    fn from(text: String) -> Self {
        Self::from_file(text)
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
    hex::of(bytes)
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
    fn an_id_is_given_back_as_it_was_written() {
        for (text, number) in [
            ("c-00000000000000ab", Some(0xab)),
            ("c-00000000000000AB", None),
            ("c-+0000000000000ab", None),
            ("c-0ab", None),
            ("earlier/2026-06-30T16:00:00.000Z/c-00000000000000ab", None),
        ] {
            let id = CallId::from_file(text);
            assert_eq!((id.to_string().as_str(), id.number()), (text, number));
        }
    }

    #[test]
    fn the_same_question_has_the_same_id_whatever_the_paging_token() {
        let first = id(&[("ApplicationId", "a"), ("Token", "one")], 2);
        assert_eq!(first, id(&[("Token", "two"), ("ApplicationId", "a")], 2));
        assert_ne!(first, id(&[("ApplicationId", "a"), ("Token", "one")], 3));
        assert_ne!(first, id(&[("ApplicationId", "b"), ("Token", "one")], 2));
    }
}

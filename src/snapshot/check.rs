//! What must hold of a call and of its place, the same for the writer and the reader.
//!
//! Whatever the writer accepts, the reader accepts; so a snapshot that was written can be opened.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::call::{Call, CallId, Question, hex_sha256, is_paging_token};
use super::redact;

/// The directory of the calls in a snapshot.
pub(super) const CALLS: &str = "calls";
/// Ends the name of a file of calls.
const ENDING: &str = ".jsonl";
/// Longer than any account, region or service.
const NAME_LENGTH: usize = 64;

/// Where the calls of one account, region and service stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) service: String,
}

impl Place {
    /// The place of a call; the error names the part that cannot be a name in a path.
    pub(super) fn of(call: &Call) -> Result<Self, String> {
        for (what, name) in [("account", &call.account), ("region", &call.region), ("service", &call.service)] {
            if !is_plain(name) {
                return Err(format!("the {what} `{}` cannot be part of a path", name.escape_debug()));
            }
        }
        Ok(Self { account: call.account.clone(), region: call.region.clone(), service: call.service.clone() })
    }

    /// `calls/<account>/<region>/<service>.jsonl`
    pub(super) fn path(&self) -> String {
        format!("{CALLS}/{}/{}/{}{ENDING}", self.account, self.region, self.service)
    }

    /// The reverse of [`Place::path`].
    pub(super) fn parse(path: &str) -> Option<Self> {
        let mut parts = path.strip_prefix(CALLS)?.strip_prefix('/')?.strip_suffix(ENDING)?.split('/');
        let (account, region, service) = (parts.next()?, parts.next()?, parts.next()?);
        let plain = parts.next().is_none() && [account, region, service].into_iter().all(is_plain);
        plain.then(|| Self { account: account.into(), region: region.into(), service: service.into() })
    }
}

fn is_plain(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !name.is_empty() && name.len() <= NAME_LENGTH && name.bytes().all(allowed)
}

/// Where a call stands in its file: by operation, parameters without the paging token, and page.
///
/// Two calls that asked the same have the same key, so an ordered file without duplicates has rising keys. The order
/// is that of the names, not of the catalogue, which later versions may rearrange.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    operation: String,
    parameters: String,
    page: u32,
    id: CallId,
}

impl Key {
    pub(super) fn of(call: &Call) -> Self {
        Self::from_parts(call.operation.clone(), &call.parameters, call.page, call.id.clone())
    }

    /// The same from a line of a file, without its body.
    pub(super) fn of_line(line: &[u8]) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        struct Asked {
            id: CallId,
            operation: String,
            parameters: BTreeMap<String, Value>,
            page: u32,
        }
        let Asked { id, operation, parameters, page } = serde_json::from_slice(line)?;
        Ok(Self::from_parts(operation, &parameters, page, id))
    }

    fn from_parts(operation: String, parameters: &BTreeMap<String, Value>, page: u32, id: CallId) -> Self {
        let asked: BTreeMap<&str, &Value> =
            parameters.iter().filter(|(name, _)| !is_paging_token(name)).map(|(k, v)| (k.as_str(), v)).collect();
        Self { operation, parameters: serde_json::json!(asked).to_string(), page, id }
    }

    pub(super) const fn id(&self) -> &CallId {
        &self.id
    }
}

/// Whether a call says of itself what is true; the error is a sentence about it.
pub(super) fn call(call: &Call) -> Result<(), String> {
    let derived = CallId::derive(&Question {
        account: &call.account,
        region: &call.region,
        service: &call.service,
        operation: &call.operation,
        parameters: &call.parameters,
        page: call.page,
    });
    if call.id != derived {
        return Err(format!(
            "the id is `{}`, but what was asked gives `{derived}`",
            call.id.to_string().escape_debug()
        ));
    }
    if call.page == 0 {
        return Err("the page is 0; pages begin with 1".to_owned());
    }
    if call.finished < call.started {
        return Err("the call finished before it started".to_owned());
    }
    body(call)
}

fn body(call: &Call) -> Result<(), String> {
    if call.sha256 != call.body.as_deref().map(|body| hex_sha256(body.as_bytes())) {
        return Err("the SHA-256 of the body is not the one given".to_owned());
    }
    match &call.body {
        None if call.redactions.is_empty() => Ok(()),
        None => Err("redactions are listed, but there is no body".to_owned()),
        Some(body) => match redact::first_unredacted(body, &call.redactions) {
            None => Ok(()),
            Some(pointer) => Err(format!("nothing was removed at `{}`", pointer.escape_debug())),
        },
    }
}

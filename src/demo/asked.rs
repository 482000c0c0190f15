//! What a request asks: the region from its host, the operation from its target or path, the parameters from its
//! query or body.
//!
//! It never judges whether the question has an answer.

use std::collections::BTreeMap;

use serde_json::Value;

use super::REGIONS;
use crate::collect::in_process::WireRequest;
use crate::operations::Service;

/// How many members a page may hold. The demo's pages are smaller than any caller allows, so it does not matter.
const PAGE_SIZES: [&str; 4] = ["page-size", "PageSize", "MaxResults", "maxResults"];

/// A request in the words of the routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// One of the demo's regions; `None` where the host names none of them.
    pub(super) region: Option<&'static str>,
    /// The `X-Amz-Target`, else method and decoded path: `GET /v1/apps`.
    pub(super) request: String,
    /// Query, form or JSON members as text, without page sizes and defaults.
    pub(super) parameters: BTreeMap<String, String>,
    /// Whose conventions the answer follows.
    pub(super) service: Service,
}

impl Asked {
    /// Reads a request as the SDK sent it.
    pub(super) fn read(request: &WireRequest) -> Self {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let service = service(request, path);
        let mut parameters = match (request.method.as_str(), service) {
            ("POST", Service::Sts) => pairs(&request.body),
            ("POST", _) => json_members(&request.body),
            _ => pairs(query),
        };
        parameters.retain(|name, value| {
            let default = name == "Owner" && value == "SELF";
            let protocol = name == "Version" && service == Service::Sts;
            !(PAGE_SIZES.contains(&name.as_str()) || default || protocol)
        });
        Self {
            region: region(&request.host),
            request: request.target.clone().unwrap_or_else(|| format!("{} {}", request.method, decoded(path))),
            parameters,
            service,
        }
    }
}

/// A member's value as it is compared: strings bare, everything else as JSON.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn region(host: &str) -> Option<&'static str> {
    REGIONS.into_iter().find(|region| host.split(['.', ':']).any(|label| label == *region))
}

fn service(request: &WireRequest, path: &str) -> Service {
    if request.target.is_some() {
        Service::SmsVoice
    } else if path.starts_with("/v2/email/") {
        Service::Ses
    } else if path.starts_with("/v1/report/") || path.starts_with("/v1/customer-agreement/") {
        Service::Artifact
    } else if path == "/" {
        Service::Sts
    } else {
        Service::Pinpoint
    }
}

fn json_members(body: &str) -> BTreeMap<String, String> {
    if body.is_empty() {
        return BTreeMap::new();
    }
    match serde_json::from_str(body) {
        Ok(Value::Object(members)) => members.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        // A body that is no object matches no route, under a name that no operation has.
        _ => BTreeMap::from([("(body)".to_owned(), body.to_owned())]),
    }
}

fn pairs(encoded: &str) -> BTreeMap<String, String> {
    encoded
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// Percent-decoding (RFC 3986); what is not an escape stays as it is.
fn decoded(encoded: &str) -> String {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = if *first == b'%' { tail.get(..2).and_then(hex_byte) } else { None };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Asked {
        Asked::read(&WireRequest {
            method: "GET".into(),
            host: "pinpoint.us-west-2.amazonaws.com".into(),
            path: path.into(),
            target: None,
            body: String::new(),
        })
    }

    #[test]
    fn an_escaped_arn_in_the_path_is_read_as_it_was_meant() {
        let asked = get("/v1/tags/arn%3Aaws%3Amobiletargeting%3Aus-west-2%3A111122223333%3Aapps%2Fa?token=x%2Fy");
        assert_eq!(asked.request, "GET /v1/tags/arn:aws:mobiletargeting:us-west-2:111122223333:apps/a");
        assert_eq!(asked.parameters, BTreeMap::from([("token".to_owned(), "x/y".to_owned())]));
        assert_eq!(asked.region, Some("us-west-2"));
    }

    #[test]
    fn a_broken_escape_stays_as_it_is() {
        assert_eq!(decoded("a%2"), "a%2");
        assert_eq!(decoded("%zz%41"), "%zzA");
    }

    #[test]
    fn page_sizes_and_the_default_owner_change_no_answer_but_other_parameters_count() {
        assert!(get("/v1/apps?page-size=100").parameters.is_empty());
        assert_eq!(get("/v1/apps?filter=a").parameters.len(), 1);
        let body = |body: &str| {
            Asked::read(&WireRequest {
                method: "POST".into(),
                host: "sms-voice.us-east-1.amazonaws.com".into(),
                path: "/".into(),
                target: Some("PinpointSMSVoiceV2.DescribePools".into()),
                body: body.into(),
            })
            .parameters
        };
        assert!(body(r#"{"Owner":"SELF","MaxResults":100}"#).is_empty());
        assert_eq!(body(r#"{"Owner":"SHARED"}"#).len(), 1);
        assert_eq!(body("not JSON").len(), 1);
    }
}

//! Answers with the status, headers and errors that the services use.
//!
//! Errors differ by protocol: REST services name the code in `x-amzn-errortype`, AWS End User Messaging SMS in the
//! member `__type`, AWS STS in XML. Documents stand indented in the source and leave without that whitespace, as AWS
//! sends them.

use serde_json::json;

use super::asked::Asked;
use super::documents;
use super::routes::Route;
use crate::collect::in_process::WireResponse;
use crate::operations::Service;
use crate::snapshot::hex_sha256;

/// The code of an error that no service model knows.
const UNKNOWN: &str = "UnknownOperationException";

/// The last path segments of the channels that Amazon Pinpoint has.
const CHANNELS: [&str; 10] =
    ["adm", "apns", "apns_sandbox", "apns_voip", "apns_voip_sandbox", "baidu", "email", "gcm", "sms", "voice"];

/// The answer of a route.
pub(super) fn document(asked: &Asked, route: &Route) -> WireResponse {
    let Some(text) = documents::find(&route.file) else { return unknown(asked) };
    let body = if asked.service == Service::Sts { text.to_owned() } else { without_indentation(text) };
    response(asked, route.status.unwrap_or(200), route.error.as_deref(), body)
}

/// The answer to a question without a document: "there is none" where the services would say so, else an error that
/// no model knows.
pub(super) fn without_document(asked: &Asked) -> WireResponse {
    match (asked.region, asked.service, absent(asked)) {
        (Some(_), Service::SmsVoice, true) => no_policy(asked),
        (Some(_), Service::Ses, true) => {
            let body = json!({ "message": "The requested resource does not exist." });
            response(asked, 404, Some("NotFoundException"), body.to_string())
        }
        (Some(_), _, true) => {
            let body = json!({ "Message": "Resource not found", "RequestID": request_id(asked) });
            response(asked, 404, Some("NotFoundException"), body.to_string())
        }
        _ => unknown(asked),
    }
}

/// Whether the question is about something that an account may well not have.
fn absent(asked: &Asked) -> bool {
    if asked.request == "PinpointSMSVoiceV2.GetResourcePolicy" {
        return asked.parameters.keys().eq(["ResourceArn"]);
    }
    let segments: Vec<&str> = asked.request.split('/').skip(1).collect();
    asked.request.starts_with("GET ")
        && asked.parameters.is_empty()
        && match segments[..] {
            ["v1", "apps", _, "channels", channel] => CHANNELS.contains(&channel),
            ["v1", "apps", _]
            | ["v1", "apps", _, "eventstream"]
            | ["v2", "email", "identities" | "configuration-sets", _]
            | ["v2", "email", "configuration-sets", _, "event-destinations"] => true,
            _ => false,
        }
}

fn no_policy(asked: &Asked) -> WireResponse {
    let body = json!({
        "__type": "ResourceNotFoundException",
        "Message": "Resource policy not found",
        "ResourceId": asked.parameters.get("ResourceArn"),
        "ResourceType": "policy",
    });
    response(asked, 400, None, body.to_string())
}

fn unknown(asked: &Asked) -> WireResponse {
    let message = "The example account does not answer this request.";
    match asked.service {
        Service::SmsVoice => response(asked, 400, None, json!({ "__type": UNKNOWN, "Message": message }).to_string()),
        Service::Sts => {
            let id = request_id(asked);
            let error = format!("<Type>Sender</Type><Code>{UNKNOWN}</Code><Message>{message}</Message>");
            let body = format!("<ErrorResponse><Error>{error}</Error><RequestId>{id}</RequestId></ErrorResponse>");
            response(asked, 400, None, body)
        }
        _ => response(asked, 400, Some(UNKNOWN), json!({ "Message": message }).to_string()),
    }
}

fn response(asked: &Asked, status: u16, error: Option<&str>, body: String) -> WireResponse {
    let content_type = match asked.service {
        Service::SmsVoice => "application/x-amz-json-1.0",
        Service::Sts => "text/xml",
        Service::Organizations => "application/x-amz-json-1.1",
        Service::Pinpoint | Service::Ses | Service::Artifact => "application/json",
    };
    let mut headers =
        vec![("content-type".to_owned(), content_type.to_owned()), ("x-amzn-requestid".to_owned(), request_id(asked))];
    if let Some(code) = error {
        headers.push(("x-amzn-errortype".to_owned(), code.to_owned()));
    }
    WireResponse { status, headers, body }
}

/// Shaped like a random UUID, derived from what was asked, so that two runs give equal snapshots.
fn request_id(asked: &Asked) -> String {
    let question = json!([asked.region, asked.request, asked.parameters]).to_string();
    let hex = hex_sha256(question.as_bytes());
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[12..15], &hex[15..18], &hex[18..30])
}

/// JSON without the whitespace between its tokens; strings stay untouched.
fn without_indentation(json: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    json.chars()
        .filter(|character| {
            let keep = inside || !character.is_ascii_whitespace();
            if *character == '"' && !escaped {
                inside = !inside;
            }
            escaped = inside && *character == '\\' && !escaped;
            keep
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whitespace_goes_from_between_tokens_and_stays_in_strings() {
        let indented = "{\n  \"a b\": [1, \"c \\\" d\\\\\"],\n  \"e\": \" \"\n}\n";
        assert_eq!(without_indentation(indented), r#"{"a b":[1,"c \" d\\"],"e":" "}"#);
    }
}

//! The wire in terms of the catalogue: which operation a request calls, which page it asks for, and answers as AWS
//! spells them.

use std::collections::BTreeMap;

use pinpoint_evidence::collect::in_process::{WireRequest, WireResponse};
use pinpoint_evidence::operations::{self, Operation, Service};
use serde_json::{Value, json};

/// An answer with AWS's headers.
pub(crate) fn answer(status: u16, body: impl Into<String>) -> WireResponse {
    let headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("x-amzn-requestid".to_owned(), "00000000-0000-4000-8000-000000000001".to_owned()),
    ];
    WireResponse { status, headers, body: body.into() }
}

/// An error in all the spellings of the protocols at once.
pub(crate) fn error(status: u16, code: &str, message: &str) -> WireResponse {
    let mut response = answer(status, json!({"__type": code, "message": message}).to_string());
    response.headers.push(("x-amzn-errortype".to_owned(), code.to_owned()));
    response
}

/// An error of AWS STS.
pub(crate) fn xml_error(status: u16, code: &str, message: &str) -> WireResponse {
    let error = format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>");
    let mut response = answer(status, format!("<ErrorResponse>{error}</ErrorResponse>"));
    "text/xml".clone_into(&mut response.headers[0].1);
    response
}

/// Which operation a request calls.
pub(crate) fn operation_of(request: &WireRequest) -> &'static Operation {
    let label = request.host.split('.').next().unwrap_or_default();
    let segments: Vec<&str> = path(request).trim_matches('/').split('/').collect();
    let (service, name) = match (&request.target, label) {
        (Some(target), _) => (Service::SmsVoice, target.split_once('.').expect("a target").1.to_owned()),
        (None, "sts") => (Service::Sts, "GetCallerIdentity".to_owned()),
        (None, "pinpoint") => (Service::Pinpoint, pinpoint(&segments)),
        (None, "email") => (Service::Ses, ses(&segments).to_owned()),
        (None, "artifact") => (Service::Artifact, artifact(&segments).to_owned()),
        _ => panic!("nobody plays {}", request.host),
    };
    operations::find(service.as_str(), &name).unwrap_or_else(|| panic!("{name} is not in the catalogue"))
}

fn path(request: &WireRequest) -> &str {
    request.path.split('?').next().unwrap_or_default()
}

fn pinpoint(segments: &[&str]) -> String {
    match segments {
        ["v1", "apps"] => "GetApps",
        ["v1", "apps", _] => "GetApp",
        ["v1", "templates"] => "ListTemplates",
        ["v1", "recommenders"] => "GetRecommenderConfigurations",
        ["v1", "tags", ..] => "ListTagsForResource",
        ["v1", "apps", _, "settings"] => "GetApplicationSettings",
        ["v1", "apps", _, "eventstream"] => "GetEventStream",
        ["v1", "apps", _, "journeys"] => "ListJourneys",
        ["v1", "apps", _, "jobs", "import"] => "GetImportJobs",
        ["v1", "apps", _, "jobs", "export"] => "GetExportJobs",
        ["v1", "apps", _, "channels", channel] => return format!("Get{}Channel", camel_case(channel)),
        // GetChannels, GetCampaigns, GetSegments
        ["v1", "apps", _, list] => return format!("Get{}", camel_case(list)),
        _ => panic!("no operation at {segments:?}"),
    }
    .to_owned()
}

fn camel_case(text: &str) -> String {
    text.split('_').flat_map(|word| [word[..1].to_ascii_uppercase(), word[1..].to_owned()]).collect()
}

fn ses(segments: &[&str]) -> &'static str {
    match segments {
        ["v2", "email", "account"] => "GetAccount",
        ["v2", "email", "list-identities"] => "ListEmailIdentities",
        ["v2", "email", "identities", _] => "GetEmailIdentity",
        ["v2", "email", "list-configuration-sets"] => "ListConfigurationSets",
        ["v2", "email", "configuration-sets", _] => "GetConfigurationSet",
        ["v2", "email", "configuration-sets", _, "event-destinations"] => "GetConfigurationSetEventDestinations",
        _ => panic!("no operation at {segments:?}"),
    }
}

fn artifact(segments: &[&str]) -> &'static str {
    match segments {
        ["v1", "report", "list"] => "ListReports",
        ["v1", "report", "listVersions"] => "ListReportVersions",
        ["v1", "report", "getMetadata"] => "GetReportMetadata",
        ["v1", "customer-agreement", "list"] => "ListCustomerAgreements",
        _ => panic!("no operation at {segments:?}"),
    }
}

/// The paging token of a request.
pub(crate) fn token(request: &WireRequest, operation: &Operation) -> Option<String> {
    if let Some(body) = body(request) {
        return body.get("NextToken").and_then(Value::as_str).map(str::to_owned);
    }
    query(request).remove(token_name(operation))
}

/// The same question for another page; `None` asks for the first.
pub(crate) fn with_token(request: &WireRequest, operation: &Operation, token: Option<&str>) -> WireRequest {
    let mut request = request.clone();
    if let Some(mut body) = body(&request) {
        body.remove("NextToken");
        if let Some(token) = token {
            body.insert("NextToken".to_owned(), Value::from(token));
        }
        request.body = Value::Object(body).to_string();
        return request;
    }
    let mut query = query(&request);
    query.remove(token_name(operation));
    if let Some(token) = token {
        query.insert(token_name(operation).to_owned(), token.to_owned());
    }
    let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    request.path = format!("{}?{}", path(&request), pairs.join("&"));
    request
}

/// AWS End User Messaging SMS, and Amazon SES where it lists by POST, take the token in the body.
fn body(request: &WireRequest) -> Option<serde_json::Map<String, Value>> {
    if request.method != "POST" || request.host.starts_with("sts.") {
        return None;
    }
    match serde_json::from_str(&request.body) {
        Ok(Value::Object(body)) => Some(body),
        _ => Some(serde_json::Map::new()),
    }
}

fn query(request: &WireRequest) -> BTreeMap<String, String> {
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn token_name(operation: &Operation) -> &'static str {
    match operation.service {
        Service::Pinpoint if operation.name == "ListTemplates" => "next-token",
        Service::Pinpoint => "token",
        Service::Artifact => "nextToken",
        Service::Ses | Service::SmsVoice | Service::Sts | Service::Organizations => "NextToken",
    }
}

/// The same question for the first page, untouched where the operation does not page.
pub(crate) fn with_token_removed(request: &WireRequest, operation: &Operation) -> WireRequest {
    if operation.paging.is_some() { with_token(request, operation, None) } else { request.clone() }
}

//! The demo as a whole: nothing dangles, nothing real is in it, and the reads of the product are answered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::asked::{Asked, text};
use super::routes::{self, Route};
use super::{ACCOUNT, CALLER, CONFIG, NOW, REGIONS, answer, documents};
use crate::collect::in_process::{WireRequest, WireResponse};
use crate::operations::{self, Service};

const PATIENT_REMINDERS: &str = "4a1e7c52d8f04b6b9c3de1f2a7b80561";
const CARE_COORDINATION: &str = "9b6d20f3c1e84a7f8d5b04c7e6a913d2";
const LEGACY_PILOT: &str = "e05c8b7a61f34d29bd74f1a8305e92c6";

fn request(host: &str, method: &str, path: &str, target: Option<&str>, body: &str) -> WireRequest {
    WireRequest {
        method: method.into(),
        host: host.into(),
        path: path.into(),
        target: target.map(str::to_owned),
        body: body.into(),
    }
}

fn get(path: &str) -> WireResponse {
    let host = if path.starts_with("/v2/") { "email" } else { "pinpoint" };
    answer(&request(&format!("{host}.us-east-1.amazonaws.com"), "GET", path, None, ""))
}

fn sms_voice(operation: &str, body: &str) -> WireResponse {
    let target = format!("PinpointSMSVoiceV2.{operation}");
    answer(&request("sms-voice.us-east-1.amazonaws.com", "POST", "/", Some(&target), body))
}

fn header<'a>(response: &'a WireResponse, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
}

fn json(response: &WireResponse) -> Value {
    serde_json::from_str(&response.body).unwrap()
}

/// The pages of a list, as an SDK's caller would follow them.
fn pages(ask: impl Fn(Option<&str>) -> WireResponse, list: &str, next: &str) -> Vec<usize> {
    let (mut sizes, mut token) = (Vec::new(), None);
    loop {
        let response = ask(token.as_deref());
        assert_eq!(response.status, 200);
        let page = json(&response);
        sizes.push(page[list].as_array().unwrap().len());
        token = page[next].as_str().map(str::to_owned);
        if token.is_none() {
            return sizes;
        }
        assert!(sizes.len() < 10, "{list} comes to no end");
    }
}

fn files(directory: &Path, root: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, root, found);
        } else {
            found.insert(
                path.strip_prefix(root)
                    .unwrap()
                    .components()
                    .map(|part| part.as_os_str().to_str().unwrap())
                    .collect::<Vec<_>>()
                    .join("/"),
            );
        }
    }
}

#[test]
fn the_embedded_documents_are_the_files_on_disk_and_each_has_a_route() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/wire");
    let mut on_disk = BTreeSet::new();
    files(&root, &root, &mut on_disk);
    assert!(on_disk.remove("routes.json"));
    let embedded: Vec<String> = documents::ALL.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(embedded, on_disk.iter().cloned().collect::<Vec<_>>());
    let routed: BTreeSet<String> = routes::all().iter().map(|route| route.file.clone()).collect();
    assert_eq!(routed, on_disk);
}

#[test]
fn every_route_leads_to_its_own_document_from_the_request_that_an_sdk_sends() {
    assert!(!routes::all().is_empty());
    for route in routes::all() {
        let response = answer(&as_sent(route));
        assert_eq!(response.status, route.status.unwrap_or(200), "{route:?}");
        assert_eq!(header(&response, "x-amzn-errortype"), route.error.as_deref());
        if route.operation != "sts/GetCallerIdentity" {
            let document: Value = serde_json::from_str(documents::find(&route.file).unwrap()).unwrap();
            assert_eq!(json(&response), document, "{route:?}");
        }
    }
}

/// A route as a request of the SDK: the path percent-encoded, the parameters in query, form or JSON.
fn as_sent(route: &Route) -> WireRequest {
    let region = route.region.as_deref().unwrap_or("us-east-1");
    let host = format!("service.{region}.amazonaws.com");
    let pairs: Vec<String> = route.parameters.iter().map(|(name, value)| format!("{name}={}", text(value))).collect();
    let Some((method, path)) = route.request.split_once(' ') else {
        let body = serde_json::to_string(&route.parameters).unwrap();
        return request(&host, "POST", "/", Some(&route.request), &body);
    };
    let path = match path.strip_prefix("/v1/tags/") {
        Some(arn) => format!("/v1/tags/{}", arn.replace(':', "%3A").replace('/', "%2F")),
        None => path.to_owned(),
    };
    match method {
        "POST" if path != "/" => request(&host, method, &path, None, r#"{"PageSize":100}"#),
        "POST" => request(&host, method, &path, None, &format!("{}&Version=2011-06-15", pairs.join("&"))),
        _ => request(&host, method, &format!("{path}?{}", pairs.join("&")), None, ""),
    }
}

#[test]
fn the_routes_are_reads_of_the_catalogue_and_every_read_of_the_catalogue_has_an_answer() {
    let routed: BTreeSet<&str> = routes::all().iter().map(|route| route.operation.as_str()).collect();
    let catalogue: BTreeSet<String> =
        operations::ALL.iter().map(|operation| format!("{}/{}", operation.service.as_str(), operation.name)).collect();
    for operation in &routed {
        assert!(catalogue.contains(*operation), "{operation} is not in the catalogue");
    }
    // Nobody at Example Health configured these, so every application answers that there is none.
    let absent: Vec<&str> = catalogue.iter().map(String::as_str).filter(|name| !routed.contains(name)).collect();
    assert_eq!(absent, ["pinpoint/GetAdmChannel", "pinpoint/GetApnsVoipChannel", "pinpoint/GetApnsVoipSandboxChannel"]);
    for channel in ["adm", "apns_voip", "apns_voip_sandbox"] {
        assert_eq!(get(&format!("/v1/apps/{PATIENT_REMINDERS}/channels/{channel}")).status, 404);
    }
}

#[test]
fn every_application_answers_every_question_about_applications() {
    let lists =
        ["settings", "campaigns", "journeys", "segments", "jobs/import", "jobs/export", "channels", "channels/sms"];
    let applications: BTreeMap<&str, &str> = routes::all()
        .iter()
        .filter(|route| route.operation == "pinpoint/GetApp")
        .map(|route| (route.request.as_str(), route.region.as_deref().unwrap()))
        .collect();
    assert_eq!(applications.len(), 6);
    for (application, region) in applications {
        for list in lists {
            let path = format!("{}/{list}", application.trim_start_matches("GET "));
            let response = answer(&request(&format!("pinpoint.{region}.amazonaws.com"), "GET", &path, None, ""));
            assert_ne!(response.status, 400, "{path}");
        }
    }
}

#[test]
fn lists_come_in_pages() {
    let list = |path: &'static str, name: &'static str| {
        move |token: Option<&str>| get(&token.map_or(path.to_owned(), |token| format!("{path}?{name}={token}")))
    };
    assert_eq!(pages(list("/v1/apps", "token"), "Item", "NextToken"), [2, 2, 1]);
    assert_eq!(pages(list("/v1/report/list", "nextToken"), "reports", "nextToken"), [6, 5]);
    let campaigns = |token: Option<&str>| {
        let path = format!("/v1/apps/{CARE_COORDINATION}/campaigns?page-size=100");
        get(&token.map_or(path.clone(), |token| format!("{path}&token={token}")))
    };
    assert_eq!(pages(campaigns, "Item", "NextToken"), [2, 2]);
    let numbers = |token: Option<&str>| {
        let token = token.map_or(String::new(), |token| format!(r#","NextToken":"{token}""#));
        sms_voice("DescribePhoneNumbers", &format!(r#"{{"Owner":"SELF"{token}}}"#))
    };
    assert_eq!(pages(numbers, "PhoneNumbers", "NextToken"), [2, 2]);
    assert_eq!(get("/v1/apps?token=guessed").status, 400);
}

#[test]
fn a_channel_that_nobody_configured_is_a_modelled_not_found() {
    let response = get(&format!("/v1/apps/{PATIENT_REMINDERS}/channels/voice"));
    assert_eq!(response.status, 404);
    assert_eq!(header(&response, "x-amzn-errortype"), Some("NotFoundException"));
    let body = json(&response);
    assert_eq!(body["RequestID"].as_str(), header(&response, "x-amzn-requestid"));
    assert!(body["Message"].is_string());
}

#[test]
fn denied_reads_are_errors_and_not_answers() {
    let voice = get(&format!("/v1/apps/{LEGACY_PILOT}/channels/voice"));
    assert_eq!((voice.status, header(&voice, "x-amzn-errortype")), (403, Some("AccessDeniedException")));
    let channels = get(&format!("/v1/apps/{LEGACY_PILOT}/channels"));
    assert_eq!((channels.status, header(&channels, "x-amzn-errortype")), (403, Some("ForbiddenException")));
}

#[test]
fn a_number_without_a_resource_policy_says_so_in_the_words_of_the_model() {
    let arn = "arn:aws:sms-voice:us-east-1:111122223333:phone-number/phone-0f2c4e6a8b1d43579ace02468bdf1357";
    let response = sms_voice("GetResourcePolicy", &format!(r#"{{"ResourceArn":"{arn}"}}"#));
    assert_eq!(response.status, 400);
    assert_eq!(json(&response)["__type"], "ResourceNotFoundException");
    assert_eq!(header(&response, "content-type"), Some("application/x-amz-json-1.0"));
}

#[test]
fn writes_and_forbidden_reads_get_an_error_that_no_model_knows() {
    let unknown = "UnknownOperationException";
    let application = format!("/v1/apps/{PATIENT_REMINDERS}");
    for path in ["/endpoints/one", "/users/one", "/users/one/inappmessages", "/channels/telepathy", "/kpis/daterange/x"]
    {
        let response = get(&format!("{application}{path}"));
        assert_eq!((response.status, header(&response, "x-amzn-errortype")), (400, Some(unknown)), "{path}");
    }
    assert_eq!(get("/v1/templates/appointment-reminder/sms").status, 400);
    assert_eq!(get("/v1/report/get?reportId=x&termToken=y").status, 400);
    for method in ["PUT", "POST", "DELETE"] {
        let path = format!("{application}/channels/voice");
        assert_eq!(answer(&request("pinpoint.us-east-1.amazonaws.com", method, &path, None, "{}")).status, 400);
    }
    for operation in ["DescribeOptedOutNumbers", "SendVoiceMessage", "DescribeVerifiedDestinationNumbers"] {
        assert_eq!(json(&sms_voice(operation, "{}"))["__type"], unknown);
    }
    let sts = request("sts.us-east-1.amazonaws.com", "POST", "/", None, "Action=AssumeRole&Version=2011-06-15");
    let response = answer(&sts);
    assert_eq!(response.status, 400);
    assert!(response.body.contains(unknown));
}

#[test]
fn a_region_that_example_health_does_not_use_gives_no_answer() {
    let path = format!("/v1/apps/{PATIENT_REMINDERS}/channels/voice");
    assert_eq!(answer(&request("pinpoint.eu-west-1.amazonaws.com", "GET", &path, None, "")).status, 400);
}

#[test]
fn the_same_question_gets_the_same_request_id_and_another_question_another() {
    let id = |path: &str| header(&get(path), "x-amzn-requestid").unwrap().to_owned();
    assert_eq!(id("/v1/apps"), id("/v1/apps?page-size=5"));
    assert_ne!(id("/v1/apps"), id("/v1/templates"));
    let shape = regex::Regex::new("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$").unwrap();
    assert!(shape.is_match(&id("/v1/apps")));
}

#[test]
fn the_caller_is_a_role_session_of_the_account() {
    let sts = request("sts.us-east-1.amazonaws.com", "POST", "/", None, "Action=GetCallerIdentity&Version=2011-06-15");
    let response = answer(&sts);
    assert_eq!(header(&response, "content-type"), Some("text/xml"));
    assert!(response.body.contains(&format!("<Arn>{CALLER}</Arn>")));
    assert!(response.body.contains(&format!("<Account>{ACCOUNT}</Account>")));
    assert_eq!(Asked::read(&sts).service, Service::Sts);
}

#[test]
fn nothing_in_the_demo_belongs_to_anybody() {
    let telephone = regex::Regex::new(r"\+[0-9]{7,}").unwrap();
    let fictional = regex::Regex::new(r"^\+1[0-9]{3}55501[0-9]{2}$").unwrap();
    let account = regex::Regex::new(r"\b[0-9]{12}\b").unwrap();
    let domain = regex::Regex::new(r"[@/]((?:[a-z0-9-]+\.)+(?:org|com|net))\b").unwrap();
    let secret = regex::Regex::new(r#""Credential": "([^"]*)""#).unwrap();
    for (path, text) in documents::ALL.iter().copied().chain([("evidence.toml", CONFIG)]) {
        for number in telephone.find_iter(text) {
            assert!(fictional.is_match(number.as_str()), "{path}: {}", number.as_str());
        }
        for number in account.find_iter(text) {
            assert!([ACCOUNT, "444455556666"].contains(&number.as_str()), "{path}: {}", number.as_str());
        }
        for found in domain.captures_iter(text) {
            let name = &found[1];
            assert!(
                name.ends_with("example.org") || name.ends_with(".amazonaws.com") || name == "sts.amazonaws.com",
                "{path}: {name}"
            );
        }
        for found in secret.captures_iter(text) {
            assert!(found[1].starts_with("EXAMPLE-"), "{path}");
        }
    }
}

#[test]
fn what_the_declarations_name_exists_in_the_account() {
    let config: toml::Table = CONFIG.parse().unwrap();
    let everything: String = documents::ALL.iter().map(|(_, text)| *text).collect();
    let phi = config["phi"].as_table().unwrap();
    let mut named: Vec<&str> = strings(&phi["applications"]);
    named.extend(strings(&phi["email_identities"]));
    let field = |list: &'_ toml::Value, name: &str| -> Vec<String> {
        list.as_array().unwrap().iter().map(|entry| entry[name].as_str().unwrap().to_owned()).collect()
    };
    let mut owned = field(&phi["excluded"], "application");
    owned.extend(field(&phi["short_code"], "number"));
    owned.extend(field(&config["waiver"], "resource"));
    // A bucket stands in the account as the URL of an object.
    owned.extend(field(&phi["processor"], "target").iter().map(|target| target.replace("arn:aws:s3:::", "s3://")));
    named.extend(owned.iter().map(String::as_str));
    for name in named {
        assert!(everything.contains(name), "{name} is declared and does not exist");
    }
    assert_eq!(strings(&config["aws"]["regions"]), REGIONS);
}

fn strings(list: &toml::Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|entry| entry.as_str().unwrap()).collect()
}

#[test]
fn the_demo_collects_in_the_third_quarter_before_the_support_ends() {
    let now = chrono::DateTime::parse_from_rfc3339(NOW).unwrap();
    let end_of_support = chrono::DateTime::parse_from_rfc3339("2026-10-31T00:00:00Z").unwrap();
    let quarter = chrono::DateTime::parse_from_rfc3339("2026-07-01T00:00:00Z").unwrap();
    assert!(quarter < now && now < end_of_support);
}
